"""Whatever is wrong with a scenario: one message per fault, with place, reason and nearest fix.

In the tables a » stands before the character that a message must point at; it is taken out before
the file is written. Nothing but ScenarioError may ever come out of reading a file.
"""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import Scenario, load
from sim.scenario.library import folder

HEAD = "parley: 1\ntitle: A test\nextends: oslo_2019.yaml\n"
ALONE = "parley: 1\ntitle: A test\nstart: 2019-05-17\nweeks: 10\n"
WORLD = "actors:\n  world: {kind: states, name: W, table: venezuela_2019}\n"

Reading = Callable[[str | bytes], Scenario]
#: A text with marks, and the gist of the message at each mark.
Case = tuple[str, ...]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reading:
    """Return a function that writes ``s.yaml`` in an empty folder and loads it."""
    monkeypatch.chdir(tmp_path)

    def write_and_load(text: str | bytes) -> Scenario:
        Path("s.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        return load("s.yaml")

    return write_and_load


def messages(reading: Callable[[], object]) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        reading()
    assert caught.value.exit_code == 3
    return str(caught.value).splitlines()


def places_in(text: str) -> tuple[str, list[str]]:
    """Return the text without its marks, and the place of each as ``line:column``."""
    places = []
    while "»" in text:
        before, _, after = text.partition("»")
        places.append(f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}")
        text = before + after
    return text, places


def check(case: Case, read: Reading) -> None:
    """Assert one message per mark, in the order of the file, each with its gist."""
    text, places = places_in(case[0])
    found = messages(lambda: read(text))
    assert len(found) == len(places) == len(case) - 1, "\n".join(found)
    for line, place, gist in zip(found, places, case[1:], strict=True):
        assert line.startswith(f"s.yaml:{place}: "), f"{line}\nexpected at {place}"
        assert gist in line


def table(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[ascii(case[0])[-60:] for case in cases])


@table(
    [
        ("»", "is empty; start from `parley: 1` and a title"),
        ("»- a\n- b\n", "must be a mapping that starts with `parley: 1`, not a list"),
        ("»hello\n", "must be a mapping that starts with `parley: 1`, not 'hello'"),
        ("»3\n", "must be a mapping that starts with `parley: 1`, not 3"),
        ("a: 1\n? »[a, b]\n: c\n", "a key must be plain text, not a list or a mapping"),
        ("a: 1\nb: 2\n»a: 3\n", "key 'a' is given twice; it stands on line 1 already"),
        ("a: »&a [x]\nb: [*a, *a]\n", "uses a YAML anchor or alias; write the value out"),
        ("»title: A\nextends: oslo_2019\n", "parley: is missing; the file must say `parley: 1`"),
        ("parley: »2\ntitle: A\nextends: oslo_2019\n", "parley: must be 1, the version of the"),
        ("»parley: 1\nextends: oslo_2019\n", "title: is missing; say in one line what"),
        ("parley: 1\ntitle: »[a]\nextends: oslo_2019\n", "title: must be text, not a list"),
        ("parley: 1\ntitle: »12\nextends: oslo_2019\n", "title: must be text, not 12"),
        (HEAD + "»colour: red\n", "unknown section 'colour'; known are parley, title, question,"),
        (HEAD + "»actor: {}\n", "unknown section 'actor'; did you mean 'actors'?"),
        ((HEAD + "»colour: red\n").replace("\n", "\r\n"), "unknown section 'colour'"),
        ("\ufeff" + HEAD + "»colour: red\n", "unknown section 'colour'"),
        (HEAD + '»"\\e[31mred\\n": 1\n', "holds a control character (U+001B)"),
        (HEAD + "»<<: {a: 1}\n", "unknown section '<<'"),
        (HEAD + "question: »7\n", "question: must be text, not 7"),
        (HEAD + "resolved: »yes\n", "resolved: must be true, as the package writes it"),
        (
            "»»»parley: 1\ntitle: A\n",
            "actors: is missing; give at least one actor",
            "start: is missing; give the date of week 0, such as 2019-05-17",
            "weeks: is missing; give the number of weeks to run, such as 104",
        ),
        (ALONE + "»actors: {}\n", "actors: is missing; give at least one actor"),
        (ALONE + "»actors: [a]\n", "actors: must be a mapping from id to actor, not a list"),
    ]
)
def test_structure(case: Case, read: Reading) -> None:
    check(case, read)


@table(
    [
        (ALONE.replace("weeks: 10", f"»weeks: {value}") + WORLD, f"weeks: {gist}")
        for value, gist in [
            ("0", "0 is outside 1 to 1000 (weeks): Number of weeks to run."),
            ("-3", "-3 is outside 1 to 1000 (weeks)"),
            ("1e9", "1000000000 is outside 1 to 1000 (weeks)"),
            ("1.5", "must be a whole number, not 1.5"),
            (".nan", "must be a finite number, not .nan"),
            ("true", "must be a number or a mapping such as {value: 0.5, ...}, not true"),
            ("'10'", "must be a number or a mapping such as {value: 0.5, ...}, not '10'"),
            (
                "10%",
                "must be a number or a mapping such as {value: 0.5, ...}, not '10%'; 10% is 0.1",
            ),
            ("[10]", "must be a number or a mapping such as {value: 0.5, ...}, not a list"),
            ("{dist: uniform, low: 1, high: 9}", "must be one number, the same in all replicates"),
        ]
    ]
    + [
        (ALONE.replace("2019-05-17", f"»{value}") + WORLD, f"a date like 2019-05-17, not {shown}")
        for value, shown in [
            ("soon", "'soon'"),
            ("2019-13-45", "'2019-13-45'"),
            ("2019-02-30", "'2019-02-30'"),
            ("2019-05-17 00:00:00", "'2019-05-17 00:00:00'"),
            ("2019-05-17T00:00:00Z", "'2019-05-17T00:00:00Z'"),
            ("2019-W20-5", "'2019-W20-5'"),
            ("20190517", "20190517"),
            ("9999-12-31", "'9999-12-31'"),
            ("[a]", "a list"),
            ("null", "nothing"),
        ]
    ]
    + [
        (
            "parley: 1\ntitle: A\n»start: 2020-05-17\nweeks: 10\n" + WORLD,
            "start: positions can be read up to 2019-05-17 only, the cut-off of the table; give "
            "`actors.world.positions_on`",
        )
    ]
)
def test_span_of_the_run(case: Case, read: Reading) -> None:
    check(case, read)


def actors(text: str) -> str:
    return f"{HEAD}actors:\n  {text}\n"


@table(
    [
        (actors("norway: {»informaton: 0.1}"), "unknown field 'informaton'; did you mean 'inform"),
        (actors("norway: {»xyz: 0.1}"), "actors.norway: unknown field 'xyz'; known are kind, name"),
        (actors("norway: {»name: 12}"), "actors.norway.name: must be text, not 12; put it in quo"),
        (actors("norway: {»name: ''}"), "actors.norway.name: must not be empty"),
        (actors("norway: {»state: no}"), "must be an iso3 code of three capital letters, such as"),
        (actors("norway: {»state: NOW}"), "no state 'NOW' among the scenario's states; did you me"),
        (actors("norway: {kind: »ally}"), "actors.norway.kind: must stay 'mediator', as in "),
        (actors("»norway: [a]"), "actors.norway: must be a mapping of fields, or `null` to remove"),
        (actors("»norwy: {bias: 1}"), "actors.norwy: unknown actor; a new one needs `kind`"),
        (actors("»norwy: {bias: 1}"), "; did you mean 'norway'?"),
        (
            actors("»norwy: null"),
            "cannot remove 'norwy': there is no such actor; did you mean 'nor",
        ),
        (actors("»sweden: null"), "cannot remove 'sweden': there is no such actor"),
        (ALONE + WORLD + "  »x: null\n", "actors.x: there is no such actor to remove"),
        (actors("a: {kind: »mediater, name: A}"), "must be a kind of actor, not 'mediater'; did y"),
        (actors("»Sweden: {kind: mediator, name: A}"), "an actor's id is lower-case letters, dig"),
        (actors("»norvège: {kind: mediator, name: A}"), "an actor's id is lower-case letters, di"),
        (actors("»g: {kind: government, name: A}"), "there is an actor of kind government already"),
        (
            actors("»»»an_ally: {kind: ally, name: A}"),
            "actors.an_ally.support: is missing (index): Level of support at the start",
            "actors.an_ally.threshold: is missing (probability)",
            "actors.an_ally.weight: is missing (share)",
        ),
        (
            actors("a: {kind: mediator, name: A, »way_out: 0.2}"),
            "actors.a.way_out: lacks unit, range, basis, source; a number reads {value: ..., ",
        ),
        (actors("states: {»patrn: USA}"), "unknown field 'patrn'; did you mean 'patron'?"),
        (actors("states: {»patron: UAS}"), "no state 'UAS' among the states; did you mean 'USA'?"),
        (actors("states: {»positions_on: 2019-13-45}"), "must be a date like 2019-05-17, not '20"),
        (actors("states: {»positions_on: 2019-05-18}"), "positions can be read up to 2019-05-17"),
        (actors("states: {members: {GRC: {»positon: x}}}"), "unknown field 'positon'; did you me"),
        (actors("states: {members: {GRC: {»position: oposition}}}"), "did you mean 'opposition'?"),
        (actors("states: {members: {»greece: {}}}"), "a state is named by its iso3 code, such as"),
        (actors("states: {members: {»ATL: {name: A}}}"), "a state that is in no table lacks bloc"),
        (actors("states: {blocs: {regional: {»thrshold: 1}}}"), "actors.states.blocs.regional: un"),
        (HEAD + "talks: {»lerning: 0.1}\n", "talks: unknown field 'lerning'; did you mean 'learn"),
        (HEAD + "talks: {»start: later}\n", "talks.start: must be 'talks' or 'apart', not 'later'"),
        (HEAD + "»agenda: {a: 1}\n", "agenda: must be a list of issues, each with id, value and"),
        (HEAD + "agenda:\n  - »{name: aid}\n", "agenda: every issue needs an `id` of its own"),
        (
            HEAD + "agenda:\n  - »»{»id: Aid}\n",
            "agenda.Aid.cost: is missing (relative weight): Cost to the government",
            "agenda.Aid.value: is missing (relative weight): Value to the opposition",
            "agenda.Aid.id: must be an id of lower-case letters, digits and _, not 'Aid'",
        ),
        (
            actors("norway: {»informaton: 0.1, »bias: many, »way_out: 7}"),
            "actors.norway: unknown field 'informaton'",
            "actors.norway.bias: must be a number, not 'many'",
            "actors.norway.way_out: 7 is outside 0 to 1 (index): How well it shows both sides",
        ),
    ]
)
def test_actors_talks_and_agenda(case: Case, read: Reading) -> None:
    check(case, read)


def test_too_many_actors_are_refused(read: Reading) -> None:
    many = "".join(f"  a{i}: {{kind: mediator, name: x}}\n" for i in range(300))
    case = (ALONE + "»actors:\n" + many, "actors: holds 300 actors; at most 200 are allowed")
    check(case, read)


def information(quantity: str) -> str:
    return f"{HEAD}actors:\n  norway: {{{'' if '»' in quantity else '»'}information: {quantity}}}\n"


@table(
    [
        (information(quantity), f"actors.norway.information{gist}")
        for quantity, gist in [
            ("high", ": must be a number, not 'high'"),
            ("true", ": must be a number, not true"),
            ("[1, 2]", ": must be a number, not a list"),
            ("null", ": needs a number; give `value`, `dist` or `same_as`"),
            (".nan", ": must be a finite number, not .nan"),
            ("-.inf", ": must be a finite number, not -.inf"),
            ("1e999", ": must be a finite number, not .inf"),
            ("9" * 1_000_000, ": must be a finite number, not .inf"),
            ("1_000", ": must be a number, not '1_000'"),
            ("010", ": must be a number, not '010'"),
            ("12:30", ": must be a number, not '12:30'"),
            ("1.5", ": 1.5 is outside 0 to 1 (share per week): Share of the uncertainty"),
            ("{»value: 0.5, range: [0, 0.1]}", ": 0.5 lies outside its documented range, 0 to 0.1"),
            ("{value: 0.5, range: »[0, 5]}", ": range 0 to 5 reaches beyond 0 to 1 (share per"),
            ("{»range: [0, 0.1, 0.2]}", ".range: must be two numbers that rise: [low, high]"),
            ("{range: [0.1, 0]}", ": range must rise: [low, high]"),
            ("{»valu: 0.1}", ": unknown field 'valu'; did you mean 'value'?"),
            ("{»dist: gamma, a: 1}", ".dist: must be 'uniform', 'triangular', 'normal', 'beta' or"),
            ("{dist: beta, a: 1}", ": beta needs b"),
            ("{dist: beta, »a: -1, b: 2}", ".a: must be above 0, not -1"),
            ("{dist: uniform, low: 1, high: 0}", ": low and high must rise"),
            ("{dist: uniform, low: 0, high: 1, sd: 1}", ": uniform does not go with sd"),
            ("{value: 1, dist: beta, a: 1, b: 1}", ": value and dist exclude each other; give one"),
            ("{dist: discrete, »values: []}", ".values: must not be empty"),
            ("{value: 0.1, unit: »apples}", ": unit must be 'share per week', not 'apples'"),
            ("{value: 0.1, »basis: guess}", ".basis: must be 'observed', 'expert', 'assumed' or"),
            ("{value: 0.1, source: »nonsense}", ": source 'nonsense' is no paragraph of the artic"),
            ("{value: 0.1, source: »article P17}", ": source 'article P17' is no paragraph of"),
            ("{value: 0.1, source: »E098}", ": source 'E098' reports something after 2019-05-17"),
            ("{value: 0.1, »source: 5}", ".source: must be text, not 5; put it in quotes"),
            ("{»same_as: actors.norway.inform}", ": same_as names no parameter: 'actors.norway.in"),
            ("{»same_as: actors.norway.information}", ": same_as must lead to a number, but 'acto"),
            ("{»same_as: actors.government.good_faith}", ": same_as must lead to a number, but"),
            ("{»same_as: actors.norway.convene}", ": same_as must keep the unit; 'actors.norway"),
        ]
    ]
    + [
        (actors("norway: {»present: 0.5}"), "actors.norway.present: must be a whole number"),
        (
            actors("opposition: {»prior_good_faith: 3}"),
            "actors.opposition.prior_good_faith: 3 is outside 0 to 1",
        ),
    ]
)
def test_quantities(case: Case, read: Reading) -> None:
    check(case, read)


def test_an_override_beyond_the_documented_range_is_no_fault(read: Reading) -> None:
    scenario = read(actors("norway: {information: 0.5}"))
    assert [str(warning) for warning in scenario.warnings] == [
        "s.yaml:5:12: actors.norway.information: 0.5 lies outside its documented range, 0 to 0.1"
    ]


def in_timeline(fields: str) -> str:
    """Return a file with one event; a mark goes before the event if the fields have none."""
    mark = "" if "»" in fields else "»"
    return f"{HEAD}timeline:\n  - {mark}{{id: e, source: P1, {fields}}}\n"


def event(fields: str) -> str:
    return in_timeline(f"week: 3, {fields}")


IMPOSE = "actor: united_states, action: impose_sanctions"


@table(
    [
        (event(fields), f"timeline.e{gist}")
        for fields, gist in [
            ("»actor: norwy, action: withdraw", ": no actor 'norwy'; did you mean 'norway'?"),
            ("»actor: nobody, action: withdraw", ": no actor 'nobody'; known are armed_forces,"),
            ("actor: norway, »action: withdrw", ": unknown action 'withdrw'; did you mean 'withd"),
            ("actor: norway, »action: dance", ": unknown action 'dance'; known are convene, susp"),
            (
                "actor: russia, »action: withdraw_support",
                ": unknown action 'withdraw_support'; did",
            ),
            (
                "actor: russia, »action: dance",
                ": unknown action 'dance'; known are set_support, se",
            ),
            ("actor: norway, »action: uprising", ": 'norway' is of kind mediator and cannot upri"),
            ("actor: norway", ": an event needs `action`"),
            ("action: withdraw", ": an event needs `actor`"),
            ("»actor: [a], action: withdraw", ": `actor` must be text, not a list"),
            ("actor: norway, action: withdraw, »level: 1", ": unknown field 'level'; withdraw ta"),
            (IMPOSE, ": impose_sanctions needs `level` (index)"),
            (f"{IMPOSE}, »level: 2", ".level: 2 is outside 0 to 1 (index)"),
            (f"{IMPOSE}, »level: high", ".level: must be a number or a mapping"),
            (
                f"{IMPOSE}, level: 0.5, »date: 2019-08-05",
                ": unknown field 'date'; impose_sanctions",
            ),
            (f"{IMPOSE}, »level: .inf", ".level: must be a finite number, not .inf"),
            (f"{IMPOSE}, level: {{»same_as: x}}", ".level: same_as names no parameter: 'x'"),
            (f"{IMPOSE}, level: {{value: 0, unit: »x}}", ".level: unit must be 'index', not 'x'"),
            ("»actor: GRE, action: recognise_opposition", ": no state (by iso3 code) or bloc 'GR"),
            ("»actor: street, action: recognise_opposition", ": 'street' speaks for no state"),
            ("actor: norway, action: set, value: 1", ": an event needs `path`"),
            (
                "actor: norway, action: set, »path: actors.norway.inform, value: 1",
                ": `set` names no parameter: 'actors.norway.inform'; did you mean 'actors.norway.i",
            ),
            (
                "actor: norway, action: set, »path: talks.uncertainty, value: 1",
                ": 'talks.uncertainty' is read at the start alone; an event cannot set it",
            ),
            (
                "actor: norway, action: set, path: actors.norway.present, »value: 0.5",
                ".value: must be a whole number, not 0.5",
            ),
        ]
    ]
    + [
        (HEAD + "»timeline: {a: 1}\n", "timeline: must be a list of events, not a mapping"),
        (HEAD + "timeline:\n  - »x\n", "an event must be a mapping with id, actor, action, source"),
        (HEAD + "timeline:\n  - »{week: 3}\n", "timeline: an event needs `id`"),
        (HEAD + "timeline:\n  - {»id: a b}\n", "an event's id is letters, digits and _, not 'a b'"),
        (
            HEAD + "timeline:\n  - {id: e, source: P1, week: 3, actor: norway, action: withdraw}\n"
            "  - {»id: e, source: P1, week: 4, actor: norway, action: withdraw}\n",
            "timeline.e: there is an event of this id already",
        ),
        (
            HEAD + "timeline:\n  - {id: e, source: [»P99, »[a]], »week: 999, »actor: norwy, "
            "action: withdraw}\n",
            "source 'P99' is no paragraph of the article (P1 to P20), row of the data or key of",
            "a source must be text, not a list",
            "timeline.e: 999 lies outside the run (weeks 0 to 103 from 2019-05-17)",
            "timeline.e: no actor 'norwy'",
        ),
    ]
)
def test_events(case: Case, read: Reading) -> None:
    check(case, read)


def clock(fields: str) -> str:
    return in_timeline(f"actor: norway, action: withdraw, {fields}")


@table(
    [
        (clock(fields), f"timeline.e: {gist}")
        for fields, gist in [
            (
                "»on: 2018-01-01",
                "'2018-01-01' lies outside the run (weeks 0 to 103 from 2019-05-17)",
            ),
            ("»on: 2030-01-01", "'2030-01-01' lies outside the run"),
            ("»on: 2019-13-45", "`on` must be a date like 2019-08-05, not '2019-13-45'"),
            ("»on: 12", "`on` must be a date like 2019-08-05, not 12"),
            ("»on: null", "`on` must be a date like 2019-08-05, not nothing"),
            ("»week: 104", "104 lies outside the run"),
            ("»week: -1", "-1 lies outside the run"),
            ("»week: 1.5", "`week` must be a week like 12, not 1.5"),
            ("»week: true", "`week` must be a week like 12, not true"),
            (
                "»on: 2019-8-5",
                "`on` must be a date like 2019-08-05, not '2019-8-5'; did you mean 2019-08-05",
            ),
            (
                "»on: 5.8.2019",
                "`on` must be a date like 2019-08-05, not '5.8.2019'; did you mean 2019-08-05",
            ),
            ("»on: 8/5/2019", "`on` must be a date like 2019-08-05, not '8/5/2019'"),
            ("»on: 2019-13-05", "`on` must be a date like 2019-08-05, not '2019-13-05'"),
            ("»week: 2019-08-05", "`week` must be a week like 12, not '2019-08-05'"),
            (
                "week: 3, on: 2019-08-05",
                "an event needs exactly one of `on`, `week` and `when`, no",
            ),
            ("every: 4 weeks", "an event needs exactly one of `on`, `week` and `when`"),
            ("week: 3, »every: 0 weeks", "`every` must read like `4 weeks`, up to 999, not '0 we"),
            ("week: 3, »every: 4 months", "`every` must read like `4 weeks`, up to 999, not '4 m"),
            ("week: 3, »every: ² weeks", "`every` must read like `4 weeks`, up to 999, not '² we"),
            ("week: 3, every: 2 weeks, »until: 1", "`until` is before `week`"),
            ("week: 3, every: 2 weeks, »until: soon", "`until` must be a date like 2019-08-05 or"),
            ("when: zone > 0, »every: 2 weeks", "`every` goes with `on` or `week`, not with"),
            ("»when: null", "`when` must be a condition, not nothing"),
            ("»when: 3", "`when` must be a condition, not 3"),
        ]
    ]
)
def test_clocks(case: Case, read: Reading) -> None:
    check(case, read)


@table(
    [
        (clock(f"when: {condition}"), f"timeline.e.when: {gist}")
        for condition, gist in [
            ("»talks.failed > 2", "unknown name 'talks.failed'; did you mean 'talks.failed_ro"),
            ("'»talks.failed > 2'", "unknown name 'talks.failed'"),
            ('"  »talks.failed > 2"', "unknown name 'talks.failed'"),
            ('"zone > 0 and »talks.failed > 2"', "unknown name 'talks.failed'"),
            ("zone > 0 and »recognition.GRX > 0", "unknown name 'recognition.GRX'"),
            ("»russia.suport > 1", "unknown name 'russia.suport'; did you mean 'russia.support'?"),
            ("zone > 0 and »sum(week) > 3", "only min, max and abs can be called in a condition"),
            ("»().__class__ > 1", "only comparisons, and / or / not, + - * /, min, max, abs,"),
            ("»week.__class__ > 1", "unknown name 'week.__class__'"),
            ("»__import__('os').system('true') > 1", "only min, max and abs can be called"),
            ("week »= 3", "cannot be read as a condition; equality is =="),
            ("week &»& 3", "cannot be read as a condition; only comparisons, and / or / not,"),
            ("»week + 3", "a condition is a comparison such as `talks.failed_rounds >= 2`"),
            ("'»'", "is empty; a condition is a comparison"),
            ("'»   '", "is empty; a condition is a comparison"),
            ("'»" + "week > 1 and " * 60 + "week > 1'", "is longer than 500 characters"),
            ("'" + "-" * 49 + "»" + "-" * 350 + "week > 1'", "is nested deeper than 50 levels"),
        ]
    ]
    + [
        (
            f"{HEAD}timeline:\n  - id: e\n    source: P1\n    actor: norway\n    action: withdraw\n"
            "    when: »>-\n      zone > 0 and\n      talks.failed > 1\n",
            "timeline.e.when: unknown name 'talks.failed'; did you mean 'talks.failed_rounds'?",
        )
    ]
)
def test_conditions(case: Case, read: Reading) -> None:
    check(case, read)


def claim(text: str) -> str:
    return f'{HEAD}expect:\n  - {{claim: "{text}", source: P1}}\n'


@table(
    [
        (claim(text), f"expect: {gist}")
        for text, gist in [
            ("»share(agreement) = 3", "must read like `share(agreement, by: 2019-12-31) < 0.1`"),
            ("»" + "x" * 2000, "is longer than 1000 characters"),
            ("share(»agrement) < 1", "'agrement' is neither outcome nor condition; did you mean"),
            ("share(signed, »at: 3) < 1", "share takes `by:`, not `at:`"),
            ("share(signed, by: »soon) < 1", "'soon' is neither a week nor a date like 2019-12-31"),
            ("share(signed, by: »²) < 1", "'²' is neither a week nor a date like 2019-12-31"),
            ("share(signed, by: »2030-01-01) < 1", "'2030-01-01' lies outside the run (weeks 1 to"),
            ("share(»talks.failed > 1, by: 9) < 1", "unknown name 'talks.failed'; did you mean"),
            ("mean(»zon) < 1", "unknown variable 'zon'; did you mean 'zone'?"),
            ("mean(zone) between »3 and 1", "the bounds of `between` must rise"),
            ("»mean(zone) < 1e999", "the bounds of a claim must be finite numbers"),
        ]
    ]
    + [
        (HEAD + "expect:\n  - »{claim: share(signed) < 1}\n", "expect: an item needs source"),
        (HEAD + "expect:\n  - »3\n", "expect: each item must be a mapping with claim and source"),
        (HEAD + "expect:\n  - {claim: »3, source: P1}\n", "expect: `claim` must be text, not 3"),
        (
            HEAD + "record: [»zon, »[a], »3, zone]\n",
            "record: unknown variable 'zon'; did you mean 'zone'?",
            "record: each item must be the name of a variable, not a list",
            "record: each item must be the name of a variable, not 3",
        ),
        (HEAD + "record: »zone\n", "record: must be a list, not 'zone'"),
        (
            HEAD + "facts:\n"
            "  - {id: a, statement: ».nan, by: x, source: P1}\n"
            "  - {id: b, statement: s, by: x, source: P1, informs: »actors.norway.bias}\n"
            "  - {id: c, statement: s, by: x, source: P1, informs: [»actors.norway.bas]}\n"
            "  - {id: d, »statment: s, by: x, source: P1}\n"
            "  - {»id: c, statement: s, by: x, source: P1}\n",
            "facts: `statement` must be text, not .nan",
            "facts: `informs` must be a list of parameters, not 'actors.norway.bias'",
            "facts: informs no parameter: 'actors.norway.bas'; did you mean 'actors.norway.bias'?",
            "facts: unknown field 'statment'; did you mean 'statement'?",
            "facts: there are two facts 'c'",
        ),
    ]
)
def test_claims_records_and_facts(case: Case, read: Reading) -> None:
    check(case, read)


def extending(name: str) -> str:
    return f"parley: 1\ntitle: A\nextends: »{name}\n"


OUTSIDE = "leads out of the two places that are searched: the file's own folder and the shipped lib"


@table(
    [
        (extending(name), f"extends: {gist}")
        for name, gist in [
            ("/etc/passwd", f"'/etc/passwd' {OUTSIDE}"),
            ("../../x.yaml", f"'../../x.yaml' {OUTSIDE}"),
            ("link.yaml", f"'link.yaml' {OUTSIDE}"),
            ("oslo2019", "no file 'oslo2019' in the two places that are searched: the file's own"),
            ("base/venezuela_2018.yaml", "no file 'base/venezuela_2018.yaml' in the two places"),
            ("s.yaml", "'s.yaml' leads back to a file that extends it"),
            ("[a]", "must name one parent file, such as base/venezuela_2019.yaml"),
            ("3", "must name one parent file"),
            ("''", "must name one parent file"),
            ("x" * 300, f"no file '{'x' * 60}...' in the two places that are searched"),
            ("x" * 3000, f"no file '{'x' * 60}...' in the two places that are searched"),
        ]
    ]
)
def test_extends(case: Case, read: Reading, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}_outside.yaml"
    outside.write_text(HEAD)
    (tmp_path / "link.yaml").symlink_to(outside)
    check(case, read)


def test_extends_that_loops_or_goes_on_and_on(read: Reading) -> None:
    Path("b.yaml").write_text("parley: 1\ntitle: B\nextends: s.yaml\n")
    found = messages(lambda: read("parley: 1\ntitle: A\nextends: b.yaml\n"))
    assert found == ["b.yaml:3:10: extends: 's.yaml' leads back to a file that extends it"]
    for number in range(10):
        text = f"parley: 1\ntitle: A\nextends: c{number + 1}.yaml\n"
        Path(f"c{number}.yaml").write_text(text)
    Path("c10.yaml").write_text(ALONE + WORLD)
    found = messages(lambda: load("c1.yaml"))
    assert found == [
        "c9.yaml:3:10: extends: more than 8 files extend each other; lay some of them together"
    ]
    assert load("c2.yaml").weeks == 10


def test_a_fault_of_a_parent_is_told_where_it_stands(read: Reading) -> None:
    Path("b.yaml").write_text(actors("norway: {informaton: 0.1}"))
    found = messages(lambda: read("parley: 1\ntitle: A\nextends: b.yaml\ncolour: red\n"))
    assert [line.split(" ")[0] for line in found] == ["b.yaml:5:12:", "s.yaml:4:1:"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nope.yaml", "nope.yaml: no such file"),
        ("oslo2019", "oslo2019: no such file, and no shipped scenario of that name"),
        ("oslo2019", " (see `parley list`); did you mean 'oslo_2019'?"),
        ("oslo_2019.yaml", ": no such file; the shipped scenario is named 'oslo_2019'"),
        ("../oslo_2019", "no such file, and no shipped scenario of that name"),
        (".", ".: is a folder; a scenario is one YAML file"),
        ("", ".: is a folder; a scenario is one YAML file"),
        ("a\0b", "a\\x00b: no such file"),
        ("a" * 300, "...: no file can have this name"),
        ("a\nb", "a\\nb: no such file"),
    ],
    ids=ascii,
)
def test_a_scenario_that_is_not_there(name: str, message: str, read: Reading) -> None:
    found = messages(lambda: load(name))
    assert len(found) == 1
    assert message in found[0]


