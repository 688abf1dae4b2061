"""Where blocks are computed: in this process, in a pool of processes, on a cluster.

All three are one thing to the caller: ``map`` applies a function to tasks and yields the answers in
the order of the tasks, holding a bounded number of them in flight. A task is a function of its
contents alone, so the answers are the same wherever it is computed.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")

#: A task that so many workers died of is given up.
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Lost:
    """What stands in for an answer where the task killed every worker that took it."""

    reason: str


class Executor(Protocol):
    """Computes tasks; ``open_executor`` makes one and closes it."""

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R | Lost]:
        """Yield one answer per task, in order. Raises what the function raises, RunError."""

    def close(self) -> None:
        """Give up what is still in flight, and every process that belongs to this executor."""


class InProcess:
    """Computes every task here, one after the other."""

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R | Lost]:
        """Yield one answer per task, in order."""
        yield from map(function, tasks)

    def close(self) -> None:
        """Nothing is left behind."""


@contextmanager
def open_executor(workers: int = 1, scheduler: str | None = None) -> Iterator[Executor]:
    """Yield what computes: a dask scheduler if one is named, else ``workers`` processes.

    Raises UsageError if the scheduler's address makes no sense, RunError if none answers there.
    """
    executor: Executor
    if scheduler is not None:
        from sim.cluster import Cluster

        executor = Cluster(scheduler)
    elif workers > 1:
        from sim.pool import Pool

        executor = Pool(workers)
    else:
        executor = InProcess()
    try:
        yield executor
    finally:
        executor.close()


class Parcel(Generic[T]):
    """Something large that many tasks share: packed once, and unpacked once by each worker."""

    def __init__(self, content: T) -> None:
        self.content = content
        self._packed: bytes | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        if self._packed is None:
            self._packed = pickle.dumps(self.content)
        return _unpack, (self._packed,)


@lru_cache(maxsize=16)
def _unpack(packed: bytes) -> Parcel[Any]:
    parcel = Parcel(pickle.loads(packed))
    parcel._packed = packed
    return parcel
