"""`python -m benchmarks`: check that the models agree, time them, write bench.json, print it."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import clock, growth, noise, report

SCENARIO = "oslo_2019"


@dataclass(frozen=True)
class Effort:
    """How much is run: of everything enough to measure, or just enough to prove the command."""

    gate: int
    rounds: int
    peers: int
    replicates: int
    blocks: tuple[int, ...]
    numbers: tuple[int, ...]
    grown: int
    cold: int


FULL = Effort(
    gate=200,
    rounds=5,
    peers=60,
    replicates=131_072,
    blocks=(1, 16, 256, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536),
    numbers=(1_000, 10_000, 100_000, 1_000_000),
    grown=8_192,
    cold=5,
)
QUICK = Effort(
    gate=3, rounds=1, peers=2, replicates=64, blocks=(1, 64), numbers=(64,), grown=16, cold=1
)


def main() -> int:
    """Run the benchmark; exit 1 where the models disagree."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="prove that it works; measure nothing")
    parser.add_argument("-o", "--output", type=Path, default=clock.ROOT / "bench.json")
    options = parser.parse_args()

    from benchmarks.gate import Disagreement

    try:
        found = measure(QUICK if options.quick else FULL)
    except Disagreement as error:
        print(f"nothing was timed: {error}", file=sys.stderr)
        return 1
    found["quick"] = options.quick
    options.output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(report.table(found))
    return 0


def measure(effort: Effort) -> dict[str, Any]:
    """Every part in order; the gate comes first."""
    import sim
    from benchmarks import contest, floor, gate
    from sim.ensemble import BLOCK

    scenario = sim.load(SCENARIO)
    parts = {
        "gate": lambda: gate.check(effort.gate),
        "noise": lambda: noise.probe(effort.rounds),
        "package": lambda: contest.workers(scenario, effort.replicates, effort.rounds),
        "floor": lambda: floor.measure(scenario, min(BLOCK, effort.replicates)),
        "peer": lambda: contest.peer(scenario, effort.peers, effort.rounds),
        "cold": lambda: cold(effort),
        "blocks": lambda: growth.of_blocks(scenario, effort.blocks, 2 * effort.grown),
        "weeks": lambda: growth.of_weeks(scenario, effort.grown, effort.rounds),
        "states": lambda: growth.of_states(scenario, effort.grown, effort.rounds),
        "replicates": lambda: growth.of_replicates(effort.numbers),
    }
    found: dict[str, Any] = {"scenario": SCENARIO, "block": BLOCK}
    for name, part in parts.items():
        print(f"{name} ...", file=sys.stderr, flush=True)
        found[name] = part()
    one, two = found["package"]["one"], found["package"]["two"]
    peer = found["peer"]
    found["ratios"] = {
        "peer": peer["batch_run"]["cpu"]["median"] / peer["package"]["cpu"]["median"],
        "floor": one["cpu"]["min"] / found["floor"]["total"],
        "two_workers_wall": one["wall"]["median"] / two["wall"]["median"],
        "two_workers_cpu": two["cpu"]["median"] / one["cpu"]["median"],
    }
    found["tables"] = report.sections(found)
    return found


def cold(effort: Effort) -> dict[str, Any]:
    """Seconds of commands in processes of their own."""
    calls = {
        "parley --help": clock.command("--help"),
        f"parley validate {SCENARIO}": clock.command("validate", SCENARIO),
        f"parley run {SCENARIO} -n 1000": clock.command("run", SCENARIO, "-n", "1000"),
    }
    return clock.interleaved(calls, effort.cold)


if __name__ == "__main__":
    sys.exit(main())
