"""The zone of possible agreement under red lines and mutual suspicion.

Disagreement payoffs enter as split-the-difference (Nash 1950), because the crisis goes on while
the parties talk. Red lines are revocable public commitments (Muthoo 1996). A positive zone is not
enough: with limits known only up to omega, no mechanism does better than a deal when the zone is
at least omega / 4 (Chatterjee & Samuelson 1983; Myerson & Satterthwaite 1983; rescaling derived).
Utilities and costs are shares of the stake.
"""

import numpy as np

from sim.mechanisms.arrays import Array, Mask
from sim.mechanisms.facts import SIGNED, UNIT, declares


@declares(
    "Fearon 1995",
    SIGNED,
    "force_odds assets share",
    "pain",
    force_odds=UNIT,
    assets=UNIT,
    share=UNIT,
    pain=UNIT,
)
def disagreement_opposition(force_odds: Array, assets: Array, share: Array, pain: Array) -> Array:
    """Return d_O, what the opposition expects without a deal.

    force_odds: perceived probability that force decides within the planning horizon.
    assets, share: value of the seized assets at full recognition, and share of recognition held.
    pain: cost of waiting. Source: Fearon 1995; P5.
    """
    return force_odds + (1 - force_odds) * assets * share - pain


@declares(
    "Fearon 1995; Richmond 1998",
    (-1.0, 2.0),
    "value_of_time stalling",
    "force_odds pain mobilisation",
    force_odds=UNIT,
    pain=UNIT,
    value_of_time=UNIT,
    mobilisation=UNIT,
    stalling=UNIT,
)
def disagreement_government(
    force_odds: Array, pain: Array, value_of_time: Array, mobilisation: Array, stalling: Array
) -> Array:
    """Return d_G, what the government expects without a deal.

    stalling: 1.0 where the government plays for time, else 0.0; time is worth less to it the
    higher the street's mobilisation. Source: Fearon 1995; Richmond 1998.
    """
    return 1 - force_odds - pain + value_of_time * (1 - mobilisation / 2) * stalling


@declares(
    "Muthoo 1996",
    UNIT,
    "plain line",
    plain=UNIT,
    line=UNIT,
    weight=(0.01, 1.0),
    hardness=(0.0, 10.0),
)
def soften(plain: Array, line: Array, weight: Array, hardness: Array) -> Array:
    """Return the hardness-weighted mean of a plain reservation value and a red line.

    hardness 0 gives ``plain``; infinite hardness gives ``line``. Source: Muthoo 1996 (derived).
    """
    endless = np.isinf(hardness)
    finite = np.where(endless, 0.0, hardness)
    mean = (weight * plain + finite * line) / (weight + finite)
    return np.where(endless, line, mean)


@declares(
    "Muthoo 1996; Walter 2002",
    (-1.0, 101.0),
    "disagreement loss line hardness",
    "holds",
    disagreement=SIGNED,
    holds=(0.01, 1.0),
    loss=UNIT,
    line=UNIT,
    hardness=(0.0, 10.0),
)
def reservation_opposition(
    disagreement: Array, holds: Array, loss: Array, line: Array, hardness: Array
) -> Array:
    """Return u_min, the least utility the opposition accepts.

    holds: probability q_O that the deal holds, in (0, 1]. loss: what it loses when reneged on.
    The red line binds only where the plain reservation value lies below it.
    """
    plain = disagreement + (1 - holds) * loss / holds
    return np.where(plain < line, soften(plain, line, holds, hardness), plain)


@declares(
    "Muthoo 1996",
    (0.0, 3.0),
    "gains line",
    "disagreement risk hardness",
    disagreement=SIGNED,
    gains=UNIT,
    risk=UNIT,
    line=UNIT,
    hardness=(0.0, 10.0),
)
def reservation_government(
    disagreement: Array,
    gains: Array,
    risk: Array,
    line: Array,
    hardness: Array,
) -> Array:
    """Return x_max, the highest cost on the agenda that the government grants.

    gains: relief that counts plus the mediators' leverage. risk: what leaving office may cost.
    The red line binds only where the plain reservation value lies above it.
    """
    plain = (1 - disagreement + gains) / (1 + risk)
    return np.where(plain > line, soften(plain, line, 1 + risk, hardness), plain)


@declares("uniform uncertainty", UNIT, "zone uncertainty", zone=SIGNED, uncertainty=UNIT)
def expected_surplus(zone: Array, uncertainty: Array) -> Array:
    """Return E[w+], the expected positive part of the zone when it is known up to omega.

    Uniform uncertainty of total width omega around the zone; ``max(w, 0)`` outside it.
    """
    known = uncertainty <= 0
    width = np.where(known, 1.0, uncertainty)
    inside = (zone + width / 2) ** 2 / (2 * width)
    return np.where(known | (np.abs(zone) > width / 2), np.maximum(zone, 0.0), inside)


def offers(low: Array, high: Array, uncertainty: Array, divisor: Array) -> tuple[Array, Array]:
    """Return the final offers (opposition's ask, government's bid) in the linear equilibrium.

    low, high: x_min and x_max. The bid reaches the ask exactly where
    ``high - low >= uncertainty / divisor``. Source: Chatterjee & Samuelson 1983 (rescaled).
    """
    middle = (low + high) / 2
    shading = uncertainty / (3 * divisor)
    third = (high - low) / 3
    return middle - third + shading, middle + third - shading


@declares(
    "Chatterjee & Samuelson 1983",
    bool,
    "zone divisor",
    "uncertainty",
    zone=SIGNED,
    uncertainty=UNIT,
    divisor=(1.0, 10.0),
)
def is_acceptable(zone: Array, uncertainty: Array, divisor: Array) -> Mask:
    """Return True where the zone survives mutual suspicion: ``w >= omega / divisor``."""
    return zone >= uncertainty / divisor


@declares(
    "Nash 1950; Rubinstein 1982", UNIT, "low zone weight", low=(-1.0, 2.0), zone=UNIT, weight=UNIT
)
def settlement(low: Array, zone: Array, weight: Array) -> Array:
    """Return the cost at which the parties settle: ``x_min + beta w``, clipped to [0, 1].

    weight: the opposition's bargaining weight beta. Source: Nash 1950; Rubinstein 1982.
    """
    return np.clip(low + weight * zone, 0.0, 1.0)
