"""Files that accidents and ill will change: each is read or refused with its place, nothing else.

The suite tries 250 of each kind of mutation, ``make reliability`` 10,000.
"""

import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sim.cli.new import write_new
from sim.errors import ParleyError, Problem, ScenarioError
from sim.folders import check_target
from sim.scenario import Scenario, load
from sim.scenario.conditions import ConditionError, compile_condition
from sim.scenario.json_schema import scenario_schema
from sim.scenario.library import folder
from sim.scenario.variables import VARIABLES
from sim.scenario.yaml_reader import read_file
from tests.contract.test_bad_input import mutated

Tries = Callable[[int, int], int]

FILES = sorted(folder().rglob("*.yaml"))
TREES = [read_file(path, path.name).plain() for path in FILES]
CONFORMS = jsonschema.Draft202012Validator(scenario_schema())
#: Of all refusals, this share must point at a line.
PLACED = 0.99


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], Scenario]:
    """Return a function that writes a file in an empty folder and loads it."""
    monkeypatch.chdir(tmp_path)

    def write_and_load(data: bytes) -> Scenario:
        Path("fuzz.yaml").write_bytes(data)
        return load("fuzz.yaml")

    return write_and_load


def refusals(read: Callable[[bytes], Scenario], files: Iterator[bytes]) -> tuple[int, list[Any]]:
    """Return how many files load, and the faults of each that does not. Anything else raises."""
    loaded, refused = 0, []
    for data in files:
        try:
            assert len(read(data).sha256) == 64
        except ScenarioError as error:
            refused.append(error.problems)
        except BaseException:
            Path("fuzz.yaml").rename("crash.yaml")
            raise
        else:
            loaded += 1
    return loaded, refused


def check_placed(refused: list[tuple[Problem, ...]]) -> None:
    placed = sum(
        bool(problems) and all(p.line > 0 and p.column > 0 for p in problems)
        for problems in refused
    )
    assert placed >= PLACED * len(refused), f"{placed} of {len(refused)} have a place"


def test_a_file_of_damaged_bytes_is_read_or_refused_with_its_place(read, tries: Tries) -> None:
    luck = random.Random(11)
    texts = [path.read_bytes() for path in FILES]
    count = tries(250, 10_000)
    loaded, refused = refusals(read, (mutated(luck.choice(texts), luck) for _ in range(count)))
    assert loaded + len(refused) == count
    assert len(refused) > count / 4
    check_placed(refused)


# Structure

STRANGE = (
    None, True, False, 0, 1, -1, 0.5, 1.5, 1e9, -1e308, 10**30, "", " ", "x", "NOR", "norway",
    "2019-08-05", "1900-01-01", "4 weeks", "talks.on > 0", "share(signed) < 1", "P1", "E001",
    "agreement", "opposition", "uniform", "\u202e", "\x00", "a" * 300, [], {}, [[]], [None], ["x"],
    {"": 1}, {"id": "x"}, {"value": 0.5}, {"dist": "uniform", "low": 0, "high": 1},
    {"dist": "normal"}, {"same_as": "weeks"}, {"kind": "ally"}, {"kind": 3},
)  # fmt: skip


