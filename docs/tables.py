"""The generated parts of the documents, written from what the program itself reads.

    python docs/tables.py            rewrite every part between its two markers
    python docs/tables.py --check    exit 1 if a committed part differs

A part stands between ``<!-- generated: NAME -->`` and ``<!-- end of NAME -->``; the functions in
``PARTS`` return its Markdown text. The schema of scenario files is written as well.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from inspect import getdoc
from pathlib import Path
from typing import Any

import case_table
import click
import numpy as np
import scenario_table
from click.testing import CliRunner

import sim
from sim import data, outcomes
from sim.analysis.claims import Verdict, judge, moments_of
from sim.cli.group import cli
from sim.ensemble import run
from sim.scenario.actions import ACTIONS, Action, Argument, Order, Write
from sim.scenario.quantities import Frozen
from sim.scenario.schema import KINDS, Bloc, Declared, Issue, Talks, parameters_of
from sim.scenario.variables import GRID, VARIABLES
from sim.scenario.wording import INFINITE

DOCS = Path(__file__).parent
SCHEMA = DOCS.parent / "scenarios" / "parley.schema.json"
#: The run behind the page on base rates, and its last week: that of 31 December 2019.
REPLICATES, SEED, WEEK = 4000, 1, 33
#: What the claims of ``oslo_2019`` measure, in words for a reader.
MEASURES = {
    "out_of_office": "out of office",
    "military_defection": "out of office by military defection",
    "foreign_intervention": "out of office by foreign intervention",
    "deal_standing": "a labelled deal signed and standing",
    "talks.failed_rounds >= 1": "at least one failed round",
    "recognition.count": "net change of recognising states, median",
}


# Markdown


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in lines)


def code(text: object) -> str:
    """Return text in code font, nothing for nothing."""
    return f"`{text}`" if text not in ("", None) else ""


def interval(low: float, high: float) -> str:
    """Return a domain in words."""
    if high >= INFINITE:
        return "any number" if low <= -INFINITE else f"{low:g} or more"
    return f"{low:g} to {high:,.10g}"


def first_line(thing: object) -> str:
    """Return the first paragraph of a docstring on one line, in Markdown."""
    return " ".join((getdoc(thing) or "").split("\n\n")[0].split()).replace("``", "`")


# Parameters


def parameter_table(part: type[Frozen]) -> str:
    """Return the parameters of one part of the schema."""
    rows = []
    for name, field, about in parameters_of(part):
        meaning = " ".join((field.description or "").split()).replace("``", "`")
        cells = (code(name), code(about.symbol), about.unit, interval(about.low, about.high))
        rows.append((*cells, _left_out(about), "yes" if about.at_start else "", meaning))
    columns = ("field", "symbol", "unit", "domain", "left out", "start only", "meaning")
    return table(columns, rows)


def _left_out(about: Declared) -> str:
    return f"required ({about.neutral:g})" if about.required else f"{about.neutral:g}"


def parameters() -> str:
    """Return one section per kind of actor, and those of talks, agenda and blocs."""
    parts = [(f"`kind: {kind}`", model) for kind, model in KINDS.items()]
    parts += [
        ("`blocs` of `kind: states`", Bloc),
        ("Section `talks`", Talks),
        ("Section `agenda`, each issue", Issue),
    ]
    sections = [f"## {title}\n\n{first_line(m)}\n\n{parameter_table(m)}" for title, m in parts]
    return "\n\n".join(sections)


def moved_values() -> str:
    """Return the values of the base scenario whose reason says that they were moved."""
    rows = []
    for path, parameter in sim.load("oslo_2019").parameters.items():
        quantity = parameter.quantity
        if (quantity.reason or "").startswith("Moved "):
            low, high = quantity.range or (np.nan, np.nan)
            rows.append((code(path), code(parameter.declared.symbol), law(parameter),
                         f"{low:g} to {high:g}", quantity.reason or ""))  # fmt: skip
    return table(("path", "symbol", "value", "range", "reason in the file"), rows)


def law(parameter: Any) -> str:
    """Return a value or distribution as a reader would say it."""
    quantity = parameter.quantity
    if quantity.is_fixed:
        return f"{quantity.value:g}"
    if quantity.same_as:
        return f"same as {code(quantity.same_as)}"
    fields = quantity.law()
    name = fields.pop("dist")
    return f"{name} ({', '.join(str(value) for value in fields.values())})"


# Actions and variables


def actions() -> str:
    """Return every action with kinds, arguments, effects and phase."""
    rows = [
        (
            code(action.name),
            ", ".join(action.kinds) or "any actor",
            _arguments(action),
            "; ".join(_effects(action)),
            str(action.phase),
            action.summary,
        )
        for action in ACTIONS.values()
    ]
    return table(("action", "who", "arguments", "effect", "felt in", "in words"), rows)


def _arguments(action: Action) -> str:
    if action.name == "set":
        return "`path`, a parameter; `value`, in its domain"
    return "; ".join(_argument(argument) for argument in action.arguments)


def _argument(argument: Argument) -> str:
    optional = "" if argument.required else ", optional"
    domain = interval(argument.low, argument.high)
    return f"{code(argument.name)}, {argument.unit}, {domain}{optional}"


def _effects(action: Action) -> Iterator[str]:
    if action.name == "set":
        yield "writes the parameter"
    for effect in action.effects:
        value = code(effect.value) if isinstance(effect.value, str) else f"{effect.value:g}"
        if isinstance(effect, Write):
            owner = f" of the {effect.kind}" if effect.kind else ""
            yield f"writes {value} to {code(effect.field)}{owner}"
        else:
            yield _order(effect, value)


def _order(effect: Order, value: str) -> str:
    if effect.name == "position":
        return f"position {('neither', 'opposition', 'government')[int(effect.value)]}, held"
    given = f" {value}" if isinstance(effect.value, str) else ""
    return f"order {code(effect.name)}{given}"


def variables() -> str:
    """Return the observables with unit and the ends of their grid."""
    rows = [
        (code(v.name), v.unit, f"{v.low:g} to {v.high:g}", v.meaning) for v in VARIABLES.values()
    ]
    rows += [
        ("`recognition.ISO3`", "share", "0 to 1",
         "the state of that code recognises the opposition (1) or not (0)"),
        ("`ID.support`", "index", "0 to 1", "support that this ally gives the government"),
    ]  # fmt: skip
    note = f"The grid has {GRID:,} points, both ends included."
    return f"{table(('name', 'unit', 'grid', 'meaning'), rows)}\n\n{note}"


# Outcomes and base rates


def outcome_table() -> str:
    """Return the eight outcomes in their order of evaluation."""
    rows = []
    for rank, (name, meaning) in enumerate(outcomes.DEFINITIONS):
        groups = [
            group
            for group, codes in (
                ("agreement", outcomes.AGREEMENT),
                ("out_of_office", outcomes.OUT_OF_OFFICE),
            )
            if rank in codes
        ]
        rows.append((str(rank), code(name), meaning, ", ".join(map(code, groups))))
    return table(("code", "outcome", "rule in words", "counts in"), rows)


def base_rates() -> str:
    """Return the base scenario's shares at the end of 2019 beside the bands of its claims."""
    rows = []
    for one in measured():
        claim, value, low, high = one.claim, one.value, one.low, one.high
        count = claim.measure == "change"
        rows.append(
            (
                MEASURES[claim.subject],
                f"{value:+g}" if count else f"{value:.3f}",
                f"{low:+g} to {high:+g}" if count else f"{low:.3f} to {high:.3f}",
                f"{claim.low:g} to {claim.high:g}",
                one.word,
                ", ".join(map(code, claim.source)),
            )
        )
    columns = ("by 31 December 2019", "model", "interval", "band", "verdict", "sources of the band")
    note = (
        f"`oslo_2019`, {REPLICATES:,} replicates, seed {SEED}, as they stand at the end of week "
        f"{WEEK} of 104. Interval: 95%, simulation error only. "
        "Verdict: `pass` where the whole interval lies in the band, `undecided` where it holds an "
        "end of it; `parley run oslo_2019 --check` judges the same claims.\n\n"
        "Conditional on the model and its assumptions; not a forecast."
    )
    return f"{table(columns, rows)}\n\n{note}"


