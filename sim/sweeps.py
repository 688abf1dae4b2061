"""The result of a sweep: what was varied, and how the replicates of each point ended.

A sweep lies in one SQLite file (its schema: ``docs/reference/sweep-store.md``). This module reads
it and knows no model; ``sim.experiments.store`` writes it. P is the number of points.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim import arguments
from sim.database import in_one_line, reading
from sim.errors import RunError
from sim.outcomes import AGREEMENT, OUT_OF_OFFICE, OUTCOMES

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

FORMAT = 1
#: Sums over replicates, besides the counts of the outcomes: name of a column, and how many units
#: of the column are 1. Sums of integers are exact, so that no order or block can change them.
SUMS: dict[str, int] = {
    "signed": 1,
    "reneged": 1,
    "attempts": 1,
    "failed_rounds": 1,
    "weeks_at_table": 1,
    "recognisers": 1,
    "mobilisation_end": 2**32,
    "good_faith_end": 2**32,
}
#: Columns whose squares are summed too, for standard errors.
SQUARED = tuple(name for name in SUMS if name not in ("signed", "reneged"))
#: Columns of numbers in the table ``rows``, in order.
NUMBERS = (*OUTCOMES, *SUMS, *(f"{name}_squared" for name in SQUARED))
#: The columns that a name stands for.
_COLUMNS: dict[str, tuple[int, ...]] = {name: (code,) for code, name in enumerate(NUMBERS)}
_COLUMNS |= {"agreement": AGREEMENT, "out_of_office": OUT_OF_OFFICE}


@dataclass(frozen=True)
class Axis:
    """One thing that is varied: a parameter's path, an event's field, a state's position.

    values: the values that it takes one by one, None for a range from low to high. whole: the
    range is of whole numbers. unit, meaning: of the parameter, empty for what is no number.
    """

    path: str
    values: tuple[Any, ...] | None = None
    low: float | None = None
    high: float | None = None
    whole: bool = False
    unit: str = ""
    meaning: str = ""

    @property
    def is_numeric(self) -> bool:
        """Whether every value is a number."""
        return self.values is None or all(is_number(value) for value in self.values)


def is_number(value: Any) -> bool:
    """Whether a value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True)
class Sweep:
    """A sweep as it stands in its store. Made by ``sim.sweep`` and ``open_sweep``.

    scenario: the resolved base scenario. design: scenario, its digest, weeks, seed, replicates
    wanted per point, method (grid, lhs, sobol, saltelli, morris) and its size. axes: what varies.
    points: path -> value at each point, shape (P,), in the order of the design: numbers, or
    objects where an axis is no number. replicates: finished per point, shape (P,). counts: of
    ``NUMBERS``, shape (P, C), summed over replicates. failed: why the blocks given up failed.
    """

    scenario: Mapping[str, Any]
    design: Mapping[str, Any]
    axes: tuple[Axis, ...]
    points: Mapping[str, npt.NDArray[Any]]
    replicates: Counts
    counts: Counts
    blocks: int
    failed: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Say in a line what it is; the whole scenario would fill the screen."""
        axes = ", ".join(axis.path for axis in self.axes)
        name, number = self.design["scenario"], int(self.replicates.sum())
        return f"<Sweep of {name}: {self.size:,} points of {axes}; {number:,} replicates>"

    @property
    def method(self) -> str:
        """Name of the design."""
        return str(self.design["method"])

    @property
    def size(self) -> int:
        """Number of points P."""
        return len(self.replicates)

    @property
    def is_complete(self) -> bool:
        """Whether every point has all the replicates that were asked for."""
        return bool((self.replicates == int(self.design["replicates"])).all())

    def count(self, name: str) -> Counts:
        """Return a sum over replicates at each point, shape (P,).

        name: an outcome, ``agreement``, ``out_of_office``, or a column of ``SUMS``.
        """
        columns = _COLUMNS[arguments.one_of("name", name, _COLUMNS)]
        total: Counts = self.counts[:, list(columns)].sum(axis=1)
        return total

    def mean(self, name: str) -> Array:
        """Return a share or mean over replicates at each point, shape (P,); nan without any.

        name: as in ``count``, or ``reneged_given_signed``.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            if name == "reneged_given_signed":
                return np.divide(self.count("reneged"), self.count("signed"))
            return self.count(name) / (self.replicates * float(SUMS.get(name, 1)))

    def error(self, name: str) -> Array:
        """Return the standard error of ``mean`` at each point, shape (P,); simulation error alone.

        name: as in ``count``.
        """
        arguments.one_of("name", name, _COLUMNS)
        mean, total = self.mean(name), self.replicates
        with np.errstate(divide="ignore", invalid="ignore"):
            if name in SQUARED:
                square = self.count(f"{name}_squared") / (total * float(SUMS[name]))
            else:
                square = mean
            return np.sqrt(np.maximum(square - mean**2, 0.0) / total)

    @property
    def digest(self) -> str:
        """SHA-256 of points and sums; equal however blocks were cut, computed or interrupted."""
        found = hashlib.sha256(canonical([asdict(axis) for axis in self.axes]).encode())
        for path, values in self.points.items():
            found.update(canonical([path, values.tolist()]).encode())
        found.update(self.replicates.astype("<i8").tobytes())
        found.update(self.counts.astype("<i8").tobytes())
        return found.hexdigest()