#: As a quoted text of YAML has them, and as the message names them.
STEERING = {
    "\\x1b[31m": "U+001B",
    "\\a": "U+0007",
    "\\0": "U+0000",
    "\\r": "U+000D",
    "\\x7f": "U+007F",
    "\\x9b": "U+009B",
    "\\N": "U+0085",
    "\\u202e": "U+202E",
    "\u202e": "U+202E",
    "\\u2066": "U+2066",
    "\\L": "U+2028",
    "\\P": "U+2029",
}
#: Texts of a scenario, with a mark where they stand.
TEXTS = {
    "what is extended": 'parley: 1\ntitle: A\nextends: »"a%s"\n',
    "title": 'parley: 1\ntitle: »"a%s"\nextends: oslo_2019\n',
    "question": HEAD + 'question: »"a%s"\n',
    "a name": HEAD + 'actors:\n  norway:\n    name: »"a%s"\n',
    "an id": HEAD + 'actors:\n  »"a%s": {kind: mediator, name: M}\n',
    "a source": HEAD + 'actors: {norway: {present: {value: 1, source: »"%sa"}}}\n',
    "an event": HEAD + 'timeline:\n  - {id: x, label: »"a%sb", week: 3}\n',
    "an id of a list": HEAD + 'timeline:\n  - {id: »"a%s", label: L, week: 3}\n',
    "what is no field": HEAD + 'expect: [»"a%s"]\n',
}


