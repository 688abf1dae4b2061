"""The crisis as a Mesa model, R replicates wide. Read ``step`` from top to bottom: one week.

Inside a phase all agents read the state at its start and write together, so the order of
activation cannot matter; a later phase reads what earlier phases of the same week wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar, cast

import mesa
import numpy as np
import numpy.typing as npt

from sim import cast as casting
from sim import observe as readings
from sim import outcomes as o
from sim.actors import (
    Ally,
    Assets,
    CrisisAgent,
    Government,
    Mediator,
    Military,
    Opposition,
    Sender,
    States,
    Street,
)
from sim.actors.base import Changes
from sim.actors.senders import Senders
from sim.draws import Rows
from sim.errors import RunError
from sim.events import Timeline
from sim.mechanisms import agenda
from sim.mechanisms.arrays import Array, Mask
from sim.scenario.loader import Source, load
from sim.table import APART, Table

#: The weekly hazard of intervention is this much higher in the week of a failed uprising.
INTERVENTION_AFTER_FAILURE = 5.0
#: The challenge has faded where, at the horizon, mobilisation and P_O are both below these.
FADED_MOBILISATION = 0.22
FADED_FORCE_ODDS = 0.08
#: Talks have collapsed where at least so many rounds failed by the horizon.
COLLAPSED_ROUNDS = 3
#: A deal on one good carries these labels from these costs on, strongest first.
LABEL_COSTS = (0.75, 0.50, 0.25)

A = TypeVar("A", bound=CrisisAgent)
Codes = npt.NDArray[np.int8]


class CrisisModel(mesa.Model):
    """R parallel replicates of one scenario; ``step`` advances all of them by a week.

    scenario, replicates, seed, start: as for ``sim.run``. chance_start: first index for everything
    but parameters (see ``Draws``). points: path -> value in each of P points, shape (P,); the model
    is then P x ``replicates`` wide, point after point, every point on the same luck, and R stands
    for that width.
    Raises RunError when a live replicate meets a number that is not finite.

    week: index of the week to come, 0 at the start. live: where no outcome has fallen yet, (R,).
    outcome, sublabel: codes of ``sim.outcomes``, (R,). outcome_week: 1..T, (R,). attempts: number
    of uprisings so far, (R,). failed_attempt: where one failed this week, (R,).
    """

    running: bool
    week: int
    live: Mask
    outcome: Codes
    sublabel: Codes
    outcome_week: npt.NDArray[np.int64]
    attempts: Array
    failed_attempt: Mask
    allied_support: Array
    guarantee: Array
    leverage_now: Array
    government: Government
    opposition: Opposition
    sender: Sender | Senders
    military: Military
    street: Street
    assets: Assets
    states: States
    table: Table

    def __init__(
        self,
        scenario: Source,
        replicates: int = 1,
        seed: int = 0,
        *,
        start: int = 0,
        chance_start: int | None = None,
        points: Mapping[str, Array] | None = None,
    ) -> None:
        scenario = load(scenario)
        drawn = casting.draw(scenario, replicates, seed, start, chance_start, points)
        # Mesa's own generator is not used; every draw is addressed.
        super().__init__(rng=drawn[0].seed)
        self.draws, self.values = drawn
        self.crisis = scenario
        self.replicates = replicates = self.draws.replicates * self.draws.copies
        self.weeks = scenario.weeks
        self.week = 0
        self.cast = casting.build_cast(self)
        self.mediators = [agent for agent in self.cast if isinstance(agent, Mediator)]
        self.allies = [agent for agent in self.cast if isinstance(agent, Ally)]
        self.government = self._only(Government, "government")
        self.opposition = self._only(Opposition, "opposition")
        self.sender = self._sender()
        self.military = self._only(Military, "military")
        self.street = self._only(Street, "street")
        self.assets = self._only(Assets, "assets")
        self.states = self._only(States, "states")
        self.table = Table(
            self,
            casting.fields_below("talks", self.values) or casting.neutral_talks(),
            casting.read_agenda(scenario, self.values),
        )
        self.timeline = Timeline(self)
        self.live = np.ones(replicates, dtype=np.bool_)
        self.outcome = np.full(replicates, o.UNDECIDED, dtype=np.int8)
        self.sublabel = np.zeros(replicates, dtype=np.int8)
        self.outcome_week = np.zeros(replicates, dtype=np.int64)
        self.attempts = np.zeros(replicates)
        self.failed_attempt = np.zeros(replicates, dtype=np.bool_)
        self._acts: dict[str, list[tuple[CrisisAgent, Callable[[], Changes]]]] = {}
        self._begin()

    def _only(self, kind: type[A], name: str) -> A:
        """Return the scenario's one actor of a kind, or its neutral stand-in."""
        for agent in self.cast:
            if isinstance(agent, kind):
                return agent
        return cast(A, casting.stand_in(self, name))

    def _sender(self) -> Sender | Senders:
        """Return the one sender, several as one, or the neutral stand-in."""
        found = [agent for agent in self.cast if isinstance(agent, Sender)]
        return Senders(found) if len(found) > 1 else self._only(Sender, "sender")

    def _begin(self) -> None:
        """Set the state of the start: what week 0 finds as last week's."""
        self.street.begin()
        self.states.begin()
        for ally in self.allies:
            ally.begin()
        self.assets.begin()
        self._count_support()
        for agent in (self.government, self.opposition, self.military):
            agent.begin()
        self._together("odds")
        self._pull_levers(noisy=False)

    def step(self) -> None:
        """Advance all replicates by one week; nothing happens once all have ended."""
        if not self.running:
            return
        # 1 Timeline, sanctions and the allies who offset them.
        self.timeline.fire()
        self._count_support()
        self._together("sanctions")
        # 2 Recognition by the states of the world.
        self._together("recognition")
        # 3 The street.
        self._together("street")
        # 4 The barracks: an uprising, what it leaves behind, and the odds of force.
        self._together("barracks")
        self.failed_attempt = self.military.attempted & ~self.military.fell
        self.attempts = self.attempts + (self.military.attempted & self.live)
        self._together("aftermath")
        self._together("odds")
        # 5 The four levers: outside options, pain, beliefs, commitment; then the zone.
        self._pull_levers()
        self.table.ripen()
        self._together("softening")
        # 6 The table.
        self.table.negotiate()
        # 7 Deals in force, intervention from abroad, and what has ended.
        self.table.implement()
        self._conclude()
        self.timeline.clear_orders()
        self.week += 1
        self.running = bool(self.live.any()) and self.week < self.weeks

    def _together(self, phase: str) -> None:
        """Let every agent that has the phase read, then let all write together."""
        acts = self._acts.get(phase)
        if acts is None:
            name = f"{phase}_phase"
            acts = [
                (agent, getattr(agent, name)) for agent in self._players if hasattr(agent, name)
            ]
            self._acts[phase] = acts
        for agent, change in [(agent, act()) for agent, act in acts]:
            for field, value in change.items():
                setattr(agent, field, value)

    @property
    def _players(self) -> list[CrisisAgent]:
        """The cast and the stand-ins for kinds that the scenario does not have."""
        single = (
            self.government,
            self.opposition,
            self.military,
            self.street,
            self.assets,
            self.states,
        )
        return [*self.allies, *self.mediators, *single]

    def _count_support(self) -> None:
        """Sum the allies' weighted support in order of actor id."""
        total = np.zeros(self.replicates)
        for ally in self.allies:
            total = total + ally.counted
        self.allied_support = total

    def _pull_levers(self, noisy: bool = True) -> None:
        self.guarantee = self.table.guarantee()
        # Leverage that wanes counts in keeping a deal alone; what makes one possible does not.
        self.leverage_now = self.table.leverage(np.zeros(1))
        self._together("outside")
        self._together("reservation")
        self.table.measure_zone(noisy)

    @property
    def recognition_share(self) -> Array:
        """Share of recognition held by the opposition among states that take a side."""
        return self.states.share

    def ordered(self, name: str) -> Mask:
        """Return where any actor is ordered to take the decision ``name`` this week."""
        found = np.zeros(self.replicates, dtype=np.bool_)
        for agent in self.cast:
            if agent.orders:
                found = found | agent.ordered(name)
        return found

    def read(self, name: str) -> Array:
        """Return a variable of ``sim.scenario.variables`` in all replicates, shape (R,)."""
        return readings.read(self, name)

    def release(self) -> None:
        """Let go of everything; a finished block must not keep its arrays alive.

        Mesa counts agent ids in a class attribute keyed by model, which would hold each model
        until the process ends.
        """
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        for agent in list(self.agents):
            agent.remove()
        self.__dict__.clear()

    def _conclude(self) -> None:
        """Latch what ended this week, in the order in which outcomes are evaluated."""
        self._check_finite()
        luck = self.draws.uniform("intervention", self.week)
        worse = np.where(self.failed_attempt, INTERVENTION_AFTER_FAILURE, 1.0)
        intervened = luck < self.sender.force_hazard * worse
        self._latch(self.military.fell, o.MILITARY_DEFECTION)
        self._latch(intervened, o.FOREIGN_INTERVENTION)
        kept = np.flatnonzero(self.table.completed & self.live)
        if kept.size:
            label = self.outcome.copy()
            label[kept] = self.deal_label(kept)
            cosmetic = label == o.REGIME_CONSOLIDATION
            self._latch(self.table.completed & ~cosmetic, label)
            self._latch(self.table.completed & cosmetic, label, o.COSMETIC_DEAL)
        if self.week == self.weeks - 1:
            self._latch_horizon()

    def _latch_horizon(self) -> None:
        table = self.table
        faded = self.street.mobilisation < FADED_MOBILISATION
        faded &= (self.opposition.force_odds < FADED_FORCE_ODDS) & ~table.implementing
        collapsed = (table.phase == APART) & (table.failed_rounds >= COLLAPSED_ROUNDS)
        self._latch(faded, o.REGIME_CONSOLIDATION, o.ATTRITION)
        self._latch(collapsed, o.TALKS_COLLAPSE)
        self._latch(table.implementing, o.FROZEN_STALEMATE, o.DEAL_PENDING)
        self._latch(self.live, o.FROZEN_STALEMATE)

    def _latch(self, ends: Mask, code: Codes | int, sub: int = 0) -> None:
        """End the live replicates in ``ends`` with an outcome."""
        news = ends & self.live
        if not news.any():
            return
        self.outcome = np.where(news, code, self.outcome).astype(np.int8)
        self.sublabel = np.where(news, sub, self.sublabel).astype(np.int8)
        self.outcome_week = np.where(news, self.week + 1, self.outcome_week)
        self.live = self.live & ~news

    def deal_label(self, rows: Rows | slice = slice(None)) -> Codes:
        """Return the outcome code that the deal in force counts as if it survives, shape (R,).

        The strongest label among the conceded issues decides; without labels on the agenda, the
        cost of the deal does. rows: of these replicates alone.
        """
        price = np.nan_to_num(self.table.deal[rows])
        label: Codes = np.full(len(price), o.REGIME_CONSOLIDATION, dtype=np.int8)
        labels = [issue.label for issue in self.crisis.agenda]
        granted = agenda.conceded(price, self.table.agenda.of_rows(rows))
        for rank in (2, 1, 0):
            if any(labels):
                own = [index for index, name in enumerate(labels) if name == o.DEAL_LABELS[rank]]
                reached = granted[:, own].any(axis=1)
            else:
                reached = price >= LABEL_COSTS[rank]
            label = np.where(reached, o.AGREEMENT[rank], label).astype(np.int8)
        return label

    def _check_finite(self) -> None:
        watched = (self.table.zone, self.military.strength_now, self.opposition.trust)
        if all(np.isfinite(value).all() for value in watched):
            return
        total = sum(np.where(self.live, value, 0.0) for value in watched)
        bad = np.flatnonzero(~np.isfinite(total))
        if bad.size:
            replicate = self.draws.replicate(int(bad[0]))
            raise RunError(
                f"replicate {replicate} (seed {self.draws.seed}) met a number that is not finite "
                f"in week {self.week}; {bad.size} of {self.replicates} replicates are affected"
            )
