"""A class's predictions: scored as defined, and every row that is at fault is named."""

from pathlib import Path

import numpy as np
import pytest

from sim.analysis.predictions import Prediction, read_predictions, score
from sim.errors import UsageError
from sim.outcomes import OUTCOMES
from tests.command import Parley

CLASS = Path(__file__).parents[2] / "docs" / "how-to" / "teach" / "class_of_ten.csv"
HEAD = f"name,{','.join(OUTCOMES)}\n"
EVEN = "Ada" + ",0.125" * 8 + "\n"


@pytest.fixture
def sheet(tmp_path: Path):
    """Return a function that writes a sheet and reads it."""

    def read(text: str) -> list[Prediction]:
        path = tmp_path / "sheet.csv"
        path.write_text(text, encoding="utf-8")
        return read_predictions(path)

    return read


def test_the_score_is_the_expected_square_of_the_errors() -> None:
    rng = np.random.default_rng(5)
    shares, predicted = rng.dirichlet(np.ones(8), 2)
    (found,) = score([Prediction("Ada", predicted)], shares)
    # In words: for each outcome that may happen, the squared distance from certainty in it.
    expected = sum(
        share * np.sum((predicted - np.eye(8)[k]) ** 2) for k, share in enumerate(shares)
    )
    assert found.brier == pytest.approx(expected, rel=1e-12)
    worst = int(np.argmax(np.abs(predicted - shares)))
    assert (found.worst_outcome, found.share) == (OUTCOMES[worst], shares[worst])


def test_nobody_scores_better_than_the_distribution() -> None:
    rng = np.random.default_rng(6)
    shares, *others = rng.dirichlet(np.ones(8), 200)
    rows = score([Prediction(f"p{k}", p) for k, p in enumerate([shares, *others])], shares)
    assert rows[0].name == "p0"
    assert rows[0].brier == pytest.approx(1 - np.sum(shares**2))
    assert [row.brier for row in rows] == sorted(row.brier for row in rows)


def test_certainty_scores_0_where_it_is_right_and_2_where_it_is_wrong() -> None:
    right, wrong = np.eye(8)[:2]
    rows = score([Prediction("wrong", wrong), Prediction("right", right)], right)
    assert [(row.name, row.brier) for row in rows] == [("right", 0.0), ("wrong", 2.0)]


def test_percentages_missing_columns_and_rounding_are_read(sheet) -> None:
    found = sheet("name,electoral_roadmap,frozen_stalemate\n\nAda,25%,75%\nBen, 0.33, 0.66\n")
    assert [one.name for one in found] == ["Ada", "Ben"]
    assert found[0].probabilities[OUTCOMES.index("frozen_stalemate")] == 0.75
    assert found[1].probabilities.sum() == pytest.approx(1, abs=1e-12)


ROWS = {
    "no sum of 1": ("Ada" + ",0.1" * 8, ":2: the probabilities of Ada sum to 0.8, not to 1"),
    "an empty cell": (
        "Ada" + ",0.125" * 7 + ",",
        ":2: Ada gives no probability of frozen_stalemate; write 0 for never",
    ),
    "a short row": (
        "Ada,0.5,0.5",
        ":2: Ada gives no probability of negotiated_transition; write 0 for never",
    ),
    "a long row": ("Ada" + ",0.125" * 9, ":2: has more cells than there are columns"),
    "decimal commas": (
        "Ada" + ",0,125" * 8,
        ":2: has more cells than there are columns; where commas part the cells, decimals take a",
    ),
    "other cells": (
        "Ada" + ";0.125" * 8,
        ":2: has a semicolon between its cells, and the first line a comma",
    ),
    "letters": ("Ada,half" + ",0.125" * 7, ":2: Ada: military_defection must be a probability"),
    "more than 1": ("Ada,1.2" + ",0" * 7, ":2: Ada: military_defection must be a probability"),
    "less than 0": ("Ada,-0.2" + ",0" * 7, ":2: Ada: military_defection must be a probability"),
    "no number": ("Ada,nan" + ",0" * 7, ":2: Ada: military_defection must be a probability"),
    "no name": ("" + ",0.125" * 8, ":2: lacks a name"),
}