@pytest.mark.parametrize("where", TEXTS)
@pytest.mark.parametrize("sign", STEERING, ids=ascii)
def test_no_text_can_steer_a_terminal_or_a_page(sign: str, where: str, read: Reading) -> None:
    check((TEXTS[where] % sign, f"({STEERING[sign]}), which no text may; leave it out"), read)


@pytest.mark.parametrize("sign", ["\x1b[31m", "\a", "\x9b", "\u202e", "\u2028"], ids=ascii)
@pytest.mark.parametrize("path", ["title", "actors.norway.name", "actors.norway"])
def test_nor_can_a_change(path: str, sign: str) -> None:
    value = {"name": f"a{sign}"} if path == "actors.norway" else f"a{sign}"
    (told,) = messages(lambda: load("oslo_2019").alter({path: value}))
    assert told.startswith(f"change: {path}: ")
    assert f"(U+{ord(sign[0]):04X}), which no text may" in told


@pytest.mark.parametrize(
    "text", ["\u0641\u200f \u200eA", "a\u200d\u0915", "\U0001f468\u200d\U0001f469"]
)
def test_signs_that_scripts_need_are_read(text: str, read: Reading) -> None:
    assert read(f"parley: 1\ntitle: {text}\nextends: oslo_2019\n").title == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\0" * 100, "s.yaml:1:1: is not plain text: a control character (U+0000) stands here"),
        ("parley: 1\ntitle: é\0".encode(), "s.yaml:2:9: is not plain text"),
        (random.Random(1).randbytes(1000), " is not UTF-8 text; a scenario is a YAML file"),
        ("parley: 1\n".encode("utf-16"), "s.yaml:1:1: is not UTF-8 text"),
        ("parley: 1\ntitle: é\n".encode("latin-1"), "s.yaml:2:8: is not UTF-8 text"),
        (b"a: b\n" * 2**19, "s.yaml: is larger than 1,048,576 bytes; a scenario is a short text"),
    ],
    ids=["zeros", "a zero", "noise", "utf-16", "latin-1", "2.5 MiB"],
)
def test_a_file_that_is_no_text(data: bytes, message: str, read: Reading) -> None:
    found = messages(lambda: read(data))
    assert len(found) == 1
    assert message in found[0]


