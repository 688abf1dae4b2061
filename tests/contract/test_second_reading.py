"""What a second reader took from the sources agrees with what the scenario files say.

``tests/second_reading/*.yaml`` hold the answers of readers who saw the sources and the questions,
and no scenario file: a list of id, question, answer, source. Each question has a lookup here, which
reads the same answer off the resolved scenario. For quantities that nobody observed only the sign
or the class is compared.
"""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from scipy.special import ndtr

import sim
from sim import outcomes

READINGS = Path(__file__).parents[1] / "second_reading"
#: The scenario behind each reading.
SCENARIOS = {
    "venezuela": "oslo_2019",
    "cote_divoire": "cote_divoire_2010",
    "libya": "libya_2011",
}
QUESTIONS = 15
Answer = str | list[str] | dict[str, str]
Lookup = Callable[[sim.Scenario, Any], Answer]


# Reading a scenario


def event(scenario: sim.Scenario, name: str) -> dict[str, Any]:
    """Return an event as its file writes it."""
    return dict(next(item.written for item in scenario.timeline if item.id == name))


def day(scenario: sim.Scenario, name: str) -> str:
    return str(event(scenario, name)["on"])


def fact(scenario: sim.Scenario, name: str) -> Any:
    return next(item for item in scenario.facts if item.id == name)


