"""Questions go out as rows and come back: each row is an answer, or has the reason why it is none."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from sop_engine import load_rulebook
from sop_engine.register.answers import AnswerError, day_from, with_answers_in_force
from sop_engine.register.question_rows import Cell, RowResult, TableError, question_rows, results_of
from sop_engine.statement import OwnersAnswer

BOOK = load_rulebook()
ROWS: list[list[Cell]] = [[*row] for row in question_rows(BOOK)]
HEADING = [str(cell) for cell in ROWS[0]]


def row(gap_id: str, *own: Cell) -> list[Cell]:
    """The row of a gap, with the owner's cells filled in."""
    whole = next(row for row in ROWS if row[0] == gap_id)
    return [*whole[:8], *own, *[""] * (5 - len(own))]


def only(*rows: list[Cell], book: object = BOOK) -> list[RowResult]:
    return results_of([ROWS[0], *rows], book)  # type: ignore[arg-type]


def test_every_question_is_a_row_and_an_unfilled_table_has_no_answer() -> None:
    assert len(ROWS) == len(BOOK.gaps) + 1
    assert {len(row) for row in ROWS} == {13}
    assert {(result.is_blank, result.reason) for result in results_of(ROWS, BOOK)} == {(True, "")}


ANSWER = OwnersAnswer(3, "A. Owner", date(2026, 12, 1), "a mail")


@pytest.mark.parametrize(
    "cells",
    [
        ("3", "A. Owner", "2026-12-01", "a mail"),
        (3.0, "A. Owner", datetime(2026, 12, 1), "a mail"),  # noqa: DTZ001 (as a workbook has it)
        (3, "A. Owner", date(2026, 12, 1), "a mail"),
        ("3.0", " A. Owner ", "1-Dec-2026", "a mail"),
        ("(3)", "A. Owner", "2026/12/1", "a mail"),
        ("Reading 3", "A. Owner", "1 December 2026", "a mail"),
        ("No step, because no listed situation applies.", "A. Owner", "2026-12-01 00:00:00", "a mail"),
        ("3:  no step, because no listed situation applies.", "A. Owner", "2026-12-01", "a mail"),
    ],
)
def test_an_answer_is_read_as_spreadsheets_write_it(cells: tuple[Cell, ...]) -> None:
    assert only(row("GAP-04", *cells)) == [RowResult(2, "GAP-04", ANSWER)]


@pytest.mark.parametrize("change", [lambda row: row[::-1], lambda row: [*row[5:], *row[:5]], lambda row: [row[0], *row[8:]]])
def test_columns_may_be_reordered_or_left_out(change: Callable[[list[Cell]], list[Cell]]) -> None:
    rows = [change(ROWS[0]), change(row("GAP-04", "3", "A. Owner", "2026-12-01", "a mail"))]
    assert results_of(rows, BOOK) == [RowResult(2, "GAP-04", ANSWER)]


