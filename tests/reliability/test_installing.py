"""Every way of installing that the documents name, and a user who may write nowhere."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.reliability.test_environments import interpreters

TREE = Path(__file__).parents[2]
#: What the system calls a user without rights.
NOBODY = 65534


@pytest.fixture(scope="module")
def place(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder that every user may enter; those of pytest are its own."""
    if not request.config.getoption("--reliability"):
        pytest.skip("makes environments; run with --reliability")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def call(*words: object, **settings: object) -> str:
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, **settings
    )
    assert done.returncode == 0, f"{words}: {done.stderr[-2000:]}"
    return done.stdout


def environment(folder: Path, python: str, *wanted: object) -> Path:
    """Return the programs of a new environment with what is wanted in it."""
    call(python, "-m", "venv", folder)
    if wanted:
        call(folder / "bin" / "python", "-m", "pip", "install", "-q", *wanted)
    return folder / "bin"


@pytest.fixture(scope="module")
def tools(place: Path) -> Path:
    return environment(place / "tools", sys.executable, "build", "pipx", "uv")


def by_wheel(tools: Path, place: Path, python: str) -> Path:
    call(tools / "python", "-m", "build", "-q", "--wheel", "-o", place / "wheel", TREE)
    (wheel,) = (place / "wheel").glob("*.whl")
    return environment(place / "by_wheel", python, wheel)


def by_source(tools: Path, place: Path, python: str) -> Path:
    call(tools / "python", "-m", "build", "-q", "--sdist", "-o", place / "source", TREE)
    (source,) = (place / "source").glob("*.tar.gz")
    return environment(place / "by_source", python, source)


def by_pipx(tools: Path, place: Path, python: str) -> Path:
    around = {"PIPX_HOME": str(place / "pipx"), "PIPX_BIN_DIR": str(place / "pipx" / "bin")}
    call(tools / "pipx", "install", "--python", python, TREE, env=os.environ | around)
    return place / "pipx" / "bin"


def by_uv_tool(tools: Path, place: Path, python: str) -> Path:
    around = {"UV_TOOL_DIR": str(place / "uv"), "UV_TOOL_BIN_DIR": str(place / "uv" / "bin")}
    call(tools / "uv", "tool", "install", "--python", python, TREE, env=os.environ | around)
    return place / "uv" / "bin"


def by_uv_pip(tools: Path, place: Path, python: str) -> Path:
    call(tools / "uv", "venv", "--python", python, place / "uv_pip")
    own = place / "uv_pip" / "bin"
    call(tools / "uv", "pip", "install", "--python", own / "python", TREE)
    return own


@pytest.mark.slow
@pytest.mark.parametrize("way", [by_wheel, by_source, by_pipx, by_uv_tool, by_uv_pip])
def test_installed_in_any_way_it_runs(
    way: Callable[[Path, Path, str], Path], tools: Path, place: Path, tmp_path: Path
) -> None:
    parley = way(tools, place, interpreters()[0]) / "parley"
    assert "FAIL" not in call(parley, "doctor", cwd=tmp_path)
    told = call(parley, "run", "two_players", "-n", "20", "-o", "out", cwd=tmp_path)
    assert "forecast" in told
    assert (tmp_path / "out" / "outcome_shares.png").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root becomes another user")
def test_a_user_who_may_write_nowhere_but_in_one_folder_runs_it(place: Path) -> None:
    def of_nobody(*words: object, cwd: Path) -> str:
        around = {"PATH": os.defpath, "HOME": str(home), "TMPDIR": str(cwd)}
        return call(*words, cwd=cwd, env=around, user=NOBODY, group=NOBODY, extra_groups=[])

    home, mine = place / "home", place / "mine"
    home.mkdir(mode=0o555)
    mine.mkdir()
    os.chown(mine, NOBODY, NOBODY)
    for python in [*interpreters(), "/usr/bin/python3"]:
        try:
            of_nobody(
                python, "-c", "import sys, ensurepip; assert sys.version_info >= (3, 11)", cwd=mine
            )
        except (OSError, AssertionError):
            continue
        break
    else:
        pytest.skip("every Python of this machine is closed to other users")
    programs = environment(place / "for_all", python, TREE)
    assert "FAIL" not in of_nobody(programs / "parley", "doctor", cwd=mine)
    of_nobody(
        programs / "python", "-m", "sim", "run", "oslo_2019", "-n", "50", "-o", "out", cwd=mine
    )
    assert (mine / "out" / "outcome_shares.png").exists()
