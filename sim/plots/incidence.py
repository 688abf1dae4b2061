"""When replicates end: the cumulative incidence of the outcomes.

Every replicate ends within the run, so nothing is censored and the Aalen-Johansen estimate is the
plain share of replicates that have ended so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import PercentFormatter

from sim.outcomes import OUTCOMES
from sim.plots.calendar import week_axis
from sim.plots.style import (
    COLOURS,
    LINES,
    Array,
    axes_or_new,
    label_ends,
    note_above,
    percent,
    readable,
)
from sim.results import Ensemble

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def cumulative_incidence(ensemble: Ensemble) -> Array:
    """Return the share of replicates that ended in each outcome by each week, shape (8, T)."""
    counts = np.zeros((len(OUTCOMES), ensemble.weeks + 1), dtype=np.int64)
    np.add.at(counts, (ensemble.outcome, ensemble.table["week"]), 1)
    return np.asarray(counts.cumsum(axis=1)[:, 1:] / ensemble.replicates, dtype=np.float64)


def plot_cumulative_incidence(ensemble: Ensemble, ax: Axes | None = None) -> Axes:
    """Draw the share of replicates that have ended in each outcome by week, as steps.

    The last week stands in a strip of its own, one column for each outcome that it adds to, so
    that what is decided at the horizon is seen to be decided there and not before. An outcome that
    never occurs is named above the axes. ax: where to draw; a new figure by default.
    """
    incidence = cumulative_incidence(ensemble)
    last = incidence[:, -1]
    occur = [code for code in range(len(OUTCOMES)) if last[code] > 0]
    with axes_or_new(ax) as axes:
        week_axis(axes, ensemble)
        columns = _columns(ensemble, incidence)
        axes.axvspan(ensemble.weeks, max(columns.values()) + _MARGIN * ensemble.weeks, color=STRIP)
        for code in occur:
            _draw(axes, ensemble, code, incidence[code], columns[code])
        axes.set_xlim(right=max(columns.values()) + _MARGIN * ensemble.weeks)
        axes.set_ylim(0.0, 1.06 * float(last.max()))
        in_percent(axes.yaxis)
        axes.grid(axis="y")
        axes.set_ylabel(f"share of {ensemble.replicates:,} that ended so")
        _label(axes, ensemble, occur, last, columns)
    return axes