@pytest.mark.parametrize(("row", "message"), ROWS.values(), ids=ROWS)
def test_a_row_at_fault_is_named(sheet, row: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        sheet(f"{HEAD}{row}\n")
    assert message in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_all_rows_at_fault_are_named_by_their_lines(sheet) -> None:
    with pytest.raises(UsageError) as caught:
        sheet(f"{HEAD}{EVEN}\nBen{',0.1' * 8}\n{EVEN}")
    lines = str(caught.value).splitlines()
    assert [line.partition("sheet.csv:")[2] for line in lines] == [
        "4: the probabilities of Ben sum to 0.8, not to 1",
        "5: there are two predictions of 'Ada'",
    ]


HEADS = {
    "an unknown outcome": (
        f"name,power_shring\n{EVEN}",
        ":1: unknown outcome 'power_shring'; did you mean 'power_sharing'?",
    ),
    "no name": (f"who,power_sharing\n{EVEN}", ":1: needs a column 'name', and one per outcome"),
    "bars between the cells": (
        "name|power_sharing\nAda|1\n",
        ":1: needs a column 'name', and one per outcome; the first line has 'name|power_sharing'; "
        "cells are parted by commas, semicolons or tabs",
    ),
    "a name in capitals": (
        "Name;power_sharing\nAda;1\n",
        "and one per outcome; the first line has 'Name', 'power_sharing'",
    ),
    "many columns and no name": (f"who,{','.join(OUTCOMES)}\n", "'foreign_intervention', ...\n"),
    "an invisible sign": ("\u200bname,power_sharing\nAda,1\n", r"has '\u200bname' with a zero"),
    "a title above": ("Class of 2019\n\nname,power_sharing\nAda,1\n", "has 'Class of 2019'; cell"),
    "twice": ("name,power_sharing,power_sharing\nAda,1,1\n", ":1: a column is given twice"),
    "nobody": (HEAD, ": needs 1 to 10,000 predictions, and has 0"),
    "nothing": ("", ":1: needs a column 'name', and one per outcome; the first line has nothing"),
}


@pytest.mark.parametrize(("text", "message"), HEADS.values(), ids=HEADS)
def test_a_sheet_at_fault_is_one_message(sheet, text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        sheet(text)
    assert message in f"{caught.value}\n"


COLUMNS = ("name", "power_sharing", "frozen_stalemate")
#: The same sheet as spreadsheets write it: text and encoding.
SAVED = {
    "commas": (",".join(COLUMNS) + "\nZoé,0.25,0.75\nBen,25%,75%\n", "utf-8"),
    "semicolons": (";".join(COLUMNS) + "\r\nZoé;0.25;0.75\r\nBen;25%;75%\r\n", "utf-8"),
    "decimal commas": (";".join(COLUMNS) + "\nZoé;0,25;0,75\nBen;25,0 %;75\u00a0%", "utf-8"),
    "quotes": (",".join(COLUMNS) + '\n"Zoé","0,25","0,75"\n"Ben","25,0%",75%', "utf-8"),
    "tabs": ("\t".join(COLUMNS) + "\nZoé\t0,25\t0,75\nBen\t25%\t75%\n", "utf-8"),
    "Windows": (";".join(COLUMNS) + "\nZoé;0,25;0,75\nBen;2,5E-01;7,5E-01\n", "cp1252"),
    "Unicode text": ("\t".join(COLUMNS) + "\r\nZoé\t0,25\t0,75\r\nBen\t,25\t,75", "utf-16"),
    "big end first": ("\ufeff" + ",".join(COLUMNS) + "\nZoé,.25,.75\nBen,.25,.75", "utf-16-be"),
    "a mark": (";".join(COLUMNS) + "\nZoé;0,25;0,75\nBen;25%;75%\n", "utf-8-sig"),
    "old Macintosh": (",".join(COLUMNS) + "\rZoé,0.25,0.75\rBen,25%,75%\r", "utf-8"),
    "empty cells": (
        "\n;;;;\n" + " ; ".join(COLUMNS) + ";;\n\nZoé;0,25; 0,75 ;;\n;;;;\nBen;0,25;0,75;;\n;;;;\n",
        "utf-8",
    ),
}


@pytest.mark.parametrize(("text", "encoding"), SAVED.values(), ids=SAVED)
def test_a_sheet_is_read_however_a_spreadsheet_saved_it(
    tmp_path: Path, text: str, encoding: str
) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(text.encode(encoding))
    found = read_predictions(path)
    assert [one.name for one in found] == ["Zoé", "Ben"]
    for one in found:
        assert one.probabilities[OUTCOMES.index("power_sharing")] == pytest.approx(0.25)
        assert one.probabilities.sum() == pytest.approx(1)


#: What is no text, and what the message says of it.
UNREADABLE = {
    "a workbook": (b"PK\x03\x04\x14\x00", "is a workbook, and no text; save it as CSV, best as"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1", "is a workbook, and no text; save it as CSV"),
    "zeros": (b"name,power_sharing\nAda,\0\n", "is no text in UTF-8, UTF-16 or Windows-1252"),
    "UTF-16 without a mark": ("name,a".encode("utf-16-le"), "is no text in UTF-8, UTF-16 or Wind"),
    "noise": (b"\x81\x8d\x8f", "is no text in UTF-8, UTF-16 or Windows-1252"),
    "a cell without an end": (
        b'name,"' + b"x" * 200_000,
        "is no table as text: a cell is too long",
    ),
    "17 MiB": (b"x" * 17 * 2**20, "is larger than 16,777,216 bytes"),
    "a folder": (None, "is a folder; name the file itself"),
}


@pytest.mark.parametrize(("data", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_sheet_that_is_no_text_is_refused_by_its_cause(
    tmp_path: Path, data: bytes | None, message: str
) -> None:
    path = tmp_path / "sheet.csv"
    path.mkdir() if data is None else path.write_bytes(data)
    with pytest.raises(UsageError) as caught:
        read_predictions(path)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_the_class_is_ranked_against_the_distribution_of_the_run(parley: Parley) -> None:
    words = ("oslo_2019", "-n", "400", "--seed", "1")
    rows = parley("score", str(CLASS), *words, "--json").document["results"]
    shares = {
        row["outcome"]: row["share"] for row in parley("run", *words, "--json").document["outcomes"]
    }
    assert rows[0]["name"] == "(the distribution itself)"
    assert rows[0]["brier"] == pytest.approx(1 - sum(share**2 for share in shares.values()))
    assert all(row["share"] == shares[row["worst_outcome"]] for row in rows)
    assert len(rows) == len(read_predictions(CLASS)) + 2
    told = parley("score", str(CLASS), *words).out
    assert [line.split("  ")[0] for line in told.splitlines()[3:15]] == [
        row["name"] for row in rows
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"{HEAD}Ada{',0.1' * 8}\n",
            "sheet.csv:2: the probabilities of Ada sum to 0.8, not to 1\n",
        ),
        (None, "sheet.csv: no such file\n"),
        (
            b"\x00\x01\xff",
            "sheet.csv: is no text in UTF-8, UTF-16 or Windows-1252; save it as CSV, best as "
            "'CSV UTF-8'\n",
        ),
    ],
)
def test_a_sheet_at_fault_stops_before_anything_is_run(
    parley: Parley, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if text is not None:
        Path("sheet.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    done = parley("score", "sheet.csv", "oslo_2019")
    assert (done.code, done.out, done.err) == (2, "", message)
