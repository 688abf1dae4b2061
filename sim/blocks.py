"""One block: so many replicates of a scenario, run from the first week to the last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.draws import TWIN_OFFSET
from sim.executors import Parcel
from sim.levers import obstacles
from sim.observe import deal_standing, variable_of
from sim.reasons import OBSTACLES
from sim.results import moment_column
from sim.scenario.claims import DEAL_STANDING, Moment
from sim.scenario.scenario import Scenario
from sim.scenario.variables import GRID

Table = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Task:
    """One block: replicates start .. start + size - 1 of a scenario; picklable.

    keep: how many of its trajectories are returned. twins: run the twins, for outcomes alone.
    points: the block runs these replicates at each of P points, point after point; path -> the
    parameter's value at each, shape (P,). watch: variables whose values at the end of a week are
    kept of every replicate.
    """

    parcel: Parcel[Scenario]
    seed: int
    start: int
    size: int
    keep: int
    record: bool
    twins: bool
    points: Mapping[str, npt.NDArray[np.float64]] | None = None
    watch: tuple[Moment, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """The scenario that the block is of."""
        return self.parcel.content


@dataclass(frozen=True, slots=True)
class Block:
    """What a block returns: a table by column and recorded variables."""

    table: Table
    paths: Table
    counts: Table


def run_block(task: Task) -> Block:
    """Run one block from the first week to the last and return what is kept of it."""
    from sim.crisis import CrisisModel

    chance = task.start + TWIN_OFFSET if task.twins else None
    model = CrisisModel(
        task.scenario,
        task.size,
        task.seed,
        start=task.start,
        chance_start=chance,
        points=task.points,
    )
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
        self.ends = {name: np.full(model.replicates, np.nan) for name in self._LATCHED}
        self.moments = {moment: self._observe(moment[0]) for moment in task.watch}
        self.accounts = task.record and model.table.open
        self.weeks = np.zeros((len(OBSTACLES), model.replicates), dtype=np.int64)

    def take(self, live: npt.NDArray[np.bool_]) -> None:
        """Record the week that has just been run, of the replicates that were live in it."""
        if self.task.twins:
            return
        week, keep = self.model.week - 1, self.task.keep
        for name, column in self.columns.items():
            values = np.where(live, self.model.read(name), np.nan)
            self.paths[name][:, week] = values[:keep]
            scaled = np.rint((values - column.low) * ((GRID - 1) / (column.high - column.low)))
            point = np.clip(scaled[~np.isnan(scaled)], 0, GRID - 1).astype(np.int64)
            self.counts[name][week] = np.bincount(point, minlength=GRID)
        if self.accounts:
            codes = obstacles(self.model)
            self.weeks = self.weeks + (live & (codes == np.arange(len(OBSTACLES))[:, None]))
        ended = live & ~self.model.live
        if ended.any():
            for name in self._LATCHED:
                self.ends[name] = np.where(ended, self.model.read(name), self.ends[name])
        for name, at in self.moments:
            if week < at:
                # A replicate that ends before its week is over counts with its last value.
                now = live if week == at - 1 else ended
                self.moments[name, at] = np.where(now, self._observe(name), self.moments[name, at])

    def _observe(self, name: str) -> npt.NDArray[np.float64]:
        found = deal_standing(self.model) if name == DEAL_STANDING else self.model.read(name)
        return np.array(found, dtype=np.float64)

    def table(self) -> Table:
        """Return one value per replicate and column."""
        model, table = self.model, self.model.table
        return {
            "replicate": model.draws.replicate(np.arange(model.replicates, dtype=np.int64)),
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
            **{moment_column(*moment): values for moment, values in self.moments.items()},
            **self._account(),
        }

    def _account(self) -> Table:
        """Return how many live weeks each obstacle to a deal held, where that was recorded."""
        if not self.accounts:
            return {}
        return {f"weeks_{name}": self.weeks[code] for code, name in enumerate(OBSTACLES)}
