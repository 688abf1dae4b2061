"""Events that take time: a level approached by steps, a level revoked, per replicate."""

from typing import Any

import numpy as np
import pytest

import sim

WEEKS = 16
US = {"actor": "united_states", "source": "P5"}


@pytest.fixture(scope="module")
def oslo() -> sim.Scenario:
    fixed = {"actors.united_states.sanctions": 0.6, "weeks": WEEKS}
    return sim.load("oslo_2019").alter(fixed)


def by_week(scenario: sim.Scenario, name: str, replicates: int = 3) -> Any:
    """Return a variable as each week used it, shape (R, WEEKS)."""
    model = sim.CrisisModel(scenario, replicates, seed=1)
    found = []
    while model.running:
        model.step()
        found.append(np.array(model.read(name)))
    return np.stack(found, axis=1)


def event(**fields: Any) -> dict[str, Any]:
    return {"timeline.x": {"week": 4, "action": "impose_sanctions", "level": 0.8, **US, **fields}}


def test_a_level_is_approached_in_equal_steps(oslo: sim.Scenario):
    found = by_week(oslo.alter(event(over="4 weeks")), "sanctions.level")[0]
    steps = [0.65, 0.7, 0.75]
    assert found == pytest.approx([*[0.6] * 5, *steps, *[0.8] * (WEEKS - 8)])
    assert found[8] == 0.8  # The level itself, not a rounding beside it.


def test_a_level_is_revoked(oslo: sim.Scenario):
    found = by_week(oslo.alter(event(**{"for": "5 weeks"})), "sanctions.level")[0]
    assert found.tolist() == [*[0.6] * 4, *[0.8] * 5, *[0.6] * (WEEKS - 9)]


def test_a_level_is_approached_and_then_revoked(oslo: sim.Scenario):
    found = by_week(oslo.alter(event(over="2 weeks", **{"for": 6})), "sanctions.level")[0]
    expected = [*[0.6] * 5, 0.7, *[0.8] * 4, *[0.6] * (WEEKS - 10)]
    assert found == pytest.approx(expected)


def test_until_revokes_after_its_week(oslo: sim.Scenario):
    found = by_week(oslo.alter(event(until=8)), "sanctions.level")[0]
    assert found.tolist() == [*[0.6] * 4, *[0.8] * 5, *[0.6] * (WEEKS - 9)]


def test_measures_that_overlap_leave_nothing_behind(oslo: sim.Scenario):
    second = {"week": 6, "action": "impose_sanctions", "level": 0.9, **US, "for": 6}
    altered = oslo.alter({**event(**{"for": 5}), "timeline.y": second})
    found = by_week(altered, "sanctions.level")[0]
    assert found.tolist() == [*[0.6] * 4, *[0.8] * 2, *[0.9] * 6, *[0.6] * (WEEKS - 12)]


def test_a_measure_outlasts_one_that_falls_within_it(oslo: sim.Scenario):
    within = {"week": 6, "action": "impose_sanctions", "level": 0.9, **US, "for": 3}
    altered = oslo.alter({**event(**{"for": 10}), "timeline.y": within})
    found = by_week(altered, "sanctions.level")[0]
    expected = [*[0.6] * 4, *[0.8] * 2, *[0.9] * 3, *[0.8] * 5, *[0.6] * (WEEKS - 14)]
    assert found.tolist() == expected


def test_three_measures_in_a_pile_end_in_any_order(oslo: sim.Scenario):
    one = {"action": "impose_sanctions", **US}
    second = {**one, "week": 5, "level": 0.9, "for": 3}
    third = {**one, "week": 6, "level": 1.0, "for": 6}
    altered = oslo.alter({**event(**{"for": 10}), "timeline.y": second, "timeline.z": third})
    found = by_week(altered, "sanctions.level")[0]
    expected = [*[0.6] * 4, 0.8, 0.9, *[1.0] * 6, *[0.8] * 2, *[0.6] * (WEEKS - 14)]
    assert found.tolist() == expected


def test_of_measures_of_one_week_the_later_in_the_file_applies(oslo: sim.Scenario):
    second = {"week": 4, "action": "impose_sanctions", "level": 0.9, **US, "for": 6}
    altered = oslo.alter({**event(**{"for": 3}), "timeline.y": second})
    found = by_week(altered, "sanctions.level")[0]
    assert found.tolist() == [*[0.6] * 4, *[0.9] * 6, *[0.6] * (WEEKS - 10)]