@cache
def measured() -> list[Verdict]:
    """Return the verdict on each claim of ``oslo_2019``: measured value, interval, word."""
    scenario = sim.load("oslo_2019")
    watch = moments_of(scenario.expect, scenario.weeks)
    ensemble = run(scenario, REPLICATES, SEED, record=False, twins=False, watch=watch)
    return list(judge(ensemble, scenario.expect))


# Shipped scenarios


def scenario_differences() -> str:
    """Return the shares of the base, and the paired differences of every variant."""
    rows = [scenario_table.base_row(), *map(scenario_table.row, scenario_table.variants())]
    columns = ("scenario", "agreement", "signed", "out of office", "military defection")
    note = (
        f"{scenario_table.REPLICATES:,} replicates, seed {scenario_table.SEED}, on the same luck. "
        "First row: shares. Below: changes in percentage points with their 95% paired intervals, "
        "simulation error only.\n\nConditional on the model and its assumptions; not a forecast."
    )
    return f"{table(columns, rows)}\n\n{note}"


def classroom_results() -> str:
    """Return what the classroom scenarios come to, beside what theory says."""
    columns = ("scenario", "replicates", "result", "in theory")
    return table(columns, scenario_table.classroom_rows())


# Comparable cases


def comparable_cases() -> str:
    """Return what happened in each comparable case, and the shares of its scenario."""
    columns = ("scenario", "what happened", "model: nearest to it", "signed", "out of office",
               "model: likeliest")  # fmt: skip
    note = (
        f"{case_table.REPLICATES:,} replicates, seed {case_table.SEED}; in brackets 95% (Wilson), "
        "simulation error only. Weeks are counted from the start of the scenario.\n\n"
        "Conditional on the model and its assumptions; not a forecast."
    )
    return f"{table(columns, case_table.rows())}\n\n{note}"


