"""Reading quantities: domain, unit, range, source and basis, each fault with its place."""

from typing import Any, TypeVar

from pydantic import ValidationError

from sim.data import CUT_OFF, resolve, suggest
from sim.errors import Problem
from sim.scenario.dates import parse_date
from sim.scenario.faults import Faults
from sim.scenario.quantities import Frozen, Quantity
from sim.scenario.scenario import Parameter
from sim.scenario.schema import Declared, parameters_of
from sim.scenario.tree import find, place
from sim.scenario.wording import did_you_mean, interval, number, shown
from sim.scenario.yaml_reader import Mark, Node

P = TypeVar("P", bound=Frozen)

_ACCOUNT = ("unit", "range", "basis", "source")
_NO_SOURCE = "is no paragraph of the article (P1 to P20), row of the data or key of references.bib"
_LONGEST_SOURCE = 100


class ParameterReader:
    """Reads parts of a scenario, collects their parameters and checks each of them.

    is_resolved: the file was written by the package from files and settings that it had checked,
    so that numbers set from outside the files stand there without an account of their own.
    """

    def __init__(self, tree: Node, faults: Faults, is_resolved: bool = False) -> None:
        self.tree = tree
        self.faults = faults
        self.is_resolved = is_resolved
        self.warnings: list[Problem] = []
        self.found: dict[str, Parameter] = {}

    def read(self, model: type[P], node: Node, path: str) -> P | None:
        """Return a part of the schema with its parameters collected, None if it is at fault."""
        try:
            part = model.model_validate(_typed(node.plain()))
        except ValidationError as error:
            self.faults.unread.add(path)
            self.faults.add_all(self.tree, model, error, path)
            at_fault = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]}
            self._collect_rest(model, node, path, at_fault)
            return None
        self._collect(part, path)
        return part

    def _collect_rest(self, model: type[P], node: Node, path: str, at_fault: set[str]) -> None:
        """Check the sound parameters of a part that is at fault, to report all faults at once."""
        for name, field, declared in parameters_of(model):
            if name in node.mapping and name not in at_fault:
                quantity = Quantity.model_validate(node.mapping[name].plain())
                self.add(f"{path}.{name}", field.description or "", declared, quantity, True)

    def _collect(self, part: Frozen, path: str) -> None:
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
                        self._collect(child, f"{path}.{name}.{key}")

    def add(
        self, path: str, meaning: str, declared: Declared, quantity: Quantity, given: bool
    ) -> None:
        """Add one parameter and check what can be checked on its own."""
        node = find(self.tree, path)
        mark = _place_of_law(node) if node is not None else place(self.tree, path)
        parameter = Parameter(path, meaning, declared, quantity, given, mark)
        self.found[path] = parameter
        if given:
            self._check_value(parameter, quantity)
            self._check_unit_and_range(parameter)
            self._check_sources(parameter)
            self._check_account(parameter)

    def add_argument(
        self, path: str, meaning: str, declared: Declared, node: Node
    ) -> Parameter | None:
        """Read a number that needs no account of its own: an event's argument, the horizon."""
        try:
            quantity = Quantity.model_validate(node.plain())
        except ValidationError as error:
            self.faults.unread.add(path)
            self.faults.add_all(self.tree, Quantity, error, path)
            return None
        parameter = Parameter(path, meaning, declared, quantity, True, _place_of_law(node))
        self.found[path] = parameter
        self._check_value(parameter, quantity)
        self._check_unit_and_range(parameter)
        self._check_sources(parameter)
        return parameter

    def check_references(self) -> None:
        """Check what needs the whole scenario: references from one parameter to another."""
        for parameter in self.found.values():
            target = parameter.quantity.same_as
            if target is None:
                continue
            other = self.found.get(target)
            if other is None:
                if not self.faults.excuse(target):
                    others = self.found.keys() - {parameter.path}
                    hint = did_you_mean(target, sorted(others))
                    self._fault(parameter, f"same_as names no parameter: {shown(target)}{hint}")
            elif other.quantity.same_as is not None:
                message = f"same_as must lead to a number, but '{target}' is a same_as itself"
                self._fault(parameter, message)
            elif other.declared.unit != parameter.declared.unit:
                units = f"'{other.declared.unit}', but this one '{parameter.declared.unit}'"
                self._fault(parameter, f"same_as must keep the unit; '{target}' has {units}")
            elif not any(problem.path == target for problem in self.faults.found):
                self._check_value(parameter, other.quantity)

    def sources(self, node: Node, path: str) -> tuple[str, ...]:
        """Return the sources of a list or a single key, reporting those that do not resolve."""
        items = node.items if isinstance(node.value, list) else [node]
        if not items:
            self.faults.add(node.mark, path, "`source` must not be empty")
        for item in items:
            key = item.value
            if not isinstance(key, str):
                self.faults.add(
                    item.mark, path, f"a source must be text, not {shown(item.plain())}"
                )
            elif resolve(key) is None:
                self.faults.add(item.mark, path, f"source {shown(key)} {_NO_SOURCE}{_near(key)}")
        return tuple(str(item.value) for item in items)

    def _fault(self, parameter: Parameter, message: str, mark: Mark | None = None) -> None:
        self.faults.add(mark or parameter.mark, parameter.path, message)

    def _check_value(self, parameter: Parameter, law: Quantity) -> None:
        declared, quantity = parameter.declared, parameter.quantity
        if law.same_as is not None:
            return
        low, high = law.support()
        values = number(low) if low == high else f"{number(low)} to {number(high)}"
        if low < declared.low or high > declared.high:
            allowed = interval(declared.low, declared.high)
            message = f"{values} is outside {allowed} ({declared.unit}): {parameter.meaning}"
            self._fault(parameter, message)
        elif declared.whole and not _is_whole(law):
            self._fault(parameter, f"must be a whole number, not {values}")
        elif law is quantity and law.range and not law.range[0] <= low <= high <= law.range[1]:
            self._outside_range(parameter, values, law.range)

    def _outside_range(
        self, parameter: Parameter, values: str, documented: tuple[float, float]
    ) -> None:
        """A contradiction in one place is a fault; a file or setting that overrides may stretch."""
        message = f"{values} lies outside its documented range, {interval(*documented)}"
        at, mark = self._mark_of(parameter.path, "range"), parameter.mark
        # Settings have no lines: what came with the same setting has the very same mark.
        together = at is not None and at.file == mark.file and (mark.line > 0 or at is mark)
        if together and not self.is_resolved:
            self._fault(parameter, message)
        else:
            self.warnings.append(parameter.mark.problem(parameter.path, message))

    def _check_unit_and_range(self, parameter: Parameter) -> None:
        declared, quantity = parameter.declared, parameter.quantity
        if quantity.unit is not None and quantity.unit != declared.unit:
            message = f"unit must be '{declared.unit}', not {shown(quantity.unit)}"
            self._fault(parameter, message, self._mark_of(parameter.path, "unit"))
        if quantity.range is not None and not (
            declared.low <= quantity.range[0] and quantity.range[1] <= declared.high
        ):
            message = (
                f"range {interval(*quantity.range)} reaches beyond "
                f"{interval(declared.low, declared.high)} ({declared.unit})"
            )
            self._fault(parameter, message, self._mark_of(parameter.path, "range"))

    def _check_account(self, parameter: Parameter) -> None:
        """No number without unit, source and basis; a number that overrides keeps its parent's."""
        quantity = parameter.quantity
        if not parameter.mark.line or self.is_resolved:
            return
        missing = [name for name in _ACCOUNT if not getattr(quantity, name)]
        if quantity.basis in ("assumed", "illustrative") and not quantity.reason:
            missing.append(f"reason (its basis is {quantity.basis})")
        if missing:
            form = (
                f"{{value: ..., unit: {parameter.declared.unit}, range: [low, high], basis: ..., "
                "source: ..., reason: ...}"
            )
            self._fault(parameter, f"lacks {', '.join(missing)}; a number reads {form}")

    def _check_sources(self, parameter: Parameter) -> None:
        at = self._mark_of(parameter.path, "source")
        for key in parameter.quantity.source:
            source = resolve(key)
            if source is None:
                self._fault(parameter, f"source {shown(key)} {_NO_SOURCE}{_near(key)}", at)
            elif source.validation_only:
                message = (
                    f"source '{key}' reports something after {CUT_OFF}; it may validate a run "
                    "but never justify a value"
                )
                self._fault(parameter, message, at)

    def _mark_of(self, path: str, field: str) -> Mark | None:
        node = find(self.tree, f"{path}.{field}")
        return node.mark if node is not None else None


def _place_of_law(node: Node) -> Mark:
    """Return where a number or distribution is given, which a child file may override alone."""
    fields = node.mapping
    return next((fields[k] for k in ("value", "dist", "same_as") if k in fields), node).place


def _near(key: str) -> str:
    near = suggest(key) if len(key) <= _LONGEST_SOURCE else None
    return f"; did you mean '{near}'?" if near else ""


def _is_whole(quantity: Quantity) -> bool:
    values: Any = quantity.values if quantity.dist == "discrete" else (quantity.value,)
    return all(value is not None and float(value).is_integer() for value in values)


def _typed(data: Any) -> Any:
    """Give the strict schema the one type that YAML has no word for: dates."""
    if isinstance(data, dict) and "positions_on" in data:
        try:
            return {**data, "positions_on": parse_date(data["positions_on"])}
        except ValueError:
            return data
    return data
