"""The array types and the one numerical convention that every mechanism shares."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

Array = npt.NDArray[np.floating[Any]]
Mask = npt.NDArray[np.bool_]


def normal_below(gap: Array, sd: Array) -> Array:
    """Return P(N(0, sd) < gap), in [0, 1]; the step function [gap > 0] where sd is 0.

    gap: distance to the cut. sd: standard deviation, at least 0, in the unit of gap.
    """
    spread = sd > 0
    if spread.all():
        return ndtr(gap / sd)
    smooth = ndtr(gap / np.where(spread, sd, 1.0))
    return np.where(spread, smooth, np.where(gap > 0, 1.0, 0.0))
