"""What the tables knew on a day: the only door through which an estimate reads the record.

A row counts where the last day of what it reports is not later than ``until``; of a state, what is
dated later is blanked. So an estimate cannot see a later observation, whatever the files hold.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from sim.data.rows import CUT_OFF, CaseEvent, Event, SeriesPoint, State, Vote
from sim.data.tables import load

#: Days of the votes that are columns of ``states``.
_OAS_JANUARY: Final = dt.date(2019, 1, 10)
_OAS_APRIL: Final = dt.date(2019, 4, 9)
_UNSC: Final = dt.date(2019, 2, 28)


@dataclass(frozen=True, slots=True)
class Record:
    """The tables as they stood on the evening of ``until``, which is never after the cut-off.

    Raises ValueError for a later day.
    """

    until: dt.date = CUT_OFF

    def __post_init__(self) -> None:
        """Refuse a day after the cut-off."""
        if self.until > CUT_OFF:
            raise ValueError(f"{self.until} is after the cut-off {CUT_OFF}: for validation only")

    def states(self) -> tuple[State, ...]:
        """Return every state with what it did later blanked, the end of 2019 included."""
        return tuple(self._blanked(state) for state in load("states"))

    def timeline(self) -> tuple[Event, ...]:
        """Return the events whose last possible day is not later."""
        return tuple(event for event in load("timeline") if event.span.last <= self.until)

    def series(self, name: str) -> tuple[SeriesPoint, ...]:
        """Return the values of one series whose period ended by then, in the order of the file."""
        return tuple(
            point
            for point in load("series")
            if point.series == name and point.span is not None and point.span.last <= self.until
        )

    def cases(self, name: str) -> tuple[CaseEvent, ...]:
        """Return the events of a comparable case; all are years before the cut-off."""
        return tuple(
            event for event in load("cases") if event.case == name and event.date <= self.until
        )

    def _blanked(self, state: State) -> State:
        later = state.recognition_date is not None and state.recognition_date > self.until
        moved = later and state.position_2019 == "recognise_guaido"
        stance = "no_statement" if moved else state.position_2019
        changed = state.change_date is not None and state.change_date <= self.until
        twice = state.second_change_date is not None and state.second_change_date <= self.until
        return replace(
            state,
            position_2019=stance,
            recognition_date=None if later else state.recognition_date,
            change_date=state.change_date if changed else None,
            change_to=state.change_to if changed else None,
            second_change_date=state.second_change_date if twice else None,
            second_change_to=state.second_change_to if twice else None,
            position_2019_12_31=stance,
            oas_vote_2019_01_10=self._by(_OAS_JANUARY, state.oas_vote_2019_01_10),
            oas_vote_2019_04_09=self._by(_OAS_APRIL, state.oas_vote_2019_04_09),
            unsc_vote_us_draft_2019_02_28=self._by(_UNSC, state.unsc_vote_us_draft_2019_02_28),
            notes="",
        )

    def _by(self, day: dt.date, vote: Vote | None) -> Vote | None:
        return vote if day <= self.until else None
