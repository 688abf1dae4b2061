"""Moves between outcomes: counted as the transitions are, each with its reason, drawn and told."""

import csv
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.analysis.moves import REASONS, kinds, moves, reasons
from sim.analysis.paired import difference_of_shares, narrowing, transitions
from sim.errors import UsageError
from sim.outcomes import ATTRITION, OUTCOMES
from sim.plots.comparison import describe_comparison, make_comparison
from tests.reliability import sweeping

BASE = sim.load("oslo_2019").alter({"weeks": 30, "actors.states": None})
CHANGES = {
    "alone": {"actors.norway.present": 0},
    "eased": {"actors.united_states.easing": 0.5},
    "same": {"actors.norway.name": "Norge"},
}


@pytest.fixture(scope="module")
def comparison() -> sim.Comparison:
    return sim.compare(BASE, CHANGES, replicates=600, seed=1)


def test_moves_are_the_transitions_off_the_diagonal(comparison: sim.Comparison) -> None:
    for one in comparison.alternatives:
        counts = transitions(one.base, one.ensemble)
        np.fill_diagonal(counts, 0)
        found = kinds(one.base, one.ensemble)
        assert len(list(moves(one.base, one.ensemble))) == counts.sum()
        for kind in found:
            cell = counts[OUTCOMES.index(kind.before), OUTCOMES.index(kind.after)]
            assert kind.count == cell == sum(count for _, count in kind.reasons)
        assert [kind.count for kind in found] == sorted((k.count for k in found), reverse=True)


def test_reasons_are_what_the_columns_say(comparison: sim.Comparison) -> None:
    one = comparison.alternatives[0]
    why = reasons(one.base, one.ensemble)
    signed, lost = REASONS[:2]
    for row, (before, after) in enumerate(zip(one.base.signed, one.ensemble.signed, strict=True)):
        assert (REASONS[why[row]] == signed) == (after and not before)
        assert (REASONS[why[row]] == lost) == (before and not after)
    assert len(set(why)) > 4


def test_a_challenge_that_fades_in_one_run_alone_is_the_reason(comparison: sim.Comparison) -> None:
    seen = set()
    for one in comparison.alternatives:
        why = reasons(one.base, one.ensemble)
        fades, faded = (run.table["sublabel"] == ATTRITION for run in (one.ensemble, one.base))
        told = np.array(REASONS)[why]
        assert not (fades & ~faded & (told == "more rounds fail")).any()
        for text, holds in (("has faded", fades & ~faded), ("has not faded", faded & ~fades)):
            named = np.char.find(told, text) >= 0
            assert holds[named].all()
            seen |= {text} if named.any() else set()
    assert seen == {"has faded", "has not faded"}


def test_a_change_of_nothing_moves_nobody_and_narrows_without_end(
    comparison: sim.Comparison,
) -> None:
    same = comparison.alternatives[2]
    assert kinds(same.base, same.ensemble) == []
    assert min(same.narrowing().values()) > 1


def test_pairing_narrows_an_interval_by_the_ratio_of_the_two_widths() -> None:
    luck = np.random.default_rng(3).random(10_000)
    base, other = luck < 0.30, luck < 0.31
    found = difference_of_shares("x", base, other)
    # One in a hundred moves: sd 0.1 paired, sqrt(0.21 + 0.2139) unpaired.
    assert narrowing(found, 10_000) == pytest.approx(0.651 / 0.1, rel=0.05)


def test_results_on_another_luck_have_no_moves() -> None:
    short = sim.load("oslo_2019").alter(sweeping.CHANGES)
    with pytest.raises(UsageError, match="same luck"):
        list(moves(sim.run(short, 5, 1), sim.run(short, 5, 2)))


def test_the_figure_draws_every_alternative_and_words_say_the_same(
    comparison: sim.Comparison,
) -> None:
    figure = make_comparison(comparison.base, comparison.ensembles)
    shares, *panels = figure.axes
    assert len(panels) == 3
    assert [text.get_text() for text in shares.get_legend().get_texts()] == list(CHANGES)
    eased = comparison.alternatives[1]
    most = kinds(eased.base, eased.ensemble)[0]
    assert panels[1].patches[0].get_width() == most.count
    told = describe_comparison(comparison.base, comparison.ensembles)
    move = f"{most.count:,} from {most.before} to {most.after}".replace("_", " ")
    assert move in told
    assert "not a forecast" in told


def test_a_comparison_is_saved_as_a_whole(comparison: sim.Comparison, tmp_path: Path) -> None:
    folder = comparison.save(tmp_path / "out")
    names = {"comparison.json", "comparison.png", "differences.csv", "moved.csv", "manifest.json"}
    assert {path.name for path in folder.iterdir()} == names
    with (folder / "moved.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == sum(
        int((one.base.outcome != one.ensemble.outcome).sum()) for one in comparison.alternatives
    )
    with pytest.raises(UsageError, match="--force"):
        comparison.save(folder)
    comparison.save(folder, force=True)
