"""A wrong sign, constant or order in the engine does not go unnoticed.

Each mutant changes one place of a copy of the tree and runs a few tests there, which must fail.
The full series is for ``make reliability``; the suite runs a sample.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("sim", "scenarios", "tests", "pyproject.toml")
THEORY = "tests/theory/test_published_results.py"
FACTS = "tests/contract/test_declared_facts.py"
ORACLE = "tests/oracle/test_agreement.py"
DURATIONS = "tests/contract/test_durations.py"
SENDERS = "tests/unit/test_senders.py"
SCRIPTED = f"{ORACLE}::test_scripted_decisions_replace_those_of_the_actors_as_the_page_says"

UNLABELLED = f"{ORACLE}::test_deals_without_labels_and_force_from_abroad_end_as_the_page_says"


def published(number: str) -> str:
    return f"{THEORY}::test_a_published_result_is_reproduced[{number}]"


def reduced(number: str) -> str:
    return f"{THEORY}::test_the_model_reduces_to_a_simpler_one[{number}]"


def shipped(name: str) -> str:
    return f"{ORACLE}::test_a_shipped_scenario_ends_as_the_page_says[{name}]"


class Mutant(NamedTuple):
    """``old`` becomes ``new`` in ``file``; ``tests`` notice it."""

    file: str
    old: str
    new: str
    tests: str


MUTANTS = (
    Mutant(
        "sim/table.py",
        "np.maximum(self.cooling, pause)",
        "pause",
        SCRIPTED,
    ),
    Mutant(
        "sim/crisis.py",
        '_together("aftermath")\n        self._together("odds")',
        '_together("odds")\n        self._together("aftermath")',
        SCRIPTED,
    ),
    Mutant(
        "sim/mechanisms/bargaining.py",
        "assets * share - pain",
        "assets * share + pain",
        FACTS,
    ),
    Mutant(
        "sim/mechanisms/bargaining.py",
        "(1 - mobilisation / 2)",
        "(1 - mobilisation / 3)",
        SCRIPTED,
    ),
    Mutant(
        "sim/mechanisms/bargaining.py",
        "uncertainty / (3 * divisor)",
        "uncertainty / (4 * divisor)",
        published("T12"),
    ),
    Mutant(
        "sim/mechanisms/commitment.py",
        "SNAPBACK_REASSURES = 0.8",
        "SNAPBACK_REASSURES = 0.7",
        SCRIPTED,
    ),
    Mutant(
        "sim/mechanisms/commitment.py",
        "(1 - relief_holds) * exposure",
        "relief_holds * exposure",
        reduced("R3"),
    ),
    Mutant(
        "sim/mechanisms/good_faith.py",
        "speed * (prior - belief)",
        "speed * (belief - prior)",
        FACTS,
    ),
    Mutant(
        "sim/mechanisms/loyalty.py",
        "street * (m - 0.3)",
        "street * (m - 0.2)",
        SCRIPTED,
    ),
    Mutant(
        "sim/mechanisms/loyalty.py",
        "np.floor(strength * units)",
        "np.ceil(strength * units)",
        SCRIPTED,
    ),
    Mutant(
        "sim/mechanisms/loyalty.py",
        "VARIANCE_FLOOR = 1e-6",
        "VARIANCE_FLOOR = 1e-3",
        SCRIPTED,
    ),
    Mutant(
        "sim/mechanisms/mediation.py",
        "high - (1 - error) * low, high - error * low",
        "high - error * low, high - (1 - error) * low",
        published("T17"),
    ),
    Mutant(
        "sim/mechanisms/mobilisation.py",
        "0.3 * (1 - targeted)",
        "0.3 * targeted",
        FACTS,
    ),
    Mutant(
        "sim/mechanisms/recognition.py",
        "STREET_SEEN = 1.6",
        "STREET_SEEN = 1.5",
        SCRIPTED,
    ),
    Mutant(
        "sim/mechanisms/recognition.py",
        "pull >= threshold - hysteresis",
        "pull >= threshold + hysteresis",
        FACTS,
    ),
    Mutant(
        "sim/mechanisms/sanctions.py",
        "SUPPORT_RETURN = 0.05",
        "SUPPORT_RETURN = 0.06",
        SCRIPTED,
    ),
    Mutant(
        "sim/mechanisms/agenda.py",
        "left >= price / 2",
        "left >= price / 3",
        SCRIPTED,
    ),
    Mutant(
        "sim/crisis.py",
        "        self._latch(intervened, o.FOREIGN_INTERVENTION)\n",
        "",
        SCRIPTED,
    ),
    Mutant(
        "sim/crisis.py",
        "FADED_FORCE_ODDS) & ~table.implementing",
        "FADED_FORCE_ODDS)",
        shipped("oslo_2019"),
    ),
    Mutant(
        "sim/crisis.py",
        '_together("recognition")\n        # 3 The street.\n        self._together("street")',
        '_together("street")\n        # 3 The street.\n        self._together("recognition")',
        SCRIPTED,
    ),
    Mutant(
        "sim/offers.py",
        "tabled |= rounds >= table.round_length",
        "tabled |= rounds > table.round_length",
        SCRIPTED,
    ),
    Mutant(
        "sim/offers.py",
        "lifted & (price > table.high_without_relief)",
        "lifted",
        shipped("oslo_2019"),
    ),
    Mutant(
        "sim/table.py",
        "weeks >= self.implementation",
        "weeks > self.implementation",
        reduced("R9"),
    ),
    Mutant(
        "sim/actors/inside.py",
        "self.base_strength + gain",
        "self.base_strength - gain",
        SCRIPTED,
    ),
    Mutant(
        "sim/actors/parties.py",
        'return {"adaptation": adapted}',
        "self.adaptation = adapted\n        self.feel_sanctions()\n        return {}",
        SCRIPTED,
    ),
    Mutant(
        "sim/actors/abroad.py",
        "mask & self.active",
        "mask",
        "tests/contract/test_timeline.py",
    ),
    Mutant(
        "sim/mechanisms/commitment.py",
        "LEAST_PROBABILITY = 1e-6",
        "LEAST_PROBABILITY = 1e-3",
        SCRIPTED,
    ),
    Mutant(
        "sim/crisis.py",
        "INTERVENTION_AFTER_FAILURE = 5",
        "INTERVENTION_AFTER_FAILURE = 4",
        UNLABELLED,
    ),
    Mutant(
        "sim/crisis.py",
        "(0.75, 0.50, 0.25)",
        "(0.75, 0.50, 0.30)",
        UNLABELLED,
    ),
    Mutant(
        "sim/actors/states.py",
        "self._held.put(cells, False)",
        "pass",
        SCRIPTED,
    ),
    Mutant(
        "sim/actors/parties.py",
        "leverage + relief)",
        "relief)",
        SCRIPTED,
    ),
    Mutant(
        "sim/table.py",
        "comes & ~model.military.attempted",
        "comes",
        SCRIPTED,
    ),
    Mutant(
        "sim/events.py",
        "np.where(rising, weeks, 0.0) / event.over",
        "np.where(rising, weeks - 1.0, 0.0) / event.over",
        SCRIPTED,
    ),
    Mutant(
        "sim/events.py",
        "part * (change.goal - change.before)",
        "part * change.goal",
        SCRIPTED,
    ),
    Mutant(
        "sim/events.py",
        "change.field, ends & own, change.back",
        "change.field, ends, change.back",
        SCRIPTED,
    ),
    Mutant(
        "sim/events.py",
        "ends = weeks == event.lasts",
        "ends = weeks == event.lasts + 1",
        SCRIPTED,
    ),
    Mutant(
        "sim/events.py",
        "np.where(falls, change.back, heir.back)",
        "heir.back",
        SCRIPTED,
    ),
    Mutant(
        "sim/events.py",
        "since >= mine if is_later_in_file",
        "since > mine if is_later_in_file",
        DURATIONS,
    ),
    Mutant(
        "sim/events.py",
        "return holds & ~self.fired[event.id]",
        "return holds",
        SCRIPTED,
    ),
    Mutant(
        "sim/actors/abroad.py",
        'return self.base_support if field == "support" else super().standing(field)',
        "return super().standing(field)",
        SCRIPTED,
    ),
    Mutant(
        "sim/actors/senders.py",
        'np.minimum(self._all(np.add, "further"), 1.0 - self.level)',
        'self._all(np.add, "further")',
        SCRIPTED,
    ),
    Mutant(
        "sim/actors/senders.py",
        'np.minimum(self._all(np.add, "level"), 1.0)',
        'self._all(np.add, "level")',
        SCRIPTED,
    ),
    Mutant(
        "sim/actors/senders.py",
        'self._weighted("targeted", "level")',
        'self._weighted("targeted", "sanctions")',
        SCRIPTED,
    ),
    Mutant(
        "sim/actors/senders.py",
        'self._weighted("relief", "sanctions")',
        'self._weighted("relief", "level")',
        SCRIPTED,
    ),
    Mutant(
        "sim/actors/senders.py",
        "np.where(one.sanctions > 0, one.red_line, 0.0)",
        "one.red_line",
        SENDERS,
    ),
    Mutant(
        "sim/actors/senders.py",
        'self._all(np.maximum, "assurance")',
        'self._all(np.add, "assurance")',
        SCRIPTED,
    ),
    Mutant(
        "sim/actors/senders.py",
        "one + (1 - one) * other",
        "one + other",
        SCRIPTED,
    ),
)


def copy_of_the_tree(folder: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python where the copy, and not what is installed, is ``sim``."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def failures(folder: Path, tests: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", tests)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.file}: {mutant.old}")
def test_what_a_mutant_changes_is_there_once(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text(encoding="utf-8").count(mutant.old) == 1


def test_a_mutant_is_caught_by_the_tests_that_watch_its_place(
    tmp_path: Path, tries: Callable[[int, int], int]
) -> None:
    folder = copy_of_the_tree(tmp_path)
    where = run(folder, "-c", "import sim; print(sim.__file__)").stdout.strip()
    assert Path(where).is_relative_to(folder)
    unchanged = failures(folder, SCRIPTED)
    assert unchanged.returncode == 0, unchanged.stdout
    survivors = []
    for mutant in MUTANTS[: tries(2, len(MUTANTS))]:
        path = folder / mutant.file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
        if failures(folder, mutant.tests).returncode != 1:
            survivors.append(mutant)
        path.write_text(text, encoding="utf-8")
    assert survivors == []
