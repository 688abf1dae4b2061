"""What the public functions take: one check of each kind, and one sentence where it fails.

Numbers come from notebooks as numpy's own. They leave here as Python's, so that nothing that is
stored, hashed or sent to a worker depends on where a number came from.
"""

from __future__ import annotations

import errno
import operator
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from sim.errors import UsageError

MAX_REPLICATES = 100_000_000
#: The generators take keys of 128 bits.
MAX_SEED = 2**128 - 1
#: Replicates have indices below this; those of their twins lie beyond (see ``sim.draws``).
MAX_INDEX = 10**12

#: What names a file or folder.
AnyPath = str | os.PathLike[str]

#: Longer values are shown by their beginning, integers by their size: Python does not write all.
_LONGEST = 60


def refusal(name: str, allowed: str, value: Any) -> UsageError:
    """Return the one message for an argument that is not what it must be."""
    return UsageError(f"{name} must be {allowed}, not {_came(value)}")


def whole(name: str, value: Any, least: int = 0, most: int | None = None) -> int:
    """Return a whole number from ``least`` to ``most``. Raises UsageError."""
    found = _integer(value)
    if found is None or found < least or (most is not None and found > most):
        span = f"{least} or more" if most is None else f"{least} to {_figure(most)}"
        raise refusal(name, f"a whole number, {span}", value)
    return found


def replicates(value: Any) -> int:
    """Return a number of replicates. Raises UsageError."""
    return whole("replicates", value, 1, MAX_REPLICATES)


def seed(value: Any) -> int:
    """Return a seed. Raises UsageError."""
    return whole("seed", value, 0, MAX_SEED)


def hands(workers: Any, scheduler: Any, progress: Any) -> int:
    """Return a number of workers, what stands beside it in a call checked. Raises UsageError."""
    if scheduler is not None:
        text("scheduler", scheduler, "an address such as tcp://10.0.0.1:8786")
    if progress is not None and not callable(progress):
        raise refusal("progress", "a function of replicates done and in all", progress)
    return whole("workers", workers, 1)


def flag(name: str, value: Any) -> bool:
    """Return a switch: true or false and nothing that merely counts as it. Raises UsageError."""
    found = plain(value)
    if not isinstance(found, bool):
        raise refusal(name, "True or False", value)
    return found


def fraction(name: str, value: Any) -> float:
    """Return a number from 0 to 1. Raises UsageError."""
    found = plain(value)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= 1:
        raise refusal(name, "a number from 0 to 1", value)
    return float(found)


def fractions(name: str, value: Any) -> tuple[float, ...]:
    """Return numbers from 0 to 1. Raises UsageError."""
    found = plain(value)
    if not isinstance(found, list | tuple):
        raise refusal(name, "numbers from 0 to 1, such as (0.05, 0.5, 0.95)", value)
    return tuple(fraction(f"each of {name}", one) for one in found)


def one_of(name: str, value: Any, allowed: Collection[str]) -> str:
    """Return one of the words that are allowed. Raises UsageError with the nearest."""
    if not isinstance(value, str) or value not in allowed:
        from sim.scenario.wording import known  # Scenarios import this module.

        hint = known(value if isinstance(value, str) else "", allowed, "it must be one of")
        raise UsageError(f"{name} cannot be {_came(value)}{hint}")
    return value


def text(name: str, value: Any, allowed: str = "text") -> str:
    """Return a text that a file can hold. Raises UsageError. allowed: what it is, in words."""
    if not isinstance(value, str) or not _is_encodable(value):
        raise refusal(name, allowed, value)
    return value


def path(name: str, value: Any) -> Path:
    """Return the path of a file or folder, there or not. Raises UsageError."""
    if not isinstance(value, str | os.PathLike):
        raise refusal(name, "a path", value)
    found = os.fsdecode(value)
    if not _can_be_named(found):
        raise refusal(name, "a path that a file can have", found)
    return Path(found)


def plain(value: Any) -> Any:
    """Return numbers and arrays of numpy as Python's own, anything else as it is."""
    return value.tolist() if hasattr(value, "tolist") and not isinstance(value, type) else value


def _integer(value: Any) -> int | None:
    """Return what counts as an integer, and not as a truth value, as one."""
    found = plain(value)
    try:
        return None if isinstance(found, bool) else operator.index(found)
    except TypeError:
        return None


def _can_be_named(found: str) -> bool:
    """Whether a path has no NUL, no half characters, and no part that is too long."""
    try:
        os.stat(found)
    except OSError as error:
        return error.errno != errno.ENAMETOOLONG
    except ValueError:
        return False
    return True


def _is_encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _figure(number: int) -> str:
    """Return a limit in figures, or as the power of two that it ends below."""
    return f"{number:,}" if number < 10**15 else f"2**{number.bit_length()} - 1"


def _came(value: Any) -> str:
    """Return what came in place of an argument, in Python's words and never long."""
    found = plain(value)
    if isinstance(found, int) and abs(found) >= 10**_LONGEST:
        return f"an integer of {found.bit_length():,} bits"
    if found is None or isinstance(found, bool | int | float | str):
        told = repr(found)
        return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}..."
    return f"a {type(value).__name__}"
