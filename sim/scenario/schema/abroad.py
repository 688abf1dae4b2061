"""Third parties: the sender of sanctions, mediators, the government's allies, assets abroad."""

from typing import ClassVar, Literal

from sim.scenario.quantities import Quantity
from sim.scenario.schema.base import NONNEGATIVE, PROBABILITY, SHARE, STAKE, Actor, parameter


class Sender(Actor):
    """A state or organisation that sanctions: level, threat, red line for relief, seat, force."""

    kind: Literal["sender"]
    multiple: ClassVar[bool] = True
    sanctions: Quantity = parameter("s", "index", SHARE, 0.0)
    """Level of sanctions set by policy, before easing; 1 is a full embargo that all obey."""
    targeted: Quantity = parameter("tau", "share", SHARE, 0.0)
    """Share of the sanctions aimed at persons and not at the economy."""
    threat: Quantity = parameter("s_threat", "index", SHARE, 0.0)
    """Level of sanctions threatened."""
    threat_credibility: Quantity = parameter("chi", "probability", PROBABILITY, 0.0)
    """Probability with which the target expects the threat to be carried out."""
    easing: Quantity = parameter("ease", "share", SHARE, 0.0)
    """Share of the sanctions that is eased."""
    snapback: Quantity = parameter("snap", "index", SHARE, 0.0)
    """Credibility that eased sanctions return if the target reneges; it makes relief trusted."""
    seat: Quantity = parameter("seat", "0 or 1", SHARE, 0.0, whole=True)
    """Whether it sits at the table."""
    veto: Quantity = parameter("veto", "0 or 1", SHARE, 0.0, whole=True)
    """Whether it keeps the opposition from the table."""
    red_line: Quantity = parameter("r_U", STAKE, SHARE, 0.0)
    """Least settlement for which it grants relief."""
    relief: Quantity = parameter("relief", STAKE, SHARE, 0.0)
    """Value of full relief to the government, per unit of sanctions."""
    force_perceived: Quantity = parameter("h_hat", "probability per week", PROBABILITY, 0.0)
    """Weekly hazard of foreign force as both sides perceive it."""
    force_hazard: Quantity = parameter("h_int", "probability per week", PROBABILITY, 0.0)
    """Actual weekly hazard of foreign force."""


class Mediator(Actor):
    """A third party that convenes, informs, opens a way out, brings leverage and guarantees."""

    kind: Literal["mediator"]
    multiple: ClassVar[bool] = True
    present: Quantity = parameter("present", "0 or 1", SHARE, 1.0, whole=True)
    """Whether it is at work."""
    convene: Quantity = parameter("convene", "probability per week", PROBABILITY, 0.25)
    """Probability that it creates an occasion to talk in a week."""
    way_out: Quantity = parameter("way_out", "index", SHARE, 0.25)
    """How well it shows both sides a way out of the stalemate."""
    information: Quantity = parameter("information", "share per week", SHARE, 0.0)
    """Share of the uncertainty about limits that it removes in a week of talks, if believed."""
    bias: Quantity = parameter("bias", "index", NONNEGATIVE, 0.0)
    """Its bias toward the government."""
    signal_error: Quantity = parameter("eps", "probability", (0.0, 0.49), 0.0)
    """Probability that its private signal is wrong."""
    cost_of_failure: Quantity = parameter("K", "index", NONNEGATIVE, 1.0)
    """What a breakdown of the talks costs it."""
    leverage: Quantity = parameter("leverage", STAKE, SHARE, 0.0)
    """What it adds to a deal as long as it keeps pushing."""
    leverage_decay: Quantity = parameter("decay", "share per week", SHARE, 0.0)
    """Share of its leverage that wanes in a week after signing."""
    guarantee: Quantity = parameter("g", "probability", PROBABILITY, 0.0)
    """Probability that it enforces a promise that would else be broken."""


class Ally(Actor):
    """A state that supports the government and leaves when it expects it to fall."""

    kind: Literal["ally"]
    multiple: ClassVar[bool] = True
    weight: Quantity = parameter("weight", "share", SHARE, 0.0, required=True)
    """Share of all support that full support of this ally makes."""
    support: Quantity = parameter("support", "index", SHARE, 0.0, required=True)
    """Level of support at the start, and the level to which it returns."""
    threshold: Quantity = parameter("threshold", "probability", PROBABILITY, 0.0, required=True)
    """It withdraws support while it expects the government to survive with less than this."""


class Assets(Actor):
    """Assets of the state held abroad, whose proceeds follow recognition."""

    kind: Literal["assets"]
    value: Quantity = parameter("v_F", STAKE, SHARE, 0.0)
    """Value to the opposition at full recognition."""
