"""The zone of possible agreement over time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.plots.calendar import across, week_axis
from sim.plots.style import (
    BLUE,
    GREEN,
    VERMILLION,
    Array,
    axes_or_new,
    label_ends,
    note_above,
)
from sim.plots.weekly import recorded, running_row
from sim.results import Ensemble, Weekly

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LIMITS = ("x_min", "x_max")
WORDS = {"x_min": "least the\nopposition\naccepts", "x_max": "most the\ngovernment\ngrants"}
_LOOKS = {"x_min": (BLUE, "solid"), "x_max": (VERMILLION, "dashed")}


def median_limits(ensemble: Ensemble) -> tuple[Array, Array]:
    """Return the medians of x_min and x_max by week, shape (T,) each. Raises UsageError."""
    low, high = (recorded(ensemble, name).quantiles((0.5,))[:, 0] for name in LIMITS)
    return low, high


def open_shares(zone: Weekly) -> Array:
    """Return by week the share of running replicates whose zone is open, shape (T,)."""
    grid = np.linspace(zone.column.low, zone.column.high, zone.counts.shape[1])
    total = zone.counts.sum(axis=1)
    wide = zone.counts[:, grid > 0].sum(axis=1)
    shares: Array = np.divide(wide, total, out=np.full(len(total), np.nan), where=total > 0)
    return shares


def plot_zone(ensemble: Ensemble, ax: Axes | None = None) -> Axes:
    """Draw the least the opposition accepts and the most the government grants, by week.

    Lines are medians over replicates still running, bands their 25-75%. Hatched is the zone where
    the median of what is granted exceeds the median of what is accepted. Raises UsageError if
    x_min and x_max were not recorded. ax: where to draw; a new figure by default.
    """
    about = _about(*median_limits(ensemble))
    weeks, limits = across(np.column_stack(median_limits(ensemble)))
    low, high = limits.T
    with axes_or_new(ax) as axes:
        for name in LIMITS:
            colour, line = _LOOKS[name]
            fan = across(ensemble.weekly[name].quantiles((0.25, 0.5, 0.75)))[1]
            axes.fill_between(weeks, fan[:, 0], fan[:, 2], color=colour, alpha=0.18, linewidth=0)
            axes.plot(weeks, fan[:, 1], color=colour, linestyle=line, label=name)
        axes.fill_between(
            weeks,
            low,
            high,
            where=(high > low).tolist(),
            facecolor="none",
            edgecolor=GREEN,
            hatch="///",
        )
        week_axis(axes, ensemble, *_open_row(ensemble))
        axes.grid(axis="y")
        axes.set_ylabel("cost to the government,\nshare of the stake")
        note_above(axes, about)
        running = np.nonzero(~np.isnan(low))[0]
        if len(running):
            last = running[-1]
            x = float(weeks[last])
            axes.set_ylim(axes.get_ylim())
            ends = [(x, float(low[last])), (x, float(high[last]))]
            colours = [_LOOKS[name][0] for name in LIMITS]
            label_ends(axes, ends, [WORDS[name] for name in LIMITS], colours)
    return axes


def _open_row(ensemble: Ensemble) -> tuple[Callable[[int], str], str]:
    """Return what stands below a named week: how many zones are open, or how many run."""
    if "zone" not in ensemble.weekly:
        return running_row(ensemble, ensemble.weekly["x_min"])
    zone = ensemble.weekly["zone"]
    shares, total = open_shares(zone), zone.counts.sum(axis=1)

    def row(week: int) -> str:
        size = int(total[week - 1])
        return f"{100 * shares[week - 1]:.0f}% of {size:,}" if size else "of 0"

    return row, " (open zones, of replicates still running)"


def _about(low: Array, high: Array) -> str:
    weeks = int((high > low).sum())
    if not weeks:
        return "Median, 25-75%. No zone is open between the medians in any week."
    return f"Median, 25-75%. Hatched: zone open between the medians ({weeks} of {len(low)} weeks)."
