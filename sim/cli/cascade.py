"""``parley cascade``: which states tipped which."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli import options, terminal

if TYPE_CHECKING:
    from sim.analysis.cascade import Cascade, Tip, Tipper

_FILES = ("tippers.csv", "tips.csv", "tippers.png", "tree.png")
_SHOWN = 15


@click.command("cascade")
@click.argument("scenario")
@click.option("--replicate", type=click.IntRange(min=0), help="Show the tree of this replicate.")
@options.replicates(500)
@options.seed
@options.settings
@options.folder("Folder for tables and figures.")
@options.as_json
@options.quiet
def command(
    scenario: str,
    replicate: int | None,
    replicates: int,
    seed: int,
    settings: tuple[str, ...],
    output: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Show which states tipped which in SCENARIO's recognition cascade."""
    subject = options.load_scenario(scenario, settings)
    terminal.warn(subject, quiet)
    from sim.analysis.cascade import tippers, tips
    from sim.experiments.cascade import collect
    from sim.files import check_files, write_files

    if output is not None:
        check_files(output, _FILES, force)
    # A tree is of one replicate, which is the same alone.
    number, start = (replicates, 0) if replicate is None else (1, replicate)
    cascade = collect(subject, number, seed, start)
    found = tips(cascade)
    rows = tippers(cascade, found)
    if output is not None:
        write_files(output, _contents(cascade, found, rows), force)
    if as_json:
        terminal.print_json(_document(cascade, found, rows, replicate))
    else:
        _print(cascade, found, rows, replicate)
    if output is not None:
        terminal.remark(f"wrote {output}", quiet)


def _tip(cascade: Cascade, tip: Tip) -> dict[str, Any]:
    return {
        "replicate": cascade.first + tip.replicate,
        "week": tip.week,
        "state": cascade.codes[tip.state],
        "name": cascade.names[tip.state],
        "joins": tip.joins,
        "sources": tip.sources,
    }


def _document(
    cascade: Cascade, found: list[Tip], rows: list[Tipper], replicate: int | None
) -> dict[str, Any]:
    from sim.results import NOTE

    head = {"replicates": cascade.replicates, "seed": cascade.seed, "note": NOTE}
    if replicate is not None:
        return {"results": [_tip(cascade, tip) for tip in found], "replicate": replicate, **head}
    return {"results": [asdict(row) for row in rows], **head}


def _print(cascade: Cascade, found: list[Tip], rows: list[Tipper], replicate: int | None) -> None:
    from sim.results import NOTE

    if replicate is None:
        click.echo(f"{cascade.title}: {cascade.replicates:,} replicates, seed {cascade.seed}\n")
        _print_tippers(rows)
    else:
        click.echo(f"{cascade.title}: replicate {replicate}, seed {cascade.seed}\n")
        _print_tree(cascade, found)
    terminal.print_text(f"{NOTE[0].upper()}{NOTE[1:]}.")


def _print_tippers(rows: list[Tipper]) -> None:
    table = [(row.name, f"{row.joins:.2f}", f"{row.leaves:.2f}", row.most) for row in rows[:_SHOWN]]
    terminal.print_table(("tipped by", "joins", "leaves", "most of all"), table, left=(0, 3))
    click.echo()
    terminal.print_text(
        "Changes of sides per replicate, attributed to the moves that changed a state's influence "
        "just before, in proportion. A state whose own government changed judges afresh."
    )


def _print_tree(cascade: Cascade, found: list[Tip]) -> None:
    from datetime import date, timedelta

    from sim.analysis.cascade import tree

    start = date.fromisoformat(cascade.start)
    for depth, tip in tree(cascade, found, 0):
        day = (start + timedelta(weeks=tip.week - 1)).isoformat()
        sign = "+" if tip.joins else "-"
        told = ", ".join(
            f"{name} {100 * share:.0f}%"
            for name, share in sorted(tip.sources.items(), key=lambda pair: -pair[1])[:3]
        )
        click.echo(f"{day} {'   ' * depth}{sign} {cascade.names[tip.state]} ({told})")
    click.echo()


def _contents(cascade: Cascade, found: list[Tip], rows: list[Tipper]) -> dict[str, bytes]:
    from sim.analysis.why_tables import as_csv
    from sim.plots.cascade import plot_tippers, plot_tree
    from sim.plots.frame import framed, png

    below = f"{cascade.title}: {cascade.replicates:,} replicates, seed {cascade.seed}"
    edges = (
        (cascade.first + t.replicate, t.week, cascade.codes[t.state], int(t.joins), name, share)
        for t in found
        for name, share in t.sources.items()
    )
    told = ", ".join(f"{row.name} {row.joins:.2f} and {row.leaves:.2f}" for row in rows[:8])
    first = min((tip.replicate for tip in found), default=0)
    many = framed("Who tips whom", below, lambda f: plot_tippers(cascade, rows, f.add_subplot()))
    one = framed(
        f"The cascade of replicate {cascade.first + first} as a tree",
        f"{cascade.title}: seed {cascade.seed}",
        lambda f: plot_tree(cascade, found, first, f.add_subplot()),
    )
    names = ", ".join(cascade.names[t.state] for t in found if t.replicate == first)
    return {
        "tippers.csv": as_csv(
            ("source", "joins", "leaves", "most"),
            ((r.name, r.joins, r.leaves, r.most) for r in rows),
        ).encode(),
        "tips.csv": as_csv(
            ("replicate", "week", "state", "joins", "source", "share"), edges
        ).encode(),
        "tippers.png": png(
            many, {"Description": f"Bars: joins and leaves caused per replicate: {told}."}
        ),
        "tree.png": png(one, {"Description": f"Tree of changes of sides by week: {names}."}),
    }
