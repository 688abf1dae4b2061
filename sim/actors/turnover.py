"""When the governments of states change, and what luck each new one has with its threshold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sim.draws import Draws, Rows
from sim.mechanisms import recognition
from sim.mechanisms.arrays import Array


@dataclass(frozen=True)
class Turnover:
    """The changes of government of named states in R replicates, before the last week.

    codes: names of the states, whose rows are their places here. staying: logarithm of the weekly
    probability that a government stays (``recognition.staying``), shape (R,).
    """

    draws: Draws
    codes: tuple[str, ...]
    weeks: int
    staying: Array

    def changes(self, states: Rows) -> Iterator[tuple[Rows, Rows, Array, Array]]:
        """Yield all first changes of some states, all second ones, and so on, as long as there are.

        Each is four arrays of one length: state, replicate, week, and a uniform number that
        decides the threshold of the new government.
        """
        turn = 1
        states, rows, week = self._first(states)
        while rows.size:
            yield states, rows, week, self._by_state(self._threshold, turn, states, rows)
            # The next turn is for those alone that have seen this one in time.
            turn += 1
            luck = self._by_state(self._change, turn, states, rows)
            week = week + recognition.weeks_until_change(luck, self.staying[rows])
            comes = np.flatnonzero(week < self.weeks)
            states, rows, week = states[comes], rows[comes], week[comes]

    def _change(self, state: int, turn: int, rows: Rows | None = None) -> Array:
        return self.draws.uniform(f"state:{self.codes[state]}.change", turn, rows)

    def _threshold(self, state: int, turn: int, rows: Rows) -> Array:
        return self.draws.uniform(f"state:{self.codes[state]}.threshold", turn, rows)

    def _first(self, candidates: Rows) -> tuple[Rows, Rows, Array]:
        """Return state, replicate and week of each first change that comes in time."""
        states, rows, weeks = [candidates[:0]], [candidates[:0]], [np.zeros(0)]
        for state in candidates:
            week = recognition.weeks_until_change(self._change(state, 1), self.staying) - 1
            comes = np.flatnonzero(week < self.weeks)
            states.append(np.full_like(comes, state))
            rows.append(comes)
            weeks.append(np.asarray(week[comes], np.float64))
        return np.concatenate(states), np.concatenate(rows), np.concatenate(weeks)

    def _by_state(
        self, draw: Callable[[int, int, Rows], Array], turn: int, states: Rows, rows: Rows
    ) -> Array:
        """Draw one number per pair of state and replicate; ``states`` never falls."""
        luck = np.empty(len(rows))
        first = np.searchsorted(states, np.arange(len(self.codes) + 1))
        for state in np.flatnonzero(np.diff(first)):
            part = slice(first[state], first[state + 1])
            luck[part] = draw(int(state), turn, rows[part])
        return luck
