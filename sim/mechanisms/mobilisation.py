"""The street mobilises and tires: one autoregressive process in [0, 1].

Turnout responds to recognition and to hardship, and falls while the leaders talk (Lohmann 1994).
Without clipping its stationary mean is inflow / (d_m + d_talk).
"""

import numpy as np

from sim.mechanisms.arrays import Array
from sim.mechanisms.facts import UNIT, declares


@declares(
    "Lohmann 1994",
    (0.0, 1.3),
    "rate recognition bite",
    "targeted",
    rate=UNIT,
    recognition=UNIT,
    targeted=UNIT,
    bite=UNIT,
)
def inflow(rate: Array, recognition: Array, targeted: Array, bite: Array) -> Array:
    """Return the weekly inflow: iota (0.5 + 0.5 n) (1 + 0.3 (1 - tau) bite)."""
    return rate * (0.5 + 0.5 * recognition) * (1 + 0.3 * (1 - targeted) * bite)


@declares(
    "Lohmann 1994",
    UNIT,
    "m gain",
    "decay decay_talks talking",
    m=UNIT,
    decay=(0.0, 0.5),
    decay_talks=(0.0, 0.5),
    talking=UNIT,
    gain=(-0.2, 0.2),
)
def mobilise(m: Array, decay: Array, decay_talks: Array, talking: Array, gain: Array) -> Array:
    """Return mobilisation after a week, in [0, 1].

    decay, decay_talks: share lost a week, and the further share lost while talks are held.
    talking: 1.0 at the table, else 0.0. gain: inflow plus this week's shock.
    """
    return np.clip((1 - decay - decay_talks * talking) * m + gain, 0.0, 1.0)
