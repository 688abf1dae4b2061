"""The command line keeps its contract: documents, streams, exit codes, files, and no traceback.

Everything runs in process, from an empty folder, except where a process of its own is the point.
"""

import csv
import errno
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import sim
import sim.plots
from sim.cli import run as run_command
from sim.cli import terminal
from sim.cli.main import main
from sim.ensemble import run
from sim.outcomes import OUTCOMES
from sim.results import NOTE
from sim.scenario.library import names
from tests.command import Parley

NUMBER = 40
INTERVAL = {"share", "low", "high"}
MEANS = {
    *("attempts", "failed_rounds", "weeks_at_table"),
    *("recognisers_end", "mobilisation_end", "good_faith_end"),
}
GROUPS = ("agreement", "signed", "reneged_given_signed", "out_of_office")
BAD = """parley: 1
title: A misspelt field
extends: oslo_2019.yaml
actors:
  norway: {informaton: 0.1}
"""


@pytest.fixture(autouse=True)
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are drawn elsewhere."""
    monkeypatch.setitem(vars(sim.plots), "save_figures", lambda ensemble, folder: [])


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result without figures that no test changes."""
    ensemble = run(sim.load("oslo_2019"), NUMBER, seed=1)
    return ensemble.save(tmp_path_factory.mktemp("saved") / "result", figures=False)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


# run --json


def assert_run_document(document: dict[str, Any], number: int, seed: int) -> None:
    assert document.keys() >= {
        *("scenario", "title", "version", "scenario_sha256", "replicates", "seed", "weeks"),
        *("outcomes", *GROUPS, "first_deal_by_week", "means", "variance", "note"),
    }
    assert (document["replicates"], document["seed"]) == (number, seed)
    assert re.fullmatch(r"[0-9a-f]{64}", document["scenario_sha256"])
    assert document["note"] == NOTE
    rows = document["outcomes"]
    assert [row["outcome"] for row in rows] == list(OUTCOMES)
    assert sum(row["count"] for row in rows) == number
    assert sum(row["share"] for row in rows) == pytest.approx(1, abs=1e-12)
    for row in rows:
        assert row.keys() >= {"count", *INTERVAL}
        assert row["share"] == row["count"] / number
        assert 0 <= row["low"] <= row["share"] <= row["high"] <= 1
    for name in GROUPS:
        assert document[name].keys() >= INTERVAL
    assert list(document["first_deal_by_week"]) == ["13", "26", "52", "104"]
    deals = list(document["first_deal_by_week"].values())
    assert deals == sorted(deals)
    assert deals[-1] == document["signed"]["share"]
    assert document["means"].keys() == MEANS
    assert all(isinstance(value, float) for value in document["means"].values())
    assert document["variance"].keys() == {"parameters", "chance"}
    for part in document["variance"].values():
        assert part.keys() == INTERVAL
        assert 0 <= part["low"] <= part["share"] <= part["high"] <= 1


def test_run_prints_the_document_of_the_contract_and_nothing_else(parley: Parley) -> None:
    done = parley("run", "oslo_2019", "-n", NUMBER, "--seed", 1, "--json")
    assert (done.code, done.err) == (0, "")
    assert_run_document(done.document, NUMBER, 1)
    assert done.document["scenario"] == "oslo_2019"
    assert done.document["title"] == sim.load("oslo_2019").title
    assert done.document["weeks"] == 104
    assert done.document["scenario_sha256"] == sim.load("oslo_2019").sha256


def test_groups_of_the_document_are_sums_of_its_outcomes(parley: Parley) -> None:
    document = parley("run", "oslo_2019", "-n", NUMBER, "--seed", 1, "--json").document
    shares = {row["outcome"]: row["share"] for row in document["outcomes"]}
    deals = ("negotiated_transition", "power_sharing", "electoral_roadmap")
    assert document["agreement"]["share"] == pytest.approx(sum(shares[name] for name in deals))
    out = (*deals[:2], "military_defection", "foreign_intervention")
    assert document["out_of_office"]["share"] == pytest.approx(sum(shares[name] for name in out))


