"""The recognition cascade: who tipped whom, in aggregate and as the tree of one replicate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.cascade import Cascade, Tip, Tipper, tree
from sim.plots.style import BLUE, INK, MIST, SMALL, VERMILLION, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: So many sources and lines of a tree are drawn.
SHOWN, LINES = 14, 26


def plot_tippers(cascade: Cascade, rows: Sequence[Tipper], ax: Axes | None = None) -> Axes:
    """Draw how many changes of sides each source caused per replicate: to the right joins.

    ax: where to draw; a new figure by default.
    """
    shown = rows[:SHOWN]
    places = np.arange(len(shown))
    with axes_or_new(ax) as axes:
        axes.barh(places, [row.joins for row in shown], height=0.6, color=BLUE, label="joins")
        axes.barh(
            places, [-row.leaves for row in shown], height=0.6, color=VERMILLION, label="leaves"
        )
        axes.set_yticks(places, [row.name for row in shown])
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.axvline(0.0, color=INK, lw=1.0)
        axes.grid(axis="x")
        axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
        axes.set_xlabel(
            f"changes of sides caused per replicate, of {cascade.replicates:,}\n"
            "(left: states that leave the opposition; right: that join it)"
        )
    return axes


def plot_tree(cascade: Cascade, found: list[Tip], replicate: int, ax: Axes | None = None) -> Axes:
    """Draw one replicate's changes of sides: week across, each tied to the one that tipped it.

    At most ``LINES`` changes are drawn, in the order of the tree.
    """
    whole = tree(cascade, found, replicate)
    lines, rest = whole[:LINES], len(whole[LINES:])
    with axes_or_new(ax) as axes:
        last: dict[int, tuple[float, float]] = {}
        for row, (depth, tip) in enumerate(lines):
            place = (float(tip.week), float(row))
            if depth and depth - 1 in last:
                x, y = last[depth - 1]
                axes.plot([x, x, place[0]], [y, place[1], place[1]], color=MIST, lw=1.0)
            last[depth] = place
            colour = BLUE if tip.joins else VERMILLION
            axes.plot(*place, "o" if tip.joins else "X", color=colour, ms=5)
            name = cascade.names[tip.state] + ("" if depth else f"  ({tip.parent})")
            size = min(SMALL, 300 / max(len(lines), 20))
            axes.annotate(
                name, place, xytext=(6, 0), textcoords="offset points", va="center", fontsize=size
            )
        axes.set_ylim(len(lines), -1)
        axes.set_yticks([])
        weeks = [tip.week for _, tip in lines] or [1]
        axes.set_xlim(min(weeks) - 0.5, max(weeks) + 0.35 * (max(weeks) - min(weeks)) + 2)
        axes.spines["left"].set_visible(False)
        more = f"; {rest} more changes in the table" if rest else ""
        axes.set_xlabel(
            f"week from {cascade.start} (dot: joins; cross: leaves; in brackets: why{more})"
        )
    return axes
