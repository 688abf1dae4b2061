"""Faults of YAML itself: what the parser found, and the nearest fix."""

import re
from collections.abc import Sequence

import yaml

from sim.scenario.signs import plain, stands_here

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MAX_EVENTS = 20_000
#: So many lines, up to the one at fault, are searched for characters that look like others, and so
#: many characters of one of them are tried one by one.
_LINES, _TRIALS = 8, 8
_NO_FAULT = (2**63, 0)

#: What to do about the faults that people meet most, by words that the parser in C and the one in
#: Python share.
_ADVICE = {
    "mapping values are not allowed": "put a text that holds ': ' in quotes",
    "cannot start any token": (
        "indent with spaces, not tabs, and put a text that starts with a special sign in quotes"
    ),
    "could not find expected ':'": "check indentation and colons above this place",
    "unexpected end of stream": "a quote or bracket is not closed",
    "expected": (
        "check commas, brackets and quotes, and that this line starts in the column of the lines "
        "it belongs to"
    ),
}
#: A field that has its value on its own line; the dash of a list counts as indentation.
_FIELD = re.compile(r"( *(?:- +)?)[A-Za-z0-9_]+: +[^\s#]")
#: A field whose colon touches its value.
_TIGHT = re.compile(r" *(?:- +)?([A-Za-z0-9_]+):([^\s#]+)")


def syntax_fault(error: yaml.MarkedYAMLError, lines: list[str]) -> str:
    """Say what the parser found; ``lines`` end with the one at fault."""
    context = f"{error.context}, " if error.context and error.problem else ""
    problem = error.problem or error.context or "it cannot be read"
    advice = next((text for sign, text in _ADVICE.items() if sign in problem), None)
    if "mapping values are not allowed" in problem:
        advice = _above(lines) or advice
    return f"is not valid YAML: {context}{problem}{f'; {advice}' if advice else ''}"


def misread(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> tuple[int, int, str] | None:
    """Return line, column and message of a character but for which YAML would have gone on.

    lines: the text up to the line at fault, with their ends. Whether a character is the cause is
    tried out: an innocent one in a title changes nothing if it is replaced.
    """
    first = error.context_mark.line if error.context_mark is not None else len(lines)
    reached = _reach(lines)
    for number in sorted({*range(len(lines))[-_LINES:], min(first, len(lines) - 1)} - {-1}):
        odd = [column for column, sign in enumerate(lines[number]) if _is_odd(sign)]
        if odd and _goes_on(lines, number, odd, reached):
            alone = (c for c in odd[:_TRIALS] if _goes_on(lines, number, [c], reached))
            column = next(alone, odd[0])
            return number, column, f"is not valid YAML: {stands_here(lines[number][column])}"
    return None


def _is_odd(sign: str) -> bool:
    return sign not in "\r\n" and plain(sign) is not None


def _goes_on(
    lines: Sequence[str], number: int, columns: Sequence[int], reached: tuple[int, int]
) -> bool:
    """Whether the parser gets further if characters of a line are replaced by what is meant."""
    for invisible in ("", " "):
        signs = list(lines[number])
        for column in columns:
            signs[column] = plain(signs[column]) or invisible
        if _reach([*lines[:number], "".join(signs), *lines[number + 1 :]]) > reached:
            return True
    return False


def _reach(lines: Sequence[str]) -> tuple[int, int]:
    """Return line and column at which the parser stops, or a place beyond all."""
    try:
        for count, _ in enumerate(yaml.parse("".join(lines), Loader=LOADER)):
            if count > MAX_EVENTS:
                break
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        return (at.line, at.column) if at is not None else _NO_FAULT
    return _NO_FAULT


def _above(lines: list[str]) -> str:
    """Say if what is wrong is that a field follows on a line that cannot be followed by one."""
    above, here = ["", "", *[line for line in lines if line.strip()]][-2:]
    tight = _TIGHT.match(above)
    if tight:
        return f"in the line above, write a space after the colon: `{tight[1]}: {tight[2]}`"
    fields = [_FIELD.match(line) for line in (above, here)]
    steps = [len(field[1]) for field in fields if field]
    if len(steps) < 2 or steps[1] <= steps[0]:
        return ""
    return f"this field begins {steps[1]} columns in, the one above it {steps[0]}: align them"
