"""Observation equations: what a variable of the model says of a series that is published.

Everything here is estimated from values whose period ended by the cut-off (``sim.data.Record``).

- Oil output, monthly: ln y_t - ln y_(t-1) = trend - k net_t / net_0 + e_t, e_t ~ N(0, s^2). net_0
  is the net bite of the sanctions at the start of the run; before February 2019 net is taken as 0
  (the oil trade was sanctioned on 28 January), from then to the cut-off as net_0. Ordinary least
  squares; k is the extra monthly decline under the sanctions as they were.
- Protests, monthly: ln y_t = ln scale + ln m_t + e_t, e_t ~ N(0, s^2), m the mean mobilisation of
  the month; the scale makes April's count that of the mobilisation at the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import stdev

import numpy as np

from sim.data import Record
from sim.draws import Draws
from sim.mechanisms.arrays import Array

OIL, PROTESTS = "oil_production_opec_secondary", "protests_ovcs"
#: First month in which the sanctions on the oil trade could show.
SANCTIONED = "2019-02"
#: Months of this year tell how far counts of protests vary by themselves.
QUIET = "2018-"


@dataclass(frozen=True)
class OilEquation:
    """Least-squares estimate of the oil equation.

    last: output of the last month known, kb/d. estimate: trend and k, log change per month.
    covariance: of the estimate, shape (2, 2). spread: s. months: number of changes used, before and
    under the sanctions.
    """

    last: float
    estimate: Array
    covariance: Array
    spread: float
    months: tuple[int, int]

    def predict(self, relative_net: Array, draws: Draws) -> Array:
        """Return predicted output by month, kb/d, shape (R, M).

        relative_net: net / net_0 by month after the last one known, shape (R, M). Uncertain are
        trend, k and the monthly errors.
        """
        normal = np.stack([draws.normal("observation:oil.estimate", k) for k in range(2)], axis=1)
        trend, k = (self.estimate + normal @ np.linalg.cholesky(self.covariance).T).T
        months = relative_net.shape[1]
        errors = np.stack(
            [draws.normal("observation:oil.error", month) for month in range(months)], axis=1
        )
        change = trend[:, None] - k[:, None] * relative_net + self.spread * errors
        predicted: Array = self.last * np.exp(np.cumsum(change, axis=1))
        return predicted


@dataclass(frozen=True)
class ProtestEquation:
    """Scale and error of the protest equation. last: count of the last month. spread: s."""

    last: float
    spread: float

    def predict(self, relative_level: Array, draws: Draws) -> Array:
        """Return predicted counts by month, shape (R, M).

        relative_level: mean mobilisation of the month over that at the start, shape (R, M). The
        error of the month that set the scale is common to all.
        """
        common = self.spread * draws.normal("observation:protests.scale")
        errors = np.stack(
            [
                self.spread * draws.normal("observation:protests.error", month) - common
                for month in range(relative_level.shape[1])
            ],
            axis=1,
        )
        predicted: Array = self.last * relative_level * np.exp(errors)
        return predicted


def monthly(record: Record, series: str) -> dict[str, float]:
    """Return the monthly values of a series by month, as far as the record goes."""
    return {p.date: p.value for p in record.series(series) if p.freq == "monthly"}


def spread_of_protests(record: Record) -> float:
    """Return the standard deviation of the log of a monthly count in a year without a contest."""
    counts = monthly(record, PROTESTS)
    return stdev(float(np.log(value)) for month, value in counts.items() if month[:5] == QUIET)


def oil_equation(record: Record) -> OilEquation:
    """Return the oil equation estimated on the record."""
    output = dict(sorted(monthly(record, OIL).items()))
    changes = np.diff(np.log(list(output.values())))
    under = np.array([month >= SANCTIONED for month in list(output)[1:]], dtype=np.float64)
    design = np.stack([np.ones(len(changes)), -under], axis=1)
    square = np.linalg.inv(design.T @ design)
    estimate = square @ design.T @ changes
    residual = changes - design @ estimate
    variance = float(residual @ residual) / (len(changes) - 2)
    counted = (int(len(under) - under.sum()), int(under.sum()))
    last = list(output.values())[-1]
    return OilEquation(last, estimate, variance * square, float(np.sqrt(variance)), counted)


def protest_equation(record: Record) -> ProtestEquation:
    """Return the protest equation: the scale from the last month known."""
    counts = monthly(record, PROTESTS)
    return ProtestEquation(counts[max(counts)], spread_of_protests(record))
