"""Which replicates end differently in an alternative on the same luck, and what sets them apart.

A replicate's two runs share every draw, so what differs between their columns follows from the
change alone. The reason named is the first of these that differs: a deal is signed in one run and
not in the other, it is kept in one and reneged on in the other, it has another price, an uprising
succeeds in one alone, the challenge has faded at the end of one alone, uprisings are more or fewer,
failed rounds are more or fewer. It says what happened on the way, and no more than the columns of
outcomes can tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.analysis.paired import check_pairing
from sim.outcomes import ATTRITION, MILITARY_DEFECTION, OUTCOMES
from sim.results import Ensemble

Mask = npt.NDArray[np.bool_]

REASONS = (
    "a deal is signed that was not",
    "no deal is signed where one was",
    "the deal is reneged on where it was kept",
    "the deal is kept where it was reneged on",
    "the deal costs the government more",
    "the deal costs the government less",
    "an uprising succeeds where none did",
    "no uprising succeeds where one did",
    "the challenge has faded at the end where it had not",
    "the challenge has not faded at the end where it had",
    "more uprisings are attempted",
    "fewer uprisings are attempted",
    "more rounds fail",
    "fewer rounds fail",
    "the end falls differently, with the same deals, uprisings and rounds",
)


@dataclass(frozen=True, slots=True)
class Move:
    """One replicate that ends differently. week: of the outcome, from 1."""

    replicate: int
    before: str
    after: str
    week_before: int
    week_after: int
    reason: str


@dataclass(frozen=True, slots=True)
class Kind:
    """All replicates that move from one outcome to another, and why, most frequent reason first.

    reasons: reason and count. examples: the first few of the moves.
    """

    before: str
    after: str
    count: int
    reasons: tuple[tuple[str, int], ...]
    examples: tuple[Move, ...]


def reasons(base: Ensemble, other: Ensemble) -> npt.NDArray[np.int64]:
    """Return the index into ``REASONS`` of what sets each replicate apart, shape (R,)."""
    both = base.signed & other.signed
    price = np.nan_to_num(other.table["settlement"]) - np.nan_to_num(base.table["settlement"])
    uprisings = other.table["attempts"] - base.table["attempts"]
    rounds = other.table["failed_rounds"] - base.table["failed_rounds"]
    falls, fell = (run.outcome == MILITARY_DEFECTION for run in (other, base))
    fades, faded = (run.table["sublabel"] == ATTRITION for run in (other, base))
    tests: tuple[Mask, ...] = (
        other.signed & ~base.signed,
        base.signed & ~other.signed,
        both & other.reneged & ~base.reneged,
        both & base.reneged & ~other.reneged,
        both & (price > 0),
        both & (price < 0),
        falls & ~fell,
        fell & ~falls,
        fades & ~faded,
        faded & ~fades,
        uprisings > 0,
        uprisings < 0,
        rounds > 0,
        rounds < 0,
    )
    return np.select(tests, range(len(tests)), default=len(tests)).astype(np.int64)


def moves(base: Ensemble, other: Ensemble) -> Iterator[Move]:
    """Yield every replicate that ends differently, in order of replicate."""
    check_pairing(base, other)
    why = reasons(base, other)
    for row in np.flatnonzero(base.outcome != other.outcome):
        yield Move(
            int(base.table["replicate"][row]),
            OUTCOMES[base.outcome[row]],
            OUTCOMES[other.outcome[row]],
            int(base.table["week"][row]),
            int(other.table["week"][row]),
            REASONS[why[row]],
        )


def kinds(base: Ensemble, other: Ensemble, examples: int = 3) -> list[Kind]:
    """Return the moves by pair of outcomes, most frequent first. examples: how many of each."""
    found: dict[tuple[str, str], list[Move]] = {}
    for move in moves(base, other):
        found.setdefault((move.before, move.after), []).append(move)
    result = []
    for (before, after), members in found.items():
        named = [member.reason for member in members]
        counted = sorted({(-named.count(r), REASONS.index(r)) for r in named})
        told = tuple((REASONS[index], -count) for count, index in counted)
        result.append(Kind(before, after, len(members), told, tuple(members[:examples])))
    return sorted(result, key=lambda kind: (-kind.count, kind.before, kind.after))
