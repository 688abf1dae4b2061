"""The tree of the cascade: every change of sides has sources, and they are those of the rule."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.analysis.cascade import EVENT, GOVERNMENT, STREET, Cascade, Tip, tippers, tips, tree
from sim.errors import UsageError
from sim.experiments.cascade import collect

JANUARY = """parley: 1
title: The first weeks of 2019
extends: oslo_2019.yaml
start: 2019-01-22
weeks: 30
actors:
  states: {patron_recognises: 0, positions_on: 2019-01-22}
timeline:
  - {id: patron, on: 2019-01-23, actor: USA, action: recognise_opposition, source: P5}
expect: []
"""


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory) -> sim.Scenario:
    path = tmp_path_factory.mktemp("scenario") / "january.yaml"
    path.write_text(JANUARY)
    return sim.load(str(path))


@pytest.fixture(scope="module")
def cascade(january: sim.Scenario) -> Cascade:
    return collect(january, 30, 1)


@pytest.fixture(scope="module")
def found(cascade: Cascade) -> list[Tip]:
    return tips(cascade)


def test_every_change_of_sides_is_there_and_its_sources_sum_to_one(
    january: sim.Scenario, cascade: Cascade, found: list[Tip]
):
    ends = sim.run(january, 30, 1, record=False, twins=False).table["recognisers"]
    begins = sim.CrisisModel(january, 30, 1).states.count
    net = np.zeros(30)
    for tip in found:
        net[tip.replicate] += 1 if tip.joins else -1
        assert sum(tip.sources.values()) == pytest.approx(1)
    assert (begins + net).tolist() == ends.tolist()
    assert len(found) == len(cascade.moves)


def test_the_patron_is_moved_by_the_event_and_moves_its_followers(
    cascade: Cascade, found: list[Tip]
):
    usa = cascade.codes.index("USA")
    for tip in found:
        if tip.state == usa:
            assert (tip.week, tip.sources) == (1, {EVENT: 1.0})
        elif tip.week == 1 and tip.joins and GOVERNMENT not in tip.sources:
            assert cascade.follows[tip.state]
            assert tip.parent == "United States"
    assert tippers(cascade, found)[0].name == "United States"


def test_shares_follow_the_weights_of_influence():
    # Two blocs of two; a patron that nobody follows. B and D move a week after A and C.
    moves = np.array([[0, 1, 0, 1, 1], [0, 1, 2, 1, 1], [0, 2, 1, 1, -1], [0, 3, 3, 1, 0]])
    small = Cascade(
        "small", 1, 0, 1, 3, "2019-01-01", ("A", "B", "C", "D"), ("A", "B", "C", "D"),
        ("x", "x", "y", "y"), np.zeros(4, dtype=bool), None, np.ones(4),
        np.array([0.4]), np.array([0.2]), np.array([0.2]), np.zeros((1, 3)), moves,
    )  # fmt: skip
    rows = {small.codes[tip.state]: tip for tip in tips(small)}
    # A: own bloc .4 / 2 and world .2 / 4; C: the world's alone.
    assert rows["B"].sources == pytest.approx({"A": 0.25 / 0.30, "C": 0.05 / 0.30})
    assert rows["D"].sources == {GOVERNMENT: 1.0}
    assert [(depth, small.codes[t.state]) for depth, t in tree(small, tips(small), 0)] == [
        (0, "A"),
        (1, "B"),
        (0, "C"),
        (0, "D"),
    ]
    risen = replace(small, street=np.array([[0.1, 0.2, 0.2]]))
    risen_rows = {risen.codes[tip.state]: tip for tip in tips(risen)}
    assert risen_rows["B"].sources[STREET] == pytest.approx(0.1 / 0.4)


def test_the_tree_of_a_replicate_holds_each_change_once(cascade: Cascade, found: list[Tip]):
    own = [tip for tip in found if tip.replicate == 4]
    lines = tree(cascade, found, 4)
    assert len(lines) == len(own) > 20
    assert {(tip.state, tip.week) for _, tip in lines} == {(t.state, t.week) for t in own}
    weeks = {-1: 0}
    for depth, tip in lines:
        assert tip.week >= weeks[depth - 1]
        weeks[depth] = tip.week
    assert max(depth for depth, _ in lines) >= 2


def test_a_replicate_has_the_same_tree_alone(january: sim.Scenario, found: list[Tip]):
    alone = tips(collect(january, 1, 1, start=4))
    among = [replace(tip, replicate=0) for tip in found if tip.replicate == 4]
    assert alone == among


def test_a_scenario_without_states_is_refused():
    alone = sim.load("oslo_2019").alter({"actors.states": None})
    with pytest.raises(UsageError, match="no states"):
        collect(alone, 2)


def test_cascade_writes_tables_and_figures(capsys, monkeypatch, tmp_path: Path):
    from sim.cli.main import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "j.yaml").write_text(JANUARY)
    words = ["cascade", "j.yaml", "--replicate", "4", "--seed", "1", "-o", "out", "--json"]
    monkeypatch.setattr("sys.argv", ["parley", *words, "--quiet"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    rows = json.loads(capsys.readouterr().out)["results"]
    assert {"replicate", "week", "state", "joins", "sources"} <= set(rows[0])
    assert rows[0]["replicate"] == 4
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"tippers.csv", "tips.csv", "tippers.png", "tree.png"}
