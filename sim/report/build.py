"""The report of a saved result, put together from its sections."""

from __future__ import annotations

from sim.analysis.study import study_run, study_sweep
from sim.errors import UsageError
from sim.report import sections
from sim.report.markup import page, paragraph, text
from sim.results import NOTE, Ensemble
from sim.sweeps import Sweep


def build(ensemble: Ensemble, sweep: Sweep | None = None, outcome: str = "agreement") -> str:
    """Return the report as one HTML document that needs no network.

    sweep: adds its drivers. outcome: what the drivers explain. Raises UsageError for an outcome
    that is none and for a sweep that is of another scenario or not finished.
    """
    parts = [
        ("outcomes", "How it ends", sections.outcomes(ensemble)),
        ("uncertainty", "Two kinds of uncertainty", sections.uncertainty(ensemble)),
        ("timing", "When it ends", sections.timing(ensemble)),
        ("why", "Why there is no deal", sections.reasons(ensemble)),
        *_drivers(ensemble, sweep, outcome),
        ("provenance", "What was run", sections.provenance(ensemble)),
        ("reproduce", "How to reproduce it", sections.reproduction(ensemble)),
    ]
    return page(ensemble.title, _head(ensemble), parts)


def _head(ensemble: Ensemble) -> str:
    question = " ".join(str(ensemble.scenario.get("question") or "").split())
    start, design = ensemble.design["start"], ensemble.design
    size = f"{ensemble.replicates:,} replicate{'s' * (ensemble.replicates != 1)}"
    return (
        f"<header><h1>{text(ensemble.title)}</h1>\n"
        + (paragraph(question, "question") if question else "")
        + paragraph(
            f"Scenario {design['scenario']}: {size} of {ensemble.weeks} weeks from {start}, seed "
            f"{design['seed']}."
        )
        + paragraph(f"{NOTE[0].upper()}{NOTE[1:]}.", "note")
        + "</header>\n"
    )


def _drivers(ensemble: Ensemble, sweep: Sweep | None, outcome: str) -> list[tuple[str, str, str]]:
    """Return the sections on drivers and assumptions, with what to run where there are none."""
    found = []
    if sweep is not None:
        if sweep.scenario["title"] != ensemble.scenario["title"]:
            raise UsageError(
                f"the sweep is of '{sweep.scenario['title']}', the result of "
                f"'{ensemble.title}'; a report is of one scenario"
            )
        study = study_sweep(sweep, outcome)
        found.append(
            ("sweep", "What drives it, by the sweep", sections.drivers(study, study.drivers()))
        )
    title = "What drives it" + (", by the run itself" if sweep is not None else "")
    try:
        study = study_run(ensemble, outcome)
        drivers = study.drivers()
    except UsageError as error:
        return [*found, ("drivers", title, paragraph(f"Not ranked: {error}."))]
    ranking = sections.drivers(study, drivers)
    weights = sections.assumptions(ensemble, drivers)
    return [
        *found,
        ("drivers", title, ranking),
        ("assumptions", "What it rests on", weights),
    ]
