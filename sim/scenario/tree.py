"""Marked trees: addressing by dotted path, and laying one file over another.

A list whose items have ids is addressed like a mapping (``timeline.embargo.level``). Laying a
child over its parent keeps the place of every value, so each number knows its file and line.
"""

from difflib import get_close_matches

from sim.errors import ScenarioError
from sim.scenario.quantities import VALUE_FIELDS
from sim.scenario.yaml_reader import Mark, Node

#: Values that came from the command line carry this as their file.
SET = "--set"
_IS_QUANTITY = frozenset(("value", "dist", "same_as"))
#: These belong to the file that states them and are never inherited.
_OWN = frozenset(("title", "question", "expect", "extends"))
#: These are replaced as a whole: half of an old list with half of a new one has no meaning.
_WHOLE = frozenset(("agenda", "record"))

#: Sections that are lists of items with ids.
_LISTS = frozenset(("timeline", "agenda"))


def did_you_mean(word: str, allowed: object) -> str:
    """Return ``; did you mean 'x'?`` for the nearest allowed word, or an empty string."""
    close = get_close_matches(word, [str(name) for name in allowed], 1)  # type: ignore[attr-defined]
    return f"; did you mean '{close[0]}'?" if close else ""


def children(node: Node) -> dict[str, Node]:
    """Return the children by key, or by id for a list of mappings with ids."""
    if isinstance(node.value, list):
        named = {}
        for item in node.items:
            key = item.mapping.get("id")
            if key is not None and isinstance(key.value, str):
                named[key.value] = item
        return named
    return node.mapping


def find(root: Node, path: str) -> Node | None:
    """Return the node at a dotted path, None if there is none."""
    node: Node | None = root
    for step in path.split("."):
        node = children(node).get(step) if node is not None else None
    return node


def place(root: Node, path: str) -> Mark:
    """Return the place of the deepest node that exists on the way to ``path``."""
    node = root
    for step in path.split(".") if path else ():
        below = children(node).get(step)
        if below is None:
            break
        node = below
    return node.place


def is_quantity(node: Node) -> bool:
    """Whether the node is a quantity written in full."""
    return bool(_IS_QUANTITY & node.mapping.keys())


def lay_over(parent: Node, child: Node) -> Node:
    """Return the child file laid over its parent's merged tree. Raises ScenarioError."""
    merged = {key: node for key, node in parent.mapping.items() if key not in _OWN}
    for key, node in child.mapping.items():
        if key in merged and key not in _WHOLE:
            merged[key] = _lay(merged[key], node, key)
        else:
            merged[key] = node
    return Node(merged, child.mark, child.key)


def _lay(base: Node, over: Node, path: str) -> Node:
    if is_quantity(base):
        return _lay_quantity(base, over)
    if isinstance(base.value, dict) and isinstance(over.value, dict):
        merged = dict(base.value)
        for key, node in over.value.items():
            below = f"{path}.{key}"
            if node.value is None and path == "actors":
                _remove(merged, key, node, path)
            elif key in merged:
                merged[key] = _lay(merged[key], node, below)
            else:
                merged[key] = node
        return Node(merged, over.mark, over.key)
    if isinstance(base.value, list) and isinstance(over.value, list):
        return _lay_list(base, over, path)
    return over


def _remove(merged: dict[str, Node], key: str, node: Node, path: str) -> None:
    if key not in merged:
        message = f"cannot remove '{key}': there is no such actor{did_you_mean(key, merged)}"
        raise ScenarioError([node.place.problem(path, message)])
    del merged[key]


def _lay_quantity(base: Node, over: Node) -> Node:
    """A number replaces the value and keeps unit, source and basis; a mapping adds to them."""
    fields = dict(base.mapping)
    if isinstance(over.value, dict):
        new = over.value
    else:
        new = {"value": Node(over.value, over.mark, over.key)}
    if _IS_QUANTITY & new.keys():
        fields = {key: node for key, node in fields.items() if key not in VALUE_FIELDS}
    return Node({**fields, **new}, over.mark, over.key)


def _lay_list(base: Node, over: Node, path: str) -> Node:
    merged = {key: node for key, node in children(base).items()}
    if len(merged) != len(base.items):
        return Node([*base.items, *over.items], over.mark, over.key)
    rest: list[Node] = []
    for item in over.items:
        key = item.mapping.get("id")
        name = key.value if key is not None and isinstance(key.value, str) else None
        if name is None:
            rest.append(item)
        elif name in merged:
            merged[name] = _lay(merged[name], item, f"{path}.{name}")
        else:
            merged[name] = item
    return Node([*merged.values(), *rest], over.mark, over.key)


def with_value(root: Node, path: str, value: Node) -> Node:
    """Return the tree with ``value`` laid over what stands at ``path``.

    Steps that do not exist yet are created; whether they may exist is for validation to say.
    """
    step, _, rest = path.partition(".")
    below = children(root).get(step)
    if rest:
        fresh = Node([] if step in _LISTS else {}, value.mark)
        inside = with_value(below if below is not None else fresh, rest, value)
    elif below is not None and is_quantity(below):
        inside = _lay_quantity(below, value)
    else:
        inside = value
    if isinstance(root.value, list):
        items = [inside if item is below else item for item in root.items]
        return Node(items if below is not None else [*items, inside], root.mark, root.key)
    return Node({**root.mapping, step: inside}, root.mark, root.key)


def without(root: Node, path: str) -> Node:
    """Return the tree without the node at ``path``, which must exist."""
    step, _, rest = path.partition(".")
    if isinstance(root.value, list):
        gone = children(root)[step]
        kept = [without(i, rest) if rest else i for i in root.items if rest or i is not gone]
        return Node(kept, root.mark, root.key)
    merged = dict(root.mapping)
    if rest:
        merged[step] = without(merged[step], rest)
    else:
        del merged[step]
    return Node(merged, root.mark, root.key)
