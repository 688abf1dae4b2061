"""A sweep is exact, is one store that others can read, and refuses what makes no sense."""

import csv
import json
import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.analysis.tidy import write_tables
from sim.errors import RunError, ScenarioError, UsageError
from sim.executors import InProcess, Lost
from sim.experiments import points
from sim.experiments.lock import lock
from sim.experiments.sweep import plan_sweep
from sim.outcomes import OUTCOMES
from sim.sweeps import NUMBERS, SQUARED, SUMS, Sweep, open_sweep

OSLO = sim.load("oslo_2019")
SHORT = OSLO.alter({"weeks": 6, "actors.states": None})
FAITH, NORWAY = "actors.opposition.prior_good_faith", "actors.norway.information"
VARY = {FAITH: [0.3, 0.5, 0.7], NORWAY: [0.01, 0.09]}


def sums_of(ensemble: sim.Ensemble) -> list[int]:
    """Return the row that a store must hold of an ensemble, computed the plain way."""
    table = {**ensemble.table, "signed": ensemble.signed * 1}
    row = [int((ensemble.outcome == code).sum()) for code in range(len(OUTCOMES))]
    row += [sum(round(float(v) * unit) for v in table[name]) for name, unit in SUMS.items()]
    return row + [sum(round(float(v) ** 2 * SUMS[name]) for v in table[name]) for name in SQUARED]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sweep") / "store.db"
    sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3)
    return path


# Exactness


def test_a_point_is_the_run_of_the_altered_scenario_to_the_bit(tmp_path: Path) -> None:
    # Every kind of parameter: an actor's, a state's, the table's, the agenda's, an event's, one
    # that others follow, one that is whole; and what makes another scenario: a removed actor.
    scenario = OSLO.alter(
        {
            "weeks": 30,
            "timeline": [
                {
                    "id": "tighten",
                    "week": 5,
                    "actor": "united_states",
                    "action": "impose_sanctions",
                    "level": 0.6,
                    "source": "P1",
                },
            ],
        }
    )
    vary = {
        FAITH: [0.3, 0.7],
        "timeline.tighten.level": [0.2, 0.9],
        "agenda.prisoners.cost": [0.02, 0.2],
        "talks.round_length": [4, 9],
        "actors.states.patron_recognises": [0, 1],
        "actors.armed_forces.units": [3, 40],
        "actors.cuba": [{}, None],
    }
    found = sim.sweep(
        scenario,
        vary,
        out=tmp_path / "s.db",
        design="lhs",
        points=6,
        replicates=150,
        seed=8,
        beyond_range=True,
    )
    for row in range(found.size):
        point = {path: values[row] for path, values in found.points.items()}
        alone = sim.run(scenario.alter(point), 150, 8, record=False, twins=False)
        assert found.counts[row].tolist() == sums_of(alone), point
    assert len(np.unique(found.counts, axis=0)) == found.size


def test_replicates_added_later_are_those_of_one_sweep(tmp_path: Path, store: Path) -> None:
    path = tmp_path / "store.db"
    sim.sweep(SHORT, VARY, out=path, replicates=25, seed=3)
    grown = sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3, resume=True)
    assert grown.digest == open_sweep(store).digest
    assert grown.is_complete


def test_points_added_later_are_those_of_one_sweep(tmp_path: Path, store: Path) -> None:
    path = tmp_path / "store.db"
    sim.sweep(SHORT, {FAITH: [0.3, 0.7], NORWAY: [0.01]}, out=path, replicates=60, seed=3)
    assert sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3, resume=True).digest == (
        open_sweep(store).digest
    )
    small, large = tmp_path / "small.db", tmp_path / "large.db"
    axes = {FAITH: (0.2, 0.8), NORWAY: None}
    options: Any = {"design": "saltelli", "replicates": 20}
    sim.sweep(SHORT, axes, out=small, points=4, **options)
    grown = sim.sweep(SHORT, axes, out=small, points=8, resume=True, **options)
    assert grown.digest == sim.sweep(SHORT, axes, out=large, points=8, **options).digest


