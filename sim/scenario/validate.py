"""From a merged tree to a scenario, collecting every fault of every part on the way."""

from datetime import date
from typing import Any, TypeVar

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError
from sim.scenario import events
from sim.scenario.claims import Claim, ClaimError, OutsideRun
from sim.scenario.claims import parse as parse_claim
from sim.scenario.parameters import ParameterReader
from sim.scenario.quantities import Frozen, Quantity
from sim.scenario.scenario import FORMAT, Fact, Scenario, frozen
from sim.scenario.schema import KINDS, Actor, Ally, Declared, Issue, Member, States, Talks
from sim.scenario.tree import children, did_you_mean, place
from sim.scenario.variables import find as find_variable
from sim.scenario.variables import names as variable_names
from sim.scenario.yaml_reader import Mark, Node
from sim.scenario.world import members_of

SECTIONS = (
    "parley title question extends start weeks actors talks agenda timeline record expect facts"
).split()
WEEKS = Declared("T", "weeks", 1, 1000, 104, True, True, True)
_TEXT = {"title": True, "question": False}
#: Most weeks and actors that a run is sized for.
MAX_ACTORS = 200

P = TypeVar("P", bound=Frozen)


def build(tree: Node, name: str) -> Scenario:
    """Validate a merged tree. Raises ScenarioError with all its faults."""
    return _Builder(tree, name).build()