def libyan_recognitions() -> str:
    """Return dated recognitions of the Libyan case beside the scenario's band."""
    columns = ("by", "states in the record", "model: median", "middle 90%")
    return table(columns, case_table.recognition_rows())


def hindcast() -> str:
    """Return the claims and series of the hindcast with their scores."""
    from sim.experiments.hindcast import hindcast as run_hindcast

    found = run_hindcast(sim.load("oslo_2019"), REPLICATES, SEED)
    claims = [
        (
            row["claim"],
            f"{row['model']:.3f}",
            f"{row['low']:.3f} to {row['high']:.3f}",
            "" if row["base_rate"] is None else f"{row['base_rate']:.3f} (`{row['base_source']}`)",
            "yes" if row["observed"] else "no",
            f"{row['brier']:.3f}",
            "" if row["base_brier"] is None else f"{row['base_brier']:.3f}",
            f"{row['log']:.3f}",
            "" if row["base_log"] is None else f"{row['base_log']:.3f}",
        )
        for row in found.results[:-1]
    ]
    count = found.results[-1]
    model, base = found.mean_brier()
    columns = ("by 31 December 2019", "model", "interval", "base rate", "observed")
    columns += ("Brier", "of base rate", "log", "of base rate")
    note = (
        f"`oslo_2019`, {REPLICATES:,} replicates, seed {SEED}. Interval: 95% (Wilson), simulation "
        f"error only. Mean Brier score where there is a base rate: model {model:.3f}, base rate "
        f"{base:.3f}.\n\n**{found.as_dict()['caveat'].capitalize()}.**\n\n"
        f"Net change of recognising states: median {count['model']:+g}, 90% band {count['low']:+g} "
        f"to {count['high']:+g}, observed {count['observed']:+g}; CRPS {count['crps']:.3f}, of no "
        f"change {count['base_crps']:.3f}."
    )
    series = [
        (
            f"{name} ({months[0]['unit']})",
            f"{sum(row['inside'] for row in months)} of {len(months)}",
            f"{months[-1]['low']:,.0f} to {months[-1]['high']:,.0f}",
            f"{months[-1]['observed']:,.0f}",
        )
        for name in found.coverage()
        for months in [[row for row in found.series if row["series"] == name]]
    ]
    shown = table(
        ("June to December 2019", "months in the 90% band", "band of December", "observed"), series
    )
    end = "Conditional on the model and its assumptions; not a forecast."
    return f"{table(columns, claims)}\n\n{note}\n\n{shown}\n\n{end}"


