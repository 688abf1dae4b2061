"""``parley report``: one self-contained HTML page of a saved result."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli import options, terminal


@click.command("report")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE.html",
    help="The page to write.",
)
@click.option(
    "--sweep", type=click.Path(path_type=Path), metavar="STORE", help="Adds a sweep's drivers."
)
@click.option(
    "--outcome",
    default="agreement",
    show_default=True,
    help="What the drivers explain, as in `analyse`.",
)
@click.option("--force", is_flag=True, help="Replace an earlier page.")
@options.quiet
def command(
    folder: Path, output: Path, sweep: Path | None, outcome: str, force: bool, quiet: bool
) -> None:
    """Write the result in FOLDER as one HTML page that needs no network."""
    from sim.files import check_files, write_files

    check_files(output.parent, (output.name,), force)
    from sim.analysis.study import check_response
    from sim.report.build import build
    from sim.results import open_result
    from sim.sweeps import open_sweep

    check_response(outcome)
    store = open_sweep(sweep) if sweep is not None else None
    page = build(open_result(folder), store, outcome)
    write_files(output.parent, {output.name: page.encode()}, force)
    terminal.remark(f"wrote {output}", quiet)
