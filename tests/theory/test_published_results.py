"""Published results, by the functions that the model calls: the table of ``sim.theory``."""

import pytest

from sim.errors import UsageError
from sim.theory import CHECKS, Check, run
from sim.theory.reductions import REDUCTIONS

#: T35 runs the reductions, each of which is a test of its own below.
ALONE = sorted(set(CHECKS) - {"T35"})


def test_every_published_result_has_its_check() -> None:
    assert len(CHECKS) >= 36
    assert sorted(CHECKS) == [f"T{number:02d}" for number in range(1, len(CHECKS) + 1)]


@pytest.mark.parametrize("name", ALONE)
def test_a_published_result_is_reproduced(name: str) -> None:
    verdict = run([name])[0]
    assert verdict.ok, (
        f"{verdict.statement} ({verdict.citation}): off by {verdict.difference:g}, "
        f"tolerance {verdict.tolerance:g}"
    )
    assert len(verdict.published) == len(verdict.computed) > 0


@pytest.mark.parametrize("name", REDUCTIONS)
def test_the_model_reduces_to_a_simpler_one(name: str) -> None:
    assert REDUCTIONS[name]() == 0


def test_every_reduction_is_there() -> None:
    assert list(REDUCTIONS) == [f"R{number}" for number in range(1, 12)]


def test_a_check_fails_when_the_numbers_differ() -> None:
    wrong = Check("X", "a wrong result", 1e-3, "nobody", lambda: ([1.0, 2.0], [1.0, 2.01]))
    verdict = wrong.judge()
    assert not verdict.ok
    assert verdict.difference == pytest.approx(0.01)


def test_an_unknown_check_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="unknown check 'T0'"):
        run(["t0"])
