"""Run a scenario many times: blocks of replicates, wherever they are computed, merged in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim import arguments
from sim.blocks import Block, Table, Task, run_block
from sim.draws import Draws
from sim.environment import differences, environment
from sim.errors import RunError, UsageError
from sim.executors import Lost, Parcel, open_executor
from sim.observe import variable_of
from sim.parameters import DrawnParameters
from sim.results import KEPT_TRAJECTORIES, Column, Ensemble, Weekly, watched
from sim.scenario.claims import DEAL_STANDING, Moment
from sim.scenario.loader import Source, load
from sim.scenario.scenario import Scenario

#: Replicates of a block: measured by ``make bench``; larger ones no longer gain.
BLOCK = 8192
#: Twins are run of so many replicates at most: enough to split the variance to some hundredths.
TWINS = 4096

Progress = Callable[[int, int], None]


def run(
    scenario: Source,
    replicates: int = 10_000,
    seed: int = 0,
    workers: int = 1,
    *,
    start: int = 0,
    block: int = BLOCK,
    record: bool = True,
    twins: bool = True,
    watch: Collection[Moment] = (),
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """Run an ensemble; the same bits whatever ``workers``, ``scheduler`` and ``block`` are.

    scenario: what ``sim.load`` takes, or returned. replicates: R, 1 to 100,000,000. seed: a whole
    number, 0 to 2**128 - 1. start: index of the first replicate. record: keep the scenario's
    recorded variables. twins: run the twins of the first ``TWINS`` replicates too (same parameters,
    other chance), which split the variance. watch: variables, each with the week at whose end it is
    kept of every replicate; see ``Ensemble.moment`` and ``Claim.moments``. scheduler: address of a
    dask scheduler that takes the place of ``workers``. progress: called with replicates done and in
    all. Raises ScenarioError, UsageError, RunError.
    """
    subject = load(scenario)
    replicates = arguments.replicates(replicates)
    plan = _Plan(
        subject,
        arguments.seed(seed),
        arguments.whole("start", start, 0, arguments.MAX_INDEX - replicates),
        arguments.whole("block", block, 1),
        arguments.flag("record", record),
        arguments.flag("twins", twins),
        _moments(subject, watch),
    )
    merger = _Merger(subject)
    _carry_out(plan.tasks(0, replicates), merger, workers, scheduler, replicates, progress)
    return merger.ensemble(plan.seed, plan.start)


def extend(
    ensemble: Ensemble,
    scenario: Scenario,
    more: int,
    workers: int = 1,
    *,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """Return the ensemble with ``more`` replicates, bit for bit as if all had been run at once.

    scenario: the one that the ensemble is of. Raises UsageError where scenario or versions are
    others now, with what differs.
    """
    total = arguments.replicates(ensemble.replicates + more)
    seed, start = int(ensemble.design["seed"]), int(ensemble.design["first_replicate"])
    check_same(scenario, ensemble.design, ensemble.environment, "the result")
    records, paired = bool(ensemble.weekly), len(ensemble.twins) > 0
    plan = _Plan(scenario, seed, start, BLOCK, records, paired, watched(ensemble.table))
    merger = _Merger(scenario)
    merger.take(ensemble)
    tasks = plan.tasks(ensemble.replicates, total)
    _carry_out(tasks, merger, workers, scheduler, more, progress)
    return merger.ensemble(seed, start)


def check_same(
    scenario: Scenario, design: Mapping[str, Any], then: Mapping[str, str], what: str
) -> None:
    """Raise UsageError unless what was run then would give the same bits now."""
    if design["scenario_sha256"] != scenario.sha256:
        raise UsageError(
            f"{what} is of another scenario: '{design['scenario']}' with SHA-256 "
            f"{design['scenario_sha256'][:12]}, not '{scenario.name}' with {scenario.sha256[:12]}"
        )
    if differing := differences(then, environment()):
        raise UsageError(f"{what} was made elsewhere, so bits may differ: {'; '.join(differing)}")


def _carry_out(
    tasks: list[Task],
    merger: _Merger,
    workers: int,
    scheduler: str | None,
    replicates: int,
    progress: Progress | None,
) -> None:
    workers = arguments.hands(workers, scheduler, progress)
    work = sum(task.size for task in tasks)
    done = 0
    with open_executor(min(workers, len(tasks)), scheduler) as executor:
        for task, result in zip(tasks, executor.map(run_block, tasks), strict=True):
            if isinstance(result, Lost):
                last = task.start + task.size - 1
                raise RunError(f"the block of replicates {task.start} to {last}: {result.reason}")
            merger.add(task, result)
            done += task.size
            if progress is not None:
                progress(done * replicates // work, replicates)


def _moments(scenario: Scenario, watch: Collection[Moment]) -> tuple[Moment, ...]:
    """Return what is to be watched, every variable and week of it checked. Raises UsageError."""
    try:
        pairs = [(name, week) for name, week in watch]
    except (TypeError, ValueError):
        allowed = 'pairs of a variable and a week, such as [("zone", 12)]'
        raise arguments.refusal("watch", allowed, watch) from None
    for name, _ in pairs:
        if name != DEAL_STANDING:
            variable_of(scenario, name)
    return tuple(
        (name, arguments.whole("a week of watch", week, 0, scenario.weeks)) for name, week in pairs
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which blocks an ensemble is made of, and what is kept of each."""

    scenario: Scenario
    seed: int
    start: int
    block: int
    record: bool
    twins: bool
    watch: tuple[Moment, ...]

    def tasks(self, done: int, total: int) -> list[Task]:
        """Return the blocks of replicates ``done`` to ``total``, counted from the start."""
        tasks = []
        parcel = Parcel(self.scenario)
        for first in range(done, total, self.block):
            size = min(self.block, total - first)
            keep = max(0, min(size, KEPT_TRAJECTORIES - first)) if self.record else 0
            at = self.start + first
            task = Task(parcel, self.seed, at, size, keep, self.record, False, watch=self.watch)
            tasks.append(task)
            paired = max(0, min(size, TWINS - first)) if self.twins else 0
            if paired:
                lean = replace(task, size=paired, keep=0, record=False, twins=True, watch=())
                tasks.append(lean)
        return tasks


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
        else:
            self._join(block)

    def take(self, ensemble: Ensemble) -> None:
        """Take a whole ensemble in, as if it were the first block."""
        paths = {name: weekly.paths for name, weekly in ensemble.weekly.items()}
        counts = {name: weekly.counts for name, weekly in ensemble.weekly.items()}
        self._join(Block(dict(ensemble.table), paths, counts))
        self.twins.append(ensemble.twins)

    def _join(self, block: Block) -> None:
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
                "seed": seed,
                "first_replicate": start,
                "replicates": len(table["replicate"]),
            },
            table=table,
            twins=np.concatenate(self.twins),
            parameters=DrawnParameters(scenario, draws),
            weekly=weekly,
            environment=environment(),
        )


def default_workers(replicates: int) -> int:
    """Return how many processes pay off for a run of that size on this machine."""
    return 1 if replicates < 4 * BLOCK else max(1, os.cpu_count() or 1)
