"""The two sides of the table: government and opposition."""

from typing import Literal

from sim.scenario.quantities import Quantity
from sim.scenario.schema.base import ANY, NONNEGATIVE, PROBABILITY, SHARE, STAKE, Actor, parameter


class Government(Actor):
    """The government: bargains in good faith or plays for time, offers, signs, reneges."""

    kind: Literal["government"]
    red_line: Quantity = parameter("r_G", STAKE, SHARE, 0.0)
    """Highest cost that its public red line admits."""
    hardness: Quantity = parameter("kap_G", "index", NONNEGATIVE, 0.0, at_start=True)
    """Cost of crossing its own red line, relative to the stake, at the start."""
    good_faith: Quantity = parameter("pi_s", "probability", PROBABILITY, 1.0, at_start=True)
    """Share of governments of this kind that bargain in good faith; the rest play for time."""
    concession_sincere: Quantity = parameter("q_s", "probability per week", PROBABILITY, 0.5)
    """Probability of a concession in a week of talks, in good faith."""
    concession_stalling: Quantity = parameter("q_i", "probability per week", PROBABILITY, 0.5)
    """Probability of a concession in a week of talks, playing for time."""
    value_of_time: Quantity = parameter("delay", STAKE, SHARE, 0.0)
    """What time is worth to a government that plays for it."""
    exposure: Quantity = parameter("E", STAKE, SHARE, 0.0)
    """What leaving office may cost it where promises of safety do not hold."""
    trust_in_relief: Quantity = parameter("gam0", "probability", PROBABILITY, 0.0)
    """Its belief that promised sanctions relief is honoured, before any assurance."""
    pain_base: Quantity = parameter("c0", STAKE, SHARE, 0.0)
    """Cost of waiting without sanctions and protest."""
    pain_sanctions: Quantity = parameter("k_G", STAKE, NONNEGATIVE, 0.0)
    """Cost of waiting per unit of net bite."""
    pain_street: Quantity = parameter("k_M", STAKE, NONNEGATIVE, 0.0)
    """Cost of waiting per unit of mobilisation."""
    adaptation_speed: Quantity = parameter("lam", "share per week", SHARE, 0.0)
    """Share of the gap to the ceiling that adaptation to sanctions closes in a week."""
    adaptation_ceiling: Quantity = parameter("abar", "share", SHARE, 0.0)
    """Share of the sanctions to which it can adapt in the end."""
    offset_by_allies: Quantity = parameter("psi", "share", SHARE, 0.0)
    """Share of the bite that full support of all allies offsets."""
    renege_base: Quantity = parameter("h_ren", "probability per week", PROBABILITY, 0.0)
    """Weekly hazard of reneging on a deal that pays."""
    renege_slope: Quantity = parameter("renege_slope", "1/week", NONNEGATIVE, 0.0)
    """Weekly hazard of reneging per unit of temptation."""
    renege_margin: Quantity = parameter("renege_margin", STAKE, SHARE, 0.0)
    """Temptation counts from this much below zero."""


class Opposition(Actor):
    """The opposition: enters and leaves talks, demands, signs, calls uprisings."""

    kind: Literal["opposition"]
    red_line: Quantity = parameter("r_O", "utility share", SHARE, 1.0)
    """Least utility that its public red line admits."""
    hardness: Quantity = parameter("kap_O", "index", NONNEGATIVE, 0.0, at_start=True)
    """Cost of crossing its own red line, relative to the stake, at the start."""
    recognition_hardening: Quantity = parameter("zeta", "index", NONNEGATIVE, 0.0)
    """How much full recognition hardens its line."""
    prior_good_faith: Quantity = parameter("mu0", "probability", PROBABILITY, 1.0)
    """Its prior belief that the government bargains in good faith."""
    trust_drift: Quantity = parameter("mu_drift", "share per week", SHARE, 0.0)
    """Share of the gap to the prior by which that belief recovers in a week apart."""
    trust_scar: Quantity = parameter("scar", "share", SHARE, 0.0)
    """Share of that belief that a failed round or a broken deal destroys."""
    loss_strung_along: Quantity = parameter("stall", STAKE, SHARE, 0.0)
    """Cost of talks in which the government only plays for time."""
    exploratory_value: Quantity = parameter("v_exp", STAKE, SHARE, 0.0)
    """Least value that it puts on finding out what can be had."""
    bargaining_weight: Quantity = parameter("beta", "share", SHARE, 0.5)
    """Its share of the surplus of a deal."""
    believed_attempts: Quantity = parameter("h_O", "attempts per week", SHARE, 0.0)
    """Attempts a week that it believes it can organise at full mobilisation."""
    belief_strength: Quantity = parameter("b0", "share of units", ANY, 1.0, at_start=True)
    """Mean of its belief about regime strength at the start; low is optimistic."""
    belief_sd: Quantity = parameter("b_sd", "share of units", NONNEGATIVE, 0.0, at_start=True)
    """Standard deviation of that belief at the start."""
    belief_learning: Quantity = parameter("b_learn", "share per week", SHARE, 0.0)
    """Share of the gap to true strength that its belief closes in a week."""
    enter_below: Quantity = parameter("P_enter", "probability", PROBABILITY, 1.0)
    """It stays away from talks while its odds that force decides are above this."""
    leave_above: Quantity = parameter("P_leave", "probability", PROBABILITY, 1.0)
    """It leaves talks when its odds that force decides rise above this."""
    pain_base: Quantity = parameter("rep", STAKE, SHARE, 0.0)
    """Cost of waiting under repression."""
    pain_sanctions: Quantity = parameter("k_O", STAKE, NONNEGATIVE, 0.0)
    """Cost of waiting per unit of untargeted bite."""
    loss_if_reneged: Quantity = parameter("l", STAKE, SHARE, 0.0)
    """What it loses when a deal is reneged on."""
