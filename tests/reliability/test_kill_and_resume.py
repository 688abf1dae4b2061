"""A sweep that is killed, interrupted or starved loses nothing and can always be resumed."""

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.sweeps import Sweep
from tests.reliability import sweeping

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="watches processes in /proc"
)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    return sweeping.uninterrupted(tmp_path_factory.mktemp("whole") / "store.db")


@pytest.mark.slow
def test_a_sweep_killed_again_and_again_ends_as_if_uninterrupted(
    tmp_path: Path, expected: Sweep, tries: Callable[[int, int], int]
) -> None:
    luck = random.Random(20190517)
    store, left = tmp_path / "store.db", tries(2, 200)
    while left:
        # A share of all rows at which the next kill falls, then a moment of chance on top.
        process, mark = sweeping.start(store, "--workers", "2", "--resume")
        there = sweeping.count_rows(store)
        goal = there + luck.randint(1, max(1, (sweeping.BLOCKS - there) // 2))
        if sweeping.wait_for_rows(store, process, goal):
            time.sleep(luck.uniform(0.0, 0.02))
            sweeping.kill(process)
            left -= 1
        else:
            out, err = process.communicate()
            assert process.returncode == 0, out + err
        assert sweeping.wait_until_gone(mark) == []
        if sweeping.count_rows(store) == sweeping.BLOCKS:
            sweeping.assert_exact(store, expected)
            store.unlink()
    process, _ = sweeping.start(store, "--resume")
    out, err = process.communicate()
    assert process.returncode == 0, out + err
    sweeping.assert_exact(store, expected)


def test_ctrl_c_ends_a_sweep_at_once_and_resume_goes_on(
    tmp_path: Path, expected: Sweep, tries: Callable[[int, int], int]
) -> None:
    luck = random.Random(4)
    for attempt in range(tries(1, 40)):
        store = tmp_path / f"{attempt}.db"
        process, mark = sweeping.start(store, "--workers", "2")
        assert sweeping.wait_for_rows(store, process, luck.randint(1, sweeping.BLOCKS // 2))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out) == (130, "")
        assert err.startswith("interrupted; what was finished is in ")
        assert len(err.splitlines()) == 1
        assert sweeping.wait_until_gone(mark) == []
        process, _ = sweeping.start(store, "--resume")
        process.communicate()
        assert process.returncode == 0
        sweeping.assert_exact(store, expected)


def test_a_worker_that_is_killed_is_replaced_and_no_block_is_lost(
    tmp_path: Path, expected: Sweep
) -> None:
    store = tmp_path / "store.db"
    process, mark = sweeping.start(store, "--workers", "2")
    for goal in (20, 60, 100):
        assert sweeping.wait_for_rows(store, process, goal)
        victim = max(sweeping.workers(mark, process.pid))
        os.kill(victim, signal.SIGKILL)
    out, err = process.communicate()
    assert process.returncode == 0, out + err
    sweeping.assert_exact(store, expected)
    assert sweeping.wait_until_gone(mark) == []
