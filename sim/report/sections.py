"""The sections of the report: each takes results and returns HTML."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sim.analysis import why
from sim.analysis.drivers import Driver
from sim.analysis.shares import group_shares, outcome_shares
from sim.analysis.study import METHODS, Study
from sim.analysis.summary import first_deal_by_week
from sim.analysis.variance import split
from sim.outcomes import AGREEMENT, DEFINITIONS
from sim.plots import alt_text, figure_bytes, figure_names
from sim.plots.sensitivity import short
from sim.plots.study import alt_texts, figures
from sim.plots.style import decimals, percent, readable
from sim.reasons import REASON_MEANINGS, worded
from sim.report.assumptions import WEAKNESS, ranked
from sim.report.markup import figure, paragraph, table, text
from sim.results import Ensemble

#: So many drivers and assumptions are listed.
_SHOWN = 12
#: What the groups of outcomes mean.
_GROUPS = {
    "agreement": "one of the three negotiated outcomes",
    "signed": "a deal was signed at least once",
    "reneged_given_signed": "of those that signed, a deal was broken at least once",
    "out_of_office": "the government no longer governs alone at the end",
}
_CAPTIONS = {
    "outcome_shares": "Share of each outcome; both kinds of uncertainty are explained below.",
    "cumulative_incidence": "Share of replicates that have ended in each outcome by each week.",
    "reasons": "The one reason of each replicate without a deal that stands.",
    "drivers": "The strongest drivers with their 95% intervals.",
    "curves": "The share along each of the strongest drivers, with its 95% band.",
    "heat_map": "The share over the two strongest drivers.",
}


def outcomes(ensemble: Ensemble) -> str:
    """Return figure and table of the outcomes with both kinds of uncertainty."""
    meanings = {**dict(DEFINITIONS), **_GROUPS}
    rows = [
        (readable(row.name), *_share(row, ensemble.replicates), meanings[row.name])
        for row in (*outcome_shares(ensemble), *group_shares(ensemble))
    ]
    titles = ("outcome", "share", "95% interval", "5-95% over parameters", "meaning")
    return _figure(ensemble, "outcome_shares") + table("Outcomes", titles, rows, (0, 4))


def _share(row: Any, size: int) -> tuple[str, str, str]:
    digits = decimals(size)
    across = _span(row.low_parameters, row.high_parameters, 0)
    if across != "-" and not row.parameters_measured:
        across = f"within {across}"
    share = "-" if math.isnan(row.share) else percent(row.share, size)
    return share, _span(row.low, row.high, digits), across


def _span(low: float, high: float, digits: int) -> str:
    if math.isnan(low) or math.isnan(high):
        return "-"
    return f"{100 * low:.{digits}f} to {100 * high:.{digits}f}"


def uncertainty(ensemble: Ensemble) -> str:
    """Return what the two kinds of uncertainty are and how large each is here."""
    part = split(ensemble, AGREEMENT)["parameters"]
    told = paragraph(
        "The 95% interval is simulation error: it says how far this share may lie from that of "
        "endless replicates of the same scenario, and more replicates narrow it. The range over "
        "parameters is ignorance: it says how the share differs between draws of the uncertain "
        "parameters, and no number of replicates narrows it. Neither covers an error of the model."
    )
    if math.isnan(part.share):
        return told + paragraph("Agreement does not vary here, so its spread cannot be split.")
    return told + paragraph(
        f"Of the spread of agreement, {100 * part.share:.0f}% is parameter ignorance "
        f"({100 * part.low:.0f} to {100 * part.high:.0f}) and the rest is chance."
    )


def timing(ensemble: Ensemble) -> str:
    """Return when replicates end and when the first deal is signed."""
    signed = [
        (f"by week {week}", percent(share, ensemble.replicates))
        for week, share in first_deal_by_week(ensemble).items()
        if int(week) <= ensemble.weeks
    ]
    body = _figure(ensemble, "cumulative_incidence")
    return body + (table("First deal signed", ("when", "share"), signed) if signed else "")


def reasons(ensemble: Ensemble) -> str:
    """Return why there is no deal, or what to run where the result does not hold it."""
    if not why.has_account(ensemble):
        return paragraph(
            "This result holds no account of what stood in the way of a deal. "
            f"`parley why {ensemble.design['scenario']}` makes one; a run saved with `-o` by this "
            "version, of a scenario with a government and an opposition, holds it."
        )
    if why.deal_stands(ensemble).all():
        return paragraph("Every replicate has a deal that stands.")
    rows = why.reason_shares(ensemble)
    total = sum(row.count for row in rows)
    meanings = dict(REASON_MEANINGS)
    listed = [(worded(row.name), *_share(row, total)[:2], meanings[row.name]) for row in rows]
    steps = [(row.name, *_share(row, total)[:2]) for row in why.nearness(ensemble)]
    return (
        paragraph(
            f"{total:,} of {ensemble.replicates:,} replicates have no deal that survives or still "
            "stands at the horizon. Each has one reason: force; else deals that were all broken; "
            "else what was missing in most of its weeks."
        )
        + _figure(ensemble, "reasons")
        + table("Reasons", ("reason", "share", "95% interval", "meaning"), listed, (0, 3))
        + table("How near it came", ("step", "share", "95% interval"), steps)
    )


def drivers(study: Study, found: Sequence[Driver]) -> str:
    """Return the ranking of what drives an outcome, with its figures."""
    texts, pictures = alt_texts(study, found), figures(study, found)
    points = "replicates" if study.is_run else f"points of {study.replicates:,} replicates"
    rows = [
        (short(one.name), f"{one.index:.3f}", f"{one.low:.3f} to {one.high:.3f}")
        for one in found[:_SHOWN]
    ]
    remarks = "".join(paragraph(f"Note: {t}.", "small") for t in study.remarks())
    told = f"{METHODS[study.method]}, {study.size:,} {points}"
    shown = ("drivers", "curves", "heat_map")
    drawn = "".join(figure(pictures[n], texts[n], _CAPTIONS[n]) for n in shown if n in pictures)
    heading = f"What drives {readable(study.outcome)}: {told}"
    return drawn + table(heading, ("driver", "index", "95% interval"), rows) + remarks


def assumptions(ensemble: Ensemble, found: Sequence[Driver]) -> str:
    """Return the assumptions by sensitivity times weakness of evidence."""
    rows = [
        (
            short(one.path),
            f"{one.weight:.4f}",
            f"{one.sensitivity:.3f}",
            one.basis,
            one.source,
            one.reason or "-",
        )
        for one in ranked(ensemble.scenario, found)[:_SHOWN]
    ]
    weights = ", ".join(f"{basis} {weight:g}" for basis, weight in WEAKNESS.items())
    titles = ("assumption", "weight", "sensitivity", "basis", "source", "reason")
    return paragraph(
        "Where better evidence would change most: the index of each uncertain parameter times the "
        f"weakness of what it rests on ({weights}; a convention)."
    ) + table("Assumptions", titles, rows, (0, 3, 4, 5))


def provenance(ensemble: Ensemble) -> str:
    """Return what was run, with which versions."""
    rows = [(key.replace("_", " "), str(value)) for key, value in ensemble.design.items()]
    rows += [(key, value) for key, value in ensemble.environment.items()]
    return table("Provenance", ("what", "value"), rows, (0, 1))


def reproduction(ensemble: Ensemble) -> str:
    """Return the commands that make this result again."""
    design, version = ensemble.design, ensemble.environment["parley-sim"]
    run = (
        f"parley run scenario.resolved.yaml -n {design['replicates']} --seed {design['seed']} "
        "-o again"
    )
    return (
        paragraph(
            "The folder of the result holds the scenario as it was run, scenario.resolved.yaml. "
            "With the versions above and a processor with the same features the same command gives "
            "the same bits; elsewhere `parley verify` says how far the labels agree."
        )
        + f"<pre># parley-sim {text(version)}\n{text(run)}\n"
        + "parley verify FOLDER\nparley report again -o report.html</pre>\n"
    )


def _figure(ensemble: Ensemble, name: str) -> str:
    if name not in figure_names(ensemble):
        return ""
    return figure(figure_bytes(ensemble, name), alt_text(ensemble, name), _CAPTIONS[name])
