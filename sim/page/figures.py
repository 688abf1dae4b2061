"""The figures of the page as pictures that carry their alt text."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from html import escape
from threading import Lock
from typing import TYPE_CHECKING

from sim.plots.against import difference_in_points, plot_against_base
from sim.plots.style import STYLE, readable
from sim.plots.zone import plot_zone
from sim.results import Ensemble

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Matplotlib keeps its style in one place for all sessions of a server.
_DRAWING = Lock()


def outcome_picture(base: Ensemble, ensemble: Ensemble) -> str:
    """Return the distribution beside its base as HTML."""
    from sim.analysis.paired import outcome_differences

    rows = outcome_differences(base, ensemble)
    told = "; ".join(
        f"{readable(row.name)} {100 * row.alternative:.1f}%, {difference_in_points(row)} points"
        for row in rows
    )
    return _picture(
        lambda ax: plot_against_base(base, ensemble, ax),
        f"Outcome shares, and their paired difference from the base: {told}.",
        (8.2, 4.6),
    )


def zone_picture(ensemble: Ensemble) -> str:
    """Return the zone of possible agreement by week as HTML."""
    return _picture(
        lambda ax: plot_zone(ensemble, ax),
        "Zone of possible agreement by week: medians of the least the opposition accepts and of "
        "the most the government grants, with their 25-75% bands.",
        (8.2, 4.2),
    )


def _picture(draw: Callable[[Axes], object], alt: str, size: tuple[float, float]) -> str:
    import matplotlib.style
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    stream = io.BytesIO()
    with _DRAWING, matplotlib.style.context(["default", STYLE]):
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.add_subplot())
        figure.savefig(stream, format="svg", metadata={"Date": None})
    data = base64.b64encode(stream.getvalue()).decode()
    return (
        f'<img alt="{escape(alt, quote=True)}" src="data:image/svg+xml;base64,{data}" '
        'style="width: 100%; max-width: 900px">'
    )
