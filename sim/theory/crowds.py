"""Cascades and coups: T23 to T29 and T31."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.special import chdtrc, ndtr, ndtri

from sim.draws import Draws
from sim.mechanisms import loyalty
from sim.mechanisms.classic import crowds
from sim.theory.bargains import Pair, one
from sim.theory.check import check


@check(
    "T23",
    "thresholds 0..99 give 100; 1 changed to 2 gives 1; k to k+1 gives k; 99 to 100 gives 99",
    0.0,
    "Granovetter 1978",
)
def _one_person() -> Pair:
    everyone = np.arange(100)
    published, computed = [100.0], [float(crowds.granovetter(everyone))]
    for changed in range(1, 100):
        other = everyone.copy()
        other[changed] += 1
        published.append(float(changed))
        computed.append(float(crowds.granovetter(other)))
    return published, computed


@check(
    "T24",
    "the standard deviation at which a cascade with thresholds N(25, sd) of 100 tips",
    1e-3,
    "Granovetter 1978 (tipping point solved from tangency)",
)
def _tipping() -> Pair:
    return [_tangency()], [_tipping_by_iteration()]


def _tangency() -> float:
    """Solve F(r) = r and F'(r) = 1 for the lower fixed point, in persons of 100.

    With z = (r - 25) / sd the slope condition is 100 phi(z) = sd, and F(r) = 100 Phi(z) = r.
    """

    def gap(z: float) -> float:
        sd = 100 * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
        return float(100 * ndtr(z) - 25 - z * sd)

    low, high = -3.0, -1.0
    for _ in range(200):
        middle = (low + high) / 2
        if (gap(middle) > 0) == (gap(high) > 0):
            high = middle
        else:
            low = middle
    return float(100 * np.exp(-low * low / 2) / np.sqrt(2 * np.pi))


def _tipping_by_iteration() -> float:
    """Bisect on the end of the iterated cascade."""
    low, high = 5.0, 25.0
    for _ in range(30):
        middle = (low + high) / 2
        if crowds.normal_cascade(0.25, middle / 100) < 0.5:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@check(
    "T25",
    "the final set does not depend on the order of decisions, and grows when a threshold falls",
    0.0,
    "Granovetter 1978",
)
def _order() -> Pair:
    differs = shrinks = 0
    for trial in range(60):
        luck = Draws(25, 60)
        thresholds = (70 * luck.uniform("theory.order.threshold", trial)).astype(np.int64)
        orders = [
            np.argsort(luck.uniform(f"theory.order.{which}", trial)) for which in ("one", "two")
        ]
        ends = [crowds.granovetter_one_by_one(thresholds, order) for order in orders]
        differs += not np.array_equal(ends[0], ends[1])
        differs += len(ends[0]) != crowds.granovetter(thresholds)
        lower = thresholds.copy()
        lower[trial] = max(0, lower[trial] - 5)
        after = crowds.granovetter_one_by_one(lower, orders[0])
        shrinks += not set(ends[0]) <= set(after)
    return [0.0, 0.0], [float(differs), float(shrinks)]


@check(
    "T26",
    "global cascades on random networks just where the condition says, for three thresholds",
    0.0,
    "Watts 2002",
)
def _windows() -> Pair:
    # Away from the window's ends, which networks of finite size blur.
    degrees = {0.12: (0.6, 2.5, 6.0, 14.0), 0.18: (0.6, 2.5, 4.0, 8.0), 0.24: (0.6, 1.8, 3.0, 6.0)}
    cases = [(z, phi) for phi, row in degrees.items() for z in row]
    predicted = [float(crowds.watts_condition(z, phi)) for z, phi in cases]
    found = []
    for index, (degree, phi) in enumerate(cases):
        size = 4000
        edges = round(size * degree / 2)
        luck = Draws(26, 2 * edges).uniform("theory.watts", index).reshape(edges, 2)
        largest = max(
            crowds.watts_cascade(size, degree, phi, luck, seed) for seed in range(0, 400, 8)
        )
        found.append(float(largest > 0.2))
    return predicted, found


@check(
    "T27",
    "the same public state and other private thresholds: one in ten, and nine in ten",
    0.0,
    "Kuran 1989, 1991",
)
def _hidden() -> Pair:
    quiet = np.array([0, 2, 2, 3, 4, 5, 6, 7, 8, 10])
    tense = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 10])
    publicly = [float(np.sum(people <= 0)) for people in (quiet, tense)]
    ends = [float(crowds.granovetter(people)) for people in (quiet, tense)]
    return [1.0, 1.0, 1.0, 9.0], [*publicly, *ends]


@check(
    "T28",
    "theta* = 1 - c; share A(.55) = .6926 at c = .4, sigma = .2; with a public prior .8356, .5, "
    ".1644; unique while beta >= alpha^2 / 2 pi",
    1e-4,
    "Morris & Shin 2003; Angeletos, Hellwig & Pavan 2007",
)
def _global_game() -> Pair:
    tipping = loyalty.tipping_strength(one(0.4), one(0.0))
    share = loyalty.defection_probability(one(0.55), tipping, one(0.2))
    public = [_with_public_prior(cost, 0.5, 4.0) for cost in (0.2, 0.5, 0.8)]
    unique = [float(_solutions(alpha, 1.0) == 1) for alpha in (2.4, 3.2)]
    bound = [float(alpha**2 / (2 * np.pi) <= 1.0) for alpha in (2.4, 3.2)]
    return (
        [0.6, 0.6926, 0.8356, 0.5, 0.1644, *bound],
        [tipping[0], share[0], *public, *unique],
    )


def _excess(theta: np.ndarray, cost: float, alpha: float, beta: float) -> np.ndarray:
    """Return the payoff of the marginal attacker whose cut-off makes theta the tipping strength.

    Public prior N(.5, 1/alpha), private precision beta: with x* = theta + Phi^-1(theta)/sqrt(beta)
    the attacker believes P(fall | x*) = Phi(sqrt(alpha+beta) (theta - m)), m the posterior mean.
    """
    signal = theta + ndtri(theta) / np.sqrt(beta)
    mean = (alpha * 0.5 + beta * signal) / (alpha + beta)
    believed: np.ndarray = ndtr(np.sqrt(alpha + beta) * (theta - mean))
    return believed - cost


def _with_public_prior(cost: float, alpha: float, beta: float) -> float:
    low, high = 1e-12, 1 - 1e-12
    rising = _excess(np.array([high]), cost, alpha, beta)[0] > 0
    for _ in range(200):
        middle = (low + high) / 2
        above = _excess(np.array([middle]), cost, alpha, beta)[0] > 0
        low, high = (low, middle) if above == rising else (middle, high)
    return (low + high) / 2


def _solutions(alpha: float, beta: float) -> int:
    """Count the tipping strengths at c = .5 on a fine grid."""
    grid = np.linspace(1e-6, 1 - 1e-6, 200_001)
    above = _excess(grid, 0.5 + 1e-9, alpha, beta) > 0
    return int(np.sum(above[1:] != above[:-1]))


@check(
    "T29",
    "the marginal unit's rank is uniform: chi-square p > .01 (published 1 for uniform)",
    0.0,
    "Morris & Shin 2003",
)
def _laplacian() -> Pair:
    units, trials = 12, 60_000
    luck = Draws(29, trials)
    cut = loyalty.tipping_strength(one(0.4), one(0.0))
    # Given its own signal at the cut-off, a diffuse prior puts strength at x* minus its own error.
    strength = cut - 0.2 * luck.normal("theory.rank.own")
    below = sum(
        (strength + 0.2 * luck.normal(f"theory.rank.{unit}") < cut).astype(np.int64)
        for unit in range(units - 1)
    )
    counts = np.bincount(np.asarray(below), minlength=units)
    expected = trials / units
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return [1.0], [float(chdtrc(units - 1, statistic) > 0.01)]


@check(
    "T31",
    "the incumbent keeps d (1 - w) / (1 - d w), solved from what a challenger can promise; "
    "falling in w",
    1e-9,
    "Bueno de Mesquita et al. 2003 (derived)",
)
def _selectorate() -> Pair:
    sizes = [0.05, 0.2, 0.5, 0.8]
    formula = [crowds.selectorate_share(0.9, w) for w in sizes]
    solved = [_kept_by_search(0.9, w) for w in sizes]
    rises = float(sum(b >= a for a, b in pairwise(formula)))
    return [*formula, 0.0], [*solved, rises]


def _kept_by_search(discount: float, coalition: float) -> float:
    """Find the least spending that keeps the coalition from a challenger, in shares of revenue.

    A challenger gives everything once; afterwards a supporter is in his coalition with
    probability w and gets what the incumbent pays.
    """
    low, high = 0.0, 1.0
    for _ in range(200):
        spent = (low + high) / 2
        stays = spent / (1 - discount)
        defects = 1 + discount * coalition * spent / (1 - discount)
        low, high = (low, spent) if stays >= defects else (spent, high)
    return 1 - (low + high) / 2
