"""Where scenarios are found: a path, or the name of one that is shipped with the package."""

from importlib.resources import files
from pathlib import Path

from sim.errors import Problem, ScenarioError
from sim.scenario.tree import did_you_mean

_SUFFIXES = (".yaml", ".yml")


def folder() -> Path:
    """Return the folder of the shipped scenarios: inside the wheel, or in the source tree."""
    package = Path(str(files("sim")))
    shipped = package / "library"
    return shipped if shipped.is_dir() else package.parent / "scenarios"


def names() -> list[str]:
    """Return the names of the shipped scenarios, without those that others only extend."""
    root = folder()
    found = (path.relative_to(root) for path in sorted(root.rglob("*.yaml")))
    return [path.with_suffix("").as_posix() for path in found if path.parts[0] != "base"]


def locate(scenario: str) -> Path:
    """Return the file of a scenario given as path or as shipped name. Raises ScenarioError."""
    path = Path(scenario)
    looks_like_path = path.suffix in _SUFFIXES or path.exists()
    if looks_like_path:
        return path
    shipped = inside(folder(), scenario + ".yaml")
    if shipped is not None and shipped.is_file():
        return shipped
    hint = did_you_mean(scenario, names())
    message = f"no such file, and no shipped scenario of that name{hint}; see `parley list`"
    raise ScenarioError([Problem(scenario, 0, 0, "", message)])


def parent_of(child: Path, wanted: str) -> Path | None:
    """Return the file that ``extends`` names: beside the child, then in the library, else None.

    A path that leaves both places is treated as not found.
    """
    name = wanted if wanted.endswith(_SUFFIXES) else wanted + ".yaml"
    for root in (child.resolve().parent, folder()):
        path = inside(root, name)
        if path is not None and path.is_file() and path != child.resolve():
            return path
    return None


def inside(root: Path, name: str) -> Path | None:
    """Return root / name if that stays inside root, else None."""
    if "\0" in name or len(name) > 1000:
        return None
    try:
        path = (root / name).resolve()
    except (OSError, RuntimeError):
        return None
    return path if path.is_relative_to(root.resolve()) else None


def label(path: Path) -> str:
    """Return how a file is named in messages: relative to where the user stands if possible."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()
