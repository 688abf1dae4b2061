"""``parley list``: the scenarios that are shipped."""

from __future__ import annotations

import click

from sim.cli import options, terminal


@click.command("list")
@options.as_json
def command(as_json: bool) -> None:
    """List the shipped scenarios with the question that each answers."""
    from sim.scenario import load
    from sim.scenario.library import names

    loaded = [load(name) for name in names()]
    results = [{"name": s.name, "title": s.title, "question": s.question} for s in loaded]
    if as_json:
        terminal.print_json({"results": results})
        return
    for row in results:
        terminal.print_text(f"{row['name']}: {row['title']}")
        if row["question"]:
            terminal.print_text(row["question"], indent="    ")
