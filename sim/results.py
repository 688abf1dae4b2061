"""The result of an ensemble: what was run, how each replicate ended, how variables went.

A result knows no model: it carries the resolved scenario, its digest, seed and environment, and is
all that analysis, figures and reports read. R is the number of replicates, T the number of weeks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim import arguments
from sim.errors import UsageError
from sim.outcomes import AGREEMENT, OUT_OF_OFFICE, OUTCOMES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NOTE = "conditional on the model and its assumptions; not a forecast"
#: Trajectories of so many replicates are kept; the weekly histograms count all.
KEPT_TRAJECTORIES = 10_000


#: Stands between variable and week in the name of a column that holds a moment.
_AT = "@"


def moment_column(name: str, week: int) -> str:
    """Return the column of ``Ensemble.table`` that holds a variable at the end of a week."""
    return f"{name}{_AT}{week}"


def watched(table: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """Return the variables and weeks whose values a table holds."""
    found = (column.rpartition(_AT) for column in table if _AT in column)
    return tuple((name, int(week)) for name, _, week in found)


@dataclass(frozen=True)
class Column:
    """What a recorded variable is: grid of its histogram, unit, meaning."""

    low: float
    high: float
    unit: str
    meaning: str


@dataclass(frozen=True)
class Weekly:
    """A recorded variable by week.

    paths: shape (kept, T), NaN after a replicate's end. counts: shape (T, GRID), replicates at
    each point of the grid from ``column.low`` to ``column.high``, of all that still run.
    """

    column: Column
    paths: Array
    counts: npt.NDArray[np.int64]

    def quantiles(self, probabilities: Sequence[float]) -> Array:
        """Return quantiles over the replicates still running, shape (T, Q); NaN where none is."""
        probabilities = arguments.fractions("probabilities", probabilities)
        total = self.counts.sum(axis=1)
        running = np.cumsum(self.counts, axis=1)
        grid = np.linspace(self.column.low, self.column.high, self.counts.shape[1])
        found = np.full((len(total), len(probabilities)), np.nan)
        for index, probability in enumerate(probabilities):
            reached = running >= np.maximum(np.ceil(probability * total), 1)[:, None]
            found[:, index] = np.where(total > 0, grid[reached.argmax(axis=1)], np.nan)
        return found


@dataclass(frozen=True)
class Ensemble:
    """R replicates of one scenario. Made by ``sim.run`` and ``sim.open_result``.

    scenario: the resolved scenario as plain data. design: scenario, digest, seed, weeks.
    table: column -> array of shape (R,): replicate, outcome, sublabel (codes), week, signed_week,
    settlement, attempts, failed_rounds, recognisers, what the means need, and moments.
    twins: outcome codes of the replicates' twins (same parameters, other chance), shape (<= R,).
    parameters: drawn values of the uncertain parameters by path, each of shape (R,).
    weekly: recorded variables by name. environment: versions and CPU features.
    """

    scenario: Mapping[str, Any]
    design: Mapping[str, Any]
    table: Mapping[str, npt.NDArray[Any]]
    twins: npt.NDArray[np.int8]
    parameters: Mapping[str, Array]
    weekly: Mapping[str, Weekly] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Say in a line what it is; the whole scenario would fill the screen."""
        name, seed = self.design["scenario"], self.design["seed"]
        return f"<Ensemble of {name}: {self.replicates:,} replicates, seed {seed}>"

    @property
    def replicates(self) -> int:
        """Number of replicates R."""
        return len(self.table["replicate"])

    @property
    def weeks(self) -> int:
        """Number of weeks T of the run."""
        return int(self.design["weeks"])

    @property
    def title(self) -> str:
        """Title of the scenario."""
        return str(self.scenario["title"])

    @property
    def outcome(self) -> npt.NDArray[np.int8]:
        """Outcome code of each replicate, shape (R,); names are in ``sim.outcomes``."""
        return self.table["outcome"]

    @property
    def agreement(self) -> Mask:
        """Where a labelled deal survived."""
        return np.isin(self.outcome, AGREEMENT)

    @property
    def signed(self) -> Mask:
        """Where a deal was ever signed."""
        return self.table["signed_week"] > 0

    @property
    def reneged(self) -> Mask:
        """Where a deal was reneged on at least once."""
        return self.table["reneged"] > 0

    @property
    def out_of_office(self) -> Mask:
        """Where the government no longer governs alone at the end."""
        return np.isin(self.outcome, OUT_OF_OFFICE)

    def moment(self, name: str, week: int) -> Array:
        """Return a variable at the end of a week, shape (R,); week 0 is the start.

        A replicate that ended before counts with its last value. Raises UsageError unless the run
        was told to watch it.
        """
        week = arguments.whole("week", week)
        column = moment_column(name, week)
        if column not in self.table:
            told = f"watch=[({name!r}, {week})]"
            raise UsageError(f"the run did not watch {name!r} in week {week}; run it with {told}")
        return self.table[column]

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row per replicate, in the columns of ``outcomes.csv``."""
        from sim.analysis.tables import outcomes_frame

        return outcomes_frame(self)

    def shares(self) -> pd.DataFrame:
        """Return the eight outcome shares with 95% intervals (simulation error only)."""
        import pandas as pd

        from sim.analysis.shares import outcome_shares

        rows = outcome_shares(self)
        return pd.DataFrame([row.as_dict() for row in rows], index=list(OUTCOMES))

    def summary(self) -> dict[str, Any]:
        """Return what ``parley run --json`` prints."""
        from sim.analysis.summary import summarise

        return summarise(self)

    def plot_outcomes(self, ax: Axes | None = None) -> Axes:
        """Draw the outcome shares with their intervals; returns the axes."""
        from sim.plots import plot_outcome_shares

        return plot_outcome_shares(self, ax)

    def save(self, folder: arguments.AnyPath, force: bool = False, figures: bool = True) -> Path:
        """Write every file of a result into ``folder`` at once, or nothing.

        force: replace an earlier result there. Raises UsageError if the folder exists otherwise,
        RunError if it cannot be written.
        """
        from sim.storage import save

        where = arguments.path("folder", folder)
        overwrites = arguments.flag("force", force)
        return save(self, where, overwrites, arguments.flag("figures", figures))


def open_result(folder: arguments.AnyPath) -> Ensemble:
    """Load a saved result, checking the digest of every file. Raises RunError."""
    from sim.storage import load

    return load(arguments.path("folder", folder))
