"""Why there is no deal: the reasons, the obstacles by week, and what each lever adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis import why
from sim.plots.calendar import across, week_axis
from sim.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    INK,
    MIST,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILLION,
    axes_or_new,
    in_percent,
    label_ends,
    note_above,
    percent,
    readable,
)
from sim.reasons import OBSTACLES, REASONS, worded
from sim.results import Ensemble

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: One colour per obstacle and per reason; those of the same name share it.
_COLOURS = (BLUE, VERMILLION, ORANGE, PURPLE, GREEN, SKY, BLACK)
REASON_COLOURS = dict(zip(REASONS, _COLOURS, strict=True))
OBSTACLE_COLOURS = dict(zip(OBSTACLES, _COLOURS[: len(OBSTACLES)], strict=True))
_HATCHES = ("", "//", "\\\\", "..", "xx")
#: Shares of an axis below which a band is too thin for a label of its own.
_THIN = 0.004


def plot_reasons(ensemble: Ensemble, ax: Axes | None = None) -> Axes:
    """Draw the share of each reason among replicates without a deal that stands.

    Whiskers are 95% intervals, simulation error only. ax: where to draw; a new figure by default.
    Raises UsageError if the run did not record the obstacles.
    """
    shares = why.reason_shares(ensemble)
    total = sum(row.count for row in shares)
    rows = np.arange(len(shares))
    size = np.array([np.nan_to_num(row.share) for row in shares])
    ends = np.nan_to_num(np.array([(row.low, row.high) for row in shares]).T)
    with axes_or_new(ax) as axes:
        axes.barh(rows, size, height=0.6, color=[REASON_COLOURS[row.name] for row in shares])
        errors = np.maximum(np.abs(ends - size), 0.0)
        for colour, width in (("white", 3.4), (INK, 1.6)):
            axes.errorbar(
                size,
                rows,
                xerr=errors,
                fmt="none",
                ecolor=colour,
                elinewidth=width,
                capthick=width,
                capsize=4,
            )
        labels = [
            f"{worded(row.name)}  {percent(float(s), total)}"
            for row, s in zip(shares, size, strict=True)
        ]
        axes.set_yticks(rows, labels)
        axes.set_ylim(len(shares) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.set_xlim(0.0, max(1.05 * float(ends.max()), 0.01))
        in_percent(axes.xaxis)
        axes.grid(axis="x")
        axes.set_xlabel(f"share of the {total:,} replicates without a deal that stands")
        note_above(axes, "whiskers: 95% interval, simulation error only")
    return axes


def plot_obstacles(ensemble: Ensemble, ax: Axes | None = None) -> Axes:
    """Draw by week the share of running replicates that each obstacle keeps from a deal.

    ax: where to draw; a new figure by default. Raises UsageError if it was not recorded.
    """
    weeks = why.by_week(ensemble)
    counts = np.column_stack((weeks.counts, weeks.deals)).astype(np.float64)
    total = counts.sum(axis=1)
    shares = np.divide(
        counts, total[:, None], out=np.full_like(counts, np.nan), where=total[:, None] > 0
    )
    x, bands = across(shares)
    names = [*OBSTACLES, "deal in force"]
    colours = [*(OBSTACLE_COLOURS[name] for name in OBSTACLES), PALE]
    with axes_or_new(ax) as axes:
        stack = axes.stackplot(x, *bands.T, colors=colours, edgecolor="white", linewidth=0.4)
        for area, hatch in zip(stack, (*_HATCHES, ""), strict=True):
            area.set_hatch(hatch)
        kept = len(ensemble.weekly["zone"].paths)
        about = f" (n: the first {kept:,} replicates, those still running)"
        week_axis(axes, ensemble, lambda week: f"n = {int(total[week - 1]):,}", about, beside=2.4)
        axes.set_ylim(0.0, 1.0)
        in_percent(axes.yaxis)
        axes.set_ylabel("share of running replicates")
        last = int(np.flatnonzero(total > 0)[-1])
        tops = np.cumsum(shares[last])
        shown = [k for k in range(len(names)) if np.nanmax(shares[:, k]) > _THIN]
        ends = [
            (float(x[min(last, len(x) - 1)]), float(tops[k] - shares[last, k] / 2)) for k in shown
        ]
        label_ends(axes, ends, [readable(names[k]) for k in shown], [INK for _ in shown])
    return axes


def plot_levers(ensemble: Ensemble, ax: Axes | None = None) -> Axes:
    """Draw what each lever adds to the zone, from the whole stake to what is left of it.

    Bars are means over live weeks without a deal, whiskers the 5-95% over these weeks. Raises
    UsageError if it was not recorded. ax: where to draw; a new figure by default.
    """
    rows = why.levers(ensemble)
    names = ["the whole stake", *(readable(row.name) for row in rows), "left: w - omega/4"]
    # To the digits that are shown: a lever that adds nothing must not show as -0.00.
    steps = [1.0, *(round(row.mean, 2) + 0.0 for row in rows)]
    tops = np.cumsum(steps)
    starts = [0.0, *tops[:-1], 0.0]
    sizes = [*steps, float(tops[-1])]
    colours = [PALE, *(BLUE if row.mean >= 0 else VERMILLION for row in rows), GREY]
    places = np.arange(len(names))
    with axes_or_new(ax) as axes:
        axes.barh(places, sizes, left=starts, height=0.62, color=colours)
        for place, row, start in zip(places[1:-1], rows, starts[1:-1], strict=True):
            axes.plot([start + row.low, start + row.high], [place, place], color=INK, lw=1.4)
        for place, (start, size) in enumerate(zip(starts, sizes, strict=True)):
            axes.plot(
                [start + size] * 2,
                [place - 0.31, min(place + 1.31, len(names) - 1)],
                color=MIST,
                lw=0.8,
            )
        labels = [f"{name}  {size:+.2f}" for name, size in zip(names, sizes, strict=True)]
        axes.set_yticks(places, labels)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.axvline(0.0, color=INK, linewidth=1.0)
        axes.grid(axis="x")
        axes.set_xlabel("width of the zone, share of the stake (a deal needs 0 or more at the end)")
        note_above(axes, "bars: mean over weeks without a deal; lines: 5-95% of these weeks")
    return axes
