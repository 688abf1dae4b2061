"""What the page on the shipped scenarios says: differences on the same luck, readings, results.

``docs/tables.py`` puts it into Markdown. A reading lists what must hold beside the table for it to
be true; ``readings`` raises ``UntrueReading`` if the run contradicts it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

import sim
from sim.analysis.paired import Difference, difference_of_means
from sim.ensemble import run
from sim.experiments.comparison import Alternative
from sim.results import Ensemble
from sim.scenario.library import names

BASE = "oslo_2019"
REPLICATES, SEED = 2000, 1
#: Readings compare recorded variables at the end of this week, half a year into the run.
WEEK = 26
#: The columns of the table, and how a reading names them.
COLUMNS = {
    "agreement": "agreement",
    "signed": "signing",
    "out_of_office": "loss of office",
    "military_defection": "defection",
}
#: An end of an interval that the table shows as 0.0 is not told from 0.
SHOWN = 0.0005


class UntrueReading(AssertionError):
    """The run does not bear out what a reading says."""


@dataclass(frozen=True)
class Reading:
    """At most two sentences on why, and the differences (by name) that they take for granted."""

    text: str
    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()


#: Written after the numbers were seen, of this run and of no other world.
READINGS = {
    "amnesty": Reading(
        "Both sides rate the odds of a decision by force higher: the opposition asks for more, and "
        "the government grants more. Fewer deals are signed, and fewer of those are broken.",
        up=("force_odds", "x_min", "x_max"),
        down=("signed", "reneged_given_signed"),
    ),
    "assets_in_escrow": Reading(
        "Without that income the opposition asks for less. Most of what is gained are deals "
        "without a labelled concession, which count as consolidation.",
        up=("regime_consolidation",),
        down=("x_min",),
    ),
    "early_election_offered": Reading(
        "The opposition takes many of the offers, and a larger share of deals is broken: the date "
        "costs the government more than it would have granted. So signatures gain much more than "
        "agreement.",
        up=("signed", "reneged_given_signed"),
    ),
    "embargo_august_2019": Reading(
        "Waiting costs the government more, so it grants more, and a smaller share of deals is "
        "broken. Lost rents loosen the barracks as well.",
        up=("x_max",),
        down=("reneged_given_signed", "strength"),
    ),
    "embargo_threatened": Reading(
        "The threat makes waiting dearer for the government, which grants more. Soldiers lose no "
        "rents by a threat, and where a deal is being carried out nobody rises.",
        up=("x_max",),
    ),
    "force_threatened": Reading(
        "The opposition asks for more, as theory says, and the government grants more; here the "
        "second is larger. Another size of the threat may turn that round.",
        up=("x_min", "x_max", "zone"),
    ),
    "guarantor_force": Reading(
        "A promise that will be enforced is worth more: the opposition asks for less, the "
        "government grants more, and a smaller share of deals is broken.",
        up=("x_max",),
        down=("x_min", "reneged_given_signed"),
    ),
    "norway_leaves": Reading(
        "Occasions become rarer, and without the guarantee the opposition asks for more. A larger "
        "share of deals is broken.",
        up=("x_min", "reneged_given_signed"),
    ),
    "norway_with_leverage": Reading(
        "Money behind a deal lets the government grant more. Leverage wanes after signing, and a "
        "larger share of deals is broken: it buys signatures more than peace.",
        up=("x_max", "reneged_given_signed"),
    ),
    "recognition_erodes": Reading(
        "The opposition has less without a deal and asks for less, so more is signed. The gain are "
        "deals without a labelled concession, which count as consolidation.",
        up=("signed", "regime_consolidation"),
        down=("x_min",),
    ),
    "recognition_surge": Reading(
        "Recognised by more states, the opposition asks for more, and the barracks are a little "
        "less firm. Fewer deals without a labelled concession are what is lost at the table.",
        up=("x_min",),
        down=("strength", "regime_consolidation"),
    ),
    "relief_for_less": Reading(
        "Relief counts for a smaller step, so the government grants more, and it has a reason to "
        "keep what it signed.",
        up=("x_max",),
        down=("reneged_given_signed",),
    ),
    "russia_and_china_withdraw": Reading(
        "The sanctions bite harder, so the government grants more. The barracks weaken too: some "
        "crises end there before they reach the table.",
        up=("sanctions.net", "x_max"),
        down=("strength",),
    ),
    "sanctions_eased": Reading(
        "Waiting costs the government less and it grants less. Rents return, the barracks are "
        "firmer, and more rounds end in collapse.",
        up=("strength", "talks_collapse"),
        down=("x_max",),
    ),
    "sanctions_eased_with_snapback": Reading(
        "The pressure given away is the same as without the snap-back, and here too it weighs more "
        "than what is gained in trust. The snap-back makes relief believable, so agreement falls "
        "by less than half as much.",
        up=("strength",),
        down=("x_max",),
    ),
    "sanctions_targeted": Reading(
        "The opposition's own base is spared, so it can wait and asks for more; fewer people take "
        "to the street.",
        up=("x_min",),
        down=("mobilisation",),
    ),
    "second_mediator": Reading(
        "The second mediator's leverage does what Norway's would: the government grants more, and "
        "a larger share of deals is broken once it wanes.",
        up=("x_max", "reneged_given_signed"),
    ),
    "second_uprising": Reading(
        "It succeeds in some four of ten replicates, and fewer crises are left to settle. Where it "
        "fails the opposition thinks less of its odds and asks for less.",
        down=("force_odds", "x_min"),
    ),
    "talks_vetoed": Reading(
        "The months in which sanctions bite most pass without a table, and uprisings are likelier "
        "apart. When the veto is lifted the government has adapted.",
        up=("military_defection", "talks_collapse"),
        down=("agreement",),
    ),
    "threat_instead_of_sanctions": Reading(
        "Where nothing is in force there is nothing to lift: relief drops out of what the "
        "government grants. Soldiers keep their rents, so the barracks are firmer.",
        up=("strength",),
        down=("x_max",),
    ),
    "united_states_joins": Reading(
        "With the sender in the room the government trusts in relief: it grants more, and a "
        "smaller share of deals is broken.",
        up=("x_max",),
        down=("reneged_given_signed",),
    ),
}


# Differences


def variants() -> list[str]:
    """Return the names of the scenarios that change the base and start with it, in their order."""
    start = sim.load(BASE).start
    children = [name for name in names() if _parent(name) == f"{BASE}.yaml"]
    return [name for name in children if sim.load(name).start == start]


def _parent(name: str) -> object:
    extends = sim.load(name).tree.mapping.get("extends")
    return extends.value if extends is not None else None


@cache
def _base() -> Ensemble:
    return run(sim.load(BASE), REPLICATES, SEED, twins=False)


@cache
def compared(name: str) -> Alternative:
    """Return a variant beside the base, on the same luck."""
    return Alternative(name, _base(), run(sim.load(name), REPLICATES, SEED, twins=False))


def differences(alternative: Alternative) -> dict[str, Difference]:
    """Return the paired difference of shares by name, and of recorded variables at ``WEEK``."""
    shares = [
        *alternative.outcomes(),
        alternative.agreement(),
        alternative.signed(),
        alternative.out_of_office(),
        alternative.reneged_given_signed(),
    ]
    found = {difference.name: difference for difference in shares}
    for name in alternative.base.weekly:
        paths = [
            e.weekly[name].paths[:, WEEK - 1] for e in (alternative.base, alternative.ensemble)
        ]
        both = np.isfinite(paths[0]) & np.isfinite(paths[1])
        found[name] = difference_of_means(name, paths[0][both], paths[1][both])
    return found


def sign(difference: Difference, least: float = 0.0) -> int:
    """Return 1 or -1, and 0 where the 95% interval comes as near to 0 as ``least``."""
    return int(difference.low > least) - int(difference.high < -least)


def row(name: str) -> tuple[str, ...]:
    """Return one row of the table: changes in percentage points with their intervals."""
    found = differences(compared(name))
    cells = []
    for column in COLUMNS:
        shift, low, high = (
            100 * x for x in (found[column].difference, found[column].low, found[column].high)
        )
        cells.append(f"{shift:+.1f} ({low:+.1f} to {high:+.1f})")
    return (f"`{name}`", *cells)


def base_row() -> tuple[str, ...]:
    """Return the shares of the base, in per cent."""
    ensemble = _base()
    masks = {
        "agreement": ensemble.agreement,
        "signed": ensemble.signed,
        "out_of_office": ensemble.out_of_office,
        "military_defection": ensemble.outcome == 0,
    }
    return (f"`{BASE}` itself", *(f"{100 * masks[c].mean():.1f}%" for c in COLUMNS))


def verdict(found: dict[str, Difference]) -> str:
    """Return what the four intervals of the table say, as one sentence."""
    said: dict[int, list[str]] = {1: [], -1: [], 0: []}
    for column, word in COLUMNS.items():
        said[sign(found[column], SHOWN)].append(word)
    parts = [f"more {_listed(said[1])}"] if said[1] else []
    parts += [f"less {_listed(said[-1])}"] if said[-1] else []
    if said[0]:
        parts.append(f"in {_listed(said[0])} no difference that can be told from chance")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def reading(name: str) -> str:
    """Return the reading of one variant. Raises UntrueReading."""
    if name not in READINGS:
        raise UntrueReading(
            f"{name}: a shipped scenario needs its reading in docs/scenario_table.py"
        )
    found, written = differences(compared(name)), READINGS[name]
    for expected, measures in ((1, written.up), (-1, written.down)):
        for measure in measures:
            if sign(found[measure]) != expected:
                told = "rise" if expected > 0 else "fall"
                raise UntrueReading(f"{name}: {measure} does not {told}: {found[measure]}")
    return f"{verdict(found)} {written.text}"


def readings() -> str:
    """Return title, name and reading of every variant. Raises UntrueReading."""
    parts = [f"**{sim.load(n).title}** (`{n}`). {reading(n)}" for n in variants()]
    return "\n\n".join(parts)


# Classroom


def _crowd(ensemble: Ensemble) -> str:
    count = ensemble.table["recognisers"]
    return f"people who act in the end: {_span(count)}"


def _signing(ensemble: Ensemble) -> str:
    if not ensemble.signed.any():
        return "a deal is never signed"
    week = _span(ensemble.table["signed_week"][ensemble.signed])
    settled = np.round(ensemble.table["settlement"][ensemble.signed], 3)
    share = 100 * ensemble.signed.mean()
    return f"a deal is signed in {share:.0f}%, in week {week}, at {_span(settled)}"


def _walking_out(ensemble: Ensemble) -> str:
    weeks = ensemble.table["weeks_at_table"]
    left = 100 * ((weeks == 7) & ~ensemble.signed).mean()
    earlier = 100 * (weeks < 7).mean()
    text = f"the opposition walks out after seven weeks in {left:.1f}%, earlier in {earlier:.0f}%"
    return f"{text}; {_signing(ensemble)}"


def _span(values: np.ndarray) -> str:
    low, high = float(values.min()), float(values.max())
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


#: What each classroom scenario comes to, and what theory says.
CLASSROOM: dict[str, tuple[Callable[[Ensemble], str], str]] = {
    "hundred_people": (_crowd, "100 (Granovetter 1978)"),
    "hundred_people_but_one": (_crowd, "1 (Granovetter 1978)"),
    "two_players": (_signing, "week 1, at (.52/1.9 + .3)/2 = .287 (Nash 1950; Muthoo 1996)"),
    "two_players_harder_line": (_signing, "never: the lines exclude each other (Fearon 1994)"),
    "playing_for_time": (
        _walking_out,
        ".95^7 = 69.8% after seven weeks, none earlier; a deal else, in week 9: "
        ".50 x .97^8/4 is the first below .10 (Bayes; Slantchev 2003)",
    ),
    "mediator_not_believed": (_signing, "never: .10 is below .50/4 (Kydd 2003)"),
    "mediator_believed": (
        _signing,
        "week 6: .50 x .95^5/4 is the first below .10, half way between .3 and .4 (Kydd 2003)",
    ),
}


#: Classroom scenarios in which chance decides something; the others need few replicates.
BY_CHANCE = {"playing_for_time"}
FEW = 20


def classroom_rows() -> Iterator[tuple[str, str, str, str]]:
    """Yield name, replicates, result and what theory says of every classroom scenario."""
    for name, (told, theory) in CLASSROOM.items():
        replicates = REPLICATES if name in BY_CHANCE else FEW
        ensemble = run(sim.load(name), replicates, SEED, record=False, twins=False)
        yield (f"`{name}`", f"{replicates:,}", told(ensemble), theory)