# Commands and the Python interface


# Teaching

#: Who gets a role card: the six actors that decide most in class.
ROLES = ("government", "opposition", "united_states", "norway", "russia", "armed_forces")
#: What each wants, in the words of the model; kept short, because a card is small.
WANTS = {
    "government": "to stay until the mandate ends in 2025, and to be safe if it must leave",
    "opposition": "the end of what it calls the usurpation, a transition and free elections",
    "united_states": "a settlement beyond its own red line, before it lifts sanctions",
    "norway": "a deal that both sides sign and keep",
    "russia": "a government it supports, as long as that is likely to last",
    "armed_forces": "to be on the side that wins, and not to be punished afterwards",
}


def role_cards() -> str:
    """Return a card per role: what it wants, what it can do, what it believes, what others say."""
    oslo = sim.load("oslo_2019")
    return "\n\n".join(_role_card(oslo, name) for name in ROLES)


def _role_card(oslo: Any, name: str) -> str:
    actor = oslo.actors[name]
    can = [action.replace("_", " ") for action, row in ACTIONS.items() if actor.kind in row.kinds]
    prefix = f"actors.{name}."
    rows = [
        (path.removeprefix(prefix).replace("_", " "), law(one), one.declared.unit, one.meaning)
        for path, one in oslo.parameters.items()
        if path.startswith(prefix) and one.given
    ]
    told = [
        f"- {fact.statement} ({fact.by}; {', '.join(fact.source)})"
        for fact in oslo.facts
        if any(path.startswith(prefix) for path in fact.informs)
    ]
    return "\n".join(
        [
            f"## {actor.name}",
            "",
            f"**You are** of kind {actor.kind}. **You want** {WANTS[name]}.",
            f"**You can** {', '.join(can) or 'do nothing by yourself: the model moves you'}.",
            "",
            *(["**What is said of you:**", "", *told, ""] if told else []),
            table(("what you hold", "value", "unit", "meaning"), rows),
        ]
    )


def command(name: str) -> str:
    """Return usage and options of one command."""
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    context = click.Context(found, info_name=f"parley {name}")
    rows = [row for row in (_option(p, context) for p in found.params) if row is not None]
    usage = f"    {' '.join([context.command_path, *found.collect_usage_pieces(context)])}"
    return f"{usage}\n\n{table(('option', 'meaning', 'default'), rows)}"


def _option(parameter: click.Parameter, context: click.Context) -> tuple[str, str, str] | None:
    if not isinstance(parameter, click.Option):
        return None
    flags = ", ".join(code(flag) for flag in parameter.opts)
    value = "" if parameter.is_flag else f" {parameter.make_metavar(context).split(' RANGE')[0]}"
    text, _, told = (parameter.help or "").partition("  [default: ")
    shown = parameter.show_default and not parameter.is_flag
    default = told.rstrip("]") or (_number(parameter.default) if shown else "")
    return flags + value, text.replace("`explain`", "`parley explain`"), default


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def public_names() -> str:
    """Return the public names of the package with the first line of their documentation."""
    rows = [(code(f"sim.{name}"), first_line(getattr(sim, name))) for name in sim.__all__]
    return table(("name", "what it is"), rows)


def citable(kind: str) -> str:
    """Return the keys of one kind that a scenario can cite, with what each stands for."""
    sources = [source for source in data.citable() if source.kind == kind]
    rows = [
        (code(one.key), one.title.partition(": ")[2] if kind == "article" else one.title)
        for one in sources
    ]
    return table(("key", "stands for"), rows)


