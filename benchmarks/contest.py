"""The package against `mesa.batch_run` on the peer, and one worker against two, in turn."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from benchmarks import clock

SEED = 1


def workers(scenario: Any, replicates: int, rounds: int) -> dict[str, Any]:
    """Seconds per replicate with one and two workers; the processes are started each time."""
    from sim.ensemble import run

    calls = {
        name: partial(run, scenario, replicates, SEED, workers=number, record=False, twins=False)
        for name, number in (("one", 1), ("two", 2))
    }
    return clock.interleaved(calls, rounds, replicates)


def peer(scenario: Any, replicates: int, rounds: int) -> dict[str, Any]:
    """Seconds per replicate of `batch_run`, of its rules without Mesa, and of one of our blocks.

    Both of the first run ``replicates`` on Mesa's own generator. The share of bookkeeping is what
    Mesa adds to its rules: making, activating and collecting from agents.
    """
    from mesa.batchrunner import batch_run

    from benchmarks.peer import Peer, read
    from sim.ensemble import BLOCK, run
    from tests.oracle import week

    seeds = list(range(replicates))
    models = [Peer(rng=seed) for seed in seeds]

    def rules_alone() -> None:
        for model in models:
            week.run(*read(), model.luck)

    block = min(BLOCK, 128 * replicates)
    calls: dict[str, tuple[int, Callable[[], Any]]] = {
        "batch_run": (replicates, partial(batch_run, Peer, {"rng": seeds}, display_progress=False)),
        "rules": (replicates, rules_alone),
        "package": (block, partial(run, scenario, block, SEED, record=False, twins=False)),
    }
    times: dict[str, list[dict[str, float]]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, (number, call) in calls.items():
            seconds = clock.timed(call)
            times[name].append({unit: value / number for unit, value in seconds.items()})
    found: dict[str, Any] = {
        name: {unit: clock.spread(one[unit] for one in seen) for unit in ("cpu", "wall")}
        for name, seen in times.items()
    }
    total = found["batch_run"]["cpu"]["median"]
    draws, seconds_of_one = _draws(models)
    return {
        **found,
        "draws": draws,
        "share_draws": draws * seconds_of_one / total,
        "share_bookkeeping": 1 - found["rules"]["cpu"]["median"] / total,
    }


def _draws(models: list[Any]) -> tuple[float, float]:
    """Draws that a replicate takes, and CPU seconds of one."""
    from benchmarks.peer import read
    from tests.oracle import week

    asked = count()

    def listening(luck: Callable[[str, int], float]) -> Callable[[str, int], float]:
        def heard(stream: str, at: int) -> float:
            next(asked)
            return luck(stream, at)

        return heard

    for model in models:
        week.run(*read(), listening(model.luck))
    luck, number = models[0].luck, 100_000
    seconds = clock.timed(lambda: [luck("a", 0) for _ in range(number)])["cpu"]
    return next(asked) / len(models), seconds / number
