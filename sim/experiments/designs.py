"""Designs of a sweep: which points of the box of all axes are run, and in which order.

Points are fractions of each axis in [0, 1], shape (P, k) for k axes; ``place`` turns them into
values. All but the grid and the Latin hypercube grow: a larger design starts with the smaller one,
so that a sweep can be extended. Sobol points are scrambled (Owen 1998), Saltelli's are the radial
rows of Saltelli et al. (2010, doi:10.1016/j.cpc.2009.09.018), Morris' the trajectories of Morris
(1991, doi:10.1080/00401706.1991.10484804) on ``LEVELS`` levels; rows are in the order that SALib's
analyses take.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim import arguments
from sim.errors import UsageError
from sim.sweeps import Axis

Array = npt.NDArray[np.float64]

#: Levels of a Morris design; a step is LEVELS / (2 (LEVELS - 1)) of an axis.
LEVELS = 4
MAX_POINTS = 1_000_000
#: What ``points`` counts in each design, and how many are taken if nothing is said.
SIZES = {
    "grid": ("points", 0),
    "lhs": ("points", 100),
    "sobol": ("points", 128),
    "saltelli": ("base points", 1024),
    "morris": ("trajectories", 20),
}
METHODS = tuple(SIZES)


def latin_hypercube(size: int, axes: int, seed: int) -> Array:
    """Return a Latin hypercube (McKay et al. 1979), shape (size, axes)."""
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(axes, seed=_generator(seed)).random(size))


def sobol(size: int, axes: int, seed: int) -> Array:
    """Return the first ``size`` points of a scrambled Sobol sequence, shape (size, axes)."""
    from scipy.stats import qmc

    power = max(0, math.ceil(math.log2(size)))
    return np.asarray(qmc.Sobol(axes, seed=_generator(seed)).random_base2(power)[:size])


def saltelli(size: int, axes: int, seed: int) -> Array:
    """Return Saltelli's rows A, AB_1 .. AB_k, B of each base point, (size (axes + 2), axes).

    AB_i is A with column i of B. size: number N of base points; a power of 2 keeps the balance
    of the Sobol sequence that they are.
    """
    base = sobol(size, 2 * axes, seed)
    first, second = base[:, :axes], base[:, axes:]
    rows = np.repeat(first[:, None, :], axes + 2, axis=1)
    for axis in range(axes):
        rows[:, 1 + axis, axis] = second[:, axis]
    rows[:, -1] = second
    return rows.reshape(-1, axes)


def morris(size: int, axes: int, seed: int) -> Array:
    """Return ``size`` trajectories of axes + 1 points, each a step along one axis after another."""
    step = LEVELS / (2 * (LEVELS - 1))
    rows = np.empty((size, axes + 1, axes))
    for trajectory in range(size):
        # One generator each, so that a longer design starts with the shorter one.
        luck = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, trajectory + 1]))
        rises = luck.random(axes) < 0.5
        low = luck.integers(0, LEVELS // 2, axes) / (LEVELS - 1)
        point = np.where(rises, low, low + step)
        rows[trajectory, 0] = point
        for index, axis in enumerate(luck.permutation(axes), start=1):
            point = point.copy()
            point[axis] += step if rises[axis] else -step
            rows[trajectory, index] = point
    return np.clip(rows.reshape(-1, axes), 0.0, 1.0)


def _generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


_SAMPLERS: dict[str, Callable[[int, int, int], Array]] = {
    "lhs": latin_hypercube,
    "sobol": sobol,
    "saltelli": saltelli,
    "morris": morris,
}


def make(axes: Sequence[Axis], method: str, size: int | None, seed: int) -> list[tuple[Any, ...]]:
    """Return the points of a design, each with one value per axis, in the design's order.

    size: what ``SIZES`` says the method counts; None for its usual number. Raises UsageError.
    """
    arguments.one_of("design", method, METHODS)
    if method == "grid":
        return _grid(axes, size)
    count = SIZES[method][1] if size is None else size
    total = count * {"saltelli": len(axes) + 2, "morris": len(axes) + 1}.get(method, 1)
    if count < 1 or total > MAX_POINTS:
        raise UsageError(f"a design has 1 to {MAX_POINTS:,} points, not {total:,}")
    if method == "saltelli" and count & (count - 1):
        below = 2 ** (count.bit_length() - 1)
        raise UsageError(
            f"--points of a Saltelli design must be a power of 2: {below} or {2 * below}, "
            f"not {count}"
        )
    unit = _SAMPLERS[method](count, len(axes), seed)
    columns = [place(axis, unit[:, index]) for index, axis in enumerate(axes)]
    return list(zip(*columns, strict=True))


def _grid(axes: Sequence[Axis], size: int | None) -> list[tuple[Any, ...]]:
    if size is not None:
        raise UsageError("--points does not go with a grid; its axes say how many points it has")
    for axis in axes:
        if axis.values is None:
            raise UsageError(
                f"{axis.path}: a grid needs values (a,b,c) or steps (lo:hi:steps); a range is for "
                "lhs, sobol, saltelli and morris"
            )
    total = math.prod(len(axis.values or ()) for axis in axes)
    if total > MAX_POINTS:
        raise UsageError(f"a design has 1 to {MAX_POINTS:,} points, not {total:,}")
    return list(itertools.product(*(axis.values or () for axis in axes)))


def place(axis: Axis, fraction: Array) -> list[Any]:
    """Return the values of an axis at fractions in [0, 1]; whole numbers and lists alike likely."""
    if axis.values is not None:
        last = len(axis.values) - 1
        return [axis.values[min(int(part * (last + 1)), last)] for part in fraction.tolist()]
    low, high = axis.low or 0.0, axis.high or 0.0
    if axis.whole:
        count = high - low + 1
        return list(np.minimum(low + np.floor(fraction * count), high).tolist())
    return list(np.clip(low + fraction * (high - low), low, high).tolist())
