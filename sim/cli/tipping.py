"""``parley tipping``: where the most likely outcome changes, and what is most fragile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from sim.cli import options, terminal

if TYPE_CHECKING:
    from sim.experiments.pivotal import Pivot
    from sim.experiments.tipping import Tipping

#: So many rows are printed; --json has all.
_SHOWN = 12


@click.command("tipping")
@click.argument("scenario")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--states", is_flag=True, help="The states whose change of sides moves others most.")
@options.replicates(1000)
@options.seed
@options.settings
@options.as_json
@options.quiet
def command(
    scenario: str,
    paths: tuple[str, ...],
    states: bool,
    replicates: int,
    seed: int,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> None:
    """Find where the most likely outcome of SCENARIO changes along parameters.

    Without PATH every parameter with a documented range is tried: the list then begins with the
    smallest single change that makes another outcome the most likely one.
    """
    subject = options.load_scenario(scenario, settings)
    terminal.warn(subject, quiet)
    if states and paths:
        raise click.UsageError("--states looks at states, PATH at parameters; ask for one of them")
    from sim.experiments.pivotal import Pivot, pivotal_states
    from sim.experiments.tipping import Tipping, tipping_points
    from sim.results import NOTE

    with terminal.progress_bar("looking", quiet) as progress:
        rows: Sequence[Pivot | Tipping]
        if states:
            rows = pivotal_states(subject, replicates, seed, progress)
        else:
            rows = tipping_points(subject, paths or None, replicates, seed, progress)
    if as_json:
        head = {"scenario": subject.name, "replicates": replicates, "seed": seed, "note": NOTE}
        terminal.print_json({"results": [asdict(row) for row in rows], **head})
        return
    click.echo(f"{subject.title}: {replicates:,} replicates, seed {seed}\n")
    if states:
        _print_states([row for row in rows if isinstance(row, Pivot)])
    else:
        _print_tipping([row for row in rows if isinstance(row, Tipping)])
    terminal.print_text(f"{NOTE[0].upper()}{NOTE[1:]}.")


def _print_tipping(rows: list[Tipping]) -> None:
    tips = [row for row in rows if row.value is not None]
    table = [
        (
            row.path,
            f"{row.start:.3g}",
            f"{row.value:.3g}",
            f"{100 * (row.distance or 0.0):.0f}%",
            row.after.replace("_", " "),
            f"{100 * row.shares[1]:.0f}% to {100 * row.shares[0]:.0f}%",
        )
        for row in tips[:_SHOWN]
    ]
    if table:
        titles = ("parameter", "now", "tips at", "of range", "then most likely", "shares there")
        terminal.print_table(titles, table, left=(0, 4))
        click.echo()
    before = rows[0].before.replace("_", " ") if rows else "-"
    paths = len({row.path for row in rows})
    terminal.print_text(
        f"Most likely now: {before}. Of {paths} parameters {len({row.path for row in tips})} can "
        "change that alone within their documented ranges. A parameter is set in every replicate, "
        "from its present value (of a distribution: the median); of range: the change in units of "
        "the documented range. The place is that of these replicates: near it both are as likely."
    )


def _print_states(rows: list[Pivot]) -> None:
    table = [
        (
            row.name,
            row.bloc,
            "joins" if row.joins else "leaves",
            f"{row.shift:+.2f}",
            f"{row.low:+.2f} to {row.high:+.2f}",
        )
        for row in rows[:_SHOWN]
    ]
    terminal.print_table(
        ("state", "bloc", "change", "others", "95% interval"), table, left=(0, 1, 2)
    )
    click.echo()
    terminal.print_text(
        "Others: by how many other states recognition of the opposition differs at the end if that "
        "state changes sides at the start. Paired on the same luck; simulation error only."
    )
