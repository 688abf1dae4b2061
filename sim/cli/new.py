"""``parley new``: a commented scenario file to start from."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sim.cli import options, terminal


@click.command("new")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file of that name.")
@options.quiet
def command(file: Path, force: bool, quiet: bool) -> None:
    """Write a commented scenario to FILE, ready to run and to be changed."""
    from sim.scenario.starter import STARTER

    write_new(file, STARTER, force)
    terminal.remark(f"wrote {file}; next: parley run {file}", quiet)


def write_new(file: Path, text: str, force: bool) -> None:
    """Write a file at once or not at all. Raises UsageError, RunError."""
    from sim.errors import RunError, UsageError

    if file.suffix not in (".yaml", ".yml"):
        raise UsageError(f"{file}: a scenario file ends in .yaml")
    try:
        if os.path.lexists(file) and (not file.is_file() or file.is_symlink()):
            raise UsageError(f"{file}: is no ordinary file; choose another name")
        if file.exists() and not force:
            raise UsageError(f"{file}: exists already; use --force to replace it")
        _put(file, text)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        shown = str(file) if len(str(file)) <= 200 else f"{str(file)[:60]}..."
        raise RunError(f"{shown!s}: cannot be written: {reason}") from None


def _put(file: Path, text: str) -> None:
    from sim.files import aside

    with aside(file) as draft:
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, file)
