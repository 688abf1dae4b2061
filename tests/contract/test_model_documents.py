"""The pages on the model leave nothing out: parameters, constants, random streams, functions.

The ODD page is written so that a week can be programmed again from it; what it says of a parameter
is therefore compared with the schema, and what it calls a stream with the draws in the code.
"""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from sim import draws
from sim.scenario.quantities import Frozen
from sim.scenario.schema import KINDS, Bloc, Declared, Issue, Talks, parameters_of
from sim.scenario.validate import WEEKS

ROOT = Path(__file__).parents[2]
EXPLANATION = ROOT / "docs" / "explanation"
ODD = (EXPLANATION / "odd.md").read_text(encoding="utf-8")

#: What every mechanism shares, array types and declarations of facts: no theory, so no page.
NO_PAGE = {"arrays", "facts"}
MECHANISMS = sorted(
    path
    for path in (ROOT / "sim" / "mechanisms").glob("*.py")
    if path.stem not in NO_PAGE | {"__init__"}
)
#: Where the week is programmed; its numbers are the model's.
ENGINE = sorted(
    path
    for path in (
        *(ROOT / "sim").glob("*.py"),
        *(ROOT / "sim" / "actors").glob("*.py"),
        *(ROOT / "sim" / "mechanisms").glob("*.py"),
    )
    if path.name != "draws.py"
)
#: Parts of the engine whose constants enter a rule of the week.
RULES = [
    path
    for path in ENGINE
    if path.stem != "facts"
    and (path.parent.name in ("actors", "mechanisms") or path.stem in ("crisis", "table"))
]
#: Intervals in which mechanisms declare their facts.
INTERVALS = {"UNIT", "SIGNED"}
#: Names of positions and phases: they number, they do not measure.
CODES = {"NEITHER", "OPPOSITION", "GOVERNMENT", "APART", "TALKS", "IMPLEMENTING"}

Row = tuple[str, str, str, str, str]


# Reading a page


