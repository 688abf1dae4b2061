"""The timeline at work: which events fire this week, and what they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors import CrisisAgent, States
from sim.mechanisms.arrays import Array, Mask
from sim.scenario.actions import ACTIONS, Order, Write
from sim.scenario.scenario import Event

if TYPE_CHECKING:
    from sim.crisis import CrisisModel


class Timeline:
    """The events of a scenario in R replicates; a conditional one fires once in each."""

    def __init__(self, model: CrisisModel) -> None:
        self.model = model
        self.events = model.scenario.timeline
        self.agents = {agent.actor_id: agent for agent in model.cast}
        self.fired = {event.id: np.zeros(model.replicates, np.bool_) for event in self.events}

    def fire(self) -> None:
        """Let this week's events change parameters, state or decisions; all read, then write."""
        due = [(event, self._where(event)) for event in self.events]
        for event, mask in due:
            if mask is not None and mask.any():
                self.fired[event.id] = self.fired[event.id] | mask
                self._apply(event, mask)

    def clear_orders(self) -> None:
        """Forget the decisions ordered for this week alone."""
        for agent in self.model.cast:
            agent.orders = {}

    def _where(self, event: Event) -> Mask | None:
        if self.model.week not in event.weeks:
            return None
        everywhere = np.ones(self.model.replicates, dtype=np.bool_)
        if event.when is None:
            return everywhere
        holds = np.broadcast_to(event.when(self.model.observe), everywhere.shape)
        return holds & ~self.fired[event.id]

    def _apply(self, event: Event, mask: Mask) -> None:
        arguments = {
            name: self.model.values[parameter.path] for name, parameter in event.arguments.items()
        }
        if event.target is not None:
            self._set(event.target, mask, arguments["value"])
            return
        for effect in ACTIONS[event.action].effects:
            value = arguments.get(effect.value) if isinstance(effect.value, str) else None
            if value is None and isinstance(effect.value, str):
                continue  # An optional argument that was not given changes nothing.
            number = np.full(1, effect.value) if value is None else value
            if isinstance(effect, Write):
                agent = self._agent(event, effect)
                if hasattr(agent, effect.field):
                    agent.write(effect.field, mask, number)
            else:
                self._order(event, effect, mask, number)

    def _agent(self, event: Event, effect: Write) -> CrisisAgent:
        if effect.kind is None:
            return self.agents[event.actor]
        found: CrisisAgent = getattr(self.model, effect.kind)
        return found

    def _order(self, event: Event, effect: Order, mask: Mask, value: Array) -> None:
        if effect.name == "position":
            states: States = self.model.states
            states.set_positions(event.members, mask, int(value[0]))
            return
        agent = self.agents[event.actor]
        leave = getattr(agent, effect.name, None) if effect.name == "withdraw" else None
        if leave is not None:
            leave(mask)
        else:
            agent.order(effect.name, mask, value)

    def _set(self, path: str, mask: Mask, value: Array) -> None:
        section, *rest = path.split(".")
        if section == "talks":
            self.model.table.write(rest[0], mask, value)
        else:
            self.agents[rest[0]].write(".".join(rest[1:]), mask, value)
