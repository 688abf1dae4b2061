"""Many points of a sweep in one wide model: which points fit together, and what is kept of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.blocks import Block, Task, run_block
from sim.errors import RunError
from sim.executors import Parcel
from sim.experiments.axes import LABEL, is_batched
from sim.outcomes import OUTCOMES
from sim.scenario.scenario import Scenario
from sim.sweeps import NUMBERS, SQUARED, SUMS, Axis, canonical

#: Rows (points x replicates) of a block's arrays, as wide as pays off.
WIDTH = 4096

Counts = npt.NDArray[np.int64]
#: Of each block: numbers of its points, first replicate, replicates.
Blocks = list[tuple[tuple[int, ...], int, int]]
#: By number of a point: first and number of its finished replicates, in order.
Finished = Mapping[int, Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class PointTask:
    """A block of a sweep: replicates of some points, all of one structure; picklable."""

    points: tuple[int, ...]
    task: Task


@dataclass(frozen=True, slots=True)
class Failure:
    """A block that could not be computed to its end, and why."""

    reason: str


class Structures:
    """The scenarios that a sweep's points are of, one per combination of what is no parameter."""

    def __init__(self, scenario: Scenario, axes: Sequence[Axis]) -> None:
        self._scenario = scenario
        self._axes = axes
        self._batched = [is_batched(scenario, axis) for axis in axes]
        self._known: dict[str, Parcel[Scenario]] = {}

    def key(self, point: Sequence[Any]) -> str:
        """Return what is equal for points that can share a model."""
        return canonical(
            [v for v, batched in zip(point, self._batched, strict=True) if not batched]
        )

    def parcel(self, point: Sequence[Any]) -> Parcel[Scenario]:
        """Return the scenario of a point, without its batched parameters. Raises ScenarioError."""
        key = self.key(point)
        if key not in self._known:
            self._known[key] = Parcel(self._altered(point))
        return self._known[key]

    def _altered(self, point: Sequence[Any]) -> Scenario:
        values = zip(self._axes, point, self._batched, strict=True)
        changes = {axis.path: value for axis, value, batched in values if not batched}
        if not changes:
            return self._scenario
        # The batched parameters are laid on as well, so that one which is gone is refused here.
        rest = {
            axis.path: value
            for axis, value, batched in zip(self._axes, point, self._batched, strict=True)
            if batched
        }
        altered = self._scenario.alter(changes, LABEL)
        altered.alter(rest, LABEL)
        return altered

    def values(self, points: Sequence[Sequence[Any]]) -> Mapping[str, npt.NDArray[np.float64]]:
        """Return path -> value at each of the points, of the batched parameters."""
        return {
            axis.path: np.array([point[index] for point in points], dtype=np.float64)
            for index, axis in enumerate(self._axes)
            if self._batched[index]
        }


def plan_blocks(
    structures: Structures,
    points: Sequence[Sequence[Any]],
    finished: Finished,
    replicates: int,
) -> Blocks:
    """Return the blocks that are missing: numbers of their points, first replicate, replicates.

    Points of one structure that lack the same replicates are taken together, in their order.
    """
    groups: dict[tuple[str, int, int], list[int]] = {}
    for number, point in enumerate(points):
        for first, size in _missing(finished.get(number, ()), replicates):
            groups.setdefault((structures.key(point), first, size), []).append(number)
    blocks = []
    for (_, first, size), members in groups.items():
        together = max(1, WIDTH // size)
        for at in range(0, len(members), together):
            blocks.append((tuple(members[at : at + together]), first, size))
    return sorted(blocks, key=lambda block: (block[0][0], block[1]))


def _missing(ranges: Sequence[tuple[int, int]], replicates: int) -> Iterator[tuple[int, int]]:
    """Yield what finished ranges leave of the replicates, in pieces of at most ``WIDTH``."""
    start = 0
    for first, size in [*ranges, (replicates, 0)]:
        for piece in range(start, first, WIDTH):
            yield piece, min(WIDTH, first - piece)
        start = first + size


def tasks_of(
    structures: Structures, points: Sequence[Sequence[Any]], blocks: Blocks, seed: int
) -> Iterator[PointTask]:
    """Yield the task of each block."""
    for numbers, first, size in blocks:
        chosen = [points[number] for number in numbers]
        values = structures.values(chosen) or None
        # Points without parameters of their own are equal, and one run serves all of them.
        task = Task(structures.parcel(chosen[0]), seed, first, size, 0, False, False, values)
        yield PointTask(numbers, task)


def run_points(job: PointTask) -> Counts | Failure:
    """Run a block and return the sums of ``NUMBERS`` per point, shape (points, columns)."""
    try:
        block = run_block(job.task)
    except RunError as error:
        return Failure(str(error))
    found = reduce(block, job.task.size)
    return np.repeat(found, len(job.points), axis=0) if len(found) == 1 else found


def reduce(block: Block, replicates: int) -> Counts:
    """Return exact sums over each point's replicates, shape (points, len(NUMBERS))."""
    table = block.table
    outcome = table["outcome"].reshape(-1, replicates)
    columns = {name: (outcome == code).sum(axis=1) for code, name in enumerate(OUTCOMES)}
    numbers = {**table, "signed": (table["signed_week"] > 0) * 1}
    for name, unit in SUMS.items():
        values = numbers[name].reshape(-1, replicates)
        columns[name] = np.rint(values * float(unit)).astype(np.int64).sum(axis=1)
        if name in SQUARED:
            square = values.astype(np.float64) ** 2
            columns[f"{name}_squared"] = np.rint(square * unit).astype(np.int64).sum(axis=1)
    return np.stack([columns[name] for name in NUMBERS], axis=1).astype(np.int64)
