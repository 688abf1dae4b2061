"""``parley sweep``: parameters varied over a design, into one resumable store."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli import options, terminal
from sim.errors import printable

if TYPE_CHECKING:
    from sim.experiments.sweep import Plan
    from sim.sweeps import Sweep


@click.command("sweep")
@click.argument("scenario")
@click.option(
    "--vary",
    metavar="PATH[=lo:hi:steps | =lo:hi | =a,b,c]",
    multiple=True,
    required=True,
    help="What varies: steps, a range, or values; the path alone takes the documented range.",
)
@click.option(
    "--design",
    type=click.Choice(("grid", "lhs", "sobol", "saltelli", "morris")),
    default="grid",
    show_default=True,
    help="How points are chosen; all but the grid sample ranges.",
)
@click.option(
    "--points",
    type=click.IntRange(min=1),
    help="Points of lhs and sobol; base points of saltelli; trajectories of morris.",
)
@options.replicates(1000)
@options.seed
@options.workers
@options.scheduler
@options.settings
@click.option("--beyond-range", is_flag=True, help="Allow values outside documented ranges.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="STORE",
    help="The store: one SQLite file.",
)
@click.option("--resume", is_flag=True, help="Go on with the store, or add to it.")
@click.option("--dry-run", is_flag=True, help="Show points, replicates and time; run a pilot only.")
@options.as_json
@options.quiet
def command(
    scenario: str,
    vary: tuple[str, ...],
    design: str,
    points: int | None,
    replicates: int,
    seed: int,
    workers: int | None,
    scheduler: str | None,
    settings: tuple[str, ...],
    beyond_range: bool,
    output: Path | None,
    resume: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Sweep parameters, event fields or states of SCENARIO into a STORE that survives anything."""
    if output is None and not dry_run:
        raise click.UsageError("name the store with -o, or use --dry-run")
    from sim.ensemble import default_workers
    from sim.experiments.sweep import check_store, plan_sweep

    subject = options.load_scenario(scenario, settings)
    terminal.warn(subject, quiet)
    if output is not None and not dry_run:
        check_store(output, resume)
    plan = plan_sweep(
        subject, _read(vary), design, points, replicates, seed, beyond_range=beyond_range
    )
    hands = workers or default_workers(replicates * len(plan.points))
    if dry_run:
        _tell(plan, hands, as_json)
    elif output is not None:
        _run(plan, output, resume, hands, scheduler, as_json, quiet)


def _read(vary: tuple[str, ...]) -> dict[str, str | None]:
    axes: dict[str, str | None] = {}
    for text in vary:
        path, equals, spec = (part.strip() for part in text.partition("="))
        if not path or (equals and not spec):
            raise click.UsageError(f"--vary {text!r} must read PATH=lo:hi:steps or PATH=a,b,c")
        if path in axes:
            raise click.UsageError(f"--vary names '{path}' twice")
        axes[path] = spec if equals else None
    return axes


def _tell(plan: Plan, workers: int, as_json: bool) -> None:
    """Print what the sweep would be: its axes, its size, and the time a pilot suggests."""
    from sim.experiments.axes import shown

    idle = plan.idle()
    size, blocks = len(plan.points), len(plan.blocks({}))
    seconds = plan.seconds() / min(workers, blocks)
    row: dict[str, Any] = {"points": size, "replicates": plan.replicates, "blocks": blocks}
    if as_json:
        row |= {
            "failed": 0,
            "dry_run": True,
            "seconds": float(f"{seconds:.2g}"),
            "idle": list(idle),
        }
        terminal.print_json({"results": [row]})
        return
    click.echo(f"{plan.scenario.title}: a {plan.design['method']} design")
    for line in shown(plan.axes):
        click.echo(f"  {line}")
    click.echo(
        f"{size:,} points x {plan.replicates:,} replicates = {size * plan.replicates:,} runs in "
        f"{blocks:,} block{'s' * (blocks != 1)}; about {_duration(seconds)} on "
        f"{workers} process{'es' * (workers > 1)}"
    )
    _warn_idle(idle, False)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _warn_idle(idle: tuple[str, ...], quiet: bool) -> None:
    for path in idle:
        terminal.remark(
            f"warning: {path} alone moved no column of the result in the pilot; it may act only "
            "together with another, or not at all in this scenario",
            quiet,
        )


def _print(found: Sweep, store: Path, as_json: bool) -> None:
    if as_json:
        terminal.print_json({"results": [summary(found)]})
    else:
        print_sweep(found, store)


def _run(
    plan: Plan,
    store: Path,
    resume: bool,
    workers: int,
    scheduler: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    from sim.errors import InPart, Interrupted
    from sim.experiments.sweep import carry_out

    if not store.exists():
        _warn_idle(plan.idle(), quiet)
    try:
        with terminal.progress_bar(plan.scenario.title, quiet) as progress:
            found = carry_out(plan, store, resume, workers, scheduler, progress)
        _print(found, store, as_json)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Once is enough.
        raise Interrupted(
            f"interrupted; what was finished is in {store}, and --resume goes on from there"
            if store.exists()
            else "interrupted; nothing was written"
        ) from None
    for reason in found.failed:
        click.echo(f"failed: {reason}", err=True)
    if not found.is_complete:
        raise InPart("finished in part; --resume tries again what failed")


def summary(found: Sweep) -> dict[str, Any]:
    """Return the row that ``parley sweep --json`` prints."""
    return {
        "points": found.size,
        "replicates": int(found.design["replicates"]),
        "blocks": found.blocks,
        "failed": len(found.failed),
        "digest": found.digest,
    }


def print_sweep(found: Sweep, store: Path) -> None:
    """Print where the sweep lies, how large it is and between what its shares lie."""
    import numpy as np

    from sim.outcomes import OUTCOMES
    from sim.results import NOTE

    design = found.design
    click.echo(
        f"{found.scenario['title']}: {found.method}, {found.size:,} points x "
        f"{design['replicates']:,} replicates, seed {design['seed']}\n"
    )
    digits = terminal.decimals(int(design["replicates"]))
    rows = []
    for name in (*OUTCOMES, "agreement", "signed", "out_of_office"):
        share = found.mean(name)
        ends = (np.nanmin(share), np.nanmedian(share), np.nanmax(share))
        rows.append([name.replace("_", " "), *(terminal.percent(end, digits) for end in ends)])
    titles = ("outcome", "least share", "median", "greatest")
    terminal.print_table(titles, rows, breaks=(len(OUTCOMES) - 1,))
    click.echo()
    terminal.print_text(f"Shares are over the points of the design. In {printable(str(store))}.")
    terminal.print_text(f"{NOTE[0].upper()}{NOTE[1:]}.")
