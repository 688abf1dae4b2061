"""Events (7.3): when they fire, what they write, what they order."""

import ast
import math
import operator

from .parameters import SEVERAL, SINGLE, TALKS, number
from .scenario import number_of, week_of

NUMBERS = (
    "weeks", "value", "hardness", "level", "x", "credibility", "share", "snapback", "hazard",
)  # fmt: skip
COMPARE = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
REPLACES_POSITION = {
    "recognise_opposition": "opposition",
    "recognise_government": "government",
    "withdraw_recognition": "neither",
}


def prepared(scenario, luck):
    """The replicate's events, with their numbers drawn and their weeks found."""
    last = int(number_of(scenario["weeks"])) - 1
    start = scenario.get("start")

    def week(when):
        return when if isinstance(when, int) else week_of(when, start)

    events = []
    for raw in scenario.get("timeline") or []:
        event = {**raw, "until": week(raw["until"]) if "until" in raw else last}
        for name in NUMBERS:
            if name in raw:
                event[name] = number(scenario, f"timeline.{raw['id']}.{name}", luck)
        if "when" in raw:
            event["weeks_due"] = None
            event["condition"] = ast.parse(str(raw["when"]).strip(), mode="eval").body
        else:
            first = raw["week"] if "week" in raw else week(raw["on"])
            if "every" in raw:
                period = int(str(raw["every"]).split()[0])
                event["weeks_due"] = set(range(first, event["until"] + 1, period))
            else:
                event["weeks_due"] = {first}
        events.append(event)
    return events


def due(events, fired, t, see):
    """The events of week t in the order of the file. see(name) is what a condition reads."""
    now = []
    for event in events:
        if event["weeks_due"] is not None:
            if t in event["weeks_due"]:
                now.append(event)
        elif t <= event["until"] and event["id"] not in fired and holds(event["condition"], see):
            fired.add(event["id"])
            now.append(event)
    return now


def holds(node, see):
    if isinstance(node, ast.BoolOp):
        join = all if isinstance(node.op, ast.And) else any
        return join(holds(part, see) for part in node.values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return not holds(node.operand, see)
    if isinstance(node, ast.Compare):
        terms = [term(part, see) for part in (node.left, *node.comparators)]
        return not any(math.isnan(value) for value in terms) and all(
            COMPARE[type(op)](left, right)
            for op, left, right in zip(node.ops, terms, terms[1:], strict=False)
        )
    raise ValueError(f"no condition: {ast.unparse(node)}")


def term(node, see):
    """A number, nan where something is missing."""
    if isinstance(node, ast.Constant):
        return float(node.value)
    if isinstance(node, ast.UnaryOp):
        value = term(node.operand, see)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp):
        return arithmetic(node.op, term(node.left, see), term(node.right, see))
    if isinstance(node, ast.Call):
        values = [term(part, see) for part in node.args]
        if any(math.isnan(value) for value in values):
            return math.nan
        return {"min": min, "max": max, "abs": abs}[node.func.id](*values)
    return float(see(ast.unparse(node)))


def arithmetic(op, left, right):
    if isinstance(op, ast.Add):
        return left + right
    if isinstance(op, ast.Sub):
        return left - right
    if isinstance(op, ast.Mult):
        return left * right
    if right == 0:
        return math.nan if left == 0 else math.copysign(math.inf, left)
    return left / right


def no_orders():
    """action -> id of the actor -> number of the order or None"""
    return {
        "convene": {}, "resume": {}, "suspend": {}, "withdraw": {}, "accept": {}, "reject": {},
        "make_offer": {}, "renege": {}, "uprising": {},
    }  # fmt: skip


def take_effect(event, s, orders):
    """Write what lasts into the state; add what holds for this week to the orders."""
    action, who, p = event["action"], event.get("actor"), s.p
    kind = s.kinds.get(who)
    if action == "convene":
        if kind == "mediator":
            s.mediators[who]["present"] = 1.0
        order(action, who, None, s, orders)
    elif action in ("suspend", "make_offer"):
        order(action, who, event["weeks" if action == "suspend" else "x"], s, orders)
    elif action in ("resume", "accept", "reject", "renege", "uprising"):
        order(action, who, None, s, orders)
    elif action == "withdraw":
        if kind == "mediator":
            s.mediators[who]["present"] = 0.0
        elif kind == "sender":
            p["seat"] = 0.0
        else:
            order(action, who, None, s, orders)
    elif action == "join_talks":
        p["seat"] = 1.0
    elif action in ("veto_talks", "lift_veto"):
        p["veto"] = float(action == "veto_talks")
    elif action == "set_red_line":
        p[SINGLE[kind]["red_line"][0]] = event["value"]
        if "hardness" in event:
            p[SINGLE[kind]["hardness"][0]] = event["hardness"]
    elif action == "offer_guarantee":
        s.mediators[who]["g"] = event["level"]
    elif action == "offer_amnesty":
        p["amnesty"] = event["level"]
    elif action == "impose_sanctions":
        p["s"], p["ease"] = event["level"], 0.0
    elif action == "threaten_sanctions":
        p["s_threat"], p["chi"] = event["level"], event["credibility"]
    elif action == "ease_sanctions":
        p["ease"] = event["share"]
        p["snap"] = event.get("snapback", p["snap"])
    elif action == "target_sanctions":
        p["tau"] = event["share"]
    elif action in REPLACES_POSITION:
        for state in named(who, s):
            state["position"], state["held"] = REPLACES_POSITION[action], True
    elif action == "set_support":
        s.allies[who]["support"] = s.allies[who]["base"] = event["level"]
    elif action == "seize_assets":
        p["v_F"], s.released = event["value"], 0.0
    elif action == "release_assets":
        s.released = event["share"]
    elif action == "threaten_force":
        p["h_hat"] = event["hazard"]
    elif action == "set":
        set_parameter(event["path"], event["value"], s)
    else:
        raise ValueError(action)


def order(action, who, number, s, orders):
    """A mediator that is not at work when the event takes effect does not heed it."""
    if who not in s.mediators or s.mediators[who]["present"] > 0:
        orders[action][who] = number


def named(who, s):
    """The states that an event of recognition is about: of an actor, by code, or of a bloc."""
    name = s.home_states[who] if who in s.kinds else who
    if name in s.states:
        return [s.states[name]]
    return [state for state in s.states.values() if state["bloc"] == who]


def set_parameter(path, value, s):
    head, *rest = path.split(".")
    if head == "talks":
        s.p[TALKS[rest[0]][0]] = value
        return
    who, field = rest
    kind = s.kinds[who]
    if kind == "mediator":
        s.mediators[who][SEVERAL[kind][field][0]] = value
    elif kind == "ally":
        s.allies[who][SEVERAL[kind][field][0]] = value
        if field == "support":
            s.allies[who]["base"] = value
    else:
        s.p[SINGLE[kind][field][0]] = value
