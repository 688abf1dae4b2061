"""Bargaining, red lines and why it fails: T01 to T12 and T14."""

from __future__ import annotations

import numpy as np

from sim.draws import Draws
from sim.mechanisms import bargaining
from sim.mechanisms.arrays import Array
from sim.mechanisms.classic import offers
from sim.theory.check import Numbers, check

Pair = tuple[Numbers, Numbers]


def one(value: float) -> Array:
    """Return a number as the mechanisms take it, shape (1,)."""
    return np.full(1, value)


@check(
    "T01",
    "first proposer's share for (.9,.9), (.95,.9), (.99,.95); backward induction converges to it",
    1e-6,
    "Rubinstein 1982",
)
def _rubinstein() -> Pair:
    pairs = ((0.9, 0.9), (0.95, 0.9), (0.99, 0.95))
    published = [0.526316, 0.689655, 0.840336]
    computed = [offers.rubinstein(*pair) for pair in pairs]
    induced = [offers.rubinstein_by_induction(*pair) for pair in pairs]
    return published * 2, computed + induced


@check("T02", "the share tends to r2/(r1+r2) as the period shrinks", 1e-4, "Rubinstein 1982")
def _patience() -> Pair:
    rates, tick = (0.04, 0.08), 0.001
    share = offers.rubinstein(*(float(np.exp(-rate * tick)) for rate in rates))
    return [offers.rubinstein_limit(*rates)], [share]


@check("T03", "with 1, 2, 3 rounds and d = .9 the shares are 1, .1, .91", 1e-15, "Rubinstein 1982")
def _finite() -> Pair:
    return [1.0, 0.1, 0.91], [offers.finite_rounds(0.9, rounds) for rounds in (1, 2, 3)]


@check(
    "T04",
    "an outside option binds only above the Rubinstein share",
    1e-6,
    "Binmore, Shaked & Sutton 1989",
)
def _outside_option() -> Pair:
    share = offers.rubinstein(0.9, 0.9)
    computed = [offers.with_outside_option(share, option) for option in (0.3, 0.526316, 0.7)]
    return [0.526316, 0.526316, 0.7], computed


@check(
    "T05",
    "settlement d_O + beta S for (.2,.5,.4); unchanged by rescaling; no agreement for S < 0",
    1e-12,
    "Nash 1950",
)
def _nash() -> Pair:
    low, high, weight = one(0.2), one(0.5), one(0.4)
    plain = bargaining.settlement(low, high - low, weight)
    # The same problem with one side's utility multiplied by 3 and shifted, then scaled back.
    scaled = (bargaining.settlement(low * 1, high - low, weight) * 3 + 1 - 1) / 3
    never = bargaining.is_acceptable(one(-0.01), one(0.0), one(4.0))
    always = bargaining.is_acceptable(one(0.01), one(0.0), one(4.0))
    return [0.32, 0.32, 0.0, 1.0], [plain[0], scaled[0], float(never[0]), float(always[0])]


@check(
    "T06",
    "concessions end within two steps of the Nash point from 100 disagreement points",
    2e-3,
    "Zeuthen 1930; Harsanyi 1956",
)
def _zeuthen() -> Pair:
    luck = Draws(6, 100)
    first = 0.45 * luck.uniform("theory.zeuthen.first")
    second = 0.45 * luck.uniform("theory.zeuthen.second")
    ends = [offers.zeuthen(float(a), float(b), 1e-3) for a, b in zip(first, second, strict=True)]
    return list(first + (1 - first - second) / 2), ends


@check(
    "T07",
    "share (1+k_A)/(2+k_A+k_B); even if both lines are hard; all of it if one alone is",
    1e-4,
    "Muthoo 1996",
)
def _commitment() -> Pair:
    pairs = ((0, 0), (1, 0), (1, 1), (3, 1), (9, 1), (1e9, 1e9), (1e9, 0))
    computed = [offers.muthoo(*pair) for pair in pairs]
    return [0.5, 0.6667, 0.5, 0.6667, 0.8333, 0.5, 1.0], computed


@check(
    "T08",
    "a soft line is the weighted mean: k = 0 the plain value, k = 1e9 the line, rising between",
    1e-8,
    "Muthoo 1996 (derived)",
)
def _red_line() -> Pair:
    plain, line, weight = one(0.4), one(0.9), one(0.7)
    hardness = np.geomspace(1e-3, 1e3, 200)
    path = bargaining.soften(plain, line, weight, hardness)
    ends = [bargaining.soften(plain, line, weight, one(k))[0] for k in (0.0, 1e9, np.inf)]
    falls = float(np.sum(np.diff(path) <= 0))
    return [0.4, 0.9, 0.9, 0.0], [*ends, falls]


