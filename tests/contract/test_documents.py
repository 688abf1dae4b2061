"""README and docs tell the truth: their commands and programs run, their links lead somewhere.

In a fenced block tagged ``console`` a line that begins with ``$ `` is a command; it must end with
exit code 0, or with N where the line ends with ``# exits N``. What stands below it is what it
prints (see ``samples``); where nothing does, nothing is promised. A block tagged ``yaml`` whose
first line is ``# file: NAME.yaml`` is written to that file. Blocks tagged ``python`` are one
program, run where the last of them stands. The blocks of a document share one temporary folder and
run in the order of the page.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.documents import (
    Block,
    Command,
    blocks_of,
    commands_of,
    file_of,
    links_of,
)
from tests.contract.samples import first_difference, same

ROOT = Path(__file__).parents[2]
_PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts)
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *_PAGES]
TIME_LIMIT = 600  # seconds for one command

# Running a document


def run(command: str | list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a reader would: this interpreter's programs first, no colour, no input."""
    programs = str(Path(sys.executable).parent)
    path = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])
    return subprocess.run(
        command,
        shell=isinstance(command, str),
        executable=shutil.which("bash") if isinstance(command, str) else None,
        cwd=folder,
        env=os.environ | {"PATH": path, "COLUMNS": "100", "NO_COLOR": "1", "MPLBACKEND": "Agg"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )


def check_commands(block: Block, folder: Path, name: str) -> None:
    for command in commands_of(block):
        if command.is_run:
            done = run(command.text, folder)
            told = f"{name}:{command.line}: {command.text}\n{done.stdout}{done.stderr}"
            assert done.returncode == command.code, told
            if command.sample:
                missing = first_difference(command.sample, done.stdout + done.stderr)
                assert not missing, f"not printed: {missing}\n{told}"


def check_program(blocks: list[Block], folder: Path, name: str) -> None:
    """Run Python blocks as one program whose line numbers are those of the document."""
    lines: list[str] = []
    for block in blocks:
        lines += [""] * (block.line - 1 - len(lines)) + block.text.splitlines()
    (folder / "document.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run([sys.executable, "document.py"], folder)
    assert done.returncode == 0, f"{name}: its python blocks\n{done.stdout}{done.stderr}"


def check_document(text: str, folder: Path, name: str) -> None:
    """Write the files, run the commands and the program of a document, in their order."""
    (folder / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    blocks = blocks_of(text)
    program = [block for block in blocks if block.tag == "python"]
    for block in blocks:
        if block.tag == "console":
            check_commands(block, folder, name)
        elif file := file_of(block):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(block.text + "\n", encoding="utf-8")
        elif program and block is program[-1]:
            check_program(program, folder, name)


# The documents

each_document = pytest.mark.parametrize(
    "document", [pytest.param(path, id=path.relative_to(ROOT).as_posix()) for path in DOCUMENTS]
)


@each_document
def test_document_runs(document: Path, tmp_path: Path):
    text = document.read_text(encoding="utf-8")
    for target, from_root in links_of(text):
        if target.endswith(".csv") and not from_root:
            shutil.copy(document.parent / target, tmp_path)
    check_document(text, tmp_path, document.name)


@each_document
def test_make_targets_of_document_exist(document: Path):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z][\w-]*):", makefile, re.MULTILINE))
    for block in blocks_of(document.read_text(encoding="utf-8")):
        if block.tag == "console":
            for command in commands_of(block):
                assert set(command.targets) <= known, f"{document.name}:{command.line}"


@each_document
def test_links_of_document_resolve(document: Path):
    links = links_of(document.read_text(encoding="utf-8"))
    missing = [
        target
        for target, from_root in links
        if not ((ROOT if from_root else document.parent) / target).exists()
    ]
    assert missing == []


# The reader of documents itself

SAMPLE = """\
See [the model](model.md#week), [the web](https://example.org/a) and `docs/index.md`, `sim.run`.

```console
$ parley run mine.yaml \\
    -n 10   # a comment
outcome   share
$ parley validate bad.yaml  # exits 3
$ make demo ARGS=-x
```

1. In a list:

   ~~~python
   if True:
       print("[not](a-link)")
   ~~~

```yaml
# file: mine.yaml
parley: 1
```
![figure](images/shares.png)
"""


def test_blocks_carry_tag_text_and_line():
    assert blocks_of(SAMPLE)[1] == Block("python", 'if True:\n    print("[not](a-link)")', 14)
    assert [block.tag for block in blocks_of(SAMPLE)] == ["console", "python", "yaml"]


def test_commands_carry_promised_exit_code():
    run_it, validate, make = commands_of(blocks_of(SAMPLE)[0])
    assert run_it == Command("parley run mine.yaml -n 10", 0, 4, "outcome   share\n")
    assert validate == Command("parley validate bad.yaml", 3, 7)
    assert (run_it.is_run, make.is_run) == (True, False)
    assert (run_it.targets, make.targets) == ([], ["demo"])


@pytest.mark.parametrize(
    ("text", "is_run"),
    [
        (".venv/bin/pip3 install parley-sim", False),
        ("python3.12 -m venv .venv", False),
        ("python program.py", True),
        ("pipeline", True),
        (".venv/bin/parley list", True),
    ],
)
def test_commands_that_set_up_are_not_run(text: str, is_run: bool):
    assert Command(text, 0, 1).is_run is is_run


def test_named_yaml_block_is_a_file():
    assert [file_of(block) for block in blocks_of(SAMPLE)] == [None, None, "mine.yaml"]


def test_links_leave_out_the_web_and_fenced_blocks():
    assert set(links_of(SAMPLE)) == {
        ("model.md", False),
        ("docs/index.md", True),
        ("images/shares.png", False),
    }


def test_document_that_breaks_its_promise_fails(tmp_path: Path):
    broken = {
        "command": "```console\n$ exit 3\n```\n",
        "exit code": "```console\n$ true  # exits 3\n```\n",
        "output": "```console\n$ echo seen\nshown\n```\n",
        "program": "```python\nx = 1\n```\n\n```python\nassert x == 2\n```\n",
    }
    for name, text in broken.items():
        folder = tmp_path / name
        folder.mkdir()
        with pytest.raises(AssertionError, match=r"sample\.md"):
            check_document(text, folder, "sample.md")


@pytest.mark.parametrize(
    ("wanted", "found", "agree"),
    [
        ("agreement 8.5% 7.4 to 9.7", "agreement 8.6% 7.4 to 9.8", True),
        ("agreement 8.5%", "agreement 9.5%", False),
        ("2,000 replicates", "2,000 points", False),
        ("change -0.3", "change +0.3", False),
        ("29 shipped, all valid", "37 shipped, all valid", False),
        ("click 8.5.1, ...", "click 8.5.1, numpy 2.0", True),
    ],
)
def test_a_printed_line_is_that_of_the_sample(wanted: str, found: str, agree: bool):
    assert same(wanted, found) is agree


@pytest.mark.parametrize(
    ("sample", "missing"),
    [("a\n...\nd", ""), ("a\n...", ""), ("...\nb\nd", "d"), ("a\nb", "(the end; printed: c)")],
)
def test_a_sample_may_leave_lines_out_where_it_says_so(sample: str, missing: str):
    assert first_difference(sample, "a\nb\n\nc\nd\n") == missing


def test_blocks_of_a_document_share_folder_and_names(tmp_path: Path):
    text = (
        "```yaml\n# file: a.yaml\nparley: 1\n```\n"
        "```python\nlines = open('a.yaml').read().split()\n```\n"
        "```console\n$ grep -q parley a.yaml\n$ test -e none  # exits 1\n```\n"
        "```python\nassert lines[-1] == '1'\nopen('b', 'w').close()\n```\n"
        "```console\n$ test -e b\n$ python -c 'import yaml'\n"
        "$ .venv/bin/python -c 'import yaml'\n```\n"
    )
    check_document(text, tmp_path, "sample.md")
