"""The few exceptions a user can meet; each carries everything its one message needs."""

from collections.abc import Iterable
from dataclasses import dataclass


def printable(text: str) -> str:
    """Return a text with all that cannot be seen or stored escaped: one line, safe anywhere."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


class ParleyError(Exception):
    """Base of every error this package raises on purpose. ``exit_code`` is the command's.

    Each argument is a line of the message.
    """

    exit_code = 1

    def __str__(self) -> str:
        """Return the message; the names that it quotes steer no terminal and fail on none."""
        return "\n".join(printable(str(line)) for line in self.args)


class UsageError(ParleyError):
    """A command or function was called with arguments that make no sense (exit code 2)."""

    exit_code = 2


class RunError(ParleyError):
    """A run started and could not be finished or stored (exit code 1)."""


class Stranded(RunError):
    """Nothing is left to compute with, in the middle of a run (exit code 1)."""


class InPart(RunError):
    """A sweep is finished in part and can be gone on with (exit code 4)."""

    exit_code = 4


class Interrupted(ParleyError):
    """The user stopped the work (exit code 130); the message says what is left of it."""

    exit_code = 130


def install_line(extra: str) -> str:
    """Return the line to type for what only some commands need."""
    return f"pip install 'parley-sim[{extra}]', in a checkout pip install '.[{extra}]'"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a scenario: where it stands, what is wrong, what is allowed.

    file: file name as the user gave it, or the option that carried the value (``--set``).
    line, column: counted from 1; 0 where there is no text to point at.
    path: dotted path inside the scenario, empty for the whole file.
    """

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        parts = (place, self.path, self.message) if self.path else (place, self.message)
        return printable(": ".join(parts))


class ScenarioError(ParleyError):
    """A scenario is invalid (exit code 3); ``problems`` lists every fault that was found."""

    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(*self.problems)

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[tuple[Problem, ...]]]:
        """Survive the way back from a worker process."""
        return type(self), (self.problems,)
