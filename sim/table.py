"""The negotiating table: when the parties meet, what they learn there, what they sign and keep.

It belongs to no actor. Its parameters are the scenario's section ``talks``; its state is the
phase of each replicate (apart, talks, implementing), the round, and the zone of the week.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.mechanisms import bargaining, commitment, good_faith, mediation
from sim.mechanisms.agenda import Agenda, cost
from sim.mechanisms.arrays import Array, Mask
from sim.offers import final_offers

if TYPE_CHECKING:
    from sim.crisis import CrisisModel

APART, TALKS, IMPLEMENTING = 0, 1, 2


class Table:
    """State of the talks in R replicates; attributes of the section ``talks`` by name."""

    learning: Array
    suspicion_divisor: Array
    final_offers: Array
    round_length: Array
    cool_off: Array
    implementation: Array
    zone_noise: Array
    softening: Array
    pain_reference: Array
    planning_horizon: Array
    occasions_unmediated: Array
    way_out_unmediated: Array
    settlement_high: Array
    settlement_low: Array
    uncertainty: Array
    round: Array
    cooling: Array
    failed_rounds: Array
    weeks_at_table: Array
    low: Array
    high: Array
    high_without_relief: Array
    zone: Array
    ripeness: Array
    deal: Array
    deal_weeks: Array
    signed_now: Mask
    signed_week: Array
    settlement: Array
    keeping: Array
    renege_hazard: Array
    reneged: Mask
    completed: Mask
    met: Mask
    uncertainty_met: Array
    trust_met: Array
    willing: Mask
    tabled: Mask

    def __init__(self, model: CrisisModel, values: dict[str, Array], agenda: Agenda) -> None:
        self.model = model
        self.agenda = agenda
        for name, value in values.items():
            setattr(self, name, value)
        size = model.replicates
        both = model.government.exists and model.opposition.exists
        self.open = both
        starts = TALKS if both and model.crisis.talks.start == "talks" else APART
        self.phase = np.full(size, starts, dtype=np.int8)
        self.uncertainty = np.broadcast_to(values["uncertainty"], (size,)).astype(np.float64)
        self.round = np.zeros(size)
        self.cooling = np.zeros(size)
        self.failed_rounds = np.zeros(size)
        self.weeks_at_table = np.zeros(size)
        self.deal = np.full(size, np.nan)
        self.deal_weeks = np.zeros(size)
        self.signed_now = np.zeros(size, dtype=np.bool_)
        self.signed_week = np.zeros(size)
        self.settlement = np.full(size, np.nan)
        self.reneged = np.zeros(size, dtype=np.bool_)
        self.completed = np.zeros(size, dtype=np.bool_)
        # What this week's decisions went by, kept for the account of a run.
        self.met = self.willing = self.tabled = self.completed
        self.uncertainty_met, self.trust_met = self.uncertainty, np.zeros(size)

    def standing(self, field: str) -> Array:
        """Return what an event that is revoked puts back."""
        value: Array = getattr(self, field)
        return value

    def write(self, field: str, mask: Mask, value: Array) -> None:
        """Let an event set a parameter where ``mask`` holds."""
        setattr(self, field, np.where(mask, value, getattr(self, field)))

    @property
    def talking(self) -> Array:
        """1.0 where the parties are in talks, else 0.0."""
        talks: Array = (self.phase == TALKS).astype(np.float64)
        return talks

    @property
    def implementing(self) -> Mask:
        """Where a deal is being implemented."""
        held: Mask = self.phase == IMPLEMENTING
        return held

    def way_out(self) -> Array:
        """Return the best way out that a mediator at work shows, or the one there is without."""
        best, mediated = self._best("way_out")
        return np.where(mediated, best, self.way_out_unmediated)

    def _best(self, field: str) -> tuple[Array, Mask]:
        best = np.zeros(self.model.replicates)
        mediated = np.zeros(self.model.replicates, dtype=np.bool_)
        for mediator in self.model.mediators:
            best = np.where(mediator.active, np.maximum(best, getattr(mediator, field)), best)
            mediated = mediated | mediator.active
        return best, mediated

    def guarantee(self) -> Array:
        """Return the largest guarantee of a mediator at work."""
        return self._best("guarantee")[0]

    def leverage(self, weeks: Array) -> Array:
        """Return the sum of the mediators' leverage after it has waned for ``weeks``."""
        total = np.zeros(self.model.replicates)
        for mediator in self.model.mediators:
            left = mediation.leverage_left(mediator.leverage, mediator.leverage_decay, weeks)
            total = total + np.where(mediator.active, left, 0.0)
        return total

    def information(self) -> Array:
        """Return the share of uncertainty that credible mediators remove this week."""
        unknown: Array = np.ones(self.model.replicates)
        for mediator in self.model.mediators:
            heard = mediator.active & mediator.credible()
            unknown = mediation.combine_information(unknown, mediator.information, heard)
        return 1 - unknown

    def measure_zone(self, noisy: bool = True) -> None:
        """Set x_min, x_max and the zone from both reservation points and this week's noise."""
        model = self.model
        low = cost(model.opposition.demands, self.agenda)
        high = model.government.grants
        bare = model.government.grants_without_relief
        if noisy:
            shift = self.zone_noise * model.draws.normal("zone.high", model.week)
            low = low + self.zone_noise * model.draws.normal("zone.low", model.week)
            high, bare = high + shift, bare + shift
        self.low, self.high, self.high_without_relief = low, high, bare
        self.zone = high - low

    def ripen(self) -> None:
        """Set how ripe the conflict is this week, in the eyes of both sides."""
        model = self.model
        self.ripeness = mediation.ripeness(
            model.government.pain, model.opposition.pain, self.pain_reference, self.way_out()
        )

    def softened(self, hardness: Array) -> Array:
        """Return a red line's hardness after this week; ripeness softens both sides alike."""
        return mediation.soften_line(hardness, self.softening, self.ripeness, self.talking)

    def negotiate(self) -> None:
        """Hold the week at the table: learn, break off, sign, fail, or find the way back."""
        model, opposition = self.model, self.model.opposition
        pause = self._pause_ordered()
        talking = (self.phase == TALKS) & ~model.military.fell & (pause == 0)
        apart = self.phase == APART
        self.met, self.uncertainty_met = talking, self.uncertainty
        self.weeks_at_table = self.weeks_at_table + (talking & model.live)
        self.trust_met = trust = self._trust(talking, apart)
        rounds = np.where(talking, self.round + 1, 0.0)
        self.willing = willing = self._willing(trust)
        vetoed = model.sender.veto > 0
        withdrawn = model.government.ordered("withdraw") | opposition.ordered("withdraw")
        leaves = ~willing | vetoed | withdrawn | (opposition.force_odds > opposition.leave_above)
        broken = talking & (model.failed_attempt | leaves)
        settles, price = final_offers(self, rounds)
        signed = talking & ~broken & settles
        ends = broken | (talking & ~signed & (rounds >= self.round_length))
        cooling = np.where(apart, np.maximum(self.cooling - 1, 0.0), self.cooling)
        cooling = np.where(apart & model.ordered("resume"), 0.0, cooling)
        comes = willing & ~vetoed & ~withdrawn & (opposition.force_odds <= opposition.enter_below)
        enters = apart & (cooling <= 0) & (pause == 0) & comes & ~model.military.attempted
        enters &= self._occasion()
        self._enter_week_after(talking, signed, ends, enters, cooling, rounds)
        self._sign(signed, price)
        self._pause(pause)
        self._learn(talking)
        opposition.trust = np.where(ends, good_faith.scar(trust, opposition.trust_scar), trust)

    def _willing(self, trust: Array) -> Mask:
        """Return where the opposition finds talks worth their risk, with this week's trust."""
        opposition = self.model.opposition
        return good_faith.worth_talking(
            trust,
            opposition.bargaining_weight,
            bargaining.expected_surplus(self.zone, self.uncertainty),
            opposition.exploratory_value,
            opposition.loss_strung_along,
        )

    def _trust(self, talking: Mask, apart: Mask) -> Array:
        """Return mu after this week's concession or silence, or after a week apart."""
        model, opposition, government = self.model, self.model.opposition, self.model.government
        sincere, stalling = government.concession_sincere, government.concession_stalling
        rate = np.where(government.stalling > 0, stalling, sincere)
        conceded = model.draws.uniform("government.concession", model.week) < rate
        learned = good_faith.update(opposition.trust, conceded, sincere, stalling)
        drifted = good_faith.drift(
            opposition.trust, opposition.prior_good_faith, opposition.trust_drift
        )
        return np.where(talking, learned, np.where(apart, drifted, opposition.trust))

    def _learn(self, talking: Mask) -> None:
        """Narrow the uncertainty; this week's decisions used what was known before."""
        after = mediation.uncertainty(self.uncertainty, self.learning, self.information())
        self.uncertainty = np.where(talking, after, self.uncertainty)

    def _occasion(self) -> Mask:
        model = self.model
        best, mediated = self._best("convene")
        chance = np.where(mediated, best, self.occasions_unmediated)
        occurs = model.draws.uniform("talks.occasion", model.week) < chance
        ordered = model.ordered("convene") | model.ordered("resume")
        return (occurs | ordered) & self.open

    def _pause_ordered(self) -> Array:
        """Return for how many weeks a pause is ordered this week, 0 where none is."""
        pause: Array = np.zeros(self.model.replicates)
        for agent in self.model.cast:
            weeks = agent.orders.get("suspend")
            if weeks is not None:
                pause = np.maximum(pause, np.nan_to_num(weeks))
        return pause

    def _enter_week_after(
        self, talking: Mask, signed: Mask, ends: Mask, enters: Mask, cooling: Array, rounds: Array
    ) -> None:
        """Set phase, round and cool-off with which the next week starts."""
        phase = np.where(signed, IMPLEMENTING, np.where(ends, APART, self.phase))
        self.phase = np.where(enters, TALKS, phase).astype(np.int8)
        self.cooling = np.where(ends, self.cool_off, cooling)
        self.round = np.where(self.phase == TALKS, np.where(talking, rounds, 0.0), 0.0)
        self.failed_rounds = self.failed_rounds + (ends & self.model.live)

    def _sign(self, signed: Mask, price: Array) -> None:
        self.signed_now = signed
        self.deal = np.where(signed, price, self.deal)
        self.deal_weeks = np.where(signed, 0.0, self.deal_weeks)
        news = signed & self.model.live
        first = news & (self.signed_week == 0)
        self.signed_week = np.where(first, self.model.week + 1.0, self.signed_week)
        self.settlement = np.where(news, price, self.settlement)

    def _pause(self, pause: Array) -> None:
        """Send those who pause apart; the week was not held, and no round failed."""
        pauses = (pause > 0) & ~self.implementing
        self.phase = np.where(pauses, APART, self.phase).astype(np.int8)
        self.round = np.where(pauses, 0.0, self.round)
        self.cooling = np.where(pauses, np.maximum(self.cooling, pause), self.cooling)

    def implement(self) -> None:
        """Hold the week of deals in force: renege or keep; complete after W weeks."""
        model, government, opposition = self.model, self.model.government, self.model.opposition
        held = self.implementing & ~self.signed_now
        weeks = np.where(held, self.deal_weeks + 1, self.deal_weeks)
        price = np.where(np.isnan(self.deal), 0.0, self.deal)
        relief = np.where(price >= model.sender.red_line, government.relief_held(), 0.0)
        leverage = self.leverage(weeks)
        self.keeping = commitment.value_of_keeping(price, government.risk, relief, leverage)
        self.renege_hazard = commitment.renege_hazard(
            government.renege_base,
            government.renege_slope,
            government.renege_margin,
            government.disagreement - self.keeping,
            model.guarantee,
        )
        breaks = model.draws.uniform("deal.renege", model.week) < self.renege_hazard
        breaks = held & (breaks | government.ordered("renege"))
        self.completed = self.implementing & ~breaks & (weeks >= self.implementation)
        self.deal_weeks = weeks
        self.reneged = self.reneged | (breaks & model.live)
        self.phase = np.where(breaks, APART, self.phase).astype(np.int8)
        self.cooling = np.where(breaks, self.cool_off, self.cooling)
        self.deal = np.where(breaks, np.nan, self.deal)
        scarred = good_faith.scar(opposition.trust, opposition.trust_scar)
        opposition.trust = np.where(breaks, scarred, opposition.trust)
