"""Conditions over the state of a run, compiled to functions on arrays.

A condition is parsed, never evaluated as Python: comparisons, and / or / not, + - * /, min, max,
abs, numbers and the names of ``variables``. Anything else is refused with its column.
"""

import ast
import operator
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np
import numpy.typing as npt

MAX_LENGTH = 500

Lookup = Callable[[str], npt.NDArray[np.float64]]
_Closure = Callable[[Lookup], Any]

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    # A missing value (no deal, no x) is neither equal nor unequal to anything.
    ast.NotEq: lambda left, right: np.logical_or(left < right, left > right),
}
_CALLS: dict[str, Callable[..., Any]] = {"min": np.minimum, "max": np.maximum, "abs": np.abs}


class ConditionError(ValueError):
    """A condition cannot be read; ``column`` counts characters from 0."""

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition: ``text`` as written, the ``names`` it reads."""

    text: str
    names: tuple[str, ...]
    _evaluate: _Closure = field(repr=False, compare=False)

    def __call__(self, lookup: Lookup) -> npt.NDArray[np.bool_]:
        """Return where it holds, shape (R,); a comparison with a missing value does not hold."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self._evaluate(lookup), dtype=np.bool_)


def compile_condition(text: str, known: list[str]) -> Condition:
    """Compile ``text``; ``known`` are the names it may use. Raises ConditionError."""
    if len(text) > MAX_LENGTH:
        raise ConditionError(f"is longer than {MAX_LENGTH} characters", 0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        column = (getattr(error, "offset", 1) or 1) - 1
        raise ConditionError("cannot be read as a condition", column) from None
    compiler = _Compiler(known)
    try:
        closure, is_truth = compiler.visit(tree.body)
    except RecursionError:
        raise ConditionError("is nested too deeply") from None
    if not is_truth:
        raise ConditionError("must be a comparison such as `talks.failed_rounds >= 2`")
    return Condition(text, tuple(sorted(compiler.names)), closure)


class _Compiler:
    """Turns one whitelisted syntax tree into a closure and says whether it is true-or-false."""

    def __init__(self, known: list[str]) -> None:
        self.known = known
        self.names: set[str] = set()

    def visit(self, node: ast.expr) -> tuple[_Closure, bool]:
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise ConditionError(_ALLOWED, node.col_offset)
        result: tuple[_Closure, bool] = method(node)
        return result

    def _number(self, node: ast.expr) -> _Closure:
        closure, is_truth = self.visit(node)
        if is_truth:
            raise ConditionError("a number is expected here, not true or false", node.col_offset)
        return closure

    def _truth(self, node: ast.expr) -> _Closure:
        closure, is_truth = self.visit(node)
        if not is_truth:
            raise ConditionError("a comparison is expected here", node.col_offset)
        return closure

    def _constant(self, node: ast.Constant) -> tuple[_Closure, bool]:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ConditionError(f"{value!r} is not a number", node.col_offset)
        try:
            number = np.float64(value)
        except OverflowError:
            raise ConditionError("is too large a number", node.col_offset) from None
        if not np.isfinite(number):
            raise ConditionError("is not a finite number", node.col_offset)
        return (lambda lookup: number), False

    def _name(self, node: ast.Name) -> tuple[_Closure, bool]:
        return self._variable(node.id, node)

    def _attribute(self, node: ast.Attribute) -> tuple[_Closure, bool]:
        parts: list[str] = [node.attr]
        inner: ast.expr = node.value
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            raise ConditionError(_ALLOWED, node.col_offset)
        return self._variable(".".join([inner.id, *reversed(parts)]), node)

    def _variable(self, name: str, node: ast.expr) -> tuple[_Closure, bool]:
        if name not in self.known:
            close = get_close_matches(name, self.known, 1)
            hint = f"; did you mean '{close[0]}'?" if close else ""
            raise ConditionError(f"unknown name '{name}'{hint}", node.col_offset)
        self.names.add(name)
        return (lambda lookup: lookup(name)), False

    def _unaryop(self, node: ast.UnaryOp) -> tuple[_Closure, bool]:
        if isinstance(node.op, ast.Not):
            inner = self._truth(node.operand)
            return (lambda lookup: np.logical_not(inner(lookup))), True
        if isinstance(node.op, ast.USub | ast.UAdd):
            sign = -1.0 if isinstance(node.op, ast.USub) else 1.0
            number = self._number(node.operand)
            return (lambda lookup: sign * number(lookup)), False
        raise ConditionError(_ALLOWED, node.col_offset)

    def _binop(self, node: ast.BinOp) -> tuple[_Closure, bool]:
        operation = _BINARY.get(type(node.op))
        if operation is None:
            raise ConditionError(_ALLOWED, node.col_offset)
        left, right = self._number(node.left), self._number(node.right)
        return (lambda lookup: operation(left(lookup), right(lookup))), False

    def _boolop(self, node: ast.BoolOp) -> tuple[_Closure, bool]:
        join = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
        parts = [self._truth(value) for value in node.values]

        def evaluate(lookup: Lookup) -> Any:
            result = parts[0](lookup)
            for part in parts[1:]:
                result = join(result, part(lookup))
            return result

        return evaluate, True

    def _compare(self, node: ast.Compare) -> tuple[_Closure, bool]:
        sides = [self._number(side) for side in (node.left, *node.comparators)]
        tests = [_COMPARE.get(type(op)) for op in node.ops]

        def evaluate(lookup: Lookup) -> Any:
            values = [side(lookup) for side in sides]
            result: Any = True
            for test, left, right in zip(tests, values, values[1:], strict=True):
                result = np.logical_and(result, test(left, right)) if test else result
            return result

        if None in tests:
            raise ConditionError(_ALLOWED, node.col_offset)
        return evaluate, True

    def _call(self, node: ast.Call) -> tuple[_Closure, bool]:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        operation = _CALLS.get(name)
        if operation is None or node.keywords:
            raise ConditionError(_ALLOWED, node.col_offset)
        arguments = [self._number(argument) for argument in node.args]
        wanted = 1 if name == "abs" else 2
        if (wanted == 1) != (len(arguments) == 1) or len(arguments) < wanted:
            raise ConditionError(f"{name} takes {'one' if wanted == 1 else 'two or more'} numbers")

        def evaluate(lookup: Lookup) -> Any:
            values = [argument(lookup) for argument in arguments]
            result = operation(*values[:wanted])
            for value in values[wanted:]:
                result = operation(result, value)
            return result

        return evaluate, False


_ALLOWED = (
    "only comparisons, and / or / not, + - * /, min, max, abs, numbers and variable names "
    "are allowed in a condition"
)
