"""The timeline at work: which events fire this week, and what they change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.actors import CrisisAgent, States
from sim.mechanisms.arrays import Array, Mask
from sim.scenario.actions import ACTIONS, Order, Write
from sim.scenario.scenario import Event

if TYPE_CHECKING:
    from sim.crisis import CrisisModel
    from sim.table import Table


@dataclass
class _Change:
    """One field that an event with a duration changes, in all replicates.

    goal: value that the event sets. ramps: whether it gets there week by week. before: value when
    the event fired, and back: value to which it is revoked, shape (R,), read only where it has.
    """

    owner: CrisisAgent | Table
    field: str
    goal: Array
    ramps: bool
    before: Array
    back: Array


class Timeline:
    """The events of a scenario in R replicates; a conditional one fires once in each."""

    def __init__(self, model: CrisisModel) -> None:
        self.model = model
        self.events = model.crisis.timeline
        self.agents = {agent.actor_id: agent for agent in model.cast}
        self.fired = {event.id: np.zeros(model.replicates, np.bool_) for event in self.events}
        #: Week in which an event with a duration fired, far in the future where it has not.
        #: Of events with a duration: the week in which each fired, infinite where it has not, (R,).
        self.since: dict[str, Array] = {}
        self._changes: dict[str, list[_Change]] = {}

    def fire(self) -> None:
        """Let this week's events change parameters, state or decisions; all read, then write.

        Events act in the order of the file, those that go on from earlier weeks at their place.
        """
        due = [(event, self._where(event)) for event in self.events]
        for event, mask in due:
            if event.id in self.since:
                self._go_on(event)
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
        holds = np.broadcast_to(event.when(self.model.read), everywhere.shape)
        return holds & ~self.fired[event.id]

    def _apply(self, event: Event, mask: Mask) -> None:
        writes = list(self._writes(event))
        if event.over or event.lasts:
            self._remember(event, writes, mask)
        for owner, field, value, ramps in writes:
            if not ramps:
                owner.write(field, mask, value)
        for effect in ACTIONS[event.action].effects:
            if isinstance(effect, Order):
                number = self._value(event, effect)
                if number is not None:
                    self._order(event, effect, mask, number)

    def _writes(self, event: Event) -> Iterator[tuple[CrisisAgent | Table, str, Array, bool]]:
        """Yield owner, field, new value, and whether it is approached by steps, of each write."""
        if event.target is not None:
            section, name, *rest = event.target.split(".")
            owner = self.model.table if section == "talks" else self.agents[name]
            yield owner, ".".join(rest) or name, self._argument(event, "value"), event.over > 0
        for effect in ACTIONS[event.action].effects:
            value = self._value(event, effect)
            if isinstance(effect, Write) and value is not None:
                agent = self._agent(event, effect)
                if hasattr(agent, effect.field):
                    yield agent, effect.field, value, event.over > 0

    def _argument(self, event: Event, name: str) -> Array:
        return self.model.values[event.arguments[name].path]

    def _value(self, event: Event, effect: Write | Order) -> Array | None:
        """Return what an effect sets; an optional argument that was not given sets nothing."""
        if not isinstance(effect.value, str):
            return np.full(1, effect.value)
        return self._argument(event, effect.value) if effect.value in event.arguments else None

    def _remember(
        self, event: Event, writes: list[tuple[CrisisAgent | Table, str, Array, bool]], mask: Mask
    ) -> None:
        """Note since when, and from which values, an event with a duration acts."""
        unset = np.full(self.model.replicates, np.nan)
        old = [(one.before, one.back) for one in self._changes.get(event.id, ())]
        self._changes[event.id] = [
            _Change(
                owner,
                field,
                value,
                ramps,
                np.where(mask, owner.standing(field), before),
                np.where(mask, owner.standing(field), back),
            )
            for (owner, field, value, ramps), (before, back) in zip(
                writes, old or [(unset, unset)] * len(writes), strict=True
            )
        ]
        since = self.since.get(event.id, np.full(self.model.replicates, np.inf))
        self.since[event.id] = np.where(mask, float(self.model.week), since)

    def _go_on(self, event: Event) -> None:
        """Take a ramp one step further, and put back what is revoked this week."""
        weeks = self.model.week - self.since[event.id]
        for change in self._changes[event.id]:
            rising = (weeks >= 1) & (weeks <= event.over)
            if change.ramps and rising.any():
                part = np.where(rising, weeks, 0.0) / event.over
                value = change.before + part * (change.goal - change.before)
                # The last step lands on the goal itself, not a rounding beside it.
                value = np.where(weeks == event.over, change.goal, value)
                change.owner.write(change.field, rising, value)
            ends = weeks == event.lasts
            if event.lasts and ends.any():
                # What another event has set meanwhile is not this one's to revoke.
                own = change.owner.standing(change.field) == change.goal
                change.owner.write(change.field, ends & own, change.back)
                self._hand_down(event, change, ends)

    def _hand_down(self, event: Event, change: _Change, ends: Mask) -> None:
        """Let later events that would go back to the value that now ends go back beyond it."""
        is_later_in_file, mine = False, self.since[event.id]
        for other in self.events:
            if other.id == event.id:
                is_later_in_file = True
                continue
            for heir in self._changes.get(other.id, ()):
                if heir.owner is change.owner and heir.field == change.field:
                    since = self.since[other.id]
                    is_later = since >= mine if is_later_in_file else since > mine
                    falls = ends & is_later & (heir.back == change.goal)
                    heir.back = np.where(falls, change.back, heir.back)

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