def test_blocks_and_workers_change_no_row(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "WIDTH", 45)
    cut = sim.sweep(SHORT, VARY, out=tmp_path / "s.db", replicates=60, seed=3, workers=2)
    assert cut.blocks == 8
    assert cut.digest == open_sweep(store).digest


def test_a_finished_sweep_is_left_as_it_is(tmp_path: Path, store: Path) -> None:
    path = tmp_path / "store.db"
    shutil.copy(store, path)
    before = contents(path)
    sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3, resume=True)
    assert contents(path) == before


def test_a_gap_that_a_failed_block_left_is_filled(tmp_path: Path, store: Path) -> None:
    path = tmp_path / "store.db"
    sim.sweep(SHORT, VARY, out=path, replicates=20, seed=3)
    sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3, resume=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM rows WHERE block = 0")
        database.execute("DELETE FROM blocks WHERE block = 0")
    assert not open_sweep(path).is_complete
    filled = sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3, resume=True)
    assert filled.digest == open_sweep(store).digest


def contents(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


# Blocks that fail


def test_a_block_that_fails_is_named_skipped_and_tried_again(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "WIDTH", 60)
    run_block = points.run_block

    def broken(task: Any) -> Any:
        if task.points[FAITH][0] == 0.5:
            raise RunError("replicate 3 met a number that is not finite")
        return run_block(task)

    path = tmp_path / "store.db"
    with monkeypatch.context() as patch:
        patch.setattr(points, "run_block", broken)
        part = sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3)
    assert not part.is_complete
    assert len(part.failed) == 2
    assert part.failed[0].startswith("point 2, replicates 0 to 59: replicate 3 met")
    assert np.isnan(part.mean("agreement")[2:4]).all()
    whole = sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3, resume=True)
    assert (whole.failed, whole.digest) == ((), open_sweep(store).digest)


def test_a_block_that_kills_its_workers_is_named_and_the_rest_is_finished(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deadly(InProcess):
        """Loses one task, as a pool does after three dead workers."""

        def map(self, function: Any, tasks: Any) -> Any:
            for task in tasks:
                yield (
                    Lost("it ended its worker process 3 times")
                    if 4 in task.points
                    else (function(task))
                )

    @contextmanager
    def deadly(*_: object) -> Any:
        yield Deadly()

    monkeypatch.setattr(points, "WIDTH", 60)
    path = tmp_path / "store.db"
    with monkeypatch.context() as patch:
        patch.setattr("sim.experiments.sweep.open_executor", deadly)
        part = sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3)
    assert part.failed == ("point 4, replicates 0 to 59: it ended its worker process 3 times",)
    assert part.replicates.tolist() == [60, 60, 60, 60, 0, 60]
    whole = sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3, resume=True)
    assert (whole.failed, whole.digest) == ((), open_sweep(store).digest)


# The store


def test_others_read_the_store_through_its_views(store: Path) -> None:
    sweep = open_sweep(store)
    with closing(sqlite3.connect(store)) as database:
        rows = database.execute(
            f'SELECT "{FAITH}", "{NORWAY}", replicates, talks_collapse, agreement, signed, '
            "mean_attempts, mean_good_faith_end FROM results"
        ).fetchall()
        shares = database.execute(
            "SELECT share FROM shares WHERE outcome = 'talks_collapse' ORDER BY position"
        ).fetchall()
    columns = [
        sweep.points[FAITH],
        sweep.points[NORWAY],
        sweep.replicates,
        sweep.count("talks_collapse"),
        sweep.count("agreement"),
        sweep.count("signed"),
        sweep.mean("attempts"),
        sweep.mean("good_faith_end"),
    ]
    assert np.array_equal(np.array(rows), np.stack(columns, axis=1))
    assert [row[0] for row in shares] == sweep.mean("talks_collapse").tolist()


