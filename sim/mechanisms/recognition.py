"""Recognition as a threshold cascade with blocs, a patron and hysteresis.

Granovetter (1978): act if enough others act; here "others" are the state's own bloc, the world,
the street it sees and the patron it follows (Coggins 2011). Recognition once given is withdrawn
only when the influence has fallen by the hysteresis h below the threshold.
K is the number of states; positions are 0 neither, 1 opposition, 2 government.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri, ndtri_exp

from sim.mechanisms.arrays import Array, Mask
from sim.mechanisms.facts import UNIT, declares

NEITHER: Final = 0
OPPOSITION: Final = 1
GOVERNMENT: Final = 2

#: The street counts as fully mobilised for observers abroad from 1 / 1.6 on.
STREET_SEEN = 1.6


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the four influences: own bloc, world, street, patron; each (R,) or (1,)."""

    bloc: Array
    world: Array
    street: Array
    patron: Array


def influence(
    bloc_share: Array, world_share: Array, m: Array, patron: Array, weights: Weights
) -> Array:
    """Return I, the pull toward recognising, of all states of one bloc and follower flag.

    bloc_share, world_share: weight of recognisers over all states. m: mobilisation.
    patron: 1.0 where the group follows the patron and the patron recognises, else 0.0.
    """
    seen: Array = np.minimum(1.0, STREET_SEEN * m)
    return (
        weights.bloc * bloc_share
        + weights.world * world_share
        + weights.street * seen
        + weights.patron * patron
    )


@declares(
    "Granovetter 1978",
    (-np.inf, np.inf),
    "mean",
    luck=(0.001, 0.999),
    mean=UNIT,
    sd=(0.0, 0.3),
    never=UNIT,
)
def fresh_threshold(luck: Array, mean: Array, sd: Array, never: Array) -> Array:
    """Return a new threshold: infinite with probability ``never``, else N(mean, sd).

    luck: uniform in (0, 1); one draw decides both.
    """
    kept = luck >= never
    rest = np.where(kept, (luck - never) / np.where(never < 1, 1 - never, 1.0), 0.5)
    return np.where(kept, mean + sd * ndtri(np.clip(rest, 2.0**-53, 1 - 2.0**-53)), np.inf)


@declares(
    "Granovetter 1978, conditioned",
    (-np.inf, 1.0),
    "luck pull",
    luck=(0.001, 0.999),
    mean=UNIT,
    sd=(0.0, 0.3),
    pull=UNIT,
)
def threshold_of_recogniser(luck: Array, mean: Array, sd: Array, pull: Array) -> Array:
    """Return the threshold of a state that recognises at the start: N(mean, sd) up to I_0."""
    spread = np.where(sd > 0, sd, 1.0)
    # In logarithms, because the lower tail may be too thin for a float.
    drawn = mean + spread * ndtri_exp(np.log(luck) + log_ndtr((pull - mean) / spread))
    return np.minimum(np.where(sd > 0, drawn, mean), pull)


@declares(
    "Granovetter 1978, conditioned",
    (0.0, np.inf),
    luck=(0.001, 0.999),
    mean=UNIT,
    sd=(0.0, 0.3),
    never=UNIT,
    pull=UNIT,
)
def threshold_of_holdout(luck: Array, mean: Array, sd: Array, never: Array, pull: Array) -> Array:
    """Return the threshold of a state that does not recognise at the start.

    Given that it has not moved at I_0 it never will with probability z / (z + (1-z) P(phi > I_0));
    otherwise phi is N(mean, sd) truncated to above I_0, drawn from the upper tail.
    """
    spread = np.where(sd > 0, sd, 1.0)
    above = np.where(sd > 0, ndtr((mean - pull) / spread), np.where(mean > pull, 1.0, 0.0))
    weight = never + (1 - never) * above
    stays = never / np.where(weight > 0, weight, 1.0)
    kept = luck >= stays
    rest = np.where(kept, (luck - stays) / np.where(stays < 1, 1 - stays, 1.0), 0.5)
    tail = np.clip((1 - rest) * np.where(sd > 0, above, 0.5), np.finfo(float).tiny, 1.0)
    drawn = np.where(sd > 0, mean - spread * ndtri(tail), mean)
    return np.where(kept, np.maximum(drawn, np.nextafter(pull, np.inf)), np.inf)


@declares(
    "Granovetter 1978",
    bool,
    "recognised pull hysteresis",
    "threshold",
    recognised=bool,
    pull=UNIT,
    threshold=UNIT,
    hysteresis=UNIT,
)
def recognises(recognised: Mask, pull: Array, threshold: Array, hysteresis: Array) -> Mask:
    """Return who recognises after this week, the shape of ``recognised``.

    A state moves when I >= phi; a recogniser drops out only when I < phi - h.
    """
    return np.where(recognised, pull >= threshold - hysteresis, pull >= threshold)


@declares("geometric law", (-np.inf, 0.0), "", "hazard", hazard=(0.0, 0.999))
def staying(hazard: Array) -> Array:
    """Return the logarithm of the probability that a government stays for a week, at most 0.

    hazard: weekly probability that it changes.
    """
    with np.errstate(divide="ignore"):
        return np.log1p(-np.clip(hazard, 0.0, 1.0))


@declares("geometric law", (1.0, np.inf), "luck stays", luck=(0.001, 0.999), stays=(-7.0, 0.0))
def weeks_until_change(luck: Array, stays: Array) -> Array:
    """Return the number of weeks until a state's government changes, at least 1 (geometric).

    stays: of ``staying``. Infinite where it is 0, that is where the hazard is 0.
    """
    with np.errstate(divide="ignore"):
        weeks = np.ceil(np.log1p(-luck) / stays)
    return np.where(stays < 0, np.maximum(weeks, 1.0), np.inf)


@declares(
    "definition",
    UNIT,
    "recognising",
    "supporting",
    recognising=(0.0, 100.0),
    supporting=(0.0, 100.0),
)
def share_recognising(recognising: Array, supporting: Array) -> Array:
    """Return n: weight of recognisers over that of states that take a side; 0 if none does."""
    sides = recognising + supporting
    return np.where(sides > 0, recognising / np.where(sides > 0, sides, 1.0), 0.0)
