"""Options that several commands share, and how they are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from sim.scenario import Scenario

F = TypeVar("F", bound=Callable[..., Any])

_LEAST_REPLICATES = 1


def replicates(default: int) -> Callable[[F], F]:
    """Return the option ``-n``."""
    return click.option(
        "-n",
        "--replicates",
        type=click.IntRange(min=_LEAST_REPLICATES),
        default=default,
        show_default=True,
        help="Number of replicates.",
    )


seed = click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Seed; the same seed gives the same bits.",
)
workers = click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=None,
    help="Processes; the result is the same for any number.  [default: as many as pay off]",
)
scheduler = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="A dask scheduler, such as tcp://10.0.0.1:8786, in place of processes here.",
)
settings = click.option(
    "--set",
    "settings",
    metavar="PATH=VALUE",
    multiple=True,
    help="Change a parameter, as `explain` names it; repeatable.",
)


def folder(contents: str) -> Callable[[F], F]:
    """Return the options ``-o`` and ``--force`` of a command that writes into a folder."""
    output = click.option("-o", "--output", type=click.Path(path_type=Path), help=contents)
    force = click.option(
        "--force", is_flag=True, help="Replace what an earlier call of this command wrote there."
    )
    return lambda command: output(force(command))


as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
quiet = click.option("--quiet", is_flag=True, help="No progress and no remarks on stderr.")


def load_scenario(name: str, settings: tuple[str, ...]) -> Scenario:
    """Load a scenario by path or shipped name and lay the settings over it."""
    from sim.scenario import load

    scenario = load(name)
    return scenario.alter(read_settings(settings), label="--set") if settings else scenario


def read_settings(texts: tuple[str, ...]) -> dict[str, Any]:
    """Read every ``PATH=VALUE``. Raises ScenarioError with all that cannot be read."""
    from sim.errors import Problem, ScenarioError
    from sim.scenario import parse_setting

    changes: dict[str, Any] = {}
    problems: list[Problem] = []
    for text in texts:
        try:
            path, value = parse_setting(text)
        except ScenarioError as error:
            problems.extend(error.problems)
            continue
        if path in changes:
            problems.append(Problem("--set", 0, 0, path, "is set twice"))
        changes[path] = value
    if problems:
        raise ScenarioError(problems)
    return changes


def split_alternative(text: str) -> tuple[str, tuple[str, ...]]:
    """Split ``NAME:PATH=VALUE,PATH=VALUE``; commas inside brackets belong to the value."""
    from sim.scenario.signs import refusal

    name, colon, rest = text.partition(":")
    if not colon or not name.strip() or not rest.strip():
        raise click.UsageError(
            f"--alt {text!r} must read NAME:PATH=VALUE,PATH=VALUE, such as "
            "quiet:actors.norway.present=0"
        )
    if fault := refusal(name):
        raise click.UsageError(f"--alt {text!r}: its name {fault}")
    parts, depth, start = [], 0, 0
    for index, sign in enumerate(rest):
        depth += (sign in "{[") - (sign in "}]")
        if sign == "," and depth == 0:
            parts.append(rest[start:index])
            start = index + 1
    return name.strip(), (*parts, rest[start:])
