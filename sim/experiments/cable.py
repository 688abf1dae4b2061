"""The happenings of a replicate in plain language, as a diplomat's cable would tell them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sim.crisis import FADED_FORCE_ODDS, FADED_MOBILISATION
from sim.experiments.replay import Happening, Replay
from sim.mechanisms.recognition import GOVERNMENT, OPPOSITION

Facts = dict[str, Any]
#: So many states are named in a sentence; the others are counted.
_NAMED = 8


def lines(told: Replay) -> list[tuple[str, str]]:
    """Return date and sentence of everything that happened, in order."""
    return [(happening.day.isoformat(), sentence(happening)) for happening in told.happenings]


def sentence(happening: Happening) -> str:
    """Return one happening as a sentence or two."""
    return _WORDS[happening.kind](happening.facts)


def apart(*values: float) -> list[str]:
    """Return numbers with as few decimals, two or more, as tell different ones apart."""
    for digits in (2, 3, 4, 6):
        shown = [f"{value:.{digits}f}" for value in values]
        if len(set(shown)) == len(set(values)):
            return shown
    return shown


def listed(names: Sequence[str], most: int = _NAMED) -> str:
    """Return names as an enumeration, the last of a long one counted."""
    if len(names) > most:
        names = [*names[:most], f"{len(names) - most} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _start(f: Facts) -> str:
    if not f["has_table"]:
        return f"{f['recognisers']} of {f['states']} states recognise the opposition."
    where = "are in talks" if f["talking"] else "do not talk"
    who = f", with {listed(f['mediators'])} mediating" if f["mediators"] else ""
    hidden = "plays for time" if f["stalling"] else "bargains in good faith"
    return (
        f"The {f['government']} (the government) and the {f['opposition']} (the opposition) "
        f"{where}{who}. {f['recognisers']} of {f['states']} states recognise the opposition. "
        f"The opposition puts its odds of winning by force at {f['force_odds']:.2f} and those of "
        f"good faith at {f['trust']:.2f}; unknown to it, the government {hidden}. {_gap(f)}"
    )


def _gap(f: Facts) -> str:
    low, high = apart(f["x_min"], f["x_max"])
    return (
        f"The opposition would take {low} of the stake, the government would grant {high}; "
        f"a deal needs {f['required']:.2f} to spare."
    )


def _done(f: Facts) -> str:
    words = (f["actor"] + ":", f["action"].replace("_", " "), f["target"])
    return " ".join(word for word in words if word)


def _event(f: Facts) -> str:
    text = _done(f)
    if f["members"]:
        text += f" ({listed(f['members'])})"
    for name, value in f["arguments"].items():
        text += f", {name.replace('_', ' ')} {value:g}"
    if f["over"]:
        text += f", over {f['over']} weeks"
    if f["lasts"]:
        text += f", for {f['lasts']} weeks"
    because = f", because {f['condition']}" if f["condition"] else ""
    on = f", on {f['on']}" if f["on"] else ""
    return f"{text}. So the timeline has it{on}{because}."


def _revoked(f: Facts) -> str:
    return f"{_done(f)} ends after {f['lasts']} weeks."


def _recognition(f: Facts) -> str:
    plural = len(f["names"]) > 1
    verb = {
        OPPOSITION: "recognise" if plural else "recognises",
        GOVERNMENT: "go back to recognising" if plural else "goes back to recognising",
    }.get(f["position"], "no longer recognise" if plural else "no longer recognises")
    side = "the government" if f["position"] == GOVERNMENT else "the opposition"
    causes = {
        "event": "by the timeline",
        "government": "new governments there judge afresh"
        if plural
        else "a new government there judges afresh",
        "influence": "the pull of bloc, world, street and patron "
        + ("has passed" if f["position"] == OPPOSITION else "has fallen below")
        + (" their thresholds" if plural else " its threshold"),
    }
    return (
        f"{listed(f['names'])} {verb} {side}: {causes[f['cause']]}. {f['count']} states now do, "
        f"{100 * f['share']:.0f}% of those that take a side."
        if side == "the opposition"
        else f"{listed(f['names'])} {verb} {side}: {causes[f['cause']]}."
    )


def _ally(f: Facts) -> str:
    survival, threshold = apart(f["survival"], f["threshold"])
    if f["falls"]:
        return (
            f"{f['name']} has cut its support to less than half: week after week it puts the "
            f"government's survival, by its odds {survival}, below the {threshold} at which it "
            "stays."
        )
    return f"{f['name']} supports the government again: it puts its survival at {survival}."


def _uprising(f: Facts) -> str:
    strength, tipping = apart(f["strength"], f["tipping"])
    if f["fell"]:
        return (
            f"An uprising succeeds: units defect one after the other. Regime strength was "
            f"{strength}, the level at which it tips {tipping}."
        )
    before, after = apart(f["odds_before"], f["odds_after"])
    return (
        f"An uprising fails: regime strength was {strength}, above the {tipping} at which it tips, "
        f"and too few units defected. The opposition puts its odds of winning by force at {after} "
        f"now, {before} before; the street is at {f['mobilisation']:.2f}."
    )


def _offers(f: Facts) -> str:
    zone, required = apart(f["zone"], f["required"])
    low, high = apart(f["x_min"], f["x_max"])
    if f["zone"] < 0:
        return (
            f"Final offers are refused: the opposition wants at least {low} of the stake, the "
            f"government grants at most {high}."
        )
    if f["zone"] < f["required"]:
        return (
            f"Final offers are refused: there is a zone from {low} to {high}, but its {zone} is "
            f"less than the {required} that each side shades its offer by in its suspicion."
        )
    return f"Final offers are on the table over a zone of {zone}, and are not taken."


def _signed(f: Facts) -> str:
    zone, required = apart(f["zone"], f["required"])
    issues = listed(f["issues"], 9) if f["issues"] else "little more than words"
    return (
        f"A deal is signed at {f['price']:.2f} of the stake: {issues}. The zone of {zone} survives "
        f"mutual suspicion, which asks for {required}. If it holds it counts as "
        f"{_outcome(f['label'])}."
    )


def _broken(f: Facts) -> str:
    odds, leave = apart(f["odds"], f["leave_above"])
    trust, needed = apart(f["trust"], f["needed"])
    causes = {
        "uprising": "nobody talks in the week of a failed uprising",
        "veto": f"the {f.get('sender')} vetoes the talks",
        "odds": f"the opposition puts its odds of winning by force at {odds}, above the {leave} at "
        "which it leaves",
        "trust": ("after a week without a concession " if f.get("silent") else "")
        + f"the opposition puts the odds of good faith at {trust}; to go on talking over such a "
        f"zone it would need {needed}",
        "withdrawal": "one side walks out",
        "time": f"its time is up, and a zone of {f['zone']:.2f} is less than the "
        f"{f['required']:.2f} that a deal needs",
    }
    if f["cause"] == "time" and f["zone"] >= f["required"]:
        causes["time"] = "its time is up"
    verb = "fails" if f["cause"] == "time" else "breaks up"
    return f"The round {verb} in its week {f['weeks']}: {causes[f['cause']]}."


def _enters(f: Facts) -> str:
    trust, needed = apart(f["trust"], f["needed"])
    odds, enter = apart(f["odds"], f["enter_below"])
    who = f"{listed(f['mediators'])} calls" if f["mediators"] else "There is an occasion"
    return (
        f"{who}, and the parties will meet next week: the opposition puts the odds of good faith "
        f"at {trust}, {needed} or more being enough, and its odds of winning by force at {odds}, "
        f"not above {enter}."
    )


def _away(f: Facts) -> str:
    trust, needed = apart(f["trust"], f["needed"])
    odds, enter = apart(f["odds"], f["enter_below"])
    return {
        "veto": f"No talks: the {f.get('sender')} vetoes them.",
        "odds": f"The opposition stays away: it puts its odds of winning by force at {odds}, above "
        f"the {enter} below which it would talk.",
        "trust": f"The opposition stays away: it puts the odds of good faith at {trust} and would "
        f"need {needed} to risk being strung along.",
    }[f["cause"]]


def _reneged(f: Facts) -> str:
    keep, without = apart(f["keep"], f["without"])
    if f["ordered"]:
        return f"The government breaks the deal after {f['weeks']:.0f} weeks, as the timeline says."
    gain = (
        "so breaking gains it more than keeping"
        if f["without"] > f["keep"]
        else "so breaking gains it nothing, but no deal is quite safe"
    )
    return (
        f"The government breaks the deal after {f['weeks']:.0f} weeks. Without it it expects "
        f"{without} of the stake, with it {keep}, {gain}: under a guarantee of "
        f"{f['guarantee']:.2f} the chance of it was {f['hazard']:.2f} in this week."
    )


def _completed(f: Facts) -> str:
    issues = f": {listed(f['issues'], 9)}" if f.get("issues") else ""
    return f"The deal has held for {f['weeks']:.0f} weeks and is carried out{issues}."


def _intervention(f: Facts) -> str:
    return (
        f"Force from abroad removes the government; the weekly hazard was {f['hazard']:.4f}, five "
        "times that in the week of a failed uprising."
    )


def _end(f: Facts) -> str:
    what = _outcome(f["outcome"]) + (f" ({_outcome(f['sublabel'])})" if f["sublabel"] else "")
    rounds, tries = f["failed_rounds"], f["attempts"]
    past = (
        f"{rounds} failed round{'s' * (rounds != 1)}, {tries} uprising{'s' * (tries != 1)}, "
        f"{f['recognisers']} states that recognise the opposition"
    )
    return f"It ends in week {f['week']} as {what}: {past}.{_horizon(f) if f['horizon'] else ''}"


def _horizon(f: Facts) -> str:
    """Return what street and hope have come to, beside what makes a challenge faded."""
    street, faded_street = apart(f["mobilisation"], FADED_MOBILISATION)
    odds, faded_odds = apart(f["force_odds"], FADED_FORCE_ODDS)
    return (
        f" The street is at {street} and the opposition's odds of winning by force at {odds}; a "
        f"challenge has faded below {faded_street} and {faded_odds}."
    )


def _outcome(name: str) -> str:
    return name.replace("_", " ")


_WORDS: dict[str, Callable[[Facts], str]] = {
    "start": _start,
    "event": _event,
    "revoked": _revoked,
    "recognition": _recognition,
    "ally": _ally,
    "uprising": _uprising,
    "offers": _offers,
    "signed": _signed,
    "broken": _broken,
    "enters": _enters,
    "away": _away,
    "reneged": _reneged,
    "completed": _completed,
    "intervention": _intervention,
    "end": _end,
}