def test_what_refers_to_a_part_that_is_at_fault_is_not_at_fault_itself(read: Reading) -> None:
    timeline = (
        "timeline:\n"
        "  - {id: a, week: 1, source: P1, actor: norway, action: withdraw}\n"
        "  - {id: b, week: 1, source: P1, actor: russia, action: set_support, level: 0}\n"
        "  - {id: c, when: recognition.GRC > 0 and russia.support > 0, source: P1,\n"
        "     actor: european, action: recognise_opposition}\n"
        "  - {id: d, on: 2019-06-01, source: P1, actor: united_states, action: set,\n"
        "     path: actors.norway.bias, value: 0}\n"
        "record: [russia.support, recognition.GRC]\n"
        "expect:\n  - {claim: 'share(russia.support > 0, by: 2019-06-01) < 1', source: P1}\n"
    )
    faulty = "norway: {»name: 1}\n  russia: {»name: 2}\n  states: {»name: 3}"
    gist = "must be text, not"
    check((actors(faulty) + timeline, gist, gist, gist), read)
    check((HEAD + "»weeks: 0\n" + timeline, "weeks: 0 is outside"), read)
    check((HEAD + "start: »soon\n" + timeline, "start: must be a date"), read)
    check((HEAD + "»actors: 3\n" + timeline, "actors: must be a mapping"), read)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"key{i}: 1\n" for i in range(9000)),
        "actors:\n  norway:\n" + "".join(f"    informatio{i}: 1\n" for i in range(9000)),
        f"record: [{', '.join(f'recognition.{i}' + 'x' * 30 for i in range(9000))}]\n",
        "facts:\n"
        + "".join(f"  - {{id: f{i}, statement: a, by: b, source: E{i}x}}\n" for i in range(1500)),
    ],
    ids=["sections", "fields", "variables", "sources"],
)
def test_thousands_of_faults_are_cut_short(text: str, read: Reading) -> None:
    found = messages(lambda: read(HEAD + text))
    assert found[0] == "s.yaml: has 50 faults or more; here are the first"
    assert len(found) == 51


