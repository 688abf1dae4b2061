"""The states of the world, one by one and by bloc."""

from datetime import date
from typing import Literal

from pydantic import Field

from sim.scenario.quantities import Frozen, Quantity
from sim.scenario.schema.base import ANY, ISO3, NONNEGATIVE, PROBABILITY, SHARE, Actor, parameter


class Bloc(Frozen):
    """States with a common distribution of thresholds."""

    threshold: Quantity = parameter("mean_B", "index", ANY, 0.0, required=True, at_start=True)
    """Mean influence at which a state of the bloc recognises the opposition."""
    never: Quantity = parameter("z_B", "probability", PROBABILITY, 0.0, at_start=True)
    """Share of the bloc that never takes the opposition's side on its own."""
    prompting: Quantity = parameter("e_B", "index", ANY, 0.0)
    """Influence added for the states of the bloc, as by a common deadline; negative: they wait."""


Position = Literal["opposition", "government", "neither"]


class Member(Frozen):
    """One state: bloc, position at the start, weight; fields left out keep the table's."""

    name: str | None = None
    bloc: str | None = None
    position: Position | None = None
    weight: float | None = Field(default=None, gt=0, le=1000)
    """Diplomatic weight, 1 unless there is a reason."""
    follows_patron: bool | None = None


class States(Actor):
    """The states of the world: each recognises the opposition, the government, or neither."""

    kind: Literal["states"]
    table: Literal["venezuela_2019"] | None = None
    """Shipped table of named states with blocs and positions."""
    positions_on: date | None = None
    """Date of the positions read from the table; the scenario's start if left out."""
    patron: str | None = Field(default=None, pattern=ISO3)
    """iso3 code of the state that others follow; it moves by events alone."""
    members: dict[str, Member] = Field(default_factory=dict)
    """States by iso3 code: additions to the table, or changes of single fields."""
    blocs: dict[str, Bloc] = Field(default_factory=dict)
    """Thresholds by bloc; a bloc without thresholds moves by events alone."""
    patron_recognises: Quantity = parameter(
        "patron", "0 or 1", SHARE, 0.0, at_start=True, whole=True
    )
    """Whether the patron recognises the opposition at the start."""
    threshold_sd: Quantity = parameter("sd", "index", NONNEGATIVE, 0.0, at_start=True)
    """Spread of thresholds inside a bloc."""
    change_of_government: Quantity = parameter(
        "eta", "probability per week", PROBABILITY, 0.0, at_start=True
    )
    """Weekly probability that a state's government changes and judges afresh."""
    weight_bloc: Quantity = parameter("w_b", "index", NONNEGATIVE, 0.0)
    """Weight of the state's own bloc."""
    weight_world: Quantity = parameter("w_g", "index", NONNEGATIVE, 0.0)
    """Weight of the world."""
    weight_street: Quantity = parameter("w_v", "index", NONNEGATIVE, 0.0)
    """Weight of visible mobilisation."""
    weight_patron: Quantity = parameter("w_p", "index", NONNEGATIVE, 0.0)
    """Weight of the patron's example for those that follow it."""
    hysteresis: Quantity = parameter("h", "index", NONNEGATIVE, 0.0)
    """How far influence must fall below the threshold before recognition is withdrawn."""
