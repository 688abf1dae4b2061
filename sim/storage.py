"""A result as a folder of files: written at once or not at all, read back only as it was written.

``manifest.json`` holds the SHA-256 of every other file, and its own without that line. No file
depends on when or where it was written: the same run gives the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import yaml

from sim.analysis.tables import outcomes_frame, parameters_frame, trajectory_rows
from sim.errors import RunError, UsageError
from sim.results import Column, Ensemble, Weekly

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
#: Longer names are shown by their beginning.
_LONGEST = 200
_SCENARIO = "scenario.resolved.yaml"
_TRAJECTORIES = "trajectories.nc"
#: Lossless; halves what 10,000 replicates take and costs a second.
_PACKED = {"zlib": True, "complevel": 1, "shuffle": True}


def save(
    ensemble: Ensemble, folder: Path, force: bool, figures: bool, instead: str | None = None
) -> Path:
    """Write a result; see ``Ensemble.save``. instead: ``seal`` of the one that it takes over."""

    def fill(staging: Path) -> None:
        _write_files(ensemble, staging)
        if figures:
            from sim.plots import save_figures

            save_figures(ensemble, staging)

    return write_folder(folder, force, fill, ensemble.design, ensemble.environment, instead)


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
    except OSError as error:
        raise RunError(_cannot_write(folder, error.strerror or str(error))) from None
    return folder


def check_target(folder: Path, force: bool) -> None:
    """Raise UsageError unless a result may be written to ``folder``, RunError if it cannot be."""
    try:
        exists = folder.resolve().exists()
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
        own = {MANIFEST, *_read_manifest(folder)["files"]}
    except RunError:
        own = set()
    return [name for name in names if name not in own]


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside the target, so that the last step is a rename.

    Nothing of it is left behind, nor of folders made above it, unless the target was written.
    """
    made = [path for path in folder.parents if not path.exists()]
    staging = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        staging.chmod(0o755)
        yield staging
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
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
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.old.", dir=folder.parent))
    old = aside / folder.name
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
            shutil.rmtree(aside, ignore_errors=True)


def derived_files(ensemble: Ensemble) -> dict[str, bytes]:
    """Return the files that follow from the labelled data of a result, by name."""
    trajectories = io.StringIO()
    csv.writer(trajectories, lineterminator="\n").writerows(trajectory_rows(ensemble))
    texts = {
        "outcomes.csv": _table(outcomes_frame(ensemble)),
        "parameters.csv": _table(parameters_frame(ensemble)),
        "summary.json": _json(ensemble.summary()),
        _SCENARIO: resolved_yaml(ensemble.scenario),
        "trajectories.csv": trajectories.getvalue(),
    }
    return {name: text.encode() for name, text in texts.items()}


def _write_files(ensemble: Ensemble, folder: Path) -> None:
    for name, text in derived_files(ensemble).items():
        (folder / name).write_bytes(text)
    (folder / _TRAJECTORIES).write_bytes(_netcdf(_dataset(ensemble)))


def _netcdf(data: Any) -> memoryview:
    """Return a data set as the bytes of its file.

    HDF5 writes to memory alone: when a disk is full it leaves handles that end the process later.
    """
    import h5netcdf
    from xarray.backends import H5NetCDFStore

    packed = {name: _PACKED for name, values in data.data_vars.items() if values.size}
    found = io.BytesIO()
    with h5netcdf.File(found, "w") as file:
        data.dump_to_store(H5NetCDFStore(file), encoding=packed)
    return found.getbuffer()


