"""A folder of files with a manifest: written at once or not at all, read back only as written.

``manifest.json`` holds the SHA-256 of every other file, and its own without that line.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sim.errors import RunError, UsageError
from sim.files import aside, check_readable

MANIFEST = "manifest.json"
#: Longer names are shown by their beginning.
_LONGEST = 200


def write_folder(
    folder: Path,
    force: bool,
    fill: Callable[[Path], object],
    design: Mapping[str, Any],
    environment: Mapping[str, str],
    instead: str | None = None,
) -> Path:
    """Write a folder with its manifest at once or not at all. fill: writes the other files.

    instead: ``seal`` of the result that may be replaced; another one is left as it is.
    """
    check_target(folder, force)
    try:
        with _staging(folder.resolve()) as staging:
            fill(staging)
            _write_manifest(staging, design, environment)
            _put_in_place(staging, folder.resolve(), force, instead)
        seal(folder)  # What is told to be there has been seen there.
    except OSError as error:
        raise RunError(_cannot_write(folder, error.strerror or str(error))) from None
    return folder


def check_target(folder: Path, force: bool) -> None:
    """Raise UsageError unless a result may be written to ``folder``, RunError if it cannot be."""
    try:
        os.stat(folder.resolve())
        exists = True
    except (FileNotFoundError, NotADirectoryError):
        exists = False
    except PermissionError:
        raise RunError(_cannot_write(folder, "no permission to look there")) from None
    except (OSError, RuntimeError, ValueError):  # Too long, links in a circle, a NUL.
        shown = str(folder) if len(str(folder)) <= _LONGEST else f"{str(folder)[:60]}..."
        raise UsageError(f"{shown}: no folder can have this name") from None
    if not exists and folder.is_symlink():
        raise UsageError(f"{folder}: is a link to nothing; name the folder itself")
    if not exists:
        _check_room(folder)
    elif not folder.is_dir():
        raise UsageError(f"{folder}: is a file; a result needs a folder of its own")
    elif not force:
        raise UsageError(f"{folder}: exists already; use --force to replace the result in it")
    elif strangers := _strangers(folder):
        raise UsageError(
            f"{folder}: holds '{strangers[0]}', which is no part of a result; "
            "--force replaces only a result"
        )


def _check_room(folder: Path) -> None:
    above = next(path for path in folder.absolute().parents if path.exists())
    if not above.is_dir():
        raise RunError(_cannot_write(folder, f"{above} is a file"))
    if not os.access(above, os.W_OK | os.X_OK):
        raise RunError(_cannot_write(folder, f"no permission to write to {above}"))


def _cannot_write(folder: Path, reason: str) -> str:
    return f"{folder}: the result cannot be written: {reason}"


def _strangers(folder: Path) -> list[str]:
    """Return the names in a folder that no saved result put there; none in an empty folder."""
    names = sorted(path.name for path in folder.iterdir())
    try:
        own = {MANIFEST, *read_manifest(folder)["files"]}
    except RunError:
        own = set()
    return [name for name in names if name not in own]


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside the target, so that the last step is a rename.

    Nothing of it is left behind, nor of folders made above it, unless the target was written.
    """
    made = [path for path in folder.parents if not path.exists()]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with aside(folder) as staging:
            staging.mkdir()
            yield staging
    finally:
        if not folder.exists():
            for path in made:
                with suppress(OSError):
                    path.rmdir()


def _put_in_place(staging: Path, folder: Path, force: bool, instead: str | None) -> None:
    """Rename a finished folder to its name; what another process put there meanwhile is safe."""
    for path in staging.iterdir():
        with path.open("r+b") as stream:
            os.fsync(stream.fileno())
    if not folder.exists() and instead is None:
        try:
            os.rename(staging, folder)
        except OSError:
            if not folder.exists():
                raise
        else:
            return
    if not force:
        check_target(folder, force)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.old.", dir=folder.parent))
    old = beside / folder.name
    try:
        os.replace(folder, old)
        try:
            if instead not in (None, seal(old)):
                raise RunError(f"{folder}: was changed by another process meanwhile; left as it is")
            os.replace(staging, folder)
        except BaseException:
            os.replace(old, folder)
            raise
    finally:
        if folder.exists():
            shutil.rmtree(beside, ignore_errors=True)


def as_json(data: Any) -> str:
    """Return plain data as the text of a JSON file; refuses NaN."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _write_manifest(
    folder: Path, design: Mapping[str, Any], environment: Mapping[str, str]
) -> None:
    files = {path.name: file_digest(path) for path in sorted(folder.iterdir())}
    text = _manifest_text(dict(design), dict(environment), files)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _manifest_text(design: Any, environment: Any, files: Any) -> str:
    data = {"design": design, "environment": environment, "files": files}
    return as_json({**data, "sha256": hashlib.sha256(as_json(data).encode()).hexdigest()})


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def seal(folder: Path) -> str:
    """Return what tells a saved result from every other: the digest of its manifest."""
    return str(read_manifest(folder)["sha256"])


def read_manifest(folder: Path) -> Any:
    """Return the manifest of a folder, its own digest checked. Raises RunError."""
    path = folder / MANIFEST
    if path.exists():
        check_readable(path)
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text)
        parts = data["design"], data["environment"], data["files"]
    except (OSError, ValueError, KeyError, TypeError):
        raise RunError(f"{folder}: is no saved result (no readable {MANIFEST})") from None
    if text != _manifest_text(*parts):
        raise RunError(f"{path}: is not what was saved (its SHA-256 differs)")
    return data
