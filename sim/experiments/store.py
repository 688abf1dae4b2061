"""The store of a sweep: one SQLite file that loses nothing when its writer is killed.

One transaction per finished block, written through to the disk (WAL, synchronous=FULL), with a
SHA-256 over the block. A store is made whole or not at all. One process writes: it holds a lock of
the operating system, which ends with the process. ``sim.sweeps`` reads what this module writes.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from sim.database import DAMAGED, in_one_line
from sim.errors import RunError, UsageError
from sim.files import aside
from sim.outcomes import AGREEMENT, OUT_OF_OFFICE, OUTCOMES
from sim.sweeps import (
    FORMAT,
    NUMBERS,
    ROW,
    SCHEMA,
    SUMS,
    Axis,
    Sweep,
    as_stored,
    block_digest,
    canonical,
    meta_digest,
    read_meta,
    read_sweep,
)

Point = tuple[Any, ...]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _schema(axes: Sequence[Axis]) -> str:
    """Return the tables, and the views under which others read them."""
    paths = [_quoted(axis.path) for axis in axes]
    numbers = ", ".join(f"{name} INTEGER NOT NULL" for name in NUMBERS)
    listed = "".join(f", p.{path}" for path in paths)
    groups = {"agreement": AGREEMENT, "out_of_office": OUT_OF_OFFICE}
    sums = [f"SUM({name}) AS {name}" for name in (*OUTCOMES, "signed", "reneged")]
    sums += [f"SUM({' + '.join(OUTCOMES[c] for c in codes)}) AS {g}" for g, codes in groups.items()]
    means = [
        f"1.0 * SUM({name}) / SUM(r.replicates) / {unit} AS mean_{name}"
        for name, unit in SUMS.items()
        if name not in ("signed", "reneged")
    ]
    shares = " UNION ALL ".join(
        f"SELECT point, position, replicates, '{name}' AS outcome, {name} AS count, "
        f"1.0 * {name} / replicates AS share FROM results"
        for name in (*OUTCOMES, *groups, "signed")
    )
    return f"""
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE points (
        point INTEGER PRIMARY KEY, position INTEGER NOT NULL{"".join(f", {p}" for p in paths)});
    CREATE TABLE blocks (
        block INTEGER PRIMARY KEY, first_replicate INTEGER NOT NULL, replicates INTEGER NOT NULL,
        points TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, sha256 TEXT NOT NULL);
    CREATE TABLE rows (
        point INTEGER NOT NULL, first_replicate INTEGER NOT NULL, replicates INTEGER NOT NULL,
        block INTEGER NOT NULL, {numbers}, PRIMARY KEY (point, first_replicate)) WITHOUT ROWID;
    CREATE VIEW results AS SELECT p.point, p.position{listed},
        SUM(r.replicates) AS replicates, {", ".join(sums)}, {", ".join(means)}
        FROM points p JOIN rows r USING (point) GROUP BY p.point ORDER BY p.position;
    CREATE VIEW shares AS {shares} ORDER BY position, outcome;
    """


class Store:
    """A store open for writing; use it as a context. All errors of SQLite become RunError.

    path: the file. axes, meta: as in the file.
    """

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self.path = path
        self._database = database
        self._file = _file_at(path)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(sqlite3.Error):
            self._database.close()

    def check_place(self) -> None:
        """Raise RunError unless the file that is open is the one that has the name."""
        if _file_at(self.path) != self._file:
            raise RunError(
                f"{self.path}: the store was removed or replaced while it was written to; what was "
                "finished is gone with it"
            )

    def meta(self) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
        """Return the table ``meta`` and the rows of ``points``, checked."""
        with _told(self.path):
            return read_meta(self._database, self.path)

    def sweep(self) -> Sweep:
        """Return the sweep as it stands, every digest checked."""
        self.check_place()
        with _told(self.path):
            return read_sweep(self._database, self.path)

    def finished(self) -> dict[int, list[tuple[int, int]]]:
        """Return the finished ranges of replicates of each point: first and number, in order."""
        ranges: dict[int, list[tuple[int, int]]] = {}
        with _told(self.path):
            query = "SELECT point, first_replicate, replicates FROM rows ORDER BY 1, 2"
            for point, first, size in self._database.execute(query):
                ranges.setdefault(point, []).append((first, size))
        return ranges

    def forget_failures(self) -> None:
        """Give the blocks that failed another chance."""
        with _told(self.path), self._database:
            self._database.execute("DELETE FROM blocks WHERE state = 'failed'")

    def add(
        self, first: int, replicates: int, points: Sequence[int], numbers: Sequence[Sequence[int]]
    ) -> None:
        """Store a finished block in one transaction. numbers: of ``NUMBERS``, per point."""
        rows = [
            (point, first, replicates, *row) for point, row in zip(points, numbers, strict=True)
        ]
        self._add(first, replicates, points, "done", "", rows)

    def fail(self, first: int, replicates: int, points: Sequence[int], reason: str) -> None:
        """Store that a block was given up, and why."""
        self._add(first, replicates, points, "failed", reason, [])

    def _add(
        self,
        first: int,
        replicates: int,
        points: Sequence[int],
        state: str,
        reason: str,
        rows: list[tuple[int, ...]],
    ) -> None:
        self.check_place()
        with _told(self.path), self._database:
            last = self._database.execute("SELECT max(block) FROM blocks").fetchone()[0]
            number = 0 if last is None else last + 1
            block = (number, first, replicates, json.dumps(list(points)), state, reason)
            digest = block_digest(block, sorted(rows))
            marks = ", ".join("?" * (4 + len(NUMBERS)))
            self._database.execute("INSERT INTO blocks VALUES (?,?,?,?,?,?,?)", (*block, digest))
            self._database.executemany(
                f"INSERT INTO rows (block, {', '.join(ROW)}) VALUES ({marks})",
                [(number, *row) for row in rows],
            )

    def extend(self, design: Mapping[str, Any], axes: Sequence[Axis], points: list[Point]) -> None:
        """Take a larger design in: every point that is there must be in it. Raises UsageError."""
        meta, old = self.meta()
        stored = [tuple(row[2:]) for row in old]
        places = _match(stored, [_plain(point) for point in points], self.path)
        rows = [
            (number, position, *_plain(points[position])) for number, position in enumerate(places)
        ]
        with _told(self.path), self._database:
            self._database.execute("DELETE FROM points")
            _fill(self._database, rows, {**meta, **_described(design, axes)})


def _file_at(path: Path) -> tuple[int, int] | None:
    """Return what tells the file of that name from every other, None if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _match(stored: list[Point], wanted: list[Point], path: Path) -> list[int]:
    """Return the place in the new design of each stored point, then of each new one."""
    free: dict[str, list[int]] = {}
    for position in reversed(range(len(wanted))):
        free.setdefault(canonical(wanted[position]), []).append(position)
    places = []
    for point in stored:
        found = free.get(canonical(point))
        if not found:
            raise UsageError(
                f"{path}: the design has not all of the {len(stored):,} points stored there; "
                f"the point {', '.join(str(value) for value in point)} is missing"
            )
        places.append(found.pop())
    return places + sorted(position for rest in free.values() for position in rest)


