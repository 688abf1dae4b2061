"""How much of a second processor this machine grants: two plain processes against one."""

from __future__ import annotations

import subprocess
import sys
import time

from benchmarks.clock import spread

WORK = "total = 0\nfor number in range({}): total += number * number"


def probe(rounds: int, steps: int = 6_000_000) -> dict[str, float]:
    """Work done a second by two processes at once over that of one: 2 where none disturbs."""
    return spread(2 * _wall(1, steps) / _wall(2, steps) for _ in range(rounds))


def _wall(processes: int, steps: int) -> float:
    start = time.perf_counter()
    running = [
        subprocess.Popen([sys.executable, "-S", "-c", WORK.format(steps)]) for _ in range(processes)
    ]
    for process in running:
        process.wait()
    return time.perf_counter() - start