REFUSED = {
    "no name": (row("GAP-04", "3", "", "2026-12-01"), "the answer does not say who decided it; add a name"),
    "an invisible name": (row("GAP-04", "3", "\u200b", "2026-12-01"), "the answer does not say who decided it; add a name"),
    "no day": (row("GAP-04", "3", "A"), "it has no `on`; write the day of the decision like 2026-12-01"),
    "a day of two meanings": (
        row("GAP-04", "3", "A", "01/12/2026"),
        "`01/12/2026` can be 2026-12-01 or 2026-01-12; write the day like 2026-12-01",
    ),
    "a serial number": (row("GAP-04", "3", "A", "46357"), "`46357` is not a day; write it like 2026-12-01"),
    "a day that does not exist": (row("GAP-04", "3", "A", "2026-02-30"), "`2026-02-30` is not a day; write it like 2026-12-01"),
    "no answer": (row("GAP-04", "", "A", "2026-12-01"), "it has `decided by` but no `answer`; write the number of a reading"),
    "a remark only": (row("GAP-04", "", "", "", "", "later"), "it has `remark` but no `answer`; write the number of a reading"),
    "words": (row("GAP-04", "yes", "A", "2026-12-01"), "the answer `yes` is not the number of a reading; expected 1 to 3"),
    "no such reading": (row("GAP-04", "4", "A", "2026-12-01"), "`GAP-04` has no reading 4; expected 1 to 3"),
    "half a reading": (row("GAP-04", 2.5, "A", "2026-12-01"), "the answer `2.5` is not the number of a reading; expected 1 to 3"),
    "a truth value": (row("GAP-04", True, "A", "2026-12-01"), "the answer `True` is not the number of a reading; expected 1 to 3"),  # noqa: FBT003
    "a hostile answer": (
        row("GAP-04", "\x1b[31m", "A", "2026-12-01"),
        "the answer `\\x1b[31m` is not the number of a reading; expected 1 to 3",
    ),
    "no such gap": (["GAP-99", *[""] * 6, "1", "A", "2026-12-01"], "there is no gap `GAP-99`"),
    "no id": (["", *[""] * 6, "1", "A", "2026-12-01"], "there is no gap ``"),
    "one cell too many": ([*row("GAP-04", "3", "A", "2026-12-01"), "rest"], "it has more cells than the heading"),
    "too long": (row("GAP-04", "3", "A" * 201, "2026-12-01"), "`by` has 201 characters, expected at most 200; shorten it"),
    "other readings": (
        ["GAP-04", "", "1: something else", "", "", "", "", "1", "A", "2026-12-01"],
        "its readings are not those of the register, so a number may mean another one",
    ),
    "a reading that is not in the register": (row("GAP-40", "2", "A", "2026-12-01"), "reading 2 of `GAP-40` cannot be put in force"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_row_that_is_no_answer_has_the_reason_and_the_others_are_taken(name: str) -> None:
    bad, reason = REFUSED[name]
    results = only(bad, row("GAP-03", "1", "B", "2026-12-02"))

    assert results[0].answer is None
    assert results[0].reason.startswith(reason)
    assert results[1] == RowResult(3, "GAP-03", OwnersAnswer(1, "B", date(2026, 12, 2)))


def test_two_rows_of_one_gap_are_both_refused() -> None:
    results = only(row("GAP-04", "3", "A", "2026-12-01"), row("GAP-04", "1", "A", "2026-12-01"))
    assert [result.reason for result in results] == ["`GAP-04` has 2 rows; keep one"] * 2


def test_an_answer_that_the_register_has_is_known_and_one_that_was_removed_is_refused() -> None:
    answered = with_answers_in_force(BOOK, {"GAP-04": ANSWER})
    rows: list[list[Cell]] = [[*cells] for cells in question_rows(answered)]
    (index,) = [place for place, cells in enumerate(rows) if cells[0] == "GAP-04"]

    assert rows[index][6:] == ["decided by A. Owner on 2026-12-01", "", "3", "A. Owner", "2026-12-01", "a mail", ""]
    assert {result.gap_id for result in results_of(rows, answered) if result.is_known} == {"GAP-04"}
    rows[index][7:] = [""] * 5
    assert [result.reason for result in results_of(rows, answered) if result.reason] == [
        "its answer was removed; to take it out of the register, run `sop answer GAP-04 --withdraw`"
    ]


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ([], "the table has no column `id` in its first row; export"),
        (["id", "anwser", "decided by", "on"], "the table has no column `answer` in its first row; is it `anwser`?"),
        ([*HEADING, "on"], "the table has the column `on` twice; remove one"),
    ],
)
def test_a_table_without_its_columns_is_refused(heading: list[Cell], message: str) -> None:
    with pytest.raises(TableError) as error:
        results_of([heading, row("GAP-04", "3", "A", "2026-12-01")], BOOK)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "day"), [("12/12/2026", date(2026, 12, 12)), ("25/12/2026", date(2026, 12, 25)), ("12.25.2026", date(2026, 12, 25))]
)
def test_a_day_with_one_meaning_is_read(text: str, day: date) -> None:
    assert day_from(text) == day


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "\uff11/\uff11\uff12/2026", "2026-12-01T00:00"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(AnswerError, match="is not a day"):
        day_from(text)
