"""The figures of the page as pictures that carry their alt text."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping
from html import escape
from threading import Lock
from typing import TYPE_CHECKING

from sim.plots.against import difference_in_points, plot_against_base
from sim.plots.style import own_style, readable
from sim.plots.zone import plot_zone
from sim.results import Ensemble
from sim.scenario import Scenario

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


def recognition_map(scenario: Scenario, shares: Mapping[str, float]) -> str:
    """Return the states as named cells by bloc, darker where more replicates recognise."""
    from matplotlib import colormaps

    blocs: dict[str, list[str]] = {}
    for code, member in scenario.members.items():
        share = shares[code]
        red, green, blue, _ = colormaps["cividis_r"](share)
        paper = f"rgb({255 * red:.0f}, {255 * green:.0f}, {255 * blue:.0f})"
        ink = "#000000" if 0.3 * red + 0.59 * green + 0.11 * blue > 0.45 else "#ffffff"
        told = escape(f"{member.name}: {100 * share:.0f}%", quote=True)
        cell = (
            f'<span role="img" class="state" style="background: {paper}; color: {ink}" '
            f'title="{told}" aria-label="{told}">{code}</span>'
        )
        blocs.setdefault(member.bloc or "no bloc", []).append(cell)
    rows = [
        f'<div><b>{escape(bloc)}</b><div class="bloc">{"".join(cells)}</div></div>'
        for bloc, cells in sorted(blocs.items())
    ]
    return "".join(rows)


def _picture(draw: Callable[[Axes], object], alt: str, size: tuple[float, float]) -> str:
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    stream = io.BytesIO()
    with _DRAWING, own_style():
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.add_subplot())
        figure.savefig(stream, format="svg", metadata={"Date": None})
    data = base64.b64encode(stream.getvalue()).decode()
    return (
        f'<img alt="{escape(alt, quote=True)}" src="data:image/svg+xml;base64,{data}" '
        'style="width: 100%; max-width: 900px">'
    )
