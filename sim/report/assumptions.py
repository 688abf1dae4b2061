"""The assumptions of a run, ranked by how much hangs on them and how weak their evidence is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.analysis.drivers import Driver

#: How weak the evidence of each basis is, from 0 to 1 (a convention of this package).
WEAKNESS = {"observed": 0.25, "expert": 0.5, "assumed": 0.75, "illustrative": 1.0}
#: What has no basis stated was set by hand for the run.
_UNSTATED = 1.0


@dataclass(frozen=True, slots=True)
class Assumption:
    """An uncertain parameter: sensitivity times weakness, and what it rests on."""

    path: str
    weight: float
    sensitivity: float
    basis: str
    source: str
    reason: str


def ranked(scenario: Mapping[str, Any], drivers: Sequence[Driver]) -> list[Assumption]:
    """Return the drivers' assumptions, the weightiest first.

    scenario: the resolved scenario. Sensitivity is the index of the driver.
    """
    found = []
    for driver in drivers:
        about = quantity(scenario, driver.name)
        basis = str(about.get("basis") or "not stated")
        source = about.get("source") or "not stated"
        sources = source if isinstance(source, str) else ", ".join(map(str, source))
        weight = driver.index * WEAKNESS.get(basis, _UNSTATED)
        reason = str(about.get("reason") or "")
        found.append(Assumption(driver.name, weight, driver.index, basis, sources, reason))
    return sorted(found, key=lambda row: (-row.weight, row.path))


def quantity(scenario: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """Return what a resolved scenario says of a parameter, empty if it is a bare number."""
    node: Any = scenario
    for step in path.split("."):
        if isinstance(node, list):
            node = next((item for item in node if item.get("id") == step), None)
        elif isinstance(node, Mapping):
            node = node.get(step)
        else:
            node = None
    return node if isinstance(node, Mapping) else {}
