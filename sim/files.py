"""Several files of one command in a folder: all of them or none, and nothing overwritten."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sim.errors import RunError, UsageError


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
    aside = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".parley.", dir=folder))
        for name, data in contents.items():
            (aside / name).write_bytes(data)
        for name in contents:
            os.replace(aside / name, folder / name)
    except OSError as error:
        raise RunError(f"{folder}: cannot be written: {error.strerror or error}") from None
    finally:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
    return [folder / name for name in contents]
