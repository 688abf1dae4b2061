"""``workers=2`` wherever Python is called from: the same numbers, or one sentence."""

import multiprocessing
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sim
from sim import pool
from sim.errors import RunError
from sim.executors import open_executor

BARE = """
import sim
print("once")
found = sim.run(sim.load("two_players"), 200, workers=2, block=50)
print(found.table["week"].sum())
"""
GUARDED = """
import sim
if __name__ == "__main__":
    print("once")
    found = sim.run(sim.load("two_players"), 200, workers=2, block=50)
    print(found.table["week"].sum())
"""
SWEEP = """
import sim
print("once")
vary = {"actors.opposition.hardness": [0.1, 0.2, 0.3]}
sim.sweep(sim.load("two_players"), vary, out="s.db", replicates=20000, workers=2)
print(sim.run(sim.load("two_players"), 200).table["week"].sum())
"""
FORMS = {
    "a file": "{python} script.py",
    "standard input": "{python} - < script.py",
    "a pipe": "cat script.py | {python}",
    "a process substitution": "{python} <(cat script.py)",
    "a module": "{python} -m script",
    "a name without ending": "cp script.py script; {python} script",
    "text on the command line": '{python} -c "$(cat script.py)"',
    "a script that is gone": "{python} <(cat script.py; rm script.py)",
}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_a_script_may_use_workers_however_it_is_called(tmp_path: Path, form: str) -> None:
    assert_once(tmp_path, BARE, FORMS[form])


@pytest.mark.slow
@pytest.mark.parametrize("form", ["a file", "standard input"])
def test_a_script_may_guard_its_work(tmp_path: Path, form: str) -> None:
    assert_once(tmp_path, GUARDED, FORMS[form])


@pytest.mark.slow
def test_a_sweep_in_a_bare_script_runs_once(tmp_path: Path) -> None:
    assert_once(tmp_path, SWEEP, FORMS["a file"])


def assert_once(folder: Path, script: str, form: str) -> None:
    """Check that a script does its work once, without a word on stderr."""
    (folder / "script.py").write_text(script)
    done = subprocess.run(
        ["bash", "-c", form.format(python=sys.executable)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    expected = sim.run(sim.load("two_players"), 200).table["week"].sum()
    assert (done.stdout, done.stderr) == (f"once\n{expected}\n", "")


def run_here() -> Any:
    return sim.run(sim.load("two_players"), 200, workers=2, block=50)


def sweep_here() -> Any:
    vary = {"actors.opposition.hardness": [0.1, 0.2]}
    return sim.sweep(sim.load("two_players"), vary, out="s.db", replicates=20_000, workers=2)


def compare_here() -> Any:
    one = sim.load("two_players")
    return sim.compare(one, {"same": one}, replicates=20_000, workers=2)


def tell(work: Callable[[], Any], folder: str, end: Any) -> None:
    os.chdir(folder)
    try:
        end.send(str(work()))
    except BaseException as error:
        end.send(f"{type(error).__name__}: {error}")


@pytest.mark.parametrize("work", [run_here, sweep_here, compare_here])
def test_a_process_that_may_have_no_children_is_told_to_do_without(
    tmp_path: Path, work: Callable[[], Any]
) -> None:
    context = multiprocessing.get_context("spawn")
    end, other = context.Pipe()
    process = context.Process(target=tell, args=(work, str(tmp_path), other), daemon=True)
    process.start()
    assert end.poll(60)
    assert end.recv() == (
        "RunError: no worker process can be started: daemonic processes are not allowed to have "
        "children; workers=1 needs none"
    )
    process.join()


def test_a_system_that_gives_no_more_files_is_told() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    told = pytest.raises(RunError, match="Too many open files; workers=1 needs none")
    try:
        with told, open_executor(2) as executor:
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, before[1]))
            next(executor.map(abs, [1]))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (BlockingIOError(11, "Resource temporarily unavailable"), "Resource temporarily"),
        (MemoryError("no memory"), "no memory"),
        (FileNotFoundError(2, "No such file or directory"), "No such file"),
        (RuntimeError("... has finished its bootstrapping phase\n\n..."), "which lacks `if __na"),
    ],
)
def test_whatever_keeps_a_process_from_starting_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, error: Exception, cause: str
) -> None:
    def start(_: Any) -> None:
        raise error

    monkeypatch.setattr(multiprocessing.get_context("spawn").Process, "start", start)
    script = sys.modules["__main__"]
    with open_executor(2) as executor, pytest.raises(RunError, match="workers=1 needs") as told:
        list(executor.map(abs, [1]))
    assert cause in str(told.value)
    assert "\n" not in str(told.value)
    assert sys.modules["__main__"] is script


def test_workers_that_die_before_they_can_work_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_work", sys.exit)
    with open_executor(2) as executor, pytest.raises(RunError, match="before they can work"):
        list(executor.map(abs, [1]))
