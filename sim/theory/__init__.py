"""Published results against what this package computes: one table of checks, by id.

Each check calls the same functions as the model wherever the model uses the mechanism.
``parley theory`` prints the table, ``tests/theory`` runs it.
"""

from sim.theory import abroad, bargains, beliefs, crowds, model
from sim.theory.check import CHECKS, Check, Verdict, run

__all__ = ["CHECKS", "Check", "Verdict", "abroad", "bargains", "beliefs", "crowds", "model", "run"]
