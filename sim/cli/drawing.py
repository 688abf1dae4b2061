"""What figures need of the surroundings of a command: no settings, and fonts if there are any."""

from __future__ import annotations

import contextlib
import logging
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from sim.plots.missing import MissingFont, missing_font

#: Read from the working folder before any other place, whatever the environment says.
_SETTINGS = "matplotlibrc"


def ignore_surroundings() -> None:
    """Keep matplotlib from reading settings and from talking of the places where it keeps things.

    A backend that is not there (Jupyter names one for every process) or a file of settings that
    cannot be read fails its import, which would be after all the work. To be called before that.
    """
    os.environ.pop("MPLBACKEND", None)
    os.environ["MATPLOTLIBRC"] = os.devnull
    logging.getLogger("matplotlib").setLevel(logging.CRITICAL)
    if os.path.exists(_SETTINGS):
        with contextlib.chdir(Path(__file__).parent):
            import matplotlib  # noqa: F401


@contextlib.contextmanager
def telling_of_fonts() -> Iterator[None]:
    """Say in one line at the end which signs of all figures no font has, unless it is quiet."""
    missing: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("always", MissingFont)
        others = warnings.showwarning

        def show(message: Warning | str, *rest: Any, **more: Any) -> None:
            if not isinstance(message, MissingFont):
                others(message, *rest, **more)
            elif not click.get_current_context().params.get("quiet"):
                missing.update(message.signs)

        warnings.showwarning = show
        yield
    if missing:
        click.echo(missing_font(missing), err=True)
