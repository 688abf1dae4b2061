"""What each lever adds to the zone: the reservation points, rebuilt one lever at a time.

The zone starts as the whole stake and ends as this week's zone; each rung of the ladder brings one
more lever, in the order of the week's equations. The changes between rungs add up exactly. Their
sizes depend on that order, because the agenda and the red lines bend what they meet.
Read after a week, everything is as the parties knew it when they met in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.mechanisms import bargaining
from sim.mechanisms.agenda import cost
from sim.mechanisms.arrays import Array
from sim.reasons import RUNGS, Codes, obstacle

if TYPE_CHECKING:
    from sim.crisis import CrisisModel


def contribution(model: CrisisModel, lever: str) -> Array:
    """Return what a lever adds to the width of the zone, in shares of the stake, shape (R,)."""
    rung = RUNGS.index(lever) + 1
    return width(model, rung) - width(model, rung - 1)


def width(model: CrisisModel, rung: int) -> Array:
    """Return the zone with the first ``rung`` levers at work; with none of them it is the stake."""
    if rung == len(RUNGS):
        return model.table.zone
    if rung == len(RUNGS) - 1:
        return model.government.grants - cost(model.opposition.demands, model.table.agenda)
    return _highest(model, rung) - _least(model, rung)


def without_red_lines(model: CrisisModel) -> Array:
    """Return the zone that there would be with both red lines at hardness 0, shape (R,)."""
    plain = RUNGS.index("red_lines")
    return width(model, plain) + contribution(model, "noise")


def required(model: CrisisModel) -> Array:
    """Return the zone that suspicion required this week, omega / 4, shape (R,)."""
    return model.table.uncertainty_met / model.table.suspicion_divisor


def obstacles(model: CrisisModel) -> Codes:
    """Return the obstacle of the week just run, codes of ``sim.reasons``, shape (R,)."""
    table = model.table
    signed = table.implementing | table.signed_now
    return obstacle(table.zone, without_red_lines(model), required(model), table.met, signed)


def _least(model: CrisisModel, rung: int) -> Array:
    """Return the opposition's x_min with the first ``rung`` levers and no red line."""
    opposition = model.opposition
    if rung == 0:
        return np.zeros(1)
    gross = opposition.disagreement + (opposition.pain if rung < 2 else 0.0)
    holds = opposition.deal_holds if rung >= 3 else np.ones(1)
    plain = bargaining.reservation_opposition(
        gross, holds, opposition.loss_if_reneged, opposition.red_line, np.zeros(1)
    )
    return cost(plain, model.table.agenda)


def _highest(model: CrisisModel, rung: int) -> Array:
    """Return the government's x_max with the first ``rung`` levers and no red line."""
    government = model.government
    if rung == 0:
        return np.ones(1)
    gross = government.disagreement + (government.pain if rung < 2 else 0.0)
    risk = government.risk if rung >= 4 else np.zeros(1)
    gains = model.leverage_now if rung >= 5 else np.zeros(1)

    def grants(with_gains: Array) -> Array:
        return bargaining.reservation_government(
            gross, with_gains, risk, government.red_line, np.zeros(1)
        )

    bare = grants(gains)
    if rung < 6:
        return bare
    # Without a red line of its own the government may reach the sender's sooner.
    eased = grants(gains + government.relief_held())
    return np.where(eased >= model.sender.red_line, eased, bare)
