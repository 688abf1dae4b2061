"""The integrated model: a mediator without information changes nothing (T18), reductions (T35)."""

from __future__ import annotations

import numpy as np

from sim.scenario import load
from sim.theory.bargains import Pair
from sim.theory.check import check
from sim.theory.reductions import REDUCTIONS, run_quietly


@check(
    "T18",
    "a go-between without information, guarantee and leverage: no replicate differs",
    0.0,
    "Fey & Ramsay 2010",
)
def _go_between() -> Pair:
    oslo = load("oslo_2019")
    silent = {"information": 0, "guarantee": 0, "leverage": 0, "convene": 0.25, "way_out": 0.25}
    there = oslo.alter({f"actors.norway.{name}": value for name, value in silent.items()})
    alone = oslo.alter({"actors.norway": None})
    tables = [run_quietly(scenario, 400).table for scenario in (there, alone)]
    differs = [
        float(np.sum(tables[0][name].view(np.uint8) != tables[1][name].view(np.uint8)))
        for name in tables[0]
    ]
    return [0.0] * len(differs), differs


@check(
    "T35",
    "reductions R1 to R11 hold on the integrated model (number of violations of each)",
    0.0,
    "the reduced models cited there",
)
def _reductions() -> Pair:
    found = [float(reduction()) for reduction in REDUCTIONS.values()]
    return [0.0] * len(found), found
