"""The two sides of the table: what each has without a deal, and the least it accepts."""

from __future__ import annotations

import numpy as np

from sim.actors.base import Changes, CrisisAgent
from sim.mechanisms import bargaining, commitment, loyalty, sanctions
from sim.mechanisms.arrays import Array, Mask, normal_below


class Government(CrisisAgent):
    """The government: adapts to sanctions, weighs its survival, grants up to x_max."""

    red_line: Array
    hardness: Array
    good_faith: Array
    concession_sincere: Array
    concession_stalling: Array
    value_of_time: Array
    exposure: Array
    trust_in_relief: Array
    pain_base: Array
    pain_sanctions: Array
    pain_street: Array
    adaptation_speed: Array
    adaptation_ceiling: Array
    offset_by_allies: Array
    renege_base: Array
    renege_slope: Array
    renege_margin: Array
    stalling: Array
    adaptation: Array
    bite: Array
    net: Array
    threatened: Array
    force_odds: Array
    pain: Array
    disagreement: Array
    relief_holds: Array
    risk: Array
    relief_counts: Mask
    grants: Array
    grants_without_relief: Array

    def begin(self) -> None:
        """Draw the hidden type: 1.0 where the government plays for time."""
        luck = self.model.draws.uniform("government.type")
        self.stalling = np.where(luck < self.good_faith, 0.0, 1.0)
        self.hardness = self.wide(self.hardness)
        self.adaptation = self.wide(np.zeros(1))
        self.feel_sanctions()

    def feel_sanctions(self) -> None:
        """Set bite, net bite and what is threatened on top, from this week's levels."""
        sender, support = self.model.sender, self.model.allied_support
        self.bite = self.wide(sanctions.bite(sender.level, self.adaptation))
        self.net = self.wide(sanctions.net_bite(self.bite, self.offset_by_allies, support))
        self.threatened = sanctions.net_bite(
            sanctions.bite(sender.further, self.adaptation), self.offset_by_allies, support
        )

    def sanctions_phase(self) -> Changes:
        """Feel this week's sanctions, then adapt to them for the next."""
        self.feel_sanctions()
        adapted = sanctions.adapt(
            self.adaptation, self.adaptation_speed, self.adaptation_ceiling, self.model.sender.level
        )
        return {"adaptation": adapted}

    def odds_phase(self) -> Changes:
        """Judge the odds that force decides, P_G: it knows its strength but for the shocks."""
        model = self.model
        military = model.military
        success = normal_below(military.tipping - military.mean_strength, military.shock)
        odds = loyalty.odds_of_force(
            model.street.attempts,
            model.street.mobilisation,
            success,
            model.sender.force_perceived,
            model.table.planning_horizon,
        )
        return {"force_odds": self.wide(odds)}

    def outside_phase(self) -> Changes:
        """Weigh pain, the outside option d_G and how far promises to it hold."""
        model = self.model
        m = model.street.mobilisation
        pain = sanctions.pain_government(
            self.pain_base, self.pain_sanctions, self.net + self.threatened, self.pain_street, m
        )
        trust = commitment.trust_in_relief(
            self.trust_in_relief, model.sender.assurance, model.sender.seat
        )
        holds = commitment.holds(trust, model.guarantee)
        return {
            "pain": pain,
            "disagreement": bargaining.disagreement_government(
                self.force_odds, pain, self.value_of_time, m, self.stalling
            ),
            "relief_holds": holds,
            "risk": commitment.risk_of_leaving(holds, self.exposure),
        }

    def reservation_phase(self) -> Changes:
        """Set x_max; relief counts where x_max reaches the sender's red line because of it."""
        sender = self.model.sender
        relief = self.relief_held()
        leverage = self.model.leverage_now
        bare = self._highest_grant(leverage)
        with_relief = self._highest_grant(leverage + relief)
        counts = with_relief >= sender.red_line
        return {
            "relief_counts": counts,
            "grants_without_relief": bare,
            "grants": np.where(counts, with_relief, bare),
        }

    def relief_held(self) -> Array:
        """Return the value of relief, discounted by the doubt that it is honoured."""
        sender = self.model.sender
        return self.relief_holds * sender.relief * sender.sanctions

    def _highest_grant(self, gains: Array) -> Array:
        return bargaining.reservation_government(
            self.disagreement, gains, self.risk, self.red_line, self.hardness
        )

    def softening_phase(self) -> Changes:
        """Let the red line soften as the conflict ripens."""
        return {"hardness": self.model.table.softened(self.hardness)}


class Opposition(CrisisAgent):
    """The opposition: believes, learns, weighs force against talks, demands u_min."""

    red_line: Array
    hardness: Array
    recognition_hardening: Array
    prior_good_faith: Array
    trust_drift: Array
    trust_scar: Array
    loss_strung_along: Array
    exploratory_value: Array
    bargaining_weight: Array
    believed_attempts: Array
    belief_strength: Array
    belief_sd: Array
    belief_learning: Array
    enter_below: Array
    leave_above: Array
    pain_base: Array
    pain_sanctions: Array
    loss_if_reneged: Array
    trust: Array
    force_odds: Array
    pain: Array
    disagreement: Array
    deal_holds: Array
    demands: Array

    def begin(self) -> None:
        """Start from the priors."""
        self.trust = self.wide(self.prior_good_faith)
        self.hardness = self.wide(self.hardness)
        self.belief_strength = self.wide(self.belief_strength)
        self.belief_sd = self.wide(self.belief_sd)

    def aftermath_phase(self) -> Changes:
        """Learn about strength: from survival after a failed attempt, else slowly."""
        military = self.model.military
        slow = self.belief_strength + self.belief_learning * (
            military.mean_strength - self.belief_strength
        )
        # Few replicates see a failed attempt in a week, and what it teaches is dear to compute.
        rows = np.flatnonzero(self.model.failed_attempt)
        if not rows.size:
            return {"belief_strength": slow}
        mean, sd = slow.copy(), self.belief_sd.copy()
        mean[rows], sd[rows] = loyalty.belief_after_survival(
            self.belief_strength[rows], self.belief_sd[rows], self.wide(military.tipping)[rows]
        )
        return {"belief_strength": mean, "belief_sd": sd}

    def odds_phase(self) -> Changes:
        """Judge the odds that force decides, P_O, by its own beliefs."""
        model = self.model
        success = normal_below(model.military.tipping - self.belief_strength, self.belief_sd)
        odds = loyalty.odds_of_force(
            self.believed_attempts,
            model.street.mobilisation,
            success,
            model.sender.force_perceived,
            model.table.planning_horizon,
        )
        return {"force_odds": self.wide(odds)}

    def outside_phase(self) -> Changes:
        """Weigh pain, the outside option d_O and how far a deal would hold."""
        model = self.model
        pain = sanctions.pain_opposition(
            self.pain_base, self.pain_sanctions, model.sender.targeted, model.government.bite
        )
        return {
            "pain": pain,
            "disagreement": bargaining.disagreement_opposition(
                self.force_odds, model.assets.in_hand, model.recognition_share, pain
            ),
            "deal_holds": commitment.deal_holds(self.trust, model.guarantee),
        }

    def reservation_phase(self) -> Changes:
        """Set u_min; recognition hardens the red line."""
        hardness = self.hardness * (1 + self.recognition_hardening * self.model.recognition_share)
        return {
            "demands": bargaining.reservation_opposition(
                self.disagreement, self.deal_holds, self.loss_if_reneged, self.red_line, hardness
            )
        }

    def softening_phase(self) -> Changes:
        """Let the red line soften as the conflict ripens."""
        return {"hardness": self.model.table.softened(self.hardness)}
