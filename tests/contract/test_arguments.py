"""What the public Python functions take, and the one sentence where something else comes.

A number is the same number whoever made it: Python, numpy, an array of one. What is not taken is a
UsageError that names the argument, what came and what is allowed, before anything is run or
written.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest

import sim
from sim.results import Ensemble
from sim.sweeps import Sweep

SMALL = sim.load("two_players")
PATH = "actors.opposition.hardness"
VARY = {PATH: [0.0, 0.1]}
#: What an argument is called with, and what the message says of it.
Call = Callable[[Any], object]


@pytest.fixture(autouse=True)
def nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return sim.run(SMALL, 4, record=False, twins=False)


@pytest.fixture(scope="module")
def comparison() -> sim.Comparison:
    return sim.compare(SMALL, {"same": {}}, 4)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    return sim.sweep(SMALL, VARY, out=tmp_path_factory.mktemp("swept") / "s.db", replicates=4)


def quick(**given: Any) -> Ensemble:
    return sim.run(SMALL, **{"replicates": 4, "twins": False, "record": False} | given)


def swept_with(**given: Any) -> Sweep:
    return sim.sweep(**{"scenario": SMALL, "vary": VARY, "out": "s.db", "replicates": 4} | given)


def design(**given: Any) -> Sweep:
    return swept_with(vary={PATH: (0.0, 0.1)}, design="lhs", **{"points": 2} | given)


def refused(call: Call, value: object) -> str:
    """Return the message of the one error that may come, of one line, with nothing written."""
    with pytest.raises(sim.UsageError) as caught:
        call(value)
    assert list(Path().iterdir()) == []
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert len(message) < 600
    return message


NUMBERS: dict[str, Call] = {
    "run replicates": lambda v: sim.run(SMALL, v),
    "run seed": lambda v: quick(seed=v),
    "run workers": lambda v: quick(workers=v),
    "run start": lambda v: quick(start=v),
    "run block": lambda v: quick(block=v),
    "compare replicates": lambda v: sim.compare(SMALL, {"same": {}}, v),
    "compare seed": lambda v: sim.compare(SMALL, {"same": {}}, 4, v),
    "compare workers": lambda v: sim.compare(SMALL, {"same": {}}, 4, 0, v),
    "sweep replicates": lambda v: swept_with(replicates=v),
    "sweep seed": lambda v: swept_with(seed=v),
    "sweep workers": lambda v: swept_with(workers=v),
    "sweep points": lambda v: design(points=v),
    "CrisisModel replicates": lambda v: sim.CrisisModel(SMALL, v),
    "CrisisModel seed": lambda v: sim.CrisisModel(SMALL, 2, v),
    "CrisisModel start": lambda v: sim.CrisisModel(SMALL, 2, start=v),
    "CrisisModel chance_start": lambda v: sim.CrisisModel(SMALL, 2, chance_start=v),
}
#: With these, None stands for a number that is chosen.
OPTIONAL = ("sweep points", "CrisisModel chance_start")
#: Of these there cannot be too many.
ENDLESS = ("workers", "block")
HUGE = 10**400
NAN = float("nan")
WRONG = [
    *(True, False, np.True_, 1.5, 2.0, np.float64(3.0), NAN, float("inf"), -1),
    *(np.int64(-1), "100", b"5", None, [5], (5,), {5}, np.array([5]), np.array(True), 2 + 0j),
    *(HUGE, -(10**5000), object(), int, "x" * 5000, "\udcff\x1b[31m"),
]


@pytest.mark.parametrize("name", NUMBERS)
def test_what_is_no_whole_number_is_refused_by_name(name: str) -> None:
    argument = name.split()[1]
    for value in WRONG:
        if value is None and name in OPTIONAL:
            continue
        if value is HUGE and argument in ENDLESS:
            continue
        message = refused(NUMBERS[name], value)
        assert message.startswith(f"{argument} must be a whole number, "), message
        assert ", not " in message


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("100", "not '100'"),
        (2.0, "not 2.0"),
        (np.float32(2.0), "not 2.0"),
        (True, "not True"),
        (np.False_, "not False"),
        (None, "not None"),
        (-(2**70), "not -1180591620717411303424"),
        (10**400, "not an integer of 1,329 bits"),
        ([5], "not a list"),
        ("\udcff\x1b[31m", r"not '\udcff\x1b[31m'"),
    ],
    ids=ascii,
)
def test_the_message_shows_what_came_as_python_writes_it(value: object, told: str) -> None:
    assert refused(NUMBERS["run seed"], value) == (
        f"seed must be a whole number, 0 to 2**128 - 1, {told}"
    )


LIMITS = {
    "run replicates": (0, 100_000_001),
    "run seed": (-1, 2**128),
    "run start": (-1, 2**70, 10**12 - 3),
    "run workers": (0,),
    "run block": (0,),
    "sweep seed": (-1, 2**128),
    "sweep points": (0, 1_000_001),
    "CrisisModel start": (-1, 10**12 - 1),
    "CrisisModel chance_start": (-1, 2**64),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_number_beyond_its_limits_is_refused_with_them(name: str) -> None:
    for value in LIMITS[name]:
        assert f", not {value}" in refused(NUMBERS[name], value)


def test_the_limits_themselves_are_taken() -> None:
    last = quick(seed=2**128 - 1, start=10**12 - 4)
    assert last.table["replicate"][-1] == 10**12 - 1
    assert sim.compare(SMALL, {"same": {}}, 4, seed=2**128 - 1).as_dict()


def kind_of(value: object) -> str:
    """Name a case by its type; some representations hold an address, which differs by worker."""
    return type(value).__name__


FIVES = [np.int64(5), np.uint8(5), np.int16(5), np.array(5), np.array(5, dtype=np.uint64)]


@pytest.mark.parametrize("five", FIVES, ids=repr)
def test_a_number_of_numpy_is_the_same_number_in_a_run_and_in_its_files(five: Any) -> None:
    own = sim.run(SMALL, five, five, five, start=five, block=five, watch=[("zone", five)])
    other = sim.run(SMALL, 5, 5, 1, start=5, watch=[("zone", 5)])
    assert own.design == other.design
    assert json.dumps(own.summary()) == json.dumps(other.summary())
    own.save("own", figures=False)
    other.save("other", figures=np.False_)
    assert Path("own/manifest.json").read_bytes() == Path("other/manifest.json").read_bytes()
    assert (own.moment("zone", five) == other.moment("zone", 5)).all()
    assert sim.CrisisModel(SMALL, five, five, start=five).draws.seed == 5


@pytest.mark.parametrize("five", FIVES, ids=repr)
def test_a_number_of_numpy_is_the_same_number_in_a_sweep_and_its_store(five: Any) -> None:
    own = swept_with(replicates=five, seed=five, workers=five, out="own.db")
    other = swept_with(replicates=5, seed=5, out="other.db")
    assert (own.digest, own.design) == (other.digest, other.design)
    assert sim.open_sweep("own.db").design == other.design
    compared = sim.compare(SMALL, {"other": {PATH: 0.1}}, five, five)
    assert json.dumps(compared.as_dict())
    assert compared.alternatives[0].signed_by(five).alternative >= 0


VALUES = [
    [np.float64(0.0), np.float32(0.5)],
    np.array([0.0, 0.5]),
    np.array([0, 1]),
    (np.int64(0), np.float64(0.5), np.int64(2)),
    range(2),
    (value / 2 for value in range(2)),
    [0, np.int8(1)],
]


@pytest.mark.parametrize("values", VALUES, ids=kind_of)
def test_values_of_numpy_are_varied_as_those_of_python(values: Any) -> None:
    found = swept_with(vary={PATH: values}).points[PATH].tolist()
    assert found in ([0.0, 0.5], [0.0, 1.0])


def test_days_and_texts_are_varied_as_a_file_would_hold_them() -> None:
    embargo = sim.load("embargo_august_2019")
    vary = {"timeline.embargo.on": [date(2019, 8, 5), "2019-09-02"]}
    found = sim.sweep(embargo, vary, out="s.db", replicates=2)
    assert found.points["timeline.embargo.on"].tolist() == ["2019-08-05", "2019-09-02"]


@pytest.mark.parametrize(
    "values",
    [
        *(5, np.float64(0.1), True, b"ab", {"a": 1}, {0.1, 0.2}, object(), [], (0.0,)),
        *([0.0, NAN, 0.1], [0.0, float("inf")], (0.0, 0.1, NAN), [0.0, HUGE], [[0.0], [NAN]]),
        *((0.0, True), (0.0, 1.0, 2.5), [0.0, 2 + 0j], [0.0, {1}]),
    ],
    ids=kind_of,
)
def test_what_cannot_be_varied_is_a_fault_of_its_path(values: object) -> None:
    with pytest.raises(sim.ScenarioError) as caught:
        swept_with(vary={PATH: values})
    assert str(caught.value).startswith(f"--vary: {PATH}: ")
    assert list(Path().iterdir()) == []


FLAGS: dict[str, Call] = {
    "record": lambda v: quick(record=v),
    "twins": lambda v: quick(twins=v),
    "resume": lambda v: swept_with(resume=v),
    "beyond_range": lambda v: swept_with(beyond_range=v),
    "force": lambda v: quick().save("out", force=v),
    "figures": lambda v: quick().save("out", figures=v),
}


@pytest.mark.parametrize("name", FLAGS)
@pytest.mark.parametrize("value", [1, 0, "no", "False", None, [True], np.array([True]), 1.0])
def test_a_switch_is_true_or_false_and_nothing_that_counts_as_it(name: str, value: object) -> None:
    assert refused(FLAGS[name], value).startswith(f"{name} must be True or False, not ")


def test_a_switch_of_numpy_is_the_same_switch() -> None:
    ensemble = sim.run(SMALL, 4, record=np.True_, twins=np.False_)
    assert ensemble.weekly
    assert not len(ensemble.twins)


PATHS: dict[str, Call] = {
    "open_result folder": sim.open_result,
    "open_sweep store": sim.open_sweep,
    "sweep out": lambda v: swept_with(out=v),
    "save folder": lambda v: quick().save(v),
    "compare folder": lambda v: sim.compare(SMALL, {"same": {}}, 4).save(v),
    "save_figure path": lambda v: sim.compare(SMALL, {"same": {}}, 4).save_figure(v),
}


@pytest.mark.parametrize("name", PATHS)
def test_what_no_path_can_be_is_refused_by_name(name: str) -> None:
    argument = name.split()[1]
    for value in (5, None, True, b"out", ["out"], object(), "a\0b", "x" * 300, "\ud800"):
        assert refused(PATHS[name], value).startswith(f"{argument} must be a path")


class Folder:
    """A path of somebody else's."""

    def __fspath__(self) -> str:
        return "out"