@check(
    "T09",
    "zone width c_O + c_G; ultimatum at (.4,.1,.5) demands .6 and fails with probability .4",
    1e-12,
    "Fearon 1995",
)
def _fearon() -> Pair:
    low, high = offers.fearon_zone(0.4, 0.1, 0.25)
    return [0.35, 0.6, 0.4], [high - low, *offers.fearon_ultimatum(0.4, 0.1, 0.5)]


@check(
    "T10",
    "a declining side fights iff d (p2 - c_A) > p1 + c_B; equality means no war",
    0.0,
    "Powell 2004",
)
def _powell() -> Pair:
    cases = (
        (0.95, 0.3, 0.6, 0.05, 0.10),
        (0.95, 0.5, 0.6, 0.05, 0.10),
        (1.0, 0.25, 0.5, 0.125, 0.125),
    )
    return [1.0, 0.0, 0.0], [float(offers.powell_fights(*case)) for case in cases]


def _double_auction(width: float, draws: int = 200_000) -> tuple[Array, Array]:
    """Play the double auction; return who trades by the offers rule and by the 1/4 rule.

    A buyer's value and a seller's cost are uniform over ``width``; the linear strategies are those
    of the equilibrium (2/3 of the value plus 1/12, 2/3 of the cost plus 1/4 of the width).
    """
    luck = Draws(11, draws)
    value = width * luck.uniform("theory.auction.value")
    cost = width * luck.uniform("theory.auction.cost")
    bid, ask = 2 * value / 3 + width / 12, 2 * cost / 3 + width / 4
    by_offers = (bid >= ask).astype(np.float64)
    by_rule = bargaining.is_acceptable(value - cost, one(width), one(4.0)).astype(np.float64)
    return by_offers, by_rule


@check(
    "T11",
    "P(trade) = 9/32 within 3 standard errors; the offers and the 1/4 rule agree draw by draw",
    3.02e-3,  # three standard errors of a share of 9/32 in 200,000 draws
    "Chatterjee & Samuelson 1983",
)
def _trade() -> Pair:
    by_offers, by_rule = _double_auction(1.0)
    return [9 / 32, 0.0], [by_offers.mean(), float(np.abs(by_offers - by_rule).sum())]


@check(
    "T12",
    "deal iff zone >= omega/4, as the model's offers meet; with omega = 0 iff zone >= 0",
    0.0,
    "Chatterjee & Samuelson 1983; Myerson & Satterthwaite 1983",
)
def _rescaled() -> Pair:
    luck = Draws(12, 100_000)
    low, divisor = luck.uniform("theory.zone.low"), one(4.0)
    zone = luck.uniform("theory.zone.width") - 0.4
    omega = luck.uniform("theory.zone.omega")
    ask, bid = bargaining.offers(low, low + zone, omega, divisor)
    rule = bargaining.is_acceptable(zone, omega, divisor)
    # Where the two sides of an inequality are equal to rounding, either answer is right.
    clear = np.abs(zone - omega / 4) > 1e-12
    known = bargaining.is_acceptable(zone, one(0.0), divisor)
    disagree = float(np.sum((bid >= ask)[clear] != rule[clear]))
    return [0.0, 0.0], [disagree, float(np.sum(known != (zone >= 0)))]


@check(
    "T14",
    "mean duration, who concedes first, and the spread of an exponential, in standard errors",
    3.0,
    "Maynard Smith 1974; Hendricks, Weiss & Wilson 1988",
)
def _attrition() -> Pair:
    cost, prize, tick, ticks, wars = (0.1, 0.3), (1.0, 2.0), 0.02, 6000, 3000
    luck = Draws(14, ticks * 2)
    played = [
        offers.attrition(luck.uniform("theory.attrition", war).reshape(ticks, 2), cost, prize, tick)
        for war in range(wars)
    ]
    ended = [war for war in played if war is not None]
    length = np.array([war[0] for war in ended])
    first = np.array([war[1] for war in ended], dtype=np.float64)
    hazards = cost[1] / prize[1], cost[0] / prize[0]
    mean, chance = 1 / sum(hazards), hazards[0] / sum(hazards)
    survives = float(np.mean(length > mean))
    computed = [
        (length.mean() - mean) / (mean / np.sqrt(wars)),
        (first.mean() - chance) / np.sqrt(chance * (1 - chance) / wars),
        (survives - np.exp(-1)) / np.sqrt(np.exp(-1) * (1 - np.exp(-1)) / wars),
        float(wars - len(ended)),
    ]
    return [0.0, 0.0, 0.0, 0.0], computed
