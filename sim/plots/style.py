"""The look of the figures: colours and lines of the outcomes, sizes, words and digits.

Colours are those of Okabe and Ito (2008, https://jfly.uni-koeln.de/color/) with grey in place of
yellow, which a projector swallows. What a colour tells, a line style or a label tells again.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from sim import arguments
from sim.outcomes import OUTCOMES
from sim.plots.words import as_written
from sim.results import Ensemble

if TYPE_CHECKING:
    from matplotlib.axis import Axis

Array = npt.NDArray[np.float64]
Line = str | tuple[int, tuple[float, ...]]

BLACK, GREY, ORANGE, SKY = "#000000", "#999999", "#E69F00", "#56B4E9"
GREEN, BLUE, VERMILLION, PURPLE = "#009E73", "#0072B2", "#D55E00", "#CC79A7"

#: One colour and one line style per outcome, wherever it is drawn.
COLOURS: dict[str, str] = dict(
    zip(OUTCOMES, (VERMILLION, ORANGE, GREEN, BLUE, SKY, BLACK, PURPLE, GREY), strict=True)
)
LINES: dict[str, Line] = dict(
    zip(
        OUTCOMES,
        (
            "solid",
            (0, (1, 1)),
            (0, (6, 1.5, 1, 1.5, 1, 1.5)),
            (0, (3, 1.5)),
            (0, (6, 1.5)),
            (0, (6, 1.5, 1, 1.5)),
            "solid",
            "solid",
        ),
        strict=True,
    )
)
#: Ink of marks and words that belong to no outcome.
INK, MIST, PALE, GUIDE, STRIP = "#333333", "#8A8A8A", "#C8C8C8", "#E4E4E4", "#F0F0F0"

#: Inches of a figure, and its resolution as a file.
SIZE = (8.0, 5.0)
DPI = 150
#: Points of the smallest words in a figure.
SMALL = 11.0

STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 12,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 13,
    "figure.facecolor": "white",
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "grid.color": GUIDE,
    "hatch.linewidth": 0.8,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "lines.linewidth": 2.2,
    "text.color": INK,
    "xtick.color": INK,
    "xtick.labelsize": SMALL,
    "ytick.color": INK,
    "ytick.labelsize": SMALL,
}


@contextmanager
def own_style() -> Iterator[None]:
    """Draw in the style of the package alone, whatever settings the surroundings have."""
    with warnings.catch_warnings(), matplotlib.rc_context():
        warnings.simplefilter("ignore", matplotlib.MatplotlibDeprecationWarning)
        # Said already, once for all signs, by ``as_written``.
        warnings.filterwarnings("ignore", "Glyph .* missing|Matplotlib currently does not support")
        # matplotlib.style would do, but reads the user's own style files and fails where they do.
        plain = {name: matplotlib.rcParamsDefault[name] for name in matplotlib.rcParamsDefault}
        del plain["backend"]
        matplotlib.rcParams.update({**plain, **STYLE})
        yield


@contextmanager
def axes_or_new(ax: Axes | None) -> Iterator[Axes]:
    """Yield the axes given, or those of a new pyplot figure in the style of the package.

    What is written on them meanwhile is drawn as it is; formulas of the caller's own stay formulas.
    """
    if ax is not None:
        if not isinstance(ax, Axes):
            raise arguments.refusal("ax", "axes of matplotlib", ax)
        before = {text: text.get_text() for text in ax.findobj(Text)}
        yield ax
        as_written(t for t in ax.findobj(Text) if t.get_text() != before.get(t, ""))
        return
    import matplotlib.pyplot as plt

    with matplotlib.rc_context(STYLE):
        axes = plt.subplots(figsize=SIZE, layout="constrained")[1]
        yield axes
        as_written(axes.findobj(Text))


def readable(name: str) -> str:
    """Return the name of an outcome or variable in words."""
    if name in ("x_min", "x_max"):
        return name
    topic, _, part = name.removesuffix(".on").replace("_", " ").partition(".")
    return f"{topic} ({part})" if part else topic


def decimals(replicates: int) -> int:
    """Return how many decimals of a percentage the number of replicates supports."""
    return 0 if replicates < 1000 else 1 if replicates < 100_000 else 2


def replicates(ensemble: Ensemble) -> str:
    """Return the number of replicates with its noun."""
    return f"{ensemble.replicates:,} replicate{'s' if ensemble.replicates != 1 else ''}"


def percent(share: float, replicates: int) -> str:
    """Return a share in percent, no finer than so many replicates support."""
    digits = decimals(replicates)
    if 0 < share < 0.5 * 0.1 ** (digits + 2):
        return f"<{0.1**digits:.{digits}f}%"
    return f"{100 * share:.{digits}f}%"


def in_percent(axis: Axis) -> None:
    """Show the shares of an axis in percent, with the digits that its ticks need."""
    axis.set_major_formatter(FuncFormatter(lambda share, _: f"{round(100 * share, 6):g}%"))


def text_height(ax: Axes, size: float = SMALL) -> float:
    """Return the height of a line of text as a fraction of the axes, with room to spare.

    The room allows for a layout engine that takes a third of the height for titles and ticks.
    """
    return 1.9 * size / 72 * ax.figure.dpi / float(ax.bbox.height)


def spread(places: Sequence[float], gap: float, low: float = 0.0, high: float = 1.0) -> Array:
    """Move places apart until neighbours are ``gap`` apart, as little as possible (least squares).

    Their order is kept and they stay within low..high; the gap gives way if that is too narrow.
    """
    if not len(places):
        return np.zeros(0)
    order = np.argsort(places, kind="stable")
    gap = min(gap, (high - low) / max(len(places) - 1, 1))
    shift = gap * np.arange(len(places))
    pools: list[tuple[float, int]] = []
    for place in np.asarray(places, dtype=np.float64)[order] - shift:
        pool = (float(place), 1)
        while pools and pools[-1][0] > pool[0]:
            (mean, size), (value, count) = pools.pop(), pool
            pool = ((mean * size + value * count) / (size + count), size + count)
        pools.append(pool)
    level = np.repeat([mean for mean, _ in pools], [size for _, size in pools])
    moved = np.empty(len(places))
    moved[order] = np.clip(level, low, high - shift[-1]) + shift
    return moved


def label_ends(
    ax: Axes,
    ends: Sequence[tuple[float, float]],
    texts: Sequence[str],
    colours: Sequence[str],
    beyond: float | None = None,
) -> None:
    """Write each text to the right of its end (x, y) and tie it to it, none over another.

    beyond: what x the texts stand to the right of, by default that of the last end. The limits of
    both axes must be final.
    """
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    edge = max(x for x, _ in ends) if beyond is None else beyond
    column = (edge - left) / (right - left) + 0.045
    height = text_height(ax) * max(text.count("\n") + 1 for text in texts)
    wanted = [(y - bottom) / (top - bottom) for _, y in ends]
    places = spread(wanted, height, 0.4 * height, 1 - 0.4 * height)
    for end, place, text, colour in zip(ends, places, texts, colours, strict=True):
        ax.annotate(
            text,
            xy=end,
            xytext=(column, float(place)),
            textcoords="axes fraction",
            fontsize=SMALL,
            va="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "lw": 1.2,
                "relpos": (0.0, 0.5),
                "shrinkB": 0.0,
            },
        )


def note_above(ax: Axes, text: str) -> None:
    """Write a remark above the axes, where no data are; lines are broken to the width."""
    import textwrap

    ax.text(0.0, 1.02, textwrap.fill(text, 78), transform=ax.transAxes, fontsize=SMALL, va="bottom")
