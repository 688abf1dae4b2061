"""The axis of weeks: which weeks are named, and the day that each of them starts on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from sim.plots.style import SMALL, Array
from sim.results import Ensemble

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_STEPS = (1, 2, 4, 8, 13, 26, 52, 104, 208, 520, 1040)
#: Inches of a letter, on average and rather too much, and between two named weeks.
_LETTER, _GAP = 0.6 * SMALL / 72, 0.12


def day_of(ensemble: Ensemble, week: int) -> date:
    """Return the first day of a week, 1 .. T."""
    return date.fromisoformat(str(ensemble.design["start"])) + timedelta(weeks=week - 1)


def named_weeks(weeks: int, most: int) -> list[int]:
    """Return the weeks to name, the first and the last of them too, ``most`` spaces apart."""
    step = next((step for step in _STEPS if weeks / step <= most), weeks)
    near = 0.75 * step
    between = range(step, weeks, step)
    return sorted({1, *(w for w in between if w - 1 >= near and weeks - w >= near), weeks})


def across(values: Array) -> tuple[Array, Array]:
    """Return the weeks 1 .. T and the values by week; a single week is widened to be seen."""
    if len(values) == 1:
        return np.array([0.8, 1.2]), np.repeat(values, 2, axis=0)
    return np.arange(1.0, len(values) + 1), values


def week_axis(
    ax: Axes,
    ensemble: Ensemble,
    row: Callable[[int], str] | None = None,
    about: str = "",
    last: float | None = None,
    beside: float = 0.6,
) -> None:
    """Make the x axis one of weeks 1 .. T, named by number and date.

    row: what stands below the date of a named week. about: is added to the label of the axis.
    last: where the last week is named if not at T. beside: inches that a layout engine will take
    from the width for labels.
    """
    weeks = ensemble.weeks

    def named(week: int) -> str:
        day = day_of(ensemble, week)
        when = f"{_MONTHS[day.month - 1]} {day.year}"
        lines = [str(week), when if weeks > 26 else f"{day.day} {when}"]
        return "\n".join([*lines, row(week)] if row else lines)

    longest = max(len(line) for week in (1, weeks) for line in named(week).split("\n"))
    room = max(float(ax.bbox.width) / ax.figure.dpi - beside, 1.0)
    shown = named_weeks(weeks, max(int(room / (_LETTER * longest + _GAP)), 1))
    places = [float(week) for week in shown]
    if last is not None:
        places[-1] = last
    ax.set_xticks(places, [named(week) for week in shown])
    margin = 0.0 if weeks > 1 else 0.5
    ax.set_xlim(1 - margin, weeks + margin)
    ax.set_xlabel(f"week and date{about}")
