"""The base scenario against 2019: what it gave for the end of the year, and what happened.

The model is run to the week of 31 December 2019 on what was known on 17 May. What was observed
later is read for scoring; nothing of it reaches a parameter. R is the number of replicates, M of
months.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from sim import outcomes as o
from sim.analysis import scores
from sim.crisis import CrisisModel
from sim.data import CUT_OFF, Record, load, position_on
from sim.draws import Draws
from sim.ensemble import BLOCK, Progress
from sim.errors import UsageError
from sim.experiments import observation
from sim.experiments.questions import QUESTIONS, better, row_of
from sim.mechanisms.arrays import Array, Mask
from sim.results import NOTE
from sim.scenario.scenario import Scenario

BY = date(2019, 12, 31)
#: Months whose series are scored.
MONTHS = tuple(f"2019-{month:02}" for month in range(6, 13))
#: The talks were suspended on 7 August and did not resume.
_TALKS_OFF = date(2019, 8, 31)
_REPORTED = "recognising_states_reported"


@dataclass(frozen=True)
class Simulated:
    """What the runs gave at the end of 2019 and by month.

    masks: claims, (R,) by name. live: where the run has not ended. change: of recognisers, (R,).
    recognisers: at the end of each month, (R, M). net, mobilisation: means of May and the months
    over the value at the start, (R, M + 1).
    """

    masks: Mapping[str, Mask]
    live: Mask
    change: Array
    recognisers: Array
    net: Array
    mobilisation: Array


@dataclass(frozen=True)
class Hindcast:
    """Rows of claims and of series, as ``parley hindcast --json`` prints them."""

    design: Mapping[str, Any]
    results: list[dict[str, Any]]
    series: list[dict[str, Any]]

    @property
    def worse(self) -> list[str]:
        """Claims on which the base rate alone scores better than the model."""
        return [row["claim"] for row in self.results if row["better"] == "base rate"]

    @property
    def worse_series(self) -> list[str]:
        """Series that the last value known before the cut-off predicts better than the model."""
        names = dict.fromkeys(row["series"] for row in self.series)
        gain = {
            name: sum(
                row["unchanged_error"] - row["crps"] for row in self.series if row["series"] == name
            )
            for name in names
        }
        return [name for name, gained in gain.items() if gained < 0]

    def mean_brier(self) -> tuple[float, float]:
        """Return the mean Brier score of model and base rate over the claims that have both."""
        both = [row for row in self.results if row.get("base_brier") is not None]
        model, base = (float(np.mean([row[k] for row in both])) for k in ("brier", "base_brier"))
        return model, base

    def coverage(self) -> dict[str, float]:
        """Return the share of months inside the 90% band, by series."""
        names = dict.fromkeys(row["series"] for row in self.series)
        return {
            name: float(np.mean([row["inside"] for row in self.series if row["series"] == name]))
            for name in names
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document."""
        model, base = self.mean_brier()
        return {
            **self.design,
            "results": self.results,
            "series": self.series,
            "coverage": self.coverage(),
            "mean_brier": {"model": model, "base_rate": base},
            "worse_than_base_rate": self.worse,
            "worse_than_no_change": self.worse_series,
            "caveat": scores.NO_SKILL,
            "note": NOTE,
        }


def hindcast(
    scenario: Scenario, replicates: int = 4000, seed: int = 0, progress: Progress | None = None
) -> Hindcast:
    """Run a scenario that starts on 17 May 2019 to the end of the year and score it.

    Raises UsageError if it starts on another day, ends before or lacks what is scored; RunError.
    """
    weeks = (BY - CUT_OFF).days // 7 + 1
    if scenario.start != CUT_OFF or scenario.weeks < weeks or not scenario.members:
        raise UsageError(
            f"a hindcast needs a scenario with states that starts on {CUT_OFF} and runs {weeks} "
            f"weeks or more; '{scenario.name}' starts on {scenario.start}, runs {scenario.weeks} "
            f"weeks and has {len(scenario.members)} states"
        )
    blocks = []
    for start in range(0, replicates, BLOCK):
        size = min(BLOCK, replicates - start)
        blocks.append(_block(scenario, size, seed, start, weeks))
        if progress is not None:
            progress(start + size, replicates)
    simulated = _merge(blocks)
    design = {
        "scenario": scenario.name,
        "title": scenario.title,
        "by": BY.isoformat(),
        "replicates": replicates,
        "seed": seed,
    }
    rows = [row_of(q, int(simulated.masks[q.mask].sum()), replicates, weeks) for q in QUESTIONS]
    series = _series_rows(simulated, Draws(seed, replicates))
    return Hindcast(design, [*rows, _count_row(simulated)], series)


