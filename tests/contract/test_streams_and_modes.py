"""What surrounds a command: closed streams, readers that leave, the user's mask for files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import Parley

PARLEY = [sys.executable, "-m", "sim"]
SWEEP = [
    "sweep",
    "two_players",
    "--vary",
    "actors.opposition.hardness=0.2,0.4",
    "-n",
    "10",
    "-o",
    "s.db",
]
COMMANDS = {
    "list": (["list"], 0),
    "help": (["--help"], 0),
    "run": (["run", "two_players", "-n", "20", "-o", "out"], 0),
    "compare": (["compare", "two_players", "two_players_harder_line", "-n", "20"], 0),
    "sweep": (SWEEP, 0),
    "workers": (["run", "two_players", "-n", "20", "--workers", "2"], 0),
    "no such scenario": (["run", "two_player"], 3),
    "no such command": (["rum"], 2),
}


def started(words: list[str], folder: Path, shell: str = "", **settings: object) -> tuple[int, str]:
    """Run a command as a shell does, ``shell`` after its words; return its end and what it said."""
    line = f'"$@" {shell}'
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line, "bash", *PARLEY, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        **settings,
    )
    assert "Traceback" not in done.stderr + done.stdout
    assert "internal error" not in done.stderr + done.stdout
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("name", "closed"),
    [
        *((name, "2>&-") for name in COMMANDS),
        *((name, "<&- >&- 2>&-") for name in COMMANDS if name != "compare"),
        ("run", "<&-"),
        ("run", ">&-"),
    ],
)
def test_a_closed_stream_changes_no_result(name: str, closed: str, tmp_path: Path) -> None:
    words, code = COMMANDS[name]
    for where in ("open", "closed"):
        (tmp_path / where).mkdir()
    ended, said = started(words, tmp_path / "closed", closed)
    assert ended == code
    _, told = started(words, tmp_path / "open")
    is_stdout_closed = ">&-" in closed.replace("2>&-", "")
    assert said == ("" if is_stdout_closed else told)
    assert names(tmp_path / "closed") == names(tmp_path / "open")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


READ = [
    ["--help"],
    ["list"],
    ["explain", "oslo_2019", "--json"],
    ["run", "two_players", "-n", "20"],
]


@pytest.mark.parametrize("words", READ, ids=" ".join)
@pytest.mark.parametrize("reader", ["head -n 1", "true"])
def test_a_reader_that_leaves_early_is_no_failure(
    words: list[str], reader: str, tmp_path: Path
) -> None:
    # Unbuffered, so that every line is an attempt to write.
    code, _ = started(words, tmp_path, f"| {reader}", env=os.environ | {"PYTHONUNBUFFERED": "1"})
    assert code == 0


WRITTEN = {
    "run": (["run", "two_players", "-n", "20", "-o", "made"], "made"),
    "run --force": (["run", "two_players", "-n", "20", "-o", "made", "--force"], "made"),
    "run --append": (["run", "two_players", "-n", "30", "--append", "made"], "made"),
    "compare": (
        ["compare", "two_players", "two_players_harder_line", "-n", "20", "-o", "compared"],
        "compared",
    ),
    "sweep": (SWEEP, "s.db"),
    "new": (["new", "mine.yaml"], "mine.yaml"),
    "report": (["report", "made", "-o", "made.html"], "made.html"),
    "why": (["why", "two_players", "-n", "20", "-o", "why"], "why"),
}


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002], ids=oct)
def test_what_is_written_has_the_modes_that_the_users_mask_gives(
    mask: int, parley: Parley, tmp_path: Path
) -> None:
    before = os.umask(mask)
    try:
        for name, (words, made) in WRITTEN.items():
            assert parley(*words).code == 0, name
            found = [tmp_path / made, *(tmp_path / made).rglob("*")]
            modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in found}
            assert modes <= {(True, 0o777 & ~mask), (False, 0o666 & ~mask)}, name
    finally:
        os.umask(before)
