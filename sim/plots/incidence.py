"""When replicates end: the cumulative incidence of the outcomes.

Every replicate ends within the run, so nothing is censored and the Aalen-Johansen estimate is the
plain share of replicates that have ended so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes import OUTCOMES
from sim.plots.calendar import week_axis
from sim.plots.style import (
    COLOURS,
    LINES,
    STRIP,
    Array,
    axes_or_new,
    in_percent,
    label_ends,
    note_above,
    percent,
    readable,
    replicates,
)
from sim.results import Ensemble

if TYPE_CHECKING:
    from matplotlib.axes import Axes


#: Width of a column in the strip of the last week, as a part of the weeks before it.
_COLUMN = 0.015


def cumulative_incidence(ensemble: Ensemble) -> Array:
    """Return the share of replicates that ended in each outcome by each week, shape (8, T)."""
    counts = np.zeros((len(OUTCOMES), ensemble.weeks + 1), dtype=np.int64)
    np.add.at(counts, (ensemble.outcome, ensemble.table["week"]), 1)
    return np.asarray(counts.cumsum(axis=1)[:, 1:] / ensemble.replicates, dtype=np.float64)


def plot_cumulative_incidence(ensemble: Ensemble, ax: Axes | None = None) -> Axes:
    """Draw the share of replicates that have ended in each outcome by week, as steps.

    The last week is a grey strip with a column for each outcome, so that what is decided at the
    horizon is seen to be decided there, and no column hides another. An outcome that never occurs
    is named above the axes. ax: where to draw; a new figure by default.
    """
    incidence, weeks = cumulative_incidence(ensemble), ensemble.weeks
    last = incidence[:, -1]
    # The highest column to the left: no line to a label on the right crosses another column.
    occur = [int(code) for code in np.argsort(-last, kind="stable") if last[code] > 0]
    gap = _COLUMN * max(weeks - 1, 1)
    columns = {code: weeks + gap * (place + 1) for place, code in enumerate(occur)}
    end = weeks + gap * (len(occur) + 1)
    with axes_or_new(ax) as axes:
        about = " (grey: the last week)"
        week_axis(axes, ensemble, about=about, last=(weeks + end) / 2, beside=2.0)
        axes.set_xlim(1.0 if weeks > 1 else 1 - gap, end)
        axes.axvspan(weeks, end, color=STRIP, linewidth=0, zorder=0)
        for code, column in columns.items():
            _draw(axes, OUTCOMES[code], incidence[code], column)
        axes.set_ylim(0.0, 1.06 * float(last.max()))
        in_percent(axes.yaxis)
        axes.grid(axis="y")
        axes.set_ylabel(f"share of {replicates(ensemble)}\nthat ended so")
        label_ends(
            axes,
            [(columns[code], float(last[code])) for code in occur],
            [f"{readable(OUTCOMES[c])} {percent(last[c], ensemble.replicates)}" for c in occur],
            [COLOURS[OUTCOMES[code]] for code in occur],
            beyond=end,
        )
        never = [readable(name) for code, name in enumerate(OUTCOMES) if code not in occur]
        if never:
            note_above(axes, f"did not occur: {', '.join(never)}")
    return axes


def _draw(ax: Axes, name: str, line: Array, column: float) -> None:
    """Draw one outcome from nothing in week 1 up to its column in the strip of the last week."""
    x = np.array([1.0, *range(1, len(line)), column])
    ax.step(
        x,
        np.array([0.0, *line]),
        where="post",
        color=COLOURS[name],
        linestyle=LINES[name],
        label=readable(name),
        clip_on=False,
    )
    ax.plot(column, line[-1], "o", color=COLOURS[name], markersize=5, clip_on=False)
