"""Several issues at once: efficient packages concede first what is cheapest to give.

Issue i is worth a_i to the opposition and costs the government g_i; both sum to 1. Packages are
filled in falling a_i / g_i, the last issue in part (logrolling: Raiffa 1982; Keeney & Raiffa
1976). One issue with a = g = 1 is the textbook division of one good.
I is the number of issues; values and costs have shape (R, I) or (1, I).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.mechanisms.arrays import Array, Mask


@dataclass(frozen=True, slots=True)
class Agenda:
    """An agenda in its efficient order; ``position`` maps that order back to the file's.

    values, costs: shape (R, I) or (1, I), each row summing to 1. position: the same shape.
    """

    values: Array
    costs: Array
    position: Array

    @classmethod
    def of(cls, values: Array, costs: Array) -> "Agenda":
        """Normalise both columns to sum to 1 and sort issues by falling a / g, ties as given."""
        worth = values / _row_sums(values)
        price = costs / _row_sums(costs)
        worth, price = np.broadcast_arrays(worth, price)
        order = np.argsort(-worth / price, axis=1, kind="stable")
        return cls(
            np.take_along_axis(worth, order, 1),
            np.take_along_axis(price, order, 1),
            order.astype(np.float64),
        )

    def of_rows(self, rows: npt.NDArray[np.intp] | slice) -> "Agenda":
        """Return the agenda of some replicates, which is the same where all share one."""
        if len(self.costs) == 1:
            return self
        return Agenda(self.values[rows], self.costs[rows], self.position[rows])


def _row_sums(table: Array) -> Array:
    """Sum the issues from left to right, shape (R, 1): the same order whatever the block."""
    total = np.zeros((len(table), 1))
    for issue in range(table.shape[1]):
        total = total + table[:, issue : issue + 1]
    return total


def cost(utility: Array, agenda: Agenda) -> Array:
    """Return the least cost to the government of giving the opposition ``utility``, shape (R,).

    Convex and piecewise linear; beyond [0, 1] continued with the slopes of its ends.
    """
    given, taken = agenda.values, agenda.costs
    last = given.shape[1] - 1
    total = np.minimum(utility, 0.0) * (taken[:, 0] / given[:, 0])
    left = np.maximum(utility, 0.0)
    for issue in range(last + 1):
        share = left / given[:, issue]
        if issue < last:
            np.minimum(share, 1.0, out=share)
            left = left - given[:, issue]
            np.maximum(left, 0.0, out=left)
        share *= taken[:, issue]
        total = total + share
    return total


def conceded(cost_paid: Array, agenda: Agenda) -> Mask:
    """Return which issues a package of that cost concedes, in the file's order, shape (R, I).

    An issue counts as conceded from one half.
    """
    issues = agenda.costs.shape[1]
    rows = max(len(cost_paid), len(agenda.costs))
    left = np.maximum(np.broadcast_to(cost_paid, (rows,)), 0.0)
    granted = np.zeros((rows, issues), dtype=np.bool_)
    for issue in range(issues):
        price = agenda.costs[:, issue]
        granted[:, issue] = left >= price / 2
        left = np.maximum(left - price, 0.0)
    position = np.broadcast_to(agenda.position.astype(np.intp), granted.shape)
    in_file_order = np.empty_like(granted)
    np.put_along_axis(in_file_order, position, granted, axis=1)
    return in_file_order
