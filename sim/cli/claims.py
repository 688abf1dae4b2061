"""How judged claims are told: a table on stdout, rows of JSON, and one exit code."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from sim.cli import terminal

if TYPE_CHECKING:
    from sim.analysis.claims import Verdict

#: Exit code of a run of which a claim fails.
FAILED = 1


def rows(verdicts: list[Verdict]) -> list[dict[str, Any]]:
    """Return the verdicts as plain data without infinities, which JSON cannot say."""
    from sim.analysis.summary import clean

    return [clean(verdict.as_dict()) for verdict in verdicts]


def print_verdicts(verdicts: list[Verdict]) -> None:
    """Print each claim with what was measured, and how many hold."""
    click.echo()
    if not verdicts:
        terminal.print_text("The scenario makes no claim: it has no `expect`.")
        return
    for verdict in verdicts:
        click.echo(f"{verdict.word:9}  {verdict.claim.text}")
        click.echo(f"{'':9}  {_measured(verdict)}")
    words = [verdict.word for verdict in verdicts]
    told = [f"{words.count(word)} {word}" for word in _WORDS if word in words]
    terminal.print_text(f"Of {len(words)} claim{'s' * (len(words) != 1)}: {', '.join(told)}.")
    if "undecided" in words:
        terminal.print_text("Undecided: the interval holds a bound; more replicates narrow it.")


_WORDS = ("pass", "fail", "undecided")


def _measured(verdict: Verdict) -> str:
    if not verdict.replicates:
        return "nothing to measure: no replicate has a value in that week"
    digits = _digits(verdict.low, verdict.high)
    value, low, high = (f"{x:.{digits}f}" for x in (verdict.value, verdict.low, verdict.high))
    if not math.isfinite(verdict.low):
        return f"measured {value}, too few replicates for an interval"
    return f"measured {value}, 95% interval {low} to {high}"


def _digits(low: float, high: float) -> int:
    """Return how many decimals an interval supports: two digits of its width, five at most."""
    width = high - low
    if not 0 < width < math.inf:
        return 3
    return min(max(1 - math.floor(math.log10(width)), 0), 5)
