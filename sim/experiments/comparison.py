"""Same-luck comparison: every alternative meets the same draws as the base, replicate by replicate.

So two scenarios differ only through what was changed, and differences need far fewer replicates
than shares.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim import arguments
from sim.analysis.moves import Move, kinds, moves
from sim.analysis.paired import (
    Difference,
    check_pairing,
    difference_of_means,
    difference_of_ratios,
    difference_of_shares,
    narrowing,
    outcome_differences,
    sublabel_differences,
    transitions,
)
from sim.analysis.summary import MEANS, clean, summarise
from sim.ensemble import Progress, run
from sim.errors import UsageError
from sim.results import NOTE, Ensemble
from sim.scenario.loader import Source, load
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

    def sublabels(self) -> list[Difference]:
        """Return the differences of the shares of the sub-labels."""
        return sublabel_differences(self.base, self.ensemble)

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

    def narrowing(self) -> dict[str, float]:
        """Return how many times narrower pairing makes each interval of a share, by name.

        Shares that are 0 in both are left out.
        """
        rows = (*self.outcomes(), self.agreement(), self.signed(), self.out_of_office())
        return {
            row.name: narrowing(row, self.base.replicates)
            for row in rows
            if row.base or row.alternative
        }

    def signed_by(self, week: int) -> Difference:
        """Return the difference in the share of replicates with a deal signed by ``week``."""
        week = arguments.whole("week", week)
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

    @property
    def ensembles(self) -> dict[str, Ensemble]:
        """The alternatives' ensembles by name."""
        return {alternative.name: alternative.ensemble for alternative in self.alternatives}

    def save_figure(self, path: arguments.AnyPath) -> None:
        """Write the figure of the comparison: differences above, moves below. Raises RunError."""
        from sim.files import write_files
        from sim.plots.comparison import comparison_png

        where = arguments.path("path", path)
        figure = comparison_png(self.base, self.ensembles)
        write_files(where.parent, {where.name: figure}, force=True)

    def save(self, folder: arguments.AnyPath, force: bool = False) -> Path:
        """Write tables, document and figure into a folder, at once or not at all.

        Raises UsageError if the folder exists and force is not given, RunError.
        """
        from sim.folders import write_folder
        from sim.plots.comparison import comparison_png

        where, force = arguments.path("folder", folder), arguments.flag("force", force)

        def fill(staging: Path) -> None:
            for name, rows in self._tables().items():
                with (staging / name).open("w", encoding="utf-8", newline="") as stream:
                    csv.writer(stream, lineterminator="\n").writerows(rows)
            document = json.dumps(self.as_dict(), indent=2, ensure_ascii=False, allow_nan=False)
            (staging / "comparison.json").write_text(f"{document}\n", encoding="utf-8")
            figure = comparison_png(self.base, self.ensembles)
            (staging / "comparison.png").write_bytes(figure)

        design = {
            "base": dict(self.base.design),
            "alternatives": {name: dict(e.design) for name, e in self.ensembles.items()},
        }
        return write_folder(where, force, fill, design, self.base.environment)

    def _tables(self) -> dict[str, list[list[Any]]]:
        titles = ["name", "base", "alternative", "difference", "low", "high"]
        changes: list[list[Any]] = [["alternative_scenario", *titles]]
        moved: list[list[Any]] = [["alternative_scenario", *Move.__dataclass_fields__]]
        for one in self.alternatives:
            rows = [*one.outcomes(), one.agreement(), one.signed(), one.out_of_office()]
            for row in (*rows, one.reneged_given_signed(), *one.means()):
                changes.append([one.name, *(_shown(getattr(row, title)) for title in titles)])
            moved += [[one.name, *asdict(m).values()] for m in moves(self.base, one.ensemble)]
        return {"differences.csv": changes, "moved.csv": moved}

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
    base: Source,
    alternatives: Mapping[str, Source | Mapping[str, Any]] | Sequence[Source],
    replicates: int = 4000,
    seed: int = 0,
    workers: int = 1,
    progress: Progress | None = None,
) -> Comparison:
    """Run a base and its alternatives on the same luck.

    base: what ``sim.load`` takes, or returned. alternatives: name -> such a scenario, or changes to
    the base as ``Scenario.alter`` takes them; or a list of scenarios, which have names.
    Raises UsageError, ScenarioError, RunError.
    """
    subject = load(base)
    scenarios = _read_alternatives(subject, alternatives)
    parts = len(scenarios) + 1

    def part(index: int) -> Progress | None:
        if progress is None:
            return None
        return lambda done, total: progress(index * total + done, parts * total)

    ensemble = run(subject, replicates, seed, workers, record=False, progress=part(0))
    found = []
    for index, (name, scenario) in enumerate(scenarios.items(), start=1):
        other = run(
            scenario, replicates, seed, workers, record=False, twins=False, progress=part(index)
        )
        check_pairing(ensemble, other)
        found.append(Alternative(name, ensemble, other))
    return Comparison(ensemble, tuple(found))


def _read_alternatives(base: Scenario, alternatives: Any) -> dict[str, Scenario]:
    """Return the scenario of each alternative by its name. Raises UsageError, ScenarioError."""
    if isinstance(alternatives, list | tuple):
        loaded = [load(other) for other in alternatives]
        names = [scenario.name for scenario in loaded]
        for name in names:
            if names.count(name) > 1:
                raise UsageError(f"there are two alternatives '{name}'; give each its name")
        return dict(zip(names, loaded, strict=True))
    if not isinstance(alternatives, Mapping):
        allowed = "a mapping from name to scenario or changes, or a list of scenarios"
        raise arguments.refusal("alternatives", allowed, alternatives)
    return {
        arguments.text("the name of an alternative", name): (
            base.alter(other) if isinstance(other, Mapping) else load(other)
        )
        for name, other in alternatives.items()
    }


def _shown(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return "" if math.isnan(value) else f"{value:.6g}"


def _as_dict(alternative: Alternative) -> dict[str, Any]:
    return {
        "name": alternative.name,
        "outcomes": [{"outcome": d.name, **d.numbers()} for d in alternative.outcomes()],
        "sublabels": [{"sublabel": d.name, **d.numbers()} for d in alternative.sublabels()],
        "agreement": alternative.agreement().numbers(),
        "signed": alternative.signed().numbers(),
        "out_of_office": alternative.out_of_office().numbers(),
        "reneged_given_signed": alternative.reneged_given_signed().numbers(),
        "means": {d.name: d.numbers() for d in alternative.means()},
        "transitions": transitions(alternative.base, alternative.ensemble).tolist(),
        "moved": [asdict(kind) for kind in kinds(alternative.base, alternative.ensemble)],
        "narrowing": alternative.narrowing(),
    }