@pytest.mark.parametrize("where", ["out", Path("out"), PurePosixPath("out"), Folder()], ids=kind_of)
def test_every_kind_of_path_is_a_path(ensemble: Ensemble, where: Any) -> None:
    ensemble.save(where, figures=False)
    assert sim.open_result(where).design == ensemble.design


SCENARIOS: dict[str, Call] = {
    "load": sim.load,
    "run": lambda v: sim.run(v, 4, record=False, twins=False),
    "compare base": lambda v: sim.compare(v, {"same": {}}, 4),
    "compare list": lambda v: sim.compare("two_players", [v], 4),
    "compare mapping": lambda v: sim.compare("two_players", {"other": v}, 4),
    "sweep": lambda v: swept_with(scenario=v, resume=Path("s.db").exists()),
    "CrisisModel": lambda v: sim.CrisisModel(v, 4),
}
TEXT = "parley: 1\ntitle: Mine\nextends: two_players.yaml\n"


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_is_taken_as_itself_by_name_and_by_path(name: str, tmp_path: Path) -> None:
    Path("mine.yaml").write_text(TEXT)
    for given in (SMALL, "two_players", "mine.yaml", "mine", Path("mine"), tmp_path / "mine.yaml"):
        assert SCENARIOS[name](given) is not None
        Path("s.db").unlink(missing_ok=True)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("value", [5, None, True, [], ["two_players"], b"two_players", object])
