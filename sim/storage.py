"""A result as the files of a folder.

No file depends on when or where it was written: the same run gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import yaml

from sim.analysis.tables import outcomes_frame, parameters_frame, trajectory_rows
from sim.errors import RunError
from sim.files import check_readable
from sim.folders import as_json, file_digest, read_manifest, write_folder
from sim.results import Column, Ensemble, Weekly

if TYPE_CHECKING:
    import pandas as pd

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


def derived_files(ensemble: Ensemble) -> dict[str, bytes]:
    """Return the files that follow from the labelled data of a result, by name."""
    trajectories = io.StringIO()
    csv.writer(trajectories, lineterminator="\n").writerows(trajectory_rows(ensemble))
    texts = {
        "outcomes.csv": _table(outcomes_frame(ensemble)),
        "parameters.csv": _table(parameters_frame(ensemble)),
        "summary.json": as_json(ensemble.summary()),
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


def load(folder: Path) -> Ensemble:
    """Read a saved result; see ``sim.open_result``."""
    manifest = read_manifest(folder)
    for name, digest in manifest["files"].items():
        path = folder / Path(name).name
        if not path.exists():
            raise RunError(f"{path}: is missing from the result")
        check_readable(path)
        if file_digest(path) != digest:
            raise RunError(f"{path}: is not what was saved (its SHA-256 differs)")
    import xarray as xr

    try:
        scenario = yaml.safe_load((folder / _SCENARIO).read_text(encoding="utf-8"))
        # Whole, for a name such as ~ or file: alone means something else there.
        with xr.open_dataset(folder.resolve() / _TRAJECTORIES, engine="h5netcdf") as data:
            return _ensemble(data.load(), manifest, scenario)
    except (KeyError, OSError) as error:
        raise RunError(f"{folder}: is no result that this version can read: {error}") from None


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
