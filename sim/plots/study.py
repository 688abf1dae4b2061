"""The figures of a study of drivers, with their frames and alt texts, as PNG files."""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis.drivers import Driver
from sim.analysis.study import METHODS, Study, curve
from sim.plots.frame import framed, png
from sim.plots.sensitivity import CURVES, SHOWN, draw_curves, plot_drivers, plot_heat, short
from sim.plots.style import readable
from sim.results import NOTE


def figures(study: Study, drivers: Sequence[Driver]) -> dict[str, bytes]:
    """Return ``drivers``, ``curves`` and, of two drivers or more, ``heat_map`` as PNG files."""
    what = "replicates" if study.is_run else "points"
    title, below = f"What drives {readable(study.outcome)}", f"{study.title}: {study.size:,} {what}"
    texts = alt_texts(study, drivers)
    made = {
        "drivers": framed(title, below, lambda f: plot_drivers(study, drivers, f.add_subplot())),
        "curves": framed(
            f"{readable(study.outcome).capitalize()} along its strongest drivers",
            below,
            lambda f: draw_curves(study, drivers, f),
        ),
    }
    if len(drivers) > 1:
        first, second = drivers[0].name, drivers[1].name
        made["heat_map"] = framed(
            f"{readable(study.outcome).capitalize()} over its two strongest drivers",
            below,
            lambda f: plot_heat(study, first, second, f.add_subplot()),
        )
    return {name: png(one, {"Description": texts[name]}) for name, one in made.items()}


def alt_texts(study: Study, drivers: Sequence[Driver]) -> dict[str, str]:
    """Return in words what each figure shows."""
    ranked = ", ".join(
        f"{short(d.name)} {d.index:.3f} ({d.low:.3f} to {d.high:.3f})" for d in drivers[:SHOWN]
    )
    ends = []
    for driver in drivers[:CURVES]:
        rows = curve(study, driver.name)
        ends.append(
            f"{short(driver.name)}: {100 * rows[0].mean:.1f}% at {rows[0].label}, "
            f"{100 * rows[-1].mean:.1f}% at {rows[-1].label}"
        )
    outcome = readable(study.outcome)
    note = f"{NOTE[0].upper()}{NOTE[1:]}."
    texts = {
        "drivers": f"Dots with 95% intervals: {METHODS[study.method]} of {outcome}: {ranked}.",
        "curves": f"Lines with bands: share of {outcome} along drivers: {'; '.join(ends)}.",
    }
    if len(drivers) > 1:
        texts["heat_map"] = (
            f"Heat map of the share of {outcome} over {short(drivers[0].name)} (across) and "
            f"{short(drivers[1].name)} (up); the table beside it holds its cells."
        )
    return {name: f"{text} {note}" for name, text in texts.items()}
