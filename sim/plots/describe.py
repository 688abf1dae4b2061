"""What a figure says, in words: for who cannot see it, and to travel inside its file."""

from __future__ import annotations

from unicodedata import east_asian_width

import numpy as np

from sim.analysis import why
from sim.analysis.shares import outcome_shares
from sim.errors import UsageError
from sim.outcomes import OUTCOMES
from sim.plots.calendar import day_of
from sim.plots.incidence import cumulative_incidence
from sim.plots.style import decimals, percent, readable, replicates
from sim.plots.weekly import FAN, is_ever_defined, is_yes_or_no, recorded, yes_shares
from sim.plots.zone import LIMITS, median_limits
from sim.reasons import OBSTACLES, worded
from sim.results import NOTE, Ensemble, Weekly

FAN_PREFIX, SHARE_PREFIX = "fan_", "share_"
#: Titles of the figures that show no single variable.
TITLES = {
    "outcome_shares": "How it ends",
    "cumulative_incidence": "When it ends, and how",
    "zone": "The zone of possible agreement by week",
    "reasons": "Why there is no deal",
    "obstacles": "What stood in the way, week by week",
    "levers": "What makes the zone wide or narrow",
}


def figure_names(ensemble: Ensemble) -> list[str]:
    """Return the names of the figures that this result can fill, in order of presentation.

    A recorded variable has a fan, a yes-or-no variable its share by week; the number of the week
    and what no replicate ever has have neither.
    """
    names = ["outcome_shares", "cumulative_incidence"]
    weekly = {name: one for name, one in ensemble.weekly.items() if is_ever_defined(one)}
    if all(name in weekly for name in LIMITS):
        names.append("zone")
    if why.has_account(ensemble) and not why.deal_stands(ensemble).all():
        names.append("reasons")
    if all(name in weekly for name in why.RECORD):
        names += ["obstacles", "levers"]
    for name, one in weekly.items():
        if name != "week":
            names.append((SHARE_PREFIX if is_yes_or_no(one) else FAN_PREFIX) + name)
    return names


def variable_of(ensemble: Ensemble, figure_name: str) -> str:
    """Return the variable of a figure, empty if it has none. Raises UsageError."""
    names = figure_names(ensemble)
    if figure_name not in names:
        raise UsageError(f"no figure '{figure_name}' of this result; it has {', '.join(names)}")
    if figure_name in TITLES:
        return ""
    return figure_name.split("_", 1)[1]


def title(ensemble: Ensemble, figure_name: str) -> str:
    """Return the title of a figure."""
    variable = variable_of(ensemble, figure_name)
    if not variable:
        return TITLES[figure_name]
    words = readable(variable)
    return f"{words if words in LIMITS else words[0].upper() + words[1:]} by week"


def subtitle(ensemble: Ensemble, longest: int | None = None) -> str:
    """Return scenario, replicates and seed in a line, the title of the scenario cut to fit."""
    run = f"{replicates(ensemble)}, seed {ensemble.design['seed']}"
    name = ensemble.title
    if longest is not None and _width(name) + len(run) + 2 > longest:
        while len(name) > 1 and _width(name) > longest - len(run) - 3:
            name = name[:-1]
        name = f"{name.rstrip(' ,')}\u2026"
    return f"{name}: {run}"


