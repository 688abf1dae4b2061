"""Tipping points lie where the outcome turns, and the state that moves most is the patron."""

import json

import numpy as np
import pytest

import sim
from sim.errors import UsageError
from sim.experiments.pivotal import pivotal_states
from sim.experiments.tipping import (
    PRECISION,
    most_likely,
    outcome_counts,
    present,
    tipping_points,
)
from sim.outcomes import OUTCOMES

OSLO = sim.load("oslo_2019")
REPLICATES, SEED = 120, 1
PATH = "actors.opposition.hardness"


def likeliest(value: float) -> str:
    altered = OSLO.alter({PATH: value})
    result = sim.run(altered, REPLICATES, SEED, record=False, twins=False)
    return OUTCOMES[int(np.bincount(result.outcome, minlength=8).argmax())]


def test_the_most_likely_outcome_differs_on_the_two_sides_of_a_tipping_point():
    one = tipping_points(OSLO, [PATH], REPLICATES, SEED)[0]
    assert one.value is not None
    step = PRECISION * abs(one.end - one.start)
    back = one.value + (step if one.value < one.start else -step)
    # Found in wide models, checked by plain runs of the altered scenario.
    assert likeliest(one.start) == one.before
    assert likeliest(back) == one.before
    assert likeliest(one.value) == one.after != one.before
    low, high = OSLO.parameters[PATH].quantity.range or (0.0, 0.0)
    assert one.distance == pytest.approx(abs(one.value - one.start) / (high - low))


def test_counts_of_a_wide_model_are_those_of_a_plain_run():
    counts = outcome_counts(OSLO, PATH, [0.0, 0.5], 40, SEED)
    for value, row in zip((0.0, 0.5), counts, strict=True):
        plain = sim.run(OSLO.alter({PATH: value}), 40, SEED, record=False, twins=False)
        assert row.tolist() == np.bincount(plain.outcome, minlength=8).tolist()
    assert most_likely(np.array([[1, 3, 3]])).tolist() == [1]


def test_tipping_points_are_sorted_and_those_that_stay_come_last():
    paths = [PATH, "actors.russia.weight"]
    rows = tipping_points(OSLO, paths, 40, SEED)
    distances = [row.distance for row in rows if row.distance is not None]
    assert distances == sorted(distances)
    assert all(row.value is None for row in rows[len(distances) :])
    assert {row.path for row in rows} == set(paths)


def test_a_whole_number_tips_at_a_whole_number():
    for row in tipping_points(OSLO, ["actors.armed_forces.units"], 60, SEED):
        assert row.value is None or row.value == round(row.value)


def test_the_present_value_of_a_distribution_is_its_median():
    assert present(OSLO, OSLO.parameters["talks.uncertainty"]) == pytest.approx(0.5)
    assert present(OSLO, OSLO.parameters["talks.cool_off"]) == 8


def test_an_argument_of_an_event_moves_along_its_domain():
    embargo = sim.load("embargo_august_2019")
    rows = tipping_points(embargo, ["timeline.embargo.level"], 200, SEED)
    assert {row.end for row in rows} == {0.0, 1.0}
    assert [row.start for row in rows] == [0.85, 0.85]


def test_paths_that_cannot_be_looked_along_are_refused():
    with pytest.raises(UsageError, match=r"did you mean 'actors\.opposition\.hardness'"):
        tipping_points(OSLO, ["actors.opposition.hardnes"], 4, SEED)
    with pytest.raises(UsageError, match="cannot be varied here"):
        tipping_points(OSLO, ["weeks"], 4, SEED)


def test_the_state_that_moves_the_others_most_is_the_patron():
    short = OSLO.alter({"weeks": 30, "actors.states.blocs.european.threshold": 0.4})
    rows = pivotal_states(short, 12, SEED)
    assert len(rows) == len(OSLO.members)
    assert rows[0].code == "USA"
    assert not rows[0].joins
    assert rows[0].high < 0
    shifts = [abs(row.shift) for row in rows]
    assert shifts == sorted(shifts, reverse=True)


def test_tipping_prints_its_document(capsys, monkeypatch):
    from sim.cli.main import main

    words = ["tipping", "oslo_2019", "talks.cool_off", "-n", "20", "--json", "--quiet"]
    monkeypatch.setattr("sys.argv", ["parley", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    rows = json.loads(capsys.readouterr().out)["results"]
    assert {row["path"] for row in rows} == {"talks.cool_off"}
    assert {"value", "distance", "before", "after", "shares"} <= set(rows[0])
