"""The outcome distribution of a change, with its base as a ghost and the paired differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.paired import Difference, check_pairing, outcome_differences
from sim.analysis.shares import outcome_shares
from sim.plots.style import COLOURS, INK, SMALL, axes_or_new, in_percent, readable, replicates
from sim.results import Ensemble

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAR, _GHOST = 0.5, 0.8
_DASHED = (0, (3.0, 2.0))


def plot_against_base(base: Ensemble, ensemble: Ensemble, ax: Axes | None = None) -> Axes:
    """Draw eight shares as bars, those of the base as dashed outlines around them.

    Whiskers are 95% intervals for simulation error. To the right stands the paired difference in
    percentage points, bold where its 95% interval leaves out 0. ax: where to draw; a new figure by
    default. Raises UsageError unless both are on the same luck.
    """
    check_pairing(base, ensemble)
    shares, differences = outcome_shares(ensemble), outcome_differences(base, ensemble)
    rows = np.arange(len(shares))
    size = np.array([row.share for row in shares])
    ends = np.array([(row.low, row.high) for row in shares]).T
    ghosts = np.array([row.base for row in differences])
    with axes_or_new(ax) as axes:
        axes.barh(rows, size, height=_BAR, color=[COLOURS[row.name] for row in shares])
        axes.barh(
            rows, ghosts, height=_GHOST, fill=False, edgecolor=INK, linewidth=1.1, linestyle=_DASHED
        )
        errors = np.maximum(np.abs(ends - size), 0.0)
        for colour, width in (("white", 3.4), (INK, 1.6)):
            axes.errorbar(
                size, rows, xerr=errors, fmt="none", ecolor=colour, elinewidth=width, capsize=3.5
            )
        axes.set_yticks(rows, [readable(row.name) for row in shares])
        axes.set_ylim(len(shares) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        widest = max(float(ends.max()), float(ghosts.max()))
        axes.set_xlim(0, max(1.05 * widest, 0.05))
        in_percent(axes.xaxis)
        axes.grid(axis="x")
        axes.set_xlabel(f"share of {replicates(ensemble)}; dashed: the base")
        for row, difference in enumerate(differences):
            axes.text(
                1.02,
                row,
                difference_in_points(difference),
                transform=axes.get_yaxis_transform(),
                va="center",
                fontsize=SMALL,
                weight="bold" if difference.low > 0 or difference.high < 0 else "normal",
            )
    return axes


def difference_in_points(difference: Difference) -> str:
    """Return a paired difference with its interval, in percentage points."""
    shift, low, high = (
        100 * value for value in (difference.difference, difference.low, difference.high)
    )
    return f"{shift:+.1f} ({low:+.1f} to {high:+.1f})"
