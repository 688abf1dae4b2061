"""From a file name to a validated scenario: read, follow ``extends``, lay over, validate."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim import arguments
from sim.errors import ScenarioError
from sim.scenario import library
from sim.scenario.changes import SET, lay_changes
from sim.scenario.faults import Faults
from sim.scenario.scenario import Scenario
from sim.scenario.tree import lay_over
from sim.scenario.validate import SECTIONS, build
from sim.scenario.wording import shown
from sim.scenario.yaml_reader import Node, read_file

#: A longer chain of ``extends`` is a mistake.
MAX_PARENTS = 8

#: What a function takes as a scenario.
Source = Scenario | str | os.PathLike[str]


def load(scenario: Source, changes: Mapping[str, Any] | None = None) -> Scenario:
    """Load and validate a scenario.

    scenario: path of a YAML file, the name of a shipped scenario such as ``oslo_2019``, or a path
    without its ``.yaml``; the first of these that there is. A scenario stays what it is.
    changes: as for ``Scenario.alter``. Raises ScenarioError with every fault that was found, and
    UsageError for what can name no scenario.
    """
    loaded = scenario if isinstance(scenario, Scenario) else _read(scenario)
    return loaded.alter(changes) if changes is not None else loaded


def _read(scenario: Any) -> Scenario:
    if not isinstance(scenario, str | os.PathLike):
        allowed = "a scenario, the name of a shipped one or the path of a file"
        raise arguments.refusal("scenario", allowed, scenario)
    path = library.locate(os.fsdecode(scenario))
    faults = Faults()
    return build(_read_with_parents(path, [], faults), library.name_of(path), faults)


def from_tree(tree: Node, name: str) -> Scenario:
    """Build a scenario from a marked tree that was validated before, for instance elsewhere."""
    return build(tree, name, Faults())


def rebuild(scenario: Scenario, changes: Mapping[str, Any], label: str = SET) -> Scenario:
    """Return the scenario with changes laid over it. Raises ScenarioError."""
    faults = Faults()
    tree = lay_changes(scenario.tree, scenario.parameters, SECTIONS, changes, label, faults)
    return build(tree, scenario.name, faults)


def _read_with_parents(path: Path, chain: list[Path], faults: Faults) -> Node:
    tree = read_file(path, library.label(path))
    if not isinstance(tree.value, dict):
        message = f"must be a mapping that starts with `parley: 1`, not {shown(tree.plain())}"
        raise ScenarioError([tree.mark.problem("", message)])
    wanted = tree.mapping.get("extends")
    if wanted is None:
        return tree
    here = [*chain, path.resolve()]
    parent = library.parent_of(path, wanted.value) if isinstance(wanted.value, str) else None
    if parent is None or parent in here or len(here) > MAX_PARENTS:
        message = _why_not(wanted.value, parent, path, here)
        raise ScenarioError([wanted.mark.problem("extends", message)])
    return lay_over(_read_with_parents(parent, here, faults), tree, faults.add)


def _why_not(wanted: Any, parent: Path | None, child: Path, here: list[Path]) -> str:
    if not isinstance(wanted, str) or not wanted:
        return "must name one parent file, such as base/venezuela_2019.yaml"
    if parent is None:
        return library.why_not_found(child, wanted)
    if parent in here:
        return f"{shown(wanted)} leads back to a file that extends it"
    return f"more than {MAX_PARENTS} files extend each other; lay some of them together"
