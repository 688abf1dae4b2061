"""Writing all of something or nothing of it: whole aside first, then put in place by a rename."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sim.errors import RunError, UsageError

#: Letters of a name that a hidden folder beside it repeats; a longer name would be too long.
_REPEATED = 40


@contextmanager
def aside(target: Path) -> Iterator[Path]:
    """Yield where to make what becomes ``target`` by a rename: a path in a hidden folder beside it.

    The folder is closed to others and goes with all that was not put in place. What is made in it
    has the modes that the user's mask gives. Raises OSError where there can be no such folder.
    """
    hidden = Path(tempfile.mkdtemp(prefix=f".{target.name[:_REPEATED]}.", dir=target.parent))
    try:
        yield hidden / target.name
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def check_readable(path: Path) -> None:
    """Raise RunError with the reason unless a file can be read; others would tell it in riddles."""
    if path.exists() and not path.is_file():
        kind = "is a folder" if path.is_dir() else "is no ordinary file"
        raise RunError(f"{path}: cannot be read: it {kind}")
    try:
        with path.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error.strerror or error}") from None


def check_files(folder: Path, names: tuple[str, ...], force: bool) -> None:
    """Raise UsageError if any of the files would overwrite another, or ``folder`` is a file."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; give a folder")
    there = [name for name in names if (folder / name).exists()]
    if there and not force:
        raise UsageError(f"{folder / there[0]}: exists already; use --force to replace it")


def write_files(folder: Path, contents: Mapping[str, bytes], force: bool) -> list[Path]:
    """Write every file into ``folder``, made if need be; returns their paths.

    All are written aside first, so that a full disk leaves nothing half-written. Raises
    UsageError if one is there already and ``force`` is False, RunError if they cannot be written.
    """
    check_files(folder, tuple(contents), force)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with aside(folder / "parley") as draft:
            for name, data in contents.items():
                draft.with_name(name).write_bytes(data)
            for name in contents:
                os.replace(draft.with_name(name), folder / name)
    except OSError as error:
        raise RunError(f"{folder}: cannot be written: {error.strerror or error}") from None
    return [folder / name for name in contents]
