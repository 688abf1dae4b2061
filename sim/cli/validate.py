"""``parley validate``: check scenario files without running them."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

import click

from sim.cli import options, terminal
from sim.errors import ScenarioError


@click.command("validate")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@options.as_json
@options.quiet
def command(files: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Check every FILE and report all faults, each with file, line and column."""
    from sim.scenario import load

    results: list[dict[str, Any]] = []
    for name in files:
        try:
            scenario = load(name)
        except ScenarioError as error:
            results.append(
                {"file": name, "valid": False, "problems": [asdict(p) for p in error.problems]}
            )
            click.echo(str(error), err=True)
            continue
        warnings = [asdict(warning) for warning in scenario.warnings]
        results.append({"file": name, "valid": True, "problems": [], "warnings": warnings})
        for warning in scenario.warnings:
            terminal.remark(f"warning: {warning}", quiet)
        if not as_json:
            count = sum(parameter.given for parameter in scenario.parameters.values())
            click.echo(
                f"{name}: valid ({len(scenario.actors)} actors, {count} parameters, "
                f"{len(scenario.timeline)} events)"
            )
    if as_json:
        terminal.print_json({"results": results})
    if not all(result["valid"] for result in results):
        sys.exit(ScenarioError.exit_code)
