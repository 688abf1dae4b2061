"""A lock that belongs to one process and ends with it, however that ends.

It is the operating system's lock on an open file beside the store; a file that a killed process
left behind locks nobody out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.errors import RunError, UsageError


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the lock of a store. Raises UsageError at once if another process holds it."""
    beside = path.with_name(f"{path.name}.lock")
    handle = _acquire(path, beside)
    try:
        yield
    finally:
        with suppress(OSError):
            beside.unlink()
        os.close(handle)


def _acquire(path: Path, beside: Path) -> int:
    while True:
        try:
            beside.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(beside, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            message = f"{path}: the store cannot be written: {error.strerror or error}"
            raise RunError(message) from None
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            raise UsageError(f"{path}: another process is writing to this store") from None
        # The holder before may have removed the file in between; then it locks nobody out.
        with suppress(OSError):
            if os.stat(beside).st_ino == os.fstat(handle).st_ino:
                return handle
        os.close(handle)


def _lock(handle: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