def test_what_names_no_scenario_is_refused(name: str, value: object) -> None:
    message = refused(SCENARIOS[name], value)
    assert message.startswith(
        "scenario must be a scenario, the name of a shipped one or the path of a file, not "
    )


def test_a_file_of_exactly_that_name_comes_first_then_a_shipped_one_then_one_with_its_ending() -> (
    None
):
    Path("oslo_2019.yaml").write_text(TEXT)
    assert sim.load("oslo_2019").title == sim.load("oslo_2019", {}).title != "Mine"
    assert sim.load("oslo_2019.yaml").title == sim.load(Path("oslo_2019.yaml")).title == "Mine"
    Path("oslo_2019").write_text(TEXT)
    assert sim.load("oslo_2019").title == "Mine"
    Path("mine.yaml").write_text(TEXT)
    Path("mine").mkdir()
    assert sim.load("mine").title == "Mine"
    Path("deep").mkdir()
    Path("deep/other.yaml").write_text(TEXT)
    assert sim.load("deep/other").name == "other"
    with pytest.raises(sim.ScenarioError, match=r"mime: no such file.*did you mean 'mine'\?"):
        sim.load("mime")


def test_alternatives_in_a_list_have_the_names_of_their_scenarios() -> None:
    found = sim.compare("two_players", ["two_players_harder_line", SMALL], 4)
    assert [one.name for one in found.alternatives] == ["two_players_harder_line", "two_players"]
    with pytest.raises(sim.UsageError, match="there are two alternatives 'two_players'"):
        sim.compare("two_players", [SMALL, "two_players"], 4)


WORDS: dict[str, tuple[Call, str]] = {
    "design": (lambda v: swept_with(design=v), "design cannot be "),
    "scheduler": (lambda v: quick(scheduler=v), "scheduler must be an address such as tcp://"),
    "progress": (lambda v: quick(progress=v), "progress must be a function of replicates done"),
    "watch": (lambda v: quick(watch=v), "watch must be pairs of a variable and a week"),
    "points": (lambda v: sim.CrisisModel(SMALL, 2, points=v), "points must be a mapping from path"),
    "vary": (lambda v: swept_with(vary=v), "vary must be a mapping from path to what it takes"),
    "alternatives": (lambda v: sim.compare(SMALL, v, 4), "alternatives must be a mapping from"),
}


