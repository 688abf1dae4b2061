"""A class's predictions scored against an outcome distribution.

A prediction is a probability for each of the eight outcomes. Its score is the expected quadratic
score over the distribution (Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2):
0 is best, 2 is worst, and nobody can expect less than the distribution itself does.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.errors import UsageError
from sim.outcomes import OUTCOMES

Array = npt.NDArray[np.float64]

#: Probabilities of a prediction may miss 1 by this much: they are written with two decimals.
_ROUNDING = 0.011
_MAX_ROWS = 10_000
_NAME = "name"


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
    """Read a CSV file with a column ``name`` and one column per outcome; missing ones are 0.

    Raises UsageError naming every row that is at fault.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            columns = list(reader.fieldnames or [])
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else "is no CSV text"
        raise UsageError(f"{path}: {reason}") from None
    _check_columns(path, columns)
    if not 1 <= len(rows) <= _MAX_ROWS:
        raise UsageError(f"{path}: needs 1 to {_MAX_ROWS:,} predictions, and has {len(rows):,}")
    found: list[Prediction] = []
    faults: list[str] = []
    names: set[str] = set()
    for line, row in rows:
        name = (row.get(_NAME) or "").strip()
        try:
            if name in names:
                raise ValueError(f"there are two predictions of '{name}'")
            names.add(name)
            found.append(_prediction(name, row))
        except ValueError as error:
            faults.append(f"{path}:{line}: {error}")
    if faults:
        raise UsageError(*faults)
    return found


def _check_columns(path: Path, columns: Sequence[str]) -> None:
    from difflib import get_close_matches

    if _NAME not in columns:
        raise UsageError(f"{path}:1: needs a column 'name', and one per outcome")
    for column in columns:
        if column not in (_NAME, *OUTCOMES):
            near = get_close_matches(column, OUTCOMES, 1)
            hint = f"; did you mean '{near[0]}'?" if near else f"; there are {', '.join(OUTCOMES)}"
            raise UsageError(f"{path}:1: unknown outcome '{column}'{hint}")
    if len(set(columns)) < len(columns):
        raise UsageError(f"{path}:1: a column is given twice")


def _prediction(name: str, row: Mapping[str | None, str | None]) -> Prediction:
    if not name:
        raise ValueError("lacks a name")
    if None in row:
        raise ValueError("has more cells than there are columns")
    values = np.zeros(len(OUTCOMES))
    for index, outcome in enumerate(OUTCOMES):
        text = (row.get(outcome) or "").strip()
        if outcome in row and not text:
            raise ValueError(f"{name} gives no probability of {outcome}; write 0 for never")
        values[index] = _probability(name, outcome, text or "0")
    total = float(values.sum())
    if abs(total - 1) > _ROUNDING:
        raise ValueError(f"the probabilities of {name} sum to {total:.3g}, not to 1")
    return Prediction(name, values / total)


def _probability(name: str, outcome: str, text: str) -> float:
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise ValueError(f"{name}: {outcome} must be a probability from 0 to 1, not '{text}'")
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
