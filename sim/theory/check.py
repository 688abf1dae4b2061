"""What a check is, and the table of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from sim.errors import UsageError

Numbers = Sequence[float]
#: A check's function returns what is published and what is computed, number by number.
Compute = Callable[[], tuple[Numbers, Numbers]]

CHECKS: dict[str, Check] = {}


@dataclass(frozen=True, slots=True)
class Check:
    """A published result: statement, tolerance on the largest difference, citation."""

    id: str
    statement: str
    tolerance: float
    citation: str
    compute: Compute

    def judge(self) -> Verdict:
        """Compute and compare."""
        published, computed = (np.asarray(side, dtype=np.float64) for side in self.compute())
        difference = float(np.max(np.abs(published - computed)))
        return Verdict(
            self.id,
            self.statement,
            [float(value) for value in published],
            [float(value) for value in computed],
            difference,
            self.tolerance,
            bool(difference <= self.tolerance),
            self.citation,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """A check's result. difference: the largest over its numbers. ok: within tolerance."""

    id: str
    statement: str
    published: list[float]
    computed: list[float]
    difference: float
    tolerance: float
    ok: bool
    citation: str


def check(
    name: str, statement: str, tolerance: float, citation: str
) -> Callable[[Compute], Compute]:
    """Enter a function into the table of checks."""

    def enter(compute: Compute) -> Compute:
        CHECKS[name] = Check(name, statement, tolerance, citation, compute)
        return compute

    return enter


def run(ids: Iterable[str] = ()) -> list[Verdict]:
    """Judge the checks of those ids, all if none is given. Raises UsageError."""
    wanted: list[Any] = [name.upper() for name in ids] or sorted(CHECKS)
    for name in wanted:
        if name not in CHECKS:
            close = get_close_matches(name, CHECKS, 1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise UsageError(
                f"unknown check '{name}'{hint} Known are {min(CHECKS)} to {max(CHECKS)}."
            )
    return [CHECKS[name].judge() for name in wanted]
