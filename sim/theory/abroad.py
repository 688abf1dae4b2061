"""Sanctions and the street: T21, T22, T32 to T34."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.data import load
from sim.mechanisms import mobilisation, sanctions
from sim.mechanisms.classic import crowds, offers
from sim.theory.bargains import Pair, one
from sim.theory.check import check


@check(
    "T21",
    "adaptation: half-life 22.76 weeks at .03, floor s (1 - abar), pain 25.688 in 52 weeks; "
    "closed form to 1e-12",
    5e-3,
    "Early 2015 (derived)",
)
def _adaptation() -> Pair:
    level, speed, ceiling = one(0.7), one(0.03), one(0.6)
    adapted, path = one(0.0), []
    for _ in range(2000):
        path.append(float(sanctions.bite(level, adapted)[0]))
        adapted = sanctions.adapt(adapted, speed, ceiling, level)
    weeks = np.arange(2000)
    closed = 0.7 * (1 - 0.6 * (1 - 0.97**weeks))
    beyond = float(np.max(np.abs(np.array(path) - closed)) > 1e-12)
    # The half-life is read off the path: where the gap to the floor has halved.
    gap = (np.array(path) - path[-1]) / (path[0] - path[-1])
    half = float(np.interp(-0.5, -gap, weeks))
    return [22.76, 0.28, 25.688, 0.0], [half, path[-1], sum(path[:52]), beyond]


@check(
    "T22",
    "as conflict expectation rises, concessions fall and willingness to impose rises",
    0.0,
    "Drezner 1999 (derived)",
)
def _paradox() -> Pair:
    results = [offers.drezner(e, 0.5, 0.2) for e in np.linspace(0, 1, 101)]
    rising = sum(b[0] >= a[0] for a, b in pairwise(results))
    stops = sum(a[1] and not b[1] for a, b in pairwise(results))
    willing = [float(results[0][1]), float(results[-1][1])]
    return [0.0, 0.0, 0.0, 1.0], [float(rising), float(stops), *willing]


@check(
    "T32",
    "arrest probability .8997 at C = A = 1; active shares .4444 at P = 0 and .0198 at P = .9",
    1e-4,
    "Epstein 2002",
)
def _rebellion() -> Pair:
    computed = [
        crowds.epstein_arrest(1.0, 1.0),
        crowds.epstein_active_share(0.82, 0.1, 0.0),
        _active_on_a_grid(0.0),
        _active_on_a_grid(0.9),
        crowds.epstein_arrest(1.0, 1.5),
    ]
    return [0.8997, 0.4444, 0.4444, 0.0198, 0.0], computed


def _active_on_a_grid(arrest: float, legitimacy: float = 0.82, threshold: float = 0.1) -> float:
    """Average over hardship the share of risk aversions that rise: the definition, no formula."""
    hardship = (np.arange(100_000) + 0.5) / 100_000
    margin = hardship * (1 - legitimacy) - threshold
    if arrest == 0:
        return float((margin > 0).mean())
    return float(np.clip(margin / arrest, 0, 1).mean())


@check(
    "T33",
    "without shocks mobilisation settles at inflow / (d_m + d_talk)",
    1e-9,
    "Lohmann 1994 (derived)",
)
def _mobilised() -> Pair:
    decay, in_talks, gain = one(0.04), one(0.03), one(0.02)
    ends = []
    for talking in (one(0.0), one(1.0)):
        level = one(0.9)
        for _ in range(3000):
            level = mobilisation.mobilise(level, decay, in_talks, talking, gain)
        ends.append(float(level[0]))
    return [0.02 / 0.04, 0.02 / 0.07], ends


#: Success and number of episodes by goal: modest change, regime change, disrupting military
#: adventures, impairing military potential, other major change (Hufbauer et al. 2007).
HUFBAUER = ((22, 43), (25, 80), (4, 19), (9, 29), (10, 33))


@check(
    "T34",
    "episodes by goal sum to 70 of 204; the shipped shares are theirs",
    0.01,
    "Hufbauer, Schott, Elliott & Oegg 2007",
)
def _reference_rows() -> Pair:
    rows = {row.id: row for row in load("base_rates")}
    shipped = [
        rows[name].value or 0.0 for name in ("SAN_HSE_REGIME", "SAN_HSE_MODEST", "SAN_HSE_ALL")
    ]
    sums = [float(sum(column)) for column in zip(*HUFBAUER, strict=True)]
    shares = [25 / 80, 22 / 43, 70 / 204]
    return [70.0, 204.0, *shares], [*sums, *shipped]
