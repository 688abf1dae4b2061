"""Sanctions bite, targets adapt, friends of the target offset.

Adaptation: Early (2015), Escriba-Folch & Wright (2010), as a linear relaxation (derived). Offset
by supporters ("black knights"): Hufbauer et al. (2007), Early (2015), McLean & Whang (2010).
Threats: Drezner (2003), Lacy & Niou (2004). Targeting: Drezner (2011).
"""

import numpy as np

from sim.mechanisms.arrays import Array, Mask
from sim.mechanisms.facts import UNIT, declares

#: An ally that expects the government to fall keeps this share of its support each week.
SUPPORT_KEPT = 0.8
#: Otherwise support returns to its base by this share of the gap each week.
SUPPORT_RETURN = 0.05
#: Standard deviation of an ally's weekly misjudgement of the government's survival.
SURVIVAL_ERROR = 0.05


@declares("Kydd 2000", UNIT, "imposed", "easing", imposed=UNIT, easing=UNIT)
def level(imposed: Array, easing: Array) -> Array:
    """Return the sanction level in force: the level set by policy less the share eased."""
    return imposed * (1 - easing)


@declares("Early 2015", UNIT, "sanctions", "adaptation", sanctions=UNIT, adaptation=UNIT)
def bite(sanctions: Array, adaptation: Array) -> Array:
    """Return what the sanctions still cost the target, in [0, 1]: s (1 - a)."""
    return sanctions * (1 - adaptation)


@declares(
    "Hufbauer et al. 2007",
    UNIT,
    "gross",
    "offset support",
    gross=UNIT,
    offset=UNIT,
    support=(0.0, 2.0),
)
def net_bite(gross: Array, offset: Array, support: Array) -> Array:
    """Return the bite left after the allies' support: bite max(1 - psi A, 0), in [0, 1]."""
    return gross * np.maximum(1 - offset * support, 0.0)


@declares(
    "Early 2015",
    UNIT,
    "adaptation ceiling",
    adaptation=UNIT,
    speed=UNIT,
    ceiling=UNIT,
    sanctions=UNIT,
)
def adapt(adaptation: Array, speed: Array, ceiling: Array, sanctions: Array) -> Array:
    """Return next week's adaptation: a + lam (abar [s > 0] - a)."""
    return adaptation + speed * (np.where(sanctions > 0, ceiling, 0.0) - adaptation)


@declares(
    "Drezner 2003",
    UNIT,
    "threat credibility",
    "sanctions",
    sanctions=UNIT,
    threat=UNIT,
    credibility=UNIT,
)
def threatened(sanctions: Array, threat: Array, credibility: Array) -> Array:
    """Return the further sanctions that the target expects: chi max(s_threat - s, 0)."""
    return credibility * np.maximum(threat - sanctions, 0.0)


@declares(
    "Fearon 1995",
    (0.0, 3.0),
    "base economic net street m",
    base=UNIT,
    economic=UNIT,
    net=UNIT,
    street=UNIT,
    m=UNIT,
)
def pain_government(base: Array, economic: Array, net: Array, street: Array, m: Array) -> Array:
    """Return C_G, the government's cost of waiting a week: c0 + k_G net + k_M m.

    net: net bite of what is imposed and of what is credibly threatened. m: mobilisation.
    """
    return base + economic * net + street * m


@declares(
    "Drezner 2011",
    (0.0, 2.0),
    "base economic gross",
    "targeted",
    base=UNIT,
    economic=UNIT,
    targeted=UNIT,
    gross=UNIT,
)
def pain_opposition(base: Array, economic: Array, targeted: Array, gross: Array) -> Array:
    """Return C_O, the opposition's cost of waiting: repression plus the untargeted bite."""
    return base + economic * (1 - targeted) * gross


@declares(
    "assumed",
    bool,
    "error",
    "force_odds threshold",
    force_odds=UNIT,
    threshold=UNIT,
    error=(-4.0, 4.0),
)
def expects_survival(force_odds: Array, threshold: Array, error: Array) -> Mask:
    """Return True where an ally still expects the government to survive.

    force_odds: P_G of last week. error: standard normal misjudgement.
    """
    return 1 - force_odds + SURVIVAL_ERROR * error >= threshold


@declares("assumed", UNIT, "current base confident", current=UNIT, base=UNIT, confident=bool)
def support(current: Array, base: Array, confident: Mask) -> Array:
    """Return an ally's support next week, in [0, 1]."""
    return np.where(confident, current + SUPPORT_RETURN * (base - current), SUPPORT_KEPT * current)
