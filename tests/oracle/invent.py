"""Invents scenario files: any cast, any agenda, any timeline, numbers from edges and laws.

They are meant to reach every rule and every combination of orders, not to make sense.
"""

import random

import sim
from sim.scenario.actions import ACTIONS, BLOC, STATE, Write
from sim.scenario.schema import KINDS, Bloc, Talks, parameters_of
from sim.scenario.variables import VARIABLES
from tests.oracle.week import VISIBLE

#: Arguments whose domain is far wider than what a crisis of some weeks can show.
LIVELY = {"weeks": (1, 8), "hardness": (0, 2), "hazard": (0, 0.03)}
#: Numbers that would end or silence nearly every crisis at once if taken from their edges.
CALM = {"force_hazard": (0, 0.01), "force_perceived": (0, 0.02), "attempts": (0, 0.2)}
BLOCS = ("allied", "regional", "european", "unaligned")
LABELS = (None, None, "electoral_roadmap", "power_sharing", "negotiated_transition")
SEVERAL = {
    "sender": ("sender", "brussels"),
    "mediator": ("norway", "aland"),
    "ally": ("russia", "china", "bolivia"),
}
SPEAKS_FOR = {
    "sender": "USA", "brussels": "FRA", "norway": "NOR", "russia": "RUS", "bolivia": "BOL",
}  # fmt: skip
BASE = sim.load("base/venezuela_2019")


def invent(number):
    """The scenario of that number as plain data; the same number gives the same scenario."""
    return Inventor(random.Random(number)).scenario(number)


