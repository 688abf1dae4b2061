"""What the page on comparable cases says: what happened, and the shares that the model gives it.

``docs/tables.py`` puts it into Markdown.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

import sim
from sim import data, outcomes
from sim.analysis.intervals import wilson
from sim.ensemble import run
from sim.results import Ensemble

REPLICATES, SEED = 2000, 1
#: Likeliest outcomes that are told by name.
TOLD = 2
#: Days on which states of the Libyan case are counted, in the record and in the model.
COUNTED = ("2011-04-30", "2011-06-30", "2011-07-31", "2011-08-31")
LIBYA, LIBYA_ROWS = "libya_2011", "libya_2011"
ORGANISATIONS = {"un_general_assembly", "african_union"}


@dataclass(frozen=True)
class Case:
    """What the rows of ``cases.csv`` tell, and the outcomes of the model that come nearest."""

    record: str
    nearest: tuple[str, ...]


CASES = {
    "zimbabwe_2008": Case(
        "an agreement to share power is signed in week 25 and carried out by week 46",
        ("power_sharing",),
    ),
    "kenya_2008": Case(
        "an accord on a coalition is signed in week 10 and its cabinet sworn in in week 17",
        ("power_sharing",),
    ),
    "honduras_2009": Case(
        "an accord is signed in week 18 and declared dead a week later; the election that was due "
        "ends the dispute",
        ("frozen_stalemate", "regime_consolidation", "talks_collapse"),
    ),
    "cote_divoire_2010": Case(
        "missions fail; an offensive in week 18 and foreign helicopters in week 19; the incumbent "
        "is captured in week 20",
        ("military_defection", "foreign_intervention"),
    ),
    "libya_2011": Case(
        "the road map is refused; the leader is killed in week 35, seven months after foreign "
        "force was authorised",
        ("military_defection", "foreign_intervention"),
    ),
    "gambia_2016": Case(
        "two missions fail; troops enter in week 8; the president leaves by agreement soon after",
        ("negotiated_transition",),
    ),
}


@cache
def ensemble(name: str) -> Ensemble:
    """Return the run behind a row."""
    return run(sim.load(name), REPLICATES, SEED, twins=False)


def share_of(hits: np.ndarray) -> str:
    """Return a share with its interval, in percent."""
    count = int(hits.sum())
    low, high = wilson(count, REPLICATES)
    return f"{count / REPLICATES:.1%} ({low:.1%} to {high:.1%})"


def row(name: str) -> tuple[str, ...]:
    """Return one case: record, shares, likeliest outcomes."""
    case, table = CASES[name], ensemble(name).table
    codes = np.asarray(table["outcome"])
    shares = np.bincount(codes, minlength=len(outcomes.OUTCOMES)) / REPLICATES
    likeliest = np.argsort(-shares, kind="stable")[:TOLD]
    told = ", ".join(f"{outcomes.OUTCOMES[k].replace('_', ' ')} {shares[k]:.0%}" for k in likeliest)
    near = np.isin(codes, [outcomes.OUTCOMES.index(outcome) for outcome in case.nearest])
    words = " or ".join(outcome.replace("_", " ") for outcome in case.nearest)
    return (
        f"`{name}`",
        case.record,
        f"{words}: {share_of(near)}",
        share_of(ensemble(name).signed),
        share_of(np.isin(codes, outcomes.OUT_OF_OFFICE)),
        told,
    )


def rows() -> list[tuple[str, ...]]:
    """Return the rows of all cases."""
    return [row(name) for name in CASES]


def recognition_rows() -> list[tuple[str, ...]]:
    """Return the recognisers of the Libyan case, dated in the record, and the model's band."""
    scenario, found = sim.load(LIBYA), ensemble(LIBYA)
    days = [
        case.date
        for case in data.load("cases")
        if case.case == LIBYA_ROWS
        and case.event_type == "recognition"
        and case.actor not in ORGANISATIONS
    ]
    paths = found.weekly["recognition.count"].paths
    result = []
    for text in COUNTED:
        day = np.datetime64(text).astype(object)
        week = (day - scenario.start).days // 7
        now = paths[:, week]
        low, middle, high = np.quantile(now[np.isfinite(now)], (0.05, 0.5, 0.95))
        observed = sum(date <= day for date in days)
        result.append((text, str(observed), f"{middle:.0f}", f"{low:.0f} to {high:.0f}"))
    return result