def test_one_replicate_has_a_document_in_which_the_undefined_is_null(parley: Parley) -> None:
    done = parley("run", "oslo_2019", "-n", 1, "--json")
    assert done.code == 0
    assert done.document["variance"]["parameters"]["share"] is None
    assert sum(row["count"] for row in done.document["outcomes"]) == 1


def test_a_scenario_is_found_by_name_and_by_path(parley: Parley, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("parley: 1\ntitle: Mine\nextends: oslo_2019.yaml\n")
    by_name = parley("run", "oslo_2019", "-n", 5, "--json").document
    by_path = parley("run", "mine.yaml", "-n", 5, "--json").document
    assert by_path["title"] == "Mine"
    assert by_path["outcomes"] == by_name["outcomes"]


# The other documents


def test_compare_prints_the_document_of_the_contract(parley: Parley) -> None:
    alone = "alone:actors.norway.present=0,actors.norway.bias=0.3"
    words = ("compare", "oslo_2019", "norway_leaves", "--alt", alone, "-n", NUMBER, "--seed", 1)
    done = parley(*words, "--json")
    assert (done.code, done.err) == (0, "")
    assert_run_document(done.document["base"], NUMBER, 1)
    assert [row["name"] for row in done.document["alternatives"]] == ["norway_leaves", "alone"]
    counts = [row["count"] for row in done.document["base"]["outcomes"]]
    for row in done.document["alternatives"]:
        assert [outcome["outcome"] for outcome in row["outcomes"]] == list(OUTCOMES)
        parts = [*row["outcomes"], *(row[name] for name in GROUPS), *row["means"].values()]
        for part in parts:
            assert part.keys() >= {"base", "alternative", "difference", "low", "high"}
            assert part["difference"] == pytest.approx(part["alternative"] - part["base"])
            assert part["low"] <= part["difference"] <= part["high"]
        assert row["means"].keys() == MEANS
        assert len(row["transitions"]) == 8
        assert [sum(line) for line in row["transitions"]] == counts
        after = [sum(line) for line in zip(*row["transitions"], strict=True)]
        shares = [outcome["alternative"] for outcome in row["outcomes"]]
        assert [count / NUMBER for count in after] == pytest.approx(shares)


def test_explain_prints_every_parameter_with_its_account(parley: Parley) -> None:
    done = parley("explain", "norway_leaves", "--json")
    assert (done.code, done.err) == (0, "")
    document = done.document
    assert document.keys() >= {"scenario", "parameters", "actors", "timeline"}
    scenario = sim.load("norway_leaves")
    assert [row["path"] for row in document["parameters"]] == [
        path for path, parameter in scenario.parameters.items() if parameter.given
    ]
    for row in document["parameters"]:
        assert row.keys() >= {"path", "symbol", "unit", "range", "source", "basis", "file", "line"}
        assert ("value" in row) != ("distribution" in row)
        assert row["basis"] in ("observed", "expert", "assumed", "illustrative")
        assert row["unit"]
        assert row["source"]
        low, high = row["range"]
        assert low <= high
        lines = Path(row["file"]).read_text("utf-8").splitlines()
        near = "\n".join(lines[row["line"] - 3 : row["line"]])
        assert row["path"].rpartition(".")[2] in near, row["path"]
    symbols = {row["path"]: row["symbol"] for row in document["parameters"]}
    assert symbols["actors.opposition.prior_good_faith"] == "mu0"
    assert symbols["talks.uncertainty"] == "omega0"
    assert symbols["actors.opposition.hardness"] == "kap_O"
    assert {"id": "norway", "kind": "mediator", "name": "Norway"}.items() <= next(
        actor.items() for actor in document["actors"] if actor["id"] == "norway"
    )
    assert [event["id"] for event in document["timeline"]] == ["norway_leaves"]


def test_every_path_that_explain_names_can_be_set(parley: Parley) -> None:
    rows = parley("explain", "oslo_2019", "--json").document["parameters"]
    oslo = sim.load("oslo_2019")
    for row in rows:
        end = row["range"][0]
        assert oslo.alter({row["path"]: end}).parameters[row["path"]].quantity.value == end


def test_list_prints_every_shipped_scenario(parley: Parley) -> None:
    done = parley("list", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.document.keys() == {"results"}
    assert [row["name"] for row in done.document["results"]] == names()
    for row in done.document["results"]:
        assert row.keys() >= {"name", "title", "question"}
        assert row["title"]
    told = parley("list").out
    assert all(f"{name}: " in told for name in names())


def test_doctor_finds_this_installation_well(parley: Parley) -> None:
    done = parley("doctor", "--json")
    assert (done.code, done.err) == (0, "")
    assert all(row["ok"] and row["detail"] for row in done.document["results"])
    assert {"packages", "scenarios", "run", "bit identity"} <= {
        row["check"] for row in done.document["results"]
    }


def test_doctor_says_what_is_wrong_and_exits_1(
    parley: Parley, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.scenario.library.names", list)
    done = parley("doctor", "--json")
    assert done.code == 1
    assert [row["check"] for row in done.document["results"] if not row["ok"]] == ["scenarios"]
    assert "FAIL scenarios: " in parley("doctor").out


def test_validate_reports_every_file_and_exits_3_if_one_is_invalid(
    parley: Parley, tmp_path: Path
) -> None:
    (tmp_path / "bad.yaml").write_text(BAD)
    done = parley("validate", "oslo_2019", "bad.yaml", "missing.yaml", "--json")
    assert done.code == 3
    rows = done.document["results"]
    assert [row["file"] for row in rows] == ["oslo_2019", "bad.yaml", "missing.yaml"]
    assert [row["valid"] for row in rows] == [True, False, False]
    assert all(row.keys() == rows[0].keys() for row in rows)
    problem = rows[1]["problems"][0]
    assert (problem["file"], problem["line"]) == ("bad.yaml", 5)
    assert "information" in problem["message"]
    assert re.search(r"^bad\.yaml:5:\d+: ", done.err, re.MULTILINE)
    assert "missing.yaml: " in done.err


def test_validate_says_so_where_a_file_is_valid(parley: Parley) -> None:
    done = parley("validate", "oslo_2019")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("oslo_2019: valid (14 actors, ")


# --set


def test_set_fixes_an_uncertain_quantity(parley: Parley, tmp_path: Path) -> None:
    path = "actors.norway.bias"
    assert not sim.load("oslo_2019").parameters[path].quantity.is_fixed
    rows = parley("explain", "oslo_2019", "--set", f"{path}=0.3", "--json").document["parameters"]
    row = next(row for row in rows if row["path"] == path)
    assert (row["value"], row["file"], row["line"]) == (0.3, "--set", 0)
    done = parley("run", "oslo_2019", "-n", 5, "--set", f"{path}=0.3", "-o", "out")
    assert done.code == 0
    with (tmp_path / "out" / "parameters.csv").open(newline="") as stream:
        columns = next(csv.reader(stream))
    assert path not in columns
    assert "actors.norway.guarantee" in columns


def test_set_changes_the_run_and_its_digest(parley: Parley) -> None:
    plain = parley("run", "oslo_2019", "-n", NUMBER, "--json").document
    words = ("run", "oslo_2019", "-n", NUMBER, "--set", "actors.norway.present=0")
    changed = parley(*words, "--set", "weeks=60", "--json").document
    assert changed["weeks"] == 60
    assert changed["scenario_sha256"] != plain["scenario_sha256"]
    assert changed["means"] != plain["means"]


# Exit codes


USAGE = [
    (),
    ("runn",),
    ("run",),
    ("run", "oslo_2019", "-n", "0"),
    ("run", "oslo_2019", "-n", "-5"),
    ("run", "oslo_2019", "-n", "many"),
    ("run", "oslo_2019", "-n", "1e400"),
    ("run", "oslo_2019", "-n", "200000000"),
    ("run", "oslo_2019", "--seed", "-1"),
    ("run", "oslo_2019", "--workers", "0"),
    ("run", "oslo_2019", "--sede", "1"),
    ("run", "oslo_2019", "norway_leaves"),
    ("compare",),
    ("compare", "oslo_2019"),
    ("compare", "oslo_2019", "--alt", "nameless"),
    ("compare", "oslo_2019", "--alt", "x:"),
    ("compare", "oslo_2019", "--alt", "\x1b[31mx:weeks=5"),
    ("compare", "oslo_2019", "--alt", "\u202ex:weeks=5"),
    ("compare", "oslo_2019", "norway_leaves", "norway_leaves"),
    ("validate",),
    ("explain",),
    ("list", "oslo_2019"),
]


@pytest.mark.parametrize("words", USAGE, ids=lambda words: ascii(" ".join(words)))
def test_wrong_usage_exits_2_with_a_message(parley: Parley, words: tuple[str, ...]) -> None:
    done = parley(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err
    assert not {"\x1b", "\u202e"} & set(done.err)


SETTINGS = [
    "actors.norway.informaton=0.1",
    "actors.nobody.bias=0.1",
    "nonsense=1",
    "actors.norway.bias=much",
    "actors.norway.bias=[1, 2",
    "actors.norway.bias=.nan",
    "actors.norway.bias=1e999",
    "actors.norway.bias=true",
    "actors.norway.bias=",
    "actors.norway.bias",
    "actors.norway=3",
    'actors.norway.name="a\\x1b[31m"',
    'actors.norway.name="a\\u202eb"',
    "actors.norway.name=a\u202eb",
    "actors.norway.name=a\x1bb",
    "weeks=0",
    "weeks=2.5",
    "=1",
]


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_that_makes_no_sense_exits_3_and_names_it(parley: Parley, setting: str) -> None:
    done = parley("run", "oslo_2019", "-n", 5, "--set", setting, "-o", "out")
    assert (done.code, done.out) == (3, "")
    assert setting.partition("=")[0].rpartition(".")[2] in done.err
    assert done.err.startswith("--set")
    assert not {"\x1b", "\u202e"} & set(done.err)


def test_the_nearest_path_is_suggested(parley: Parley) -> None:
    told = parley("run", "oslo_2019", "--set", "actors.norway.informaton=0.1").err
    assert "information" in told
    assert "did you mean 'run'" in parley("runn").err


def test_a_setting_given_twice_is_refused(parley: Parley) -> None:
    words = [word for value in (0.1, 0.2) for word in ("--set", f"actors.norway.bias={value}")]
    done = parley("run", "oslo_2019", *words)
    assert done.code == 3
    assert "set twice" in done.err


@pytest.mark.parametrize("command", ["run", "explain", "validate", "compare"])
@pytest.mark.parametrize("scenario", ["bad.yaml", "missing.yaml", "no_such_name", "empty.yaml"])
def test_a_bad_scenario_exits_3_with_one_message_and_writes_nothing(
    parley: Parley, tmp_path: Path, command: str, scenario: str
) -> None:
    (tmp_path / "bad.yaml").write_text(BAD)
    (tmp_path / "empty.yaml").touch()
    more = ("norway_leaves",) if command == "compare" else ()
    done = parley(command, scenario, *more)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(scenario)
    assert {path.name for path in tmp_path.iterdir()} == {"bad.yaml", "empty.yaml"}


def test_an_internal_error_exits_1_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nobody")

    monkeypatch.setattr("sim.ensemble.run", broken)
    monkeypatch.setattr(sys, "argv", ["parley", "run", "oslo_2019"])
    with pytest.raises(SystemExit) as stopped:
        main()
    told = capsys.readouterr()
    assert stopped.value.code == 1
    assert told.out == ""
    assert told.err == "internal error, please report it: ZeroDivisionError: by nobody\n"


def test_ctrl_c_exits_130_and_leaves_nothing(tmp_path: Path) -> None:
    # Python ignores Ctrl-C where its parent did, so the child asks for it.
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from sim.cli.main import main; main()"
    )
    words = ["run", "oslo_2019", "-n", "10000000", "--workers", "1", "-o", "out", "--json"]
    process = subprocess.Popen(
        [sys.executable, "-c", program, *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(2.0)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert err.strip() == "interrupted; nothing was written"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_exits_1() -> None:
    program = "from sim.cli.main import main; main()"
    with Path("/dev/full").open("w") as stdout:
        done = subprocess.run(
            [sys.executable, "-c", program, "list"],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("the output cannot be written: ")
    assert len(done.stderr.splitlines()) == 1


# The output folder


def test_a_run_writes_its_result_and_says_where(parley: Parley, tmp_path: Path) -> None:
    done = parley("run", "oslo_2019", "-n", NUMBER, "--seed", 1, "-o", "deep/out", "--json")
    assert done.code == 0
    assert_run_document(done.document, NUMBER, 1)
    assert "wrote deep/out" in done.err
    assert json.loads((tmp_path / "deep/out/summary.json").read_text()) == done.document
    assert sim.open_result(tmp_path / "deep/out").replicates == NUMBER


@pytest.mark.parametrize("inside", [None, "notes.txt"])
def test_a_folder_that_exists_is_refused_before_anything_runs(
    parley: Parley, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: str | None
) -> None:
    monkeypatch.setattr("sim.ensemble.run", None)
    (tmp_path / "out").mkdir()
    if inside:
        (tmp_path / "out" / inside).write_text("mine")
    done = parley("run", "oslo_2019", "-o", "out")
    assert (done.code, done.out) == (2, "")
    assert "--force" in done.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ([inside] if inside else [])


def test_force_replaces_a_result_as_a_whole(parley: Parley, saved: Path, tmp_path: Path) -> None:
    shutil.copytree(saved, tmp_path / "out")
    done = parley("run", "oslo_2019", "-n", 7, "-o", "out", "--force")
    assert done.code == 0
    assert sim.open_result(tmp_path / "out").replicates == 7
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_force_refuses_what_is_more_than_a_result(
    parley: Parley, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.ensemble.run", None)
    shutil.copytree(saved, tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("mine")
    before = contents(tmp_path / "out")
    done = parley("run", "oslo_2019", "-o", "out", "--force")
    assert done.code == 2
    assert "holds 'notes.txt'" in done.err
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize("target", ["file/out", "file/deep/out", "/dev/null/out"])
def test_an_unwritable_folder_exits_1_before_anything_runs(
    parley: Parley, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.setattr("sim.ensemble.run", None)
    (tmp_path / "file").write_text("mine")
    done = parley("run", "oslo_2019", "-o", target)
    assert (done.code, done.out) == (1, "")
    assert "cannot be written" in done.err
    assert (tmp_path / "file").read_text() == "mine"


def test_a_full_disk_exits_1_and_leaves_nothing_or_the_earlier_result(
    parley: Parley, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("sim.storage.derived_files", full)
    done = parley("run", "oslo_2019", "-n", 5, "-o", "deep/out")
    assert (done.code, done.out) == (1, "")
    assert "deep/out: the result cannot be written: No space left on device" in done.err
    assert list(tmp_path.iterdir()) == []
    shutil.copytree(saved, tmp_path / "out")
    assert parley("run", "oslo_2019", "-n", 5, "-o", "out", "--force").code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert contents(tmp_path / "out") == contents(saved)


# What a person sees


def test_the_table_says_what_the_document_says(parley: Parley) -> None:
    words = ("run", "oslo_2019", "-n", NUMBER, "--seed", 1)
    document, told = parley(*words, "--json").document, parley(*words)
    assert told.err == ""
    for row in document["outcomes"]:
        name = row["outcome"].replace("_", " ")
        text = rf"^{name} +{100 * row['share']:.0f}% +"
        text += f"{100 * row['low']:.0f} to {100 * row['high']:.0f} "
        assert re.search(text, told.out, re.MULTILINE), name
    assert "95% interval: simulation error only" in told.out
    assert "5-95% over parameters" in told.out
    assert told.out.rstrip().endswith(
        "Conditional on the model and its assumptions; not a forecast."
    )


TABLES = [
    ("run", "oslo_2019", "-n", "30"),
    ("compare", "oslo_2019", "norway_leaves", "-n", "30"),
    ("list",),
]


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("words", TABLES, ids=lambda words: words[0])
def test_lines_fit_the_terminal_and_end_without_blanks(
    parley: Parley, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = parley(*words).out.splitlines()
    assert [line for line in lines if line != line.rstrip()] == []
    assert [line for line in lines if len(line) > min(width, 100)] == []
    if words[0] != "list" and width >= 80:
        assert any(re.match("outcome  .*95% interval", line) for line in lines)


@pytest.mark.parametrize("width", [80, 100, 200])
def test_explain_is_a_table_per_actor_without_the_common_path(
    parley: Parley, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = parley("explain", "norway_leaves").out.splitlines()
    assert [line for line in lines if len(line) > width or line != line.rstrip()] == []
    assert "actors.norway: Norway (mediator); venezuela_2019.yaml" in lines  # once for all rows
    row = next(line for line in lines if line.startswith("way_out "))
    assert "assumed:" in row
    assert re.search(r":\d+$", row)
    assert ("0 to 1" in row) == (width >= 100)
    event = re.compile("norway_leaves +2019-09-15 +norway +withdraw +fey2010")
    assert any(event.fullmatch(line) for line in lines)


@pytest.mark.parametrize("part", ["norway", "actors.norway"])
def test_explain_of_a_part_says_what_each_parameter_means_and_why(
    parley: Parley, part: str
) -> None:
    rows = parley("explain", "oslo_2019", part, "--json").document["parameters"]
    assert {row["path"].rpartition(".")[0] for row in rows} == {"actors.norway"}
    out = parley("explain", "oslo_2019", part).out
    for row in rows:
        name = row["path"].rpartition(".")[2]
        assert f"\n{name}: {row['meaning'].split()[0]} " in out
        assert not row["reason"] or row["reason"].split()[-1] in out


@pytest.mark.parametrize("path", ["actors.norway.guarantee", "timeline.embargo", "talks"])
def test_explain_takes_a_path_an_event_and_a_section(parley: Parley, path: str) -> None:
    rows = parley("explain", "embargo_august_2019", path, "--json").document["parameters"]
    assert rows
    assert all(f"{row['path']}.".startswith(f"{path}.") for row in rows)


def test_explain_names_the_part_that_was_meant(parley: Parley) -> None:
    done = parley("explain", "oslo_2019", "nroway")
    assert (done.code, done.out) == (2, "")
    assert done.err == "no part 'nroway' in the scenario; did you mean 'norway'?\n"


def test_explain_accounts_for_what_an_event_sets_by_the_source_of_the_event(
    parley: Parley,
) -> None:
    rows = parley("explain", "embargo_august_2019", "--json").document["parameters"]
    set_by_events = [row for row in rows if row["path"].startswith("timeline.")]
    assert set_by_events
    assert all(row["source"] for row in set_by_events)


def test_explain_says_which_value_was_set_elsewhere(parley: Parley) -> None:
    told = parley("explain", "oslo_2019", "--set", "actors.norway.bias=0.3").out
    assert re.search(r"^bias +.*--set$", told, re.MULTILINE)


RANGES = {
    "measured": ({"low_parameters": 0.02, "high_parameters": 0.31}, "2 to 31"),
    "narrow": ({"low_parameters": 0.108, "high_parameters": 0.112}, "10.8 to 11.2"),
    "too narrow to measure": (
        {"low_parameters": 0.04, "high_parameters": 0.22, "parameters_measured": False},
        "within 4 to 22",
    ),
    "undefined": (
        {"low_parameters": None, "high_parameters": None, "parameters_measured": False},
        "-",
    ),
}


@pytest.mark.parametrize("kind", RANGES)
def test_a_range_over_parameters_is_never_shown_as_a_point(
    capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    fields, shown = RANGES[kind]
    share = {"share": 0.11, "low": 0.1, "high": 0.12, "parameters_measured": True, **fields}
    part = {"share": None, "low": None, "high": None}
    run_command.print_distribution(
        {
            **{"title": "x", "replicates": 2000, "weeks": 10, "seed": 1, "note": NOTE},
            "outcomes": [{"outcome": name, **share} for name in OUTCOMES],
            **dict.fromkeys(GROUPS, share),
            "sublabels": [],
            "first_deal_by_week": {"13": 0.1},
            "variance": {"parameters": part},
        }
    )
    told = capsys.readouterr().out
    assert re.search(rf"^military defection +11\.0% +10\.0 to 12\.0 +{shown}$", told, re.MULTILINE)
    assert ("too narrow to measure" in told) == shown.startswith("within")


def test_a_comparison_names_the_moves_between_outcomes(parley: Parley) -> None:
    words = ("compare", "oslo_2019", "--alt", "same:actors.norway.name=Norge", "-n", 20)
    assert "Every replicate ends as in the base." in parley(*words).out
    told = parley("compare", "oslo_2019", "--alt", "alone:actors.norway.present=0", "-n", 60).out
    assert re.search(r"^\d+ replicates end differently: ", told, re.MULTILINE)
    assert "paired on the same luck" in told.replace("\n", " ")
    assert "-0.0" not in told


def a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


COLOUR = re.compile(r"\x1b\[[\d;]*?(?:3|4|9|10)\d(?:[;m])")


def test_progress_is_shown_on_a_terminal_alone(
    parley: Parley, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("run", "oslo_2019", "-n", "20", "--json")
    assert parley(*words).err == ""
    a_terminal(monkeypatch)
    shown = parley(*words)
    assert shown.code == 0
    assert "Talks in Oslo" in shown.err
    assert COLOUR.search(shown.err)
    assert_run_document(shown.document, 20, 0)


def test_no_color_takes_the_colours_away(parley: Parley, monkeypatch: pytest.MonkeyPatch) -> None:
    a_terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    told = parley("run", "oslo_2019", "-n", "20")
    assert "Talks in Oslo" in told.err
    assert not COLOUR.search(told.out + told.err)


def test_quiet_is_quiet(parley: Parley, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = ("run", "oslo_2019", "-n", "5", "--set", "weeks=300")
    assert parley(*outside).err.startswith("warning: ")
    a_terminal(monkeypatch)
    told = parley(*outside, "-o", "out", "--quiet")
    assert (told.code, told.err) == (0, "")


def test_a_document_is_valid_json_where_there_is_no_unicode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", plain)
    terminal.print_json({"title": "Señales"})
    assert json.loads(plain.buffer.getvalue()) == {"title": "Señales"}  # type: ignore[attr-defined]


# What is imported


HEAVY = ("mesa", "pandas", "scipy.stats", "matplotlib", "xarray")


def imported(*words: str) -> set[str]:
    """Return which of the heavy packages one command imports, in a process of its own."""
    program = (
        "import sys\n"
        "from sim.cli.main import main\n"
        "try:\n    main()\n"
        "except SystemExit as stopped:\n    assert stopped.code == 0, stopped.code\n"
        f"print(*(name for name in {HEAVY} if name in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def test_help_imports_nothing_heavy() -> None:
    assert imported("--help") == set()


def test_validate_imports_nothing_heavy(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("parley: 1\ntitle: Mine\nextends: oslo_2019.yaml\n")
    assert imported("validate", str(path), "oslo_2019") == set()


def test_a_run_without_output_draws_and_stores_nothing() -> None:
    found = imported("run", "oslo_2019", "-n", "10", "--json")
    assert "mesa" in found
    assert not found & {"matplotlib", "xarray", "scipy.stats"}
