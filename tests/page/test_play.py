"""Play a side: from the first decision to the verdict, with the decisions as a scenario file."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.page import play
from sim.page.play import Decision
from tests.page.conftest import Visit

#: One server and one browser for all: they are dear, and share two cores.
pytestmark = pytest.mark.xdist_group("page")

GUARANTEE = (Decision(3, "norway", "offer_guarantee", {"level": 0.6}),)


def test_a_side_can_be_played_from_start_to_end(visit: Visit, tmp_path: Path):
    page = visit.page
    page.get_by_text("Play a side").click()
    page.get_by_text("Next week").wait_for()
    page.get_by_label("Side", exact=True).locator("xpath=ancestor::*[@role='button']").click()
    page.get_by_role("option", name="Norway").click()
    page.locator("[role=button]").filter(has=page.get_by_label("Decision this week")).click()
    page.get_by_role("option", name="offer guarantee").click()
    level = page.get_by_label("level", exact=False).first
    level.fill("0.6")
    level.press("Enter")
    page.get_by_text("Next week").click()
    page.get_by_text("Your decisions").wait_for()
    page.get_by_text("Week 1, 24 May 2019").wait_for()
    page.get_by_text("To the end").click()
    page.get_by_text("With the same decisions").wait_for(timeout=60_000)
    with page.expect_download() as waiting:
        page.get_by_text("Save as a scenario file").last.click()
    file = tmp_path / "as_played.yaml"
    waiting.value.save_as(file)
    assert [event.id for event in sim.load(str(file)).timeline] == ["played_0"]
    assert visit.complaints == []
    assert visit.elsewhere == []


def test_what_is_played_is_the_replicate_of_the_ensemble():
    oslo = sim.load("oslo_2019")
    ensemble = sim.run(play.played(oslo, GUARANTEE), 20, 1, record=False, twins=False)
    for replicate in (0, 7, 19):
        model = play.stepped(oslo, GUARANTEE, replicate, 1, oslo.weeks)
        assert not model.running
        assert model.outcome[0] == ensemble.outcome[replicate]
        assert model.outcome_week[0] == ensemble.table["week"][replicate]


def test_the_verdict_pairs_the_decisions_with_the_same_luck():
    oslo = sim.load("oslo_2019")
    verdict = play.judge(oslo, GUARANTEE, outcome=4, replicates=400, seed=1)
    shift = (verdict.ensemble.outcome == 4).mean() - (verdict.base.outcome == 4).mean()
    assert verdict.difference.difference == pytest.approx(shift)
    assert "likelier" in verdict.sentences()[0]
    idle = play.judge(oslo, (), outcome=4, replicates=50, seed=1)
    assert np.array_equal(idle.base.outcome, idle.ensemble.outcome)
    assert "no difference" in idle.sentences()[0]


@pytest.mark.parametrize("actor", ["government", "norway", "opposition", "united_states"])
def test_every_choice_of_a_side_is_a_valid_event(actor: str):
    oslo = sim.load("oslo_2019")
    found = play.choices(oslo, actor)
    assert found
    for name, arguments in found.items():
        numbers = {one.name: one.high if one.high <= 1 else one.low for one in arguments}
        altered = play.played(oslo, (Decision(5, actor, name, numbers),))
        assert altered.timeline[0].action == name


def test_saved_decisions_and_levers_load_again(tmp_path: Path):
    from sim.page import levers

    oslo = sim.load("oslo_2019")
    file = tmp_path / "p.yaml"
    file.write_text(play.as_file(oslo, GUARANTEE), encoding="utf-8")
    assert sim.load(str(file)).timeline[0].action == "offer_guarantee"
    file.write_text(levers.as_file(oslo, {"actors.norway.bias": 0.3, "talks.uncertainty": 0.2}))
    again = sim.load(str(file)).parameters
    assert again["actors.norway.bias"].quantity.value == 0.3
    assert again["talks.uncertainty"].quantity.value == 0.2
