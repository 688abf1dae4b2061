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
        event["over"], event["for"] = span(raw.get("over")), span(raw.get("for"))
        for name in NUMBERS:
            if name in raw:
                event[name] = number(scenario, f"timeline.{raw['id']}.{name}", luck)
        if "when" in raw:
            event["weeks_due"] = None
            event["condition"] = ast.parse(str(raw["when"]).strip(), mode="eval").body
        else:
            first = raw["week"] if "week" in raw else week(raw["on"])
            if "every" in raw:
                event["weeks_due"] = set(range(first, event["until"] + 1, span(raw["every"])))
            else:
                event["weeks_due"] = {first}
                if "until" in raw:
                    event["for"] = event["until"] - first + 1
        events.append(event)
    return events


def span(text):
    """Weeks of "N weeks", 0 where it is left out."""
    return int(str(text).split()[0]) if text is not None else 0


def due(events, fired, t, see):
    """Ids of the events that fire in week t. see(name) is what a condition reads."""
    now = set()
    for event in events:
        if event["weeks_due"] is not None:
            if t in event["weeks_due"]:
                now.add(event["id"])
        elif t <= event["until"] and event["id"] not in fired and holds(event["condition"], see):
            fired.add(event["id"])
            now.add(event["id"])
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


# What an event does. A field is the address of a number of the state: (where, id, symbol).


def play(events, now, t, s, orders):
    """The writes and orders of week t, event by event in the order of the file."""
    for event in events:
        if event["id"] in s.running:
            go_on(s.running[event["id"]], t, s)
        if event["id"] in now:
            fire(event, t, s, orders)


def fire(event, t, s, orders):
    """Write and order, or begin to write where the event takes its time."""
    values = writes(event, s)
    if event["over"] or event["for"]:
        s.running[event["id"]] = {
            "event": event,
            "began": t,
            "values": values,
            "before": {field: read(field, s) for field in values},
            "back": {field: read(field, s) for field in values},
        }
    if not event["over"]:
        for field, value in values.items():
            write(field, value, s)
    give_orders(event, s, orders)


def go_on(run, t, s):
    """Week t of an event that fired before: steps on the way, then the way back."""
    event, week = run["event"], t - run["began"]
    for field, value in run["values"].items():
        before = run["before"][field]
        if 1 <= week < event["over"]:
            write(field, before + week / event["over"] * (value - before), s)
        elif week == event["over"] > 0:
            write(field, value, s)
        if week == event["for"] > 0:
            if read(field, s) == value:
                write(field, run["back"][field], s)
            for later in fired_after(run, s):
                if later["back"].get(field) == value:
                    later["back"][field] = run["back"][field]


def fired_after(run, s):
    """Runs of events that fired later than this one, in the same week those of a later place."""
    runs = list(s.running.values())
    return runs[runs.index(run) + 1 :]


def read(field, s):
    where, who, symbol = field
    if where == "allies" and symbol == "support":
        return s.allies[who]["base"]
    return getattr(s, where)[who][symbol] if who is not None else getattr(s, where)[symbol]


def write(field, value, s):
    where, who, symbol = field
    if where == "allies" and symbol == "support":
        s.allies[who]["base"] = value
    (getattr(s, where)[who] if who is not None else getattr(s, where))[symbol] = value


def writes(event, s):
    """field -> value, of all that the action writes."""
    action, who = event["action"], event.get("actor")
    kind = s.kinds.get(who)
    if action in REPLACES_POSITION:
        found = {}
        for name in named(who, s):
            found["states", name, "position"] = REPLACES_POSITION[action]
            found["states", name, "held"] = True
        return found
    if action == "set":
        return {field_at(event["path"], s): event["value"]}
    if action == "set_red_line":
        fields = {"red_line": event["value"], "hardness": event.get("hardness")}
        return {
            field_at(f"actors.{who}.{name}", s): value
            for name, value in fields.items()
            if value is not None
        }
    if action == "withdraw":
        symbol = {"mediator": "present", "sender": "seat"}.get(kind)
        return {(f"{kind}s", who, symbol): 0.0} if symbol else {}
    if action == "convene":
        return {("mediators", who, "present"): 1.0} if kind == "mediator" else {}
    own = {
        "join_talks": {"seat": 1.0},
        "veto_talks": {"veto": 1.0},
        "lift_veto": {"veto": 0.0},
        "impose_sanctions": {"s": event.get("level"), "ease": 0.0},
        "threaten_sanctions": {"s_threat": event.get("level"), "chi": event.get("credibility")},
        "ease_sanctions": {"ease": event.get("share"), "snap": event.get("snapback")},
        "target_sanctions": {"tau": event.get("share")},
        "threaten_force": {"h_hat": event.get("hazard")},
        "offer_guarantee": {"g": event.get("level")},
        "set_support": {"support": event.get("level")},
    }
    if action in own:
        place = {"mediator": "mediators", "ally": "allies", "sender": "senders"}[kind]
        return {(place, who, k): v for k, v in own[action].items() if v is not None}
    common = {
        "offer_amnesty": {"amnesty": event.get("level")},
        "seize_assets": {"v_F": event.get("value"), "released": 0.0},
        "release_assets": {"released": event.get("share")},
    }
    return {("p", None, symbol): value for symbol, value in common.get(action, {}).items()}


def give_orders(event, s, orders):
    """Add what holds for this week. A mediator that is not at work does not heed it."""
    action, who = event["action"], event.get("actor")
    if action not in orders or (
        action == "withdraw" and s.kinds.get(who) in ("mediator", "sender")
    ):
        return
    if who not in s.mediators or s.mediators[who]["present"] > 0:
        orders[action][who] = event.get({"suspend": "weeks", "make_offer": "x"}.get(action))


def named(who, s):
    """The states that an event of recognition is about: of an actor, by code, or of a bloc."""
    name = s.home_states[who] if who in s.kinds else who
    if name in s.states:
        return [name]
    return [name for name, state in s.states.items() if state["bloc"] == who]


def field_at(path, s):
    head, *rest = path.split(".")
    if head == "talks":
        return "p", None, TALKS[rest[0]][0]
    who, *inside = rest
    kind = s.kinds[who]
    if kind == "states" and inside[0] == "blocs":
        return "promptings", None, inside[1]
    if kind in SEVERAL:
        place = {"mediator": "mediators", "ally": "allies", "sender": "senders"}[kind]
        return place, who, SEVERAL[kind][inside[0]][0]
    return "p", None, SINGLE[kind][inside[0]][0]
