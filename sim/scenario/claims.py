"""Claims that a scenario makes about its own outcome distribution, parsed.

``share(military_defection, by: 2019-12-31) < 0.06``, ``median(zone, at: 26) between 0 and 0.2``,
``change(recognition.count, by: 33) >= -3``.
"""

import math
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from sim.outcomes import OUTCOMES
from sim.scenario.conditions import Condition, ConditionError, compile_condition
from sim.scenario.dates import parse_date, week_of
from sim.scenario.wording import did_you_mean, known, shown

#: What ``share`` knows besides the eight outcomes and conditions.
GROUPS = ("agreement", "signed", "out_of_office", "deal_standing")
#: The one group that an outcome at the end does not tell: a deal may be broken later.
DEAL_STANDING = "deal_standing"

MAX_LENGTH = 1000

#: A variable and a week, at whose end it is read.
Moment = tuple[str, int]
Measure = Literal["share", "mean", "median", "change"]

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_CLAIM = re.compile(
    rf"\s*(?P<measure>share|mean|median|change)\s*\((?P<inside>.*)\)\s*"
    rf"(?:(?P<test><=|>=|<|>)\s*(?P<bound>{_NUMBER})"
    rf"|between\s+(?P<low>{_NUMBER})\s+and\s+(?P<high>{_NUMBER}))\s*",
    re.ASCII | re.DOTALL,
)
_WHEN = re.compile(
    r"(?P<subject>.*),\s*(?P<word>by|at)\s*:\s*(?P<when>\S+)\s*", re.ASCII | re.DOTALL
)
_WEEK = re.compile(r"\d{1,4}", re.ASCII)
_WORD = {"share": "by", "change": "by", "mean": "at", "median": "at"}


class ClaimError(ValueError):
    """A claim cannot be read; ``column`` counts characters from 0."""

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.column = column


class OutsideRun(ClaimError):
    """A claim speaks of a week that the run does not reach."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: a measure of a subject by a week, and the interval it must fall into.

    condition: the subject of a share, if that is no outcome and no group. week: 1..T, the last
    week that counts; None for the horizon. low, high: bounds of the claim, infinite where it is
    one-sided. is_strict: the bounds themselves are out, as with ``<`` and ``>``.
    """

    text: str
    source: tuple[str, ...]
    measure: Measure
    subject: str
    condition: Condition | None
    week: int | None
    low: float
    high: float
    is_strict: bool

    def moments(self, horizon: int) -> tuple[Moment, ...]:
        """Return the variables, each at the end of a week, that judging the claim takes.

        horizon: the number of weeks of the run. Week 0 is the start, before the first week.
        """
        week = self.week or horizon
        if self.condition is not None:
            return tuple((name, week) for name in self.condition.names)
        if self.measure == "share":
            return ((DEAL_STANDING, week),) if self.subject == DEAL_STANDING else ()
        both = ((self.subject, 0), (self.subject, week))
        return both if self.measure == "change" else both[1:]


def parse(text: str, source: tuple[str, ...], start: date, weeks: int, names: list[str]) -> Claim:
    """Parse one claim; ``names`` are the variables it may use. Raises ClaimError."""
    if len(text) > MAX_LENGTH:
        raise ClaimError(f"is longer than {MAX_LENGTH} characters")
    match = _CLAIM.fullmatch(text)
    if match is None:
        raise ClaimError(
            "must read like `share(agreement, by: 2019-12-31) < 0.1`, with share, mean, median "
            "or change, compared by <, <=, >, >= or `between a and b`"
        )
    measure = cast(Measure, match["measure"])
    dated = _WHEN.fullmatch(match["inside"])
    inside = dated["subject"] if dated else match["inside"]
    subject = inside.strip()
    column = match.start("inside") + len(inside) - len(inside.lstrip())
    condition = _check_subject(measure, subject, names, column)
    low, high = _bounds(match)
    week = _week(dated, measure, start, weeks, match.start("inside")) if dated else None
    is_strict = match["test"] in ("<", ">")
    return Claim(text, source, measure, subject, condition, week, low, high, is_strict)


def _bounds(match: re.Match[str]) -> tuple[float, float]:
    given = [float(match[name]) for name in ("low", "high", "bound") if match[name]]
    if not all(math.isfinite(number) for number in given):
        raise ClaimError("the bounds of a claim must be finite numbers")
    if match["low"]:
        low, high = given
        if low > high:
            raise ClaimError("the bounds of `between` must rise", match.start("low"))
        return low, high
    if match["test"].startswith("<"):
        return -math.inf, given[0]
    return given[0], math.inf


def _week(dated: re.Match[str], measure: str, start: date, weeks: int, skipped: int) -> int:
    """Return the last week that counts, from 1."""
    word, when = dated["word"], dated["when"]
    if word != _WORD[measure]:
        message = f"{measure} takes `{_WORD[measure]}:`, not `{word}:`"
        raise ClaimError(message, skipped + dated.start("word"))
    column = skipped + dated.start("when")
    try:
        week = int(when) if _WEEK.fullmatch(when) else week_of(parse_date(when), start) + 1
    except ValueError:
        message = f"{shown(when)} is neither a week nor a date like 2019-12-31"
        raise ClaimError(message, column) from None
    if not 1 <= week <= weeks:
        message = f"{shown(when)} lies outside the run (weeks 1 to {weeks} from {start})"
        raise OutsideRun(message, column)
    return week


def _check_subject(measure: str, subject: str, names: list[str], column: int) -> Condition | None:
    """Return the subject if it is a condition; raise ClaimError if it is nothing known."""
    if measure != "share":
        if subject not in names:
            hint = did_you_mean(subject, names)
            raise ClaimError(f"unknown variable {shown(subject)}{hint}", column)
        return None
    outcomes = (*OUTCOMES, *GROUPS)
    if subject in outcomes:
        return None
    if re.fullmatch(r"\w*", subject):
        allowed = known(subject, outcomes)
        raise ClaimError(f"{shown(subject)} is neither outcome nor condition{allowed}", column)
    try:
        return compile_condition(subject, names)
    except ConditionError as error:
        raise ClaimError(str(error), column + error.column) from None
