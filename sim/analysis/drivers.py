"""Which uncertain quantities drive an outcome: sensitivity indices, ranked, with intervals.

Given-data first-order indices (any points): Var(E[Y | X_i]) / Var(Y) from groups of X_i, corrected
for the number of groups (Plischke, Borgonovo & Smith 2013, doi:10.1016/j.ejor.2012.11.047; the
correction is Kelley's epsilon squared). Sobol' indices need a Saltelli design, elementary effects
a Morris design; both are computed by SALib. N is the number of points, D of drivers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.groups import Grouping, group
from sim.errors import UsageError, install_line
from sim.results import Array

#: Fewer points than this give intervals too wide to rank most drivers.
ENOUGH_POINTS = 1024
RESAMPLES = 200
_LEVELS_OF_MORRIS = 4

Points = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Driver:
    """A driver with its index and 95% interval; total: its Sobol' total index, else nan."""

    name: str
    index: float
    low: float
    high: float
    total: float = float("nan")
    total_low: float = float("nan")
    total_high: float = float("nan")


def given_data(points: Points, response: Array, seed: int = 0) -> list[Driver]:
    """Return first-order indices from any points, largest first.

    points: driver -> value at each point, shape (N,), numbers or objects. response: shape (N,).
    The interval is a basic bootstrap over points. Raises UsageError for a response that does not
    vary or fewer than 20 points.
    """
    _check(points, response)
    weights = _resamples(len(response), seed)
    found = [_given(name, group(values), response, weights) for name, values in points.items()]
    return _ranked(found)


def _given(name: str, cut: Grouping, response: Array, weights: Array) -> Driver:
    if cut.size < 2 or cut.size >= len(response):
        return Driver(name, 0.0, 0.0, 0.0 if cut.size < 2 else 1.0)
    order = np.argsort(cut.code, kind="stable")
    starts = np.searchsorted(cut.code[order], np.arange(cut.size))
    sorted_response = response[order]
    once = np.ones((1, len(response)))
    index = float(_corrected(_sums(once, sorted_response, starts), cut.size)[0])
    plain = float(_between(_sums(once, sorted_response, starts))[0])
    again = _corrected(_sums(weights[:, order], sorted_response, starts), cut.size)
    # In the world of the resamples the truth is the plain index of the sample.
    shift = np.quantile(again - plain, (0.975, 0.025))
    low, high = np.clip(index - shift, 0.0, 1.0)
    index = float(np.clip(index, 0.0, 1.0))
    return Driver(name, index, min(float(low), index), max(float(high), index))


def _sums(weights: Array, response: Array, starts: npt.NDArray[np.int64]) -> tuple[Array, ...]:
    """Return number, sum and sum of squares per resample and group, each (B, groups)."""
    parts = (weights, weights * response, weights * response**2)
    return tuple(np.add.reduceat(part, starts, axis=1) for part in parts)


def _between(sums: tuple[Array, ...]) -> Array:
    """Return the part of the variance that lies between groups, shape (B,)."""
    number, total, square = sums
    means = np.divide(total, number, out=np.zeros_like(total), where=number > 0)
    middle = total.sum(axis=1, keepdims=True) / number.sum(axis=1, keepdims=True)
    between = (number * (means - middle) ** 2).sum(axis=1)
    whole = square.sum(axis=1) - number.sum(axis=1) * middle[:, 0] ** 2
    found = np.divide(between, whole, out=np.zeros_like(between), where=whole > 0)
    return np.asarray(found, dtype=np.float64)


def _corrected(sums: tuple[Array, ...], groups: int) -> Array:
    """Return the part between groups less what as many groups of noise would show."""
    size = sums[0].sum(axis=1)
    part = _between(sums)
    return np.asarray(part - (groups - 1) / (size - groups) * (1 - part), dtype=np.float64)


def _resamples(size: int, seed: int) -> Array:
    luck = np.random.Generator(np.random.Philox(key=seed))
    return luck.multinomial(size, np.full(size, 1 / size), RESAMPLES).astype(np.float64)


