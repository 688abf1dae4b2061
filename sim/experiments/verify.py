"""Is a saved result what this package computes? A random sample of it is run again.

Digests come first: opening a result or a store checks every one of them. Then the tables that are
made from others are made again, and some replicates are run again; where the environment is the
one that the result names, every bit must be equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.blocks import Task, run_block
from sim.ensemble import Progress, run
from sim.environment import differences, environment
from sim.errors import RunError
from sim.executors import Parcel
from sim.experiments.points import Structures, reduce
from sim.results import Ensemble, watched
from sim.scenario.loader import from_tree
from sim.scenario.scenario import Scenario
from sim.scenario.yaml_reader import read_text
from sim.storage import derived_files, load, resolved_yaml
from sim.sweeps import Sweep, open_sweep

#: Replicates that are run again, and consecutive ones among them that are run together.
SAMPLE = 256
TOGETHER = 16


@dataclass(frozen=True)
class Verdict:
    """What a verification found.

    compared: numbers compared. differing: those that are not equal to the bit. labels_equal: share
    of replicates (of a store: share of points) that end the same. largest: largest difference of a
    number. elsewhere: what differs between the environment then and now, in words; bits may differ
    where it is not empty. rebuilt: files that no longer come out as they were saved.
    """

    replicates: int
    compared: int
    differing: int
    labels_equal: float
    largest: float
    elsewhere: tuple[str, ...]
    rebuilt: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything is as it must be: equal bits in the same environment."""
        return not self.rebuilt and (bool(self.elsewhere) or not self.differing)


class _Tally:
    """Counts numbers that are equal and those that are not."""

    def __init__(self) -> None:
        self.compared = 0
        self.differing = 0
        self.largest = 0.0

    def add(self, saved: npt.NDArray[Any], again: npt.NDArray[Any]) -> None:
        """Compare two arrays of the same shape bit by bit; NaN is equal to NaN."""
        one, other = np.asarray(saved), np.asarray(again).astype(np.asarray(saved).dtype)
        equal = (one == other) | ((one != one) & (other != other))
        self.compared += one.size
        self.differing += int((~equal).sum())
        if not equal.all():
            gap = np.abs(one[~equal].astype(np.float64) - other[~equal].astype(np.float64))
            self.largest = max(self.largest, float(np.nan_to_num(gap, nan=np.inf).max()))


def scenario_of(resolved: Mapping[str, Any], name: str) -> Scenario:
    """Return the scenario that a result carries."""
    return from_tree(read_text(resolved_yaml(resolved), name), name)


def verify(path: str | Path, sample: int = SAMPLE, progress: Progress | None = None) -> Verdict:
    """Check a saved result (a folder) or a sweep (a store) and run a sample of it again.

    sample: replicates to run again, drawn at random anew each time. Raises RunError where a
    digest is wrong or the result cannot be read.
    """
    where = Path(path)
    if where.is_dir():
        return _verify_result(load(where), where, sample, progress)
    return _verify_sweep(open_sweep(where), where, sample, progress)


def _verify_result(
    ensemble: Ensemble, folder: Path, sample: int, progress: Progress | None
) -> Verdict:
    scenario = scenario_of(ensemble.scenario, str(ensemble.design["scenario"]))
    tally, equal, runs = _Tally(), 0, 0
    starts = list(_windows(ensemble.replicates, sample))
    for done, (first, size) in enumerate(starts, start=1):
        again = _again(ensemble, scenario, first, size)
        part = slice(first, first + size)
        for name, values in ensemble.table.items():
            tally.add(values[part], again.table[name])
        for name, values in ensemble.parameters.items():
            tally.add(values[part], again.parameters[name])
        for name, weekly in ensemble.weekly.items():
            kept = weekly.paths[part]
            tally.add(kept, again.weekly[name].paths[: len(kept)])
        tally.add(ensemble.twins[part], again.twins[: len(ensemble.twins[part])])
        equal += int((ensemble.outcome[part] == again.outcome).sum())
        runs += size
        if progress is not None:
            progress(done, len(starts))
    rebuilt = tuple(
        name
        for name, text in derived_files(ensemble).items()
        if (folder / name).read_bytes() != text
    )
    return Verdict(
        runs,
        tally.compared,
        tally.differing,
        equal / runs,
        tally.largest,
        tuple(differences(ensemble.environment, environment())),
        rebuilt,
    )


def _again(ensemble: Ensemble, scenario: Scenario, first: int, size: int) -> Ensemble:
    """Run replicates first .. first + size - 1 of a result alone."""
    start = int(ensemble.design["first_replicate"]) + first
    paired = first < len(ensemble.twins)
    watch = watched(ensemble.table)
    seed = int(ensemble.design["seed"])
    return run(scenario, size, seed, start=start, twins=paired, watch=watch)


def _windows(total: int, sample: int) -> Iterator[tuple[int, int]]:
    """Yield random stretches of replicates, no two of them overlapping: first and number."""
    starts = range(0, total, TOGETHER)
    count = min(len(starts), -(-sample // TOGETHER))
    chosen = np.random.default_rng().choice(len(starts), count, replace=False)
    for start in sorted(starts[int(index)] for index in chosen):
        yield start, min(TOGETHER, total - start)


def _verify_sweep(sweep: Sweep, where: Path, sample: int, progress: Progress | None) -> Verdict:
    scenario = scenario_of(sweep.scenario, str(sweep.design["scenario"]))
    structures = Structures(scenario, sweep.axes)
    whole = np.flatnonzero(sweep.replicates > 0)
    if not whole.size:
        raise RunError(f"{where}: no block is finished, so there is nothing to verify")
    most = int(sweep.replicates[whole].max())
    count = min(len(whole), max(1, -(-4 * sample // most)))
    chosen = sorted(np.random.default_rng().choice(whole, count, replace=False).tolist())
    tally, equal, runs = _Tally(), 0, 0
    for done, row in enumerate(chosen, start=1):
        point = [values[row] for values in sweep.points.values()]
        size = int(sweep.replicates[row])
        values = structures.values([point]) or None
        task = Task(
            Parcel(structures.parcel(point).content),
            int(sweep.design["seed"]),
            0,
            size,
            0,
            False,
            False,
            values,
        )
        again = reduce(run_block(task), size)[0]
        tally.add(sweep.counts[row], again)
        equal += bool((sweep.counts[row][:8] == again[:8]).all())
        runs += size
        if progress is not None:
            progress(done, len(chosen))
    return Verdict(
        runs,
        tally.compared,
        tally.differing,
        equal / len(chosen),
        tally.largest,
        tuple(differences(sweep.environment, environment())),
    )
