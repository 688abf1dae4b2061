"""What an analysis of drivers starts from: points and a response, from a run or from a sweep.

From a plain run each replicate is a point, at the values drawn for it, and the response is 1 where
it ended so: its variance holds chance as well. From a sweep each point of the design is a point,
and the response is the share of its replicates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.discovery import Box, find_boxes
from sim.analysis.drivers import (
    ENOUGH_POINTS,
    Driver,
    given_data,
    morris_effects,
    sobol_indices,
)
from sim.analysis.groups import group
from sim.analysis.intervals import Z95, wilson
from sim.analysis.shares import Mask
from sim.errors import UsageError
from sim.outcomes import OUTCOMES
from sim.results import Array, Ensemble
from sim.sweeps import Sweep

#: What can be explained: the outcomes and what is counted across them.
RESPONSES = (*OUTCOMES, "agreement", "signed", "reneged", "out_of_office")
METHODS = {
    "sobol": "Sobol' first-order and total indices",
    "morris": "mean absolute elementary effects (Morris)",
    "given data": "first-order indices from given data",
}


@dataclass(frozen=True)
class Study:
    """Points and a response. points: driver -> value, shape (N,). response: shape (N,).

    method: key of ``METHODS``. replicates: of each point. is_run: whether points are replicates.
    same: remarks on drivers that are one number.
    """

    title: str
    outcome: str
    method: str
    points: dict[str, npt.NDArray[Any]]
    response: Array
    replicates: int
    is_run: bool
    same: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Number of points N."""
        return len(self.response)

    def drivers(self) -> list[Driver]:
        """Return the drivers as the design allows, the strongest first. Raises UsageError."""
        if self.method == "sobol":
            return sobol_indices(self.points, self.response)
        if self.method == "morris":
            return morris_effects(self.points, self.response)
        return given_data(self.points, self.response)

    def boxes(self) -> list[Box]:
        """Return boxes in which the points of ``interesting`` are common. Raises UsageError."""
        return find_boxes(self.points, self.interesting())

    def interesting(self) -> Mask:
        """Return which points to look for: those that ended so, in a sweep the upper fifth."""
        if self.is_run:
            return self.response > 0
        return np.asarray(self.response > np.quantile(self.response, 0.8), dtype=np.bool_)

    def remarks(self) -> list[str]:
        """Return what a reader must know before trusting the intervals."""
        found = list(self.same)
        if self.size < ENOUGH_POINTS:
            found.append(
                f"{self.size:,} points are few: intervals are wide and weak drivers cannot be told "
                f"from none; {ENOUGH_POINTS:,} or more are advised"
            )
        return found


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean response of a group of points, with its 95% interval."""

    label: str
    centre: float
    points: int
    mean: float
    low: float
    high: float


def study_run(ensemble: Ensemble, outcome: str) -> Study:
    """Return the study of a plain run. Raises UsageError if no parameter was uncertain."""
    if not ensemble.parameters:
        raise UsageError(
            "no parameter of this run is uncertain, so its replicates differ by chance alone; "
            "give parameters distributions, or vary them: parley sweep "
            f"{ensemble.design['scenario']} --vary PATH -o STORE"
        )
    groups: dict[str, Mask] = {
        "agreement": ensemble.agreement,
        "signed": ensemble.signed,
        "reneged": ensemble.reneged,
        "out_of_office": ensemble.out_of_office,
    }
    check_response(outcome)
    mask = groups[outcome] if outcome in groups else ensemble.outcome == OUTCOMES.index(outcome)
    varied, same = _distinct(ensemble)
    response = mask.astype(np.float64)
    return Study(ensemble.title, outcome, "given data", varied, response, 1, True, same)


def _distinct(ensemble: Ensemble) -> tuple[dict[str, npt.NDArray[Any]], tuple[str, ...]]:
    """Return the parameters that vary, each number once, and which paths share one."""
    varied: dict[str, npt.NDArray[Any]] = {}
    owner: dict[bytes, str] = {}
    same = []
    for path, values in ensemble.parameters.items():
        if np.ptp(values) == 0:
            continue
        first = owner.setdefault(values.tobytes(), path)
        if first == path:
            varied[path] = values
        else:
            same.append(f"{path} is the same number as {first}, which stands for both")
    return varied, tuple(same)


def study_sweep(sweep: Sweep, outcome: str) -> Study:
    """Return the study of a sweep. Raises UsageError unless every point is there."""
    check_response(outcome)
    if not sweep.is_complete:
        missing = int((sweep.replicates < int(sweep.design["replicates"])).sum())
        raise UsageError(
            f"{missing} of {sweep.size} points are not finished; go on with `parley sweep ... "
            "--resume` first"
        )
    method = {"saltelli": "sobol", "morris": "morris"}.get(sweep.method, "given data")
    title = str(sweep.scenario["title"])
    number = int(sweep.design["replicates"])
    response = np.asarray(sweep.mean(outcome), dtype=np.float64)
    return Study(title, outcome, method, dict(sweep.points), response, number, False)


def check_response(outcome: str) -> None:
    """Raise UsageError unless ``outcome`` is one of ``RESPONSES``."""
    if outcome not in RESPONSES:
        raise UsageError(f"there is no outcome '{outcome}'; it may be {', '.join(RESPONSES)}")


def curve(study: Study, driver: str) -> list[Mean]:
    """Return the mean response along a driver: by value if they are few, else by bin.

    Interval: Wilson in a run; in a sweep that of the mean over the points of the group.
    """
    cut = group(study.points[driver])
    return [
        _mean(label, float(cut.centres[k]), study.response[cut.code == k], study.is_run)
        for k, label in enumerate(cut.labels)
    ]


def _mean(label: str, centre: float, values: Array, is_run: bool) -> Mean:
    size, mean = len(values), float(values.mean())
    if is_run:
        low, high = wilson(int(values.sum()), size)
    else:
        half = Z95 * float(values.std(ddof=1)) / np.sqrt(size) if size > 1 else float("nan")
        low, high = max(mean - half, 0.0), min(mean + half, 1.0)
    return Mean(label, centre, size, mean, float(low), float(high))


def heat(study: Study, first: str, second: str, bins: int = 8) -> tuple[Array, Array, list[Any]]:
    """Return mean response and number of points of each cell, and the two groupings.

    Both arrays have a row per group of ``second`` and a column per group of ``first``; the mean is
    NaN in an empty cell.
    """
    cuts = [group(study.points[name], bins) for name in (first, second)]
    cell = cuts[1].code * cuts[0].size + cuts[0].code
    shape = (cuts[1].size, cuts[0].size)
    number = np.bincount(cell, minlength=shape[0] * shape[1]).astype(np.float64)
    total = np.bincount(cell, study.response, minlength=len(number))
    mean = np.divide(total, number, out=np.full(len(number), np.nan), where=number > 0)
    return mean.reshape(shape), number.reshape(shape), cuts
