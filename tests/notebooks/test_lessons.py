"""The lessons run from top to bottom, are paired with their text, and ask what they answer."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("*.py"))
ANSWERS = ROOT / "notebooks" / "answers.md"
LONGEST_FUNCTION = 5


def test_every_lesson_has_its_notebook():
    assert LESSONS
    assert {path.stem for path in LESSONS} == {
        path.stem for path in (ROOT / "notebooks").glob("*.ipynb")
    }


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_notebook_says_what_its_text_says(path: Path):
    import jupytext

    text, notebook = jupytext.read(path), jupytext.read(path.with_suffix(".ipynb"))
    cells = [
        [(cell.cell_type, cell.source) for cell in document.cells] for document in (text, notebook)
    ]
    assert cells[0] == cells[1]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_defines_no_long_function(path: Path):
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, functions) and node.end_lineno is not None:
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_question_has_an_answer(path: Path):
    asked = re.findall(r"^# (\d+)\. ", path.read_text(encoding="utf-8"), re.MULTILINE)
    answers = ANSWERS.read_text(encoding="utf-8").partition(f"## Lesson {path.stem[0]}")[2]
    answered = re.findall(r"^(\d+)\. ", answers.partition("\n## ")[0], re.MULTILINE)
    assert asked
    assert answered == asked


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_runs(path: Path, tmp_path: Path):
    import jupytext
    from nbclient import NotebookClient

    notebook = jupytext.read(path.with_suffix(".ipynb"))
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path)}},
    )
    client.execute()
    assert any(cell.get("outputs") for cell in notebook.cells)
