"""Intervals cover as often as they claim, and known truths come back from synthetic results.

A verdict over repetitions counts misses and compares them with the binomial quantile that a
correct method exceeds with probability 1e-6, its stated false-alarm rate. Seeds are fixed.
"""

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import betaincinv
from scipy.stats import binom

from sim.analysis.intervals import Z95, likeness, wilson
from sim.analysis.paired import (
    check_pairing,
    difference_of_means,
    difference_of_ratios,
    difference_of_shares,
    outcome_differences,
    transitions,
)
from sim.analysis.shares import (
    group_shares,
    outcome_shares,
    pair_counts,
    parameter_range,
    share_of,
)
from sim.analysis.summary import MEANS, first_deal_by_week, means, summarise
from sim.analysis.variance import split
from sim.errors import UsageError
from sim.outcomes import (
    AGREEMENT,
    ELECTORAL_ROADMAP,
    FROZEN_STALEMATE,
    OUTCOMES,
    POWER_SHARING,
    REGIME_CONSOLIDATION,
)
from sim.results import Ensemble

FALSE_ALARM = 1e-6

Mask = npt.NDArray[np.bool_]


def assert_seldom(misses: int, repetitions: int, rate: float) -> None:
    """At most so many misses as a method that misses with probability ``rate`` would show."""
    assert misses <= binom.isf(FALSE_ALARM, repetitions, rate), f"{misses} of {repetitions}"


def synthetic(
    outcome: npt.ArrayLike, twins: npt.ArrayLike = (), seed: int = 5, first: int = 0
) -> Ensemble:
    """A result made by hand, of 52 weeks; deals were signed in week 20 where they survived."""
    codes = np.asarray(outcome, dtype=np.int8)
    number = len(codes)
    deal = np.isin(codes, AGREEMENT)
    columns = {name: np.arange(number) % 7 for name in MEANS.values()}
    return Ensemble(
        scenario={"title": "Made by hand"},
        design={
            "scenario": "synthetic",
            "scenario_sha256": "0" * 64,
            "seed": seed,
            "first_replicate": first,
            "replicates": number,
            "weeks": 52,
        },
        table={
            **columns,
            "replicate": np.arange(first, first + number),
            "outcome": codes,
            "sublabel": np.where(codes == REGIME_CONSOLIDATION, 1 + np.arange(number) % 2, 0),
            "signed_week": np.where(deal, 20, 0),
            "reneged": np.zeros(number, dtype=np.int64),
        },
        twins=np.asarray(twins, dtype=np.int8),
        parameters={},
        environment={"parley-sim": "0"},
    )


def twins_of(p: npt.NDArray[np.float64], luck: np.random.Generator) -> tuple[Mask, Mask]:
    """A replicate and its twin for each parameter draw ``p``, the probability of the outcome."""
    return luck.random(len(p)) < p, luck.random(len(p)) < p


# Wilson's interval of a share


