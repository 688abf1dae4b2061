"""``parley doctor``: is this installation able to run scenarios, and to the bit?"""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from sim.cli import options, terminal


@click.command("doctor")
@options.as_json
def command(as_json: bool) -> None:
    """Check the installation: packages, shipped scenarios, one small run, bit identity."""
    results = []
    for name, check in _CHECKS.items():
        try:
            detail, ok = check(), True
        except Exception as error:
            detail, ok = f"{type(error).__name__}: {error}", False
        results.append({"check": name, "ok": ok, "detail": detail})
    if as_json:
        terminal.print_json({"results": results})
    else:
        for row in results:
            click.echo(f"{'ok  ' if row['ok'] else 'FAIL'} {row['check']}: {row['detail']}")
    if not all(row["ok"] for row in results):
        sys.exit(1)


def _packages() -> str:
    from importlib.metadata import requires, version

    names = [text.split(";")[0].strip() for text in requires("parley-sim") or () if ";" not in text]
    plain = sorted({name.split(">")[0].split("<")[0].split("=")[0].strip() for name in names})
    return ", ".join(f"{name} {version(name)}" for name in plain)


def _scenarios() -> str:
    from sim.scenario import load
    from sim.scenario.library import names

    found = [load(name).name for name in names()]
    if not found:
        raise FileNotFoundError("no scenario is shipped with this installation")
    return f"{len(found)} shipped, all valid"


def _run() -> str:
    from sim.ensemble import run
    from sim.scenario import load

    ensemble = run(load("oslo_2019"), 64, seed=1, record=False)
    return f"{ensemble.replicates} replicates of oslo_2019, every one with an outcome"


def _bits() -> str:
    from sim.ensemble import run
    from sim.scenario import load

    scenario = load("oslo_2019")
    whole = run(scenario, 64, seed=1, record=False, twins=False)
    alone = run(scenario, 1, seed=1, start=17, record=False, twins=False)
    for name, values in alone.table.items():
        if values.tobytes() != whole.table[name][17:18].tobytes():
            raise ArithmeticError(f"replicate 17 alone differs from replicate 17 of 64 in {name}")
    return "replicate 17 is the same alone and among 64"


def _machine() -> str:
    from sim.environment import environment

    found = environment()
    return f"Python {found['python']}, {found['machine']}, {found['cpu_features']}"


_CHECKS: dict[str, Callable[[], str]] = {
    "packages": _packages,
    "machine": _machine,
    "scenarios": _scenarios,
    "run": _run,
    "bit identity": _bits,
}