class _Dumper(yaml.SafeDumper):
    """Quotes every text that YAML 1.1 or 1.2 would read as something else; uses no alias."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        # Every line break but the plain one is lost or folded unless it is escaped.
        style = '"' if set(data) & set("\r\x85\u2028\u2029") else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Dumper.add_representer(str, _Dumper.represent_str)

_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?|[-+]?\.(inf|nan)", re.IGNORECASE),
    list("-+.0123456789"),
)


def resolved_yaml(scenario: Mapping[str, Any]) -> str:
    """Return a resolved scenario as text that loads to the same one."""
    text: str = yaml.dump(
        dict(scenario), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    return text


def _table(frame: pd.DataFrame) -> str:
    return str(frame.to_csv(index=False, lineterminator="\n"))


def _dataset(ensemble: Ensemble) -> Any:
    """Recorded variables, histograms and per-replicate columns as one labelled data set."""
    import xarray as xr

    table = ensemble.table
    data = xr.Dataset(
        {f"replicate_{name}": ("replicate", values) for name, values in table.items()},
        attrs={key: str(value) for key, value in ensemble.design.items()},
    )
    data["twin_outcome"] = ("twin", ensemble.twins)
    for path, values in ensemble.parameters.items():
        data[f"parameter:{path}"] = ("replicate", values)
    for name, weekly in ensemble.weekly.items():
        about = {"units": weekly.column.unit, "long_name": weekly.column.meaning}
        data[name] = (("kept", "week"), weekly.paths, about)
        grid = {"low": weekly.column.low, "high": weekly.column.high}
        data[f"histogram:{name}"] = (("week", "grid"), weekly.counts.astype(np.int32), grid)
    return data.assign_coords(week=np.arange(1, ensemble.weeks + 1))


def _json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _write_manifest(
    folder: Path, design: Mapping[str, Any], environment: Mapping[str, str]
) -> None:
    files = {path.name: _digest(path) for path in sorted(folder.iterdir())}
    text = _manifest_text(dict(design), dict(environment), files)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _manifest_text(design: Any, environment: Any, files: Any) -> str:
    data = {"design": design, "environment": environment, "files": files}
    return _json({**data, "sha256": hashlib.sha256(_json(data).encode()).hexdigest()})


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def load(folder: Path) -> Ensemble:
    """Read a saved result; see ``sim.open_result``."""
    manifest = _read_manifest(folder)
    for name, digest in manifest["files"].items():
        path = folder / Path(name).name
        if not path.is_file():
            raise RunError(f"{path}: is missing from the result")
        if _digest(path) != digest:
            raise RunError(f"{path}: is not what was saved (its SHA-256 differs)")
    import xarray as xr

    try:
        scenario = yaml.safe_load((folder / _SCENARIO).read_text(encoding="utf-8"))
        with xr.open_dataset(folder / _TRAJECTORIES, engine="h5netcdf") as data:
            return _ensemble(data.load(), manifest, scenario)
    except (KeyError, OSError) as error:
        raise RunError(f"{folder}: is no result that this version can read: {error}") from None


def seal(folder: Path) -> str:
    """Return what tells a saved result from every other: the digest of its manifest."""
    return str(_read_manifest(folder)["sha256"])


def _read_manifest(folder: Path) -> Any:
    path = folder / MANIFEST
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text)
        parts = data["design"], data["environment"], data["files"]
    except (OSError, ValueError, KeyError, TypeError):
        raise RunError(f"{folder}: is no saved result (no readable {MANIFEST})") from None
    if text != _manifest_text(*parts):
        raise RunError(f"{path}: is not what was saved (its SHA-256 differs)")
    return data


def _ensemble(data: Any, manifest: Any, scenario: Any) -> Ensemble:
    def values(name: str) -> npt.NDArray[Any]:
        return np.asarray(data[name].values)

    names = [str(name) for name in data.data_vars]
    table = {
        name.removeprefix("replicate_"): values(name)
        for name in names
        if name.startswith("replicate_")
    }
    weekly = {}
    for name in names:
        if name.startswith("histogram:"):
            variable = name.removeprefix("histogram:")
            grid, about = data[name].attrs, data[variable].attrs
            column = Column(
                float(grid["low"]), float(grid["high"]), about["units"], about["long_name"]
            )
            weekly[variable] = Weekly(column, values(variable), values(name).astype(np.int64))
    prefix = "parameter:"
    return Ensemble(
        scenario=scenario,
        design=manifest["design"],
        table=table,
        twins=values("twin_outcome"),
        parameters={
            name.removeprefix(prefix): values(name) for name in names if name.startswith(prefix)
        },
        weekly=weekly,
        environment=manifest["environment"],
    )
