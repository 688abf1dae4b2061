"""The figures of a result as files, the same bytes for the same result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.plots.describe import (
    SHARE_PREFIX,
    alt_text,
    figure_names,
    subtitle,
    title,
    variable_of,
)
from sim.plots.frame import framed, png
from sim.plots.incidence import plot_cumulative_incidence
from sim.plots.shares import plot_outcome_shares
from sim.plots.weekly import plot_fan, plot_share_by_week
from sim.plots.why import plot_levers, plot_obstacles, plot_reasons
from sim.plots.zone import plot_zone
from sim.results import Ensemble

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: The figures that show no single variable.
_DRAWN = {
    "outcome_shares": plot_outcome_shares,
    "cumulative_incidence": plot_cumulative_incidence,
    "zone": plot_zone,
    "reasons": plot_reasons,
    "obstacles": plot_obstacles,
    "levers": plot_levers,
}
#: Letters of the subtitle that fit across a figure.
_LINE = 88


def draw(ensemble: Ensemble, figure_name: str, ax: Axes | None = None) -> Axes:
    """Draw the figure of that name, as in ``figure_names``. Raises UsageError."""
    variable = variable_of(ensemble, figure_name)
    if figure_name in _DRAWN:
        return _DRAWN[figure_name](ensemble, ax)
    if figure_name.startswith(SHARE_PREFIX):
        return plot_share_by_week(ensemble, variable, ax)
    return plot_fan(ensemble, variable, ax)


def make_figure(ensemble: Ensemble, name: str) -> Figure:
    """Return the figure of that name with its title, subtitle and note. Raises UsageError."""
    return framed(
        title(ensemble, name),
        subtitle(ensemble, _LINE),
        lambda figure: draw(ensemble, name, figure.add_subplot()),
    )


def save_figures(ensemble: Ensemble, folder: str | Path) -> list[Path]:
    """Write every figure of ``figure_names`` as a PNG file into an existing folder.

    Its alt text travels in the metadata of a file, as ``Description``. Neither pyplot nor its
    settings are touched or read.
    """
    return [_save(ensemble, name, Path(folder)) for name in figure_names(ensemble)]


def _save(ensemble: Ensemble, name: str, folder: Path) -> Path:
    path = folder / f"{name}.png"
    path.write_bytes(figure_bytes(ensemble, name))
    return path


def figure_bytes(ensemble: Ensemble, name: str) -> bytes:
    """Return the figure of that name as the bytes of a PNG file. Raises UsageError."""
    about = {
        "Title": f"{title(ensemble, name)}. {subtitle(ensemble)}",
        "Description": alt_text(ensemble, name),
    }
    return png(make_figure(ensemble, name), about)
