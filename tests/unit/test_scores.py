"""Scores are proper, and say what their definitions say."""

import math

import numpy as np
import pytest

from sim.analysis import scores


@pytest.mark.parametrize("truth", [0.1, 0.5, 0.83])
@pytest.mark.parametrize("score", [scores.brier, scores.logarithmic])
def test_the_expected_loss_is_least_at_the_true_probability(score, truth: float) -> None:
    stated = np.linspace(0.01, 0.99, 99)
    expected = [truth * score(p, True) + (1 - truth) * score(p, False) for p in stated]
    assert stated[int(np.argmin(expected))] == pytest.approx(truth, abs=0.006)


def test_certainty_that_fails_costs_one_in_brier_and_everything_in_logarithms() -> None:
    assert scores.brier(1.0, False) == 1.0
    assert scores.logarithmic(1.0, False) == math.inf
    assert scores.brier(0.0, False) == scores.logarithmic(0.0, False) == 0.0


def test_a_simulated_share_of_none_or_all_has_a_finite_logarithm() -> None:
    assert scores.logarithmic(scores.share_for_log(0, 1000), True) < 8
    assert scores.share_for_log(1000, 1000) < 1


def test_crps_of_a_number_is_its_absolute_error() -> None:
    assert scores.crps(np.array([4.0]), 7.0) == 3.0
    assert scores.crps(np.full(50, 4.0), 7.0) == pytest.approx(3.0)


def test_crps_of_a_sample_follows_its_definition() -> None:
    sample = np.random.default_rng(3).normal(size=40)
    pairs = np.abs(sample[:, None] - sample[None, :]).mean()
    expected = np.abs(sample - 0.4).mean() - pairs / 2
    assert scores.crps(sample, 0.4) == pytest.approx(expected)


def test_crps_of_a_normal_law_is_the_closed_form() -> None:
    # Gneiting & Raftery (2007), eq. 21 at the mean: (sqrt 2 - 1) / sqrt pi.
    quantiles = (np.arange(20_000) + 0.5) / 20_000
    from scipy.special import ndtri

    expected = (math.sqrt(2) - 1) / math.sqrt(math.pi)
    assert scores.crps(ndtri(quantiles), 0.0) == pytest.approx(expected, abs=1e-3)


def test_coverage_counts_the_ends_of_a_band() -> None:
    low, high = np.array([0.0, 0.0, 0.0]), np.array([1.0, 1.0, 1.0])
    assert scores.coverage(low, high, np.array([0.0, 1.0, 1.1])) == pytest.approx(2 / 3)


def test_a_yearly_rate_is_kept_over_a_year_and_compounds() -> None:
    assert scores.prorate(0.075, 52) == pytest.approx(0.075)
    assert 1 - scores.prorate(0.075, 104) == pytest.approx((1 - 0.075) ** 2)
