"""``parley analyse``: what drives an outcome, from a saved run or from the store of a sweep."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli import options, terminal

if TYPE_CHECKING:
    from sim.analysis.discovery import Box
    from sim.analysis.drivers import Driver
    from sim.analysis.study import Study

_FILES = ("drivers.csv", "curves.csv", "boxes.csv", "heat_map.csv")
_FIGURES = ("drivers.png", "curves.png", "heat_map.png")
#: So many drivers are printed; the others are in the documents.
_SHOWN = 15


@click.command("analyse")
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--outcome",
    default="agreement",
    show_default=True,
    help="What is explained: an outcome, agreement, signed, reneged or out_of_office.",
)
@options.folder("Folder for tables (drivers, curves, boxes, heat map) and figures.")
@options.as_json
@options.quiet
def command(
    target: Path,
    outcome: str,
    output: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Rank what drives an outcome in TARGET: the folder of a run, or the store of a sweep."""
    from sim.files import check_files, write_files

    if output is not None:
        check_files(output, (*_FILES, *_FIGURES), force)
    study = open_study(target, outcome)
    for text in study.remarks():
        terminal.remark(f"warning: {text}", quiet)
    drivers = study.drivers()
    boxes = _boxes(study, quiet)
    if output is not None:
        from sim.analysis.study_tables import tables
        from sim.plots.study import figures

        files = {
            **{
                f"{name}.csv": text.encode() for name, text in tables(study, drivers, boxes).items()
            },
            **{f"{name}.png": data for name, data in figures(study, drivers).items()},
        }
        write_files(output, files, force)
    if as_json:
        terminal.print_json(document(study, drivers, boxes))
    else:
        print_study(study, drivers, boxes)
    if output is not None:
        terminal.remark(f"wrote {output}", quiet)


def open_study(target: Path, outcome: str) -> Study:
    """Return the study of a saved run or a sweep. Raises RunError, UsageError."""
    from sim.analysis.study import study_run, study_sweep
    from sim.results import open_result
    from sim.sweeps import open_sweep

    if target.is_dir():
        return study_run(open_result(target), outcome)
    return study_sweep(open_sweep(target), outcome)


def _boxes(study: Study, quiet: bool) -> list[Box]:
    from sim.errors import UsageError

    try:
        return study.boxes()
    except UsageError as error:
        terminal.remark(f"no boxes: {error}", quiet)
        return []


def document(study: Study, drivers: list[Driver], boxes: list[Box]) -> dict[str, Any]:
    """Return what ``parley analyse --json`` prints."""
    from sim.analysis.summary import clean
    from sim.results import NOTE

    results = []
    for one in drivers:
        row = {"driver": one.name, "index": one.index, "low": one.low, "high": one.high}
        if study.method == "sobol":
            row |= {"total": one.total, "total_low": one.total_low, "total_high": one.total_high}
        results.append(row)
    told = [
        {
            "limits": {name: list(ends) for name, ends in box.limits.items()},
            "coverage": box.coverage,
            "density": box.density,
            "support": box.support,
            "chance": box.chance,
        }
        for box in boxes
    ]
    return clean(
        {
            "results": results,
            "method": study.method,
            "outcome": study.outcome,
            "points": study.size,
            "replicates": study.replicates,
            "boxes": told,
            "note": NOTE,
        }
    )


def print_study(study: Study, drivers: list[Driver], boxes: list[Box]) -> None:
    """Print the drivers with their intervals, then the boxes."""
    from sim.analysis.study import METHODS
    from sim.results import NOTE

    what = "replicates" if study.is_run else f"points of {study.replicates:,} replicates"
    click.echo(f"{study.title}: what drives {study.outcome}; {study.size:,} {what}\n")
    titles: tuple[str, ...] = ("driver", "index", "95% interval")
    if study.method == "sobol":
        titles += ("total", "95% interval")
    terminal.print_table(titles, [_row(one, study) for one in drivers[:_SHOWN]])
    click.echo()
    hidden = len(drivers) - _SHOWN
    rest = f" {hidden} weaker drivers are left out; --json and -o have all." if hidden > 0 else ""
    terminal.print_text(f"Index: {METHODS[study.method]}.{rest}")
    if study.is_run:
        terminal.print_text(
            "The whole is the variance over replicates, chance included, so the indices are small "
            "where chance is large."
        )
    _print_boxes(study, boxes)
    terminal.print_text(f"{NOTE[0].upper()}{NOTE[1:]}.")


def _row(one: Driver, study: Study) -> tuple[str, ...]:
    cells = [one.name, f"{one.index:.3f}", f"{one.low:.3f} to {one.high:.3f}"]
    if study.method == "sobol":
        cells += [f"{one.total:.3f}", f"{one.total_low:.3f} to {one.total_high:.3f}"]
    return tuple(cells)


def _print_boxes(study: Study, boxes: list[Box]) -> None:
    if not boxes:
        return
    base = 100 * float(study.interesting().mean())
    what = study.outcome if study.is_run else f"a share of {study.outcome} in the upper fifth"
    click.echo()
    for number, box in enumerate(boxes, start=1):
        limits = "; ".join(
            f"{name} {low:.3g} to {high:.3g}" for name, (low, high) in box.limits.items()
        )
        terminal.print_text(
            f"Box {number}: {limits}. Inside lie {100 * box.support:.0f}% of the points and "
            f"{100 * box.coverage:.0f}% of all with {what} (coverage); {100 * box.density:.0f}% of "
            f"the points inside have it (density), {base:.0f}% of all."
        )
    click.echo()
