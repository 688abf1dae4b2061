"""Names of files that no text can hold: written with an escape, or refused before anything runs.

A name may be any bytes but NUL and /, so that Python hands on what is not UTF-8 as half characters.
Such a name must never end a run that has finished, nor reach a file, a document or a terminal raw.
"""

import os
from pathlib import Path

import pytest

import sim
from sim.scenario.signs import refusal
from tests.command import Done, Parley

NAMES = {
    "not UTF-8": b"caf\xe9",
    "half of a character": b"\xe2\x82",
    "a line break": b"two\nlines",
    "colours of a terminal": b"\x1b[31mred",
    "an invisible space": "no\u00a0break\u200b".encode(),
}
TEXT = "parley: 1\ntitle: Named\nextends: two_players.yaml\n"
SHEET = "name,power_sharing\nAda,1\n"
VARY = ("--vary", "actors.opposition.hardness=0,0.3", "-n", 10)
NUMBER = ("-n", 10)


@pytest.fixture(params=NAMES.values(), ids=NAMES)
def name(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a name, of which there are a scenario, a sheet of predictions and a result."""
    bare = os.fsdecode(request.param)
    try:
        (tmp_path / f"{bare}.yaml").write_text(TEXT)
        (tmp_path / f"{bare}.csv").write_text(SHEET)
    except OSError:
        pytest.skip("this file system takes no such name")
    return bare


def is_safe(text: str) -> bool:
    """Return whether a text is lines of what can be seen."""
    return all(sign.isprintable() or sign == "\n" for sign in text)


def check(done: Done, code: int = 0) -> Done:
    """Assert how a command ended, and that it told the name as something that can be read."""
    assert done.code == code, done.err
    assert is_safe(done.out)
    assert is_safe(done.err)
    assert "caf?" not in done.out + done.err
    return done


def texts_below(folder: Path) -> list[str]:
    paths = [path for path in folder.rglob("*") if path.suffix in (".json", ".csv", ".yaml")]
    assert paths
    return [path.read_text("utf-8") for path in paths]


def test_a_scenario_of_any_name_is_run_stored_and_read_again(parley: Parley, name: str) -> None:
    check(parley("run", f"{name}.yaml", *NUMBER, "-o", "out"))
    check(parley("run", f"{name}.yaml", *NUMBER, "--append", "out", "--quiet"))
    assert all(is_safe(text) for text in texts_below(Path("out")))
    assert is_safe(sim.open_result("out").design["scenario"])
    check(parley("verify", "out"))
    check(parley("report", "out", "-o", "out.html"))
    assert is_safe(Path("out.html").read_text("utf-8"))
    check(parley("sweep", f"{name}.yaml", *VARY, "-o", "s.db"))
    check(parley("sweep", f"{name}.yaml", *VARY, "-o", "s.db", "--resume"))
    check(parley("verify", "s.db"))
    # What an alternative is called is text of the user's, and may not steer a terminal.
    called = "named" if refusal(name) else name
    other = ("--alt", f"{called}:actors.opposition.hardness=0.2")
    check(parley("compare", f"{name}.yaml", "two_players", *other, *NUMBER, "-o", "compared"))
    assert all(is_safe(text) for text in texts_below(Path("compared")))


@pytest.mark.parametrize(
    "words",
    [
        ("run", ".yaml", *NUMBER, "--json"),
        ("validate", ".yaml", "--json"),
        ("explain", ".yaml", "--json"),
        ("compare", "two_players", ".yaml", *NUMBER, "--json"),
        ("sweep", ".yaml", *VARY, "--dry-run", "--json"),
        ("tipping", ".yaml", *NUMBER, "--json"),
        ("replay", ".yaml", "--replicate", 3, "--json"),
        ("why", ".yaml", *NUMBER, "--json"),
        ("score", ".csv", ".yaml", *NUMBER, "--json"),
    ],
    ids=lambda words: words[0],
)
def test_a_document_tells_a_name_as_text(
    parley: Parley, name: str, words: tuple[object, ...]
) -> None:
    done = check(parley(*(f"{name}{word}" if str(word)[0] == "." else word for word in words)))
    assert done.document
    assert is_safe("".join(map(str, walk(done.document))))


def walk(document: object) -> list[object]:
    """Return everything that a document holds, keys included."""
    if isinstance(document, dict):
        return [*document, *(one for value in document.values() for one in walk(value))]
    if isinstance(document, list):
        return [one for value in document for one in walk(value)]
    return [document]


def test_results_stores_and_pages_of_any_name_are_written_and_read(
    parley: Parley, name: str
) -> None:
    check(parley("run", "two_players", *NUMBER, "-o", name))
    assert sim.open_result(name).replicates == 10
    assert check(parley("verify", name, "--json")).document["results"][0]["ok"]
    check(parley("verify", name))
    check(parley("report", name, "-o", f"{name}.html"))
    check(parley("sweep", "two_players", *VARY, "-o", f"{name}.db"))
    assert sim.open_sweep(f"{name}.db").size == 2
    check(parley("verify", f"{name}.db"))
    check(parley("compare", "two_players", f"{name}.yaml", *NUMBER, "--figure", f"{name}.png"))
    check(parley("new", f"{name}_new.yaml"))
    check(parley("validate", f"{name}_new.yaml"))


REFUSED = [
    (3, ("run", "two_players", "--set", "title={}")),
    (3, ("run", "two_players", "--set", "actors.{}=1")),
    (3, ("run", "two_players", "--set", "{}")),
    (2, ("run", "two_players", "--scheduler", "{}")),
    (2, ("sweep", "two_players", "--vary", "{}=1,2", "-o", "s.db")),
    (3, ("sweep", "two_players", "--vary", "title={},b", "-o", "s.db")),
    (2, ("explain", "two_players", "{}")),
    (3, ("validate", "{}_gone.yaml")),
    (1, ("verify", "{}_gone")),
    (2, ("score", "{}_gone.csv", "two_players")),
    (2, ("run", "two_players", "-o", "{}.yaml")),
]


@pytest.mark.parametrize(("code", "words"), REFUSED, ids=[" ".join(words) for _, words in REFUSED])
def test_what_is_no_text_is_refused_before_anything_is_written(
    parley: Parley, tmp_path: Path, code: int, words: tuple[str, ...]
) -> None:
    name = "caf\udce9"
    (tmp_path / f"{name}.yaml").write_text(TEXT)
    done = check(parley(*(word.format(name) for word in words)), code)
    assert len(done.err.splitlines()) == 1
    assert r"caf\udce9" in done.err
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.yaml"]


def test_a_fault_in_a_file_of_any_name_is_one_line(parley: Parley, name: str) -> None:
    Path(f"{name}.yaml").write_text(f"{TEXT}colour: red\n")
    done = check(parley("validate", f"{name}.yaml"), 3)
    assert len(done.err.splitlines()) == 1
    assert "unknown section 'colour'" in done.err


def test_the_error_of_a_function_can_be_printed_whatever_it_quotes() -> None:
    for name in map(os.fsdecode, NAMES.values()):
        for call in (sim.open_result, sim.open_sweep, sim.load):
            with pytest.raises(sim.ParleyError) as caught:
                call(name)
            assert is_safe(str(caught.value))
            assert len(str(caught.value).splitlines()) == 1
