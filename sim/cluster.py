"""Blocks on other machines: a dask.distributed scheduler through its concurrent.futures interface.

The driver alone writes results. Workers must run the same versions of everything that the bits
depend on, and each task checks that where it is computed, so that a worker which joins late is
checked as well.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, wait
from contextlib import suppress
from functools import partial
from typing import Any

from sim.environment import versions
from sim.errors import RunError, Stranded, UsageError, install_line
from sim.executors import ATTEMPTS, Lost, R, T

#: Seconds in which a scheduler must answer, and a first worker must be there.
_PATIENCE = 5
_PAUSE = 0.2
#: Seconds between looks at a cluster that brings nothing, and without a worker until it is left;
#: a worker that is started again takes less.
_LOOK = 2
_GRACE = 12
#: Tasks in flight per thread of the cluster: one at work, one on its way.
_AHEAD = 2
_LOGS = ("distributed", "distributed.client", "tornado.application")
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
        # Their logs tell of every lost connection at length; here each becomes one message.
        for name in _LOGS:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        dask.config.set(_SETTINGS)
        _meet(address)
        self._client = Client(address, timeout=_PATIENCE, set_as_default=False)
        self._check_workers()

    def _check_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            self.close()
            message = f"--scheduler {self.address}: the scheduler has no worker"
            raise RunError(message) from None

    def _threads(self) -> int | None:
        """Return how many threads the cluster has at present, None if nobody says."""
        scheduler: Any = self._client.scheduler  # None once the client has given it up.
        if scheduler is None:
            return None
        try:
            found = self._client.sync(scheduler.ncores, callback_timeout=_PATIENCE)
        except (OSError, RuntimeError):
            return None
        return sum(int(count) for count in found.values())

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R | Lost]:
        """Yield one answer per task, in order."""
        executor = self._client.get_executor(pure=False, retries=0)
        checked = partial(_checked, function, versions())
        flying: deque[Any] = deque()
        source = iter(tasks)
        width = self._threads() or 1
        for task in source:
            flying.append(executor.submit(checked, task))
            if len(flying) >= _AHEAD * width:
                yield self._answer(flying.popleft())
                width = self._threads() or 1
        while flying:
            yield self._answer(flying.popleft())

    def _answer(self, future: Any) -> Any:
        from distributed import KilledWorker
        from distributed.comm.core import CommClosedError

        self._wait(future)
        try:
            return future.result()
        except KilledWorker:
            return Lost(f"it ended the worker process of every attempt ({ATTEMPTS})")
        except (CancelledError, CommClosedError, OSError, TimeoutError) as error:
            message = f"--scheduler {self.address}: the scheduler is gone: {type(error).__name__}"
            raise Stranded(message) from None

    def _wait(self, future: Any) -> None:
        """Wait until an answer is there. Raises Stranded if nothing can bring it any more."""
        hope = time.monotonic() + _GRACE
        while not wait([future], timeout=_LOOK).done:
            threads = self._threads()
            if threads:
                hope = time.monotonic() + _GRACE
            elif time.monotonic() > hope:
                what = "the scheduler no longer answers" if threads is None else "no worker is left"
                raise Stranded(f"--scheduler {self.address}: {what}")

    def close(self) -> None:
        """Take back what is in flight and leave the scheduler to others."""
        self._client.close(timeout=2)


def _meet(address: str) -> None:
    """Raise UsageError, RunError unless a scheduler answers at an address.

    A client waits for ever for a server that says nothing, and one that came to nothing complains
    when it is collected, so one is made only after this. The thread is left behind where a name
    takes longer to resolve than anybody waits.
    """
    told: Future[None] = Future()

    def meet() -> None:
        try:
            told.set_result(asyncio.run(asyncio.wait_for(_introduce(address), _PATIENCE)))
        except BaseException as error:
            told.set_exception(error)

    threading.Thread(target=meet, daemon=True).start()
    try:
        told.result(_PATIENCE)
    except socket.gaierror as error:
        message = f"--scheduler {address}: the host is not known: {error.strerror}"
        raise RunError(message) from None
    except TimeoutError:
        message = f"--scheduler {address}: no scheduler answers there within {_PATIENCE} s"
        raise RunError(message) from None


async def _introduce(address: str) -> None:
    """Raise UsageError, RunError, gaierror unless what answers at an address is a scheduler."""
    from distributed.comm.addressing import parse_address, resolve_address
    from distributed.comm.registry import get_backend
    from distributed.core import rpc
    from distributed.security import Security

    how = Security().get_connection_args("client")
    try:
        # Here, not in a thread of the loop's own, which Python would wait for at its end.
        scheme, place = parse_address(resolve_address(address))
        connector = get_backend(scheme).get_connector()
        while (line := await _connected(connector, place, how)) is None:
            await asyncio.sleep(_PAUSE)
        line.abort()
    except (ValueError, TypeError, OverflowError) as error:
        message = f"--scheduler {address}: is no address such as tcp://10.0.0.1:8786: {error}"
        raise UsageError(message) from None
    try:
        async with rpc(address, connection_args=how) as there:
            kind = (await there.identity())["type"]
    except Exception:  # Whatever comes of reading something else as dask's protocol.
        kind = "something else"
    if kind != "Scheduler":
        raise RunError(f"--scheduler {address}: what answers there is no dask scheduler")


async def _connected(connector: Any, place: str, how: dict[str, Any]) -> Any:
    """Return a connection, None where none is taken: the scheduler may be about to start."""
    with suppress(OSError):
        return await connector.connect(place, **how)


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
