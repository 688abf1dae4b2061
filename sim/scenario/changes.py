"""Changes from outside the files: ``--set``, ``Scenario.alter``, the points of a sweep."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sim import arguments
from sim.errors import Problem, ScenarioError
from sim.scenario.faults import Faults
from sim.scenario.signs import refusal
from sim.scenario.tree import LISTS, children, find, with_value, without
from sim.scenario.wording import did_you_mean, nearest, shown
from sim.scenario.yaml_reader import INT_DIGITS, MAX_BYTES, MAX_DEPTH, Mark, Node, read_text

#: Values that came from the command line carry this as their file.
SET = "--set"
_EXAMPLE = "actors.norway.information"
#: These say what a file is, not what is simulated.
_FIXED = frozenset(("parley", "extends", "resolved"))
#: Sections whose parts have ids, and can be added and removed.
_WITH_IDS = LISTS | {"actors"}
#: Sections below which nothing has an address.
_FLAT = frozenset(("title", "question", "start", "record", "expect"))
_LONGEST_PATH = 200


def parse_setting(text: str) -> tuple[str, Any]:
    """Split ``PATH=VALUE`` and read the value as YAML. Raises ScenarioError."""
    path, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not path or not value:
        message = f"{shown(text)} must read PATH=VALUE, such as {_EXAMPLE}=0.08"
        raise ScenarioError([Problem(SET, 0, 0, "", message)])
    try:
        return path, read_text(value, SET).plain()
    except ScenarioError as error:
        message = f"{shown(value)} is no value: {error.problems[0].message}"
        raise ScenarioError([Problem(SET, 0, 0, path, message)]) from None


def as_plain(value: Any, path: str, label: str) -> Any:
    """Return a value as a file would hold it: no arrays, no days. Raises ScenarioError."""
    try:
        return _as_node(value, Mark(label)).plain()
    except _Refused as refusal:
        raise ScenarioError([Problem(label, 0, 0, path, str(refusal))]) from None


def lay_changes(
    tree: Node,
    parameters: Iterable[str],
    sections: Iterable[str],
    changes: Mapping[str, Any],
    label: str,
    faults: Faults,
) -> Node:
    """Return the tree with changes laid over it; one that cannot be laid is a fault.

    parameters: paths that can be set. sections: names of the sections of a scenario. changes:
    path -> number, text, list, mapping, or None to remove an actor, event, issue or fact.
    """
    mark = Mark(label)
    if not isinstance(changes, Mapping):
        faults.add(mark, "", f"changes are a mapping from path to value, not {shown(changes)}")
        return tree
    targets = [*parameters, *sections]
    for path, value in changes.items():
        try:
            tree = _lay_change(tree, targets, path, _as_node(value, mark), faults)
        except _Refused as refusal:
            shown_path = path if isinstance(path, str) and len(path) <= _LONGEST_PATH else ""
            faults.add(mark, shown_path, str(refusal))
    return tree


class _Refused(Exception):
    """A change that cannot be laid; the text says why."""


def _lay_change(tree: Node, targets: list[str], path: Any, value: Node, faults: Faults) -> Node:
    steps = _steps(path)
    section = steps[0]
    if section in _FIXED:
        raise _Refused(f"'{section}' belongs to the file and cannot be changed")
    owner = ".".join(steps[:2])
    is_part = section in _WITH_IDS and len(steps) > 1
    there = find(tree, owner) is not None if is_part else section in targets
    is_flat = section in _FLAT and len(steps) > 1
    if is_part and path == owner and value.value is None:
        if not there:
            part = find(tree, section)
            hint = did_you_mean(steps[1], children(part) if part is not None else ())
            raise _Refused(f"cannot be removed: there is none{hint}")
        return without(tree, path)
    is_addition = is_part and path == owner and isinstance(value.value, dict)
    if is_flat or not (there or is_addition):
        raise _Refused(_unknown(path, targets))
    return with_value(tree, path, value, faults.add)


def _steps(path: Any) -> list[str]:
    if not isinstance(path, str):
        raise _Refused(f"a path is text such as {_EXAMPLE}, not {shown(path)}")
    steps = path.split(".")
    if not all(steps) or path != path.strip():
        raise _Refused(f"{shown(path)} is no path; a path reads like {_EXAMPLE}")
    if len(path) > _LONGEST_PATH:
        raise _Refused(f"{shown(path)} is no path: it is longer than {_LONGEST_PATH} characters")
    return steps


def _unknown(path: str, targets: list[str]) -> str:
    """Name the nearest path; the only one that ends so wins over any spelling."""
    ends = [target for target in targets if target.endswith(f".{path}")]
    alike = [target for target in targets if ("." in target) == ("." in path)]
    near = ends[0] if len(ends) == 1 else nearest(path, alike)
    hint = f"did you mean '{near}'?" if near else "`parley explain` lists every path"
    return f"unknown path; {hint}"


def _as_node(value: Any, mark: Mark, depth: int = 0) -> Node:
    """Return plain data as a marked tree. Raises _Refused for what no file can hold."""
    if depth > MAX_DEPTH:
        raise _Refused(f"is nested deeper than {MAX_DEPTH} levels")
    value = arguments.plain(value)
    if isinstance(value, Mapping):
        items = {_key(key): _as_node(item, mark, depth + 1) for key, item in value.items()}
        return Node(items, mark, mark)
    if isinstance(value, list | tuple):
        return Node([_as_node(item, mark, depth + 1) for item in value], mark, mark)
    return Node(_scalar(value), mark, mark)


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise _Refused(f"a key must be text, not {shown(key)}")
    return str(_scalar(key))


def _scalar(value: Any) -> str | int | float | bool | None:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        if abs(value) >= 10**INT_DIGITS:
            raise _Refused(f"is an integer of more than {INT_DIGITS} digits")
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str):
        raise _Refused(f"must be a number, text, a list or a mapping, not {shown(value)}")
    if len(value) > MAX_BYTES:
        raise _Refused(f"is a text of more than {MAX_BYTES:,} characters")
    if fault := refusal(value):
        raise _Refused(fault)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _Refused("is text with characters that no file can hold") from None
    return value
