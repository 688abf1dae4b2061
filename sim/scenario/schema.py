"""What each kind of actor has: every parameter once, with symbol, unit, domain and meaning.

The domain is what the equations allow; the range in a scenario file is what its author holds
plausible. A parameter that is left out takes its neutral value, at which its mechanism does
nothing. Symbols are those of docs/explanation/model.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import Field
from pydantic.fields import FieldInfo

from sim.scenario.quantities import Frozen, Quantity

INFINITE = 1e9


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


SHARE, PROBABILITY, WEEKLY = (0.0, 1.0), (0.0, 1.0), (0.0, 1.0)
STAKE = "share of the stake"
ANY, POSITIVE = (-INFINITE, INFINITE), (1e-6, INFINITE)
NONNEGATIVE = (0.0, INFINITE)


class Actor(Frozen):
    """What every actor has: a kind, a name to read, and perhaps the state it speaks for."""

    kind: str
    name: str
    """Name for readers, as the actor would be called in a newspaper."""
    state: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    """iso3 code of the state it speaks for; one record, read by both."""

    multiple: ClassVar[bool] = False
    """Whether a scenario may hold several actors of the kind."""


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


class Sender(Actor):
    """A state that sanctions: level, easing, threat, a red line for relief, a seat, force."""

    kind: Literal["sender"]
    sanctions: Quantity = parameter("s", "index", SHARE, 0.0)
    """Level of sanctions set by policy, before easing; 1 is a full embargo that all obey."""
    targeted: Quantity = parameter("tau", "share", SHARE, 0.0)
    """Share of the sanctions aimed at persons and not at the economy."""
    threat: Quantity = parameter("s_threat", "index", SHARE, 0.0)
    """Level of sanctions threatened."""
    threat_credibility: Quantity = parameter("chi", "probability", PROBABILITY, 0.0)
    """Probability with which the target expects the threat to be carried out."""
    easing: Quantity = parameter("ease", "share", SHARE, 0.0)
    """Share of the sanctions that is eased."""
    snapback: Quantity = parameter("snap", "index", SHARE, 0.0)
    """Credibility that eased sanctions return if the target reneges; it assures both sides."""
    seat: Quantity = parameter("seat", "0 or 1", SHARE, 0.0, whole=True)
    """Whether it sits at the table."""
    veto: Quantity = parameter("veto", "0 or 1", SHARE, 0.0, whole=True)
    """Whether it keeps the opposition from the table."""
    red_line: Quantity = parameter("r_U", STAKE, SHARE, 0.0)
    """Least settlement for which it grants relief."""
    relief: Quantity = parameter("relief", STAKE, SHARE, 0.0)
    """Value of full relief to the government, per unit of sanctions."""
    force_perceived: Quantity = parameter("h_hat", "probability per week", PROBABILITY, 0.0)
    """Weekly hazard of foreign force as both sides perceive it."""
    force_hazard: Quantity = parameter("h_int", "probability per week", PROBABILITY, 0.0)
    """Actual weekly hazard of foreign force."""


class Mediator(Actor):
    """A third party that convenes, informs, opens a way out, brings leverage and guarantees."""

    kind: Literal["mediator"]
    multiple: ClassVar[bool] = True
    present: Quantity = parameter("present", "0 or 1", SHARE, 1.0, whole=True)
    """Whether it is at work."""
    convene: Quantity = parameter("convene", "probability per week", PROBABILITY, 0.25)
    """Probability that it creates an occasion to talk in a week."""
    way_out: Quantity = parameter("way_out", "index", SHARE, 0.25)
    """How well it shows both sides a way out of the stalemate."""
    information: Quantity = parameter("information", "share per week", SHARE, 0.0)
    """Share of the uncertainty about limits that it removes in a week of talks, if believed."""
    bias: Quantity = parameter("bias", "index", NONNEGATIVE, 0.0)
    """Its bias toward the government."""
    signal_error: Quantity = parameter("eps", "probability", (0.0, 0.49), 0.0)
    """Probability that its private signal is wrong."""
    cost_of_failure: Quantity = parameter("K", "index", NONNEGATIVE, 1.0)
    """What a breakdown of the talks costs it."""
    leverage: Quantity = parameter("leverage", STAKE, SHARE, 0.0)
    """What it adds to a deal as long as it keeps pushing."""
    leverage_decay: Quantity = parameter("decay", "share per week", SHARE, 0.0)
    """Share of its leverage that wanes in a week after signing."""
    guarantee: Quantity = parameter("g", "probability", PROBABILITY, 0.0)
    """Probability that it enforces a promise that would else be broken."""


class Ally(Actor):
    """A state that supports the government and leaves when it expects it to fall."""

    kind: Literal["ally"]
    multiple: ClassVar[bool] = True
    weight: Quantity = parameter("weight", "share", SHARE, 0.0, required=True)
    """Share of all support that full support of this ally makes."""
    support: Quantity = parameter("support", "index", SHARE, 0.0, required=True)
    """Level of support at the start, and the level to which it returns."""
    threshold: Quantity = parameter("threshold", "probability", PROBABILITY, 0.0, required=True)
    """It withdraws support while it expects the government to survive with less than this."""


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
    mobilisation: Quantity = parameter(
        "m0", "index", SHARE, 0.0, required=True, at_start=True
    )
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


class Assets(Actor):
    """Assets of the state held abroad, whose proceeds follow recognition."""

    kind: Literal["assets"]
    value: Quantity = parameter("v_F", STAKE, SHARE, 0.0)
    """Value to the opposition at full recognition."""


class Bloc(Frozen):
    """States with a common distribution of thresholds."""

    threshold: Quantity = parameter(
        "mean_B", "index", ANY, 0.0, required=True, at_start=True
    )
    """Mean influence at which a state of the bloc recognises the opposition."""
    never: Quantity = parameter("z_B", "probability", PROBABILITY, 0.0, at_start=True)
    """Share of the bloc that never takes the opposition's side on its own."""


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
    patron: str | None = Field(default=None, pattern="^[A-Z]{3}$")
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


