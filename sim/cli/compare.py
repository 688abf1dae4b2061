"""``parley compare``: alternatives beside a base, on the same luck."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from sim.cli import options, terminal
from sim.errors import printable

if TYPE_CHECKING:
    from sim.experiments.comparison import Alternative, Comparison

#: So many of the most frequent moves between outcomes are named.
_MOVES = 4
#: Of so many of them it is said what sets them apart.
_REASONS = 2


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
@click.option(
    "--figure",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.png",
    help="Draw differences and moves into a file.",
)
@options.folder("Folder for tables, document, figure and manifest.")
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
    figure: Path | None,
    output: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Compare BASE with scenarios ALT and with changed copies of itself, on the same luck."""
    named = [options.split_alternative(text) for text in changed]
    _check_names([*alternatives, *(name for name, _ in named)])
    subject = options.load_scenario(base, settings)
    others = {printable(name): options.load_scenario(name, ()) for name in alternatives}
    for name, texts in named:
        others[printable(name)] = subject.alter(options.read_settings(texts), label=f"--alt {name}")
    for scenario in (subject, *others.values()):
        terminal.warn(scenario, quiet)
    from sim.ensemble import default_workers
    from sim.experiments.comparison import compare
    from sim.folders import check_target

    if output is not None:
        check_target(output, force)
    if figure is not None and figure.exists() and not force:
        raise click.UsageError(f"{figure} exists already; use --force to replace it")
    with terminal.progress_bar("comparing", quiet) as progress:
        result = compare(
            subject, others, replicates, seed, workers or default_workers(replicates), progress
        )
    with terminal.told_if_interrupted(output, figure):
        _write(result, output, figure, force)
        if as_json:
            terminal.print_json(result.as_dict())
        else:
            print_comparison(result)
    for written in (output, figure):
        if written is not None:
            terminal.remark(f"wrote {written}", quiet)


def _write(result: Comparison, output: Path | None, figure: Path | None, force: bool) -> None:
    if output is not None:
        result.save(output, force)
    if figure is not None:
        result.save_figure(figure)


def _check_names(names: list[str]) -> None:
    if not names:
        raise click.UsageError("name at least one alternative: a scenario, or --alt")
    for name in names:
        if names.count(name) > 1:
            raise click.UsageError(f"there are two alternatives '{name}'")


def print_comparison(result: Comparison) -> None:
    """Print one table of paired differences per alternative."""
    for alternative in result.alternatives:
        _print_alternative(alternative)
    from sim.results import NOTE

    terminal.print_text(
        "Changes and their 95% intervals are in percentage points, paired on the same luck; "
        "simulation error only."
    )
    terminal.print_text(f"{NOTE[0].upper()}{NOTE[1:]}.")


def _print_alternative(alternative: Alternative) -> None:
    base, outcomes = alternative.base, alternative.outcomes()
    groups = (
        alternative.agreement(),
        alternative.signed(),
        alternative.reneged_given_signed(),
        alternative.out_of_office(),
    )
    rows = [(row.name.replace("_", " "), row) for row in (*outcomes, *groups)]
    terminal.print_differences("outcome", rows, alternative.name, base, after=len(outcomes) - 1)
    _print_sublabels(alternative)
    terminal.print_text(_moves(alternative))
    _print_reasons(alternative)
    terminal.print_text(_narrowing(alternative))
    click.echo()


def _print_reasons(alternative: Alternative) -> None:
    """Say of the most frequent moves what sets them apart, with a replicate to look at."""
    from sim.analysis.moves import kinds

    for kind in kinds(alternative.base, alternative.ensemble)[:_REASONS]:
        (reason, count), one = kind.reasons[0], kind.examples[0]
        text = (
            f"{kind.before} to {kind.after}: in {count:,} of {kind.count:,} {reason}; for instance "
            f"replicate {one.replicate}, week {one.week_before} before, {one.week_after} now."
        )
        terminal.print_text(text.replace("_", " "), indent="  ")


def _print_sublabels(alternative: Alternative) -> None:
    """Say how the parts of the outcomes that can come about in two ways change."""
    from sim.outcomes import PART_OF

    fine = terminal.paired_decimals(alternative.base.replicates)
    signed = partial(terminal.signed_percent, digits=fine)
    terminal.print_parts(
        (
            PART_OF[row.name],
            f"{row.name} {signed(row.difference)} ({signed(row.low)} to {signed(row.high)})",
        )
        for row in alternative.sublabels()
        if row.base or row.alternative
    )


def _narrowing(alternative: Alternative) -> str:
    """Say by how much pairing narrows the intervals of the shares."""
    factors = alternative.narrowing()
    least, most = min(factors.values()), max(factors.values())
    middle = float(np.median(list(factors.values())))
    return (
        f"Pairing makes these intervals {middle:.1f} times narrower than two independent samples "
        f"would (median of the shares; {least:.1f} to {most:.1f}, agreement "
        f"{factors['agreement']:.1f})."
        if "agreement" in factors
        else f"Pairing makes these intervals {middle:.1f} times narrower than two independent "
        f"samples would (median of the shares; {least:.1f} to {most:.1f})."
    )


def _moves(alternative: Alternative) -> str:
    """Say how many replicates end differently, and between which outcomes most of them moved."""
    from sim.analysis.paired import transitions
    from sim.outcomes import OUTCOMES

    counts = transitions(alternative.base, alternative.ensemble)
    np.fill_diagonal(counts, 0)
    moved = int(counts.sum())
    if not moved:
        return "Every replicate ends as in the base."
    order = np.argsort(-counts, axis=None, kind="stable")[:_MOVES]
    places = [(int(cell) // len(OUTCOMES), int(cell) % len(OUTCOMES)) for cell in order]
    told = [
        f"{counts[a, b]:,} from {OUTCOMES[a]} to {OUTCOMES[b]}".replace("_", " ")
        for a, b in places
        if counts[a, b]
    ]
    most = "mostly " if len(told) < np.count_nonzero(counts) else ""
    return f"{moved:,} replicates end differently: {most}{', '.join(told)}."
