"""What all tests share: how long the series of ``tests/reliability`` are, and Ctrl-C."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.command import Parley, caller


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--reliability",
        action="store_true",
        help="run the reliability series in full instead of a sample of each",
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
