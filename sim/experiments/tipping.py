"""Tipping points: where along a parameter the most likely outcome changes, on the same luck.

A parameter is set to a value in every replicate, as ``--set`` does, and moved from its present
value (of a distribution: the median) toward an end of its documented range. Where the most likely
outcome at the end differs, bisection finds where it turns; a change that comes and
goes between start and end is not seen. Distance is in units of the documented range.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import UsageError
from sim.outcomes import OUTCOMES
from sim.scenario.scenario import Parameter, Scenario
from sim.scenario.wording import INFINITE, did_you_mean

#: The place of a tipping point is found to this part of the way.
PRECISION = 1 / 256
#: Rows of a model at most: wide enough to be fast, small enough for memory.
WIDTH = 16_384

Counts = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Tipping:
    """Where the most likely outcome changes on the way to one end of a parameter's range.

    start: present value. end: the end of the range. value: the tipping point, None if the outcome
    stays. distance: |value - start| in units of the range. before, after: most likely outcome on
    either side of it. shares: their shares at the tipping point.
    """

    path: str
    unit: str
    start: float
    end: float
    value: float | None
    distance: float | None
    before: str
    after: str
    shares: tuple[float, float]


def most_likely(counts: Counts) -> npt.NDArray[np.int64]:
    """Return the code of the most likely outcome of each row of counts, the first of equals."""
    return np.asarray(counts.argmax(axis=-1), dtype=np.int64)


def outcome_counts(
    scenario: Scenario, path: str, values: Sequence[float], replicates: int, seed: int
) -> Counts:
    """Return how many replicates end in each outcome at each value of a parameter, (P, 8)."""
    from sim.crisis import CrisisModel

    rows = []
    step = max(1, WIDTH // replicates)
    for first in range(0, len(values), step):
        part = np.array(values[first : first + step], dtype=np.float64)
        model = CrisisModel(scenario, replicates, seed, points={path: part})
        while model.running:
            model.step()
        ends = model.outcome.reshape(len(part), replicates)
        rows += [np.bincount(row, minlength=len(OUTCOMES)) for row in ends]
        model.release()
    return np.array(rows, dtype=np.int64)


def tipping_points(
    scenario: Scenario,
    paths: Sequence[str] | None = None,
    replicates: int = 1000,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[Tipping]:
    """Return the tipping points toward both ends of each parameter's range, the nearest first.

    paths: by default every parameter with a documented range, which makes the list that of the
    smallest single changes. An argument of an event may be named: it moves along its domain.
    Those whose outcome stays come last. Raises UsageError for a path that is none, or whose range
    is not documented.
    """
    chosen = _chosen(scenario, paths)
    found: list[Tipping] = []
    for number, parameter in enumerate(chosen, start=1):
        found += _both_ways(scenario, parameter, replicates, seed)
        if progress is not None:
            progress(number, len(chosen))
    return sorted(found, key=lambda one: (one.distance is None, one.distance or 0.0, one.path))


def _chosen(scenario: Scenario, paths: Sequence[str] | None) -> list[Parameter]:
    if paths is None:
        return [
            parameter
            for path, parameter in scenario.parameters.items()
            if parameter.given and parameter.quantity.range and path != "weeks"
        ]
    chosen = []
    for path in paths:
        if path not in scenario.parameters:
            raise UsageError(f"unknown path '{path}'{did_you_mean(path, scenario.parameters)}")
        parameter = scenario.parameters[path]
        if path == "weeks":
            raise UsageError(f"{path}: cannot be varied here; `parley sweep` can")
        if _span(parameter) is None:
            raise UsageError(f"{path}: has no documented range to look along; give it one")
        chosen.append(parameter)
    return chosen


def _span(parameter: Parameter) -> tuple[float, float] | None:
    """Return what a parameter is moved along: its range, of an event's argument the domain."""
    if parameter.quantity.range or not parameter.path.startswith("timeline."):
        return parameter.quantity.range
    low, high = parameter.declared.low, parameter.declared.high
    return (low, high) if high < INFINITE else None


def present(scenario: Scenario, parameter: Parameter) -> float:
    """Return a parameter's present value, of a distribution the median."""
    quantity: Any = parameter.quantity
    if quantity.same_as is not None:
        quantity = scenario.parameters[quantity.same_as].quantity
    if quantity.value is not None:
        return float(quantity.value)
    return float(quantity.quantile(np.full(1, 0.5)).item())


def _both_ways(
    scenario: Scenario, parameter: Parameter, replicates: int, seed: int
) -> list[Tipping]:
    low, high = _span(parameter) or (0.0, 0.0)
    start = present(scenario, parameter)
    ends = [end for end in (low, high) if end != start]
    counts = outcome_counts(scenario, parameter.path, [start, *ends], replicates, seed)
    return [
        _one_way(scenario, parameter, start, end, counts[0], counts[k], (replicates, seed))
        for k, end in enumerate(ends, start=1)
    ]


def _one_way(
    scenario: Scenario,
    parameter: Parameter,
    start: float,
    end: float,
    first: Counts,
    last: Counts,
    run: tuple[int, int],
) -> Tipping:
    """Bisect between a value with the present outcome and one without it."""
    low, high = _span(parameter) or (0.0, 1.0)
    code = int(most_likely(first))
    about = (parameter.path, parameter.declared.unit, start, end)
    if int(most_likely(last)) == code:
        name = OUTCOMES[code]
        stays = (float(last[code] / last.sum()),) * 2
        return Tipping(*about, None, None, name, name, stays)
    stay, turn, counts = start, end, last
    whole = parameter.declared.whole
    while abs(turn - stay) > (1 if whole else PRECISION * abs(end - start)):
        middle = (stay + turn) / 2
        middle = float(round(middle)) if whole else middle
        tried = outcome_counts(scenario, parameter.path, [middle], *run)[0]
        if int(most_likely(tried)) == code:
            stay = middle
        else:
            turn, counts = middle, tried
    other = int(most_likely(counts))
    shares = (float(counts[code] / counts.sum()), float(counts[other] / counts.sum()))
    distance = abs(turn - start) / (high - low)
    return Tipping(*about, turn, distance, OUTCOMES[code], OUTCOMES[other], shares)
