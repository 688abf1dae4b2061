"""The generated parts of the documents are those that the program would write today.

``python docs/tables.py`` writes them anew.
"""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Bits are promised on one machine; elsewhere a replicate or two may end differently.
TOLERANCE = 0.002
NUMBER = re.compile(r"\d+\.\d{3}\b")


def load_tables():
    spec = importlib.util.spec_from_file_location("document_tables", ROOT / "docs" / "tables.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(ROOT / "docs"))  # As for a program that is run from there.
    spec.loader.exec_module(module)
    return module


tables = load_tables()
COMMITTED = tables.committed()


def test_every_generated_part_has_its_place():
    assert sorted(COMMITTED) == sorted(tables.PARTS)


#: Compared below, because bits are promised on one machine or because all of it takes long.
OTHERWISE = {
    "base rates",
    "classroom results",
    "comparable cases",
    "libyan recognitions",
    "scenario differences",
    "scenario readings",
}


@pytest.mark.parametrize("name", sorted(set(COMMITTED) - OTHERWISE))
def test_committed_part_is_up_to_date(name: str):
    path, text = COMMITTED[name]
    assert tables.PARTS[name]() == text, f"{path.name}: run `python docs/tables.py`"


def test_committed_base_rates_are_those_of_a_run():
    _, text = COMMITTED["base rates"]
    today = tables.base_rates()
    assert NUMBER.sub("#", today) == NUMBER.sub("#", text)
    shown = [float(number) for number in NUMBER.findall(text)]
    assert shown == pytest.approx([float(n) for n in NUMBER.findall(today)], abs=TOLERANCE)


def test_every_claim_of_the_base_scenario_lies_inside_its_band():
    for one in tables.measured():
        assert one.claim.low <= one.value <= one.claim.high, one.claim.text


def test_a_part_that_differs_is_found_and_rewritten(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- generated: outcomes -->\nold\n<!-- end of outcomes -->\nz\n")
    assert tables.committed([page]) == {"outcomes": (page, "old")}
    tables.rewrite(page)
    assert tables.committed([page]) == {"outcomes": (page, tables.outcome_table())}
    assert page.read_text().startswith("a\n<!--")
    assert page.read_text().endswith("-->\nz\n")