def canonical(data: Any) -> str:
    """Return plain data as the one text that digests are made of."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, allow_nan=False, default=list)


def sha256(data: Any) -> str:
    """Return the SHA-256 of plain data."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def block_digest(block: Sequence[Any], rows: Iterable[Sequence[Any]]) -> str:
    """Return what the table ``blocks`` holds of a block: all of it and of its rows.

    block: its columns but the last. rows: those of the table ``rows``, in order of point.
    """
    return sha256([list(block), [list(row) for row in rows]])


def meta_digest(
    meta: Mapping[str, str], points: Iterable[Sequence[Any]], schema: Iterable[Sequence[Any]]
) -> str:
    """Return the digest of the table ``meta`` (without itself), of ``points`` and of the schema.

    schema: rows of ``SCHEMA``; a wrong character in a view would bend what others read in it.
    """
    rest = {key: value for key, value in meta.items() if key != "sha256"}
    return sha256([rest, [list(row) for row in points], [list(row) for row in schema]])


def _is_sealed(seal: Any, digest: Callable[..., str], *parts: Any) -> bool:
    """Whether parts are what was stored; what has no digest, such as an infinity, never was."""
    try:
        return bool(seal == digest(*parts))
    except (TypeError, ValueError):
        return False


def open_sweep(store: arguments.AnyPath) -> Sweep:
    """Load a sweep from its store, checking every digest. Raises RunError."""
    path = arguments.path("store", store)
    with reading(path) as database:
        return read_sweep(database, path)


def read_sweep(database: sqlite3.Connection, path: Path) -> Sweep:
    """Return the sweep in an open store, checking every digest. Raises RunError."""
    meta, points = read_meta(database, path)
    axes = tuple(_axis(data) for data in json.loads(meta["axes"]))
    totals = _read_totals(database, path)
    order = sorted(points, key=lambda row: int(row[1]))
    numbers = np.array([totals.get(row[0], [0] * (1 + len(NUMBERS))) for row in order], np.int64)
    numbers = numbers.reshape(len(order), 1 + len(NUMBERS))
    columns = {
        axis.path: column([row[2 + index] for row in order], axis)
        for index, axis in enumerate(axes)
    }
    failed = database.execute("SELECT reason FROM blocks WHERE state = 'failed' ORDER BY block")
    done = database.execute("SELECT count(*) FROM blocks WHERE state = 'done'").fetchone()[0]
    return Sweep(
        json.loads(meta["scenario"]),
        json.loads(meta["design"]),
        axes,
        columns,
        numbers[:, 0],
        numbers[:, 1:],
        int(done),
        tuple(str(row[0]) for row in failed),
        json.loads(meta["environment"]),
    )


def column(values: Sequence[Any], axis: Axis) -> npt.NDArray[Any]:
    """Return an axis's value at each point: an array of numbers, or of objects."""
    if axis.is_numeric:
        return np.array(values, dtype=np.float64)
    meant = {as_stored(value): value for value in axis.values or ()}
    found = np.empty(len(values), dtype=object)
    for index, value in enumerate(values):
        found[index] = meant[value]
    return found


def as_stored(value: Any) -> float | str:
    """Return a value as the table ``points`` holds it: a number, a text, or JSON of all else."""
    if is_number(value):
        return float(value)
    return value if isinstance(value, str) else canonical(value)


def _axis(data: dict[str, Any]) -> Axis:
    values = data.pop("values")
    return Axis(values=None if values is None else tuple(values), **data)


def read_meta(
    database: sqlite3.Connection, path: Path
) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """Return the table ``meta`` and the rows of ``points``, after their digest was checked."""
    try:
        meta: dict[str, str] = dict(database.execute("SELECT key, value FROM meta"))
        points = database.execute("SELECT * FROM points ORDER BY point").fetchall()
        schema = database.execute(SCHEMA).fetchall()
    except sqlite3.OperationalError as error:
        raise RunError(f"{path}: is no store of a sweep: {in_one_line(error)}") from None
    if meta.get("format") != str(FORMAT):
        raise RunError(f"{path}: is a store of format {meta.get('format')}, not {FORMAT}")
    if not _is_sealed(meta.get("sha256"), meta_digest, meta, points, schema):
        raise RunError(f"{path}: its points or design are not what was stored (SHA-256 differs)")
    return meta, points


def _read_totals(database: sqlite3.Connection, path: Path) -> dict[int, list[int]]:
    """Return replicates and sums by point, after the digest of every block was checked."""
    rows: dict[int, list[tuple[Any, ...]]] = {}
    totals: dict[int, list[int]] = {}
    for block, *row in database.execute(f"SELECT block, {', '.join(ROW)} FROM rows ORDER BY point"):
        rows.setdefault(block, []).append(tuple(row))
    for *block, digest in database.execute("SELECT * FROM blocks ORDER BY block"):
        of_block = rows.pop(block[0], [])
        if not _is_sealed(digest, block_digest, block, of_block):
            raise RunError(f"{path}: block {block[0]} is not what was stored (its SHA-256 differs)")
        for row in of_block:
            before = totals.get(row[0], [0] * (1 + len(NUMBERS)))
            totals[row[0]] = [old + new for old, new in zip(before, row[2:], strict=True)]
    if rows:
        raise RunError(f"{path}: holds rows of block {next(iter(rows))}, which was never finished")
    return totals


#: What a digest covers of the definitions of tables and views.
SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
#: Columns of the table ``rows`` that a digest covers, in order; ``block`` is not among them.
ROW = ("point", "first_replicate", "replicates", *NUMBERS)
