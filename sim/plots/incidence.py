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

    What is decided at the horizon jumps there and not before. An outcome that never occurs is
    named above the axes. ax: where to draw; a new figure by default.
    """
    incidence = cumulative_incidence(ensemble)
    weeks = np.arange(1, ensemble.weeks + 1)
    occur = [code for code in range(len(OUTCOMES)) if incidence[code, -1] > 0]
    with axes_or_new(ax) as axes:
        # The highest first: where jumps at the horizon share a vertical, the lower lie on top.
        for code in sorted(occur, key=lambda code: -incidence[code, -1]):
            name = OUTCOMES[code]
            axes.step(
                weeks,
                incidence[code],
                where="post",
                color=COLOURS[name],
                linestyle=LINES[name],
                label=readable(name),
                clip_on=False,
            )
            axes.plot(weeks[-1], incidence[code, -1], "o", color=COLOURS[name], clip_on=False)
        week_axis(axes, ensemble)
        axes.set_ylim(0.0, 1.06 * float(incidence[:, -1].max()))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))
        axes.grid(axis="y")
        axes.set_ylabel(f"share of {ensemble.replicates:,} that ended so")
        _label(axes, ensemble, occur, incidence[:, -1])
    return axes


def _label(ax: Axes, ensemble: Ensemble, occur: list[int], last: Array) -> None:
    label_ends(
        ax,
        ensemble.weeks,
        [float(last[code]) for code in occur],
        [f"{readable(OUTCOMES[c])} {percent(last[c], ensemble.replicates)}" for c in occur],
        [COLOURS[OUTCOMES[code]] for code in occur],
    )
    never = [readable(name) for code, name in enumerate(OUTCOMES) if code not in occur]
    if never:
        note_above(ax, f"did not occur: {', '.join(never)}")
