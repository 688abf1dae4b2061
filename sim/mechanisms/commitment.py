"""Do promises hold? Guarantees, credible relief, the risk of leaving office, reneging.

Third-party guarantees: Walter (1997, 2002), Fortna (2003). Relief is believed when it can be
snapped back (Kydd 2000) or the sender sits at the table (Cunningham 2010). Deals that do not
match power do not last (Cheng, Goodhand & Meehan 2018).
"""

import numpy as np

from sim.mechanisms.arrays import Array
from sim.mechanisms.facts import SIGNED, UNIT, declares

#: Share of the remaining distrust in relief that a fully credible snap-back removes.
SNAPBACK_REASSURES = 0.8
#: The same for a sender that sits at the table.
SEAT_REASSURES = 0.5
#: Probabilities below this would divide by zero.
LEAST_PROBABILITY = 1e-6


@declares("Walter 2002", UNIT, "trust guarantee", trust=UNIT, guarantee=UNIT)
def holds(trust: Array, guarantee: Array) -> Array:
    """Return the probability that a promise holds: trust + (1 - trust) g. Source: Walter 2002."""
    return trust + (1 - trust) * guarantee


@declares("Walter 2002", UNIT, "good_faith guarantee", good_faith=UNIT, guarantee=UNIT)
def deal_holds(good_faith: Array, guarantee: Array) -> Array:
    """Return q_O, the probability in the opposition's eyes that the deal holds, in [1e-6, 1]."""
    held: Array = np.maximum(holds(good_faith, guarantee), LEAST_PROBABILITY)
    return held


@declares("Kydd 2000", UNIT, "base snapback seat", base=UNIT, snapback=UNIT, seat=UNIT)
def trust_in_relief(base: Array, snapback: Array, seat: Array) -> Array:
    """Return gamma, the government's belief that relief will be honoured, in [0, 1].

    snapback: its credibility where sanctions are eased at present, else 0. seat: 1.0 where the
    sender sits at the table. Source: Kydd 2000; Osgood 1962.
    """
    assurance: Array = np.maximum(SNAPBACK_REASSURES * snapback, SEAT_REASSURES * seat)
    return base + (1 - base) * assurance


@declares(
    "Escriba-Folch & Krcmaric 2017",
    UNIT,
    "exposure",
    "relief_holds",
    relief_holds=UNIT,
    exposure=UNIT,
)
def risk_of_leaving(relief_holds: Array, exposure: Array) -> Array:
    """Return what leaving office may cost the government: (1 - q_G) E, in shares of the stake."""
    return (1 - relief_holds) * exposure


@declares(
    "Cheng, Goodhand & Meehan 2018",
    (-1.0, 3.0),
    "relief leverage",
    "cost risk",
    cost=UNIT,
    risk=UNIT,
    relief=UNIT,
    leverage=UNIT,
)
def value_of_keeping(cost: Array, risk: Array, relief: Array, leverage: Array) -> Array:
    """Return what the deal leaves the government: 1 - c (1 + risk) + relief + Lambda_t."""
    return 1 - cost * (1 + risk) + relief + leverage


@declares(
    "Cheng, Goodhand & Meehan 2018; Walter 2002",
    UNIT,
    "base slope margin temptation",
    "guarantee",
    base=UNIT,
    slope=UNIT,
    margin=UNIT,
    temptation=SIGNED,
    guarantee=UNIT,
)
def renege_hazard(
    base: Array, slope: Array, margin: Array, temptation: Array, guarantee: Array
) -> Array:
    """Return the weekly probability that the government reneges, in [0, 1].

    temptation: what it would have without the deal less the value of keeping it.
    """
    hazard = (base + slope * np.maximum(temptation + margin, 0.0)) * (1 - guarantee)
    return np.minimum(hazard, 1.0)