def test_means_and_their_errors_are_those_of_the_replicates(store: Path) -> None:
    sweep = open_sweep(store)
    alone = sim.run(SHORT.alter({FAITH: 0.5, NORWAY: 0.01}), 60, 3, record=False)
    for name in SQUARED:
        values = alone.table[name].astype(float)
        assert sweep.mean(name)[2] == pytest.approx(values.mean(), abs=1e-9)
        assert sweep.error(name)[2] == pytest.approx(values.std() / 60**0.5, abs=1e-7)


def test_tidy_tables_have_sorted_rows_and_their_intervals(store: Path, tmp_path: Path) -> None:
    sweep = open_sweep(store)
    shares, means = write_tables(sweep, tmp_path)
    with shares.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [int(row["point"]) for row in rows] == sorted(int(row["point"]) for row in rows)
    assert len(rows) == 6 * 12
    row = rows[12 + 6]
    assert (row["point"], row["outcome"], row[FAITH]) == ("1", "talks_collapse", "0.3")
    assert int(row["count"]) == sweep.count("talks_collapse")[1]
    assert float(row["low"]) <= float(row["share"]) <= float(row["high"])
    assert len(means.read_text().splitlines()) == 1 + 6 * len(SQUARED)


TAMPER = {
    "a count": "UPDATE rows SET talks_collapse = talks_collapse + 1 WHERE point = 2",
    "a value": f'UPDATE points SET "{FAITH}" = 0.31 WHERE point = 0',
    "the seed": "UPDATE meta SET value = replace(value, '\"seed\": 3', '\"seed\": 4')",
    "a row": "DELETE FROM rows WHERE point = 1",
    "a reason": "UPDATE blocks SET reason = 'none'",
    "a block": "DELETE FROM blocks",
    "a view": "UPDATE sqlite_schema SET sql = replace(sql, 'SUM(signed)', 'MAX(signed)')",
}


@pytest.mark.parametrize("what", TAMPER)
def test_whatever_is_changed_in_a_store_is_noticed(store: Path, tmp_path: Path, what: str) -> None:
    path = tmp_path / "store.db"
    shutil.copy(store, path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA writable_schema = ON")
        assert database.execute(TAMPER[what]).rowcount > 0
    for use in (
        lambda: open_sweep(path),
        lambda: sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3, resume=True),
    ):
        with pytest.raises(RunError, match=r"SHA-256|never finished"):
            use()


def test_a_file_that_is_no_store_or_is_damaged_is_told_in_one_message(
    store: Path, tmp_path: Path
) -> None:
    damaged = bytearray(store.read_bytes())
    damaged[4096 * 2 : 4096 * 6] = os.urandom(4096 * 4)
    files = {"text": b"not a database, but long enough to be one" * 100, "damaged": bytes(damaged)}
    files["empty"] = b""
    for name, content in files.items():
        path = tmp_path / name
        path.write_bytes(content)
        for use in (
            lambda path=path: open_sweep(path),
            lambda path=path: sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3, resume=True),
        ):
            with pytest.raises(RunError) as told:
                use()
            assert str(told.value).startswith(str(path)), name
            assert len(str(told.value).splitlines()) == 1, name
        assert path.read_bytes() == content, name


def test_a_store_that_is_not_there_is_told() -> None:
    with pytest.raises(RunError, match=r"no\.db: there is no such store"):
        open_sweep("no.db")


OTHERS: dict[str, tuple[dict[str, Any], str]] = {
    "another seed": ({"seed": 4}, "seed: 3 there, 4 now"),
    "fewer replicates": ({"replicates": 30}, "replicates: 60 there, 30 now"),
    "other values": (
        {"vary": {FAITH: [0.3, 0.4], NORWAY: [0.01]}},
        "the point 0.3, 0.09 is missing",
    ),
    "another axis": ({"vary": {FAITH: [0.3, 0.5]}}, f"axes: {FAITH}, {NORWAY} there, {FAITH} now"),
    "another scenario": (
        {"scenario": SHORT.alter({"actors.norway.guarantee": 0.3})},
        "actors.norway.guarantee",
    ),
}


