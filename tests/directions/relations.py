"""The directions that must hold: a change, what it must move, and the literature behind it.

``python -m tests.directions`` prints the table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import sim
from sim.analysis.paired import Difference, difference_of_means
from sim.ensemble import run
from sim.experiments.comparison import Alternative
from sim.results import Ensemble

REPLICATES = 4000
SEED = 1
#: A relation with no effect at all would pass by chance with probability 0.00135.
BOUND = 3.0

Changes = dict[str, Any]
Measure = Callable[[Alternative], Difference]

OSLO = sim.load("oslo_2019")
ALLIES = [key for key, actor in OSLO.actors.items() if actor.kind == "ally"]
GOV, OPP, US = "actors.government", "actors.opposition", "actors.united_states"
NORWAY, MILITARY, STREET = "actors.norway", "actors.armed_forces", "actors.street"

UP, DOWN, NOT_UP, ZERO, SAME = "up", "down", "not up", "to zero", "the same"


@dataclass(frozen=True)
class Relation:
    """One change, all else equal, and the direction in which each measure must move."""

    id: str
    change: str
    before: Changes
    after: Changes
    expected: tuple[tuple[Measure, str], ...]
    support: str


def agreement(alternative: Alternative) -> Difference:
    return alternative.agreement()


def defection(alternative: Alternative) -> Difference:
    return alternative.outcomes()[0]


def reneged(alternative: Alternative) -> Difference:
    return alternative.reneged_given_signed()


def by_week_26(alternative: Alternative) -> Difference:
    """P(deal by week 26): the mean week given a deal would be selected, and is not asserted."""
    return alternative.signed_by(26)


def mobilisation(alternative: Alternative) -> Difference:
    return next(d for d in alternative.means() if d.name == "mobilisation_end")


def recorded(name: str) -> Measure:
    """Return the difference of a recorded variable's mean over the first half year."""

    def early(ensemble: Ensemble) -> np.ndarray:
        return np.nanmean(ensemble.weekly[name].paths[:, :26], axis=1)

    def measure(alternative: Alternative) -> Difference:
        return difference_of_means(name, early(alternative.base), early(alternative.ensemble))

    return measure


def hardness(factor: float) -> Changes:
    """Scale both sides' red-line hardness."""
    scaled: Changes = {}
    for side in (GOV, OPP):
        path = f"{side}.hardness"
        law = OSLO.parameters[path].quantity
        low, high = (factor * end for end in law.support())
        scaled[path] = {"dist": "uniform", "low": low, "high": high} if factor else 0
    return scaled


ONE_ISSUE = {"agenda": [{"id": "good", "value": 1, "cost": 1}]}
UP_A, DOWN_A = ((agreement, UP),), ((agreement, DOWN),)

