"""Why there is no deal: reasons in aggregate, and the inequality that decided, week by week.

Reads what a run recorded: per replicate the weeks with each obstacle (columns ``weeks_NAME``), and
by week the variables of ``RECORD``. R is the number of replicates, T of weeks, kept <= R.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.analysis.paired import Difference, check_pairing, difference_of_shares
from sim.analysis.shares import Mask, Share, share_of
from sim.errors import UsageError
from sim.outcomes import COSMETIC_DEAL, DEAL_PENDING, FOREIGN_INTERVENTION, MILITARY_DEFECTION
from sim.reasons import (
    DEAL_STANDS,
    NO_OFFER,
    OBSTACLES,
    REASONS,
    RED_LINES,
    RUNGS,
    SUSPICION,
    Codes,
    obstacle,
    reason,
)
from sim.results import Array, Ensemble

#: What bars a deal in the order in which it is brought in: the rungs of the zone, and suspicion.
LEVERS: Final = (*RUNGS, "suspicion")
_INEQUALITY: Final = ("x_min", "x_max", "zone", "zone.required", "zone.without_red_lines")
#: The variables to record for the account week by week.
RECORD: Final = (
    *_INEQUALITY,
    "talks.held",
    "deal.on",
    *(f"contribution.{lever}" for lever in LEVERS),
)
#: How near replicates came to a deal: name, and the obstacles one of which must have been met.
_STAGES: Final = (
    ("ever a zone without red lines", RED_LINES),
    ("ever a zone", SUSPICION),
    ("ever a zone wide enough", SUSPICION + 1),
    ("ever met over such a zone", NO_OFFER),
)


@dataclass(frozen=True, slots=True)
class Lever:
    """What a lever adds to the zone less omega / 4: mean, and 5-95% over weeks of replicates."""

    name: str
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Weeks:
    """The inequality by week, over the kept replicates that still run without a deal.

    medians: by variable, shape (T,), NaN where none runs. counts: weeks with each obstacle, in
    the order of ``OBSTACLES``, shape (T, 5). deals: replicates with a deal in force, shape (T,).
    """

    medians: dict[str, Array]
    counts: npt.NDArray[np.int64]
    deals: npt.NDArray[np.int64]


def deal_stands(ensemble: Ensemble) -> Mask:
    """Return where a deal survived, or was in force at the horizon, shape (R,)."""
    standing = np.isin(ensemble.table["sublabel"], (COSMETIC_DEAL, DEAL_PENDING))
    return ensemble.agreement | standing


def reasons(ensemble: Ensemble) -> Codes:
    """Return the one reason of each replicate, codes of ``sim.reasons``, shape (R,).

    ``DEAL_STANDS`` where a deal survived or was in force at the horizon. Raises UsageError if the
    run did not record the obstacles.
    """
    forced = np.isin(ensemble.outcome, (MILITARY_DEFECTION, FOREIGN_INTERVENTION))
    return reason(forced, deal_stands(ensemble), ensemble.signed, obstacle_weeks(ensemble))


def reason_shares(ensemble: Ensemble) -> list[Share]:
    """Return the share of each reason among the replicates without a deal that stands.

    In the order of ``REASONS``; they sum to 1. Intervals: Wilson, simulation error only.
    """
    codes = reasons(ensemble)
    without = codes != DEAL_STANDS
    return [share_of(name, codes == code, without) for code, name in enumerate(REASONS)]


def reason_differences(base: Ensemble, other: Ensemble) -> list[Difference]:
    """Return the paired differences of what became of all replicates: a deal stands, or why not.

    In the order of ``REASONS`` after "a deal stands"; base and alternative each sum to 1. Raises
    UsageError if the two are not on the same luck.
    """
    check_pairing(base, other)
    before, after = reasons(base), reasons(other)
    codes = {"a_deal_stands": DEAL_STANDS} | {name: code for code, name in enumerate(REASONS)}
    return [
        difference_of_shares(name, before == code, after == code) for name, code in codes.items()
    ]


def nearness(ensemble: Ensemble) -> list[Share]:
    """Return how near replicates without a deal that stands ever came to one, step by step."""
    without = ~deal_stands(ensemble)
    weeks = obstacle_weeks(ensemble)
    return [
        share_of(name, (weeks[:, first:].sum(axis=1) > 0) | ensemble.signed, without)
        for name, first in _STAGES
    ]


def obstacle_weeks(ensemble: Ensemble) -> npt.NDArray[np.int64]:
    """Return the live weeks with each obstacle, shape (R, 5). Raises UsageError."""
    names = [f"weeks_{name}" for name in OBSTACLES]
    if any(name not in ensemble.table for name in names):
        raise UsageError(
            "this result holds no account of obstacles: it was made without records, by an "
            "earlier version, or of a scenario without a government and an opposition; "
            f"`parley why {ensemble.design['scenario']}` makes one"
        )
    return np.stack([ensemble.table[name] for name in names], axis=1)


def has_account(ensemble: Ensemble) -> bool:
    """Whether the run recorded the obstacles of its weeks."""
    return f"weeks_{OBSTACLES[0]}" in ensemble.table


def by_week(ensemble: Ensemble) -> Weeks:
    """Return the inequality and its obstacles by week. Raises UsageError."""
    paths = _paths(ensemble)
    codes = _obstacles(ensemble)
    blocked = codes >= 0
    counts = np.stack([(codes == code).sum(axis=0) for code in range(len(OBSTACLES))], axis=1)
    running = ~np.isnan(paths["zone"])
    medians = {name: _medians(np.where(blocked, paths[name], np.nan)) for name in _INEQUALITY}
    return Weeks(medians, counts, (running & ~blocked).sum(axis=0))


def levers(ensemble: Ensemble) -> list[Lever]:
    """Return what each lever adds, over all live weeks without a deal. Raises UsageError.

    The zone begins at 1, the whole stake; with all of them it is w - omega / 4, positive where a
    deal is possible.
    """
    blocked = _obstacles(ensemble) >= 0
    found = []
    for name in LEVERS:
        values = _paths(ensemble)[f"contribution.{name}"][blocked]
        low, high = np.quantile(values, (0.05, 0.95)) if values.size else (np.nan, np.nan)
        mean = float(values.mean()) if values.size else float("nan")
        found.append(Lever(name, mean, float(low), float(high)))
    return found


def _obstacles(ensemble: Ensemble) -> npt.NDArray[np.int64]:
    """Return the obstacle of each kept replicate and week, (kept, T); -1 with a deal, -2 ended."""
    paths = _paths(ensemble)
    with np.errstate(invalid="ignore"):
        codes = obstacle(
            paths["zone"],
            paths["zone.without_red_lines"],
            paths["zone.required"],
            paths["talks.held"] > 0,
            _has_deal(paths),
        )
    return np.where(np.isnan(paths["zone"]), -2, codes).astype(np.int64)


def _has_deal(paths: dict[str, Array]) -> Mask:
    return np.asarray(paths["deal.on"] > 0, dtype=np.bool_)


def _paths(ensemble: Ensemble) -> dict[str, Array]:
    missing = [name for name in RECORD if name not in ensemble.weekly]
    if missing:
        raise UsageError(
            f"this run did not record {', '.join(missing)}; "
            f"`parley why {ensemble.design['scenario']}` records what the account needs"
        )
    return {name: ensemble.weekly[name].paths for name in RECORD}


def _medians(values: Array) -> Array:
    held = ~np.isnan(values).all(axis=0)
    found = np.full(values.shape[1], np.nan)
    found[held] = np.nanmedian(values[:, held], axis=0)
    return found
