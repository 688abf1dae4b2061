"""What can be read from a running model, under the names of ``sim.scenario.variables``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim import arguments, levers
from sim.errors import UsageError
from sim.mechanisms.arrays import Array
from sim.outcomes import AGREEMENT, DEAL_PENDING
from sim.reasons import RUNGS
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ally
from sim.scenario.variables import Variable, find, names
from sim.scenario.wording import did_you_mean, shown

if TYPE_CHECKING:
    from sim.crisis import CrisisModel

READERS: dict[str, Callable[[CrisisModel], Array]] = {
    "week": lambda m: np.full(1, float(m.week)),
    "talks.on": lambda m: m.table.talking,
    "talks.round": lambda m: m.table.round,
    "talks.attempts": lambda m: m.attempts,
    "talks.failed_rounds": lambda m: m.table.failed_rounds,
    "deal.on": lambda m: m.table.implementing * 1.0,
    "deal.reneged": lambda m: m.table.reneged * 1.0,
    "deal.x": lambda m: np.where(m.table.implementing, m.table.deal, np.nan),
    "talks.held": lambda m: m.table.met * 1.0,
    "zone": lambda m: m.table.zone,
    "zone.required": levers.required,
    "zone.without_red_lines": levers.without_red_lines,
    "x_min": lambda m: m.table.low,
    "x_max": lambda m: m.table.high,
    "sanctions.level": lambda m: m.sender.level,
    "sanctions.bite": lambda m: m.government.bite,
    "sanctions.net": lambda m: m.government.net,
    "recognition.count": lambda m: m.states.count,
    "recognition.share": lambda m: m.states.share,
    "mobilisation": lambda m: m.street.mobilisation,
    "strength": lambda m: m.military.strength_now,
    "force_odds": lambda m: m.opposition.force_odds,
    "good_faith": lambda m: m.opposition.trust,
    "uncertainty": lambda m: m.table.uncertainty,
    "pain.government": lambda m: m.government.pain,
    "pain.opposition": lambda m: m.opposition.pain,
    "allies.support": lambda m: m.allied_support,
    **{f"contribution.{lever}": partial(levers.contribution, lever=lever) for lever in RUNGS},
    "contribution.suspicion": lambda m: -levers.required(m),
}


def deal_standing(model: CrisisModel) -> Array:
    """Return where a labelled deal is signed and not reneged on, those completed included: 1."""
    kept = np.isin(model.outcome, AGREEMENT)
    labelled = np.isin(model.deal_label(), AGREEMENT)
    # The last week ends a run with a deal in force, not the deal.
    running = model.live | (model.sublabel == DEAL_PENDING)
    in_force = running & model.table.implementing & labelled
    standing: Array = np.where(kept | in_force, 1.0, 0.0)
    return standing


def variable_of(scenario: Scenario, name: str) -> Variable:
    """Return a variable of a scenario by its name. Raises UsageError with the nearest one."""
    allies = [key for key, actor in scenario.actors.items() if isinstance(actor, Ally)]
    if not isinstance(name, str):
        raise arguments.refusal("a variable", "named by text such as 'zone'", name)
    found = find(name, scenario.members, allies)
    if found is None:
        near = did_you_mean(name, names(scenario.members, allies))
        raise UsageError(f"unknown variable {shown(name)}{near}")
    return found


def read(model: CrisisModel, name: str) -> Array:
    """Return a variable in all replicates, shape (R,). Raises UsageError for an unknown name."""
    if isinstance(name, str) and name in READERS:
        values = READERS[name](model)
    elif variable_of(model.crisis, name).name.startswith("recognition."):
        values = model.states.recognises(name.removeprefix("recognition.")) * 1.0
    else:
        allies = {ally.actor_id: ally for ally in model.allies}
        values = allies[name.removesuffix(".support")].support
    wide: Array = np.broadcast_to(values, (model.replicates,))
    return wide
