"""Reading quantities: domain, unit, range, source and basis, each fault with its place."""

from typing import Any

from sim.data import CUT_OFF, resolve, suggest
from sim.errors import Problem
from sim.scenario.quantities import Frozen, Quantity
from sim.scenario.scenario import Parameter
from sim.scenario.schema import Declared, parameters_of
from sim.scenario.tree import did_you_mean, find, place
from sim.scenario.yaml_reader import Mark, Node


class ParameterReader:
    """Collects the parameters of a scenario and checks each of them."""

    def __init__(self, tree: Node, problems: list[Problem]) -> None:
        self.tree = tree
        self.problems = problems
        self.warnings: list[Problem] = []
        self.found: dict[str, Parameter] = {}

    def collect(self, part: Frozen, path: str) -> None:
        """Add every parameter of a part of the schema, its nested parts included."""
        for name, field, declared in parameters_of(type(part)):
            given = name in part.model_fields_set
            self.add(
                f"{path}.{name}", field.description or "", declared, getattr(part, name), given
            )
        for name in type(part).model_fields:
            value = getattr(part, name)
            if isinstance(value, dict):
                for key, child in value.items():
                    if isinstance(child, Frozen):
                        self.collect(child, f"{path}.{name}.{key}")

    def add(
        self, path: str, meaning: str, declared: Declared, quantity: Quantity, given: bool
    ) -> Parameter:
        """Add one parameter and check what can be checked on its own."""
        node = find(self.tree, path)
        value = node
        if node is not None:
            inner = [node.mapping[key] for key in ("value", "dist", "same_as") if key in node.mapping]
            value = inner[0] if inner else node
        mark = value.place if value is not None else place(self.tree, path)
        parameter = Parameter(path, meaning, declared, quantity, given, mark)
        self.found[path] = parameter
        if given:
            self._check_value(parameter)
            self._check_account(parameter)
        return parameter

    def add_argument(
        self, path: str, meaning: str, declared: Declared, quantity: Quantity, node: Node
    ) -> Parameter:
        """Add a number that needs no account of its own: an event's argument, the horizon."""
        parameter = Parameter(path, meaning, declared, quantity, True, node.place)
        self.found[path] = parameter
        self._check_value(parameter)
        return parameter

    def check_references(self) -> None:
        """Check what needs the whole scenario: references from one parameter to another."""
        for parameter in self.found.values():
            target = parameter.quantity.same_as
            if target is None:
                continue
            other = self.found.get(target)
            if other is None:
                hint = did_you_mean(target, self.found)
                self._problem(parameter, f"same_as names an unknown parameter '{target}'{hint}")
            elif other.quantity.same_as is not None:
                self._problem(parameter, f"same_as must name a number, but '{target}' is none")

    def sources(self, node: Node, path: str) -> tuple[str, ...]:
        """Return the sources of a list or a single key, reporting those that do not resolve."""
        items = node.items or [node]
        for item in items:
            if resolve(str(item.value)) is None:
                hint = suggest(str(item.value))
                near = f"; did you mean '{hint}'?" if hint else ""
                message = f"source '{item.value}' is no paragraph, row or reference{near}"
                self.problems.append(item.mark.problem(path, message))
        return tuple(str(item.value) for item in items)

    def _problem(self, parameter: Parameter, message: str, mark: Mark | None = None) -> None:
        self.problems.append((mark or parameter.mark).problem(parameter.path, message))

    def _check_value(self, parameter: Parameter) -> None:
        declared, quantity = parameter.declared, parameter.quantity
        if quantity.same_as is not None:
            return
        low, high = quantity.support()
        if low < declared.low or high > declared.high:
            shown = f"{low:g}" if low == high else f"{low:g} to {high:g}"
            allowed = _interval(declared.low, declared.high)
            self._problem(
                parameter, f"{shown} is outside {allowed} ({declared.unit}): {parameter.meaning}"
            )
        if declared.whole and not _is_whole(quantity):
            self._problem(parameter, "must be a whole number")
        if quantity.range is not None and (low < quantity.range[0] or high > quantity.range[1]):
            message = f"{low:g} to {high:g}" if low != high else f"{low:g}"
            documented = _interval(*quantity.range)
            at = self._mark_of(parameter.path, "range")
            text = f"{message} lies outside its documented range, {documented}"
            if at is not None and at.file == parameter.mark.file:
                self._problem(parameter, text)
            else:
                self.warnings.append(parameter.mark.problem(parameter.path, text))

    def _check_account(self, parameter: Parameter) -> None:
        """No number without unit, source and basis; a number that overrides keeps its parent's."""
        declared, quantity = parameter.declared, parameter.quantity
        if quantity.unit is not None and quantity.unit != declared.unit:
            at = self._mark_of(parameter.path, "unit")
            self._problem(parameter, f"unit must be '{declared.unit}', not '{quantity.unit}'", at)
        if not parameter.mark.line:
            return
        missing = [
            name for name in ("unit", "basis", "source", "range") if not getattr(quantity, name)
        ]
        if quantity.basis in ("assumed", "illustrative") and not quantity.reason:
            missing.append(f"reason (its basis is {quantity.basis})")
        if missing:
            self._problem(
                parameter,
                f"lacks {', '.join(missing)}; write {{value: ..., unit: {declared.unit}, "
                "range: [low, high], basis: ..., source: ...}",
            )
        self._check_sources(parameter)

    def _check_sources(self, parameter: Parameter) -> None:
        at = self._mark_of(parameter.path, "source")
        for key in parameter.quantity.source:
            source = resolve(key)
            if source is None:
                hint = suggest(key)
                near = f"; did you mean '{hint}'?" if hint else ""
                message = f"source '{key}' is no paragraph, row or reference{near}"
                self._problem(parameter, message, at)
            elif source.validation_only:
                self._problem(
                    parameter,
                    f"source '{key}' reports something after {CUT_OFF}; it may validate a run "
                    "but never justify a value",
                    at,
                )

    def _mark_of(self, path: str, field: str) -> Mark | None:
        node = find(self.tree, f"{path}.{field}")
        return node.mark if node is not None else None


def _is_whole(quantity: Quantity) -> bool:
    values: Any = quantity.values if quantity.dist == "discrete" else (quantity.value,)
    return all(value is not None and float(value).is_integer() for value in values)


def _interval(low: float, high: float) -> str:
    if high >= 1e9:
        return "any number" if low <= -1e9 else f"{low:g} or more"
    return f"{low:g} to {high:g}"
