"""From a scenario to its cast: draw the parameters, build one agent per actor.

A kind that the scenario does not have is played by a neutral stand-in: an agent with the neutral
values of the schema, which is not among the model's agents and takes part in nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import arguments
from sim.actors import CLASSES
from sim.actors.base import CrisisAgent
from sim.draws import PARAMETER_STREAM, Draws
from sim.errors import UsageError
from sim.mechanisms.agenda import Agenda
from sim.mechanisms.arrays import Array
from sim.scenario.scenario import Scenario
from sim.scenario.schema import KINDS, Talks, parameters_of
from sim.scenario.wording import did_you_mean, shown

if TYPE_CHECKING:
    from sim.crisis import CrisisModel


def draw(
    scenario: Scenario,
    replicates: int,
    seed: int,
    start: int,
    chance_start: int | None,
    points: Mapping[str, Any] | None,
) -> tuple[Draws, dict[str, Array]]:
    """Return the draws of a model and its parameters; see ``CrisisModel``. Raises UsageError."""
    values = _read_points(scenario, points)
    copies = max(map(len, values.values()), default=1)
    draws = Draws(seed, replicates, start, chance_start, copies)
    return draws, _draw_parameters(scenario, draws, values)


def _read_points(scenario: Scenario, points: Mapping[str, Any] | None) -> dict[str, Array]:
    """Return the values of each point by path, shape (P,). Raises UsageError."""
    allowed = "a mapping from path to numbers, the same number of them for each path"
    if not isinstance(points, Mapping | None):
        raise arguments.refusal("points", allowed, points)
    try:
        found = {path: np.array(values) for path, values in (points or {}).items()}
    except ValueError:  # Lists of different lengths in one another.
        raise UsageError(f"points must be {allowed}") from None
    for path, values in found.items():
        if arguments.text("a path of points", path) not in scenario.parameters:
            hint = did_you_mean(path, scenario.parameters)
            raise UsageError(f"points: unknown path {shown(path)}{hint}")
        if values.dtype.kind not in "iuf" or not np.isfinite(values).all():
            raise UsageError(f"points: {path} must have finite numbers")
    shapes = {values.shape for values in found.values()}
    if len(shapes) > 1 or any(len(shape) != 1 or shape == (0,) for shape in shapes):
        raise UsageError(f"points must be {allowed}")
    return {path: values.astype(np.float64) for path, values in found.items()}


def _draw_parameters(
    scenario: Scenario, draws: Draws, points: Mapping[str, Array]
) -> dict[str, Array]:
    """Return every parameter by path: shape (1,) if it is one number, else (R,).

    points: path -> the value in each of ``draws.copies`` points, shape (P,), in place of the
    scenario's; point p has the rows from p x replicates on.
    """
    fixed = {path: np.repeat(value, draws.replicates) for path, value in points.items()}
    values: dict[str, Array] = {}
    for path, parameter in scenario.parameters.items():
        quantity = parameter.quantity
        if path in fixed:
            values[path] = fixed[path]
        elif quantity.value is not None:
            values[path] = np.full(1, quantity.value)
        elif quantity.same_as is None:
            values[path] = quantity.quantile(draws.uniform(PARAMETER_STREAM + path))
    for path, parameter in scenario.parameters.items():
        if parameter.quantity.same_as is not None and path not in fixed:
            values[path] = values[parameter.quantity.same_as]
    return values


def fields_below(path: str, values: dict[str, Array]) -> dict[str, Array]:
    """Return the parameters directly below ``path``, by field name."""
    prefix = f"{path}."
    below = {name.removeprefix(prefix): v for name, v in values.items() if name.startswith(prefix)}
    return {name: array for name, array in below.items() if "." not in name}


def build_cast(model: CrisisModel) -> list[CrisisAgent]:
    """Return one agent per actor, in order of actor id."""
    return [
        CLASSES[actor.kind](
            model,
            actor_id,
            actor.name,
            fields_below(f"actors.{actor_id}", model.values),
            actor.state,
        )
        for actor_id, actor in model.crisis.actors.items()
    ]


def stand_in(model: CrisisModel, kind: str) -> CrisisAgent:
    """Return the neutral stand-in of an absent kind."""
    neutral = {
        name: np.full(1, declared.neutral) for name, _, declared in parameters_of(KINDS[kind])
    }
    agent = CLASSES[kind](model, f"no_{kind}", f"no {kind}", neutral, exists=False)
    agent.remove()
    return agent


def neutral_talks() -> dict[str, Array]:
    """Return the section ``talks`` of a scenario that has none."""
    return {name: np.full(1, about.neutral) for name, _, about in parameters_of(Talks)}


def read_agenda(scenario: Scenario, values: dict[str, Array]) -> Agenda:
    """Return the agenda; without one the parties divide a single good."""
    if not scenario.agenda:
        return Agenda.of(np.ones((1, 1)), np.ones((1, 1)))
    columns = []
    for field in ("value", "cost"):
        arrays = [values[f"agenda.{issue.id}.{field}"] for issue in scenario.agenda]
        columns.append(np.stack(np.broadcast_arrays(*arrays), axis=1))
    return Agenda.of(*columns)
