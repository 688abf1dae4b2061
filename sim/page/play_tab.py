"""Play a side: one actor's decisions in one replicate, and then the same on other luck."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import escape

import solara
import solara.lab

from sim.crisis import CrisisModel
from sim.outcomes import DEFINITIONS
from sim.page import play
from sim.page.figures import outcome_picture
from sim.page.play import Decision, Verdict
from sim.scenario import Scenario

_SEED = 1
#: What is shown of the week: variable, words, how to print it.
_SEEN = (
    ("talks.on", "the parties are in talks", "yes"),
    ("talks.round", "weeks of this round", "0"),
    ("talks.failed_rounds", "rounds that failed", "0"),
    ("deal.on", "a deal is being implemented", "yes"),
    ("x_min", "least the opposition accepts (cost to the government)", "2"),
    ("x_max", "most the government grants", "2"),
    ("uncertainty", "uncertainty about each other's limits", "2"),
    ("good_faith", "opposition's belief in good faith", "2"),
    ("force_odds", "opposition's odds that force decides", "2"),
    ("mobilisation", "mobilisation of the street", "2"),
    ("sanctions.net", "net bite of the sanctions", "2"),
    ("recognition.count", "states that recognise the opposition", "0"),
)
_NOTHING = "let the model decide"


@solara.component
def PlayTab(scenario: Scenario) -> None:
    """Choose a side and a replicate, decide week by week, and see what others' luck makes of it."""
    names = solara.use_memo(lambda: play.roles(scenario), [scenario.sha256])
    role = solara.use_reactive(next(iter(names), ""))
    replicate = solara.use_reactive(0)
    week = solara.use_reactive(0)
    decisions: solara.Reactive[tuple[Decision, ...]] = solara.use_reactive(())

    def restart() -> None:
        week.set(0)
        decisions.set(())

    key = (decisions.value, replicate.value, week.value)
    model = solara.use_memo(
        lambda: play.stepped(scenario, decisions.value, replicate.value, _SEED, week.value), [key]
    )
    if not names:
        solara.HTML("p", "This scenario has no side that a person can play.")
        return
    with solara.ColumnsResponsive(12, large=[5, 7]):
        with solara.Column():
            _Seat(names, role, replicate, restart)
            if model.running:
                Desk(scenario, role.value, model, decisions, week)
            else:
                _Ended(model)
                solara.Button("Play again", on_click=restart)
            _Decisions(scenario, names, decisions.value)
        with solara.Column():
            _Situation(scenario, model)
            _Story(scenario, decisions.value, replicate.value, week.value)
            if not model.running:
                _Judgement(scenario, decisions.value, int(model.outcome[0]))


@solara.component
def _Seat(
    names: dict[str, str],
    role: solara.Reactive[str],
    replicate: solara.Reactive[int],
    restart: Callable[[], None],
) -> None:
    wrong, set_wrong = solara.use_state("")

    def sit(name: str) -> None:
        role.set(next(key for key, one in names.items() if one == name))
        restart()

    def choose(text: str | None) -> None:
        digits = (text or "").strip()
        if not digits.isdecimal() or len(digits) > 9:
            set_wrong("a whole number from 0 to 999999999, please")
            return
        set_wrong("")
        replicate.set(int(digits))
        restart()

    solara.Select("Side", values=list(names.values()), value=names[role.value], on_value=sit)
    solara.InputText(
        "Replicate (which luck)",
        value=str(replicate.value),
        on_value=choose,
        error=wrong or False,
    )


@solara.component
def Desk(
    scenario: Scenario,
    actor: str,
    model: CrisisModel,
    decisions: solara.Reactive[tuple[Decision, ...]],
    week: solara.Reactive[int],
) -> None:
    """Where this week's decision is taken."""
    known = play.choices(scenario, actor)
    action, set_action = solara.use_state(_NOTHING)
    texts, set_texts = solara.use_state({})
    wrong, set_wrong = solara.use_state("")
    chosen = action if action in known else _NOTHING

    def go(weeks: int) -> None:
        taken, message = decisions.value, ""
        if chosen != _NOTHING:
            taken, message = play.decide(scenario, taken, model.week, actor, chosen, texts)
        set_wrong(message)
        if not message:
            set_action(_NOTHING)
            decisions.set(taken)
            week.set(min(model.week + weeks, scenario.weeks))

    def back() -> None:
        week.set(model.week - 1)
        decisions.set(tuple(one for one in decisions.value if one.week < model.week - 1))

    _Choice(list(known), chosen, set_action)
    for one in known.get(chosen, ()):
        solara.InputText(
            f"{one.name} ({one.unit}, {one.low:g} to {one.high:g})",
            value=texts.get(one.name, play.middle(one)),
            on_value=lambda text, name=one.name: set_texts({**texts, name: text or ""}),
        )
    if wrong:
        solara.Error(wrong)
    with solara.Row(style={"flex-wrap": "wrap"}):
        solara.Button("Next week", on_click=lambda: go(1), color="primary")
        solara.Button("Four weeks on", on_click=lambda: go(4))
        solara.Button("To the end", on_click=lambda: go(scenario.weeks))
        solara.Button("One week back", on_click=back, disabled=model.week == 0, text=True)


