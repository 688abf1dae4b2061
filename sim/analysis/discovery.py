"""Scenario discovery: boxes of the uncertain quantities in which an outcome is common.

The patient rule induction method (Friedman & Fisher 1999, doi:10.1023/A:1008894516817) with the
quasi-p-values of Bryant & Lempert (2010, doi:10.1016/j.techfore.2009.08.002): peel thin slices off
the box of all points, keep the box that balances coverage and density, then put back every limit
that chance could explain. N is the number of points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import bdtrc

from sim.analysis.shares import Mask
from sim.errors import UsageError
from sim.results import Array

#: Share of a box's points that a slice takes, and share of all points below which peeling ends.
PEEL, LEAST_SUPPORT = 0.05, 0.02
#: A limit stays if as good a box without it would be rarer than this by chance.
SIGNIFICANT = 0.05
MOST_BOXES = 3

Limits = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Box:
    """A box and how it does. limits: driver -> lowest and highest value inside, if limited.

    coverage: share of all interesting points that lie inside. density: share of the points inside
    that are interesting. support: share of all points inside. chance: driver -> quasi-p-value.
    """

    limits: Limits
    coverage: float
    density: float
    support: float
    chance: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Step:
    """A box on the way: its points (N,), and the ends of every driver."""

    inside: Mask
    low: Array
    high: Array


def find_boxes(
    points: Mapping[str, npt.NDArray[Any]],
    interesting: Mask,
    peel: float = PEEL,
    least_support: float = LEAST_SUPPORT,
    most: int = MOST_BOXES,
) -> list[Box]:
    """Return up to ``most`` boxes, each found among the points that earlier ones left.

    points: driver -> value, shape (N,), numbers. interesting: shape (N,). Raises UsageError if all
    or none of the points are interesting, or they are too few to peel.
    """
    numeric = {name: v for name, v in points.items() if v.dtype != object}
    matrix = np.column_stack([*numeric.values()]).astype(np.float64)
    _check(matrix, interesting, peel)
    boxes: list[Box] = []
    left = np.ones(len(matrix), dtype=np.bool_)
    base = interesting.mean()
    while len(boxes) < most and (interesting & left).any():
        path = _peel(matrix, interesting, left, peel, least_support)
        step = max(path, key=lambda one: _balance(one.inside, interesting))
        box, inside = _judge(list(numeric), matrix, interesting, left, step)
        if not box.limits or box.density <= base:
            break
        boxes.append(box)
        left = left & ~inside
    return boxes


def _check(matrix: Array, interesting: Mask, peel: float) -> None:
    if interesting.all() or not interesting.any():
        which = "every" if interesting.all() else "no"
        raise UsageError(f"{which} point is of the kind that is looked for, so no box sets it off")
    if len(matrix) < 2 / peel:
        raise UsageError(f"{len(matrix)} points are too few to peel; 200 or more are")


def _peel(
    matrix: Array, interesting: Mask, left: Mask, peel: float, least_support: float
) -> list[_Step]:
    """Return the boxes on the way from all that is left to the smallest allowed."""
    step = _Step(left, matrix.min(axis=0), matrix.max(axis=0))
    path = [step]
    while True:
        tried = [
            new
            for axis in range(matrix.shape[1])
            for new in _slices(matrix, step, axis, peel)
            if new.inside.sum() >= max(least_support * len(matrix), 1)
        ]
        if not tried:
            return path
        before = interesting[step.inside].mean()
        size = step.inside.sum()
        # Where values repeat, slices differ in size: what counts is the gain per point given up.
        best = max(
            tried,
            key=lambda new: (interesting[new.inside].mean() - before) / (size - new.inside.sum()),
        )
        if interesting[best.inside].mean() < before:
            return path
        step = best
        path.append(step)


def _slices(matrix: Array, step: _Step, axis: int, peel: float) -> list[_Step]:
    """Return the box without its lowest and without its highest slice along an axis."""
    values = matrix[:, axis]
    inside = values[step.inside]
    low, high = np.quantile(inside, (peel, 1 - peel), method="nearest")
    found = []
    for keeps, side in ((values >= low, 0), (values <= high, 1)):
        if (keeps & step.inside).sum() == step.inside.sum():
            # The end value is shared by more points than a slice has: all of them go.
            end = inside.min() if side == 0 else inside.max()
            keeps = values > end if side == 0 else values < end
        new = step.inside & keeps
        if new.any():
            ends = step.low.copy(), step.high.copy()
            ends[side][axis] = values[new].min() if side == 0 else values[new].max()
            found.append(_Step(new, *ends))
    return found


def _balance(inside: Mask, interesting: Mask) -> float:
    """Return the harmonic mean of coverage and density."""
    hits = (inside & interesting).sum()
    return float(2 * hits / (inside.sum() + interesting.sum()))


def _judge(
    names: list[str], matrix: Array, interesting: Mask, left: Mask, step: _Step
) -> tuple[Box, Mask]:
    """Put back limits that chance explains, the weakest first; return the box and its points."""
    ends = matrix[left].min(axis=0), matrix[left].max(axis=0)
    limited = [
        k for k in range(len(names)) if step.low[k] > ends[0][k] or step.high[k] < ends[1][k]
    ]
    while True:
        inside = _within(matrix, left, step, limited)
        chance = {k: _quasi_p(matrix, interesting, left, step, limited, k) for k in limited}
        weakest = max(chance, key=lambda k: chance[k], default=None)
        if weakest is None or chance[weakest] < SIGNIFICANT:
            break
        limited.remove(weakest)
    hits = int((inside & interesting).sum())
    return (
        Box(
            {names[k]: (float(step.low[k]), float(step.high[k])) for k in limited},
            hits / int(interesting.sum()),
            hits / int(inside.sum()),
            float(inside.mean()),
            {names[k]: chance[k] for k in limited},
        ),
        inside,
    )


def _within(matrix: Array, left: Mask, step: _Step, limited: list[int]) -> Mask:
    inside = left.copy()
    for k in limited:
        inside &= (matrix[:, k] >= step.low[k]) & (matrix[:, k] <= step.high[k])
    return inside


def _quasi_p(
    matrix: Array, interesting: Mask, left: Mask, step: _Step, limited: list[int], axis: int
) -> float:
    """Return how often chance gives a box as dense if the limits of one axis meant nothing."""
    inside = _within(matrix, left, step, limited)
    without = _within(matrix, left, step, [k for k in limited if k != axis])
    hits, size = int((inside & interesting).sum()), int(inside.sum())
    rate = float(interesting[without].mean())
    return float(bdtrc(hits - 1, size, rate)) if hits else 1.0
