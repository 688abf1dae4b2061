"""``parley why``: what kept the replicates from a deal."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli import options, terminal

if TYPE_CHECKING:
    from sim.results import Ensemble
    from sim.scenario import Scenario

#: Figures that ``-o`` writes.
_FIGURES = ("reasons", "obstacles", "levers")
_FILES = ("reasons.csv", "by_week.csv", "levers.csv", *(f"{name}.png" for name in _FIGURES))
#: So many weeks of the account are printed.
_SHOWN = 6


@click.command("why")
@click.argument("scenario")
@options.replicates(4000)
@options.seed
@options.workers
@options.settings
@click.option(
    "--against", help="Another scenario on the same luck: what the change from it does to reasons."
)
@options.folder("Folder for tables (reasons, by week, levers) and figures.")
@options.as_json
@options.quiet
def command(
    scenario: str,
    replicates: int,
    seed: int,
    workers: int | None,
    settings: tuple[str, ...],
    against: str | None,
    output: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say what kept the replicates of SCENARIO from a deal, and which quantity decided."""
    subjects = [options.load_scenario(scenario, settings)]
    if against is not None:
        subjects.append(options.load_scenario(against, ()))
    for subject in subjects:
        terminal.warn(subject, quiet)
        _check_parties(subject)
    from sim.files import check_files, write_files

    if output is not None:
        check_files(output, _FILES, force)
    ensemble, *others = [_run(one, replicates, seed, workers, quiet) for one in subjects]
    if output is not None:
        write_files(output, _contents(ensemble), force)
    if as_json:
        changes = {"against": changes_from(others[0], ensemble)} if others else {}
        terminal.print_json({**document(ensemble), **changes})
    elif others:
        print_changes(others[0], ensemble)
    else:
        print_account(ensemble)
    if output is not None:
        terminal.remark(f"wrote {output}", quiet)


def _check_parties(scenario: Scenario) -> None:
    from sim.errors import UsageError

    kinds = {actor.kind for actor in scenario.actors.values()}
    if missing := sorted({"government", "opposition"} - kinds):
        raise UsageError(
            f"{scenario.name}: has no {' and no '.join(missing)}, so nobody could make a deal "
            "and there is nothing to explain; `parley run` shows its outcomes"
        )


def _run(
    scenario: Scenario, replicates: int, seed: int, workers: int | None, quiet: bool
) -> Ensemble:
    from sim.analysis.why import RECORD
    from sim.ensemble import default_workers, run

    recording = scenario.alter({"record": list(RECORD)}, label="why")
    with terminal.progress_bar(scenario.title, quiet) as progress:
        return run(
            recording,
            replicates,
            seed,
            workers or default_workers(replicates),
            twins=False,
            progress=progress,
        )


def document(ensemble: Ensemble) -> dict[str, Any]:
    """Return what ``parley why --json`` prints."""
    from sim.analysis import why
    from sim.analysis.summary import clean
    from sim.results import NOTE

    rows = why.reason_shares(ensemble)
    return clean(
        {
            "results": [
                {"reason": r.name, "share": r.share, "low": r.low, "high": r.high} for r in rows
            ],
            "scenario": ensemble.design["scenario"],
            "replicates": ensemble.replicates,
            "seed": ensemble.design["seed"],
            "without_deal": sum(row.count for row in rows),
            "nearness": [
                {"step": r.name, "share": r.share, "low": r.low, "high": r.high}
                for r in why.nearness(ensemble)
            ],
            "levers": [
                {"lever": r.name, "mean": r.mean, "low": r.low, "high": r.high}
                for r in why.levers(ensemble)
            ],
            "note": NOTE,
        }
    )


def print_account(ensemble: Ensemble) -> None:
    """Print reasons, how near a deal came, the inequality by week and the levers."""
    from sim.analysis import why
    from sim.results import NOTE

    rows = why.reason_shares(ensemble)
    total = sum(row.count for row in rows)
    digits = terminal.decimals(total)
    click.echo(
        f"{ensemble.title}: {ensemble.replicates:,} replicates, seed {ensemble.design['seed']}; "
        f"{total:,} without a deal that stands\n"
    )
    _print_shares("why there is no deal", rows, digits)
    _print_shares("how near it came", why.nearness(ensemble), digits)
    _print_weeks(ensemble)
    _print_levers(ensemble)
    terminal.print_text(
        "A deal needs w = x_max - x_min of omega / 4 or more, and a meeting. 95% interval: "
        "simulation error only. One reason a replicate: force, then broken deals, then the "
        "obstacle of most of its weeks."
    )
    terminal.print_text(f"{NOTE[0].upper()}{NOTE[1:]}.")


