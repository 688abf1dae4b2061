"""The schedule: initialisation (section 5), the seven steps of a week (section 3), a whole run.

``luck(stream, week)`` returns the replicate's number in (0, 1); nothing else is random.
"""

import math
from types import SimpleNamespace

from . import rules, timeline
from .parameters import SEVERAL, SINGLE, TALKS, number
from .scenario import number_of, states_of


def run(scenario, rows, luck, record=None):
    """One replicate of a scenario (a dict of scenario.read) -> its results.

    rows: the table of states. record: called with (state, week index) at the end of each week.
    """
    weeks = int(number_of(scenario["weeks"]))
    s = start(scenario, rows, luck)
    for t in range(weeks):
        ended = step(s, t, luck, last=t == weeks - 1)
        if record is not None:
            record(s, t)
        if ended:
            outcome, sublabel = ended
            return {
                "outcome": outcome,
                "sublabel": sublabel,
                "week": t + 1,
                "signed_week": s.signed_week,
                "settlement": s.settlement,
                "attempts": s.attempts,
                "failed_rounds": s.failed,
                "weeks_at_table": s.weeks_at_table,
                "reneged": s.reneged,
                "recognisers": see(s, "recognition.count", t),
                "mobilisation_end": s.m,
                "good_faith_end": s.mu,
            }
    raise AssertionError("the last week ends every replicate")


def step(s, t, luck, last):
    """One week; None or (outcome, sub-label)."""
    orders = fire_events(s, t)
    sanctions_and_allies(s, t, luck)
    recognition(s, t)
    street(s, t, luck)
    barracks(s, t, luck, orders)
    levers(s, t, luck)
    soften(s)
    table(s, t, luck, orders)
    deals(s, t, luck, orders)
    if not all(math.isfinite(x) for x in (s.w, s.theta, s.mu)):
        raise FloatingPointError(f"week {t}: w {s.w}, theta {s.theta}, mu {s.mu}")
    return ended(s, t, luck, last)


# Section 5: initialisation


def start(scenario, rows, luck):
    s = SimpleNamespace()
    actors = scenario["actors"]
    s.kinds = {who: actor["kind"] for who, actor in actors.items()}
    s.home_states = {who: actor.get("state") for who, actor in actors.items()}
    s.p = parameters(scenario, luck)
    s.senders = several(scenario, "sender", luck)
    s.mediators = several(scenario, "mediator", luck)
    s.allies = several(scenario, "ally", luck)
    s.agenda = agenda(scenario, luck)
    s.events = timeline.prepared(scenario, luck)
    s.fired, s.running = set(), {}
    s.weeks = int(number_of(scenario["weeks"]))
    p = s.p
    p.update(rules.senders_as_one(list(s.senders.values())))

    s.m = p["m0"]
    start_states(s, scenario, rows, luck)
    for ally in s.allies.values():
        ally["base"] = ally["support"]
    p["released"] = 0.0
    s.allied = allied_support(s)
    s.stalls = not luck("government.type", 0) < p["pi_s"]
    s.adapt = 0.0
    s.bite, s.net, s.threatened = sanctions_now(s)
    s.mu, s.b, s.b_sd = p["mu0"], p["b0"], p["b_sd"]
    noise = rules.phi_inv(luck("military.strength", 0))
    s.theta_base = p["theta0"] + p["theta_sd"] * noise
    s.omega = p["omega0"]
    both = has(s, "government") and has(s, "opposition")
    s.phase = (scenario.get("talks") or {}).get("start", "apart") if both else "apart"
    s.both = both
    s.r = s.cooling = s.failed = s.attempts = 0
    s.c, s.age = math.nan, 0
    s.signed_week, s.settlement = 0, math.nan
    s.weeks_at_table, s.reneged = 0, False
    s.fell = s.attempt = s.failed_attempt = False
    strengths(s)
    s.theta = s.theta_bar
    odds(s)
    reservation_points(s, 0.0, 0.0)
    return s


def has(s, kind):
    return kind in s.kinds.values()


