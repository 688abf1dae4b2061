"""The account of why there is no deal, as tidy tables in CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np

from sim.analysis import why
from sim.reasons import OBSTACLES
from sim.results import Ensemble


def tables(ensemble: Ensemble) -> dict[str, str]:
    """Return the tables ``reasons``, ``by_week`` and ``levers`` as text. Raises UsageError."""
    shares = [("reason", row) for row in why.reason_shares(ensemble)]
    shares += [("nearness", row) for row in why.nearness(ensemble)]
    return {
        "reasons": as_csv(
            ("table", "name", "count", "share", "low", "high"),
            ((kind, r.name, r.count, r.share, r.low, r.high) for kind, r in shares),
        ),
        "by_week": as_csv(*_by_week(ensemble)),
        "levers": as_csv(
            ("lever", "mean", "q05", "q95"),
            ((r.name, r.mean, r.low, r.high) for r in why.levers(ensemble)),
        ),
    }


def _by_week(ensemble: Ensemble) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
    weeks = why.by_week(ensemble)
    start = date.fromisoformat(str(ensemble.design["start"]))
    columns = ("week", "date", *(f"median {name}" for name in weeks.medians), *OBSTACLES, "deal")
    rows = [
        (
            week + 1,
            (start + timedelta(weeks=week)).isoformat(),
            *(float(values[week]) for values in weeks.medians.values()),
            *weeks.counts[week].tolist(),
            int(weeks.deals[week]),
        )
        for week in range(ensemble.weeks)
    ]
    return columns, rows


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV text: six digits of a number, nothing where it is undefined."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return stream.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else f"{value:.6g}"
    return value
