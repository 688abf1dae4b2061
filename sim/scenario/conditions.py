"""Conditions over the state of a run, compiled to functions on arrays.

A condition is parsed, never evaluated as Python: comparisons, and / or / not, + - * /, min, max,
abs, numbers and the names of ``variables``. Anything else is refused with its column.
"""

import ast
import operator
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.scenario.wording import did_you_mean, shown

MAX_LENGTH = 500
#: Far below the interpreter's own limit, so that a condition that loads here loads everywhere.
MAX_DEPTH = 50

Lookup = Callable[[str], npt.NDArray[np.floating[Any]]]
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
        """Return where it holds, in the shape of what ``lookup`` gives, or () if it reads nothing.

        A comparison with a missing value does not hold, so that its ``not`` does.
        """
        with np.errstate(all="ignore"):
            return np.asarray(self._evaluate(lookup), dtype=np.bool_)


def compile_condition(text: str, known: list[str]) -> Condition:
    """Compile ``text``; ``known`` are the names it may use. Raises ConditionError."""
    if len(text) > MAX_LENGTH:
        raise ConditionError(f"is longer than {MAX_LENGTH} characters", 0)
    source = text.lstrip()
    skipped = len(text) - len(source)
    if not source:
        raise ConditionError(f"is empty; {_MUST_COMPARE}")
    try:
        tree = _parse(source)
        compiler = _Compiler(source, known)
        closure, is_truth = compiler.visit(tree.body)
    except ConditionError as error:
        raise ConditionError(str(error), error.column + skipped) from None
    if not is_truth:
        raise ConditionError(_MUST_COMPARE, skipped)
    return Condition(text, tuple(sorted(compiler.names)), closure)


def _parse(source: str) -> ast.Expression:
    # A text over several lines is one condition; line breaks count as the spaces that they are.
    line = re.sub(r"[\r\n\f]", " ", source)
    if "#" in line:
        raise ConditionError("a condition has no room for remarks", line.index("#"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(line, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        # No offset: the text ends too early.
        column = (getattr(error, "offset", None) or len(line.rstrip()) + 1) - 1
        hint = "; equality is ==" if _LONE_EQUALS.search(line) else ""
        raise ConditionError(f"cannot be read as a condition{hint}; {_ALLOWED}", column) from None


class _Compiler:
    """Turns one whitelisted syntax tree into a closure and says whether it is true-or-false."""

    def __init__(self, source: str, known: list[str]) -> None:
        self.source = source
        self.known = known
        self.names: set[str] = set()
        self.depth = 0

    def error(self, message: str, node: ast.expr) -> ConditionError:
        # The parser counts bytes of UTF-8.
        before = self.source.encode()[: node.col_offset]
        return ConditionError(message, len(before.decode(errors="replace")))

    def visit(self, node: ast.expr) -> tuple[_Closure, bool]:
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise self.error(_ALLOWED, node)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"is nested deeper than {MAX_DEPTH} levels", node)
        result: tuple[_Closure, bool] = method(node)
        self.depth -= 1
        return result

    def _number(self, node: ast.expr) -> _Closure:
        closure, is_truth = self.visit(node)
        if is_truth:
            raise self.error("a number is expected here, not true or false", node)
        return closure

    def _truth(self, node: ast.expr) -> _Closure:
        closure, is_truth = self.visit(node)
        if not is_truth:
            raise self.error("a comparison is expected here", node)
        return closure

    def _constant(self, node: ast.Constant) -> tuple[_Closure, bool]:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(f"{shown(value)} is not a number", node)
        try:
            number = np.float64(value)
        except OverflowError:
            raise self.error("is too large a number", node) from None
        if not np.isfinite(number):
            raise self.error("is not a finite number", node)
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
            raise self.error(_ALLOWED, node)
        return self._variable(".".join([inner.id, *reversed(parts)]), node)

    def _variable(self, name: str, node: ast.expr) -> tuple[_Closure, bool]:
        if name not in self.known:
            hint = did_you_mean(name, self.known)
            raise self.error(f"unknown name '{name}'{hint}", node)
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
        raise self.error(_ALLOWED, node)

    def _binop(self, node: ast.BinOp) -> tuple[_Closure, bool]:
        operation = _BINARY.get(type(node.op))
        if operation is None:
            raise self.error(_ALLOWED, node)
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
            for test, left, right in zip(tests, values[:-1], values[1:], strict=True):
                result = np.logical_and(result, test(left, right)) if test else result
            return result

        if None in tests:
            raise self.error(_ALLOWED, node)
        return evaluate, True

    def _call(self, node: ast.Call) -> tuple[_Closure, bool]:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        operation = _CALLS.get(name)
        if operation is None:
            raise self.error("only min, max and abs can be called in a condition", node)
        if node.keywords:
            raise self.error(f"{name} takes numbers, without names", node)
        arguments = [self._number(argument) for argument in node.args]
        wanted = 1 if name == "abs" else 2
        if (wanted == 1) != (len(arguments) == 1) or len(arguments) < wanted:
            takes = "one number" if wanted == 1 else "two or more numbers"
            raise self.error(f"{name} takes {takes}", node)

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
_MUST_COMPARE = "a condition is a comparison such as `talks.failed_rounds >= 2`"
_LONE_EQUALS = re.compile(r"(?<![<>=!:])=(?!=)")
