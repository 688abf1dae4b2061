"""Why there is no deal: one reason a replicate, and the same by hand as by the account."""

import json
import re
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.analysis import why
from sim.analysis.intervals import wilson
from sim.errors import UsageError
from sim.reasons import (
    DEAL_STANDS,
    ENDED_BY_FORCE,
    OBSTACLES,
    REASONS,
    RUNGS,
    SIGNED_AND_RENEGED,
    obstacle,
    reason,
)
from sim.results import Ensemble
from tests.command import Parley

OSLO = sim.load("oslo_2019")
SEED, REPLICATES = 1, 400


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return sim.run(OSLO.alter({"record": list(why.RECORD)}), REPLICATES, SEED, twins=False)


def test_reasons_are_exclusive_and_sum_to_one_with_wilson_intervals(ensemble: Ensemble):
    rows = why.reason_shares(ensemble)
    total = sum(row.count for row in rows)
    assert [row.name for row in rows] == list(REASONS)
    assert total == REPLICATES - int(why.deal_stands(ensemble).sum())
    assert sum(row.share for row in rows) == pytest.approx(1, abs=1e-12)
    assert [(row.low, row.high) for row in rows] == [wilson(row.count, total) for row in rows]


def test_an_obstacle_is_the_first_thing_that_was_missing():
    zone = np.array([-0.1, -0.1, 0.05, 0.2, 0.2, 0.2])
    bare = np.array([-0.05, 0.1, 0.3, 0.4, 0.4, 0.4])
    met = np.array([True, False, True, False, True, True])
    deal = np.array([False, False, False, False, False, True])
    codes = obstacle(zone, bare, np.full(6, 0.125), met, deal)
    assert codes.tolist() == [0, 1, 2, 3, 4, -1]
    # The edges: a zone of 0 is a zone, one of omega / 4 survives.
    edge = obstacle(np.array([0.0, 0.125]), np.zeros(2), np.full(2, 0.125), ~met[:2], deal[:2])
    assert edge.tolist() == [2, 4]


def test_force_comes_before_signatures_and_signatures_before_obstacles():
    weeks = np.array([[5, 9, 0, 0, 0]] * 4 + [[7, 7, 0, 0, 0]])
    forced = np.array([True, True, False, False, False])
    signed = np.array([True, False, True, False, False])
    stands = np.array([False, False, False, False, False])
    codes = reason(forced, stands, signed, weeks)
    assert codes.tolist() == [ENDED_BY_FORCE, ENDED_BY_FORCE, SIGNED_AND_RENEGED, 1, 0]
    assert reason(~forced & False, ~stands, signed, weeks).tolist() == [DEAL_STANDS] * 5


def test_weeks_of_the_account_are_those_of_the_recorded_paths(ensemble: Ensemble):
    by_week = why.by_week(ensemble)
    assert by_week.counts.sum(axis=0).tolist() == why.obstacle_weeks(ensemble).sum(axis=0).tolist()
    live = int(ensemble.table["week"].sum())
    assert by_week.counts.sum() + by_week.deals.sum() == live


def test_levers_add_up_to_the_zone_in_every_replicate_and_week(ensemble: Ensemble):
    paths = {name: weekly.paths for name, weekly in ensemble.weekly.items()}
    total = 1 + sum(paths[f"contribution.{lever}"] for lever in RUNGS)
    np.testing.assert_allclose(total, paths["zone"], atol=1e-12)
    assert np.nanmax(paths["contribution.outside_options"]) < 0
    assert np.nanmin(paths["contribution.pain"]) >= 0
    assert np.nanmax(paths["contribution.beliefs"]) <= 0
    bare = paths["zone"] - paths["contribution.red_lines"]
    np.testing.assert_allclose(bare, paths["zone.without_red_lines"], atol=1e-12)


def test_without_hardness_the_zone_is_the_one_without_red_lines():
    soft = OSLO.alter({"actors.government.hardness": 0, "actors.opposition.hardness": 0})
    # Both runs start alike, so in their first week they differ by the red lines alone.
    hard, free = (sim.CrisisModel(one, 64, SEED) for one in (OSLO, soft))
    hard.step()
    free.step()
    np.testing.assert_allclose(hard.read("zone.without_red_lines"), free.table.zone, atol=1e-12)
    np.testing.assert_allclose(free.read("contribution.red_lines"), 0, atol=1e-12)


