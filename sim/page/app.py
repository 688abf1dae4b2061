"""The page itself. ``parley page`` serves this module; every browser session has its own state."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from html import escape
from threading import Lock

import solara
import solara.lab

from sim.analysis.paired import outcome_differences
from sim.analysis.shares import outcome_shares
from sim.ensemble import run
from sim.experiments.positions import recognising_at_end
from sim.page import levers as pulling
from sim.page.figures import outcome_picture, recognition_map, zone_picture
from sim.page.levers import Lever
from sim.page.play_tab import PlayTab
from sim.plots.against import difference_in_points
from sim.results import NOTE, Ensemble
from sim.scenario import Scenario, load

#: How ``parley page`` tells the server which scenario to show.
SCENARIO = "PARLEY_PAGE_SCENARIO"
REPLICATES, SEED = 2000, 1
#: Runs of all sessions queue here; side by side they would only slow each other down.
_ONE_RUN = Lock()
_CSS = """
.v-application { font-size: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 0.6rem 0 0.2rem; }
table.parley { border-collapse: collapse; font-variant-numeric: tabular-nums; }
table.parley th, table.parley td { padding: 0.15rem 0.7rem; text-align: right; }
table.story { display: block; max-height: 22rem; overflow-y: auto; }
table.story td:first-child { white-space: nowrap; vertical-align: top; }
table.parley.story td { text-align: left; }
table.parley th:first-child, table.parley td:first-child { text-align: left; }
.beside { position: sticky; top: 0; max-height: 100vh; overflow-y: auto; }
@media (max-width: 1263px) { .beside { position: static; max-height: none; } }
.outcomes { max-width: 900px; aspect-ratio: 8.2 / 4.6; }
.bloc { display: flex; flex-wrap: wrap; gap: 2px; margin: 2px 0 8px; }
.state { width: 2.7rem; text-align: center; font-size: 0.75rem; padding: 3px 0; }
.about { color: #444444; } .muted { color: #555555; font-size: 0.9rem; }
"""


@cache
def scenario_shown() -> Scenario:
    """Return the scenario of this server; it is frozen, so all sessions may read it."""
    return load(os.environ.get(SCENARIO, "oslo_2019"))


def distribution(scenario: Scenario, changes: dict[str, float]) -> Ensemble:
    """Return the ensemble that the page shows for a set of moved levers.

    Nothing is recorded by week, so that it follows a lever at once.
    """
    return run(scenario.alter(changes), REPLICATES, SEED, record=False, twins=False)


def by_week(scenario: Scenario, changes: dict[str, float]) -> Ensemble:
    """Return the same replicates once more, with the zone of every week."""
    altered = scenario.alter({**changes, "record": ["x_min", "x_max", "zone"]})
    return run(altered, REPLICATES, SEED, twins=False)


@cache
def base_distribution() -> Ensemble:
    """Return the ensemble of the scenario as it is shipped."""
    return distribution(scenario_shown(), {})


@solara.component
def Page() -> None:
    """Two tabs: pull the levers, or play a side."""
    scenario = scenario_shown()
    solara.Title(f"Parley: {scenario.title}")
    solara.Style(_CSS)
    with solara.Column(style={"padding": "12px 20px"}):
        solara.HTML("h1", escape(scenario.title))
        solara.HTML("p", escape(scenario.question), classes=["about"])
        with solara.lab.Tabs(lazy=True):
            with solara.lab.Tab("Pull the levers"):
                LeversTab(scenario)
            with solara.lab.Tab("Play a side"):
                PlayTab(scenario)
        solara.HTML("p", f"{NOTE[0].upper()}{NOTE[1:]}.", classes=["muted"])


@solara.component
def LeversTab(scenario: Scenario) -> None:
    """Levers on the left, distribution on the right."""
    changes: solara.Reactive[dict[str, float]] = solara.use_reactive({})
    shown: solara.Reactive[Ensemble | None] = solara.use_reactive(None)

    def work() -> None:
        wanted = changes.value
        with _ONE_RUN:
            if wanted == changes.value:  # Else the lever has moved on meanwhile.
                base = base_distribution()
                shown.set(distribution(scenario, wanted) if wanted else base)

    task = solara.lab.use_task(work, dependencies=[dict(changes.value)], prefer_threaded=True)
    with solara.ColumnsResponsive(12, large=[5, 7]):
        with solara.Column():
            Levers(scenario, changes)
        with solara.Column(classes=["beside"]):
            if task.error:
                solara.Error(str(task.exception))
            if shown.value is None:
                solara.HTML("p", f"Running {REPLICATES:,} replicates ...")
            else:
                Distribution(scenario, changes.value, shown.value)


@solara.component
def Levers(scenario: Scenario, changes: solara.Reactive[dict[str, float]]) -> None:
    """All levers in their groups, and what to do with those that were moved."""
    found = solara.use_memo(lambda: pulling.levers_of(scenario), [scenario.sha256])
    for group in pulling.GROUPS:
        inside = [lever for lever in found if lever.group == group]
        if inside:
            solara.HTML("h2", escape(group))
            for lever in inside:
                LeverRow(scenario, lever, changes)
    with solara.Row():
        solara.Button(
            "Reset all levers", on_click=lambda: changes.set({}), disabled=not changes.value
        )
        solara.FileDownload(
            lambda: pulling.as_file(scenario, changes.value),
            filename="levers.yaml",
            label="Save as a scenario file",
        )


@solara.component
def LeverRow(scenario: Scenario, lever: Lever, changes: solara.Reactive[dict[str, float]]) -> None:
    """A slider and a field for one parameter; both act at once."""
    value = changes.value.get(lever.path)
    now = lever.start if value is None else value
    on_slider = lever.snap(now)
    wrong, set_wrong = solara.use_state("")

    def move(number: float) -> None:
        if abs(number - on_slider) > 0.5 * lever.step:
            set_wrong("")
            changes.set({**changes.value, lever.path: round(float(number), 10)})

    def typed(text: str | None) -> None:
        number, message = pulling.read_number(scenario, lever, text)
        set_wrong(message)
        if number is not None:
            changes.set({**changes.value, lever.path: number})

    def reset() -> None:
        set_wrong("")
        changes.set({path: one for path, one in changes.value.items() if path != lever.path})

    about = lever.law if value is None else f"was {lever.law}"
    with solara.Column(gap="0px", classes=["lever"]):
        solara.HTML(
            "div",
            f"<b>{escape(lever.label)}</b><br><span class='muted'>{escape(lever.unit)}; "
            f"{escape(about)}</span>",
            attributes={"title": lever.meaning},
        )
        with solara.Row(gap="8px", style={"align-items": "center"}):
            with solara.Div(style={"flex": "1 1 auto"}):
                _Slider(lever, on_slider, move)
            with solara.Div(style={"width": "8.5rem"}):
                name = lever.label.rpartition(": ")[2]
                shown, fault = pulling.plain(now), wrong or False
                solara.InputText(name, value=shown, on_value=typed, error=fault, dense=True)
            solara.Button("Undo", on_click=reset, text=True, disabled=value is None)


@solara.component
def _Slider(lever: Lever, place: float, move: Callable[[float], None]) -> None:
    solara.v.Slider(
        v_model=place,
        min=lever.low,
        max=lever.high,
        step=lever.step,
        on_v_model=move,
        hide_details=True,
        attributes={"aria-label": f"{lever.label}, slider"},
    )


@solara.component
def Distribution(scenario: Scenario, changes: dict[str, float], ensemble: Ensemble) -> None:
    """The distribution beside its base: the numbers at once, then what takes a moment longer."""
    base = base_distribution()
    drawn: solara.Reactive[dict[str, str]] = solara.use_reactive({})

    def work() -> None:
        drawn.set({**drawn.value, "outcomes": outcome_picture(base, ensemble)})
        with _ONE_RUN:
            recorded = by_week(scenario, changes)
        drawn.set({**drawn.value, "zone": zone_picture(recorded)})
        with _ONE_RUN:
            shares = recognising_at_end(scenario.alter(changes), REPLICATES, SEED)
        drawn.set({**drawn.value, "states": recognition_map(scenario, shares) if shares else ""})

    solara.lab.use_task(work, dependencies=[id(ensemble)], prefer_threaded=True)
    pictures = drawn.value
    solara.HTML("h2", "How it ends")
    # The place of the picture is kept, so that the numbers below it do not jump.
    solara.HTML("div", pictures.get("outcomes", ""), classes=["outcomes"])
    solara.HTML("div", share_table(base, ensemble))
    if zone := pictures.get("zone"):
        solara.HTML("h2", "The zone of possible agreement by week")
        solara.HTML("div", zone)
    if states := pictures.get("states"):
        solara.HTML("h2", "Who recognises the opposition at the end")
        words = "A cell is a state: light in no replicate, dark in all. Point at it for its share."
        solara.HTML("p", words, classes=["muted"])
        solara.HTML("div", states)


def share_table(base: Ensemble, ensemble: Ensemble) -> str:
    """Return shares, intervals and paired differences as an HTML table."""
    rows = [
        f"<tr><td>{escape(row.name.replace('_', ' '))}</td><td>{100 * row.share:.1f}%</td>"
        f"<td>{100 * row.low:.1f} to {100 * row.high:.1f}</td>"
        f"<td>{difference_in_points(other)}</td></tr>"
        for row, other in zip(
            outcome_shares(ensemble), outcome_differences(base, ensemble), strict=True
        )
    ]
    head = "<th>outcome</th><th>share</th><th>95% interval</th><th>change in points</th>"
    return (
        f"<table class='parley'><caption class='muted'>{ensemble.replicates:,} replicates, seed "
        f"{ensemble.design['seed']}; intervals are simulation error only</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
