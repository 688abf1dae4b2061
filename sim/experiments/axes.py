"""What a sweep varies: reading ``--vary``, and refusing what cannot or must not be varied."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

import numpy as np

from sim import arguments
from sim.errors import Problem, ScenarioError, UsageError
from sim.scenario.changes import as_plain, parse_setting
from sim.scenario.scenario import Scenario
from sim.scenario.wording import interval
from sim.scenario.wording import shown as worded
from sim.sweeps import Axis, is_number

LABEL = "--vary"
MAX_STEPS = 10_000


def read_axes(
    scenario: Scenario, vary: Mapping[str, Any], beyond_range: bool = False
) -> tuple[Axis, ...]:
    """Return the axes of a sweep, each checked against the scenario.

    vary: path -> what ``--vary`` takes as text (``lo:hi``, ``lo:hi:steps``, ``a,b,c``), a tuple
    (lo, hi) or (lo, hi, steps), a list of values, or None for the documented range of a
    parameter. beyond_range: allow values outside that range, within the domain.
    Raises UsageError, ScenarioError.
    """
    if not isinstance(vary, Mapping):
        raise arguments.refusal("vary", "a mapping from path to what it takes", vary)
    if not vary:
        raise UsageError("name what varies: --vary PATH=lo:hi:steps or PATH=a,b,c")
    problems: list[Problem] = []
    axes = []
    for path, spec in vary.items():
        try:
            axis = _read_axis(scenario, arguments.text("a path of vary", path), spec)
            _check(scenario, axis, beyond_range)
            axes.append(axis)
        except ScenarioError as error:
            problems.extend(error.problems)
    if problems:
        raise ScenarioError(problems)
    return tuple(axes)


def _fault(path: str, message: str) -> ScenarioError:
    return ScenarioError([Problem(LABEL, 0, 0, path, message)])


def _read_axis(scenario: Scenario, path: str, spec: Any) -> Axis:
    parameter = scenario.parameters.get(path)
    whole = parameter is not None and parameter.declared.whole
    about: dict[str, Any] = {}
    if parameter is not None:
        about = {"unit": parameter.declared.unit, "meaning": parameter.meaning}
    if spec is None:
        documented = parameter.quantity.range if parameter is not None else None
        if documented is None or documented[0] == documented[1]:
            if parameter is None:
                _check_path(scenario, path)
            raise _fault(path, "has no documented range; give one, as lo:hi, or values, as a,b,c")
        spec = documented
    elif isinstance(spec, str):
        spec = _read_text(path, spec)
    is_range = isinstance(spec, tuple)
    values = tuple(_listed(path, spec))
    if is_range:
        return _ranged(path, values, whole, about)
    if not values:
        raise _fault(path, "needs at least one value")
    if all(is_number(value) for value in values):
        values = tuple(float(value) for value in values)
    return Axis(path, values, whole=whole, **about)


def _listed(path: str, spec: Any) -> list[Any]:
    """Return what was given for a path as plain values, none of them endless or no number."""
    listed = arguments.plain(spec)
    if not isinstance(listed, Iterable) or isinstance(listed, Mapping | Set | bytes):
        allowed = "a list of values, (lo, hi) or (lo, hi, steps)"
        raise _fault(path, f"takes {allowed}, not {worded(listed)}")
    values = [as_plain(value, path, LABEL) for value in listed]
    for value in values:
        if is_number(value) and not math.isfinite(value):
            raise _fault(path, f"must be a finite number, not {worded(value)}")
    return values


def _read_text(path: str, text: str) -> tuple[float, ...] | list[Any]:
    parts = text.split(":")
    if len(parts) in (2, 3) and not set(text) & set("{[\"'"):
        numbers = [parse_setting(f"{path}={part}")[1] for part in parts]
        if not all(is_number(number) for number in numbers):
            raise _fault(path, f"'{text}' must read lo:hi or lo:hi:steps, all numbers")
        return tuple(numbers)
    return [parse_setting(f"{path}={part}")[1] for part in split(text)]


def split(text: str) -> list[str]:
    """Split at commas; those inside brackets and quotes belong to a value."""
    parts, depth, quote, start = [], 0, "", 0
    for index, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        depth += (sign in "{[") - (sign in "}]")
        if sign == "," and depth == 0 and not quote:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]


def _ranged(path: str, spec: tuple[Any, ...], whole: bool, about: dict[str, Any]) -> Axis:
    if len(spec) not in (2, 3) or not all(is_number(number) for number in spec):
        raise _fault(path, "a range is (lo, hi) or (lo, hi, steps), all numbers")
    low, high = float(spec[0]), float(spec[1])
    if not low < high:
        raise _fault(path, f"the range {low:g} to {high:g} must rise")
    if len(spec) == 2:
        return Axis(path, None, low, high, whole, **about)
    steps = spec[2]
    if steps != int(steps) or not 2 <= steps <= MAX_STEPS:
        raise _fault(path, f"a range has 2 to {MAX_STEPS:,} steps, not {steps:g}")
    # Twelve digits: 0.1 + 2 x 0.1 is meant to be 0.3.
    values = tuple(float(f"{value:.12g}") for value in np.linspace(low, high, int(steps)))
    return Axis(path, values, low, high, whole, **about)


def _check_path(scenario: Scenario, path: str) -> None:
    """Raise ScenarioError with the nearest path unless the scenario has it."""
    scenario.alter({path: {}} if path not in scenario.parameters else {path: 0}, LABEL)


def _check(scenario: Scenario, axis: Axis, beyond_range: bool) -> None:
    """Try the values of an axis on the scenario; of numbers the ends will do."""
    for value in extremes(axis):
        scenario.alter({axis.path: value}, LABEL)
    if not axis.is_numeric:
        return
    for value in axis.values or (axis.low, axis.high):
        if axis.whole and not float(value or 0).is_integer():
            raise _fault(axis.path, f"must be a whole number, not {value:g}")
    parameter = scenario.parameters.get(axis.path)
    documented = parameter.quantity.range if parameter is not None else None
    if documented is None or beyond_range:
        return
    outside = [value for value in extremes(axis) if not documented[0] <= value <= documented[1]]
    if outside:
        raise _fault(
            axis.path,
            f"{outside[0]:g} is outside its documented range, {interval(*documented)} "
            f"({axis.unit}); --beyond-range allows it",
        )


def extremes(axis: Axis) -> list[Any]:
    """Return both ends of an axis of numbers, else all its values."""
    if axis.values is None:
        return [axis.low, axis.high]
    if axis.is_numeric:
        return sorted({min(axis.values), max(axis.values)})
    return list(axis.values)


def is_batched(scenario: Scenario, axis: Axis) -> bool:
    """Whether points that differ on this axis alone can run in one model.

    So it is with every parameter but the length of the run; what changes events, states or the
    cast makes another scenario.
    """
    return axis.is_numeric and axis.path in scenario.parameters and axis.path != "weeks"


def shown(axes: Sequence[Axis]) -> list[str]:
    """Return one line per axis: its path and what it takes."""
    lines = []
    for axis in axes:
        if axis.values is None:
            lines.append(f"{axis.path}: {axis.low:g} to {axis.high:g} ({axis.unit})")
        else:
            values = [f"{v:g}" if is_number(v) else str(v) for v in axis.values]
            told = ", ".join(values if len(values) <= 7 else [*values[:3], "...", values[-1]])
            lines.append(f"{axis.path}: {told}" + (f" ({axis.unit})" if axis.unit else ""))
    return lines
