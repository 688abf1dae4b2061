"""A table as text, however a spreadsheet saved it: encoding, separator and decimal sign are found.

Read is what can be read in one way alone: UTF-8, UTF-16 with its mark, else Windows-1252, which is
what Excel calls CSV in Western Europe; cells between commas, semicolons or tabs, whichever part the
first line so that the columns expected are in it. Anything else is refused by its cause.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from sim.errors import UsageError

MAX_BYTES = 2**24

_SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
#: How files begin that hold a workbook and no text: those of today and those of old Excel.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ADVICE = "save it as CSV, best as 'CSV UTF-8'"


@dataclass(frozen=True)
class Sheet:
    """Columns in order, rows as line and cells, and the sign between the cells.

    Empty rows and empty columns at the right are left out; every cell is without blanks around it.
    """

    path: Path
    line: int
    columns: list[str]
    rows: list[tuple[int, list[str]]]
    separator: str

    def why_uneven(self, cells: list[str]) -> str:
        """Return what is wrong with a row of too many cells or of other cells, else nothing."""
        joined = self.separator.join(cells)
        for sign, name in _SEPARATORS.items():
            if len(cells) != self.size == len(joined.split(sign)):
                ours = _SEPARATORS[self.separator]
                return f"has {name} between its cells, and the first line {ours}"
        if len(cells) <= self.size:
            return ""
        advice = "; where commas part the cells, decimals take a point"
        return "has more cells than there are columns" + advice * (self.separator == ",")

    @property
    def size(self) -> int:
        """Number of columns."""
        return len(self.columns)


def read_sheet(path: Path, expected: Collection[str]) -> Sheet:
    """Read a table. Raises UsageError. expected: columns by which the separator is known."""
    text = _decoded(path)
    parted = (_parted(path, text, sign) for sign in _SEPARATORS)
    return max(parted, key=lambda sheet: (len({*sheet.columns} & {*expected}), sheet.size))


def number(text: str) -> float:
    """Return a number with its decimal point or comma, or a percentage. Raises ValueError."""
    bare = text.removesuffix("%").strip()
    if bare.count(",") == 1 and "." not in bare:
        bare = bare.replace(",", ".")
    return float(bare) / (100 if text.endswith("%") else 1)


def _decoded(path: Path) -> str:
    data = _read(path)
    if data.startswith(_WORKBOOKS):
        _refuse(path, f"is a workbook, and no text; {_ADVICE}")
    if data.startswith(_UTF_16):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    _refuse(path, f"is no text in UTF-8, UTF-16 or Windows-1252; {_ADVICE}")


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            _refuse(path, "is a folder; name the file itself")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        _refuse(path, "no such file")
    except OSError as error:
        _refuse(path, f"cannot be read: {error.strerror}")
    if len(data) > MAX_BYTES:
        _refuse(path, f"is larger than {MAX_BYTES:,} bytes")
    return data


def _parted(path: Path, text: str, separator: str) -> Sheet:
    """Return the table that a text is with this sign between its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            bare = [cell.strip() for cell in cells]
            if any(bare):
                rows.append((reader.line_num, bare))
    except csv.Error:
        _refuse(path, "is no table as text: a cell is too long")
    if not rows:
        return Sheet(path, 1, [], [], separator)
    (line, columns), *others = rows
    while not columns[-1]:
        columns.pop()
    for _, cells in others:
        while len(cells) > len(columns) and not cells[-1]:
            cells.pop()
    return Sheet(path, line, columns, others, separator)


def _refuse(path: Path, message: str) -> NoReturn:
    raise UsageError(f"{path}: {message}")
