"""Directions of the integrated model, on paired luck.

A difference must have its sign beyond three paired standard errors; under no effect at all a
relation would pass by chance with probability 0.00135.
"""

from collections.abc import Callable
from typing import Any

import pytest

import sim
from sim.analysis.paired import Difference
from sim.experiments.comparison import Alternative

REPLICATES = 4000
SEED = 1
BOUND = 3.0

Changes = dict[str, Any]
Measure = Callable[[Alternative], Difference]

OSLO = sim.load("oslo_2019")
ALLIES = [key for key, actor in OSLO.actors.items() if actor.kind == "ally"]
SENDER, NORWAY = "actors.united_states", "actors.norway"


def by_week_26(alternative: Alternative) -> Difference:
    return alternative.signed_by(26)


def defection(alternative: Alternative) -> Difference:
    return alternative.outcomes()[0]


agreement: Measure = Alternative.agreement
reneged: Measure = Alternative.reneged_given_signed

RELATIONS: list[tuple[str, Changes, Changes, list[tuple[Measure, int]]]] = [
    # The mean week of a first deal given a deal is not asserted: selection moves it up.
    ("M1", {f"{NORWAY}.present": 0}, {}, [(agreement, +1), (by_week_26, +1)]),
    (
        "M4",
        {f"{NORWAY}.guarantee": 0},
        {f"{NORWAY}.guarantee": 0.6},
        [(agreement, +1), (reneged, -1)],
    ),
    ("M5 level", {f"{SENDER}.sanctions": 0}, {f"{SENDER}.sanctions": 0.6}, [(agreement, +1)]),
    (
        "M5 ceiling",
        {"actors.government.adaptation_ceiling": 0},
        {"actors.government.adaptation_ceiling": 0.6},
        [(agreement, -1)],
    ),
    (
        "M5 speed",
        {"actors.government.adaptation_speed": 0.03},
        {"actors.government.adaptation_speed": 0.12},
        [(agreement, -1)],
    ),
    (
        "M7",
        {f"actors.{ally}.support": 0 for ally in ALLIES},
        {f"actors.{ally}.support": 1 for ally in ALLIES},
        [(agreement, -1), (defection, -1)],
    ),
    ("M9", {"actors.states": None}, {}, [(agreement, -1), (defection, +1)]),
    (
        "M17",
        {"actors.armed_forces.amnesty": 0},
        {"actors.armed_forces.amnesty": 1},
        [(defection, +1)],
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "signs"),
    [relation[1:] for relation in RELATIONS],
    ids=[relation[0] for relation in RELATIONS],
)
def test_a_change_moves_the_outcome_in_its_direction(
    before: Changes, after: Changes, signs: list[tuple[Measure, int]]
) -> None:
    result = sim.compare(OSLO.alter(before), {"changed": OSLO.alter(after)}, REPLICATES, SEED)
    for measure, sign in signs:
        difference = measure(result.alternatives[0])
        verdict = sign * difference.difference / difference.error
        assert verdict > BOUND, f"{difference.name}: {difference.difference:+.4f}, {verdict:.1f} se"
