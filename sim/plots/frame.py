"""A figure with title, subtitle and note around what is drawn in it, as the bytes of a PNG."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text

from sim.plots.style import DPI, SIZE, SMALL, own_style
from sim.plots.words import as_written
from sim.results import NOTE

#: Fractions of a figure: left and right margin, the foot with the note, the head with the title.
_SIDE, _FOOT, _HEAD = 0.015, 0.065, 0.135


def framed(title: str, subtitle: str, fill: Callable[[Figure], Any]) -> Figure:
    """Return a figure of the package's size with its frame; ``fill`` draws into it."""
    with own_style():
        room = (_SIDE, _FOOT, 1 - 2 * _SIDE, 1 - _HEAD - _FOOT)
        figure = Figure(figsize=SIZE, layout=ConstrainedLayoutEngine(rect=room))
        FigureCanvasAgg(figure)
        figure.text(_SIDE, 0.982, title, fontsize=16, weight="bold", va="top")
        figure.text(_SIDE, 0.915, subtitle, fontsize=SMALL + 0.5, va="top")
        figure.text(_SIDE, 0.018, NOTE, fontsize=SMALL, va="bottom", style="italic")
        fill(figure)
        as_written(figure.findobj(Text))
    return figure


def png(figure: Figure, about: dict[str, str]) -> bytes:
    """Return a figure as the bytes of a PNG file. about: metadata, such as its alt text."""
    stream = io.BytesIO()
    with own_style():
        figure.savefig(stream, format="png", dpi=DPI, metadata={"Software": None, **about})
    return stream.getvalue()
