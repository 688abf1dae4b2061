"""The crisis is an ordinary Mesa model, with each actor of the article found by name."""

import mesa
import numpy as np
import pytest

import sim
from sim.actors import Ally, Mediator, States

ACTORS = {
    "Maduro government",
    "Guaido-led opposition and National Assembly",
    "United States administration",
    "Norway",
    "Russia",
    "China",
    "Cuba",
    "Bolivia",
    "Turkey",
    "South Africa",
    "Venezuelan armed forces",
    "Protesting public",
    "Oil assets held abroad",
    "States of the world",
}


@pytest.fixture(scope="module")
def model() -> sim.CrisisModel:
    return sim.CrisisModel(sim.load("oslo_2019"), replicates=1, seed=1)


def test_the_model_is_a_mesa_model_of_mesa_agents(model: sim.CrisisModel) -> None:
    assert isinstance(model, mesa.Model)
    assert all(isinstance(agent, mesa.Agent) for agent in model.agents)


def test_each_actor_of_the_article_is_an_agent_of_its_own(model: sim.CrisisModel) -> None:
    names = model.agents.get("name")
    assert set(names) == ACTORS
    assert len(names) == len(ACTORS)


def test_agents_are_found_by_type(model: sim.CrisisModel) -> None:
    assert len(model.agents_by_type[Ally]) == 6
    assert model.agents_by_type[Mediator].get("name") == ["Norway"]
    assert len(model.agents_by_type[States]) == 1


def test_every_state_but_venezuela_is_in_the_world_by_name(model: sim.CrisisModel) -> None:
    assert len(model.states.codes) == 196
    assert "VEN" not in model.states.codes
    assert model.observe("recognition.count")[0] == 56
    assert model.observe("recognition.USA")[0] == 1
    assert model.observe("recognition.RUS")[0] == 0


def test_a_step_is_a_week_and_a_finished_model_stands_still() -> None:
    short = sim.load("base/venezuela_2019").alter({"weeks": 3})
    model = sim.CrisisModel(short, replicates=1, seed=1)
    model.step()
    assert model.week == 1
    while model.running:
        model.step()
    week, outcome = model.week, model.outcome.copy()
    model.step()
    assert not model.running
    assert model.week == week
    assert np.array_equal(model.outcome, outcome)


def test_an_ended_replicate_is_latched() -> None:
    scenario = sim.load("oslo_2019")
    model = sim.CrisisModel(scenario, replicates=300, seed=1)
    seen: dict[int, tuple[int, int]] = {}
    while model.running:
        model.step()
        for row in np.flatnonzero(~model.live):
            now = (int(model.outcome[row]), int(model.outcome_week[row]))
            assert seen.setdefault(int(row), now) == now
    assert len(seen) == 300


def test_the_state_at_the_start_is_that_of_the_first_talks(model: sim.CrisisModel) -> None:
    fresh = sim.CrisisModel(sim.load("oslo_2019"), replicates=4, seed=1)
    assert np.all(fresh.observe("talks.on") == 1)
    assert np.all(fresh.observe("talks.round") == 0)
    assert np.all(fresh.government.adaptation == 0)
