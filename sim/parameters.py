"""The uncertain parameters of an ensemble, drawn when they are asked for.

A draw is a function of its address, so that a million replicates of every parameter need not be
kept: they are the same when drawn again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from sim.draws import PARAMETER_STREAM, Draws
from sim.scenario.scenario import Scenario

Values = npt.NDArray[np.float64]


class DrawnParameters(Mapping[str, Values]):
    """The values of every uncertain parameter by path, each of shape (R,).

    draws: those of the ensemble, R replicates wide. Raises KeyError for any other path.
    """

    def __init__(self, scenario: Scenario, draws: Draws) -> None:
        self._draws = draws
        self._quantities = {
            path: parameter.quantity for path, parameter in scenario.parameters.items()
        }
        self._paths = [path for path, q in self._quantities.items() if not q.is_fixed]

    def __getitem__(self, path: str) -> Values:
        """Return the values of one parameter, drawn now."""
        if path not in self._paths:
            raise KeyError(path)
        quantity = self._quantities[path]
        while quantity.same_as is not None:
            path = quantity.same_as
            quantity = self._quantities[path]
        if quantity.value is not None:
            return np.full(self._draws.replicates, quantity.value)
        luck = self._draws.uniform(PARAMETER_STREAM + path)
        return np.asarray(quantity.quantile(luck), dtype=np.float64)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the paths, in the scenario's order."""
        return iter(self._paths)

    def __len__(self) -> int:
        """Return the number of uncertain parameters."""
        return len(self._paths)
