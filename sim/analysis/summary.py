"""The summary of an ensemble: what ``parley run --json`` prints and ``summary.json`` holds."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import numpy as np

from sim.analysis.shares import Share, outcome_shares, share_of
from sim.analysis.variance import split
from sim.outcomes import AGREEMENT
from sim.results import NOTE, Ensemble

#: Weeks by which the first deal is counted, where the run is that long.
DEAL_WEEKS = (13, 26, 52, 104)


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
            "outcomes": [_outcome(row) for row in outcome_shares(ensemble)],
            "agreement": _interval(share_of("agreement", ensemble.agreement)),
            "signed": _interval(share_of("signed", ensemble.signed)),
            "reneged_given_signed": _interval(
                share_of("reneged", ensemble.reneged, ensemble.signed)
            ),
            "out_of_office": _interval(share_of("out_of_office", ensemble.out_of_office)),
            "first_deal_by_week": first_deal_by_week(ensemble),
            "means": means(ensemble),
            "variance": {key: asdict(part) for key, part in split(ensemble, AGREEMENT).items()},
            "note": NOTE,
        }
    )


def first_deal_by_week(ensemble: Ensemble) -> dict[str, float]:
    """Return the share of replicates with a deal signed by each of ``DEAL_WEEKS``.

    A week beyond the run counts what was signed by its end.
    """
    signed = ensemble.table["signed_week"]
    return {
        str(week): float(((signed > 0) & (signed <= week)).mean()) for week in DEAL_WEEKS
    }


def means(ensemble: Ensemble) -> dict[str, float]:
    """Return means over replicates, of the state in each replicate's last week."""
    columns = {
        "attempts": "attempts",
        "failed_rounds": "failed_rounds",
        "weeks_at_table": "weeks_at_table",
        "recognisers_end": "recognisers",
        "mobilisation_end": "mobilisation_end",
        "good_faith_end": "good_faith_end",
    }
    return {name: float(np.mean(ensemble.table[column])) for name, column in columns.items()}


def clean(data: Any) -> Any:
    """Return plain data without nan and infinity, which JSON cannot say."""
    if isinstance(data, dict):
        return {key: clean(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [clean(value) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return None
    return data


def _interval(row: Share) -> dict[str, float]:
    return {"share": row.share, "low": row.low, "high": row.high}


def _outcome(row: Share) -> dict[str, Any]:
    return {
        "outcome": row.name,
        "count": row.count,
        **_interval(row),
        "low_parameters": row.low_parameters,
        "high_parameters": row.high_parameters,
    }
