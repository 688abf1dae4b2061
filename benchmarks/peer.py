"""The same crisis as an ordinary Mesa model: one replicate, one thin agent per actor and state.

The rules are those of `tests/oracle`, which shares no code with the package. Nothing is done that
the model does not need: files are read once, no agent is shuffled, and only the outcome is
collected. Chance is Mesa's own generator, or addressed draws where the two are to agree.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import mesa
from mesa.datacollection import DataCollector

from benchmarks.clock import ROOT
from tests.oracle import rules, week
from tests.oracle import scenario as files

SCENARIO = ROOT / "scenarios" / "oslo_2019.yaml"
Luck = Callable[[str, int], float]


@cache
def read() -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The scenario and the table of states."""
    rows = files.read_table(ROOT / "sim" / "data" / "states.csv")
    return files.read(SCENARIO, ROOT / "scenarios"), rows


class Actor(mesa.Agent):
    """An actor that others read and that does nothing of its own: sender, mediator, assets."""

    model: Peer

    def __init__(self, model: Peer, actor_id: str) -> None:
        super().__init__(model)
        self.actor_id = actor_id


class Government(Actor):
    def feel(self) -> None:
        state = self.model.state
        state.bite, state.net, state.threatened = week.sanctions_now(state)

    def adapt(self) -> None:
        state, p = self.model.state, self.model.state.p
        state.adapt = rules.next_adaptation(state.adapt, p["lam"], p["abar"], p["s_now"] > 0)


class Ally(Actor):
    def judge(self) -> None:
        model, own = self.model, self.model.state.allies[self.actor_id]
        noise = rules.phi_inv(model.luck(f"{self.actor_id}.survival", model.week))
        own["support"] = rules.next_support(
            own["support"], own["base"], own["threshold"], model.state.P_G, noise
        )


class Street(Actor):
    def mobilise(self) -> None:
        week.street(self.model.state, self.model.week, self.model.luck)


class Military(Actor):
    def decide(self) -> None:
        week.barracks(self.model.state, self.model.week, self.model.luck, self.model.orders)


class State(mesa.Agent):
    """A state of the world that may change its mind."""

    model: Peer

    def __init__(self, model: Peer, own: dict[str, Any]) -> None:
        super().__init__(model)
        self.own = own
        self.group = own["bloc"], own["follows"]

    def choose(self) -> None:
        own, now = self.own, self.model.influence[self.group]
        fresh = own["changes"].get(self.model.week)
        if fresh is not None:
            own["threshold"], own["held"] = fresh, False
            own["position"] = rules.position_of_new_government(now, fresh, own["home"])
        elif not own["held"]:
            own["position"] = rules.next_position(
                own["position"], now, own["threshold"], self.model.state.p["h"], own["home"]
            )


CLASSES = {"government": Government, "ally": Ally, "street": Street, "military": Military}


class Peer(mesa.Model):
    """One replicate; ``outcome`` and ``ended_in`` are set when it ends."""

    def __init__(self, rng: int | None = None, luck: Luck | None = None) -> None:
        super().__init__(rng=rng)
        draw = self.random.random
        self.luck: Luck = luck or (lambda stream, week: draw())
        scenario, rows = read()
        self.state = week.start(scenario, rows, self.luck)
        self.week = 0
        self.outcome, self.ended_in = "", 0
        self.influence: dict[Any, float] = {}
        for actor_id, kind in self.state.kinds.items():
            CLASSES.get(kind, Actor)(self, actor_id)
        for members in self.state.free.values():
            for own in members:
                State(self, own)
        self.datacollector = DataCollector({"outcome": "outcome", "week": "ended_in"})

    def step(self) -> None:
        """One week: the seven steps of the page, actor by actor."""
        state, now, luck = self.state, self.week, self.luck
        self.orders = week.fire_events(state, now)
        state.allied = week.allied_support(state)
        self.each(Government, "feel")
        self.each(Ally, "judge")
        self.each(Government, "adapt")
        self.influence = {group: week.influence_on(state, *group) for group in state.free}
        self.each(State, "choose")
        week.count(state)
        self.each(Street, "mobilise")
        self.each(Military, "decide")
        week.levers(state, now, luck)
        week.soften(state)
        week.table(state, now, luck, self.orders)
        week.deals(state, now, luck, self.orders)
        ended = week.ended(state, now, luck, now == state.weeks - 1)
        self.week += 1
        if ended:
            self.outcome, self.ended_in, self.running = ended[0], self.week, False
        self.datacollector.collect(self)

    def each(self, kind: type[mesa.Agent], act: str) -> None:
        """Let every agent of a kind act, in the order in which they were made."""
        if kind in self.agents_by_type:
            self.agents_by_type[kind].do(act)
