"""Parts of the schema of scenario files that come from the registry of actions: events."""

from itertools import combinations

from sim.scenario import clock
from sim.scenario.actions import ACTIONS, Action
from sim.scenario.json_schema import parts
from sim.scenario.json_schema.parts import Schema

_DURATION = {
    "anyOf": [
        {"type": "string", "pattern": "^[1-9][0-9]{0,2} weeks?$"},
        {"type": "integer", "minimum": 1, "maximum": 999},
    ]
}


def by_action() -> Schema:
    """Return one definition per action: the arguments that it takes."""
    return {f"action {name}": _event(action) for name, action in ACTIONS.items()}


def whole() -> Schema:
    """Return an event as a file without parent gives it."""
    union = parts.union("action", ACTIONS, _needed())
    clocks = [{"required": [name]} for name in clock.CLOCKS]
    return {**union, "properties": _event_fields(), "oneOf": clocks}


def part() -> Schema:
    """Return an event, or the fields of one that a child file changes."""
    union = parts.union("action", ACTIONS, {}, _changed_event())
    two_clocks = [{"required": list(pair)} for pair in combinations(clock.CLOCKS, 2)]
    return {**union, "properties": _event_fields(), "not": {"anyOf": two_clocks}}


def _event(action: Action) -> Schema:
    who = ", ".join(action.kinds) or "any actor"
    if action.name == "set":
        arguments: Schema = {"path": {"type": "string"}, "value": parts.ref("number or quantity")}
    else:
        arguments = {row.name: parts.argument(row, "Argument.") for row in action.arguments}
    return {
        "description": f"{action.summary} Who can: {who}.",
        "type": "object",
        # What all events have is described once, in their union.
        "properties": {**dict.fromkeys(_event_fields(), True), **arguments},
        "additionalProperties": False,
        "x-kinds": list(action.kinds),
    }


def _event_fields() -> Schema:
    week = {"type": "integer"}
    return {
        "id": {"type": "string", "pattern": "^[A-Za-z0-9_]{1,100}$"},
        "on": {**parts.DATE, "description": "It fires in the week of that day."},
        "week": {**week, "description": "It fires in that week; week 0 is that of `start`."},
        "when": {
            "type": "string",
            "minLength": 1,
            "maxLength": 500,
            "description": "It fires in the first week in which this condition holds.",
        },
        "every": {**_DURATION, "description": "Again and again, so many weeks apart."},
        "until": {"anyOf": [week, parts.DATE], "description": "Not after that week."},
        "over": {**_DURATION, "description": "A level is reached in so many weekly steps."},
        "for": {**_DURATION, "description": "The event is revoked after so many weeks."},
        "actor": {"type": "string", "minLength": 1, "description": "Id, iso3 code or bloc."},
        "action": {"enum": list(ACTIONS)},
        "source": parts.SOURCE,
    }


def _needed() -> dict[str, list[str]]:
    """Return what an event of each action needs besides its clock."""
    common = ["id", "actor", "action", "source"]
    found = {
        name: [*common, *(row.name for row in action.arguments if row.required)]
        for name, action in ACTIONS.items()
    }
    found["set"] += ["path", "value"]
    return found


def _changed_event() -> Schema:
    """Return what a child may change of an event without naming its action again."""
    fields = dict.fromkeys(_event_fields(), True) | {"path": {"type": "string"}}
    rows = (row.name for action in ACTIONS.values() for row in action.arguments)
    arguments = dict.fromkeys(("value", *rows), parts.ref("number or quantity"))
    return {"properties": {**fields, **arguments}, "additionalProperties": False}
