"""The levers: numbers are those of the command line, nonsense is answered, sessions are apart."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import sim
from sim.analysis.shares import outcome_shares
from sim.page.levers import levers_of, plain
from tests.page.conftest import PATIENCE, Visit

#: One server and one browser for all: they are dear, and share two cores.
pytestmark = pytest.mark.xdist_group("page")

#: One server and one browser for all: they are dear, and share two cores.
pytestmark = pytest.mark.xdist_group("page")

NONSENSE = ("", "abc", "1e99", "-1")
#: Contrast of what is written, by the rule of WCAG 2.1; disabled controls are exempt.
CONTRAST = """
() => {
  const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const read = text => text.match(/[\\d.]+/g).map(Number);
  const behind = node => {
    for (let up = node; up; up = up.parentElement) {
      const c = read(getComputedStyle(up).backgroundColor);
      if (c.length < 4 || c[3] > 0.5) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  const written = "h1, h2, p, b, span, td, th, caption, label, button";
  for (const node of document.querySelectorAll(written)) {
    if (!node.innerText || !node.offsetParent) continue;
    if (node.closest("[disabled], .v-btn--disabled")) continue;
    const ink = read(getComputedStyle(node).color), paper = behind(node);
    const part = ink.length > 3 ? ink[3] : 1;
    const mixed = [0, 1, 2].map(i => part * ink[i] + (1 - part) * paper[i]);
    const [a, b] = [light(mixed), light(paper)].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.push(node.innerText.slice(0, 40));
  }
  return found;
}
"""


def field(page: Page, name: str) -> object:
    return page.get_by_label(name, exact=True)


def table(page: Page) -> dict[str, list[str]]:
    rows = [row.split("\t") for row in page.inner_text("table.parley").splitlines()]
    return {cells[0]: [cell.strip() for cell in cells[1:]] for cells in rows if len(cells) == 4}


def settled(page: Page, before: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the table once it is another one."""
    for _ in range(PATIENCE // 50):
        now = table(page)
        if now != before and len(now) == 9:
            return now
        page.wait_for_timeout(50)
    raise AssertionError("the distribution did not change")


def test_the_page_asks_nothing_from_elsewhere_and_complains_of_nothing(visit: Visit):
    assert visit.complaints == []
    assert visit.elsewhere == []


def expected(changes: dict[str, float]) -> dict[str, str]:
    scenario = sim.load("oslo_2019").alter(changes)
    ensemble = sim.run(scenario, 2000, 1, record=False, twins=False)
    return {
        row.name.replace("_", " "): f"{100 * row.share:.1f}%" for row in outcome_shares(ensemble)
    }


def test_the_numbers_are_those_of_the_command_line(visit: Visit):
    first = table(visit.page)
    shown = {name: cells[0] for name, cells in first.items() if name != "outcome"}
    assert shown == expected({})
    lever = field(visit.page, "guarantee")
    lever.fill("0.6")
    lever.press("Enter")
    moved = settled(visit.page, first)
    shown = {name: cells[0] for name, cells in moved.items() if name != "outcome"}
    assert shown == expected({"actors.norway.guarantee": 0.6})


def test_two_sessions_do_not_share_their_levers(browser: Browser, address: str, visit: Visit):
    other = Visit(browser)
    page = other.open(address)
    before = table(page)
    lever = field(visit.page, "guarantee")
    lever.fill("0.8")
    lever.press("Enter")
    settled(visit.page, before)
    page.wait_for_timeout(500)
    assert table(page) == before
    assert field(page, "guarantee").input_value() != "0.8"
    other.context.close()


def write(row: Locator, text: str, is_done: Callable[[], bool]) -> None:
    """Type into a lever's field until the page has taken it.

    On a busy machine an answer to an earlier entry may be written over a later one meanwhile.
    """
    field = row.locator("input[type=text]")
    for _ in range(30):
        field.fill(text)
        field.press("Enter")
        for _ in range(8):
            row.page.wait_for_timeout(250)
            if is_done():
                return
    raise AssertionError(f"the page does not take {text!r}")


@pytest.mark.slow
def test_every_lever_takes_both_ends_and_answers_nonsense(visit: Visit):
    page = visit.page
    rows = page.locator(".lever")
    found = levers_of(sim.load("oslo_2019"))
    assert rows.count() == len(found)
    for index, lever in enumerate(found):
        row = rows.nth(index)
        message, slider = row.locator(".v-messages__message"), row.get_by_role("slider")
        for text in NONSENSE:
            may_be = text == "-1"  # Some quantities may be negative.
            write(row, text, lambda may=may_be, said=message: may or said.count() > 0)
        for end in (plain(lever.low), plain(lever.high)):
            write(
                row, end, lambda end=end, at=slider: end in str(at.get_attribute("aria-valuenow"))
            )
        row.get_by_text("Undo").click()
    page.wait_for_timeout(1500)
    assert page.locator(".v-alert").count() == 0
    assert "Traceback" not in page.inner_text("body")
    assert visit.complaints == []


def test_every_control_has_a_name_and_the_keyboard_reaches_it(visit: Visit):
    page = visit.page
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("input[type=text], [role=slider]")]
        .filter(n => !n.getAttribute("aria-label") && !(n.labels && n.labels.length))
        .filter(n => !n.closest(".v-input__slider") || n.getAttribute("role") == "slider").length"""
    )
    assert nameless == 0
    first = page.locator(".lever input[type=text]").first
    first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    inside = page.evaluate(
        """() => [...document.querySelectorAll(".lever")]
        .findIndex(n => n.contains(document.activeElement))"""
    )
    assert inside in (0, 1)


def test_text_is_readable_on_its_ground(visit: Visit):
    assert visit.page.evaluate(CONTRAST) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080), (390, 844)])
def test_nothing_is_wider_than_the_window(browser: Browser, address: str, width: int, height: int):
    found = Visit(browser, width, height)
    page = found.open(address)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    pictures = page.locator("img")
    expect(pictures).to_have_count(2)  # The second one follows when the first stands.
    texts = [pictures.nth(i).get_attribute("alt") or "" for i in range(pictures.count())]
    assert all(re.search(r"\w+ \w+ \w+", text) for text in texts)
    found.context.close()
