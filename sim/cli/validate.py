"""``parley validate``: check scenario files without running them."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

import click

from sim.cli import options, terminal
from sim.errors import ScenarioError, printable


@click.command("validate")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@options.as_json
@options.quiet
def command(files: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Check every FILE and report all faults, each with file, line and column."""
    from sim.scenario import load

    results: list[dict[str, Any]] = []
    for name in files:
        shown = printable(name)
        result: dict[str, Any] = {"file": shown, "valid": True, "problems": [], "warnings": []}
        results.append(result)
        try:
            scenario = load(name)
        except ScenarioError as error:
            result["valid"] = False
            result["problems"] = [asdict(problem) for problem in error.problems]
            click.echo(str(error), err=True)
            continue
        result["warnings"] = [asdict(warning) for warning in scenario.warnings]
        terminal.warn(scenario, quiet)
        if not as_json:
            given = sum(parameter.given for parameter in scenario.parameters.values())
            counts = {"actor": len(scenario.actors), "parameter": given}
            counts["event"] = len(scenario.timeline)
            told = ", ".join(
                f"{count} {what}{'s' * (count != 1)}" for what, count in counts.items()
            )
            click.echo(f"{shown}: valid ({told})")
    if as_json:
        terminal.print_json({"results": results})
    if not all(result["valid"] for result in results):
        sys.exit(ScenarioError.exit_code)
