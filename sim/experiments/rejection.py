"""Approximate Bayesian computation by rejection, with regression adjustment.

Parameters are drawn from their priors, the model is simulated, and the draws whose summaries come
nearest to the observed ones are kept and shifted along a local linear regression to the observed
statistics (Beaumont, Zhang & Balding 2002, doi:10.1093/genetics/162.4.2025). Before that the
summaries are reduced to one statistic per parameter, its regression on all of them (Fearnhead &
Prangle 2012, doi:10.1111/j.1467-9868.2011.01010.x). Parameters are handled on the logit scale of
their prior range, so that no adjusted draw leaves it. N simulations, P parameters, S summaries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.mechanisms.arrays import Array

#: Share of the simulations that is kept.
ACCEPTED = 0.01
_RIDGE = 1e-6


@dataclass(frozen=True)
class Table:
    """A reference table: parameters (N, P) by name, summaries (N, S), prior ranges (P, 2)."""

    names: tuple[str, ...]
    ranges: Array
    parameters: Array
    summaries: Array

    def part(self, names: Sequence[str]) -> Table:
        """Return the table with some of the parameters and all summaries."""
        which = [self.names.index(name) for name in names]
        return Table(tuple(names), self.ranges[which], self.parameters[:, which], self.summaries)


@dataclass(frozen=True)
class Posterior:
    """Kept draws, shape (A, P), and their weights, shape (A,), summing to 1."""

    names: tuple[str, ...]
    draws: Array
    weights: Array

    def mean(self) -> Array:
        """Return the posterior means, shape (P,)."""
        found: Array = self.weights @ self.draws
        return found

    def sd(self) -> Array:
        """Return the posterior standard deviations, shape (P,)."""
        found: Array = np.sqrt(self.weights @ (self.draws - self.mean()) ** 2)
        return found

    def quantile(self, probability: float) -> Array:
        """Return a quantile of every parameter, shape (P,)."""
        found = []
        for column in self.draws.T:
            order = np.argsort(column, kind="stable")
            reached = np.cumsum(self.weights[order])
            found.append(column[order][min(np.searchsorted(reached, probability), len(order) - 1)])
        return np.array(found)

    def below(self, truth: Array) -> Array:
        """Return the posterior probability below each true value, shape (P,)."""
        found: Array = self.weights @ (self.draws < truth)
        return found


class Inference:
    """Joint posterior of a few parameters at any observed summaries.

    Few, because what is near in many statistics at once is not near: parameters on which
    different summaries speak belong into tables of their own (``Table.part``).
    """

    def __init__(self, table: Table, accepted: float = ACCEPTED) -> None:
        """Regress the parameters on the summaries; the table may hold a part of all parameters."""
        self.table = table
        self.keep = max(int(accepted * len(table.parameters)), 4 * len(table.names))
        self._centre = table.summaries.mean(axis=0)
        spread = table.summaries.std(axis=0)
        self._scale = np.where(spread > 0, spread, 1.0)
        self._targets = _logit(table.parameters, table.ranges)
        design = self._design(table.summaries)
        square = design.T @ design + _RIDGE * len(design) * np.eye(design.shape[1])
        self._coefficients = np.linalg.solve(square, design.T @ self._targets)
        self._statistics = design @ self._coefficients
        self._unit = self._statistics.std(axis=0)

    def _design(self, summaries: Array) -> Array:
        """Return intercept, summaries and their squares, standardised."""
        z = (summaries - self._centre) / self._scale
        return np.concatenate([np.ones((len(z), 1)), z, z**2], axis=1)

    def posterior(self, observed: Array, without: int | None = None) -> Posterior:
        """Return the posterior at observed summaries, shape (S,).

        without: index of a simulation that is left out, because it plays the observation.
        """
        goal = self._design(observed[None, :]) @ self._coefficients
        gap = (self._statistics - goal) / self._unit
        distance = np.sqrt((gap**2).sum(axis=1))
        if without is not None:
            distance[without] = np.inf
        near = np.argpartition(distance, self.keep)[: self.keep]
        width = distance[near].max()
        weights = np.maximum(1 - (distance[near] / width) ** 2, 0.0) if width > 0 else None
        if weights is None or weights.sum() <= 0:
            weights = np.ones(len(near))
        weights = weights / weights.sum()
        adjusted = _adjust(self._targets[near], gap[near], weights)
        return Posterior(self.table.names, _from_logit(adjusted, self.table.ranges), weights)

    def ranks(self, which: npt.NDArray[np.intp]) -> Array:
        """Return the posterior rank of the truth with each simulation as the observation.

        which: indices of the simulations, shape (M,). The result, (M, P), is uniform on (0, 1) if
        the procedure recovers parameters (Cook, Gelman & Rubin 2006,
        doi:10.1198/106186006X136976).
        """
        table = self.table
        rows = [
            self.posterior(table.summaries[k], without=int(k)).below(table.parameters[k])
            for k in which
        ]
        return np.array(rows)


def uniformity(ranks: Array) -> Array:
    """Return the p-value of each parameter's ranks against the uniform law (Kolmogorov-Smirnov)."""
    from scipy.stats import kstest

    return np.array([float(kstest(column, "uniform").pvalue) for column in ranks.T])


def _adjust(targets: Array, gap: Array, weights: Array) -> Array:
    """Shift the kept draws to the observed statistics along a weighted linear regression."""
    design = np.concatenate([np.ones((len(gap), 1)), gap], axis=1)
    weighted = design * weights[:, None]
    square = design.T @ weighted + _RIDGE * np.eye(design.shape[1]) * weights.mean()
    slopes = np.linalg.solve(square, weighted.T @ targets)[1:]
    adjusted: Array = targets - gap @ slopes
    return adjusted


def _logit(values: Array, ranges: Array) -> Array:
    share = (values - ranges[:, 0]) / (ranges[:, 1] - ranges[:, 0])
    share = np.clip(share, 1e-9, 1 - 1e-9)
    found: Array = np.log(share) - np.log1p(-share)
    return found


def _from_logit(values: Array, ranges: Array) -> Array:
    found: Array = ranges[:, 0] + (ranges[:, 1] - ranges[:, 0]) / (1 + np.exp(-values))
    return found
