"""The axis of weeks: which weeks are named, and the day that each of them starts on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sim.results import Ensemble

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_STEPS = (1, 2, 4, 8, 13, 26, 52, 104, 208, 520, 1040)
#: Inches that a named week takes, before a layout engine makes room for labels beside the axes.
_ROOM = 1.25
_LONG_ROOM = 1.6


def day_of(ensemble: Ensemble, week: int) -> date:
    """Return the first day of a week, 1 .. T."""
    return date.fromisoformat(str(ensemble.design["start"])) + timedelta(weeks=week - 1)


def named_weeks(weeks: int, most: int) -> list[int]:
    """Return the weeks to name, the first and the last among them, about evenly spaced."""
    step = next((step for step in _STEPS if weeks / step <= max(most - 1, 1)), _STEPS[-1])
    near = 0.6 * step
    between = [
        week for week in range(step, weeks, step) if week - 1 >= near and weeks - week >= near
    ]
    return sorted({1, *between, weeks})


def week_axis(
    ax: Axes,
    ensemble: Ensemble,
    row: Callable[[int], str] | None = None,
    about: str = "",
    last: float | None = None,
) -> None:
    """Make the x axis one of weeks 1 .. T, named by number and date.

    row: what stands below the date of a named week. about: is added to the label of the axis.
    last: where the last week is named if not at T.
    """
    weeks = ensemble.weeks
    width = float(ax.bbox.width) / ax.figure.dpi
    by_month = weeks > 26
    shown = named_weeks(weeks, 1 + int(width / (_ROOM if by_month else _LONG_ROOM)))
    labels = []
    for week in shown:
        day = day_of(ensemble, week)
        when = f"{_MONTHS[day.month - 1]} {day.year}"
        lines = [str(week), when if by_month else f"{day.day} {when}"]
        labels.append("\n".join([*lines, row(week)] if row else lines))
    places = [float(week) for week in shown]
    if last is not None:
        places[-1] = last
    ax.set_xticks(places, labels)
    margin = 0.0 if weeks > 1 else 0.5
    ax.set_xlim(1 - margin, weeks + margin)
    ax.set_xlabel(f"week and date{about}")
