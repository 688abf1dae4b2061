"""CPU and wall seconds of calls and of commands, and how several rounds of them are summed up."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def cpu_seconds() -> float:
    """CPU seconds of this process and of its children that have ended."""
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def timed(call: Callable[[], Any]) -> dict[str, float]:
    """CPU and wall seconds of one call."""
    cpu, wall = cpu_seconds(), time.perf_counter()
    call()
    return {"cpu": cpu_seconds() - cpu, "wall": time.perf_counter() - wall}


def interleaved(
    calls: dict[str, Callable[[], Any]], rounds: int, per: int = 1
) -> dict[str, dict[str, Any]]:
    """Time the calls in turn, ``rounds`` times, so that a busy moment meets all of them.

    per: replicates that a call runs. Returns seconds per replicate: median, least, most.
    """
    seen: dict[str, list[dict[str, float]]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            seen[name].append(timed(call))
    return {
        name: {unit: spread(found[unit] / per for found in times) for unit in ("cpu", "wall")}
        for name, times in seen.items()
    }


def spread(values: Iterable[float]) -> dict[str, float]:
    """Median, least and most."""
    numbers = list(values)
    return {"median": statistics.median(numbers), "min": min(numbers), "max": max(numbers)}


def line(points: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Least squares: slope, intercept, and the share of the variance explained (r2)."""
    across = statistics.fmean(x for x, _ in points)
    up = statistics.fmean(y for _, y in points)
    spread_x = sum((x - across) ** 2 for x, _ in points)
    slope = sum((x - across) * (y - up) for x, y in points) / spread_x
    intercept = up - slope * across
    left = sum((y - intercept - slope * x) ** 2 for x, y in points)
    total = sum((y - up) ** 2 for _, y in points)
    return {"slope": slope, "intercept": intercept, "r2": 1 - left / total if total else 1.0}


def command(*arguments: str) -> Callable[[], None]:
    """The command line in a process of its own, as a call to be timed."""
    code = "from sim.cli.main import main; main()"

    def call() -> None:
        subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    return call


def apart(module: str, *arguments: str) -> dict[str, Any]:
    """Run a module of the benchmarks in a process of its own; its last line is a JSON document."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
