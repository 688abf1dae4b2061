"""``parley replay``: one replicate in plain language."""

from __future__ import annotations

import click

from sim.cli import options, terminal


@click.command("replay")
@click.argument("scenario")
@click.option(
    "--replicate",
    type=click.IntRange(min=0),
    required=True,
    help="Index of the replicate, as in `outcomes.csv`.",
)
@options.seed
@options.settings
@options.as_json
@options.quiet
def command(
    scenario: str,
    replicate: int,
    seed: int,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> None:
    """Tell one replicate of SCENARIO: what changed, who decided, which quantity made them."""
    subject = options.load_scenario(scenario, settings)
    terminal.warn(subject, quiet)
    from sim.experiments.cable import lines, sentence
    from sim.experiments.replay import replay
    from sim.results import NOTE

    told = replay(subject, replicate, seed)
    if as_json:
        results = [
            {
                "week": one.week,
                "date": one.day.isoformat(),
                "kind": one.kind,
                "text": sentence(one),
                "facts": one.facts,
            }
            for one in told.happenings
        ]
        head = {"scenario": subject.name, "replicate": replicate, "seed": seed}
        terminal.print_json({**head, "row": told.row, "results": results, "note": NOTE})
        return
    terminal.print_text(
        f"{subject.title}: replicate {replicate}, seed {seed}; a date is the first day of its week"
    )
    click.echo()
    for day, text in lines(told):
        terminal.print_entry(f"{day}: ", text)
    click.echo()
    terminal.print_text(
        "One replicate is one draw of parameters and luck, not what is likely. "
        f"{NOTE[0].upper()}{NOTE[1:]}."
    )
