"""The levers of the page: which parameters it offers, grouped by what they pull."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import yaml

from sim.errors import ScenarioError
from sim.scenario.scenario import Parameter, Scenario

#: What every move in a crisis changes, and the parameters of each kind of actor that change it.
GROUPS: dict[str, tuple[tuple[str, str], ...]] = {
    "Outside options": (
        ("military", "strength"),
        ("street", "attempts"),
        ("opposition", "belief_strength"),
        ("assets", "value"),
        ("sender", "force_perceived"),
    ),
    "Pain": (
        ("sender", "sanctions"),
        ("sender", "easing"),
        ("sender", "threat"),
        ("sender", "threat_credibility"),
        ("government", "adaptation_ceiling"),
        ("government", "offset_by_allies"),
        ("street", "inflow"),
    ),
    "Beliefs": (
        ("opposition", "prior_good_faith"),
        ("talks", "uncertainty"),
        ("mediator", "information"),
        ("mediator", "bias"),
    ),
    "Commitment": (
        ("mediator", "guarantee"),
        ("mediator", "leverage"),
        ("sender", "snapback"),
        ("sender", "seat"),
        ("sender", "red_line"),
        ("government", "hardness"),
        ("opposition", "hardness"),
    ),
}
_STEPS = 100


@dataclass(frozen=True)
class Lever:
    """One parameter that the page moves.

    low, high: ends of the slider, the documented range where there is one. start: the value, or
    the median of what it is drawn from. law: what the scenario says of it, in words. whole: only
    whole numbers.
    """

    path: str
    group: str
    label: str
    meaning: str
    unit: str
    low: float
    high: float
    start: float
    law: str
    whole: bool

    @property
    def step(self) -> float:
        """Step of the slider."""
        return 1.0 if self.whole else (self.high - self.low) / _STEPS

    def snap(self, value: float) -> float:
        """Return the place of the slider nearest to a value.

        A slider that is given another place moves there by itself, and reports it as a move.
        """
        steps = round((min(max(value, self.low), self.high) - self.low) / self.step)
        return round(self.low + steps * self.step, 10)


def levers_of(scenario: Scenario) -> tuple[Lever, ...]:
    """Return the levers that a scenario has, in order of group and actor."""
    found = []
    for group, places in GROUPS.items():
        for kind, field in places:
            for path, owner in _paths(scenario, kind, field):
                found.append(_lever(scenario.parameters[path], group, owner))
    return tuple(found)


def _paths(scenario: Scenario, kind: str, field: str) -> list[tuple[str, str]]:
    """Return path and owner of a parameter, one per actor of the kind."""
    if kind == "talks":
        places = [(f"talks.{field}", "Both sides")]
    else:
        actors = scenario.actors.items()
        places = [(f"actors.{key}.{field}", one.name) for key, one in actors if one.kind == kind]
    return [(path, owner) for path, owner in places if path in scenario.parameters]


def _lever(parameter: Parameter, group: str, owner: str) -> Lever:
    quantity, declared = parameter.quantity, parameter.declared
    low, high = quantity.range or (declared.low, declared.high)
    least, middle, most = _spread(parameter)
    field = parameter.path.rsplit(".", 1)[-1].replace("_", " ")
    return Lever(
        path=parameter.path,
        group=group,
        label=f"{owner}: {field}",
        meaning=parameter.meaning,
        unit=declared.unit,
        low=min(low, least),
        high=max(high, most),
        start=middle,
        law=plain(least) if least == most else f"uncertain, {plain(least)} to {plain(most)}",
        whole=declared.whole,
    )


def _spread(parameter: Parameter) -> tuple[float, float, float]:
    """Return the 5%, 50% and 95% quantiles of a parameter, three times the value of a fixed one."""
    quantity = parameter.quantity
    if quantity.same_as is not None:
        return (parameter.declared.neutral,) * 3
    low, middle, high = quantity.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    return low, middle, high


def plain(value: float) -> str:
    """Return a number with two or three digits and without an exponent."""
    return np.format_float_positional(float(f"{value:.3g}"), trim="-")


def read_number(scenario: Scenario, lever: Lever, text: str | None) -> tuple[float | None, str]:
    """Return the number that a person typed, and what is wrong with it (empty if nothing is)."""
    try:
        value = float((text or "").strip())
    except ValueError:
        return None, f"a number from {plain(lever.low)} to {plain(lever.high)}, please"
    try:
        scenario.alter({lever.path: value})
    except ScenarioError as error:
        return None, error.problems[0].message.partition(":")[0]
    return value, ""


def as_file(scenario: Scenario, changes: Mapping[str, float]) -> str:
    """Return the moved levers as the text of a scenario file that extends this one."""
    tree: dict[str, object] = {
        "parley": 1,
        "title": f"{scenario.title}, levers moved",
        "extends": f"{scenario.name}.yaml",
    }
    for path, value in changes.items():
        *above, last = path.split(".")
        place = tree
        for step in above:
            place = place.setdefault(step, {})  # type: ignore[assignment]
        place[last] = value
    return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)
