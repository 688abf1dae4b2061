"""What a person sees: tables on stdout, progress and remarks on stderr, digits as supported."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sim.ensemble import Progress


def print_json(data: Any) -> None:
    """Print one JSON document on stdout."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


def remark(text: str, quiet: bool) -> None:
    """Say something on stderr unless quiet."""
    if not quiet:
        click.echo(text, err=True)


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table on stdout; every column but the first is aligned to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index else "left", no_wrap=index == 0)
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False).print(table)


@contextmanager
def progress_bar(what: str, quiet: bool) -> Iterator[Progress | None]:
    """Yield a progress callback that draws a bar with remaining time, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=1)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def decimals(replicates: int) -> int:
    """Return how many decimals of a percentage the number of replicates supports."""
    return 0 if replicates < 1000 else 1 if replicates < 100_000 else 2


def percent(share: float, digits: int) -> str:
    """Return a share as a percentage, a dash where it is undefined."""
    return "-" if math.isnan(share) else f"{100 * share:.{digits}f}%"


def interval(low: float, high: float, digits: int) -> str:
    """Return an interval of shares in percent."""
    if math.isnan(low) or math.isnan(high):
        return "-"
    return f"{100 * low:.{digits}f} to {100 * high:.{digits}f}"


def signed_percent(shift: float, digits: int) -> str:
    """Return a difference of shares in percentage points, with its sign."""
    return "-" if math.isnan(shift) else f"{100 * shift:+.{digits}f}"
