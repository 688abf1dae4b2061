"""One wrong byte anywhere in what was saved: refused in one line, or the very same numbers."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import yaml

import sim
from sim.cli.main import main
from sim.errors import RunError
from sim.results import Ensemble
from sim.sweeps import Sweep, open_sweep
from tests.reliability import sweeping

REPLICATES = 20
VARY = {"actors.norway.information": [0.0, 0.1], "actors.norway.bias": [0.0, 0.05, 0.1]}
VIEWS = ("results", "shares")

Tries = Callable[[int, int], int]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved result with all its tables and figures."""
    scenario = sim.load("oslo_2019").alter(sweeping.CHANGES)
    return sim.run(scenario, REPLICATES, 1).save(tmp_path_factory.mktemp("saved") / "result")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished store of six points."""
    path = tmp_path_factory.mktemp("swept") / "store.db"
    scenario = sim.load("oslo_2019").alter(sweeping.CHANGES)
    sim.sweep(scenario, VARY, out=path, replicates=REPLICATES)
    return path


def flips(path: Path, number: int, luck: random.Random) -> Iterator[str]:
    """Change one byte of a file at so many places, one after the other; put it right at the end."""
    data = path.read_bytes()
    try:
        for place in luck.sample(range(len(data)), min(number, len(data))):
            wrong = data[place] ^ luck.randrange(1, 256)
            path.write_bytes(data[:place] + bytes([wrong]) + data[place + 1 :])
            yield f"{path.name}, byte {place}: {data[place]} became {wrong}"
    finally:
        path.write_bytes(data)


def answer(words: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Run a command here as the entry point does; return its exit code."""
    monkeypatch.setattr("sys.argv", ["parley", *words])
    with pytest.raises(SystemExit) as caught:
        main()
    return int(caught.value.code or 0)


def assert_one_line(error: RunError, where: str) -> None:
    """Check that a refusal is one message."""
    assert len(str(error).splitlines()) == 1, f"{where}: {error}"


def assert_refused(code: int, out: str, err: str, where: str) -> None:
    """Check that a command said no in one line of its own."""
    assert (code, out) == (1, ""), where
    assert len(err.splitlines()) == 1, f"{where}: {err}"
    assert "internal error" not in err, f"{where}: {err}"


def numbers(ensemble: Ensemble) -> list[bytes]:
    """Return every number of a result, and its scenario."""
    columns = [*ensemble.table.values(), *ensemble.parameters.values(), ensemble.twins]
    weekly = [part for w in ensemble.weekly.values() for part in (w.paths, w.counts)]
    texts = [yaml.safe_dump(dict(part)) for part in (ensemble.scenario, ensemble.design)]
    return [array.tobytes() for array in (*columns, *weekly)] + [text.encode() for text in texts]


def test_a_wrong_byte_in_any_file_of_a_result_is_noticed(
    result: Path,
    tries: Tries,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    luck, each = random.Random(20190517), tries(25, 500)
    right = numbers(sim.open_result(result))
    files = sorted(result.iterdir())
    assert len(files) >= 8
    for path in files:
        for count, where in enumerate(flips(path, each, luck)):
            # No byte of a result is spare: each file is under a digest, the manifest as well.
            with pytest.raises(RunError) as caught:
                sim.open_result(result)
            assert_one_line(caught.value, where)
            if count % 25 == 0:
                code = answer(["verify", str(result), "--quiet"], monkeypatch)
                assert_refused(code, *capsys.readouterr(), where)
    assert numbers(sim.open_result(result)) == right


def views(path: Path) -> list[object]:
    """Return what others read in a store without this package."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        return [database.execute(f"SELECT * FROM {view}").fetchall() for view in VIEWS]


def assert_same_sweep(found: Sweep, right: Sweep, where: str) -> None:
    """Check every number of a sweep, and what was varied."""
    assert found.digest == right.digest, where
    assert (found.scenario, found.design) == (right.scenario, right.design), where
    assert (found.failed, found.blocks) == (right.failed, right.blocks), where


def resume(store: Path, right: Sweep, where: str) -> None:
    """Go on with a copy of a finished store, which may be refused."""
    copy = Path(shutil.copytree(store.parent, store.parent.with_name("copy"))) / store.name
    scenario = sim.load("oslo_2019").alter(sweeping.CHANGES)
    try:
        again = sim.sweep(scenario, VARY, out=copy, replicates=REPLICATES, resume=True)
        assert_same_sweep(again, right, where)
    except RunError as error:
        assert_one_line(error, where)
    shutil.rmtree(copy.parent)


def test_a_wrong_byte_in_a_store_is_refused_or_changes_nothing(
    store: Path,
    tries: Tries,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    luck, each = random.Random(20190517), tries(25, 500)
    right, seen = open_sweep(store), views(store)
    refused = 0
    for count, where in enumerate(flips(store, each, luck)):
        if count % 5 == 0:
            resume(store, right, where)
        try:
            found = open_sweep(store)
        except RunError as error:
            refused += 1
            assert_one_line(error, where)
            if refused % 10 == 1:
                code = answer(["verify", str(store), "--quiet"], monkeypatch)
                assert_refused(code, *capsys.readouterr(), where)
        else:
            assert_same_sweep(found, right, where)
            assert views(store) == seen, where
    assert refused > each // 10
    assert_same_sweep(open_sweep(store), right, "put right")


def test_a_wrong_byte_in_the_log_of_a_killed_sweep_loses_blocks_and_bends_none(
    tmp_path: Path, tries: Tries
) -> None:
    luck, each = random.Random(20190517), tries(25, 500)
    process, mark = sweeping.start(tmp_path / "store.db", "--workers", "1")
    assert sweeping.wait_for_rows(tmp_path / "store.db", process, 20)
    sweeping.kill(process)
    assert sweeping.wait_until_gone(mark) == []
    log = tmp_path / "store.db-wal"
    assert log.stat().st_size > 0
    whole = sim.sweep(
        sim.load("oslo_2019").alter(sweeping.CHANGES),
        sweeping.VARY,
        out=tmp_path / "whole.db",
        replicates=sweeping.REPLICATES,
    )
    for where in flips(log, each, luck):
        copy = tmp_path / "copy"
        copy.mkdir()
        for path in tmp_path.glob("store.db*"):
            shutil.copy(path, copy)
        try:
            found = open_sweep(copy / "store.db")
        except RunError as error:
            assert_one_line(error, where)
        else:
            done = found.replicates > 0
            assert not found.is_complete, where
            assert np.array_equal(found.counts[done], whole.counts[done]), where
        shutil.rmtree(copy)
