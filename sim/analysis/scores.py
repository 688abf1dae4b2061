"""Proper scores of probabilities and of predictive samples, and the coverage of bands.

Brier (1950): (p - o)^2. Logarithmic (Good 1952): -ln of the probability given to what happened.
Continuous ranked probability score (Gneiting & Raftery 2007, doi:10.1198/016214506000001437) of a
sample: E|X - y| - E|X - X'| / 2, in the unit of the variable; for a single number it is the
absolute error. All are losses: less is better.
"""

from __future__ import annotations

from math import inf, log

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

NO_SKILL = "one case; a score here cannot show skill"
#: Ends of the predictive bands.
BAND = (0.05, 0.95)


def brier(probability: float, happened: bool) -> float:
    """Return the Brier score of one probability, 0 (best) to 1."""
    return (probability - float(happened)) ** 2


def logarithmic(probability: float, happened: bool) -> float:
    """Return the logarithmic score of one probability, 0 (best) to infinity."""
    given = probability if happened else 1 - probability
    return -log(given) if given > 0 else inf


def share_for_log(count: int, total: int) -> float:
    """Return a simulated share that is never 0 or 1: what R replicates can tell (Jeffreys)."""
    return (count + 0.5) / (total + 1)


def crps(sample: Array, observed: float) -> float:
    """Return the continuous ranked probability score of a sample, in the unit of the variable.

    sample: shape (N,), N at least 1.
    """
    ordered = np.sort(sample)
    size = len(ordered)
    weights = 2 * np.arange(size) - size + 1
    spread = float((weights * ordered).sum()) / size**2
    return float(np.abs(ordered - observed).mean()) - spread


def band(sample: Array) -> tuple[float, float, float]:
    """Return the lower end, the median and the upper end of the 90% predictive band."""
    low, middle, high = np.quantile(sample, (BAND[0], 0.5, BAND[1]))
    return float(low), float(middle), float(high)


def coverage(low: Array, high: Array, observed: Array) -> float:
    """Return the share of observations inside their bands, ends included; all of shape (N,)."""
    inside = (np.asarray(low) <= observed) & (observed <= np.asarray(high))
    return float(inside.mean())


def prorate(yearly: float, weeks: int) -> float:
    """Return the probability in ``weeks`` of what happens with probability ``yearly`` in 52."""
    return 1.0 - float((1 - yearly) ** (weeks / 52))
