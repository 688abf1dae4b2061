"""A class's predictions scored against an outcome distribution.

A prediction is a probability for each of the eight outcomes. Its score is the expected quadratic
score over the distribution (Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2):
0 is best, 2 is worst, and nobody can expect less than the distribution itself does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.analysis.sheets import Sheet, number, read_sheet
from sim.errors import UsageError
from sim.outcomes import OUTCOMES
from sim.scenario.wording import known, shown

Array = npt.NDArray[np.float64]

#: Probabilities of a prediction may miss 1 by this much: they are written with two decimals.
_ROUNDING = 0.011
_MAX_ROWS = 10_000
_NAME = "name"
#: So many of the columns are told where the one of names is missing.
_TOLD = 3


@dataclass(frozen=True)
class Prediction:
    """One person's probabilities of the eight outcomes, in their order, shape (8,)."""

    name: str
    probabilities: Array


@dataclass(frozen=True)
class Score:
    """Expected Brier score of a prediction (0 best, 2 worst), and where it was furthest off."""

    name: str
    brier: float
    worst_outcome: str
    predicted: float
    share: float


def read_predictions(path: Path) -> list[Prediction]:
    """Read a table with a column ``name`` and one column per outcome; missing ones are 0.

    It is text as spreadsheets save it; see ``sim.analysis.sheets``. Raises UsageError naming every
    row that is at fault.
    """
    sheet = read_sheet(path, (_NAME, *OUTCOMES))
    _check_columns(sheet)
    if not 1 <= len(sheet.rows) <= _MAX_ROWS:
        count = len(sheet.rows)
        raise UsageError(f"{path}: needs 1 to {_MAX_ROWS:,} predictions, and has {count:,}")
    found: list[Prediction] = []
    faults: list[str] = []
    names: set[str] = set()
    for line, cells in sheet.rows:
        try:
            one = _prediction(sheet, cells)
            if one.name in names:
                raise ValueError(f"there are two predictions of {shown(one.name)}")
            names.add(one.name)
            found.append(one)
        except ValueError as error:
            faults.append(f"{path}:{line}: {error}")
    if faults:
        raise UsageError(*faults)
    return found


def _check_columns(sheet: Sheet) -> None:
    place, columns = f"{sheet.path}:{sheet.line}", sheet.columns
    if _NAME not in columns:
        told = ", ".join(map(shown, columns[:_TOLD])) + ", ..." * (len(columns) > _TOLD)
        there = f"the first line has {told or 'nothing'}"
        if len(columns) == 1:
            there += "; cells are parted by commas, semicolons or tabs"
        raise UsageError(f"{place}: needs a column '{_NAME}', and one per outcome; {there}")
    for column in columns:
        if column not in (_NAME, *OUTCOMES):
            hint = known(column, OUTCOMES, "there are")
            raise UsageError(f"{place}: unknown outcome {shown(column)}{hint}")
    if len(set(columns)) < len(columns):
        raise UsageError(f"{place}: a column is given twice")


def _prediction(sheet: Sheet, cells: list[str]) -> Prediction:
    if uneven := sheet.why_uneven(cells):
        raise ValueError(uneven)
    row = dict.fromkeys(sheet.columns, "") | dict(zip(sheet.columns, cells, strict=False))
    name = row[_NAME]
    if not name:
        raise ValueError("lacks a name")
    values = np.zeros(len(OUTCOMES))
    for index, outcome in enumerate(OUTCOMES):
        text = row.get(outcome, "0")
        if not text:
            raise ValueError(f"{name} gives no probability of {outcome}; write 0 for never")
        values[index] = _probability(name, outcome, text)
    total = float(values.sum())
    if abs(total - 1) > _ROUNDING:
        raise ValueError(f"the probabilities of {name} sum to {total:.3g}, not to 1")
    return Prediction(name, values / total)


def _probability(name: str, outcome: str, text: str) -> float:
    try:
        value = number(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        told = f"{name}: {outcome} must be a probability from 0 to 1"
        raise ValueError(f"{told}, not {shown(text)}")
    return value


def score(predictions: Sequence[Prediction], shares: Array) -> list[Score]:
    """Return the scores, best first; names break ties.

    shares: the distribution, shape (8,). The expected score of p is sum_k s_k |p - e_k|^2.
    """
    rows = []
    for one in predictions:
        p = one.probabilities
        brier = float(np.sum(p**2) - 2 * np.sum(p * shares) + np.sum(shares))
        worst = int(np.argmax(np.abs(p - shares)))
        rows.append(Score(one.name, brier, OUTCOMES[worst], float(p[worst]), float(shares[worst])))
    return sorted(rows, key=lambda row: (row.brier, row.name))
