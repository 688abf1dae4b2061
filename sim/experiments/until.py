"""Replicates until every interval is narrow enough: a two-stage rule (Stein 1945).

Looking at an interval again and again and stopping when it is narrow makes it lie: it stops early
where a share happens to look small. So the number of replicates is fixed once, from a first stage,
for the largest variance that the first stage leaves plausible; the interval is then read once, at
that number. Where it is still too wide, which happens in fewer than one of a hundred runs, the rule
is applied again to all that was run. See ``docs/explanation/stopping.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from math import sqrt
from typing import Any

from sim.analysis.intervals import Z95, wilson
from sim.analysis.shares import group_shares, outcome_shares
from sim.arguments import MAX_REPLICATES
from sim.ensemble import Progress, default_workers, extend, run
from sim.errors import UsageError
from sim.results import Ensemble
from sim.scenario.claims import Moment
from sim.scenario.scenario import Scenario

#: Least replicates of the first stage: from here on Wilson's interval covers a share of 0.005 too.
FIRST = 1000
#: Shares are planned for at the end of their 99% interval that is nearest to one half.
_PLAUSIBLE = 2.5758293035489004
#: A share of another whole than all replicates: its width is not in the rule's hands.
_CONDITIONAL = "reneged_given_signed"

Counts = Mapping[str, int]


def run_until(
    scenario: Scenario,
    width: float,
    first: int = FIRST,
    seed: int = 0,
    workers: int | None = None,
    *,
    scheduler: str | None = None,
    record: bool = True,
    watch: Collection[Moment] = (),
    progress: Progress | None = None,
) -> Ensemble:
    """Run as many replicates as every 95% interval of a share of all replicates needs.

    width: full width that each interval is to stay below, in (0, 1). first: replicates of the
    first stage, raised to ``FIRST`` if fewer. The result is that of ``run`` with as many
    replicates. Raises UsageError.
    """
    check_width(width)
    found: list[Ensemble] = []

    def counts(total: int) -> Counts:
        if found:
            more = total - found[0].replicates
            hands = workers or default_workers(more)
            found[0] = extend(
                found[0], scenario, more, hands, scheduler=scheduler, progress=progress
            )
        else:
            hands = workers or default_workers(total)
            options: Any = {"scheduler": scheduler, "progress": progress}
            options |= {"record": record, "watch": watch}
            found.append(run(scenario, total, seed, hands, **options))
        return counts_of(found[0])

    stages(counts, max(first, FIRST), width)
    return found[0]


def counts_of(ensemble: Ensemble) -> Counts:
    """Return the counts of all shares that the rule watches, by name."""
    shares = [*outcome_shares(ensemble), *group_shares(ensemble)]
    return {share.name: share.count for share in shares if share.name != _CONDITIONAL}


def check_width(width: float) -> None:
    """Raise UsageError unless intervals can be made narrower than ``width``."""
    if not 0 < width < 1:
        raise UsageError(f"a width lies between 0 and 1, such as 0.02, not {width:g}")
    if _needed(0.5, width) > MAX_REPLICATES:
        raise UsageError(
            f"intervals of width {width:g} may take more than {MAX_REPLICATES:,} replicates"
        )


def stages(counts: Callable[[int], Counts], first: int, width: float) -> int:
    """Carry the rule out and return the number of replicates at which it ends.

    counts: called with rising numbers of replicates, returns the counts among all of them.
    """
    total = first
    found = counts(total)
    planned = plan(found, total, width)
    while planned > total:
        total = planned
        found = counts(total)
        if widest(found, total) < width:
            break
        planned = max(total + 1, plan(found, total, width))
    return total


def widest(counts: Counts, total: int) -> float:
    """Return the width of the widest 95% Wilson interval."""
    return max(high - low for low, high in (wilson(count, total) for count in counts.values()))


def plan(counts: Counts, total: int, width: float) -> int:
    """Return how many replicates all intervals need, by what ``total`` of them leave plausible."""
    return max(_needed(_nearest_half(count, total), width) for count in counts.values())


def _nearest_half(count: int, total: int) -> float:
    low, high = wilson(count, total, _PLAUSIBLE)
    return min(max(0.5, low), high)


def _needed(share: float, width: float) -> int:
    """Return the least number of replicates at which Wilson's interval is narrower than that."""
    low, high = 1, 1
    while _width(share, high) >= width:
        low, high = high, 2 * high
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _width(share, middle) < width else (middle + 1, high)
    return high


def _width(share: float, total: int) -> float:
    spread = Z95**2 / total
    return 2 * Z95 / (1 + spread) * sqrt(share * (1 - share) / total + spread / (4 * total))
