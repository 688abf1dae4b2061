"""Blocks on other machines: a dask.distributed scheduler through its concurrent.futures interface.

The driver alone writes results. Workers must run the same versions of everything that the bits
depend on, and each task checks that where it is computed, so that a worker which joins late is
checked as well.
"""

from __future__ import annotations

import gc
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from sim.environment import versions
from sim.errors import RunError, UsageError, install_line
from sim.executors import ATTEMPTS, Lost, R, T

#: Seconds in which a scheduler must answer, and a first worker must be there.
_PATIENCE = 5
#: Tasks in flight per thread of the cluster: one at work, one on its way.
_AHEAD = 2
_SETTINGS = {
    # A worker that is killed is looked for as long as this; the default of 30 s stalls a sweep.
    "distributed.comm.timeouts.connect": "3s",
    "distributed.comm.retry.count": 1,
    "distributed.scheduler.allowed-failures": ATTEMPTS - 1,
}


class Cluster:
    """An executor that hands tasks to a running scheduler; the scheduler outlives it."""

    def __init__(self, address: str) -> None:
        try:
            import dask
            from distributed import Client
        except ImportError:
            message = f"--scheduler needs dask.distributed: {install_line('distributed')}"
            raise UsageError(message) from None
        self.address = address
        # Its log tells of every lost connection at length; here each becomes one message.
        logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)
        dask.config.set(_SETTINGS)
        problem: RunError | UsageError
        try:
            self._client = Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, TimeoutError):
            message = f"--scheduler {address}: no scheduler answers there within {_PATIENCE} s"
            problem = RunError(message)
        except (ValueError, TypeError) as error:
            message = f"--scheduler {address}: is no address such as tcp://10.0.0.1:8786: {error}"
            problem = UsageError(message)
        else:
            self._check_workers()
            return
        # A client that came to nothing closes itself when it is collected. In the thread of the
        # next client, that would wait for itself.
        gc.collect()
        raise problem

    def _check_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            self.close()
            message = f"--scheduler {self.address}: the scheduler has no worker"
            raise RunError(message) from None

    def _width(self) -> int:
        """Return how many threads the cluster has at present."""
        return max(1, sum(int(count) for count in self._client.nthreads().values()))

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R | Lost]:
        """Yield one answer per task, in order."""
        executor = self._client.get_executor(pure=False, retries=0)
        checked = partial(_checked, function, versions())
        flying: deque[Any] = deque()
        source = iter(tasks)
        width = self._width()
        for task in source:
            flying.append(executor.submit(checked, task))
            if len(flying) >= _AHEAD * width:
                yield self._answer(flying.popleft())
                width = self._width()
        while flying:
            yield self._answer(flying.popleft())

    def _answer(self, future: Any) -> Any:
        from concurrent.futures import CancelledError

        from distributed import KilledWorker
        from distributed.comm.core import CommClosedError

        try:
            return future.result()
        except KilledWorker:
            return Lost(f"it ended the worker process of every attempt ({ATTEMPTS})")
        except (CancelledError, CommClosedError, OSError, TimeoutError) as error:
            message = f"--scheduler {self.address}: the scheduler is gone: {type(error).__name__}"
            raise RunError(message) from None

    def close(self) -> None:
        """Take back what is in flight and leave the scheduler to others."""
        self._client.close(timeout=2)


def _checked(function: Callable[[Any], Any], expected: dict[str, str], task: Any) -> Any:
    """Compute a task where it is, if the versions there give the same bits."""
    found = versions()
    wrong = [
        f"{name} {found[name]}, not {needed}"
        for name, needed in expected.items()
        if found[name] != needed
    ]
    if wrong:
        raise RunError(f"a worker of the scheduler has {', '.join(wrong)}; its bits would differ")
    return function(task)
