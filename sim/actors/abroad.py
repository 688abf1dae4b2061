"""Third parties: the sender of sanctions, the government's allies, mediators, assets abroad."""

from __future__ import annotations

import numpy as np

from sim.actors.base import Changes, CrisisAgent
from sim.mechanisms import mediation, sanctions
from sim.mechanisms.arrays import Array, Mask


class Sender(CrisisAgent):
    """A state or organisation that sanctions, eases, threatens, sits at the table or vetoes it."""

    sanctions: Array
    targeted: Array
    threat: Array
    threat_credibility: Array
    easing: Array
    snapback: Array
    seat: Array
    veto: Array
    red_line: Array
    relief: Array
    force_perceived: Array
    force_hazard: Array

    @property
    def level(self) -> Array:
        """Sanctions in force after easing."""
        return sanctions.level(self.sanctions, self.easing)

    @property
    def further(self) -> Array:
        """Expected further sanctions: what is threatened on top, by its credibility."""
        return sanctions.threatened(self.level, self.threat, self.threat_credibility)

    @property
    def assurance(self) -> Array:
        """Credibility of the snap-back where sanctions are eased at present, else 0."""
        return np.where(self.easing > 0, self.snapback, 0.0)

    def withdraw(self, mask: Mask) -> None:
        """Leave the seat at the table."""
        self.write("seat", mask, np.zeros(1))


class Ally(CrisisAgent):
    """A supporter of the government that leaves when it expects it to fall.

    ``support`` is its present level, ``base_support`` the level to which it returns.
    """

    weight: Array
    support: Array
    threshold: Array

    def begin(self) -> None:
        """Start at the base level of support."""
        self.base_support = self.wide(self.support)
        self.support = self.base_support

    def standing(self, field: str) -> Array:
        """The level to which support returns, not the one that fear has left of it."""
        return self.base_support if field == "support" else super().standing(field)

    def write(self, field: str, mask: Mask, value: Array) -> None:
        """An event that sets support sets the level to which it returns, too."""
        super().write(field, mask, value)
        if field == "support":
            super().write("base_support", mask, value)

    @property
    def counted(self) -> Array:
        """Weighted support; none while its state recognises the opposition."""
        stays = ~self.model.states.recognises(self.state)
        return self.weight * self.support * stays

    def sanctions_phase(self) -> Changes:
        """Judge the government's survival from last week's odds and set support."""
        model = self.model
        confident = sanctions.expects_survival(
            model.government.force_odds,
            self.threshold,
            model.draws.normal(f"{self.actor_id}.survival", model.week),
        )
        return {"support": sanctions.support(self.support, self.base_support, confident)}


class Mediator(CrisisAgent):
    """A third party at the table; one that is absent brings nothing."""

    present: Array
    convene: Array
    way_out: Array
    information: Array
    bias: Array
    signal_error: Array
    cost_of_failure: Array
    leverage: Array
    leverage_decay: Array
    guarantee: Array

    @property
    def active(self) -> Mask:
        """Where the mediator is at work."""
        return self.present > 0

    def credible(self) -> Mask:
        """Return where its information is believed."""
        table = self.model.table
        return mediation.is_credible(
            self.bias,
            self.signal_error,
            self.cost_of_failure,
            table.settlement_high,
            table.settlement_low,
        )

    def order(self, name: str, mask: Mask, value: Array) -> None:
        """A mediator that is not at work can neither call the parties nor pause them."""
        super().order(name, mask & self.active, value)

    def withdraw(self, mask: Mask) -> None:
        """Stop mediating."""
        self.write("present", mask, np.zeros(1))


class Assets(CrisisAgent):
    """Assets of the state held abroad; ``released`` is the share in escrow, which pays nobody."""

    value: Array
    released: Array

    def begin(self) -> None:
        """Nothing is in escrow at the start."""
        self.released = np.zeros(1)

    @property
    def in_hand(self) -> Array:
        """Value to the opposition at full recognition, of what is not in escrow."""
        return self.value * (1 - self.released)
