"""Differences between two ensembles on the same luck, with intervals that use the pairing."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from sim.analysis.intervals import Z95
from sim.analysis.shares import Mask
from sim.errors import UsageError
from sim.outcomes import OUTCOMES, SUBLABELS
from sim.results import Ensemble

#: Resamples of the bootstrap that gives intervals of ratios and of means.
RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Difference:
    """A quantity in base and alternative, their difference and its 95% paired interval.

    error: paired standard error of the difference; nan where a bootstrap gives the interval.
    """

    name: str
    base: float
    alternative: float
    difference: float
    low: float
    high: float
    error: float

    def numbers(self) -> dict[str, float]:
        """Return everything but the name."""
        return {key: value for key, value in asdict(self).items() if key != "name"}


def narrowing(difference: Difference, replicates: int) -> float:
    """Return how many times wider the interval would be without pairing; nan if undefined.

    Unpaired: the Wald interval of two shares from independent samples of that size.
    """
    spread = sum(p * (1 - p) for p in (difference.base, difference.alternative)) / replicates
    width = difference.high - difference.low
    return float(2 * Z95 * np.sqrt(spread) / width) if width > 0 else float("nan")


def check_pairing(base: Ensemble, other: Ensemble) -> None:
    """Raise UsageError unless both ran the same replicates of the same seed."""
    for key in ("seed", "first_replicate", "replicates"):
        if base.design[key] != other.design[key]:
            raise UsageError(f"the results are not on the same luck: {key} differs")


def difference_of_shares(name: str, base: Mask, other: Mask) -> Difference:
    """Return the difference of two paired shares.

    Interval: Wald for paired proportions with half a replicate added to each discordant cell
    (Agresti & Min 2005), so that no change seen is not no change possible.
    """
    total = len(base)
    gained, lost = int((~base & other).sum()), int((base & ~other).sum())
    shift = (gained - lost) / total
    error = _paired_error(gained, lost, total)
    spread = Z95 * _paired_error(gained + 0.5, lost + 0.5, total + 2)
    centre = (gained - lost) / (total + 2)
    return Difference(
        name,
        float(base.mean()),
        float(other.mean()),
        shift,
        max(-1.0, min(shift, centre - spread)),
        min(1.0, max(shift, centre + spread)),
        error,
    )


def _paired_error(gained: float, lost: float, total: float) -> float:
    return float(np.sqrt(max(gained + lost - (gained - lost) ** 2 / total, 0.0)) / total)


def difference_of_means(
    name: str, base: npt.NDArray[np.float64], other: npt.NDArray[np.float64]
) -> Difference:
    """Return the difference of two paired means with its normal interval."""
    shift = other - base
    error = float(shift.std(ddof=1) / np.sqrt(len(shift))) if len(shift) > 1 else float("nan")
    mean = float(shift.mean())
    return Difference(
        name,
        float(base.mean()),
        float(other.mean()),
        mean,
        mean - Z95 * error,
        mean + Z95 * error,
        error,
    )


def difference_of_ratios(
    name: str, base: tuple[Mask, Mask], other: tuple[Mask, Mask], seed: int
) -> Difference:
    """Return the difference of two conditional shares, P(part | whole), bootstrapped in pairs.

    base, other: (part, whole). The whole differs between the two, so pairs are resampled as such:
    a replicate brings its four indicators along. Half a pair that gains the part and half a pair
    that loses it join the bootstrap, so that no change seen is not no change possible.
    """
    cells = np.stack([base[0] & base[1], base[1], other[0] & other[1], other[1]], axis=1)
    first, second = _ratios(cells.sum(axis=0))
    shift = float(second - first)
    if np.isnan(shift):
        return Difference(name, float(first), float(second), *[float("nan")] * 4)
    kinds, counts = np.unique(cells, axis=0, return_counts=True)
    kinds = np.concatenate([kinds, [[False, True, True, True], [True, True, False, True]]])
    weights = np.append(counts, [0.5, 0.5])
    luck = np.random.Generator(np.random.Philox(key=seed))
    drawn = luck.multinomial(len(cells) + 1, weights / weights.sum(), RESAMPLES) @ kinds
    before, after = _ratios(drawn.T)
    spread = (after - before)[np.isfinite(after - before)]
    low, high = np.quantile(spread, (0.025, 0.975))
    return Difference(
        name,
        float(first),
        float(second),
        shift,
        min(shift, float(low)),
        max(shift, float(high)),
        float(spread.std(ddof=1)),
    )


def _ratios(sums: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return part over whole in base and alternative of rows part, whole, part, whole."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: npt.NDArray[np.float64] = sums[0::2] / sums[1::2]
    return found


def outcome_differences(base: Ensemble, other: Ensemble) -> list[Difference]:
    """Return the paired differences of the eight outcome shares."""
    return [
        difference_of_shares(name, base.outcome == code, other.outcome == code)
        for code, name in enumerate(OUTCOMES)
    ]


def sublabel_differences(base: Ensemble, other: Ensemble) -> list[Difference]:
    """Return the paired differences of the shares of the sub-labels, in order of their codes."""
    before, after = base.table["sublabel"], other.table["sublabel"]
    return [
        difference_of_shares(name, before == code, after == code)
        for code, name in enumerate(SUBLABELS)
        if name
    ]


def transitions(base: Ensemble, other: Ensemble) -> npt.NDArray[np.int64]:
    """Return how many replicates went from outcome (row, base) to outcome (column), (8, 8)."""
    size = len(OUTCOMES)
    cell = base.outcome.astype(np.int64) * size + other.outcome
    return np.bincount(cell, minlength=size * size).reshape(size, size)
