"""Soldiers in a global game of regime change, and what a failed uprising teaches.

Morris & Shin (1998, 2003); Angeletos, Hellwig & Pavan (2007): regime strength theta; a unit
defects if its noisy signal falls below x*; the regime falls if the defecting share exceeds theta.
With a diffuse prior theta* = 1 - c and x* = theta* + sigma Phi^-1(theta*).
Strength is on the scale of the defecting share: above 1 the regime cannot fall.
"""

import numpy as np
from scipy.special import bdtrc, erfcx, ndtri

from sim.mechanisms.arrays import Array, Mask, normal_below
from sim.mechanisms.facts import UNIT, declares

#: Share of the cost of defecting that a full amnesty removes.
AMNESTY_EFFECT = 0.25
#: An uprising is this much rarer while the leaders talk.
TALKS_RESTRAIN = 0.8
#: The variance of a belief never falls below this (squared units of strength).
VARIANCE_FLOOR = 1e-6


@declares("Morris & Shin 2003", UNIT, "amnesty", "cost_benefit", cost_benefit=UNIT, amnesty=UNIT)
def tipping_strength(cost_benefit: Array, amnesty: Array) -> Array:
    """Return theta*, the strength below which an attempt topples the regime, in (0, 1)."""
    return 1 - cost_benefit * (1 - AMNESTY_EFFECT * amnesty)


def mean_strength(
    base: Array,
    net: Array,
    support: Array,
    m: Array,
    recognition: Array,
    effects: tuple[Array, Array, Array, Array],
) -> Array:
    """Return theta_bar, regime strength before this week's shock.

    net: net bite (lost rents; 0.3 is the reference). support: allies' weighted support (0.5).
    m: mobilisation (0.3). recognition: share of recognition held by the opposition (0.5).
    effects: a_R, a_A, a_m, a_n. Source: global game with shifted fundamentals; Casper & Tyson 2014.
    """
    rents, allies, street, abroad = effects
    return (
        base
        + rents * (0.3 - net)
        + allies * (support - 0.5)
        - street * (m - 0.3)
        - abroad * (recognition - 0.5)
    )


@declares("assumed", UNIT, "rate m", "talking", rate=UNIT, m=UNIT, talking=UNIT)
def attempt_probability(rate: Array, m: Array, talking: Array) -> Array:
    """Return the weekly probability of an uprising: h0 m (1 - 0.8 [talks])."""
    return rate * m * (1 - TALKS_RESTRAIN * talking)


@declares(
    "Morris & Shin 2003",
    UNIT,
    "tipping",
    "strength",
    strength=(-0.5, 1.5),
    tipping=(0.05, 0.95),
    noise=(0.01, 0.3),
)
def defection_probability(strength: Array, tipping: Array, noise: Array) -> Array:
    """Return the probability that one unit defects: P(theta + sigma eps < x*)."""
    # x* - theta = (theta* - theta) + sigma Phi^-1(theta*); at sigma = 0 only the gap is left.
    return normal_below(tipping - strength + noise * ndtri(tipping), noise)


def falls(strength: Array, defects: Array, units: Array, luck: Array) -> Mask:
    """Return True where the defecting share of ``units`` units exceeds strength.

    defects: probability that one unit defects. luck: uniform in (0, 1); the number of defectors
    is its binomial quantile, so one draw decides.
    """
    most_survived = np.floor(strength * units)
    inside = np.clip(most_survived, 0, units - 1)
    beyond = bdtrc(inside, units.astype(np.int64), defects)
    chance = np.where(strength < 0, 1.0, np.where(most_survived >= units, 0.0, beyond))
    return luck < chance


def belief_after_survival(mean: Array, sd: Array, tipping: Array) -> tuple[Array, Array]:
    """Return mean and sd of the belief about strength once an attempt has failed.

    A normal belief truncated to theta > theta* (Angeletos, Hellwig & Pavan 2007); the hazard
    keeps its digits in far tails.
    """
    known = sd <= 0
    spread = np.where(known, 1.0, sd)
    cut = (tipping - mean) / spread
    # phi(k) / (1 - Phi(k)) without a difference of large logarithms.
    hazard = np.sqrt(2 / np.pi) / erfcx(cut / np.sqrt(2))
    variance = spread**2 * (1 + cut * hazard - hazard**2)
    new_mean = np.where(known, np.maximum(mean, tipping), mean + spread * hazard)
    new_sd = np.sqrt(np.maximum(variance, VARIANCE_FLOOR))
    return new_mean, np.where(known, 0.0, new_sd)


@declares(
    "derived",
    UNIT,
    "rate m success foreign horizon",
    rate=UNIT,
    m=UNIT,
    success=UNIT,
    foreign=UNIT,
    horizon=(0.0, 52.0),
)
def odds_of_force(rate: Array, m: Array, success: Array, foreign: Array, horizon: Array) -> Array:
    """Return the probability that force decides within ``horizon`` weeks, in [0, 1].

    rate: attempts a week at full mobilisation. success: probability that one succeeds.
    foreign: weekly hazard of foreign force. Attempts are treated as independent (derived).
    """
    return 1 - ((1 - rate * m * success) * (1 - foreign)) ** horizon
