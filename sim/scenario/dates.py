"""Dates of a scenario: one form, and the week that a day falls into."""

import re
from datetime import date

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: How else people write a day: 2019-8-5, 2019/08/05; 5.8.2019. One with two slashes is ambiguous.
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?)", re.ASCII)
_DAY_FIRST = re.compile(r"(?P<d>\d\d?)\.(?P<m>\d\d?)\.(?P<y>\d{4})", re.ASCII)
#: A run of the longest horizon from the last of these days still ends on a day of the calendar.
_YEARS = range(1000, 3000)


def parse_date(value: object) -> date:
    """Return the day of a text like 2019-05-17. Raises ValueError for anything else."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("not a date")
    day = date.fromisoformat(value)
    if day.year not in _YEARS:
        raise ValueError("not a year of the calendar")
    return day


def meant(value: object) -> str:
    """Return the day that a text in another form means, as a question, or nothing."""
    text = str(value)
    found = _YEAR_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text)
    try:
        day = date(*(int(found[part]) for part in "ymd")) if found else None
    except ValueError:
        return ""
    return f"; did you mean {day.isoformat()}?" if day else ""


def week_of(day: date, start: date) -> int:
    """Return the week that a day falls into; week 0 is the week of the start."""
    return (day - start).days // 7