def test_steps_begin_at_the_level_in_force(oslo: sim.Scenario):
    steps = {"week": 6, "action": "impose_sanctions", "level": 1.0, **US, "over": 2, "for": 4}
    altered = oslo.alter({**event(**{"for": 8}), "timeline.y": steps})
    found = by_week(altered, "sanctions.level")[0]
    expected = [*[0.6] * 4, *[0.8] * 3, 0.9, *[1.0] * 2, *[0.8] * 2, *[0.6] * (WEEKS - 12)]
    assert found == pytest.approx(expected)


def test_a_measure_that_stays_is_not_revoked_with_one_that_ends(oslo: sim.Scenario):
    stays = {"week": 6, "action": "impose_sanctions", "level": 0.9, **US}
    altered = oslo.alter({**event(**{"for": 5}), "timeline.y": stays})
    found = by_week(altered, "sanctions.level")[0]
    assert found.tolist() == [*[0.6] * 4, *[0.8] * 2, *[0.9] * (WEEKS - 6)]


def test_easing_ends_as_the_new_level_is_approached(oslo: sim.Scenario):
    eased = oslo.alter({"actors.united_states.easing": 0.5, **event(over="4 weeks")})
    found = by_week(eased, "sanctions.level")[0]
    assert (np.diff(found[4:9]) > 0).all()
    assert found[[4, 8]] == pytest.approx([0.3, 0.8])


def test_any_parameter_can_take_its_time(oslo: sim.Scenario):
    change = {"action": "set", "path": "actors.united_states.sanctions", "value": 0.2}
    found = by_week(
        oslo.alter({"timeline.x": {"week": 4, **US, **change, "over": 2}}), "sanctions.level"
    )
    assert found[0] == pytest.approx([*[0.6] * 5, 0.4, *[0.2] * (WEEKS - 6)])


def test_a_switch_can_be_revoked(oslo: sim.Scenario):
    veto = {"week": 0, "action": "veto_talks", **US, "for": "10 weeks"}
    found = by_week(oslo.alter({"timeline.x": veto}), "talks.on", replicates=200)
    assert found[:, :10].sum() == 0
    assert found[:, 10:].sum() > 0


def test_each_replicate_counts_from_its_own_week(oslo: sim.Scenario):
    change = {"when": "mobilisation < 0.5", "action": "impose_sanctions", "level": 0.8, **US}
    altered = oslo.alter({"timeline.x": {**change, "over": 2, "for": 4}})
    levels = by_week(altered, "sanctions.level", replicates=50)
    firsts = set()
    for row in levels:
        moved = np.flatnonzero(row != 0.6)
        if moved.size and moved[0] + 3 < WEEKS:
            firsts.add(int(moved[0]))
            part = row[moved[0] : moved[0] + 4]
            assert part == pytest.approx([0.7, 0.8, 0.8, 0.6])
    assert len(firsts) > 1


def test_support_returns_to_the_level_it_had(oslo: sim.Scenario):
    support = {"actors.russia.support": 0.5, "actors.russia.threshold": 0.0}
    leaves = {"week": 4, "actor": "russia", "action": "set_support", "level": 0.0, "source": "P6"}
    altered = oslo.alter({**support, "timeline.x": {**leaves, "for": 3}})
    found = by_week(altered, "russia.support")[0]
    assert found[[3, 7]].tolist() == [0.5, 0.5]
    assert found[5] == 0.0


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"over": "soon"}, "`over` must read like `4 weeks`, up to 999, not 'soon'"),
        ({"for": 0}, "`for` must read like `4 weeks`, up to 999, not 0"),
        ({"over": 5, "for": 4}, "the level is revoked before it is reached"),
        ({"over": 5, "every": "4 weeks"}, "`over` does not go with `every`"),
        ({"action": "veto_talks", "level": None, "over": 3}, "`over` goes by steps to a level"),
        (
            {"actor": "norway", "action": "suspend", "level": None, "weeks": 3, "for": 3},
            "`for` revokes a level, and suspend sets none",
        ),
    ],
)
def test_a_duration_that_makes_no_sense_is_refused(
    oslo: sim.Scenario, fields: dict[str, Any], message: str
):
    wrong = event(**fields)
    wrong["timeline.x"] = {k: v for k, v in wrong["timeline.x"].items() if v is not None}
    with pytest.raises(sim.ScenarioError, match=message.replace("(", r"\(")):
        oslo.alter(wrong)


def test_a_ramp_is_the_same_in_any_block(oslo: sim.Scenario):
    altered = oslo.alter(event(over=3, **{"for": 8}))
    whole = sim.run(altered, 60, 1, twins=False)
    parts = sim.run(altered, 60, 1, twins=False, block=7)
    assert whole.weekly["zone"].paths.tobytes() == parts.weekly["zone"].paths.tobytes()
