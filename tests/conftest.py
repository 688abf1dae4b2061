"""What all tests share: how long the series of ``tests/reliability`` are, and Ctrl-C."""

import json
import platform
import re
import signal
from collections.abc import Callable, Iterator
from datetime import date
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest

from tests.command import Parley, caller


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--reliability",
        action="store_true",
        help="run the reliability series in full instead of a sample of each",
    )
    parser.addoption(
        "--tested",
        type=Path,
        metavar="FILE",
        help="add to FILE what ran here with which versions, for the page of tested versions",
    )


@pytest.fixture(autouse=True)
def ctrl_c_reaches_the_next_test() -> Iterator[None]:
    """Undo what ``main`` does at its end; processes would inherit that they ignore Ctrl-C."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def parley(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Parley:
    """Run one command from an empty folder."""
    monkeypatch.chdir(tmp_path)
    return caller(monkeypatch, capsys)


@pytest.fixture
def tries(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Callable[[int, int], int]:
    """Return ``tries(sample, full)``: how many tries a series makes in this run."""
    is_full = bool(request.config.getoption("--reliability"))

    def choose(sample: int, full: int) -> int:
        made = full if is_full else sample
        record_property("tries", made)
        return made

    return choose


def installed_versions() -> dict[str, str]:
    """Return the version of every package that ours names and that is here."""
    found = {}
    for wanted in requires("parley-sim") or ():
        name = re.split(r"[^\w.-]", wanted, maxsplit=1)[0]
        try:
            found[name.lower()] = version(name)
        except PackageNotFoundError:
            continue
    found.pop("parley-sim", None)
    return dict(sorted(found.items()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Add a row to the record of tested versions, where one is kept."""
    target: Path | None = session.config.getoption("--tested")
    if target is None or hasattr(session.config, "workerinput"):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    assert reporter is not None
    row = {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "date": date.today().isoformat(),
        "tests": session.config.getoption("-m") or "all",
        **{how: len(reporter.stats.get(how, [])) for how in ("passed", "failed", "skipped")},
        "packages": installed_versions(),
    }
    rows = json.loads(target.read_text(encoding="utf-8")) if target.exists() else []
    target.write_text(json.dumps([*rows, row], indent=1) + "\n", encoding="utf-8")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print check, tries, failures and seconds of every reliability series that ran."""
    rows = []
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            properties = getattr(report, "user_properties", ())
            made = sum(value for name, value in properties if name == "tries")
            if made and report.when == "call":
                name = report.nodeid.rpartition("::")[2]
                rows.append((name, made, int(outcome == "failed"), report.duration))
    if rows:
        terminalreporter.section("reliability")
        terminalreporter.write_line(f"{'check':<72} {'tries':>7} {'failed':>7} {'seconds':>8}")
        for check, made, failed, seconds in sorted(rows):
            terminalreporter.write_line(f"{check:<72} {made:>7,} {failed:>7} {seconds:>8.1f}")
