"""The timeline: events with a date, a week or a condition, checked against the action registry."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sim.scenario import clock
from sim.scenario.actions import ACTIONS, BLOC, STATE, Action, Order, Write, actions_of
from sim.scenario.clock import Calendar, ClockError
from sim.scenario.conditions import Condition, ConditionError, compile_condition
from sim.scenario.faults import Faults
from sim.scenario.parameters import ParameterReader
from sim.scenario.scenario import Event, Parameter, frozen
from sim.scenario.schema import KINDS, Actor, Declared, Member
from sim.scenario.wording import did_you_mean, known, nearest, shown
from sim.scenario.yaml_reader import Mark, Node

_FIELDS = ("id", *clock.FIELDS, "actor", "action", "source")
#: What authors write for a field whose name is another word.
_MEANT = {"date": "on", "day": "on", "if": "when", "value": "level", "level": "value"}
_ID = re.compile(r"[A-Za-z0-9_]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Context:
    """What an event is checked against.

    calendar: None if start or length of the run could not be read. kinds: of all actors, those
    that could not be read included. names: what conditions may read.
    """

    calendar: Calendar | None
    actors: Mapping[str, Actor]
    kinds: frozenset[str]
    members: Mapping[str, Member]
    names: list[str]
    quantities: ParameterReader


class _Refused(Exception):
    """An event cannot be read further; its fault has been reported, here or elsewhere."""


def read_timeline(tree: Node, context: Context, faults: Faults) -> tuple[Event, ...]:
    """Return the events in the order of the file, reporting every fault."""
    node = tree.mapping.get("timeline")
    if node is None or node.value is None:
        return ()
    if not isinstance(node.value, list):
        message = f"must be a list of events, not {shown(node.plain())}"
        faults.add(node.place, "timeline", message)
        return ()
    found: dict[str, Event] = {}
    ids: set[str] = set()
    for item in node.items:
        reader = _EventReader(item, context, faults)
        try:
            name = reader.name()
            if name in ids:
                raise reader.fail("there is an event of this id already", "id")
            ids.add(name)
            found[name] = reader.read()
        except _Refused:
            continue
    return tuple(found.values())


class _EventReader:
    """Reads one event; ``fail`` reports a fault and gives the event up."""

    def __init__(self, node: Node, context: Context, faults: Faults) -> None:
        self.node = node
        self.context = context
        self.faults = faults
        self.path = "timeline"

    def fault(self, message: str, field: str = "", mark: Mark | None = None) -> None:
        at = self.node.mapping.get(field)
        place = at.place if at is not None else self.node.place
        self.faults.add(mark or place, self.path, message)

    def fail(self, message: str, field: str = "") -> _Refused:
        self.fault(message, field)
        return _Refused()

    def text(self, field: str) -> str:
        node = self.node.mapping.get(field)
        if node is None:
            strange = nearest(field, self.node.mapping.keys() - {*_FIELDS})
            hint = f", and '{strange}' is none" if strange else ""
            raise self.fail(f"an event needs `{field}`{hint}", strange or "")
        if not isinstance(node.value, str) or not node.value:
            raise self.fail(f"`{field}` must be text, not {shown(node.plain())}", field)
        return node.value

    def name(self) -> str:
        if not isinstance(self.node.value, dict):
            raise self.fail(
                "an event must be a mapping with id, actor, action, source and a clock, not "
                f"{shown(self.node.plain())}"
            )
        name = self.text("id")
        if not _ID.fullmatch(name):
            raise self.fail(f"an event's id is letters, digits and _, not {shown(name)}", "id")
        self.path = f"timeline.{name}"
        return name

    def read(self) -> Event:
        weeks, when = self._clock()
        source = self.node.mapping.get("source")
        if source is None:
            self.fault("an event needs `source`")
        sources = self.context.quantities.sources(source, self.path) if source else ()
        action = self._action()
        kind, target, members = self._actor(action)
        over, lasts = self._durations(action, target)
        return Event(
            id=self.text("id"),
            actor=self.text("actor"),
            action=action.name,
            weeks=weeks,
            when=when,
            arguments=frozen(self._arguments(action, kind)),
            target=target,
            members=members,
            source=sources,
            written=self.node.plain(),
            over=over,
            lasts=lasts,
        )

    def _clock(self) -> tuple[tuple[int, ...], Condition | None]:
        """Return when the event fires; what is wrong here hides no other fault of the event."""
        weeks: tuple[int, ...] = ()
        if self.context.calendar is not None:
            try:
                weeks = self.context.calendar.weeks_of(self.node)
            except ClockError as error:
                self.fault(str(error), error.field)
        return weeks, self._condition() if "when" in self.node.mapping else None

    def _durations(self, action: Action, target: str | None) -> tuple[int, int]:
        """Return over how many weeks the event acts, and after how many it is revoked."""
        if self.context.calendar is None or any(f.path == self.path for f in self.faults.found):
            return 0, 0
        try:
            over, lasts, word = self.context.calendar.durations_of(self.node)
        except ClockError as error:
            self.fault(str(error), error.field)
            return 0, 0
        writes = [effect for effect in action.effects if isinstance(effect, Write)]
        if lasts and not writes and target is None:
            self.fault(f"`{word}` revokes a level, and {action.name} sets none", word)
        levels = any(effect.is_level for effect in writes)
        found = self.context.quantities.found
        whole = target is not None and found[target].declared.whole
        if over and ((target is None and not levels) or whole):
            self.fault(f"`over` goes by steps to a level, and {action.name} sets none here", "over")
        return over, lasts

    def _condition(self) -> Condition | None:
        node = self.node.mapping["when"]
        if not isinstance(node.value, str):
            self.fault(f"`when` must be a condition, not {shown(node.plain())}", "when")
            return None
        try:
            return compile_condition(node.value, self.context.names)
        except ConditionError as error:
            mark = node.text.right(error.column) if node.text else node.mark
            self.faults.add(mark, f"{self.path}.when", str(error))
            return None

    def _action(self) -> Action:
        name = self.text("action")
        if name not in ACTIONS:
            raise self.fail(f"unknown action {shown(name)}{self._action_near(name)}", "action")
        return ACTIONS[name]

    def _action_near(self, name: str) -> str:
        """Return the nearest action of those that the event's actor can take, or all of them."""
        actor = self.node.mapping.get("actor")
        agent = self.context.actors.get(str(actor.value)) if actor is not None else None
        return known(name, actions_of(agent.kind) if agent is not None else ACTIONS)

    def _actor(self, action: Action) -> tuple[str, str | None, tuple[str, ...]]:
        """Return kind, path of ``set`` if any, and the states that the event moves."""
        name = self.text("actor")
        actor = self.context.actors.get(name)
        if actor is None and self.faults.excuse(f"actors.{name}"):
            raise _Refused
        if STATE in action.kinds:
            return self._abroad(name, actor)
        if actor is None:
            raise self.fail(f"no actor {shown(name)}{known(name, self.context.actors)}", "actor")
        if action.name == "set":
            return "", self._settable(), ()
        if actor.kind not in action.kinds:
            able = [key for key, one in self.context.actors.items() if one.kind in action.kinds]
            raise self.fail(
                f"'{name}' is of kind {actor.kind} and cannot {action.name}; it can "
                f"{', '.join(actions_of(actor.kind))}; {', '.join(able) or 'nobody'} can "
                f"{action.name}",
                "action",
            )
        self._check_targets(action)
        return actor.kind, None, ()

    def _abroad(self, name: str, actor: Actor | None) -> tuple[str, None, tuple[str, ...]]:
        """Return the state, or the states of the bloc, that recognise by this event."""
        members = self.context.members
        iso3 = actor.state if actor is not None else name
        if iso3 in members:
            return STATE, None, (str(iso3),)
        inside = tuple(key for key, member in members.items() if member.bloc == name)
        if inside:
            return BLOC, None, inside
        if not members:
            raise self.fail("the scenario has no actor of kind states", "actor")
        if actor is not None:
            raise self.fail(f"'{name}' speaks for no state; give it `state`", "actor")
        hint = did_you_mean(name, [*members, *{m.bloc for m in members.values() if m.bloc}])
        raise self.fail(f"no state (by iso3 code) or bloc {shown(name)}{hint}", "actor")

    def _check_targets(self, action: Action) -> None:
        kinds = self.context.kinds
        for effect in action.effects:
            if isinstance(effect, Write) and effect.kind and effect.kind not in kinds:
                message = f"{action.name} needs an actor of kind {effect.kind}, and there is none"
                raise self.fail(message, "action")
            is_uprising = isinstance(effect, Order) and effect.name == "uprising"
            if is_uprising and not {"street", "military"} <= kinds:
                raise self.fail("an uprising needs a street and a military", "action")

    def _settable(self) -> str:
        path = self.text("path")
        found = self.context.quantities.found.get(path)
        if found is None:
            if self.faults.excuse(path):
                raise _Refused
            hint = did_you_mean(path, self.context.quantities.found)
            raise self.fail(f"`set` names no parameter: {shown(path)}{hint}", "path")
        if found.declared.at_start or path.startswith(("agenda.", "timeline.")):
            raise self.fail(f"'{path}' is read at the start alone; an event cannot set it", "path")
        return path

    def _arguments(self, action: Action, kind: str) -> dict[str, Parameter]:
        wanted = self._wanted(action, kind)
        extra = ("path",) if action.name == "set" else ()
        for key, node in self.node.mapping.items():
            if key not in (*_FIELDS, *wanted, *extra):
                meant = _MEANT.get(key)
                fields = (*wanted, *_FIELDS)
                hint = did_you_mean(meant if meant in fields else key, fields)
                takes = ", ".join((*extra, *wanted)) or "no arguments"
                message = f"unknown field {shown(key)}; {action.name} takes {takes}{hint}"
                self.faults.add(node.place, self.path, message)
                wanted.pop(nearest(key, wanted) or "", None)  # Misspelt, and thus not missing.
        found = {name: self._argument(action, about) for name, about in wanted.items()}
        return {name: parameter for name, parameter in found.items() if parameter is not None}

    def _wanted(self, action: Action, kind: str) -> dict[str, Declared]:
        """Return what the action takes from an actor of this kind."""
        if action.name == "set":
            target = self.context.quantities.found[self.text("path")].declared
            return {"value": replace(target, symbol="value", required=True)}
        fields = KINDS[kind].model_fields if kind in KINDS else {}
        unused = {
            effect.value
            for effect in action.effects
            if isinstance(effect, Write) and effect.kind is None and effect.field not in fields
        }
        return {
            row.name: Declared(
                row.name, row.unit, row.low, row.high, 0.0, row.required, False, False
            )
            for row in action.arguments
            if row.name not in unused
        }

    def _argument(self, action: Action, about: Declared) -> Parameter | None:
        node = self.node.mapping.get(about.symbol)
        if node is None:
            if about.required:
                self.fault(f"{action.name} needs `{about.symbol}` ({about.unit})")
            return None
        # The event's own source accounts for its arguments.
        return self.context.quantities.add_argument(
            f"{self.path}.{about.symbol}", action.summary, about, node
        )
