"""The documentation site builds without a warning, and reading it needs no network."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = ["-m", "sphinx", "-W", "-n", "-q", "-b", "html", "-d", str(folder / "doctrees")]
    done = subprocess.run(
        [sys.executable, *command, str(DOCS), str(folder / "html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "html"


def test_every_page_is_on_the_site(site: Path):
    pages = {path.relative_to(DOCS).with_suffix("") for path in DOCS.rglob("*.md")}
    pages = {page for page in pages if "_build" not in page.parts}
    built = {path.relative_to(site).with_suffix("") for path in site.rglob("*.html")}
    assert pages
    assert pages <= built


def test_a_page_fetches_nothing_from_elsewhere(site: Path):
    fetched = re.compile(r'<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)="(?:https?:)?//[^"]+"')
    found = [
        f"{page.name}: {match[0]}"
        for page in site.rglob("*.html")
        for match in fetched.finditer(page.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_first_page_shows_a_scenario_and_a_figure(site: Path):
    text = (site / "index.html").read_text(encoding="utf-8")
    assert text.index("extends") < text.index("outcome_shares.png") < text.index("Install")