def parameters(scenario, luck):
    """Symbol -> number, for the talks and every kind of which there is at most one."""
    p = {
        symbol: number(scenario, f"talks.{field}", luck, left_out)
        for field, (symbol, left_out) in TALKS.items()
    }
    for kind, table in SINGLE.items():
        who = next((who for who, a in scenario["actors"].items() if a["kind"] == kind), None)
        for field, (symbol, left_out) in table.items():
            p[symbol] = left_out
            if who is not None:
                p[symbol] = number(scenario, f"actors.{who}.{field}", luck, left_out)
    return p


def several(scenario, kind, luck):
    """id -> symbol -> number, in order of id."""
    return {
        who: {
            symbol: number(scenario, f"actors.{who}.{field}", luck, left_out)
            for field, (symbol, left_out) in SEVERAL[kind].items()
        }
        for who in sorted(scenario["actors"])
        if scenario["actors"][who]["kind"] == kind
    }


def agenda(scenario, luck):
    issues = [
        (
            number(scenario, f"agenda.{issue['id']}.value", luck),
            number(scenario, f"agenda.{issue['id']}.cost", luck),
            issue.get("label"),
        )
        for issue in scenario.get("agenda") or []
    ]
    return rules.sorted_agenda(issues or [(1.0, 1.0, None)])


def start_states(s, scenario, rows, luck):
    p = s.p
    who = next((who for who, kind in s.kinds.items() if kind == "states"), None)
    actor = scenario["actors"].get(who, {})
    s.patron = actor.get("patron")
    s.promptings = {
        bloc: number(scenario, f"actors.{who}.blocs.{bloc}.prompting", luck, 0.0)
        for bloc in actor.get("blocs") or {}
    }
    blocs = {
        bloc: (
            number(scenario, f"actors.{who}.blocs.{bloc}.threshold", luck),
            number(scenario, f"actors.{who}.blocs.{bloc}.never", luck, 0.0),
        )
        for bloc in actor.get("blocs") or {}
    }
    s.states = {}
    for name, fields in states_of(scenario, rows).items():
        position = fields["position"]
        if name == s.patron:
            position = "opposition" if p["patron"] > 0 else "neither"
        free = fields["bloc"] in blocs and name != s.patron
        s.states[name] = {
            "id": name,
            "bloc": fields["bloc"],
            "units": rules.weight_units(fields["weight"]),
            "follows": bool(fields["follows_patron"]),
            "position": position,
            "home": "government" if position == "government" else "neither",
            "held": not free,
            "threshold": math.inf,
            "changes": {},
        }
    s.blocs, s.free = {}, {}
    for state in s.states.values():
        bloc = state["bloc"]
        s.blocs[bloc] = s.blocs.get(bloc, 0) + state["units"]
        if not state["held"]:
            s.free.setdefault((bloc, state["follows"]), []).append(state)
    count(s)
    for (bloc, _), members in s.free.items():
        mean, z = blocs[bloc]
        for state in members:
            first_threshold(s, state, mean, z, luck)
            changes_of_government(s, state, mean, z, luck)


def first_threshold(s, state, mean, z, luck):
    u = luck(f"state:{state['id']}.threshold", 0)
    now = influence_on(s, state["bloc"], state["follows"])
    if state["position"] == "opposition":
        state["threshold"] = rules.threshold_of_recogniser(mean, s.p["sd"], now, u)
    else:
        state["threshold"] = rules.threshold_of_other(mean, s.p["sd"], z, now, u)


def changes_of_government(s, state, mean, z, luck):
    week, j, eta = -1, 0, s.p["eta"]
    while eta > 0:
        j += 1
        week += rules.weeks_between_governments(luck(f"state:{state['id']}.change", j), eta)
        if week >= s.weeks:
            return
        u = luck(f"state:{state['id']}.threshold", j)
        state["changes"][week] = rules.threshold_of_new_government(mean, s.p["sd"], z, u)


# Step 1: timeline, sanctions, allies


def fire_events(s, t):
    orders = timeline.no_orders()
    now = timeline.due(s.events, s.fired, t, lambda name: see(s, name, t))
    timeline.play(s.events, now, t, s, orders)
    s.p.update(rules.senders_as_one(list(s.senders.values())))
    return orders


