"""The names that conditions, claims and records share, with unit and declared range.

The range is that of the grid on which weekly histograms count: ``GRID`` points from low to high,
both included; a value counts at the nearest point, and beyond the range at the outermost.
"""

from collections.abc import Collection
from dataclasses import dataclass

#: Points of a histogram's grid.
GRID = 1000


@dataclass(frozen=True, slots=True)
class Variable:
    """One observable of a run: ``low`` and ``high`` bound its histogram, in ``unit``."""

    name: str
    low: float
    high: float
    unit: str
    meaning: str


VARIABLES: dict[str, Variable] = {
    row[0]: Variable(*row)
    for row in (
        (
            "week",
            0.0,
            999.0,
            "weeks",
            "weeks completed: in conditions 0 at the start, in records 1 to T",
        ),
        ("talks.on", 0.0, 1.0, "share", "the parties are in talks (1) or not (0)"),
        ("talks.held", 0.0, 1.0, "share", "the parties met this week (1) or not (0)"),
        ("talks.round", 0.0, 999.0, "weeks", "weeks the present round has lasted"),
        ("talks.attempts", 0.0, 999.0, "count", "uprisings attempted so far"),
        ("talks.failed_rounds", 0.0, 999.0, "count", "rounds that failed or broke so far"),
        ("deal.on", 0.0, 1.0, "share", "a deal is being implemented (1) or not (0)"),
        ("deal.reneged", 0.0, 1.0, "share", "the government has broken a deal (1) or not (0)"),
        ("deal.x", 0.0, 1.0, "share of the stake", "cost of the deal in force to the government"),
        ("zone", -2.0, 2.0, "share of the stake", "width of the zone of possible agreement"),
        (
            "zone.required",
            -2.0,
            2.0,
            "share of the stake",
            "width that the zone needs to survive suspicion (omega / 4)",
        ),
        (
            "zone.without_red_lines",
            -2.0,
            2.0,
            "share of the stake",
            "width that the zone would have without red lines",
        ),
        ("x_min", -2.0, 3.0, "share of the stake", "least settlement the opposition accepts"),
        ("x_max", -2.0, 3.0, "share of the stake", "highest settlement the government grants"),
        ("sanctions.level", 0.0, 1.0, "index", "sanctions in force after easing"),
        ("sanctions.bite", 0.0, 1.0, "index", "bite after the target's adaptation"),
        ("sanctions.net", 0.0, 1.0, "index", "bite after adaptation and the allies' support"),
        ("recognition.count", 0.0, 999.0, "states", "states that recognise the opposition"),
        ("recognition.share", 0.0, 1.0, "share", "recognisers among states that take a side"),
        ("mobilisation", 0.0, 1.0, "index", "mobilisation of the street"),
        ("strength", -0.5, 1.5, "share of units", "regime strength theta"),
        ("force_odds", 0.0, 1.0, "probability", "opposition's odds that force decides (P_O)"),
        ("good_faith", 0.0, 1.0, "probability", "opposition's belief in good faith (mu)"),
        ("uncertainty", 0.0, 1.0, "share of the stake", "uncertainty about limits (omega)"),
        ("pain.government", -0.5, 2.5, "share of the stake", "government's cost of waiting"),
        ("pain.opposition", -0.5, 2.5, "share of the stake", "opposition's cost of waiting"),
        ("allies.support", 0.0, 2.0, "index", "weighted support of the government's allies"),
        *(
            (f"contribution.{name}", -3.0, 3.0, "share of the stake", f"zone {meaning}")
            for name, meaning in (
                ("outside_options", "added (-: taken) by the outside options, before pain"),
                ("pain", "added by the pain of both sides"),
                ("beliefs", "taken by the opposition's doubt that a deal holds"),
                ("commitment", "taken by the government's risk of leaving office"),
                ("leverage", "added by the mediators' leverage"),
                ("relief", "added by relief that counts without red lines"),
                ("red_lines", "taken by both red lines"),
                ("noise", "added or taken by the week's noise"),
                ("suspicion", "that mutual suspicion takes (- omega / 4)"),
            )
        ),
    )
}

_STATE = "recognition."
_SUPPORT = ".support"


def find(name: str, states: Collection[str], allies: Collection[str]) -> Variable | None:
    """Return the variable of that name, or None.

    states: iso3 codes that ``recognition.ISO3`` may name. allies: ids for ``ID.support``.
    """
    if name in VARIABLES:
        return VARIABLES[name]
    if name.startswith(_STATE) and name[len(_STATE) :] in states:
        return Variable(name, 0.0, 1.0, "share", "the state recognises the opposition (1) or not")
    if name.endswith(_SUPPORT) and name[: -len(_SUPPORT)] in allies:
        return Variable(name, 0.0, 1.0, "index", "support that this ally gives the government")
    return None


def names(states: Collection[str], allies: Collection[str]) -> list[str]:
    """Return every name that is known in a scenario with these states and allies."""
    return [
        *VARIABLES,
        *(f"{_STATE}{iso3}" for iso3 in sorted(states)),
        *(f"{ally}{_SUPPORT}" for ally in sorted(allies)),
    ]
