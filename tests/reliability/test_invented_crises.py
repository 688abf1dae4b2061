"""Oracle and package agree on crises that nobody would write: any cast, agenda and timeline."""

import json
from collections.abc import Callable
from pathlib import Path

from sim.scenario.variables import VARIABLES
from tests.oracle.agreement import differences
from tests.oracle.invent import invent
from tests.oracle.week import VISIBLE

REPLICATES = 24


def test_the_names_of_the_page_are_names_of_the_package() -> None:
    assert set(VISIBLE) <= set(VARIABLES)


def test_invented_crises_end_as_the_page_says(
    tmp_path: Path, tries: Callable[[int, int], int]
) -> None:
    path = tmp_path / "invention.yaml"
    found = {}
    for number in range(tries(40, 2000)):
        path.write_text(json.dumps(invent(number)), encoding="utf-8")
        differ = differences(path, REPLICATES, seed=number)
        if differ:
            found[number] = differ[:3]
    assert found == {}
