"""A result as tables: replicates by outcome, drawn parameters, recorded variables by week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes import OUTCOMES, SUBLABELS
from sim.results import Ensemble

if TYPE_CHECKING:
    import pandas as pd

#: Columns of ``outcomes.csv``, in order.
OUTCOME_COLUMNS = (
    "replicate",
    "outcome",
    "sublabel",
    "week",
    "signed_week",
    "settlement",
    "attempts",
    "failed_rounds",
    "recognisers",
)
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def outcomes_frame(ensemble: Ensemble) -> pd.DataFrame:
    """Return one row per replicate in the columns of ``outcomes.csv``; NA where nothing signed."""
    import pandas as pd

    table = ensemble.table
    frame = pd.DataFrame({name: table[name] for name in OUTCOME_COLUMNS})
    frame["outcome"] = np.array(OUTCOMES)[table["outcome"]]
    frame["sublabel"] = np.array(SUBLABELS)[table["sublabel"]]
    signed = pd.Series(table["signed_week"]).astype("Int64")
    frame["signed_week"] = signed.where(signed > 0)
    return frame


def parameters_frame(ensemble: Ensemble) -> pd.DataFrame:
    """Return one row per replicate with the drawn value of each uncertain parameter."""
    import pandas as pd

    return pd.DataFrame({"replicate": ensemble.table["replicate"], **ensemble.parameters})


def trajectory_rows(ensemble: Ensemble) -> list[list[str | int]]:
    """Return quantiles by variable and week over the replicates still running, and their number.

    The first row names the columns. A quantile over no replicate at all is empty.
    """
    start = date.fromisoformat(str(ensemble.design["start"]))
    names = [f"q{round(100 * probability):02d}" for probability in _QUANTILES]
    rows: list[list[str | int]] = [["variable", "unit", "week", "date", "running", *names]]
    for name, weekly in ensemble.weekly.items():
        quantiles = weekly.quantiles(_QUANTILES)
        running = weekly.counts.sum(axis=1)
        for week in range(ensemble.weeks):
            day = (start + timedelta(weeks=week)).isoformat()
            shown = ["" if np.isnan(value) else f"{value:.6g}" for value in quantiles[week]]
            rows.append([name, weekly.column.unit, week + 1, day, int(running[week]), *shown])
    return rows
