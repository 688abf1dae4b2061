"""What a user gets who installed the package and stands in an empty folder."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim

PARLEY = Path(sys.executable).with_name("parley")
#: Where nobody has a home, and what would lead elsewhere is not set.
HOMELESS = {"HOME": "/dev/null/home", "USERPROFILE": "/dev/null/home"}
ELSEWHERE = ("PYTHONPATH", "MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")


def call(
    folder: Path, *words: str, program: tuple[str, ...] = (str(PARLEY),), **more: str
) -> subprocess.CompletedProcess[str]:
    """Run the installed command from a folder in a process of its own; assert that it ends well."""
    around = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    done = subprocess.run(
        [*program, *words],
        cwd=folder,
        env=around | more,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def test_doctor_finds_everything_well(tmp_path: Path) -> None:
    found = json.loads(call(tmp_path, "doctor", "--json").stdout)["results"]
    assert len(found) >= 5
    assert [row for row in found if not row["ok"]] == []


def test_a_run_is_saved_with_its_figures_and_is_that_of_python(tmp_path: Path) -> None:
    call(tmp_path, "run", "oslo_2019", "-n", "200", "--seed", "1", "-o", "out")
    assert (tmp_path / "out" / "outcome_shares.png").read_bytes()[:4] == b"\x89PNG"
    rows = list(csv.DictReader((tmp_path / "out" / "outcomes.csv").read_text().splitlines()))
    here = sim.run(sim.load("oslo_2019"), 200, seed=1).outcomes
    assert [row["outcome"] for row in rows] == list(here["outcome"])
    assert [int(row["week"]) for row in rows] == list(here["week"])


def test_a_comparison_and_a_sweep_run(tmp_path: Path) -> None:
    told = call(tmp_path, "compare", "oslo_2019", "sanctions_eased", "-n", "100", "--json").stdout
    assert [one["name"] for one in json.loads(told)["alternatives"]] == ["sanctions_eased"]
    path = "actors.norway.guarantee=0:0.6:3"
    call(tmp_path, "sweep", "oslo_2019", "--vary", path, "-n", "50", "-o", "s.db", "--workers", "2")
    (verdict,) = json.loads(call(tmp_path, "verify", "s.db", "--json").stdout)["results"]
    assert verdict["ok"]


@pytest.mark.parametrize("words", [["--version"], ["list"], ["validate", "oslo_2019"]])
def test_the_module_is_the_command(tmp_path: Path, words: list[str]) -> None:
    module = call(tmp_path, *words, program=(sys.executable, "-m", "sim"))
    assert module.stdout == call(tmp_path, *words).stdout


def test_without_a_home_to_write_to_nothing_is_missing_and_nothing_is_said(tmp_path: Path) -> None:
    words = ["run", "two_players", "-n", "20", "-o", "out"]
    told = call(tmp_path, *words, **HOMELESS).stderr
    assert told == "wrote out, with out/outcome_shares.png\n"
    call(tmp_path, "report", "out", "-o", "out.html", **HOMELESS)
