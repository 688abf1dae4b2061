"""What changed in a week of one replicate: a detector per topic, all reading the model alone.

A detector takes the model after the week, the state before and after it, and a memory of its own;
it yields pairs of a kind and its facts. Shares of the stake, probabilities and counts are plain
numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.actors import Sender
from sim.crisis import CrisisModel
from sim.events import Timeline
from sim.mechanisms import agenda, bargaining
from sim.outcomes import OUTCOMES
from sim.scenario.scenario import Event
from sim.table import APART, IMPLEMENTING, TALKS

Found = Iterator[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of one replicate between two weeks, as plain numbers and short arrays."""

    phase: int
    round: float
    failed_rounds: float
    cooling: float
    trust: float
    force_odds: float
    government_odds: float
    mobilisation: float
    strength: float
    deal_weeks: float
    relief_counts: bool
    share: float
    position: Any
    thresholds: Any
    support: dict[str, float]
    fired: frozenset[str]

    @classmethod
    def of(cls, model: CrisisModel) -> Snapshot:
        """Take the state of a model with one replicate."""
        table, states = model.table, model.states
        return cls(
            int(table.phase.item()),
            table.round.item(),
            table.failed_rounds.item(),
            table.cooling.item(),
            model.opposition.trust.item(),
            model.opposition.force_odds.item(),
            model.government.force_odds.item(),
            model.street.mobilisation.item(),
            model.military.mean_strength.item(),
            table.deal_weeks.item(),
            bool(model.government.relief_counts.item()),
            states.share.item(),
            np.ravel(states.position).copy(),
            np.ravel(states.thresholds).copy(),
            {ally.actor_id: ally.support.item() for ally in model.allies},
            _fired(model.timeline),
        )


def _fired(timeline: Timeline) -> frozenset[str]:
    return frozenset(name for name, mask in timeline.fired.items() if mask.item())


def events(model: CrisisModel, before: Snapshot, after: Snapshot, memory: dict[str, Any]) -> Found:
    """Yield what the timeline did: an event that fires every week is told once."""
    week = model.week - 1
    for event in model.timeline.events:
        if event.id not in after.fired or week not in event.weeks:
            continue
        first = event.id not in before.fired
        if first or (event.when is None and len(event.weeks) < 8):
            arguments = {
                name: model.values[parameter.path].flat[0].item()
                for name, parameter in event.arguments.items()
            }
            names = [model.crisis.members[code].name or code for code in event.members]
            yield (
                "event",
                {
                    **_named(model, event),
                    "arguments": arguments,
                    "over": event.over,
                    "lasts": event.lasts,
                    "members": names if len(names) < 6 else [],
                    "condition": event.when.text if event.when else None,
                    "on": event.written.get("on") if len(event.weeks) == 1 else None,
                },
            )


def revocations(
    model: CrisisModel, before: Snapshot, after: Snapshot, memory: dict[str, Any]
) -> Found:
    """Yield what ends of the timeline, in the week in which its time is over."""
    for event in model.timeline.events:
        since = model.timeline.since.get(event.id)
        if since is not None and event.lasts and model.week - 1 - since.item() == event.lasts:
            yield "revoked", {**_named(model, event), "lasts": event.lasts}


def _named(model: CrisisModel, event: Event) -> dict[str, Any]:
    actor = model.crisis.actors.get(event.actor)
    name = actor.name if actor else event.actor
    return {"actor": name, "action": event.action, "target": event.target}


def recognition(
    model: CrisisModel, before: Snapshot, after: Snapshot, memory: dict[str, Any]
) -> Found:
    """Yield which states moved, and whether by a new government or by influence."""
    moved = np.flatnonzero(before.position != after.position)
    if not moved.size:
        return
    ordered = {
        code
        for event in model.timeline.events
        if event.id in after.fired and model.week - 1 in event.weeks
        for code in event.members
    }
    groups: dict[tuple[int, str], list[str]] = {}
    for column in moved:
        code = model.states.codes[column]
        renewed = before.thresholds[column] != after.thresholds[column]
        cause = "event" if code in ordered else "government" if renewed else "influence"
        name = model.crisis.members[code].name or code
        groups.setdefault((int(after.position[column]), cause), []).append(name)
    for (position, cause), names in groups.items():
        facts = {"names": sorted(names), "position": position, "cause": cause}
        count = int(model.states.count.item())
        yield "recognition", {**facts, "count": count, "share": after.share}


def allies(model: CrisisModel, before: Snapshot, after: Snapshot, memory: dict[str, Any]) -> Found:
    """Yield where an ally's support falls below half of its base, or is back above it."""
    for ally in model.allies:
        half = ally.base_support.item() / 2
        was, now = before.support[ally.actor_id], after.support[ally.actor_id]
        if (was >= half) != (now >= half) and half > 0:
            yield (
                "ally",
                {
                    "name": ally.name,
                    "falls": now < half,
                    "survival": 1 - before.government_odds,
                    "threshold": ally.threshold.flat[0].item(),
                    "support": now,
                },
            )


def barracks(
    model: CrisisModel, before: Snapshot, after: Snapshot, memory: dict[str, Any]
) -> Found:
    """Yield an uprising and what it taught."""
    military = model.military
    if military.attempted.item():
        yield (
            "uprising",
            {
                "fell": bool(military.fell.item()),
                "strength": military.strength_now.item(),
                "tipping": military.tipping.flat[0].item(),
                "odds_before": before.force_odds,
                "odds_after": after.force_odds,
                "mobilisation": after.mobilisation,
            },
        )


