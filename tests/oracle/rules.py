"""The submodels of section 7 as plain functions of numbers: one replicate, no state, no luck.

Symbols are those of the page. Arguments are floats, conditions are bools, draws are passed in.
"""

import math

from scipy.special import bdtrc, erfcx, log_ndtr, ndtr, ndtri, ndtri_exp

SNAPBACK_REASSURES = 0.8
SEAT_REASSURES = 0.5
LEAST_PROBABILITY = 1e-6
AMNESTY_EFFECT = 0.25
TALKS_RESTRAIN = 0.8
VARIANCE_FLOOR = 1e-6
UNSHAKEABLE = -1e9
STREET_SEEN = 1.6
WEIGHT_UNIT = 1_000_000
SUPPORT_KEPT = 0.8
SUPPORT_RETURN = 0.05
SURVIVAL_ERROR = 0.05
INTERVENTION_AFTER_FAILURE = 5
FADED_MOBILISATION = 0.22
FADED_FORCE_ODDS = 0.08
COLLAPSED_ROUNDS = 3
LABELS = ("negotiated_transition", "power_sharing", "electoral_roadmap")
LABEL_COSTS = (0.75, 0.5, 0.25)
LEAST_POSITIVE = 2.2250738585072014e-308


# 7.1 and 7.2


def phi(x):
    return float(ndtr(x))


def phi_inv(u):
    return float(ndtri(u))


def below(gap, sd):
    """Probability that noise of spread sd stays below gap."""
    return phi(gap / sd) if sd > 0 else float(gap > 0)


def sorted_agenda(issues):
    """issues: (value, cost, label) in the order of the file -> (a, g, label), cheapest first."""
    values = sum(value for value, _, _ in issues)
    costs = sum(cost for _, cost, _ in issues)
    shares = [(value / values, cost / costs, label) for value, cost, label in issues]
    return sorted(shares, key=lambda issue: -(issue[0] / issue[1]))


def cost(u, agenda):
    """Cost to the government of a package worth u to the opposition."""
    total = min(u, 0.0) * agenda[0][1] / agenda[0][0]
    left = max(u, 0.0)
    for index, (a, g, _) in enumerate(agenda):
        part = left / a
        if index < len(agenda) - 1:
            part = min(part, 1.0)
        total += part * g
        left = max(left - a, 0.0)
    return total


def conceded_labels(c, agenda):
    """Labels (or None) of the issues conceded at cost c."""
    left = max(c, 0.0)
    labels = []
    for _, g, label in agenda:
        if left >= g / 2:
            labels.append(label)
        left = max(left - g, 0.0)
    return labels


# 7.4 Sanctions and allies


def senders_as_one(senders):
    """The parameters of several senders, in order of id, -> those of the one they act as."""
    now = [one["s"] * (1 - one["ease"]) for one in senders]
    levels = [one["s"] for one in senders]
    sanctioning = [one for one in senders if one["s"] > 0]
    s_now = min(1.0, sum(now))
    more = sum(
        one["chi"] * max(one["s_threat"] - level, 0.0)
        for one, level in zip(senders, now, strict=True)
    )
    return {
        "s": min(1.0, sum(levels)),
        "s_now": s_now,
        "tau": weighted([one["tau"] for one in senders], now),
        "s_more": min(more, 1 - s_now),
        "snap": max((one["snap"] for one in senders if one["ease"] > 0), default=0.0),
        "seat": max((one["seat"] for one in senders), default=0.0),
        "veto": max((one["veto"] for one in senders), default=0.0),
        "relief": weighted([one["relief"] for one in senders], levels),
        "r_U": max((one["r_U"] for one in sanctioning or senders), default=0.0),
        "h_hat": 1 - math.prod(1 - one["h_hat"] for one in senders),
        "h_int": 1 - math.prod(1 - one["h_int"] for one in senders),
    }


def weighted(values, weights):
    total = sum(weights)
    if total == 0:
        return 0.0
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / total


def sanctions(s_now, s_more, adapt, psi, allied):
    """s_now: in force; s_more: expected on top of it. -> bite, net, threatened"""
    bite = s_now * (1 - adapt)
    felt = max(1 - psi * allied, 0.0)
    return bite, bite * felt, s_more * (1 - adapt) * felt


def next_support(support, base, threshold, force_odds, noise):
    survival = 1 - force_odds + SURVIVAL_ERROR * noise
    if survival >= threshold:
        return support + SUPPORT_RETURN * (base - support)
    return SUPPORT_KEPT * support


def next_adaptation(adapt, lam, abar, sanctioned):
    return adapt + lam * (abar * float(sanctioned) - adapt)


# 7.5 Recognition


