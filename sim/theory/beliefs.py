"""Beliefs, mediators and promises: T13, T15 to T17, T19, T20, T30, T36."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.analysis.intervals import wilson
from sim.mechanisms import commitment, good_faith, loyalty, mediation
from sim.mechanisms.classic import offers
from sim.theory.bargains import Pair, one
from sim.theory.check import check

NO, YES = np.zeros(1, dtype=np.bool_), np.ones(1, dtype=np.bool_)


@check(
    "T13", "posterior mean and variance of Beta(2, 3) after 4 wins in 10", 1e-15, "Slantchev 2003"
)
def _beta_learning() -> Pair:
    mean, variance = offers.beta_posterior(2, 3, 4, 10)
    # By the definition of the beta law, with a = 6 and b = 9.
    return [6 / 15, 6 * 9 / (15**2 * 16)], [mean, variance]


@check(
    "T15",
    "belief over seven silent weeks; the opposition leaves after the seventh; a martingale; "
    "equal rates teach nothing",
    1e-4,
    "Bayes; Richmond 1998",
)
def _silence() -> Pair:
    published = [0.6, 0.5422, 0.4832, 0.4247, 0.3682, 0.3151, 0.2664, 0.2228]
    belief, sincere, stalling, bound = one(0.6), one(0.25), one(0.05), 0.25
    path = [float(belief[0])]
    for _ in range(7):
        belief = good_faith.update(belief, NO, sincere, stalling)
        path.append(float(belief[0]))
    leaves = float(next(week for week, value in enumerate(path) if value < bound))
    start = one(0.6)
    chance = 0.6 * 0.25 + 0.4 * 0.05
    after = chance * good_faith.update(start, YES, sincere, stalling) + (
        1 - chance
    ) * good_faith.update(start, NO, sincere, stalling)
    same = good_faith.update(start, NO, sincere, sincere)
    return [*published, 7.0, 0.6, 0.6], [*path, leaves, float(after[0]), float(same[0])]


@check("T16", "one-sided pain is not ripe", 0.0, "Zartman 2000")
def _ripeness() -> Pair:
    scale, open_way = one(0.25), one(1.0)
    cases = ((0.5, 0.0), (0.0, 0.5), (0.5, -0.1), (0.25, 0.9))
    computed = [mediation.ripeness(one(a), one(b), scale, open_way)[0] for a, b in cases]
    return [0.0, 0.0, 0.0, 1.0], computed


@check(
    "T17",
    "credible band [.2667, 1.2706]: believed 0, 1, 0 below, inside and above it",
    1e-4,
    "Kydd 2003 (derived)",
)
def _kydd_band() -> Pair:
    numbers = (one(0.1), one(0.6), one(0.45), one(0.25))

    def believed(bias: float) -> bool:
        return bool(mediation.is_credible(one(bias), *numbers)[0])

    ends = [_edge(believed, 0.0, 0.6), _edge(believed, 2.0, 0.6)]
    inside = [float(believed(bias)) for bias in (0.0, 0.2, 0.3, 1.2, 1.3)]
    return [0.2667, 1.2706, 0.0, 0.0, 1.0, 1.0, 0.0], [*ends, *inside]


def _edge(holds: Callable[[float], bool], outside: float, inside: float) -> float:
    """Find by bisection where a condition that fails outside begins to hold."""
    for _ in range(60):
        middle = (outside + inside) / 2
        outside, inside = (outside, middle) if holds(middle) else (middle, inside)
    return (outside + inside) / 2


@check("T19", "a deal holds with mu + (1 - mu) g; with certainty if g = 1", 1e-15, "Walter 2002")
def _guarantee() -> Pair:
    cases = ((0.4, 0.5), (0.4, 1.0), (0.0, 1.0), (0.4, 0.0))
    computed = [commitment.deal_holds(one(mu), one(g))[0] for mu, g in cases]
    return [0.7, 1.0, 1.0, 0.4], computed


@check("T20", "leverage wanes as Lambda_0 (1 - rho)^t", 1e-15, "Beardsley 2008")
def _leverage() -> Pair:
    expected, left = [], 0.2
    for _ in range(30):
        expected.append(left)
        left *= 1 - 0.06
    weeks = np.arange(30.0)
    return expected, list(mediation.leverage_left(one(0.2), one(0.06), weeks))


@check(
    "T30",
    "belief (.6, .15) after survival of an attempt at .5: mean .6641, sd .1095; it never falls",
    1e-4,
    "Angeletos, Hellwig & Pavan 2007",
)
def _failed_attempt() -> Pair:
    mean, sd = loyalty.belief_after_survival(one(0.6), one(0.15), one(0.5))
    grid = np.linspace(-1, 2, 301)
    after, _ = loyalty.belief_after_survival(grid, one(0.15), one(0.5))
    return [0.6641, 0.1095, 0.0], [mean[0], sd[0], float(np.sum(after < grid))]


@check(
    "T36",
    "95% half-width at a share of .2: .055, .035, .025 for 200, 500, 1,000 replicates",
    5e-4,
    "Wilson 1927",
)
def _intervals() -> Pair:
    halves = []
    for total in (200, 500, 1000):
        low, high = wilson(total // 5, total)
        halves.append((high - low) / 2)
    return [0.055, 0.035, 0.025], halves
