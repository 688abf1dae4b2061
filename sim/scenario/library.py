"""Where scenarios are found: a path, or the name of one that is shipped with the package."""

import os
from contextlib import suppress
from importlib.resources import files
from pathlib import Path, PurePath

from sim.errors import Problem, ScenarioError, printable
from sim.scenario.wording import did_you_mean, shown

_SUFFIXES = (".yaml", ".yml")
_PLACES = "the file's own folder and the shipped library"
_LONGEST_NAME = 1000


def folder() -> Path:
    """Return the folder of the shipped scenarios: inside the wheel, or in the source tree."""
    package = Path(str(files("sim")))
    shipped = package / "library"
    return shipped if shipped.is_dir() else package.parent / "scenarios"


def names() -> list[str]:
    """Return the names of the shipped scenarios, without those that others only extend."""
    return [name for name in _all_names() if not name.startswith("base/")]


def _all_names() -> list[str]:
    root = folder()
    return [p.relative_to(root).with_suffix("").as_posix() for p in sorted(root.rglob("*.yaml"))]


def locate(scenario: str) -> Path:
    """Return the file of a scenario. Raises ScenarioError.

    scenario: the path of a file, a shipped name, or a path without its ``.yaml``, tried in this
    order.
    """
    path = Path(scenario)
    try:
        exists, is_folder = path.exists(), path.is_dir()
    except (OSError, ValueError):
        raise _not_found(scenario, "no file can have this name") from None
    if exists and not is_folder:
        return path
    is_name = path.suffix not in _SUFFIXES
    shipped = _file_in(folder(), scenario) if is_name else None
    if shipped is not None:
        return shipped  # Results of a scenario often lie in a folder of its name.
    if os.path.isfile(own := _with_suffix(scenario)):
        return Path(own)
    if exists:
        return path
    if is_name:
        hint = did_you_mean(scenario, [*names(), *(own.stem for own in Path().glob("*.yaml"))])
        message = f"no such file, and no shipped scenario of that name (see `parley list`){hint}"
        raise _not_found(scenario, message)
    stem = path.with_suffix("").as_posix()
    hint = f"; the shipped scenario is named '{stem}'" if stem in names() else ""
    raise _not_found(scenario, f"no such file{hint or did_you_mean(stem, names())}")


def _not_found(scenario: str, message: str) -> ScenarioError:
    label = scenario if len(scenario) <= 200 else f"{scenario[:60]}..."
    return ScenarioError([Problem(label, 0, 0, "", message)])


def name_of(path: Path) -> str:
    """Return the name of a scenario: its path in the shipped library, or the stem of its file.

    Results and tables hold it, so that what no text can hold is escaped.
    """
    resolved, shipped = path.resolve(), folder().resolve()
    if resolved.is_relative_to(shipped):
        return resolved.relative_to(shipped).with_suffix("").as_posix()
    return printable(path.stem)


def parent_of(child: Path, wanted: str) -> Path | None:
    """Return the file that ``extends`` names: beside the child, then in the library, else None.

    A path that leaves both places is treated as not found. A file that extends its own name means
    the shipped one, unless it is the shipped one.
    """
    beside = child.resolve().parent
    found = [_file_in(root, wanted) for root in (beside, folder())]
    others = [path for path in found if path is not None and path != child.resolve()]
    return others[0] if others else next(filter(None, found), None)


def _file_in(root: Path, wanted: str) -> Path | None:
    path = _inside(root, _with_suffix(wanted))
    try:
        return path if path is not None and path.is_file() else None
    except OSError:
        return None


def _with_suffix(wanted: str) -> str:
    return wanted if wanted.endswith(_SUFFIXES) else f"{wanted}.yaml"


def why_not_found(child: Path, wanted: str) -> str:
    """Return why ``extends`` finds no file, with the nearest one that there is."""
    path = PurePath(wanted)
    roots = (child.resolve().parent, folder())
    is_outside = any(_inside(root, _with_suffix(wanted)) is None for root in roots)
    if path.is_absolute() or (is_outside and _is_name(wanted)):
        return f"{shown(wanted)} leads out of the two places that are searched: {_PLACES}"
    near = [file.name for file in roots[0].glob("*.yaml") if file.name != child.name]
    near += [f"{name}.yaml" for name in _all_names()]
    hint = did_you_mean(_with_suffix(wanted), near)
    return f"no file {shown(wanted)} in the two places that are searched: {_PLACES}{hint}"


def _is_name(text: str) -> bool:
    return "\0" not in text and len(text) < _LONGEST_NAME


def _inside(root: Path, name: str) -> Path | None:
    """Return root / name, links followed, if that stays inside root, else None."""
    if not _is_name(name):
        return None
    try:
        path = (root / name).resolve()
    except (OSError, RuntimeError):
        return None
    return path if path.is_relative_to(root.resolve()) else None


def label(path: Path) -> str:
    """Return how a file is named in messages: relative to where the user stands if possible."""
    with suppress(ValueError, OSError):
        path = path.resolve().relative_to(Path.cwd())
    return printable(path.as_posix())
