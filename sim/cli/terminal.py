"""What a person sees: tables on stdout, progress and remarks on stderr, digits as supported."""

from __future__ import annotations

import json
import math
import signal
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, Literal

import click

from sim.errors import Interrupted, printable

if TYPE_CHECKING:
    from sim.analysis.paired import Difference
    from sim.ensemble import Progress
    from sim.results import Ensemble
    from sim.scenario import Scenario

#: Text is not set wider than this, however wide the terminal is, and tables where there is none.
_WIDEST = 100


def print_json(data: Any) -> None:
    """Print one JSON document on stdout."""
    plain = not (getattr(sys.stdout, "encoding", None) or "").lower().startswith("utf")
    click.echo(json.dumps(data, indent=2, ensure_ascii=plain, allow_nan=False))


def print_text(text: str, indent: str = "") -> None:
    """Print a paragraph on stdout, wrapped to the terminal."""
    width = min(columns(), _WIDEST)
    click.echo(click.wrap_text(text, width, initial_indent=indent, subsequent_indent=indent))


def print_entry(head: str, text: str) -> None:
    """Print a head and a paragraph that hangs below it on stdout."""
    width = min(columns(), _WIDEST)
    click.echo(click.wrap_text(head + text, width, subsequent_indent=" " * len(head)))


def columns() -> int:
    """Return ``COLUMNS`` if that is set, else the width of the terminal if there is one."""
    return get_terminal_size((_WIDEST, 24)).columns


def remark(text: str, quiet: bool) -> None:
    """Say something on stderr unless quiet, in one line whatever names it quotes."""
    if not quiet:
        click.echo(printable(text), err=True)


@contextmanager
def told_if_interrupted(*targets: Path | None) -> Iterator[None]:
    """Say on Ctrl-C which targets had been written by then; none of them is ever half-written."""
    named = [target for target in targets if target is not None]
    before = [_identity(target) for target in named]
    try:
        yield
    except KeyboardInterrupt:
        after = [_identity(target) for target in named]
        pairs = zip(named, before, after, strict=True)
        if written := [str(target) for target, then, now in pairs if then != now]:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Once is enough.
            raise Interrupted(f"interrupted; {' and '.join(written)} had been written") from None
        raise


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file or folder from the one that takes its place, None without any."""
    with suppress(OSError):
        found = path.stat()
        return found.st_ino, found.st_mtime_ns
    return None


def warn(scenario: Scenario, quiet: bool) -> None:
    """Say what is worth knowing of a scenario that is valid nevertheless."""
    for warning in scenario.warnings:
        remark(f"warning: {warning}", quiet)


def print_table(
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    left: Collection[int] = (0,),
    breaks: Collection[int] = (),
) -> None:
    """Print a table on stdout, two blanks between columns and none at the end of a line.

    left: columns aligned to the left. breaks: rows that are followed by an empty line.
    """
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), collapse_padding=True)
    for index, title in enumerate(titles):
        side: Literal["left", "right"] = "left" if index in left else "right"
        table.add_column(title, justify=side, overflow="fold", no_wrap=index == 0)
    for index, row in enumerate(rows):
        table.add_row(*row)
        if index in breaks:
            table.add_row()
    console = Console(highlight=False, markup=False, width=columns())
    with console.capture() as capture:
        console.print(table)
    for line in capture.get().splitlines():
        click.echo(line.rstrip())


def print_differences(
    what: str, rows: Sequence[tuple[str, Difference]], name: str, base: Ensemble, after: int
) -> None:
    """Print a head and a table of paired differences of shares, and an empty line.

    what: title of the first column, for which each row brings its words. name: of the alternative.
    after: the row that an empty line follows.
    """
    number = base.replicates
    digits, fine = decimals(number), paired_decimals(number)
    design = base.design
    click.echo(
        f"{name} against {design['scenario']}: {number:,} replicates, seed {design['seed']}\n"
    )
    cells = []
    for words, row in rows:
        shares = (percent(row.base, digits), percent(row.alternative, digits))
        change, low, high = (
            signed_percent(value, fine) for value in (row.difference, row.low, row.high)
        )
        cells.append((words, *shares, change, "-" if low == "-" else f"{low} to {high}"))
    print_table((what, "base", "alt", "change", "95% interval"), cells, breaks=(after,))
    click.echo()


def print_parts(parts: Iterable[tuple[str, str]]) -> None:
    """Print ``In A: x, y. In B: z.`` of pairs of a whole and a part in words; nothing of none."""
    told: dict[str, list[str]] = {}
    for whole, part in parts:
        told.setdefault(whole, []).append(part)
    if told:
        text = " ".join(f"In {whole}: {', '.join(own)}." for whole, own in told.items())
        print_text(text.replace("_", " "))


@contextmanager
def progress_bar(what: str, quiet: bool) -> Iterator[Progress | None]:
    """Yield a progress callback that draws a bar with remaining time, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    shown = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f}"),
        TimeRemainingColumn(),
    )
    with Progress(*shown, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=1)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def decimals(replicates: int) -> int:
    """Return how many decimals of a percentage the number of replicates supports."""
    return 0 if replicates < 1000 else 1 if replicates < 100_000 else 2


def paired_decimals(replicates: int) -> int:
    """Return the same for differences on the same luck, whose intervals are narrower."""
    return 0 if replicates < 200 else 1 if replicates < 100_000 else 2


def percent(share: float | None, digits: int) -> str:
    """Return a share as a percentage, a dash where it is undefined."""
    return "-" if share is None or math.isnan(share) else f"{100 * share:.{digits}f}%"


def interval(low: float | None, high: float | None, digits: int) -> str:
    """Return an interval of shares in percent, a dash where it is undefined."""
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return "-"
    return f"{100 * low:.{digits}f} to {100 * high:.{digits}f}"


def signed_percent(shift: float, digits: int) -> str:
    """Return a difference of shares in percentage points, with its sign unless it rounds to 0."""
    if math.isnan(shift):
        return "-"
    rounded = round(100 * shift, digits)
    return f"{rounded:+.{digits}f}" if rounded else f"{0:.{digits}f}"
