"""The group of commands, and how errors that a user can meet become messages."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import version
from typing import Any

import click

from sim.cli.drawing import ignore_surroundings, telling_of_fonts
from sim.errors import ParleyError

_COMMANDS = {
    "analyse": "Rank what drives an outcome, from a run or a sweep.",
    "cascade": "Show which states tipped which.",
    "compare": "Compare alternatives with a base on the same luck.",
    "diff": "Show what two scenarios differ in.",
    "doctor": "Check the installation.",
    "explain": "Show every parameter with its value, source and line.",
    "hindcast": "Score the base scenario against 2019 and against base rates.",
    "list": "List the scenarios that are shipped.",
    "new": "Write a commented scenario to start from.",
    "page": "Show a scenario on an interactive page.",
    "replay": "Tell one replicate in plain language.",
    "report": "Write a saved result as one HTML page.",
    "run": "Run a scenario and print its outcome distribution.",
    "schema": "Print the JSON Schema of scenario files.",
    "score": "Score a class's predictions against a distribution.",
    "sweep": "Sweep parameters over a design into one resumable store.",
    "theory": "Check published results against what is computed here.",
    "tipping": "Find where the most likely outcome changes.",
    "validate": "Check scenario files without running them.",
    "verify": "Check a saved result and run a sample of it again.",
    "why": "Say what kept the replicates from a deal.",
}


class _ReaderLeft(Exception):
    """Nobody reads what is written. click would make exit code 1 of a BrokenPipeError."""


@contextmanager
def _past_click() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise _ReaderLeft from error


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that help stays fast."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the options, and print help where it is asked for."""
        with _past_click():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is named."""
        with _past_click():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command, None if there is none of that name."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"sim.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is named first, with a guess where there is none of that name."""
        near = get_close_matches(args[0], _COMMANDS, 1)
        if near and args[0] not in _COMMANDS:
            ctx.fail(f"No such command '{args[0]}'; did you mean '{near[0]}'?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from their one-line summaries, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_COMMANDS.items()))


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("parley-sim"), message="%(prog)s %(version)s")
def cli() -> None:
    """Simulate diplomatic crises: scenario files in, outcome distributions out.

    Results go to stdout, everything else to stderr. Every result is conditional on the model and
    its assumptions; none is a forecast.
    """


def run() -> int:
    """Run one command and return its exit code; errors of known kinds become messages."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # A name must not fail on an old terminal.
    ignore_surroundings()
    try:
        with telling_of_fonts():
            code = cli.main(prog_name="parley", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ParleyError as error:
        click.echo(str(error), err=True)
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except _ReaderLeft:
        raise BrokenPipeError from None
    return code if isinstance(code, int) else 0
