"""Intervals hold what they promise: at a number of replicates fixed or found in two stages."""

from collections.abc import Mapping
from math import ceil, floor, sqrt

import numpy as np
import pytest
from scipy.stats import binom

from sim.analysis.intervals import Z95, wilson
from sim.draws import Draws
from sim.errors import UsageError
from sim.experiments.until import FIRST, check_width, plan, stages, widest

SHARES = (0.005, 0.02, 0.06, 0.2, 0.4)
REPEATS = 2000


def exact_coverage(share: float, total: int, seen: int = 0, before: int = 0) -> float:
    """Return P(Wilson's interval at ``total`` holds the share), given ``seen`` of ``before``.

    It does where the count lies within z sqrt(n p (1 - p)) of n p.
    """
    half = Z95 * sqrt(total * share * (1 - share))
    low, high = ceil(total * share - half), floor(total * share + half)
    left = binom(total - before, share)
    return float(left.cdf(high - seen) - left.cdf(low - 1 - seen))


@pytest.mark.parametrize("share", SHARES)
def test_coverage_at_200_replicates_is_the_exact_one_of_wilson(share: float) -> None:
    total = 200
    luck = Draws(5, total * REPEATS).uniform(f"coverage.{share}").reshape(REPEATS, total)
    counts = (luck < share).sum(axis=1)
    held = [low <= share <= high for low, high in (wilson(int(c), total) for c in counts)]
    exact = exact_coverage(share, total)
    # Three standard errors: false alarm 0.3% for a seed, and the seed is fixed.
    assert abs(np.mean(held) - exact) < 3 * sqrt(exact * (1 - exact) / REPEATS)


@pytest.mark.parametrize("width", [0.1, 0.05, 0.02, 0.01])
@pytest.mark.parametrize("share", SHARES)
def test_coverage_of_the_two_stages_is_at_least_94_percent(share: float, width: float) -> None:
    # Exact: summed over every count that the first stage can show.
    likely = binom(FIRST, share)
    covered = 0.0
    for count in range(FIRST + 1):
        if likely.pmf(count) > 1e-9:
            total = max(FIRST, plan({"share": count}, FIRST, width))
            covered += likely.pmf(count) * exact_coverage(share, total, count, FIRST)
    assert covered >= 0.94


def test_coverage_of_the_whole_rule_is_at_least_94_percent_for_every_share() -> None:
    # All shares at once, as in a run: the widest interval decides, top-ups included.
    width, rest = 0.02, 1 - sum(SHARES)
    luck = np.random.default_rng(20190517)
    held = np.zeros(len(SHARES))
    sizes = []
    for _ in range(REPEATS):
        seen = np.zeros(len(SHARES) + 1, dtype=np.int64)

        def counts(total: int, seen: np.ndarray = seen) -> Mapping[str, int]:
            seen += luck.multinomial(total - int(seen.sum()), [*SHARES, rest])
            return {str(index): int(count) for index, count in enumerate(seen)}

        total = stages(counts, FIRST, width)
        assert widest({str(i): int(c) for i, c in enumerate(seen)}, total) < width
        ends = [wilson(int(count), total) for count in seen[:-1]]
        held += [low <= p <= high for p, (low, high) in zip(SHARES, ends, strict=True)]
        sizes.append(total)
    # A true coverage of 95% falls below 94% over 2,000 repeats with probability 0.02 a share.
    assert (held / REPEATS >= 0.94).all()
    # It plans for what the first stage leaves plausible, and not for the worst case.
    assert np.mean(sizes) < 1.1 * (Z95 / width) ** 2


def test_what_is_narrow_enough_at_once_takes_the_first_stage_alone() -> None:
    asked = []

    def counts(total: int) -> Mapping[str, int]:
        asked.append(total)
        return {"share": total // 2}

    assert stages(counts, FIRST, 0.1) == FIRST
    assert asked == [FIRST]


@pytest.mark.parametrize("width", [0.0, -0.1, 1.0, 2.0, float("nan"), 1e-5])
def test_a_width_that_cannot_be_reached_is_refused(width: float) -> None:
    with pytest.raises(UsageError, match="width"):
        check_width(width)
