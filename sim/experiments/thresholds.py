"""Thresholds of recognition estimated from the days on which states recognised.

Along the observed path the influence on every group of states is known, so each state brackets its
own threshold (Granovetter 1978 read as interval-censored data, Turnbull 1976): one that moves in
week t has phi between the greatest influence felt before and that of week t; one that never moves
has phi above all of it, or never takes a side. Thresholds are independent given the path, so the
likelihood is a product over states, and with flat priors on the documented ranges the posterior is
summed on a grid. Groups are those of the model: bloc and follower flag. T is the number of weeks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from sim.crisis import CrisisModel
from sim.data import Record
from sim.mechanisms.arrays import Array
from sim.scenario.scenario import Scenario

STATES = "actors.states"
#: Replicates over which the influence is averaged; only the street varies between them.
_PATHS = 256
#: Points of the grid per parameter.
_POINTS = 61

Counts = npt.NDArray[np.int64]
Group = tuple[str, bool]


@dataclass(frozen=True)
class Moves:
    """When states recognised: ``week`` by code; who is not named did not move.

    known: number of weeks, from the first, that the record covers to their last day.
    """

    week: Mapping[str, int]
    known: int

    @classmethod
    def of(cls, scenario: Scenario, days: Mapping[str, date], until: date) -> Moves:
        """Return the weeks in which the days fall; days outside the weeks known are left out."""
        known = min(((until - scenario.start).days + 1) // 7, scenario.weeks)
        weeks = {code: (day - scenario.start).days // 7 for code, day in sorted(days.items())}
        inside = {code: w for code, w in weeks.items() if 0 <= w < known}
        return cls({code: w for code, w in inside.items() if code in scenario.members}, known)

    def counts(self, scenario: Scenario, groups: tuple[Group, ...]) -> Counts:
        """Return the number of recognisers by week known and group, shape (known, G)."""
        found = np.zeros((self.known, len(groups)), dtype=np.int64)
        for code, week in self.week.items():
            found[week:, groups.index(group_of(scenario, code))] += 1
        return found


@dataclass(frozen=True)
class Marginal:
    """One parameter of a posterior: path, mean, sd, 90% interval, and the range of its prior."""

    path: str
    mean: float
    sd: float
    low: float
    high: float
    prior: tuple[float, float]


@dataclass(frozen=True)
class Felt:
    """Influence on each group along the observed path, shape (T, G), and its share of a prompting.

    prompted: change of the influence per unit of the event ``waits``, shape (T, G).
    """

    groups: tuple[Group, ...]
    influence: Array
    prompted: Array


def days_of(record: Record) -> dict[str, date]:
    """Return the day on which each state recognised the opposition, as far as the record goes."""
    return {s.iso3: s.recognition_date for s in record.states() if s.recognition_date is not None}


def group_of(scenario: Scenario, code: str) -> Group:
    """Return bloc and follower flag of a state."""
    member = scenario.members[code]
    return member.bloc or "", bool(member.follows_patron)


def groups_of(scenario: Scenario) -> tuple[Group, ...]:
    """Return the groups of states in the order of the engine."""
    return tuple(sorted({group_of(scenario, code) for code in scenario.members}))


def felt(scenario: Scenario, moves: Moves, waits: str | None = None) -> Felt:
    """Replay the observed path in the engine and return the influence that each group feels.

    waits: path of the argument of an event that holds a bloc back, or None.
    """
    frozen = _replay(scenario, moves)
    if waits is None:
        groups, influence = _run(frozen)
        return Felt(groups, influence, np.zeros_like(influence))
    groups, without = _run(frozen.alter({waits: 0.0}))
    _, once = _run(frozen.alter({waits: -1.0}))
    return Felt(groups, without, without - once)


def _replay(scenario: Scenario, moves: Moves) -> Scenario:
    """Return the scenario in which the record alone moves states."""
    blocs = {path.split(".")[3] for path in scenario.parameters if path.startswith(f"{STATES}.bl")}
    changes: dict[str, object] = {f"{STATES}.blocs.{bloc}.never": 1 for bloc in blocs}
    changes[f"{STATES}.change_of_government"] = 0
    by_events = {event.actor for event in scenario.timeline}
    for code, week in moves.week.items():
        if code not in by_events:
            event = {"week": week, "actor": code, "action": "recognise_opposition"}
            name = f"record_{code}"
            changes[f"timeline.{name}"] = {"id": name, "source": "granovetter1978", **event}
    return scenario.alter(changes)


def _run(scenario: Scenario) -> tuple[tuple[Group, ...], Array]:
    model = CrisisModel(scenario, _PATHS, seed=0)
    rows = []
    while model.running:
        model.step()
        rows.append([float(np.mean(pull)) for pull in model.states.felt])
    groups = model.states.groups
    model.release()
    return groups, np.array(rows)


def posterior_of_bloc(
    scenario: Scenario, moves: Moves, path: Felt, bloc: str, names: Sequence[str]
) -> list[Marginal]:
    """Return the posterior of one bloc's parameters, exact but for the grid.

    names: paths of what is estimated: the bloc's ``threshold``, its ``never``, and the argument of
    an event that holds it back, in this order; what is left out keeps the scenario's median.
    Priors are flat on the documented ranges; sd and weights are the scenario's.
    """
    paths = [f"{STATES}.blocs.{bloc}.threshold", f"{STATES}.blocs.{bloc}.never"]
    paths += [name for name in names if name not in paths]
    axes, priors = [], []
    for one in paths:
        quantity = scenario.parameters[one].quantity
        low, high = quantity.range or quantity.support()
        priors.append((low, high))
        fixed = np.array([_middle(scenario, one)])
        axes.append(np.linspace(low, high, _POINTS) if one in names else fixed)
    mean, never, *rest = np.meshgrid(*axes, indexing="ij")
    grid = (mean, never, rest[0] if rest else np.zeros(mean.shape))
    log_likelihood = np.zeros(mean.shape)
    for index, group in enumerate(path.groups):
        if group[0] == bloc:
            log_likelihood += _of_group(scenario, moves, path, index, grid)
    weight = np.exp(log_likelihood - log_likelihood.max())
    weight /= weight.sum()
    every = set(range(len(axes)))
    return [
        _marginal(one, axes[k], weight.sum(axis=tuple(every - {k})), priors[k])
        for k, one in enumerate(paths)
        if one in names
    ]


def _of_group(
    scenario: Scenario, moves: Moves, path: Felt, index: int, grid: tuple[Array, Array, Array]
) -> Array:
    """Return the log-likelihood of one group's weeks on the grid."""
    mean, never, wait = grid
    sd = _middle(scenario, f"{STATES}.threshold_sd")
    eta = _middle(scenario, f"{STATES}.change_of_government")
    counts = moves.counts(scenario, path.groups)[:, index]
    size = sum(group_of(scenario, code) == path.groups[index] for code in scenario.members)
    below = np.zeros(mean.shape)
    total = np.zeros(mean.shape)
    for week, new in enumerate(np.diff(counts, prepend=0)):
        pull = path.influence[week, index] + wait * path.prompted[week, index]
        reached = ndtr((pull - mean) / sd)
        # A new government judges afresh, so a move is possible without any rise in influence.
        chance = (1 - never) * (np.maximum(reached - below, 0.0) + eta * reached)
        if new:
            total += new * np.log(np.maximum(chance, 1e-300))
        below = np.maximum(below, reached)
    stays = never + (1 - never) * (1 - below)
    left: Array = total + (size - counts[-1]) * np.log(np.maximum(stays, 1e-300))
    return left


def _middle(scenario: Scenario, path: str) -> float:
    """Return the median of a parameter."""
    return float(scenario.parameters[path].quantity.quantile(np.array([0.5]))[0])


def _marginal(path: str, axis: Array, weight: Array, prior: tuple[float, float]) -> Marginal:
    mean = float((axis * weight).sum())
    spread = float(np.sqrt(((axis - mean) ** 2 * weight).sum()))
    low, high = np.interp([0.05, 0.95], weight.cumsum() - weight / 2, axis)
    return Marginal(path, mean, spread, float(low), float(high), prior)
