"""The floor of the design: only the random numbers and the memory traffic that a run needs.

Numbers: every draw by address that a run asks for, asked for again and thrown away. Traffic: every
array over replicates that the model holds is read once a week, and each that a week replaced is
written once; the arrays over states, K times as large, are written once a run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import numpy as np

from sim.draws import Draws

ROUNDS = 5


class Listening(Draws):
    """Draws that remember what they were asked for."""

    def __init__(self, *where: Any) -> None:
        super().__init__(*where)
        self.asked: list[tuple[str, tuple[Any, ...]]] = []

    def uniform(self, *address: Any) -> Any:
        self.asked.append(("uniform", address))
        return super().uniform(*address)

    def normal(self, *address: Any) -> Any:
        numbers = super().normal(*address)
        self.asked[-1] = ("normal", address)
        return numbers


def measure(scenario: Any, block: int) -> dict[str, float]:
    """CPU seconds per replicate of the numbers and of the traffic of one block."""
    from sim.crisis import CrisisModel

    with mock.patch("sim.cast.Draws", Listening):
        model = CrisisModel(scenario, block, seed=1)
    wide = {key: array for key, array in held(model) if array.shape == (block,)}
    states = sum(array.nbytes for _, array in held(model) if array.ndim > 1)
    read = written = 0
    while model.running:
        model.step()
        before, wide = wide, {key: a for key, a in held(model) if a.shape == (block,)}
        read += sum(array.nbytes for array in wide.values())
        written += sum(a.nbytes for key, a in wide.items() if before.get(key) is not a)
    asked, arrays = model.draws.asked, len(wide)
    model.release()
    return {
        "draws": float(len(asked)),
        "bytes_read": read / block,
        "bytes_written": (written + states) / block,
        **_seconds(asked, read, written + states, arrays, block),
    }


def held(model: Any) -> Iterator[tuple[tuple[int, str], Any]]:
    """Every array of the model, its agents and its table, by owner and name."""
    for index, owner in enumerate([*model.agents, model.table, model]):
        for name, value in vars(owner).items():
            if isinstance(value, np.ndarray):
                yield (index, name), value


def _seconds(
    asked: list[tuple[str, tuple[Any, ...]]], read: int, written: int, arrays: int, block: int
) -> dict[str, float]:
    def draw() -> None:
        draws = Draws(1, block)
        for law, address in asked:
            getattr(draws, law)(*address)

    # As many arrays as the model holds, so that the caches are as full as in the model.
    fleet = np.ones((arrays, block))

    def traffic_in() -> None:
        for array in fleet:
            array.sum()

    def traffic_out() -> None:
        for array in fleet:
            array.fill(1.0)

    numbers = _least(draw) / block
    into, out = _least(traffic_in) / fleet.nbytes, _least(traffic_out) / fleet.nbytes
    traffic = (into * read + out * written) / block
    return {"numbers": numbers, "traffic": traffic, "total": numbers + traffic}


def _least(call: Callable[[], None]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        call()
        seconds.append(time.process_time() - start)
    return min(seconds)
