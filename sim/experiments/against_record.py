"""The recognition cascade against the record: January 2019, and Libya 2011 as a second test.

    python -m sim.experiments.against_record                 the tables
    python -m sim.experiments.against_record --figure FOLDER the two figures as well

Thresholds are estimated on the record up to a day, the scenario is run with the posterior, and the
number of recognisers at the end of each week is compared with the 90% band. Weeks up to that day
were used for the estimate, so only later ones test it.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from sim.analysis.scores import BAND, coverage
from sim.crisis import CrisisModel
from sim.data import CUT_OFF, Record
from sim.ensemble import run
from sim.experiments import calibration, thresholds
from sim.experiments.calibration import Row
from sim.mechanisms.arrays import Array
from sim.results import Ensemble
from sim.scenario import load
from sim.scenario.scenario import Scenario

LIBYA: Final = "libya_2011_recognition"
LIBYA_BLOCS: Final = ("european", "arab", "others")
#: The last week of the Libyan run ends on this day.
LIBYA_END: Final = date(2011, 8, 30)
#: iso3 codes of the actors of the case, whose rows name states in words.
_CODES: Final = dict(
    pair.split("=")
    for pair in """
    australia=AUS austria=AUT bahrain=BHR belgium=BEL bosnia=BIH bulgaria=BGR burkina_faso=BFA
    canada=CAN chad=TCD cote_divoire=CIV croatia=HRV denmark=DNK egypt=EGY ethiopia=ETH france=FRA
    gabon=GAB gambia=GMB germany=DEU greece=GRC iraq=IRQ italy=ITA jordan=JOR kuwait=KWT latvia=LVA
    lebanon=LBN luxembourg=LUX macedonia=MKD maldives=MDV malta=MLT montenegro=MNE morocco=MAR
    netherlands=NLD nigeria=NGA norway=NOR palestine=PSE panama=PAN poland=POL portugal=PRT
    qatar=QAT senegal=SEN serbia=SRB slovenia=SVN spain=ESP tunisia=TUN turkey=TUR uae=ARE uk=GBR
    usa=USA
    """.split()
)
REPLICATES, SEED = 10_000, 1
#: Replicates behind the table of groups.
GROUP_REPLICATES = 4096


@dataclass(frozen=True)
class GroupMoves:
    """Recognisers of a group at the end: 90% band and mean of the run, and the record."""

    group: thresholds.Group
    size: int
    low: float
    mean: float
    high: float
    observed: int


@dataclass(frozen=True)
class Comparison:
    """A run beside the record. observed: recognisers at the end of each week, (N,), N <= T.

    scenario: with the posterior. moves: of the record. fitted: number of weeks that the estimate
    used.
    """

    scenario: Scenario
    ensemble: Ensemble
    moves: thresholds.Moves
    observed: Array
    fitted: int

    def bands(self) -> Array:
        """Return lower end, median and upper end by week observed, shape (N, 3)."""
        weekly = self.ensemble.weekly["recognition.count"]
        return weekly.quantiles((BAND[0], 0.5, BAND[1]))[: len(self.observed)]

    def inside(self, weeks: slice = slice(None)) -> float:
        """Return the share of weekly observations inside the 90% band; NaN of none."""
        bands, observed = self.bands()[weeks].astype(np.float64), self.observed[weeks]
        if not len(observed):
            return float("nan")
        return coverage(bands[:, 0], bands[:, 2], observed.astype(np.float64))

    def groups(self) -> list[GroupMoves]:
        """Return which states move, by group: those of one have the same probability."""
        model = CrisisModel(self.scenario, GROUP_REPLICATES, SEED)
        while model.running and model.week < len(self.observed):
            model.step()
        groups = model.states.groups
        simulated = model.states.recognisers_by_group()
        model.release()
        observed = self.moves.counts(self.scenario, groups)[-1]
        codes = [thresholds.group_of(self.scenario, code) for code in self.scenario.members]
        found = []
        for group, count, seen in zip(groups, simulated, observed, strict=True):
            low, high = (float(end) for end in np.quantile(count, BAND))
            size, mean = codes.count(group), float(count.mean())
            found.append(GroupMoves(group, size, low, mean, high, int(seen)))
        return found


def brier_of_states(groups: Sequence[GroupMoves]) -> tuple[float, float]:
    """Return the mean Brier score over all states, of the run and of one share for all."""
    size = sum(one.size for one in groups)
    share = sum(one.observed for one in groups) / size

    def loss(probability: float, one: GroupMoves) -> float:
        left = one.size - one.observed
        return one.observed * (1 - probability) ** 2 + left * probability**2

    own = sum(loss(one.mean / one.size, one) for one in groups) / size
    return own, sum(loss(share, one) for one in groups) / size


def january(until: date = CUT_OFF) -> Comparison:
    """Return January 2019 with thresholds estimated on the record up to a day."""
    scenario = load(calibration.SCENARIO)
    rows = calibration.calibrate(scenario, Record(until)).rows()
    return _compare(scenario, rows, thresholds.days_of(Record()), until, CUT_OFF)


def libya(until: date = LIBYA_END) -> Comparison:
    """Return Libya 2011 with thresholds estimated on the case up to a day."""
    scenario = load(LIBYA)
    rows = libya_rows(scenario, until)
    return _compare(scenario, rows, libya_days(), until, LIBYA_END)


def libya_days(record: Record | None = None) -> dict[str, date]:
    """Return the day on which each state recognised the Council."""
    events = (record or Record()).cases("libya_2011")
    recognitions = [event for event in events if event.event_type == "recognition"]
    return {_CODES[e.actor]: e.date for e in recognitions if e.actor in _CODES}


def libya_rows(scenario: Scenario, until: date = LIBYA_END) -> list[Row]:
    """Return the exact posterior of the Libyan thresholds on the case up to a day."""
    moves = thresholds.Moves.of(scenario, libya_days(Record(until)), until)
    path = thresholds.felt(scenario, moves)
    rows = []
    for bloc in LIBYA_BLOCS:
        names = [f"{thresholds.STATES}.blocs.{bloc}.{field}" for field in ("threshold", "never")]
        for one in thresholds.posterior_of_bloc(scenario, moves, path, bloc, names):
            rows.append(Row(one.path, one.prior, one.mean, one.sd, one.low, one.high))
    return rows


def _compare(
    scenario: Scenario, rows: Sequence[Row], days: Mapping[str, date], until: date, end: date
) -> Comparison:
    known = thresholds.Moves.of(scenario, days, end)
    counts = known.counts(scenario, thresholds.groups_of(scenario)).sum(axis=1)
    fitted = thresholds.Moves.of(scenario, days, until).known
    laws = {row.path: row.law() for row in rows if row.informed}
    altered = scenario.alter(laws)
    ensemble = run(altered, REPLICATES, SEED, twins=False)
    return Comparison(altered, ensemble, known, counts.astype(np.float64), fitted)


def _print(title: str, one: Comparison) -> None:
    later = slice(one.fitted, None)
    print(
        f"{title}: inside the 90% band {one.inside(slice(one.fitted)):.2f} of "
        f"{one.fitted} weeks used"
        + (
            f", {one.inside(later):.2f} of {len(one.observed) - one.fitted} later ones"
            if len(one.observed) > one.fitted
            else ""
        )
    )
    print(f"{'week ends':12} {'observed':>8} {'median':>7} {'5%':>5} {'95%':>5}")
    for week, (low, middle, high) in enumerate(one.bands()):
        day = one.scenario.start + timedelta(days=7 * week + 6)
        print(f"{day} {one.observed[week]:8.0f} {middle:9.0f} {low:5.0f} {high:5.0f}")


def _print_groups(one: Comparison) -> None:
    groups = one.groups()
    print(f"{'states by bloc':28} {'states':>6} {'observed':>8} {'mean':>6} {'5%':>5} {'95%':>5}")
    for row in groups:
        name = row.group[0] + (", follow the patron" if row.group[1] else "")
        band = f"{row.low:5.0f} {row.high:5.0f}"
        print(f"{name:28} {row.size:6} {row.observed:8} {row.mean:6.1f} {band}")
    own, alike = brier_of_states(groups)
    print(f"Brier score over states {own:.3f}, of one share for all {alike:.3f}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the comparisons."""
    parser = argparse.ArgumentParser(prog="python -m sim.experiments.against_record")
    parser.add_argument("--figure", type=Path, help="folder for the figures")
    given = parser.parse_args(arguments)
    whole = {"January 2019": january(), "Libya 2011": libya()}
    parts = {
        "January 2019, estimated up to 4 February": january(date(2019, 2, 4)),
        "January 2019, estimated up to 11 February": january(date(2019, 2, 11)),
        "Libya 2011, estimated up to 12 July": libya(date(2011, 7, 12)),
    }
    for title, one in {**whole, **parts}.items():
        _print(title, one)
        if title in whole:
            _print_groups(one)
        print()
    if given.figure is not None:
        for name, one in zip(("january_2019", "libya_2011"), whole.values(), strict=True):
            _draw(one, given.figure / f"recognition_{name}.png")
    return 0


def _draw(one: Comparison, path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from sim.plots.record import plot_against_record
    from sim.plots.style import DPI

    plot_against_record(one.ensemble, "recognition.count", one.observed)
    plt.savefig(path, dpi=DPI)
    plt.close("all")


if __name__ == "__main__":
    raise SystemExit(main())