def _plain(point: Point) -> Point:
    return tuple(as_stored(value) for value in point)


def _described(design: Mapping[str, Any], axes: Sequence[Axis]) -> dict[str, str]:
    return {
        "design": canonical(design),
        "axes": canonical([asdict(axis) for axis in axes]),
    }


def _fill(
    database: sqlite3.Connection, points: list[tuple[Any, ...]], meta: Mapping[str, str]
) -> None:
    marks = ", ".join("?" * len(points[0]))
    database.executemany(f"INSERT INTO points VALUES ({marks})", points)
    schema = database.execute(SCHEMA).fetchall()
    sealed = {**meta, "sha256": meta_digest(meta, points, schema)}
    database.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", sorted(sealed.items()))


@contextmanager
def open_store(path: Path) -> Iterator[Store]:
    """Open a store to write to it; the caller holds its lock. Raises RunError."""
    with _told(path):
        database = sqlite3.connect(path.resolve())  # Some names alone are words of SQLite.
    with Store(path, database) as store:
        with _told(path):
            # A damaged file must be met before anything is computed for it.
            sound = str(database.execute("PRAGMA quick_check").fetchone()[0])
            read_meta(database, path)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
        if sound != "ok":
            raise RunError(f"{path}: the store is damaged: {sound.splitlines()[-1]}")
        yield store


def create(
    path: Path,
    scenario: Mapping[str, Any],
    design: Mapping[str, Any],
    environment: Mapping[str, str],
    axes: Sequence[Axis],
    points: list[Point],
) -> None:
    """Make a store with its points and no rows, whole or not at all. Raises RunError."""
    rows = [(number, number, *_plain(point)) for number, point in enumerate(points)]
    meta = {
        "format": str(FORMAT),
        "scenario": canonical(scenario),
        "environment": canonical(environment),
        **_described(design, axes),
    }
    with _told(path), aside(path) as draft:
        draft.touch()  # SQLite would give it a mode of its own, its companions that of this.
        with closing(sqlite3.connect(draft)) as database, database:
            database.executescript(_schema(axes))
            _fill(database, rows, meta)
        os.replace(draft, path)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk refuse into one message; what was stored stays."""
    try:
        yield
    except DAMAGED as error:
        raise RunError(f"{path}: the store cannot be used: {in_one_line(error)}") from None
    except OSError as error:
        raise RunError(f"{path}: the store cannot be written: {error.strerror or error}") from None
