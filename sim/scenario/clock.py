"""When an event fires: on a date, in a week, while a condition is awaited; once or repeatedly."""

import re
from dataclasses import dataclass
from datetime import date

from sim.scenario.dates import meant, parse_date, week_of
from sim.scenario.wording import shown
from sim.scenario.yaml_reader import Node

CLOCKS = ("on", "week", "when")
FIELDS = (*CLOCKS, "every", "until", "over", "for")
#: How long an event takes to reach its level, and after how long it is revoked.
DURATIONS = ("over", "for")

_EXAMPLES = {
    "on": "a date like 2019-08-05",
    "week": "a week like 12",
    "until": "a date like 2019-08-05 or a week like 12",
}
_WEEKS = re.compile(r"([1-9][0-9]{0,2}) weeks?")


class ClockError(ValueError):
    """A clock cannot be read; ``field`` is the one at fault, empty for the whole event."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Calendar:
    """The span of a run: the day of week 0 and the number of weeks.

    is_cut: the number of weeks was set from outside the files, which were written for another.
    What lies beyond the end then never happens; else it is a mistake.
    """

    start: date
    weeks: int
    is_cut: bool = False

    def weeks_of(self, event: Node) -> tuple[int, ...]:
        """Return the week indices in which an event may fire. Raises ClockError."""
        fields = event.mapping
        given = [name for name in CLOCKS if name in fields]
        if len(given) != 1:
            found = f", not {' and '.join(given)}" if given else ""
            raise ClockError(f"an event needs exactly one of `on`, `week` and `when`{found}")
        clock = given[0]
        if clock == "when" and "every" in fields:
            raise ClockError("`every` goes with `on` or `week`, not with `when`", "every")
        first = 0 if clock == "when" else self._week(fields[clock], clock)
        until = self._week(fields["until"], "until") if "until" in fields else self.weeks - 1
        if until < first and "until" in fields:
            raise ClockError(f"`until` is before `{clock}`", "until")
        last = min(until, self.weeks - 1)
        if clock == "when":
            return tuple(range(last + 1))
        step = _weeks_in(fields["every"], "every") if "every" in fields else self.weeks
        return tuple(range(first, last + 1, step))

    def durations_of(self, event: Node) -> tuple[int, int, str]:
        """Return over how many weeks an event acts and after how many it is revoked, 0 for never.

        Last comes the field that revokes it: `for`, or `until` where nothing is repeated or
        awaited. The event's own weeks must have been read. Raises ClockError.
        """
        fields = event.mapping
        over, lasts = (_weeks_in(fields[n], n) if n in fields else 0 for n in DURATIONS)
        given, word = next((name for name in DURATIONS if name in fields), ""), "for"
        if given and "every" in fields:
            message = f"`{given}` does not go with `every`: an event that lasts fires once"
            raise ClockError(message, given)
        if "until" in fields and not fields.keys() & {"every", "when"}:
            if lasts:
                raise ClockError("`for` and `until` both revoke; give one of them", "for")
            first = next(name for name in CLOCKS if name in fields)
            lasts = self._read(fields["until"], "until") - self._read(fields[first], first) + 1
            word = "until"
        if lasts and over > lasts:
            message = f"the level is revoked before it is reached: `{word}` comes before `over`"
            raise ClockError(message, word)
        return over, lasts, word

    def _week(self, node: Node, field: str) -> int:
        week = self._read(node, field)
        if week < 0 or (week >= self.weeks and not self.is_cut):
            span = f"weeks 0 to {self.weeks - 1} from {self.start}"
            raise ClockError(f"{shown(node.value)} lies outside the run ({span})", field)
        return week

    def _read(self, node: Node, field: str) -> int:
        value, example = node.value, _EXAMPLES[field]
        if isinstance(value, int) and not isinstance(value, bool) and field != "on":
            return value
        try:
            if field == "week":
                raise ValueError("a date is no week")
            return week_of(parse_date(value), self.start)
        except ValueError:
            hint = meant(value) if field != "week" else ""
            message = f"`{field}` must be {example}, not {shown(node.plain())}{hint}"
            raise ClockError(message, field) from None


def _weeks_in(node: Node, field: str) -> int:
    value = node.value
    match = _WEEKS.fullmatch(f"{value} weeks" if isinstance(value, int) else str(value))
    if match is None or isinstance(value, bool):
        message = f"`{field}` must read like `4 weeks`, up to 999, not {shown(node.plain())}"
        raise ClockError(message, field)
    return int(match[1])
