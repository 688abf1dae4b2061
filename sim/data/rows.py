"""The row types of the five reference tables, and the dates they are written in.

A field has the name of its csv column. An empty number, date or category is None, an empty
text is "". Rows of the series and of the cases have no id of their own: it is derived here.
"""

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

CUT_OFF: Final = dt.date(2019, 5, 17)
"""Last day (inclusive) whose events may justify a value; later rows are for validation."""

Confidence = Literal["high", "medium", "low"]
Stance = Literal["recognise_guaido", "support_NA", "neutral", "support_maduro", "no_statement"]
Vote = Literal["yes", "no", "abstain", "absent"]
Precision = Literal["day", "week", "month"]
Frequency = Literal["monthly", "quarterly", "yearly", "period", "event", "level"]

_MONTHS_OF: Final = {"Q": 3, "H": 6}


class Period(NamedTuple):
    """First and last day, both inclusive."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class State:
    """A state of the world and where it stood on the presidency of Venezuela in 2019."""

    iso3: str
    name: str
    un_member: bool
    region: str
    blocs: tuple[str, ...]
    position_2019: Stance
    recognition_date: dt.date | None
    change_date: dt.date | None
    change_to: Stance | None
    second_change_date: dt.date | None
    second_change_to: Stance | None
    position_2019_12_31: Stance
    oas_vote_2019_01_10: Vote | None
    oas_vote_2019_04_09: Vote | None
    unsc_vote_us_draft_2019_02_28: Vote | None
    confidence: Confidence
    source: str
    notes: str


@dataclass(frozen=True, slots=True)
class Event:
    """A dated event of the crisis, May 2018 to December 2019."""

    id: str
    date: dt.date
    date_precision: Precision
    actor: str
    target: str
    event_type: str
    magnitude: float | None
    unit: str
    description: str
    confidence: Confidence
    source: str

    @property
    def span(self) -> Period:
        """Days the event may fall on: its month if dated to the month, else the day given."""
        if self.date_precision == "month":
            return _months(self.date.year, self.date.month, 1)
        return Period(self.date, self.date)


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One value of a series in long format."""

    series: str
    freq: Frequency
    date: str
    value: float
    unit: str
    confidence: Confidence
    source: str
    note: str

    @property
    def id(self) -> str:
        """Derived id, ``<series>:<date>``."""
        return f"{self.series}:{self.date}"

    @property
    def span(self) -> Period | None:
        """Days the value refers to."""
        return period_of(self.date)


@dataclass(frozen=True, slots=True)
class BaseRate:
    """A published or computed rate, with the cases and the years it was counted on."""

    id: str
    domain: str
    quantity: str
    value: float | None
    low: float | None
    high: float | None
    n: str
    period: str
    definition: str
    citation: str
    confidence: Confidence
    source: str

    @property
    def span(self) -> Period | None:
        """Days the rate was counted on, or None where the row gives no period."""
        return period_of(self.period)


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """A dated event of a comparable case; ``id`` is derived, ``<case>:<date>:<n>``, n from 1."""

    id: str
    case: str
    date: dt.date
    actor: str
    event_type: str
    description: str
    confidence: Confidence
    source: str


Row: TypeAlias = State | Event | SeriesPoint | BaseRate | CaseEvent


def period_of(text: str) -> Period | None:
    """Return the days that a date as the tables write it covers, or None for an empty text.

    Understands ``2019-05-17``, ``2019-05``, ``2018-Q3``, ``2018-H1``, ``2019``, ``2013-2018`` and
    ``1945-1995/2003`` (several ends: the last one counts).
    """
    if not text:
        return None
    if day := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
        date = dt.date(int(day[1]), int(day[2]), int(day[3]))
        return Period(date, date)
    if month := re.fullmatch(r"(\d{4})-(\d\d)", text):
        return _months(int(month[1]), int(month[2]), 1)
    if part := re.fullmatch(r"(\d{4})-([QH])([1-4])", text):
        length = _MONTHS_OF[part[2]]
        return _months(int(part[1]), length * (int(part[3]) - 1) + 1, length)
    if re.fullmatch(r"\d{4}(-\d{4})?(/\d{4})*", text):
        years = [int(year) for year in re.findall(r"\d{4}", text)]
        return Period(dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31))
    raise ValueError(f"{text!r} is not a day, month, quarter, half-year, year or range of years")


def _months(year: int, month: int, count: int) -> Period:
    last = month + count - 1
    return Period(dt.date(year, month, 1), dt.date(year, last, monthrange(year, last)[1]))
