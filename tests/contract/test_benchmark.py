"""The benchmark runs, times only what agrees, and its committed copy is a full run."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_a_quick_benchmark_fills_every_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from benchmarks import __main__ as bench

    target = tmp_path / "bench.json"
    monkeypatch.setattr("sys.argv", ["bench", "--quick", "-o", str(target)])
    assert bench.main() == 0
    found = json.loads(target.read_text("utf-8"))
    assert found["quick"]
    assert found["gate"] == {"replicates": bench.QUICK.gate, "differing": 0}
    assert all(value > 0 for value in found["ratios"].values())
    assert found["weeks"]["fit"]["slope"] > 0
    printed = capsys.readouterr().out
    assert all(title in printed for title, _ in found["tables"])


def test_nothing_is_timed_where_the_models_disagree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from benchmarks import __main__ as bench
    from tests.oracle import rules

    monkeypatch.setattr(rules, "STREET_SEEN", 0.0)
    monkeypatch.setattr(rules, "FADED_MOBILISATION", 1.1)
    monkeypatch.setattr(rules, "FADED_FORCE_ODDS", 1.1)
    monkeypatch.setattr("sys.argv", ["bench", "--quick", "-o", str(tmp_path / "bench.json")])
    assert bench.main() == 1
    assert re.search(
        r"nothing was timed: \d of 3 replicates end differently", capsys.readouterr().err
    )
    assert not list(tmp_path.iterdir())


def test_the_committed_figures_are_of_a_full_run() -> None:
    found = json.loads((ROOT / "docs" / "bench.json").read_text("utf-8"))
    assert not found["quick"]
    assert found["gate"]["replicates"] >= 200
    assert found["gate"]["differing"] == 0
