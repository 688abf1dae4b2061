"""Figures of a command depend on none of the settings that matplotlib finds around it."""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path

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
