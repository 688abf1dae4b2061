"""Shares of outcomes with two kinds of uncertainty kept apart.

Simulation error: the 95% Wilson score interval (Wilson 1927), which more replicates narrow.
Parameter ignorance: the 5-95% range of the share across parameter draws, which they do not.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from sim.outcomes import OUTCOMES
from sim.results import Ensemble

Mask = npt.NDArray[np.bool_]

#: Standard normal quantile of a two-sided 95% interval.
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """A share of replicates. low, high: 95% Wilson interval. The last two: parameter range."""

    name: str
    count: int
    share: float
    low: float
    high: float
    low_parameters: float = float("nan")
    high_parameters: float = float("nan")

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as a plain mapping."""
        return asdict(self)


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return the 95% Wilson score interval of a share, (nan, nan) for an empty total."""
    if total == 0:
        return float("nan"), float("nan")
    share = count / total
    spread = Z95**2 / total
    centre = (share + spread / 2) / (1 + spread)
    half = Z95 / (1 + spread) * np.sqrt(share * (1 - share) / total + spread / (4 * total))
    low = 0.0 if count == 0 else float(centre - half)
    high = 1.0 if count == total else float(centre + half)
    return low, high


def share_of(name: str, mask: Mask, among: Mask | None = None) -> Share:
    """Return the share of True in ``mask``, among the replicates in ``among`` if given."""
    count = int(mask.sum() if among is None else (mask & among).sum())
    total = len(mask) if among is None else int(among.sum())
    low, high = wilson(count, total)
    return Share(name, count, count / total if total else float("nan"), low, high)


def outcome_shares(ensemble: Ensemble) -> list[Share]:
    """Return the shares of the eight outcomes, in their order."""
    rows = []
    for code, name in enumerate(OUTCOMES):
        mask = ensemble.outcome == code
        row = share_of(name, mask)
        low, high = parameter_range(mask[: len(ensemble.twins)], ensemble.twins == code)
        rows.append(
            Share(name, row.count, row.share, row.low, row.high, low, high)
        )
    return rows


def parameter_range(mask: Mask, twin: Mask) -> tuple[float, float]:
    """Return the 5-95% range of a share across parameter draws, (nan, nan) without twins.

    A replicate and its twin share parameters and nothing else, so the covariance of their
    indicators is the variance of the share across parameters; a beta distribution with that mean
    and variance gives the range (an approximation: twins tell two moments and no more).
    """
    if len(mask) < 2:
        return float("nan"), float("nan")
    mean = float(mask.mean() + twin.mean()) / 2
    variance = float((mask & twin).mean()) - mean**2
    if variance <= 0 or mean in (0.0, 1.0):
        return mean, mean
    size = mean * (1 - mean) / variance - 1
    if size <= 0:
        return 0.0, 1.0
    ends = betaincinv(mean * size, (1 - mean) * size, [0.05, 0.95])
    return float(ends[0]), float(ends[1])
