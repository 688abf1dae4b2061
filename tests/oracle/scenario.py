"""Scenario files as plain dicts, and the table of states (section 6 of the ODD page)."""

import csv
import re
from datetime import date
from pathlib import Path

import yaml

LAW = {
    "value", "dist", "same_as", "low", "high", "mode", "mean", "sd", "a", "b", "values", "weights",
}  # fmt: skip
NOT_INHERITED = ("title", "question", "expect", "extends")
REPLACED = ("agenda", "record")
BY_ID = ("timeline", "facts")
FOLLOWERS = set("JPN KOR AUS ISR GEO TWN XKX MHL FSM PLW".split())


class Yaml12(yaml.SafeLoader):
    """SafeLoader with the scalars of YAML 1.2: `on`, `NO` and dates are text."""


Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    (
        "float",
        r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$|^[-+]?\.(?:inf|Inf|INF)$",
        list("-+0123456789."),
    ),
):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)


def yaml_float(loader, node):
    text = loader.construct_scalar(node).lower()
    return float(text.replace(".inf", "inf"))


def yaml_int(loader, node):
    return int(loader.construct_scalar(node), 10)


Yaml12.add_constructor("tag:yaml.org,2002:float", yaml_float)
Yaml12.add_constructor("tag:yaml.org,2002:int", yaml_int)


def read(path, folder):
    """One scenario file laid over its parents; `folder` is the scenarios folder."""
    path = Path(path)
    child = yaml.load(path.read_text(encoding="utf-8"), Yaml12)
    parent = child.get("extends")
    if parent is None:
        return child
    beside = path.parent / parent
    return laid_over(read(beside if beside.exists() else Path(folder) / parent, folder), child)


def laid_over(parent, child):
    merged = {key: parent[key] for key in parent if key not in NOT_INHERITED}
    for key, value in child.items():
        if key == "extends":
            continue
        if key in REPLACED or key in NOT_INHERITED or key not in merged:
            merged[key] = value
        elif key in BY_ID:
            items = {item["id"]: item for item in merged[key]}
            for item in value:
                items[item["id"]] = fields(items.get(item["id"], {}), item)
            merged[key] = list(items.values())
        else:
            merged[key] = merge(merged[key], value)
    actors = merged.get("actors") or {}
    merged["actors"] = {name: actor for name, actor in actors.items() if actor is not None}
    return merged


def fields(parent, child):
    return {**parent, **{k: merge(parent[k], v) if k in parent else v for k, v in child.items()}}


def merge(parent, child):
    if is_number(child) and is_quantity(parent):
        child = {"value": child}
    if is_number(parent) and isinstance(child, dict):
        parent = {"value": parent}
    if not (isinstance(parent, dict) and isinstance(child, dict)):
        return child
    if is_quantity(parent):
        if is_quantity(child):
            parent = {k: v for k, v in parent.items() if k not in LAW}
        return {**parent, **child}
    return fields(parent, child)


def is_number(thing):
    return isinstance(thing, (int, float)) and not isinstance(thing, bool)


def is_quantity(thing):
    return isinstance(thing, dict) and any(key in thing for key in ("value", "dist", "same_as"))


def week_of(day, start):
    return (date.fromisoformat(day) - date.fromisoformat(start)).days // 7


def number_of(quantity):
    return quantity["value"] if isinstance(quantity, dict) else quantity


def states_of(scenario, rows):
    """The states of the scenario by ISO3 code: bloc, position, weight, follows_patron."""
    actor = next((a for a in scenario["actors"].values() if a["kind"] == "states"), None)
    if actor is None:
        return {}
    states = {}
    if actor.get("table"):
        day = actor.get("positions_on", scenario.get("start"))
        for row in rows:
            if row["iso3"] != "VEN":
                states[row["iso3"]] = {
                    "bloc": bloc_of(row),
                    "position": position_on(row, day),
                    "weight": 1.0,
                    "follows_patron": follows(row),
                }
    for name, change in (actor.get("members") or {}).items():
        plain = {"bloc": None, "position": "neither", "weight": 1.0, "follows_patron": False}
        states[name] = {**states.get(name, plain), **(change or {})}
    return states


def read_table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bloc_of(row):
    if row["iso3"] == "USA":
        return "patron"
    if row["position_2019"] == "support_maduro" or "ALBA" in row["blocs"].split(";"):
        return "allied"
    return {"Americas": "regional", "Europe": "european"}.get(row["region"], "unaligned")


def follows(row):
    blocs = row["blocs"].split(";")
    named = "NATO" in blocs or "LimaGroup" in blocs or row["iso3"] in FOLLOWERS
    return named and row["iso3"] != "USA"


def position_on(row, day):
    moves = [
        (row["recognition_date"], "recognise_guaido"),
        (row["change_date"], row["change_to"]),
        (row["second_change_date"], row["second_change_to"]),
    ]
    position = "government" if row["position_2019"] == "support_maduro" else "neither"
    for when, move in sorted((m for m in moves if m[0]), key=lambda m: m[0]):
        if when <= day:
            position = {"recognise_guaido": "opposition", "support_maduro": "government"}.get(
                move, "neither"
            )
    return position
