"""``parley compare``: alternatives beside a base, on the same luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.cli import options, terminal

if TYPE_CHECKING:
    from sim.analysis.paired import Difference
    from sim.experiments.comparison import Alternative, Comparison


@click.command("compare")
@click.argument("base")
@click.argument("alternatives", nargs=-1, metavar="[ALT]...")
@click.option(
    "--alt",
    "changed",
    metavar="NAME:PATH=VALUE,...",
    multiple=True,
    help="The base with parameters changed, under a name of its own; repeatable.",
)
@options.replicates(4000)
@options.seed
@options.workers
@options.settings
@options.as_json
@options.quiet
def command(
    base: str,
    alternatives: tuple[str, ...],
    changed: tuple[str, ...],
    replicates: int,
    seed: int,
    workers: int | None,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> None:
    """Compare BASE with scenarios ALT and with changed copies of itself, on the same luck."""
    from sim.scenario import load

    subject = load(base)
    if settings:
        subject = subject.alter(options.read_settings(settings), label="--set")
    others: dict[str, Any] = {}
    named = [options.split_alternative(text) for text in changed]
    for name in (*alternatives, *(name for name, _ in named)):
        if name in others:
            raise click.UsageError(f"there are two alternatives '{name}'")
        others[name] = None
    if not others:
        raise click.UsageError("name at least one alternative: a scenario, or --alt")
    for name in alternatives:
        others[name] = load(name)
    for name, texts in named:
        others[name] = subject.alter(options.read_settings(texts), label=f"--alt {name}")
    from sim.ensemble import default_workers
    from sim.experiments.comparison import compare

    with terminal.progress_bar("comparing", quiet) as progress:
        result = compare(
            subject, others, replicates, seed, workers or default_workers(replicates), progress
        )
    if as_json:
        terminal.print_json(result.as_dict())
    else:
        print_comparison(result)


def print_comparison(result: Comparison) -> None:
    """Print one table of paired differences per alternative."""
    for alternative in result.alternatives:
        _print_alternative(alternative)
    from sim.results import NOTE

    click.echo("Differences are in percentage points, on the same luck (paired 95% intervals).")
    click.echo(f"{NOTE[0].upper()}{NOTE[1:]}.")


def _print_alternative(alternative: Alternative) -> None:
    digits = terminal.decimals(alternative.base.replicates)
    groups = (
        alternative.agreement(),
        alternative.signed(),
        alternative.reneged_given_signed(),
        alternative.out_of_office(),
    )
    rows = [_row(d, d.name.replace("_", " "), digits) for d in alternative.outcomes()]
    rows += [_row(d, f"[{d.name.replace('_', ' ')}]", digits) for d in groups]
    title = (
        f"{alternative.name}, against {alternative.base.title}: "
        f"{alternative.base.replicates:,} replicates, seed {alternative.base.design['seed']}"
    )
    columns = ("outcome", "base", "alternative", "difference", "95%")
    terminal.print_table(title, columns, rows)


def _row(difference: Difference, name: str, digits: int) -> tuple[str, ...]:
    low = terminal.signed_percent(difference.low, digits)
    high = terminal.signed_percent(difference.high, digits)
    return (
        name,
        terminal.percent(difference.base, digits),
        terminal.percent(difference.alternative, digits),
        terminal.signed_percent(difference.difference, digits),
        f"{low} to {high}",
    )
