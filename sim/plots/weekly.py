"""Recorded variables by week, over the replicates still running."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.intervals import wilson
from sim.errors import UsageError
from sim.plots.calendar import across, week_axis
from sim.plots.style import MIST, Array, axes_or_new, in_percent, label_ends, note_above
from sim.results import Column, Ensemble, Weekly

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Probabilities of a fan: the outer band, the inner band, the median in the middle.
FAN = (0.05, 0.25, 0.5, 0.75, 0.95)
#: Blue, paler outwards, so that the bands differ in grey as well.
OUTER, INNER, MIDDLE = "#D3E5F1", "#8CBFDD", "#004B76"

#: Letters of a line beside the y axis.
_BESIDE = 32


def recorded(ensemble: Ensemble, name: str) -> Weekly:
    """Return a recorded variable. Raises UsageError if the run did not record it."""
    if name not in ensemble.weekly:
        names = ", ".join(ensemble.weekly) or "nothing"
        raise UsageError(f"'{name}' was not recorded in this run; it recorded {names}")
    return ensemble.weekly[name]


def is_yes_or_no(weekly: Weekly) -> bool:
    """Whether a variable is 1 or 0 by its declaration, so that its share says it all."""
    return "(1)" in weekly.column.meaning and not weekly.counts[:, 1:-1].any()


def is_ever_defined(weekly: Weekly) -> bool:
    """Whether any replicate ever had a value."""
    return bool(weekly.counts.any())


def yes_shares(weekly: Weekly) -> tuple[Array, Array]:
    """Return the share at 1 by week, shape (T,), and its 95% interval, (T, 2); NaN if none run."""
    total, ones = weekly.counts.sum(axis=1), weekly.counts[:, -1]
    share = np.divide(ones, total, out=np.full(len(total), np.nan), where=total > 0)
    ends = [wilson(int(count), int(size)) for count, size in zip(ones, total, strict=True)]
    return share, np.array(ends)


def plot_fan(ensemble: Ensemble, name: str, ax: Axes | None = None) -> Axes:
    """Draw a recorded variable by week: its median, and the bands of 25-75% and 5-95%.

    All are over the replicates still running, whose number n stands below the dates.
    ax: where to draw; a new figure by default. Raises UsageError if it was not recorded.
    """
    weekly = recorded(ensemble, name)
    weeks, fan = across(weekly.quantiles(FAN))
    with axes_or_new(ax) as axes:
        axes.fill_between(weeks, fan[:, 0], fan[:, 4], color=OUTER, linewidth=0, label="5-95%")
        axes.fill_between(weeks, fan[:, 1], fan[:, 3], color=INNER, linewidth=0, label="25-75%")
        axes.plot(weeks, fan[:, 2], color=MIDDLE, label="median")
        week_axis(axes, ensemble, *running_row(ensemble, weekly))
        axes.grid(axis="y")
        axes.set_ylabel(_with_unit(weekly.column))
        if not is_ever_defined(weekly):
            note_above(axes, "no replicate ever has a value")
            return axes
        _room_if_flat(axes, fan, weekly.column)
        _label_fan(axes, weeks, fan, "all alike" if ensemble.replicates > 1 else "one replicate")
    return axes


def plot_share_by_week(ensemble: Ensemble, name: str, ax: Axes | None = None) -> Axes:
    """Draw by week the share of running replicates in which a yes-or-no variable is 1.

    The band is its 95% interval (simulation error only). ax: where to draw; a new figure by
    default. Raises UsageError if the variable was not recorded or takes other values.
    """
    weekly = recorded(ensemble, name)
    if not is_yes_or_no(weekly):
        raise UsageError(f"'{name}' is not a yes-or-no variable; plot_fan shows it")
    share, ends = yes_shares(weekly)
    weeks, band = across(np.column_stack((share, ends)))
    with axes_or_new(ax) as axes:
        axes.fill_between(weeks, band[:, 1], band[:, 2], color=OUTER, linewidth=0)
        axes.plot(weeks, band[:, 0], color=MIDDLE)
        week_axis(axes, ensemble, *running_row(ensemble, weekly))
        axes.set_ylim(bottom=0.0)
        axes.grid(axis="y")
        in_percent(axes.yaxis)
        statement = weekly.column.meaning.split(" (1)")[0]
        axes.set_ylabel(textwrap.fill(f"share of running replicates: {statement}", _BESIDE))
        note_above(axes, "band: 95% interval, simulation error only")
    return axes


def running_row(ensemble: Ensemble, weekly: Weekly) -> tuple[Callable[[int], str], str]:
    """Return what stands below a named week, its number of replicates, and its explanation."""
    total = weekly.counts.sum(axis=1)
    ended = np.bincount(ensemble.table["week"], minlength=ensemble.weeks + 1)
    running = ensemble.replicates - ended.cumsum()[: ensemble.weeks]
    whose = "still running" if np.array_equal(total, running) else "that have a value"
    return (lambda week: f"n = {total[week - 1]:,}"), f" (n: replicates {whose})"


def _with_unit(column: Column) -> str:
    """Return meaning and unit in lines that fit beside the axes; the unit is never broken."""
    if column.meaning.startswith(column.unit):
        return textwrap.fill(column.meaning, _BESIDE)
    lines = textwrap.wrap(f"{column.meaning},", _BESIDE)
    fits = len(lines[-1]) + 1 + len(column.unit) <= _BESIDE
    return "\n".join(lines) + (" " if fits else "\n") + column.unit


def _room_if_flat(ax: Axes, fan: Array, column: Column) -> None:
    """Keep a variable that never moves from being shown on an axis of rounding errors."""
    low, high = float(np.nanmin(fan)), float(np.nanmax(fan))
    least = 0.02 * min(column.high - column.low, 50.0)
    if high - low < least:
        ax.set_ylim((low + high - least) / 2, (low + high + least) / 2)


def _label_fan(ax: Axes, weeks: Array, fan: Array, alone: str) -> None:
    """Name median and bands where they end; ``alone`` is the name if they are one line."""
    held = np.nonzero(~np.isnan(fan[:, 2]))[0]
    last, x = held[-1], float(weeks[held[-1]])
    _, _, middle, upper, top = (float(value) for value in fan[last])
    if np.array_equal(fan[held, 0], fan[held, 4]):
        label_ends(ax, [(x, middle)], [alone], [MIDDLE])
        return
    ends = [(x, y) for y in (middle, (middle + upper) / 2, (upper + top) / 2)]
    label_ends(ax, ends, ["median", "25 to 75%", "5 to 95%"], [MIDDLE, MIST, MIST])
