"""What is simulated: scenario files, read, laid over their parents and validated.

This part of the package knows nothing of Mesa, so that a file can be checked in a moment.
"""

from sim.scenario.changes import parse_setting
from sim.scenario.loader import Source, load
from sim.scenario.scenario import Event, Fact, Parameter, Scenario

__all__ = ["Event", "Fact", "Parameter", "Scenario", "Source", "load", "parse_setting"]
