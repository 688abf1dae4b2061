"""Playing a side: a person takes one actor's decisions, week by week, in one replicate.

A decision is an event of the timeline, so what was played is a scenario, and the same decisions can
be run on other luck: were they skilful, or lucky?
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from sim.analysis.paired import Difference, difference_of_shares
from sim.crisis import CrisisModel
from sim.data.sources import PLAYED
from sim.ensemble import run
from sim.errors import ScenarioError
from sim.experiments import cable
from sim.experiments.replay import replay
from sim.outcomes import OUTCOMES
from sim.results import Ensemble
from sim.scenario.actions import ACTIONS, Argument, Write
from sim.scenario.scenario import Scenario

#: Kinds of actor that a person can play.
ROLES = ("mediator", "government", "opposition", "sender")


@dataclass(frozen=True)
class Decision:
    """What a person decided in a week, with the numbers that the action takes."""

    week: int
    actor: str
    action: str
    arguments: Mapping[str, float] = field(default_factory=dict)

    def event(self) -> dict[str, object]:
        """Return it as an event of a scenario's timeline."""
        return {
            "id": f"played_{self.week}",
            "week": self.week,
            "actor": self.actor,
            "action": self.action,
            **self.arguments,
            "source": PLAYED,
        }


def roles(scenario: Scenario) -> dict[str, str]:
    """Return id and name of the actors that can be played."""
    return {key: actor.name for key, actor in scenario.actors.items() if actor.kind in ROLES}


def choices(scenario: Scenario, actor: str) -> dict[str, tuple[Argument, ...]]:
    """Return the actions that an actor can take, with their arguments."""
    kind = scenario.actors[actor].kind
    fields = type(scenario.actors[actor]).model_fields
    kinds = {one.kind for one in scenario.actors.values()}
    found = {}
    for name, action in ACTIONS.items():
        needs = {
            effect.kind for effect in action.effects if isinstance(effect, Write) and effect.kind
        }
        if kind in action.kinds and needs <= kinds:
            found[name] = tuple(
                one for one in action.arguments if one.required or one.name in fields
            )
    return found


def middle(argument: Argument) -> str:
    """Return what an argument's field shows before anybody has typed."""
    return f"{(argument.low + argument.high) / 2:g}"


def decide(
    scenario: Scenario,
    taken: tuple[Decision, ...],
    week: int,
    actor: str,
    action: str,
    texts: Mapping[str, str],
) -> tuple[tuple[Decision, ...], str]:
    """Return the decisions with one more, and what is wrong with it (empty if nothing is)."""
    numbers = {}
    for one in choices(scenario, actor)[action]:
        try:
            numbers[one.name] = float(texts.get(one.name, middle(one)))
        except ValueError:
            return taken, f"{one.name}: a number from {one.low:g} to {one.high:g}, please"
    more = (*taken, Decision(week, actor, action, numbers))
    try:
        played(scenario, more)
    except ScenarioError as error:
        return taken, error.problems[0].message
    return more, ""


def played(scenario: Scenario, decisions: tuple[Decision, ...]) -> Scenario:
    """Return the scenario with the decisions on its timeline. Raises ScenarioError."""
    events = {f"timeline.{one.event()['id']}": one.event() for one in decisions}
    return scenario.alter(events, label="decision") if events else scenario


def stepped(
    scenario: Scenario, decisions: tuple[Decision, ...], replicate: int, seed: int, weeks: int
) -> CrisisModel:
    """Return the Mesa model of one replicate after ``weeks`` weeks with these decisions."""
    model = CrisisModel(played(scenario, decisions), 1, seed, start=replicate)
    while model.running and model.week < weeks:
        model.step()
    return model


def story(
    scenario: Scenario, decisions: tuple[Decision, ...], replicate: int, seed: int, weeks: int
) -> list[tuple[str, str]]:
    """Return date and sentence of what happened so far, the latest first.

    The start is left out: it tells the government's hidden type.
    """
    told = replay(played(scenario, decisions), replicate, seed)
    return [
        (one.day.isoformat(), cable.sentence(one))
        for one in reversed(told.happenings)
        if one.kind != "start" and one.week <= weeks
    ]


@dataclass(frozen=True)
class Verdict:
    """The same decisions on other luck.

    difference: share of the outcome reached, over replicates without and with the decisions.
    """

    outcome: str
    base: Ensemble
    ensemble: Ensemble
    difference: Difference

    def sentences(self) -> tuple[str, str]:
        """Say what the decisions did over all luck, and how lucky this replicate was."""
        shift, low, high = (
            100 * x for x in (self.difference.difference, self.difference.low, self.difference.high)
        )
        name = self.outcome.replace("_", " ")
        if low > 0 or high < 0:
            word = "likelier" if shift > 0 else "rarer"
            skill = (
                f"Over {self.ensemble.replicates:,} replicates your decisions make {name} {word}: "
                f"by {abs(shift):.1f} points ({low:+.1f} to {high:+.1f})."
            )
        else:
            skill = (
                f"Over {self.ensemble.replicates:,} replicates your decisions make no difference "
                f"to {name} that can be told from chance ({low:+.1f} to {high:+.1f} points)."
            )
        luck = (
            f"With the same decisions {100 * self.difference.alternative:.1f}% of replicates end "
            "so; the others had other luck."
        )
        return skill, luck


def judge(
    scenario: Scenario,
    decisions: tuple[Decision, ...],
    outcome: int,
    replicates: int = 2000,
    seed: int = 0,
) -> Verdict:
    """Run the decisions on the luck of many replicates, beside the same luck without them."""
    base = run(scenario, replicates, seed, record=False, twins=False)
    other = run(played(scenario, decisions), replicates, seed, record=False, twins=False)
    name = OUTCOMES[outcome]
    masks = base.outcome == outcome, other.outcome == outcome
    return Verdict(name, base, other, difference_of_shares(name, *masks))


def as_file(scenario: Scenario, decisions: tuple[Decision, ...]) -> str:
    """Return the decisions as the text of a scenario file that extends this one."""
    tree = {
        "parley": 1,
        "title": f"{scenario.title}, as played",
        "extends": f"{scenario.name}.yaml",
        "timeline": [one.event() for one in decisions],
    }
    return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)
