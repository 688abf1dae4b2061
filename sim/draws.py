"""Random numbers by address: a draw is a function of (seed, stream, week, replicate).

Nothing is consumed, so replicate 4711 meets the same luck alone, in any ensemble, block or
worker, and two scenarios differ only by what was changed (common random numbers). The generator
is Philox4x64 (Salmon et al. 2011, doi:10.1145/2063384.2063405), keyed by a hash of seed, stream
and week, with the counter at replicate // 4: one raw 64-bit number per replicate.
"""

from hashlib import blake2b
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from sim.mechanisms.arrays import Array

Index = TypeVar("Index", int, npt.NDArray[np.int64])

PARAMETER_STREAM = "parameter:"
#: Replicate k's twin keeps its parameters and takes its chance from index k + TWIN_OFFSET.
TWIN_OFFSET = 2**40


class Draws:
    """The random numbers of ``replicates`` consecutive replicates.

    seed: any non-negative integer, 0 included.
    start: index of the first replicate.
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
        self.seed = int(seed)
        self.replicates = int(replicates)
        self.copies = int(copies)
        self.start = int(start)
        self.chance_start = self.start if chance_start is None else int(chance_start)

    def uniform(self, stream: str, week: int = 0) -> Array:
        """Return one number in the open interval (0, 1) per replicate, shape (R,).

        stream: an explicit name such as ``"norway.proposal"``. week: any integer address.
        """
        first = self.start if stream.startswith(PARAMETER_STREAM) else self.chance_start
        digest = blake2b(f"{self.seed}|{week}|{stream}".encode(), digest_size=16).digest()
        generator = np.random.Philox(key=int.from_bytes(digest, "little"), counter=first // 4)
        skip = first % 4
        raw = generator.random_raw(self.replicates + skip)[skip:]
        numbers: Array = ((raw >> np.uint64(12)) + 0.5) * 2.0**-52
        return np.tile(numbers, self.copies) if self.copies > 1 else numbers

    def normal(self, stream: str, week: int = 0) -> Array:
        """Return one standard normal number per replicate, shape (R,), by inverse CDF."""
        numbers: Array = ndtri(self.uniform(stream, week))
        return numbers

    def replicate(self, row: Index) -> Index:
        """Return the index of the replicate that a row 0 .. R - 1 of a draw belongs to."""
        return self.start + row % self.replicates
