"""A sweep whose disk is full says so once, keeps what was finished, and goes on later."""

import resource
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sim.sweeps import Sweep, open_sweep
from tests.reliability import sweeping

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file size")

#: Bytes that a file may have: too few for an empty store, then for ever more finished blocks.
ROOM = (8_192, 400_000, 1_500_000)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    return sweeping.uninterrupted(tmp_path_factory.mktemp("whole") / "store.db")


def limited(store: Path, room: int) -> tuple[int, str, str]:
    """Run the sweep with files of at most so many bytes."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    process, _ = sweeping.start(store, "--workers", "1", "--resume", preexec_fn=limit)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


@pytest.mark.slow
def test_a_full_disk_loses_no_finished_block(
    tmp_path: Path, expected: Sweep, tries: Callable[[int, int], int]
) -> None:
    full = tries(len(ROOM), 30)
    rooms = [*ROOM, *(100_000 * step for step in range(1, full - len(ROOM) + 1))]
    store, rows = tmp_path / "store.db", []
    for room in sorted(rooms):
        code, out, err = limited(store, room)
        if code == 0:
            break
        assert (code, out) == (1, ""), err
        assert err.startswith(f"{store}: the store cannot be used: "), err
        assert len(err.splitlines()) == 1
        rows.append(sweeping.count_rows(store))
        if store.exists():
            open_sweep(store)
        assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert rows == sorted(rows)
    # Some limits met an empty store, others a half-finished one.
    assert rows[0] == 0
    assert 0 < rows[-1] < sweeping.BLOCKS
    process, _ = sweeping.start(store, "--resume")
    process.communicate()
    assert process.returncode == 0
    sweeping.assert_exact(store, expected)
    with closing(sqlite3.connect(store)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
