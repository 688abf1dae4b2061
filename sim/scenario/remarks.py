"""What a scenario says besides its model: variables to record, claims, facts of the record."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sim.scenario.claims import Claim, ClaimError, OutsideRun
from sim.scenario.claims import parse as parse_claim
from sim.scenario.clock import Calendar
from sim.scenario.faults import Faults
from sim.scenario.parameters import ParameterReader
from sim.scenario.scenario import Fact
from sim.scenario.wording import did_you_mean, known, nearest, shown
from sim.scenario.yaml_reader import Mark, Node


@dataclass(frozen=True, slots=True)
class RemarkReader:
    """Reads the lists of a scenario that no actor reads, reporting every fault."""

    tree: Node
    quantities: ParameterReader
    faults: Faults

    def record(self, names: list[str]) -> tuple[str, ...]:
        """Return the variables to record, each once. names: all that there are."""
        found: dict[str, None] = {}
        for item in self._items("record"):
            if not isinstance(item.value, str):
                message = f"each item must be the name of a variable, not {shown(item.plain())}"
                self.faults.add(item.mark, "record", message)
            elif item.value not in names:
                message = f"unknown variable {shown(item.value)}{did_you_mean(item.value, names)}"
                self.faults.add(item.mark, "record", message)
            else:
                found[item.value] = None
        return tuple(found)

    def claims(self, calendar: Calendar | None, names: list[str]) -> tuple[Claim, ...]:
        """Return the claims. calendar: None if the span of the run could not be read."""
        claims: list[Claim] = []
        for item in self._items("expect"):
            fields = self._fields(item, "expect", ("claim", "source"), ())
            if fields is None or calendar is None:
                continue
            source = self.quantities.sources(item.mapping["source"], "expect")
            claim = self._claim(item.mapping["claim"], source, calendar, names)
            if claim is not None:
                claims.append(claim)
        return tuple(claims)

    def _claim(
        self, node: Node, source: tuple[str, ...], calendar: Calendar, names: list[str]
    ) -> Claim | None:
        try:
            return parse_claim(str(node.value), source, calendar.start, calendar.weeks, names)
        except ClaimError as error:
            mark = node.text.right(error.column) if node.text else node.mark
            if isinstance(error, OutsideRun) and calendar.is_cut:
                # A run cut short from outside the files leaves later claims unjudged.
                self.quantities.warnings.append(mark.problem("expect", f"not judged: {error}"))
            else:
                self.faults.add(mark, "expect", str(error))
            return None

    def facts(self, actors: Collection[str]) -> tuple[Fact, ...]:
        """Return the facts. actors: ids of all actors that the scenario has."""
        facts: dict[str, Fact] = {}
        for item in self._items("facts"):
            needed = ("id", "statement", "by", "source")
            fields = self._fields(item, "facts", needed, ("informs",))
            if fields is None:
                continue
            if fields["id"] in facts:
                message = f"there are two facts {shown(fields['id'])}"
                self.faults.add(item.mapping["id"].place, "facts", message)
            source = self.quantities.sources(item.mapping["source"], "facts")
            informs = self._informs(item.mapping.get("informs"), actors)
            facts[fields["id"]] = Fact(
                fields["id"], fields["statement"], fields["by"], source, informs
            )
        return tuple(facts.values())

    def _informs(self, node: Node | None, actors: Collection[str]) -> tuple[str, ...]:
        if node is None:
            return ()
        if not isinstance(node.value, list):
            message = f"`informs` must be a list of parameters, not {shown(node.plain())}"
            self.faults.add(node.mark, "facts", message)
            return ()
        for item in node.items:
            path = str(item.value) if isinstance(item.value, str) else ""
            # A fact outlives the actor that a child file removed.
            is_absent = path.startswith("actors.") and path.split(".")[1] not in actors
            if path in self.quantities.found or is_absent or self.faults.excuse(path):
                continue
            hint = did_you_mean(path, self.quantities.found)
            message = f"informs no parameter: {shown(item.plain())}{hint}"
            self.faults.add(item.mark, "facts", message)
        return tuple(str(item.value) for item in node.items)

    def _items(self, key: str) -> list[Node]:
        node = self.tree.mapping.get(key)
        if node is None or node.value is None:
            return []
        if not isinstance(node.value, list):
            self.faults.add(node.mark, key, f"must be a list, not {shown(node.plain())}")
        return node.items

    def _fields(
        self, item: Node, path: str, needed: tuple[str, ...], may: tuple[str, ...]
    ) -> dict[str, Any] | None:
        """Return the fields of an item as plain data, None if it is at fault."""
        if not isinstance(item.value, dict):
            wanted = f"a mapping with {', '.join(needed[:-1])} and {needed[-1]}"
            message = f"each item must be {wanted}, not {shown(item.plain())}"
            self.faults.add(item.mark, path, message)
            return None
        sound = True
        unknown = [key for key in item.mapping if key not in needed + may]
        given = {*item.mapping, *(nearest(key, needed + may) for key in unknown)}
        missing = [key for key in needed if key not in given]
        if missing:
            self.faults.add(item.mark, path, f"an item needs {', '.join(missing)}")
            sound = False
        for key, node in item.mapping.items():
            fault = _fault_of_field(key, node, needed, may)
            if fault is not None:
                self.faults.add(fault[0], path, fault[1])
                sound = False
        return item.plain() if sound else None


def _fault_of_field(
    key: str, node: Node, needed: tuple[str, ...], may: tuple[str, ...]
) -> tuple[Mark, str] | None:
    if key not in needed + may:
        return node.place, f"unknown field {shown(key)}{known(key, needed + may)}"
    is_text = isinstance(node.value, str) and bool(node.value.strip())
    if key in needed and key != "source" and not is_text:
        return node.mark, f"`{key}` must be text, not {shown(node.plain())}"
    return None
