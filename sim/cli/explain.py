"""``parley explain``: every parameter with value, unit, range, source, basis and line."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import click

from sim.cli import options, terminal
from sim.errors import UsageError
from sim.scenario.wording import known, law, shown

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
@click.argument("part", required=False)
@options.settings
@options.as_json
def command(scenario: str, part: str | None, settings: tuple[str, ...], as_json: bool) -> None:
    """Show every parameter of SCENARIO: what it is, where it comes from, where it was set.

    PART is an actor, an event, a section such as talks, or a path: its parameters alone, each with
    its meaning and the reason for its value.
    """
    told = explain(options.load_scenario(scenario, settings))
    if part is not None:
        told["parameters"] = _of(part, told["parameters"])
    if as_json:
        terminal.print_json(told)
    elif part is not None:
        print_part(told)
    else:
        print_explanation(told)


def explain(scenario: Scenario) -> dict[str, Any]:
    """Return what ``parley explain --json`` prints."""
    accounts = {f"timeline.{event.id}": event.source for event in scenario.timeline}
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "parameters": [
            _parameter(p, accounts.get(_owner(p.path), ()))
            for p in scenario.parameters.values()
            if p.given
        ],
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


def _of(part: str, parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the parameters of an actor, an event, a section or a path. Raises UsageError."""
    ids = {row["path"]: _owner(row["path"]).rpartition(".")[2] for row in parameters}
    found = [
        row
        for row in parameters
        if part == ids[row["path"]] or f"{row['path']}.".startswith(f"{part}.")
    ]
    if not found:
        names = dict.fromkeys(ids.values())
        raise UsageError(f"no part {shown(part)} in the scenario{known(part, names)}")
    return found


def _parameter(parameter: Parameter, account: tuple[str, ...]) -> dict[str, Any]:
    """Return one parameter; ``account``: sources of the event that it is an argument of."""
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
        "source": list(quantity.source or account),
        "basis": quantity.basis,
        "reason": quantity.reason,
        "file": parameter.mark.file,
        "line": parameter.mark.line,
    }


def _event(event: Event) -> dict[str, Any]:
    return {**event.written, "weeks": list(event.weeks) if event.when is None else None}


def print_explanation(told: Mapping[str, Any]) -> None:
    """Print one table per actor, section or event; its heading says what all its rows share."""
    click.echo(f"{told['title']} ({told['scenario']}): {len(told['parameters'])} parameters\n")
    _print_tables(told)
    _print_timeline(told["timeline"])
    click.echo()
    terminal.print_text(
        "A value from a to b is drawn anew in each replicate, all numbers between alike likely. "
        "What each parameter means, and the reason for its value: name an actor, an event, a "
        "section or a path as well. The facts behind them: --json."
    )
    if not _is_wide():
        terminal.print_text(f"Symbol and range: --json, or {_ROOM_FOR_ALL} columns.")


def print_part(told: Mapping[str, Any]) -> None:
    """Print the tables of one part, and below them what each parameter means and why its value."""
    _print_tables(told)
    click.echo()
    for parameter in told["parameters"]:
        name = parameter["path"].removeprefix(f"{_owner(parameter['path'])}.")
        texts = (parameter["meaning"], parameter["reason"])
        sentences = " ".join(text for text in texts if text)
        terminal.print_text(f"{name}: {sentences}".replace("``", "`"))


def _is_wide() -> bool:
    return terminal.columns() >= _ROOM_FOR_ALL


def _print_tables(told: Mapping[str, Any]) -> None:
    groups: dict[str, list[Any]] = {}
    for parameter in told["parameters"]:
        groups.setdefault(_owner(parameter["path"]), []).append(parameter)
    columns = range(len(_TITLES)) if _is_wide() else _NARROW
    for number, (owner, group) in enumerate(groups.items()):
        if number:
            click.echo()
        terminal.print_text(f"{_heading(owner, told)}; {_file(group)}")
        rows = [_row(parameter, owner, _file(group)) for parameter in group]
        terminal.print_table(
            [_TITLES[index] for index in columns],
            [[row[index] for index in columns] for row in rows],
            left=range(len(columns)),
        )


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
