"""``parley run``: the outcome distribution of a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli import options, terminal

if TYPE_CHECKING:
    from sim.results import Ensemble


@click.command("run")
@click.argument("scenario")
@options.replicates(10_000)
@options.seed
@options.workers
@options.settings
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Folder for the result: tables, trajectories, figures, manifest.",
)
@click.option("--force", is_flag=True, help="Replace an earlier result in that folder.")
@options.as_json
@options.quiet
def command(
    scenario: str,
    replicates: int,
    seed: int,
    workers: int | None,
    settings: tuple[str, ...],
    output: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run SCENARIO (a file, or the name of a shipped one) and print its outcome distribution."""
    from sim.scenario import load

    subject = load(scenario)
    if settings:
        subject = subject.alter(options.read_settings(settings), label="--set")
    for warning in subject.warnings:
        terminal.remark(f"warning: {warning}", quiet)
    from sim.ensemble import default_workers, run
    from sim.storage import check_target

    if output is not None:
        check_target(output, force)
    with terminal.progress_bar(subject.title, quiet) as progress:
        ensemble = run(
            subject,
            replicates,
            seed,
            workers or default_workers(replicates),
            record=output is not None,
            progress=progress,
        )
    if output is not None:
        ensemble.save(output, force)
    if as_json:
        terminal.print_json(ensemble.summary())
    else:
        print_distribution(ensemble)
    if output is not None:
        terminal.remark(f"wrote {output}, with {output / 'outcome_shares.png'}", quiet)


def print_distribution(ensemble: Ensemble) -> None:
    """Print the eight shares with both kinds of uncertainty, and what they add up to."""
    from sim.analysis.shares import outcome_shares

    digits = terminal.decimals(ensemble.replicates)
    rows = [
        (
            row.name.replace("_", " "),
            terminal.percent(row.share, digits),
            terminal.interval(row.low, row.high, digits),
            terminal.interval(row.low_parameters, row.high_parameters, 0),
        )
        for row in outcome_shares(ensemble)
    ]
    summary = ensemble.summary()
    for name in ("agreement", "signed", "reneged_given_signed", "out_of_office"):
        part = {key: float("nan") if v is None else v for key, v in summary[name].items()}
        rows.append(
            (
                f"[{name.replace('_', ' ')}]",
                terminal.percent(part["share"], digits),
                terminal.interval(part["low"], part["high"], digits),
                "",
            )
        )
    title = (
        f"{ensemble.title}: {ensemble.replicates:,} replicates, {ensemble.weeks} weeks, "
        f"seed {ensemble.design['seed']}"
    )
    columns = ("outcome", "share", "95% (simulation error only)", "5-95% across parameters")
    terminal.print_table(title, columns, rows)
    click.echo(_variance_line(summary))
    click.echo(f"{summary['note'][0].upper()}{summary['note'][1:]}.")


def _variance_line(summary: dict[str, dict[str, dict[str, float | None]]]) -> str:
    part = summary["variance"]["parameters"]
    if part["share"] is None or part["low"] is None or part["high"] is None:
        return "Agreement does not vary over these replicates, so its spread cannot be split."
    return (
        f"Of the spread of agreement, {100 * part['share']:.0f}% is parameter ignorance "
        f"({100 * part['low']:.0f} to {100 * part['high']:.0f}) and the rest is chance."
    )
