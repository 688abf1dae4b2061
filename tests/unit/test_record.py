"""A run beside the record: what is drawn, counted and scored is what run and tables hold."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest

import sim
from sim.experiments import against_record
from sim.experiments.against_record import GroupMoves, brier_of_states
from sim.plots import plot_against_record, record_alt_text
from sim.results import Ensemble


@pytest.fixture(scope="module")
def run() -> Ensemble:
    return sim.run(sim.load("january_2019"), replicates=300, seed=1, twins=False)


def test_the_figure_draws_the_observed_path_and_counts_what_lies_inside(run: Ensemble) -> None:
    observed = np.array([21.0, 44.0, 52.0, 150.0])
    ax = plot_against_record(run, "recognition.count", observed)
    dots = next(line for line in ax.get_lines() if line.get_marker() == "o")
    assert dots.get_ydata().tolist() == observed.tolist()
    words = [text.get_text() for text in ax.texts]
    assert "3 of 4 observations lie inside the 5 to 95% band" in words
    assert "3 of 4 observations" in record_alt_text(run, "recognition.count", observed)
    plt.close("all")


def test_a_state_of_the_case_is_named_once_and_belongs_to_the_scenario() -> None:
    days = against_record.libya_days()
    members = sim.load(against_record.LIBYA).members
    assert len(days) == 48
    assert set(days) <= set(members)
    assert "LBY" not in members
    assert str(days["FRA"]) == "2011-03-10"


def test_the_score_of_states_is_that_of_its_definition() -> None:
    groups = [
        GroupMoves(("a", True), 2, 0, 1.5, 2, 2),
        GroupMoves(("a", False), 3, 0, 0.3, 1, 0),
    ]
    own, alike = brier_of_states(groups)
    assert own == pytest.approx((2 * 0.25**2 + 3 * 0.1**2) / 5)
    assert alike == pytest.approx((2 * 0.6**2 + 3 * 0.4**2) / 5)


def test_libya_is_compared_week_by_week_with_the_case() -> None:
    one = against_record.libya()
    assert (len(one.observed), one.fitted) == (25, 25)
    assert one.observed[[0, 3, 22, 23, 24]].tolist() == [1, 4, 30, 41, 48]
    bands = one.bands()
    inside = (bands[:, 0] <= one.observed) & (one.observed <= bands[:, 2])
    assert one.inside() == pytest.approx(inside.mean())
    assert sum(row.observed for row in one.groups()) == 48
