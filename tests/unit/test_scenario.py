"""Scenarios: what a child file inherits, when events fire, what a change from outside does."""

import pickle
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sim.errors import ScenarioError
from sim.scenario import Scenario, load, parse_setting
from sim.scenario.library import names

HEAD = "parley: 1\ntitle: A test\nextends: base/venezuela_2019.yaml\n"
ALONE = "parley: 1\ntitle: A test\nstart: 2019-05-17\nweeks: 10\n"
INFORMATION = "actors.norway.information"

Write = Callable[..., Scenario]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes files and loads the first of them, ``s.yaml``."""
    monkeypatch.chdir(tmp_path)

    def write_and_load(text: str, **others: str) -> Scenario:
        for name, content in {"s": text, **others}.items():
            (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
        return load("s.yaml")

    return write_and_load


@pytest.fixture(scope="module")
def base() -> Scenario:
    return load("base/venezuela_2019")


def fault_of(scenario: Scenario, changes: dict[str, Any]) -> str:
    with pytest.raises(ScenarioError) as caught:
        scenario.alter(changes)
    return str(caught.value)


# What a child file inherits


def test_a_bare_number_overrides_the_value_and_keeps_the_account(
    base: Scenario, write: Write
) -> None:
    child = write(HEAD + "actors:\n  norway:\n    information: 0.0125\n")
    old, new = base.parameters[INFORMATION], child.parameters[INFORMATION]
    assert new.quantity.value == 0.0125
    assert new.quantity.dist is None
    for field in ("unit", "range", "basis", "source", "reason"):
        assert getattr(new.quantity, field) == getattr(old.quantity, field)


def test_a_number_is_placed_where_it_was_overridden(base: Scenario, write: Write) -> None:
    child = write(HEAD + "actors:\n  norway:\n    information: 0.0125\n")
    mark = child.parameters[INFORMATION].mark
    assert (mark.file, mark.line, mark.column) == ("s.yaml", 6, 5)
    other = child.parameters["actors.norway.bias"].mark
    assert other.line == base.parameters["actors.norway.bias"].mark.line
    assert other.file.endswith("base/venezuela_2019.yaml")


def test_a_mapping_overrides_the_law_as_a_whole_and_the_account_by_field(
    base: Scenario, write: Write
) -> None:
    law = "{dist: triangular, low: 0.01, mode: 0.02, high: 0.05, source: P13}"
    child = write(HEAD + f"actors:\n  norway: {{information: {law}}}\n")
    quantity = child.parameters[INFORMATION].quantity
    assert quantity.law() == {"dist": "triangular", "low": 0.01, "mode": 0.02, "high": 0.05}
    assert quantity.source == ("P13",)
    assert quantity.range == base.parameters[INFORMATION].quantity.range


def test_an_actors_field_named_value_is_a_quantity_like_any_other(
    base: Scenario, write: Write
) -> None:
    path = "actors.oil_assets.value"
    child = write(HEAD + "actors:\n  oil_assets: {value: 0.25}\n")
    assert child.parameters[path].quantity.value == 0.25
    assert child.parameters[path].quantity.source == base.parameters[path].quantity.source
    assert child.actors["oil_assets"].name == base.actors["oil_assets"].name


def test_an_actor_with_a_kind_is_added_and_one_set_to_null_removed(
    base: Scenario, write: Write
) -> None:
    actors = "actors:\n  sweden: {kind: mediator, name: Sweden, state: SWE}\n  cuba: null\n"
    child = write(HEAD + actors)
    assert child.actors.keys() == base.actors.keys() - {"cuba"} | {"sweden"}
    assert child.actors["sweden"].state == "SWE"
    assert not [path for path in child.parameters if path.startswith("actors.cuba.")]


def test_what_a_parent_says_of_itself_is_not_inherited(write: Write) -> None:
    parent = HEAD + 'question: Why?\nexpect:\n  - {claim: "share(signed) < 1", source: P1}\n'
    child = write("parley: 1\ntitle: Mine\nextends: parent.yaml\n", parent=parent)
    assert (child.title, child.question, child.expect) == ("Mine", "", ())


def test_events_of_a_child_join_those_of_its_parent_and_change_them_by_id(write: Write) -> None:
    parent = HEAD + (
        "timeline:\n"
        "  - {id: one, week: 3, actor: norway, action: withdraw, source: P12}\n"
        "  - {id: two, week: 4, actor: united_states, action: impose_sanctions, level: 0.7,\n"
        "     source: P12}\n"
    )
    child = write(
        "parley: 1\ntitle: T\nextends: parent.yaml\ntimeline:\n  - {id: two, level: 0.9}\n"
        "  - {id: three, week: 5, actor: norway, action: convene, source: P12}\n",
        parent=parent,
    )
    assert [event.id for event in child.timeline] == ["one", "two", "three"]
    two = child.timeline[1]
    assert two.weeks == (4,)
    assert two.arguments["level"].quantity.value == 0.9
    assert two.arguments["level"].mark.file == "s.yaml"


@pytest.mark.parametrize("key", ["agenda", "record"])
def test_agenda_and_record_are_replaced_as_a_whole(key: str, base: Scenario, write: Write) -> None:
    weight = "unit: relative weight, range: [0, 1], basis: observed, source: P12"
    issue = f"{{id: aid, value: {{value: 1, {weight}}}, cost: {{value: 1, {weight}}}}}"
    child = write(
        HEAD + f"{key}: [{issue.replace('[0,', '[0.1,') if key == 'agenda' else 'zone'}]\n"
    )
    assert len(getattr(child, key)) == 1 < len(getattr(base, key))


def test_a_parent_is_looked_up_beside_the_file_before_the_library(write: Write) -> None:
    beside = HEAD + "actors: {norway: {information: 0.0125}}\n"
    child = write("parley: 1\ntitle: T\nextends: oslo_2019.yaml\n", oslo_2019=beside)
    assert child.parameters[INFORMATION].quantity.value == 0.0125


def test_a_file_that_extends_its_own_name_means_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "oslo_2019.yaml"
    path.write_text("parley: 1\ntitle: Mine\nextends: oslo_2019\n")
    assert load(path).actors.keys() == load("oslo_2019").actors.keys()
    assert load(path).name == "oslo_2019"


def test_a_folder_with_the_name_of_a_shipped_scenario_does_not_hide_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "oslo_2019").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load("oslo_2019").name == "oslo_2019"


# What may be left out


def test_states_alone_are_a_scenario(write: Write) -> None:
    child = write(ALONE + "actors:\n  world: {kind: states, name: W, table: venezuela_2019}\n")
    assert list(child.actors) == ["world"]
    assert len(child.members) > 150
    assert child.agenda == ()
    assert child.timeline == ()


def test_two_parties_alone_are_a_scenario(write: Write) -> None:
    child = write(
        ALONE + "actors:\n  a: {kind: government, name: A}\n  b: {kind: opposition, name: B}\n"
    )
    assert list(child.actors) == ["a", "b"]
    assert not any(parameter.given for path, parameter in child.parameters.items() if "." in path)


def test_a_state_keeps_of_the_table_what_the_file_leaves_out(base: Scenario, write: Write) -> None:
    child = write(
        HEAD + "actors:\n  states:\n    members:\n      GRC: {position: opposition, weight: null}\n"
        "      ATL: {name: Atlantis, bloc: regional, position: neither}\n"
    )
    greece = child.members["GRC"]
    assert greece.position == "opposition"
    assert (greece.bloc, greece.weight) == (base.members["GRC"].bloc, base.members["GRC"].weight)
    assert child.members["ATL"].weight == 1
    assert list(child.members) == sorted(child.members)


# When events fire


@pytest.mark.parametrize(
    ("clock", "weeks"),
    [
        ("on: 2019-05-17", (0,)),
        ("on: 2019-05-23", (0,)),
        ("on: 2019-05-24", (1,)),
        ("week: 7", (7,)),
        ("week: 0, every: 3 weeks, until: 9", (0, 3, 6, 9)),
        ("week: 5, every: 1 week, until: 2019-07-05", (5, 6, 7)),
        ("on: 2019-06-14, every: 40 weeks", (4, 44, 84)),
        ("week: 100, every: 2", (100, 102)),
        ("when: zone > 0, until: 3", (0, 1, 2, 3)),
    ],
)
def test_an_event_fires_in_the_weeks_of_its_clock(
    clock: str, weeks: tuple[int, ...], write: Write
) -> None:
    event = f"{{id: e, {clock}, actor: norway, action: convene, source: P12}}"
    child = write(HEAD + f"weeks: 104\ntimeline:\n  - {event}\n")
    assert child.timeline[0].weeks == weeks
    assert (child.timeline[0].when is None) == ("when" not in clock)


def test_a_condition_waits_until_the_end_of_the_run(write: Write) -> None:
    event = "{id: e, when: zone > 0, actor: norway, action: convene, source: P12}"
    child = write(HEAD + f"weeks: 30\ntimeline:\n  - {event}\n")
    assert child.timeline[0].weeks == tuple(range(30))
    assert child.timeline[0].when is not None
    assert child.timeline[0].when.names == ("zone",)


def test_recognition_moves_a_state_a_bloc_or_the_state_an_actor_speaks_for(write: Write) -> None:
    what = "week: 1, action: recognise_opposition, source: P9"
    events = [f"{{id: by_{who}, actor: {who}, {what}}}" for who in ("GRC", "european", "norway")]
    child = write(HEAD + f"timeline: [{', '.join(events)}]\n")
    greece, europeans, norway = (event.members for event in child.timeline)
    assert greece == ("GRC",)
    assert norway == ("NOR",)
    assert len(europeans) > 5
    assert all(child.members[iso3].bloc == "european" for iso3 in europeans)


def test_an_event_may_set_a_parameter_within_its_domain(write: Write) -> None:
    event = "{id: e, week: 1, actor: norway, action: set, path: actors.norway.bias, value: 0.1,"
    child = write(HEAD + f"timeline:\n  - {event} source: P12}}\n")
    assert child.timeline[0].target == "actors.norway.bias"
    assert child.timeline[0].arguments["value"].declared.unit == "index"


# Changes from outside


def test_alter_fixes_an_uncertain_parameter_and_leaves_the_original_alone(base: Scenario) -> None:
    before = base.sha256
    changed = base.alter({INFORMATION: 0.05})
    assert changed.parameters[INFORMATION].quantity.is_fixed
    assert not base.parameters[INFORMATION].quantity.is_fixed
    assert base.sha256 == before != changed.sha256
    assert changed.parameters[INFORMATION].mark.file == "change"


@pytest.mark.parametrize(
    "value",
    [0.05, np.float64(0.05), np.array(0.05), {"value": 0.05}],
    ids=lambda v: type(v).__name__,
)
def test_alter_takes_any_form_of_a_number(value: object, base: Scenario) -> None:
    assert base.alter({INFORMATION: value}).sha256 == base.alter({INFORMATION: 0.05}).sha256


def test_alter_reaches_every_part_by_its_path(base: Scenario) -> None:
    changed = base.alter(
        {
            "title": "Other words",
            "start": date(2019, 5, 10),
            "weeks": np.int64(52),
            "talks.start": "apart",
            "agenda.prisoners.value": 0.2,
            "actors.norway.name": "Kingdom of Norway",
            "actors.norway.information.value": 0.05,
            "actors.states.members.GRC.position": "opposition",
            "actors.oil_assets.value": 0.25,
            "record": ["zone"],
        }
    )
    assert (changed.title, changed.start, changed.weeks) == ("Other words", date(2019, 5, 10), 52)
    assert changed.talks.start == "apart"
    assert changed.parameters["agenda.prisoners.value"].quantity.value == 0.2
    assert changed.parameters[INFORMATION].quantity.value == 0.05
    assert changed.actors["norway"].name == "Kingdom of Norway"
    assert changed.members["GRC"].position == "opposition"
    assert changed.parameters["actors.oil_assets.value"].quantity.value == 0.25
    assert changed.record == ("zone",)


def test_alter_lays_a_mapping_over_what_stands_there_as_a_child_file_does(
    base: Scenario, write: Write
) -> None:
    actors = {"norway": {"information": 0.05}, "cuba": None}
    from_file = write(HEAD + yaml.safe_dump({"actors": actors}))
    from_outside = base.alter({"title": "A test", "question": None, "actors": actors})
    assert from_outside.sha256 == from_file.sha256
    assert (
        base.alter({"actors.norway": actors["norway"]}).sha256
        == base.alter({INFORMATION: 0.05}).sha256
    )


def test_alter_adds_and_removes_actors_events_and_issues(base: Scenario) -> None:
    event = {"week": 3, "actor": "norway", "action": "withdraw", "source": "P12"}
    changed = base.alter(
        {
            "actors.sweden": {"kind": "mediator", "name": "Sweden", "way_out": 0.5},
            "actors.cuba": None,
            "timeline.leaves": event,
            "agenda.prisoners": None,
        }
    )
    assert changed.actors.keys() == base.actors.keys() - {"cuba"} | {"sweden"}
    assert [event.id for event in changed.timeline] == ["leaves"]
    assert "prisoners" not in [issue.id for issue in changed.agenda]
    assert changed.alter({"timeline.leaves": None}).timeline == ()
    assert changed.alter({"timeline.leaves.week": 5}).timeline[0].weeks == (5,)


def test_a_setting_beyond_the_documented_range_is_a_warning(base: Scenario, write: Write) -> None:
    changed = base.alter({INFORMATION: 0.9}, label="--set")
    assert [str(warning) for warning in changed.warnings] == [
        "--set: actors.norway.information: 0.9 lies outside its documented range, 0 to 0.1"
    ]
    child = write(HEAD + "actors: {norway: {information: 0.9}}\n")
    assert [warning.line for warning in child.warnings] == [4]
    documented = base.alter({INFORMATION: {"value": 0.05, "range": [0, 0.06]}})
    assert len(documented.alter({INFORMATION: 0.07}).warnings) == 1
    assert "outside its documented range" in fault_of(
        base, {INFORMATION: {"value": 0.07, "range": [0, 0.06]}}
    )


def test_what_lies_beyond_a_run_cut_short_from_outside_is_left_out(write: Write) -> None:
    child = write(
        HEAD + "timeline:\n"
        "  - {id: late, week: 60, actor: norway, action: withdraw, source: P12}\n"
        "  - {id: often, week: 10, every: 10 weeks, until: 60, actor: norway, action: convene,\n"
        "     source: P12}\n"
        "expect:\n  - {claim: 'share(signed, by: 60) < 1', source: P12}\n"
    )
    short = child.alter({"weeks": 30})
    assert [event.weeks for event in short.timeline] == [(), (10, 20)]
    assert short.expect == ()
    assert any("not judged" in str(warning) for warning in short.warnings)


INFO = INFORMATION
NO_CHANGE: list[tuple[Any, Any, str]] = [
    ("norway.information", 0.1, f"unknown path; did you mean '{INFO}'?"),
    ("information", 0.1, f"unknown path; did you mean '{INFO}'?"),
    ("actors.nroway.information", 0.1, f"unknown path; did you mean '{INFO}'?"),
    ("actors.norway.informaton", 0.1, "actors.norway: unknown field 'informaton'; did you mean"),
    (INFO, "high", f"{INFO}: must be a number, not 'high'"),
    (INFO, True, f"{INFO}: must be a number, not true"),
    (INFO, None, f"{INFO}: needs a number"),
    (INFO, [1], f"{INFO}: must be a number, not a list"),
    (INFO, 2, f"{INFO}: 2 is outside 0 to 1 (share per week)"),
    (INFO, float("nan"), f"{INFO}: must be a finite number, not .nan"),
    (INFO, 10**5000, f"{INFO}: is an integer of more than 18 digits"),
    (INFO, {1, 2}, f"{INFO}: must be a number, text, a list or a mapping, not a set"),
    (INFO, {1: 2}, f"{INFO}: a key must be text, not 1"),
    (INFO, "x" * 2_000_000, "is a text of more than 1,048,576 characters"),
    (f"{INFO}.nope", 1, f"{INFO}: unknown field 'nope'"),
    (f"{INFO}.value.value", 1, f"{INFO}: must be a number, not a mapping"),
    ("actors.norway", 3, "actors.norway: must be a mapping of fields, or `null` to remove it"),
    ("actors.x", {}, "actors.x: unknown actor; a new one needs `kind`"),
    ("actors.x", 3, "actors.x: unknown path"),
    ("actors", 3, "actors: must be a mapping from id to actor, not 3"),
    ("actors", None, "actors: is missing"),
    ("actors.", 3, "'actors.' is no path"),
    ("", 3, "'' is no path"),
    (".", 3, "'.' is no path"),
    (None, 3, "a path is text such as actors.norway.information, not nothing"),
    (3, 3, "a path is text such as actors.norway.information, not 3"),
    ("x" * 5000, 3, "is longer than 200 characters"),
    ("actors.sweeden", None, "actors.sweeden: cannot be removed: there is none"),
    ("actors.norwy", None, "cannot be removed: there is none; did you mean 'norway'?"),
    ("timeline.x", None, "timeline.x: cannot be removed: there is none"),
    ("timeline.x.level", 1, "timeline.x.level: unknown path"),
    ("timeline.x", 3, "timeline.x: unknown path"),
    ("agenda.nope.value", 1, "agenda.nope.value: unknown path"),
    ("weeks", 0, "weeks: 0 is outside 1 to 1000"),
    ("weeks.value.x", 1, "weeks: must be a number, not a mapping"),
    ("start", "soon", "start: must be a date like 2019-05-17, not 'soon'"),
    ("title", "", "title: must be text, not ''"),
    ("title", "\ud800", "title: is text with characters that no file can hold"),
    ("title.x", "y", "title.x: unknown path"),
    ("record.zone", 1, "record.zone: unknown path"),
    ("facts", {"x": 1}, "facts: must be a list, not a mapping"),
    ("extends", "x", "extends: 'extends' belongs to the file and cannot be changed"),
    ("parley", 2, "parley: 'parley' belongs to the file and cannot be changed"),
]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    NO_CHANGE,
    ids=[f"{ascii(path)[:40]} {type(value).__name__}" for path, value, _ in NO_CHANGE],
)
def test_a_change_that_makes_no_sense_is_one_clear_message(
    path: Any, value: Any, message: str, base: Scenario
) -> None:
    found = fault_of(base, {path: value})
    assert message in found
    assert found.startswith("change: ")
    assert len(found.splitlines()) == 1


def test_all_faults_of_several_changes_are_told_at_once(base: Scenario) -> None:
    found = fault_of(base, {"nope.x": 1, INFORMATION: 2, "actors.norwy": None, "weeks": 0})
    assert len(found.splitlines()) == 4


@pytest.mark.parametrize("depth", [50, 3000])
def test_nested_values_are_refused_by_depth_and_not_by_the_stack(
    depth: int, base: Scenario
) -> None:
    nested: Any = 1
    for _ in range(depth):
        nested = [nested]
    endless: list[Any] = []
    endless.append(endless)
    for value in (nested, {"a": nested}, endless):
        assert "is nested deeper than 40 levels" in fault_of(base, {INFORMATION: value})


@pytest.mark.parametrize("changes", [None, 3, ["a"], "a=1"], ids=ascii)
def test_changes_must_be_a_mapping(changes: Any, base: Scenario) -> None:
    assert "changes are a mapping from path to value" in fault_of(base, changes)


def test_load_takes_changes_too(base: Scenario) -> None:
    changes = {INFORMATION: 0.05}
    assert load("base/venezuela_2019", changes).sha256 == base.alter(changes).sha256


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("actors.norway.information=0.08", ("actors.norway.information", 0.08)),
        (" weeks = 52 ", ("weeks", 52)),
        ("actors.cuba=null", ("actors.cuba", None)),
        ("title=a=b", ("title", "a=b")),
        ("actors.norway.name=NO", ("actors.norway.name", "NO")),
        ("actors.x={kind: ally, name: X}", ("actors.x", {"kind": "ally", "name": "X"})),
    ],
)
def test_a_setting_is_a_path_and_a_value_in_yaml(text: str, setting: tuple[str, Any]) -> None:
    assert parse_setting(text) == setting


@pytest.mark.parametrize(
    "text",
    ["", "=", "weeks", "weeks=", "=3", "weeks=[1", "weeks=*a", "weeks=\udcff", "a=" + "[" * 3000],
)
def test_a_setting_that_cannot_be_read_is_one_clear_message(text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_setting(text)
    assert str(caught.value).startswith("--set: ")
    assert len(str(caught.value).splitlines()) == 1


# One form for all layouts


@pytest.mark.parametrize("name", names())
def test_the_resolved_form_loads_to_an_equal_scenario(name: str, write: Write) -> None:
    scenario = load(name)
    again = write(yaml.safe_dump(scenario.resolved(), sort_keys=False, allow_unicode=True))
    assert again.sha256 == scenario.sha256
    assert again.resolved() == scenario.resolved()
    assert again.parameters.keys() == scenario.parameters.keys()
    for path, parameter in scenario.parameters.items():
        assert again.parameters[path].quantity == parameter.quantity


def test_the_resolved_form_keeps_what_was_set_from_outside(base: Scenario, write: Write) -> None:
    changed = base.alter(
        {
            INFORMATION: 0.9,
            "weeks": 12,
            "actors.sweden": {"kind": "mediator", "name": "Sweden", "way_out": 0.5},
            "timeline.late": {"week": 11, "actor": "sweden", "action": "withdraw", "source": "P1"},
        }
    ).alter({"weeks": 10})
    again = write(yaml.safe_dump(changed.resolved()))
    assert again.sha256 == changed.sha256
    assert again.timeline[0].weeks == changed.timeline[0].weeks == ()
    assert len(again.warnings) == len(changed.warnings)


def turned(data: Any) -> Any:
    """Return the same data with all keys in reverse order."""
    if isinstance(data, dict):
        return {key: turned(data[key]) for key in reversed(data)}
    return [turned(item) for item in data] if isinstance(data, list) else data


def test_order_of_keys_and_of_actors_and_layout_do_not_matter(base: Scenario, write: Write) -> None:
    data = base.resolved()
    again = write(yaml.safe_dump(turned(data), sort_keys=False, default_flow_style=True, width=40))
    assert (
        list(yaml.safe_load(Path("s.yaml").read_text())["actors"]) == sorted(data["actors"])[::-1]
    )
    assert again.sha256 == base.sha256
    assert list(again.actors) == list(base.actors)


def test_the_digest_sees_every_change(base: Scenario) -> None:
    changes: list[dict[str, Any]] = [
        {},
        {INFORMATION: 0.05},
        {INFORMATION: 0.051},
        {"title": "x"},
        {"actors.cuba": None},
        {"record": []},
    ]
    assert len({base.alter(change).sha256 for change in changes}) == len(changes)


def test_pickling_a_scenario_keeps_everything(base: Scenario) -> None:
    scenario = base.alter({INFORMATION: 0.9, "timeline.e": {
        "when": "zone > 0", "actor": "norway", "action": "withdraw", "source": "P12"}})  # fmt: skip
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert again.sha256 == scenario.sha256
    assert again.warnings == scenario.warnings
    assert again.parameters[INFORMATION].mark == scenario.parameters[INFORMATION].mark


def test_an_error_comes_back_from_a_worker_as_it_is(base: Scenario) -> None:
    with pytest.raises(ScenarioError) as caught:
        base.alter({INFORMATION: 2, "weeks": 0})
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problems == caught.value.problems
    assert str(again) == str(caught.value)
