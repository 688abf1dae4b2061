"""What the source of a value points at: a paragraph of the article, a row of data, a reference.

Every value of a scenario names its source. ``resolve`` says what a name stands for and whether
it may justify a value (``validation_only`` False) or only judge a result (True). One rule decides:
what is reported may not end after the cut-off, 17 May 2019. So a month counts by its last day and
a year by 31 December; a rate counts by the end of the years it was counted on, whenever it was
published; a publication counts by the end of its year.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from textwrap import shorten
from typing import Final, Literal

from sim.data.blocs import CONTESTED, Position, position_on
from sim.data.rows import CUT_OFF, Period, State
from sim.data.tables import load

Kind = Literal["article", "row", "reference", "decision"]

PLAYED: Final = "played"
"""Source of an event that a person decided who played a side; it justifies no number."""

ARTICLE_PARAGRAPHS: Final = 20
"""Number of paragraphs of the article, cited as P1 to P20."""

_ARTICLE: Final = (
    "Venezuela's foreign minister: the government is open to dialogue with the United States",
    "the minister's statement: a dialogue mechanism based on mutual respect",
    "the statement's claim that the strategies of the US administration have failed",
    "January 2019: the opposition's claim to the presidency, endorsed by Washington and its allies",
    "Venezuelan oil assets seized by the United States",
    "the government's accusation against the United States; the states that support it",
    "the United States rules out negotiations and keeps its strategy",
    "a State Department official: no negotiation with the government",
    "the United States and 50 other countries recognise the opposition",
    "the opposition leader calls for US military support",
    "the opposition has not closed the door to talks",
    "talks in Norway between representatives of the government and the opposition",
    "Norway's tradition of mediation; an exploratory phase",
    "a fresh approach after months of tension and the failed uprising",
    "both sides engage; the opposition leader speaks of mediation, not negotiations",
    "the opposition's envoy is to meet the US Southern Command",
    "why the opposition accepted talks after the failed uprising of 30 April",
    "the sides remain at odds on fundamental issues",
    "the opposition's red line and its three demands",
    "an electoral authority and a timeline; no election before the mandate ends in 2025",
)
_POSITION: Final[dict[Position, str]] = {
    "opposition": "recognises the opposition",
    "government": "supports the government",
    "neither": "takes neither side",
}
_TITLE_WIDTH: Final = 110
_NAMES_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Source:
    """What a cited key stands for.

    title: one line for a human reader. dated: last day of what is reported, None if unknown.
    validation_only: it reports something after the cut-off and never justifies a value.
    """

    kind: Kind
    key: str
    title: str
    dated: dt.date | None
    validation_only: bool


def resolve(source: str) -> Source | None:
    """Return what a source stands for, or None if nothing has that key.

    source: a paragraph of the article (``P17``), a row of the timeline (``E054``) or of the base
    rates (``COUP_PT``), ``state:RUS`` (its position at the cut-off, so never validation only),
    ``series:protests_ovcs:2019-04``, ``case:honduras_2009:2009-08-25:2``, or a key of
    ``references.bib`` (``fearon1995``).
    """
    return _index().get(source)


def citable() -> tuple[Source, ...]:
    """Return everything that a scenario can cite, each key once."""
    return tuple(_index().values())


def suggest(source: str) -> str | None:
    """Return the valid key nearest to a source, or None if none is near.

    A key inside the text wins (``article P17`` gives ``P17``), then spelling, case ignored.
    """
    index = _index()
    for word in source.split():
        if word in index:
            return word
    keys = {key.casefold(): key for key in index}
    nearest = get_close_matches(source.casefold(), keys, n=1)
    return keys[nearest[0]] if nearest else None


@cache
def _index() -> dict[str, Source]:
    index: dict[str, Source] = {}
    decision = _source("decision", PLAYED, "A decision of a person who played a side", None)
    for source in (*_paragraphs(), *_rows(), *_rates(), *_references(), decision):
        if source.key in index:
            raise ValueError(f"two sources have the key {source.key!r}")
        index[source.key] = source
    return index


def _source(kind: Kind, key: str, title: str, dated: dt.date | None) -> Source:
    late = dated is not None and dated > CUT_OFF
    return Source(kind, key, shorten(title, _TITLE_WIDTH, placeholder=" ..."), dated, late)


def _paragraphs() -> Iterator[Source]:
    for number, topic in enumerate(_ARTICLE, start=1):
        yield _source("article", f"P{number}", f"Article, paragraph {number}: {topic}", CUT_OFF)


def _rows() -> Iterator[Source]:
    for event in load("timeline"):
        title = f"{event.date} {event.actor}: {event.description}"
        yield _source("row", event.id, title, event.span.last)
    for point in load("series"):
        title = f"{point.series}, {point.date}: {point.value:,.10g} {point.unit}"
        yield _source("row", f"series:{point.id}", title, _last(point.span))
    for case in load("cases"):
        title = f"{case.case}, {case.date} {case.actor}: {case.description}"
        yield _source("row", f"case:{case.id}", title, case.date)
    for state in load("states"):
        yield _source("row", f"state:{state.iso3}", _state_title(state), CUT_OFF)


def _rates() -> Iterator[Source]:
    family = ""
    for rate in load("base_rates"):
        own, _, variant = rate.quantity.partition("same, ")
        if own:  # "same, 1990-2010" is a variant of the last quantity with a name of its own
            family = rate.quantity
        quantity = rate.quantity if own else f"{family}; {variant}"
        value = "" if rate.value is None else f" = {rate.value:g}"
        title = f"{quantity}{value} ({rate.citation})"
        yield _source("row", rate.id, title, _last(rate.span))


def _references() -> Iterator[Source]:
    text = resources.files("sim.data").joinpath("references.bib").read_text(encoding="utf-8")
    for key, body in re.findall(r"^@\w+\{([^,\s]+),\n(.*?)^\}", text, re.MULTILINE | re.DOTALL):
        fields = dict(re.findall(r"^\s*(\w+) = \{(.*)\},$", body, re.MULTILINE))
        title = f"{_names(fields['author'])} ({fields['year']}), {fields['title']}"
        yield _source("reference", key, title, dt.date(int(fields["year"]), 12, 31))


def _state_title(state: State) -> str:
    if state.iso3 == CONTESTED:
        return f"{state.name}: the contested state"
    return f"{state.name}: {_POSITION[position_on(state, CUT_OFF)]} on {CUT_OFF}"


def _names(authors: str) -> str:
    """Return the surnames of a citation: ``A``, ``A & B``, ``A, B & C``; from four ``A et al.``."""
    names = [name.split(",")[0].strip("{}") for name in authors.split(" and ")]
    if len(names) > _NAMES_SHOWN:
        return f"{names[0]} et al."
    return " & ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _last(span: Period | None) -> dt.date | None:
    return None if span is None else span.last
