"""Same-luck comparison: every alternative meets the same draws as the base, replicate by replicate.

So two scenarios differ only through what was changed, and differences need far fewer replicates
than shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.analysis.paired import (
    Difference,
    check_pairing,
    difference_of_means,
    difference_of_ratios,
    difference_of_shares,
    outcome_differences,
    transitions,
)
from sim.analysis.summary import MEANS, clean, summarise
from sim.ensemble import Progress, run
from sim.results import NOTE, Ensemble
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Alternative:
    """One alternative beside its base: paired differences and outcome transitions."""

    name: str
    base: Ensemble
    ensemble: Ensemble

    def outcomes(self) -> list[Difference]:
        """Return the differences of the eight outcome shares."""
        return outcome_differences(self.base, self.ensemble)

    def agreement(self) -> Difference:
        """Return the difference in the share of surviving labelled deals."""
        return difference_of_shares("agreement", self.base.agreement, self.ensemble.agreement)

    def signed(self) -> Difference:
        """Return the difference in the share of replicates in which a deal was ever signed."""
        return difference_of_shares("signed", self.base.signed, self.ensemble.signed)

    def out_of_office(self) -> Difference:
        """Return the difference in the share of governments out of office."""
        return difference_of_shares(
            "out_of_office", self.base.out_of_office, self.ensemble.out_of_office
        )

    def reneged_given_signed(self) -> Difference:
        """Return the difference in the share of signed deals that were reneged on."""
        return difference_of_ratios(
            "reneged_given_signed",
            (self.base.reneged, self.base.signed),
            (self.ensemble.reneged, self.ensemble.signed),
            int(self.base.design["seed"]),
        )

    def means(self) -> list[Difference]:
        """Return the differences of the summary's means."""
        return [
            difference_of_means(
                name,
                self.base.table[column].astype(np.float64),
                self.ensemble.table[column].astype(np.float64),
            )
            for name, column in MEANS.items()
        ]

    def signed_by(self, week: int) -> Difference:
        """Return the difference in the share of replicates with a deal signed by ``week``."""
        masks = [
            (ensemble.table["signed_week"] > 0) & (ensemble.table["signed_week"] <= week)
            for ensemble in (self.base, self.ensemble)
        ]
        return difference_of_shares(f"signed by week {week}", *masks)


@dataclass(frozen=True)
class Comparison:
    """A base and its alternatives on the same luck."""

    base: Ensemble
    alternatives: tuple[Alternative, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return what ``parley compare --json`` prints."""
        return clean(
            {
                "base": summarise(self.base),
                "alternatives": [_as_dict(alternative) for alternative in self.alternatives],
                "note": NOTE,
            }
        )


def compare(
    base: Scenario,
    alternatives: Mapping[str, Scenario | Mapping[str, Any]],
    replicates: int = 4000,
    seed: int = 0,
    workers: int = 1,
    progress: Progress | None = None,
) -> Comparison:
    """Run a base and its alternatives on the same luck.

    alternatives: name -> scenario, or changes to the base as ``Scenario.alter`` takes them.
    Raises UsageError, ScenarioError, RunError.
    """
    scenarios = {
        name: other if isinstance(other, Scenario) else base.alter(other)
        for name, other in alternatives.items()
    }
    parts = len(scenarios) + 1

    def part(index: int) -> Progress | None:
        if progress is None:
            return None
        return lambda done, total: progress(index * total + done, parts * total)

    ensemble = run(base, replicates, seed, workers, record=False, progress=part(0))
    found = []
    for index, (name, scenario) in enumerate(scenarios.items(), start=1):
        other = run(
            scenario, replicates, seed, workers, record=False, twins=False, progress=part(index)
        )
        check_pairing(ensemble, other)
        found.append(Alternative(name, ensemble, other))
    return Comparison(ensemble, tuple(found))


def _as_dict(alternative: Alternative) -> dict[str, Any]:
    def row(difference: Difference) -> dict[str, Any]:
        data = asdict(difference)
        del data["name"]
        return data

    return {
        "name": alternative.name,
        "outcomes": [{"outcome": d.name, **row(d)} for d in alternative.outcomes()],
        "agreement": row(alternative.agreement()),
        "signed": row(alternative.signed()),
        "out_of_office": row(alternative.out_of_office()),
        "reneged_given_signed": row(alternative.reneged_given_signed()),
        "means": {d.name: row(d) for d in alternative.means()},
        "transitions": transitions(alternative.base, alternative.ensemble).tolist(),
    }
