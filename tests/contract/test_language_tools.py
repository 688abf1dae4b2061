"""The commands around scenario files: what they print is true of the files.

Schema: the shipped copy is what the command prints, and an independent validator agrees with ours.
"""

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

import sim
from sim.cli.group import cli
from sim.errors import UsageError
from sim.scenario.actions import ACTIONS
from sim.scenario.differences import Difference, differences
from sim.scenario.json_schema import scenario_schema
from sim.scenario.library import folder, names
from sim.scenario.schema import KINDS, parameters_of
from sim.scenario.starter import STARTER
from sim.scenario.yaml_reader import read_file

SCHEMA = scenario_schema()
CONFORMS = jsonschema.Draft202012Validator(SCHEMA)
FILES = sorted(folder().rglob("*.yaml"))


def parley(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


# Schema


def test_the_shipped_schema_is_what_the_command_prints() -> None:
    printed = parley("schema").stdout
    assert (folder() / "parley.schema.json").read_text(encoding="utf-8") == printed
    jsonschema.Draft202012Validator.check_schema(json.loads(printed))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_file_conforms_and_so_does_what_it_resolves_to(path: Path) -> None:
    assert list(CONFORMS.iter_errors(read_file(path, path.name).plain())) == []
    assert list(CONFORMS.iter_errors(sim.load(path).resolved())) == []


def test_every_parameter_and_action_is_described_by_its_docstring() -> None:
    for kind, model in KINDS.items():
        part = SCHEMA["$defs"][f"kind_{kind}"]["properties"]
        for name, field, declared in parameters_of(model):
            assert part[name]["description"].startswith(" ".join(field.description.split())[:20])
            assert part[name]["x-symbol"] == declared.symbol
    for name, action in ACTIONS.items():
        event = SCHEMA["$defs"][f"action_{name}"]
        assert event["description"].startswith(action.summary)
        assert event["x-kinds"] == list(action.kinds)


CHILD = {"parley": 1, "title": "T", "extends": "oslo_2019"}
ALONE = {"parley": 1, "title": "T", "start": "2019-05-17", "weeks": 3}


def changed(**fields: object) -> dict[str, object]:
    return CHILD | {"actors": {"norway": fields}}


def event(**fields: object) -> dict[str, object]:
    return CHILD | {"timeline": [{"id": "a", **fields}]}


@pytest.mark.parametrize(
    ("tree", "place"),
    [
        (CHILD | {"actor": {}}, "$"),
        (CHILD | {"parley": 2}, "$.parley"),
        (CHILD | {"weeks": 2.5}, "$.weeks"),
        (CHILD | {"start": 2019}, "$.start"),
        (ALONE, "$"),
        (ALONE | {"actors": {"a": {"name": "A"}}}, "$.actors.a"),
        (ALONE | {"actors": {"a": {"kind": "ally", "name": "A"}}}, "$.actors.a"),
        (changed(informaton=0.1), "$.actors.norway"),
        (changed(kind="mediater"), "$.actors.norway.kind"),
        (changed(kind="mediator", support=0.1), "$.actors.norway"),
        (changed(kind="mediator", guarantee=1.5), "$.actors.norway.guarantee"),
        (
            changed(kind="mediator", guarantee={"value": 0.5, "unit": "percent"}),
            "$.actors.norway.guarantee.unit",
        ),
        (changed(information="much"), "$.actors.norway.information"),
        (changed(information=True), "$.actors.norway.information"),
        (changed(information=[0.1]), "$.actors.norway.information"),
        (changed(information={"valeu": 0.1}), "$.actors.norway.information"),
        (changed(information={"dist": "gamma"}), "$.actors.norway.information.dist"),
        (changed(information={"dist": "uniform", "low": 0}), "$.actors.norway.information"),
        (changed(information={"value": 1, "same_as": "weeks"}), "$.actors.norway.information"),
        (event(action="impose"), "$.timeline[0].action"),
        (event(action="impose_sanctions", share=0.5), "$.timeline[0]"),
        (event(action="impose_sanctions", level=1.5), "$.timeline[0].level"),
        (event(on="2019-08-05", week=3), "$.timeline[0]"),
        (event(on="5 August"), "$.timeline[0].on"),
        (event(week="3"), "$.timeline[0].week"),
        (event(week=3, every="monthly"), "$.timeline[0].every"),
        (event(**{"for": "12"}), "$.timeline[0].for"),
        (CHILD | {"record": ["zonk"]}, "$.record[0]"),
        (CHILD | {"agenda": [{"id": "a", "value": 1}]}, "$.agenda[0]"),
        (CHILD | {"expect": [{"claim": "share(signed) < 1"}]}, "$.expect[0]"),
        (CHILD | {"expect": [{"claim": "zone < 1", "source": "P1"}]}, "$.expect[0].claim"),
        (CHILD | {"talks": {"start": "never"}}, "$.talks.start"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_schema_refuses_unknown_fields_wrong_kinds_and_wrong_types(
    tree: dict[str, object], place: str
) -> None:
    assert place in [error.json_path for error in CONFORMS.iter_errors(tree)]
    with pytest.raises(sim.ScenarioError):
        load_tree(tree)


def load_tree(tree: dict[str, object]) -> None:
    path = Path("tree.yaml")
    path.write_text(json.dumps(tree))
    sim.load(path)


@pytest.fixture(autouse=True)
def stand_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# New


def test_new_writes_at_most_thirty_commented_lines_that_validate_and_run_anywhere() -> None:
    assert parley("new", "my.yaml").exit_code == 0
    text = Path("my.yaml").read_text()
    assert len(text.splitlines()) <= 30
    assert sum("#" in line for line in text.splitlines()) >= 8
    scenario = sim.load("my.yaml")
    assert scenario.warnings == ()
    assert parley("run", "my.yaml", "-n", "20", "--quiet").exit_code == 0
    assert {found.path for found in differences(sim.load("oslo_2019"), scenario)} == {
        "actors.norway.guarantee",
        "timeline.tightened",
    }


def test_new_replaces_nothing_unless_it_is_told_to() -> None:
    Path("my.yaml").write_text("mine")
    with pytest.raises(UsageError, match=r"my\.yaml: exists already; use --force to replace it"):
        parley("new", "my.yaml")
    assert Path("my.yaml").read_text() == "mine"
    assert parley("new", "my.yaml", "--force").exit_code == 0
    assert Path("my.yaml").read_text() == STARTER
    assert [path.name for path in Path().iterdir()] == ["my.yaml"]
    with pytest.raises(UsageError, match=r"a scenario file ends in \.yaml"):
        parley("new", "my.txt")


# Diff


def test_a_scenario_differs_in_nothing_from_itself_nor_from_what_it_resolves_to() -> None:
    for name in names():
        assert differences(sim.load(name), sim.load(name)) == []


def test_each_change_is_one_difference_with_both_values_and_the_unit() -> None:
    base = sim.load("oslo_2019")
    changes = {
        "actors.norway.guarantee": 0.3,
        "weeks": 52,
        "actors.cuba": None,
        "talks.start": "apart",
        "actors.states.members": {"GRC": {"position": "government"}},
    }
    found = {one.path: one for one in differences(base, base.alter(changes))}
    law = {"dist": "uniform", "low": 0.05, "high": 0.25}
    path = "actors.norway.guarantee"
    assert found.pop(path) == Difference("parameter", path, law, 0.3, "probability")
    assert found.pop("weeks") == Difference("parameter", "weeks", 104, 52, "weeks")
    assert found.pop("talks.start") == Difference("actor", "talks.start", "talks", "apart")
    assert found.pop("states.GRC.position").b == "government"
    removed = found.pop("actors.cuba")
    assert (removed.a["kind"], removed.b) == ("ally", None)
    assert found == {}


def test_events_differ_field_by_field() -> None:
    base = sim.load("embargo_august_2019")
    event = base.timeline[0]
    path = f"timeline.{event.id}.level"
    changed = base.alter({path: 0.5})
    before = base.parameters[path].quantity.value
    assert differences(base, changed) == [Difference("event", path, before, 0.5, "index")]
    gone = differences(base, base.alter({f"timeline.{event.id}": None}))
    assert [(one.what, one.a["action"], one.b) for one in gone] == [("event", event.action, None)]


def test_every_variant_of_the_library_differs_from_its_parent() -> None:
    base = sim.load("oslo_2019")
    for path in folder().glob("*.yaml"):
        plain = read_file(path, path.name).plain()
        if str(plain.get("extends", "")).removesuffix(".yaml") == "oslo_2019":
            assert 1 <= len(differences(base, sim.load(path))) < 40, path.name


def test_diff_prints_one_document_of_json() -> None:
    results = json.loads(parley("diff", "two_players", "two_players_harder_line", "--json").stdout)
    assert results == {
        "results": [
            {
                "what": "parameter",
                "path": "actors.opposition.hardness",
                "a": 0.9,
                "b": 1.1,
                "unit": "index",
            }
        ]
    }


# Check


def test_run_check_prints_the_verdicts_and_exits_1_if_a_claim_fails() -> None:
    text = 'parley: 1\ntitle: T\nextends: two_players\nexpect:\n  - {claim: "%s", source: P1}\n'
    Path("right.yaml").write_text(text % "share(electoral_roadmap, by: 1) >= 1")
    Path("wrong.yaml").write_text(text % "share(electoral_roadmap, by: 1) < 0.5")
    right = parley("run", "right.yaml", "-n", "50", "--check", "--json")
    assert right.exit_code == 0
    (row,) = json.loads(right.stdout)["claims"]
    assert (row["value"], row["replicates"], row["verdict"]) == (1.0, 50, "pass")
    wrong = parley("run", "wrong.yaml", "-n", "50", "--check")
    assert wrong.exit_code == 1
    assert "fail       share(electoral_roadmap, by: 1) < 0.5" in wrong.stdout
    assert parley("run", "wrong.yaml", "-n", "50").exit_code == 0


def test_a_result_that_was_checked_can_be_verified_and_added_to() -> None:
    Path("my.yaml").write_text(STARTER.replace("share(agreement)", "change(zone)"))
    common = ("my.yaml", "-n", "20", "--quiet")
    assert parley("run", *common, "--check", "-o", "checked").exit_code in (0, 1)
    assert parley("verify", "checked", "--quiet").exit_code == 0
    more = json.loads(parley("run", *common, "--append", "checked", "--check", "--json").stdout)
    assert [row["replicates"] for row in more["claims"]] == [40]


def test_a_result_that_was_not_checked_cannot_be_checked_later() -> None:
    Path("my.yaml").write_text(STARTER.replace("share(agreement)", "change(zone)"))
    sim.run(sim.load("my.yaml"), 5, record=False).save("plain", figures=False)
    refused = parley("run", "my.yaml", "-n", "5", "--append", "plain", "--check", "--quiet")
    assert refused.exit_code == 2
    assert "plain was saved without --check and lacks what the claims need" in refused.output
