"""One replicate, stepped alone: what happened in it, and which quantities made it happen.

The replicate is that of an ensemble with the same seed, bit for bit. What is collected are facts;
``sim.experiments.cable`` puts them into words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from sim import arguments
from sim.crisis import CrisisModel
from sim.experiments.happenings import DETECTORS, Snapshot
from sim.outcomes import OUTCOMES, SUBLABELS
from sim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that changed. week: 1..T, 0 for the start. kind: a key of the wording."""

    week: int
    day: date
    kind: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Replay:
    """One replicate told in happenings; ``row`` holds its columns of ``outcomes.csv``."""

    scenario: Scenario
    replicate: int
    seed: int
    happenings: tuple[Happening, ...]
    row: dict[str, Any]


def replay(scenario: Scenario, replicate: int, seed: int = 0) -> Replay:
    """Step replicate ``replicate`` (from 0) alone and return what happened in it.

    Raises UsageError for an index or seed that cannot be.
    """
    replicate = arguments.whole("replicate", replicate, 0, arguments.MAX_INDEX - 1)
    seed = arguments.seed(seed)
    model = CrisisModel(scenario, 1, seed, start=replicate)
    found = [Happening(0, scenario.start, "start", _opening(model))]
    memory: dict[str, Any] = {}
    while model.running:
        before = Snapshot.of(model)
        model.step()
        day = scenario.start + timedelta(weeks=model.week - 1)
        after = Snapshot.of(model)
        for detect in DETECTORS:
            for kind, facts in detect(model, before, after, memory):
                found.append(Happening(model.week, day, kind, facts))
    row = _row(model, replicate)
    found.append(Happening(row["week"], day, "end", {**row, **_closing(model)}))
    model.release()
    return Replay(scenario, replicate, seed, tuple(found), row)


def _opening(model: CrisisModel) -> dict[str, Any]:
    table = model.table
    return {
        "government": model.government.name,
        "opposition": model.opposition.name,
        "has_table": table.open,
        "mediators": [agent.name for agent in model.mediators if agent.active.item()],
        "talking": bool(table.talking.item()),
        "recognisers": int(model.states.count.item()),
        "states": len(model.states.codes),
        "x_min": table.low.item(),
        "x_max": table.high.item(),
        "required": (table.uncertainty / table.suspicion_divisor).item(),
        "force_odds": model.opposition.force_odds.item(),
        "trust": model.opposition.trust.item(),
        "stalling": bool(model.government.stalling.item()),
    }


def _closing(model: CrisisModel) -> dict[str, Any]:
    table = model.table
    return {
        "horizon": model.week == model.weeks and model.outcome.item() > 1,
        "mobilisation": model.street.mobilisation.item(),
        "force_odds": model.opposition.force_odds.item(),
        "x_min": table.low.item(),
        "x_max": table.high.item(),
    }


def _row(model: CrisisModel, replicate: int) -> dict[str, Any]:
    """Return the replicate's columns of ``outcomes.csv``."""
    table = model.table
    signed, price = int(table.signed_week.item()), table.settlement.item()
    return {
        "replicate": replicate,
        "outcome": OUTCOMES[model.outcome.item()],
        "sublabel": SUBLABELS[model.sublabel.item()],
        "week": int(model.outcome_week.item()),
        "signed_week": signed or None,
        "settlement": None if np.isnan(price) else price,
        "attempts": int(model.attempts.item()),
        "failed_rounds": int(table.failed_rounds.item()),
        "recognisers": int(model.states.count.item()),
    }
