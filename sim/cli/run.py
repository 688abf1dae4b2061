"""``parley run``: the outcome distribution of a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli import options, terminal

_GROUPS = ("agreement", "signed", "reneged_given_signed", "out_of_office")


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
    subject = options.load_scenario(scenario, settings)
    terminal.warn(subject, quiet)
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
    summary = ensemble.summary()
    if as_json:
        terminal.print_json(summary)
    else:
        print_distribution(summary)
    if output is not None:
        figure = output / "outcome_shares.png"
        terminal.remark(f"wrote {output}" + f", with {figure}" * figure.is_file(), quiet)


def print_distribution(summary: dict[str, Any]) -> None:
    """Print the eight shares with both kinds of uncertainty, and what they add up to."""
    shares = [(row["outcome"], row) for row in summary["outcomes"]]
    rows = [_row(name, row, summary["replicates"]) for name, row in shares]
    rows += [_row(name, summary[name], summary["replicates"]) for name in _GROUPS]
    click.echo(
        f"{summary['title']}: {summary['replicates']:,} replicates, {summary['weeks']} weeks, "
        f"seed {summary['seed']}\n"
    )
    titles = ("outcome", "share", "95% interval", "5-95% over parameters")
    terminal.print_table(titles, rows, breaks=(len(shares) - 1,))
    click.echo()
    terminal.print_text(
        "95% interval: simulation error only. 5-95% over parameters: the share across draws of "
        "the uncertain parameters."
    )
    if any(row[-1].startswith("within") for row in rows):
        terminal.print_text("within: that range is too narrow to measure; the widest it can be.")
    terminal.print_text(_deals_line(summary))
    terminal.print_text(_variance_line(summary))
    terminal.print_text(f"{summary['note'][0].upper()}{summary['note'][1:]}.")


def _row(name: str, share: dict[str, Any], replicates: int) -> tuple[str, ...]:
    digits = terminal.decimals(replicates)
    return (
        name.replace("_", " "),
        terminal.percent(share["share"], digits),
        terminal.interval(share["low"], share["high"], digits),
        _across_parameters(share),
    )


def _across_parameters(share: dict[str, Any]) -> str:
    """Return the range over parameters, or the range that it lies within if too narrow to tell."""
    low, high = share["low_parameters"], share["high_parameters"]
    text = terminal.interval(low, high, 0)
    if low is None or not share["parameters_measured"]:
        return text if low is None else f"within {text}"
    return terminal.interval(low, high, 1) if f"{100 * low:.0f}" == f"{100 * high:.0f}" else text


def _deals_line(summary: dict[str, Any]) -> str:
    digits = terminal.decimals(summary["replicates"])
    signed = [
        f"{week}: {terminal.percent(share, digits)}"
        for week, share in summary["first_deal_by_week"].items()
        if int(week) <= summary["weeks"]
    ]
    return f"A first deal is signed by week {', '.join(signed)}." if signed else ""


def _variance_line(summary: dict[str, Any]) -> str:
    part = summary["variance"]["parameters"]
    if part["share"] is None:
        return "Agreement does not vary over these replicates, so its spread cannot be split."
    return (
        f"Of the spread of agreement, {100 * part['share']:.0f}% is parameter ignorance "
        f"({100 * part['low']:.0f} to {100 * part['high']:.0f}) and the rest is chance."
    )
