"""What cannot be seen, or looks like another character, is named where it stands.

In the tables a » stands before the character; it is taken out before the file is written.
"""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load
from tests.command import Parley

HEAD = "parley: 1\ntitle: A test\nextends: oslo_2019.yaml\n"
TOP = "parley: 1\n"
ACTORS = f"{HEAD}actors:\n"
NBSP, ZERO, SHY, BOM = "\u00a0", "\u200b", "\u00ad", "\ufeff"
SPACE, OUT = "type a plain space", "take it out"
NO_BREAK, NO_WIDTH = "no-break space", "zero width space"
INDENT = "indent with spaces, not tabs"
TORN = 'title: "A: b»”\nweeks: 9\nquestion: "x"\n'

#: By the cause: a file, the character in words, and what to do.
CASES = {
    "a space after a colon": (f"{TOP}title:»{NBSP}A\nextends: x\n", NO_BREAK, SPACE),
    "a space after the last colon": (f"{HEAD}weeks:»{NBSP}9\n", NO_BREAK, SPACE),
    "a wide space": (f"{TOP}title:»\u3000A\nextends: x\n", "ideographic space", SPACE),
    "a thin space": (f"{TOP}title:»\u2009A\nextends: x\n", "thin space", SPACE),
    "an indent of such spaces": (f"{ACTORS}»{NBSP}{NBSP}norway: null\n", NO_BREAK, SPACE),
    "one in an indent": (f"{ACTORS}  norway:\n »{NBSP}  bias: 0\n", NO_BREAK, SPACE),
    "a line of one": (f"{HEAD}»{NBSP}\nweeks: 9\n", NO_BREAK, SPACE),
    "one behind a dash": (f"{HEAD}record:\n-»{NBSP}zone\n-{NBSP}x_min\n", NO_BREAK, SPACE),
    "one between braces": (f"{ACTORS}  norway: {{bias:»{NBSP}0}}\n", NO_BREAK, SPACE),
    "no width after a colon": (f"{TOP}title:»{ZERO} A\nextends: x\n", NO_WIDTH, OUT),
    "no width for a space": (f"{TOP}title:»{ZERO}A\nextends: x\n", NO_WIDTH, OUT),
    "no width before a key": (f"{TOP}»{ZERO}title: A\n", NO_WIDTH, OUT),
    "a hyphen in a key": (f"{TOP}ti»{SHY}tle: A\n", "soft hyphen", OUT),
    "a mark behind a key": (f"{TOP}title»\u200f: A\n", "right-to-left mark", OUT),
    "a mark behind a colon": (f"{TOP}title:»\u200f A\nweeks: 9\n", "right-to-left mark", OUT),
    "a word joiner": (f"{TOP}»\u2060title: A\n", "word joiner", OUT),
    "a joiner in an id": (f"{ACTORS}  nor»\u200dway: null\n", "zero width joiner", OUT),
    "a byte order mark inside": (f"{TOP}»{BOM}title: A\n", "byte order mark", OUT),
    "one in a text": (f"{TOP}title: A »{BOM}test\n", "byte order mark", OUT),
    "two at the start": (f"{BOM}»{BOM}{HEAD}", "byte order mark", OUT),
    "a line separator": (f"{TOP}title: A»\u2028B: c\n", "line separator", OUT),
    "a paragraph separator": (f"{TOP}title: A»\u2029B\n", "paragraph separator", OUT),
    "a next line": (f"{TOP}# A»\u0085weeks: 9\n", "next line", OUT),
    "a vertical tab": (f"{TOP}title: A»\x0bB\n", "control character", OUT),
    "an escape": (f"{TOP}title: »\x1b[31mB\n", "control character", OUT),
    "a tab as indent": (f"{ACTORS}»\tnorway: null\n", "tab", INDENT),
    "a tab behind spaces": (f"{ACTORS}  norway:\n  »\tbias: 0\n", "tab", INDENT),
    "a tab behind a dash": (f"{HEAD}facts:\n-»\tid: a\n\tby: b\n", "tab", INDENT),
    "quotes": (f"{TOP}title: »“A: b”\n", "left double quotation mark", 'type a plain "'),
    "single quotes": (f"{TOP}title: »‘A: b’\n", "left single quotation", "type a plain '"),
    "a quote that closes none": (TOP + TORN, "right double quotation", 'type a plain "'),
    "a wide colon": (f"{TOP}title»： A\nextends: x\n", "fullwidth colon", "type a plain :"),
    "a wide comma": (f"{HEAD}actors: {{a: null»， b: null}}\n", "fullwidth comma", "a plain ,"),
    "wide braces": (f"{HEAD}actors: »｛a: null｝\n", "fullwidth left curly bracket", "a plain {"),
    "a dash": (f"{HEAD}record:\n»– zone\n– x_min\n", "en dash", "type a plain -"),
}


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def fault_of(text: str) -> str:
    Path("s.yaml").write_bytes(text.encode())
    with pytest.raises(ScenarioError) as caught:
        load("s.yaml")
    (line,) = str(caught.value).splitlines()
    assert line.isprintable()
    return line


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["Unix", "Windows"])
def test_a_character_that_misleads_is_named_where_it_stands(case: str, ends: str) -> None:
    marked, name, advice = CASES[case]
    before, _, after = marked.partition("»")
    fault = fault_of(f"{before}{after}".replace("\n", ends))
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    column -= before.startswith(BOM)  # The mark at the start of a file is none of its text.
    assert fault.startswith(f"s.yaml:{line}:{column}: ")
    code = f"(U+{ord(after[0]):04X})"
    assert f" {name}" in fault
    assert f" {code} stands here; " in fault
    assert advice in fault


