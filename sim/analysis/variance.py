"""How much of the spread of an outcome is chance, and how much is parameter ignorance.

The variance of an indicator is that of its expectation given the parameters plus the mean of what
is left: V(Y) = V(E[Y|p]) + E[V(Y|p)]. A replicate and its twin (same parameters, other chance)
estimate the first by their covariance (Sobol 2001's pick-freeze, for all parameters at once).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.analysis.intervals import likeness
from sim.analysis.shares import pair_counts
from sim.results import Ensemble


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the variance in [0, 1] with its 95% interval; nan if undefined."""

    share: float
    low: float
    high: float


def split(ensemble: Ensemble, codes: tuple[int, ...]) -> dict[str, Part]:
    """Return the parts ``parameters`` and ``chance`` of the variance of an outcome indicator.

    codes: outcome codes that count as 1. Undefined (nan) where the indicator never varies.
    """
    twins = np.isin(ensemble.twins, codes)
    own = np.isin(ensemble.outcome[: len(twins)], codes)
    found, low, high = likeness(*pair_counts(own, twins))
    share = float(np.clip(found, 0.0, 1.0))
    return {
        "parameters": Part(share, low, high),
        "chance": Part(1 - share, 1 - high, 1 - low),
    }