@pytest.mark.parametrize(("total", "half"), [(200, 0.055), (500, 0.035), (1000, 0.025)])
def test_wilson_half_width_at_a_fifth_is_the_published_one(total: int, half: float) -> None:
    low, high = wilson(total // 5, total)
    assert round((high - low) / 2, 3) == half


@pytest.mark.parametrize("total", [1, 10, 4096])
def test_wilson_ends_are_exact_where_nothing_or_everything_was_seen(total: int) -> None:
    beyond = Z95**2 / (total + Z95**2)
    low, high = wilson(0, total)
    assert low == 0.0
    assert high == pytest.approx(beyond)
    low, high = wilson(total, total)
    assert low == pytest.approx(1 - beyond)
    assert high == 1.0


def test_wilson_of_nothing_is_undefined() -> None:
    assert all(math.isnan(end) for end in wilson(0, 0))


#: At .005 the expected count is 1, where the interval is known to be liberal or conservative by
#: the luck of the lattice; from .02 on the nominal level is kept within two points.
@pytest.mark.parametrize(
    ("p", "least"), [(0.005, 0.91), (0.02, 0.93), (0.06, 0.93), (0.2, 0.93), (0.4, 0.93)]
)
def test_wilson_covers_as_often_as_it_claims(p: float, least: float) -> None:
    total = 200
    counts = np.arange(total + 1)
    covered = [low <= p <= high for low, high in (wilson(int(count), total) for count in counts)]
    coverage = float(binom.pmf(counts, total, p)[covered].sum())  # exact: no run, no luck
    assert least <= coverage <= 0.99


# How alike twins are: the variance split and the range over parameters


@pytest.mark.parametrize("mean", [0.01, 0.05, 0.2, 0.5])
@pytest.mark.parametrize("alike", [0.0, 0.05, 0.3, 0.8])
@pytest.mark.parametrize("pairs", [100, 500, 2000])
def test_likeness_covers_the_true_correlation_of_twins(
    mean: float, alike: float, pairs: int
) -> None:
    repetitions, spread = 300, mean * (1 - mean)
    cells = [mean**2 + alike * spread, 2 * (1 - alike) * spread, (1 - mean) ** 2 + alike * spread]
    luck = np.random.default_rng(7)
    misses = 0
    for counts in luck.multinomial(pairs, cells, repetitions):
        found, low, high = likeness(*map(int, counts))
        misses += not (math.isnan(found) or low <= alike <= high)
    assert_seldom(misses, repetitions, 0.06)


def test_likeness_of_twins_that_never_differ_or_never_vary() -> None:
    found, low, high = likeness(30, 0, 70)
    assert (found, high) == (1.0, 1.0)
    assert 0.8 < low < 1
    for counts in [(0, 0, 0), (0, 0, 9), (9, 0, 0)]:
        assert all(math.isnan(number) for number in likeness(*counts))


@pytest.mark.parametrize("counts", [(0, 1, 0), (1, 0, 1), (0, 9, 0), (0, 1, 99), (1, 1, 1)])
def test_likeness_of_few_pairs_stays_within_its_bounds(counts: tuple[int, int, int]) -> None:
    _, low, high = likeness(*counts)
    assert 0 <= low <= high <= 1


def split_of(own: Mask, twin: Mask) -> tuple[float, float, float]:
    ensemble = synthetic(
        np.where(own, ELECTORAL_ROADMAP, FROZEN_STALEMATE),
        np.where(twin, POWER_SHARING, FROZEN_STALEMATE),
    )
    parts = split(ensemble, AGREEMENT)
    assert parts["chance"].share == pytest.approx(1 - parts["parameters"].share, nan_ok=True)
    assert parts["chance"].low == pytest.approx(1 - parts["parameters"].high, nan_ok=True)
    part = parts["parameters"]
    return part.share, part.low, part.high


def test_split_finds_the_known_part_of_a_beta_distributed_share() -> None:
    # p ~ beta(2, 6): V(E[Y|p]) / V(Y) is 1 / (2 + 6 + 1). With 10^6 pairs the standard error is
    # about .0012; .008 is more than six of them (false alarm < 1e-9).
    luck = np.random.default_rng(1)
    share, low, high = split_of(*twins_of(luck.beta(2, 6, 1_000_000), luck))
    assert share == pytest.approx(1 / 9, abs=0.008)
    assert low < share < high


def test_split_calls_chance_what_is_pure_chance() -> None:
    repetitions, alarms = 300, 0
    for seed in range(repetitions):
        share, low, high = split_of(*twins_of(np.full(800, 0.3), np.random.default_rng(seed)))
        assert 0 <= share <= high < 0.35
        alarms += low > 0
    assert_seldom(alarms, repetitions, 0.03)


def test_split_calls_ignorance_what_parameters_decide_alone() -> None:
    luck = np.random.default_rng(2)
    own = luck.random(500) < 0.3
    share, low, high = split_of(own, own)
    assert share == high == 1.0
    assert low > 0.9


def test_split_is_undefined_where_nothing_varies_or_there_are_no_twins() -> None:
    never = np.zeros(50, dtype=bool)
    assert all(math.isnan(number) for number in split_of(never, never))
    parts = split(synthetic([ELECTORAL_ROADMAP, FROZEN_STALEMATE]), AGREEMENT)
    assert math.isnan(parts["parameters"].share)


def test_parameter_range_finds_the_known_quantiles_of_a_beta_distributed_share() -> None:
    # Standard error of the ends about .0015 with 10^6 pairs; .01 is beyond six (alarm < 1e-9).
    luck = np.random.default_rng(3)
    found = parameter_range(*twins_of(luck.beta(2, 6, 1_000_000), luck))
    truth = betaincinv(2, 6, [0.05, 0.95])
    assert found.measured
    assert (found.low, found.high) == pytest.approx(tuple(truth), abs=0.01)


def test_parameter_range_of_pure_chance_is_not_called_measured() -> None:
    repetitions, alarms = 300, 0
    for seed in range(repetitions):
        found = parameter_range(*twins_of(np.full(1000, 0.1), np.random.default_rng(seed)))
        alarms += found.measured
        # Not a point: what these twins leave possible is a range around the share.
        assert found.measured or found.low < 0.1 < found.high
    assert_seldom(alarms, repetitions, 0.03)


def test_a_range_that_is_not_measured_is_wide_enough_for_the_true_one() -> None:
    alike, mean, repetitions = 0.01, 0.1, 300
    size = 1 / alike - 1
    truth = betaincinv(mean * size, (1 - mean) * size, [0.05, 0.95])
    hidden = misses = 0
    for seed in range(repetitions):
        luck = np.random.default_rng(seed)
        p = luck.beta(mean * size, (1 - mean) * size, 500)
        found = parameter_range(*twins_of(p, luck))
        if not found.measured:
            hidden += 1
            misses += not found.low <= truth[0] < truth[1] <= found.high
    assert hidden > repetitions / 2
    assert_seldom(misses, hidden, 0.05)


def test_negative_covariance_gives_the_widest_possible_range_and_no_point() -> None:
    own = np.arange(400) < 40
    found = parameter_range(own, np.roll(own, 40))
    assert not found.measured
    assert found.low < 0.1 < found.high
    assert found.high - found.low > 0.05


@pytest.mark.parametrize("seen", [0, 1])
def test_parameter_range_is_undefined_without_twins_or_without_variation(seen: int) -> None:
    nobody = np.zeros(0, dtype=bool)
    always = np.full(80, bool(seen))
    for masks in [(nobody, nobody), (always, always)]:
        found = parameter_range(*masks)
        assert math.isnan(found.low)
        assert math.isnan(found.high)
        assert not found.measured


def test_pairs_are_counted_as_both_one_and_neither() -> None:
    own = np.array([True, True, False, False, False])
    twin = np.array([True, False, True, False, False])
    assert pair_counts(own, twin) == (1, 2, 2)


# Shares and the summary


def test_shares_of_the_eight_outcomes_count_every_replicate_once() -> None:
    rows = outcome_shares(synthetic(np.arange(80) % 5))
    assert [row.name for row in rows] == list(OUTCOMES)
    assert [row.count for row in rows] == [16] * 5 + [0] * 3
    assert sum(row.share for row in rows) == pytest.approx(1)


def test_groups_are_sums_of_their_outcomes_with_intervals_of_their_own() -> None:
    ensemble = synthetic(np.arange(80) % 8, np.arange(80) % 8)
    groups = {row.name: row for row in group_shares(ensemble)}
    assert list(groups) == ["agreement", "signed", "reneged_given_signed", "out_of_office"]
    assert groups["agreement"].count == 30
    assert groups["out_of_office"].count == 40
    assert (groups["agreement"].low, groups["agreement"].high) == wilson(30, 80)
    assert groups["agreement"].parameters_measured
    assert math.isnan(groups["signed"].low_parameters)


def test_a_share_among_nobody_is_undefined() -> None:
    nobody = np.zeros(4, dtype=bool)
    row = share_of("reneged", ~nobody, nobody)
    assert row.count == 0
    assert math.isnan(row.share)
    assert math.isnan(row.low)


def test_summary_says_none_where_a_number_is_undefined() -> None:
    summary = summarise(synthetic([FROZEN_STALEMATE] * 4))
    assert summary["reneged_given_signed"]["share"] is None
    assert summary["outcomes"][0]["low_parameters"] is None
    assert summary["variance"]["parameters"] == {"share": None, "low": None, "high": None}


def test_sublabels_are_parts_of_their_outcomes() -> None:
    ensemble = synthetic([REGIME_CONSOLIDATION, FROZEN_STALEMATE, *[REGIME_CONSOLIDATION] * 2])
    rows = {row["sublabel"]: row for row in summarise(ensemble)["sublabels"]}
    assert list(rows) == ["cosmetic_deal", "attrition", "deal_pending"]
    assert [row["count"] for row in rows.values()] == [2, 1, 0]
    assert rows["attrition"]["of"] == "regime_consolidation"
    assert rows["deal_pending"]["of"] == "frozen_stalemate"
    assert rows["cosmetic_deal"]["share"] == 0.5
    assert rows["cosmetic_deal"]["low"] < 0.5 < rows["cosmetic_deal"]["high"]


def test_means_and_first_deals_are_those_of_the_columns() -> None:
    ensemble = synthetic([ELECTORAL_ROADMAP, FROZEN_STALEMATE, ELECTORAL_ROADMAP, 0])
    assert means(ensemble) == dict.fromkeys(MEANS, 1.5)
    assert first_deal_by_week(ensemble) == {"13": 0.0, "26": 0.5, "52": 0.5, "104": 0.5}


# Paired differences


def test_identical_results_differ_by_0_with_an_interval_around_0() -> None:
    ensemble = synthetic(np.arange(200) % 8)
    rows = outcome_differences(ensemble, ensemble)
    signed = (ensemble.agreement, ensemble.signed)
    for row in [*rows, difference_of_ratios("kept", signed, signed, seed=1)]:
        assert row.difference == 0
        assert row.low < 0 < row.high


@pytest.mark.parametrize(("gained", "lost", "total"), [(30, 10, 1000), (0, 5, 60), (1, 1, 4)])
def test_difference_of_shares_is_the_closed_form_of_its_discordant_counts(
    gained: int, lost: int, total: int
) -> None:
    base, other = np.zeros(total, dtype=bool), np.zeros(total, dtype=bool)
    other[:gained] = True
    base[gained : gained + lost] = True
    row = difference_of_shares("x", base, other)
    shift = (gained - lost) / total
    variance = (gained + lost - (gained - lost) ** 2 / total) / total**2
    assert row.difference == pytest.approx(shift)
    assert row.error == pytest.approx(math.sqrt(variance))
    # Agresti & Min (2005): the Wald interval with half a replicate added to each of the four cells.
    more, discordant = total + 2, gained + lost + 1
    half = Z95 * math.sqrt(discordant - (gained - lost) ** 2 / more) / more
    assert row.low == pytest.approx(min(shift, (gained - lost) / more - half))
    assert row.high == pytest.approx(max(shift, (gained - lost) / more + half))


def test_difference_of_shares_covers_as_often_as_it_claims() -> None:
    luck, repetitions, misses = np.random.default_rng(11), 2000, 0
    truth = 0.06 - 0.02
    for gained, lost, kept, _ in luck.multinomial(400, [0.06, 0.02, 0.2, 0.72], repetitions):
        base, other = np.zeros(400, dtype=bool), np.zeros(400, dtype=bool)
        base[: lost + kept] = True
        other[lost : lost + kept + gained] = True
        row = difference_of_shares("x", base, other)
        misses += not row.low <= truth <= row.high
    assert_seldom(misses, repetitions, 0.06)


def test_difference_of_means_is_the_mean_of_paired_differences() -> None:
    luck = np.random.default_rng(12)
    base = luck.normal(size=900)
    other = base + 0.5 + 0.1 * luck.normal(size=900)
    row = difference_of_means("x", base, other)
    assert row.difference == pytest.approx((other - base).mean())
    assert row.error == pytest.approx((other - base).std(ddof=1) / 30)
    assert row.high - row.low < 0.1 * (2 * Z95 * math.sqrt(2 / 900))  # the pairing pays


def test_difference_of_one_mean_has_no_interval() -> None:
    row = difference_of_means("x", np.zeros(1), np.ones(1))
    assert row.difference == 1
    assert math.isnan(row.low)


def test_difference_of_ratios_has_the_error_of_the_delta_method() -> None:
    luck = np.random.default_rng(13)
    whole = luck.random(5000) < 0.3
    part = whole & (luck.random(5000) < 0.5)
    other_whole = whole | (luck.random(5000) < 0.1)
    other_part = other_whole & (part | (luck.random(5000) < 0.2))
    row = difference_of_ratios("x", (part, whole), (other_part, other_whole), seed=1)
    first, second = part.sum() / whole.sum(), other_part.sum() / other_whole.sum()
    assert (row.base, row.alternative) == pytest.approx((first, second))
    influence = (other_part - second * other_whole) / other_whole.mean()
    influence = influence - (part - first * whole) / whole.mean()
    # The bootstrap's own error with 2,000 resamples is 1.6%; 10% is more than six of it.
    assert row.error == pytest.approx(influence.std() / math.sqrt(5000), rel=0.1)
    assert (row.high - row.low) / 2 == pytest.approx(Z95 * row.error, rel=0.1)


def test_difference_of_ratios_is_the_same_for_the_same_seed_and_undefined_without_a_whole() -> None:
    none, some = np.zeros(40, dtype=bool), np.arange(40) < 20
    assert math.isnan(difference_of_ratios("x", (none, none), (some, some), seed=1).low)
    one, two = (
        difference_of_ratios("x", (none, some), (some, some), seed=seed).low for seed in (1, 1)
    )
    assert one == two


def test_transitions_sum_to_the_replicates_and_their_margins_are_the_counts() -> None:
    luck = np.random.default_rng(14)
    base, other = (synthetic(luck.integers(0, 8, 500)) for _ in range(2))
    moves = transitions(base, other)
    assert moves.shape == (8, 8)
    assert moves.sum() == 500
    assert moves.sum(axis=1).tolist() == np.bincount(base.outcome, minlength=8).tolist()
    assert moves.sum(axis=0).tolist() == np.bincount(other.outcome, minlength=8).tolist()
    assert moves[2, 5] == ((base.outcome == 2) & (other.outcome == 5)).sum()


def test_results_on_other_luck_are_not_paired() -> None:
    base = synthetic([0] * 10)
    check_pairing(base, synthetic([1] * 10))
    for other in (
        synthetic([0] * 10, seed=6),
        synthetic([0] * 10, first=10),
        synthetic([0] * 9),
    ):
        with pytest.raises(UsageError, match="not on the same luck"):
            check_pairing(base, other)
