"""Numbers that README and Limits quote in their prose are those of a run or a generated table."""

import re
from pathlib import Path

import pytest

import sim
from sim.scenario.yaml_reader import read_text
from tests.contract.documents import blocks_of, file_of

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LIMITS = (ROOT / "docs" / "explanation" / "limits.md").read_text(encoding="utf-8")
RECORD = (ROOT / "docs" / "explanation" / "against-the-record.md").read_text(encoding="utf-8")
REPLICATES, SEED = 2000, 1


def words_of(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def september(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """The scenario that README begins with, as plain data."""
    (block,) = (block for block in blocks_of(README) if file_of(block))
    plain = read_text(block.text, "README.md").plain()
    assert set(plain["actors"]) == {"norway", "russia"}
    return plain


def test_readme_says_what_each_change_does_alone(september):
    actors, (seat,) = september["actors"], september["timeline"]
    changes = {
        "guarantee": {"actors.norway.guarantee": actors["norway"]["guarantee"]},
        "seat": {"timeline.a_seat": {key: value for key, value in seat.items() if key != "id"}},
        "help": {"actors.russia.support": actors["russia"]["support"]},
    }
    changes["all"] = {path: value for one in changes.values() for path, value in one.items()}
    compared = sim.compare(sim.load("oslo_2019"), changes, replicates=REPLICATES, seed=SEED)
    moved = {one.name: 100 * one.agreement().difference for one in compared.alternatives}
    assert (
        f"moves it by {moved['guarantee']:+.1f} points (guarantee), {moved['seat']:+.1f} (seat) "
        f"and {moved['help']:+.1f} (Russia's help)"
    ) in words_of(README)
    assert 0 < moved["guarantee"] + moved["seat"] + moved["help"] - moved["all"] < moved["all"] / 4
    everything = compared.ensembles["all"]
    rounds = [run.table["failed_rounds"].mean() for run in (everything, compared.base)]
    told = f"more rounds can fail: {rounds[0]:.1f} a replicate instead of {rounds[1]:.1f}."
    assert told in words_of(README)


def test_limits_say_what_a_snap_back_without_easing_does():
    switch = {"actors.united_states.easing": 0.001, "actors.united_states.snapback": 1}
    compared = sim.compare(
        sim.load("oslo_2019"), {"switch": switch}, replicates=REPLICATES, seed=SEED
    )
    found = compared.alternatives[0].agreement()
    told = re.search(r"`oslo_2019` from (\d+)% to (\d+)%", words_of(LIMITS))
    assert told is not None
    assert [100 * found.base, 100 * found.alternative] == pytest.approx(
        [float(share) for share in told.groups()], abs=1.5
    )


def test_limits_say_how_the_model_fares_on_2019_as_the_table_does():
    rows = [line.strip("| ").split(" | ") for line in RECORD.splitlines() if "(`" in line]
    rows = [row for row in rows if len(row) == 9 and row[4] in ("yes", "no")]
    worse = []
    for event, model, _, rate, observed, *_ in rows:
        happened = float(observed == "yes")
        losses = [(float(p) - happened) ** 2 for p in (model, rate.split()[0])]
        worse += [event] if losses[0] > losses[1] else []
    assert (len(rows), len(worse)) == (6, 4)
    assert "worse than the base rate alone on four of the six events" in words_of(LIMITS)
    assert all("out of office" in event or "standing" in event for event in worse)
    assert re.search(r"^\| oil production \(kb/d\) \| 0 of 7 ", RECORD, re.MULTILINE)
    assert "outside the band in all seven months" in words_of(LIMITS)
