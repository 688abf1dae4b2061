"""``parley score``: a class's predictions against an outcome distribution."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli import options, terminal

if TYPE_CHECKING:
    from sim.analysis.predictions import Score


@click.command("score")
@click.argument("predictions", type=click.Path(path_type=Path))
@click.argument("scenario")
@options.replicates(10_000)
@options.seed
@options.settings
@options.as_json
@options.quiet
def command(
    predictions: Path,
    scenario: str,
    replicates: int,
    seed: int,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> None:
    """Score PREDICTIONS (a CSV file, one row a person) against the distribution of SCENARIO."""
    from sim.analysis.predictions import Prediction, read_predictions, score

    found = read_predictions(predictions)
    subject = options.load_scenario(scenario, settings)
    terminal.warn(subject, quiet)
    import numpy as np

    from sim.ensemble import default_workers, run
    from sim.outcomes import OUTCOMES
    from sim.results import NOTE

    with terminal.progress_bar(subject.title, quiet) as progress:
        workers = default_workers(replicates)
        ensemble = run(
            subject, replicates, seed, workers, record=False, twins=False, progress=progress
        )
    shares = np.bincount(ensemble.outcome, minlength=len(OUTCOMES)) / ensemble.replicates
    even = Prediction("(every outcome alike)", np.full(len(OUTCOMES), 1 / len(OUTCOMES)))
    best = Prediction("(the distribution itself)", shares)
    rows = score([*found, even, best], shares)
    if as_json:
        terminal.print_json({"results": [asdict(row) for row in rows], "note": NOTE})
    else:
        click.echo(f"{subject.title}: {replicates:,} replicates, seed {seed}\n")
        _print_scores(rows, replicates)
        terminal.print_text(f"{NOTE[0].upper()}{NOTE[1:]}.")


def _print_scores(rows: list[Score], replicates: int) -> None:
    titles = ("name", "score", "furthest off at", "predicted", "share")
    digits = terminal.decimals(replicates)
    cells = [
        (
            row.name,
            f"{row.brier:.3f}",
            row.worst_outcome.replace("_", " ") if row.predicted != row.share else "-",
            terminal.percent(row.predicted, digits),
            terminal.percent(row.share, digits),
        )
        for row in rows
    ]
    terminal.print_table(titles, cells)
    click.echo()
    terminal.print_text(
        "Score: expected Brier score over the distribution, 0 is best and 2 is worst. It rewards "
        "knowing the model, not knowing the world."
    )