def cost_by_hand(utility: float, issues: list[tuple[float, float]]) -> float:
    """Fill the issues in falling value per cost, the last one in part."""
    total = min(utility, 0.0) * issues[0][1] / issues[0][0]
    left = max(utility, 0.0)
    for rank, (value, price) in enumerate(issues):
        share = left / value if rank == len(issues) - 1 else min(left / value, 1.0)
        total, left = total + share * price, max(left - value, 0.0)
    return total


def reason_by_hand(replicate: int) -> str | None:
    """Replay one replicate alone and judge it from the model's equations, week by week."""
    model = sim.CrisisModel(OSLO, 1, SEED, start=replicate)
    issues = sorted(
        ((float(i.value.value), float(i.cost.value)) for i in OSLO.agenda),
        key=lambda pair: -pair[0] / pair[1],
    )
    sums = [sum(column) for column in zip(*issues, strict=True)]
    issues = [(value / sums[0], price / sums[1]) for value, price in issues]
    weeks = dict.fromkeys(OBSTACLES, 0)
    signed = False
    while model.running:
        omega = model.table.uncertainty.item()
        at_table = model.table.talking.item() == 1
        model.step()
        o, g, us = model.opposition, model.government, model.sender
        q, loss = o.deal_holds.item(), o.loss_if_reneged.item()
        m_o = o.disagreement.item() + (1 - q) * loss / q
        relief = g.relief_holds.item() * us.relief.item() * us.sanctions.item()
        keeps = 1 - g.disagreement.item()
        with_relief = (keeps + relief) / (1 + g.risk.item())
        m_g = with_relief if with_relief >= us.red_line.item() else keeps / (1 + g.risk.item())
        zone = model.table.zone.item()
        noise = zone - (g.grants.item() - cost_by_hand(o.demands.item(), issues))
        bare = m_g - cost_by_hand(m_o, issues) + noise
        signed = signed or model.table.signed_week.item() > 0
        if model.table.implementing.item():
            continue
        if zone < 0:
            weeks["red_lines" if bare >= 0 else "outside_options"] += 1
        elif zone < omega / 4:
            weeks["suspicion"] += 1
        else:
            weeks["no_final_offer" if at_table else "nobody_at_the_table"] += 1
    ending, sub = sim.run(OSLO, 1, SEED, start=replicate, twins=False).outcomes.loc[
        0, ["outcome", "sublabel"]
    ]
    if ending in ("military_defection", "foreign_intervention"):
        return "ended_by_force"
    labelled = ("negotiated_transition", "power_sharing", "electoral_roadmap")
    if ending in labelled or sub in ("cosmetic_deal", "deal_pending"):
        return None
    if signed:
        return "signed_and_reneged"
    names = {
        "outside_options": "no_zone_outside_options",
        "red_lines": "no_zone_red_lines",
        "suspicion": "zone_killed_by_suspicion",
    }
    most = max(weeks, key=lambda name: weeks[name])
    return names.get(most, most)


def test_reasons_of_ten_replays_agree_with_a_hand_check(ensemble: Ensemble):
    codes = why.reasons(ensemble)
    # Two of each reason that occurs, two with a deal that stands, and the next ones.
    chosen: list[int] = []
    for code in (DEAL_STANDS, *range(len(REASONS))):
        chosen += np.flatnonzero(codes == code)[:2].tolist()
    chosen = sorted({*chosen, *range(10)}, key=lambda k: (k not in chosen, k))[:10]
    by_account = [None if codes[k] == DEAL_STANDS else REASONS[codes[k]] for k in chosen]
    assert len({*by_account}) >= 5
    assert [reason_by_hand(k) for k in chosen] == by_account


def test_account_does_not_change_the_run():
    plain = sim.run(OSLO, 64, SEED, record=False, twins=False)
    told = sim.run(OSLO, 64, SEED, twins=False)
    for name, values in plain.table.items():
        assert values.tobytes() == told.table[name].tobytes()
    assert not why.has_account(plain)
    assert why.has_account(told)


def test_account_survives_saving(tmp_path: Path):
    made = sim.run(OSLO, 40, SEED, twins=False)
    made.save(tmp_path / "r", figures=False)
    again = sim.open_result(tmp_path / "r")
    # Field by field: what is undefined is NaN, and equal to nothing.
    kept, told = ([astuple(row) for row in why.reason_shares(one)] for one in (again, made))
    np.testing.assert_equal(kept, told)