class _Builder:
    """One pass over a tree; ``problems`` grows, and nothing is built while it is not empty."""

    def __init__(self, tree: Node, name: str) -> None:
        self.tree = tree
        self.name = name
        self.problems: list[Problem] = []
        self.quantities = ParameterReader(tree, self.problems)

    def build(self) -> Scenario:
        self._check_sections()
        text = {key: self._text(key, required) for key, required in _TEXT.items()}
        start = self._start()
        weeks = self._weeks()
        actors = self._actors()
        talks = self._section(Talks, "talks") or Talks()
        agenda = self._agenda()
        members = self._members(actors, start)
        self.quantities.check_references()
        allies = [key for key, actor in actors.items() if isinstance(actor, Ally)]
        known = variable_names(members, allies)
        context = events.Context(start, weeks, actors, members, known, self.quantities)
        timeline = events.read_timeline(self.tree, context, self.problems)
        record = self._record(known, members, allies)
        expect = self._claims(start, weeks, known)
        facts = self._facts()
        if self.problems:
            raise ScenarioError(self.problems)
        return Scenario(
            name=self.name,
            title=text["title"],
            question=text["question"],
            start=start,
            weeks=weeks,
            actors=frozen(actors),
            members=frozen(members),
            talks=talks,
            agenda=agenda,
            timeline=timeline,
            record=record,
            expect=expect,
            facts=facts,
            parameters=frozen(self.quantities.found),
            warnings=tuple(self.quantities.warnings),
            tree=self.tree,
        )

    def problem(self, path: str, message: str, mark: Mark | None = None) -> None:
        self.problems.append((mark or place(self.tree, path)).problem(path, message))

    def _check_sections(self) -> None:
        for key, node in self.tree.mapping.items():
            if key not in SECTIONS:
                hint = did_you_mean(key, SECTIONS)
                allowed = ", ".join(SECTIONS)
                self.problem(key, f"unknown section{hint}; known are {allowed}", node.place)
        version = self.tree.mapping.get("parley")
        if version is None:
            self.problem("parley", f"is missing; the file must say `parley: {FORMAT}`")
        elif version.value != FORMAT or isinstance(version.value, bool):
            self.problem("parley", f"must be {FORMAT}, the version of the scenario format")

    def _text(self, key: str, required: bool) -> str:
        node = self.tree.mapping.get(key)
        if node is None or node.value is None:
            if required:
                self.problem(key, "is missing; say in one line what the scenario is")
            return ""
        if not isinstance(node.value, str) or not node.value.strip():
            self.problem(key, "must be text", node.mark)
            return ""
        return " ".join(node.value.split())

    def _start(self) -> date:
        node = self.tree.mapping.get("start")
        if node is not None:
            try:
                return date.fromisoformat(str(node.value))
            except ValueError:
                self.problem("start", f"'{node.value}' is no date like 2019-05-17", node.mark)
        else:
            self.problem("start", "is missing; give the date of week 0, such as 2019-05-17")
        return date(2000, 1, 1)

    def _weeks(self) -> int:
        node = self.tree.mapping.get("weeks")
        if node is None:
            self.problem("weeks", "is missing; give the number of weeks to run, such as 104")
            return 1
        quantity = self._model(Quantity, node, "weeks")
        if quantity is None:
            return 1
        before = len(self.problems)
        # The horizon is the author's choice, so a bare number will do.
        self.quantities.add_argument("weeks", "Number of weeks to run.", WEEKS, quantity, node)
        if quantity.value is None:
            self.problem("weeks", "must be one number, not a distribution")
        if len(self.problems) > before or quantity.value is None:
            return 1
        return int(quantity.value)

    def _actors(self) -> dict[str, Actor]:
        node = self.tree.mapping.get("actors")
        if node is None or not isinstance(node.value, dict):
            self.problem("actors", "must be a mapping from actor id to actor")
            return {}
        if len(node.value) > MAX_ACTORS:
            self.problem("actors", f"holds more than {MAX_ACTORS} actors")
            return {}
        actors: dict[str, Actor] = {}
        for key in sorted(node.value):
            actor = self._actor(key, node.value[key], list(node.value))
            if actor is not None:
                actors[key] = actor
        self._check_counts(actors)
        return actors

    def _actor(self, key: str, node: Node, ids: list[str]) -> Actor | None:
        path = f"actors.{key}"
        if not key.isidentifier() or key != key.lower():
            self.problem(path, "an actor's id is lower-case letters, digits and _", node.place)
            return None
        if not isinstance(node.value, dict):
            self.problem(path, "must be a mapping of fields, or `null` to remove it", node.mark)
            return None
        kind = node.mapping.get("kind")
        if kind is None:
            hint = did_you_mean(key, [other for other in ids if other != key])
            message = f"unknown actor{hint}; a new actor needs `kind`: {', '.join(KINDS)}"
            self.problem(path, message, node.place)
            return None
        if kind.value not in KINDS:
            hint = did_you_mean(str(kind.value), KINDS)
            self.problem(
                f"{path}.kind",
                f"unknown kind '{kind.value}'{hint}; known are {', '.join(KINDS)}",
                kind.mark,
            )
            return None
        return self._part(KINDS[str(kind.value)], node, path)

    def _check_counts(self, actors: dict[str, Actor]) -> None:
        seen: dict[str, str] = {}
        for key, actor in actors.items():
            first = seen.setdefault(actor.kind, key)
            if first != key and not actor.multiple:
                self.problem(
                    f"actors.{key}",
                    f"there is a {actor.kind} already ('{first}'); one is allowed, and an actor "
                    "is removed with `id: null`",
                )

    def _section(self, model: type[P], path: str) -> P | None:
        node = self.tree.mapping.get(path)
        return self._part(model, node, path) if node is not None else None

    def _part(self, model: type[P], node: Node, path: str) -> P | None:
        """Validate one part of the schema and collect its parameters."""
        part = self._model(model, node, path)
        if part is not None:
            self.quantities.collect(part, path)
        return part

    def _model(self, model: type[P], node: Node, path: str) -> P | None:
        try:
            return model.model_validate(_typed(node.plain()))
        except ValidationError as error:
            self.problems.extend(self._explain(model, error, path))
        except RecursionError:
            self.problem(path, "is nested too deeply")
        return None

    def _explain(self, model: type[P], error: ValidationError, path: str) -> list[Problem]:
        return [
            events.plain_problem(self.tree, model, dict(fault), path) for fault in error.errors()
        ]

    def _agenda(self) -> tuple[Issue, ...]:
        node = self.tree.mapping.get("agenda")
        if node is None:
            return ()
        if not isinstance(node.value, list) or not node.value:
            self.problem("agenda", "must be a list of issues, each with id, value and cost")
            return ()
        if len(children(node)) != len(node.items):
            self.problem("agenda", "every issue needs an `id` of its own", node.mark)
            return ()
        issues = [self._part(Issue, item, f"agenda.{key}") for key, item in children(node).items()]
        return tuple(issue for issue in issues if issue is not None)

    def _members(self, actors: dict[str, Actor], start: date) -> dict[str, Member]:
        states = [(key, actor) for key, actor in actors.items() if isinstance(actor, States)]
        members: dict[str, Member] = {}
        for key, actor in states:
            members = members_of(actor, f"actors.{key}", start, self.problem)
        for key, actor in actors.items():
            if actor.state is not None and states and actor.state not in members:
                hint = did_you_mean(actor.state, members)
                message = f"no state '{actor.state}' among the scenario's states{hint}"
                self.problem(f"actors.{key}.state", message)
        return members

    def _list(self, key: str) -> list[Node]:
        node = self.tree.mapping.get(key)
        if node is None or node.value is None:
            return []
        if not isinstance(node.value, list):
            self.problem(key, "must be a list", node.mark)
            return []
        return node.items

    def _record(
        self, known: list[str], members: dict[str, Member], allies: list[str]
    ) -> tuple[str, ...]:
        names: list[str] = []
        for item in self._list("record"):
            name = str(item.value)
            if find_variable(name, members, allies) is None:
                hint = did_you_mean(name, known)
                self.problem("record", f"unknown variable '{name}'{hint}", item.mark)
            elif name not in names:
                names.append(name)
        return tuple(names)

    def _claims(self, start: date, weeks: int, known: list[str]) -> tuple[Claim, ...]:
        claims: list[Claim] = []
        for item in self._list("expect"):
            fields = self._fields(item, "expect", ("claim", "source"), ())
            if fields is None:
                continue
            source = self.quantities.sources(item.mapping["source"], "expect")
            try:
                claims.append(parse_claim(str(fields["claim"]), source, start, weeks, known))
            except OutsideRun as error:
                # A run cut short from outside the files leaves later claims unjudged.
                mark = item.mapping["claim"].mark
                if place(self.tree, "weeks").line:
                    self.problem("expect", str(error), mark)
                else:
                    self.quantities.warnings.append(mark.problem("expect", f"not judged: {error}"))
            except ClaimError as error:
                self.problem("expect", str(error), item.mapping["claim"].mark)
        return tuple(claims)

    def _facts(self) -> tuple[Fact, ...]:
        facts: list[Fact] = []
        for item in self._list("facts"):
            needed = ("id", "statement", "by", "source")
            fields = self._fields(item, "facts", needed, ("informs",))
            if fields is None:
                continue
            informs = tuple(str(path) for path in fields.get("informs") or ())
            for path in informs:
                # A fact outlives the actor that a child file removed.
                if path not in self.quantities.found and not self._names_absent_actor(path):
                    hint = did_you_mean(path, self.quantities.found)
                    mark = item.mapping["informs"].mark
                    self.problem("facts", f"informs an unknown parameter '{path}'{hint}", mark)
            source = self.quantities.sources(item.mapping["source"], "facts")
            facts.append(
                Fact(
                    str(fields["id"]), str(fields["statement"]), str(fields["by"]), source, informs
                )
            )
        return tuple(facts)

    def _names_absent_actor(self, path: str) -> bool:
        section, _, rest = path.partition(".")
        actors = self.tree.mapping.get("actors")
        return section == "actors" and rest.split(".")[0] not in (actors.mapping if actors else ())

    def _fields(
        self, item: Node, path: str, needed: tuple[str, ...], may: tuple[str, ...]
    ) -> dict[str, Any] | None:
        if not isinstance(item.value, dict):
            self.problem(path, f"each item must be a mapping with {', '.join(needed)}", item.mark)
            return None
        missing = [key for key in needed if key not in item.mapping]
        unknown = [key for key in item.mapping if key not in needed + may]
        if missing:
            self.problem(path, f"an item lacks {', '.join(missing)}", item.mark)
        for key in unknown:
            hint = did_you_mean(key, needed + may)
            self.problem(path, f"unknown field '{key}'{hint}", item.mapping[key].place)
        return None if missing or unknown else item.plain()


def _typed(data: Any) -> Any:
    """Give the strict schema the one type that YAML has no word for: dates."""
    if isinstance(data, dict) and isinstance(data.get("positions_on"), str):
        try:
            return {**data, "positions_on": date.fromisoformat(data["positions_on"])}
        except ValueError:
            return data
    return data