def measured_speed() -> str:
    """What the benchmark last measured: the committed copy of `bench.json`."""
    found = json.loads((DOCS / "bench.json").read_text(encoding="utf-8"))
    parts = [f"**{title}**\n\n{table(('', 'measured'), rows)}" for title, rows in found["tables"]]
    return "\n\n".join(parts)


#: Name of each part and what returns it; where it stands, the documents say.
def tested_versions() -> str:
    """What ``make tested`` ran, one column an environment."""
    rows = json.loads((DOCS / "tested.json").read_text(encoding="utf-8"))
    tests = {"all": "all tests", "not slow": "fast tests"}
    names = sorted({name for row in rows for name in row["packages"]})
    lines = {
        "system": [row["system"] for row in rows],
        "on": [row["date"] for row in rows],
        "what ran": [tests.get(row["tests"], row["tests"]) for row in rows],
        "passed, failed, skipped": [
            f"{row['passed']:,}, {row['failed']}, {row['skipped']}" for row in rows
        ],
        **{name: [row["packages"].get(name, "") for row in rows] for name in names},
    }
    heads = [f"Python {row['python']}" for row in rows]
    return table(["", *heads], [[name, *cells] for name, cells in lines.items()])


PARTS: dict[str, Callable[[], str]] = {
    "hindcast": hindcast,
    "parameters": parameters,
    "moved values": moved_values,
    "actions": actions,
    "variables": variables,
    "outcomes": outcome_table,
    "base rates": base_rates,
    "scenario differences": scenario_differences,
    "scenario readings": scenario_table.readings,
    "classroom results": classroom_results,
    "comparable cases": comparable_cases,
    "libyan recognitions": libyan_recognitions,
    "public names": public_names,
    "role cards": role_cards,
    "measured speed": measured_speed,
    "tested versions": tested_versions,
    "paragraphs of the article": partial(citable, "article"),
    "keys of the bibliography": partial(citable, "reference"),
    **{
        f"options of {name}": partial(command, name)
        for name in cli.list_commands(click.Context(cli))
    },
}
_MARKED = re.compile(
    r"<!-- generated: (?P<name>[\w ]+) -->\n(?P<text>.*?)<!-- end of (?P=name) -->", re.DOTALL
)


def committed(documents: Iterable[Path] | None = None) -> dict[str, tuple[Path, str]]:
    """Return every generated part as it stands in the documents, with its document."""
    found = {}
    for path in sorted(DOCS.rglob("*.md")) if documents is None else documents:
        for match in _MARKED.finditer(path.read_text(encoding="utf-8")):
            found[match["name"]] = (path, match["text"].strip("\n"))
    return found


def rewrite(path: Path) -> None:
    """Write the generated parts of one document anew."""

    def part(match: re.Match[str]) -> str:
        name = match["name"]
        return f"<!-- generated: {name} -->\n\n{PARTS[name]()}\n\n<!-- end of {name} -->"

    path.write_text(_MARKED.sub(part, path.read_text(encoding="utf-8")), encoding="utf-8")


def main() -> int:
    """Rewrite the documents, or check them."""
    parser = argparse.ArgumentParser(description="The generated parts of the documents.")
    parser.add_argument("--check", action="store_true", help="exit 1 if a part differs")
    check = parser.parse_args().check
    stale = {n: path for n, (path, text) in committed().items() if PARTS[n]() != text}
    schema = CliRunner().invoke(cli, ["schema"]).output
    if SCHEMA.read_text(encoding="utf-8") != schema:
        print(f"{SCHEMA.relative_to(DOCS.parent)}: {'differs' if check else 'rewritten'}")
        if check:
            return 1
        SCHEMA.write_text(schema, encoding="utf-8")
    for name, path in stale.items():
        print(f"{path.relative_to(DOCS.parent)}: {name}: {'differs' if check else 'rewritten'}")
    if not check:
        for path in set(stale.values()):
            rewrite(path)
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
