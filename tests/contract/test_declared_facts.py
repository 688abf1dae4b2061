"""What each mechanism declares about itself is true on random inputs."""

import inspect
from importlib import import_module
from pkgutil import iter_modules

import numpy as np
import pytest

import sim.mechanisms
from sim.draws import Draws
from sim.mechanisms.facts import CATALOGUE, Facts

SIZE = 4000
#: Slack for rounding in comparisons that are equalities in exact arithmetic.
ROUNDING = 1e-9
#: Mechanisms that take or return more than arrays of numbers, and the check that proves them.
ELSEWHERE = {
    "agenda.cost": "R11 and the agenda's page",
    "agenda.conceded": "the agenda's page",
    "arrays.normal_below": "a numerical convention, not a mechanism",
    "bargaining.offers": "T12",
    "facts.declares": "the catalogue itself",
    "loyalty.mean_strength": "the oracle",
    "loyalty.falls": "R2",
    "loyalty.belief_after_survival": "T30",
    "recognition.influence": "R1",
}


MODULES = {
    module.name: import_module(f"sim.mechanisms.{module.name}")
    for module in iter_modules(sim.mechanisms.__path__)
    if not module.ispkg
}


def sample(facts: Facts, salt: int) -> dict[str, np.ndarray]:
    """Draw every argument from its interval, shape (SIZE,)."""
    draws = Draws(salt, SIZE)
    arguments = {}
    for name, inside in facts.inputs.items():
        luck = draws.uniform(f"facts.{name}")
        if inside is bool:
            arguments[name] = luck < 0.5
        else:
            low, high = inside
            arguments[name] = low + luck * (high - low)
    return arguments


def test_every_public_mechanism_declares_its_facts() -> None:
    found = set()
    for short, module in MODULES.items():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                found.add(f"{short}.{name}")
    assert found == set(CATALOGUE) | set(ELSEWHERE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_declared_arguments_are_those_of_the_function(name: str) -> None:
    facts = CATALOGUE[name]
    assert list(facts.inputs) == list(inspect.signature(facts.function).parameters)
    assert set(facts.rises) | set(facts.falls) <= set(facts.inputs)
    assert facts.source


@pytest.mark.parametrize("name", CATALOGUE)
def test_results_stay_in_the_declared_range(name: str) -> None:
    facts = CATALOGUE[name]
    result = facts.function(**sample(facts, 1))
    if facts.output is bool:
        assert result.dtype == np.bool_
        return
    low, high = facts.output
    assert np.all(result >= low - ROUNDING)
    assert np.all(result <= high + ROUNDING)


@pytest.mark.parametrize("name", CATALOGUE)
def test_one_replicate_alone_agrees_with_many(name: str) -> None:
    facts = CATALOGUE[name]
    arguments = sample(facts, 2)
    whole = facts.function(**arguments)
    assert whole.shape == (SIZE,)
    for row in (0, 17, SIZE - 1):
        alone = facts.function(**{key: value[row : row + 1] for key, value in arguments.items()})
        scalar = facts.function(**{key: value[row] for key, value in arguments.items()})
        assert alone.shape == (1,)
        # A scalar power may differ from an array power in the last bit.
        assert np.allclose(alone[0], whole[row], rtol=1e-13, atol=0, equal_nan=True)
        assert np.allclose(scalar, whole[row], rtol=1e-13, atol=0, equal_nan=True)


DIRECTIONS = [
    (name, argument, sign)
    for name, facts in CATALOGUE.items()
    for sign, arguments in ((1, facts.rises), (-1, facts.falls))
    for argument in arguments
]


@pytest.mark.parametrize(("name", "argument", "sign"), DIRECTIONS)
def test_a_mechanism_moves_in_its_declared_direction(name: str, argument: str, sign: int) -> None:
    facts = CATALOGUE[name]
    arguments = sample(facts, 3)
    inside = facts.inputs[argument]
    more = sample(facts, 4)[argument]
    if inside is bool:
        lower, upper = np.zeros(SIZE, np.bool_), np.ones(SIZE, np.bool_)
    else:
        lower = np.minimum(arguments[argument], more)
        upper = np.maximum(arguments[argument], more)
    before = facts.function(**{**arguments, argument: lower})
    after = facts.function(**{**arguments, argument: upper})
    both = np.isfinite(before) & np.isfinite(after)
    shift = sign * (after[both].astype(np.float64) - before[both].astype(np.float64))
    assert np.all(shift >= -ROUNDING)
    assert np.any(shift > 0), "the argument moves nothing"
