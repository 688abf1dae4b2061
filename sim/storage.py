"""A result as a folder of files: written at once or not at all, read back with its digests checked.

``manifest.json`` holds the SHA-256 of every other file.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import yaml

from sim.errors import RunError, UsageError
from sim.outcomes import OUTCOMES, SUBLABELS
from sim.results import Column, Ensemble, Weekly

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
#: Columns of ``outcomes.csv``, in order.
OUTCOME_COLUMNS = (
    "replicate",
    "outcome",
    "sublabel",
    "week",
    "signed_week",
    "settlement",
    "attempts",
    "failed_rounds",
    "recognisers",
)
#: Columns of a result that only its means need; they travel in ``trajectories.nc``.
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def outcomes_frame(ensemble: Ensemble) -> pd.DataFrame:
    """Return one row per replicate in the columns of ``outcomes.csv``; NA where nothing signed."""
    import pandas as pd

    table = ensemble.table
    frame = pd.DataFrame({name: table[name] for name in OUTCOME_COLUMNS})
    frame["outcome"] = np.array(OUTCOMES)[table["outcome"]]
    frame["sublabel"] = np.array(SUBLABELS)[table["sublabel"]]
    signed = pd.Series(table["signed_week"]).astype("Int64")
    frame["signed_week"] = signed.where(signed > 0)
    return frame


def save(ensemble: Ensemble, folder: Path, force: bool, figures: bool) -> Path:
    """Write a result; see ``Ensemble.save``."""
    check_target(folder, force)
    try:
        with _staging(folder) as staging:
            _write_files(ensemble, staging)
            if figures:
                from sim.plots import save_figures

                save_figures(ensemble, staging)
            _write_manifest(ensemble, staging)
            _put_in_place(staging, folder)
    except OSError as error:
        raise RunError(f"{folder}: the result cannot be written: {error.strerror}") from None
    return folder


def check_target(folder: Path, force: bool) -> None:
    """Raise UsageError unless a result may be written to ``folder``."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder}: is a file; a result needs a folder of its own")
    if not force:
        raise UsageError(f"{folder}: exists already; use --force to replace the result in it")
    if any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise UsageError(f"{folder}: holds files but no result; --force replaces only a result")


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside the target, so that the last step is a rename."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        staging.chmod(0o755)
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _put_in_place(staging: Path, folder: Path) -> None:
    for path in staging.iterdir():
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
    if folder.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.old.", dir=folder.parent))
        os.replace(folder, old)
        try:
            os.replace(staging, folder)
        except OSError:
            os.replace(old, folder)
            raise
        shutil.rmtree(old, ignore_errors=True)
    else:
        os.replace(staging, folder)
    folder.mkdir(exist_ok=True)


def _write_files(ensemble: Ensemble, folder: Path) -> None:
    outcomes_frame(ensemble).to_csv(folder / "outcomes.csv", index=False, lineterminator="\n")
    _parameters_frame(ensemble).to_csv(folder / "parameters.csv", index=False, lineterminator="\n")
    _write_json(folder / "summary.json", ensemble.summary())
    text = yaml.safe_dump(dict(ensemble.scenario), sort_keys=False, allow_unicode=True, width=100)
    (folder / "scenario.resolved.yaml").write_text(text, encoding="utf-8")
    (folder / "trajectories.csv").write_text(_trajectories_csv(ensemble), encoding="utf-8")
    _dataset(ensemble).to_netcdf(folder / "trajectories.nc", engine="h5netcdf")


def _parameters_frame(ensemble: Ensemble) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"replicate": ensemble.table["replicate"], **ensemble.parameters})


def _trajectories_csv(ensemble: Ensemble) -> str:
    """Quantiles by week over the replicates still running, and their number."""
    start = date.fromisoformat(str(ensemble.design["start"]))
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    names = [f"q{round(100 * probability):02d}" for probability in _QUANTILES]
    rows.writerow(["variable", "unit", "week", "date", "running", *names])
    for name, weekly in ensemble.weekly.items():
        quantiles = weekly.quantiles(_QUANTILES)
        running = weekly.counts.sum(axis=1)
        for week in range(ensemble.weeks):
            day = start + timedelta(weeks=week)
            shown = ["" if np.isnan(value) else f"{value:.6g}" for value in quantiles[week]]
            rows.writerow(
                [name, weekly.column.unit, week + 1, day.isoformat(), running[week], *shown]
            )
    return stream.getvalue()


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


def _write_json(path: Path, data: Any) -> None:
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _write_manifest(ensemble: Ensemble, folder: Path) -> None:
    files = {path.name: _digest(path) for path in sorted(folder.iterdir())}
    _write_json(
        folder / MANIFEST,
        {
            "design": dict(ensemble.design),
            "environment": dict(ensemble.environment),
            "files": files,
        },
    )


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

    text = (folder / "scenario.resolved.yaml").read_text(encoding="utf-8")
    with xr.open_dataset(folder / "trajectories.nc", engine="h5netcdf") as data:
        return _ensemble(data.load(), manifest, yaml.safe_load(text))


def _read_manifest(folder: Path) -> Any:
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RunError(f"{folder}: is no saved result (no readable {MANIFEST})") from None


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
