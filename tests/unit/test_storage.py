"""A result on disk is complete, says what it is, and comes back as it was or not at all."""

import errno
import hashlib
import json
import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.ensemble import run
from sim.errors import RunError, UsageError
from sim.folders import MANIFEST, check_target
from sim.outcomes import OUTCOMES, SUBLABELS
from sim.results import Ensemble
from sim.scenario.signs import refusal
from sim.scenario.yaml_reader import MAX_KEY, read_text
from sim.storage import resolved_yaml

NUMBER = 60
SEED = 3
FILES = {
    "manifest.json",
    "outcomes.csv",
    "parameters.csv",
    "scenario.resolved.yaml",
    "summary.json",
    "trajectories.csv",
    "trajectories.nc",
}
COLUMNS = [
    *("replicate", "outcome", "sublabel", "week", "signed_week"),
    *("settlement", "attempts", "failed_rounds", "recognisers"),
]
#: Every shape a result can have: all of it, one replicate, without twins, without records.
SHAPES: dict[str, tuple[int, dict[str, Any]]] = {
    "whole": (NUMBER, {}),
    "one replicate": (1, {}),
    "no twins": (20, {"twins": False}),
    "no record": (20, {"record": False}),
    "neither, one replicate": (1, {"twins": False, "record": False}),
    "not from the first": (20, {"start": 4711}),
}


@pytest.fixture(scope="module")
def oslo() -> sim.Scenario:
    return sim.load("oslo_2019")


@pytest.fixture(scope="module")
def ensemble(oslo: sim.Scenario) -> Ensemble:
    return run(oslo, NUMBER, SEED)


