"""Drivers of an outcome: indices with intervals, response curves with bands, a heat map."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.drivers import Driver
from sim.analysis.study import METHODS, Study, curve, heat
from sim.plots.style import BLUE, INK, MIST, PALE, SMALL, axes_or_new, in_percent, readable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: So many drivers are drawn; the others are in the table.
SHOWN, CURVES = 12, 6


def short(path: str) -> str:
    """Return the path of a parameter without what every path begins with, in words."""
    return path.removeprefix("actors.").replace(".", ": ", 1).replace("_", " ")


def plot_drivers(study: Study, drivers: Sequence[Driver], ax: Axes | None = None) -> Axes:
    """Draw the strongest drivers: index as a dot, 95% interval as a line; total index as a ring.

    ax: where to draw; a new figure by default.
    """
    shown = drivers[:SHOWN]
    rows = np.arange(len(shown))
    with axes_or_new(ax) as axes:
        for row, one in enumerate(shown):
            sure = one.low > 0
            axes.plot([one.low, one.high], [row, row], color=BLUE if sure else MIST, lw=2.4)
            axes.plot(one.index, row, "o", color=BLUE if sure else MIST, ms=7)
            if np.isfinite(one.total):
                ends = [one.total_low, one.total_high]
                axes.plot(ends, [row + 0.28] * 2, color=PALE, lw=2.4)
                axes.plot(one.total, row + 0.28, "o", mfc="white", mec=INK, ms=6)
        axes.set_yticks(rows, [textwrap.fill(short(one.name), 34) for one in shown])
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.axvline(0.0, color=INK, lw=1.0)
        axes.grid(axis="x")
        label = METHODS[study.method]
        ring = "; ring: total index" if study.method == "sobol" else ""
        axes.set_xlabel(f"{label}\n(line: 95% interval; grey: may be 0{ring})")
    return axes


def plot_curve(study: Study, driver: str, ax: Axes | None = None) -> Axes:
    """Draw the mean response along one driver with its 95% band."""
    rows = curve(study, driver)
    with axes_or_new(ax) as axes:
        x = [row.centre for row in rows]
        axes.fill_between(x, [r.low for r in rows], [r.high for r in rows], color=PALE, lw=0)
        axes.plot(x, [row.mean for row in rows], color=BLUE, marker="o", ms=3, lw=1.6)
        axes.set_ylim(bottom=0.0)
        in_percent(axes.yaxis)
        axes.set_title(textwrap.fill(short(driver), 30), fontsize=SMALL, loc="left")
        if study.points[driver].dtype == object:
            axes.set_xticks(x, [row.label for row in rows])
        axes.grid(axis="y")
    return axes


def draw_curves(study: Study, drivers: Sequence[Driver], figure: Figure) -> None:
    """Draw the response along the strongest drivers as small multiples on one scale."""
    names = [one.name for one in drivers[:CURVES]]
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    axes = figure.subplots(rows, columns, squeeze=False, sharey=True)
    for place, ax in enumerate(axes.flat):
        if place < len(names):
            plot_curve(study, names[place], ax)
            ax.tick_params(labelsize=SMALL - 1)
        else:
            ax.set_visible(False)
    top = max(ax.get_ylim()[1] for ax in axes.flat[: len(names)])
    axes.flat[0].set_ylim(0.0, top)
    figure.supylabel(f"share: {readable(study.outcome)} (band: 95%)", fontsize=12)


def plot_heat(study: Study, first: str, second: str, ax: Axes | None = None) -> Axes:
    """Draw the mean response over two drivers; empty cells stay white."""
    mean, _, cuts = heat(study, first, second)
    with axes_or_new(ax) as axes:
        image = axes.imshow(mean, origin="lower", aspect="auto", cmap="cividis", vmin=0.0)
        for axis, cut, name in ((axes.xaxis, cuts[0], first), (axes.yaxis, cuts[1], second)):
            axis.set_ticks(range(cut.size), [_tick(c, cut, k) for k, c in enumerate(cut.centres)])
            axis.label.set_text(short(name))
        bar = axes.figure.colorbar(image, ax=axes)
        bar.set_label(f"share: {readable(study.outcome)}")
        in_percent(bar.ax.yaxis)
    return axes


def _tick(centre: float, cut: object, place: int) -> str:
    labels: tuple[str, ...] = getattr(cut, "labels", ())
    return f"{centre:.3g}" if " to " in labels[place] else labels[place]
