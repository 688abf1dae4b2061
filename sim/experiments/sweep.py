"""A sweep: the points of a design, each with its replicates on the same luck, into one store."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import arguments
from sim.ensemble import Progress
from sim.environment import differences, environment
from sim.errors import InPart, Stranded, UsageError
from sim.executors import Lost, open_executor
from sim.experiments import designs, store
from sim.experiments.axes import is_batched, read_axes
from sim.experiments.lock import lock
from sim.experiments.pilot import idle_axes
from sim.experiments.points import (
    Blocks,
    Failure,
    Finished,
    Structures,
    plan_blocks,
    run_points,
    tasks_of,
)
from sim.scenario.loader import Source, load
from sim.scenario.scenario import Scenario
from sim.sweeps import Axis, Sweep, canonical

#: Replicates per point if nothing else is said.
REPLICATES = 1000


@dataclass(frozen=True)
class Plan:
    """A sweep before it runs: its axes, its points in the design's order, what a pilot told."""

    scenario: Scenario
    design: Mapping[str, Any]
    axes: tuple[Axis, ...]
    points: list[tuple[Any, ...]]

    @property
    def replicates(self) -> int:
        """Replicates per point."""
        return int(self.design["replicates"])

    def structures(self) -> Structures:
        """Return the scenarios that the points are of."""
        return Structures(self.scenario, self.axes)

    def blocks(self, finished: Finished) -> Blocks:
        """Return the blocks that remain."""
        return plan_blocks(self.structures(), self.points, finished, self.replicates)

    def idle(self) -> tuple[str, ...]:
        """Return the paths that moved nothing in a pilot. Raises UsageError if none moved any."""
        return idle_axes(self.scenario, self.axes, int(self.design["seed"]))

    def seconds(self) -> float:
        """Return how long all blocks take one process, by the time that the first one took."""
        structures, blocks = self.structures(), self.blocks({})
        job = next(tasks_of(structures, self.points, blocks[:1], int(self.design["seed"])))
        started = time.perf_counter()
        run_points(job)
        size = job.task.size * len(job.points)
        return (time.perf_counter() - started) * len(self.points) * self.replicates / size


def plan_sweep(
    scenario: Scenario,
    vary: Mapping[str, Any],
    design: str = "grid",
    size: int | None = None,
    replicates: int = REPLICATES,
    seed: int = 0,
    *,
    beyond_range: bool = False,
) -> Plan:
    """Return the plan of a sweep, checked; see ``sweep``. Raises UsageError, ScenarioError."""
    replicates, seed = arguments.replicates(replicates), arguments.seed(seed)
    if size is not None:
        size = arguments.whole("points", size, 1, designs.MAX_POINTS)
    axes = read_axes(scenario, vary, arguments.flag("beyond_range", beyond_range))
    found = designs.make(axes, design, size, seed)
    if len({canonical(point) for point in found}) == 1:
        raise UsageError("the sweep changes nothing: all its points are the same")
    about = {
        "scenario": scenario.name,
        "scenario_sha256": scenario.sha256,
        "weeks": scenario.weeks,
        "seed": seed,
        "replicates": replicates,
        "method": design,
        "size": len(found) if design == "grid" else size or designs.SIZES[design][1],
    }
    plan = Plan(scenario, about, axes, found)
    structures = plan.structures()
    if not all(is_batched(scenario, axis) for axis in axes):
        for point in found:
            structures.parcel(point)
    return plan


def sweep(
    scenario: Source,
    vary: Mapping[str, Any],
    *,
    out: arguments.AnyPath,
    design: str = "grid",
    points: int | None = None,
    replicates: int = REPLICATES,
    seed: int = 0,
    workers: int = 1,
    scheduler: str | None = None,
    resume: bool = False,
    beyond_range: bool = False,
    progress: Progress | None = None,
) -> Sweep:
    """Run a sweep into a store and return it; the same rows wherever and however it is run.

    scenario: what ``sim.load`` takes, or returned. vary: path -> list of values, (lo, hi, steps),
    (lo, hi), the text that ``--vary`` takes, or None for the parameter's documented range. out: the
    store, one SQLite file. design: grid, lhs, sobol, saltelli or morris. points: size of a design
    that is no grid. resume: go on with a store that exists, with more replicates or points if there
    are more now. A block that kills its worker three times is named in ``failed`` of what is
    returned, and skipped.
    Raises UsageError, ScenarioError, RunError; InPart, which is one, if the cluster is gone.
    """
    path, resume = arguments.path("out", out), arguments.flag("resume", resume)
    workers = arguments.hands(workers, scheduler, progress)
    subject = load(scenario)
    check_store(path, resume)
    plan = plan_sweep(subject, vary, design, points, replicates, seed, beyond_range=beyond_range)
    if not path.exists():
        plan.idle()
    return carry_out(plan, path, resume, workers, scheduler, progress)


