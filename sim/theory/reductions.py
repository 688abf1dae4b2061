"""What the integrated model must become when mechanisms are switched off: R1 to R11.

Each reduction returns its number of violations, over replicates and weeks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from sim.crisis import CrisisModel
from sim.ensemble import run
from sim.outcomes import FOREIGN_INTERVENTION, MILITARY_DEFECTION
from sim.results import Ensemble
from sim.scenario import Scenario, load
from sim.scenario.loader import from_tree
from sim.scenario.yaml_reader import Mark, Node
from sim.table import TALKS

REPLICATES = 300
REDUCTIONS: dict[str, Callable[[], int]] = {}
GOV, OPP, US = "actors.government", "actors.opposition", "actors.united_states"
MIL, STREET = "actors.armed_forces", "actors.street"
ONE_ISSUE = [{"id": "good", "value": 1, "cost": 1}]
SILENT = {"talks.zone_noise": 0}
CERTAIN_TALKS = {
    "talks.final_offers": 1,
    f"{OPP}.loss_strung_along": 0,
    f"{OPP}.leave_above": 1,
    f"{STREET}.attempts": 0,
}


def reduction(name: str) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Enter a function into the table of reductions."""

    def enter(compute: Callable[[], int]) -> Callable[[], int]:
        REDUCTIONS[name] = compute
        return compute

    return enter


def changed(*changes: dict[str, Any]) -> Scenario:
    """Return the Oslo scenario with several sets of changes."""
    merged: dict[str, Any] = {}
    for change in changes:
        merged.update(change)
    return load("oslo_2019").alter(merged)


def run_quietly(scenario: Scenario, replicates: int = REPLICATES, seed: int = 1) -> Ensemble:
    """Run without records and twins."""
    return run(scenario, replicates, seed, record=False, twins=False)


def _model(scenario: Scenario, replicates: int = REPLICATES, seed: int = 1) -> CrisisModel:
    return CrisisModel(scenario, replicates, seed)


def _tree(data: Any) -> Node:
    mark = Mark("reduction")
    if isinstance(data, dict):
        return Node({key: _tree(value) for key, value in data.items()}, mark, mark)
    if isinstance(data, list):
        return Node([_tree(value) for value in data], mark, mark)
    return Node(data, mark, mark)


def crowd(thresholds: list[int]) -> Scenario:
    """Return a scenario of states alone, one bloc each; the first is moved by an event."""
    size = len(thresholds)
    names = [f"A{chr(65 + i // 26)}{chr(65 + i % 26)}" for i in range(size)]
    members = {name: {"name": name, "bloc": f"b{name}", "position": "neither"} for name in names}
    blocs = {
        f"b{name}": {"threshold": threshold / size}
        for name, threshold in zip(names, thresholds, strict=True)
    }
    states = {
        "kind": "states",
        "name": "a crowd",
        "members": members,
        "blocs": blocs,
        "weight_world": 1,
    }
    first = {"id": "first", "week": 0, "actor": names[0], "action": "recognise_opposition"}
    return from_tree(
        _tree(
            {
                "parley": 1,
                "title": "a crowd",
                "start": date(2000, 1, 1).isoformat(),
                "weeks": size + 1,
                "actors": {"states": states},
                "timeline": [{**first, "source": "granovetter1978"}],
                "record": ["recognition.count"],
            }
        ),
        "crowd",
    )


@reduction("R1")
def granovetter() -> int:
    """The world's weight alone, no hysteresis, nobody never: Granovetter's model."""
    wrong = 0
    for change, expected in ((None, 100), (1, 1), (5, 5), (30, 30), (99, 99)):
        thresholds = list(range(100))
        if change is not None:
            thresholds[change] += 1
        model = _model(crowd(thresholds), replicates=1)
        while model.running:
            model.step()
        wrong += int(model.states.count[0] != expected)
    return wrong


@reduction("R2")
def many_units() -> int:
    """No weekly shock and many units: the regime falls iff theta < 1 - c_d."""
    event = {"id": "rise", "week": 0, "actor": "opposition", "action": "uprising", "source": "P14"}
    model = _model(
        changed({f"{MIL}.shock": 0, f"{MIL}.units": 1_000_000, "timeline.rise": event}), 2000
    )
    model.step()
    military = model.military
    gap = military.strength_now - military.tipping
    # A million units tell strength from theta* but for the binomial's own spread.
    clear = np.abs(gap) > 5e-3
    return int(np.sum((military.fell != (gap < 0))[clear]))


@reduction("R3")
def plain_zone() -> int:
    """No red lines, a full guarantee, no relief, no leverage, one issue: zone = [d_O, 1 - d_G]."""
    scenario = changed(
        SILENT,
        {f"{GOV}.hardness": 0, f"{OPP}.hardness": 0, "actors.norway.guarantee": 1},
        {f"{US}.relief": 0, "actors.norway.leverage": 0, "agenda": ONE_ISSUE},
    )
    model, wrong = _model(scenario), 0
    for _ in range(20):
        model.step()
        wrong += int(np.sum(model.table.low != model.opposition.disagreement))
        wrong += int(np.sum(model.table.high != 1 - model.government.disagreement))
    return wrong


