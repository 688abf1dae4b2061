"""How much of the spread of an outcome is chance, and how much is parameter ignorance.

The variance of an indicator is that of its expectation given the parameters plus the mean of what
is left: V(Y) = V(E[Y|p]) + E[V(Y|p)]. A replicate and its twin (same parameters, other chance)
estimate the first by their covariance (Sobol 2001's pick-freeze, for all parameters at once).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.analysis.shares import Mask
from sim.results import Ensemble

#: Resamples of the bootstrap that gives the interval.
RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the variance in [0, 1] with its 95% bootstrap interval; nan if undefined."""

    share: float
    low: float
    high: float


def split(ensemble: Ensemble, codes: tuple[int, ...]) -> dict[str, Part]:
    """Return the parts ``parameters`` and ``chance`` of the variance of an outcome indicator.

    codes: outcome codes that count as 1. Undefined (nan) where the indicator never varies.
    """
    twins = np.isin(ensemble.twins, codes)
    own = np.isin(ensemble.outcome[: len(twins)], codes)
    part = _correlation(_cells(own, twins)) if len(twins) else np.array([np.nan])
    cells = _cells(own, twins)
    seed = np.random.Generator(np.random.Philox(key=int(ensemble.design["seed"])))
    drawn = seed.multinomial(len(twins), cells / max(len(twins), 1), RESAMPLES)
    spread = _correlation(drawn)
    spread = spread[~np.isnan(spread)]
    low, high = np.quantile(spread, (0.025, 0.975)) if len(spread) else (np.nan, np.nan)
    ends = [float(np.clip(value, 0.0, 1.0)) for value in (part[0], low, high)]
    return {
        "parameters": Part(ends[0], ends[1], ends[2]),
        "chance": Part(1 - ends[0], 1 - ends[2], 1 - ends[1]),
    }


def _cells(own: Mask, twins: Mask) -> np.ndarray:
    """Count both, the replicate alone, its twin alone, neither, shape (1, 4)."""
    both = int((own & twins).sum())
    one, other = int(own.sum()) - both, int(twins.sum()) - both
    return np.array([[both, one, other, len(own) - both - one - other]], dtype=np.float64)[0]


def _correlation(cells: np.ndarray) -> np.ndarray:
    """Return the correlation of the two indicators for each row of counts; nan if constant."""
    cells = np.atleast_2d(cells)
    total = cells.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (2 * cells[:, 0] + cells[:, 1] + cells[:, 2]) / (2 * total)
        variance = mean * (1 - mean)
        found: np.ndarray = (cells[:, 0] / total - mean**2) / variance
    return np.where(variance > 0, found, np.nan)