@pytest.fixture(scope="module")
def folder(ensemble: Ensemble, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved result that no test changes."""
    return ensemble.save(tmp_path_factory.mktemp("saved") / "result", figures=False)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def assert_equal(one: Ensemble, other: Ensemble) -> None:
    """Every array has the same bytes and type, everything else is equal, in the same order."""
    for name in ("table", "parameters"):
        mine, yours = getattr(one, name), getattr(other, name)
        assert list(mine) == list(yours)
        for column, values in mine.items():
            assert values.dtype == yours[column].dtype, column
            assert values.tobytes() == yours[column].tobytes(), column
    assert one.twins.dtype == other.twins.dtype
    assert one.twins.tobytes() == other.twins.tobytes()
    assert list(one.weekly) == list(other.weekly)
    for name, weekly in one.weekly.items():
        assert weekly.column == other.weekly[name].column
        assert weekly.paths.tobytes() == other.weekly[name].paths.tobytes()
        assert weekly.counts.dtype == other.weekly[name].counts.dtype
        assert weekly.counts.tobytes() == other.weekly[name].counts.tobytes()
    for name in ("scenario", "design", "environment"):
        assert dict(getattr(one, name)) == dict(getattr(other, name))


# The files


def test_a_result_is_these_files(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == FILES


def test_outcomes_csv_has_one_row_per_replicate_sorted_in_its_columns(
    ensemble: Ensemble, folder: Path
) -> None:
    rows = pd.read_csv(folder / "outcomes.csv", keep_default_na=False)
    assert rows.columns.tolist() == COLUMNS
    assert rows["replicate"].tolist() == list(range(NUMBER))
    assert set(rows["outcome"]) <= set(OUTCOMES)
    assert set(rows["sublabel"]) <= set(SUBLABELS)
    assert rows["outcome"].tolist() == [OUTCOMES[code] for code in ensemble.outcome]
    assert rows["week"].between(1, ensemble.weeks).all()
    signed = rows["signed_week"] != ""
    assert signed.tolist() == ensemble.signed.tolist()
    assert (rows["settlement"] != "").tolist() == signed.tolist()
    exact = rows["settlement"][signed].astype(float).to_numpy()
    assert exact.tobytes() == ensemble.table["settlement"][ensemble.signed].tobytes()


def test_parameters_csv_has_every_uncertain_parameter_of_every_replicate(
    oslo: sim.Scenario, ensemble: Ensemble, folder: Path
) -> None:
    rows = pd.read_csv(folder / "parameters.csv", dtype=str)
    uncertain = [path for path, p in oslo.parameters.items() if not p.quantity.is_fixed]
    assert rows.columns.tolist() == ["replicate", *uncertain]
    assert rows["replicate"].tolist() == [str(number) for number in range(NUMBER)]
    for path in uncertain:
        assert rows[path].astype(float).to_numpy().tobytes() == ensemble.parameters[path].tobytes()


def test_summary_json_is_the_summary(ensemble: Ensemble, folder: Path) -> None:
    assert json.loads((folder / "summary.json").read_text("utf-8")) == ensemble.summary()


def test_manifest_has_the_digest_of_every_file_and_the_design(
    ensemble: Ensemble, folder: Path
) -> None:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    assert set(manifest["files"]) == FILES - {MANIFEST}
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert manifest["design"] == dict(ensemble.design)
    assert {"parley-sim", "numpy", "scipy", "mesa", "cpu_features"} <= manifest[
        "environment"
    ].keys()


def test_trajectories_nc_opens_in_xarray_and_is_nan_after_a_replicates_end(
    oslo: sim.Scenario, ensemble: Ensemble, folder: Path
) -> None:
    with xr.open_dataset(folder / "trajectories.nc", engine="h5netcdf") as data:
        assert set(oslo.record) <= set(map(str, data.data_vars))
        assert data["week"].values.tolist() == list(range(1, ensemble.weeks + 1))
        ends = ensemble.table["week"]
        weeks = np.arange(1, ensemble.weeks + 1)
        assert (ends < ensemble.weeks).any(), "no replicate ended early: nothing is tested"
        for name in oslo.record:
            values = data[name].values
            assert values.shape == (NUMBER, ensemble.weeks)
            assert data[name].attrs["units"]
            assert np.isnan(values[weeks > ends[:, None]]).all()
        assert not np.isnan(data["zone"].values[weeks <= ends[:, None]]).any()


def test_trajectories_csv_has_quantiles_by_week_of_those_that_still_run(
    oslo: sim.Scenario, ensemble: Ensemble, folder: Path
) -> None:
    rows = pd.read_csv(folder / "trajectories.csv")
    assert rows.columns.tolist() == ("variable unit week date running q05 q25 q50 q75 q95".split())
    assert rows["variable"].unique().tolist() == list(oslo.record)
    for name, part in rows.groupby("variable"):
        weekly = ensemble.weekly[str(name)]
        step = (weekly.column.high - weekly.column.low) / (weekly.counts.shape[1] - 1)
        assert part["week"].tolist() == list(range(1, ensemble.weeks + 1))
        assert part["date"].iloc[1] == (oslo.start + timedelta(weeks=1)).isoformat()
        for row in part.itertuples():
            running = weekly.paths[ensemble.table["week"] >= row.week, row.week - 1]
            assert row.running == len(running)
            exact = np.quantile(running, [0.05, 0.5, 0.95], method="inverted_cdf")
            assert np.allclose([row.q05, row.q50, row.q95], exact, atol=0.51 * step, rtol=1e-5)


def test_resolved_scenario_runs_again_to_the_same_bits(
    oslo: sim.Scenario, ensemble: Ensemble, folder: Path
) -> None:
    again = sim.load(folder / "scenario.resolved.yaml")
    assert again.sha256 == oslo.sha256 == ensemble.design["scenario_sha256"]
    rerun = run(again, NUMBER, SEED)
    assert rerun.outcomes.to_csv() == ensemble.outcomes.to_csv()
    for name, weekly in ensemble.weekly.items():
        assert rerun.weekly[name].paths.tobytes() == weekly.paths.tobytes()


def test_a_changed_scenario_is_resolved_with_its_changes(
    oslo: sim.Scenario, tmp_path: Path
) -> None:
    changed = oslo.alter(
        {"actors.norway.bias": 0.3, "actors.cuba": None, "title": "Señales: 1e5, no & 'on' #2"}
    )
    saved = run(changed, 5, SEED).save(tmp_path / "changed", figures=False)
    again = sim.load(saved / "scenario.resolved.yaml")
    assert again.sha256 == changed.sha256
    assert again.title == changed.title


AMBIGUOUS = [
    *("no", "on", "null", "~", "", "-", "=", "<<", "12:30", "2019-05-17"),
    *("1e5", "1_000", "010", "0o17", ".5", "5.", ".iNf", "+1E-3", "x\xa0y", "a\nb", "\u200b"),
]


#: What a scenario may hold, and so all that is ever written.
TEXT = st.text().filter(lambda text: refusal(text) is None)


@given(
    st.lists(TEXT | st.sampled_from(AMBIGUOUS), max_size=8),
    st.text(max_size=MAX_KEY).filter(lambda text: refusal(text) is None),
    st.floats(-9, 9),
)
def test_resolved_yaml_reads_back_as_what_was_written(
    texts: list[str], key: str, number: float
) -> None:
    data = {"title": "x", "nested": {key: texts}, "again": [texts, texts], "number": number}
    assert read_text(resolved_yaml(data), "written").plain() == data


# There and back


@pytest.mark.parametrize("shape", SHAPES)
def test_a_result_comes_back_equal_in_every_array(
    oslo: sim.Scenario, tmp_path: Path, shape: str
) -> None:
    number, how = SHAPES[shape]
    original = run(oslo, number, SEED, **how)
    opened = sim.open_result(original.save(tmp_path / "result", figures=False))
    assert_equal(original, opened)
    assert opened.summary() == original.summary()
    again = opened.save(tmp_path / "again", figures=False)
    assert contents(again) == contents(tmp_path / "result")


def test_a_scenario_that_records_nothing_has_a_result(oslo: sim.Scenario, tmp_path: Path) -> None:
    silent = run(oslo.alter({"record": []}), 5, SEED)
    assert silent.weekly == {}
    opened = sim.open_result(silent.save(tmp_path / "silent", figures=False))
    assert_equal(silent, opened)


def test_saving_twice_gives_the_same_bytes(
    ensemble: Ensemble, folder: Path, tmp_path: Path
) -> None:
    again = ensemble.save(tmp_path / "elsewhere" / "other name", figures=False)
    assert contents(again) == contents(folder)


def test_running_and_saving_again_gives_the_same_bytes(
    oslo: sim.Scenario, folder: Path, tmp_path: Path
) -> None:
    again = run(oslo, NUMBER, SEED, block=7).save(tmp_path / "again", figures=False)
    assert contents(again) == contents(folder)


def test_figures_are_part_of_a_result_and_the_same_bytes_each_time(
    oslo: sim.Scenario, tmp_path: Path
) -> None:
    ensemble = run(oslo, 30, SEED)
    one, two = (contents(ensemble.save(tmp_path / name)) for name in "ab")
    assert "outcome_shares.png" in one
    assert one == two
    manifest = json.loads(one[MANIFEST])
    assert set(manifest["files"]) == one.keys() - {MANIFEST}
    assert_equal(sim.open_result(tmp_path / "a"), ensemble)


# What is not as it was saved


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_flipped_byte_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    spoilt = tmp_path / "spoilt"
    shutil.copytree(folder, spoilt)
    path = spoilt / name
    original = path.read_bytes()
    places = np.linspace(0, len(original) - 1, 40 if name == MANIFEST else 3).astype(int)
    for place in sorted({int(place) for place in places}):
        data = bytearray(original)
        data[place] ^= 1
        path.write_bytes(bytes(data))
        with pytest.raises(RunError) as refused:
            sim.open_result(spoilt)
        assert name in str(refused.value)
    path.write_bytes(original)
    sim.open_result(spoilt)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_missing_file_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(folder, tmp_path / "spoilt")
    (tmp_path / "spoilt" / name).unlink()
    with pytest.raises(RunError, match=name):
        sim.open_result(tmp_path / "spoilt")


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"files": 3}', "\x00", '{"files": {}}'])
def test_a_folder_without_a_manifest_of_ours_is_no_result(tmp_path: Path, text: str) -> None:
    with pytest.raises(RunError, match="no saved result"):
        sim.open_result(tmp_path)
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(RunError, match="no saved result"):
        sim.open_result(tmp_path)


# Where a result may be written


def test_a_folder_that_exists_is_left_alone_without_force(
    ensemble: Ensemble, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    with pytest.raises(UsageError, match="exists already; use --force"):
        ensemble.save(tmp_path / "mine", figures=False)
    assert list((tmp_path / "mine").iterdir()) == []


def test_force_replaces_a_result_as_a_whole(
    oslo: sim.Scenario, ensemble: Ensemble, folder: Path, tmp_path: Path
) -> None:
    target = run(oslo, 5, 1).save(tmp_path / "result", figures=False)
    ensemble.save(target, force=True, figures=False)
    assert contents(target) == contents(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["result"]


@pytest.mark.parametrize("stranger", ["notes.txt", "src"])
def test_force_refuses_a_folder_that_holds_anything_else(
    ensemble: Ensemble, folder: Path, tmp_path: Path, stranger: str
) -> None:
    target = tmp_path / "result"
    shutil.copytree(folder, target)
    (target / stranger).mkdir()
    with pytest.raises(UsageError, match=f"holds '{stranger}', which is no part of a result"):
        ensemble.save(target, force=True, figures=False)
    assert {path.name for path in target.iterdir()} == FILES | {stranger}


def test_force_refuses_a_folder_with_another_programs_manifest(
    ensemble: Ensemble, tmp_path: Path
) -> None:
    (tmp_path / MANIFEST).write_text('{"name": "a web page", "files": []}')
    with pytest.raises(UsageError, match="no part of a result"):
        ensemble.save(tmp_path, force=True, figures=False)
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST]


def test_a_file_in_the_way_is_refused_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        check_target(tmp_path / "file", force=True)
    with pytest.raises(RunError, match="cannot be written"):
        check_target(tmp_path / "file" / "below" / "it", force=False)


def test_a_link_to_a_result_stays_a_link(ensemble: Ensemble, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "result")
    (tmp_path / "link").symlink_to("result")
    ensemble.save(tmp_path / "link", force=True, figures=False)
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "result") == contents(folder)


# A failure in the middle

#: Writers at the start, in the middle and at the end of what is written.
WRITERS = (
    *("storage.outcomes_frame", "storage.derived_files", "storage._dataset"),
    *("folders._write_manifest", "folders._put_in_place"),
)


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("writer", WRITERS)
def test_a_full_disk_leaves_nothing_behind(
    ensemble: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str
) -> None:
    monkeypatch.setattr(f"sim.{writer}", full)
    with pytest.raises(RunError, match="cannot be written: No space left on device"):
        ensemble.save(tmp_path / "new" / "deep" / "result", figures=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("writer", WRITERS)
def test_a_full_disk_leaves_the_earlier_result_as_it_was(
    ensemble: Ensemble,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    writer: str,
) -> None:
    shutil.copytree(folder, tmp_path / "result")
    monkeypatch.setattr(f"sim.{writer}", full)
    with pytest.raises(RunError):
        ensemble.save(tmp_path / "result", force=True, figures=False)
    assert [path.name for path in tmp_path.iterdir()] == ["result"]
    assert contents(tmp_path / "result") == contents(folder)


@pytest.mark.parametrize("failure", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()])
def test_a_failure_while_results_change_places_keeps_the_earlier_one(
    ensemble: Ensemble,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
) -> None:
    shutil.copytree(folder, tmp_path / "result")
    replace, moves = os.replace, list[Path]()

    def fails_second(source: Path, target: Path) -> None:
        moves.append(source)
        if len(moves) == 2:
            raise failure
        replace(source, target)

    monkeypatch.setattr("os.replace", fails_second)
    with pytest.raises((RunError, KeyboardInterrupt)):
        ensemble.save(tmp_path / "result", force=True, figures=False)
    assert [path.name for path in tmp_path.iterdir()] == ["result"]
    assert contents(tmp_path / "result") == contents(folder)


def test_results_say_in_a_line_what_they_are(tmp_path: Path) -> None:
    oslo = sim.load("oslo_2019")
    assert repr(run(oslo, 20, seed=1)) == "<Ensemble of oslo_2019: 20 replicates, seed 1>"
    swept = sim.sweep(oslo, {"talks.cool_off": [4, 8]}, out=tmp_path / "s.db", replicates=8)
    assert repr(swept) == "<Sweep of oslo_2019: 2 points of talks.cool_off; 16 replicates>"
