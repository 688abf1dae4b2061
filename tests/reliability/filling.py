"""Commands on a disk that fills up, in a process of their own: ``filling.py FOLDER HOW ROOMS``.

HOW is ``limit`` (no file may grow beyond the room) or ``fill`` (the whole file system has no more
room; FOLDER is one of its own). One JSON document comes out: what each command did in each room.
"""

import contextlib
import hashlib
import io
import json
import os
import resource
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from sim import plots
from sim.cli.main import main

SHORT = ("oslo_2019", "--set", "weeks=3", "--set", "actors.states=null", "-n", "30")
#: Command -> its words, and what it writes.
COMMANDS = {
    "run": (("run", *SHORT, "-o", "new"), "new"),
    "run --force": (("run", *SHORT, "--seed", "1", "-o", "earlier", "--force"), "earlier"),
    "run --append": (("run", *SHORT, "--append", "earlier"), "earlier"),
    "compare": (
        ("compare", *SHORT, "--alt", "keen:actors.norway.information=0.1", "-o", "new"),
        "new",
    ),
    "compare --figure": (
        (*("compare", *SHORT), "--alt", "keen:actors.norway.information=0.1", "--figure", "f.png"),
        "f.png",
    ),
    "report": (("report", "earlier", "-o", "page.html"), "page.html"),
}


def call(words: tuple[str, ...]) -> tuple[int, str, str]:
    """Run a command here; return exit code, stdout and all that any library wrote to stderr."""
    sys.argv = ["parley", *words, "--quiet"]
    # A pipe, for a file would meet the limit too; what is said there is short.
    told, end = os.pipe()
    kept = os.dup(2)
    os.dup2(end, 2)
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)
        os.close(end)
    with os.fdopen(told, "rb") as said:
        return code, out.getvalue(), said.read().decode()


def contents(folder: Path) -> dict[str, str]:
    """Return every path below a folder with the digest of what it holds."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else "folder"
        for path in sorted(folder.rglob("*"))
    }


def sizes(target: Path) -> list[int]:
    """Return the sizes of the files that a command wrote."""
    files = [target] if target.is_file() else list(target.iterdir())
    return [path.stat().st_size for path in files]


@contextlib.contextmanager
def room(how: str, size: int) -> Iterator[None]:
    """Leave so much room on the disk."""
    if how == "limit":
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    else:
        filler = Path("../filler")
        state = os.statvfs(".")
        filler.write_bytes(bytes(max(0, state.f_bavail * state.f_frsize - size)))
        yield
        filler.unlink()


def attempt(name: str, how: str, shares: list[float]) -> list[dict[str, object]]:
    """Run one command in rooms of these shares of what it needs; then with room enough."""
    words, target = COMMANDS[name]
    shutil.copytree("earlier", "../kept", dirs_exist_ok=True)
    if target != "earlier":
        remove(Path(target))
    code, _, err = call(words)
    assert code == 0, err
    needed = max(sizes(Path(target))) if how == "limit" else sum(sizes(Path(target)))
    remove(Path(target))
    shutil.rmtree("earlier", ignore_errors=True)
    shutil.copytree("../kept", "earlier")
    shutil.rmtree("../kept")
    found = []
    for share in shares:
        before = contents(Path())
        with room(how, int(share * needed)):
            code, out, err = call(words)
        same = contents(Path()) == before
        found.append({"command": name, "share": share, "code": code, "out": out, "err": err})
        found[-1]["same"] = same
    return found


def remove(path: Path) -> None:
    """Remove a file or a folder, if there is one."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    given, how, *shares = sys.argv[1:]
    if shares[0] == "plain":  # Figures take most of the time.
        plots.save_figures = lambda *_: []
        del shares[0]
    os.chdir(given)
    Path("work").mkdir()
    os.chdir("work")
    done = call(("run", *SHORT, "-o", "earlier"))
    assert done[0] == 0, done
    rooms = [float(share) for share in shares]
    print(json.dumps([row for name in COMMANDS for row in attempt(name, how, rooms)]))