class Inventor:
    def __init__(self, rng):
        self.rng = rng
        self.weeks = rng.randint(12, 40)
        self.actors = {}
        self.dwells = rng.random() < 0.5
        self.level = None

    def chance(self, probability):
        return self.rng.random() < probability

    def scenario(self, number):
        self.cast()
        found = {
            "parley": 1,
            "resolved": True,
            "title": f"Invention {number}",
            "start": "2019-05-17",
            "weeks": self.weeks,
            "talks": {"start": "talks" if self.chance(0.6) else "apart", **self.talks()},
            "actors": self.actors,
            "timeline": [self.event(f"e{n}") for n in range(self.rng.randint(0, 12))],
            "record": self.names(),
        }
        if self.chance(0.7):
            found["agenda"] = self.agenda()
        return found

    # Numbers

    def number(self, low, high, edges=(None, None)):
        """A number, seldom an edge of its domain, sometimes a law."""
        rng, draw = self.rng, self.rng.random()
        if draw < 0.07 and edges != (None, None):
            return rng.choice([edge for edge in edges if edge is not None])
        if draw < 0.35 and high > low:
            a, b, c = sorted(round(rng.uniform(low, high), 6) for _ in range(3))
            if a < b < c:
                return rng.choice(
                    [
                        {"dist": "uniform", "low": a, "high": c},
                        {"dist": "triangular", "low": a, "mode": b, "high": c},
                        {"dist": "normal", "mean": b, "sd": c - a, "low": a, "high": c},
                        {"dist": "beta", "a": 2, "b": 3.5, "low": a, "high": c},
                        {"dist": "discrete", "values": [b, a, c], "weights": [1, 2, 1]},
                    ]
                )
        return round(rng.uniform(low, high), 6)

    def parameters(self, model, plausible):
        """Fields of one part of the schema; most of those that may be left out are given."""
        found = {}
        for name, _, about in parameters_of(model):
            if not about.required and self.chance(0.15):
                continue
            low, high = CALM.get(name) or plausible.get(name) or (about.low, min(about.high, 1))
            edges = (None, None) if name in CALM else edges_of(about)
            if about.whole:
                found[name] = self.rng.randint(int(low), int(high))
            else:
                found[name] = self.number(low, high, edges)
        return found

    # Parts

    def talks(self):
        found = self.parameters(Talks, plausible("talks."))
        for name, weeks in (
            ("round_length", (1, 9)),
            ("cool_off", (0, 6)),
            ("implementation", (0, 9)),
        ):
            found[name] = self.rng.randint(*weeks)
        return found

    def cast(self):
        for kind in KINDS:
            for who in SEVERAL.get(kind, (kind,)):
                if self.chance(0.1 if kind not in SEVERAL else 0.35):
                    continue
                base = next(key for key, actor in sorted(BASE.actors.items()) if actor.kind == kind)
                actor = {
                    "kind": kind,
                    "name": who,
                    **self.parameters(KINDS[kind], plausible(f"actors.{base}.")),
                }
                if who in SPEAKS_FOR or kind == "sender":
                    actor["state"] = SPEAKS_FOR.get(who, "USA")
                if kind == "states":
                    actor.update(self.states())
                self.actors[who] = actor
        if not self.actors:
            self.actors["street"] = {"kind": "street", "name": "street", "mobilisation": 0.4}

    def states(self):
        rng = self.rng
        codes = ["USA", "RUS", "NOR", "BOL", "BRA", "COL", "ESP", "FRA", "JPN", "IND"]
        self.codes = codes
        found = {
            "blocs": {
                bloc: {
                    "threshold": self.number(0.05, 0.6),
                    "never": self.number(0, 0.6, (0, 1)),
                    "prompting": self.number(-0.2, 0.2) if self.chance(0.3) else 0,
                }
                for bloc in BLOCS
                if self.chance(0.85)
            }
        }
        with_table = self.chance(0.4)
        if with_table:
            found["table"] = "venezuela_2019"
            found["positions_on"] = rng.choice(["2019-01-22", "2019-02-04", "2019-05-17"])
        members = {}
        for code in codes if not with_table else rng.sample(codes, 4):
            member = {
                "name": code,
                "bloc": rng.choice(BLOCS),
                "position": rng.choice(["opposition", "government", "neither"]),
                "weight": rng.choice([1, 1, 2.5, 0.333333]),
                "follows_patron": self.chance(0.4),
            }
            if with_table:
                member = {k: v for k, v in member.items() if k != "name" and self.chance(0.5)}
            members[code] = member
        found["members"] = members
        if not with_table:
            inside = {member["bloc"] for member in members.values()}
            found["blocs"] = {k: v for k, v in found["blocs"].items() if k in inside}
        if self.chance(0.8):
            found["patron"] = rng.choice(["USA", "USA", "RUS"])
        return found

    def agenda(self):
        issues = []
        for n in range(self.rng.randint(1, 5)):
            issue = {"id": f"i{n}", "name": f"issue {n}"}
            issue["value"] = self.number(0.1, 1)
            issue["cost"] = issue["value"] if self.chance(0.2) else self.number(0.1, 1)
            label = self.rng.choice(LABELS)
            issues.append({**issue, "label": label} if label else issue)
        return issues

    # Timeline

    def names(self):
        """Every name that the page gives to conditions and records, but few of the states."""
        found = list(VISIBLE)
        if "states" in self.actors:
            found += [f"recognition.{code}" for code in self.codes[:5]]
        return found + [f"{k}.support" for k, a in self.actors.items() if a["kind"] == "ally"]

    def event(self, name):
        deed = self.deed()
        return {"id": name, "source": "P1", **self.clock(*self.allowed(deed)), **deed}

    def allowed(self, deed):
        """Whether an event may reach its level over time, and whether it may be revoked."""
        if deed["action"] == "set":
            return not self.settable()[deed["path"]].whole, True
        writes = [e for e in ACTIONS[deed["action"]].effects if isinstance(e, Write)]
        return any(write.is_level for write in writes), bool(writes)

    def clock(self, may_grow, may_end):
        rng, last = self.rng, self.weeks - 1
        if self.chance(0.35):
            found = {"when": self.condition()}
            if self.chance(0.3):
                found["until"] = rng.randint(0, last)
            return {**found, **self.durations(may_grow, may_end)}
        first = rng.randint(0, 10 if self.dwells else last)
        found = (
            {"on": f"2019-05-{17 + rng.randint(0, 13)}"} if self.chance(0.2) else {"week": first}
        )
        if self.chance(0.1 if self.dwells else 0.5):
            found["every"] = f"{rng.randint(1, 6)} weeks"
            if self.chance(0.3) and "week" in found:
                found["until"] = rng.randint(first, last)
            return found
        if may_end and "week" in found and self.chance(0.25):
            found["until"] = rng.randint(first, last)
            if may_grow and self.chance(0.5):
                found["over"] = f"{rng.randint(1, found['until'] - first + 1)} weeks"
            return found
        return {**found, **self.durations(may_grow, may_end)}

    def durations(self, may_grow, may_end):
        found = {}
        lasts = self.rng.randint(1, 15)
        if may_end and self.chance(0.5):
            found["for"] = f"{lasts} weeks"
        if may_grow and self.chance(0.4):
            found["over"] = f"{self.rng.randint(1, lasts)} weeks"
        return found

    def condition(self):
        parts = []
        for _ in range(self.rng.randint(1, 2)):
            about = VARIABLES.get(name := self.rng.choice(self.names()))
            high = 1.0 if about is None else min(about.high, 20.0)
            sign = self.rng.choice(["<", "<=", ">", ">=", "!="])
            term = self.rng.choice([name, name, f"{name} * 2 - 0.1", f"max({name}, 0.2)"])
            part = f"{term} {sign} {round(self.rng.uniform(0, high), 3)}"
            parts.append(f"not ({part})" if self.chance(0.15) else part)
        return self.rng.choice([" and ", " or "]).join(parts)

    def deed(self):
        """An action that somebody here can take, with its arguments.

        Some crises dwell on one level of one actor, so that their events meet on the same field.
        """
        if self.dwells and self.level and self.chance(0.75):
            return self.again(self.level)
        deed = self.another()
        if self.level is None and self.allowed(deed)[0]:
            self.level = deed
        return deed

    def again(self, deed):
        """Another deed that writes the same field; often with a number that was there before."""
        found = dict(deed)
        if deed["action"] == "set":
            found["value"] = self.value_for(deed["path"])
        else:
            found |= self.arguments(ACTIONS[deed["action"]], deed["actor"])
            path = self.path_of(deed)
            if path in self.settable() and self.chance(0.3):
                value = self.value_for(path)
                found = {"actor": deed["actor"], "action": "set", "path": path, "value": value}
        return deed if self.chance(0.2) else found

    def path_of(self, deed):
        """Address of the first level that an action writes."""
        write = next(e for e in ACTIONS[deed["action"]].effects if isinstance(e, Write))
        kinds = {actor["kind"]: who for who, actor in self.actors.items()}
        return f"actors.{kinds[write.kind] if write.kind else deed['actor']}.{write.field}"

    def another(self):
        rng = self.rng
        kinds = {actor["kind"] for actor in self.actors.values()}
        while True:
            action = rng.choice(list(ACTIONS.values()))
            if action.name == "set":
                return self.setting()
            needs = {effect.kind for effect in action.effects if getattr(effect, "kind", None)}
            needs |= {"street", "military"} if action.name == "uprising" else set()
            who = self.who(action)
            if who and needs <= kinds:
                break
        return {"actor": who, "action": action.name, **self.arguments(action, who)}

    def arguments(self, action, who):
        found = {}
        for argument in action.arguments:
            is_sender = self.actors.get(who, {}).get("kind") == "sender"
            if argument.name == "hardness" and is_sender:
                continue
            if argument.required or self.chance(0.5):
                low, high = LIVELY.get(argument.name, (argument.low, argument.high))
                found[argument.name] = self.number(low, high)
        return found

    def who(self, action):
        if STATE in action.kinds or BLOC in action.kinds:
            if "states" not in self.actors:
                return None
            speakers = [k for k, a in self.actors.items() if a.get("state") in self.codes]
            return self.rng.choice([*self.codes, *speakers])
        able = [k for k, a in self.actors.items() if a["kind"] in action.kinds]
        return self.rng.choice(able) if able else None

    def settable(self):
        """Path -> what the schema says, of all that an event may set."""
        found = {f"talks.{name}": about for name, _, about in parameters_of(Talks)}
        for who, actor in self.actors.items():
            for name, _, about in parameters_of(KINDS[actor["kind"]]):
                found[f"actors.{who}.{name}"] = about
            for bloc in actor.get("blocs", ()):
                for name, _, about in parameters_of(Bloc):
                    found[f"actors.{who}.blocs.{bloc}.{name}"] = about
        return {path: about for path, about in found.items() if not about.at_start}

    def setting(self):
        path = self.rng.choice(list(self.settable()))
        actor = self.rng.choice(list(self.actors))
        return {"actor": actor, "action": "set", "path": path, "value": self.value_for(path)}

    def value_for(self, path):
        about, name = self.settable()[path], path.rpartition(".")[2]
        low, high = CALM.get(name, (max(about.low, -1), min(about.high, max(about.low, 12))))
        if name == "prompting":
            low, high = -0.3, 0.3
        return self.rng.randint(int(low), int(high)) if about.whole else self.number(low, high)


def plausible(prefix):
    """Field -> documented range, from the shipped scenario."""
    return {
        path.removeprefix(prefix): found.quantity.range
        for path, found in BASE.parameters.items()
        if path.startswith(prefix) and found.quantity.range
    }


def edges_of(about):
    return (about.low if abs(about.low) < 1e3 else None, about.high if about.high <= 1 else None)
