"""Guarded YAML: text in, a tree out in which every value knows its file, line and column.

Scalars follow YAML 1.2, so ``NO``, ``on``, ``12:30`` and ``010`` stay text. Anchors, aliases, tags,
duplicate keys and second documents are refused; size, number of events and depth are bounded, so
that a hostile file costs no more than an honest one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, NoReturn

import yaml

from sim.errors import Problem, ScenarioError, printable
from sim.scenario.signs import forbidden, refusal, stands_here, unseen
from sim.scenario.syntax import LOADER, MAX_EVENTS, misread, syntax_fault
from sim.scenario.wording import shown

MAX_BYTES = 2**20
MAX_DEPTH = 40
MAX_KEY = 200
#: Longer runs of digits are no quantity; as a float they stay cheap to handle.
INT_DIGITS = 18

Scalar = str | int | float | bool | None

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = {".inf": "inf", "+.inf": "inf", "-.inf": "-inf", ".nan": "nan"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file, line and column counted from 1; line 0 means no text to point at."""

    file: str
    line: int = 0
    column: int = 0

    def problem(self, path: str, message: str) -> Problem:
        """Return the fault ``message`` of ``path`` at this place."""
        return Problem(self.file, self.line, self.column, path, message)

    def right(self, columns: int) -> "Mark":
        """Return the place this many characters to the right; no place stays none."""
        return Mark(self.file, self.line, self.column + columns) if self.line else self


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place.

    key: place of the key that it stands under. text: place of the first character of a text that
    stands on one line as it is, so that a fault inside it can be pointed at.
    """

    value: "Scalar | dict[str, Node] | list[Node]"
    mark: Mark
    key: Mark | None = None
    text: Mark | None = None

    @property
    def place(self) -> Mark:
        """The key's place if there is one, else the value's."""
        return self.key or self.mark

    @property
    def mapping(self) -> "dict[str, Node]":
        """The children of a mapping; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> "list[Node]":
        """The items of a list; empty for anything else."""
        return self.value if isinstance(self.value, list) else []

    def plain(self) -> Any:
        """Return the value without its marks: dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value


def read_file(path: Path, label: str) -> Node:
    """Read one YAML file; ``label`` names it in messages. Raises ScenarioError."""
    mark = Mark(label)
    try:
        if path.is_dir():
            _refuse(mark, "is a folder; a scenario is one YAML file")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        _refuse(mark, "no such file")
    except OSError as error:
        _refuse(mark, f"cannot be read: {error.strerror}")
    if len(data) > MAX_BYTES:
        _refuse(mark, _TOO_LARGE)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = _mark_of_byte(data, error.start, label)
        _refuse(at, "is not UTF-8 text; a scenario is a YAML file, saved as UTF-8")
    root = read_text(text, label)
    _check_keys(root)
    return root


def _check_keys(node: Node) -> None:
    """Refuse keys with what cannot be seen: they would be told as unknown, and look like known."""
    for key, child in node.mapping.items():
        at = unseen(key)
        if at is not None:
            _refuse(child.place.right(at), f"in the key '{printable(key)}' {stands_here(key[at])}")
        _check_keys(child)
    for item in node.items:
        _check_keys(item)


_TOO_DEEP = f"is nested deeper than {MAX_DEPTH} levels"
_TOO_LARGE = f"is larger than {MAX_BYTES:,} bytes; a scenario is a short text"


def read_text(text: str, label: str) -> Node:
    """Read YAML text into marked nodes. Raises ScenarioError with the place of the fault."""
    if len(text) > MAX_BYTES:
        _refuse(Mark(label), _TOO_LARGE)
    wrong = forbidden(text)
    if wrong is not None:
        _refuse(_mark_after(text[:wrong], label), f"is not plain text: {stands_here(text[wrong])}")
    try:
        root = _compose(text, label)
    except yaml.MarkedYAMLError as error:
        _refuse_syntax(error, text, label)
    if root is None:
        _refuse(Mark(label, 1, 1), "is empty; start from `parley: 1` and a title")
    return root


def _refuse_syntax(error: yaml.MarkedYAMLError, text: str, label: str) -> NoReturn:
    """Raise what the parser met, by its cause where that can be told."""
    mark = _mark(label, error.problem_mark or error.context_mark)
    lines = text.splitlines(keepends=True)[: mark.line]
    if found := misread(error, lines):
        line, column, message = found
        raise _error(Mark(label, line + 1, column + 1), message) from None
    depths = accumulate((sign in "[{") - (sign in "]}") for line in lines for sign in line)
    if max(depths, default=0) > MAX_DEPTH:
        raise _error(mark, _TOO_DEEP) from None  # Some parsers have a limit of their own.
    raise _error(mark, syntax_fault(error, lines)) from None


def _mark(label: str, at: Any) -> Mark:
    """Return a place that the parser, which counts from 0, has given."""
    return Mark(label, at.line + 1, at.column + 1) if at is not None else Mark(label)


def _mark_of_byte(data: bytes, position: int, label: str) -> Mark:
    """Return the place of a byte, with its column in characters."""
    return _mark_after(data[:position].decode("utf-8-sig", errors="replace"), label)


def _mark_after(before: str, label: str) -> Mark:
    """Return the place behind a text."""
    before = before.replace("\r\n", "\n").replace("\r", "\n")
    return Mark(label, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _compose(text: str, label: str) -> Node | None:
    """Build the tree from the event stream, refusing what the guard forbids as it appears."""
    stack: list[_Open] = []
    root: Node | None = None
    for event, mark in _guarded(yaml.parse(text, Loader=LOADER), label):
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            stack.append(_Open({} if isinstance(event, yaml.MappingStartEvent) else [], mark))
            if len(stack) > MAX_DEPTH:
                _refuse(mark, _TOO_DEEP)
            continue
        if isinstance(event, yaml.ScalarEvent):
            if fault := refusal(event.value):
                _refuse(mark, fault)
            if stack and stack[-1].wants_key:
                stack[-1].take_key(event.value, mark)
                continue
            value: Any = _scalar(event.value) if event.implicit[0] else event.value
            node = Node(value, mark, text=_text_mark(event, mark))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            done = stack.pop()
            node = Node(done.value, done.mark)
        else:
            continue
        if stack:
            stack[-1].add(node)
        else:
            root = node
    return root


def _text_mark(event: yaml.ScalarEvent, mark: Mark) -> Mark | None:
    """Return where the text starts, None if it is folded or escaped and columns do not count."""
    quotes = 1 if event.style in ("'", '"') else 0
    start: Any = event.start_mark
    end: Any = event.end_mark
    if start.line != end.line or end.column - start.column != len(event.value) + 2 * quotes:
        return None
    return mark.right(quotes) if quotes else mark


class _Open:
    """A mapping or list whose end has not been read yet."""

    def __init__(self, value: "dict[str, Node] | list[Node]", mark: Mark) -> None:
        self.value = value
        self.mark = mark
        self.key: tuple[str, Mark] | None = None

    @property
    def wants_key(self) -> bool:
        return isinstance(self.value, dict) and self.key is None

    def take_key(self, key: str, mark: Mark) -> None:
        if len(key) > MAX_KEY:
            _refuse(mark, f"has a key of more than {MAX_KEY} characters")
        if isinstance(self.value, dict) and key in self.value:
            line = self.value[key].place.line
            _refuse(mark, f"key '{key}' is given twice; it stands on line {line} already")
        self.key = (key, mark)

    def add(self, node: Node) -> None:
        if isinstance(self.value, list):
            self.value.append(node)
        elif self.key is None:
            _refuse(node.mark, "a key must be plain text, not a list or a mapping")
        else:
            key, mark = self.key
            self.value[key] = Node(node.value, node.mark, mark, node.text)
            self.key = None


def _guarded(events: Iterator[yaml.Event], label: str) -> Iterator[tuple[yaml.Event, Mark]]:
    """Yield every event with its place, unless it is one that the guard forbids."""
    documents = 0
    for count, event in enumerate(events):
        mark = _mark(label, event.start_mark)
        if count >= MAX_EVENTS:
            _refuse(mark, f"holds more than {MAX_EVENTS:,} YAML items")
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                _refuse(mark, "holds a second YAML document; one file is one scenario")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            _refuse(mark, "uses a YAML anchor or alias; write the value out, or use `extends`")
        tag = getattr(event, "tag", None)
        if tag:
            _refuse(mark, f"uses the YAML tag {shown(tag)}; write plain values")
        yield event, mark


def _scalar(text: str) -> Scalar:
    """Resolve a plain scalar by the YAML 1.2 core schema; leading zeros stay text."""
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text) and len(text) <= INT_DIGITS:
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if text.lower() in _SPECIAL:
        return float(_SPECIAL[text.lower()])
    return text


def _error(mark: Mark, message: str) -> ScenarioError:
    return ScenarioError([mark.problem("", message)])


def _refuse(mark: Mark, message: str) -> NoReturn:
    raise _error(mark, message)
