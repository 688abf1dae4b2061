"""What is declared of a parameter, and what every actor has."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import Field
from pydantic.fields import FieldInfo

from sim.scenario.quantities import Frozen, Quantity
from sim.scenario.wording import INFINITE

SHARE, PROBABILITY = (0.0, 1.0), (0.0, 1.0)
ANY, NONNEGATIVE, POSITIVE = (-INFINITE, INFINITE), (0.0, INFINITE), (1e-6, INFINITE)
STAKE = "share of the stake"

#: The patterns of texts that are not free, and what they ask for.
ISO3 = "^[A-Z]{3}$"
ID = "^[a-z][a-z0-9_]*$"
PATTERNS = {
    ISO3: "an iso3 code of three capital letters, such as NOR",
    ID: "an id of lower-case letters, digits and _",
}


@dataclass(frozen=True, slots=True)
class Declared:
    """What the schema says of one parameter, whatever scenario uses it.

    low, high: domain, both ends allowed. neutral: the value of a parameter left out.
    required: whether an actor of this kind must give it. at_start: read once, before week 0, so
    that events cannot change it. whole: an integer.
    """

    symbol: str
    unit: str
    low: float
    high: float
    neutral: float
    required: bool
    at_start: bool
    whole: bool


def parameter(
    symbol: str,
    unit: str,
    domain: tuple[float, float],
    neutral: float,
    *,
    required: bool = False,
    at_start: bool = False,
    whole: bool = False,
) -> Any:
    """Declare one parameter; its meaning is the docstring below the field."""
    declared = Declared(symbol, unit, *domain, neutral, required, at_start, whole)
    extra: dict[str, Any] = {"parameter": declared}
    if required:
        return Field(json_schema_extra=extra)
    return Field(default=Quantity(value=neutral, unit=unit), json_schema_extra=extra)


def declared(field: FieldInfo) -> Declared | None:
    """Return what is declared of a field, None if it is no parameter."""
    extra = field.json_schema_extra
    found = extra.get("parameter") if isinstance(extra, dict) else None
    return found if isinstance(found, Declared) else None


def parameters_of(model: type[Frozen]) -> Iterator[tuple[str, FieldInfo, Declared]]:
    """Yield name, field and declaration of every parameter of a part of the schema."""
    for name, field in model.model_fields.items():
        about = declared(field)
        if about is not None:
            yield name, field, about


class Actor(Frozen):
    """What every actor has: a kind, a name to read, and perhaps the state it speaks for."""

    kind: str
    name: str = Field(min_length=1, max_length=200)
    """Name for readers, as the actor would be called in a newspaper."""
    state: str | None = Field(default=None, pattern=ISO3)
    """iso3 code of the state it speaks for; one record, read by both."""

    multiple: ClassVar[bool] = False
    """Whether a scenario may hold several actors of the kind."""
