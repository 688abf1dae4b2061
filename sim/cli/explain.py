"""``parley explain``: every parameter with value, unit, range, source, basis and line."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import click

from sim.cli import options, terminal
from sim.scenario.wording import law

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.scenario import Event, Parameter, Scenario

Row = tuple[str, ...]

_TITLES = ("parameter", "symbol", "value", "range", "unit", "basis: source", "line")
#: A terminal that is narrower than this goes without symbol and range.
_ROOM_FOR_ALL = 100
_NARROW = (0, 2, 4, 5, 6)


@click.command("explain")
@click.argument("scenario")
@options.settings
@options.as_json
def command(scenario: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Show every parameter of SCENARIO: what it is, where it comes from, where it was set."""
    subject = options.load_scenario(scenario, settings)
    if as_json:
        terminal.print_json(explain(subject))
    else:
        print_explanation(explain(subject))


def explain(scenario: Scenario) -> dict[str, Any]:
    """Return what ``parley explain --json`` prints."""
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "parameters": [_parameter(p) for p in scenario.parameters.values() if p.given],
        "actors": [
            {"id": key, "kind": actor.kind, "name": actor.name, "state": actor.state}
            for key, actor in scenario.actors.items()
        ],
        "timeline": [_event(event) for event in scenario.timeline],
        "facts": [
            {
                "id": fact.id,
                "statement": fact.statement,
                "by": fact.by,
                "source": list(fact.source),
                "informs": list(fact.informs),
            }
            for fact in scenario.facts
        ],
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    quantity, declared = parameter.quantity, parameter.declared
    law: dict[str, Any] = (
        {"value": quantity.value} if quantity.is_fixed else {"distribution": quantity.law()}
    )
    return {
        "path": parameter.path,
        "symbol": declared.symbol,
        "meaning": parameter.meaning,
        **law,
        "unit": declared.unit,
        "range": list(quantity.range or (declared.low, declared.high)),
        "domain": [declared.low, declared.high],
        "source": list(quantity.source),
        "basis": quantity.basis,
        "reason": quantity.reason,
        "file": parameter.mark.file,
        "line": parameter.mark.line,
    }


def _event(event: Event) -> dict[str, Any]:
    return {**event.written, "weeks": list(event.weeks) if event.when is None else None}


def print_explanation(told: Mapping[str, Any]) -> None:
    """Print one table per actor, section or event; its heading says what all its rows share."""
    groups: dict[str, list[Any]] = {}
    for parameter in told["parameters"]:
        groups.setdefault(_owner(parameter["path"]), []).append(parameter)
    wide = terminal.columns() >= _ROOM_FOR_ALL
    shown = range(len(_TITLES)) if wide else _NARROW
    click.echo(f"{told['title']} ({told['scenario']}): {len(told['parameters'])} parameters")
    for owner, group in groups.items():
        click.echo()
        terminal.print_text(f"{_heading(owner, told)}; {_file(group)}")
        rows = [_row(parameter, owner, _file(group)) for parameter in group]
        terminal.print_table(
            [_TITLES[index] for index in shown],
            [[row[index] for index in shown] for row in rows],
            left=range(len(shown)),
        )
    _print_timeline(told["timeline"])
    click.echo()
    terminal.print_text(
        "A value from a to b is drawn anew in each replicate, all numbers between alike likely. "
        "What each parameter means, the reasons and the facts behind them: --json."
    )
    if not wide:
        terminal.print_text(f"Symbol and range: --json, or {_ROOM_FOR_ALL} columns.")


def _print_timeline(timeline: Sequence[Mapping[str, Any]]) -> None:
    if not timeline:
        return
    click.echo("\ntimeline")
    rows = []
    for event in timeline:
        when = event.get("on") or event.get("when") or f"week {event.get('week', 0)}"
        lasting = [
            f"{word} {event[word]}" for word in ("every", "over", "for", "until") if word in event
        ]
        when = ", ".join([str(when), *lasting])
        source = event.get("source", "")
        sources = source if isinstance(source, str) else ", ".join(source)
        rows.append((event["id"], when, event["actor"], event["action"], sources))
    titles = ("event", "when", "actor", "action", "source")
    terminal.print_table(titles, rows, left=range(len(titles)))


def _owner(path: str) -> str:
    """Return the path of the table that a parameter stands in: an actor, an event, a section."""
    section, _, rest = path.partition(".")
    return f"{section}.{rest.partition('.')[0]}" if section in ("actors", "timeline") else section


def _file(group: Sequence[Mapping[str, Any]]) -> str:
    """Return the file in which most of the group was set."""
    files = [str(parameter["file"]) for parameter in group]
    return PurePath(max(files, key=files.count)).name


def _heading(owner: str, told: Mapping[str, Any]) -> str:
    for actor in told["actors"]:
        if owner == f"actors.{actor['id']}":
            return f"{owner}: {actor['name']} ({actor['kind']})"
    return owner


def _row(parameter: Mapping[str, Any], owner: str, file: str) -> Row:
    name = str(parameter["path"]).removeprefix(f"{owner}.")
    symbol = str(parameter["symbol"])
    low, high = parameter["range"]
    account = [str(parameter["basis"] or ""), ", ".join(parameter["source"])]
    place = PurePath(parameter["file"]).name
    line = f":{parameter['line']}" if parameter["line"] else ""
    return (
        name,
        "" if symbol == name else symbol,
        _law(parameter),
        f"{low:g} to {high:g}",
        str(parameter["unit"]),
        ": ".join(part for part in account if part),
        line if place == file else f"{place}{line}",
    )


def _law(parameter: Mapping[str, Any]) -> str:
    if "value" in parameter:
        return f"{parameter['value']:g}"
    return law(parameter["distribution"])
