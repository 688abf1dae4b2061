"""A pool of spawned processes that outlives its workers and never outlives its parent.

Each worker holds one task at a time, so that a death is always blamed on the right task; another
worker takes its place and the task is tried again. ``concurrent.futures`` would fail every pending
task instead, and could not tell which of them killed the worker.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import connection, get_context, parent_process
from types import ModuleType
from typing import Any

from sim.errors import RunError
from sim.executors import ATTEMPTS, Lost, R, T

#: Answers that wait for an earlier one, per worker: enough to keep all busy, little to remember.
_AHEAD = 4
_CLOSING = 5.0
_ALONE = "workers=1 needs none"
#: One at a time, for what is borrowed meanwhile is the whole program's.
_STARTING = threading.Lock()

_READY, _ANSWER, _ERROR = "ready", "answer", "error"


class Pool:
    """Up to ``workers`` processes, started as tasks come in."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._staff: list[_Worker] = []
        self._stillborn = 0

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R | Lost]:
        """Yield one answer per task, in order."""
        source = enumerate(tasks)
        again: deque[tuple[int, T]] = deque()
        deaths: Counter[int] = Counter()
        answers: dict[int, R | Lost] = {}
        turn, exhausted = 0, False
        while True:
            while turn in answers:
                yield answers.pop(turn)
                turn += 1
            busy = [worker for worker in self._staff if worker.job is not None]
            while len(busy) < self.workers:
                job = again.popleft() if again else None
                if job is None and not exhausted and self._has_room(turn, answers, busy):
                    job = next(source, None)
                    exhausted = job is None
                if job is None:
                    break
                busy.append(self._give(function, job))
            if not busy:
                return
            for worker, answer in self._collect(busy):
                index, task = worker.job  # type: ignore[misc]
                worker.job = None
                if answer is not None:
                    answers[index] = answer[0]
                    continue
                deaths[index] += worker.was_ready
                if deaths[index] < ATTEMPTS:
                    again.append((index, task))
                else:
                    answers[index] = Lost(f"it ended its worker process {ATTEMPTS} times")

    def _has_room(self, turn: int, answers: dict[int, Any], busy: list[_Worker]) -> bool:
        return len(answers) + len(busy) < _AHEAD * self.workers

    def _give(self, function: Callable[[Any], Any], job: tuple[int, Any]) -> _Worker:
        """Hand the job to an idle worker, or to a new one."""
        for worker in [worker for worker in self._staff if worker.job is None]:
            if worker.take(function, job):
                return worker
            self._dismiss(worker)
        while True:
            worker = _Worker()
            self._staff.append(worker)
            if worker.take(function, job):
                return worker
            self._miscarry(worker)

    def _collect(self, busy: list[_Worker]) -> Iterator[tuple[_Worker, tuple[Any] | None]]:
        """Wait, then yield each worker that answered, and with None each that died."""
        ready = set(connection.wait([worker.end for worker in busy]))
        for worker in busy:
            if worker.end not in ready:
                continue
            try:
                kind, content = worker.end.recv()
            except (EOFError, OSError):
                if worker.was_ready:
                    self._dismiss(worker)
                else:
                    self._miscarry(worker)
                yield worker, None
                continue
            if kind == _READY:
                worker.was_ready = True
                self._stillborn = 0
            elif kind == _ERROR:
                raise content
            else:
                yield worker, (content,)

    def _miscarry(self, worker: _Worker) -> None:
        """Dismiss a worker that died before it could work."""
        self._dismiss(worker)
        self._stillborn += 1
        if self._stillborn >= ATTEMPTS:
            code = worker.process.exitcode
            raise RunError(
                f"worker processes end (exit code {code}) before they can work; {_ALONE}"
            )

    def _dismiss(self, worker: _Worker) -> None:
        self._staff.remove(worker)
        worker.end_now()

    def close(self) -> None:
        """End all workers at once, whatever they are doing."""
        staff, self._staff = self._staff, []
        for worker in staff:
            worker.process.kill()
        for worker in staff:
            worker.end_now()


class _Worker:
    """The parent's end of one process; ``job`` is what it is at work on."""

    def __init__(self) -> None:
        self.job: tuple[int, Any] | None = None
        self.was_ready = False
        with _told_if_none_starts(), ExitStack() as opened:
            context = get_context("spawn")
            self.end, other = map(opened.enter_context, context.Pipe())
            self.process = context.Process(target=_work, args=(other,), daemon=True)
            with _interrupts_blocked(), _without_script():
                self.process.start()
            opened.pop_all()
        other.close()

    def take(self, function: Callable[[Any], Any], job: tuple[int, Any]) -> bool:
        """Give the worker a job; False if it is dead."""
        self.job = job
        try:
            self.end.send((function, job[1]))
        except OSError:
            self.job = None
            return False
        return True

    def end_now(self) -> None:
        """End the process and what connects to it."""
        self.process.kill()
        self.process.join(_CLOSING)
        self.end.close()


@contextmanager
def _told_if_none_starts() -> Iterator[None]:
    """Turn whatever keeps Python from starting a process into one sentence."""
    try:
        yield
    except Exception as error:
        cause = getattr(error, "strerror", None) or str(error)
        if "bootstrapping" in cause:
            cause = "a process imports its script, which lacks `if __name__ == '__main__':`"
        raise RunError(f"no worker process can be started: {cause}; {_ALONE}") from None


@contextmanager
def _without_script() -> Iterator[None]:
    """Let a process start that does not run the user's script again, as Python would have it.

    Workers need nothing from it. It may be standard input, or may lack the guard without which
    each worker would do all of its work.
    """
    with _STARTING:
        script = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = script


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Let a process start that Ctrl-C does not reach: it is for the parent, which ends the rest."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(end: connection.Connection) -> None:
    """Live as a worker: answer jobs until the parent closes its end or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        end.send((_READY, None))
        while True:
            end.send_bytes(_answer(end.recv_bytes()))


def _answer(job: bytes) -> bytes:
    """Do a job; whatever goes wrong in it is an answer too."""
    try:
        function, task = pickle.loads(job)
        answer: tuple[str, Any] = (_ANSWER, function(task))
    except Exception as error:
        answer = (_ERROR, error)
    try:
        return pickle.dumps(answer)
    except Exception as error:
        return pickle.dumps((_ERROR, RunError(f"a worker's answer cannot be pickled: {error}")))


def _end_with_parent() -> None:
    """A parent that is killed cannot end its workers, so they watch it."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
