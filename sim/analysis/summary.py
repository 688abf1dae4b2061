"""The summary of an ensemble: what ``parley run --json`` prints and ``summary.json`` holds."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import numpy as np

from sim.analysis.shares import Share, group_shares, outcome_shares, sublabel_shares
from sim.analysis.variance import split
from sim.outcomes import AGREEMENT, PART_OF
from sim.results import NOTE, Ensemble

#: Weeks by which the first deal is counted, where the run is that long.
DEAL_WEEKS = (13, 26, 52, 104)
#: Means of the summary, and the columns of a result that they are of.
MEANS = {
    "attempts": "attempts",
    "failed_rounds": "failed_rounds",
    "weeks_at_table": "weeks_at_table",
    "recognisers_end": "recognisers",
    "mobilisation_end": "mobilisation_end",
    "good_faith_end": "good_faith_end",
}


def summarise(ensemble: Ensemble) -> dict[str, Any]:
    """Return the summary as plain data; numbers that are undefined are None."""
    design = ensemble.design
    return clean(
        {
            "scenario": design["scenario"],
            "title": ensemble.title,
            "version": ensemble.environment["parley-sim"],
            "scenario_sha256": design["scenario_sha256"],
            "replicates": ensemble.replicates,
            "seed": design["seed"],
            "weeks": ensemble.weeks,
            "outcomes": [
                _outcome(row) | {"variance": _parts(ensemble, (code,))}
                for code, row in enumerate(outcome_shares(ensemble))
            ],
            **{row.name: _interval(row) for row in group_shares(ensemble)},
            "sublabels": [
                {"sublabel": row.name, "of": PART_OF[row.name], **_counted(row)}
                for row in sublabel_shares(ensemble)
            ],
            "first_deal_by_week": first_deal_by_week(ensemble),
            "means": means(ensemble),
            "variance": _parts(ensemble, AGREEMENT),
            "note": NOTE,
        }
    )


def _parts(ensemble: Ensemble, codes: tuple[int, ...]) -> dict[str, Any]:
    return {name: asdict(part) for name, part in split(ensemble, codes).items()}


def first_deal_by_week(ensemble: Ensemble) -> dict[str, float]:
    """Return the share of replicates with a deal signed by each of ``DEAL_WEEKS``.

    A week beyond the run counts what was signed by its end.
    """
    signed = ensemble.table["signed_week"]
    return {str(week): float(((signed > 0) & (signed <= week)).mean()) for week in DEAL_WEEKS}


def means(ensemble: Ensemble) -> dict[str, float]:
    """Return means over replicates, of the state in each replicate's last week."""
    return {name: float(np.mean(ensemble.table[column])) for name, column in MEANS.items()}


def clean(data: dict[str, Any]) -> dict[str, Any]:
    """Return plain data without nan and infinity, which JSON cannot say."""
    return {key: _clean(value) for key, value in data.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return clean(value)
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _interval(row: Share) -> dict[str, Any]:
    data = row.as_dict()
    del data["name"], data["count"]
    return data


def _counted(row: Share) -> dict[str, Any]:
    return {"count": row.count, "share": row.share, "low": row.low, "high": row.high}


def _outcome(row: Share) -> dict[str, Any]:
    return {"outcome": row.name, "count": row.count, **_interval(row)}
