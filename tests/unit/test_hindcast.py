"""The hindcast scores what the tables record, counts what the runs gave, and hides nothing."""

import json
import math

import numpy as np
import pytest

from sim.analysis import scores
from sim.data import Record, load
from sim.draws import Draws
from sim.errors import UsageError
from sim.experiments import hindcast as module
from sim.experiments import observation
from sim.experiments.questions import FORECASTS, QUESTIONS
from sim.scenario import load as load_scenario

#: The contract of ``parley hindcast --json``.
KEYS = {"claim", "model", "low", "high", "base_rate", "observed", "brier", "log"}


@pytest.fixture(scope="module")
def found() -> module.Hindcast:
    return module.hindcast(load_scenario("oslo_2019"), replicates=600, seed=1)


def test_every_row_has_what_the_contract_names(found: module.Hindcast) -> None:
    document = found.as_dict()
    json.dumps(document, allow_nan=False)
    assert all(row.keys() >= KEYS for row in document["results"])
    assert len(document["results"]) == len(QUESTIONS) + 1
    assert document["caveat"] == "one case; a score here cannot show skill"
    assert "not a forecast" in document["note"]


def test_the_scores_are_those_of_the_numbers_beside_them(found: module.Hindcast) -> None:
    for row in found.results[:-1]:
        assert row["low"] <= row["model"] <= row["high"]
        assert row["brier"] == pytest.approx((row["model"] - row["observed"]) ** 2)
        count = round(row["model"] * 600)
        given = (count + 0.5) / 601
        assert row["log"] == pytest.approx(-math.log(given if row["observed"] else 1 - given))
        if row["base_rate"] is not None:
            assert row["base_brier"] == pytest.approx((row["base_rate"] - row["observed"]) ** 2)
            assert row["base_low"] <= row["base_rate"] <= row["base_high"]
            assert (row["brier"] > row["base_brier"]) == (row["claim"] in found.worse)


def test_base_rates_are_those_of_the_table_over_33_weeks(found: module.Hindcast) -> None:
    rates = {rate.id: rate for rate in load("base_rates")}
    by_source = {row["base_source"]: row["base_rate"] for row in found.results}
    assert by_source["EXIT_PERS90"] == pytest.approx(1 - (1 - 0.075) ** (33 / 52))
    assert by_source["EXIT_FOR"] == pytest.approx(1 - (1 - 0.004) ** (33 / 52))
    assert by_source["MED_BAW_FULL"] == rates["MED_BAW_FULL"].value
    failed = next(row for row in found.results if row["claim"] == "a round of talks failed")
    assert failed["base_rate"] == pytest.approx(1 - 0.22)


def test_forecasts_made_in_2019_are_read_as_the_probability_of_an_exit(
    found: module.Hindcast,
) -> None:
    told = {one["id"]: one["probability"] for one in found.results[0]["forecasts"]}
    assert told == pytest.approx(
        {"FC_SF_JAN22": 0.07, "FC_SF_JAN25": 0.25, "FC_GEOQ": 0.0, "FC_EIU": 1.0}
    )
    assert set(told) == set(FORECASTS)


def test_what_happened_is_what_the_tables_record(found: module.Hindcast) -> None:
    events = {event.id: event for event in load("timeline")}
    assert (events["E086"].event_type, str(events["E086"].date)) == (
        "talks_suspended",
        "2019-08-07",
    )
    assert (events["E090"].event_type, events["E090"].target) == (
        "agreement",
        "minority_opposition",
    )
    # Nothing else was agreed, and nobody removed.
    later = [event for event in load("timeline") if event.id > "E063"]
    assert [e.id for e in later if e.event_type == "agreement"] == ["E090"]
    assert not [e.id for e in later if e.event_type == "uprising"]
    count = found.results[-1]
    assert (count["observed"], count["observed_reported"]) == (3, 7)


