"""A scenario: everything a run needs, typed and frozen, every number with its origin."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from sim.errors import Problem
from sim.scenario.claims import Claim
from sim.scenario.conditions import Condition
from sim.scenario.quantities import Quantity
from sim.scenario.schema import Actor, Declared, Issue, Member, Talks
from sim.scenario.yaml_reader import Mark, Node

#: The reserved key of the format's version in every scenario file.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a scenario: what is declared of it, what it is, where it was set.

    path: what ``--set`` takes. given: False where the neutral value stands in for silence.
    """

    path: str
    meaning: str
    declared: Declared
    quantity: Quantity
    given: bool
    mark: Mark


@dataclass(frozen=True, slots=True)
class Event:
    """One event: when it fires, who acts, what is done.

    weeks: week indices at which it fires, or in which its condition may fire. when: fires once
    per replicate in the first week in which it holds. members: states that it moves. over: weeks
    in which a level is approached, 0 at once. lasts: weeks after which it is revoked, 0 never.
    """

    id: str
    actor: str
    action: str
    weeks: tuple[int, ...]
    when: Condition | None
    arguments: Mapping[str, Parameter]
    target: str | None
    members: tuple[str, ...]
    source: tuple[str, ...]
    written: Mapping[str, Any]
    over: int = 0
    lasts: int = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the record, or one side's claim, and the parameters that it informs."""

    id: str
    statement: str
    by: str
    source: tuple[str, ...]
    informs: tuple[str, ...]


@dataclass(frozen=True)
class Scenario:
    """A validated scenario. Build it with ``sim.load``; change it with ``alter``.

    actors: by id, in order of id. parameters: by path. members: states by iso3 code.
    warnings: things worth knowing that do not make the scenario invalid.
    """

    name: str
    title: str
    question: str
    start: date
    weeks: int
    actors: Mapping[str, Actor]
    members: Mapping[str, Member]
    talks: Talks
    agenda: tuple[Issue, ...]
    timeline: tuple[Event, ...]
    record: tuple[str, ...]
    expect: tuple[Claim, ...]
    facts: tuple[Fact, ...]
    parameters: Mapping[str, Parameter]
    warnings: tuple[Problem, ...]
    tree: Node = field(repr=False, compare=False)

    def alter(self, changes: Mapping[str, Any], label: str = "change") -> "Scenario":
        """Return the scenario with parameters, events or actors changed.

        changes: path -> number, text, list, mapping, or None to remove an actor, event, issue or
        fact; for instance ``{"actors.norway.information": 0.08, "actors.cuba": None}``. A mapping
        is laid over what stands there, as a child file would be. label: names the changes in
        messages. Raises ScenarioError.
        """
        from sim.scenario.loader import rebuild

        return rebuild(self, changes, label)

    def resolved(self) -> dict[str, Any]:
        """Return the scenario without ``extends``, as plain data that loads to an equal one.

        ``resolved: true`` tells the reader that the files and settings behind it were checked: a
        number set from outside the files may lie beyond its documented range, or have none.
        """
        data = self.tree.plain()
        ordered: dict[str, Any] = {"parley": FORMAT, "resolved": True, "title": self.title}
        for key in ("question", "start", "weeks", "talks", "agenda"):
            if data.get(key) is not None:
                ordered[key] = data[key]
        if "actors" in data:
            ordered["actors"] = {key: data["actors"][key] for key in sorted(data["actors"])}
        for key in ("timeline", "record", "expect", "facts"):
            if data.get(key):
                ordered[key] = data[key]
        return ordered

    @property
    def sha256(self) -> str:
        """SHA-256 of the resolved scenario; equal for files that differ in layout alone."""
        text = json.dumps(self.resolved(), sort_keys=True, ensure_ascii=False, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to worker processes as the marked tree, to be validated again there."""
        from sim.scenario.loader import from_tree

        return from_tree, (self.tree, self.name)


def frozen(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a read-only copy."""
    return MappingProxyType(dict(mapping))
