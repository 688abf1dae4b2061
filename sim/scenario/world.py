"""The states of a scenario: rows of a shipped table, changed or added to by the file."""

import re
from collections.abc import Callable
from datetime import date

from sim import data
from sim.scenario.schema import Member, States
from sim.scenario.schema.base import ISO3
from sim.scenario.wording import did_you_mean, known, shown


def members_of(
    states: States, path: str, start: date, problem: Callable[[str, str], None]
) -> dict[str, Member]:
    """Return every state with bloc, position and weight, by iso3 code in alphabetical order.

    problem: called with path and message for every fault.
    """
    day = states.positions_on or start
    if states.table is not None and day > data.CUT_OFF:
        message = f"positions can be read up to {data.CUT_OFF} only, the cut-off of the table"
        if states.positions_on:
            problem(f"{path}.positions_on", message)
        else:
            problem("start", f"{message}; give `{path}.positions_on`")
    members = from_table(day) if states.table is not None else {}
    for iso3, change in states.members.items():
        if not re.fullmatch(ISO3, iso3):
            message = f"a state is named by its iso3 code, such as GRC, not {shown(iso3)}"
            problem(f"{path}.members.{iso3}", message)
            continue
        base = members.get(iso3)
        given = {name: value for name, value in change if value is not None}
        if base is None:
            missing = [name for name in ("name", "bloc", "position") if name not in given]
            if missing:
                hint = did_you_mean(iso3, members)
                message = f"a state that is in no table lacks {', '.join(missing)}{hint}"
                problem(f"{path}.members.{iso3}", message)
                continue
            base = Member(weight=1.0, follows_patron=False)
        members[iso3] = base.model_copy(update=given)
    return _checked(dict(sorted(members.items())), states, path, problem)


def from_table(day: date) -> dict[str, Member]:
    """Return the states of the shipped table as they stood on that day."""
    return {
        row.iso3: Member(
            name=row.name,
            bloc=data.bloc_of(row),
            position=data.position_on(row, day),
            weight=1.0,
            follows_patron=data.follows_patron(row),
        )
        for row in data.load("states")
        if row.iso3 != data.CONTESTED
    }


def _checked(
    members: dict[str, Member], states: States, path: str, problem: Callable[[str, str], None]
) -> dict[str, Member]:
    if not members:
        problem(path, "names no state; give a `table` or `members`")
    if states.patron is not None and states.patron not in members and members:
        hint = did_you_mean(states.patron, members)
        problem(f"{path}.patron", f"no state '{states.patron}' among the states{hint}")
    present = {member.bloc for member in members.values()}
    for bloc in states.blocs:
        if bloc not in present and members:
            allowed = known(bloc, sorted(name for name in present if name))
            problem(f"{path}.blocs.{bloc}", f"no state belongs to bloc '{bloc}'{allowed}")
    return members
