"""Run a scenario many times: blocks of replicates, on one process or several, merged in order."""

from __future__ import annotations

import os
import platform
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from importlib.metadata import version
from multiprocessing import get_context
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.draws import TWIN_OFFSET, Draws
from sim.errors import UsageError
from sim.parameters import DrawnParameters
from sim.results import KEPT_TRAJECTORIES, Column, Ensemble, Weekly
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ally
from sim.scenario.variables import GRID, Variable
from sim.scenario.variables import find as find_variable

#: Replicates of a block: measured by ``make bench``; larger ones no longer gain.
BLOCK = 8192
MAX_REPLICATES = 100_000_000
#: Twins are run of so many replicates at most: enough to split the variance to some hundredths.
TWINS = 4096

Progress = Callable[[int, int], None]
Table = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Task:
    """One block: replicates start .. start + size - 1 of a scenario; picklable.

    keep: how many of its trajectories are returned. twins: run the twins, for outcomes alone.
    """

    scenario: Scenario
    seed: int
    start: int
    size: int
    keep: int
    record: bool
    twins: bool


@dataclass(frozen=True, slots=True)
class Block:
    """What a block returns: a table by column and recorded variables."""

    table: Table
    paths: Table
    counts: Table


def run(
    scenario: Scenario,
    replicates: int = 10_000,
    seed: int = 0,
    workers: int = 1,
    *,
    start: int = 0,
    block: int = BLOCK,
    record: bool = True,
    twins: bool = True,
    progress: Progress | None = None,
) -> Ensemble:
    """Run an ensemble; the same bits whatever ``workers`` and ``block`` are.

    replicates: R, at least 1. seed: any integer from 0. start: index of the first replicate.
    record: keep the scenario's recorded variables. twins: run the twins of the first ``TWINS``
    replicates too (same parameters, other chance), which split the variance. progress: called
    with replicates done and in all. Raises UsageError, RunError.
    """
    _check(replicates, seed, workers, start, block)
    tasks = _tasks(scenario, replicates, seed, start, block, record, twins)
    merger = _Merger(scenario)
    work = sum(task.size for task in tasks)
    done = 0
    for task, result in zip(tasks, _execute(tasks, workers), strict=True):
        merger.add(task, result)
        done += task.size
        if progress is not None:
            progress(done * replicates // work, replicates)
    return merger.ensemble(seed, start)


def _check(replicates: int, seed: int, workers: int, start: int, block: int) -> None:
    if not 1 <= replicates <= MAX_REPLICATES:
        raise UsageError(f"replicates must be 1 to {MAX_REPLICATES:,}, not {replicates}")
    for name, value, least in (
        ("seed", seed, 0),
        ("workers", workers, 1),
        ("start", start, 0),
        ("block", block, 1),
    ):
        if value < least:
            raise UsageError(f"{name} must be {least} or more, not {value}")


def _tasks(
    scenario: Scenario,
    replicates: int,
    seed: int,
    start: int,
    block: int,
    record: bool,
    twins: bool,
) -> list[Task]:
    tasks = []
    for first in range(start, start + replicates, block):
        size = min(block, start + replicates - first)
        keep = max(0, min(size, KEPT_TRAJECTORIES - (first - start))) if record else 0
        task = Task(scenario, seed, first, size, keep, record, False)
        tasks.append(task)
        paired = max(0, min(size, TWINS - (first - start))) if twins else 0
        if paired:
            tasks.append(replace(task, size=paired, keep=0, record=False, twins=True))
    return tasks


def _execute(tasks: list[Task], workers: int) -> Iterator[Block]:
    """Yield the blocks in the order of the tasks."""
    workers = min(workers, len(tasks))
    if workers == 1:
        yield from map(run_block, tasks)
        return
    # Mesa forces the start method of the process; the choice is made here, explicitly.
    # Ctrl-C is for the parent, which ends the workers; left to them it would end in tracebacks.
    with ProcessPoolExecutor(
        workers,
        mp_context=get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    ) as pool:
        try:
            yield from pool.map(run_block, tasks)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def run_block(task: Task) -> Block:
    """Run one block from the first week to the last and return what is kept of it."""
    from sim.crisis import CrisisModel

    chance = task.start + TWIN_OFFSET if task.twins else None
    model = CrisisModel(task.scenario, task.size, task.seed, start=task.start, chance_start=chance)
    recorder = _Recorder(model, task)
    while model.running:
        before = model.live
        model.step()
        recorder.take(before)
    if task.twins:
        block = Block({"outcome": model.outcome}, {}, {})
    else:
        block = Block(recorder.table(), recorder.paths, recorder.counts)
    model.release()
    return block


class _Recorder:
    """Takes copies of what is recorded, week by week, and latches what the end of a run needs."""

    _LATCHED = ("recognition.count", "mobilisation", "good_faith")

    def __init__(self, model: Any, task: Task) -> None:
        self.model = model
        self.task = task
        names = task.scenario.record if task.record else ()
        self.columns = {name: variable_of(task.scenario, name) for name in names}
        weeks = task.scenario.weeks
        self.paths = {name: np.full((task.keep, weeks), np.nan) for name in names}
        self.counts = {name: np.zeros((weeks, GRID), dtype=np.int64) for name in names}
        self.ends = {name: np.full(task.size, np.nan) for name in self._LATCHED}

    def take(self, live: npt.NDArray[np.bool_]) -> None:
        """Record the week that has just been run, of the replicates that were live in it."""
        if self.task.twins:
            return
        week, keep = self.model.week - 1, self.task.keep
        for name, column in self.columns.items():
            values = np.where(live, self.model.observe(name), np.nan)
            self.paths[name][:, week] = values[:keep]
            scaled = np.rint((values - column.low) * ((GRID - 1) / (column.high - column.low)))
            point = np.clip(scaled[~np.isnan(scaled)], 0, GRID - 1).astype(np.int64)
            self.counts[name][week] = np.bincount(point, minlength=GRID)
        ended = live & ~self.model.live
        if ended.any():
            for name in self._LATCHED:
                self.ends[name] = np.where(ended, self.model.observe(name), self.ends[name])

    def table(self) -> Table:
        """Return one value per replicate and column."""
        model, table = self.model, self.model.table
        start = self.task.start
        return {
            "replicate": np.arange(start, start + self.task.size, dtype=np.int64),
            "outcome": model.outcome,
            "sublabel": model.sublabel,
            "week": model.outcome_week,
            "signed_week": table.signed_week.astype(np.int64),
            "settlement": table.settlement,
            "attempts": model.attempts.astype(np.int64),
            "failed_rounds": table.failed_rounds.astype(np.int64),
            "recognisers": self.ends["recognition.count"].astype(np.int64),
            "reneged": table.reneged.astype(np.int64),
            "weeks_at_table": table.weeks_at_table.astype(np.int64),
            "mobilisation_end": self.ends["mobilisation"],
            "good_faith_end": self.ends["good_faith"],
        }


def variable_of(scenario: Scenario, name: str) -> Variable:
    """Return the declared variable of a name that the scenario has validated."""
    allies = [key for key, actor in scenario.actors.items() if isinstance(actor, Ally)]
    found = find_variable(name, scenario.members, allies)
    if found is None:
        raise KeyError(name)
    return found


class _Merger:
    """Joins blocks as they arrive, in order; histograms add up, so memory stays bounded."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.table: dict[str, list[Any]] = {}
        self.paths: dict[str, list[Any]] = {}
        self.counts: Table = {}
        self.twins: list[Any] = [np.zeros(0, dtype=np.int8)]

    def add(self, task: Task, block: Block) -> None:
        """Take one block in."""
        if task.twins:
            self.twins.append(block.table["outcome"])
            return
        for target, part in ((self.table, block.table), (self.paths, block.paths)):
            for name, array in part.items():
                target.setdefault(name, []).append(array)
        for name, counted in block.counts.items():
            self.counts[name] = self.counts[name] + counted if name in self.counts else counted

    def ensemble(self, seed: int, start: int) -> Ensemble:
        """Return the labelled result."""
        scenario = self.scenario
        weekly = {}
        for name, counts in self.counts.items():
            found = variable_of(scenario, name)
            column = Column(found.low, found.high, found.unit, found.meaning)
            weekly[name] = Weekly(column, np.concatenate(self.paths.pop(name)), counts)
        # Column by column, so that no more than one is held twice.
        table = {name: np.concatenate(self.table.pop(name)) for name in list(self.table)}
        draws = Draws(seed, len(table["replicate"]), start)
        return Ensemble(
            scenario=scenario.resolved(),
            design={
                "scenario": scenario.name,
                "scenario_sha256": scenario.sha256,
                "start": scenario.start.isoformat(),
                "weeks": scenario.weeks,
                "seed": int(seed),
                "first_replicate": int(start),
                "replicates": len(table["replicate"]),
            },
            table=table,
            twins=np.concatenate(self.twins),
            parameters=DrawnParameters(scenario, draws),
            weekly=weekly,
            environment=environment(),
        )


def environment() -> dict[str, str]:
    """Return the versions and CPU features on which bit identity depends."""
    packages = {name: version(name) for name in ("parley-sim", "numpy", "scipy", "mesa")}
    return {
        **packages,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "cpu_features": " ".join(_cpu_features()),
    }


def _cpu_features() -> list[str]:
    """Return the SIMD features that numpy found and uses, in alphabetical order."""
    found = np.show_config(mode="dicts")
    simd = found.get("SIMD Extensions", {}) if isinstance(found, dict) else {}
    return sorted({*simd.get("baseline", []), *simd.get("found", [])})


def default_workers(replicates: int) -> int:
    """Return how many processes pay off for a run of that size on this machine."""
    return 1 if replicates < 4 * BLOCK else max(1, os.cpu_count() or 1)
