"""Random numbers by address: a draw is a function of (seed, stream, week, replicate).

Nothing is consumed, so replicate 4711 meets the same luck alone, in any ensemble, block or
worker, and two scenarios differ only by what was changed (common random numbers). The generator
is Philox4x64 (Salmon et al. 2011, doi:10.1145/2063384.2063405), keyed by a hash of seed, stream
and week, with the counter at replicate // 4: one raw 64-bit number per replicate.
"""

from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from sim import arguments
from sim.mechanisms.arrays import Array

Rows = npt.NDArray[np.intp]
Index = TypeVar("Index", int, npt.NDArray[np.int64])

PARAMETER_STREAM = "parameter:"
#: Replicate k's twin keeps its parameters and takes its chance from index k + TWIN_OFFSET.
TWIN_OFFSET = 2**40


class Draws:
    """The random numbers of ``replicates`` consecutive replicates.

    seed: a whole number from 0 to 2**128 - 1.
    start: index of the first replicate; all are below 10**12.
    chance_start: first index for every stream but ``parameter:<path>``; equal to ``start`` by
        default. Twins (same parameters, other chance) pass another one.
    copies: the same replicates so many times in a row, so that R is copies x replicates: the
        points of a sweep meet the same luck.
    """

    def __init__(
        self,
        seed: int,
        replicates: int,
        start: int = 0,
        chance_start: int | None = None,
        copies: int = 1,
    ) -> None:
        self.seed = arguments.seed(seed)
        self.replicates = arguments.replicates(replicates)
        self.copies = copies
        last = arguments.MAX_INDEX - self.replicates
        self.start = arguments.whole("start", start, 0, last)
        self.chance_start = self.start
        if chance_start is not None:
            last += TWIN_OFFSET
            self.chance_start = arguments.whole("chance_start", chance_start, 0, last)
        self._generator = np.random.Philox(key=0)
        self._state: dict[str, Any] = dict(self._generator.state)
        self._counter = np.zeros(4, dtype=np.uint64)

    def uniform(self, stream: str, week: int = 0, rows: Rows | None = None) -> Array:
        """Return one number in the open interval (0, 1) per replicate, shape (R,).

        stream: an explicit name such as ``"norway.proposal"``. week: any integer address. rows:
        return the numbers of these rows alone, in their order.
        """
        raw = self._raw(stream, week)
        if rows is not None:
            raw = raw.take(rows, mode="wrap")  # Rows of a copy wrap around to its replicates.
        raw >>= np.uint64(12)
        numbers: Array = raw.astype(np.float64)
        numbers += 0.5
        numbers *= 2.0**-52
        return np.tile(numbers, self.copies) if self.copies > 1 and rows is None else numbers

    def _raw(self, stream: str, week: int) -> npt.NDArray[np.uint64]:
        """Return the raw 64-bit numbers of an address, one per replicate of a copy."""
        first = self.start if stream.startswith(PARAMETER_STREAM) else self.chance_start
        digest = blake2b(f"{self.seed}|{week}|{stream}".encode(), digest_size=16).digest()
        self._counter[0] = first // 4
        key = np.frombuffer(digest, dtype="<u8")
        self._state["state"] = {"counter": self._counter, "key": key}
        # Setting the state of one generator costs a tenth of making a new one.
        self._generator.state = self._state  # type: ignore[assignment]
        skip = first % 4
        raw: npt.NDArray[np.uint64] = self._generator.random_raw(self.replicates + skip)[skip:]
        return raw

    def normal(self, stream: str, week: int = 0) -> Array:
        """Return one standard normal number per replicate, shape (R,), by inverse CDF."""
        numbers: Array = ndtri(self.uniform(stream, week))
        return numbers

    def replicate(self, row: Index) -> Index:
        """Return the index of the replicate that a row 0 .. R - 1 of a draw belongs to."""
        return self.start + row % self.replicates
