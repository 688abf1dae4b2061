"""Quantities: each law against its own closed form, the support, and what is refused."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats

from sim.scenario.quantities import Quantity

LUCK = np.concatenate([[1e-9], np.linspace(0.001, 0.999, 999), [1 - 1e-9]])
#: The least and the greatest number that a draw can be.
ENDS = np.array([2.0**-53, 1 - 2.0**-53])


def truncated(mean: float, sd: float, low: float, high: float) -> Any:
    return stats.truncnorm((low - mean) / sd, (high - mean) / sd, mean, sd)


LAWS: list[tuple[dict[str, Any], Any]] = [
    ({"dist": "uniform", "low": 0.2, "high": 0.7}, stats.uniform(0.2, 0.5)),
    ({"dist": "triangular", "low": -1, "mode": 0, "high": 3}, stats.triang(0.25, -1, 4)),
    ({"dist": "triangular", "low": 0, "mode": 0, "high": 1}, stats.triang(0, 0, 1)),
    ({"dist": "triangular", "low": 0, "mode": 1, "high": 1}, stats.triang(1, 0, 1)),
    ({"dist": "beta", "a": 5.5, "b": 4.5}, stats.beta(5.5, 4.5)),
    ({"dist": "beta", "a": 0.3, "b": 2, "low": 1, "high": 3}, stats.beta(0.3, 2, 1, 2)),
    ({"dist": "normal", "mean": 1, "sd": 2, "low": -1, "high": 2}, truncated(1, 2, -1, 2)),
    ({"dist": "normal", "mean": 0, "sd": 1, "low": 3, "high": 9}, truncated(0, 1, 3, 9)),
]


@pytest.mark.parametrize(
    ("law", "reference"), LAWS, ids=lambda x: str(x) if isinstance(x, dict) else ""
)
def test_quantiles_are_those_of_the_law(law: dict[str, Any], reference: Any) -> None:
    found = Quantity(**law).quantile(LUCK)
    np.testing.assert_allclose(found, reference.ppf(LUCK), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("law", [law for law, _ in LAWS], ids=str)
def test_quantiles_rise_and_stay_inside_the_support(law: dict[str, Any]) -> None:
    quantity = Quantity(**law)
    found = quantity.quantile(np.concatenate([ENDS[:1], LUCK, ENDS[1:]]))
    low, high = quantity.support()
    assert np.all(np.diff(found) >= 0)
    assert low <= found[0]
    assert found[-1] <= high


def test_a_fixed_number_is_the_same_at_every_probability() -> None:
    quantity = Quantity.model_validate(0.25)
    assert quantity.is_fixed
    assert quantity.support() == (0.25, 0.25)
    assert np.all(quantity.quantile(LUCK) == 0.25)


def test_a_discrete_law_takes_each_value_with_its_weight() -> None:
    quantity = Quantity(dist="discrete", values=(5, 1, 3), weights=(1, 2, 1))
    luck = (np.arange(1000) + 0.5) / 1000
    values, counts = np.unique(quantity.quantile(luck), return_counts=True)
    assert values.tolist() == [1, 3, 5]
    assert counts.tolist() == [500, 250, 250]
    assert quantity.support() == (1, 5)


def test_a_discrete_law_without_weights_is_even() -> None:
    quantity = Quantity(dist="discrete", values=(1, 2, 3, 4))
    assert quantity.quantile(np.array([0.1, 0.3, 0.6, 0.9])).tolist() == [1, 2, 3, 4]


def test_a_value_of_weight_0_is_never_drawn() -> None:
    weights = (0.0, *(0.1,) * 10, 0.0)
    quantity = Quantity(dist="discrete", values=tuple(range(12)), weights=weights)
    assert set(quantity.quantile(LUCK)) == set(range(1, 11))
    assert quantity.quantile(ENDS).tolist() == [1, 10]


def test_a_law_is_told_without_its_account() -> None:
    quantity = Quantity(dist="uniform", low=0, high=1, unit="index", source=("P1",))
    assert quantity.law() == {"dist": "uniform", "low": 0.0, "high": 1.0}
    discrete = Quantity(dist="discrete", values=(1, 2))
    assert discrete.law() == {"dist": "discrete", "values": [1.0, 2.0]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "needs a number; give `value`, `dist` or `same_as`"),
        ({"unit": "index"}, "needs a number"),
        ({"value": None}, "needs a number"),
        ({"value": 1, "dist": "uniform", "low": 0, "high": 1}, "value and dist exclude each other"),
        ({"value": 1, "same_as": "x"}, "value and same_as exclude each other"),
        ({"value": 1, "low": 0}, "value does not go with low"),
        ({"dist": "uniform", "low": 0}, "uniform needs high"),
        ({"dist": "uniform", "low": 0, "high": 1, "sd": 1}, "uniform does not go with sd"),
        ({"dist": "uniform", "low": 1, "high": 0}, "low and high must rise"),
        ({"dist": "uniform", "low": 1, "high": 1}, "low and high must rise"),
        ({"dist": "triangular", "low": 0, "mode": 2, "high": 1}, "low, mode and high must rise"),
        ({"dist": "triangular", "low": 0, "high": 1}, "triangular needs mode"),
        ({"dist": "beta", "a": 1}, "beta needs b"),
        ({"dist": "beta", "a": 1, "b": 1, "low": 0}, "beta takes both low and high"),
        ({"dist": "beta", "a": 0, "b": 1}, "greater than 0"),
        ({"dist": "normal", "mean": 0, "sd": 0, "low": 0, "high": 1}, "normal needs sd above 0"),
        ({"dist": "normal", "mean": 0, "sd": 1}, "normal needs low, high"),
        ({"dist": "normal", "mean": 0, "sd": 0.1, "low": 4, "high": 9}, "less than a millionth"),
        ({"dist": "discrete"}, "discrete needs values"),
        ({"dist": "discrete", "values": []}, "at least 1 item"),
        ({"dist": "discrete", "values": [1], "weights": [1, 2]}, "of the same length"),
        ({"dist": "discrete", "values": [1, 2], "weights": [0, 0]}, "must not be negative"),
        ({"dist": "discrete", "values": [1, 2], "weights": [-1, 2]}, "must not be negative"),
        ({"dist": "discrete", "values": [1, 2], "weights": [1e308, 1e308]}, "must not be negative"),
        ({"value": 1, "range": [1, 0]}, "range must rise"),
        ({"value": float("nan")}, "finite"),
        ({"value": float("inf")}, "finite"),
        ({"value": True}, "valid number"),
        ({"value": "1"}, "valid number"),
        (True, "must be a number or a mapping"),
        ("1", "must be a number or a mapping"),
        ([1], "must be a number or a mapping"),
        (None, "must be a number or a mapping"),
        ({"value": 1, "colour": 2}, "Extra inputs"),
        ({"value": 1, "basis": "guess"}, "'observed', 'expert', 'assumed' or 'illustrative'"),
    ],
)
def test_what_is_no_quantity_is_refused(data: object, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Quantity.model_validate(data)
    assert message in str(caught.value)


def test_a_quantity_cannot_be_changed() -> None:
    quantity = Quantity(value=1)
    with pytest.raises(ValidationError):
        quantity.value = 2  # type: ignore[misc]
