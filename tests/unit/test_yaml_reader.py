"""Guarded YAML: scalars of version 1.2, places of values, and what is refused while reading."""

import math
from pathlib import Path

import pytest
import yaml

from sim.errors import ScenarioError
from sim.scenario import syntax, yaml_reader
from sim.scenario.yaml_reader import Mark, Node, read_file, read_text


def value_of(text: str) -> object:
    return read_text(f"x: {text}\n", "t.yaml").mapping["x"].plain()


def message_of(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_text(text, "t.yaml")
    assert len(caught.value.problems) == 1
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["NO", "no", "on", "off", "yes", "y", "12:30", "010", "1_000", "0x10", "0o17", "2019-05-17"],
)
def test_what_older_yaml_turns_into_something_else_stays_text(text: str) -> None:
    assert value_of(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-7", -7),
        ("1.50", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1.0e-06", 1e-6),
        ("+2.", 2.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("1e999", math.inf),
    ],
)
def test_a_plain_scalar_has_the_type_of_yaml_1_2(text: str, value: object) -> None:
    found = value_of(text)
    assert found == value
    assert type(found) is type(value)


def test_not_a_number_is_read_as_one() -> None:
    found = value_of(".nan")
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize("text", ["'12'", '"true"', "'null'", "'1e3'"])
def test_a_quoted_scalar_is_text(text: str) -> None:
    assert value_of(text) == text[1:-1]


def test_a_million_digits_are_a_float_and_cost_nothing() -> None:
    assert value_of("9" * 1_000_000) == math.inf
    assert value_of("9" * 30) == pytest.approx(1e30)


def test_every_value_knows_its_line_and_column() -> None:
    root = read_text("a: 1\nb:\n  - c: [x, yy]\n", "t.yaml")
    item = root.mapping["b"].items[0]
    assert root.mapping["a"].mark == Mark("t.yaml", 1, 4)
    assert root.mapping["b"].key == Mark("t.yaml", 2, 1)
    assert item.mapping["c"].place == Mark("t.yaml", 3, 5)
    assert item.mapping["c"].items[1].mark == Mark("t.yaml", 3, 12)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a > b", 4),
        ("'a > b'", 5),
        ('"a > b"', 5),
        ("'it''s'", None),
        ('"a\\tb"', None),
        ("|\n  a > b", None),
        ("a >\n  b", None),
        ("é > b", 4),
    ],
)
def test_a_text_knows_where_its_characters_start_if_it_stands_there_as_it_is(
    text: str, column: int | None
) -> None:
    node = read_text(f"x: {text}\n", "t.yaml").mapping["x"]
    assert node.text == (Mark("t.yaml", 1, column) if column else None)


