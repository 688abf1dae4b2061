"""Figures of a result: one function each, an ensemble in, Axes out.

Nothing here runs a model, and only ``save_figures`` writes. matplotlib is imported when a figure
is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.plots.describe import alt_text as alt_text
    from sim.plots.describe import figure_names as figure_names
    from sim.plots.incidence import plot_cumulative_incidence as plot_cumulative_incidence
    from sim.plots.record import plot_against_record as plot_against_record
    from sim.plots.record import record_alt_text as record_alt_text
    from sim.plots.save import draw as draw
    from sim.plots.save import figure_bytes as figure_bytes
    from sim.plots.save import make_figure as make_figure
    from sim.plots.save import save_figures as save_figures
    from sim.plots.shares import plot_outcome_shares as plot_outcome_shares
    from sim.plots.weekly import plot_fan as plot_fan
    from sim.plots.weekly import plot_share_by_week as plot_share_by_week
    from sim.plots.why import plot_levers as plot_levers
    from sim.plots.why import plot_obstacles as plot_obstacles
    from sim.plots.why import plot_reasons as plot_reasons
    from sim.plots.zone import plot_zone as plot_zone

_HOME = {
    "alt_text": "sim.plots.describe",
    "draw": "sim.plots.save",
    "figure_bytes": "sim.plots.save",
    "figure_names": "sim.plots.describe",
    "make_figure": "sim.plots.save",
    "plot_against_record": "sim.plots.record",
    "plot_cumulative_incidence": "sim.plots.incidence",
    "plot_fan": "sim.plots.weekly",
    "plot_levers": "sim.plots.why",
    "plot_obstacles": "sim.plots.why",
    "plot_outcome_shares": "sim.plots.shares",
    "plot_reasons": "sim.plots.why",
    "plot_share_by_week": "sim.plots.weekly",
    "plot_zone": "sim.plots.zone",
    "record_alt_text": "sim.plots.record",
    "save_figures": "sim.plots.save",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'sim.plots' has no attribute '{name}'")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