def _block(scenario: Scenario, size: int, seed: int, start: int, weeks: int) -> Simulated:
    """Run one block and keep what the claims and the series need."""
    model = CrisisModel(scenario, size, seed, start=start)
    counted, level = [model.states.count], [model.street.mobilisation]
    net, talking = [], []
    while model.running and model.week < weeks:
        model.step()
        net.append(np.broadcast_to(model.government.net, (size,)))
        level.append(model.street.mobilisation)
        counted.append(model.states.count)
        talking.append(model.table.talking)
    months = [_weeks_of(month, weeks) for month in ("2019-05", *MONTHS)]
    found = Simulated(
        _masks(model, counted, talking),
        model.live,
        counted[-1] - counted[0],
        np.stack([counted[inside[-1] + 1] for inside in months[1:]], axis=1),
        np.stack([np.mean([net[w] for w in inside], axis=0) for inside in months], axis=1)
        / _positive(net[0]),
        np.stack([np.mean([level[w + 1] for w in inside], axis=0) for inside in months], axis=1)
        / _positive(level[0]),
    )
    model.release()
    return found


def _positive(start: Array) -> Array:
    """Return a divisor: the value at the start, of every replicate."""
    return np.where(start > 0, start, 1.0)[:, None]


def _masks(model: CrisisModel, counted: list[Array], talking: list[Array]) -> dict[str, Mask]:
    """Return which replicates show each claim."""
    table, outcome = model.table, model.outcome
    labelled = np.isin(model.deal_label(), o.AGREEMENT)
    return {
        "out_of_office": np.isin(outcome, o.OUT_OF_OFFICE),
        "military_defection": outcome == o.MILITARY_DEFECTION,
        "foreign_intervention": outcome == o.FOREIGN_INTERVENTION,
        "signed": table.signed_week > 0,
        "deal_standing": np.isin(outcome, o.AGREEMENT)
        | (model.live & table.implementing & labelled),
        "round_failed": table.failed_rounds >= 1,
        "talks_off": talking[(_TALKS_OFF - CUT_OFF).days // 7] == 0,
        "more_recognise": counted[-1] > counted[0],
    }


def _weeks_of(month: str, weeks: int) -> list[int]:
    """Return the weeks whose first day lies in a month."""
    days = [CUT_OFF + timedelta(weeks=week) for week in range(weeks)]
    return [week for week, day in enumerate(days) if day.isoformat()[:7] == month]


def _merge(blocks: list[Simulated]) -> Simulated:
    def joined(field: str) -> Any:
        return np.concatenate([getattr(block, field) for block in blocks])

    masks = {name: np.concatenate([b.masks[name] for b in blocks]) for name in blocks[0].masks}
    fields = ("live", "change", "recognisers", "net", "mobilisation")
    return Simulated(masks, *(joined(field) for field in fields))


def _recognisers(day: date) -> int:
    return sum(position_on(state, day) == "opposition" for state in load("states"))


def _count_row(simulated: Simulated) -> dict[str, Any]:
    """Return the change of recognisers beside no change, scored by the CRPS."""
    sample = simulated.change[simulated.live].astype(np.float64)
    observed = _recognisers(BY) - _recognisers(CUT_OFF)
    reported = [p.value for p in load("series") if p.series == _REPORTED and p.date >= "2019-05-17"]
    low, middle, high = scores.band(sample)
    own, persistence = scores.crps(sample, observed), float(abs(observed))
    return {
        "claim": "net change of recognising states",
        "model": middle,
        "low": low,
        "high": high,
        "base_rate": 0.0,
        "base_source": "no change",
        "observed": observed,
        "observed_reported": reported[-1] - reported[0],
        "evidence": "states: 59 after 56; reported at the time: 58 after 51",
        "brier": None,
        "log": None,
        "crps": own,
        "base_crps": persistence,
        "better": better(own, persistence),
    }


def _series_rows(simulated: Simulated, draws: Draws) -> list[dict[str, Any]]:
    """Return the predictive band and the observation of every series and month."""
    record = Record()
    oil = observation.oil_equation(record)
    protests = observation.protest_equation(record)
    output = oil.predict(simulated.net, draws)[:, 1:]
    counts = protests.predict(simulated.mobilisation, draws)[:, 1:]
    later = {(p.series, p.date): p.value for p in load("series") if p.freq == "monthly"}
    parts = (
        ("recognising states", "states", simulated.recognisers, None, _recognisers(CUT_OFF)),
        ("oil production", "kb/d", output, observation.OIL, oil.last),
        ("protests", "count", counts, observation.PROTESTS, protests.last),
    )
    rows = []
    for name, unit, sample, series, last in parts:
        for index, month in enumerate(MONTHS):
            running = sample[simulated.live, index]
            observed = _recognisers(_end_of(month)) if series is None else later[series, month]
            rows.append(_series_row(name, unit, month, running, float(observed), float(last)))
    return rows


def _end_of(month: str) -> date:
    year, number = (int(part) for part in month.split("-"))
    return date(year, number, monthrange(year, number)[1])


def _series_row(
    name: str, unit: str, month: str, sample: npt.NDArray[Any], observed: float, last: float
) -> dict[str, Any]:
    low, middle, high = scores.band(sample)
    return {
        "series": name,
        "unit": unit,
        "month": month,
        "model": middle,
        "low": low,
        "high": high,
        "observed": observed,
        "inside": bool(low <= observed <= high),
        "crps": scores.crps(sample, observed),
        "unchanged": last,
        "unchanged_error": abs(observed - last),
    }
