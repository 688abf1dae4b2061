"""Oracle and package end every replicate in the same way, in the same week."""

from pathlib import Path

import pytest

import sim
from tests.oracle.agreement import LIBRARY, differences

REPLICATES = 300
SEED = 17
SCRIPTED = Path(__file__).with_name("scripted.yaml")
UNLABELLED = Path(__file__).with_name("scripted_unlabelled.yaml")


@pytest.mark.parametrize(
    "name", ["oslo_2019", "second_mediator", "norway_leaves", "sanctions_eased"]
)
def test_a_shipped_scenario_ends_as_the_page_says(name: str) -> None:
    assert differences(LIBRARY / f"{name}.yaml", REPLICATES, SEED) == []


def test_scripted_decisions_replace_those_of_the_actors_as_the_page_says() -> None:
    assert differences(SCRIPTED, REPLICATES, SEED) == []


def test_deals_without_labels_and_force_from_abroad_end_as_the_page_says() -> None:
    assert differences(UNLABELLED, REPLICATES, SEED) == []


def test_the_scripted_crisis_reaches_what_it_is_for() -> None:
    result = sim.run(sim.load(SCRIPTED), replicates=REPLICATES, seed=SEED, twins=False)
    reached = {
        "signed": result.signed,
        "reneged": result.reneged,
        "uprisings": result.table["attempts"] >= 2,
        "rounds failed": result.table["failed_rounds"] >= 2,
        "labelled deals": result.agreement,
        "defections": result.outcome == 0,
    }
    assert {name: int(where.sum()) for name, where in reached.items() if where.sum() < 10} == {}
