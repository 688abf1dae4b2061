"""What every agent of the crisis shares: one actor across all parallel replicates.

Numeric attributes are arrays of shape (R,), or (1,) where all replicates agree. In each phase of
the week an agent's method reads the state at the start of the phase and returns what it will
write; the model then lets all agents write together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.mechanisms.arrays import Array, Mask

if TYPE_CHECKING:
    from sim.crisis import CrisisModel

#: What an agent's phase returns: attribute -> new array.
Changes = dict[str, Any]


class CrisisAgent(mesa.Agent):
    """One actor in R replicates; parameters of its kind are attributes of the same name.

    actor_id: id in the scenario. name: name for readers. state: iso3 code or None.
    exists: False for the neutral stand-in of a kind that the scenario does not have.
    """

    model: CrisisModel

    def __init__(
        self,
        model: CrisisModel,
        actor_id: str,
        name: str,
        values: dict[str, Array],
        state: str | None = None,
        exists: bool = True,
    ) -> None:
        super().__init__(model)
        self.actor_id = actor_id
        self.name = name
        self.state = state
        self.exists = exists
        self.orders: dict[str, Array] = {}
        for field, array in values.items():
            setattr(self, field, array)

    def begin(self) -> None:
        """Set the state at the start, once all agents have their parameters."""

    def standing(self, field: str) -> Array:
        """Return what an event that is revoked puts back."""
        value: Array = getattr(self, field)
        return value

    def write(self, field: str, mask: Mask, value: Array) -> None:
        """Let an event set a field where ``mask`` holds."""
        setattr(self, field, np.where(mask, value, getattr(self, field)))

    def order(self, name: str, mask: Mask, value: Array) -> None:
        """Let an event order a decision of this week where ``mask`` holds; NaN is no order."""
        before = self.orders.get(name, np.full(len(mask), np.nan))
        self.orders[name] = np.where(mask, value, before)

    def ordered(self, name: str) -> Mask:
        """Return where this week's decision ``name`` is ordered, shape (R,)."""
        values = self.orders.get(name)
        if values is None:
            return np.zeros(self.model.replicates, dtype=np.bool_)
        return ~np.isnan(values)

    def wide(self, array: Array) -> Array:
        """Return a parameter as a state of shape (R,); one that has it already, as it is."""
        if array.shape == (self.model.replicates,):
            return array
        return np.broadcast_to(array, (self.model.replicates,)).astype(np.float64)
