"""Collects who changes sides when, for the tree of the recognition cascade."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.analysis.cascade import EVENT, GOVERNMENT, ROOTS, Cascade, Ints
from sim.crisis import CrisisModel
from sim.errors import UsageError
from sim.mechanisms.arrays import Array, Mask
from sim.mechanisms.recognition import OPPOSITION, STREET_SEEN
from sim.scenario.scenario import Scenario

Codes = npt.NDArray[np.int8]


def collect(scenario: Scenario, replicates: int = 500, seed: int = 0, start: int = 0) -> Cascade:
    """Run replicates and return every change of sides in them, up to each one's end.

    Raises UsageError for a scenario without states.
    """
    if not scenario.members:
        raise UsageError(f"{scenario.name}: has no states, so there is no cascade to follow")
    model = CrisisModel(scenario, replicates, seed, start=start)
    states = model.states
    moves: list[Ints] = []
    seen = np.zeros((replicates, scenario.weeks))
    weight = states.wide(states.weight_street)
    while model.running:
        live, known = model.live, states.thresholds.copy()
        seen[:, model.week] = weight * np.minimum(1.0, STREET_SEEN * model.street.mobilisation)
        before = states.position.copy()
        model.step()
        moves.append(_moved(model, live, before, known))
    members = [scenario.members[code] for code in states.codes]
    patron = getattr(scenario.actors.get(states.actor_id), "patron", None)
    cascade = Cascade(
        title=scenario.title,
        seed=seed,
        first=start,
        replicates=replicates,
        weeks=scenario.weeks,
        start=scenario.start.isoformat(),
        codes=tuple(states.codes),
        names=tuple(m.name or code for code, m in zip(states.codes, members, strict=True)),
        blocs=tuple(m.bloc or "" for m in members),
        follows=np.array([bool(m.follows_patron) for m in members]),
        patron=states.codes.index(patron) if patron in states.codes else None,
        weights=np.array([m.weight or 1.0 for m in members]),
        of_bloc=states.wide(states.weight_bloc),
        of_world=states.wide(states.weight_world),
        of_patron=states.wide(states.weight_patron),
        street=seen,
        moves=np.concatenate(moves) if moves else np.zeros((0, 5), dtype=np.int64),
    )
    model.release()
    return cascade


def _moved(model: CrisisModel, live: Mask, before: Codes, known: Array) -> Ints:
    """Return the week's changes of sides as rows of ``Cascade.moves``."""
    states = model.states
    sides = (states.position == OPPOSITION).astype(np.int64) - (before == OPPOSITION)
    sides = np.where(live[:, None], sides, 0)
    rows, columns = np.nonzero(sides)
    if not rows.size:
        return np.zeros((0, 5), dtype=np.int64)
    renewed = known[rows, columns] != states.thresholds[rows, columns]
    ordered = np.isin(columns, _ordered(model))
    root = np.where(ordered, ROOTS.index(EVENT), np.where(renewed, ROOTS.index(GOVERNMENT), -1))
    week = np.full(len(rows), model.week)
    return np.column_stack([rows, week, columns, sides[rows, columns], root]).astype(np.int64)


def _ordered(model: CrisisModel) -> list[int]:
    """Return the states that an event of this week may move."""
    week = model.week - 1
    return [
        model.states.codes.index(code)
        for event in model.timeline.events
        if week in event.weeks
        for code in event.members
        if code in model.states.codes
    ]