def nodes(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in a tree: its container and its key."""
    keys = list(tree) if isinstance(tree, dict) else range(len(tree))
    for key in keys:
        yield tree, key
        if isinstance(tree[key], dict | list):
            yield from nodes(tree[key])


def copied(tree: Any) -> Any:
    return json.loads(json.dumps(tree))


def bent(tree: Any, luck: random.Random) -> Any:
    """Return the tree with one to three parts removed, replaced, renamed, moved or added.

    Words that replace and rename are those of the schema, so that some of them are almost right.
    """
    tree = copied(tree)
    for _ in range(luck.randint(1, 3)):
        places = list(nodes(tree))
        if not places:
            break
        owner, key = luck.choice(places)
        other_owner, other = luck.choice(places)
        change = luck.randrange(6)
        if change == 0:
            del owner[key]
        elif change == 1:
            owner[key] = copied(luck.choice(STRANGE))
        elif change == 2:
            owner[key] = copied(other_owner[other]) if other_owner else None
        elif change == 3 and isinstance(owner, dict):
            owner[luck.choice(WORDS)] = owner.pop(key)
        elif change == 4 and isinstance(owner, dict):
            owner[luck.choice(WORDS)] = copied(luck.choice(STRANGE))
        elif isinstance(owner, list):
            owner.insert(0, copied(luck.choice((owner[key], *STRANGE))))
    return tree


def words(schema: Any) -> Iterator[str]:
    """Yield every name and every word that the schema knows."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (word for word in schema.get("enum", ()) if isinstance(word, str))
        for part in schema.values():
            yield from words(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from words(part)


WORDS = sorted({*words(CONFORMS.schema), "informaton", "", "None", "__class__", "kind "})


def test_a_file_of_bent_structure_is_read_or_refused_with_its_place(read, tries: Tries) -> None:
    luck = random.Random(12)
    count = tries(250, 10_000)
    files = (json.dumps(bent(luck.choice(TREES), luck), indent=1).encode() for _ in range(count))
    loaded, refused = refusals(read, files)
    assert loaded + len(refused) == count
    assert len(refused) > count / 4
    check_placed(refused)


def test_the_schema_accepts_every_bent_file_that_validation_accepts(read, tries: Tries) -> None:
    luck = random.Random(13)
    accepted = 0
    for _ in range(tries(100, 10_000)):
        tree = bent(luck.choice(TREES), luck)
        try:
            read(json.dumps(tree, indent=1).encode())
        except ScenarioError:
            continue
        accepted += 1
        assert not list(CONFORMS.iter_errors(tree)), json.dumps(tree)
    assert accepted > 5


# Conditions

PIECES = (
    "__import__('os')", "().__class__", "lambda: 1", "[1]", "{1: 2}", "f'{1}'", "zone.__class__",
    "week.real", "zone[0]", "open('/etc/passwd')", "exec('1')", "eval('1')", "zone if week else 1",
    "(zone := 1)", "*zone", "**zone", "yield", "await zone", "zone @ zone", "zone ** 9", "9 // 2",
    "zone % 2", "~week", "week << 9", "zone & 1", "zone | 1", "zone ^ 1", "zone is zone",
    "zone in week", "'text'", "b'bytes'", "1j", "...", "None", "True", "print(1)", "globals()",
    "min(zone)", "max()", "abs(1, 2)", "min(zone, key=week)", "zone.talks.on", "talks", "TALKS.on",
    "zone; week", "zone\\", "import os", "#", "\0", "\ud800", "9" * 499, "1e999", "0x1g", "((((",
)  # fmt: skip
FRAMES = ("{}", "{} > 1", "zone > {}", "not ({} < 1) or week > 2")


def test_two_hundred_hostile_conditions_are_refused_with_their_column() -> None:
    hostile = [frame.format(piece) for piece in PIECES for frame in FRAMES]
    assert len(hostile) >= 200
    for text in hostile:
        with pytest.raises(ConditionError) as caught:
            compile_condition(text, list(VARIABLES))
        assert 0 <= caught.value.column <= len(text), text


# Paths

PARENTS = (
    "/etc/passwd", "/dev/zero", "/dev/stdin", "/proc/self/environ", "//etc/passwd", "../x",
    "../../x", "a/../../x", "./../x", "../oslo_2019", "base/../../x", "....//x", "..\\x", "C:\\x",
    "~/x", "~root/x", "$HOME/x", "%2e%2e/x", "file:///etc/passwd", "http://localhost/x", "link",
    "linked/x", "loop", "null", "pipe", "folder", "a\0b", "\0", "x" * 300, "x" * 9000,
    "x/" * 3000, "", " ", ".", "..", "/", "\n", "*", "?", "x.yaml/", "x.yaml/y", "fuzz",
    "fuzz.yaml", "./fuzz.yaml", "\u202ex", "-", "--help", "oslo_2019\0.yaml", "OSLO_2019/",
    "base",
)  # fmt: skip


@pytest.fixture
def trapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder of links that lead out, in circles and nowhere, of pipes and devices."""
    outside = tmp_path / "outside"
    inside = tmp_path / "inside"
    for folder_ in (outside, inside, inside / "folder.yaml"):
        folder_.mkdir()
    for name in ("x.yaml", "x"):
        (outside / name).write_text("parley: 1\ntitle: X\nextends: oslo_2019\n")
    monkeypatch.chdir(inside)
    links = {"link": outside / "x.yaml", "loop": "loop", "null": "/dev/null", "nowhere": "gone"}
    for name, target in links.items():
        for suffix in ("", ".yaml"):
            to = f"{target}{suffix}" if name in ("loop", "nowhere") else target
            Path(f"{name}{suffix}").symlink_to(to)
    Path("linked").symlink_to(outside)
    for name in ("pipe", "pipe.yaml"):
        os.mkfifo(name)
    Path("kept.yaml").write_text("kept")
    Path("full").mkdir()
    Path("full/kept").write_text("kept")
    return inside


def test_fifty_hostile_parents_are_refused_where_they_are_named(trapped: Path) -> None:
    assert len(PARENTS) >= 50
    for name in PARENTS:
        text = json.dumps({"parley": 1, "title": "T", "extends": name}, indent=1)
        Path("fuzz.yaml").write_text(text)
        with pytest.raises(ScenarioError) as caught:
            load("fuzz.yaml")
        assert [problem.line for problem in caught.value.problems] == [4], name


FOLDERS = (
    "kept.yaml", "kept.yaml/x", "full", "full/.", "linked/x.yaml", "loop", "loop/x", "null",
    "null/x", "nowhere", "pipe", "pipe/x", "/dev/null", "/dev/null/x", "/dev/full", "/dev/zero/x",
    ".", "..", "/", "", "../outside", "a" * 300, "a/" * 3000, "a\0b", "\0",
    "../../../../../../../../dev/null", "/etc/passwd", "full/../kept.yaml", "folder.yaml/../full",
    "/etc", "full/" + "b" * 300,
)  # fmt: skip
NEW_FILES = (
    "full", "link.yaml", "loop.yaml", "null.yaml", "nowhere.yaml", "pipe.yaml", "folder.yaml",
    "kept.yaml/x.yaml", "loop/x.yaml", "/dev/null", "/dev/null/x.yaml", "/proc/x.yaml",
    "no/x.yaml", "a" * 300 + ".yaml", "a/" * 3000 + "x.yaml", "a\0b.yaml", "\0.yaml", ".", "..",
    "/", "", ".yaml", "x.txt", "x", "/etc/passwd",
)  # fmt: skip


def test_fifty_hostile_places_to_write_to_are_refused_and_nothing_is_written(
    trapped: Path,
) -> None:
    before = sorted(trapped.parent.rglob("*"))
    assert len(FOLDERS) + len(NEW_FILES) >= 50
    for name in FOLDERS:
        with pytest.raises(ParleyError):
            check_target(Path(name), force=False)
    for name in NEW_FILES:
        with pytest.raises(ParleyError):
            write_new(Path(name), "parley: 1\n", force=True)
    assert sorted(trapped.parent.rglob("*")) == before
    kept = [trapped / "kept.yaml", trapped / "full/kept"]
    assert [path.read_text() for path in kept] == ["kept", "kept"]
