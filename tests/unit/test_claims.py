"""Claims are judged as docs/reference/scenario-files.md says, by what the run kept of them.

False alarms: the coverage test fails for a true 95% interval with probability below 1e-6.
"""

from datetime import date

import numpy as np
import pytest

import sim
from sim.analysis.claims import judge, moments_of
from sim.ensemble import run
from sim.errors import UsageError
from sim.outcomes import DEAL_PENDING
from sim.results import Ensemble, moment_column
from sim.scenario.claims import Claim, parse
from sim.scenario.library import names
from sim.scenario.variables import VARIABLES

WEEKS = 10


def claim(text: str) -> Claim:
    return parse(text, ("P1",), date(2019, 5, 17), WEEKS, list(VARIABLES))


def ensemble(size: int, **columns: object) -> Ensemble:
    """Return a result made up of these columns; every replicate runs to the last week."""
    table = {
        "replicate": np.arange(size),
        "outcome": np.full(size, 7, dtype=np.int8),
        "week": np.full(size, WEEKS),
        "signed_week": np.zeros(size, dtype=np.int64),
    }
    table |= {name.replace("__", "@"): np.asarray(values) for name, values in columns.items()}
    return Ensemble({"title": "T"}, {"weeks": WEEKS}, table, np.zeros(0, np.int8), {})


def verdict(text: str, result: Ensemble):
    return judge(result, [claim(text)])[0]


def outcomes(count: int, size: int) -> Ensemble:
    """Return a result in which the first ``count`` of ``size`` end by military defection."""
    return ensemble(size, outcome=np.where(np.arange(size) < count, 0, 7))


@pytest.mark.parametrize(
    ("count", "size", "test", "word"),
    [
        (50, 1000, "< 0.1", "pass"),
        (200, 1000, "< 0.1", "fail"),
        (98, 1000, "< 0.1", "undecided"),
        (50, 1000, "between 0.03 and 0.07", "pass"),
        (50, 1000, "between 0.06 and 0.07", "undecided"),
        (50, 1000, "between 0.2 and 0.3", "fail"),
        (0, 1000, "<= 0", "pass"),
        (1, 1000, "<= 0", "fail"),
        (1000, 1000, ">= 1", "pass"),
        (999, 1000, ">= 1", "fail"),
        (0, 1000, "> 0", "undecided"),
        (1, 1000, "> 0", "pass"),
    ],
)
def test_a_share_passes_inside_fails_outside_and_is_undecided_across_a_bound(
    count: int, size: int, test: str, word: str
) -> None:
    found = verdict(f"share(military_defection) {test}", outcomes(count, size))
    assert (found.value, found.replicates, found.word) == (count / size, size, word)


def test_an_outcome_counts_by_the_week_in_which_it_fell() -> None:
    result = ensemble(100, outcome=np.zeros(100), week=np.arange(100) % 10 + 1)
    shares = [verdict(f"share(military_defection, by: {w}) < 1", result).value for w in (1, 4, 10)]
    assert shares == [0.1, 0.4, 1.0]
    result = ensemble(100, signed_week=np.arange(100) % 10)
    assert verdict("share(signed, by: 4) < 1", result).value == 0.4
    assert verdict("share(signed) < 1", result).value == 0.9


def test_a_condition_holds_of_the_values_kept_and_not_of_missing_ones() -> None:
    zone = np.where(np.arange(100) < 30, 0.2, np.where(np.arange(100) < 60, -0.2, np.nan))
    result = ensemble(100, zone__4=zone)
    assert verdict("share(zone > 0, by: 4) > 0.1", result).value == 0.3
    assert verdict("share(not (zone > 0), by: 4) > 0.1", result).value == 0.7


def test_means_and_medians_are_of_replicates_that_still_run_and_changes_of_all() -> None:
    ended = np.arange(100) < 50
    values = np.where(ended, 9.0, np.arange(100.0))
    columns = {"zone__4": values, "zone__0": np.ones(100), "week": np.where(ended, 3, 10)}
    result = ensemble(100, **columns)
    mean = verdict("mean(zone, at: 4) > 0", result)
    assert (mean.value, mean.replicates) == (74.5, 50)
    error = np.arange(50, 100).std(ddof=1) / np.sqrt(50)
    assert (mean.low, mean.high) == pytest.approx((74.5 - 1.96 * error, 74.5 + 1.96 * error), 1e-4)
    assert verdict("median(zone, at: 4) > 0", result).value == 74.5
    change = verdict("change(zone, by: 4) > 0", result)
    assert (change.value, change.replicates) == (np.median(values - 1), 100)


