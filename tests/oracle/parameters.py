"""The tables of section 2 (symbol and neutral value of every parameter) and the laws of 7.2."""

import math

from scipy.special import betaincinv, ndtr, ndtri

#: field: (symbol, value where it is left out or its actor is absent)
TALKS = {
    "uncertainty": ("omega0", 0.0), "learning": ("om_talk", 0.0),
    "suspicion_divisor": ("divisor", 4.0), "final_offers": ("q_ser", 1.0),
    "round_length": ("D", 1.0), "cool_off": ("cool", 0.0), "implementation": ("W", 0.0),
    "zone_noise": ("zone_noise", 0.0), "softening": ("soft", 0.0),
    "pain_reference": ("pain_ref", 1.0), "planning_horizon": ("H", 0.0),
    "occasions_unmediated": ("convene_0", 0.25), "way_out_unmediated": ("way_out_0", 0.25),
    "settlement_high": ("r_H", 1.0), "settlement_low": ("r_L", 0.0),
}  # fmt: skip
GOVERNMENT = {
    "red_line": ("r_G", 0.0), "hardness": ("kap_G", 0.0), "good_faith": ("pi_s", 1.0),
    "concession_sincere": ("q_s", 0.5), "concession_stalling": ("q_i", 0.5),
    "value_of_time": ("delay", 0.0), "exposure": ("E", 0.0), "trust_in_relief": ("gam0", 0.0),
    "pain_base": ("c0", 0.0), "pain_sanctions": ("k_G", 0.0), "pain_street": ("k_M", 0.0),
    "adaptation_speed": ("lam", 0.0), "adaptation_ceiling": ("abar", 0.0),
    "offset_by_allies": ("psi", 0.0), "renege_base": ("h_ren", 0.0),
    "renege_slope": ("renege_slope", 0.0), "renege_margin": ("renege_margin", 0.0),
}  # fmt: skip
OPPOSITION = {
    "red_line": ("r_O", 1.0), "hardness": ("kap_O", 0.0), "recognition_hardening": ("zeta", 0.0),
    "prior_good_faith": ("mu0", 1.0), "trust_drift": ("mu_drift", 0.0),
    "trust_scar": ("scar", 0.0), "loss_strung_along": ("stall", 0.0),
    "exploratory_value": ("v_exp", 0.0), "bargaining_weight": ("beta", 0.5),
    "believed_attempts": ("h_O", 0.0), "belief_strength": ("b0", 1.0),
    "belief_sd": ("b_sd", 0.0), "belief_learning": ("b_learn", 0.0),
    "enter_below": ("P_enter", 1.0), "leave_above": ("P_leave", 1.0), "pain_base": ("rep", 0.0),
    "pain_sanctions": ("k_O", 0.0), "loss_if_reneged": ("l", 0.0),
}  # fmt: skip
SENDER = {
    "sanctions": ("s", 0.0), "targeted": ("tau", 0.0), "threat": ("s_threat", 0.0),
    "threat_credibility": ("chi", 0.0), "easing": ("ease", 0.0), "snapback": ("snap", 0.0),
    "seat": ("seat", 0.0), "veto": ("veto", 0.0), "red_line": ("r_U", 0.0),
    "relief": ("relief", 0.0), "force_perceived": ("h_hat", 0.0), "force_hazard": ("h_int", 0.0),
}  # fmt: skip
MILITARY = {
    "units": ("N", 40.0), "strength": ("theta0", 1.0), "strength_sd": ("theta_sd", 0.0),
    "cost_of_defecting": ("c_d", 0.5), "amnesty": ("amnesty", 0.0), "signal_noise": ("sig_x", 0.0),
    "shock": ("sig_th", 0.0), "effect_sanctions": ("a_R", 0.0), "effect_allies": ("a_A", 0.0),
    "effect_street": ("a_m", 0.0), "effect_recognition": ("a_n", 0.0), "purge": ("purge", 0.0),
}  # fmt: skip
STREET = {
    "mobilisation": ("m0", 0.0), "inflow": ("iota", 0.0), "decay": ("d_m", 0.0),
    "decay_in_talks": ("d_talk", 0.0), "shock": ("sig_m", 0.0), "after_failure": ("m_fail", 1.0),
    "attempts": ("h0", 0.0),
}  # fmt: skip
ASSETS = {"value": ("v_F", 0.0)}
STATES = {
    "patron_recognises": ("patron", 0.0), "threshold_sd": ("sd", 0.0),
    "change_of_government": ("eta", 0.0), "weight_bloc": ("w_b", 0.0),
    "weight_world": ("w_g", 0.0), "weight_street": ("w_v", 0.0), "weight_patron": ("w_p", 0.0),
    "hysteresis": ("h", 0.0),
}  # fmt: skip
#: Kinds of which there is at most one. Their symbols, with those of the talks, do not clash.
SINGLE = {
    "government": GOVERNMENT, "opposition": OPPOSITION, "military": MILITARY, "street": STREET,
    "assets": ASSETS, "states": STATES,
}  # fmt: skip
#: Kinds of which there may be several, with the names of the page as symbols.
MEDIATOR = {
    "present": ("present", 1.0), "convene": ("convene", 0.25), "way_out": ("way_out", 0.25),
    "information": ("information", 0.0), "bias": ("bias", 0.0), "signal_error": ("eps", 0.0),
    "cost_of_failure": ("K", 1.0), "leverage": ("leverage", 0.0),
    "leverage_decay": ("decay", 0.0), "guarantee": ("g", 0.0),
}  # fmt: skip
ALLY = {"weight": ("weight", 0.0), "support": ("support", 0.0), "threshold": ("threshold", 0.0)}
SEVERAL = {"sender": SENDER, "mediator": MEDIATOR, "ally": ALLY}


