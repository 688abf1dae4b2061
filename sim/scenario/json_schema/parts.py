"""Parts of the schema of scenario files that come from the types: parameters and quantities."""

from collections.abc import Iterable
from itertools import combinations
from typing import Any

from sim.scenario.actions import Argument
from sim.scenario.quantities import NEEDS, Frozen, Quantity
from sim.scenario.schema import Declared, parameters_of
from sim.scenario.variables import VARIABLES
from sim.scenario.wording import INFINITE

Schema = dict[str, Any]

DATE = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
SOURCE = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_NULL = {"type": "null"}


def part_of(model: type[Frozen]) -> Schema:
    """Return one part of the types, without what it requires."""
    found: Schema = model.model_json_schema()
    declared = {name: (field, about) for name, field, about in parameters_of(model)}
    properties: Schema = {}
    for name, plain in found["properties"].items():
        if name in declared:
            field, about = declared[name]
            properties[name] = _parameter(field.description or "", about)
        else:
            properties[name] = _plain(plain)
    return {
        "description": plain_text(found.get("description", "")),
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def required(model: type[Frozen]) -> list[str]:
    """Return the fields that a part must give."""
    return [name for name, field in model.model_fields.items() if field.is_required()]


def _plain(found: Schema) -> Schema:
    """Return a field that is no parameter, without what only pydantic wants to know."""
    if "$ref" in found:
        return ref(found["$ref"].rpartition("/")[2].lower())
    kept = {key: value for key, value in found.items() if key not in ("title", "default")}
    if "description" in kept:
        kept["description"] = plain_text(kept["description"])
    if "anyOf" in kept:
        choice, _ = kept.pop("anyOf")  # The other is always null.
        kept = or_null(_plain(choice)) | kept
    if isinstance(kept.get("additionalProperties"), dict):
        kept["additionalProperties"] = _plain(kept["additionalProperties"])
    if kept.get("format") == "date":
        kept = {key: value for key, value in kept.items() if key != "format"} | DATE
    return kept


def or_null(part: Schema) -> Schema:
    """Return a schema that admits null too; what else it says holds for its own type alone."""
    found = {**part, "type": [part["type"], "null"]}
    if "enum" in part:
        found["enum"] = [*part["enum"], None]
    return found


def _parameter(meaning: str, about: Declared) -> Schema:
    number = Argument(about.symbol, about.unit, about.low, about.high)
    return {**argument(number, meaning, about.whole), "x-symbol": about.symbol}


def argument(about: Argument, meaning: str, whole: bool = False) -> Schema:
    """Return a number in its domain, or a quantity with that unit.

    Bounds hold for numbers alone and properties for mappings alone, so they stand side by side.
    """
    bounds: Schema = {"multipleOf": 1} if whole else {}
    if about.low > -INFINITE:
        bounds["minimum"] = about.low
    if about.high < INFINITE:
        bounds["maximum"] = about.high
    fields: Schema = {"unit": {"enum": [about.unit, None]}}
    if bounds:
        fields["value"] = bounds
    return {
        "description": f"{plain_text(meaning)} [{about.unit}]",
        **ref("number or quantity"),
        **bounds,
        "properties": fields,
    }


def number_or_quantity() -> Schema:
    """Return a bare number, or a quantity with its fields."""
    is_mapping = {"type": "object"}
    return {"type": ["number", "object"], "if": is_mapping, "then": ref("quantity")}


def quantity() -> Schema:
    """Return a quantity; which fields each law needs is read from where they are checked."""
    found = Quantity.model_json_schema()
    properties = {name: _plain(field) for name, field in found["properties"].items()}
    properties["source"] = {**SOURCE, "description": properties["source"]["description"]}
    exclusive = ("value", "dist", "same_as")
    laws: list[Schema] = [
        {
            "if": {"properties": {"dist": {"const": law}}, "required": ["dist"]},
            "then": {"required": list(needs)},
        }
        for law, (needs, _) in NEEDS.items()
    ]
    return {
        "description": plain_text(found["description"]),
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "allOf": [*laws, *_at_most_one(exclusive)],
    }


def _at_most_one(fields: tuple[str, ...]) -> list[Schema]:
    """Return schemas that refuse any two of the fields, unless one of them is null."""
    given = {name: {"properties": {name: {"not": _NULL}}, "required": [name]} for name in fields}
    return [{"not": {"allOf": [given[a], given[b]]}} for a, b in combinations(fields, 2)]


def variable() -> Schema:
    """Return the names that can be recorded."""
    named = [{"const": name, "description": about.meaning} for name, about in VARIABLES.items()]
    free: list[Schema] = [
        {"pattern": r"^recognition\.[A-Z]{3}$", "description": "One state, by iso3 code."},
        {"pattern": r"^[a-z][a-z0-9_]*\.support$", "description": "One ally, by id."},
    ]
    return {"type": "string", "anyOf": [*named, *free]}


def union(field: str, names: Iterable[str], needed: Schema, other: Schema | None = None) -> Schema:
    """Return a union discriminated by ``field``; ``other`` holds where that field is missing."""
    names = list(names)
    cases: list[Schema] = []
    for name in names:
        is_it = {"type": "object", "properties": {field: {"const": name}}, "required": [field]}
        given = {"required": needed[name]} if name in needed else {}
        cases.append({"if": is_it, "then": {**ref(f"{field} {name}"), **given}})
    union: Schema = {"type": "object", "properties": {field: {"enum": names}}}
    if other is None:
        return {**union, "required": [field], "allOf": cases}
    is_other = {"type": "object", "not": {"required": [field]}}
    return {**union, "allOf": [*cases, {"if": is_other, "then": other}]}


def text(longest: int) -> Schema:
    """Return a text that is not empty."""
    return {"type": "string", "minLength": 1, "maxLength": longest}


def ref(name: str) -> Schema:
    """Return a reference to a definition."""
    return {"$ref": f"#/$defs/{key(name)}"}


def key(name: str) -> str:
    """Return the key of a definition."""
    return name.replace(" ", "_")


def plain_text(text: str) -> str:
    """Return a docstring on one line, in Markdown."""
    return " ".join(text.split()).replace("``", "`")
