"""Drivers and boxes: published test functions through the functions that ``analyse`` calls."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.analysis import study
from sim.analysis.discovery import find_boxes
from sim.analysis.drivers import Driver, given_data, morris_effects, sobol_indices
from sim.errors import UsageError
from sim.experiments.designs import morris, saltelli
from sim.sweeps import open_sweep
from tests.command import Parley

NAMES = ("x1", "x2", "x3")
#: Ishigami & Homma (1990) with a = 7, b = 0.1: first-order and total indices in closed form.
VARIANCE = 49 / 8 + 0.1 * np.pi**4 / 5 + 0.1**2 * np.pi**8 / 18 + 0.5
FIRST = {
    "x1": 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2 / VARIANCE,
    "x2": 49 / 8 / VARIANCE,
    "x3": 0.0,
}
MIXED = 8 * 0.1**2 * np.pi**8 / 225 / VARIANCE
TOTAL = {"x1": FIRST["x1"] + MIXED, "x2": FIRST["x2"], "x3": MIXED}


def ishigami(unit: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * unit - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def columns(unit: np.ndarray) -> dict[str, np.ndarray]:
    return {f"x{k + 1}": unit[:, k] for k in range(unit.shape[1])}


def by_name(drivers: list[Driver]) -> dict[str, Driver]:
    return {one.name: one for one in drivers}


def test_sobol_indices_of_the_ishigami_function_are_the_published_ones():
    unit = saltelli(8192, 3, seed=1)
    found = by_name(sobol_indices(columns(unit), ishigami(unit)))
    for name in NAMES:
        assert found[name].index == pytest.approx(FIRST[name], abs=0.02)
        assert found[name].total == pytest.approx(TOTAL[name], abs=0.02)
        assert found[name].low <= FIRST[name] <= found[name].high
        assert found[name].total_low <= TOTAL[name] <= found[name].total_high


def test_given_data_indices_of_the_ishigami_function_are_near():
    unit = np.random.default_rng(2).random((20_000, 3))
    found = by_name(given_data(columns(unit), ishigami(unit)))
    # Bins smooth over part of what x1 and x2 do within them.
    for name in NAMES:
        assert found[name].index == pytest.approx(FIRST[name], abs=0.02)
    assert found["x3"].low == 0.0


def test_interval_of_a_given_data_index_covers_the_truth_as_often_as_it_says():
    # Y = X1 + noise on six values of X1, so that groups are exact: S1 is known in closed form.
    hits, tries, between = 0, 200, 35 / 12
    for seed in range(tries):
        luck = np.random.default_rng(seed)
        x = luck.integers(0, 6, 600).astype(float)
        response = x + luck.normal(0, 2.0, 600)
        one = given_data({"x": x, "y": luck.random(600)}, response, seed)
        hits += by_name(one)["x"].low <= between / (between + 4) <= by_name(one)["x"].high
    # Binomial(200, .9): fewer than 150 has probability below 1e-8.
    assert hits >= 150


def test_morris_effects_rank_a_linear_function_by_its_slopes():
    unit = morris(20, 3, seed=3)
    found = morris_effects(columns(unit), unit @ np.array([1.0, 5.0, 0.0]))
    assert [one.name for one in found] == ["x2", "x1", "x3"]
    assert [one.index for one in found] == pytest.approx([5, 1, 0])


def test_a_design_that_does_not_allow_an_index_says_which_does():
    unit = np.random.default_rng(4).random((100, 3))
    with pytest.raises(UsageError, match="--design saltelli"):
        sobol_indices(columns(unit), ishigami(unit))
    with pytest.raises(UsageError, match="--design morris"):
        morris_effects(columns(unit), ishigami(unit))
    with pytest.raises(UsageError, match="few"):
        given_data(columns(unit[:10]), ishigami(unit[:10]))
    with pytest.raises(UsageError, match="nothing drives it"):
        given_data(columns(unit), np.zeros(100))


@pytest.mark.parametrize("seed", range(5))
def test_prim_finds_the_box_of_hastie_tibshirani_and_friedman(seed: int):
    # The Elements of Statistical Learning (2009), figure 9.7: 200 uniform points, y = 1 where
    # 0.5 < x1 < 0.8 and 0.4 < x2 < 0.6, a tenth peeled at a time.
    unit = np.random.default_rng(seed).random((200, 2))
    inside = (unit[:, 0] > 0.5) & (unit[:, 0] < 0.8) & (unit[:, 1] > 0.4) & (unit[:, 1] < 0.6)
    box = find_boxes(columns(unit), inside, peel=0.1)[0]
    assert (box.coverage, box.density) == (1.0, 1.0)
    assert box.limits["x1"] == pytest.approx((0.5, 0.8), abs=0.1)
    assert box.limits["x2"] == pytest.approx((0.4, 0.6), abs=0.1)


def test_prim_leaves_out_what_chance_explains_and_counts_what_lies_inside():
    luck = np.random.default_rng(5)
    unit = luck.random((2000, 6))
    hot = (unit[:, 0] > 0.6) & (unit[:, 3] < 0.5)
    interesting = luck.random(2000) < np.where(hot, 0.8, 0.05)
    box = find_boxes(columns(unit), interesting)[0]
    assert set(box.limits) == {"x1", "x4"}
    inside = np.ones(2000, dtype=bool)
    for name, (low, high) in box.limits.items():
        values = columns(unit)[name]
        inside &= (values >= low) & (values <= high)
    assert box.coverage == pytest.approx((inside & interesting).sum() / interesting.sum())
    assert box.density == pytest.approx(interesting[inside].mean())
    assert box.support == pytest.approx(inside.mean())


def test_prim_refuses_what_has_no_box():
    unit = np.random.default_rng(6).random((100, 2))
    with pytest.raises(UsageError, match="no point"):
        find_boxes(columns(unit), np.zeros(100, dtype=bool))


@pytest.fixture(scope="module")
def result() -> sim.Ensemble:
    return sim.run(sim.load("oslo_2019"), 600, 1, record=False, twins=False)


def test_a_run_has_each_number_once_and_warns_of_few_points(result: sim.Ensemble):
    one = study.study_run(result, "signed")
    assert one.response.mean() == pytest.approx(result.signed.mean())
    assert "actors.government.good_faith" in one.points
    assert "actors.opposition.prior_good_faith" not in one.points
    assert any("same number" in text for text in one.remarks())
    assert any("600 points are few" in text for text in one.remarks())


def test_curves_hold_every_point_and_heat_maps_too(result: sim.Ensemble):
    one = study.study_run(result, "signed")
    rows = study.curve(one, "actors.united_states.sanctions")
    assert sum(row.points for row in rows) == 600
    assert sum(row.points * row.mean for row in rows) == pytest.approx(one.response.sum())
    assert all(row.low <= row.mean <= row.high for row in rows)
    names = ("actors.united_states.sanctions", "actors.norway.guarantee")
    mean, number, _ = study.heat(one, *names)
    assert number.sum() == 600
    assert np.nansum(mean * number) == pytest.approx(one.response.sum())


def test_a_run_without_uncertainty_says_what_to_run(result: sim.Ensemble):
    with pytest.raises(UsageError, match="parley sweep oslo_2019"):
        study.study_run(replace(result, parameters={}), "agreement")
    with pytest.raises(UsageError, match="there is no outcome 'agrement'"):
        study.study_run(result, "agrement")


def test_analyse_reads_a_sweep_and_a_run(parley: Parley, tmp_path: Path):
    axes = ("actors.united_states.sanctions=0.2:0.9", "actors.norway.guarantee=0:0.8")
    vary = [word for axis in axes for word in ("--vary", axis)]
    size = ["--points", "16", "-n", "20", "-o", "s.sqlite"]
    assert parley("sweep", "oslo_2019", *vary, "--design", "saltelli", *size).code == 0
    assert open_sweep(tmp_path / "s.sqlite").size == 64
    told = parley("analyse", "s.sqlite", "--outcome", "signed", "-o", "out", "--json").document
    assert told["method"] == "sobol"
    assert {row["driver"] for row in told["results"]} == {axis.split("=")[0] for axis in axes}
    assert {"driver", "index", "low", "high"} <= set(told["results"][0])
    assert (tmp_path / "out" / "heat_map.png").stat().st_size > 10_000
    assert parley("analyse", "nowhere.sqlite").code == 1
    assert parley("analyse", "s.sqlite", "--outcome", "signed", "-o", "out").code == 2