def weight_units(weight):
    return round(weight * WEIGHT_UNIT)


def opposition_share(with_opposition, with_government):
    total = with_opposition + with_government
    return with_opposition / total if total else 0.0


def influence(w_b, share, w_g, world, w_v, m, w_p, led, prompting):
    """led: the state follows the patron and the patron recognises the opposition."""
    seen = min(1.0, STREET_SEEN * m)
    return w_b * share + w_g * world + w_v * seen + w_p * float(led) + prompting


def threshold_of_recogniser(mean, sd, now, u):
    if sd > 0:
        drawn = mean + sd * float(ndtri_exp(math.log(u) + float(log_ndtr((now - mean) / sd))))
    else:
        drawn = mean
    return min(drawn, now)


def threshold_of_other(mean, sd, z, now, u):
    above = below(mean - now, sd)
    denominator = z + (1 - z) * above
    stay = z / denominator if denominator != 0 else 0.0
    if u < stay:
        return math.inf
    v = (u - stay) / (1 - stay)
    drawn = mean
    if sd > 0:
        drawn = mean - sd * phi_inv(max((1 - v) * above, LEAST_POSITIVE))
    return max(drawn, math.nextafter(now, math.inf))


def weeks_between_governments(u, eta):
    if eta == 0:
        return math.inf
    if eta == 1:
        return 1
    return max(math.ceil(math.log1p(-u) / math.log1p(-eta)), 1)


def threshold_of_new_government(mean, sd, z, u):
    if u < z:
        return math.inf
    quantile = (u - z) / (1 - z)
    return mean + sd * phi_inv(min(max(quantile, 2.0**-53), 1 - 2.0**-53))


def position_of_new_government(now, threshold, home):
    return "opposition" if now >= threshold else home


def next_position(position, now, threshold, h, home):
    if position == "opposition":
        return home if now < threshold - h else position
    return "opposition" if now >= threshold else position


# 7.6 Street


def next_mobilisation(m, n, bite, tau, iota, d_m, d_talk, talks, sig_m, noise):
    gain = iota * (0.5 + 0.5 * n) * (1 + 0.3 * (1 - tau) * bite) + sig_m * noise
    return min(max((1 - d_m - d_talk * float(talks)) * m + gain, 0.0), 1.0)


# 7.7 Barracks


def mean_strength(theta_base, net, allied, m, n, a_R, a_A, a_m, a_n):
    return theta_base + a_R * (0.3 - net) + a_A * (allied - 0.5) - a_m * (m - 0.3) - a_n * (n - 0.5)


def tipping_strength(c_d, amnesty):
    return 1 - c_d * (1 - AMNESTY_EFFECT * amnesty)


def attempt_probability(h0, m, talks):
    return h0 * m * (1 - TALKS_RESTRAIN * float(talks))


def chance_of_fall(theta, theta_star, sig_x, N):
    p = below(theta_star - theta + sig_x * phi_inv(theta_star), sig_x)
    if theta < 0:
        return 1.0
    K = math.floor(theta * N)
    if K >= N:
        return 0.0
    return float(bdtrc(K, int(N), p))


def belief_after_failure(b, b_sd, theta_star):
    """-> b, b_sd"""
    if b_sd > 0:
        k = (theta_star - b) / b_sd
        hz = math.sqrt(2 / math.pi) / float(erfcx(k / math.sqrt(2)))
        return b + b_sd * hz, math.sqrt(max(b_sd**2 * (1 + k * hz - hz**2), VARIANCE_FLOOR))
    return max(b, theta_star), 0.0


def odds_of_force(attempts, m, success, h_hat, H):
    return 1 - ((1 - attempts * m * success) * (1 - h_hat)) ** H


# 7.8 The four levers


def outside_options(P_O, P_G, C_O, C_G, v_F, released, n, delay, m, stalls):
    """-> d_O, d_G"""
    d_O = P_O + (1 - P_O) * v_F * (1 - released) * n - C_O
    d_G = 1 - P_G - C_G + delay * (1 - m / 2) * float(stalls)
    return d_O, d_G


def trust_in_deal(mu, g):
    return max(mu + (1 - mu) * g, LEAST_PROBABILITY)


def trust_in_relief(gam0, snap, seat, g):
    """snap: 0 where nothing is eased."""
    reassured = max(SNAPBACK_REASSURES * snap, SEAT_REASSURES * seat)
    gamma = gam0 + (1 - gam0) * reassured
    return gamma + (1 - gamma) * g


def least_utility(d_O, q_O, l, kap_O, zeta, n, r_O):  # noqa: E741
    m_O = d_O + (1 - q_O) * l / q_O
    if m_O >= r_O:
        return m_O
    kap = kap_O * (1 + zeta * n)
    if math.isinf(kap):
        return r_O
    return (q_O * m_O + kap * r_O) / (q_O + kap)


