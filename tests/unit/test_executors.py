"""Executors give the same answers in the same order, whatever happens to a worker."""

import os
import signal
import time
from pathlib import Path

import pytest

from sim.errors import RunError, UsageError
from sim.executors import InProcess, Lost, Parcel, open_executor


def square(number: int) -> int:
    return number * number


def slow_first(number: int) -> int:
    time.sleep(0.3 if number == 0 else 0.0)
    return number


def die(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_on_three(number: int) -> int:
    if number == 3:
        die(number)
    return number


def die_once(task: tuple[int, str]) -> int:
    number, flag = task
    if number == 3 and not Path(flag).exists():
        Path(flag).touch()
        die(number)
    return number


def refuse(number: int) -> int:
    raise RunError(f"no {number}")


def give_what_cannot_travel(number: int) -> object:
    return lambda: number


def opened(parcel: Parcel[list[int]]) -> int:
    return sum(parcel.content)


def test_answers_come_in_the_order_of_the_tasks() -> None:
    with open_executor(2) as executor:
        assert list(executor.map(square, range(9))) == [n * n for n in range(9)]
        assert list(executor.map(slow_first, range(9))) == list(range(9))


def test_tasks_are_taken_as_they_are_needed() -> None:
    taken = []

    def tasks() -> object:
        for number in range(1000):
            taken.append(number)
            yield number

    with open_executor(2) as executor:
        answers = executor.map(square, tasks())  # type: ignore[arg-type]
        assert next(answers) == 0
        assert len(taken) < 20


def test_a_worker_that_dies_is_replaced_and_its_task_done_again(tmp_path: Path) -> None:
    flag = str(tmp_path / "died")
    with open_executor(2) as executor:
        assert list(executor.map(die_once, [(n, flag) for n in range(6)])) == list(range(6))
    assert Path(flag).exists()


def test_a_task_that_always_kills_its_worker_is_the_only_one_lost() -> None:
    with open_executor(2) as executor:
        answers = list(executor.map(die_on_three, range(6)))
    assert [answer for answer in answers if not isinstance(answer, Lost)] == [0, 1, 2, 4, 5]
    lost = answers[3]
    assert isinstance(lost, Lost)
    assert "3 times" in lost.reason


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_task_raises_reaches_the_caller(workers: int) -> None:
    with open_executor(workers) as executor, pytest.raises(RunError, match="no 0"):
        list(executor.map(refuse, [0]))


def test_an_answer_that_cannot_travel_is_an_error_and_no_death() -> None:
    with open_executor(2) as executor, pytest.raises(RunError, match="pickle"):
        list(executor.map(give_what_cannot_travel, [0]))


def test_a_parcel_is_the_same_here_and_in_a_worker() -> None:
    parcel = Parcel([1, 2, 3])
    with open_executor(2) as executor:
        assert list(executor.map(opened, [parcel, parcel])) == [6, 6]
    assert list(InProcess().map(opened, [parcel])) == [6]


@pytest.mark.parametrize("address", ["nonsense://x", "tcp://", "::"])
def test_an_address_that_is_none_is_refused_with_one_message(address: str) -> None:
    with pytest.raises((UsageError, RunError), match="--scheduler"), open_executor(1, address):
        pass


def test_a_scheduler_that_does_not_answer_is_told_within_seconds() -> None:
    started = time.monotonic()
    with (
        pytest.raises(RunError, match="no scheduler answers"),
        open_executor(1, "tcp://127.0.0.1:9"),
    ):
        pass
    # Not a matter of speed: without the limits it takes half a minute.
    assert time.monotonic() - started < 15
