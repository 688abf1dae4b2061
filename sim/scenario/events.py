"""The timeline: events with a date, a week or a condition, checked against the action registry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from pydantic import ValidationError

from sim.errors import Problem
from sim.scenario.actions import ACTIONS, BLOC, STATE, Action, Argument, Order, Write
from sim.scenario.conditions import Condition, ConditionError, compile_condition
from sim.scenario.parameters import ParameterReader
from sim.scenario.quantities import Frozen, Quantity
from sim.scenario.scenario import Event, Parameter, frozen
from sim.scenario.schema import KINDS, Actor, Declared, Member, declared
from sim.scenario.tree import children, did_you_mean, place
from sim.scenario.yaml_reader import Node

_FIELDS = ("id", "on", "week", "when", "every", "until", "actor", "action", "source")
_CLOCKS = ("on", "week", "when")


@dataclass(frozen=True, slots=True)
class Context:
    """What an event is checked against."""

    start: date
    weeks: int
    actors: Mapping[str, Actor]
    members: Mapping[str, Member]
    known: list[str]
    quantities: ParameterReader


class _Refused(Exception):
    """An event cannot be read further; its fault has been reported."""


def read_timeline(tree: Node, context: Context, problems: list[Problem]) -> tuple[Event, ...]:
    """Return the events in the order of the file, reporting every fault."""
    node = tree.mapping.get("timeline")
    if node is None or node.value is None:
        return ()
    if not isinstance(node.value, list):
        problems.append(node.place.problem("timeline", "must be a list of events"))
        return ()
    found: dict[str, Event] = {}
    for item in node.items:
        reader = _EventReader(item, context, problems)
        try:
            event = reader.read()
        except _Refused:
            continue
        if event.id in found:
            reader.problem(f"there are two events '{event.id}'", "id")
        found[event.id] = event
    return tuple(found.values())


class _EventReader:
    """Reads one event; ``fail`` reports a fault and gives the event up."""

    def __init__(self, node: Node, context: Context, problems: list[Problem]) -> None:
        self.node = node
        self.context = context
        self.problems = problems
        self.path = "timeline"

    def problem(self, message: str, field: str | None = None) -> None:
        at = self.node.mapping.get(field or "")
        mark = at.place if at is not None else self.node.place
        self.problems.append(mark.problem(self.path, message))

    def fail(self, message: str, field: str | None = None) -> _Refused:
        self.problem(message, field)
        return _Refused()

    def text(self, field: str) -> str:
        node = self.node.mapping.get(field)
        if node is None:
            raise self.fail(f"an event lacks `{field}`")
        if not isinstance(node.value, str) or not node.value:
            raise self.fail(f"`{field}` must be text", field)
        return node.value

    def read(self) -> Event:
        if not isinstance(self.node.value, dict):
            raise self.fail("an event must be a mapping with id, actor, action and a clock")
        name = self.text("id")
        self.path = f"timeline.{name}"
        if not name.replace("_", "a").isalnum():
            raise self.fail("an event's id is letters, digits and _", "id")
        action = self._action()
        kind, target, members = self._actor(action)
        weeks, when = self._clock()
        source = self.node.mapping.get("source")
        if source is None:
            self.problem("an event needs a `source`")
        sources = self.context.quantities.sources(source, self.path) if source else ()
        return Event(
            id=name,
            actor=self.text("actor"),
            action=action.name,
            weeks=weeks,
            when=when,
            arguments=frozen(self._arguments(action, kind)),
            target=target,
            members=members,
            source=sources,
            written=self.node.plain(),
        )

    def _action(self) -> Action:
        name = self.text("action")
        if name not in ACTIONS:
            hint = did_you_mean(name, ACTIONS)
            raise self.fail(f"unknown action '{name}'{hint}; known are {', '.join(ACTIONS)}", "action")
        return ACTIONS[name]

    def _actor(self, action: Action) -> tuple[str, str | None, tuple[str, ...]]:
        """Return kind, path of ``set`` if any, and the states that the event moves."""
        name = self.text("actor")
        context = self.context
        actor = context.actors.get(name)
        if action.name == "set":
            return "", self._settable(), ()
        if STATE in action.kinds:
            blocs = {member.bloc for member in context.members.values()}
            iso3 = actor.state if actor is not None else name
            if iso3 in context.members:
                return STATE, None, (str(iso3),)
            if name in blocs:
                inside = [key for key, member in context.members.items() if member.bloc == name]
                return BLOC, None, tuple(inside)
            hint = did_you_mean(name, [*context.members, *(bloc for bloc in blocs if bloc)])
            raise self.fail(f"no state or bloc '{name}'{hint}", "actor")
        if actor is None:
            raise self.fail(f"no actor '{name}'{did_you_mean(name, context.actors)}", "actor")
        if actor.kind not in action.kinds:
            can = [row.name for row in ACTIONS.values() if actor.kind in row.kinds]
            raise self.fail(
                f"a {actor.kind} cannot {action.name}; it can {', '.join(can) or 'do nothing'}",
                "action",
            )
        self._check_targets(action)
        return actor.kind, None, ()

    def _check_targets(self, action: Action) -> None:
        present = {actor.kind for actor in self.context.actors.values()}
        for effect in action.effects:
            if isinstance(effect, Write) and effect.kind and effect.kind not in present:
                raise self.fail(f"{action.name} needs a {effect.kind}, and there is none", "action")
            if isinstance(effect, Order) and effect.name == "uprising" and not (
                {"street", "military"} <= present
            ):
                raise self.fail("an uprising needs a street and a military", "action")

    def _settable(self) -> str:
        path = self.text("path")
        found = self.context.quantities.found.get(path)
        if found is None:
            hint = did_you_mean(path, self.context.quantities.found)
            raise self.fail(f"`set` names an unknown parameter '{path}'{hint}", "path")
        if found.declared.at_start or path.startswith(("agenda.", "timeline.")):
            raise self.fail(f"'{path}' is read at the start alone; an event cannot set it", "path")
        return path

    def _clock(self) -> tuple[tuple[int, ...], Condition | None]:
        given = [name for name in _CLOCKS if name in self.node.mapping]
        if len(given) != 1:
            raise self.fail("an event needs exactly one of `on`, `week` and `when`")
        last = self.context.weeks - 1
        if given[0] == "when":
            if "every" in self.node.mapping:
                raise self.fail("`every` goes with `on` or `week`, not with `when`", "every")
            until = self._week_of("until") if "until" in self.node.mapping else last
            return tuple(range(until + 1)), self._condition()
        first = self._week_of(given[0])
        if "every" not in self.node.mapping:
            if "until" in self.node.mapping:
                raise self.fail("`until` goes with `every` or `when`", "until")
            return (first,), None
        until = self._week_of("until") if "until" in self.node.mapping else last
        return tuple(range(first, until + 1, self._every())), None

    def _every(self) -> int:
        value = self.node.mapping["every"].value
        words = str(value).split()
        if len(words) == 2 and words[0].isdigit() and words[1] in ("week", "weeks"):
            value = int(words[0])
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1000:
            raise self.fail("`every` must read like `4 weeks`", "every")
        return value

    def _week_of(self, field: str) -> int:
        value = self.node.mapping[field].value
        last = self.context.weeks - 1
        if isinstance(value, int) and not isinstance(value, bool):
            week = value
        else:
            try:
                week = (date.fromisoformat(str(value)) - self.context.start).days // 7
            except ValueError:
                what = "a week" if field == "week" else "a date like 2019-08-05 or a week"
                raise self.fail(f"'{value}' is not {what}", field) from None
        if not 0 <= week <= last:
            raise self.fail(f"'{value}' lies outside the run (weeks 0 to {last})", field)
        return week

    def _condition(self) -> Condition:
        node = self.node.mapping["when"]
        try:
            return compile_condition(str(node.value), self.context.known)
        except ConditionError as error:
            # The text starts after an opening quote, if there is one; its column is the best known.
            mark = node.mark
            self.problems.append(
                Problem(mark.file, mark.line, mark.column + error.column, f"{self.path}.when", str(error))
            )
            raise _Refused from None

    def _arguments(self, action: Action, kind: str) -> dict[str, Parameter]:
        wanted = {argument.name: argument for argument in self._wanted(action)}
        fields = KINDS[kind].model_fields if kind in KINDS else {}
        for effect in action.effects:
            if isinstance(effect, Write) and effect.kind is None and effect.field not in fields:
                wanted.pop(str(effect.value), None)
        extra = ("path",) if action.name == "set" else ()
        for key, node in self.node.mapping.items():
            if key not in (*_FIELDS, *wanted, *extra):
                hint = did_you_mean(key, (*wanted, *_FIELDS))
                takes = ", ".join(wanted) or "no arguments"
                message = f"unknown field '{key}'{hint}; {action.name} takes {takes}"
                self.problems.append(node.place.problem(self.path, message))
        found = {}
        for name, argument in wanted.items():
            parameter = self._argument(action, argument)
            if parameter is not None:
                found[name] = parameter
        return found

    def _wanted(self, action: Action) -> tuple[Argument, ...]:
        if action.name != "set":
            return action.arguments
        about = self.context.quantities.found[self.text("path")].declared
        return (Argument("value", about.unit, about.low, about.high),)

    def _argument(self, action: Action, argument: Argument) -> Parameter | None:
        node = self.node.mapping.get(argument.name)
        if node is None:
            if argument.required:
                self.problem(f"{action.name} needs `{argument.name}` ({argument.unit})")
            return None
        try:
            quantity = Quantity.model_validate(node.plain())
        except ValidationError as error:
            for fault in error.errors():
                self.problems.append(
                    node.mark.problem(f"{self.path}.{argument.name}", _plain(dict(fault), Quantity))
                )
            return None
        about = Declared(
            argument.name, argument.unit, argument.low, argument.high, 0.0, True, False, False
        )
        # The event's own source accounts for its arguments.
        return self.context.quantities.add_argument(
            f"{self.path}.{argument.name}", f"Argument of {action.name}.", about, quantity, node
        )


def plain_problem(tree: Node, model: type[Frozen], fault: dict[str, Any], path: str) -> Problem:
    """Return a fault of the schema in plain words, at the place where it stands."""
    steps = [str(step) for step in fault["loc"]]
    full = ".".join([path, *steps])
    message = _plain(fault, _model_at(model, steps[:-1]))
    shown = ".".join([path, *steps[:-1]]) if fault["type"] == "extra_forbidden" else full
    return place(tree, full).problem(shown, message)


def _model_at(model: type[Frozen], steps: list[str]) -> type[Frozen]:
    """Return the part of the schema that stands at ``steps`` below ``model``."""
    for step in steps:
        field = model.model_fields.get(step)
        if field is None:
            continue
        for candidate in (field.annotation, *get_args(field.annotation)):
            if isinstance(candidate, type) and issubclass(candidate, Frozen):
                model = candidate
    return model


def _plain(fault: dict[str, Any], model: type[Frozen]) -> str:
    kind, value = fault["type"], fault.get("input")
    name = str(fault["loc"][-1]) if fault["loc"] else ""
    if kind == "extra_forbidden":
        allowed = [key for key in model.model_fields]
        return f"unknown field '{name}'{did_you_mean(name, allowed)}"
    if kind == "missing":
        field = model.model_fields.get(name)
        about = declared(field) if field is not None else None
        meaning = f": {field.description}" if field is not None and field.description else ""
        return f"is missing{f' ({about.unit})' if about else ''}{meaning}"
    if kind == "finite_number":
        return f"must be a finite number, not {value}"
    if kind in ("float_type", "int_type"):
        return f"must be a number, not {value!r}"
    if kind == "string_type":
        return f"must be text, not {value!r}"
    message: str = fault["msg"]
    return message.removeprefix("Value error, ")
