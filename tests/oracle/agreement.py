"""Plays a scenario file in the oracle and in the package, and says where they part."""

import math
from functools import cache
from pathlib import Path

import numpy as np

import sim
from sim.draws import Draws
from sim.outcomes import OUTCOMES, SUBLABELS
from tests.oracle import scenario as files
from tests.oracle import week

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "scenarios"
TOLERANCE = 1e-9


@cache
def rows():
    return files.read_table(ROOT / "sim" / "data" / "states.csv")


def lucks(seed, replicates):
    """One ``luck(stream, week)`` per replicate, drawn together and kept."""
    draws = Draws(seed, replicates)
    drawn = cache(lambda stream, week: draws.uniform(stream, week).tolist())
    return [lambda stream, week, k=k: drawn(stream, week)[k] for k in range(replicates)]


def played(path, replicates, seed, names=()):
    """Results of the oracle by replicate, and the records of ``names``: [replicate][name][week]."""
    scenario = files.read(path, LIBRARY)
    results, paths = [], []
    for luck in lucks(seed, replicates):
        seen = {name: [] for name in names}

        def note(s, t, seen=seen):
            for name, values in seen.items():
                values.append(float(week.see(s, name, t + 1)))

        results.append(week.run(scenario, rows(), luck, note))
        paths.append(seen)
    return results, paths


def is_near(left, right):
    return (math.isnan(left) and math.isnan(right)) or abs(left - right) <= TOLERANCE


def differences(path, replicates, seed):
    """Everything in which the two differ: (replicate, what, oracle, package)."""
    scenario = sim.load(path)
    ensemble = sim.run(scenario, replicates=replicates, seed=seed, twins=False)
    results, paths = played(path, replicates, seed, scenario.record)
    found = []
    for k, result in enumerate(results):
        for column, mine in result.items():
            theirs = ensemble.table[column][k]
            if column in ("outcome", "sublabel"):
                theirs = (OUTCOMES if column == "outcome" else SUBLABELS)[theirs]
                agree = mine == theirs
            elif isinstance(mine, float):
                agree = is_near(mine, float(theirs))
            else:
                agree = int(mine) == int(theirs)
            if not agree:
                found.append((k, column, mine, theirs))
        for name, values in paths[k].items():
            theirs = ensemble.weekly[name].paths[k]
            mine = np.full(len(theirs), np.nan)
            mine[: len(values)] = values
            apart = [t for t in range(len(mine)) if not is_near(mine[t], theirs[t])]
            found += [(k, f"{name} in week {t}", mine[t], theirs[t]) for t in apart[:1]]
    return found
