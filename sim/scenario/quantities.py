"""Quantities: a number or a distribution, with unit, range, source and basis.

An uncertain parameter is drawn once per replicate by inverse CDF from one uniform number, so the
same address gives the same quantile whatever the distribution is changed to.
"""

import math
import re
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.scenario.wording import shown

Array = npt.NDArray[np.floating[Any]]

Basis = Literal["observed", "expert", "assumed", "illustrative"]
#: Fields that say what the number is; the others say what it means and where it comes from.
VALUE_FIELDS = frozenset("value dist low mode high mean sd a b values weights same_as".split())
#: What each distribution needs, and may have besides.
NEEDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "uniform": (("low", "high"), ()),
    "triangular": (("low", "mode", "high"), ()),
    "normal": (("mean", "sd", "low", "high"), ()),
    "beta": (("a", "b"), ("low", "high")),
    "discrete": (("values",), ("weights",)),
}
#: Least part of a normal that its bounds may leave.
_LEAST_MASS = 1e-6


_PERCENT = re.compile(r"[0-9]+(\.[0-9]+)? ?%", re.ASCII)


class Frozen(BaseModel):
    """Base of every part of a scenario: typed, immutable, unknown keys refused."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )


class Quantity(Frozen):
    """A number or a distribution with its unit, documented range, source and basis."""

    value: float | None = None
    """The number itself; exclusive with ``dist`` and ``same_as``."""
    dist: Literal["uniform", "triangular", "normal", "beta", "discrete"] | None = None
    """Law of an uncertain quantity; normal is truncated to [low, high], beta is scaled to it."""
    same_as: str | None = None
    """Path of the parameter whose value, draw for draw, this one takes."""
    low: float | None = None
    mode: float | None = None
    high: float | None = None
    mean: float | None = None
    sd: float | None = Field(default=None, ge=0)
    a: float | None = Field(default=None, gt=0, le=1e6)
    b: float | None = Field(default=None, gt=0, le=1e6)
    values: tuple[float, ...] | None = Field(default=None, min_length=1, max_length=1000)
    weights: tuple[float, ...] | None = None
    unit: str | None = None
    """Unit of the number; must be the one that the parameter is declared with."""
    range: tuple[float, float] | None = None
    """Documented range: what the literature or the author holds plausible, low and high."""
    source: tuple[str, ...] = ()
    """Where the number comes from: article paragraph, row of the shipped data, or reference."""
    basis: Basis | None = None
    """How well it is known: observed, expert, assumed or illustrative."""
    reason: str | None = None
    """One sentence of reason; required where the basis is assumed or illustrative."""

    @model_validator(mode="before")
    @classmethod
    def _accept_number(cls, data: Any) -> Any:
        if isinstance(data, int | float) and not isinstance(data, bool):
            return {"value": data}
        if isinstance(data, dict):
            data = dict(data)
            if "source" in data and not isinstance(data["source"], list | tuple):
                data["source"] = [data["source"]]
            for field in ("source", "values", "weights", "range"):
                if isinstance(data.get(field), list):
                    data[field] = tuple(data[field])
        elif not isinstance(data, Quantity):
            raise ValueError(
                f"must be a number or a mapping such as {{value: 0.5, ...}}, not {shown(data)}"
                f"{_share(data)}"
            )
        return data

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        kinds = [name for name in ("value", "dist", "same_as") if getattr(self, name) is not None]
        if not kinds:
            raise ValueError("needs a number; give `value`, `dist` or `same_as`")
        if len(kinds) > 1:
            raise ValueError(f"{' and '.join(kinds)} exclude each other; give one of them")
        needs, may = NEEDS.get(self.dist or "", ((), ()))
        given = {name for name in VALUE_FIELDS - set(kinds) if getattr(self, name) is not None}
        what = self.dist or kinds[0]
        if missing := [name for name in needs if name not in given]:
            raise ValueError(f"{what} needs {', '.join(missing)}")
        if surplus := sorted(given - set(needs) - set(may)):
            raise ValueError(f"{what} does not go with {', '.join(surplus)}")
        self._check_order()
        if self.dist == "normal":
            self._check_normal()
        if self.weights is not None:
            self._check_weights(self.weights)
        return self

    def _check_order(self) -> None:
        ends = [x for x in (self.low, self.mode, self.high) if x is not None]
        if ends != sorted(ends) or (len(ends) > 1 and ends[0] == ends[-1]):
            names = "low, mode and high" if self.mode is not None else "low and high"
            raise ValueError(f"{names} must rise")
        if self.dist == "beta" and (self.low is None) != (self.high is None):
            raise ValueError("beta takes both low and high, or neither (0 and 1)")
        if self.range is not None and self.range[0] > self.range[1]:
            raise ValueError("range must rise: [low, high]")

    def _check_normal(self) -> None:
        """Refuse a normal of which [low, high] holds so little that its quantiles lose digits."""
        low, high = self.support()
        scale = math.sqrt(2) * (self.sd or 0.0)
        if not scale:
            raise ValueError("normal needs sd above 0; write `value` for a fixed number")
        ends = [((end - (self.mean or 0.0)) / scale) for end in (low, high)]
        if (math.erf(ends[1]) - math.erf(ends[0])) / 2 < _LEAST_MASS:
            raise ValueError("less than a millionth of the normal lies between low and high")

    def _check_weights(self, weights: tuple[float, ...]) -> None:
        if len(weights) != len(self.values or ()):
            raise ValueError("weights and values must be of the same length")
        if min(weights) < 0 or not 0 < sum(weights) < math.inf:
            raise ValueError("weights must not be negative, and their sum must be above 0")

    @property
    def is_fixed(self) -> bool:
        """Whether the quantity is one number, the same in every replicate."""
        return self.value is not None

    def support(self) -> tuple[float, float]:
        """Return the least and the greatest value that can be drawn."""
        if self.value is not None:
            return self.value, self.value
        if self.values is not None:
            return min(self.values), max(self.values)
        low = self.low if self.low is not None else 0.0
        high = self.high if self.high is not None else 1.0
        return low, high

    def law(self) -> dict[str, Any]:
        """Return the fields that say what the number is, without unit, source and basis."""
        fields = self.model_dump(exclude_none=True, include=set(VALUE_FIELDS))
        return {key: list(v) if isinstance(v, tuple) else v for key, v in fields.items()}

    def quantile(self, luck: Array) -> Array:
        """Return the values at probabilities ``luck`` in (0, 1), the same shape."""
        low, high = self.support()
        if self.value is not None:
            return np.full_like(luck, self.value)
        if self.dist == "uniform":
            return low + luck * (high - low)
        if self.dist == "triangular":
            return self._triangular(luck, low, high)
        if self.dist == "normal":
            return self._truncated_normal(luck, low, high)
        if self.dist == "beta":
            from scipy.special import betaincinv

            shape = np.array([self.a, self.b], dtype=np.float64)
            drawn: Array = low + (high - low) * betaincinv(shape[0], shape[1], luck)
            return drawn
        return self._discrete(luck)

    def _triangular(self, luck: Array, low: float, high: float) -> Array:
        mode = self.mode if self.mode is not None else (low + high) / 2
        left = (mode - low) / (high - low)
        rising = low + np.sqrt(luck * (high - low) * (mode - low))
        falling = high - np.sqrt((1 - luck) * (high - low) * (high - mode))
        drawn: Array = np.where(luck < left, rising, falling)
        return drawn

    def _truncated_normal(self, luck: Array, low: float, high: float) -> Array:
        from scipy.special import ndtr, ndtri

        mean, sd = self.mean or 0.0, self.sd or 1.0
        below, above = ndtr((low - mean) / sd), ndtr((high - mean) / sd)
        drawn: Array = np.clip(mean + sd * ndtri(below + luck * (above - below)), low, high)
        return drawn

    def _discrete(self, luck: Array) -> Array:
        values = np.array(self.values, dtype=np.float64)
        weights = np.array(self.weights or (1.0,) * len(values))
        edges = np.cumsum(weights)
        edges = edges / edges[-1]  # Ends at 1 exactly, so that a last weight of 0 is never drawn.
        place = np.minimum(np.searchsorted(edges, luck, side="right"), len(values) - 1)
        return values[place]


def _share(text: Any) -> str:
    """Return how a percentage is written, or nothing."""
    if not isinstance(text, str) or not _PERCENT.fullmatch(text):
        return ""
    return f"; {text} is {float(text.rstrip('% ')) / 100:g}"
