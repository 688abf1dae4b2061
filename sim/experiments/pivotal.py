"""The single state whose recognition moves the cascade most, on the same luck.

Each state in turn changes sides at the start: one that does not recognise the opposition does, one
that does no longer does; it holds that position until its own government changes. What counts is
how many *other* states recognise at the end, against the same replicates without the change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.analysis.intervals import Z95
from sim.crisis import CrisisModel
from sim.errors import UsageError
from sim.mechanisms.recognition import NEITHER, OPPOSITION
from sim.scenario.scenario import Scenario

#: Rows of a model at most.
WIDTH = 8192

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Pivot:
    """What a state's change of sides does to the number of other recognisers at the end.

    joins: whether the change is toward the opposition. shift: mean paired difference in states,
    with its 95% interval.
    """

    code: str
    name: str
    bloc: str
    joins: bool
    shift: float
    low: float
    high: float


def pivotal_states(
    scenario: Scenario, replicates: int = 200, seed: int = 0, progress: Progress | None = None
) -> list[Pivot]:
    """Return every state by how far its change of sides moves the others, the furthest first.

    Raises UsageError for a scenario without states.
    """
    codes = list(scenario.members)
    if not codes:
        raise UsageError(f"{scenario.name}: has no states, so no recognition can move others")
    before, _ = _ends(scenario, (), replicates, seed)
    step = max(1, WIDTH // replicates)
    found = []
    for first in range(0, len(codes), step):
        part = codes[first : first + step]
        after, joins = _ends(scenario, part, replicates, seed)
        for k, code in enumerate(part):
            rows = slice(k * replicates, (k + 1) * replicates)
            others = [name for name in codes if name != code]
            shift = _count(after, rows, others) - _count(before, slice(None), others)
            found.append(_pivot(scenario, code, bool(joins[k]), shift))
        if progress is not None:
            progress(min(first + step, len(codes)), len(codes))
    return sorted(found, key=lambda one: (-abs(one.shift), one.code))


def _pivot(scenario: Scenario, code: str, joins: bool, shift: Array) -> Pivot:
    member, mean, size = scenario.members[code], float(shift.mean()), len(shift)
    half = Z95 * float(shift.std(ddof=1)) / np.sqrt(size) if size > 1 else np.nan
    ends = float(mean - half), float(mean + half)
    return Pivot(code, member.name or code, member.bloc or "", joins, mean, *ends)


def _count(ends: dict[str, Mask], rows: slice, codes: list[str]) -> Array:
    total = np.zeros(len(ends[codes[0]][rows])) if codes else np.zeros(0)
    for code in codes:
        total = total + ends[code][rows]
    return total


def _ends(
    scenario: Scenario, flipped: Sequence[str], replicates: int, seed: int
) -> tuple[dict[str, Mask], list[bool]]:
    """Return by state where it recognises the opposition in each replicate's last week.

    flipped: one state after the other changes sides at the start, in a point of its own; none
    means one point without a change. Rows are point after point. Second: whether each one joined.
    """
    path, value = _unchanged(scenario)
    points = {path: np.full(max(len(flipped), 1), value)}
    model = CrisisModel(scenario, replicates, seed, points=points)
    joins = []
    for k, code in enumerate(flipped):
        mask = np.zeros(model.replicates, dtype=np.bool_)
        mask[k * replicates : (k + 1) * replicates] = True
        joins.append(not bool(model.states.recognises(code)[k * replicates]))
        model.states.set_positions((code,), mask, OPPOSITION if joins[-1] else NEITHER)
    ends = {code: model.states.recognises(code).copy() for code in model.states.codes}
    while model.running:
        live = model.live
        model.step()
        # What a replicate's last week left; what has ended runs on unread.
        ends = {
            code: np.where(live, model.states.recognises(code), kept) for code, kept in ends.items()
        }
    model.release()
    return ends, joins


def _unchanged(scenario: Scenario) -> tuple[str, float]:
    """Return a parameter that is one number, so that points can differ by their states alone."""
    for path, parameter in scenario.parameters.items():
        value = parameter.quantity.value
        if value is not None and path != "weeks" and not path.startswith("timeline."):
            return path, float(value)
    raise UsageError(f"{scenario.name}: every parameter is uncertain; give one a single value")