#: What a condition or a record reads under a name (7.3).
VISIBLE = {
    "week": lambda s, t: t,
    "talks.on": lambda s, t: float(s.phase == "talks"),
    "deal.on": lambda s, t: float(s.phase == "implementing"),
    "deal.reneged": lambda s, t: float(s.reneged),
    "talks.round": lambda s, t: s.r,
    "talks.failed_rounds": lambda s, t: s.failed,
    "talks.attempts": lambda s, t: s.attempts,
    "deal.x": lambda s, t: s.c if s.phase == "implementing" else math.nan,
    "zone": lambda s, t: s.w,
    "x_min": lambda s, t: s.x_min,
    "x_max": lambda s, t: s.x_max,
    "sanctions.level": lambda s, t: s.p["s_now"],
    "sanctions.bite": lambda s, t: s.bite,
    "sanctions.net": lambda s, t: s.net,
    "recognition.count": lambda s, t: sum(
        [state["position"] == "opposition" for state in s.states.values()]
    ),
    "recognition.share": lambda s, t: s.n,
    "mobilisation": lambda s, t: s.m,
    "strength": lambda s, t: s.theta,
    "force_odds": lambda s, t: s.P_O,
    "good_faith": lambda s, t: s.mu,
    "uncertainty": lambda s, t: s.omega,
    "pain.government": lambda s, t: s.C_G,
    "pain.opposition": lambda s, t: s.C_O,
    "allies.support": lambda s, t: s.allied,
}


def see(s, name, t):
    """Look a name up, that of one state or ally included."""
    head, _, tail = name.partition(".")
    if head == "recognition" and tail not in ("count", "share"):
        return float(s.states[tail]["position"] == "opposition")
    if tail == "support" and head in s.allies:
        return s.allies[head]["support"]
    return VISIBLE[name](s, t)


def allied_support(s):
    total = 0.0
    for who, ally in s.allies.items():
        state = s.states.get(s.home_states[who])
        if state is None or state["position"] != "opposition":
            total += ally["weight"] * ally["support"]
    return total


def sanctions_now(s):
    p = s.p
    return rules.sanctions(p["s_now"], p["s_more"], s.adapt, p["psi"], s.allied)


def sanctions_and_allies(s, t, luck):
    p = s.p
    s.allied = allied_support(s)
    s.bite, s.net, s.threatened = sanctions_now(s)
    for who, ally in s.allies.items():
        noise = rules.phi_inv(luck(f"{who}.survival", t))
        ally["support"] = rules.next_support(
            ally["support"], ally["base"], ally["threshold"], s.P_G, noise
        )
    s.adapt = rules.next_adaptation(s.adapt, p["lam"], p["abar"], p["s_now"] > 0)


# Step 2: recognition


def count(s):
    """share_B, world and n as of now."""
    totals = {"opposition": 0, "government": 0, "neither": 0}
    parts = dict.fromkeys(s.blocs, 0)
    for state in s.states.values():
        position = state["position"]
        totals[position] += state["units"]
        if position == "opposition":
            parts[state["bloc"]] += state["units"]
    everyone = sum(totals.values())
    s.shares = {bloc: parts[bloc] / whole for bloc, whole in s.blocs.items()}
    s.world = totals["opposition"] / everyone if everyone else 0.0
    s.n = rules.opposition_share(totals["opposition"], totals["government"])


def influence_on(s, bloc, follows):
    p = s.p
    led = follows and s.patron in s.states and s.states[s.patron]["position"] == "opposition"
    return rules.influence(
        p["w_b"], s.shares[bloc], p["w_g"], s.world, p["w_v"], s.m, p["w_p"], led,
        s.promptings[bloc],
    )  # fmt: skip


def recognition(s, t):
    for (bloc, follows), members in s.free.items():
        now = influence_on(s, bloc, follows)
        for state in members:
            if t in state["changes"]:
                state["threshold"], state["held"] = state["changes"][t], False
                state["position"] = rules.position_of_new_government(
                    now, state["threshold"], state["home"]
                )
            elif not state["held"]:
                state["position"] = rules.next_position(
                    state["position"], now, state["threshold"], s.p["h"], state["home"]
                )
    count(s)


# Step 3: street


def street(s, t, luck):
    p = s.p
    noise = rules.phi_inv(luck("street.shock", t))
    s.m = rules.next_mobilisation(
        s.m, s.n, s.bite, p["tau"], p["iota"], p["d_m"], p["d_talk"], s.phase == "talks",
        p["sig_m"], noise,
    )  # fmt: skip


# Step 4: barracks


