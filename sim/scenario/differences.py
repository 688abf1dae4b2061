"""What two scenarios differ in: whatever can change a result, and nothing else.

Titles, sources, reasons, facts, claims and records are not compared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sim.scenario.scenario import Event, Parameter, Scenario
from sim.scenario.schema import Actor, Issue, Talks, parameters_of

What = Literal["start", "actor", "issue", "state", "parameter", "event"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: what it is of, its path, what stands there in each, None where nothing does.

    a, b: a number, a law, a text; of a whole actor, issue or event a mapping of its fields.
    """

    what: What
    path: str
    a: Any
    b: Any
    unit: str = ""


def differences(a: Scenario, b: Scenario) -> list[Difference]:
    """Return every difference from ``a`` to ``b``: start, actors, issues, states, parameters,
    events, each in the order of their paths.
    """
    found: list[Difference] = []
    if a.start != b.start:
        found.append(Difference("start", "start", a.start.isoformat(), b.start.isoformat()))
    found += _parts("actor", "actors", dict(a.actors), dict(b.actors))
    found += _fields("actor", "talks", a.talks, b.talks)
    found += _parts("issue", "agenda", _issues(a), _issues(b))
    found += _states(a, b)
    found += _parameters(a, b)
    found += _events(a, b)
    return found


def _issues(scenario: Scenario) -> dict[str, Issue]:
    return {issue.id: issue for issue in scenario.agenda}


Part = Actor | Issue | Talks


def _parts(
    what: What, section: str, a: Mapping[str, Part], b: Mapping[str, Part]
) -> Iterator[Difference]:
    """Yield what was added or removed, and the fields that differ and are no parameters."""
    for key in sorted(a.keys() | b.keys()):
        path, old, new = f"{section}.{key}", a.get(key), b.get(key)
        if old is None or new is None:
            yield Difference(what, path, _told(old), _told(new))
        else:
            yield from _fields(what, path, old, new)


def _fields(what: What, path: str, a: Part, b: Part) -> Iterator[Difference]:
    # The states of the world are compared one by one, as they stand on the first day.
    skipped = {"name", "members", "blocs", "positions_on", "table"}
    skipped |= {name for name, _, _ in parameters_of(type(a))}
    for name in type(a).model_fields:
        old, new = getattr(a, name), getattr(b, name, None)
        if name not in skipped and old != new:
            yield Difference(what, f"{path}.{name}", old, new)


def _told(part: Part | None) -> dict[str, Any] | None:
    """Return the fields of a part as its author gave them, parameters as numbers or laws."""
    if part is None:
        return None
    laws = {name: _law(getattr(part, name)) for name, _, _ in parameters_of(type(part))}
    given = part.model_fields_set
    plain = part.model_dump(mode="json", include=given - laws.keys() - {"members", "blocs"})
    return {**plain, **{name: law for name, law in laws.items() if name in given}}


def _states(a: Scenario, b: Scenario) -> Iterator[Difference]:
    for iso3 in sorted(a.members.keys() | b.members.keys()):
        old, new = a.members.get(iso3), b.members.get(iso3)
        if old is None or new is None:
            before, after = (one and one.model_dump() for one in (old, new))
            yield Difference("state", f"states.{iso3}", before, after)
            continue
        for name in ("bloc", "position", "weight", "follows_patron"):
            fields = getattr(old, name), getattr(new, name)
            if fields[0] != fields[1]:
                yield Difference("state", f"states.{iso3}.{name}", *fields)


def _parameters(a: Scenario, b: Scenario) -> Iterator[Difference]:
    """Yield the parameters of what both have; a parameter left out has its neutral value."""
    for path in sorted(a.parameters.keys() & b.parameters.keys()):
        one, other = a.parameters[path], b.parameters[path]
        if not path.startswith("timeline.") and _law(one.quantity) != _law(other.quantity):
            unit = one.declared.unit
            yield Difference("parameter", path, _law(one.quantity), _law(other.quantity), unit)
    owners = [{_owner(path) for path in s.parameters} for s in (a, b)]
    for path in sorted(a.parameters.keys() ^ b.parameters.keys()):
        # A parameter of a bloc that only one of them has; of an actor, the actor says it.
        if _owner(path) in owners[0] & owners[1] and not path.startswith("timeline."):
            old, new = a.parameters.get(path), b.parameters.get(path)
            unit = next(one.declared.unit for one in (old, new) if one is not None)
            before, after = (one and _law(one.quantity) for one in (old, new))
            yield Difference("parameter", path, before, after, unit)


def _owner(path: str) -> str:
    return ".".join(path.split(".")[:2])


def _law(quantity: Any) -> Any:
    return quantity.value if quantity.is_fixed else quantity.law()


def _events(a: Scenario, b: Scenario) -> Iterator[Difference]:
    old, new = ({event.id: event for event in s.timeline} for s in (a, b))
    parameters: dict[str, Parameter] = {**a.parameters, **b.parameters}
    for name in sorted(old.keys() | new.keys()):
        path = f"timeline.{name}"
        before, after = _written(old.get(name)), _written(new.get(name))
        if before is None or after is None:
            yield Difference("event", path, before, after)
            continue
        for field in sorted(before.keys() | after.keys()):
            if before.get(field) != after.get(field):
                known = parameters.get(f"{path}.{field}")
                unit = known.declared.unit if known is not None else ""
                at = f"{path}.{field}"
                yield Difference("event", at, before.get(field), after.get(field), unit)


def _written(event: Event | None) -> dict[str, Any] | None:
    """Return an event without its id and source; its arguments as numbers or laws."""
    if event is None:
        return None
    fields = {key: value for key, value in event.written.items() if key not in ("id", "source")}
    return fields | {name: _law(one.quantity) for name, one in event.arguments.items()}
