"""Ctrl-C at any moment: exit code 130, no process left, nothing half-written, sweeps go on.

``test_kill_and_resume.py`` interrupts sweeps in the middle; here it can be any moment from the
start of the command to its end, and commands that write folders.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.cli.main import main
from sim.sweeps import open_sweep
from tests.reliability import sweeping

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="watches processes in /proc"
)

#: Seconds from the signal to the end of the command that are promised where nothing else runs.
PROMPT = 3.0
# Blocks of a few replicates, so that two workers have something to do. A byte tells the parent
# that the command begins; before it, Ctrl-C meets the interpreter alone.
PROGRAM = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from sim.cli.main import main
ready = int(sys.argv.pop(1))
os.write(ready, b".")
os.close(ready)
main()
"""
RUN = ("run", "oslo_2019", "-n", "600", "--seed", "1", "--set", "weeks=20")
ALTERNATIVE = ("--alt", "keener:actors.norway.information=0.1")
COMPARE = ("compare", "oslo_2019", *ALTERNATIVE, "-n", "300", "--seed", "1")
SWEEP = ("sweep", "oslo_2019", "--vary", "actors.norway.information=0,0.05,0.1", "-n", "200")
COMMANDS = {"run": RUN, "compare": COMPARE, "sweep": SWEEP}

Tries = Callable[[int, int], int]


def start(words: tuple[str, ...]) -> tuple[subprocess.Popen[str], str]:
    """Start a command; return when it has begun, with the mark of all its descendants."""
    mark = uuid.uuid4().hex
    begun, ready = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(ready), *words],
        env=os.environ | {"PARLEY_TEST_MARK": mark},
        pass_fds=[ready],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(ready)
    assert os.read(begun, 1) == b"."
    os.close(begun)
    return process, mark


def words_of(command: str, target: Path, workers: int) -> tuple[str, ...]:
    return (*COMMANDS[command], "--workers", str(workers), "-o", str(target), "--quiet")


@pytest.fixture(scope="module")
def durations(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int], float]:
    """Return how long each command takes undisturbed, measured when first asked."""
    known: dict[tuple[str, int], float] = {}

    def measure(command: str, workers: int) -> float:
        if (command, workers) not in known:
            target = tmp_path_factory.mktemp("undisturbed") / "result"
            started = time.monotonic()
            process, _ = start(words_of(command, target, workers))
            _, err = process.communicate()
            assert process.returncode == 0, err
            known[command, workers] = time.monotonic() - started
        return known[command, workers]

    return measure


def interrupt(command: str, target: Path, workers: int, moment: float) -> tuple[int, str]:
    """Press Ctrl-C so many seconds after the command began; return exit code and messages."""
    process, mark = start(words_of(command, target, workers))
    time.sleep(moment)
    process.send_signal(signal.SIGINT)
    sent = time.monotonic()
    out, err = process.communicate(timeout=60)
    took = time.monotonic() - sent
    print(f"{command} with {workers} workers at {moment:.2f} s ended after {took:.2f} s")
    assert sweeping.wait_until_gone(mark) == []
    if process.returncode != 0:
        # What is shown has been written; only the last moments can be interrupted after that.
        assert out == "" or target.exists()
        assert process.returncode == 130, err
        # On a terminal the first line ends the one that shows ^C.
        assert len(err.strip().splitlines()) == 1, err
        assert took < PROMPT
    return process.returncode, err


def assert_nothing_half_written(command: str, target: Path, code: int, err: str) -> None:
    """Check that what is there is whole, that nothing else is, and that the message says so."""
    there = sorted(path.name for path in target.parent.iterdir())
    assert there in ([], [target.name]), err
    assert bool(there) or code == 130
    if code == 130:
        assert ("nothing was written" in err) == (there == []), (err, there)
    if command == "run" and there:
        assert sim.open_result(target).replicates == 600
    if command == "sweep" and there:
        assert open_sweep(target).is_complete or code == 130


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_ctrl_c_at_any_moment_leaves_all_or_nothing(
    command: str, tmp_path: Path, tries: Tries, durations: Callable[[str, int], float]
) -> None:
    luck, attempts = random.Random(command), tries(1, 20)
    for attempt in range(attempts):
        workers = 2 if attempt % 4 < 3 else 1
        target = tmp_path / str(attempt) / "result"
        target.parent.mkdir()
        # In the sample: while it computes, or before.
        moment = luck.uniform(0.01, durations(command, workers) if attempts > 1 else 1.5)
        code, err = interrupt(command, target, workers, moment)
        assert_nothing_half_written(command, target, code, err)
        if command == "sweep":
            process, _ = start((*words_of(command, target, workers), "--resume"))
            _, err = process.communicate()
            assert process.returncode == 0, err
            assert open_sweep(target).is_complete
        shutil.rmtree(target.parent)


def test_ctrl_c_after_a_result_was_written_does_not_deny_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.plots.save_figures", lambda *_: None)
    monkeypatch.setattr("sim.cli.run.print_distribution", pressed)
    handler = signal.getsignal(signal.SIGINT)
    for more in ((), ("--force",), ("--append", "result")):
        target = () if "--append" in more else ("-o", "result")
        words = ["run", "oslo_2019", "-n", "20", "--set", "weeks=3", *target, *more]
        monkeypatch.setattr("sys.argv", ["parley", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        signal.signal(signal.SIGINT, handler)
        out, err = capsys.readouterr()
        assert (ended.value.code, out) == (130, "")
        assert err.splitlines()[-1] == "interrupted; result had been written"
    assert sim.open_result("result").replicates == 40
