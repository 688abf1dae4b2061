"""A recorded variable beside what was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.analysis.scores import BAND, coverage
from sim.plots.calendar import week_axis
from sim.plots.style import GUIDE, VERMILLION, axes_or_new, label_ends, note_above
from sim.plots.weekly import INNER, MIDDLE, OUTER, recorded
from sim.results import NOTE, Ensemble

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FAN = (BAND[0], 0.25, 0.5, 0.75, BAND[1])


def plot_against_record(
    ensemble: Ensemble, name: str, observed: npt.NDArray[Any], ax: Axes | None = None
) -> Axes:
    """Draw the predictive bands of a recorded variable by week and the observed path over them.

    observed: values at the ends of the weeks 1, 2, ..., shape (N,), N at most T. The bands are
    those of 25-75% and 5-95% of the replicates. Raises UsageError if the variable was not recorded.
    """
    weekly = recorded(ensemble, name)
    fan = weekly.quantiles(_FAN)[: len(observed)]
    weeks = np.arange(1.0, len(observed) + 1)
    with axes_or_new(ax) as axes:
        axes.fill_between(weeks, fan[:, 0], fan[:, 4], color=OUTER, linewidth=0)
        axes.fill_between(weeks, fan[:, 1], fan[:, 3], color=INNER, linewidth=0)
        axes.plot(weeks, fan[:, 2], color=MIDDLE)
        axes.plot(weeks, observed, "o", color=VERMILLION, markersize=5, clip_on=False, zorder=3)
        week_axis(axes, ensemble)
        axes.grid(axis="y", color=GUIDE)
        axes.set_ylim(bottom=0)
        axes.set_ylabel(f"{weekly.column.meaning}\n({weekly.column.unit})")
        _label(axes, float(weeks[-1]), fan[-1], float(observed[-1]))
        share = coverage(fan[:, 0], fan[:, 4], observed)
        inside = round(share * len(observed))
        note_above(axes, f"{inside} of {len(observed)} observations lie inside the 5 to 95% band")
    return axes


def record_alt_text(ensemble: Ensemble, name: str, observed: npt.NDArray[Any]) -> str:
    """Return in words what ``plot_against_record`` shows of the same arguments."""
    weekly = recorded(ensemble, name)
    fan = weekly.quantiles(_FAN)[: len(observed)]
    inside = round(coverage(fan[:, 0], fan[:, 4], observed) * len(observed))
    parts = [
        f"in week {week} observed {observed[week - 1]:.0f}, median {fan[week - 1, 2]:.0f}, "
        f"5 to 95% from {fan[week - 1, 0]:.0f} to {fan[week - 1, 4]:.0f}"
        for week in sorted({1, (len(observed) + 1) // 2, len(observed)})
    ]
    return (
        f"Fan chart of {weekly.column.meaning}, {weekly.column.unit}, with the observed path as "
        f"dots: {'; '.join(parts)}. {inside} of {len(observed)} observations lie inside the band. "
        f"{NOTE[0].upper()}{NOTE[1:]}."
    )


def _label(axes: Axes, x: float, fan: npt.NDArray[Any], observed: float) -> None:
    """Name the path and the bands where they end."""
    ends = {
        "observed": (observed, VERMILLION),
        "median": (float(fan[2]), MIDDLE),
        "25 to 75%": (float(fan[2] + fan[1]) / 2, INNER),
        "5 to 95%": (float(fan[0] + fan[1]) / 2, "#8A8A8A"),
    }
    places = [(x, y) for y, _ in ends.values()]
    label_ends(axes, places, list(ends), [colour for _, colour in ends.values()])
