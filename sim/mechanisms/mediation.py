"""What a third party adds: credible information, ripeness, leverage that wanes.

Kydd (2003): a mediator is believed only if its bias lies in a band. Fey & Ramsay (2010): without
information of its own a go-between changes nothing. Zartman (2000): talks ripen where both sides
hurt and see a way out. Beardsley (2008): leverage eases signing and wears off.
"""

import numpy as np

from sim.mechanisms.arrays import Array, Mask
from sim.mechanisms.facts import SIGNED, UNIT, declares


@declares("Kydd 2003", bool, bias=(0.0, 2.0), error=(0.0, 0.4), failure=UNIT, high=UNIT, low=UNIT)
def is_credible(bias: Array, error: Array, failure: Array, high: Array, low: Array) -> Mask:
    """Return True where a mediator of that bias (toward the government) is believed.

    error: probability that its private signal is wrong. failure: its cost K of a breakdown.
    high, low: settlement r_H, r_L with a tough and with a weak opposition, shares of the stake.
    Credible iff eK / (r_H - (1-e) r_L) <= bias <= (1-e)K / (r_H - e r_L). Source: Kydd 2003.
    """
    gap_low, gap_high = high - (1 - error) * low, high - error * low
    # Where a weak opposition would settle as high as a tough one, a signal tells nothing.
    telling = (gap_low > 0) & (gap_high > 0)
    least = error * failure / np.where(telling, gap_low, 1.0)
    most = (1 - error) * failure / np.where(telling, gap_high, 1.0)
    return telling & (bias >= least) & (bias <= most)


@declares("independent signals", UNIT, "unknown", "rate", unknown=UNIT, rate=UNIT, credible=bool)
def combine_information(unknown: Array, rate: Array, credible: Mask) -> Array:
    """Return the share of uncertainty left after one more mediator spoke this week.

    unknown: share left by the others. rate: its information rate a week.
    """
    return unknown * np.where(credible, 1 - rate, 1.0)


@declares(
    "Slantchev 2003",
    UNIT,
    "width",
    "learning information",
    width=UNIT,
    learning=UNIT,
    information=UNIT,
)
def uncertainty(width: Array, learning: Array, information: Array) -> Array:
    """Return omega after a week of talks: omega (1 - om_talk - information), at least 0."""
    return width * np.maximum(1 - learning - information, 0.0)


@declares(
    "Zartman 2000",
    UNIT,
    "pain_one pain_other way_out",
    "reference",
    pain_one=SIGNED,
    pain_other=SIGNED,
    reference=(0.05, 1.0),
    way_out=UNIT,
)
def ripeness(pain_one: Array, pain_other: Array, reference: Array, way_out: Array) -> Array:
    """Return how ripe the conflict is, in [0, 1]: the smaller pain counts, times the way out.

    One-sided pain gives 0. Source: Zartman 1985, 2000 (operational form derived).
    """
    hurting = np.maximum(np.minimum(pain_one, pain_other), 0.0) / reference
    return np.minimum(hurting, 1.0) * way_out


@declares(
    "Zartman 2000",
    (0.0, 5.0),
    "hardness",
    "rate ripe talking",
    hardness=(0.0, 5.0),
    rate=UNIT,
    ripe=UNIT,
    talking=UNIT,
)
def soften_line(hardness: Array, rate: Array, ripe: Array, talking: Array) -> Array:
    """Return a red line's hardness after a week; lines soften three times as fast in talks.

    talking: 1.0 at the table, else 0.0.
    """
    return hardness * np.maximum(1 - rate * ripe * (1 + 2 * talking), 0.0)


@declares(
    "Beardsley 2008", UNIT, "leverage", "decay weeks", leverage=UNIT, decay=UNIT, weeks=(0.0, 100.0)
)
def leverage_left(leverage: Array, decay: Array, weeks: Array) -> Array:
    """Return Lambda_t = Lambda_0 (1 - decay)^t, ``weeks`` after signing. Source: Beardsley 2008."""
    return leverage * (1 - decay) ** weeks