def test_line_ends_of_other_systems_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    plain, other = tmp_path / "plain.yaml", tmp_path / "other.yaml"
    plain.write_bytes("name: Gespräche\nlist:\n  - 會談\n".encode())
    other.write_bytes(b"\xef\xbb\xbf" + "name: Gespräche\r\nlist:\r\n  - 會談\r\n".encode())
    assert read_file(plain, "t.yaml") == read_file(other, "t.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "t.yaml:1:1: is empty"),
        ("# only a remark\n", "t.yaml:1:1: is empty"),
        ("a: 1\nb: 2\na: 3\n", "t.yaml:3:1: key 'a' is given twice; it stands on line 1 already"),
        ("a: {b: 1, b: 2}\n", "t.yaml:1:11: key 'b' is given twice"),
        ("a: &x 1\n", "t.yaml:1:4: uses a YAML anchor or alias"),
        ("a: *x\n", "t.yaml:1:4: uses a YAML anchor or alias"),
        ("a: !!python/name:os.system x\n", "t.yaml:1:4: uses the YAML tag"),
        ("a: !x 1\n", "t.yaml:1:4: uses the YAML tag '!x'"),
        ("a: 1\n---\nb: 2\n", "t.yaml:2:1: holds a second YAML document"),
        ("? [a, b]\n: 1\n", "t.yaml:1:3: a key must be plain text"),
        ("{a: 1}: 1\n", "t.yaml:1:1: a key must be plain text"),
        (f"{'k' * 201}: 1\n", "t.yaml:1:1: has a key of more than 200 characters"),
        ("a:\n\tb: 1\n", "indent with spaces, not tabs"),
        ("title: Talks: the second\n", "t.yaml:1:13: is not valid YAML"),
        ("title: Talks: the second\n", "put a text that holds ': ' in quotes"),
        (
            "a:\n  b: 1\n    c: 2\n",
            "this field begins 4 columns in, the one above it 2: align them",
        ),
        (
            "a:\n- b: 1\n    c: 2\n",
            "this field begins 4 columns in, the one above it 2: align them",
        ),
        ("a:1\nb: 2\n", "in the line above, write a space after the colon: `a: 1`"),
        (
            "a:\n  - b: 1\n   c: 2\n",
            "and that this line starts in the column of the lines it belongs to",
        ),
        ("a:\n  b:\n    c: x: 2\n", "put a text that holds ': ' in quotes"),
        ("title: 'Talks\n", "a quote or bracket is not closed"),
        ("a: @b\n", "put a text that starts with a special sign in quotes"),
        ("[a, b\n", "check commas, brackets and quotes, and that this line starts in the"),
        (
            "a: é\nb: x\0y\n",
            "t.yaml:2:5: is not plain text: a control character (U+0000) stands here; take it out",
        ),
        ("%YAML 3.0\n---\na: 1\n", "is not valid YAML"),
        ("a: \udcff\n", "t.yaml:1:4: is not plain text: half of a character (U+DCFF) stands here"),
        ("x" * (2**20 + 1), "t.yaml: is larger than 1,048,576 bytes"),
    ],
)
def test_a_fault_of_the_syntax_is_one_message_with_its_place(text: str, message: str) -> None:
    assert message in message_of(text)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("title: Talks: the second\n", "put a text that holds ': ' in quotes"),
        ("a:\n\tb: 1\n", "indent with spaces, not tabs"),
        ("a: @b\n", "put a text that starts with a special sign in quotes"),
        ("a: 1\nb\nc: 2\n", "check indentation and colons above this place"),
        ("title: 'Talks\n", "a quote or bracket is not closed"),
        ("[a, b\n", "check commas, brackets and quotes, and that this line starts in the"),
        ("a:\n  - b: 1\n   c: 2\n", "and that this line starts in the column of the lines it"),
        ("title:\u00a0A\nb: c\n", "a no-break space (U+00A0) stands here"),
        ("[" * 45 + "@", "is nested deeper than 40 levels"),
    ],
)
@pytest.mark.parametrize("loader", [yaml.BaseLoader, syntax.LOADER], ids=["Python", "C"])
def test_what_to_do_does_not_hang_on_the_words_of_one_parser(
    monkeypatch: pytest.MonkeyPatch, loader: type, text: str, advice: str
) -> None:
    for module in (yaml_reader, syntax):
        monkeypatch.setattr(module, "LOADER", loader)
    assert advice in message_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 3000,
        "{a: " * 3000,
        "- " * 3000 + "x",
        "? " * 3000,
        "".join(" " * i + "a:\n" for i in range(1000)),
    ],
    ids=["flow lists", "flow mappings", "block lists", "block keys", "block mappings"],
)
def test_depth_is_bounded(text: str) -> None:
    assert "is nested deeper than 40 levels" in message_of(text)


def test_forty_levels_are_deep_enough() -> None:
    depth = yaml_reader.MAX_DEPTH
    assert isinstance(read_text("[" * depth + "]" * depth, "t.yaml"), Node)
    assert "deeper" in message_of("[" * (depth + 1) + "]" * (depth + 1))


def test_the_number_of_items_is_bounded() -> None:
    assert "holds more than 20,000 YAML items" in message_of("[" + "a," * 20_001 + "]")


def test_what_is_no_text_is_refused_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes("é: 1\né: ".encode() + b"\xe9\n")
    with pytest.raises(ScenarioError, match=r"^t\.yaml:2:4: is not UTF-8 text"):
        read_file(path, "t.yaml")


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"^here: is a folder; a scenario is one YAML file$"):
        read_file(tmp_path, "here")
    with pytest.raises(ScenarioError, match=r"^gone: no such file$"):
        read_file(tmp_path / "gone", "gone")
