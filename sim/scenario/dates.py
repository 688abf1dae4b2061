"""Dates of a scenario: one form, and the week that a day falls into."""

import re
from datetime import date

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
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


def week_of(day: date, start: date) -> int:
    """Return the week that a day falls into; week 0 is the week of the start."""
    return (day - start).days // 7
