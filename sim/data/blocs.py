"""Blocs, followers of the patron and positions, derived from the table of states.

The bloc is the one derived column of the model's world. The position it is read from is the one
held at the cut-off, before any later change: the table gives it for 31 May 2019 and no position
changed between 17 and 31 May, so El Salvador, which recognised the opposition in November 2019,
stays in the bloc of the government's supporters, and Greece is not yet a recogniser.
"""

import datetime as dt
from typing import Final, Literal, get_args

from sim.data.rows import Stance, State

Bloc = Literal["patron", "allied", "regional", "european", "unaligned"]
Position = Literal["opposition", "government", "neither"]

BLOCS: Final[tuple[Bloc, ...]] = get_args(Bloc)
"""The blocs in the order in which they are tested."""

PATRON: Final = "USA"
CONTESTED: Final = "VEN"
"""The contested state: a row of the table, not one of the 196 states that take a position."""

_FOLLOWING_BLOCS: Final = frozenset({"NATO", "LimaGroup"})
_FOLLOWING_STATES: Final = frozenset(
    {"JPN", "KOR", "AUS", "ISR", "GEO", "TWN", "XKX", "MHL", "FSM", "PLW"}
)


def bloc_of(state: State) -> Bloc:
    """Return the bloc of a state; the first rule that holds decides.

    1. patron: the United States;
    2. allied: its position at the cut-off is ``support_maduro``, or it is a member of ALBA;
    3. regional: its region is the Americas;
    4. european: its region is Europe;
    5. unaligned: every other state.

    Region is the table's geography, not membership: Cyprus and Turkey are rows of Asia.
    """
    if state.iso3 == PATRON:
        return "patron"
    if state.position_2019 == "support_maduro" or "ALBA" in state.blocs:
        return "allied"
    if state.region == "Americas":
        return "regional"
    if state.region == "Europe":
        return "european"
    return "unaligned"


def follows_patron(state: State) -> bool:
    """Return True for NATO, the Lima Group and ten close partners; the patron itself does not.

    It is a tie, not a position: Turkey and Norway are members of NATO, Mexico of the Lima Group.
    """
    if state.iso3 == PATRON:
        return False
    return state.iso3 in _FOLLOWING_STATES or not _FOLLOWING_BLOCS.isdisjoint(state.blocs)


def position_on(state: State, day: dt.date) -> Position:
    """Return whom a state recognised at the end of a day: opposition, government or neither.

    Before its first dated move a state holds ``government`` if the table's position is
    ``support_maduro``, else ``neither``. From ``recognition_date`` on it is with the opposition,
    from ``change_date`` on where ``change_to`` says. So Bolivia is with the government until it
    recognises the opposition on 14 November 2019, and Greece with neither until 12 July 2019.

    day: any; one later than ``CUT_OFF`` is for validation only, which the caller must respect.
    """
    held: Position = "government" if state.position_2019 == "support_maduro" else "neither"
    for since, stance in _moves(state):
        if since <= day:
            held = _side(stance)
    return held


def _moves(state: State) -> list[tuple[dt.date, Stance]]:
    """Return the dated moves of a state, earliest first."""
    columns: tuple[tuple[dt.date | None, Stance | None], ...] = (
        (state.recognition_date, "recognise_guaido"),
        (state.change_date, state.change_to),
        (state.second_change_date, state.second_change_to),
    )
    moves = [(day, stance) for day, stance in columns if day is not None and stance is not None]
    return sorted(moves, key=lambda move: move[0])


def _side(stance: Stance) -> Position:
    if stance == "recognise_guaido":
        return "opposition"
    return "government" if stance == "support_maduro" else "neither"
