"""Several senders act as one, and one that does nothing changes no bit."""

from typing import Any

import numpy as np
import pytest

import sim

US = "actors.united_states"
ACCOUNT = {
    "range": [0, 1],
    "basis": "illustrative",
    "source": "drezner2003",
    "reason": "Half of the base's level.",
}


def sender(name: str, **values: float) -> dict[str, Any]:
    units = {"force_perceived": "probability per week", "red_line": "share of the stake"}
    units |= {"relief": "share of the stake", "targeted": "share", "veto": "0 or 1"}
    units["threat_credibility"] = "probability"
    fields = {
        key: {"value": one, **ACCOUNT, "unit": units.get(key, "index")}
        for key, one in values.items()
    }
    return {"kind": "sender", "name": name, **fields}


@pytest.fixture(scope="module")
def oslo() -> sim.Scenario:
    return sim.load("oslo_2019")


def tables(scenario: sim.Scenario, replicates: int = 200) -> dict[str, Any]:
    return dict(sim.run(scenario, replicates, 1, twins=False, record=False).table)


@pytest.mark.parametrize("name", ["aaa_union", "zzz_union"])
def test_a_sender_that_does_nothing_changes_no_bit(oslo: sim.Scenario, name: str):
    other = oslo.alter({f"actors.{name}": sender("A union")})
    before, after = tables(oslo), tables(other)
    assert all(before[key].tobytes() == after[key].tobytes() for key in before)


def model(oslo: sim.Scenario, us: dict[str, float], union: dict[str, float]) -> sim.CrisisModel:
    changes: dict[str, Any] = {f"{US}.{key}": value for key, value in us.items()}
    changes["actors.union"] = sender("A union", **union)
    return sim.CrisisModel(oslo.alter(changes), replicates=4, seed=1)


def test_levels_add_up_to_a_full_embargo_at_most(oslo: sim.Scenario):
    assert np.allclose(model(oslo, {"sanctions": 0.3}, {"sanctions": 0.3}).sender.level, 0.6)
    assert np.allclose(model(oslo, {"sanctions": 0.7}, {"sanctions": 0.7}).sender.level, 1.0)
    both = model(oslo, {"sanctions": 0.4, "easing": 0.5}, {"sanctions": 0.3})
    assert np.allclose(both.sender.level, 0.5)
    assert np.allclose(both.sender.sanctions, 0.7)


def test_the_targeted_share_is_weighted_by_level(oslo: sim.Scenario):
    us, union = {"sanctions": 0.3, "targeted": 0.0}, {"sanctions": 0.1, "targeted": 1.0}
    assert np.allclose(model(oslo, us, union).sender.targeted, 0.25)


def test_relief_needs_the_strictest_line_among_those_that_sanction(oslo: sim.Scenario):
    us = {"sanctions": 0.4, "red_line": 0.3, "relief": 0.5}
    strict = {"sanctions": 0.2, "red_line": 0.8, "relief": 0.2}
    both = model(oslo, us, strict).sender
    assert np.allclose(both.red_line, 0.8)
    assert np.allclose(both.relief * both.sanctions, 0.5 * 0.4 + 0.2 * 0.2)
    idle = {**strict, "sanctions": 0.0}
    assert np.allclose(model(oslo, us, idle).sender.red_line, 0.3)


def test_a_threat_goes_no_further_than_a_full_embargo(oslo: sim.Scenario):
    us = {"sanctions": 0.5, "threat": 1.0, "threat_credibility": 1.0}
    union = {"sanctions": 0.3, "threat": 1.0, "threat_credibility": 1.0}
    both = model(oslo, us, union).sender
    assert np.allclose(both.level + both.further, 1.0)


def test_any_veto_keeps_the_parties_apart(oslo: sim.Scenario):
    vetoed = oslo.alter({"actors.union": sender("A union", veto=1)})
    assert tables(vetoed)["signed_week"].max() == 0


def test_hazards_of_force_are_independent(oslo: sim.Scenario):
    both = model(oslo, {"force_perceived": 0.01}, {"force_perceived": 0.02}).sender
    assert np.allclose(both.force_perceived, 1 - 0.99 * 0.98)


def test_an_event_acts_on_its_own_sender(oslo: sim.Scenario):
    event = {
        "week": 2,
        "actor": "union",
        "action": "impose_sanctions",
        "level": 0.1,
        "source": "P5",
    }
    both = oslo.alter(
        {f"{US}.sanctions": 0.4, "actors.union": sender("A union"), "timeline.x": event}
    )
    crisis = sim.CrisisModel(both, replicates=3, seed=1)
    levels = []
    for _ in range(4):
        crisis.step()
        levels.append(float(crisis.read("sanctions.level")[0]))
    assert levels == pytest.approx([0.4, 0.4, 0.5, 0.5])