def grant(gains, d_G, risk, kap_G, r_G):
    """Highest cost that the government grants."""
    m_G = (1 - d_G + gains) / (1 + risk)
    if m_G <= r_G:
        return m_G
    if math.isinf(kap_G):
        return r_G
    return ((1 + risk) * m_G + kap_G * r_G) / (1 + risk + kap_G)


def softening(C_G, C_O, pain_ref, way_out, soft, talks):
    """Factor by which the red lines soften."""
    ripe = min(max(min(C_G, C_O), 0.0) / pain_ref, 1.0) * way_out
    return max(1 - soft * ripe * (1 + 2 * float(talks)), 0.0)


# 7.9 The table


def belief_after_week(mu, conceded, q_s, q_i):
    L_s = q_s if conceded else 1 - q_s
    L_i = q_i if conceded else 1 - q_i
    denominator = mu * L_s + (1 - mu) * L_i
    if L_s == L_i or denominator == 0:
        return mu
    return mu * L_s / denominator


def expected_zone(w, omega):
    if omega <= 0 or abs(w) > omega / 2:
        return max(w, 0.0)
    return (w + omega / 2) ** 2 / (2 * omega)


def worth_talking(mu, beta, w, omega, v_exp, stall):
    return mu * beta * max(expected_zone(w, omega), v_exp) >= (1 - mu) * stall


def price_without_orders(x_min, w, beta, counts, r_U, bare):
    price = min(max(x_min + beta * w, 0.0), 1.0)
    if counts and price < r_U and price > bare:
        price = r_U
    return price


def with_orders(meets, price, x_min, x_max, omega, divisor, beta, bid, ask, accept, reject):
    """bid, ask: the offers ordered or None; accept, reject: the sides ordered -> meets, price"""
    middle, w = (x_min + x_max) / 2, x_max - x_min
    shading = omega / (3 * divisor)
    full_bid = middle + w / 3 - shading if bid is None else bid
    full_ask = middle - w / 3 + shading if ask is None else ask
    if bid is not None or ask is not None:
        meets = full_bid >= full_ask
        if ask is None:
            price = full_bid
        elif bid is None:
            price = full_ask
        else:
            price = full_ask + beta * (full_bid - full_ask)
    if "opposition" in accept and "government" in accept:
        meets = True
    elif "opposition" in accept:
        meets, price = True, full_bid
    elif "government" in accept:
        meets, price = True, full_ask
    if reject:
        meets = False
    return meets, min(max(price, 0.0), 1.0)


def credible(bias, eps, K, r_H, r_L):
    """Whether both sides believe a mediator of this bias."""
    if not (r_H > (1 - eps) * r_L and r_H > eps * r_L):
        return False
    return eps * K / (r_H - (1 - eps) * r_L) <= bias <= (1 - eps) * K / (r_H - eps * r_L)


def information(mediators, r_H, r_L):
    kept = 1.0
    for one in mediators:
        believed = credible(one["bias"], one["eps"], one["K"], r_H, r_L)
        kept *= 1 - one["information"] * float(believed)
    return 1 - kept


# 7.10 Deals in force and 7.11 outcomes


def leverage_left(mediators, age):
    return sum(one["leverage"] * (1 - one["decay"]) ** age for one in mediators)


def renege_hazard(c, risk, r_U, relief_held, leverage, d_G, h_ren, slope, margin, g):
    keep = 1 - c * (1 + risk) + float(c >= r_U) * relief_held + leverage
    return min((h_ren + slope * max(d_G - keep + margin, 0.0)) * (1 - g), 1.0)


def intervention_hazard(h_int, failed_attempt):
    return h_int * (INTERVENTION_AFTER_FAILURE if failed_attempt else 1)


def label_of(c, agenda):
    """-> outcome, sub-label of a deal kept at cost c"""
    if any(label for _, _, label in agenda):
        conceded = conceded_labels(c, agenda)
        found = next((label for label in LABELS if label in conceded), None)
    else:
        found = next(
            (label for label, least in zip(LABELS, LABEL_COSTS, strict=True) if c >= least), None
        )
    return (found, "") if found else ("regime_consolidation", "cosmetic_deal")


def outcome_at_horizon(m, P_O, phase, failed):
    """-> outcome, sub-label"""
    if m < FADED_MOBILISATION and P_O < FADED_FORCE_ODDS and phase != "implementing":
        return "regime_consolidation", "attrition"
    if phase == "apart" and failed >= COLLAPSED_ROUNDS:
        return "talks_collapse", ""
    return "frozen_stalemate", "deal_pending" if phase == "implementing" else ""
