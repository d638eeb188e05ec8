"""The methods of the screen of questions: the register as a table, a question, and answers as files."""

import base64
import csv
import io
from typing import Any

import pytest

from sop_cli.web.screens.questions import METHODS
from sop_engine import ENGINE, Reading, SopError
from sop_engine.register.question_rows import OWNERS_COLUMNS, QUESTION_COLUMNS
from tests.support.hostile_text import PAYLOADS

GAPS = {gap.id: gap for gap in ENGINE.rulebook.gaps}


def drained(parts: Any) -> tuple[list[dict[str, Any]], Any]:
    """Return the progress and the result of a method, or the error that ends it."""
    progress = []
    while True:
        try:
            progress.append(next(parts))
        except StopIteration as end:
            return progress, end.value


def exported() -> list[list[str]]:
    file = METHODS["questions.export"](form="csv")
    assert file["name"] == "questions.csv"
    return list(csv.reader(io.StringIO(base64.b64decode(file["content"]).decode("utf-8-sig"), newline="")))


def imported(rows: list[list[str]], name: str = "back.csv") -> Any:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return METHODS["questions.import"](name=name, content=base64.b64encode(text.getvalue().encode()).decode())


def test_the_table_has_each_question_of_the_register() -> None:
    listed = METHODS["questions.list"]()

    assert [entry["id"] for entry in listed] == list(GAPS)
    assert {entry["id"] for entry in listed if entry["decides"]} == {gap.id for gap in GAPS.values() if gap.decides and gap.cases}
    assert all(set(entry) == {*QUESTION_COLUMNS, *OWNERS_COLUMNS, "title", "decides"} for entry in listed)


@pytest.mark.parametrize("gap", GAPS.values(), ids=GAPS)
def test_a_question_has_its_readings_and_the_cases_that_it_decides(gap: Any) -> None:
    entry = METHODS["questions.show"](gap=gap.id)

    assert [reading["text"] for reading in entry["readings"]] == list(gap.readings)
    assert {reading["number"] for reading in entry["readings"] if reading["executable"]} == {ruling.number for ruling in gap.rulings}
    answers = [key for key, answer in ENGINE.answers.items() if key[1] is Reading.AS_PRACTISED and gap.id in answer.gaps]
    assert sum(cases["size"] for cases in entry["cases"]) == len(answers)
    assert all(cases["href"].startswith("#/case#case-") for cases in entry["cases"] if gap.subject == "case")


def test_an_export_that_comes_back_unchanged_changes_nothing() -> None:
    progress, result = drained(imported(exported()))

    assert {row["kind"] for row in progress[0]["rows"]} == {"empty"}
    assert result == {"changes": []}


def test_rows_that_are_refused_say_why() -> None:
    heading, *rows = exported()
    answer, by, on = (heading.index(name) for name in ("answer", "decided by", "on"))
    rows[3][answer], rows[3][by], rows[3][on] = "9", "A. Owner", "2026-12-01"
    rows[4][by] = "A. Owner"
    rows[8][answer], rows[8][by], rows[8][on] = "1", "A. Owner", "01/02/2026"

    progress, result = drained(imported([heading, rows[3], rows[4], rows[8]]))

    assert [row["kind"] for row in progress[0]["rows"]] == ["refused"] * 3
    assert "has no reading 9" in progress[0]["rows"][0]["text"]
    assert "no `answer`" in progress[0]["rows"][1]["text"]
    assert "can be 2026" in progress[0]["rows"][2]["text"]
    assert result == {"changes": []}


def test_a_workbook_comes_back_too() -> None:
    file = METHODS["questions.export"](form="xlsx")

    progress, result = drained(METHODS["questions.import"](**file))

    assert len(progress[0]["rows"]) == len(GAPS)
    assert result == {"changes": []}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "%%%", "did not arrive whole"),
        ("a.txt", "", "end.* in `.csv` or `.xlsx`|ends in"),
        ("a.csv", base64.b64encode(b"x\0y").decode(), "null characters"),
        ("a.csv", base64.b64encode(b"a,b\r\n1,2\r\n").decode(), "no column `id`"),
        ("a.xlsx", base64.b64encode(b"PK\x03\x04no").decode(), "damaged"),
        ("../../etc/passwd.csv", base64.b64encode(b"\xff\xfe\x00").decode(), "UTF-8|null|no column"),
    ],
)
def test_a_file_that_is_no_table_is_refused(name: str, content: str, message: str) -> None:
    with pytest.raises(SopError, match=message):
        drained(METHODS["questions.import"](name=name, content=content))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"gap": "GAP-O4"}, "did you mean `GAP-"),
        ({"gap": "GAP-04", "reading": 9, "by": "A", "on": "2026-12-01"}, "no reading 9"),
        ({"gap": "GAP-04", "reading": 3, "by": " \u200b", "on": "2026-12-01"}, "who decided"),
        ({"gap": "GAP-04", "reading": 3, "by": "A", "on": " "}, "when it was decided"),
        ({"gap": "GAP-04", "reading": 3, "by": "A", "on": "2026-13-01"}, "not a day"),
        ({"gap": "GAP-04", "reading": 3, "by": "A" * 201, "on": "2026-12-01"}, "201 characters"),
        ({"gap": "GAP-04", "reading": 3, "by": "\ud800", "on": "2026-12-01"}, "not UTF-8"),
        ({"gap": "GAP-04", "withdraw": True}, "no answer that could be withdrawn"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_refused_before_anything_runs(answer: dict[str, Any], message: str) -> None:
    with pytest.raises(SopError, match=message):
        drained(METHODS["questions.try"](**answer))


def test_hostile_names_of_gaps_and_files_are_refused_as_text() -> None:
    for payload in PAYLOADS[::31]:
        with pytest.raises(SopError, match="there is no gap"):
            METHODS["questions.show"](gap=payload)
        with pytest.raises(SopError):
            METHODS["questions.export"](form=payload)