HOSTILE = r"""
import re, sys, time
from pathlib import Path
from sim.errors import ScenarioError
from sim.scenario import load, parse_setting

slowest = 0.0
for path in sorted(Path().glob("*.yaml")):
    before = time.process_time()
    try:
        load(path)
        sys.exit(f"{path} was accepted")
    except ScenarioError as error:
        assert len(str(error)) < 50_000, path
    slowest = max(slowest, time.process_time() - before)
# Not ru_maxrss, which a process inherits from the one that started it.
peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
print(slowest, int(peak[1]) // 1024)
"""


def bombs() -> dict[str, str]:
    """Return texts that are small and mean harm."""
    chain = pairwise("abcdefghij")
    lol = "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in chain)
    million = 2**20 - 100
    return {
        "aliases": "a: &a [x, x, x, x]\n" + lol,
        "flow": "[" * million,
        "mappings": "{a: " * (million // 4),
        "block": "- " * (million // 2),
        "keys": "? " * (million // 2),
        "indents": "".join(" " * i + "a:\n" for i in range(1400)),
        "items": HEAD + "record: [" + "a," * (million // 3) + "]\n",
        "one long text": "title: " + "x" * million,
        "one long key": "x" * million + ": 1\n",
        "one long quote": '"' + "x" * million,
        "escapes": 'title: "' + "\\x41" * (million // 4) + '"\n',
        "newlines": "\n" * million,
        "colons": ": " * (million // 2),
        "tags": "!" * million,
        "digits": HEAD + "weeks: " + "9" * (million - 100) + "\n",
        "exponent": HEAD + "weeks: 1e" + "9" * (million - 100) + "\n",
        "condition": clock("when: '" + "(" * 490 + "'").replace("»", ""),
        "long condition": clock("when: '" + "(" * 900_000 + "'").replace("»", ""),
        "claim": claim("share(" + ")" * 900 + " < 1"),
        "long claim": claim("share(" + ")" * 900_000 + " < 1"),
        "lines": HEAD + "a:\n" * 300_000,
        "source": information("{value: 0.1, source: " + "E" * 900_000 + "}").replace("»", ""),
    }  # fmt: skip


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_a_bomb_costs_less_than_a_second_and_150_megabytes(tmp_path: Path) -> None:
    for name, text in bombs().items():
        (tmp_path / f"{name}.yaml").write_text(text)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", HOSTILE],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seconds, megabytes = done.stdout.split()  # Processor time: other work may share the machine.
    assert float(seconds) < 1
    assert float(megabytes) < 150


SIGNS = (
    b": - \n {} [] ' \" # &a *a ! \0 \xff \xc3 \t ? | > null true .nan -1 1e999 2019-13-45 is"
).split(b" ")


def mutated(data: bytes, luck: random.Random) -> bytes:
    """Return the bytes with one to four small accidents."""
    for _ in range(luck.randint(1, 4)):
        start = luck.randrange(len(data))
        stop = min(len(data), start + luck.choice((0, 1, 1, 5, 40)))
        other = luck.randrange(len(data))
        new = luck.choice(
            (b"", luck.choice(SIGNS), bytes([luck.randrange(256)]), data[other : other + 30])
        )
        data = data[:start] + new + data[stop:]
    return data


def test_a_damaged_file_loads_or_is_refused_and_nothing_else(read: Reading) -> None:
    luck = random.Random(20190517)
    refused = 0
    Path("base").mkdir()
    parent = Path("base/venezuela_2019.yaml")
    files = [folder() / "oslo_2019.yaml", folder() / parent]
    texts = [path.read_bytes() for path in files]
    for number in range(300):
        data = mutated(texts[number % 2], luck)
        try:
            assert len(read(data).sha256) == 64
        except ScenarioError as error:
            refused += 1
            problems = error.problems
        else:
            continue
        assert problems
        assert all(problem.file and problem.message for problem in problems)
    assert 100 < refused < 300
