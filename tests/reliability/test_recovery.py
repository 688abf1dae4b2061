"""The calibration recovers known parameters: the ranks of the truth are uniform for each of them.

Each of the first simulations of a reference table plays the observation and is left out of it. The
series in full has forty thousand simulations; the sample is small enough for the suite.
"""

from collections.abc import Callable

from sim.data import Record
from sim.experiments import calibration
from sim.experiments.rejection import Inference, uniformity
from sim.scenario import load

#: The least of seven p-values of a method that is right falls below with probability under 1e-6.
LEAST_P = 1e-7
#: Simulations of the reference table per simulation that is recovered.
PER_TRY = 40


def test_the_calibration_recovers_known_parameters(tries: Callable[[int, int], int]) -> None:
    recovered = tries(150, 1000)
    scenario = load(calibration.SCENARIO)
    seen = calibration.observe(scenario, Record())
    table = calibration.simulate(scenario, seen.spread, PER_TRY * recovered)
    inferences = tuple(Inference(table.part(part)) for part in calibration.PARTS.values())
    p_values = uniformity(calibration.Calibration(seen, inferences).ranks(recovered))
    assert len(p_values) == len(calibration.PATHS)
    assert p_values.min() > LEAST_P, dict(zip(calibration.PATHS, p_values, strict=True))
