"""``parley theory``: published results against what this package computes."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from sim.cli import options, terminal

if TYPE_CHECKING:
    from sim.theory import Verdict


@click.command("theory")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@options.as_json
def command(ids: tuple[str, ...], as_json: bool) -> None:
    """Check all published results, or those named by ID, and print the verdicts."""
    from sim.theory import run

    verdicts = run(ids)
    if as_json:
        terminal.print_json({"results": [asdict(verdict) for verdict in verdicts]})
    else:
        print_verdicts(verdicts)
    if not all(verdict.ok for verdict in verdicts):
        sys.exit(1)


def print_verdicts(verdicts: list[Verdict]) -> None:
    """Print one paragraph per check: statement, worst number, verdict."""
    for verdict in verdicts:
        pairs = zip(verdict.published, verdict.computed, strict=True)
        published, computed = max(pairs, key=lambda pair: abs(pair[0] - pair[1]))
        word = "ok" if verdict.ok else "FAILS"
        click.echo(f"{verdict.id} {word:6}{verdict.statement} ({verdict.citation})")
        click.echo(
            f"           published {published:.6g}, computed {computed:.6g}, difference "
            f"{verdict.difference:.2g}, tolerance {verdict.tolerance:g}, "
            f"{len(verdict.published)} numbers"
        )
    held = sum(verdict.ok for verdict in verdicts)
    click.echo(f"{held} of {len(verdicts)} published results are reproduced.")
