"""Calibration of the scenario ``january_2019`` on what was known by 17 May 2019.

    python -m sim.experiments.calibration            posterior, exact posterior, rank check
    python -m sim.experiments.calibration --check N  the rank check on N of the simulations

Priors are flat on the documented ranges of the scenario. Two series speak:

- recognitions: the number of recognisers of every group of states (bloc, follower of the patron)
  at the end of six weeks, as the table of states dates them, observed without error;
- protests: log count of a month = log scale + log mean mobilisation + e, e ~ N(0, spread), the
  scale unknown, so the summaries are the differences of two later periods from January.

The record is read through ``sim.data.Record`` alone, which holds nothing after the cut-off.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from sim.crisis import CrisisModel
from sim.data import Record
from sim.draws import Draws
from sim.experiments import observation, thresholds
from sim.experiments.rejection import Inference, Table, uniformity
from sim.mechanisms.arrays import Array, Mask
from sim.scenario import load
from sim.scenario.scenario import Scenario

SCENARIO = "january_2019"
WAITS = "timeline.europe_waits.value"
INFLOW = "actors.street.inflow"
#: What is calibrated, in parts that different summaries speak on.
_BLOCS = f"{thresholds.STATES}.blocs"
PARTS = {
    "regional": (f"{_BLOCS}.regional.threshold", f"{_BLOCS}.regional.never"),
    "european": (f"{_BLOCS}.european.threshold", f"{_BLOCS}.european.never", WAITS),
    # Its never-share cannot be told from its threshold by the few that moved; it is not estimated.
    "unaligned": (f"{_BLOCS}.unaligned.threshold",),
    "street": (INFLOW,),
}
PATHS = tuple(path for part in PARTS.values() for path in part)
#: Weeks, from 0, at whose end recognisers are counted.
WEEKS = (0, 1, 2, 4, 8, 15)
#: Months of protests and the weeks of the run, first and last, that they are compared with.
PERIODS = ((("2019-01",), (0, 1)), (("2019-02", "2019-03"), (2, 9)), (("2019-04",), (10, 13)))
#: A posterior that is wider than this part of its prior tells nothing worth keeping.
INFORMED = 0.9
SIMULATIONS, SEED, BLOCK = 40_000, 1, 4096
CHECKED = 1000


@dataclass(frozen=True)
class Observed:
    """Summaries of the record, shape (S,), and the spread of the log of a monthly count.

    A summary of what lies beyond the record is NaN.
    """

    summaries: Array
    spread: float

    @property
    def known(self) -> Mask:
        """Where the record has a value, shape (S,)."""
        held: Mask = ~np.isnan(self.summaries)
        return held


def prior(scenario: Scenario) -> Scenario:
    """Return the scenario with what is calibrated flat on its documented range."""
    changes: dict[str, object] = {}
    for path in PATHS:
        low, high = ranges_of(scenario, (path,))[0]
        changes[path] = {"dist": "uniform", "low": float(low), "high": float(high)}
    return scenario.alter(changes)


def ranges_of(scenario: Scenario, paths: Sequence[str] = PATHS) -> Array:
    """Return the documented ranges, shape (P, 2)."""
    return np.array([scenario.parameters[path].quantity.range for path in paths])


def observe(scenario: Scenario, record: Record) -> Observed:
    """Return what the record says, in the summaries of the simulations."""
    moves = thresholds.Moves.of(scenario, thresholds.days_of(record), record.until)
    groups = thresholds.groups_of(scenario)
    counted = moves.counts(scenario, groups).astype(np.float64)
    blank = np.full(len(groups), np.nan)
    counts = np.concatenate([counted[w] if w < moves.known else blank for w in WEEKS])
    monthly = observation.monthly(record, observation.PROTESTS)
    means = [np.mean([monthly.get(m, np.nan) for m in months]) for months, _ in PERIODS]
    ratios = np.log(np.array(means[1:]) / means[0])
    return Observed(np.concatenate([counts, ratios]), observation.spread_of_protests(record))


def simulate(
    scenario: Scenario, spread: float, simulations: int = SIMULATIONS, seed: int = SEED
) -> Table:
    """Return a reference table of simulations from the prior; the same for any block size."""
    parts = [
        _block(prior(scenario), spread, seed, start, min(BLOCK, simulations - start))
        for start in range(0, simulations, BLOCK)
    ]
    return Table(
        PATHS,
        ranges_of(scenario),
        np.concatenate([parameters for parameters, _ in parts]),
        np.concatenate([summaries for _, summaries in parts]),
    )


def _block(
    scenario: Scenario, spread: float, seed: int, start: int, size: int
) -> tuple[Array, Array]:
    model = CrisisModel(scenario, size, seed, start=start)
    parameters = np.stack([np.broadcast_to(model.values[p], (size,)) for p in PATHS], axis=1)
    counts, street = [], []
    while model.running:
        model.step()
        street.append(model.street.mobilisation)
        if model.week - 1 in WEEKS:
            counts.extend(model.states.recognisers_by_group())
    errors = Draws(seed, size, start)
    logs = [
        np.log(np.maximum(np.mean(street[first : last + 1], axis=0), 1e-6))
        + spread / np.sqrt(len(months)) * errors.normal("observation:protests", k)
        for k, (months, (first, last)) in enumerate(PERIODS)
    ]
    model.release()
    ratios = [log - logs[0] for log in logs[1:]]
    return parameters, np.stack([*counts, *ratios], axis=1).astype(np.float64)


def exact(scenario: Scenario, record: Record) -> Iterator[thresholds.Marginal]:
    """Yield the exact posterior of the thresholds, to judge the approximate one by."""
    moves = thresholds.Moves.of(scenario, thresholds.days_of(record), record.until)
    path = thresholds.felt(scenario, moves, WAITS)
    for bloc, names in PARTS.items():
        if bloc in {group[0] for group in path.groups}:
            yield from thresholds.posterior_of_bloc(scenario, moves, path, bloc, names)


@dataclass(frozen=True)
class Row:
    """One calibrated parameter: prior range, posterior mean, sd and 90% interval."""

    path: str
    prior: tuple[float, float]
    mean: float
    sd: float
    low: float
    high: float

    @property
    def informed(self) -> bool:
        """Whether the record has narrowed the prior, so that the posterior is worth keeping."""
        return self.sd < INFORMED * (self.prior[1] - self.prior[0]) / sqrt(12)

    def law(self) -> dict[str, object]:
        """Return the beta law on the prior range that has the posterior's mean and spread."""
        low, high = self.prior
        share, spread = (self.mean - low) / (high - low), self.sd / (high - low)
        size = share * (1 - share) / spread**2 - 1
        a, b = round(share * size, 2), round((1 - share) * size, 2)
        return {"dist": "beta", "a": a, "b": b, "low": low, "high": high}


