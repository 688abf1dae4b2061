"""``parley verify``: a saved result or store, its digests checked and a sample run again."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli import options, terminal
from sim.errors import printable

if TYPE_CHECKING:
    from sim.experiments.verify import Verdict


@click.command("verify")
@click.argument("result", type=click.Path(path_type=Path), metavar="DIR_OR_STORE")
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    default=256,
    show_default=True,
    help="Replicates to run again, chosen at random.",
)
@options.as_json
@options.quiet
def command(result: Path, sample: int, as_json: bool, quiet: bool) -> None:
    """Check every digest of a saved result or sweep and run a random sample of it again."""
    from sim.experiments.verify import verify

    with terminal.progress_bar("running again", quiet) as progress:
        verdict = verify(result, sample, progress)
    if as_json:
        row = {"result": printable(str(result)), "ok": verdict.ok, **_row(verdict)}
        terminal.print_json({"results": [row]})
    else:
        print_verdict(result, verdict)
    if not verdict.ok:
        sys.exit(1)


def _row(verdict: Verdict) -> dict[str, object]:
    from sim.analysis.summary import clean

    return clean(asdict(verdict))


def print_verdict(result: Path, verdict: Verdict) -> None:
    """Print what was compared and what was found."""
    click.echo(f"{printable(str(result))}: every digest is right.")
    told = (
        f"{verdict.replicates:,} replicates run again: {verdict.compared:,} numbers compared, "
        f"{verdict.differing:,} differ"
    )
    if verdict.differing:
        told += (
            f"; {100 * verdict.labels_equal:.1f}% end with the same label, the largest difference "
            f"is {verdict.largest:.3g}"
        )
    terminal.print_text(f"{told}.")
    for name in verdict.rebuilt:
        terminal.print_text(f"{name} does not follow from the rest of the result.")
    if verdict.elsewhere:
        terminal.print_text(
            f"The result was made elsewhere, where bits may differ: {'; '.join(verdict.elsewhere)}."
        )
    click.echo("verified" if verdict.ok else "NOT verified")
