"""The street and the barracks: who rises, who defects, and what is left afterwards."""

from __future__ import annotations

import numpy as np

from sim.actors.base import Changes, CrisisAgent
from sim.mechanisms import loyalty, mobilisation
from sim.mechanisms.arrays import Array, Mask


class Street(CrisisAgent):
    """The protesting public; ``mobilisation`` is its state, in [0, 1]."""

    mobilisation: Array
    inflow: Array
    decay: Array
    decay_in_talks: Array
    shock: Array
    after_failure: Array
    attempts: Array

    def begin(self) -> None:
        """Start from the level at the start; without a military nobody can rise."""
        self.mobilisation = self.wide(self.mobilisation)
        if not self.model.military.exists:
            self.attempts = np.zeros(1)

    def street_phase(self) -> Changes:
        """Mobilise and tire."""
        model = self.model
        gain = mobilisation.inflow(
            self.inflow, model.recognition_share, model.sender.targeted, model.government.bite
        )
        gain = gain + self.shock * model.draws.normal("street.shock", model.week)
        level = mobilisation.mobilise(
            self.mobilisation, self.decay, self.decay_in_talks, model.table.talking, gain
        )
        return {"mobilisation": level}

    def aftermath_phase(self) -> Changes:
        """Lose heart after a failed uprising."""
        left = np.where(self.model.failed_attempt, self.after_failure, 1.0)
        return {"mobilisation": self.mobilisation * left}


#: theta* of a regime that nobody can topple, because there is no military to defect.
UNSHAKEABLE = -1e9


class Military(CrisisAgent):
    """The armed forces: N units in a global game each time an uprising is attempted."""

    units: Array
    strength: Array
    strength_sd: Array
    cost_of_defecting: Array
    amnesty: Array
    signal_noise: Array
    shock: Array
    effect_sanctions: Array
    effect_allies: Array
    effect_street: Array
    effect_recognition: Array
    purge: Array
    base_strength: Array
    mean_strength: Array
    strength_now: Array
    tipping: Array
    attempted: Mask
    fell: Mask

    def begin(self) -> None:
        """Draw true strength around what is believed of it."""
        luck = self.model.draws.normal("military.strength")
        self.base_strength = self.wide(self.strength) + self.strength_sd * luck
        self.attempted = np.zeros(self.model.replicates, dtype=np.bool_)
        self.fell = self.attempted
        self.assess()
        self.strength_now = self.mean_strength

    def assess(self) -> None:
        """Set mean strength and theta* from this week's rents, allies, street and recognition."""
        model = self.model
        effects = (
            self.effect_sanctions,
            self.effect_allies,
            self.effect_street,
            self.effect_recognition,
        )
        self.mean_strength = loyalty.mean_strength(
            self.base_strength,
            model.government.net,
            model.allied_support,
            model.street.mobilisation,
            model.recognition_share,
            effects,
        )
        tipping = loyalty.tipping_strength(self.cost_of_defecting, self.amnesty)
        self.tipping = tipping if self.exists else np.full(1, UNSHAKEABLE)

    def barracks_phase(self) -> Changes:
        """Decide whether an uprising is attempted this week and whether the regime falls."""
        model = self.model
        self.assess()
        strength = self.mean_strength + self.shock * model.draws.normal(
            "military.shock", model.week
        )
        chance = loyalty.attempt_probability(
            model.street.attempts, model.street.mobilisation, model.table.talking
        )
        rises = model.draws.uniform("uprising.attempt", model.week) < chance
        attempted = (rises | model.ordered("uprising")) & ~model.table.implementing
        if not self.exists:
            attempted = np.zeros_like(attempted)
        fell = attempted.copy()
        # Few replicates see an uprising in a week, and the binomial tail is dear.
        rows = np.flatnonzero(attempted)
        if rows.size:
            luck = model.draws.uniform("uprising.defectors", model.week)[rows]
            tipping, noise, units = (
                self.wide(array)[rows] for array in (self.tipping, self.signal_noise, self.units)
            )
            defects = loyalty.defection_probability(strength[rows], tipping, noise)
            fell[rows] = loyalty.falls(strength[rows], defects, units, luck)
        return {"strength_now": strength, "attempted": attempted, "fell": fell}

    def aftermath_phase(self) -> Changes:
        """Purge after a failed attempt."""
        gain = np.where(self.model.failed_attempt, self.purge, 0.0)
        return {"base_strength": self.base_strength + gain}
