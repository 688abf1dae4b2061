"""A study of drivers as tidy tables in CSV."""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis.discovery import Box
from sim.analysis.drivers import Driver
from sim.analysis.study import Study, curve, heat
from sim.analysis.why_tables import as_csv


def tables(study: Study, drivers: Sequence[Driver], boxes: Sequence[Box]) -> dict[str, str]:
    """Return the tables ``drivers``, ``curves``, ``boxes`` and ``heat_map`` as text.

    The heat map is of the two strongest drivers, and missing if there is one alone.
    """
    found = {
        "drivers": as_csv(
            ("driver", "index", "low", "high", "total", "total_low", "total_high"),
            ((d.name, d.index, d.low, d.high, d.total, d.total_low, d.total_high) for d in drivers),
        ),
        "curves": as_csv(
            ("driver", "group", "centre", "points", "mean", "low", "high"),
            (
                (d.name, m.label, m.centre, m.points, m.mean, m.low, m.high)
                for d in drivers
                for m in curve(study, d.name)
            ),
        ),
        "boxes": as_csv(
            ("box", "driver", "low", "high", "chance", "coverage", "density", "support"),
            (
                (k, name, *ends, box.chance[name], box.coverage, box.density, box.support)
                for k, box in enumerate(boxes, start=1)
                for name, ends in box.limits.items()
            ),
        ),
    }
    if len(drivers) > 1:
        found["heat_map"] = _heat_map(study, drivers[0].name, drivers[1].name)
    return found


def _heat_map(study: Study, first: str, second: str) -> str:
    mean, number, cuts = heat(study, first, second)
    return as_csv(
        (first, second, "points", "mean"),
        (
            (
                cuts[0].labels[column],
                cuts[1].labels[row],
                int(number[row, column]),
                mean[row, column],
            )
            for row in range(cuts[1].size)
            for column in range(cuts[0].size)
        ),
    )