INNOCENT = {
    "spaces of French": f"title: 'Un «{NBSP}test{NBSP}»{NBSP}: rien'\n",
    "quotes in a text": "title: The “new” talks – as they say\n",
    "joiners and marks": "title: \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u200fאב\u200f\n",
    "a soft hyphen": f"title: re{SHY}cognition\n",
    "a tab between": "title:\tTalks\t\n",
    "a wide colon": "title: 會談：第二\n",
}


@pytest.mark.parametrize("line", INNOCENT.values(), ids=INNOCENT)
def test_such_characters_in_a_text_are_no_fault_and_take_no_blame(line: str) -> None:
    Path("s.yaml").write_text(f"{TOP}{line}extends: oslo_2019.yaml\n")
    assert load("s.yaml").title
    for other in ("question: a: b\n", "question: [a\n", "  weeks: 9\n"):
        fault = fault_of(f"{TOP}{line}{other}")
        assert fault.startswith(("s.yaml:3:", "s.yaml:4:1: "))
        assert "is not valid YAML: " in fault
        assert "stands here" not in fault


QUOTED = {
    "weeks: 10\u200b": "not '10\\u200b' with a zero width space (U+200B)",
    "weeks: 1\u00a0000": "not '1\\xa0000' with a no-break space (U+00A0)",
    "weeks: −10": "not '−10' with a minus sign (U+2212)",
    "start: 2019‑05‑17": "not '2019‑05‑17'",
    "start: 2019-05-17\u200e": "not '2019-05-17\\u200e' with a left-to-right mark (U+200E)",
    "extends: oslo_2019\u200b": "no file 'oslo_2019\\u200b' with a zero width space (U+200B) in",
    "record: [zone\u200b]": "unknown variable 'zone\\u200b' with a zero width space (U+200B)",
    "wеeks: 9": "unknown section 'wеeks'; did you mean 'weeks' without a cyrillic small letter ie",
    "actors: {nоrway: null}": "did you mean 'norway' without a cyrillic small letter o (U+043E)?",
    "talks: {lеarning: 0}": "did you mean 'learning' without a cyrillic small letter ie (U+0435)?",
}


@pytest.mark.parametrize("line", QUOTED, ids=ascii)
def test_a_message_shows_what_cannot_be_seen_in_what_it_quotes(line: str) -> None:
    key = line.partition(":")[0]
    rest = [row for row in HEAD.splitlines() if not row.startswith(key)]
    assert QUOTED[line] in fault_of("\n".join([*rest, line, ""]))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title=“x: y: z”", "a left double quotation mark (U+201C) stands here"),
        ("a.b=x\u2028y", "a line separator (U+2028) stands here"),
        ("a.b=x\x07", "a control character (U+0007) stands here"),
        (f"actors.{ZERO}government.bias=1", "actors.\\u200bgovernment.bias: unknown path"),
        (f"weeks=1{ZERO}0", "not '1\\u200b0' with a zero width space (U+200B)"),
    ],
)
def test_a_setting_names_what_misleads(parley: Parley, text: str, told: str) -> None:
    done = parley("run", "two_players", "--set", text)
    assert (done.code, done.out) == (3, "")
    assert told in done.err


def test_a_long_file_of_such_characters_is_refused_as_any_other() -> None:
    text = f"{HEAD}facts:\n" + f"  - {{id: a, by:{NBSP}b}}\n" * 2_000 + "x\n"
    assert "s.yaml:2006:1: is not valid YAML: " in fault_of(text)
    text = f"{HEAD}question: >-\n" + f"  “a{NBSP}b”\n" * 20_000 + "x\n"
    assert "is not valid YAML: " in fault_of(text)
