"""A replay is its replicate: it ends as the ensemble's row says, and says what made it so."""

import json
import re
from dataclasses import replace

import pytest

import sim
from sim.experiments import cable
from sim.experiments.replay import Replay, replay

OSLO = sim.load("oslo_2019")
SEED, FIRST = 1, 8
SCENARIOS = ("oslo_2019", "norway_leaves")


def told_by(name: str, number: int) -> list[Replay]:
    return [replay(sim.load(name), k, SEED) for k in range(FIRST, FIRST + number)]


@pytest.fixture(scope="module")
def oslo() -> list[Replay]:
    return told_by("oslo_2019", 18)


def assert_ends_as_row(told: Replay, rows) -> None:
    row = rows.set_index("replicate").loc[told.replicate]
    for column, value in told.row.items():
        if column == "replicate":
            continue
        if value is None:
            assert str(row[column]) in ("<NA>", "nan")
        else:
            assert row[column] == value


def test_a_replay_ends_as_its_row_of_the_ensemble(oslo: list[Replay]):
    rows = sim.run(OSLO, 18 + FIRST, SEED, record=False, twins=False).outcomes
    for told in oslo:
        assert_ends_as_row(told, rows)
        assert told.happenings[-1].kind == "end"
        assert told.happenings[-1].week == told.row["week"]


@pytest.mark.parametrize("name", SCENARIOS[1:])
def test_a_replay_with_events_ends_as_its_row(name: str):
    rows = sim.run(sim.load(name), FIRST + 4, SEED, record=False, twins=False).outcomes
    for told in told_by(name, 4):
        assert_ends_as_row(told, rows)
        assert "event" in {happening.kind for happening in told.happenings}


def test_an_event_with_an_end_is_told_with_its_day_its_time_and_its_end():
    eased = OSLO.alter(
        {
            "timeline.eased": {
                "on": "2019-10-01",
                "for": "26 weeks",
                "actor": "united_states",
                "action": "ease_sanctions",
                "share": 0.3,
                "source": "P1",
            }
        }
    )
    told = replay(eased, 9, SEED)
    (begins,) = (one for one in told.happenings if one.kind == "event")
    (ends,) = (one for one in told.happenings if one.kind == "revoked")
    assert (ends.week - begins.week, ends.facts["lasts"]) == (26, 26)
    text = "ease sanctions, share 0.3, for 26 weeks. So the timeline has it, on 2019-10-01."
    assert cable.sentence(begins).endswith(text)
    assert (
        cable.sentence(ends) == "United States administration: ease sanctions ends after 26 weeks."
    )


def test_a_broken_deal_is_told_with_the_chance_of_it(oslo: list[Replay]):
    broken = [one for told in oslo for one in told.happenings if one.kind == "reneged"]
    assert broken
    for one in broken:
        gains = one.facts["without"] > one.facts["keep"]
        assert 0 < one.facts["hazard"] < 1
        assert ("gains it more than keeping" in cable.sentence(one)) == gains
        assert ("no deal is quite safe" in cable.sentence(one)) == (not gains)


def test_a_deal_that_pays_and_is_broken_is_told_as_bad_luck(oslo: list[Replay]):
    found = (one for told in oslo for one in told.happenings if one.kind == "reneged")
    one = next(found)
    paying = replace(one, facts={**one.facts, "without": 0.4, "keep": 0.5, "hazard": 0.013})
    told = cable.sentence(paying)
    assert "it expects 0.40 of the stake, with it 0.50, so breaking gains it nothing" in told
    assert told.endswith("the chance of it was 0.01 in this week.")


def test_counts_told_are_the_counts_of_the_row(oslo: list[Replay]):
    for told in oslo:
        kinds = [happening.kind for happening in told.happenings]
        assert kinds.count("broken") == told.row["failed_rounds"]
        assert kinds.count("uprising") == told.row["attempts"]
        assert ("signed" in kinds) == (told.row["signed_week"] is not None)
        assert kinds.count("recognition") == 0 or told.happenings[-1].facts["recognisers"] > 0


def test_every_quantity_that_decided_is_on_its_side_of_the_bound(oslo: list[Replay]):
    checked = set()
    for happening in (one for told in oslo for one in told.happenings):
        f = happening.facts
        if happening.kind == "signed":
            assert f["zone"] >= f["required"]
        elif happening.kind == "broken" and f["cause"] == "odds":
            assert f["odds"] > f["leave_above"]
        elif happening.kind in ("broken", "away") and f["cause"] == "trust":
            assert f["trust"] < f["needed"]
        elif happening.kind == "enters":
            assert f["trust"] >= f["needed"]
            assert f["odds"] <= f["enter_below"]
        elif happening.kind == "offers" and not f["last"]:
            assert f["zone"] < f["required"]
        elif happening.kind == "uprising" and f["fell"]:
            assert f["strength"] < 1
        else:
            continue
        checked.add(happening.kind)
    assert checked >= {"signed", "broken", "enters", "offers", "uprising"}


def test_sentences_are_sentences(oslo: list[Replay]):
    said = {(one.kind, cable.sentence(one)) for told in oslo for one in told.happenings}
    assert {kind for kind, _ in said} >= {"start", "recognition", "offers", "broken", "end"}
    for _, text in said:
        assert text[0].isupper() or text[0].isdigit()
        assert text.endswith(".")
        assert not re.search(r"nan|None|\binf\b|_|\d\.\d{7}| {2}|\.\.", text), text


def test_numbers_that_differ_are_told_apart():
    assert cable.apart(0.2714, 0.2684) == ["0.271", "0.268"]
    assert cable.apart(0.5, 0.5) == ["0.50", "0.50"]
    assert cable.apart(0.63, 0.60) == ["0.63", "0.60"]


def test_replay_prints_its_document(capsys, monkeypatch):
    from sim.cli.main import main

    words = ["replay", "oslo_2019", "--replicate", "9", "--seed", "1", "--json"]
    monkeypatch.setattr("sys.argv", ["parley", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert told["replicate"] == told["row"]["replicate"] == 9
    assert {"week", "date", "kind", "text", "facts"} == set(told["results"][0])


def test_a_replicate_that_cannot_be_is_refused():
    with pytest.raises(
        sim.UsageError, match="replicate must be a whole number, 0 to 999,999,999,999, not -1"
    ):
        replay(OSLO, -1)


def test_the_sender_that_vetoes_is_named_among_several():
    veto = {"value": 1, "range": [0, 1], "unit": "0 or 1", "basis": "illustrative"}
    account = {"source": "cunningham2010", "reason": "A second sender that keeps the sides apart."}
    union = {"kind": "sender", "name": "A union", "veto": {**veto, **account}}
    told = replay(OSLO.alter({"actors.union": union}), 3, SEED)
    vetoes = [text for _, text in cable.lines(told) if "A union" in text]
    assert vetoes
    assert not any("United States" in text for text in vetoes)
