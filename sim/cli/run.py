"""``parley run``: the outcome distribution of a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli import claims, options, terminal

if TYPE_CHECKING:
    from sim.analysis.claims import Verdict
    from sim.ensemble import Progress
    from sim.results import Ensemble
    from sim.scenario import Scenario

_GROUPS = ("agreement", "signed", "reneged_given_signed", "out_of_office")


@click.command("run")
@click.argument("scenario")
@options.replicates(10_000)
@options.seed
@options.workers
@options.scheduler
@options.settings
@click.option(
    "--until-width",
    "width",
    type=float,
    metavar="H",
    help="As many replicates as make every 95% interval narrower than H, such as 0.02.",
)
@click.option(
    "--append",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Add -n replicates to the result in DIR, as if all had been run at once.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Judge the scenario's claims (`expect`); exit code 1 if one fails.",
)
@options.folder("Folder for the result: tables, trajectories, figures, manifest.")
@options.as_json
@options.quiet
@click.pass_context
def command(
    context: click.Context,
    scenario: str,
    replicates: int,
    seed: int,
    workers: int | None,
    scheduler: str | None,
    settings: tuple[str, ...],
    width: float | None,
    append: Path | None,
    check: bool,
    output: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run SCENARIO (a file, or the name of a shipped one) and print its outcome distribution."""
    subject = options.load_scenario(scenario, settings)
    terminal.warn(subject, quiet)
    from sim.folders import check_target, seal
    from sim.storage import save

    work = Work(subject, replicates, seed, workers, scheduler, check)
    target = output or append
    if output is not None:
        check_target(output, force)
    # What another process puts there while replicates are added must not be lost.
    before = seal(append) if append is not None and output is None else None
    with terminal.progress_bar(subject.title, quiet) as progress:
        if append is not None:
            _refuse_together(width, _is_given(context, "seed"))
            ensemble = work.append(append, progress)
        elif width is not None:
            given = _is_given(context, "replicates")
            ensemble = work.until(width, given, output is not None, progress)
        else:
            ensemble = work.run(output is not None, progress)
    with terminal.told_if_interrupted(target):
        if target is not None:
            save(ensemble, target, force or output is None, figures=True, instead=before)
        verdicts = work.verdicts(ensemble)
        _print(ensemble.summary(), verdicts if check else None, as_json)
    _remark_on(target, quiet)
    if any(verdict.word == "fail" for verdict in verdicts):
        context.exit(claims.FAILED)


def _remark_on(target: Path | None, quiet: bool) -> None:
    """Say what was written, if anything was."""
    if target is not None:
        figure = target / "outcome_shares.png"
        terminal.remark(f"wrote {target}" + f", with {figure}" * figure.is_file(), quiet)


def _print(summary: dict[str, Any], verdicts: list[Verdict] | None, as_json: bool) -> None:
    judged = {} if verdicts is None else {"claims": claims.rows(verdicts)}
    if as_json:
        terminal.print_json(summary | judged)
        return
    print_distribution(summary)
    if verdicts is not None:
        claims.print_verdicts(verdicts)


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def _refuse_together(width: float | None, has_seed: bool) -> None:
    if width is not None:
        raise click.UsageError("--append and --until-width exclude each other")
    if has_seed:
        raise click.UsageError("--append goes on with the seed of the result; leave --seed out")


