"""How cost grows: with the size of a block, with replicates (and memory), weeks and states."""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.clock import apart, line, spread, timed

WEEKS = (26, 52, 104, 156, 208)
STATES = (49, 98, 147, 196)


def of_blocks(scenario: Any, blocks: tuple[int, ...], least: int) -> list[dict[str, Any]]:
    """CPU and wall seconds per replicate by block size; so many replicates at least are run.

    Small blocks are slow, so that at most eight of them are run.
    """
    from sim.ensemble import run

    found = []
    for block in blocks:
        number = max(block, min(least, 8 * block))
        seconds = timed(
            lambda block=block, number=number: run(
                scenario, number, 1, block=block, record=False, twins=False
            )
        )
        per = {unit: value / number for unit, value in seconds.items()}
        found.append({"block": block, "replicates": number, **per})
    return found


def of_replicates(numbers: tuple[int, ...]) -> list[dict[str, Any]]:
    """CPU seconds and peak memory of whole runs, summary included, each in its own process."""
    return [apart("benchmarks.growth", str(number)) for number in numbers]


def of_weeks(scenario: Any, replicates: int, rounds: int) -> dict[str, Any]:
    """CPU seconds per replicate by the number of weeks, and a straight line through them."""
    cases = {weeks: scenario.alter({"weeks": weeks}) for weeks in WEEKS}
    return _fitted(cases, replicates, rounds)


def of_states(scenario: Any, replicates: int, rounds: int) -> dict[str, Any]:
    """CPU seconds per replicate by the number of states, and a straight line through them.

    Every k-th state of the scenario stays, so that all blocs are there.
    """
    members = dict(sorted(scenario.members.items(), key=lambda pair: pair[1].bloc or ""))
    cases = {}
    for number in STATES:
        step = len(members) / number
        kept = {int(index * step) for index in range(number)}
        chosen = {code: m for index, (code, m) in enumerate(members.items()) if index in kept}
        cases[len(chosen)] = replace(scenario, members=dict(sorted(chosen.items())))
    return _fitted(cases, replicates, rounds)


def _fitted(cases: dict[int, Any], replicates: int, rounds: int) -> dict[str, Any]:
    from sim.ensemble import run

    seen: dict[int, list[float]] = {size: [] for size in cases}
    for _ in range(rounds):
        for size, scenario in cases.items():
            start = time.process_time()
            run(scenario, replicates, 1, record=False, twins=False)
            seen[size].append((time.process_time() - start) / replicates)
    points = [{"size": size, "cpu": spread(values)} for size, values in seen.items()]
    fit = line([(size, min(values)) for size, values in seen.items()])
    return {"points": points, "fit": fit}


def _whole_run(replicates: int) -> dict[str, Any]:
    import sim

    start = time.process_time()
    sim.run(sim.load("oslo_2019"), replicates, 1, record=False).summary()
    return {
        "replicates": replicates,
        "cpu": time.process_time() - start,
        "megabytes": _peak_bytes() / 1e6,
    }


def _peak_bytes() -> float:
    """Peak memory of this process, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # On Linux the peak of getrusage is inherited from the process that started this one.
        text = status.read_text(encoding="utf-8")
        return 1024.0 * int(text.split("VmHWM:")[1].split()[0])
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(used) if sys.platform == "darwin" else 1024.0 * used


if __name__ == "__main__":
    print(json.dumps(_whole_run(int(sys.argv[1]))))
