"""Bargaining without a disagreement flow: alternating offers, concessions, commitments, force.

Shares are fractions of one divisible good; d is a discount factor a round, r a discount rate.
"""

import numpy as np

from sim.mechanisms.arrays import Array


def rubinstein(first: float, second: float) -> float:
    """Return the first proposer's share with discount factors d1, d2. Source: Rubinstein 1982."""
    return (1 - second) / (1 - first * second)


def rubinstein_by_induction(first: float, second: float, rounds: int = 2000) -> float:
    """Return the same share by backward induction from a last round that leaves nothing."""
    share = 0.0
    for _ in range(rounds):
        share = 1 - second * (1 - first * share)
    return share


def finite_rounds(discount: float, rounds: int) -> float:
    """Return the first proposer's share in ``rounds`` rounds, the last an ultimatum: 1-d+d^2..."""
    share = 0.0
    for _ in range(rounds):
        share = 1 - discount * share
    return share


def rubinstein_limit(rate_first: float, rate_second: float) -> float:
    """Return the share as the time between offers vanishes: patience is power."""
    return rate_second / (rate_first + rate_second)


def with_outside_option(share: float, option: float) -> float:
    """Return the share of a side that may walk out: an option binds only above the share.

    Source: Binmore, Shaked & Sutton 1989.
    """
    return max(share, option)


def zeuthen(first: float, second: float, step: float) -> float:
    """Return where mutual concessions meet. Source: Zeuthen 1930; Harsanyi 1956.

    first, second: disagreement payoffs of two sides that split one good. In each step the side
    that risks less by holding out concedes ``step``; equal risk moves both.
    """
    mine, yours = 1.0 - second, first
    while mine - yours > step:
        risk_first = (mine - yours) / max(mine - first, step)
        risk_second = (mine - yours) / max(1 - yours - second, step)
        if risk_first <= risk_second:
            mine -= step
        if risk_second <= risk_first:
            yours += step
    return (mine + yours) / 2


def muthoo(hardness: float, rival: float) -> float:
    """Return the share under revocable commitments with marginal costs k_A, k_B. Muthoo 1996."""
    return (1 + hardness) / (2 + hardness + rival)


def fearon_zone(odds: float, cost: float, rival_cost: float) -> tuple[float, float]:
    """Return the ends of the set of settlements that both prefer to force. Source: Fearon 1995."""
    return odds - cost, odds + rival_cost


def fearon_ultimatum(odds: float, cost: float, bound: float) -> tuple[float, float]:
    """Return the optimal demand and the probability of war.

    The rival's cost of force is uniform on [0, bound]. Source: Fearon 1995.
    """
    return odds + (bound - cost) / 2, (bound - cost) / (2 * bound)


def powell_fights(discount: float, now: float, later: float, cost: float, rival: float) -> bool:
    """Return whether a declining side fights: d (p2 - c_A) > p1 + c_B. Source: Powell 2004."""
    return discount * (later - cost) > now + rival


def beta_posterior(a: float, b: float, wins: int, battles: int) -> tuple[float, float]:
    """Return mean and variance of a Beta(a, b) belief after ``wins`` of ``battles``.

    Source: Slantchev 2003's convergence principle.
    """
    one, two = a + wins, b + battles - wins
    total = one + two
    return one / total, one * two / (total**2 * (total + 1))


def drezner(expectation: float, target: float, sender: float) -> tuple[float, bool]:
    """Return the largest concession and whether the sender imposes. Source: Drezner 1999 (derived).

    expectation: how much both fear relative losses later. target, sender: costs of sanctions.
    """
    concession = (target - expectation * sender) / (1 + expectation)
    return concession, expectation * target >= sender


def attrition(
    luck: Array, cost: tuple[float, float], prize: tuple[float, float], tick: float
) -> tuple[float, bool] | None:
    """Play one war of attrition in ticks of time; return its length and whether side 1 conceded.

    luck: uniform numbers, shape (ticks, 2). Each side's hazard leaves the other indifferent:
    side i concedes at rate c_j / v_j. None if nobody conceded. Source: Hendricks et al. 1988.
    """
    rates = np.array([cost[1] / prize[1], cost[0] / prize[0]])
    concedes = luck < 1 - np.exp(-rates * tick)
    ended = np.flatnonzero(concedes.any(axis=1))
    if not ended.size:
        return None
    row = int(ended[0])
    return (row + 0.5) * tick, bool(concedes[row, 0])
