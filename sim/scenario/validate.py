"""From a merged tree to a scenario, collecting every fault of every part on the way."""

from datetime import date

from sim.scenario import events
from sim.scenario.actors import kinds_of, read_actors, read_members
from sim.scenario.clock import Calendar
from sim.scenario.dates import meant, parse_date
from sim.scenario.faults import Faults
from sim.scenario.parameters import ParameterReader
from sim.scenario.remarks import RemarkReader
from sim.scenario.scenario import FORMAT, Scenario, frozen
from sim.scenario.schema import Declared, Issue, Talks
from sim.scenario.tree import place
from sim.scenario.variables import names as variable_names
from sim.scenario.wording import known, nearest, shown
from sim.scenario.yaml_reader import Mark, Node

SECTIONS = (
    "parley title question extends start weeks actors talks agenda timeline record expect facts"
).split()
#: Written by the package alone; see ``ParameterReader``.
RESOLVED = "resolved"
WEEKS = Declared("T", "weeks", 1, 1000, 104, True, True, True)
#: Most characters of a text, and whether a scenario must have it.
_TEXT = {"title": (200, True), "question": (2000, False)}
#: What stands in for a span that could not be read; no scenario is built with it.
_NO_START = date(2000, 1, 1)


def build(tree: Node, name: str, faults: Faults) -> Scenario:
    """Validate a merged tree. Raises ScenarioError with all faults, earlier ones included."""
    return _Builder(tree, name, faults).build()


class _Builder:
    """One pass over a tree; ``faults`` grows, and nothing is built while it is not empty."""

    def __init__(self, tree: Node, name: str, faults: Faults) -> None:
        self.tree = tree
        self.name = name
        self.faults = faults
        self.quantities = ParameterReader(tree, faults, RESOLVED in tree.mapping)

    def build(self) -> Scenario:
        self._check_sections()
        text = {key: self._text(key) for key in _TEXT}
        calendar = self._calendar()
        start = calendar.start if calendar is not None else _NO_START
        actors = read_actors(self.tree, self.quantities, self.faults)
        talks = self._talks()
        agenda = self._agenda()
        if "actors" in self.faults.unread:
            self.faults.raise_if_any()  # What follows can be judged by the actors alone.
        members = read_members(self.tree, actors, start, self.faults)
        kinds = kinds_of(self.tree)
        allies = [key for key, kind in kinds.items() if kind == "ally"]
        names = variable_names(members, allies)
        context = events.Context(
            calendar, actors, frozenset(kinds.values()), members, names, self.quantities
        )
        timeline = events.read_timeline(self.tree, context, self.faults)
        self.quantities.check_references()
        remarks = RemarkReader(self.tree, self.quantities, self.faults)
        record = remarks.record(names)
        expect = remarks.claims(calendar, names)
        facts = remarks.facts(kinds)
        self.faults.raise_if_any()
        return Scenario(
            name=self.name,
            title=text["title"],
            question=text["question"],
            start=start,
            weeks=calendar.weeks if calendar is not None else 0,
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

    def fault(self, path: str, message: str, mark: Mark | None = None) -> None:
        self.faults.add(mark or place(self.tree, path), path, message)

    def missing(self, key: str, advice: str) -> None:
        """Report a section that is missing, unless it is there under a name misspelt."""
        if not self.faults.excuse(key):
            self.fault(key, f"is missing; {advice}")

    def _check_sections(self) -> None:
        for key, node in self.tree.mapping.items():
            if key not in (*SECTIONS, RESOLVED):
                message = f"unknown section {shown(key)}{known(key, SECTIONS)}"
                self.fault("", message, node.place)
                self.faults.unread.add(nearest(key, SECTIONS) or key)
        if "extends" in self.faults.unread - self.tree.mapping.keys():
            self.faults.raise_if_any()  # All that is missing would be the parent's.
        version = self.tree.mapping.get("parley")
        if version is None:
            self.missing("parley", f"the file must say `parley: {FORMAT}`")
        elif version.value != FORMAT or isinstance(version.value, bool):
            message = f"must be {FORMAT}, the version of the format, not {shown(version.plain())}"
            self.fault("parley", message, version.mark)
        resolved = self.tree.mapping.get(RESOLVED)
        if resolved is not None and resolved.value is not True:
            self.fault(RESOLVED, "must be true, as the package writes it", resolved.mark)

    def _text(self, key: str) -> str:
        longest, required = _TEXT[key]
        node = self.tree.mapping.get(key)
        if node is None or node.value is None:
            if required:
                self.missing(key, "say in one line what the scenario is")
            return ""
        if not isinstance(node.value, str) or not node.value.strip():
            self.fault(key, f"must be text, not {shown(node.plain())}", node.mark)
            return ""
        if len(node.value) > longest:
            self.fault(key, f"must have at most {longest:,} characters", node.mark)
        return " ".join(node.value.split())

    def _calendar(self) -> Calendar | None:
        """Return the span of the run, None if it cannot be read."""
        start, weeks = self._start(), self._weeks()
        if start is None or weeks is None:
            return None
        from_outside = not place(self.tree, "weeks").line
        return Calendar(start, weeks, from_outside or self.quantities.is_resolved)

    def _start(self) -> date | None:
        node = self.tree.mapping.get("start")
        if node is None:
            self.missing("start", "give the date of week 0, such as 2019-05-17")
            return None
        try:
            return parse_date(node.value)
        except ValueError:
            message = (
                f"must be a date like 2019-05-17, not {shown(node.plain())}{meant(node.value)}"
            )
            self.fault("start", message, node.mark)
            return None

    def _weeks(self) -> int | None:
        node = self.tree.mapping.get("weeks")
        if node is None:
            self.missing("weeks", "give the number of weeks to run, such as 104")
            return None
        if node.mapping.keys() & {"dist", "same_as"}:
            self.fault("weeks", "must be one number, the same in all replicates")
            return None
        # The horizon is the author's choice, so a bare number will do.
        parameter = self.quantities.add_argument("weeks", "Number of weeks to run.", WEEKS, node)
        value = parameter.quantity.value if parameter is not None else None
        if value is None or not value.is_integer() or not WEEKS.low <= value <= WEEKS.high:
            return None
        return int(value)

    def _talks(self) -> Talks:
        node = self.tree.mapping.get("talks")
        talks = self.quantities.read(Talks, node, "talks") if node is not None else None
        return talks or Talks()

    def _agenda(self) -> tuple[Issue, ...]:
        node = self.tree.mapping.get("agenda")
        if node is None:
            return ()
        if not isinstance(node.value, list) or not node.value:
            self.fault("agenda", "must be a list of issues, each with id, value and cost")
            return ()
        seen: set[str] = set()
        issues: list[Issue] = []
        for item in node.items:
            name = item.mapping["id"].value if "id" in item.mapping else None
            if not isinstance(name, str) or name in seen:
                self.fault("agenda", "every issue needs an `id` of its own", item.mark)
                continue
            seen.add(name)
            issue = self.quantities.read(Issue, item, f"agenda.{name}")
            if issue is not None:
                issues.append(issue)
        return tuple(issues)