def _width(text: str) -> int:
    """Return the letters that a text takes the room of; a sign of Chinese or Japanese is two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def alt_text(ensemble: Ensemble, figure_name: str) -> str:
    """Return in words what a figure of the result shows. Raises UsageError for an unknown one.

    figure_name: the name of its file without the ending, as in ``figure_names``.
    """
    variable = variable_of(ensemble, figure_name)
    if figure_name in TITLES:
        body = _BODIES[figure_name](ensemble)
    elif figure_name.startswith(SHARE_PREFIX):
        body = _yes_or_no(ensemble, recorded(ensemble, variable))
    else:
        body = _fan(ensemble, recorded(ensemble, variable))
    heading = title(ensemble, figure_name)
    return f"{heading}. {subtitle(ensemble)}. {body} {NOTE[0].upper()}{NOTE[1:]}."


def _shares(ensemble: Ensemble) -> str:
    size = ensemble.replicates
    digits = decimals(size)
    parts = []
    for row in outcome_shares(ensemble):
        text = f"{readable(row.name)} {percent(row.share, size)}"
        text += f" (95% interval {100 * row.low:.{digits}f} to {100 * row.high:.{digits}f}"
        if not np.isnan(row.low_parameters):
            how = "" if row.parameters_measured else "within "
            span = f"{100 * row.low_parameters:.0f} to {100 * row.high_parameters:.0f}"
            text += f"; across parameter draws {how}{span}"
        parts.append(f"{text})")
    return f"Bar chart of the shares of the eight outcomes: {', '.join(parts)}."


def _incidence(ensemble: Ensemble) -> str:
    size, weeks = ensemble.replicates, ensemble.weeks
    incidence = cumulative_incidence(ensemble)
    middle = max(weeks // 2, 1)
    parts = [
        f"{readable(name)} {percent(line[middle - 1], size)} by week {middle} "
        f"and {percent(line[-1], size)} by week {weeks}"
        for name, line in zip(OUTCOMES, incidence, strict=True)
        if line[-1] > 0
    ]
    never = [readable(n) for n, line in zip(OUTCOMES, incidence, strict=True) if line[-1] == 0]
    note = f" Did not occur: {', '.join(never)}." if never else ""
    text = "; ".join(parts)
    return f"Lines of the share of replicates that have ended in each outcome: {text}.{note}"


def _fan(ensemble: Ensemble, weekly: Weekly) -> str:
    fan, total = weekly.quantiles(FAN), weekly.counts.sum(axis=1)
    column = weekly.column
    digits = value_decimals(weekly)
    parts = []
    for week in _first_and_last(weekly):
        low, _, middle, _, high = (f"{value:.{digits}f}" for value in fan[week - 1])
        day = day_of(ensemble, week).isoformat()
        parts.append(
            f"in week {week} ({day}) the median is {middle} and 5 to 95% lie from {low} to {high}, "
            f"of {_replicates(total[week - 1])}"
        )
    return f"Fan chart of {column.meaning}, {column.unit}: {'; '.join(parts)}."


def _yes_or_no(ensemble: Ensemble, weekly: Weekly) -> str:
    share, total = yes_shares(weekly)[0], weekly.counts.sum(axis=1)
    parts = [
        f"{percent(share[week - 1], int(total[week - 1]))} of {_replicates(total[week - 1])} "
        f"in week {week} ({day_of(ensemble, week).isoformat()})"
        for week in _first_and_last(weekly)
    ]
    statement = weekly.column.meaning.split(" (1)")[0]
    return f"Line of the share of running replicates in which {statement}: {'; '.join(parts)}."


def _zone(ensemble: Ensemble) -> str:
    low, high = median_limits(ensemble)
    parts = [
        f"in week {week} the median of the least that the opposition accepts is "
        f"{low[week - 1]:.2f} and of the most that the government grants {high[week - 1]:.2f}"
        for week in _first_and_last(ensemble.weekly[LIMITS[0]])
    ]
    weeks = int((high > low).sum())
    return (
        f"Lines of the cost to the government, share of the stake: {'; '.join(parts)}. "
        f"The medians leave a zone open in {weeks} of {ensemble.weeks} weeks."
    )


def _reasons(ensemble: Ensemble) -> str:
    shares = why.reason_shares(ensemble)
    total = sum(row.count for row in shares)
    parts = [
        f"{worded(row.name)} {percent(row.share, total)} "
        f"(95% interval {100 * row.low:.0f} to {100 * row.high:.0f})"
        for row in shares
    ]
    return (
        f"Bar chart of the reasons among the {total:,} replicates without a deal that stands: "
        f"{', '.join(parts)}."
    )


def _obstacles(ensemble: Ensemble) -> str:
    weeks = why.by_week(ensemble)
    total = weeks.counts.sum(axis=1) + weeks.deals
    last = int(np.flatnonzero(total)[-1])
    parts = []
    for week in sorted({0, last}):
        size = int(total[week])
        told = [
            f"{readable(name)} {percent(count / size, size)}"
            for name, count in zip(OBSTACLES, weeks.counts[week], strict=True)
        ]
        parts.append(f"in week {week + 1} {', '.join(told)}, of {_replicates(size)}")
    return f"Stacked areas of the share of running replicates by obstacle: {'; '.join(parts)}."


def _levers(ensemble: Ensemble) -> str:
    rows = why.levers(ensemble)
    parts = [f"{readable(row.name)} {round(row.mean, 2) + 0.0:+.2f}" for row in rows]
    left = 1 + sum(row.mean for row in rows)
    return (
        "Bars that add up from the whole stake, 1.00, to the zone less omega / 4, share of the "
        f"stake, mean over weeks without a deal: {', '.join(parts)}; left {left:+.2f}."
    )


_BODIES = {
    "outcome_shares": _shares,
    "cumulative_incidence": _incidence,
    "zone": _zone,
    "reasons": _reasons,
    "obstacles": _obstacles,
    "levers": _levers,
}


def value_decimals(weekly: Weekly) -> int:
    """Return how many decimals of a variable its histogram supports."""
    column = weekly.column
    return 0 if column.high - column.low > 100 else 2


def _first_and_last(weekly: Weekly) -> list[int]:
    """Return the first and the last week, 1 .. T, in which a replicate has a value."""
    held = np.nonzero(weekly.counts.any(axis=1))[0]
    return sorted({int(held[0]) + 1, int(held[-1]) + 1})


def _replicates(count: int) -> str:
    return f"{count:,} running replicate{'s' if count != 1 else ''}"