@pytest.mark.parametrize("what", OTHERS)
def test_the_store_of_another_sweep_is_refused_with_the_difference(
    store: Path, tmp_path: Path, what: str
) -> None:
    path = tmp_path / "store.db"
    shutil.copy(store, path)
    before = contents(path)
    changed, message = OTHERS[what]
    asked: dict[str, Any] = {"scenario": SHORT, "vary": VARY, "replicates": 60, "seed": 3}
    asked |= changed
    scenario, vary = asked.pop("scenario"), asked.pop("vary")
    with pytest.raises(UsageError) as told:
        sim.sweep(scenario, vary, out=path, resume=True, **asked)
    assert message in str(told.value)
    assert contents(path) == before


def test_the_store_of_another_version_is_refused(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.db"
    shutil.copy(store, path)
    now = {**open_sweep(path).environment, "numpy": "9.9"}
    monkeypatch.setattr("sim.experiments.sweep.environment", lambda: now)
    with pytest.raises(UsageError, match=r"numpy: .* then, 9\.9 now"):
        sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3, resume=True)


def test_a_second_writer_is_refused_and_a_lock_file_left_behind_is_not(
    store: Path, tmp_path: Path
) -> None:
    path = tmp_path / "store.db"
    shutil.copy(store, path)
    with lock(path), pytest.raises(UsageError, match="another process is writing"):
        sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3, resume=True)
    (tmp_path / "store.db.lock").touch()
    assert sim.sweep(SHORT, VARY, out=path, replicates=60, seed=3, resume=True).is_complete
    assert [found.name for found in tmp_path.iterdir()] == ["store.db"]


def test_a_store_is_never_overwritten_and_a_folder_is_none(store: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--resume"):
        sim.sweep(SHORT, VARY, out=store, replicates=60, seed=3)
    with pytest.raises(UsageError, match="is a folder"):
        sim.sweep(SHORT, VARY, out=tmp_path, replicates=60, seed=3)


def test_a_place_that_cannot_be_written_is_told_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="cannot be written"):
        sim.sweep(SHORT, VARY, out=tmp_path / "file" / "store.db", replicates=5)


# What is refused

