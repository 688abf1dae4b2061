"""Claims of a scenario, judged by an ensemble: measured value, 95% interval, verdict.

The interval is simulation error alone. Shares: Wilson. Means: normal, from the standard error.
Medians and changes: order statistics (binomial), which assume nothing of the distribution.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, nan, sqrt
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from sim.analysis.intervals import Z95, wilson
from sim.outcomes import AGREEMENT, OUT_OF_OFFICE, OUTCOMES
from sim.results import Array, Ensemble, Mask
from sim.scenario.claims import DEAL_STANDING, Claim, Moment

Word = Literal["pass", "fail", "undecided"]

#: Outcomes by the name that a claim gives a set of them.
_SETS = {
    **{name: (code,) for code, name in enumerate(OUTCOMES)},
    "agreement": AGREEMENT,
    "out_of_office": OUT_OF_OFFICE,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A claim beside what was measured.

    value: nan where there is nothing to measure. low, high: 95% interval, infinite where so few
    replicates give none. replicates: how many were measured.
    """

    claim: Claim
    value: float
    low: float
    high: float
    replicates: int
    word: Word

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as plain data; bounds of a one-sided claim are infinite."""
        return {
            "claim": self.claim.text,
            "source": list(self.claim.source),
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "replicates": self.replicates,
            "verdict": self.word,
        }


def moments_of(claims: Iterable[Claim], weeks: int) -> tuple[Moment, ...]:
    """Return what a run of so many weeks must watch so that the claims can be judged."""
    return tuple(dict.fromkeys(moment for claim in claims for moment in claim.moments(weeks)))


def judge(ensemble: Ensemble, claims: Iterable[Claim]) -> list[Verdict]:
    """Judge the claims, in their order. Raises UsageError unless the run watched their moments."""
    return [_judge(ensemble, claim) for claim in claims]


def _judge(ensemble: Ensemble, claim: Claim) -> Verdict:
    if claim.measure == "share":
        held = _held(ensemble, claim)
        count, total = int(held.sum()), len(held)
        low, high = wilson(count, total)
        word = _all_or_none(claim, count, total) or _word(claim, low, high)
        return Verdict(claim, count / total, low, high, total, word)
    values = _values(ensemble, claim)
    if not len(values):
        return Verdict(claim, nan, -inf, inf, 0, "undecided")
    value, low, high = _mean(values) if claim.measure == "mean" else _median(values)
    return Verdict(claim, value, low, high, len(values), _word(claim, low, high))


def _held(ensemble: Ensemble, claim: Claim) -> Mask:
    """Return in which replicates the subject of a share was true by the claim's week."""
    week, table = claim.week or ensemble.weeks, ensemble.table
    if claim.condition is not None:
        true = claim.condition(lambda name: ensemble.moment(name, week))
        return np.broadcast_to(true, (ensemble.replicates,))
    if claim.subject == DEAL_STANDING:
        standing: Mask = ensemble.moment(DEAL_STANDING, week) > 0
        return standing
    if claim.subject == "signed":
        signed: Mask = ensemble.signed & (table["signed_week"] <= week)
        return signed
    fallen: Mask = np.isin(ensemble.outcome, _SETS[claim.subject]) & (table["week"] <= week)
    return fallen


def _values(ensemble: Ensemble, claim: Claim) -> Array:
    """Return what mean, median or change is of; a variable without a value does not count."""
    week = claim.week or ensemble.weeks
    values = ensemble.moment(claim.subject, week)
    if claim.measure == "change":
        values = values - ensemble.moment(claim.subject, 0)
    else:
        values = values[ensemble.table["week"] >= week]
    present: npt.NDArray[np.float64] = values[~np.isnan(values)]
    return present


def _mean(values: Array) -> tuple[float, float, float]:
    if values.min() == values.max():
        value, error = float(values[0]), 0.0  # To the last bit, whatever the sum is rounded to.
    else:
        value, error = float(values.mean()), float(values.std(ddof=1)) / sqrt(len(values))
    if len(values) == 1:
        return value, -inf, inf
    return value, value - Z95 * error, value + Z95 * error


def _median(values: Array) -> tuple[float, float, float]:
    """Return the median, and the order statistics that hold it with at least 95% confidence."""
    from scipy.stats import binom

    ordered = np.sort(values)
    rank = int(binom.ppf(0.025, len(ordered), 0.5))
    if rank == 0:
        return float(np.median(ordered)), -inf, inf
    return float(np.median(ordered)), float(ordered[rank - 1]), float(ordered[-rank])


def _all_or_none(claim: Claim, count: int, total: int) -> Word | None:
    """Judge a claim of none (``<= 0``) or all (``>= 1``): one replicate can refute it.

    No interval lies on one side of such a bound, so the claim is about the replicates that ran.
    """
    if claim.is_strict:
        return None
    if claim.high <= 0:
        return "fail" if count else "pass"
    if claim.low >= 1:
        return "fail" if count < total else "pass"
    return None


def _word(claim: Claim, low: float, high: float) -> Word:
    """Pass if all of the interval is inside the bounds, fail if none is, else undecided."""
    if claim.is_strict:
        is_inside = claim.low < low and high < claim.high
        is_outside = high <= claim.low or claim.high <= low
    else:
        is_inside = claim.low <= low and high <= claim.high
        is_outside = high < claim.low or claim.high < low
    return "pass" if is_inside else "fail" if is_outside else "undecided"
