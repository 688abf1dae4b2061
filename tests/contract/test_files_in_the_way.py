"""Stores and results that cannot be read, that go while they are written, or have odd names."""

import errno
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sim
from sim import database
from sim.errors import RunError
from tests.command import Parley

VARY = ("--vary", "actors.opposition.hardness=0.2,0.4", "-n", "10")
SWEEP = ("sweep", "two_players", *VARY, "--quiet")
RUN = ("run", "two_players", "-n", "20", "--quiet")


def swept(store: str = "s.db") -> Any:
    paths = {"actors.opposition.hardness": [0.2, 0.4]}
    return sim.sweep("two_players", paths, out=store, replicates=10)


# A log that cannot be read


@pytest.fixture
def unfinished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store whose blocks stand in its log, as a killed sweep leaves it."""
    monkeypatch.chdir(tmp_path)
    swept("whole.db")
    open_one = sqlite3.connect("whole.db")
    open_one.execute("PRAGMA journal_mode = WAL")
    open_one.execute("CREATE TABLE newest (block)")
    open_one.commit()
    Path("copy").mkdir()
    for name in ("whole.db", "whole.db-wal"):
        shutil.copy(name, Path("copy") / name)
    open_one.close()
    assert Path("copy/whole.db-wal").stat().st_size
    return Path("copy/whole.db")


READERS: dict[str, Callable[[Path], tuple[object, ...]]] = {
    "verify": lambda store: ("verify", store),
    "analyse": lambda store: ("analyse", store),
    "report": lambda store: ("report", "out", "--sweep", store, "-o", "x.html"),
}


@pytest.mark.parametrize("name", READERS)
def test_a_log_that_cannot_be_read_is_named_and_not_passed_over(
    name: str, unfinished: Path, parley: Parley, monkeypatch: pytest.MonkeyPatch
) -> None:
    parley(*RUN, "-o", "out")
    opened = database._open

    def guarded(path: Path, how: str) -> sqlite3.Connection:
        if how == "mode=ro":  # As SQLite does where it may make no file beside the store.
            raise sqlite3.OperationalError("unable to open database file")
        return opened(path, how)

    monkeypatch.setattr(database, "_open", guarded)
    done = parley(*READERS[name](unfinished.absolute()))
    assert done.code == 1
    assert "whole.db-wal" in done.err
    assert "verified" not in done.out
    unfinished.with_name("whole.db-wal").unlink()
    assert parley("verify", unfinished.absolute()).code == 0


def test_a_store_without_a_finished_block_is_not_verified(
    tmp_path: Path, parley: Parley, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiments.sweep._compute", lambda *_: None)
    swept()
    done = parley("verify", "s.db")
    assert done.code == 1
    assert done.err == "s.db: no block is finished, so there is nothing to verify\n"


@pytest.mark.filterwarnings("error::ResourceWarning")
def test_a_store_that_is_refused_is_closed(tmp_path: Path) -> None:
    bent = tmp_path / "bent.db"
    bent.write_bytes(b"SQLite format 3\0" + bytes(4096))
    for _ in range(3):
        with pytest.raises(RunError):
            sim.open_sweep(bent)
    assert not [fd for fd in os.listdir("/proc/self/fd") if opens(fd, bent)]


def opens(descriptor: str, path: Path) -> bool:
    try:
        return os.path.samefile(f"/proc/self/fd/{descriptor}", path)
    except OSError:
        return False


# A store that goes while it is written


def other(path: Path) -> None:
    shutil.copy(path, "aside.db")
    os.replace("aside.db", path)


GOING: dict[str, Callable[[Path], Any]] = {
    "removed": Path.unlink,
    "replaced": other,
    "moved": lambda path: path.rename("elsewhere.db"),
    "its folder removed": lambda path: shutil.rmtree(path.parent),
}


@pytest.mark.parametrize("how", GOING)
@pytest.mark.parametrize("when", ["before the last block", "after it"])
def test_a_store_that_goes_while_it_is_written_is_a_failure(
    how: str, when: str, parley: Parley, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.experiments import sweep as module

    computed = module._compute

    def going(*words: Any) -> None:
        if when == "after it":
            computed(*words)
        GOING[how](Path("d/s.db"))
        if when != "after it":
            computed(*words)

    Path("d").mkdir()
    monkeypatch.setattr(module, "_compute", going)
    done = parley(*SWEEP, "-o", "d/s.db")
    assert done.code == 1
    assert done.err.startswith("d/s.db: the store was removed or replaced while it was written to")
    assert done.out == ""


def test_a_result_whose_place_goes_before_it_is_told_is_a_failure(
    parley: Parley, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim import folders

    put = folders._put_in_place

    def gone(staging: Path, folder: Path, *rest: Any) -> None:
        put(staging, folder, *rest)
        shutil.rmtree(folder)

    monkeypatch.setattr(folders, "_put_in_place", gone)
    done = parley(*RUN, "-o", "out")
    assert (done.code, "out: is no saved result" in done.err) == (1, True)


def test_a_result_that_is_gone_when_more_is_appended_is_a_failure(
    parley: Parley, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim import folders

    assert parley(*RUN, "-o", "out").code == 0
    staged = folders._write_manifest

    def gone(*words: Any) -> None:
        staged(*words)
        shutil.rmtree("out")

    monkeypatch.setattr(folders, "_write_manifest", gone)
    done = parley("run", "two_players", "-n", "30", "--append", "out", "--quiet")
    assert done.code == 1
    assert done.err.startswith("out: ")


# What cannot be read

FILES = ("manifest.json", "outcomes.csv", "summary.json", "trajectories.nc", "outcome_shares.png")
WAYS = {
    "verify": ("verify", "out"),
    "report": ("report", "out", "-o", "x.html"),
    "append": ("run", "two_players", "-n", "30", "--append", "out"),
    "analyse": ("analyse", "out"),
}


@pytest.mark.parametrize(
    ("name", "fault", "way"),
    [
        *((name, "a folder", "verify") for name in FILES),
        *(("outcomes.csv", fault, "verify") for fault in ("no permission", "a faulty disk")),
        *(("trajectories.nc", "a pipe", way) for way in WAYS),
        ("manifest.json", "no permission", "report"),
    ],
)
def test_a_file_of_a_result_that_cannot_be_read_is_named(
    name: str, fault: str, way: str, parley: Parley, monkeypatch: pytest.MonkeyPatch
) -> None:
    parley(*RUN, "-o", "out")
    refuse_to_read(Path("out") / name, fault, monkeypatch)
    done = parley(*WAYS[way])
    assert done.code == 1
    assert done.err.startswith(f"out/{name}: cannot be read: "), done.err


@pytest.mark.parametrize("fault", ["a folder", "no permission", "a faulty disk", "a pipe"])
def test_a_store_that_cannot_be_read_is_named(
    fault: str, parley: Parley, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept()
    if fault == "a folder":
        Path("s.db").unlink()
        Path("s.db").mkdir()
        assert parley("verify", "s.db").err.startswith("s.db: is no saved result")
        return
    refuse_to_read(Path("s.db"), fault, monkeypatch)
    for way in (("verify", "s.db"), ("analyse", "s.db")):
        done = parley(*way)
        assert done.code == 1
        assert done.err.startswith("s.db: cannot be read: "), done.err


def refuse_to_read(path: Path, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a file one that cannot be read; to root, whom no mode stops, Python is told so."""
    if fault in ("a folder", "a pipe"):
        path.unlink()
        path.mkdir() if fault == "a folder" else os.mkfifo(path)
        assert not stat.S_ISREG(path.stat().st_mode)
        return
    number = errno.EACCES if fault == "no permission" else errno.EIO
    opened = Path.open

    def refusing(self: Path, *words: Any, **more: Any) -> Any:
        if self.absolute() == path.absolute():
            raise OSError(number, os.strerror(number), str(self))
        return opened(self, *words, **more)

    monkeypatch.setattr(Path, "open", refusing)


# Names that mean something to a library

ODD = [":memory:", "file:x?mode=memory", "file::memory:", "a?b#c%20.db", "x' OR 1.db", "~", "$HOME"]


@pytest.mark.parametrize("name", ODD)
def test_a_name_is_a_name_to_every_writer_and_reader(name: str, parley: Parley) -> None:
    assert parley(*SWEEP, "-o", name).code == 0
    assert Path(name).read_bytes().startswith(b"SQLite format 3")
    assert parley(*SWEEP, "-o", name, "--resume").code == 0
    assert parley("verify", name).code == 0
    for path in Path().iterdir():
        assert path.name.removesuffix("-wal").removesuffix("-shm") == name
        path.unlink()
    assert parley(*RUN, "-o", name).code == 0
    assert parley("verify", name).code == 0
    assert sorted(path.name for path in Path().iterdir()) == [name]


@pytest.mark.parametrize("words", [(*SWEEP, "-o", ""), (*RUN, "-o", ""), (*SWEEP, "-o", ".")])
def test_no_name_is_refused(words: tuple[str, ...], parley: Parley) -> None:
    assert parley(*words).code == 2
    assert list(Path().iterdir()) == []
