"""Designs: what they cover, that they grow, and that published analyses read them rightly."""

import numpy as np
import pytest

from sim.errors import UsageError
from sim.experiments import designs
from sim.sweeps import Axis

NESTED = ("sobol", "saltelli", "morris")
ROWS = {"lhs": 16, "sobol": 16, "saltelli": 16 * 5, "morris": 16 * 4}


def unit(method: str, size: int, axes: int, seed: int) -> np.ndarray:
    made = designs.make([Axis(f"a{i}", None, 0.0, 1.0) for i in range(axes)], method, size, seed)
    return np.array(made)


@pytest.mark.parametrize("method", ROWS)
@pytest.mark.parametrize("seed", [0, 1])
def test_a_design_has_its_number_of_points_inside_the_box(method: str, seed: int) -> None:
    points = unit(method, 16, 3, seed)
    assert points.shape == (ROWS[method], 3)
    assert points.min() >= 0
    assert points.max() <= 1


@pytest.mark.parametrize("method", ROWS)
def test_every_seed_gives_its_own_points_and_zero_is_a_seed(method: str) -> None:
    assert np.array_equal(unit(method, 8, 3, 0), unit(method, 8, 3, 0))
    assert not np.array_equal(unit(method, 8, 3, 0), unit(method, 8, 3, 1))


@pytest.mark.parametrize("method", NESTED)
def test_a_larger_design_starts_with_the_smaller_one(method: str) -> None:
    small, large = unit(method, 8, 3, 5), unit(method, 32, 3, 5)
    assert np.array_equal(large[: len(small)], small)


def test_a_latin_hypercube_meets_every_slice_of_every_axis_once() -> None:
    slices = np.floor(unit("lhs", 50, 4, 0) * 50).astype(int)
    assert all(sorted(column) == list(range(50)) for column in slices.T)


def test_the_saltelli_design_of_eight_axes_and_base_1024_has_10240_points() -> None:
    assert len(unit("saltelli", 1024, 8, 0)) == 10_240


def test_each_row_between_a_and_b_of_saltelli_differs_from_a_in_one_axis() -> None:
    block = unit("saltelli", 4, 3, 0).reshape(4, 5, 3)
    for first, *mixed, last in block:
        for axis, row in enumerate(mixed):
            assert row[axis] == last[axis]
            assert np.array_equal(np.delete(row, axis), np.delete(first, axis))


def test_a_morris_trajectory_steps_once_along_each_axis() -> None:
    step = designs.LEVELS / (2 * (designs.LEVELS - 1))
    for rows in unit("morris", 30, 5, 0).reshape(30, 6, 5):
        moved = np.abs(np.diff(rows, axis=0))
        assert np.allclose(np.sort(moved, axis=1)[:, :-1], 0)
        assert np.allclose(moved.sum(axis=0), step)
        assert np.allclose(rows * (designs.LEVELS - 1), np.rint(rows * (designs.LEVELS - 1)))


def test_salib_finds_the_indices_of_the_ishigami_function_on_the_saltelli_design() -> None:
    analyze = pytest.importorskip("SALib.analyze.sobol").analyze
    x = (unit("saltelli", 4096, 3, 0) - 0.5) * 2 * np.pi
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[-np.pi, np.pi]] * 3}
    found = analyze(problem, y, calc_second_order=False, seed=1)
    # Published: Saltelli et al. 2000; the error at this base is below 0.01, ten times less.
    assert np.allclose(found["S1"], [0.3139, 0.4424, 0.0], atol=0.05)
    assert np.allclose(found["ST"], [0.5576, 0.4424, 0.2437], atol=0.05)


def test_salib_finds_the_slopes_of_a_linear_function_on_the_morris_design() -> None:
    analyze = pytest.importorskip("SALib.analyze.morris").analyze
    x = unit("morris", 10, 3, 0)
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    found = analyze(problem, x, x @ [1.0, -2.0, 0.0], num_levels=designs.LEVELS, seed=1)
    assert np.allclose(found["mu"], [1.0, -2.0, 0.0])
    assert np.allclose(found["sigma"], 0.0, atol=1e-9)


def test_whole_numbers_and_listed_values_are_alike_likely() -> None:
    part = (np.arange(600) + 0.5) / 600
    whole = designs.place(Axis("a", None, 2.0, 4.0, whole=True), part)
    assert {value: whole.count(value) for value in whole} == {2.0: 200, 3.0: 200, 4.0: 200}
    listed = designs.place(Axis("a", ("x", "y")), part)
    assert {value: listed.count(value) for value in listed} == {"x": 300, "y": 300}


def test_a_grid_is_every_combination_in_the_order_of_the_axes() -> None:
    axes = [Axis("a", (1.0, 2.0)), Axis("b", ("x", "y", "z"))]
    assert designs.make(axes, "grid", None, 0) == [(a, b) for a in (1.0, 2.0) for b in "xyz"]


@pytest.mark.parametrize(
    ("axes", "method", "size", "message"),
    [
        ([Axis("a", None, 0.0, 1.0)], "grid", None, "a grid needs values"),
        ([Axis("a", (1.0, 2.0))], "grid", 5, "does not go with a grid"),
        ([Axis("a", None, 0.0, 1.0)], "saltelli", 100, "64 or 128"),
        ([Axis("a", None, 0.0, 1.0)], "lhs", 2_000_000, "1,000,000"),
        ([Axis("a", None, 0.0, 1.0)], "halton", 4, "must be one of"),
    ],
)
def test_a_design_that_cannot_be_made_is_refused(
    axes: list[Axis], method: str, size: int | None, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        designs.make(axes, method, size, 0)
