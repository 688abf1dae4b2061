"""Thresholds, networks and crowds: who acts because others do.

Thresholds are shares of the population, except where counts are said.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from sim.mechanisms import recognition
from sim.mechanisms.arrays import Array, Mask


def granovetter(thresholds: npt.NDArray[np.int64]) -> int:
    """Return how many act in the end; each acts once as many others act. Granovetter 1978.

    thresholds: counts, shape (N,). It is the recognition rule with the world's weight alone.
    """
    size = len(thresholds)
    needs = thresholds / size
    acts: Mask = np.zeros(size, dtype=np.bool_)
    nothing = np.zeros(1)
    alone = recognition.Weights(nothing, np.ones(1), nothing, nothing)
    while True:
        share = np.full(1, acts.sum() / size)
        pull = recognition.influence(nothing, share, nothing, nothing, alone)
        after = recognition.recognises(acts, pull, needs, nothing)
        if np.array_equal(after, acts):
            return int(acts.sum())
        acts = after


def granovetter_one_by_one(
    thresholds: npt.NDArray[np.int64], order: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return who acts when people decide one after another in ``order``, again and again."""
    acts = np.zeros(len(thresholds), dtype=np.bool_)
    moved = True
    while moved:
        moved = False
        for person in order:
            if not acts[person] and acts.sum() >= thresholds[person]:
                acts[person] = moved = True
    return np.flatnonzero(acts)


def normal_cascade(mean: float, sd: float, rounds: int = 20_000) -> float:
    """Return the share that acts in a continuum with thresholds N(mean, sd), from nobody."""
    share = 0.0
    for _ in range(rounds):
        after = float(ndtr((share - mean) / sd))
        if abs(after - share) < 1e-15:
            break
        share = after
    return share


def watts_condition(mean_degree: float, threshold: float, largest: int = 400) -> bool:
    """Return whether global cascades are possible on a Poisson network. Source: Watts 2002.

    sum k (k - 1) rho_k p_k > z, with rho_k = 1 where one neighbour in k is enough.
    """
    log_p = -mean_degree
    total = 0.0
    for k in range(1, largest):
        log_p += np.log(mean_degree / k)
        if threshold <= 1 / k:
            total += k * (k - 1) * float(np.exp(log_p))
    return total > mean_degree


def watts_cascade(size: int, mean_degree: float, threshold: float, luck: Array, seed: int) -> float:
    """Return the share that acts once ``seed`` has acted, on a random network with those edges.

    luck: uniform numbers, shape (E, 2), the two ends of each of E = size z / 2 edges.
    """
    ends = np.minimum((luck * size).astype(np.int64), size - 1)
    degree = np.bincount(ends.ravel(), minlength=size)
    acts = np.zeros(size, dtype=np.bool_)
    acts[seed] = True
    while True:
        active = np.bincount(ends[:, 0], acts[ends[:, 1]], size)
        active += np.bincount(ends[:, 1], acts[ends[:, 0]], size)
        after = acts | ((degree > 0) & (active >= threshold * np.maximum(degree, 1)))
        if np.array_equal(after, acts):
            return float(acts.mean())
        acts = after


def epstein_arrest(cops: float, actives: float, k: float = 2.3) -> float:
    """Return the arrest probability 1 - exp(-k floor(C / A)). Source: Epstein 2002.

    The ratio is rounded down: without that the published dynamics do not appear.
    """
    return 1 - float(np.exp(-k * np.floor(cops / actives)))


def epstein_active_share(legitimacy: float, threshold: float, arrest: float) -> float:
    """Return the active share for hardship and risk aversion uniform on [0, 1]. Epstein 2002.

    Active iff H (1 - L) - R P > T. Exact for arrest 0, and for arrest at least (1 - L) - T.
    """
    grievance = 1 - legitimacy
    if arrest == 0:
        return 1 - threshold / grievance
    return grievance * (1 - threshold / grievance) ** 2 / (2 * arrest)


def selectorate_share(discount: float, coalition: float) -> float:
    """Return the share of revenue that an incumbent keeps: d (1 - w) / (1 - d w).

    coalition: w = W / S. Source: Bueno de Mesquita et al. 2003, private goods (derived).
    """
    return discount * (1 - coalition) / (1 - discount * coalition)
