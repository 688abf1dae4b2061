"""Faults of YAML itself: what the parser found, and the nearest fix."""

import re

import yaml

#: What to do about the faults that people meet most, by the parser's words for them.
_ADVICE = {
    "mapping values are not allowed": "put a text that holds ': ' in quotes",
    "found character that cannot start any token": (
        "indent with spaces, not tabs, and put a text that starts with a special sign in quotes"
    ),
    "did not find expected": (
        "check commas, brackets and quotes, and that this line starts in the column of the lines "
        "it belongs to"
    ),
    "could not find expected ':'": "check indentation and colons above this place",
    "found unexpected end of stream": "a quote or bracket is not closed",
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
