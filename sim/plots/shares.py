"""The outcome distribution with both kinds of uncertainty."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.analysis.shares import Share, outcome_shares
from sim.plots.style import (
    COLOURS,
    INK,
    MIST,
    PALE,
    Array,
    axes_or_new,
    in_percent,
    percent,
    readable,
    replicates,
)
from sim.results import Ensemble

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.container import ErrorbarContainer

#: Heights within the row of an outcome: the bar above, the range across parameters below it.
_BAR, _BAND = 0.52, 0.14
_BAND_AT = 0.36
_DASHED = (0, (3.0, 2.0))
_SIMULATION = "95% interval: simulation error only"
_PARAMETERS = "5-95% of the share across parameter draws"
_WITHIN = "too narrow to measure: lies within"


def plot_outcome_shares(ensemble: Ensemble, ax: Axes | None = None) -> Axes:
    """Draw the share of each of the eight outcomes as a bar, in the order of ``sim.outcomes``.

    Dark whiskers are 95% intervals for simulation error; the pale band below a bar is the 5-95%
    range of its share across parameter draws, hollow where it could only be bounded from above.
    ax: where to draw; a new figure by default.
    """
    shares = outcome_shares(ensemble)
    rows = np.arange(len(shares))
    size = np.array([row.share for row in shares])
    ends = np.array([(row.low, row.high) for row in shares]).T
    with axes_or_new(ax) as axes:
        axes.barh(rows, size, height=_BAR, color=[COLOURS[row.name] for row in shares])
        errors = np.maximum(np.abs(ends - size), 0.0)
        # White below dark: a whisker is seen on a dark bar too.
        _whiskers(axes, size, errors, "white", 3.4)
        whiskers = _whiskers(axes, size, errors, INK, 1.6)
        whiskers.set_label(_SIMULATION)
        handles: list[Artist | object] = [whiskers, *_draw_ranges(axes, shares)]
        axes.set_yticks(rows, [_row_label(row, ensemble.replicates) for row in shares])
        axes.set_ylim(len(shares) - 0.4, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(f"share of {replicates(ensemble)}")
        _share_axis(axes, shares)
        axes.legend(
            handles=handles,
            loc="lower right",
            bbox_to_anchor=(1.0, 1.0),
            borderaxespad=0.2,
            handlelength=2.2,
        )
    return axes


def _whiskers(ax: Axes, size: Array, errors: Array, colour: str, width: float) -> ErrorbarContainer:
    return ax.errorbar(
        size,
        np.arange(len(size)),
        xerr=errors,
        fmt="none",
        ecolor=colour,
        elinewidth=width,
        capthick=width,
        capsize=4 + (width - 1.6) / 2,
    )


def _row_label(row: Share, size: int) -> str:
    """Name an outcome and its share; it stands where the bar begins, so it can hide no data."""
    return f"{readable(row.name)}  {percent(row.share, size)}"


def _draw_ranges(ax: Axes, shares: list[Share]) -> list[Patch]:
    """Draw the ranges across parameters below the bars; returns what the legend shows of them."""
    known = [(at, row) for at, row in enumerate(shares) if not isnan(row.low_parameters)]
    for at, row in known:
        ax.barh(
            at + _BAND_AT,
            row.high_parameters - row.low_parameters,
            left=row.low_parameters,
            height=_BAND,
            facecolor=PALE if row.parameters_measured else "white",
            edgecolor=PALE if row.parameters_measured else MIST,
            linestyle="solid" if row.parameters_measured else _DASHED,
            linewidth=0.9,
        )
    handles = []
    if any(row.parameters_measured for _, row in known):
        handles.append(Patch(facecolor=PALE, edgecolor=PALE, label=_PARAMETERS))
    if not all(row.parameters_measured for _, row in known):
        label = _WITHIN if handles else f"{_PARAMETERS} lies within"
        handles.append(Patch(facecolor="white", edgecolor=MIST, linestyle=_DASHED, label=label))
    return handles


def _share_axis(ax: Axes, shares: list[Share]) -> None:
    ends = [(row.high, row.high_parameters) for row in shares]
    top = float(np.nanmax(np.array(ends)))
    ax.set_xlim(0.0, min(1.02, 1.04 * top))
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    in_percent(ax.xaxis)
    ax.grid(axis="x")