@reduction("R4")
def no_uncertainty() -> int:
    """Omega 0 and no noise: final offers meet iff the zone is not negative."""
    model = _model(changed(SILENT, CERTAIN_TALKS, {"talks.uncertainty": 0, "agenda": ONE_ISSUE}))
    wrong = 0
    for _ in range(12):
        talking = model.table.phase == TALKS
        model.step()
        signed = model.table.signed_now
        wrong += int(np.sum(signed[talking] != (model.table.zone[talking] >= 0)))
    return wrong


@reduction("R5")
def no_adaptation() -> int:
    """No adaptation: the bite is the level."""
    model, wrong = _model(changed({f"{GOV}.adaptation_speed": 0})), 0
    for _ in range(30):
        model.step()
        wrong += int(np.sum(model.government.bite != model.sender.level))
    return wrong


@reduction("R6")
def nothing_to_learn() -> int:
    """Equal concession rates: the belief stays at the prior between scars."""
    scenario = changed(
        {f"{GOV}.concession_sincere": 0.2, f"{GOV}.concession_stalling": 0.2},
        {f"{OPP}.trust_scar": 0},
    )
    model, wrong = _model(scenario), 0
    while model.running:
        model.step()
        wrong += int(np.sum(model.opposition.trust != model.opposition.prior_good_faith))
    return wrong


@reduction("R7")
def hard_lines() -> int:
    """Endlessly hard lines that exclude each other, no noise: never a deal."""
    hard = {f"{GOV}.hardness": 1e9, f"{OPP}.hardness": 1e9, "talks.softening": 0}
    table = run_quietly(changed(SILENT, hard)).table
    return int(np.sum(table["signed_week"] > 0))


@reduction("R8")
def no_force() -> int:
    """No attempts and no intervention: neither outcome by force."""
    outcome = run_quietly(changed({f"{STREET}.attempts": 0, f"{US}.force_hazard": 0})).outcome
    return int(np.sum(np.isin(outcome, (MILITARY_DEFECTION, FOREIGN_INTERVENTION))))


@reduction("R9")
def signed_is_done() -> int:
    """No implementation: the outcome falls in the week of signing."""
    table = run_quietly(changed({"talks.implementation": 0})).table
    signed = table["signed_week"] > 0
    late = np.sum(table["signed_week"][signed] != table["week"][signed])
    return int(late) + int(not signed.any())


@reduction("R10")
def one_trajectory() -> int:
    """Every spread 0, every probability 0 or 1, one type: one trajectory whatever the seed."""
    scenario = load("oslo_2019")
    fixed: dict[str, Any] = {}
    for path, parameter in scenario.parameters.items():
        if not parameter.quantity.is_fixed:
            low, high = parameter.quantity.range or (0.0, 1.0)
            fixed[path] = round((low + high) / 2, 6)
        if parameter.declared.symbol in ("sd", "theta_sd", "b_sd", "sig_th", "sig_m", "z_B", "eta"):
            fixed[path] = 0
    fixed |= {f"{GOV}.good_faith": 1, f"{GOV}.concession_sincere": 0.2}
    fixed |= {f"{GOV}.concession_stalling": 0.2, f"{STREET}.attempts": 0, f"{US}.force_hazard": 0}
    fixed |= {"talks.zone_noise": 0, "talks.final_offers": 1, "actors.norway.convene": 1}
    fixed |= {f"{GOV}.renege_base": 0, f"{GOV}.renege_slope": 0}
    # No ally ever doubts, whatever its misjudgement of the week.
    allies = (key for key, actor in scenario.actors.items() if actor.kind == "ally")
    fixed |= {f"actors.{ally}.threshold": 0 for ally in allies}
    runs = [run(scenario.alter(fixed), 20, seed, twins=False) for seed in (1, 2)]
    wrong = 0
    for name, weekly in runs[0].weekly.items():
        both = np.concatenate([weekly.paths, runs[1].weekly[name].paths])
        wrong += int(np.sum(~((both == both[0]) | (np.isnan(both) & np.isnan(both[0])))))
    return wrong


@reduction("R11")
def proportional_issues() -> int:
    """One issue, or issues whose value is their cost: as if there were no agenda."""
    quarter = [{"id": f"part_{i}", "value": 0.25, "cost": 0.25} for i in range(4)]
    tables = []
    for issues in (ONE_ISSUE, quarter):
        tables.append(run_quietly(changed({"agenda": issues})).table)
    bare = load("oslo_2019")
    sections = {key: node for key, node in bare.tree.mapping.items() if key != "agenda"}
    tables.append(run_quietly(from_tree(Node(sections, bare.tree.mark), "no agenda")).table)
    wrong = 0
    for table in tables[1:]:
        for name, values in table.items():
            wrong += int(values.tobytes() != tables[0][name].tobytes())
    return wrong
