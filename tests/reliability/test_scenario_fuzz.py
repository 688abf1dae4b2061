"""Files that accidents and ill will change: each is read or refused with its place, nothing else.

The suite tries 250 of each kind of mutation, ``make reliability`` 10,000.
"""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sim.errors import ParleyError, Problem, ScenarioError
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
            assert error.problems
            refused.append(error.problems)
        except BaseException:
            Path("fuzz.yaml").rename("crash.yaml")
            raise
        else:
            loaded += 1
    return loaded, refused


def check_placed(refused: list[tuple[Problem, ...]]) -> None:
    placed = sum(all(p.line > 0 and p.column > 0 for p in problems) for problems in refused)
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


def bent(tree: Any, luck: random.Random) -> Any:
    """Return the tree with one to three parts removed, replaced, renamed, moved or added.

    Words that replace and rename are those of the schema, so that some of them are almost right.
    """
    tree = json.loads(json.dumps(tree))
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
            owner[key] = luck.choice(STRANGE)
        elif change == 2:
            owner[key] = json.loads(json.dumps(other_owner[other])) if other_owner else None
        elif change == 3 and isinstance(owner, dict):
            owner[luck.choice(WORDS)] = owner.pop(key)
        elif change == 4 and isinstance(owner, dict):
            owner[luck.choice(WORDS)] = luck.choice(STRANGE)
        elif isinstance(owner, list):
            owner.insert(0, luck.choice((owner[key], *STRANGE)))
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
