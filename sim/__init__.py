"""Parley: diplomatic-scenario simulation.

Scenario files of talks, sanctions and recognition shifts go in; outcome distributions come out,
every number with its source, every run the same to the bit, every result conditional on the
model and no forecast.

    >>> import sim
    >>> oslo = sim.load("oslo_2019")
    >>> result = sim.run(oslo, replicates=1000, seed=1)
    >>> result.shares()

Everything heavy is imported when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.crisis import CrisisModel as CrisisModel
    from sim.ensemble import run as run
    from sim.errors import ParleyError as ParleyError
    from sim.errors import RunError as RunError
    from sim.errors import ScenarioError as ScenarioError
    from sim.errors import UsageError as UsageError
    from sim.experiments.comparison import Comparison as Comparison
    from sim.experiments.comparison import compare as compare
    from sim.experiments.sweep import sweep as sweep
    from sim.results import Ensemble as Ensemble
    from sim.results import open_result as open_result
    from sim.scenario import Scenario as Scenario
    from sim.scenario import load as load
    from sim.sweeps import open_sweep as open_sweep

_HOME = {
    "Comparison": "sim.experiments.comparison",
    "CrisisModel": "sim.crisis",
    "Ensemble": "sim.results",
    "ParleyError": "sim.errors",
    "RunError": "sim.errors",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.errors",
    "UsageError": "sim.errors",
    "compare": "sim.experiments.comparison",
    "load": "sim.scenario",
    "open_result": "sim.results",
    "open_sweep": "sim.sweeps",
    "run": "sim.ensemble",
    "sweep": "sim.experiments.sweep",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'sim' has no attribute '{name}'")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