def test_the_interval_of_a_median_covers_as_often_as_it_claims() -> None:
    luck = np.random.default_rng(4)
    covered, tries = 0, 2000
    for _ in range(tries):
        found = verdict("median(zone, at: 4) > 0", ensemble(60, zone__4=luck.exponential(size=60)))
        covered += found.low <= np.log(2) <= found.high
    # At least 95%; five standard deviations below it, fewer than one run in a million.
    assert covered / tries > 0.95 - 5 * np.sqrt(0.95 * 0.05 / tries)


def test_strict_bounds_are_out_and_others_in() -> None:
    same = ensemble(100, zone__4=np.zeros(100))
    words = [verdict(f"mean(zone, at: 4) {test}", same).word for test in ("< 0", "<= 0", "> 0")]
    assert words == ["fail", "pass", "fail"]
    tenth = ensemble(100, zone__4=np.full(100, 0.1))
    assert verdict("mean(zone, at: 4) between 0.1 and 0.1", tenth).word == "pass"


def test_what_is_too_little_or_missing_is_undecided() -> None:
    nothing = verdict("mean(deal.x, at: 4) > 0", ensemble(9, **{"deal.x__4": np.full(9, np.nan)}))
    assert (nothing.replicates, nothing.word) == (0, "undecided")
    one = verdict("mean(zone, at: 4) > 0", ensemble(1, zone__4=np.ones(1)))
    few = verdict("median(zone, at: 4) > 0", ensemble(5, zone__4=np.ones(5)))
    assert (one.word, few.word) == ("undecided", "undecided")


def test_a_run_that_did_not_watch_cannot_be_judged() -> None:
    with pytest.raises(UsageError, match=r"run it with watch=\[\('zone', 4\)\]"):
        verdict("mean(zone, at: 4) > 0", ensemble(9))


# What the run keeps


def test_moments_are_what_a_run_by_hand_shows_and_the_last_value_of_an_ended_one() -> None:
    scenario = sim.load("oslo_2019")
    watch = [("recognition.count", 0), ("recognition.count", 20), ("mobilisation", 20)]
    result = run(scenario, 300, 1, block=128, record=False, twins=False, watch=watch)
    model = sim.CrisisModel(scenario, 300, 1)
    start = model.read("recognition.count").copy()
    last = {}
    for _ in range(20):
        before = model.live
        model.step()
        for name in ("recognition.count", "mobilisation"):
            seen = model.read(name)
            last[name] = np.where(before, seen, last.get(name, seen))
    assert 0 < model.live.sum() < 300
    assert (result.moment("recognition.count", 0) == start).all()
    for name, values in last.items():
        assert (result.moment(name, 20) == values).all(), name


def test_a_deal_stands_until_it_is_reneged_on_and_for_good_once_it_is_completed() -> None:
    scenario = sim.load("oslo_2019")
    weeks = (20, 60, 104)
    watch = [("deal_standing", week) for week in weeks]
    result = run(scenario, 2000, 1, record=False, twins=False, watch=watch)
    standing = {week: result.moment("deal_standing", week) > 0 for week in weeks}
    assert not (standing[20] & ~(result.signed & (result.table["signed_week"] <= 20))).any()
    completed = result.agreement & (result.table["week"] <= 60)
    assert completed.any()
    assert (standing[60] & completed == completed).all()
    broken = result.reneged & ~result.agreement
    assert (standing[20] & broken).any()
    pending = result.table["sublabel"] == DEAL_PENDING
    assert (standing[104] & pending).any()
    assert not (standing[104] & ~(result.agreement | pending)).any()
    assert not (result.agreement & ~standing[104]).any()


def test_watching_changes_nothing_and_goes_into_no_other_column() -> None:
    scenario = sim.load("two_players")
    plain = run(scenario, 50, 1, twins=False)
    watched = run(scenario, 50, 1, twins=False, watch=[("zone", 2)])
    assert watched.table.keys() - plain.table.keys() == {moment_column("zone", 2)}
    for name, values in plain.table.items():
        assert values.tobytes() == watched.table[name].tobytes()


@pytest.mark.parametrize("name", names())
def test_every_claim_of_the_library_can_be_judged(name: str) -> None:
    scenario = sim.load(name)
    watch = moments_of(scenario.expect, scenario.weeks)
    result = run(scenario, 40, 1, record=False, twins=False, watch=watch)
    verdicts = judge(result, scenario.expect)
    assert len(verdicts) == len(scenario.expect)
    for found in verdicts:
        assert found.replicates > 0
        assert found.low <= found.value <= found.high