@dataclass(frozen=True)
class Work:
    """What is to be run, and where; three ways of saying how much of it."""

    scenario: Scenario
    replicates: int
    seed: int
    workers: int | None
    scheduler: str | None
    check: bool

    @property
    def watch(self) -> tuple[tuple[str, int], ...]:
        """What the run must watch so that the claims can be judged, nothing without ``--check``."""
        from sim.analysis.claims import moments_of

        return moments_of(self.scenario.expect, self.scenario.weeks) if self.check else ()

    def verdicts(self, ensemble: Ensemble) -> list[Verdict]:
        """Judge the claims, none without ``--check``."""
        from sim.analysis.claims import judge

        return judge(ensemble, self.scenario.expect) if self.check else []

    def run(self, record: bool, progress: Progress | None) -> Ensemble:
        """Run so many replicates."""
        from sim.ensemble import run

        return run(
            self.scenario,
            self.replicates,
            self.seed,
            self._hands(self.replicates),
            record=record,
            watch=self.watch,
            scheduler=self.scheduler,
            progress=progress,
        )

    def until(
        self, width: float, is_given: bool, record: bool, progress: Progress | None
    ) -> Ensemble:
        """Run until every interval is narrower than ``width``."""
        from sim.experiments.until import FIRST, run_until

        return run_until(
            self.scenario,
            width,
            self.replicates if is_given else FIRST,
            self.seed,
            self.workers,
            scheduler=self.scheduler,
            record=record,
            watch=self.watch,
            progress=progress,
        )

    def append(self, folder: Path, progress: Progress | None) -> Ensemble:
        """Add so many replicates to a saved result."""
        from sim.ensemble import check_same, extend
        from sim.results import watched
        from sim.storage import load

        saved = load(folder)
        check_same(self.scenario, saved.design, saved.environment, "the result")
        if not set(self.watch) <= set(watched(saved.table)):
            raise click.UsageError(
                f"{folder} was saved without --check and lacks what the claims need"
            )
        return extend(
            saved,
            self.scenario,
            self.replicates,
            self._hands(self.replicates),
            scheduler=self.scheduler,
            progress=progress,
        )

    def _hands(self, replicates: int) -> int:
        from sim.ensemble import default_workers

        return self.workers or default_workers(replicates)


def print_distribution(summary: dict[str, Any]) -> None:
    """Print the eight shares with both kinds of uncertainty, and what they add up to."""
    shares = [(row["outcome"], row) for row in summary["outcomes"]]
    rows = [_row(name, row, summary["replicates"]) for name, row in shares]
    rows += [_row(name, summary[name], summary["replicates"]) for name in _GROUPS]
    click.echo(
        f"{summary['title']}: {summary['replicates']:,} replicates, {summary['weeks']} weeks, "
        f"seed {summary['seed']}\n"
    )
    titles = ("outcome", "share", "95% interval", "5-95% over parameters")
    terminal.print_table(titles, rows, breaks=(len(shares) - 1,))
    click.echo()
    terminal.print_text(
        "95% interval: simulation error only. 5-95% over parameters: the share across draws of "
        "the uncertain parameters."
    )
    if any(row[-1].startswith("within") for row in rows):
        terminal.print_text("within: that range is too narrow to measure; the widest it can be.")
    digits = terminal.decimals(summary["replicates"])
    terminal.print_parts(
        (row["of"], f"{row['sublabel']} {terminal.percent(row['share'], digits)}")
        for row in summary["sublabels"]
        if row["count"]
    )
    if deals := _deals_line(summary):
        terminal.print_text(deals)
    terminal.print_text(_variance_line(summary))
    terminal.print_text(f"{summary['note'][0].upper()}{summary['note'][1:]}.")


def _row(name: str, share: dict[str, Any], replicates: int) -> tuple[str, ...]:
    digits = terminal.decimals(replicates)
    return (
        name.replace("_", " "),
        terminal.percent(share["share"], digits),
        terminal.interval(share["low"], share["high"], digits),
        _across_parameters(share),
    )


def _across_parameters(share: dict[str, Any]) -> str:
    """Return the range over parameters, or the range that it lies within if too narrow to tell."""
    low, high = share["low_parameters"], share["high_parameters"]
    text = terminal.interval(low, high, 0)
    if low is None or not share["parameters_measured"]:
        return text if low is None else f"within {text}"
    return terminal.interval(low, high, 1) if f"{100 * low:.0f}" == f"{100 * high:.0f}" else text


def _deals_line(summary: dict[str, Any]) -> str:
    digits = terminal.decimals(summary["replicates"])
    signed = [
        f"{week}: {terminal.percent(share, digits)}"
        for week, share in summary["first_deal_by_week"].items()
        if int(week) <= summary["weeks"]
    ]
    return f"A first deal is signed by week {', '.join(signed)}." if signed else ""


def _variance_line(summary: dict[str, Any]) -> str:
    part = summary["variance"]["parameters"]
    if part["share"] is None:
        return "Agreement does not vary over these replicates, so its spread cannot be split."
    return (
        f"Of the spread of agreement, {100 * part['share']:.0f}% is parameter ignorance "
        f"({100 * part['low']:.0f} to {100 * part['high']:.0f}) and the rest is chance."
    )
