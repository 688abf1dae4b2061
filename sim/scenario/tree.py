"""Marked trees: addressing by dotted path, and laying one file over another.

A list whose items have ids is addressed like a mapping (``timeline.embargo.level``). Laying a
child over its parent keeps the place of every value, so each number knows its file and line.
"""

from collections.abc import Callable

from sim.scenario.quantities import VALUE_FIELDS
from sim.scenario.wording import did_you_mean, shown
from sim.scenario.yaml_reader import Mark, Node

#: Called with place, path and message of a fault.
Report = Callable[[Mark, str, str], None]

_IS_QUANTITY = frozenset(("value", "dist", "same_as"))
#: An actor, issue or event may have a field ``value`` of its own.
_IS_PART = frozenset(("id", "kind"))
#: These belong to the file that states them and are never inherited.
_OWN = frozenset(("parley", "title", "question", "expect", "extends", "resolved"))
#: These are replaced as a whole: half of an old list with half of a new one has no meaning.
_WHOLE = frozenset(("agenda", "record", "expect"))
#: Sections that are lists of items with ids.
LISTS = frozenset(("timeline", "agenda", "facts"))


def children(node: Node) -> dict[str, Node]:
    """Return the children by key, or by id for a list of mappings with ids."""
    if isinstance(node.value, list):
        named = {}
        for item in node.items:
            name = _id(item)
            if name is not None:
                named[name] = item
        return named
    return node.mapping


def _id(item: Node) -> str | None:
    key = item.mapping.get("id")
    return key.value if key is not None and isinstance(key.value, str) else None


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
    """Whether the node is a quantity written in full, and no part that has a ``value``."""
    keys = node.mapping.keys()
    return bool(_IS_QUANTITY & keys) and not _IS_PART & keys


def lay_over(parent: Node, child: Node, report: Report) -> Node:
    """Return the child file laid over its parent's merged tree."""
    merged = {key: node for key, node in parent.mapping.items() if key not in _OWN}
    for key, node in child.mapping.items():
        merged[key] = lay(merged[key], node, key, report) if key in merged else node
    return Node(merged, child.mark, child.key)


def lay(base: Node, over: Node, path: str, report: Report) -> Node:
    """Return ``over`` laid over what stands at ``path``: mappings merge, anything else replaces."""
    if is_quantity(base):
        return _lay_quantity(base, over)
    if isinstance(base.value, list) and isinstance(over.value, list) and path not in _WHOLE:
        return _lay_list(base, over, path, report)
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    merged = dict(base.value)
    for key, node in over.value.items():
        if node.value is None and path == "actors":
            _remove(merged, key, node, report)
        elif key == "kind" and path.startswith("actors.") and key in merged:
            _check_kind(merged[key], node, path, report)
        elif key in merged:
            merged[key] = lay(merged[key], node, f"{path}.{key}", report)
        else:
            merged[key] = node
    return Node(merged, over.mark, over.key)


def _check_kind(base: Node, over: Node, path: str, report: Report) -> None:
    if over.value != base.value:
        message = (
            f"must stay {shown(base.value)}, as in {base.mark.file}: an actor does not change its "
            "kind; remove it with `null`, and give the new one an id of its own"
        )
        report(over.mark, f"{path}.kind", message)


def _remove(merged: dict[str, Node], key: str, node: Node, report: Report) -> None:
    if merged.pop(key, None) is None:
        message = f"cannot remove {shown(key)}: there is no such actor{did_you_mean(key, merged)}"
        report(node.place, "actors", message)


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


def _lay_list(base: Node, over: Node, path: str, report: Report) -> Node:
    merged = children(base)
    if len(merged) != len(base.items):
        return Node([*base.items, *over.items], over.mark, over.key)
    rest: list[Node] = []
    seen: set[str] = set()
    for item in over.items:
        name = _id(item)
        if name is None or name in seen:
            rest.append(item)  # It is at fault, and the reader of the list will say why.
            continue
        seen.add(name)
        old = merged.get(name)
        merged[name] = lay(old, item, f"{path}.{name}", report) if old is not None else item
    return Node([*merged.values(), *rest], over.mark, over.key)


def with_value(root: Node, path: str, value: Node, report: Report) -> Node:
    """Return the tree with ``value`` laid over what stands at ``path``.

    Steps that do not exist yet are created; whether they may exist is for validation to say.
    """
    return _with_value(root, "", path, value, report)


def _with_value(root: Node, above: str, path: str, value: Node, report: Report) -> Node:
    step, _, rest = path.partition(".")
    here = f"{above}.{step}" if above else step
    below = children(root).get(step)
    if rest:
        fresh = Node([] if here in LISTS else {}, value.mark)
        inside = _with_value(below if below is not None else fresh, here, rest, value, report)
    else:
        inside = value if below is None else lay(below, value, here, report)
    if isinstance(root.value, list):
        if below is None:
            named = Node({"id": Node(step, value.mark), **inside.mapping}, inside.mark, inside.key)
            return Node([*root.items, named], root.mark, root.key)
        return Node([inside if i is below else i for i in root.items], root.mark, root.key)
    if is_quantity(root) or not isinstance(root.value, dict):
        return _lay_quantity(root, Node({step: inside}, value.mark, value.mark))
    return Node({**root.mapping, step: inside}, root.mark, root.key)


def without(root: Node, path: str) -> Node:
    """Return the tree without the node at ``path``, which must exist."""
    step, _, rest = path.partition(".")
    if isinstance(root.value, list):
        gone = children(root)[step]
        return Node([item for item in root.items if item is not gone], root.mark, root.key)
    merged = dict(root.mapping)
    if rest:
        merged[step] = without(merged[step], rest)
    else:
        del merged[step]
    return Node(merged, root.mark, root.key)
