"""The rules of the house: who may import whom, how long a module is, one version everywhere."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path

import grimp
import pytest
import yaml

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "sim").rglob("*.py"))
LONGEST_MODULE = 330
LONGEST_FUNCTION = 45
LINT = """
from importlinter.cli import lint_imports
raise SystemExit(lint_imports(no_cache=True, no_logo=True))
"""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# Imports


def test_import_contracts_hold():
    done = subprocess.run(
        [sys.executable, "-c", LINT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # Beside "0 broken": a configuration without contracts would pass as well.
    kept = re.search(r"Contracts: (\d+) kept, 0 broken", done.stdout)
    assert kept, done.stdout
    assert int(kept[1]) == len(contracts())


def contracts() -> list[dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, object]] = settings["tool"]["importlinter"]["contracts"]
    return found


def test_mechanisms_import_numpy_and_scipy_alone():
    graph = grimp.build_graph("sim", include_external_packages=True, cache_dir=None)
    inside = {"sim.mechanisms"} | graph.find_descendants("sim.mechanisms")
    imported = set().union(*(graph.find_modules_directly_imported_by(name) for name in inside))
    foreign = {name for name in imported - inside if name not in sys.stdlib_module_names}
    assert foreign <= {"numpy", "scipy", "sim.errors"}


# Size


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_module_is_long():
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert lengths, "no module of sim was found"
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_no_function_is_long():
    lengths = {
        f"{name_of(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in MODULES
        for node in functions_of(path)
        if node.end_lineno is not None
    }
    assert lengths, "no function of sim was found"
    assert {name: n for name, n in lengths.items() if n > LONGEST_FUNCTION} == {}


# Version


def test_version_is_the_same_everywhere():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    number, _ = newest_release()
    assert {
        "pyproject.toml": settings["project"]["version"],
        "CITATION.cff": str(citation["version"]),
        "CHANGELOG.md": number,
    } == dict.fromkeys(["pyproject.toml", "CITATION.cff", "CHANGELOG.md"], version("parley-sim"))


def test_date_of_release_is_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    _, date = newest_release()
    assert date in {"Unreleased", str(citation["date-released"])}


def newest_release() -> tuple[str, str]:
    """Return number and date of the newest numbered heading of the changelog."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(r"^## \[(\d[^]]*)\] - (Unreleased|\d{4}-\d\d-\d\d)$", text, re.MULTILINE)
    assert found, "CHANGELOG.md has no heading like '## [0.1.0] - 2026-11-24'"
    return found[1], found[2]


# Paths of one machine

# A folder of one machine, whole: not a part of a longer word, path or address. The names are put
# together here, because this file is searched too.
FOLDERS = ["/".join(["", *parts]) for parts in (["work"], ["root"], ["tmp", "w"])]
MACHINE_PATH = re.compile(
    rf"(?:(?<=file://)|(?<![\w./~)\]}}-]))(?:{'|'.join(FOLDERS)})(?![\w-])(?!\.\w)"
)


def repository_files() -> Iterator[Path]:
    """Yield the files of the working copy but what .gitignore names."""
    ignored = [".git", *(ROOT / ".gitignore").read_text(encoding="utf-8").split()]
    patterns = [name.removesuffix("/") for name in ignored]
    for folder, subfolders, files in os.walk(ROOT):
        here = Path(folder)
        subfolders[:] = [name for name in subfolders if not is_ignored(here / name, patterns)]
        yield from (here / name for name in files if not is_ignored(here / name, patterns))


def is_ignored(path: Path, patterns: list[str]) -> bool:
    return any(fnmatch(path.name, p) or fnmatch(name_of(path), p) for p in patterns)


def test_no_file_names_a_path_of_one_machine():
    found = []
    for path in repository_files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        lines = enumerate(text.splitlines(), start=1)
        found += [f"{name_of(path)}:{n}: {line}" for n, line in lines if MACHINE_PATH.search(line)]
    assert found == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_path_of_one_machine_is_recognised(folder: str):
    for text in ("{}", "cd {}/main", 'open("{}/x.csv")', "in {}.", "file://{}/x", "<code>{}"):
        assert MACHINE_PATH.search(text.format(folder)), text
    for text in ("https://example.org{}", "a{}", "{}ers", "..{}", "{}-related", "https:/{}"):
        assert not MACHINE_PATH.search(text.format(folder)), text
