"""A sweep as tidy tables: one row per point and outcome, one per point and mean, rows sorted."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.analysis.intervals import Z95, wilson
from sim.outcomes import OUTCOMES
from sim.sweeps import SQUARED, Sweep, as_stored

#: Shares that are told of every point, besides those of the eight outcomes.
GROUPS = ("agreement", "signed", "reneged_given_signed", "out_of_office")

Row = list[Any]


def share_rows(sweep: Sweep) -> Iterator[Row]:
    """Yield the table of shares with 95% Wilson intervals (simulation error only), titles first.

    Rows are sorted by point, outcomes in their order; what is undefined is empty.
    """
    paths = list(sweep.points)
    yield ["point", *paths, "outcome", "count", "total", "share", "low", "high"]
    names = (*OUTCOMES, *GROUPS)
    counts = {name: sweep.count(_counted(name)) for name in names}
    signed = sweep.count("signed")
    for point, place in enumerate(_places(sweep)):
        for name in names:
            of = signed if name == "reneged_given_signed" else sweep.replicates
            count, total = int(counts[name][point]), int(of[point])
            low, high = wilson(count, total)
            share = count / total if total else math.nan
            yield [point, *place, name, count, total, *map(_shown, (share, low, high))]


def mean_rows(sweep: Sweep) -> Iterator[Row]:
    """Yield the table of means with 95% intervals (simulation error only), titles first."""
    yield ["point", *sweep.points, "variable", "replicates", "mean", "low", "high"]
    means = {name: (sweep.mean(name), Z95 * sweep.error(name)) for name in SQUARED}
    for point, place in enumerate(_places(sweep)):
        for name, (mean, half) in means.items():
            ends = mean[point], mean[point] - half[point], mean[point] + half[point]
            yield [point, *place, name, int(sweep.replicates[point]), *map(_shown, ends)]


def _counted(name: str) -> str:
    return "reneged" if name == "reneged_given_signed" else name


def _places(sweep: Sweep) -> Iterator[tuple[Any, ...]]:
    columns = [[as_stored(value) for value in values] for values in sweep.points.values()]
    yield from zip(*columns, strict=True)


def _shown(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}"


def write_tables(sweep: Sweep, folder: Path) -> list[Path]:
    """Write ``shares.csv`` and ``means.csv`` into a folder that is there; return their paths."""
    written = []
    for name, rows in (("shares.csv", share_rows(sweep)), ("means.csv", mean_rows(sweep))):
        path = folder / name
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)
        written.append(path)
    return written
