"""What a Markdown document promises: its commands and what they print, its files, its links."""

import re
import shlex
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace

# Commands that set up a working copy: what the make targets do is run by continuous integration
# itself, and the others would leave the temporary folder of the document.
NOT_RUN = {
    "make": "continuous integration runs the targets; that they exist is checked here",
    "git": "needs a network and a repository",
    "pip": "would change the environment under test",
    "python -m pip": "would change the environment under test",
    "python -m venv": "the environment under test stands in for .venv",
    "cd": "a document stays in its folder",
}


@dataclass(frozen=True)
class Block:
    """A fenced block: its tag, its text and the line of its first line of text, from 1."""

    tag: str
    text: str
    line: int


@dataclass(frozen=True)
class Command:
    """A command of a console block and the exit code that the document promises."""

    text: str
    code: int
    line: int
    sample: str = ""

    @property
    def is_run(self) -> bool:
        """Whether the command is run here; ``.venv/bin/pip3`` and ``pip`` are the same."""
        text = re.sub(r"^(?:\S*/)?(pip|python)[\d.]*(?=\s|$)", r"\1", self.text)
        return not any(text == name or text.startswith(f"{name} ") for name in NOT_RUN)

    @property
    def targets(self) -> list[str]:
        """The targets named, if this is a call of make."""
        words = shlex.split(self.text)
        return [w for w in words[1:] if "=" not in w and w[0] != "-"] if words[0] == "make" else []


FENCE = re.compile(r"^(?P<indent>\s*)(?P<fence>`{3,}|~{3,})\s*(?P<tag>[^\s`]*)")


def blocks_of(text: str) -> list[Block]:
    """Return the fenced blocks of a Markdown text."""
    blocks: list[Block] = []
    opened: re.Match[str] | None = None
    lines: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if opened is None:
            opened, lines = FENCE.match(line), []
        elif line.strip().startswith(opened["fence"]) and not line.strip().strip("`~"):
            body = textwrap.dedent("\n".join(lines))
            blocks.append(Block(opened["tag"], body, number - len(lines)))
            opened = None
        else:
            lines.append(line)
    assert opened is None, "a fenced block is not closed"
    return blocks


def commands_of(block: Block) -> list[Command]:
    """Return the commands of a console block; a final backslash continues one on the next line."""
    commands: list[Command] = []
    lines = iter(enumerate(block.text.splitlines(), start=block.line))
    for number, line in lines:
        if not line.startswith("$ "):
            last = commands.pop()
            commands.append(replace(last, sample=f"{last.sample}{line}\n"))
            continue
        text = line[2:]
        while text.endswith("\\"):
            text = text[:-1] + next(lines)[1].lstrip()
        text, *comment = re.split(r"\s+#\s+", text, maxsplit=1)
        promised = re.fullmatch(r"exits (\d+)", comment[0].strip()) if comment else None
        commands.append(Command(text.strip(), int(promised[1]) if promised else 0, number))
    return commands


def file_of(block: Block) -> str | None:
    """Return the name of the file that a yaml block is, if it says so in its first line."""
    named = re.match(r"#\s*file:\s*(\S+\.ya?ml)\s*$", block.text.partition("\n")[0])
    return named[1] if block.tag == "yaml" and named else None


def prose_of(text: str) -> str:
    """Return a Markdown text without its fenced blocks."""
    lines = text.splitlines()
    for block in blocks_of(text):
        size = len(block.text.splitlines())
        lines[block.line - 2 : block.line + size] = [""] * (size + 2)
    return "\n".join(lines)


LINK = re.compile(
    r"\]\(\s*<?([^)\s>]+)|^\s*\[(?!\^)[^]]+\]:\s*(\S+)|(?:src|href)=[\"']([^\"']+)", re.M
)
CODE = re.compile(r"(`+)(.+?)\1")
PLACE = re.compile(r"(?:docs|sim|tests|scenarios|notebooks|benchmarks)/[\w./-]*")


def links_of(text: str) -> Iterator[tuple[str, bool]]:
    """Yield what a Markdown text points to inside the repository, and whether from its root.

    Links are relative to the document; a path in code font counts from the root of the repository.
    """
    prose = prose_of(text)
    for _, code in CODE.findall(prose):
        if PLACE.fullmatch(code):
            yield code, True
    for groups in LINK.findall(CODE.sub("", prose)):
        target = "".join(groups).partition("#")[0]
        if target and not re.match(r"[a-z][a-z+.-]*:", target):
            yield target, False
