"""The claims that a hindcast scores: what is asked, what happened, base rates and forecasts.

What happened after 17 May 2019 stands here for scoring alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sim.analysis import scores
from sim.analysis.intervals import wilson
from sim.data import load

#: Forecasts of the year's exit, and whether the row gives the probability that he stays.
FORECASTS: Final = {
    "FC_SF_JAN22": True,
    "FC_SF_JAN25": True,
    "FC_GEOQ": True,
    "FC_EIU": False,
}


@dataclass(frozen=True, slots=True)
class Question:
    """One yes-or-no claim about 31 December 2019.

    mask: its name among the simulated. rate: id of a row of ``base_rates``, if one fits.
    complement: the claim is that what the row counts does not happen. yearly: the row is a yearly
    hazard. forecasts: ids of forecasts made in 2019.
    """

    claim: str
    mask: str
    happened: bool
    evidence: str
    rate: str | None = None
    complement: bool = False
    yearly: bool = False
    forecasts: tuple[str, ...] = ()


_NO_EXIT = "no exit in the timeline to the end of 2019"
_NO_DEAL = "E089: the opposition declares the mechanism finished; no deal with it in the timeline"
QUESTIONS: Final = (
    Question(
        "president out of office",
        "out_of_office",
        False,
        _NO_EXIT,
        "EXIT_PERS90",
        yearly=True,
        forecasts=tuple(FORECASTS),
    ),
    Question(
        "out of office by the military",
        "military_defection",
        False,
        _NO_EXIT,
        "EXIT_MIL",
        yearly=True,
    ),
    Question(
        "out of office by foreign force",
        "foreign_intervention",
        False,
        _NO_EXIT,
        "EXIT_FOR",
        yearly=True,
    ),
    Question("deal with the opposition signed", "signed", False, _NO_DEAL, "MED_BAW"),
    Question("labelled deal signed and standing", "deal_standing", False, _NO_DEAL, "MED_BAW_FULL"),
    Question(
        "a round of talks failed",
        "round_failed",
        True,
        "E086, E089: suspended on 7 August, declared finished on 15 September",
        "MED_BAW",
        complement=True,
    ),
    Question("no talks on at the end of August", "talks_off", True, "E086: suspended on 7 August"),
    Question("more recognising states", "more_recognise", True, "states: 59 after 56"),
)


def row_of(question: Question, count: int, total: int, weeks: int) -> dict[str, Any]:
    """Return a claim that ``count`` of ``total`` replicates show beside rates and what happened."""
    share, happened = count / total, question.happened
    low, high = wilson(count, total)
    base, base_low, base_high = _base(question, weeks)
    own = scores.brier(share, happened)
    other = None if base is None else scores.brier(base, happened)
    return {
        "claim": question.claim,
        "model": share,
        "low": low,
        "high": high,
        "base_rate": base,
        "base_low": base_low,
        "base_high": base_high,
        "base_source": question.rate,
        "observed": int(happened),
        "evidence": question.evidence,
        "brier": own,
        "log": scores.logarithmic(scores.share_for_log(count, total), happened),
        "base_brier": other,
        "base_log": None if base is None else scores.logarithmic(base, happened),
        "better": better(own, other),
        "forecasts": [_forecast(key, happened) for key in question.forecasts],
    }


def better(model: float, base: float | None) -> str | None:
    """Return who has the smaller loss, None where there is nobody to compare with."""
    if base is None:
        return None
    return "model" if model < base else "base rate" if model > base else "neither"


def _base(question: Question, weeks: int) -> tuple[float | None, float | None, float | None]:
    """Return the base rate of the claim by the end of the run, and its band."""
    if question.rate is None:
        return None, None, None
    rate = next(rate for rate in load("base_rates") if rate.id == question.rate)

    def converted(value: float | None) -> float | None:
        if value is None:
            return None
        given = scores.prorate(value, weeks) if question.yearly else value
        return 1 - given if question.complement else given

    ends = (converted(rate.low), converted(rate.high))
    low, high = reversed(ends) if question.complement else ends
    return converted(rate.value), low, high


def _forecast(key: str, happened: bool) -> dict[str, Any]:
    """Return one forecast of the exit, made at the time, with its scores."""
    rate = next(rate for rate in load("base_rates") if rate.id == key)
    value = rate.value or 0.0
    probability = 1 - value if FORECASTS[key] else value
    return {
        "id": key,
        "made": rate.period,
        "probability": probability,
        "brier": scores.brier(probability, happened),
    }
