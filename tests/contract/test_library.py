"""The shipped scenarios: each runs, says what it asks, changes little; its page tells the truth.

Of the page's table the suite compares a sample of rows, ``make reliability`` all of them.
"""

import re
from collections.abc import Callable

import numpy as np
import pytest

import sim
from sim.data import resolve
from sim.ensemble import run
from sim.results import Ensemble
from sim.scenario.library import names
from tests.contract.test_reference_tables import COMMITTED, tables

page = tables.scenario_table
VARIANTS = page.variants()
#: Replicates on another machine may end differently: percentage points in 2,000 replicates.
TOLERANCE = 0.2
NUMBER = re.compile(r"[-+]?\d+\.\d\b")

Tries = Callable[[int, int], int]


# What every scenario is


@pytest.mark.parametrize("name", names())
def test_a_scenario_says_what_it_asks_and_what_it_expects(name: str):
    scenario = sim.load(name)
    assert len(scenario.title) <= 60
    assert "?" in scenario.question
    assert scenario.expect


def test_every_scenario_runs_without_a_number_that_is_not_finite(tries: Tries):
    replicates = tries(100, 2000)
    for name in names():
        check_numbers(run(sim.load(name), replicates, 1, twins=False))


def check_numbers(ensemble: Ensemble) -> None:
    table = ensemble.table
    assert ((table["outcome"] >= 0) & (table["outcome"] < 8)).all()
    for column in set(table) - {"settlement"}:
        assert np.isfinite(table[column]).all(), column
    assert (np.isfinite(table["settlement"]) == ensemble.signed).all()
    running = np.arange(ensemble.weeks) < table["week"][:, None]
    for variable in set(ensemble.weekly) - {"deal.x"}:
        assert np.isfinite(ensemble.weekly[variable].paths[running]).all(), variable


# The variants of the base


def test_the_library_has_variants_that_raise_and_that_lower_agreement():
    signs = {page.sign(page.differences(page.compared(name))["agreement"]) for name in SAMPLE}
    assert len(VARIANTS) >= 12
    assert signs >= {1, -1}


SAMPLE = ["embargo_august_2019", "recognition_erodes", "sanctions_eased"]


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_changes_little_and_keeps_the_luck(name: str):
    base, variant = sim.load(page.BASE), sim.load(name)
    assert (variant.start, variant.weeks) == (base.start, base.weeks)
    assert base.actors.keys() <= variant.actors.keys()
    laws = {path: parameter.quantity for path, parameter in base.parameters.items()}
    changed = [
        path
        for path, parameter in variant.parameters.items()
        if not path.startswith("timeline.")
        and parameter.given
        and (path not in laws or parameter.quantity.law() != laws[path].law())
    ]
    assert 1 <= len(changed) + len(variant.timeline) <= 3
    assert all(variant.parameters[path].quantity.basis == "illustrative" for path in changed)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_argued_from_what_was_known_at_the_cut_off(name: str):
    variant = sim.load(name)
    keys = [key for claim in variant.expect for key in claim.source]
    keys += [key for event in variant.timeline for key in event.source]
    assert [key for key in keys if (found := resolve(key)) is None or found.validation_only] == []


# The page


def test_every_variant_has_a_reading_of_at_most_three_sentences():
    assert sorted(page.READINGS) == sorted(VARIANTS)
    for name, reading in page.READINGS.items():
        assert len(re.findall(r"[.!?](?= |$)", reading.text)) <= 2, name


def test_every_scenario_that_stands_alone_and_small_is_explained_as_classroom():
    small = [n for n in names() if sim.load(n).title.startswith("Classroom: ")]
    assert sorted(page.CLASSROOM) == sorted(small)


def test_committed_rows_and_readings_are_those_of_a_run(tries: Tries):
    _, rows = COMMITTED["scenario differences"]
    _, told = COMMITTED["scenario readings"]
    chosen = SAMPLE if tries(len(SAMPLE), len(VARIANTS)) == len(SAMPLE) else VARIANTS
    for name in chosen:
        committed = next(row for row in rows.splitlines() if row.startswith(f"| `{name}` "))
        today = " | ".join(page.row(name))
        shown, now = NUMBER.findall(committed), NUMBER.findall(today)
        assert len(shown) == 12
        assert [float(n) for n in shown] == pytest.approx([float(n) for n in now], abs=TOLERANCE)
        assert page.reading(name) in told
    assert all(f"| `{name}` |" in rows and f"(`{name}`)" in told for name in VARIANTS)


