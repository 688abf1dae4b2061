"""Alternatives beside a base at a glance: paired differences, and who moved where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.moves import kinds
from sim.analysis.paired import Difference, difference_of_shares, outcome_differences
from sim.plots.describe import subtitle
from sim.plots.frame import png
from sim.plots.style import (
    BLUE,
    COLOURS,
    GREEN,
    INK,
    MIST,
    PURPLE,
    SMALL,
    VERMILLION,
    axes_or_new,
    own_style,
    readable,
)
from sim.plots.words import as_written
from sim.results import NOTE, Ensemble

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Alternatives = Mapping[str, Ensemble]

#: Colour and marker of the alternatives; what a colour tells, a marker tells again.
_MARKS = ((BLUE, "o"), (VERMILLION, "s"), (GREEN, "D"), (PURPLE, "^"), (INK, "v"))
#: Moves that are shown of each alternative.
_MOST = 5
_WIDTH, _DIFFERENCES, _MOVES = 9.0, 4.6, 0.36
_SIDE = 0.015


def differences(base: Ensemble, other: Ensemble) -> list[Difference]:
    """Return the paired differences that the figure shows, from top to bottom."""
    return [
        *outcome_differences(base, other),
        difference_of_shares("agreement", base.agreement, other.agreement),
        difference_of_shares("signed", base.signed, other.signed),
    ]


def plot_differences(base: Ensemble, alternatives: Alternatives, ax: Axes | None = None) -> Axes:
    """Draw the change of each share in percentage points with its paired 95% interval.

    One marker per alternative and outcome. ax: where to draw; a new figure by default.
    """
    with axes_or_new(ax) as axes:
        height = 0.62 / max(1, len(alternatives))
        names: list[str] = []
        drawn = []
        for index, other in enumerate(alternatives.values()):
            colour, marker = _MARKS[index % len(_MARKS)]
            rows = differences(base, other)
            names = [row.name for row in rows]
            at = np.arange(len(rows)) + (index - (len(alternatives) - 1) / 2) * height
            shift = np.array([row.difference for row in rows])
            ends = np.array([(row.low, row.high) for row in rows]).T
            bars = axes.errorbar(
                shift,
                at,
                xerr=np.maximum(np.abs(ends - shift), 0.0),
                fmt=marker,
                color=colour,
                markersize=6.5,
                elinewidth=1.6,
                capsize=3,
            )
            drawn.append(bars)
        axes.axvline(0.0, color=INK, linewidth=1.0, zorder=0)
        axes.axhline(7.5, color=MIST, linewidth=0.8)
        axes.set_yticks(np.arange(len(names)), [readable(name) for name in names])
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        axes.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: _points(share)))
        axes.set_xlabel("change of the share, percentage points (bars: paired 95% interval)")
        axes.legend(
            drawn,  # Not by labels of their own: names that begin with _ would be left out.
            list(alternatives),
            loc="lower right",
            bbox_to_anchor=(1.0, 1.0),
            ncols=min(3, len(alternatives)),
            borderaxespad=0.2,
        )
    return axes


def _points(share: float) -> str:
    value = round(100 * share, 6)
    return f"{value:+g}" if value else "0"


def plot_moves(base: Ensemble, other: Ensemble, ax: Axes | None = None) -> Axes:
    """Draw the most frequent moves between outcomes as bars, in the colour of where they end.

    ax: where to draw; a new figure by default.
    """
    found = kinds(base, other)[:_MOST]
    with axes_or_new(ax) as axes:
        counts = [kind.count for kind in found]
        colours = [COLOURS[kind.after] for kind in found]
        axes.barh(range(len(found)), counts, height=0.62, color=colours)
        labels = [f"{readable(kind.before)} \u2192 {readable(kind.after)}" for kind in found]
        axes.set_yticks(range(len(found)), labels)
        for at, count in enumerate(counts):
            axes.annotate(
                f" {count:,}", (count, at), va="center", fontsize=SMALL, annotation_clip=False
            )
        axes.set_ylim(_MOST - 0.4, -0.6)
        axes.set_xlim(0, 1.1 * max([1, *counts]))
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:,.0f}"))
    return axes


def make_comparison(base: Ensemble, alternatives: Alternatives) -> Figure:
    """Return the figure of a comparison: differences above, moves of each alternative below."""
    with own_style():
        each = 1.3 + _MOVES * _MOST
        tall = _DIFFERENCES + each * len(alternatives) + 1.1
        room = (_SIDE, 0.38 / tall, 1 - 2 * _SIDE, 1 - 1.15 / tall)
        figure = Figure(figsize=(_WIDTH, tall), layout=ConstrainedLayoutEngine(rect=room))
        FigureCanvasAgg(figure)
        figure.text(_SIDE, 1 - 0.1 / tall, "What changes", fontsize=16, weight="bold", va="top")
        figure.text(_SIDE, 1 - 0.42 / tall, f"against {subtitle(base, 88)}", va="top")
        figure.text(_SIDE, 0.1 / tall, NOTE, fontsize=SMALL, va="bottom", style="italic")
        heights = [_DIFFERENCES, *[each] * len(alternatives)]
        grid = figure.add_gridspec(len(heights), 1, height_ratios=heights)
        plot_differences(base, alternatives, figure.add_subplot(grid[0]))
        most = max(
            [1, *(kind.count for other in alternatives.values() for kind in kinds(base, other))]
        )
        for index, (name, other) in enumerate(alternatives.items(), start=1):
            axes = figure.add_subplot(grid[index])
            moved = int((base.outcome != other.outcome).sum())
            # A line of its own for the name: beside the count a long one would leave the figure.
            told = f"{name}\n{moved:,} of {base.replicates:,} end differently; most frequent moves"
            axes.set_title(told, loc="left", fontsize=12)
            plot_moves(base, other, axes)
            axes.set_xlim(0, 1.1 * most)
        axes.set_xlabel("replicates that move")
        as_written(figure.findobj(Text))
    return figure


def describe_comparison(base: Ensemble, alternatives: Alternatives) -> str:
    """Return in words what the figure of a comparison shows."""
    parts = []
    for name, other in alternatives.items():
        told = ", ".join(
            f"{readable(row.name)} {100 * row.difference:+.1f} "
            f"({100 * row.low:+.1f} to {100 * row.high:+.1f})"
            for row in differences(base, other)
        )
        moved = [
            f"{k.count:,} from {readable(k.before)} to {readable(k.after)}"
            for k in kinds(base, other)[:_MOST]
        ]
        parts.append(f"{name}: {told}. Moves: {', '.join(moved) or 'none'}.")
    return (
        f"Changes of outcome shares against {subtitle(base)}, in percentage points with paired "
        f"95% intervals. {' '.join(parts)} {NOTE[0].upper()}{NOTE[1:]}."
    )


def comparison_png(base: Ensemble, alternatives: Alternatives) -> bytes:
    """Return the figure of a comparison as the bytes of a PNG file with its alt text inside."""
    figure = make_comparison(base, alternatives)
    return png(figure, {"Description": describe_comparison(base, alternatives)})