class Talks(Frozen):
    """The negotiating table: its clock, what is unknown, what third parties find there."""

    start: Literal["talks", "apart"] = "apart"
    """Whether the parties are in talks when the run starts."""
    uncertainty: Quantity = parameter("omega0", STAKE, SHARE, 0.0, at_start=True)
    """Uncertainty about each other's limits at the start."""
    learning: Quantity = parameter("om_talk", "share per week", SHARE, 0.0)
    """Share of that uncertainty that a week of talks removes."""
    suspicion_divisor: Quantity = parameter("divisor", "ratio", (1.0, INFINITE), 4.0)
    """A deal needs a zone of uncertainty over this; 4 is the best any mechanism can do."""
    final_offers: Quantity = parameter("q_ser", "probability per week", PROBABILITY, 1.0)
    """Probability that final offers are tabled in a week of talks."""
    round_length: Quantity = parameter("D", "weeks", (1.0, INFINITE), 1.0)
    """Weeks after which a round without a deal fails."""
    cool_off: Quantity = parameter("cool", "weeks", NONNEGATIVE, 0.0)
    """Weeks apart after a failed round or a broken deal."""
    implementation: Quantity = parameter("W", "weeks", NONNEGATIVE, 0.0)
    """Weeks that a deal must survive to count."""
    zone_noise: Quantity = parameter("zone_noise", STAKE, NONNEGATIVE, 0.0)
    """Spread of the weekly noise on each side's reservation point."""
    softening: Quantity = parameter("soft", "share per week", SHARE, 0.0)
    """Share of hardness that red lines lose in a fully ripe week apart."""
    pain_reference: Quantity = parameter("pain_ref", STAKE, POSITIVE, 1.0)
    """Pain on both sides at which the conflict is fully ripe."""
    planning_horizon: Quantity = parameter("H", "weeks", NONNEGATIVE, 0.0)
    """How far both sides look ahead when they judge the odds of force."""
    occasions_unmediated: Quantity = parameter("convene_0", "probability per week", SHARE, 0.25)
    """Probability of an occasion to talk in a week without a mediator."""
    way_out_unmediated: Quantity = parameter("way_out_0", "index", SHARE, 0.25)
    """How well the sides see a way out without a mediator."""
    settlement_high: Quantity = parameter("r_H", STAKE, (1e-6, 1.0), 1.0)
    """Settlement with a tough opposition, as a mediator weighs it."""
    settlement_low: Quantity = parameter("r_L", STAKE, SHARE, 0.0)
    """Settlement with a weak opposition, as a mediator weighs it."""


class Issue(Frozen):
    """One issue of the agenda: worth ``value`` to the opposition, ``cost`` to the government."""

    id: str = Field(pattern="^[a-z][a-z0-9_]*$")
    name: str | None = None
    """The issue in words."""
    label: Literal["negotiated_transition", "power_sharing", "electoral_roadmap"] | None = None
    """Outcome that a deal conceding this issue counts as; the strongest label decides."""
    value: Quantity = parameter("a", "relative weight", (1e-6, INFINITE), 1.0, required=True)
    """Value to the opposition, relative to the other issues."""
    cost: Quantity = parameter("g_i", "relative weight", (1e-6, INFINITE), 1.0, required=True)
    """Cost to the government, relative to the other issues."""


KINDS: dict[str, type[Actor]] = {
    "government": Government,
    "opposition": Opposition,
    "sender": Sender,
    "mediator": Mediator,
    "ally": Ally,
    "military": Military,
    "street": Street,
    "assets": Assets,
    "states": States,
}
