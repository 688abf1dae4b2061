"""The JSON Schema of scenario files, generated from the types and the registry of actions.

It serves editors, which complete and mark as one types, and programs that write scenarios. Every
file that ``parley validate`` accepts conforms to it. The reverse does not hold: what needs the
whole scenario (names, sources, the kind of an event's actor) only ``parley validate`` can judge.
"""

from collections.abc import Iterable

from sim.scenario.actions import Argument
from sim.scenario.json_schema import events, parts
from sim.scenario.json_schema.parts import Schema
from sim.scenario.scenario import FORMAT
from sim.scenario.schema import KINDS, Bloc, Issue, Member, Talks, parameters_of
from sim.scenario.schema.base import ID

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CLAIM = r"^\s*(share|mean|median|change)\s*\("


def scenario_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a scenario file, as plain data.

    A file with ``extends`` may give parts of actors and events; one without gives them whole.
    """
    return {
        "$schema": DIALECT,
        "title": "Parley scenario",
        "description": "What a scenario file of Parley may hold. What needs the whole scenario, "
        "such as names and sources, only `parley validate` can judge.",
        "type": "object",
        "properties": _sections(),
        "additionalProperties": False,
        "required": ["parley", "title"],
        "if": {"required": ["extends"]},
        "then": _parts("part of "),
        "else": {**_parts(""), "required": ["start", "weeks", "actors"]},
        "$defs": _definitions(),
    }


def _sections() -> Schema:
    return {
        "parley": {"const": FORMAT, "description": "Version of the format."},
        "resolved": {"const": True, "description": "Written by the package, not by hand."},
        "title": {**parts.text(200), "description": "What the scenario is, in one line."},
        "question": {
            **parts.or_null(parts.text(2000)),
            "description": "What the scenario asks.",
        },
        "extends": {
            "type": "string",
            "minLength": 1,
            "description": "One parent file, beside this one or among the shipped scenarios.",
        },
        "start": {**parts.DATE, "description": "Day of week 0."},
        "weeks": parts.argument(
            Argument("weeks", "weeks", 1, 1000), "Number of weeks to run.", True
        ),
        "actors": {"type": "object", "propertyNames": {"pattern": ID}},
        "talks": parts.ref("talks"),
        "agenda": {"type": "array", "minItems": 1, "items": parts.ref("issue")},
        "timeline": {"type": ["array", "null"], "items": {"type": "object", "required": ["id"]}},
        "record": {
            "type": ["array", "null"],
            "items": parts.ref("variable"),
            "description": "Variables to record by week.",
        },
        "expect": {
            "type": ["array", "null"],
            "items": _item({"claim": {"type": "string", "pattern": _CLAIM}}, ("claim", "source")),
            "description": "Claims about the result, judged by `parley run --check`.",
        },
        "facts": {
            "type": ["array", "null"],
            "description": "Facts of the record, and claims of the sides.",
        },
    }


def _parts(part_of: str) -> Schema:
    """Return the sections that a child file may give in part: by definitions of their own."""
    fact = {name: {"type": "string"} for name in ("id", "statement", "by")}
    informs = {"informs": {"type": "array", "items": {"type": "string"}}}
    needed = ("id",) if part_of else (*fact, "source")
    return {
        "properties": {
            "actors": {"additionalProperties": parts.ref(f"{part_of}actor")},
            "timeline": {"items": parts.ref(f"{part_of}event")},
            "facts": {"items": _item({**fact, **informs}, needed)},
        }
    }


def _definitions() -> Schema:
    found = {
        "quantity": parts.quantity(),
        "variable": parts.variable(),
        "talks": parts.part_of(Talks),
        "member": parts.part_of(Member),
        "bloc": parts.part_of(Bloc),
        "issue": {**parts.part_of(Issue), "required": parts.required(Issue)},
        **{f"kind {kind}": parts.part_of(model) for kind, model in KINDS.items()},
        **events.by_action(),
        "actor": parts.union("kind", KINDS, {kind: parts.required(m) for kind, m in KINDS.items()}),
        "part of actor": {
            **parts.union("kind", KINDS, {}, _changed_actor()),
            "type": ["object", "null"],
            "description": "Fields of an actor of the parent, a new actor, or null to remove one.",
        },
        "event": events.whole(),
        "part of event": events.part(),
        "number or quantity": parts.number_or_quantity(),
    }
    return {parts.key(name): part for name, part in found.items()}


def _item(fields: Schema, needed: Iterable[str]) -> Schema:
    return {
        "type": "object",
        "properties": {**fields, "source": parts.SOURCE},
        "additionalProperties": False,
        "required": list(needed),
    }


def _changed_actor() -> Schema:
    """Return what a child may change of an actor whose kind the parent tells."""
    fields: Schema = {}
    for model in KINDS.values():
        parameters = {name for name, _, _ in parameters_of(model)}
        for name, plain in parts.part_of(model)["properties"].items():
            fields[name] = parts.ref("number or quantity") if name in parameters else plain
    del fields["kind"]
    return {"properties": fields, "additionalProperties": False}
