"""Claims that a scenario makes about its own outcome distribution: parsed and stored.

``share(military_defection, by: 2019-12-31) < 0.06``, ``median(zone, at: 26) between 0 and 0.2``,
``change(recognition.count, by: 33) >= -3``.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sim.outcomes import OUTCOMES
from sim.scenario.conditions import ConditionError, compile_condition

#: What ``share`` knows besides the eight outcomes and conditions.
GROUPS = ("agreement", "signed", "out_of_office", "deal_standing")

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_CLAIM = re.compile(
    rf"\s*(?P<measure>share|mean|median|change)\s*\((?P<inside>.*)\)\s*"
    rf"(?:(?P<test><=|>=|<|>)\s*(?P<bound>{_NUMBER})"
    rf"|between\s+(?P<low>{_NUMBER})\s+and\s+(?P<high>{_NUMBER}))\s*"
)
_WHEN = re.compile(r"(?P<subject>.*),\s*(?P<word>by|at)\s*:\s*(?P<when>[-\w]+)\s*")
_WORD = {"share": "by", "change": "by", "mean": "at", "median": "at"}


class ClaimError(ValueError):
    """A claim cannot be read."""


class OutsideRun(ClaimError):
    """A claim speaks of a week that the run does not reach."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: a measure of a subject by a week, and the interval it must fall into.

    week: 1..T, the last week that counts; None for the horizon. low, high: bounds of the claim,
    infinite where it is one-sided.
    """

    text: str
    source: tuple[str, ...]
    measure: Literal["share", "mean", "median", "change"]
    subject: str
    is_condition: bool
    week: int | None
    low: float
    high: float


def parse(text: str, source: tuple[str, ...], start: date, weeks: int, known: list[str]) -> Claim:
    """Parse one claim. Raises ClaimError with what is allowed."""
    match = _CLAIM.fullmatch(text)
    if match is None:
        raise ClaimError(
            "must read like `share(agreement, by: 2019-12-31) < 0.1`, with share, mean, median "
            "or change, compared by <, <=, >, >= or `between a and b`"
        )
    subject, week = _when(match["inside"], match["measure"], start, weeks)
    is_condition = _check_subject(match["measure"], subject, known)
    low, high = float("-inf"), float("inf")
    if match["low"]:
        low, high = float(match["low"]), float(match["high"])
        if low > high:
            raise ClaimError("the bounds of `between` must rise")
    elif match["test"].startswith("<"):
        high = float(match["bound"])
    else:
        low = float(match["bound"])
    measure: Literal["share", "mean", "median", "change"] = match["measure"]  # type: ignore[assignment]
    return Claim(text, source, measure, subject, is_condition, week, low, high)


def _when(inside: str, measure: str, start: date, weeks: int) -> tuple[str, int | None]:
    match = _WHEN.fullmatch(inside)
    if match is None:
        return inside.strip(), None
    if match["word"] != _WORD[measure]:
        raise ClaimError(f"{measure} takes `{_WORD[measure]}:`, not `{match['word']}:`")
    when = match["when"]
    if when.isdigit():
        week = int(when)
    else:
        try:
            week = (date.fromisoformat(when) - start).days // 7 + 1
        except ValueError:
            raise ClaimError(f"'{when}' is neither a week nor a date like 2019-12-31") from None
    if not 1 <= week <= weeks:
        raise OutsideRun(f"'{when}' lies outside the run (weeks 1 to {weeks})")
    return match["subject"].strip(), week


def _check_subject(measure: str, subject: str, known: list[str]) -> bool:
    """Return whether the subject is a condition; raise ClaimError if it is nothing known."""
    if measure != "share":
        if subject not in known:
            raise ClaimError(f"unknown variable '{subject}'")
        return False
    if subject in OUTCOMES or subject in GROUPS:
        return False
    if re.fullmatch(r"\w+", subject):
        names = ", ".join((*OUTCOMES, *GROUPS))
        raise ClaimError(f"unknown outcome '{subject}'; known are {names}, or a condition")
    try:
        compile_condition(subject, known)
    except ConditionError as error:
        raise ClaimError(str(error)) from None
    return True
