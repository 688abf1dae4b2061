"""The actors of a scenario: their kinds, their number, and the states that they speak for."""

import re
from datetime import date

from sim.data import CUT_OFF
from sim.scenario.faults import Faults
from sim.scenario.parameters import ParameterReader
from sim.scenario.schema import KINDS, Actor, Member, States
from sim.scenario.schema.base import ID
from sim.scenario.tree import place
from sim.scenario.wording import did_you_mean, known, shown
from sim.scenario.world import from_table, members_of
from sim.scenario.yaml_reader import Node

#: Most actors that a run is sized for.
MAX_ACTORS = 200


def read_actors(tree: Node, quantities: ParameterReader, faults: Faults) -> dict[str, Actor]:
    """Return the actors in order of id, without those that are at fault."""
    node = tree.mapping.get("actors")
    if node is None and faults.excuse("actors"):
        return {}
    if node is None or not node.mapping:
        faults.unread.add("actors")
        message = "is missing; give at least one actor, under an id of its own"
        if node is not None and node.value:
            message = f"must be a mapping from id to actor, not {shown(node.plain())}"
        faults.add(place(tree, "actors"), "actors", message)
        return {}
    if len(node.mapping) > MAX_ACTORS:
        faults.unread.add("actors")
        message = f"holds {len(node.mapping)} actors; at most {MAX_ACTORS} are allowed"
        faults.add(node.place, "actors", message)
        return {}
    actors: dict[str, Actor] = {}
    for key in sorted(node.mapping):
        model = _kind(key, node, faults)
        if model is None:
            faults.unread.add(f"actors.{key}")
            continue
        actor = quantities.read(model, node.mapping[key], f"actors.{key}")
        if actor is not None:
            actors[key] = actor
    _check_counts(tree, faults)
    return actors


def _kind(key: str, actors: Node, faults: Faults) -> type[Actor] | None:
    """Return the schema of an actor, None if what it is cannot be told."""
    path, node = f"actors.{key}", actors.mapping[key]
    if not re.fullmatch(ID, key):
        message = f"an actor's id is lower-case letters, digits and _, not {shown(key)}"
        faults.add(node.place, "actors", message)
        return None
    if not isinstance(node.value, dict):
        message = f"there is no such actor to remove{did_you_mean(key, _others(key, actors))}"
        if node.value is not None:
            wanted = "a mapping of fields, or `null` to remove it"
            message = f"must be {wanted}, not {shown(node.plain())}"
        faults.add(node.place, path, message)
        return None
    kind = node.mapping.get("kind")
    if kind is None:
        hint = did_you_mean(key, _others(key, actors))
        message = f"unknown actor; a new one needs `kind` ({', '.join(KINDS)}){hint}"
        faults.add(node.place, path, message)
        return None
    name = kind.value if isinstance(kind.value, str) else ""
    if name not in KINDS:
        message = f"must be a kind of actor, not {shown(kind.plain())}{known(name, KINDS)}"
        faults.add(kind.mark, f"{path}.kind", message)
        return None
    return KINDS[name]


def _others(key: str, actors: Node) -> list[str]:
    return [other for other, node in actors.mapping.items() if other != key and node.mapping]


def kinds_of(tree: Node) -> dict[str, str]:
    """Return kind by id of all actors that name one, those that are at fault included."""
    actors = tree.mapping.get("actors")
    found: dict[str, str] = {}
    for key, node in (actors.mapping if actors is not None else {}).items():
        kind = node.mapping.get("kind")
        if kind is not None and isinstance(kind.value, str):
            found[key] = kind.value
    return found


def _check_counts(tree: Node, faults: Faults) -> None:
    by_kind: dict[str, list[str]] = {}
    for key, kind in kinds_of(tree).items():
        by_kind.setdefault(kind, []).append(key)
    for kind, keys in by_kind.items():
        if kind not in KINDS or KINDS[kind].multiple:
            continue
        # The inherited one was there first.
        first, *others = sorted(keys, key=lambda key: (_is_own(tree, key), key))
        for key in others:
            message = (
                f"there is an actor of kind {kind} already, '{first}', and one is allowed; remove "
                f"that one with `{first}: null`, or change it"
            )
            faults.add(place(tree, f"actors.{key}"), f"actors.{key}", message)


def _is_own(tree: Node, key: str) -> bool:
    """Whether an actor is added by the file itself, or from outside, and not inherited."""
    mark = place(tree, f"actors.{key}.kind")
    return mark.line == 0 or mark.file == tree.mark.file


def read_members(
    tree: Node, actors: dict[str, Actor], start: date, faults: Faults
) -> dict[str, Member]:
    """Return the states of the world, and check that actors speak for states among them."""
    found = [(key, actor) for key, actor in actors.items() if isinstance(actor, States)]
    if not found:
        # States that could not be read are no reason to call every name of a state unknown.
        is_at_fault = "states" in kinds_of(tree).values() or faults.excuse("actors.states")
        return from_table(CUT_OFF) if is_at_fault else {}
    key, states = found[0]
    members = members_of(
        states, f"actors.{key}", start, lambda path, text: faults.add(place(tree, path), path, text)
    )
    for other, actor in actors.items():
        if actor.state is not None and actor.state not in members:
            path = f"actors.{other}.state"
            hint = did_you_mean(actor.state, members)
            message = f"no state '{actor.state}' among the scenario's states{hint}"
            faults.add(place(tree, path), path, message)
    return members
