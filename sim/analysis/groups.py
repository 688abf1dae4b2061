"""Groups of points by one driver: its values if they are few, else bins of equal size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.results import Array

#: Up to so many different values each is a group of its own.
MOST_VALUES = 25
#: Bins of equal size are the cube root of the number of points, within these bounds.
BINS = (4, 20)

Groups = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grouping:
    """A driver cut into groups. code: group of each point, shape (N,). labels: of each group.

    centres: mean value of each group, or its number where values are no numbers.
    """

    code: Groups
    labels: tuple[str, ...]
    centres: Array

    @property
    def size(self) -> int:
        """Number of groups."""
        return len(self.labels)


def group(values: npt.NDArray[Any], bins: int | None = None) -> Grouping:
    """Cut a driver into groups. bins: how many at most; by default as the points allow."""
    if values.dtype == object:
        names, code = np.unique(values.astype(str), return_inverse=True)
        return Grouping(code.ravel(), tuple(names.tolist()), np.arange(len(names), dtype=float))
    found, code = np.unique(values, return_inverse=True)
    if len(found) <= (bins or MOST_VALUES):
        return Grouping(code.ravel(), tuple(f"{value:g}" for value in found), found)
    number = bins or int(np.clip(round(len(values) ** (1 / 3)), *BINS))
    rank = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    code = rank * number // len(values)
    total = np.bincount(code, values, number)
    ends = [(values[code == k].min(), values[code == k].max()) for k in range(number)]
    labels = tuple(f"{low:.3g} to {high:.3g}" for low, high in ends)
    return Grouping(code, labels, total / np.bincount(code, minlength=number))
