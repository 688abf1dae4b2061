"""``parley explain``: every parameter with value, unit, range, source, basis and line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.cli import options, terminal

if TYPE_CHECKING:
    from sim.scenario import Parameter, Scenario


@click.command("explain")
@click.argument("scenario")
@options.settings
@options.as_json
def command(scenario: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Show every parameter of SCENARIO: what it is, where it comes from, where it was set."""
    from sim.scenario import load

    subject = load(scenario)
    if settings:
        subject = subject.alter(options.read_settings(settings), label="--set")
    if as_json:
        terminal.print_json(explain(subject))
        return
    rows = [
        (
            row["path"],
            row["symbol"],
            _law_text(row),
            str(row["unit"]),
            str(row["basis"] or ""),
            " ".join(row["source"]),
            f"{row['file']}:{row['line']}" if row["line"] else str(row["file"]),
        )
        for row in explain(subject)["parameters"]
    ]
    columns = ("path", "symbol", "value", "unit", "basis", "source", "set in")
    terminal.print_table(subject.title, columns, rows)


def explain(scenario: Scenario) -> dict[str, Any]:
    """Return what ``parley explain --json`` prints."""
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "parameters": [_row(p) for p in scenario.parameters.values() if p.given],
        "actors": [
            {"id": key, "kind": actor.kind, "name": actor.name, "state": actor.state}
            for key, actor in scenario.actors.items()
        ],
        "timeline": [
            {**event.written, "weeks": list(event.weeks) if event.when is None else None}
            for event in scenario.timeline
        ],
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


def _row(parameter: Parameter) -> dict[str, Any]:
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


def _law_text(row: dict[str, Any]) -> str:
    if "value" in row:
        return f"{row['value']:g}"
    law = dict(row["distribution"])
    name = law.pop("dist", "same as")
    return f"{name}({', '.join(str(value) for value in law.values())})"
