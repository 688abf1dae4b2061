"""What the commands draw, whatever they find around them and whatever is written in a scenario."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.plots import figure_bytes

PARLEY = Path(sys.executable).with_name("parley")
NOT_TEXT = b"backend: \xff\xfe\n"
#: What may be set or lie around a command: variables, and files in its folder.
SURROUNDINGS: dict[str, tuple[dict[str, str], dict[str, bytes]]] = {
    "a backend that is not there": ({"MPLBACKEND": "module://matplotlib_inline.nowhere"}, {}),
    "a backend that is no name": ({"MPLBACKEND": "no such thing"}, {}),
    "settings that are no text": ({}, {"matplotlibrc": NOT_TEXT}),
    "settings of no meaning": ({}, {"matplotlibrc": b"font.size\nno: 1\nbackend: none of them\n"}),
    "settings elsewhere": ({"MATPLOTLIBRC": "bad"}, {"bad": NOT_TEXT}),
    "a folder of bad settings": (
        {"MPLCONFIGDIR": "own"},
        {"own/matplotlibrc": NOT_TEXT, "own/stylelib/a.mplstyle": NOT_TEXT},
    ),
    "no folder to keep anything in": ({"MPLCONFIGDIR": "/dev/null/x"}, {}),
}
#: Every command that draws, the file or folder of its figures and the words it says of that.
COMMANDS = {
    "run": ("run two_players -n 20 -o new", "new/outcome_shares.png"),
    "report": ("report result -o new.html", "new.html"),
    "compare into a file": (
        "compare two_players --alt b:weeks=20 -n 20 --figure new.png",
        "new.png",
    ),
    "compare into a folder": (
        "compare two_players --alt b:weeks=20 -n 20 -o new",
        "new/comparison.png",
    ),
    "why": ("why oslo_2019 -n 60 -o new", "new/reasons.png"),
    "cascade": ("cascade oslo_2019 -n 5 -o new", "new/tree.png"),
    "analyse": ("analyse result -o new", "new/drivers.png"),
}


@pytest.fixture(scope="module")
def oslo() -> sim.Ensemble:
    return sim.run(sim.load("oslo_2019"), replicates=100, seed=1)


def call(folder: Path, words: str, **more: str) -> str:
    """Run a command in a process of its own; return what it said on stderr."""
    done = subprocess.run(
        [PARLEY, *words.split()],
        cwd=folder,
        env=os.environ | more,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def surround(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_a_figure_is_the_same_in_any_surroundings(tmp_path: Path, name: str) -> None:
    more, files = SURROUNDINGS[name]
    surround(tmp_path, files)
    told = call(tmp_path, "run two_players -n 20 --seed 1 -o new", **more)
    assert told == "wrote new, with new/outcome_shares.png\n"
    drawn = (tmp_path / "new" / "outcome_shares.png").read_bytes()
    here = sim.run(sim.load("two_players"), replicates=20, seed=1)
    assert drawn == figure_bytes(here, "outcome_shares")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_draws_in_bad_surroundings_and_says_nothing_of_them(
    tmp_path: Path, oslo: sim.Ensemble, name: str
) -> None:
    words, written = COMMANDS[name]
    oslo.save(tmp_path / "result", figures=False)
    surround(tmp_path, {"matplotlibrc": NOT_TEXT, "bad": NOT_TEXT})
    told = call(tmp_path, words, MPLBACKEND="no such thing", MATPLOTLIBRC="bad")
    assert (tmp_path / written).is_file()
    *remarks, last = told.splitlines()
    assert last.startswith("wrote new")
    assert all(line.startswith("warning: ") for line in remarks), told
