"""The report is one page that needs no network and says all that the result holds."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import sim
from sim.errors import UsageError
from sim.outcomes import OUTCOMES
from sim.report.assumptions import WEAKNESS, quantity, ranked
from sim.report.build import build
from sim.results import NOTE
from tests.command import Parley

VOID = {"meta", "img", "br", "link", "input"}


class Outline(HTMLParser):
    """Checks that tags nest, and keeps what is needed to judge the page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    assert found.open == []
    return found


@pytest.fixture(scope="module")
def result() -> sim.Ensemble:
    return sim.run(sim.load("oslo_2019"), 300, 1)


@pytest.fixture(scope="module")
def page(result: sim.Ensemble) -> str:
    return build(result)


def test_the_page_is_well_formed_and_reads_nothing_from_elsewhere(page: str):
    found = outline(page)
    for tag, attributes in found.tags:
        assert tag not in ("script", "link", "iframe", "object")
        for name in ("src", "href"):
            value = attributes.get(name) or "#"
            assert value.startswith(("data:image/png;base64,", "#"))
    assert not re.search(r"url\(|@import|https?://", re.sub(r'base64,[^"]+', "", page))


def test_every_picture_has_words_and_every_table_a_caption(page: str):
    tags = outline(page).tags
    alts = [attributes["alt"] for tag, attributes in tags if tag == "img"]
    assert len(alts) >= 5
    assert all(alt and len(alt) > 60 for alt in alts)
    names = [tag for tag, _ in tags]
    assert names.count("caption") == names.count("table") >= 6
    assert names.count("h1") == 1
    assert ("html", {"lang": "en"}) in tags
    assert any(a.get("name") == "viewport" for tag, a in tags if tag == "meta")


def test_links_inside_the_page_lead_somewhere(page: str):
    tags = outline(page).tags
    ids = {a["id"] for _, a in tags if "id" in a}
    links = {(a["href"] or "")[1:] for tag, a in tags if tag == "a"}
    assert links == ids
    assert links >= {"outcomes", "uncertainty", "timing", "why", "drivers", "assumptions"}


def test_the_page_says_what_the_result_holds(page: str, result: sim.Ensemble):
    words = " ".join(" ".join(outline(page).words).split())
    for name in OUTCOMES:
        assert name.replace("_", " ") in words
    assert f"{NOTE[0].upper()}{NOTE[1:]}" in words
    assert str(result.design["scenario_sha256"]) in words
    assert "What can come of it in two years?" in words
    assert "simulation error" in words
    assert f"parley run scenario.resolved.yaml -n {result.replicates} --seed 1" in words
    assert not re.search(r"\bnan\b|\bNone\b", words)


def test_what_is_missing_says_what_to_run(result: sim.Ensemble):
    table = {k: v for k, v in result.table.items() if not k.startswith("weeks_")}
    table["weeks_at_table"] = result.table["weeks_at_table"]
    words = build(replace(result, table=table, parameters={}))
    assert "parley why oslo_2019" in words
    assert "Not ranked: no parameter of this run is uncertain" in words
    assert "parley sweep oslo_2019" in words


def test_a_title_cannot_break_the_page(result: sim.Ensemble):
    odd = {**result.scenario, "title": "<script>alert('x')</script> & \"talks\""}
    assert "<script" not in build(replace(result, scenario=odd, weekly={}))


def test_assumptions_are_ranked_by_sensitivity_times_weakness(result: sim.Ensemble):
    from sim.analysis.study import study_run

    drivers = study_run(result, "signed").drivers()
    rows = ranked(result.scenario, drivers)
    weights = [row.weight for row in rows]
    assert weights == sorted(weights, reverse=True)
    index = {one.name: one.index for one in drivers}
    for row in rows:
        assert row.weight == pytest.approx(index[row.path] * WEAKNESS[row.basis])
        assert row.source != "not stated"
    assert quantity(result.scenario, "agenda.prisoners.cost")["basis"] == "assumed"
    assert quantity(result.scenario, "actors.nobody.there") == {}


def test_report_is_written_once_and_refuses_to_overwrite(
    result: sim.Ensemble, parley: Parley, tmp_path: Path
):
    result.save(tmp_path / "r", figures=False)
    target = tmp_path / "new" / "r.html"
    assert parley("report", tmp_path / "r", "-o", target).code == 0
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    again = parley("report", tmp_path / "r", "-o", target)
    assert again.code == 2
    assert "--force" in again.err
    assert parley("report", tmp_path / "none", "-o", tmp_path / "x.html").code == 1
    assert [path.name for path in target.parent.iterdir()] == ["r.html"]


def test_a_sweep_of_another_scenario_is_refused(result: sim.Ensemble):
    from sim.sweeps import Sweep

    other = Sweep.__new__(Sweep)
    object.__setattr__(other, "scenario", {"title": "Another"})
    with pytest.raises(UsageError, match="a report is of one scenario"):
        build(result, other)