RELATIONS = [
    Relation("M1", "mediator absent to present", {f"{NORWAY}.present": 0}, {},
             ((agreement, UP), (by_week_26, UP)), "Beardsley 2008; Bercovitch"),
    Relation("M2", "mediator's bias 0 to inside the Kydd band", {f"{NORWAY}.bias": 0},
             {f"{NORWAY}.bias": 0.6}, UP_A, "Kydd 2003; Savun 2008"),
    Relation("M2 far", "mediator's bias 0 to far outside the band", {f"{NORWAY}.bias": 0},
             {f"{NORWAY}.bias": 2}, ((agreement, NOT_UP),), "Kydd 2003"),
    Relation("M4", "guarantee 0 to .6", {f"{NORWAY}.guarantee": 0}, {f"{NORWAY}.guarantee": 0.6},
             ((agreement, UP), (reneged, DOWN)), "Walter 2002; Fortna 2003"),
    Relation("M5", "sanctions 0 to .6", {f"{US}.sanctions": 0}, {f"{US}.sanctions": 0.6}, UP_A,
             "Hufbauer et al. 2007"),
    Relation("M5 ceiling", "adaptation ceiling 0 to .6", {f"{GOV}.adaptation_ceiling": 0},
             {f"{GOV}.adaptation_ceiling": 0.6}, DOWN_A, "Early 2015"),
    Relation("M5 speed", "adaptation four times as fast", {f"{GOV}.adaptation_speed": 0.03},
             {f"{GOV}.adaptation_speed": 0.12}, DOWN_A, "Allen 2005"),
    Relation("M6", "a threat of .8 added to sanctions of .2",
             {f"{US}.sanctions": 0.2, f"{US}.threat": 0},
             {f"{US}.sanctions": 0.2, f"{US}.threat": 0.8}, UP_A, "Drezner 2003"),
    Relation("M6 credible", "the threat's credibility .3 to .9",
             {f"{US}.sanctions": 0.2, f"{US}.threat": 0.8, f"{US}.threat_credibility": 0.3},
             {f"{US}.sanctions": 0.2, f"{US}.threat": 0.8, f"{US}.threat_credibility": 0.9}, UP_A,
             "Morgan, Bapat & Kobayashi 2014"),
    Relation("M7", "all allies' support 0 to 1", {f"actors.{a}.support": 0 for a in ALLIES},
             {f"actors.{a}.support": 1 for a in ALLIES}, ((agreement, DOWN), (defection, DOWN)),
             "Hufbauer et al. 2007; McLean & Whang 2010"),
    Relation("M9", "recognition off to on", {"actors.states": None}, {},
             ((agreement, DOWN), (defection, UP)), "Cunningham 2006, 2010; Coggins 2011"),
    Relation("M10", "seized assets 0 to .4", {"actors.oil_assets.value": 0},
             {"actors.oil_assets.value": 0.4}, DOWN_A, "Nash 1950; Kuperman 2008"),
    Relation("M11", "sender's red line for relief .9 to .2", {f"{US}.red_line": 0.9},
             {f"{US}.red_line": 0.2}, UP_A, "Cunningham 2010"),
    Relation("M11 veto", "sender's veto 0 to 1", {}, {f"{US}.veto": 1}, ((agreement, ZERO),),
             "Cunningham 2010"),
    Relation("M12", "hardness of both red lines x0 to x1", hardness(0), {}, DOWN_A,
             "Fearon 1994; Muthoo 1996"),
    Relation("M12 x4", "hardness of both red lines x1 to x4", {}, hardness(4), DOWN_A,
             "Fearon 1994; Muthoo 1996"),
    Relation("M13", "opposition's belief about strength .50 to .20",
             {f"{OPP}.belief_strength": 0.5}, {f"{OPP}.belief_strength": 0.2}, DOWN_A,
             "Fearon 1995; Blainey 1973"),
    Relation("M15", "share of good-faith governments 1 to 0", {f"{GOV}.good_faith": 1},
             {f"{GOV}.good_faith": 0}, DOWN_A, "Richmond 1998"),
    Relation("M15 time", "value of time 0 to .3", {f"{GOV}.value_of_time": 0},
             {f"{GOV}.value_of_time": 0.3}, DOWN_A, "Beardsley 2011"),
    Relation("M17", "amnesty 0 to 1", {f"{MILITARY}.amnesty": 0}, {f"{MILITARY}.amnesty": 1},
             ((defection, UP),), "Escriba-Folch & Krcmaric 2017"),
    Relation("M18", "coup-proofing .46 to .60", {f"{MILITARY}.strength": 0.46},
             {f"{MILITARY}.strength": 0.6}, ((defection, DOWN),), "Quinlivan 1999; Svolik 2012"),
    Relation("M19", "mobilisation inflow .010 to .030", {f"{STREET}.inflow": 0.01},
             {f"{STREET}.inflow": 0.03}, ((defection, UP),), "Casper & Tyson 2014"),
    Relation("M20", "talks demobilise more", {f"{STREET}.decay_in_talks": 0},
             {f"{STREET}.decay_in_talks": 0.1}, ((mobilisation, DOWN),), "Lohmann 1994"),
    Relation("M22", "ripeness 0 to .03", {"talks.softening": 0}, {"talks.softening": 0.03}, UP_A,
             "Zartman 2000"),
    Relation("M23", "broad to targeted sanctions", {f"{US}.targeted": 0}, {f"{US}.targeted": 1},
             ((agreement, NOT_UP),), "Drezner 2011"),
    Relation("M26", "sender's seat 0 to 1", {}, {f"{US}.seat": 1}, UP_A, "Cunningham 2010; P8"),
    Relation("M27", "perceived foreign force 0 to .01", {f"{US}.force_perceived": 0},
             {f"{US}.force_perceived": 0.01},
             ((recorded("x_min"), UP), (recorded("x_max"), UP)), "Kuperman 2008; P16"),
    Relation("M28", "the agenda of the base to one issue", {}, ONE_ISSUE, DOWN_A,
             "Raiffa 1982; Keeney & Raiffa 1976"),
]  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """A relation's result: the difference, in paired standard errors, and whether it holds."""

    relation: Relation
    difference: Difference
    expected: str
    holds: bool

    @property
    def errors(self) -> float:
        d = self.difference
        return d.difference / d.error if d.error > 0 else float(np.sign(d.difference)) * np.inf


def holds(difference: Difference, expected: str) -> bool:
    shift, bound = difference.difference, BOUND * difference.error
    if expected == ZERO:
        return difference.alternative == 0
    if expected == NOT_UP:
        return shift <= bound
    return shift > bound if expected == UP else -shift > bound


def judge(relation: Relation, replicates: int = REPLICATES) -> list[Verdict]:
    """Run both sides of a relation on the same luck and judge each measure."""
    if relation.id == "M27":
        sides = [
            run(OSLO.alter(changes), replicates, SEED, twins=False)
            for changes in (relation.before, relation.after)
        ]
        alternative = Alternative(relation.id, *sides)
    else:
        result = sim.compare(
            OSLO.alter(relation.before), {relation.id: OSLO.alter(relation.after)}, replicates, SEED
        )
        alternative = result.alternatives[0]
    found = [(measure(alternative), expected) for measure, expected in relation.expected]
    return [Verdict(relation, d, expected, holds(d, expected)) for d, expected in found]
