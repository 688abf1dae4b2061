"""The five reference tables, read from the csv files beside this module (standard library only)."""

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Final, Literal, TypeAlias, TypeVar, get_args, overload

from sim.data.rows import (
    BaseRate,
    CaseEvent,
    Confidence,
    Event,
    Frequency,
    Precision,
    Row,
    SeriesPoint,
    Stance,
    State,
    Vote,
)

TableName = Literal["states", "timeline", "series", "base_rates", "cases"]
TABLES: Final[tuple[TableName, ...]] = get_args(TableName)

Cells: TypeAlias = Mapping[str, str]
Choice = TypeVar("Choice", bound=str)

_CONFIDENCES: Final[tuple[Confidence, ...]] = get_args(Confidence)
_STANCES: Final[tuple[Stance, ...]] = get_args(Stance)
_VOTES: Final[tuple[Vote, ...]] = get_args(Vote)
_PRECISIONS: Final[tuple[Precision, ...]] = get_args(Precision)
_FREQUENCIES: Final[tuple[Frequency, ...]] = get_args(Frequency)


@overload
def load(name: Literal["states"]) -> tuple[State, ...]: ...
@overload
def load(name: Literal["timeline"]) -> tuple[Event, ...]: ...
@overload
def load(name: Literal["series"]) -> tuple[SeriesPoint, ...]: ...
@overload
def load(name: Literal["base_rates"]) -> tuple[BaseRate, ...]: ...
@overload
def load(name: Literal["cases"]) -> tuple[CaseEvent, ...]: ...
@overload
def load(name: str) -> tuple[Row, ...]: ...
def load(name: str) -> tuple[Row, ...]:
    """Return the rows of a table in the order of its file, read once and then remembered.

    name: states, timeline, series, base_rates or cases; anything else is a KeyError.
    """
    if name not in _READERS:
        raise KeyError(f"unknown table {name!r}; the tables are {', '.join(TABLES)}")
    return _load(name)


@cache
def _load(name: str) -> tuple[Row, ...]:
    text = resources.files("sim.data").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    counts: Counter[str] = Counter()
    rows: list[Row] = []
    for line, cells in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        try:
            rows.append(_READERS[name](cells, counts))
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name}.csv:{line}: {error}") from error
    return tuple(rows)


def _state(cells: Cells, _: Counter[str]) -> State:
    return State(
        iso3=cells["iso3"],
        name=cells["name"],
        un_member=_choice(cells["un_member"], ("0", "1")) == "1",
        region=cells["region"],
        blocs=tuple(bloc for bloc in cells["blocs"].split(";") if bloc),
        position_2019=_choice(cells["position_2019"], _STANCES),
        recognition_date=_date(cells["recognition_date"]),
        change_date=_date(cells["change_date"]),
        change_to=_optional(cells["change_to"], _STANCES),
        second_change_date=_date(cells["second_change_date"]),
        second_change_to=_optional(cells["second_change_to"], _STANCES),
        position_2019_12_31=_choice(cells["position_2019_12_31"], _STANCES),
        oas_vote_2019_01_10=_optional(cells["oas_vote_2019_01_10"], _VOTES),
        oas_vote_2019_04_09=_optional(cells["oas_vote_2019_04_09"], _VOTES),
        unsc_vote_us_draft_2019_02_28=_optional(cells["unsc_vote_us_draft_2019_02_28"], _VOTES),
        confidence=_choice(cells["confidence"], _CONFIDENCES),
        source=cells["source"],
        notes=cells["notes"],
    )


def _event(cells: Cells, _: Counter[str]) -> Event:
    return Event(
        id=cells["id"],
        date=dt.date.fromisoformat(cells["date"]),
        date_precision=_choice(cells["date_precision"], _PRECISIONS),
        actor=cells["actor"],
        target=cells["target"],
        event_type=cells["event_type"],
        magnitude=_number(cells["magnitude"]),
        unit=cells["unit"],
        description=cells["description"],
        confidence=_choice(cells["confidence"], _CONFIDENCES),
        source=cells["source"],
    )


def _series_point(cells: Cells, _: Counter[str]) -> SeriesPoint:
    return SeriesPoint(
        series=cells["series"],
        freq=_choice(cells["freq"], _FREQUENCIES),
        date=cells["date"],
        value=float(cells["value"]),
        unit=cells["unit"],
        confidence=_choice(cells["confidence"], _CONFIDENCES),
        source=cells["source"],
        note=cells["note"],
    )


def _base_rate(cells: Cells, _: Counter[str]) -> BaseRate:
    return BaseRate(
        id=cells["id"],
        domain=cells["domain"],
        quantity=cells["quantity"],
        value=_number(cells["value"]),
        low=_number(cells["low"]),
        high=_number(cells["high"]),
        n=cells["n"],
        period=cells["period"],
        definition=cells["definition"],
        citation=cells["citation"],
        confidence=_choice(cells["confidence"], _CONFIDENCES),
        source=cells["source"],
    )


def _case_event(cells: Cells, counts: Counter[str]) -> CaseEvent:
    day = f"{cells['case']}:{cells['date']}"
    counts[day] += 1
    return CaseEvent(
        id=f"{day}:{counts[day]}",
        case=cells["case"],
        date=dt.date.fromisoformat(cells["date"]),
        actor=cells["actor"],
        event_type=cells["event_type"],
        description=cells["description"],
        confidence=_choice(cells["confidence"], _CONFIDENCES),
        source=cells["source"],
    )


_READERS: Final[Mapping[str, Callable[[Cells, Counter[str]], Row]]] = {
    "states": _state,
    "timeline": _event,
    "series": _series_point,
    "base_rates": _base_rate,
    "cases": _case_event,
}


def _number(text: str) -> float | None:
    return float(text) if text else None


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _optional(text: str, allowed: tuple[Choice, ...]) -> Choice | None:
    return _choice(text, allowed) if text else None


def _choice(text: str, allowed: tuple[Choice, ...]) -> Choice:
    for choice in allowed:
        if choice == text:
            return choice
    raise ValueError(f"{text!r} is not one of {', '.join(allowed)}")
