"""The negotiating table and what lies on it."""

from typing import Literal

from pydantic import Field

from sim.scenario.quantities import Frozen, Quantity
from sim.scenario.schema.base import (
    ID,
    NONNEGATIVE,
    POSITIVE,
    PROBABILITY,
    SHARE,
    STAKE,
    parameter,
)
from sim.scenario.wording import INFINITE


class Talks(Frozen):
    """The negotiating table: its clock, what is unknown, what third parties find there."""

    start: Literal["talks", "apart"] = "apart"
    """Whether the parties are in talks when the run starts."""
    uncertainty: Quantity = parameter("omega0", STAKE, SHARE, 0.0, at_start=True)
    """Uncertainty about each other's limits at the start."""
    learning: Quantity = parameter("om_talk", "share per week", SHARE, 0.0)
    """Share of that uncertainty that a week of talks removes."""
    suspicion_divisor: Quantity = parameter("divisor", "ratio", (1.0, INFINITE), 4.0)
    """A deal needs a zone of uncertainty over this; 4 is the best any mechanism can do."""
    final_offers: Quantity = parameter("q_ser", "probability per week", PROBABILITY, 1.0)
    """Probability that final offers are tabled in a week of talks."""
    round_length: Quantity = parameter("D", "weeks", (1.0, INFINITE), 1.0)
    """Weeks after which a round without a deal fails."""
    cool_off: Quantity = parameter("cool", "weeks", NONNEGATIVE, 0.0)
    """Weeks apart after a failed round or a broken deal."""
    implementation: Quantity = parameter("W", "weeks", NONNEGATIVE, 0.0)
    """Weeks that a deal must survive to count."""
    zone_noise: Quantity = parameter("zone_noise", STAKE, NONNEGATIVE, 0.0)
    """Spread of the weekly noise on each side's reservation point."""
    softening: Quantity = parameter("soft", "share per week", SHARE, 0.0)
    """Share of hardness that red lines lose in a fully ripe week apart."""
    pain_reference: Quantity = parameter("pain_ref", STAKE, POSITIVE, 1.0)
    """Pain on both sides at which the conflict is fully ripe."""
    planning_horizon: Quantity = parameter("H", "weeks", NONNEGATIVE, 0.0)
    """How far both sides look ahead when they judge the odds of force."""
    occasions_unmediated: Quantity = parameter("convene_0", "probability per week", SHARE, 0.25)
    """Probability of an occasion to talk in a week without a mediator."""
    way_out_unmediated: Quantity = parameter("way_out_0", "index", SHARE, 0.25)
    """How well the sides see a way out without a mediator."""
    settlement_high: Quantity = parameter("r_H", STAKE, (1e-6, 1.0), 1.0)
    """Settlement with a tough opposition, as a mediator weighs it."""
    settlement_low: Quantity = parameter("r_L", STAKE, SHARE, 0.0)
    """Settlement with a weak opposition, as a mediator weighs it."""


class Issue(Frozen):
    """One issue of the agenda: worth ``value`` to the opposition, ``cost`` to the government."""

    id: str = Field(pattern=ID)
    name: str | None = None
    """The issue in words."""
    label: Literal["negotiated_transition", "power_sharing", "electoral_roadmap"] | None = None
    """Outcome that a deal conceding this issue counts as; the strongest label decides."""
    value: Quantity = parameter("a", "relative weight", (1e-6, INFINITE), 1.0, required=True)
    """Value to the opposition, relative to the other issues."""
    cost: Quantity = parameter("g_i", "relative weight", (1e-6, INFINITE), 1.0, required=True)
    """Cost to the government, relative to the other issues."""
