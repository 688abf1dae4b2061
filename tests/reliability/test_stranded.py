"""A cluster that can bring nothing more: said within seconds, and what is finished is kept."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import sim
from sim.errors import RunError
from sim.sweeps import Sweep, open_sweep
from tests.reliability import sweeping

pytest.importorskip("distributed")

pytestmark = pytest.mark.slow

#: Not a matter of speed: without limits of ours the wait has no end.
STALL = 60


@dataclass(frozen=True)
class Processes:
    """A scheduler and its only worker, which no nanny starts again."""

    address: str
    scheduler: subprocess.Popen[bytes]
    worker: subprocess.Popen[bytes]


def dask(part: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{part}", "--no-dashboard", *words]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Processes]:
    contact = tmp_path / "scheduler.json"
    here = ("--host", "127.0.0.1", "--scheduler-file", str(contact))
    scheduler = dask("scheduler", "--port", "0", *here)
    worker = dask("worker", "--no-nanny", "--nthreads", "1", *here)
    try:
        yield Processes(wait_for_address(contact), scheduler, worker)
    finally:
        for process in (worker, scheduler):
            process.kill()
            process.wait()


def wait_for_address(contact: Path) -> str:
    """Return the address that a scheduler writes down when it is up."""
    end = time.monotonic() + STALL
    while time.monotonic() < end:
        try:
            return str(json.loads(contact.read_text())["address"])
        except (OSError, ValueError):
            time.sleep(0.05)
    raise AssertionError("no scheduler within the stall bound")


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    return sweeping.uninterrupted(tmp_path_factory.mktemp("whole") / "store.db")


@pytest.mark.parametrize(
    ("part", "blow", "what"),
    [
        ("worker", signal.SIGKILL, "no worker is left"),
        ("worker", signal.SIGTERM, "no worker is left"),
        ("scheduler", signal.SIGKILL, "the scheduler "),  # Is gone, or no longer answers.
        ("scheduler", signal.SIGTERM, "the scheduler "),
        ("scheduler", signal.SIGSTOP, "the scheduler no longer answers"),
    ],
)
def test_a_sweep_that_nothing_computes_any_more_ends_in_part(
    cluster: Processes, tmp_path: Path, expected: Sweep, part: str, blow: int, what: str
) -> None:
    store = tmp_path / "store.db"
    process, mark = sweeping.start(store, "--scheduler", cluster.address)
    assert sweeping.wait_for_rows(store, process, 20)
    os.kill(getattr(cluster, part).pid, blow)
    out, err = process.communicate(timeout=STALL)
    assert (process.returncode, out) == (4, ""), err
    assert err.startswith(f"--scheduler {cluster.address}: {what}"), err
    assert err.count("\n") == 1, err
    assert f"kept in {store}, and --resume" in err
    assert sweeping.wait_until_gone(mark) == []
    assert not open_sweep(store).is_complete
    done, _ = sweeping.start(store, "--resume")
    out, err = done.communicate()
    assert (done.returncode, err) == (0, "")
    sweeping.assert_exact(store, expected)


def test_a_run_that_nothing_computes_any_more_fails(cluster: Processes) -> None:
    def progress(done: int, total: int) -> None:
        cluster.worker.kill()

    with pytest.raises(RunError, match=r"no worker is left$"):
        sim.run(
            sim.load("oslo_2019").alter(sweeping.CHANGES),
            2000,
            block=50,
            scheduler=cluster.address,
            progress=progress,
        )
