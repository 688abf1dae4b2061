"""From a file name to a validated scenario: read, follow ``extends``, lay over, validate."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError
from sim.scenario import library
from sim.scenario.scenario import Scenario
from sim.scenario.tree import SET, children, did_you_mean, find, lay_over, with_value, without
from sim.scenario.validate import build
from sim.scenario.yaml_reader import Mark, Node, read_file, read_text

#: A longer chain of ``extends`` is a mistake.
MAX_PARENTS = 8


def load(scenario: str | Path, changes: Mapping[str, Any] | None = None) -> Scenario:
    """Load and validate a scenario.

    scenario: path of a YAML file, or the name of a shipped scenario such as ``oslo_2019``.
    changes: as for ``Scenario.alter``. Raises ScenarioError with every fault that was found.
    """
    path = library.locate(str(scenario))
    tree = _read_with_parents(path, [])
    shipped = library.folder().resolve()
    resolved = path.resolve()
    name = (
        resolved.relative_to(shipped).with_suffix("").as_posix()
        if resolved.is_relative_to(shipped)
        else path.stem
    )
    if changes:
        tree = _change(tree, changes, "change")
    return build(tree, name)


def from_tree(tree: Node, name: str) -> Scenario:
    """Build a scenario from a marked tree that was validated before, for instance elsewhere."""
    return build(tree, name)


def rebuild(scenario: Scenario, changes: Mapping[str, Any], label: str = SET) -> Scenario:
    """Return the scenario with changes laid over it. Raises ScenarioError."""
    return build(_change(scenario.tree, changes, label), scenario.name)


def parse_setting(text: str) -> tuple[str, Any]:
    """Split ``PATH=VALUE`` and read the value as YAML. Raises ScenarioError."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip() or not value.strip():
        message = "must read PATH=VALUE, such as actors.norway.information=0.08"
        raise ScenarioError([Problem(f"{SET} {text}", 0, 0, "", message)])
    try:
        return path.strip(), read_text(value, SET).plain()
    except ScenarioError as error:
        message = f"'{value}' is not a value: {error.problems[0].message}"
        raise ScenarioError([Problem(SET, 0, 0, path.strip(), message)]) from None


def _read_with_parents(path: Path, chain: list[Path]) -> Node:
    label = library.label(path)
    tree = read_file(path, label)
    if not isinstance(tree.value, dict):
        message = "must be a mapping that starts with `parley: 1`"
        raise ScenarioError([tree.mark.problem("", message)])
    wanted = tree.mapping.get("extends")
    if wanted is None:
        return tree
    parent = library.parent_of(path, wanted.value) if isinstance(wanted.value, str) else None
    here = [*chain, path.resolve()]
    if parent is None or parent.resolve() in here or len(here) > MAX_PARENTS:
        raise ScenarioError([wanted.mark.problem("extends", _why_not(wanted, parent, here))])
    return lay_over(_read_with_parents(parent, here), tree)


def _why_not(wanted: Node, parent: Path | None, here: list[Path]) -> str:
    if not isinstance(wanted.value, str):
        return "must name one parent file, such as base/venezuela_2019.yaml"
    if parent is not None and parent.resolve() in here:
        return f"'{wanted.value}' leads back to a file that extends it"
    if parent is not None:
        return f"more than {MAX_PARENTS} files extend each other"
    shipped = [f"{name}.yaml" for name in library.names()] + ["base/venezuela_2019.yaml"]
    hint = did_you_mean(wanted.value, shipped)
    return (
        f"'{wanted.value}' is found neither beside the file nor in the shipped library, "
        f"the only places that are searched{hint}"
    )


def _change(tree: Node, changes: Mapping[str, Any], label: str) -> Node:
    for path, value in changes.items():
        mark = Mark(label)
        steps = path.split(".")
        if value is None and len(steps) == 2 and steps[0] in ("actors", "timeline"):
            if find(tree, path) is None:
                section = find(tree, steps[0])
                near = did_you_mean(steps[1], children(section) if section else ())
                message = f"cannot remove '{steps[1]}': there is none{near}"
                raise ScenarioError([mark.problem(path, message)])
            tree = without(tree, path)
        else:
            tree = with_value(tree, path, _as_node(value, mark))
    return tree


def _as_node(value: Any, mark: Mark) -> Node:
    if isinstance(value, Mapping):
        return Node({str(k): _as_node(v, mark) for k, v in value.items()}, mark, mark)
    if isinstance(value, list | tuple):
        return Node([_as_node(item, mark) for item in value], mark, mark)
    # numpy scalars arrive from designs and arrays; the tree holds plain Python values.
    return Node(value.item() if hasattr(value, "item") else value, mark, mark)
