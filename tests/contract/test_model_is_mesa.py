"""The crisis is an ordinary Mesa model, with each actor of the article found by name."""

import sys
from typing import Any

import mesa
import numpy as np
import pytest

import sim
from sim.actors import Ally, Mediator, States
from sim.actors.base import CrisisAgent

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

#: The public names of ``mesa.Model`` and ``mesa.Agent`` in any of 3.3.1, 3.4.2, 3.5.1 and 4.0.0a0,
#: so that the oldest Mesa already refuses a name that a newer one owns. Each of these versions is
#: compared with them in ``tests/reliability/test_installing.py``.
MESA_NAMES = {
    "Model": """
        agent_id_counter agent_types agents agents_by_type batch clear_all_class_subscriptions
        clear_all_subscriptions data_registry deregister_agent notify observables observe
        observe_class random register_agent remove_all_agents reset_randomizer reset_rng rng run_for
        run_model run_until running scenario schedule_event schedule_recurring step steps
        subscribers suppress time unobserve unobserve_class""".split(),
    "Agent": """
        advance cancel_action create_agents current_action from_dataframe interrupt_for is_busy
        model pos random remove rng scenario start_action step unique_id""".split(),
}
#: What Mesa wants a model and an agent to have: these are its words, used as it means them.
PROTOCOL = {"Model": {"running", "step"}, "Agent": {"model"}}


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
    assert model.read("recognition.count")[0] == 56
    assert model.read("recognition.USA")[0] == 1
    assert model.read("recognition.RUS")[0] == 0


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
    assert np.all(fresh.read("talks.on") == 1)
    assert np.all(fresh.read("talks.round") == 0)
    assert np.all(fresh.government.adaptation == 0)


# Names


def owned_by_mesa(kind: type) -> set[str]:
    """Return the names that a class of the installed Mesa uses, private ones included."""
    empty = mesa.Model()
    one: object = empty if kind is mesa.Model else mesa.Agent(empty)
    return {name for name in {*dir(kind), *vars(one)} if not name.startswith("__")}


def used_by(kind: type, base: type) -> set[str]:
    """Return the names that a class and its parents below Mesa's define or declare."""
    ours = kind.__mro__[: kind.__mro__.index(base)]
    found = set().union(*({*vars(one), *vars(one).get("__annotations__", {})} for one in ours))
    given = vars(type("Plain", (base,), {}))  # Mesa gives each subclass some of its own.
    return {name for name in found - set(given) if not name.startswith("__")}


def clashes(
    built: type[sim.CrisisModel], monkeypatch: pytest.MonkeyPatch, weeks: int = 8
) -> dict[str, set[str]]:
    """Return by class of Mesa which of its names are ours too, defined or set in a few weeks."""
    written: dict[type, set[str]] = {mesa.Model: set(), mesa.Agent: set()}

    def watch(kind: type, base: type) -> None:
        def record(self: Any, name: str, value: object) -> None:
            if not sys._getframe(1).f_globals["__name__"].startswith("mesa."):
                written[base].add(name)
            base.__setattr__(self, name, value)

        monkeypatch.setattr(kind, "__setattr__", record, raising=False)

    watch(built, mesa.Model)
    watch(CrisisAgent, mesa.Agent)
    running = built(sim.load("oslo_2019"), replicates=200, seed=1)
    kinds = {type(agent) for agent in running.agents}
    for _ in range(weeks):
        running.step()
    ours = {
        mesa.Model: used_by(built, mesa.Model) | written[mesa.Model],
        mesa.Agent: written[mesa.Agent].union(*(used_by(kind, mesa.Agent) for kind in kinds)),
    }
    return {
        base.__name__: (names & (owned_by_mesa(base) | set(MESA_NAMES[base.__name__])))
        - PROTOCOL[base.__name__]
        for base, names in ours.items()
    }


def test_no_attribute_of_ours_is_one_that_mesa_owns(monkeypatch: pytest.MonkeyPatch) -> None:
    assert clashes(sim.CrisisModel, monkeypatch) == {"Model": set(), "Agent": set()}


@pytest.mark.parametrize("name", ["scenario", "time", "data_registry", "observe", "agent_types"])
def test_an_attribute_that_mesa_owns_is_caught_by_name(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    defined = type("Defined", (sim.CrisisModel,), {name: None})
    assert used_by(defined, mesa.Model) & set(MESA_NAMES["Model"]) - PROTOCOL["Model"] == {name}

    class Setting(sim.CrisisModel):
        def _begin(self) -> None:
            super()._begin()
            # Past a setter of Mesa's own: whether it would refuse is not the question here.
            with monkeypatch.context() as free:
                free.setattr(mesa.Model, name, None, raising=False)
                before = vars(self).get(name)
                setattr(self, name, before)

    assert clashes(Setting, monkeypatch, weeks=0)["Model"] == {name}
