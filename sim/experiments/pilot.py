"""A few replicates before a sweep: does it change anything?"""

from __future__ import annotations

from collections.abc import Sequence
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


def idle_axes(scenario: Scenario, axes: Sequence[Axis], seed: int) -> tuple[str, ...]:
    """Return the paths whose ends, all else as in the base, give the same on the same luck.

    Raises UsageError where not even all axes together change a column of the result.
    """
    moved: dict[str, bool] = {}
    for axis in axes:
        ends = [{axis.path: value} for value in extremes(axis)]
        tables = [_run(scenario, changes, seed) for changes in ends]
        moved[axis.path] = any(_differ(tables[0], table) for table in tables[1:])
    together = False
    if not any(moved.values()):
        low = {axis.path: extremes(axis)[0] for axis in axes}
        high = {axis.path: extremes(axis)[-1] for axis in axes}
        together = _differ(_run(scenario, low, seed), _run(scenario, high, seed))
    idle = tuple(path for path, moves in moved.items() if not moves)
    if len(idle) == len(axes) and not together:
        raise UsageError(
            f"the sweep changes nothing: {', '.join(idle)} moved no outcome and no other column "
            f"of the result in {SIZE} replicates at either end"
        )
    return idle


def _run(scenario: Scenario, changes: dict[str, Any], seed: int) -> dict[str, Any]:
    altered = Parcel(scenario.alter(changes, LABEL))
    return run_block(Task(altered, seed, 0, SIZE, 0, False, False)).table


def _differ(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return any(not np.array_equal(one[n], other[n], equal_nan=True) for n in one)
