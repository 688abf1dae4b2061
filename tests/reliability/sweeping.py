"""A sweep of many small blocks as a process of its own, to be killed, interrupted or starved."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import closing
from pathlib import Path

import sim
from sim.sweeps import Sweep, open_sweep

REPLICATES = 20
BLOCKS = 300
VARY = {
    "actors.opposition.prior_good_faith": [round(0.3 + 0.01 * step, 2) for step in range(30)],
    "actors.norway.information": [round(0.01 * step, 2) for step in range(10)],
}
#: Three weeks without the states of the world: a block takes milliseconds.
CHANGES = {"weeks": 3, "actors.states": None}
# One point per block, so that there are as many blocks as points. Python ignores Ctrl-C where its
# parent did, so the child asks for it.
PROGRAM = f"""
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from sim.experiments import points
points.WIDTH = {REPLICATES}
from sim.cli.main import main
main()
"""


def words(store: Path, *more: str) -> list[str]:
    """Return the command line of the sweep."""
    vary = [f"--vary={path}={','.join(map(str, values))}" for path, values in VARY.items()]
    changes = ["--set=weeks=3", "--set=actors.states=null"]
    shared = ["oslo_2019", *vary, *changes, "-n", str(REPLICATES), "-o", str(store), "--quiet"]
    return [sys.executable, "-c", PROGRAM, "sweep", *shared, "--json", *more]


def start(store: Path, *more: str, **options: object) -> tuple[subprocess.Popen[str], str]:
    """Start the sweep; return the process and the mark that all its descendants carry."""
    mark = uuid.uuid4().hex
    process = subprocess.Popen(
        words(store, *more),
        env=os.environ | {"PARLEY_TEST_MARK": mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )
    return process, mark


def descendants(mark: str) -> list[int]:
    """Return the processes alive that carry the mark."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if mark.encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def workers(mark: str, parent: int) -> list[int]:
    """Return the worker processes of a sweep."""
    found = []
    for number in descendants(mark):
        command = Path(f"/proc/{number}/cmdline").read_bytes()
        if number != parent and b"spawn_main" in command:
            found.append(number)
    return found


def wait_until_gone(mark: str, seconds: float = 20.0) -> list[int]:
    """Wait for all descendants to end; return those that do not."""
    end = time.monotonic() + seconds
    while descendants(mark) and time.monotonic() < end:
        time.sleep(0.05)
    return descendants(mark)


def wait_for_rows(store: Path, process: subprocess.Popen[str], rows: int) -> bool:
    """Wait until the store has so many rows; False if the process ended first."""
    while process.poll() is None:
        if count_rows(store) >= rows:
            return True
        time.sleep(0.01)
    return False


def count_rows(store: Path) -> int:
    """Return the number of rows in a store, 0 if there is none yet."""
    if not store.exists():
        return 0
    with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT count(*) FROM rows").fetchone()[0])


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a process as nothing can be prepared for."""
    process.send_signal(signal.SIGKILL)
    out, err = process.communicate()
    assert process.returncode == -signal.SIGKILL, out + err


def uninterrupted(store: Path) -> Sweep:
    """Run the same sweep here, in blocks cut elsewhere."""
    scenario = sim.load("oslo_2019").alter(CHANGES)
    return sim.sweep(scenario, VARY, out=store, replicates=REPLICATES)


def assert_exact(store: Path, expected: Sweep) -> None:
    """Check that no row is lost, none doubled, and every number as in an uninterrupted sweep."""
    found = open_sweep(store)
    assert found.is_complete
    assert found.digest == expected.digest
    with closing(sqlite3.connect(store)) as database:
        rows, pairs, blocks = database.execute(
            "SELECT count(*), count(DISTINCT point || ':' || first_replicate), "
            "count(DISTINCT block) FROM rows"
        ).fetchone()
    assert (rows, pairs) == (BLOCKS, BLOCKS)
    assert blocks <= BLOCKS
