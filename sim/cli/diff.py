"""``parley diff``: what two scenarios differ in."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from sim.cli import options, terminal

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.differences import Difference


#: More states than these, in one of the scenarios alone, get one row together.
_FEW = 10


@click.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@options.as_json
def command(first: str, second: str, as_json: bool) -> None:
    """Show what scenarios A and B differ in: parameters, events, actors, issues, states."""
    from sim.scenario import load
    from sim.scenario.differences import differences

    a, b = load(first), load(second)
    found = differences(a, b)
    if as_json:
        terminal.print_json({"results": [asdict(one) for one in found]})
    else:
        print_differences(a, b, found)


def print_differences(a: Scenario, b: Scenario, found: list[Difference]) -> None:
    """Print one row per difference, in the order of their paths."""
    click.echo(f"A: {a.title} ({a.name})\nB: {b.title} ({b.name})\n")
    if found:
        rows = [(one.path, _shown(one.a), _shown(one.b), one.unit) for one in _short(found)]
        terminal.print_table(("path", "A", "B", "unit"), rows, left=range(4))
        click.echo()
    count = f"{len(found)} difference{'s' * (len(found) != 1)}" if found else "No difference"
    terminal.print_text(
        f"{count} that can change a result. Titles, sources, facts, claims and records are not "
        "compared."
    )


def _short(found: list[Difference]) -> list[Difference]:
    """Return the differences with one row for all states that only one of the scenarios has."""
    alone = [one for one in found if one.what == "state" and None in (one.a, one.b)]
    if len(alone) <= _FEW:
        return found
    a, b = sum(one.b is None for one in alone), sum(one.a is None for one in alone)
    whole = replace(alone[0], path="states", a=_count(a), b=_count(b))
    first = found.index(alone[0])
    rest = [one for one in found if one not in alone]
    return [*rest[:first], whole, *rest[first:]]


def _count(states: int) -> str | None:
    return f"{states} states of its own" if states else None


def _shown(value: Any) -> str:
    """Return a value in a cell; a mapping is a law, or a whole actor, issue, state or event."""
    from sim.scenario.wording import law

    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        return f"{value:g}"
    if not isinstance(value, dict):
        return str(value)
    if value.keys() & {"dist", "same_as"}:
        return law(value)
    told = [f"{name} {_shown(field)}" for name, field in value.items() if field is not None]
    return ", ".join(told)
