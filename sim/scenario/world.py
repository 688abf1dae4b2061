"""The states of a scenario: rows of a shipped table, changed or added to by the file."""

from collections.abc import Callable
from datetime import date

from sim import data
from sim.scenario.schema import Member, States
from sim.scenario.tree import did_you_mean

#: Blocs in the order in which a state is assigned; any other name may be added by a scenario.
TABLE_CONTESTED_STATE = "VEN"


def members_of(
    states: States, path: str, start: date, problem: Callable[[str, str], None]
) -> dict[str, Member]:
    """Return every state with bloc, position and weight, by iso3 code in alphabetical order.

    problem: called with path and message for every fault.
    """
    day = states.positions_on or start
    if states.table is not None and day > data.CUT_OFF:
        problem(
            f"{path}.positions_on" if states.positions_on else "start",
            f"positions may be read up to {data.CUT_OFF} only, the cut-off of the table; "
            "give `positions_on`",
        )
    members = _from_table(day) if states.table is not None else {}
    for iso3, change in states.members.items():
        if not (len(iso3) == 3 and iso3.isalpha() and iso3.isupper() and iso3.isascii()):
            problem(f"{path}.members.{iso3}", "a state is named by its iso3 code, such as GRC")
            continue
        base = members.get(iso3)
        given = {name: getattr(change, name) for name in change.model_fields_set}
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


def _from_table(day: date) -> dict[str, Member]:
    return {
        row.iso3: Member(
            name=row.name,
            bloc=data.bloc_of(row),
            position=data.position_on(row, day),
            weight=1.0,
            follows_patron=data.follows_patron(row),
        )
        for row in data.load("states")
        if row.iso3 != TABLE_CONTESTED_STATE
    }


def _checked(
    members: dict[str, Member], states: States, path: str, problem: Callable[[str, str], None]
) -> dict[str, Member]:
    if not members:
        problem(path, "names no state; give a `table` or `members`")
    if states.patron is not None and states.patron not in members:
        hint = did_you_mean(states.patron, members)
        problem(f"{path}.patron", f"no state '{states.patron}' among the states{hint}")
    present = {member.bloc for member in members.values()}
    for bloc in states.blocs:
        if bloc not in present:
            hint = did_you_mean(bloc, [name for name in present if name])
            problem(f"{path}.blocs.{bloc}", f"no state belongs to bloc '{bloc}'{hint}")
    return members
