"""A store opened to be read alone: whole, with its log, or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sim.errors import RunError
from sim.files import check_readable

#: What reading a damaged store raises: text in it may no longer be UTF-8.
DAMAGED = (sqlite3.Error, UnicodeDecodeError)


def in_one_line(error: Exception) -> str:
    """Return the words of an error; SQLite quotes damaged text with its line breaks."""
    return " ".join(str(error).split())


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a store to read it alone; what SQLite cannot read becomes one message."""
    if not path.exists():
        raise RunError(f"{path}: there is no such store")
    check_readable(path)
    try:
        with closing(_connect(path)) as database:
            yield database
    except DAMAGED as error:
        told = in_one_line(error)
        raise RunError(f"{path}: is no store of a sweep, or is damaged: {told}") from None


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return _open(path, "mode=ro")
    except sqlite3.OperationalError as error:
        # In a folder that cannot be written SQLite finds no room for what guards readers. Without
        # guards it would pass over the log, in which the newest blocks stand.
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise RunError(
                f"{path}: its newest blocks are in {log.name}, which cannot be read where it lies "
                f"({in_one_line(error)}); copy both files to a folder that may be written to"
            ) from None
        return _open(path, "immutable=1")


def _open(path: Path, how: str) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True)
    try:
        database.execute("SELECT count(*) FROM sqlite_schema")
    except sqlite3.Error:
        database.close()
        raise
    return database
