"""Two commands that write to one place: one is refused or comes after, and no number is lost."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import sim
from sim.sweeps import open_sweep

REPLICATES = 40
RUN = ("run", "oslo_2019", "-n", str(REPLICATES), "--set", "weeks=3", "--set", "actors.states=null")
SWEEP = (
    *("sweep", "oslo_2019", "--set", "weeks=3", "--set", "actors.states=null"),
    *("--vary", "actors.norway.information=0,0.05,0.1", "-n", "50"),
)
# Figures take seconds and add nothing here.
PROGRAM = """
from sim import storage
storage.save = lambda *args, figures, save=storage.save, **more: save(*args, False, **more)
from sim.cli.main import main
main()
"""

Tries = Callable[[int, int], int]


def together(commands: Sequence[Sequence[str]], apart: float) -> list[tuple[int, str]]:
    """Start commands so many seconds apart; return exit code and messages of each."""
    processes = []
    for words in commands:
        processes.append(
            subprocess.Popen(
                [sys.executable, "-c", PROGRAM, *words, "--quiet"],
                env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        time.sleep(apart)
    told = [process.communicate()[1] for process in processes]
    return [(process.returncode, err) for process, err in zip(processes, told, strict=True)]


def assert_only(target: Path) -> None:
    """Check that nothing lies beside what was written."""
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_of_two_runs_into_one_folder_one_is_refused(tmp_path: Path, tries: Tries) -> None:
    luck = random.Random(2)
    for attempt in range(tries(1, 20)):
        target = tmp_path / str(attempt) / "result"
        target.parent.mkdir()
        commands = [(*RUN, "--seed", str(seed), "-o", str(target)) for seed in (1, 2)]
        answers = together(commands, luck.uniform(0.0, 0.3))
        codes = [code for code, _ in answers]
        assert sorted(codes) == [0, 2], answers
        refusal = next(err for code, err in answers if code == 2)
        assert refusal == f"{target}: exists already; use --force to replace the result in it\n"
        assert sim.open_result(target).design["seed"] == codes.index(0) + 1
        assert_only(target)


def test_of_two_forced_runs_one_is_there_whole(tmp_path: Path, tries: Tries) -> None:
    luck = random.Random(3)
    target = tmp_path / "result"
    for _ in range(tries(1, 20)):
        commands = [(*RUN, "--seed", str(seed), "-o", str(target), "--force") for seed in (1, 2)]
        answers = together(commands, luck.uniform(0.0, 0.3))
        assert 0 in [code for code, _ in answers], answers
        for code, err in answers:
            assert (code, err) == (0, "") or (code == 1 and len(err.splitlines()) == 1), err
        winners = [seed for seed, (code, _) in enumerate(answers, start=1) if code == 0]
        assert sim.open_result(target).design["seed"] in winners
        assert_only(target)


def test_of_two_appends_none_is_lost_in_silence(tmp_path: Path, tries: Tries) -> None:
    luck = random.Random(4)
    scenario = sim.load("oslo_2019").alter({"weeks": 3, "actors.states": None})
    for attempt in range(tries(1, 20)):
        target = tmp_path / str(attempt) / "result"
        sim.run(scenario, REPLICATES, 1).save(target, figures=False)
        answers = together([(*RUN, "--append", str(target))] * 2, luck.uniform(0.0, 0.3))
        added = [code for code, _ in answers].count(0)
        found = sim.open_result(target)
        assert found.replicates == REPLICATES * (1 + added), answers
        whole = sim.run(scenario, found.replicates, 1)
        assert found.outcomes.to_csv() == whole.outcomes.to_csv()
        for code, err in answers:
            assert (code, err) == (0, "") or (code == 1 and len(err.splitlines()) == 1), err
        assert_only(target)


def test_of_two_sweeps_into_one_store_one_is_refused(tmp_path: Path, tries: Tries) -> None:
    luck = random.Random(5)
    for attempt in range(tries(1, 20)):
        target = tmp_path / str(attempt) / "store.db"
        target.parent.mkdir()
        answers = together([(*SWEEP, "-o", str(target))] * 2, luck.uniform(0.0, 0.3))
        assert sorted(code for code, _ in answers) == [0, 2], answers
        refusal = next(err for code, err in answers if code == 2)
        assert "another process is writing" in refusal or "exists already" in refusal
        assert len(refusal.splitlines()) == 1
        assert_only(target)
        assert open_sweep(target).is_complete
