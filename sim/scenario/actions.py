"""The registry of actions: one row each; validation, documents and engine read that row.

A write changes a field of an actor until something else changes it; an order holds for the week
in which the event fires and replaces the actor's own decision.
"""

from dataclasses import dataclass
from typing import Final

from sim.scenario.wording import INFINITE

#: Kinds that an action's actor may have besides those of the schema.
STATE: Final = "state"
BLOC: Final = "bloc"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an action: unit and range, both ends allowed."""

    name: str
    unit: str
    low: float
    high: float
    required: bool = True


@dataclass(frozen=True, slots=True)
class Write:
    """``field`` of the acting actor, or of ``kind``, takes an argument's value or a number."""

    field: str
    value: str | float
    kind: str | None = None

    @property
    def is_level(self) -> bool:
        """Whether it sets a level that an event can approach week by week, and not a switch."""
        return isinstance(self.value, str)


@dataclass(frozen=True, slots=True)
class Order:
    """A decision for one week: ``name`` with an argument's value or a number."""

    name: str
    value: str | float = 1.0


@dataclass(frozen=True, slots=True)
class Action:
    """One action: who may take it, with which arguments, what it does, and in which phase."""

    name: str
    kinds: tuple[str, ...]
    arguments: tuple[Argument, ...]
    effects: tuple[Write | Order, ...]
    phase: int
    summary: str


_SIDES = ("government", "opposition")
_ABROAD = (STATE, BLOC)


def _share(name: str, *, required: bool = True, unit: str = "share") -> Argument:
    return Argument(name, unit, 0.0, 1.0, required)


_ROWS = (
    Action(
        "convene",
        ("mediator",),
        (),
        (Write("present", 1.0), Order("convene")),
        6,
        "The mediator is at work, and this week brings an occasion to talk.",
    ),
    Action(
        "suspend",
        (*_SIDES, "mediator"),
        (Argument("weeks", "weeks", 1.0, 520.0),),
        (Order("suspend", "weeks"),),
        6,
        "The talks pause; the round does not count as failed.",
    ),
    Action(
        "resume",
        (*_SIDES, "mediator"),
        (),
        (Order("resume"),),
        6,
        "The cool-off ends and this week brings an occasion to talk.",
    ),
    Action(
        "withdraw",
        (*_SIDES, "mediator", "sender"),
        (),
        (Order("withdraw"),),
        6,
        "A side breaks the round; a mediator stops its work; a sender leaves its seat.",
    ),
    Action("join_talks", ("sender",), (), (Write("seat", 1.0),), 5, "The sender takes a seat."),
    Action("veto_talks", ("sender",), (), (Write("veto", 1.0),), 6, "No talks until lifted."),
    Action("lift_veto", ("sender",), (), (Write("veto", 0.0),), 6, "Talks are possible again."),
    Action(
        "set_red_line",
        (*_SIDES, "sender"),
        (
            _share("value", unit="share of the stake"),
            Argument("hardness", "index", 0.0, INFINITE, required=False),
        ),
        (Write("red_line", "value"), Write("hardness", "hardness")),
        5,
        "The actor announces another red line, and how firmly it holds it.",
    ),
    Action(
        "offer_guarantee",
        ("mediator",),
        (_share("level", unit="probability"),),
        (Write("guarantee", "level"),),
        5,
        "The mediator offers to enforce a deal with this probability.",
    ),
    Action(
        "offer_amnesty",
        (*_SIDES, "sender"),
        (_share("level", unit="index"),),
        (Write("amnesty", "level", "military"),),
        4,
        "Soldiers who defect are promised amnesty.",
    ),
    Action(
        "make_offer",
        _SIDES,
        (_share("x", unit="share of the stake"),),
        (Order("offer", "x"),),
        6,
        "The side tables a final offer: a settlement at this cost to the government.",
    ),
    Action("accept", _SIDES, (), (Order("accept"),), 6, "The side takes the other's offer."),
    Action("reject", _SIDES, (), (Order("reject"),), 6, "The side refuses any offer this week."),
    Action("renege", ("government",), (), (Order("renege"),), 7, "The government breaks the deal."),
    Action(
        "impose_sanctions",
        ("sender",),
        (_share("level", unit="index"),),
        (Write("sanctions", "level"), Write("easing", 0.0)),
        1,
        "The level of sanctions is set anew; earlier easing ends.",
    ),
    Action(
        "threaten_sanctions",
        ("sender",),
        (_share("level", unit="index"), _share("credibility", unit="probability")),
        (Write("threat", "level"), Write("threat_credibility", "credibility")),
        1,
        "Sanctions of this level are threatened.",
    ),
    Action(
        "ease_sanctions",
        ("sender",),
        (_share("share"), _share("snapback", required=False, unit="index")),
        (Write("easing", "share"), Write("snapback", "snapback")),
        1,
        "A share of the sanctions is eased, with or without a credible snap-back.",
    ),
    Action(
        "target_sanctions",
        ("sender",),
        (_share("share"),),
        (Write("targeted", "share"),),
        1,
        "This share of the sanctions aims at persons and not at the economy.",
    ),
    Action(
        "recognise_opposition",
        _ABROAD,
        (),
        (Order("position", 1.0),),
        1,
        "The state or bloc recognises the opposition until its government changes.",
    ),
    Action(
        "recognise_government",
        _ABROAD,
        (),
        (Order("position", 2.0),),
        1,
        "The state or bloc recognises the government until its own government changes.",
    ),
    Action(
        "withdraw_recognition",
        _ABROAD,
        (),
        (Order("position", 0.0),),
        1,
        "The state or bloc recognises neither until its government changes.",
    ),
    Action(
        "uprising",
        ("opposition", "street", "military"),
        (),
        (Order("uprising"),),
        4,
        "An uprising is attempted this week, unless a deal is being implemented.",
    ),
    Action(
        "set_support",
        ("ally",),
        (_share("level", unit="index"),),
        (Write("support", "level"),),
        1,
        "The ally sets the level of its support, and returns to it from now on.",
    ),
    Action(
        "seize_assets",
        ("sender",),
        (_share("value", unit="share of the stake"),),
        (
            Write("value", "value", "assets"),
            Write("released", 0.0, "assets"),
        ),
        5,
        "Assets of this value come under the opposition's control.",
    ),
    Action(
        "release_assets",
        ("sender",),
        (_share("share"),),
        (Write("released", "share", "assets"),),
        5,
        "A share of the assets goes into escrow and pays neither side.",
    ),
    Action(
        "threaten_force",
        ("sender",),
        (_share("hazard", unit="probability per week"),),
        (Write("force_perceived", "hazard"),),
        4,
        "Both sides perceive this weekly hazard of foreign force.",
    ),
    Action(
        "set",
        (),
        (),
        (),
        1,
        "Any parameter that is not read at the start alone takes a new value.",
    ),
)

#: Every action by name. ``set`` takes a path and a value and is handled by both readers.
ACTIONS: Final[dict[str, Action]] = {row.name: row for row in _ROWS}


def actions_of(kind: str) -> list[str]:
    """Return the names of the actions that an actor of this kind can take."""
    return [*(row.name for row in _ROWS if kind in row.kinds), "set"]