@solara.component
def _Choice(known: list[str], chosen: str, choose: Callable[[str], None]) -> None:
    words = {_NOTHING: _NOTHING, **{name: name.replace("_", " ") for name in known}}
    names = {word: name for name, word in words.items()}
    solara.Select(
        "Decision this week",
        values=list(names),
        value=words[chosen],
        on_value=lambda word: choose(names[word]),
    )


@solara.component
def _Ended(model: CrisisModel) -> None:
    name, meaning = DEFINITIONS[int(model.outcome[0])]
    solara.HTML("h2", f"It ends in week {int(model.outcome_week[0])}: {name.replace('_', ' ')}")
    solara.HTML("p", escape(f"{meaning[0].upper()}{meaning[1:]}."))


@solara.component
def _Decisions(scenario: Scenario, names: dict[str, str], taken: tuple[Decision, ...]) -> None:
    if not taken:
        return
    rows = []
    for one in taken:
        numbers = ", ".join(f"{name} {value:g}" for name, value in one.arguments.items())
        words = one.action.replace("_", " ") + (f" ({numbers})" if numbers else "")
        day = scenario.start + timedelta(weeks=one.week)
        rows.append(f"<li>{day.day} {day:%B %Y}: {escape(names[one.actor])}: {escape(words)}</li>")
    solara.HTML("h2", "Your decisions")
    solara.HTML("ul", "".join(rows))
    solara.FileDownload(
        lambda: play.as_file(scenario, taken),
        filename="as_played.yaml",
        label="Save as a scenario file",
    )


@solara.component
def _Situation(scenario: Scenario, model: CrisisModel) -> None:
    day = scenario.start + timedelta(weeks=model.week)
    rows = []
    for name, words, look in _SEEN:
        value = float(model.read(name)[0])
        told = ("yes" if value else "no") if look == "yes" else f"{value:.{look}f}"
        rows.append(f"<tr><td>{escape(words)}</td><td>{told}</td></tr>")
    solara.HTML("h2", f"Week {model.week}, {day.day} {day:%B %Y}")
    solara.HTML("table", f"<tbody>{''.join(rows)}</tbody>", classes=["parley"])


@solara.component
def _Story(scenario: Scenario, taken: tuple[Decision, ...], replicate: int, weeks: int) -> None:
    told = solara.use_memo(
        lambda: play.story(scenario, taken, replicate, _SEED, weeks), [taken, replicate, weeks]
    )
    solara.HTML("h2", "What happened so far")
    if not told:
        solara.HTML("p", "Nothing yet.")
    rows = [f"<tr><td>{day}</td><td>{escape(text)}</td></tr>" for day, text in told]
    solara.HTML("table", f"<tbody>{''.join(rows)}</tbody>", classes=["parley", "story"])


@solara.component
def _Judgement(scenario: Scenario, taken: tuple[Decision, ...], outcome: int) -> None:
    """Were you skilful or lucky? The same decisions on the luck of 2,000 replicates."""
    verdict: solara.Reactive[Verdict | None] = solara.use_reactive(None)
    words = "your decisions" if taken else "the scenario as it is, since you decided nothing,"

    def work() -> None:
        verdict.set(None)
        verdict.set(play.judge(scenario, taken, outcome, seed=_SEED))

    solara.lab.use_task(work, dependencies=[taken, outcome], prefer_threaded=True)
    solara.HTML("h2", "Skilful or lucky?")
    if verdict.value is None:
        solara.HTML("p", f"Running {words} on 2,000 replicates ...")
        return
    for sentence in verdict.value.sentences():
        solara.HTML("p", escape(sentence))
    solara.HTML("div", outcome_picture(verdict.value.base, verdict.value.ensemble))
