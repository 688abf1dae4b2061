"""A saved result can be gone on with, and checked against what this package computes."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
import sim.plots
from sim.cli.main import main
from sim.ensemble import extend
from sim.errors import RunError, UsageError
from sim.experiments.until import run_until
from sim.experiments.verify import verify
from sim.sweeps import open_sweep
from tests.reliability import sweeping

#: The run of a scenario that is cheap: eight weeks, and no states of the world.
SHORT = sim.load("oslo_2019").alter({"weeks": 8, "actors.states": None})
RUN = ("run", "oslo_2019", "--set", "weeks=8", "--set", "actors.states=null")


@pytest.fixture
def call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Any:
    """Run a command from an empty folder; figures are drawn elsewhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(vars(sim.plots), "save_figures", lambda ensemble, folder: [])

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["parley", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            main()
        return (stopped.value.code, *capsys.readouterr())  # type: ignore[return-value]

    return run


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved") / "result"
    return sim.run(SHORT, 100, seed=2).save(folder, figures=False)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# Append


def test_a_result_appended_to_is_that_of_one_run_byte_for_byte(call: Any, tmp_path: Path) -> None:
    words = (*RUN, "--json")
    call(*words, "--seed", 2, "-n", 70, "-o", "parts")
    code, out, _ = call(*words, "-n", 50, "--append", "parts")
    assert (code, json.loads(out)["replicates"]) == (0, 120)
    call(*words, "--seed", 2, "-n", 120, "-o", "whole")
    assert files(tmp_path / "parts") == files(tmp_path / "whole")


def test_what_is_kept_of_a_long_run_does_not_depend_on_appending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sim.ensemble.KEPT_TRAJECTORIES", 40)
    monkeypatch.setattr("sim.ensemble.TWINS", 30)
    whole = sim.run(SHORT, 60, 1)
    parts = extend(extend(sim.run(SHORT, 20, 1), SHORT, 25), SHORT, 15)
    assert whole.twins.tobytes() == parts.twins.tobytes()
    for name, weekly in whole.weekly.items():
        assert weekly.paths.shape == (40, 8)
        assert weekly.paths.tobytes() == parts.weekly[name].paths.tobytes(), name
        assert np.array_equal(weekly.counts, parts.weekly[name].counts), name


def test_another_output_leaves_the_result_as_it_is(call: Any, saved: Path, tmp_path: Path) -> None:
    before = files(saved)
    more = ("-n", 10, "--append", saved, "-o", "more", "--json")
    code, _, err = call(*RUN, *more)
    assert (code, files(saved)) == (0, before), err
    assert sim.open_result(tmp_path / "more").replicates == 110


def test_the_result_of_another_scenario_or_version_is_refused(
    call: Any, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(saved)
    code, out, err = call("run", "norway_leaves", "-n", 5, "--append", saved)
    assert (code, out) == (2, "")
    assert "another scenario" in err
    there = sim.open_result(saved).environment
    monkeypatch.setattr("sim.ensemble.environment", lambda: {**there, "scipy": "0.1"})
    with pytest.raises(UsageError, match=r"scipy: .* then, 0\.1 now"):
        extend(sim.open_result(saved), SHORT, 5)
    assert files(saved) == before


@pytest.mark.parametrize("words", [("--seed", 5), ("--until-width", 0.1)], ids=str)
def test_what_does_not_go_with_append_is_refused(
    call: Any, saved: Path, words: tuple[object, ...]
) -> None:
    code, _, err = call("run", "oslo_2019", "-n", 5, "--append", saved, *words)
    assert code == 2
    assert "--append" in err


# Until every interval is narrow enough


def test_a_run_until_a_width_is_the_run_of_as_many_replicates() -> None:
    found = run_until(SHORT, 0.03, seed=4)
    assert found.replicates > 1000
    whole = sim.run(SHORT, found.replicates, 4)
    assert found.summary() == whole.summary()
    rows = [*found.summary()["outcomes"], found.summary()["agreement"], found.summary()["signed"]]
    assert max(row["high"] - row["low"] for row in rows) < 0.03


def test_the_command_takes_a_width(call: Any) -> None:
    code, out, _ = call(*RUN, "--until-width", 0.08, "--json")
    assert code == 0
    assert max(row["high"] - row["low"] for row in json.loads(out)["outcomes"]) < 0.08
    assert call("run", "oslo_2019", "--until-width", 0)[0] == 2


# Verify


def test_a_saved_result_is_verified_to_the_bit(call: Any, saved: Path) -> None:
    code, out, _ = call("verify", saved, "--json")
    (row,) = json.loads(out)["results"]
    assert (code, row["ok"], row["differing"], row["labels_equal"]) == (0, True, 0, 1.0)
    assert (row["replicates"], row["elsewhere"], row["rebuilt"]) == (100, [], [])
    # Every table, parameter and path of every one of them.
    assert row["compared"] > 100 * (13 + 40 + 8)


def forged(tmp_path: Path, **changes: Any) -> Path:
    """Save a result in which something is not what the model gives, with digests all right."""
    true = sim.run(SHORT, 100, seed=2)
    fields = {name: getattr(true, name) for name in true.__dataclass_fields__}
    return sim.Ensemble(**{**fields, **changes}).save(tmp_path / "forged", figures=False)


def test_numbers_that_the_model_does_not_give_are_found(call: Any, tmp_path: Path) -> None:
    true = sim.run(SHORT, 100, seed=2)
    attempts = true.table["attempts"].copy()
    attempts[3] += 2
    folder = forged(tmp_path, table={**true.table, "attempts": attempts})
    verdict = verify(folder)
    assert (verdict.ok, verdict.differing, verdict.largest) == (False, 1, 2.0)
    assert call("verify", folder)[0] == 1


def test_a_recorded_path_that_the_model_does_not_give_is_found(tmp_path: Path) -> None:
    true = sim.run(SHORT, 100, seed=2)
    name, weekly = next(iter(true.weekly.items()))
    paths = weekly.paths.copy()
    paths[7, 2] = np.nextafter(paths[7, 2], 9)
    changed = type(weekly)(weekly.column, paths, weekly.counts)
    verdict = verify(forged(tmp_path, weekly={**true.weekly, name: changed}))
    assert (verdict.ok, verdict.differing) == (False, 1)


def test_elsewhere_bits_may_differ_and_it_is_said_how_far(call: Any, tmp_path: Path) -> None:
    true = sim.run(SHORT, 100, seed=2)
    outcome = true.outcome.copy()
    outcome[:4] = (outcome[:4] + 1) % 8
    folder = forged(
        tmp_path,
        table={**true.table, "outcome": outcome},
        environment={**true.environment, "cpu_features": "SSE2"},
    )
    verdict = verify(folder)
    assert verdict.ok
    assert (verdict.labels_equal, verdict.differing) == (0.96, 4)
    assert "cpu_features" in verdict.elsewhere[0]
    code, out, _ = call("verify", folder)
    assert code == 0
    assert "96.0% end with the same label" in " ".join(out.split())


def test_every_file_of_a_result_is_covered_by_a_digest(saved: Path, tmp_path: Path) -> None:
    for name, content in files(saved).items():
        folder = tmp_path / name
        folder.mkdir()
        for other, text in files(saved).items():
            (folder / other).write_bytes(text)
        middle = len(content) // 2
        changed = bytes([content[middle] ^ 1])
        (folder / name).write_bytes(content[:middle] + changed + content[middle + 1 :])
        with pytest.raises(RunError, match=r"differs|no readable"):
            verify(folder)


def test_a_store_is_verified_and_a_forged_sum_is_found(tmp_path: Path) -> None:
    from sim.experiments.lock import lock
    from sim.experiments.store import open_store

    path = tmp_path / "store.db"
    scenario = sim.load("oslo_2019").alter(sweeping.CHANGES)
    vary = {"actors.opposition.prior_good_faith": [0.3, 0.5], "actors.cuba": [{}, None]}
    sim.sweep(scenario, vary, out=path, replicates=30)
    true = verify(path)
    assert (true.ok, true.replicates, true.differing) == (True, 120, 0)
    numbers = open_sweep(path).counts.copy()
    with lock(path), open_store(path) as store:
        store._database.execute("DELETE FROM rows")
        store._database.execute("DELETE FROM blocks")
        store._database.commit()
        numbers[1, 0] += 1
        store.add(0, 30, range(4), numbers.tolist())
    false = verify(path)
    assert (false.ok, false.differing, false.labels_equal) == (False, 1, 0.75)