def check_store(path: Path, resume: bool) -> None:
    """Raise UsageError unless a sweep may write to ``path``."""
    if path.is_dir():
        raise UsageError(f"{path}: is a folder; a store is one file")
    if path.exists() and not resume:
        raise UsageError(f"{path}: exists already; use --resume to go on with the sweep in it")


def carry_out(
    plan: Plan,
    path: Path,
    resume: bool,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Compute every block of a plan that the store lacks, and store each as it is finished."""
    with lock(path):
        check_store(path, resume)
        if not path.exists():
            store.create(
                path,
                plan.scenario.resolved(),
                plan.design,
                environment(),
                plan.axes,
                plan.points,
            )
        with store.open_store(path) as opened:
            ordered = _join(plan, opened)
            opened.forget_failures()
            try:
                _compute(plan, ordered, opened, workers, scheduler, progress)
            except Stranded as error:
                kept = f"what is finished is kept in {path}, and --resume goes on from there"
                raise InPart(f"{error}; {kept}") from None
            return opened.sweep()


def _join(plan: Plan, opened: store.Store) -> list[tuple[Any, ...]]:
    """Return the points by their number in the store, which takes in what the plan adds."""
    meta, _ = opened.meta()
    before: dict[str, Any] = json.loads(meta["design"])
    _check_same(plan, before, json.loads(meta["environment"]), opened)
    if before != dict(plan.design) or len(opened.meta()[1]) != len(plan.points):
        opened.extend(plan.design, plan.axes, plan.points)
    _, rows = opened.meta()
    return [plan.points[row[1]] for row in rows]


def _check_same(
    plan: Plan, before: Mapping[str, Any], then: dict[str, str], opened: store.Store
) -> None:
    """Raise UsageError with the differences unless the store is of this sweep."""
    sweep = opened.sweep()
    found = differences(then, environment())
    for key in ("scenario", "scenario_sha256", "weeks", "seed", "method"):
        if before.get(key) != plan.design[key]:
            found.append(f"{key}: {before.get(key)} there, {plan.design[key]} now")
    there, now = ([axis.path for axis in axes] for axes in (sweep.axes, plan.axes))
    if there != now:
        found.append(f"axes: {', '.join(there)} there, {', '.join(now)} now")
    if before["scenario_sha256"] != plan.design["scenario_sha256"]:
        found += _differing_parameters(sweep.scenario, plan.scenario.resolved())
    if int(before["replicates"]) > plan.replicates:
        found.append(f"replicates: {before['replicates']} there, {plan.replicates} now")
    if found:
        raise UsageError(f"{opened.path}: is the store of another sweep: {'; '.join(found)}")


def _differing_parameters(there: Any, now: Any, path: str = "") -> list[str]:
    """Name the first few places at which two resolved scenarios differ."""
    most = 3
    if isinstance(there, Mapping) and isinstance(now, Mapping):
        found: list[str] = []
        for key in sorted({*there, *now}):
            below = f"{path}.{key}" if path else str(key)
            found += _differing_parameters(there.get(key), now.get(key), below)
        return found[:most]
    if there == now:
        return []
    told = [text if len(text) <= 40 else f"{text[:37]}..." for text in (str(there), str(now))]
    return [f"{path}: {told[0]} there, {told[1]} now"]


def _compute(
    plan: Plan,
    ordered: Sequence[tuple[Any, ...]],
    opened: store.Store,
    workers: int,
    scheduler: str | None,
    progress: Progress | None,
) -> None:
    structures = plan.structures()
    seed = int(plan.design["seed"])
    finished = opened.finished()
    blocks = plan_blocks(structures, ordered, finished, plan.replicates)
    total = plan.replicates * len(ordered)
    done = sum(size for ranges in finished.values() for _, size in ranges)
    jobs = tasks_of(structures, ordered, blocks, seed)
    with open_executor(min(workers, max(1, len(blocks))), scheduler) as executor:
        answers = executor.map(run_points, jobs)
        for (numbers, first, size), answer in zip(blocks, answers, strict=True):
            if isinstance(answer, Lost | Failure):
                opened.fail(first, size, numbers, _told(numbers, first, size, answer.reason))
            else:
                opened.add(first, size, numbers, answer.tolist())
            done += size * len(numbers)
            if progress is not None:
                progress(done, total)


def _told(numbers: Sequence[int], first: int, size: int, reason: str) -> str:
    which = f"points {numbers[0]} to {numbers[-1]}" if len(numbers) > 1 else f"point {numbers[0]}"
    return f"{which}, replicates {first} to {first + size - 1}: {reason}"
