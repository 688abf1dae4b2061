"""Several senders of sanctions as the others see them: one level, red line, promise (derived).

A scenario with one sender reads that sender itself. Sums run in order of actor id, so they do not
depend on the order of a file, and a sender that does nothing changes no bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np

from sim.actors.abroad import Sender
from sim.mechanisms.arrays import Array


class Senders:
    """What a ``Sender`` offers to read, of all senders together; each array (R,) or (1,)."""

    def __init__(self, members: Sequence[Sender]) -> None:
        self.members = members

    def _all(self, join: Callable[[Array, Array], Array], name: str) -> Array:
        return reduce(join, [getattr(one, name) for one in self.members])

    def _weighted(self, name: str, weight: str) -> Array:
        """Return the weighted mean of a parameter, 0 where no sender has weight."""
        mean: Array = np.zeros(1)
        total: Array = np.zeros(1)
        for one in self.members:
            total = total + getattr(one, weight)
            part = getattr(one, weight) / np.where(total > 0, total, 1.0)
            mean = np.add(mean, (getattr(one, name) - mean) * part)
        return mean

    @property
    def sanctions(self) -> Array:
        """Level before easing: the sum, at most a full embargo."""
        return np.minimum(self._all(np.add, "sanctions"), 1.0)

    @property
    def level(self) -> Array:
        """Sanctions in force after easing: the sum, at most a full embargo."""
        return np.minimum(self._all(np.add, "level"), 1.0)

    @property
    def further(self) -> Array:
        """Expected further sanctions, at most what is left to a full embargo."""
        found: Array = np.minimum(self._all(np.add, "further"), 1.0 - self.level)
        return found

    @property
    def targeted(self) -> Array:
        """Targeted share, weighted by the levels in force."""
        return self._weighted("targeted", "level")

    @property
    def relief(self) -> Array:
        """Value of full relief per unit of sanctions, weighted by the levels before easing."""
        return self._weighted("relief", "sanctions")

    @property
    def red_line(self) -> Array:
        """Strictest red line among those that sanction, of all where nobody does."""
        lines = [np.where(one.sanctions > 0, one.red_line, 0.0) for one in self.members]
        anybody = self._all(np.maximum, "sanctions") > 0
        strictest = self._all(np.maximum, "red_line")
        found: Array = np.where(anybody, reduce(np.maximum, lines), strictest)
        return found

    @property
    def assurance(self) -> Array:
        """Most credible snap-back among those that ease at present."""
        return self._all(np.maximum, "assurance")

    @property
    def seat(self) -> Array:
        """1.0 where any of them sits at the table."""
        return self._all(np.maximum, "seat")

    @property
    def veto(self) -> Array:
        """1.0 where any of them keeps the opposition from the table."""
        return self._all(np.maximum, "veto")

    @property
    def force_perceived(self) -> Array:
        """Perceived weekly hazard that any of them uses force."""
        return self._all(_either, "force_perceived")

    @property
    def force_hazard(self) -> Array:
        """Actual weekly hazard that any of them uses force."""
        return self._all(_either, "force_hazard")


def _either(one: Array, other: Array) -> Array:
    """Return the probability of at least one of two independent events."""
    return one + (1 - one) * other