def changes_from(base: Ensemble, ensemble: Ensemble) -> dict[str, Any]:
    """Return what ``--against`` adds to the document."""
    from sim.analysis import why
    from sim.analysis.summary import clean

    levers = zip(why.levers(base), why.levers(ensemble), strict=True)
    return clean(
        {
            "scenario": base.design["scenario"],
            "reasons": [
                {"reason": row.name, **row.numbers()}
                for row in why.reason_differences(base, ensemble)
            ],
            "levers": [
                {"lever": one.name, "base": one.mean, "alternative": other.mean}
                for one, other in levers
            ],
        }
    )


def print_changes(base: Ensemble, ensemble: Ensemble) -> None:
    """Print how reasons and levers change from one scenario to another on the same luck."""
    from sim.analysis import why
    from sim.reasons import worded
    from sim.results import NOTE

    rows = [(worded(row.name), row) for row in why.reason_differences(base, ensemble)]
    name = str(ensemble.design["scenario"])
    terminal.print_differences("what became of it", rows, name, base, after=0)
    pairs = zip(why.levers(base), why.levers(ensemble), strict=True)
    table = [(worded(one.name), one.mean, other.mean) for one, other in pairs]
    left = (1 + sum(one for _, one, _ in table), 1 + sum(other for _, _, other in table))
    table.append(("left: w - omega / 4", *left))
    terminal.print_table(
        ("what makes the zone", "base", "alt", "change"),
        [(name, *map(_signed, (one, other, other - one))) for name, one, other in table],
    )
    click.echo()
    terminal.print_text(
        "Shares of all replicates, changes in percentage points, paired on the same luck; 95% "
        "interval: simulation error only. The zone: means over the weeks without a deal of each "
        "scenario, in shares of the stake, from the whole stake of 1."
    )
    terminal.print_text(f"{NOTE[0].upper()}{NOTE[1:]}.")


def _print_shares(title: str, rows: list[Any], digits: int) -> None:
    from sim.reasons import worded

    terminal.print_table(
        (title, "share", "95% interval"),
        [
            (
                worded(row.name),
                terminal.percent(row.share, digits),
                terminal.interval(row.low, row.high, digits),
            )
            for row in rows
        ],
    )
    click.echo()


def _print_weeks(ensemble: Ensemble) -> None:
    """Print the median inequality and the obstacles of some weeks, over replicates without one."""
    from sim.analysis.why import by_week
    from sim.plots.calendar import day_of, named_weeks
    from sim.reasons import OBSTACLES

    weeks = by_week(ensemble)
    rows = []
    for week in named_weeks(ensemble.weeks, _SHOWN):
        counts, number = weeks.counts[week - 1], int(weeks.counts[week - 1].sum())
        if not number:
            continue
        medians = [f"{values[week - 1]:.2f}" for values in weeks.medians.values()]
        shares = [f"{100 * count / number:.0f}%" for count in counts]
        rows.append((str(week), day_of(ensemble, week).isoformat(), *medians, *shares))
    names = ("x_min", "x_max", "w", "omega/4", "w bare", *(_short(name) for name in OBSTACLES))
    terminal.print_table(("week", "date", *names), rows)
    terminal.print_text(
        "Medians, and the share of each obstacle, over running replicates without a deal. w bare: "
        "the zone without red lines."
    )
    click.echo()


def _short(obstacle: str) -> str:
    short = {"nobody_at_the_table": "nobody", "no_final_offer": "no offer"}
    return short.get(obstacle, obstacle.split("_")[0])


def _signed(value: float) -> str:
    """Return a number with its sign, and without one that rounding made; ``-`` if undefined."""
    return "-" if math.isnan(value) else f"{round(value, 2) + 0.0:+.2f}"


def _print_levers(ensemble: Ensemble) -> None:
    from sim.analysis.why import levers
    from sim.reasons import worded

    rows = levers(ensemble)
    left = 1 + sum(row.mean for row in rows)
    table = [("the whole stake", "+1.00", "")]
    table += [
        (worded(row.name), _signed(row.mean), f"{_signed(row.low)} to {_signed(row.high)}")
        for row in rows
    ]
    table.append(("left: w - omega / 4", _signed(left), ""))
    terminal.print_table(("what makes the zone", "mean", "5-95% of weeks"), table)
    click.echo()


def _contents(ensemble: Ensemble) -> dict[str, bytes]:
    """Return the files of ``-o``: tidy tables and figures."""
    from sim.analysis.why_tables import tables
    from sim.plots import figure_bytes, figure_names

    files = {f"{name}.csv": text.encode() for name, text in tables(ensemble).items()}
    drawn = [name for name in _FIGURES if name in figure_names(ensemble)]
    return {**files, **{f"{name}.png": figure_bytes(ensemble, name) for name in drawn}}