def days_in(text: str) -> list[str]:
    """Return the dates that a sentence spells out, ``28 March 2011``, in its order."""
    found = re.findall(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b", text)
    return [str(datetime.strptime(words, "%d %B %Y").date()) for words in found]


def told(scenario: sim.Scenario, name: str) -> list[str]:
    return days_in(fact(scenario, name).statement)


def span(scenario: sim.Scenario, path: str) -> tuple[float, float]:
    """Return the least and the greatest value that a parameter can take."""
    return scenario.parameters[path].quantity.support()


def middle(scenario: sim.Scenario, path: str) -> float:
    return sum(span(scenario, path)) / 2


def recognisers(scenario: sim.Scenario) -> int:
    return sum(member.position == "opposition" for member in scenario.members.values())


def days_of_visits(scenario: sim.Scenario) -> list[str]:
    events = (item.written for item in scenario.timeline if item.action == "convene")
    return sorted({str(written["on"]) for written in events})


# Venezuela


def demands(scenario: sim.Scenario) -> list[str]:
    """Return what the labelled issues stand for, the strongest label first."""
    meaning = {
        "negotiated_transition": "incumbent_leaves",
        "power_sharing": "transitional_government",
        "electoral_roadmap": "free_elections",
    }
    labels = {issue.label for issue in scenario.agenda}
    return [meaning[name] for name in outcomes.OUTCOMES if name in meaning and name in labels]


def new_elections(scenario: sim.Scenario) -> str:
    """Return what the government's line allows: conceding up to the timetable must exceed it."""
    issues = {issue.id: issue for issue in scenario.agenda}
    rank = {
        key: middle(scenario, f"agenda.{key}.value") / middle(scenario, f"agenda.{key}.cost")
        for key in issues
    }
    label = next(key for key, issue in issues.items() if issue.label == "electoral_roadmap")
    cost = {key: middle(scenario, f"agenda.{key}.cost") for key in issues}
    # An issue counts as conceded from one half.
    first = sum(cost[key] for key in issues if rank[key] > rank[label]) + cost[label] / 2
    line = span(scenario, "actors.government.red_line")[1]
    refused = line < first / sum(cost.values())
    return "none before its mandate ends" if refused else "early elections possible"


def belief_after_a_failure(scenario: sim.Scenario) -> str:
    """Return how a rising that fails moves the opposition's odds of winning by force."""
    failing = {"actors.armed_forces.strength": 1.5, "actors.opposition.belief_learning": 0}
    rising = {
        "id": "rising",
        "week": 0,
        "actor": "opposition",
        "action": "uprising",
        "source": "P17",
    }
    crisis = sim.CrisisModel(scenario.alter({**failing, "timeline.rising": rising}), 200, seed=1)
    opposition, military = crisis.opposition, crisis.military

    def chance() -> Any:
        # One attempt by its own belief: the crowd that a failure sends home is left out.
        return ndtr((military.tipping - opposition.belief_strength) / opposition.belief_sd)

    prior = chance()
    crisis.step()
    assert np.all(crisis.failed_attempt)
    (sign,) = np.unique(np.sign(chance() - prior))
    return ("lower", "equal", "higher")[int(sign) + 1]


def why_talks_were_refused(scenario: sim.Scenario) -> str:
    said = "play for time" in fact(scenario, "playing_for_time").statement
    counts = span(scenario, "actors.government.value_of_time")[0] > 0
    return "the other side plays for time" if said and counts else "no ground given"


def kind_of_sanctions(scenario: sim.Scenario) -> str:
    low, high = span(scenario, "actors.united_states.sanctions")
    if high == 0:
        return "none"
    if span(scenario, "actors.united_states.targeted")[0] == 1:
        return "persons only"
    if low > 0.9:
        return "full embargo"
    return "sectors, finance and persons, short of a full embargo"


def supporters(scenario: sim.Scenario) -> list[str]:
    return sorted(a.state or "" for a in scenario.actors.values() if a.kind == "ally")


def in_talks(scenario: sim.Scenario) -> str:
    seat = scenario.parameters["actors.united_states.seat"].quantity.value
    return "yes" if seat else "no"


def mediator(scenario: sim.Scenario) -> str:
    (found,) = [a.state or "" for a in scenario.actors.values() if a.kind == "mediator"]
    return found


def end_of_mandate(scenario: sim.Scenario) -> str:
    said = fact(scenario, "red_line_of_the_government").statement
    return re.findall(r"mandate ends in (\d{4})", said)[0]


VENEZUELA: dict[str, Lookup] = {
    "v01": lambda s, _: str(s.start),
    "v02": lambda s, _: supporters(s),
    "v03": lambda s, given: {key: str(s.members[key].position) for key in given},
    "v04": lambda s, _: str(recognisers(s)),
    "v05": lambda s, _: str(len(s.members)),
    "v06": lambda s, _: in_talks(s),
    "v07": lambda s, _: s.talks.start,
    "v08": lambda s, _: mediator(s),
    "v09": lambda s, _: demands(s),
    "v10": lambda s, _: [issue.id for issue in s.agenda if "P20" in issue.value.source],
    "v11": lambda s, _: new_elections(s),
    "v12": lambda s, _: end_of_mandate(s),
    "v13": lambda s, _: belief_after_a_failure(s),
    "v14": lambda s, _: why_talks_were_refused(s),
    "v15": lambda s, _: kind_of_sanctions(s),
}


# Cote d'Ivoire


def reversal(scenario: sim.Scenario) -> list[str]:
    said = fact(scenario, "result_reversed").statement.lower()
    bodies = {name: said.find(name) for name in ("constitutional council", "united nations")}
    return [name.replace(" ", "_") for name in sorted(bodies, key=lambda name: bodies[name])]


def side(scenario: sim.Scenario, name: str) -> str:
    actions = {"recognise_opposition": "challenger", "recognise_government": "incumbent"}
    return actions[event(scenario, name)["action"]]


def at_work(scenario: sim.Scenario, date: str) -> list[str]:
    """Return the mediators that have come by a day; none of them has withdrawn."""
    assert all(item.action != "withdraw" for item in scenario.timeline)
    events = (item.written for item in scenario.timeline if item.action == "convene")
    return sorted({str(written["actor"]) for written in events if str(written["on"]) <= date})


def pressure(scenario: sim.Scenario) -> str:
    """Return how the level of sanctions moves with the regional bank's cut, over all draws."""
    before = scenario.parameters["timeline.world_bank_freezes.level"].quantity.support()
    after = scenario.parameters["timeline.regional_bank_cuts.level"].quantity.support()
    if after[0] > before[1]:
        return "higher"
    return "lower" if after[1] < before[0] else "equal"


def order_of(scenario: sim.Scenario, *names: str) -> list[str]:
    return sorted(names, key=lambda name: day(scenario, name))


def offensive(scenario: sim.Scenario) -> dict[str, str]:
    said = fact(scenario, "offensive").statement
    who = "challenger" if said.startswith("The challenger") else "incumbent"
    return {"side": who, "date": days_in(said)[0]}


COTE_DIVOIRE: dict[str, Lookup] = {
    "c01": lambda s, _: str(s.start),
    "c02": lambda s, _: re.findall(r"([\d.]+) percent", fact(s, "result_declared").statement)[0],
    "c03": lambda s, _: reversal(s),
    "c04": lambda s, _: {"date": day(s, "ecowas_recognises"),
                         "recognised": side(s, "ecowas_recognises")},
    "c05": lambda s, _: day(s, "african_union_suspends"),
    "c06": lambda s, _: day(s, "world_bank_freezes"),
    "c07": lambda s, _: day(s, "ecowas_threatens_force"),
    "c08": lambda s, _: days_of_visits(s),
    "c09": lambda s, _: told(s, "mission_fails")[0],
    "c10": lambda s, _: at_work(s, days_of_visits(s)[1]),
    "c11": lambda s, _: day(s, "regional_bank_cuts"),
    "c12": lambda s, _: pressure(s),
    "c13": lambda s, given: order_of(s, *sorted(given)),
    "c14": lambda s, _: offensive(s),
    "c15": lambda s, _: told(s, "strikes")[0],
}  # fmt: skip


# Libya


def first_recognisers(scenario: sim.Scenario) -> list[str]:
    said = fact(scenario, "first_recognition").statement
    places = {key: said.find(str(member.name)) for key, member in scenario.members.items()}
    found = [key for key, place in places.items() if place >= 0]
    return sorted(found, key=lambda key: places[key])


def may_recognise(scenario: sim.Scenario, states: list[str]) -> list[str]:
    """Return the states that are there, hold out at the start, and move by the rule alone."""
    ruled = getattr(scenario.actors["states"], "blocs", {})
    ordered = {event.actor for event in scenario.timeline}
    return [
        key
        for key in states
        if key in scenario.members
        and scenario.members[key].position == "neither"
        and scenario.members[key].bloc in ruled
        and key not in ordered
    ]


def first_mover(scenario: sim.Scenario) -> dict[str, str]:
    found = event(scenario, "france_recognises")
    assert getattr(scenario.actors["states"], "patron", None) == found["actor"]
    return {"state": str(found["actor"]), "date": str(found["on"])}


def resolutions(scenario: sim.Scenario) -> dict[str, str]:
    """Return which resolution imposes sanctions, and which brings force."""
    found = {}
    for name in ("resolution_1970", "resolution_1973"):
        written = event(scenario, name)
        forced = str(written.get("path", "")).endswith("force_hazard")
        what = "sanctions" if written["action"] == "impose_sanctions" else "force" * forced
        found[what] = name[-4:]
    return found


def road_map(scenario: sim.Scenario) -> dict[str, str]:
    said = fact(scenario, "road_map_refused").statement
    who = "opposition" if "refused by the council" in said else "government"
    return {"date": day(scenario, "road_map"), "refused_by": who}


def withdrawals(scenario: sim.Scenario) -> str:
    """Return whether the file orders a withdrawal, or lets one follow without hysteresis."""
    ordered = any(item.action == "withdraw_recognition" for item in scenario.timeline)
    return "yes" if ordered or span(scenario, "actors.states.hysteresis")[0] <= 0 else "no"


def credentials(scenario: sim.Scenario) -> dict[str, str]:
    said = fact(scenario, "credentials").statement
    votes = re.findall(r"by (\d+) to (\d+)", said)[0]
    return {"date": days_in(said)[0], "for": votes[0], "against": votes[1]}


def before(first: str, second: str) -> str:
    return "before" if first < second else "after"


LIBYA: dict[str, Lookup] = {
    "l01": lambda s, _: first_mover(s),
    "l02": lambda s, _: first_recognisers(s),
    "l03": lambda s, _: re.findall(r"^\d+", fact(s, "august").statement)[0],
    "l04": lambda s, given: may_recognise(s, given),
    "l05": lambda s, _: told(s, "united_states")[0],
    "l06": lambda s, _: re.findall(r"after (\d+) other", fact(s, "united_states").statement)[0],
    "l07": lambda s, _: told(s, "united_states")[1],
    "l08": lambda s, _: [day(s, "resolution_1970"), day(s, "resolution_1973")],
    "l09": lambda s, _: resolutions(s),
    "l10": lambda s, _: road_map(s),
    "l11": lambda s, _: withdrawals(s),
    "l12": lambda s, _: credentials(s),
    "l13": lambda s, _: before(told(s, "credentials")[1], told(s, "credentials")[0]),
    "l14": lambda s, _: told(s, "end")[0],
    "l15": lambda s, _: before(day(s, "resolution_1973"), told(s, "first_recognition")[1]),
}
LOOKUPS = {"venezuela": VENEZUELA, "cote_divoire": COTE_DIVOIRE, "libya": LIBYA}


# Comparing


def reading(name: str) -> dict[str, dict[str, Any]]:
    """Return a reading by id; every scalar is text, so that `no` stays `no`."""
    path = READINGS / f"{name}.yaml"
    if not path.exists():
        pytest.skip(f"nobody has read the sources of {name} a second time yet")
    entries = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return {entry["id"]: entry for entry in entries}


#: Questions for a list that ask for no order.
UNORDERED = {"c10"}


@pytest.mark.parametrize(
    ("name", "question"), [(name, key) for name, found in LOOKUPS.items() for key in found]
)
def test_the_second_reader_found_what_the_scenario_says(name: str, question: str) -> None:
    entry = reading(name)[question]
    scenario = sim.load(SCENARIOS[name])
    told, found = LOOKUPS[name][question](scenario, entry["answer"]), entry["answer"]
    if question in UNORDERED:
        told, found = sorted(told), sorted(found)
    assert told == found


@pytest.mark.parametrize("name", LOOKUPS)
def test_a_reading_answers_every_question_and_says_from_where(name: str) -> None:
    entries = reading(name)
    assert entries.keys() == LOOKUPS[name].keys()
    assert len(entries) == QUESTIONS
    for entry in entries.values():
        assert entry["question"], entry
        assert entry["source"], entry


@pytest.mark.parametrize(
    ("name", "question", "given", "changes"),
    [
        ("venezuela", "v02", None, {"actors.bolivia": None}),
        ("venezuela", "v03", ["GRC"], {"actors.states.members.GRC": {"position": "opposition"}}),
        ("venezuela", "v11", None, {"actors.government.red_line": 0.5}),
        ("venezuela", "v15", None, {"actors.united_states.sanctions": 1}),
        ("cote_divoire", "c12", None, {"timeline.regional_bank_cuts.level": 0.1}),
        ("cote_divoire", "c06", None, {"timeline.world_bank_freezes.on": "2010-12-20"}),
        ("libya", "l01", None, {"timeline.france_recognises.on": "2011-03-11"}),
        ("libya", "l04", ["EGY"], {"actors.states.members.EGY": {"position": "opposition"}}),
        ("libya", "l11", None, {"actors.states.hysteresis": 0}),
    ],
)
def test_a_lookup_notices_what_the_scenario_says_instead(
    name: str, question: str, given: Any, changes: dict[str, Any]
) -> None:
    scenario, lookup = sim.load(SCENARIOS[name]), LOOKUPS[name][question]
    assert lookup(scenario, given) != lookup(scenario.alter(changes), given)