def rows_of(text: str) -> list[list[str]]:
    """Return the cells of every row of every table, without code font."""
    lines = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE).splitlines()
    return [
        [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        for line in lines
        if line.startswith("|")
    ]


def in_code_font(text: str) -> set[str]:
    """Return what stands in code font outside fenced blocks."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return set(re.findall(r"`([^`\n]+)`", prose))


# Parameters


def number(value: float) -> str:
    return f"{value:.10g}"


def domain(declared: Declared) -> str:
    if declared.high >= 1e9:
        ends = "any number" if declared.low <= -1e9 else f"{number(declared.low)} or more"
    else:
        ends = f"{number(declared.low)} to {number(declared.high)}"
    return f"{ends}, whole" if declared.whole else ends


def left_out(declared: Declared, has_stand_in: bool) -> str:
    """Return what holds where a scenario is silent; in brackets, where the actor is absent."""
    if not declared.required:
        return number(declared.neutral)
    return f"required ({number(declared.neutral)})" if has_stand_in else "required"


def parts() -> Iterator[tuple[str, str, type[Frozen]]]:
    """Yield heading, address and model of every part of the schema that has parameters."""
    yield "the table", "talks.", Talks
    yield "an issue of the agenda", "agenda.<id>.", Issue
    for kind, model in KINDS.items():
        yield kind, "actors.<id>.", model
    yield "a bloc of states", "actors.<id>.blocs.<bloc>.", Bloc


def expected_rows() -> Iterator[tuple[str, Row]]:
    for heading, prefix, model in parts():
        has_stand_in = model not in (Issue, Bloc)
        for name, _, declared in parameters_of(model):
            once = declared.at_start or model is Issue
            yield (
                heading,
                (
                    declared.symbol,
                    f"{prefix}{name}",
                    declared.unit,
                    domain(declared),
                    left_out(declared, has_stand_in) + (", start" if once else ", weekly"),
                ),
            )


EXPECTED = list(expected_rows())


def rows_below(heading: str) -> list[Row]:
    """Return the parameters that the ODD page lists for one part of the schema."""
    found = re.search(
        rf"^### Parameters of {re.escape(heading)}\n(.*?)(?=^#|^\*\*|\Z)",
        ODD,
        re.DOTALL | re.MULTILINE,
    )
    assert found, f"odd.md has no section 'Parameters of {heading}'"
    cells = rows_of(found[1])[2:]
    return [(c[0], c[1], c[2], c[3], f"{c[4]}, {c[5]}") for c in cells]


@pytest.mark.parametrize(
    ("heading", "row"), EXPECTED, ids=[f"{heading}-{row[0]}" for heading, row in EXPECTED]
)
def test_parameter_stands_in_the_odd_page_as_the_schema_declares_it(heading: str, row: Row):
    assert row in rows_below(heading)


@pytest.mark.parametrize("heading", [heading for heading, _, _ in parts()])
def test_odd_page_lists_no_parameter_that_is_not_there(heading: str):
    assert set(rows_below(heading)) <= {row for part, row in EXPECTED if part == heading}


def test_every_parameter_of_the_odd_page_has_a_meaning():
    rows = [cells for cells in rows_of(ODD) if len(cells) == 7 and cells[0] != "symbol"]
    assert len(rows) > len(EXPECTED)
    assert [cells[1] for cells in rows if not cells[6]] == []


def test_horizon_stands_in_the_odd_page():
    assert any(
        cells[:4] == [WEEKS.symbol, "weeks", WEEKS.unit, domain(WEEKS)] for cells in rows_of(ODD)
    )


# Constants


def module_at(path: Path) -> ModuleType:
    return import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def constants_of(path: Path) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield the public numeric constants of a module, a single number as a tuple of one."""
    for name, value in vars(module_at(path)).items():
        values = value if isinstance(value, tuple) else (value,)
        # TYPE_CHECKING is a constant of typing, and no number.
        is_number = all(isinstance(i, int | float) and not isinstance(i, bool) for i in values)
        if name.isupper() and is_number and name not in INTERVALS:
            yield name, values


CONSTANTS = sorted({pair for path in RULES for pair in constants_of(path) if pair[0] not in CODES})


def test_constants_are_found():
    assert ("SURVIVAL_ERROR", (0.05,)) in CONSTANTS
    assert ("LABEL_COSTS", (0.75, 0.5, 0.25)) in CONSTANTS


@pytest.mark.parametrize(("name", "value"), CONSTANTS, ids=[name for name, _ in CONSTANTS])
def test_constant_stands_in_the_odd_page(name: str, value: tuple[float, ...]):
    told = [cells[1] for cells in rows_of(ODD) if cells[0] == name]
    assert len(told) == 1, f"odd.md says {len(told)} times what {name} is"
    assert tuple(float(item) for item in told[0].split(",")) == value


# Random streams


def drawn_in(path: Path) -> Iterator[str]:
    """Yield the stream of every draw in a module, as a pattern."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = ast.unparse(node.func.value).rpartition(".")[2]
        if node.func.attr in ("uniform", "normal") and owner == "draws":
            yield pattern_of(node.args[0], f"{path.name}:{node.lineno}")


def pattern_of(stream: ast.expr, place: str) -> str:
    """Return a regular expression for a stream's name; a part computed at run time is ``<...>``."""
    if isinstance(stream, ast.Constant) and isinstance(stream.value, str):
        return re.escape(stream.value)
    if isinstance(stream, ast.JoinedStr):
        return "".join(
            pattern_of(part, place) if isinstance(part, ast.Constant) else "<[^<>]+>"
            for part in stream.values
        )
    if isinstance(stream, ast.BinOp) and isinstance(stream.op, ast.Add):
        return pattern_of(stream.left, place) + pattern_of(stream.right, place)
    if isinstance(stream, ast.Name):
        known = getattr(draws, stream.id, None)
        return re.escape(known) if isinstance(known, str) else "<[^<>]+>"
    raise AssertionError(f"{place}: the name of this stream cannot be read from the code")


STREAMS = sorted({(pattern, path.name) for path in ENGINE for pattern in drawn_in(path)})
TOLD = [cells[0] for cells in rows_of(ODD) if len(cells) == 4 and cells[2] in ("U", "Z")]


def test_streams_are_found():
    assert len(STREAMS) >= 15
    assert (re.escape("zone.low"), "table.py") in STREAMS


@pytest.mark.parametrize(("pattern", "module"), STREAMS, ids=[pattern for pattern, _ in STREAMS])
def test_stream_of_the_code_stands_in_the_odd_page(pattern: str, module: str):
    assert any(re.fullmatch(pattern, name) for name in TOLD), f"{module} draws {pattern}"


@pytest.mark.parametrize("name", sorted(set(TOLD)))
def test_stream_of_the_odd_page_is_drawn_in_the_code(name: str):
    assert any(re.fullmatch(pattern, name) for pattern, _ in STREAMS)


# Mechanisms


def page_of(module: Path) -> Path:
    return EXPLANATION / "mechanisms" / f"{module.stem.replace('_', '-')}.md"


def public_names(path: Path) -> Iterator[str]:
    """Yield what a mechanism offers: functions, classes and constants."""
    module = module_at(path)
    for name, value in vars(module).items():
        is_own = getattr(value, "__module__", None) == module.__name__
        if is_own and callable(value) and not name.startswith("_"):
            yield name
    yield from (name for name, _ in constants_of(path))


@pytest.mark.parametrize("module", MECHANISMS, ids=[path.stem for path in MECHANISMS])
def test_mechanism_has_a_page(module: Path):
    text = page_of(module).read_text(encoding="utf-8")
    assert f"`sim/mechanisms/{module.name}`" in text
    for section in ("Theory", "Equation", "Code", "Test", "Switching it off"):
        assert f"\n## {section}\n" in text
    assert 30 <= len(text.splitlines()) <= 70


@pytest.mark.parametrize("module", MECHANISMS, ids=[path.stem for path in MECHANISMS])
def test_public_names_of_a_mechanism_stand_on_its_page(module: Path):
    told = in_code_font(page_of(module).read_text(encoding="utf-8"))
    assert sorted(set(public_names(module)) - told) == []


def test_page_of_a_mechanism_belongs_to_a_module():
    pages = {path.name for path in (EXPLANATION / "mechanisms").glob("*.md")}
    assert pages == {page_of(module).name for module in MECHANISMS}


@pytest.mark.parametrize("module", MECHANISMS, ids=[path.stem for path in MECHANISMS])
def test_model_page_leads_to_the_page_of_a_mechanism(module: Path):
    text = (EXPLANATION / "model.md").read_text(encoding="utf-8")
    assert f"](mechanisms/{page_of(module).name})" in text
