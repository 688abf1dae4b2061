"""Shares of outcomes with two kinds of uncertainty kept apart.

Simulation error: the 95% Wilson score interval, which more replicates narrow.
Parameter ignorance: the 5-95% range of the share across parameter draws, which they do not.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import nan
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from sim.analysis.intervals import likeness, wilson
from sim.outcomes import AGREEMENT, OUT_OF_OFFICE, OUTCOMES, SUBLABELS
from sim.results import Ensemble

Mask = npt.NDArray[np.bool_]


class ParameterRange(NamedTuple):
    """5-95% range of a share across parameter draws.

    measured: False where the twins cannot tell the spread from none at all; low and high are then
    those of the widest spread that the twins leave possible (95%), and the range lies within.
    """

    low: float = nan
    high: float = nan
    measured: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A share of replicates. low, high: 95% Wilson interval. The others: ``ParameterRange``."""

    name: str
    count: int
    share: float
    low: float
    high: float
    low_parameters: float = nan
    high_parameters: float = nan
    parameters_measured: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as a plain mapping."""
        return asdict(self)


def share_of(
    name: str, mask: Mask, among: Mask | None = None, across: ParameterRange | None = None
) -> Share:
    """Return the share of True in ``mask``, among the replicates in ``among`` if given."""
    count = int(mask.sum() if among is None else (mask & among).sum())
    total = len(mask) if among is None else int(among.sum())
    low, high = wilson(count, total)
    beside = across or ParameterRange()
    return Share(name, count, count / total if total else nan, low, high, *beside[:2], beside[2])


def outcome_shares(ensemble: Ensemble) -> list[Share]:
    """Return the shares of the eight outcomes, in their order."""
    return [_share_of_outcomes(ensemble, name, (code,)) for code, name in enumerate(OUTCOMES)]


def group_shares(ensemble: Ensemble) -> list[Share]:
    """Return the shares of agreement, signed, reneged_given_signed and out_of_office.

    Twins keep their outcome alone, so what is no set of outcomes has no range over parameters.
    """
    return [
        _share_of_outcomes(ensemble, "agreement", AGREEMENT),
        share_of("signed", ensemble.signed),
        share_of("reneged_given_signed", ensemble.reneged, ensemble.signed),
        _share_of_outcomes(ensemble, "out_of_office", OUT_OF_OFFICE),
    ]


def sublabel_shares(ensemble: Ensemble) -> list[Share]:
    """Return the shares of the sub-labels, in the order of their codes, among all replicates."""
    codes = ensemble.table["sublabel"]
    return [share_of(name, codes == code) for code, name in enumerate(SUBLABELS) if name]


def _share_of_outcomes(ensemble: Ensemble, name: str, codes: tuple[int, ...]) -> Share:
    mask, twin = np.isin(ensemble.outcome, codes), np.isin(ensemble.twins, codes)
    return share_of(name, mask, across=parameter_range(mask[: len(twin)], twin))


def parameter_range(mask: Mask, twin: Mask) -> ParameterRange:
    """Return the 5-95% range of a share across parameter draws; nan if nothing can be said.

    A replicate and its twin share parameters and nothing else, so the covariance of their
    indicators is the variance of the share across parameters; a beta distribution with that mean
    and variance gives the range (an approximation: twins tell two moments and no more).
    """
    mean = float(mask.mean() + twin.mean()) / 2 if len(mask) else 0.0
    found, least, most = likeness(*pair_counts(mask, twin))
    if np.isnan(found):
        return ParameterRange()
    measured = least > 0
    # Not only the largest part that is possible: the range of a rare outcome narrows again where
    # few draws have all of it.
    parts = np.array([found]) if measured else most * np.geomspace(1e-4, 1.0, 61)
    size = 1 / np.clip(parts, 1e-6, 1 - 1e-6) - 1
    low, high = (betaincinv(mean * size, (1 - mean) * size, end) for end in (0.05, 0.95))
    return ParameterRange(float(low.min()), float(high.max()), measured)


def pair_counts(mask: Mask, twin: Mask) -> tuple[int, int, int]:
    """Count the pairs in which both, exactly one and neither is True."""
    both, one = int((mask & twin).sum()), int((mask ^ twin).sum())
    return both, one, len(mask) - both - one