def drawn(law, u):
    """The number at quantile u of a law (7.2)."""
    low, high = law.get("low"), law.get("high")
    if law["dist"] == "uniform":
        return low + u * (high - low)
    if law["dist"] == "triangular":
        mode = law["mode"]
        if u < (mode - low) / (high - low):
            return low + math.sqrt(u * (high - low) * (mode - low))
        return high - math.sqrt((1 - u) * (high - low) * (high - mode))
    if law["dist"] == "normal":
        low = -math.inf if low is None else low
        high = math.inf if high is None else high
        mean, sd = law["mean"], law["sd"]
        below, above = float(ndtr((low - mean) / sd)), float(ndtr((high - mean) / sd))
        return min(max(mean + sd * float(ndtri(below + u * (above - below))), low), high)
    if law["dist"] == "beta":
        low = 0.0 if low is None else low
        high = 1.0 if high is None else high
        return low + (high - low) * float(betaincinv(law["a"], law["b"], u))
    if law["dist"] == "discrete":
        values = law["values"]
        weights = law.get("weights") or [1.0] * len(values)
        cumulated = 0.0
        for value, weight in zip(values, weights, strict=True):
            cumulated += weight
            if cumulated / sum(weights) > u:
                return value
        return values[-1]
    raise ValueError(law["dist"])


def item(things, name):
    return next(thing for thing in things if thing["id"] == name)


def quantity_at(scenario, path):
    """What the scenario says at an address, None where it is left out."""
    head, *rest = path.split(".")
    here = scenario.get(head)
    for step in rest:
        if here is None:
            return None
        here = item(here, step) if isinstance(here, list) else here.get(step)
    return here


def number(scenario, path, luck, left_out=None):
    """The replicate's number at an address."""
    quantity = quantity_at(scenario, path)
    if quantity is None:
        return left_out
    if not isinstance(quantity, dict):
        return float(quantity)
    if "same_as" in quantity:
        return number(scenario, quantity["same_as"], luck, left_out)
    if "dist" in quantity:
        return float(drawn(quantity, luck(f"parameter:{path}", 0)))
    return float(quantity["value"])
