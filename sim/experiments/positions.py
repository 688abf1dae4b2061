"""Where the states of the world stand when a replicate ends."""

from __future__ import annotations

import numpy as np

from sim.crisis import CrisisModel
from sim.mechanisms.recognition import OPPOSITION
from sim.scenario.scenario import Scenario


def recognising_at_end(scenario: Scenario, replicates: int, seed: int) -> dict[str, float]:
    """Return by iso3 code the share of replicates in which a state recognises the opposition.

    A replicate counts with its last week. Empty for a scenario without states.
    """
    model = CrisisModel(scenario, replicates, seed)
    count = np.zeros(len(model.states.codes), dtype=np.int64)
    while model.running:
        before = model.live
        model.step()
        ended = before & ~model.live
        if ended.any():
            count += (model.states.position[ended] == OPPOSITION).sum(axis=0)
    shares = dict(zip(model.states.codes, (count / replicates).tolist(), strict=True))
    model.release()
    return shares