REFUSED: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "nothing": ({}, UsageError, "name what varies"),
    "unknown path": ({"actors.norway.informatoin": [0, 1]}, ScenarioError, "'information'"),
    "unknown path alone": ({"talks.cooloff": None}, ScenarioError, "cool_off"),
    "outside the domain": ({NORWAY: "0:1.5:3"}, ScenarioError, "1.5 is outside 0 to 1"),
    "outside the range": ({NORWAY: "0:0.5:3"}, ScenarioError, "documented range, 0 to 0.1"),
    "a range that falls": ({NORWAY: "0.1:0:3"}, ScenarioError, "must rise"),
    "one step": ({NORWAY: "0:0.1:1"}, ScenarioError, "2 to 10,000 steps"),
    "no numbers": ({NORWAY: "a:b:c"}, ScenarioError, "all numbers"),
    "text for a number": ({NORWAY: "low,high"}, ScenarioError, "norway.information"),
    "half a unit": ({"actors.armed_forces.units": [2.5, 3]}, ScenarioError, "whole number"),
    "a position that is none": (
        {"actors.states.members.NOR.position": ["opposition", "both"]},
        ScenarioError,
        "position",
    ),
    "all points equal": ({NORWAY: [0.05]}, UsageError, "all its points are the same"),
    "what changes nothing": (
        {"actors.united_states.snapback": [0, 1]},
        UsageError,
        "changes nothing: actors.united_states.snapback",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_sweep_that_makes_no_sense_is_refused_before_anything_is_written(
    what: str, tmp_path: Path
) -> None:
    vary, kind, message = REFUSED[what]
    with pytest.raises(kind) as told:
        sim.sweep(OSLO, vary, out=tmp_path / "store.db", replicates=5)
    assert message in str(told.value)
    assert list(tmp_path.iterdir()) == []


def test_all_faults_of_all_axes_are_told_at_once() -> None:
    vary = {NORWAY: "0:1.5:3", "talks.cooloff": [1, 2], FAITH: [0.3, 2.0]}
    with pytest.raises(ScenarioError) as told:
        plan_sweep(OSLO, vary)
    assert len(told.value.problems) == 3


def test_an_axis_that_acts_only_with_another_is_named_and_not_refused() -> None:
    vary = {
        "actors.united_states.easing": [0.0, 0.5],
        "actors.united_states.snapback": [0.0, 1.0],
    }
    assert plan_sweep(OSLO, vary).idle() == ("actors.united_states.snapback",)


def test_axes_are_read_as_they_are_written() -> None:
    plan = plan_sweep(
        OSLO, {NORWAY: "0.01:0.1:4", "actors.states.members.NOR.position": "neither,opposition"}
    )
    assert plan.axes[0].values == (0.01, 0.04, 0.07, 0.1)
    assert plan.axes[1].values == ("neither", "opposition")
    ranged = plan_sweep(OSLO, {NORWAY: None, FAITH: (0.2, 0.4)}, "sobol", 8)
    assert [(axis.low, axis.high) for axis in ranged.axes] == [(0.0, 0.1), (0.2, 0.4)]


def test_the_digest_is_of_all_that_a_sweep_says(store: Path) -> None:
    sweep = open_sweep(store)
    counts = sweep.counts.copy()
    counts[0, len(NUMBERS) - 1] += 1
    other = Sweep(
        sweep.scenario, sweep.design, sweep.axes, sweep.points, sweep.replicates, counts, 1
    )
    assert other.digest != sweep.digest


# The command


def test_the_dry_run_tells_points_replicates_and_time_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.cli.main import main

    monkeypatch.chdir(tmp_path)
    words = ["parley", "sweep", "oslo_2019", "--set", "weeks=6", f"--vary={FAITH}=0.2:0.8:4"]
    monkeypatch.setattr("sys.argv", [*words, "--dry-run", "--json", "-n", "50"])
    with pytest.raises(SystemExit) as stopped:
        main()
    document = json.loads(capsys.readouterr().out)
    assert stopped.value.code == 0
    (row,) = document["results"]
    assert (row["points"], row["replicates"], row["blocks"]) == (4, 50, 1)
    assert row["seconds"] > 0
    assert list(tmp_path.iterdir()) == []


def test_the_command_prints_the_row_of_the_contract_and_exits_4_in_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.cli.main import main

    def call(*words: str) -> tuple[int, str, str]:
        common = ["sweep", "oslo_2019", "--set", "weeks=6", f"--vary={FAITH}=0.3,0.7", "-n", "40"]
        monkeypatch.setattr("sys.argv", ["parley", *common, "-o", "s.db", "--json", *words])
        with pytest.raises(SystemExit) as stopped:
            main()
        return (stopped.value.code, *capsys.readouterr())  # type: ignore[return-value]

    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(points, "run_block", lambda task: (_ for _ in ()).throw(RunError("no")))
        code, out, err = call()
    assert (code, json.loads(out)["results"][0]["failed"]) == (4, 1)
    assert "failed: points 0 to 1, replicates 0 to 39: no" in err
    code, out, _ = call("--resume")
    row = json.loads(out)["results"][0]
    assert code == 0
    assert {name: row[name] for name in ("points", "replicates", "blocks", "failed")} == {
        "points": 2,
        "replicates": 40,
        "blocks": 1,
        "failed": 0,
    }