def strengths(s):
    p = s.p
    s.theta_bar = rules.mean_strength(
        s.theta_base, s.net, s.allied, s.m, s.n, p["a_R"], p["a_A"], p["a_m"], p["a_n"]
    )
    s.theta_star = rules.UNSHAKEABLE
    s.h0 = 0.0
    if has(s, "military"):
        s.theta_star = rules.tipping_strength(p["c_d"], p["amnesty"])
        s.h0 = p["h0"]


def odds(s):
    p = s.p
    s.P_O = rules.odds_of_force(
        p["h_O"], s.m, rules.below(s.theta_star - s.b, s.b_sd), p["h_hat"], p["H"]
    )
    s.P_G = rules.odds_of_force(
        s.h0, s.m, rules.below(s.theta_star - s.theta_bar, p["sig_th"]), p["h_hat"], p["H"]
    )


def barracks(s, t, luck, orders):
    p = s.p
    strengths(s)
    s.theta = s.theta_bar + p["sig_th"] * rules.phi_inv(luck("military.shock", t))
    probability = rules.attempt_probability(s.h0, s.m, s.phase == "talks")
    s.attempt = (
        has(s, "military")
        and s.phase != "implementing"
        and (luck("uprising.attempt", t) < probability or bool(orders["uprising"]))
    )
    s.fell = s.attempt and luck("uprising.defectors", t) < rules.chance_of_fall(
        s.theta, s.theta_star, p["sig_x"], p["N"]
    )
    s.failed_attempt = s.attempt and not s.fell
    s.attempts += s.attempt
    if s.failed_attempt:
        s.m = p["m_fail"] * s.m
        s.theta_base = s.theta_base + p["purge"]
        s.b, s.b_sd = rules.belief_after_failure(s.b, s.b_sd, s.theta_star)
    else:
        s.b = s.b + p["b_learn"] * (s.theta_bar - s.b)
    odds(s)


# Step 5: the four levers


def at_work(s):
    return [one for one in s.mediators.values() if one["present"] > 0]


def reservation_points(s, low, high):
    """low, high: noise on x_min and x_max."""
    p = s.p
    working = at_work(s)
    s.g = max((one["g"] for one in working), default=0.0)
    leverage = sum(one["leverage"] for one in working)
    s.C_G = p["c0"] + p["k_G"] * (s.net + s.threatened) + p["k_M"] * s.m
    s.C_O = p["rep"] + p["k_O"] * (1 - p["tau"]) * s.bite
    s.d_O, s.d_G = rules.outside_options(
        s.P_O, s.P_G, s.C_O, s.C_G, p["v_F"], p["released"], s.n, p["delay"], s.m, s.stalls
    )
    q_O = rules.trust_in_deal(s.mu, s.g)
    q_G = rules.trust_in_relief(p["gam0"], p["snap"], p["seat"], s.g)
    s.risk = (1 - q_G) * p["E"]
    s.relief_held = q_G * p["relief"] * p["s"]
    u_min = rules.least_utility(s.d_O, q_O, p["l"], p["kap_O"], p["zeta"], s.n, p["r_O"])
    bare = rules.grant(leverage, s.d_G, s.risk, p["kap_G"], p["r_G"])
    eased = rules.grant(leverage + s.relief_held, s.d_G, s.risk, p["kap_G"], p["r_G"])
    s.counts = eased >= p["r_U"]
    s.x_min = rules.cost(u_min, s.agenda) + low
    s.x_max = (eased if s.counts else bare) + high
    s.bare = bare + high
    s.w = s.x_max - s.x_min


def levers(s, t, luck):
    spread = s.p["zone_noise"]
    reservation_points(
        s,
        spread * rules.phi_inv(luck("zone.low", t)),
        spread * rules.phi_inv(luck("zone.high", t)),
    )


def soften(s):
    p = s.p
    way_out = max((one["way_out"] for one in at_work(s)), default=p["way_out_0"])
    factor = rules.softening(s.C_G, s.C_O, p["pain_ref"], way_out, p["soft"], s.phase == "talks")
    for line in ("kap_G", "kap_O"):
        if not math.isinf(p[line]):
            p[line] = p[line] * factor


# Step 6: the table


def sides(s, orders, action):
    """Which of the two sides are ordered to do this."""
    return {s.kinds[who] for who in orders[action]} & {"government", "opposition"}