def sobol_indices(points: Points, response: Array, seed: int = 0) -> list[Driver]:
    """Return Sobol' first-order and total indices of a Saltelli design, largest total first.

    points: driver -> value, in the design's order: for each of N base points the rows A, AB_1 ..
    AB_D, B (Saltelli et al. 2010). response: shape (N (D + 2),). Intervals: SALib's bootstrap.
    Raises UsageError if the rows are no Saltelli design.
    """
    _check(points, response)
    _check_saltelli(points, response)
    sobol = _salib("sobol")
    found = sobol.analyze(
        _problem(points), response, calc_second_order=False, num_resamples=RESAMPLES, seed=seed
    )
    rows = zip(points, found["S1"], found["S1_conf"], found["ST"], found["ST_conf"], strict=True)
    drivers = [
        Driver(
            name,
            *_around(float(first), float(half)),
            *_around(float(total), float(total_half)),
        )
        for name, first, half, total, total_half in rows
    ]
    return sorted(drivers, key=lambda row: (-row.total, row.name))


def morris_effects(points: Points, response: Array, seed: int = 0) -> list[Driver]:
    """Return the mean absolute elementary effects mu* of a Morris design, largest first.

    points: driver -> value, trajectory after trajectory of D + 1 rows, each a step along one axis.
    The index is in units of the response over the axis's whole range, not a part of the variance.
    Raises UsageError if the rows are no Morris design.
    """
    _check(points, response)
    matrix = _matrix(points)
    width = len(points) + 1
    if len(matrix) % width:
        raise UsageError(_not_a("Morris", "elementary effects", "morris"))
    moved = np.diff(matrix.reshape(-1, width, len(points)), axis=1) != 0
    if not (moved.sum(axis=2) == 1).all() or not (moved.sum(axis=1) == 1).all():
        raise UsageError(_not_a("Morris", "elementary effects", "morris"))
    morris = _salib("morris")
    found = morris.analyze(
        _problem(points),
        matrix,
        response,
        num_levels=_LEVELS_OF_MORRIS,
        num_resamples=RESAMPLES,
        seed=seed,
    )
    rows = zip(points, found["mu_star"], found["mu_star_conf"], strict=True)
    drivers = [Driver(name, *_around(float(mu), float(half))) for name, mu, half in rows]
    return _ranked([_at_least_zero(driver) for driver in drivers])


def _check(points: Points, response: Array) -> None:
    if not points:
        raise UsageError("nothing varies from point to point, so there is nothing to rank")
    if len(response) < 20:
        raise UsageError(
            f"{len(response)} points are too few to rank drivers; {ENOUGH_POINTS:,} or more give "
            "useful intervals"
        )
    if not np.isfinite(response).all():
        raise UsageError("the response is not defined at every point")
    if np.ptp(response) == 0:
        raise UsageError(
            f"the response is {response[0]:g} at every point, so nothing drives it; choose another "
            "with --outcome"
        )


def _check_saltelli(points: Points, response: Array) -> None:
    matrix, axes = _matrix(points), len(points)
    if len(matrix) % (axes + 2):
        raise UsageError(_not_a("Saltelli", "Sobol' indices", "saltelli"))
    rows = matrix.reshape(-1, axes + 2, axes)
    first, last = rows[:, :1], rows[:, -1:]
    mixed = np.broadcast_to(np.eye(axes, dtype=bool), (len(rows), axes, axes))
    if not np.array_equal(rows[:, 1:-1], np.where(mixed, last, first)):
        raise UsageError(_not_a("Saltelli", "Sobol' indices", "saltelli"))


def _not_a(design: str, what: str, option: str) -> str:
    return f"the points are no {design} design, which {what} need; `parley sweep --design {option}`"


def _matrix(points: Points) -> Array:
    if any(values.dtype == object for values in points.values()):
        raise UsageError("an axis that is no number has no place on a scale; leave it out")
    return np.column_stack([np.asarray(values, dtype=np.float64) for values in points.values()])


def _problem(points: Points) -> dict[str, Any]:
    bounds = [[float(values.min()), float(values.max())] for values in points.values()]
    return {"num_vars": len(points), "names": list(points), "bounds": bounds}


def _salib(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(f"SALib.analyze.{name}")
    except ImportError:
        raise UsageError(
            f"these indices need SALib, which is not installed: {install_line('sensitivity')}"
        ) from None


def _around(value: float, half: float) -> tuple[float, float, float]:
    return value, value - half, value + half


def _at_least_zero(driver: Driver) -> Driver:
    return Driver(driver.name, driver.index, max(driver.low, 0.0), driver.high)


def _ranked(drivers: Sequence[Driver]) -> list[Driver]:
    return sorted(drivers, key=lambda row: (-row.index, row.name))
