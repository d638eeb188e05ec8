"""Claims say of themselves all that an analyst and a reader of the record need."""

import pytest

from sop_engine import Reading
from sop_runs.claim_messages import differences, failure_lines, subject_in_words
from sop_runs.claim_words import value_in_words
from sop_runs.record.schema import Claim
from steps.support.claims import ClaimError, Claims

CASE = {"kind": "case", "facts": {"canceller": "seller", "scope": "full"}}


def test_a_claim_of_a_cell_is_recorded_with_its_place() -> None:
    claims = Claims()

    claims.check(CASE, "outcome", "refused", "refused", cell=(2, 1))
    claims.check_all(CASE, [("outcome", 1, 1, (3, 0)), ("tasks", 1, 1)], reading=Reading.AS_WRITTEN)

    assert [claim.cell for claim in claims.entries] == [(2, 1), (3, 0), None]
    assert [claim.reading for claim in claims.entries] == ["as-practised", "as-written", "as-written"]


def test_differences_stand_on_lines_of_their_own() -> None:
    with pytest.raises(ClaimError) as caught:
        Claims().check_all(CASE, [("outcome", "refused", "allowed"), ("tasks", True, False)])

    assert str(caught.value) == (
        "the outcome of seller / full: expected refused, got allowed\nthe tasks of seller / full: expected yes, got no"
    )


def test_what_a_claim_speaks_of_is_a_case_unless_it_says_otherwise() -> None:
    assert subject_in_words({"facts": {"canceller": "seller"}}) == "seller"
    assert subject_in_words({}) == "the case"
    assert (
        subject_in_words({"facts": {"e_invoice": "pushed", "more": 1, "scope": "full", "canceller": "Ajio"}}) == "Ajio / full / pushed / 1"
    )
    assert subject_in_words({"kind": "report", "name": "RSI"}) == "report RSI"
    assert subject_in_words({"kind": "report", "name": "", "id": "R-1"}) == "report R-1"
    assert subject_in_words({"kind": "order", "id": "A1", "facts": {}}) == "order A1"
    assert subject_in_words({"kind": "order", "id": "A1", "facts": ["odd"]}) == "order A1"


def test_values_are_shown_as_words() -> None:
    assert [value_in_words(value) for value in (True, False, {}, {"a": False}, [], None)] == [
        "yes",
        "no",
        "nothing",
        "a no",
        "nothing",
        "nothing",
    ]


REPORT = {"kind": "report", "facts": {"report": "ages"}}


def report_claims(expected: list[list[str]], actual: list[list[str]], head: tuple[str, ...] = ("order", "days")) -> list[Claim]:
    """The claims of a Then with a table: of all rows, and of the cells of the rows that both have."""
    claims = Claims(collects=True)
    cells = [
        (head[column], cell, actual[row][column], (row + 1, column))
        for row in range(min(len(expected), len(actual)))
        for column, cell in enumerate(expected[row])
    ]
    claims.check_all(REPORT, [("rows", expected, actual), *cells])
    return list(claims.entries)


ROWS = {
    "one cell": ([["A", "1"], ["B", "2"]], [["A", "1"], ["B", "3"]], ["the column `days` of order B in report ages: expected 2, got 3"]),
    "the same difference in two rows": (
        [["A", "1"], ["B", "1"]],
        [["A", "3"], ["B", "3"]],
        [
            "the column `days` of order A in report ages: expected 1, got 3",
            "the column `days` of order B in report ages: expected 1, got 3",
        ],
    ),
    "another order": ([["A", "1"]], [["B", "1"]], ["the column `order` of row 1 in report ages: expected A, got B"]),
    "an order with two rows": (
        [["A", "1"], ["A", "2"]],
        [["A", "1"], ["A", "3"]],
        ["the column `days` of row 2, order A in report ages: expected 2, got 3"],
    ),
    "a row that is missing": ([["A", "1"]], [["A", "1"], ["B", "2"]], ["the rows of report ages: expected A | 1, got A | 1; B | 2"]),
    "a row that is missing, and a cell": (
        [["A", "1"]],
        [["A", "3"], ["B", "2"]],
        ["the rows of report ages: expected A | 1, got A | 3; B | 2", "the column `days` of order A in report ages: expected 1, got 3"],
    ),
    "no row": ([], [["A", "3"]], ["the rows of report ages: expected no row, got A | 3"]),
}


@pytest.mark.parametrize("about", ROWS)
def test_a_difference_in_a_report_is_printed_once_with_its_order(about: str) -> None:
    expected, actual, lines = ROWS[about]
    claims = report_claims(expected, actual)

    assert list(differences(claims)) == lines
    assert failure_lines(claims) == lines


def test_a_report_without_a_column_of_orders_has_numbers_of_rows() -> None:
    assert failure_lines(report_claims([["1"]], [["2"]], ("days",))) == ["the column `days` of row 1 in report ages: expected 1, got 2"]


@pytest.mark.parametrize("kind", ["order", "report", "experiment"])
def test_only_cases_and_returned_units_have_open_questions(kind: str) -> None:
    claims = Claims(collects=True)
    claims.check({"kind": kind, "facts": {"a": "b"}}, "refusal", 50, None)
    claims.check(CASE, "tasks", [], None)

    assert failure_lines(claims.entries) == [
        f"the refusal of {kind} b: expected 50, got nothing",
        "the tasks of seller / full: expected nothing to do, got an open question",
    ]