def offer_of(s, orders, side):
    return next((x for who, x in orders["make_offer"].items() if s.kinds[who] == side), None)


def table(s, t, luck, orders):
    p = s.p
    working = at_work(s)
    pause = max(orders["suspend"].values(), default=0)
    talking = s.phase == "talks" and not s.fell and pause <= 0
    apart = s.phase == "apart"
    s.weeks_at_table += talking

    if talking:
        concedes = luck("government.concession", t) < (p["q_i"] if s.stalls else p["q_s"])
        s.mu = rules.belief_after_week(s.mu, concedes, p["q_s"], p["q_i"])
        s.r = s.r + 1
    if apart:
        s.mu = s.mu + p["mu_drift"] * (p["mu0"] - s.mu)
        s.cooling = max(s.cooling - 1, 0)

    willing = rules.worth_talking(s.mu, p["beta"], s.w, s.omega, p["v_exp"], p["stall"])
    withdrawn = sides(s, orders, "withdraw")
    broken = talking and (
        s.failed_attempt or not willing or p["P_leave"] < s.P_O or p["veto"] > 0 or bool(withdrawn)
    )

    tabled = luck("talks.final_offers", t) < p["q_ser"] or s.r >= p["D"]
    meets = tabled and s.w >= s.omega / p["divisor"]
    price = rules.price_without_orders(s.x_min, s.w, p["beta"], s.counts, p["r_U"], s.bare)
    meets, price = rules.with_orders(
        meets, price, s.x_min, s.x_max, s.omega, p["divisor"], p["beta"],
        offer_of(s, orders, "government"), offer_of(s, orders, "opposition"),
        sides(s, orders, "accept"),
        sides(s, orders, "reject"),
    )  # fmt: skip
    signed = talking and not broken and meets
    fails = broken or (talking and not signed and s.r >= p["D"])

    convene = max((one["convene"] for one in working), default=p["convene_0"])
    resumed = bool(orders["resume"])
    occasion = luck("talks.occasion", t) < convene or bool(orders["convene"]) or resumed
    if apart and resumed:
        s.cooling = 0
    enters = (
        apart
        and s.cooling <= 0
        and pause <= 0
        and willing
        and p["P_enter"] >= s.P_O
        and not p["veto"] > 0
        and not withdrawn
        and not s.attempt
        and occasion
        and s.both
    )

    s.signed_now = signed
    if signed:
        s.phase, s.c, s.age = "implementing", price, 0
        s.settlement = price
        if s.signed_week == 0:
            s.signed_week = t + 1
    elif fails:
        s.phase, s.cooling = "apart", p["cool"]
        s.failed += 1
        s.mu = s.mu * (1 - p["scar"])
    elif enters:
        s.phase = "talks"
    if not (talking and s.phase == "talks"):
        s.r = 0
    if pause > 0 and s.phase != "implementing":
        s.phase, s.r, s.cooling = "apart", 0, max(s.cooling, pause)
    if talking:
        learned = rules.information(working, p["r_H"], p["r_L"])
        s.omega = s.omega * max(1 - p["om_talk"] - learned, 0.0)


# Step 7: deals in force, and what has ended


def deals(s, t, luck, orders):
    p = s.p
    if s.phase == "implementing" and not s.signed_now:
        s.age = s.age + 1
        hazard = rules.renege_hazard(
            s.c, s.risk, p["r_U"], s.relief_held, rules.leverage_left(at_work(s), s.age), s.d_G,
            p["h_ren"], p["renege_slope"], p["renege_margin"], s.g,
        )  # fmt: skip
        if luck("deal.renege", t) < hazard or orders["renege"]:
            s.phase, s.cooling = "apart", p["cool"]
            s.mu = s.mu * (1 - p["scar"])
            s.c, s.reneged = math.nan, True


def ended(s, t, luck, last):
    """None, or the outcome and its sub-label (7.11)."""
    p = s.p
    if s.fell:
        return "military_defection", ""
    if luck("intervention", t) < rules.intervention_hazard(p["h_int"], s.failed_attempt):
        return "foreign_intervention", ""
    if s.phase == "implementing" and s.age >= p["W"]:
        return rules.label_of(s.c, s.agenda)
    if last:
        return rules.outcome_at_horizon(s.m, s.P_O, s.phase, s.failed)
    return None
