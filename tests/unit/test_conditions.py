"""Conditions: what they say on arrays, and that nothing but arithmetic ever runs."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from sim.scenario.conditions import MAX_DEPTH, MAX_LENGTH, ConditionError, compile_condition

Array = npt.NDArray[np.float64]

VALUES: dict[str, Array] = {
    "week": np.array([0.0, 1.0, 2.0, 3.0]),
    "zone": np.array([-0.2, 0.0, 0.1, 0.3]),
    "deal.x": np.array([np.nan, 0.5, np.nan, 0.2]),
    "talks.failed_rounds": np.array([2.0]),
    "recognition.GRC": np.array([0.0, 1.0, 1.0, 0.0]),
}
WEEK, ZONE, DEAL = VALUES["week"], VALUES["zone"], VALUES["deal.x"]
NAMES = list(VALUES)


def holds(text: str) -> npt.NDArray[np.bool_]:
    return compile_condition(text, NAMES)(VALUES.__getitem__)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("week >= 2", WEEK >= 2),
        ("week == 1", WEEK == 1),
        ("week != 1", WEEK != 1),
        ("0 < week <= 2", (WEEK > 0) & (WEEK <= 2)),
        ("zone > 0 and week < 3", (ZONE > 0) & (WEEK < 3)),
        ("zone > 0 or week < 1 or week > 2", (ZONE > 0) | (WEEK < 1) | (WEEK > 2)),
        ("not zone > 0", ~(ZONE > 0)),
        ("-zone + 2 * week / 4 - 1 > +0.1", -ZONE + 2 * WEEK / 4 - 1 > 0.1),
        ("min(week, 2, zone + 1) < 1", np.minimum(np.minimum(WEEK, 2), ZONE + 1) < 1),
        ("max(week, 2) > 2", np.maximum(WEEK, 2) > 2),
        ("abs(zone) >= 0.2", np.abs(ZONE) >= 0.2),
        ("recognition.GRC > 0.5", VALUES["recognition.GRC"] > 0.5),
        ("  zone > 0  ", ZONE > 0),
        ("zone > 0\n  and week < 3", (ZONE > 0) & (WEEK < 3)),
        ("week / zone > 1", np.divide(WEEK, ZONE, out=np.full(4, np.inf), where=ZONE != 0) > 1),
    ],
)
def test_a_condition_is_arithmetic_on_arrays(text: str, expected: npt.NDArray[np.bool_]) -> None:
    found = holds(text)
    assert found.dtype == np.bool_
    assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("text", ["deal.x > 0.1", "deal.x <= 0.1 or deal.x > 0.1", "deal.x != 9"])
def test_a_comparison_with_a_missing_value_does_not_hold(text: str) -> None:
    assert holds(text).tolist() == (~np.isnan(DEAL)).tolist()


def test_one_value_for_all_replicates_stays_one_value() -> None:
    assert holds("talks.failed_rounds >= 2").shape == (1,)


def test_a_condition_knows_what_it_reads_and_looks_names_up_whole() -> None:
    condition = compile_condition("zone > 0 and (deal.x < 1 or week > 2)", NAMES)
    assert condition.names == ("deal.x", "week", "zone")
    assert condition.text == "zone > 0 and (deal.x < 1 or week > 2)"


def test_overflow_and_division_by_zero_make_no_noise() -> None:
    assert holds("week / 0 > 1 or 1e300 * 1e300 * week > 1").tolist() == [False, True, True, True]


HOSTILE = [
    "().__class__ > 1",
    "().__class__.__bases__[0].__subclasses__() > 1",
    "week.__class__ > 1",
    "week.__class__.__mro__ > 1",
    "__import__('os').system('true') > 1",
    "__builtins__ > 1",
    "open('/etc/passwd') > 1",
    "pow(week, 2) > 1",
    "sum(week) > 1",
    "getattr(week, 'x') > 1",
    "(lambda: 1)() > 1",
    "lambda: week > 1",
    "[week for week in (1, 2)] > 1",
    "{week: 1} > 1",
    "[week][0] > 1",
    "(week := 3) > 1",
    "week ** 99999999 > 1",
    "week // 2 > 1",
    "week % 2 > 1",
    "1 << 99999999 > 1",
    "~week > 1",
    "week @ week > 1",
    "week if zone else 1",
    "f'{week}' > 1",
    "'a' * 99999999 > 1",
    "b'a' > 1",
    "1j > 1",
    "... > 1",
    "None > 1",
    "True > 0",
    "week is 1",
    "week in (1, 2)",
    "min(*week) > 1",
    "min(week, key=week) > 1",
    "min.__class__ > 1",
    "max > 1",
    "await week > 1",
    "yield week",
    "import os",
    "week; week",
    "week > 1 #\nimport os",
    "week > 1\0",
    "week > \ud800",
]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(ConditionError):
        compile_condition(text, NAMES)


@pytest.mark.parametrize(
    ("text", "column", "gist"),
    [
        ("", 0, "is empty"),
        ("   ", 0, "is empty"),
        ("week", 0, "a condition is a comparison"),
        ("  week + 1", 2, "a condition is a comparison"),
        ("week = 3", 5, "equality is =="),
        ("week > 1 && zone > 0", 10, "cannot be read as a condition"),
        ("week > ", 6, "cannot be read as a condition"),
        ("zone > 0 and wek > 1", 13, "unknown name 'wek'; did you mean 'week'?"),
        ("'é' > wek", 0, "is not a number"),
        ("zone > 0 and é.b > wek", 13, "unknown name 'é.b'"),
        ("é > 0 or week > wek", 0, "unknown name 'é'"),
        ("min(é, 1) > 0 or week > wek", 4, "unknown name 'é'"),
        ("week > 0 and talks.failed > 1", 13, "did you mean 'talks.failed_rounds'?"),
        ("week > 0 and\n  talks.failed > 1", 15, "did you mean 'talks.failed_rounds'?"),
        ("week > 0 and sqrt(zone) > 1", 13, "only min, max and abs can be called"),
        ("week > 0 and zone", 13, "a comparison is expected here"),
        ("week > 0 + (zone > 1)", 12, "a number is expected here"),
        ("week > abs(zone, 1)", 7, "abs takes one number"),
        ("week > min(zone)", 7, "min takes two or more numbers"),
        ("week > max()", 7, "max takes two or more numbers"),
        ("week > 1e999", 7, "is not a finite number"),
        (f"week > {'9' * 400}", 7, "is too large a number"),
        ("week > 0 and week is 3", 13, "only comparisons"),
        ("week > 1 # soon\nand zone > 0", 9, "no room for remarks"),
    ],
)
def test_a_fault_is_told_with_its_column(text: str, column: int, gist: str) -> None:
    with pytest.raises(ConditionError) as caught:
        compile_condition(text, NAMES)
    assert gist in str(caught.value)
    assert caught.value.column == column


def test_length_is_bounded() -> None:
    compile_condition("week > 1".ljust(MAX_LENGTH), NAMES)
    with pytest.raises(ConditionError, match="longer than 500 characters"):
        compile_condition("week > 1".ljust(MAX_LENGTH + 1), NAMES)


DEEP: dict[str, Callable[[int], str]] = {
    "signs": lambda n: "-" * n + "week > 1",
    "negations": lambda n: "not " * n + "week > 1",
    "sums": lambda n: "week" + "+1" * n + " > 1",
    "calls": lambda n: "abs(" * n + "week" + ")" * n + " > 1",
}


@pytest.mark.parametrize("deep", DEEP.values(), ids=DEEP)
def test_depth_is_bounded_wherever_it_is_compiled(deep: Callable[[int], str]) -> None:
    compile_condition(deep(MAX_DEPTH - 2), NAMES)
    with pytest.raises(ConditionError, match="nested deeper than 50 levels"):
        compile_condition(deep(MAX_DEPTH), NAMES)


def test_the_deepest_texts_that_fit_are_refused_or_read_but_never_break_the_reader() -> None:
    for text in ("(" * 246 + "week" + ")" * 246 + ">1", "(" * 500, "[" * 500, "-" * 500):
        try:
            compile_condition(text, NAMES)
        except ConditionError:
            continue
