"""Is the other side playing for time? Bayesian learning from concessions and silence.

A government in good faith concedes something in a week with probability q_s, one that plays for
time with q_i < q_s (Richmond 1998 on devious objectives; Beardsley 2011 ch. 2; Bayes' rule).
"""

import numpy as np

from sim.mechanisms.arrays import Array, Mask
from sim.mechanisms.facts import UNIT, declares


@declares("Bayes", UNIT, "belief", belief=UNIT, conceded=bool, sincere=UNIT, stalling=UNIT)
def update(belief: Array, conceded: Mask, sincere: Array, stalling: Array) -> Array:
    """Return the opposition's belief in good faith after one week at the table, in [0, 1].

    belief: prior mu. conceded: whether the government made a concession this week.
    sincere, stalling: weekly probability of a concession in good and in bad faith.
    """
    if_sincere = np.where(conceded, sincere, 1 - sincere)
    if_stalling = np.where(conceded, stalling, 1 - stalling)
    weight = belief * if_sincere
    total = weight + (1 - belief) * if_stalling
    # A surprise that neither type can produce teaches nothing. Equal rates teach nothing either,
    # and must do so to the last bit.
    learns = (total > 0) & (if_sincere != if_stalling)
    return np.where(learns, weight / np.where(total > 0, total, 1.0), belief)


@declares("derived", UNIT, "belief", "size", belief=UNIT, size=UNIT)
def scar(belief: Array, size: Array) -> Array:
    """Return the belief after a failed round or a broken deal: mu (1 - scar)."""
    return belief * (1 - size)


@declares("derived", UNIT, "belief prior", belief=UNIT, prior=UNIT, speed=UNIT)
def drift(belief: Array, prior: Array, speed: Array) -> Array:
    """Return the belief after a week apart: it returns to the prior at ``speed`` per week."""
    return belief + speed * (prior - belief)


@declares(
    "derived; P17",
    bool,
    "belief weight surplus exploratory",
    "loss",
    belief=UNIT,
    weight=UNIT,
    surplus=UNIT,
    exploratory=UNIT,
    loss=UNIT,
)
def worth_talking(
    belief: Array, weight: Array, surplus: Array, exploratory: Array, loss: Array
) -> Mask:
    """Return True where talking pays the opposition: mu beta max(E[w+], v) >= (1 - mu) loss.

    surplus: expected surplus E[w+]. exploratory: least value v of finding out.
    loss: cost of being strung along. Source: derived; the fear reported in P17.
    """
    return belief * weight * np.maximum(surplus, exploratory) >= (1 - belief) * loss