def test_a_result_without_the_account_says_what_to_run():
    with pytest.raises(UsageError, match="parley why oslo_2019"):
        why.reason_shares(sim.run(OSLO, 4, SEED, record=False, twins=False))
    with pytest.raises(UsageError, match=r"did not record zone\.required"):
        why.by_week(sim.run(OSLO, 4, SEED, twins=False))


def test_why_prints_the_document_of_the_contract(capsys, monkeypatch, tmp_path: Path):
    from sim.cli.main import main

    monkeypatch.chdir(tmp_path)
    words = ["parley", "why", "oslo_2019", "-n", "60", "--seed", "1", "--json", "--quiet"]
    monkeypatch.setattr("sys.argv", [*words, "-o", "out"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["reason"] for row in told["results"]] == list(REASONS)
    assert sum(row["share"] for row in told["results"]) == pytest.approx(1)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    tables = {"reasons.csv", "by_week.csv", "levers.csv"}
    assert names == {*tables, "reasons.png", "obstacles.png", "levers.png"}


def test_why_refuses_a_scenario_in_which_nobody_could_make_a_deal(capsys, monkeypatch, tmp_path):
    from sim.cli.main import main

    (tmp_path / "alone.yaml").write_text(
        "parley: 1\ntitle: No opposition\nextends: oslo_2019.yaml\n"
        "actors: {opposition: null, government: {good_faith: 0.5}}\nexpect: []\nfacts: []\n"
    )
    monkeypatch.setattr("sys.argv", ["parley", "why", str(tmp_path / "alone.yaml"), "--quiet"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "no opposition" in capsys.readouterr().err


# Against another scenario


def test_reasons_of_two_scenarios_are_paired_and_each_sums_to_one(ensemble: Ensemble):
    eased = OSLO.alter({"record": list(why.RECORD), "actors.united_states.easing": 0.5})
    other = sim.run(eased, REPLICATES, SEED, twins=False)
    rows = why.reason_differences(ensemble, other)
    assert [row.name for row in rows] == ["a_deal_stands", *REASONS]
    assert sum(row.base for row in rows) == pytest.approx(1, abs=1e-12)
    assert sum(row.alternative for row in rows) == pytest.approx(1, abs=1e-12)
    assert sum(row.difference for row in rows) == pytest.approx(0, abs=1e-12)
    assert rows[0].base == why.deal_stands(ensemble).mean()
    codes = why.reasons(other)
    assert [row.alternative for row in rows[1:]] == [
        np.mean(codes == code) for code in range(len(REASONS))
    ]
    assert all(row.low <= row.difference <= row.high for row in rows)


def test_reasons_on_another_luck_are_not_compared(ensemble: Ensemble):
    other = sim.run(OSLO.alter({"record": list(why.RECORD)}), REPLICATES, SEED + 1, twins=False)
    with pytest.raises(UsageError, match="not on the same luck"):
        why.reason_differences(ensemble, other)


def test_why_against_says_what_a_change_does_to_reasons_and_levers(parley: Parley):
    words = ("why", "sanctions_eased", "--against", "oslo_2019", "-n", 300, "--seed", SEED)
    added = parley(*words, "--json").document["against"]
    assert added["scenario"] == "oslo_2019"
    levers = {row["lever"]: row["alternative"] - row["base"] for row in added["levers"]}
    assert min(levers, key=lambda name: levers[name]) == "pain"
    assert added["reasons"][0]["reason"] == "a_deal_stands"
    told = parley(*words).out
    assert told.startswith("sanctions_eased against oslo_2019: 300 replicates, seed 1\n")
    pain = re.search(r"^pain +\S+ +\S+ +([+-]\S+)$", told, re.MULTILINE)
    assert pain is not None
    assert float(pain[1]) == pytest.approx(levers["pain"], abs=0.005)


def test_why_against_a_scenario_of_deals_alone_shows_no_zone(parley: Parley):
    told = parley("why", "oslo_2019", "--against", "two_players", "-n", 40).out
    assert "nan" not in told
    assert "left: w - omega / 4     -" in told


def test_why_against_a_scenario_that_is_not_there_is_one_message(parley: Parley):
    done = parley("why", "oslo_2019", "--against", "nobody", "-n", 40)
    assert (done.code, done.out) == (3, "")
    assert "no shipped scenario of that name" in done.err
