"""``parley schema``: the JSON Schema of scenario files, for editors and other programs."""

from __future__ import annotations

import click

from sim.cli import terminal


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of scenario files, generated from the types and the actions."""
    from sim.scenario.json_schema import scenario_schema

    terminal.print_json(scenario_schema())