@pytest.mark.parametrize("name", WORDS)
def test_what_is_of_another_kind_is_refused_by_name(name: str) -> None:
    call, message = WORDS[name]
    for value in (5, True, 1.5, b"x", object(), frozenset({5})):
        assert refused(call, value).startswith(message)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda e, c, s: e.moment("zone", True), "week must be a whole number, 0 or more"),
        (lambda e, c, s: e.moment("zone", 3), "the run did not watch 'zone' in week 3; run it w"),
        (lambda e, c, s: e.moment([], 3), "the run did not watch [] in week 3"),
        (lambda e, c, s: e.plot_outcomes("here"), "ax must be axes of matplotlib, not 'here'"),
        (lambda e, c, s: e.plot_outcomes(np.empty(2, object)), "ax must be axes of matplotlib"),
        (lambda e, c, s: c.alternatives[0].signed_by("3"), "week must be a whole number, 0 or"),
        (lambda e, c, s: c.alternatives[0].signed_by(2.0), "week must be a whole number, 0 or"),
        (lambda e, c, s: c.save("out", force=1), "force must be True or False, not 1"),
        (
            lambda e, c, s: s.count("agrement"),
            "name cannot be 'agrement'; did you mean 'agreement'?",
        ),
        (lambda e, c, s: s.mean(["agreement"]), "name cannot be a list; "),
        (lambda e, c, s: s.error("reneged_given_signed"), "name cannot be 'reneged_given"),
        (lambda e, c, s: quick(watch=[("zon", 3)]), "unknown variable 'zon'; did you mean 'zo"),
        (
            lambda e, c, s: quick(watch=[(3, 3)]),
            "a variable must be named by text such as 'zone', not 3",
        ),
        (lambda e, c, s: quick(watch=[("zone", 3.0)]), "a week of watch must be a whole number, "),
        (lambda e, c, s: quick(watch=[("zone", 2000)]), "a week of watch must be a whole number"),
        (lambda e, c, s: sim.CrisisModel(SMALL).read("zon"), "unknown variable 'zon'; did you"),
        (
            lambda e, c, s: sim.CrisisModel(SMALL).read(["zone"]),
            "a variable must be named by text",
        ),
        (lambda e, c, s: sim.compare(SMALL, {5: {}}, 4), "the name of an alternative must be text"),
        (lambda e, c, s: sim.compare(SMALL, {"\udcff": {}}), "the name of an alternative must be"),
        (lambda e, c, s: swept_with(vary={5: [1]}), "a path of vary must be text, not 5"),
        (lambda e, c, s: s.count(10**5000), "name cannot be an integer of 16,610 bits; it must be"),
        (lambda e, c, s: sim.CrisisModel(SMALL, points={5: [1]}), "a path of points must be text"),
        (lambda e, c, s: sim.CrisisModel(SMALL, points={"x": [1]}), "points: unknown path 'x'"),
        (lambda e, c, s: sim.CrisisModel(SMALL, points={PATH: ["a"]}), f"points: {PATH} must have"),
        (lambda e, c, s: sim.CrisisModel(SMALL, points={PATH: [np.nan]}), f"points: {PATH} must h"),
        (lambda e, c, s: sim.CrisisModel(SMALL, points={PATH: 1.0}), "points must be a mapping"),
        (lambda e, c, s: sim.CrisisModel(SMALL, points={PATH: [[1], [1, 2]]}), "points must be a"),
    ],
    ids=range(27),
)
def test_the_methods_of_a_result_refuse_by_name(
    ensemble: Ensemble, comparison: sim.Comparison, swept: Sweep, call: Any, message: str
) -> None:
    assert refused(lambda _: call(ensemble, comparison, swept), None).startswith(message)


@pytest.fixture(scope="module")
def weekly() -> Any:
    return sim.run("two_players", 4, twins=False).weekly["zone"]


@pytest.mark.parametrize("value", [0.5, "half", None, [True], [2], [np.nan], ["0.5"], [[0.5]]])
def test_quantiles_are_asked_for_by_numbers_from_0_to_1(weekly: Any, value: object) -> None:
    assert "probabilities must be" in refused(weekly.quantiles, value)


def test_quantiles_take_arrays_and_lists(weekly: Any) -> None:
    wanted = weekly.quantiles((0.0, 0.5, 1.0))
    for given in ([0, 0.5, 1], np.array([0.0, 0.5, 1.0]), np.linspace(0, 1, 3)):
        np.testing.assert_array_equal(weekly.quantiles(given), wanted)