def table(model: CrisisModel, before: Snapshot, after: Snapshot, memory: dict[str, Any]) -> Found:
    """Yield the week at the table: offers refused, a signature, a break, a meeting arranged."""
    t = model.table
    facts = _inequality(model)
    signed = bool(t.signed_now.item())
    ended = bool(t.met.item()) and after.failed_rounds > before.failed_rounds
    if t.met.item() and t.tabled.item() and not signed:
        yield "offers", {**facts, "last": ended}
    if signed:
        yield "signed", {**facts, **_deal(model)}
        memory["terms"] = _deal(model)
    if ended:
        yield "broken", {**facts, **_why_broken(model, before), "weeks": int(before.round) + 1}
    if before.phase == APART and after.phase == TALKS:
        memory.pop("away", None)
        yield "enters", {**facts, **_rule(model), "mediators": _at_work(model)}
    away = _why_away(model, after) if before.phase == after.phase == APART else None
    if away is not None and away["cause"] != memory.get("away"):
        memory["away"] = away["cause"]
        yield "away", {**facts, **away}


def deals(model: CrisisModel, before: Snapshot, after: Snapshot, memory: dict[str, Any]) -> Found:
    """Yield a deal that breaks or has held long enough."""
    t, government = model.table, model.government
    if before.phase != IMPLEMENTING or model.table.signed_now.item():
        return
    if t.completed.item():
        yield "completed", {"weeks": after.deal_weeks, **memory.get("terms", {})}
    elif after.phase == APART:
        yield (
            "reneged",
            {
                "weeks": after.deal_weeks,
                "without": government.disagreement.item(),
                "keep": t.keeping.item(),
                "hazard": t.renege_hazard.item(),
                "guarantee": model.guarantee.item(),
                "ordered": bool(government.ordered("renege").item()),
            },
        )


def intervention(
    model: CrisisModel, before: Snapshot, after: Snapshot, memory: dict[str, Any]
) -> Found:
    """Yield force from abroad."""
    if model.outcome.item() == OUTCOMES.index("foreign_intervention"):
        yield "intervention", {"hazard": model.sender.force_hazard.flat[0].item()}


def _inequality(model: CrisisModel) -> dict[str, Any]:
    t = model.table
    return {
        "x_min": t.low.item(),
        "x_max": t.high.item(),
        "zone": t.zone.item(),
        "required": (t.uncertainty_met / t.suspicion_divisor).item(),
    }


def _rule(model: CrisisModel) -> dict[str, Any]:
    """Return the opposition's rule: its trust, and the trust from which talks are worth it."""
    t, o = model.table, model.opposition
    surplus = bargaining.expected_surplus(t.zone, t.uncertainty_met)
    gain = (o.bargaining_weight * np.maximum(surplus, o.exploratory_value)).item()
    loss = o.loss_strung_along.item()
    needed = loss / (loss + gain) if loss + gain > 0 else 0.0
    return {
        "trust": t.trust_met.item(),
        "needed": needed,
        "odds": o.force_odds.item(),
        "enter_below": o.enter_below.flat[0].item(),
        "leave_above": o.leave_above.flat[0].item(),
    }


def _why_broken(model: CrisisModel, before: Snapshot) -> dict[str, Any]:
    """Return the cause of a round's end: the first of the rules that applied."""
    rule = _rule(model)
    o = model.opposition
    for cause, holds in (
        ("uprising", model.failed_attempt),
        ("veto", model.sender.veto > 0),
        ("odds", o.force_odds > o.leave_above),
        ("trust", ~model.table.willing),
    ):
        if np.any(holds):
            silent = rule["trust"] < before.trust
            return {"cause": cause, **rule, "sender": _vetoing(model), "silent": silent}
    if before.round + 1 >= model.table.round_length.item():
        return {"cause": "time", **rule}
    return {"cause": "withdrawal", **rule}


def _vetoing(model: CrisisModel) -> str:
    """Return who vetoes the talks by name, all senders if nobody does."""
    senders = [agent for agent in model.cast if isinstance(agent, Sender)]
    vetoing = [agent for agent in senders if np.any(agent.veto > 0)] or senders
    return " and ".join(agent.name for agent in vetoing)


def _why_away(model: CrisisModel, after: Snapshot) -> dict[str, Any] | None:
    """Return why the parties do not meet although nothing keeps them apart but a choice."""
    if after.cooling > 0 or not model.table.open:
        return None
    rule = _rule(model)
    if np.any(model.sender.veto > 0):
        return {"cause": "veto", **rule, "sender": _vetoing(model)}
    if rule["odds"] > rule["enter_below"]:
        return {"cause": "odds", **rule}
    return None if model.table.willing.item() else {"cause": "trust", **rule}


def _deal(model: CrisisModel) -> dict[str, Any]:
    price = np.atleast_1d(model.table.settlement)
    granted = agenda.conceded(price, model.table.agenda)[0]
    issues = [
        issue.name or issue.id.replace("_", " ")
        for issue, is_in in zip(model.crisis.agenda, granted, strict=False)
        if is_in
    ]
    label = OUTCOMES[int(model.deal_label().item())]
    return {"price": float(price[0]), "issues": issues, "label": label}


def _at_work(model: CrisisModel) -> list[str]:
    return [mediator.name for mediator in model.mediators if mediator.active.item()]


#: In the order in which a week's happenings are told.
DETECTORS: tuple[Callable[[CrisisModel, Snapshot, Snapshot, dict[str, Any]], Found], ...] = (
    events,
    revocations,
    recognition,
    allies,
    barracks,
    table,
    deals,
    intervention,
)
