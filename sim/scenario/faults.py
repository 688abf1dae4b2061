"""Faults of a scenario: collected, not raised one by one, and each in plain words."""

from typing import Any, get_args

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError
from sim.scenario.quantities import Frozen, Quantity
from sim.scenario.schema import declared
from sim.scenario.schema.base import PATTERNS
from sim.scenario.tree import place
from sim.scenario.wording import did_you_mean, known, nearest, number, shown
from sim.scenario.yaml_reader import Mark, Node

#: Whoever finds this many at once has another problem; the rest would only scroll by.
MOST = 50


class Faults:
    """What is wrong with a scenario so far, and what could not be read because of it."""

    def __init__(self) -> None:
        self.found: set[Problem] = set()
        self.unread: set[str] = set()

    def add(self, mark: Mark, path: str, message: str) -> None:
        """Add one fault. Raises ScenarioError if there are too many to go on."""
        self.found.add(mark.problem(path, message))
        if len(self.found) >= MOST:
            text = f"has {MOST} faults or more; here are the first"
            raise ScenarioError([Mark(mark.file).problem("", text), *self.found])

    def excuse(self, path: str) -> bool:
        """Whether what stands at ``path`` is missing only because its part is at fault itself."""
        return any(path == part or path.startswith(f"{part}.") for part in self.unread)

    def raise_if_any(self) -> None:
        """Raise ScenarioError with all faults, if there are any."""
        if self.found:
            raise ScenarioError(self.found)

    def add_all(self, tree: Node, model: type[Frozen], error: ValidationError, path: str) -> None:
        """Add the faults that the schema found in the part of the tree at ``path``."""
        faults = error.errors(include_url=False)[:MOST]
        misspelt = {_meant(model, fault["loc"]) for fault in faults if fault["type"] == _EXTRA}
        for fault in faults:
            if fault["type"] == "missing" and fault["loc"] in misspelt:
                continue
            # An item of a list is named by its list: the numbers of a range have no names.
            steps = [str(step) for step in fault["loc"] if not isinstance(step, int)]
            part = _model_at(model, steps[:-1])
            message = in_words(dict(fault), part)
            at = place(tree, ".".join([path, *steps]))
            # An unknown field is a fault of its part, and a value that of the whole quantity.
            is_value = part is Quantity and steps[-1:] == ["value"]
            is_whole = is_value or fault["type"] == _EXTRA
            self.add(at, ".".join([path, *(steps[:-1] if is_whole else steps)]), message)


def _model_at(model: type[Frozen], steps: list[str]) -> type[Frozen]:
    """Return the part of the schema that stands at ``steps`` below ``model``."""
    for step in steps:
        field = model.model_fields.get(step)
        if field is None:
            continue
        for candidate in (field.annotation, *get_args(field.annotation)):
            if isinstance(candidate, type) and issubclass(candidate, Frozen):
                model = candidate
    return model


def _meant(model: type[Frozen], place: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Return the place of the field that the author of an unknown one had in mind, if any."""
    part = _model_at(model, [str(step) for step in place[:-1]])
    near = nearest(str(place[-1]), part.model_fields)
    return (*place[:-1], near) if near else ()


_EXTRA = "extra_forbidden"
_TYPES = {
    "float_type": "a number",
    "int_type": "a number",
    "bool_type": "true or false",
    "date_type": "a date like 2019-05-17",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "tuple_type": "a list",
}
_BOUNDS = {
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("at most", "le"),
}


def in_words(fault: dict[str, Any], model: type[Frozen]) -> str:
    """Return one fault that pydantic found in ``model`` in plain words."""
    kind, value, context = fault["type"], fault.get("input"), fault.get("ctx", {})
    names = [step for step in fault["loc"] if isinstance(step, str)]
    name = names[-1] if names else ""
    if kind == _EXTRA:
        return f"unknown field {shown(name)}{known(name, model.model_fields)}"
    if name == "range" and kind in ("missing", "too_long", "tuple_type"):
        return "must be two numbers that rise: [low, high]"
    if kind == "missing":
        return _missing(name, model)
    if kind == "finite_number":
        return f"must be a finite number, not {shown(value)}"
    if kind in _TYPES:
        return f"must be {_TYPES[kind]}, not {shown(value)}"
    if kind == "string_type":
        quotes = "; put it in quotes" if isinstance(value, int | float) else ""
        return f"must be text, not {shown(value)}{quotes}"
    if kind == "literal_error":
        choices = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        return f"must be {context['expected']}, not {shown(value)}{_near(value, choices)}"
    if kind == "string_pattern_mismatch":
        return f"must be {PATTERNS[context['pattern']]}, not {shown(value)}"
    if kind in _BOUNDS:
        word, key = _BOUNDS[kind]
        return f"must be {word} {number(context[key])}, not {shown(value)}"
    if kind == "string_too_short" or (kind == "too_short" and context["actual_length"] == 0):
        return "must not be empty"
    if kind in ("string_too_long", "too_long"):
        what = "characters" if kind == "string_too_long" else "items"
        return f"must have at most {context['max_length']} {what}"
    message: str = fault["msg"]
    return message.removeprefix("Value error, ")


def _near(value: Any, choices: list[str]) -> str:
    return did_you_mean(value, choices) if isinstance(value, str) else ""


def _missing(name: str, model: type[Frozen]) -> str:
    field = model.model_fields.get(name)
    about = declared(field) if field is not None else None
    unit = f" ({about.unit})" if about is not None else ""
    meaning = f": {field.description}" if field is not None and field.description else ""
    return f"is missing{unit}{meaning}"
