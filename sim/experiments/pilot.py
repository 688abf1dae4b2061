"""A few replicates before a sweep: does it change anything, and how long will it take?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.blocks import Task, run_block
from sim.errors import UsageError
from sim.executors import Parcel
from sim.experiments.axes import LABEL, extremes
from sim.scenario.scenario import Scenario
from sim.sweeps import Axis

#: Replicates of the pilot at each of its points.
SIZE = 512


@dataclass(frozen=True)
class Pilot:
    """What a pilot told. seconds: per replicate on one process. idle: paths that moved nothing."""

    seconds: float
    idle: tuple[str, ...]


def fly(scenario: Scenario, axes: Sequence[Axis], seed: int) -> Pilot:
    """Run the ends of every axis alone and of all axes together, on the same luck.

    Raises UsageError where no column of the result differs between any of them.
    """
    started, runs = time.perf_counter(), 0
    moved: dict[str, bool] = {}
    for axis in axes:
        ends = [{axis.path: value} for value in extremes(axis)]
        tables = [_run(scenario, changes, seed) for changes in ends]
        runs += len(tables)
        moved[axis.path] = any(_differ(tables[0], table) for table in tables[1:])
    together = False
    if not any(moved.values()):
        low = {axis.path: extremes(axis)[0] for axis in axes}
        high = {axis.path: extremes(axis)[-1] for axis in axes}
        together = _differ(_run(scenario, low, seed), _run(scenario, high, seed))
        runs += 2
    seconds = (time.perf_counter() - started) / (runs * SIZE)
    idle = tuple(path for path, moves in moved.items() if not moves)
    if len(idle) == len(axes) and not together:
        raise UsageError(
            f"the sweep changes nothing: {', '.join(idle)} moved no outcome and no other column "
            f"of the result in {SIZE} replicates at either end"
        )
    return Pilot(seconds, idle)


def _run(scenario: Scenario, changes: dict[str, Any], seed: int) -> dict[str, Any]:
    altered = Parcel(scenario.alter(changes, LABEL))
    return run_block(Task(altered, seed, 0, SIZE, 0, False, False)).table


def _differ(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return any(not np.array_equal(one[n], other[n], equal_nan=True) for n in one)