@dataclass(frozen=True)
class Calibration:
    """What the record says of the parameters, one inference per part of them."""

    observed: Observed
    inferences: tuple[Inference, ...]

    def rows(self) -> list[Row]:
        """Return the posterior of every parameter, in the order of ``PATHS``."""
        found = []
        for inference in self.inferences:
            posterior = inference.posterior(self.observed.summaries[self.observed.known])
            columns = (
                posterior.mean(),
                posterior.sd(),
                posterior.quantile(0.05),
                posterior.quantile(0.95),
            )
            for k, path in enumerate(inference.table.names):
                low, high = (float(end) for end in inference.table.ranges[k])
                found.append(Row(path, (low, high), *(float(column[k]) for column in columns)))
        return found

    def ranks(self, simulations: int) -> Array:
        """Return the ranks of the truth in the first simulations, shape (simulations, P)."""
        which = np.arange(simulations)
        return np.concatenate([one.ranks(which) for one in self.inferences], axis=1)


def calibrate(
    scenario: Scenario,
    record: Record | None = None,
    simulations: int = SIMULATIONS,
    seed: int = SEED,
) -> Calibration:
    """Return what the record says; nothing later than its last day is read."""
    seen = observe(scenario, record or Record())
    table = simulate(scenario, seen.spread, simulations, seed)
    table = replace(table, summaries=table.summaries[:, seen.known])
    return Calibration(seen, tuple(Inference(table.part(part)) for part in PARTS.values()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print posterior against prior, the exact posterior, and the p-values of the ranks."""
    parser = argparse.ArgumentParser(prog="python -m sim.experiments.calibration")
    parser.add_argument("--simulations", type=int, default=SIMULATIONS)
    parser.add_argument("--check", type=int, default=CHECKED, help="simulations to recover")
    given = parser.parse_args(arguments)
    scenario = load(SCENARIO)
    found = calibrate(scenario, simulations=given.simulations)
    exactly = {row.path: row for row in exact(scenario, Record())}
    checked = min(given.check, given.simulations)
    p_values = uniformity(found.ranks(checked)) if checked else np.full(len(PATHS), np.nan)
    kept = found.inferences[0].keep
    print(f"{given.simulations:,} simulations, {kept:,} kept; {checked:,} of them recovered")
    print(
        f"{'parameter':32} {'prior':>14} {'mean':>7} {'sd':>6} {'5 to 95%':>15}  exact          p"
    )
    for row, p_value in zip(found.rows(), p_values, strict=True):
        one = exactly.get(row.path)
        name = row.path.removeprefix(f"{thresholds.STATES}.")
        print(
            f"{name:32} {row.prior[0]:6.3f} {row.prior[1]:7.3f} "
            f"{row.mean:7.3f} {row.sd:6.3f} {row.low:7.3f} {row.high:7.3f}  "
            f"{f'{one.mean:.3f} ({one.sd:.3f})' if one else '-':14} {p_value:.3f} "
            f"{row.law() if row.informed else 'left out: as wide as its prior'}"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
