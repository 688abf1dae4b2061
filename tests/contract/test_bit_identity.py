"""The same replicate is the same to the bit, whatever runs beside it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.draws import TWIN_OFFSET, Draws
from sim.ensemble import run
from sim.outcomes import OUTCOMES
from sim.results import Ensemble
from sim.scenario.tree import place

SEED = 11
NUMBER = 5000
HALFWAY = 500
BLOCKS = 64


def assert_same_replicates(part: Ensemble, whole: Ensemble, first: int = 0) -> None:
    """Every column, drawn parameter and recorded variable of ``part`` is in ``whole``."""
    rows = slice(first, first + part.replicates)
    for name, values in part.table.items():
        assert values.tobytes() == whole.table[name][rows].tobytes(), name
    for name, values in part.parameters.items():
        assert values.tobytes() == whole.parameters[name][rows].tobytes(), name
    assert part.weekly.keys() == whole.weekly.keys()
    for name, weekly in part.weekly.items():
        assert weekly.paths.tobytes() == whole.weekly[name].paths[rows].tobytes(), name


@pytest.fixture(scope="module")
def oslo() -> sim.Scenario:
    return sim.load("oslo_2019")


@pytest.fixture(scope="module")
def whole(oslo: sim.Scenario) -> Ensemble:
    return run(oslo, NUMBER, SEED)


@pytest.fixture(scope="module")
def small(oslo: sim.Scenario) -> Ensemble:
    return run(oslo, BLOCKS, SEED)


def test_500_of_5000_replicates_equal_a_run_of_500(oslo: sim.Scenario, whole: Ensemble) -> None:
    part = run(oslo, HALFWAY, SEED)
    assert_same_replicates(part, whole)
    assert part.outcomes.to_csv() == whole.outcomes.head(HALFWAY).to_csv()
    assert part.twins.tobytes() == whole.twins[:HALFWAY].tobytes()


@pytest.mark.parametrize("block", [64, 1000, NUMBER])
def test_blocks_of_any_size_give_the_same_bits(
    oslo: sim.Scenario, whole: Ensemble, block: int
) -> None:
    again = run(oslo, 1500, SEED, block=block)
    assert_same_replicates(again, whole)


@pytest.mark.parametrize("block", [1, 7])
def test_tiny_blocks_give_the_same_bits(oslo: sim.Scenario, small: Ensemble, block: int) -> None:
    again = run(oslo, BLOCKS, SEED, block=block)
    assert_same_replicates(again, small)
    for name, weekly in again.weekly.items():
        assert np.array_equal(weekly.counts, small.weekly[name].counts)


def test_two_workers_give_the_same_bits_as_one(oslo: sim.Scenario, whole: Ensemble) -> None:
    again = run(oslo, 1200, SEED, workers=2, block=300)
    assert_same_replicates(again, whole)


def test_replicates_300_to_399_alone_are_those_of_the_ensemble(
    oslo: sim.Scenario, whole: Ensemble
) -> None:
    assert_same_replicates(run(oslo, 100, SEED, start=300), whole, first=300)


def test_seed_0_works_and_differs_from_seed_1(oslo: sim.Scenario) -> None:
    zero, one = (run(oslo, 50, seed, twins=False) for seed in (0, 1))
    assert_same_replicates(run(oslo, 50, 0, twins=False), zero)
    assert not np.array_equal(zero.weekly["zone"].paths, one.weekly["zone"].paths)


def reversed_yaml(text: str) -> Iterator[str]:
    """Yield the blocks of actors of a file in reverse order, everything else as it is."""
    lines = text.splitlines(keepends=True)
    first = lines.index("actors:\n") + 1
    last = next(i for i in range(first, len(lines)) if lines[i][0] not in " \n#")
    starts = [i for i in range(first, last) if lines[i].startswith("  ") and lines[i][2] != " "]
    blocks = ["".join(lines[a:b]) for a, b in zip(starts, [*starts[1:], last], strict=True)]
    yield "".join(lines[:first])
    yield from reversed(blocks)
    yield "".join(lines[last:])


def test_order_of_actors_in_the_file_does_not_matter(small: Ensemble, tmp_path: Path) -> None:
    base = Path(sim.load("oslo_2019").parameters["actors.norway.bias"].mark.file)
    shuffled = tmp_path / "base" / "shuffled.yaml"
    shuffled.parent.mkdir()
    shuffled.write_text("".join(reversed_yaml(base.read_text(encoding="utf-8"))))
    scenario = sim.load(str(shuffled)).alter({"title": "Talks in Oslo, May 2019"})
    assert place(scenario.tree, "actors.states").line < place(scenario.tree, "actors.norway").line
    assert_same_replicates(run(scenario, BLOCKS, SEED), small)


def test_an_actor_without_effect_moves_nothing(oslo: sim.Scenario, small: Ensemble) -> None:
    account = {"basis": "assumed", "source": "P12", "reason": "none", "range": [0, 1]}
    bystander = {
        "kind": "ally",
        "name": "A bystander",
        "weight": {"value": 0, "unit": "share", **account},
        "support": {"value": 0.5, "unit": "index", **account},
        "threshold": {"value": 0.5, "unit": "probability", **account},
    }
    observer = {"kind": "mediator", "name": "An observer", "present": 0}
    more = oslo.alter({"actors.a_bystander": bystander, "actors.z_observer": observer})
    assert_same_replicates(run(more, BLOCKS, SEED), small)


def test_a_label_changes_nothing_but_the_label(oslo: sim.Scenario, small: Ensemble) -> None:
    renamed = oslo.alter({"actors.norway.name": "Kingdom of Norway", "title": "Other words"})
    assert_same_replicates(run(renamed, BLOCKS, SEED), small)


def test_twins_share_parameters_and_nothing_else(oslo: sim.Scenario, whole: Ensemble) -> None:
    parameters = Draws(SEED, 50, chance_start=TWIN_OFFSET)
    replicates = Draws(SEED, 50)
    stream = "parameter:actors.norway.bias"
    assert np.array_equal(parameters.uniform(stream), replicates.uniform(stream))
    assert not np.any(parameters.uniform("zone.low", 3) == replicates.uniform("zone.low", 3))
    assert np.any(whole.twins != whole.outcome[: len(whole.twins)])


def test_replicate_17_stepped_by_hand_ends_as_row_17(oslo: sim.Scenario, small: Ensemble) -> None:
    model = sim.CrisisModel(oslo, replicates=1, seed=SEED, start=17)
    weeks = 0
    while model.running:
        model.step()
        weeks += 1
    assert OUTCOMES[model.outcome[0]] == small.outcomes["outcome"][17]
    assert weeks == small.outcomes["week"][17]
    assert model.attempts[0] == small.outcomes["attempts"][17]


def test_the_first_replicate_is_the_default_of_a_model(oslo: sim.Scenario) -> None:
    model = sim.CrisisModel(oslo, replicates=1, seed=SEED)
    model.step()
    alone = run(oslo, 1, SEED, twins=False)
    assert model.read("zone")[0] == alone.weekly["zone"].paths[0, 0]