def test_a_reading_that_the_run_contradicts_is_refused(monkeypatch: pytest.MonkeyPatch):
    wrong = page.Reading("The government grants less.", down=("x_max",))
    monkeypatch.setitem(page.READINGS, "embargo_august_2019", wrong)
    with pytest.raises(page.UntrueReading, match="x_max does not fall"):
        page.reading("embargo_august_2019")


def test_an_interval_that_reaches_zero_is_called_chance():
    flat = {name: sim_difference(-0.01, 0.02) for name in page.COLUMNS}
    assert page.verdict(flat).startswith("In agreement, signing, loss of office and defection no")
    mixed = flat | {"signed": sim_difference(0.01, 0.02), "agreement": sim_difference(-2, -1)}
    assert page.verdict(mixed).startswith("More signing; less agreement; in loss of office and")


def sim_difference(low: float, high: float):
    return page.Difference("any", 0.1, 0.1, (low + high) / 2, low, high, 0.01)


# Classroom


def committed_classroom() -> dict[str, str]:
    _, text = COMMITTED["classroom results"]
    return dict(re.findall(r"^\| `(\w+)` \| [\d,]+ \| ([^|]+) \|", text, re.MULTILINE))


def classroom(name: str, replicates: int) -> Ensemble:
    return run(sim.load(name), replicates, 1, record=False, twins=False)


@pytest.mark.parametrize(
    ("name", "count"), [("hundred_people", 100), ("hundred_people_but_one", 1)]
)
def test_the_crowd_ends_where_granovetter_says(name: str, count: int):
    assert (classroom(name, 5).table["recognisers"] == count).all()
    assert f": {count}" in committed_classroom()[name]


def test_a_red_line_raises_the_price_until_there_is_no_deal():
    soft, hard = classroom("two_players", 5), classroom("two_players_harder_line", 5)
    price = ((0.9 * 0.8 - 0.2) / 1.9 + 0.3) / 2
    np.testing.assert_allclose(soft.table["settlement"], price, rtol=0, atol=1e-9)
    assert (soft.table["signed_week"] == 1).all()
    assert not hard.signed.any()
    plain = run(sim.load("two_players").alter({"actors.opposition.hardness": 0}), 5, 1, twins=False)
    np.testing.assert_allclose(plain.table["settlement"], 0.05, rtol=0, atol=1e-9)


def test_a_mediator_nobody_believes_changes_nothing_and_one_that_is_believed_does():
    assert not classroom("mediator_not_believed", 5).signed.any()
    without = sim.load("mediator_not_believed").alter({"actors.mediator": None})
    assert not run(without, 5, 1, twins=False).signed.any()
    assert (classroom("mediator_believed", 5).table["signed_week"] == 6).all()


@pytest.mark.parametrize(("good_faith", "concedes"), [(0, 0.05), (1, 0.25)])
def test_seven_silent_weeks_end_the_talks_and_who_stays_signs(good_faith: int, concedes: float):
    replicates = 4000
    scenario = sim.load("playing_for_time").alter({"actors.government.good_faith": good_faith})
    ensemble = run(scenario, replicates, 1, record=False, twins=False)
    weeks, left = ensemble.table["weeks_at_table"], ~ensemble.signed
    assert (weeks[left] == 7).all()
    assert (ensemble.table["signed_week"][ensemble.signed] == 9).all()
    expected = (1 - concedes) ** 7
    error = np.sqrt(expected * (1 - expected) / replicates)
    # Five standard errors: false alarm below 1e-6.
    assert abs(left.mean() - expected) < 5 * error


def test_committed_results_of_the_classroom_are_those_of_a_run():
    _, text = COMMITTED["classroom results"]
    assert NUMBER.sub("#", tables.classroom_results()) == NUMBER.sub("#", text)
