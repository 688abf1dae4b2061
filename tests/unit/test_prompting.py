"""A bloc that waits together, or is prompted by a date of its own: ``prompting`` and its events."""

import numpy as np

import sim
from sim.crisis import CrisisModel

PATH = "actors.states.blocs.european.prompting"


def moved_by_week_0(changes: dict[str, object]) -> dict[tuple[str, bool], float]:
    scenario = sim.load("january_2019").alter(changes)
    model = CrisisModel(scenario, 400, seed=3)
    model.step()
    found = dict(
        zip(
            model.states.groups,
            (float(count.mean()) for count in model.states.recognisers_by_group()),
            strict=True,
        )
    )
    model.release()
    return found


def test_a_bloc_that_waits_moves_less_and_the_others_as_before() -> None:
    waiting = moved_by_week_0({"timeline.europe_waits.value": -0.4})
    free = moved_by_week_0({"timeline.europe_waits.value": 0.0})
    assert waiting["european", True] < free["european", True] - 3
    assert {g: n for g, n in waiting.items() if g[0] != "european"} == {
        g: n for g, n in free.items() if g[0] != "european"
    }


def test_a_prompted_bloc_moves_at_once() -> None:
    prompted = moved_by_week_0({"timeline.europe_waits.value": 0.0, PATH: 0.0})
    event = {
        "id": "more",
        "on": "2019-01-27",
        "actor": "states",
        "action": "set",
        "path": PATH,
        "value": 0.5,
        "source": "E020",
    }
    at_once = moved_by_week_0({"timeline.europe_waits.value": 0.0, "timeline.more": event})
    assert at_once["european", False] > prompted["european", False] + 5


def test_a_neutral_prompting_changes_no_bit_of_the_base_scenario() -> None:
    base = sim.load("oslo_2019")
    runs = [
        sim.run(scenario, replicates=64, seed=2, twins=False)
        for scenario in (base, base.alter({PATH: {"value": 0, "unit": "index"}}))
    ]
    for name in runs[0].table:
        assert runs[0].table[name].tobytes() == runs[1].table[name].tobytes(), name


def test_states_of_a_waiting_bloc_decide_when_the_wait_ends() -> None:
    scenario = sim.load("january_2019").alter({"timeline.europe_waits.value": -0.4})
    ensemble = sim.run(scenario, replicates=400, seed=3, twins=False)
    gained = np.diff(ensemble.weekly["recognition.count"].paths.mean(axis=0))
    assert gained[0] > 15
