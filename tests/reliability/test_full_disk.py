"""On a full disk a sweep keeps what was finished; all else stays as it was."""

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

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


#: Shares of what a command needs that the disk still has room for.
SHARES = (0.5, 0.97, 0.0, *(step / 18 for step in range(1, 18) if step != 9), 0.999)


def filled(how: str, folder: Path, shares: Sequence[float]) -> list[dict[str, Any]]:
    """Run every command of ``filling.py`` in rooms of these shares of what it needs."""
    words = [sys.executable, str(Path(__file__).with_name("filling.py")), str(folder), how]
    if how == "fill":
        mount = f"mount -t tmpfs -o size=40m tmpfs '{folder}' && exec \"$@\""
        words = ["unshare", "--mount", "--map-root-user", "sh", "-c", mount, "sh", *words]
    done = subprocess.run(
        [*words, *(["plain"] if len(shares) == 1 else []), *map(str, shares)],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    if how == "fill" and ("unshare" in done.stderr or "mount:" in done.stderr):
        pytest.skip(f"no file system of its own can be made: {done.stderr.splitlines()[0]}")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("how", ["limit", "fill"])
def test_a_full_disk_leaves_results_and_pages_as_they_were(
    how: str, tmp_path: Path, tries: Callable[[int, int], int]
) -> None:
    if how == "fill" and shutil.which("unshare") is None:
        pytest.skip("needs unshare to mount a file system of its own")
    attempts = filled(how, tmp_path, SHARES[: tries(1, len(SHARES))])
    assert len({attempt["command"] for attempt in attempts}) >= 5
    for attempt in attempts:
        assert (attempt["code"], attempt["out"], attempt["same"]) == (1, "", True), attempt
        assert len(attempt["err"].splitlines()) == 1, attempt
        assert "cannot be written: " in attempt["err"], attempt
        assert "internal error" not in attempt["err"], attempt
