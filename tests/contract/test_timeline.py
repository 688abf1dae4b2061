"""Events do what their row in the registry says, when their clock says it."""

from typing import Any

import numpy as np
import pytest

import sim
from sim.table import APART, IMPLEMENTING, TALKS

OSLO = sim.load("oslo_2019")
REPLICATES = 200
#: Nobody meets unless an event brings them together.
NO_OCCASION = {"actors.norway.convene": 0, "talks.occasions_unmediated": 0}
#: Nothing but the timeline decides whether talks go on.
PATIENT = {
    "actors.opposition.loss_strung_along": 0,
    "actors.opposition.leave_above": 1,
    "actors.opposition.enter_below": 1,
    "actors.street.attempts": 0,
}
NEVER_TABLED = {"talks.final_offers": 0, "talks.round_length": 500}


def event(name: str, **fields: Any) -> dict[str, Any]:
    return {f"timeline.{name}": {"id": name, "source": "P12", **fields}}


def model(*changes: dict[str, Any]) -> sim.CrisisModel:
    merged: dict[str, Any] = {}
    for change in changes:
        merged.update(change)
    return sim.CrisisModel(OSLO.alter(merged), REPLICATES, seed=5)


def step(crisis: sim.CrisisModel, weeks: int) -> sim.CrisisModel:
    for _ in range(weeks):
        crisis.step()
    return crisis


def test_a_conditional_event_fires_once_in_the_first_week_in_which_it_holds() -> None:
    rule = {"actor": "united_states", "action": "impose_sanctions", "level": 0.95}
    crisis = model(event("embargo", when="talks.failed_rounds >= 1 and week > 3", **rule))
    fired = np.full(REPLICATES, -1)
    while crisis.week < 40:
        due = (crisis.read("talks.failed_rounds") >= 1) & (crisis.week > 3)
        fired = np.where((fired < 0) & due, crisis.week, fired)
        crisis.step()
    assert np.array_equal(crisis.sender.sanctions == 0.95, fired >= 0)
    assert np.any(fired < 0)
    assert len(set(fired)) > 5


def test_a_repeated_event_fires_in_each_of_its_weeks() -> None:
    rule = {"actor": "norway", "action": "offer_guarantee", "level": 0.8}
    scenario = OSLO.alter(event("again", week=2, every="3 weeks", until=10, **rule))
    assert scenario.timeline[0].weeks == (2, 5, 8)


def test_resume_ends_the_cool_off_and_brings_an_occasion_the_same_week() -> None:
    pause = event("pause", week=0, actor="norway", action="suspend", weeks=30)
    back = event("back", week=5, actor="norway", action="resume")
    crisis = step(model(NO_OCCASION, PATIENT, pause, back), 5)
    assert np.all(crisis.table.phase == APART)
    assert np.all(step(crisis, 1).table.phase == TALKS)


def test_a_pause_is_no_failure_and_nothing_is_signed_in_it() -> None:
    short = {"talks.round_length": 1, "talks.final_offers": 1}
    pause = event("pause", week=0, actor="government", action="suspend", weeks=6)
    crisis = step(model(PATIENT, short, NO_OCCASION, pause), 1)
    assert np.all(crisis.table.phase == APART)
    assert not crisis.table.failed_rounds.any()
    assert not crisis.table.signed_week.any()


SIDES = [("government", "opposition"), ("opposition", "government")]


@pytest.mark.parametrize(("side", "other"), SIDES)
def test_who_accepts_takes_the_offer_of_the_other_side(side: str, other: str) -> None:
    offer = event("offer", week=1, actor=other, action="make_offer", x=0.37)
    taken = event("taken", week=1, actor=side, action="accept")
    crisis = step(model(PATIENT, NEVER_TABLED, offer, taken), 2)
    assert np.all(crisis.table.phase == IMPLEMENTING)
    assert np.all(crisis.table.deal == 0.37)


def test_accepting_without_an_offer_takes_what_the_other_would_offer() -> None:
    taken = event("taken", week=1, actor="opposition", action="accept")
    crisis = step(model(PATIENT, NEVER_TABLED, taken), 2)
    # A bid shades the government's limit, and never goes beyond it.
    middle = (crisis.table.low + crisis.table.high) / 2
    bound = np.clip(middle + crisis.table.zone / 3, 0, 1)
    assert np.all(crisis.table.phase == IMPLEMENTING)
    assert np.all(crisis.table.deal <= bound)


def test_a_rejection_stops_a_deal_of_that_week() -> None:
    offer = event("offer", week=1, actor="government", action="make_offer", x=0.9)
    taken = event("taken", week=1, actor="opposition", action="accept")
    refused = event("refused", week=1, actor="government", action="reject")
    crisis = step(model(PATIENT, NEVER_TABLED, offer, taken, refused), 2)
    assert not crisis.table.signed_week.any()


def test_an_event_holds_a_state_where_it_set_it() -> None:
    quiet = {"actors.states.change_of_government": 0}
    moved = event("moved", week=0, actor="european", action="withdraw_recognition")
    crisis = model(quiet, moved)
    members = [key for key, member in OSLO.members.items() if member.bloc == "european"]
    step(crisis, 20)
    for code in members:
        assert not crisis.states.recognises(code).any()


def test_a_mediator_that_is_not_at_work_brings_nobody_together() -> None:
    away = {"actors.norway.present": 0}
    pause = event("pause", week=0, actor="government", action="suspend", weeks=3)
    back = event("back", week=8, actor="norway", action="resume")
    crisis = step(model(NO_OCCASION, PATIENT, away, pause, back), 12)
    assert np.all(crisis.table.phase == APART)
