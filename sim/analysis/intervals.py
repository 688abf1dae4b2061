"""Intervals from counts: of a share, and of how alike twins are.

Both are 95% intervals for simulation error alone: more replicates narrow them.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan, sqrt

#: Standard normal quantile of a two-sided 95% interval.
Z95 = 1.959963984540054


def wilson(count: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Return the score interval of a share (Wilson 1927), (nan, nan) for an empty total.

    z: standard normal quantile of the two-sided interval; 95% unless said otherwise.
    """
    if total == 0:
        return nan, nan
    share = count / total
    spread = z**2 / total
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / total + spread / (4 * total))
    low = 0.0 if count == 0 else centre - half
    high = 1.0 if count == total else centre + half
    return low, high


def likeness(both: int, one: int, neither: int) -> tuple[float, float, float]:
    """Return the correlation of an indicator between twins with its interval within [0, 1].

    both, one, neither: pairs in which both, exactly one or none show the outcome. The estimate is
    the intraclass kappa, the interval the goodness-of-fit one of Donner & Eliasziw (1992), with a
    continuity correction that keeps it honest for outcomes seen a few times. The estimate may be
    negative by chance. All are nan where the indicator never varies.
    """
    total = both + one + neither
    mean = (2 * both + one) / (2 * total) if total else 0.0
    spread = mean * (1 - mean)
    if spread == 0:
        return nan, nan, nan
    found = 1 - one / (2 * total * spread)
    # Twins share what they share: a correlation below 0 is chance, and no reason for certainty.
    start = min(max(found, 0.0), 1 - 1e-12)

    def fits(rho: float) -> bool:
        """Whether the counts are no surprise if the true correlation is ``rho``."""
        shift = total * spread * abs(start - rho) - 0.5
        if shift < 1e-9:  # One pair that differs is no evidence against any correlation.
            return True
        cells = (mean**2 + rho * spread, 2 * (1 - rho) * spread, (1 - mean) ** 2 + rho * spread)
        return shift**2 * (1 / cells[0] + 4 / cells[1] + 1 / cells[2]) <= Z95**2 * total

    low = 0.0 if fits(0.0) else _edge(fits, start, 0.0)
    return found, low, _edge(fits, start, 1.0)


def _edge(fits: Callable[[float], bool], inside: float, outside: float) -> float:
    """Return the end of the interval between a value that fits and one that does not."""
    gap = inf
    while abs(outside - inside) < gap:
        gap = abs(outside - inside)
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if fits(middle) else (inside, middle)
    return inside
