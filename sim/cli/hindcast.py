"""``parley hindcast``: the base scenario beside base rates, forecasts and what happened in 2019."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from sim.cli import options, terminal

if TYPE_CHECKING:
    from sim.experiments.hindcast import Hindcast


@click.command("hindcast")
@click.argument("scenario", default="oslo_2019")
@options.replicates(4000)
@options.seed
@options.as_json
@options.quiet
def command(scenario: str, replicates: int, seed: int, as_json: bool, quiet: bool) -> None:
    """Run SCENARIO (oslo_2019) to the end of 2019 and score it against what happened."""
    from sim.experiments.hindcast import hindcast
    from sim.scenario import load

    loaded = load(scenario)
    terminal.warn(loaded, quiet)
    with terminal.progress_bar("hindcast", quiet) as progress:
        found = hindcast(loaded, replicates, seed, progress)
    if as_json:
        terminal.print_json(found.as_dict())
    else:
        print_hindcast(found)


def print_hindcast(found: Hindcast) -> None:
    """Print claims with their scores, forecasts, series, and where the base rate is better."""
    data = found.as_dict()
    click.echo(
        f"{data['title']}: by {data['by']}, {data['replicates']:,} replicates, seed {data['seed']}"
    )
    click.echo()
    claims = [row for row in found.results if row["brier"] is not None]
    terminal.print_table(
        ("claim", "model", "95% interval", "base rate", "observed", "Brier", "of base", "log"),
        [_claim(row, data["replicates"]) for row in claims],
    )
    click.echo()
    model, base = found.mean_brier()
    click.echo(
        f"mean Brier score where there is a base rate: model {model:.4f}, base rate {base:.4f}"
    )
    click.echo(data["caveat"])
    worse = "; ".join(found.worse) or "in none of these"
    terminal.print_text(f"The model is worse than the base rate alone: {worse}.")
    click.echo()
    _print_forecasts(claims)
    _print_count(next(row for row in found.results if row["brier"] is None))
    click.echo()
    _print_series(found)
    worse = "; ".join(found.worse_series) or "in none of these"
    terminal.print_text(f"The model is worse than no change at all: {worse}.")
    click.echo()
    click.echo(data["note"])


def _claim(row: dict[str, Any], replicates: int) -> tuple[str, ...]:
    digits = terminal.decimals(replicates)
    base, base_brier = row["base_rate"], row["base_brier"]
    return (
        row["claim"],
        terminal.percent(row["model"], digits),
        terminal.interval(row["low"], row["high"], digits),
        terminal.percent(base, 1),
        "yes" if row["observed"] else "no",
        f"{row['brier']:.4f}",
        "-" if base_brier is None else f"{base_brier:.4f}",
        f"{row['log']:.3f}",
    )


def _print_forecasts(claims: list[dict[str, Any]]) -> None:
    for row in claims:
        if row["forecasts"]:
            told = ", ".join(
                f"{100 * one['probability']:.0f}% ({one['id']}, {one['made']})"
                for one in row["forecasts"]
            )
            terminal.print_text(f"Forecasts made in 2019, {row['claim']}: {told}.")


def _print_count(row: dict[str, Any]) -> None:
    terminal.print_text(
        f"{row['claim'].capitalize()}: median {row['model']:+.0f}, 90% band {row['low']:+.0f} to "
        f"{row['high']:+.0f}; observed {row['observed']:+.0f} ({row['evidence']}). CRPS "
        f"{row['crps']:.2f}, of no change {row['base_crps']:.2f}."
    )


def _print_series(found: Hindcast) -> None:
    """Print one line per series: how many months lie in the band, and first and last month."""
    rows = []
    for name, months in groupby(found.series, key=lambda row: str(row["series"])):
        every = list(months)
        last = every[-1]
        inside = sum(row["inside"] for row in every)
        loss = sum(row["crps"] for row in every) / len(every)
        rows.append(
            (
                f"{name}, {last['unit']}",
                f"{inside} of {len(every)}",
                f"{last['low']:,.0f} to {last['high']:,.0f}",
                f"{last['observed']:,.0f}",
                f"{loss:,.3g}",
                f"{sum(row['unchanged_error'] for row in every) / len(every):,.3g}",
            )
        )
    terminal.print_table(
        (
            "June to December 2019",
            "in 90% band",
            "band, December",
            "observed",
            "mean CRPS",
            "of no change",
        ),
        rows,
    )