def test_the_observed_series_come_from_the_tables(found: module.Hindcast) -> None:
    values = {(p.series, p.date): p.value for p in load("series")}
    rows = {(row["series"], row["month"]): row for row in found.series}
    assert len(rows) == 21
    assert rows["oil production", "2019-09"]["observed"] == values[observation.OIL, "2019-09"]
    assert rows["protests", "2019-06"]["observed"] == values[observation.PROTESTS, "2019-06"]
    states = [rows["recognising states", month]["observed"] for month in module.MONTHS]
    assert states == [56, 57, 57, 57, 57, 59, 59]
    for row in rows.values():
        assert row["inside"] == (row["low"] <= row["observed"] <= row["high"])
    inside = [row["inside"] for row in found.series if row["series"] == "protests"]
    assert found.coverage()["protests"] == sum(inside) / 7


def test_a_longer_run_repeats_the_replicates_of_a_shorter_one() -> None:
    scenario = load_scenario("oslo_2019")
    few, more = (module._block(scenario, size, 1, 0, 33) for size in (64, 96))
    for name, mask in few.masks.items():
        assert np.array_equal(mask, more.masks[name][:64]), name
    assert np.array_equal(few.mobilisation, more.mobilisation[:64])


def test_claims_agree_with_an_ordinary_run_of_the_same_weeks() -> None:
    from sim import run

    scenario = load_scenario("oslo_2019")
    block = module._block(scenario, 300, 5, 0, 33)
    ordinary = run(scenario, replicates=300, seed=5, twins=False)
    early = ordinary.table["week"] <= 33
    assert np.array_equal(block.masks["military_defection"], (ordinary.outcome == 0) & early)
    assert np.array_equal(block.masks["foreign_intervention"], (ordinary.outcome == 1) & early)
    signed = ordinary.table["signed_week"]
    assert np.array_equal(block.masks["signed"], (signed > 0) & (signed <= 33))
    count = ordinary.weekly["recognition.count"].paths[:, 32]
    assert np.array_equal(~np.isnan(count), block.live | (ordinary.table["week"] == 33))


@pytest.mark.parametrize("name", ["january_2019", "libya_2011_recognition"])
def test_a_scenario_of_another_day_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="2019-05-17"):
        module.hindcast(load_scenario(name), 10)


# Observation equations


def test_oil_is_regressed_on_a_trend_and_the_months_under_sanctions() -> None:
    oil = observation.oil_equation(Record())
    values = observation.monthly(Record(), observation.OIL)
    months = sorted(values)
    changes = np.diff(np.log([values[month] for month in months]))
    assert (months[0], months[-1], oil.months) == ("2017-01", "2019-04", (24, 3))
    assert oil.estimate[0] == pytest.approx(changes[:24].mean())
    assert oil.estimate[0] - oil.estimate[1] == pytest.approx(changes[24:].mean())


def test_predicted_oil_has_the_mean_and_spread_of_its_equation() -> None:
    oil = observation.oil_equation(Record())
    size = 40_000
    predicted = np.log(oil.predict(np.ones((size, 2)), Draws(1, size)) / oil.last)
    drift = oil.estimate[0] - oil.estimate[1]
    direction = np.array([1.0, -1.0])
    variance = direction @ oil.covariance @ direction
    for months in (1, 2):
        spread = math.sqrt(months**2 * variance + months * oil.spread**2)
        column = predicted[:, months - 1]
        # Five standard errors of a mean and of a standard deviation: false alarm below 1e-6.
        assert column.mean() == pytest.approx(months * drift, abs=5 * spread / math.sqrt(size))
        assert column.std() == pytest.approx(spread, abs=5 * spread / math.sqrt(2 * size))


def test_more_bite_means_less_oil_and_more_mobilisation_more_protest() -> None:
    draws = Draws(2, 500)
    oil, protests = observation.oil_equation(Record()), observation.protest_equation(Record())
    half, full = (oil.predict(np.full((500, 3), net), draws) for net in (0.5, 1.0))
    k_is_positive = half > full
    assert k_is_positive.mean() > 0.9
    low, high = (protests.predict(np.full((500, 3), level), draws) for level in (0.5, 1.0))
    assert np.allclose(high, 2 * low)


def test_a_point_prediction_of_no_change_is_scored_by_its_error() -> None:
    assert scores.crps(np.array([56.0]), 59.0) == 3.0
