"""The barracks and the street."""

from typing import Literal

from sim.scenario.quantities import Quantity
from sim.scenario.schema.base import ANY, NONNEGATIVE, SHARE, Actor, parameter


class Military(Actor):
    """The armed forces: each unit defects or stays when an uprising is attempted."""

    kind: Literal["military"]
    units: Quantity = parameter("N", "count", (1.0, 1e6), 40.0, required=True, whole=True)
    """Number of units that decide for themselves."""
    strength: Quantity = parameter(
        "theta0", "share of units", ANY, 1.0, required=True, at_start=True
    )
    """Regime strength at the start: the defecting share that it withstands."""
    strength_sd: Quantity = parameter("theta_sd", "share of units", NONNEGATIVE, 0.0, at_start=True)
    """Spread of true strength around that value: what nobody knows."""
    cost_of_defecting: Quantity = parameter("c_d", "ratio", (1e-6, 1 - 1e-6), 0.5, required=True)
    """Cost of defecting over the benefit if the regime falls."""
    amnesty: Quantity = parameter("amnesty", "index", SHARE, 0.0)
    """Amnesty offered to those who defect."""
    signal_noise: Quantity = parameter("sig_x", "share of units", NONNEGATIVE, 0.0)
    """Spread of the units' private signals about strength."""
    shock: Quantity = parameter("sig_th", "share of units", NONNEGATIVE, 0.0)
    """Spread of the weekly shocks to strength."""
    effect_sanctions: Quantity = parameter("a_R", "index", NONNEGATIVE, 0.0)
    """Strength lost per unit of net bite (rents)."""
    effect_allies: Quantity = parameter("a_A", "index", NONNEGATIVE, 0.0)
    """Strength gained per unit of allied support."""
    effect_street: Quantity = parameter("a_m", "index", NONNEGATIVE, 0.0)
    """Strength lost per unit of mobilisation."""
    effect_recognition: Quantity = parameter("a_n", "index", NONNEGATIVE, 0.0)
    """Strength lost per unit of recognition of the opposition."""
    purge: Quantity = parameter("purge", "share of units", SHARE, 0.0)
    """Strength gained from the purge after a failed attempt."""


class Street(Actor):
    """The protesting public: mobilises and tires, and carries uprisings."""

    kind: Literal["street"]
    mobilisation: Quantity = parameter("m0", "index", SHARE, 0.0, required=True, at_start=True)
    """Mobilisation at the start; 1 is as high as it can be."""
    inflow: Quantity = parameter("iota", "1/week", SHARE, 0.0)
    """Weekly gain of mobilisation."""
    decay: Quantity = parameter("d_m", "share per week", SHARE, 0.0)
    """Share of mobilisation lost in a week."""
    decay_in_talks: Quantity = parameter("d_talk", "share per week", SHARE, 0.0)
    """Further share lost in a week of talks."""
    shock: Quantity = parameter("sig_m", "index", NONNEGATIVE, 0.0)
    """Spread of the weekly shocks to mobilisation."""
    after_failure: Quantity = parameter("m_fail", "share", SHARE, 1.0)
    """Share of mobilisation left after a failed uprising."""
    attempts: Quantity = parameter("h0", "attempts per week", SHARE, 0.0)
    """Uprisings a week at full mobilisation, apart from talks."""
