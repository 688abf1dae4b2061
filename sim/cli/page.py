"""``parley page``: the interactive page on the loopback address."""

from __future__ import annotations

import os
import socket
from importlib.metadata import PackageNotFoundError, version

import click

from sim.cli import options
from sim.errors import RunError, install_line

_HOST = "127.0.0.1"
#: Versions that the page needs, below the number; newer ones leave it blank.
_PINS = {
    "solara": (1, 59),
    "solara-assets": (1, 59),
    "ipyvue": (2,),
    "ipyvuetify": (2,),
}
#: The server asks nobody anything and shows no advertisement.
_QUIET = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "Parley",
}


@click.command("page")
@click.argument("scenario", default="oslo_2019")
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True)
def command(scenario: str, port: int) -> None:
    """Show SCENARIO on an interactive page, on this machine alone; Ctrl-C ends it."""
    options.load_scenario(scenario, ())
    _check_versions()
    _check_port(port)
    os.environ.update(_QUIET, PARLEY_PAGE_SCENARIO=scenario)
    from solara.__main__ import cli

    click.echo(f"The page is at http://{_HOST}:{port}; Ctrl-C ends it.", err=True)
    words = ["run", "sim.page.app", "--production", "--no-open", "--no-check-version"]
    place = ["--host", _HOST, "--port", str(port)]
    cli([*words, *place, "--log-level", "error", "--log-level-uvicorn", "error"])


def _check_versions() -> None:
    wrong = []
    for name, below in _PINS.items():
        limit = ".".join(map(str, below))
        try:
            found = version(name)
        except PackageNotFoundError:
            wrong.append(f"{name} is not installed")
            continue
        if tuple(int(part) for part in found.split(".")[: len(below)]) >= below:
            wrong.append(f"{name} {found} is not below {limit}")
    if wrong:
        mend = install_line("page")
        raise RunError(f"the page cannot be shown: {'; '.join(wrong)}. To mend it: {mend}")


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            message = f"port {port} is taken; give another one, such as --port {port + 1}"
            raise RunError(message) from None
