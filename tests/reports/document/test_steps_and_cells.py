"""The status of every step, row and cell, and the values found there, before there is any HTML."""

import json
from pathlib import Path

import pytest

from reports.examples.status_marks import Status
from reports.examples.values import value_text
from reports.examples.views import Part, Row
from reports.site.context import context_of
from sop_runs.record.reader import read_record
from tests.support.document_pages import page_of, scenario, with_claims
from tests.support.run_samples import SAMPLES, count, end, record, write


def cells(row: Row) -> list[tuple[str, str | None, str | None]]:
    return [(cell.text, cell.status and str(cell.status), cell.actual) for cell in row.cells]


def test_outline_cells_are_painted_where_they_are_checked_and_nowhere_else(tmp_path: Path) -> None:
    view = scenario(page_of(tmp_path, record()), "A part of a FULFILLABLE order")

    assert [table.checks for table in view.tables] == [(False, True, True)] * 2
    assert [(str(row.status), cells(row)) for table in view.tables for row in table.rows] == [
        ("passed", [("not posted", None, None), ("allowed", "passed", None), ("2", "passed", None)]),
        ("failed", [("posted", None, None), ("fails on screen", "failed", "allowed"), ("3", "not run", None)]),
        ("passed", [("generated", None, None), ("fails on screen", "passed", None), ("3", "passed", None)]),
        ("failed", [("pushed", None, None), ("fails on screen", "passed", None), ("3", "failed", "2")]),
    ]


def test_a_row_whose_cell_shows_the_actual_value_needs_no_note(tmp_path: Path) -> None:
    page = page_of(tmp_path, record())
    rows = scenario(page, "A part of a FULFILLABLE order").tables[1].rows

    assert [row.notes for row in rows] == [(), (), ()]
    assert page.failures[-1].notes == ("outcome: expected 3, found 2",)


def test_a_row_that_fails_outside_its_cells_says_why(tmp_path: Path) -> None:
    name = "The e-invoice does not stand in the way"
    result = {"status": "broken", "step": 4, "message": "KeyError: units"}
    rows = scenario(page_of(tmp_path, record(results={(name, "posted"): result})), name).tables[0].rows

    assert [row.notes for row in rows] == [(), ("KeyError: units",), (), ()]
    assert cells(rows[1]) == [("posted", None, None), ("allowed", "failed", None)]


def test_a_failed_sentence_has_the_expected_word_struck_and_the_found_one_beside_it(tmp_path: Path) -> None:
    view = scenario(page_of(tmp_path, record()), "Too late once packed")

    assert view.steps[3].parts == (
        Part("text", "the cancellation is "),
        Part("expected", "refused"),
        Part("found", "allowed"),
    )


def test_set_up_has_no_status_and_a_check_that_was_not_reached_did_not_run(tmp_path: Path) -> None:
    view = scenario(page_of(tmp_path, record()), "Too late once packed")

    assert [step.status and str(step.status) for step in view.steps] == [None, None, None, "failed", "not run"]
    assert [step.background for step in view.steps] == [True, False, False, False, False]


def test_a_data_table_is_painted_cell_by_cell(tmp_path: Path) -> None:
    table = scenario(page_of(tmp_path, record()), "The client credits the e-invoice by hand").steps[4].table

    assert table is not None
    assert [[status for _, status, _ in cells(row)] for row in table.rows] == [
        ["passed", "passed"],
        ["failed", "passed"],
        ["passed", "passed"],
    ]
    assert table.rows[1].cells[0].actual == "may"


def test_missing_rows_are_marked_and_surplus_rows_added(tmp_path: Path) -> None:
    view = scenario(page_of(tmp_path, record()), "The report lists what was cancelled after posting")
    given, checked = view.steps[0].table, view.steps[2].table

    assert given is not None
    assert checked is not None
    assert {row.mismatch for row in given.rows} == {None}
    assert checked.header == ("order", "canceller")
    assert [(row.mismatch, [cell.text for cell in row.cells]) for row in checked.rows] == [
        ("missing", ["A-1", "Ajio"]),
        ("surplus", ["A-1", "seller"]),
    ]


def test_rows_that_differ_only_in_cells_are_named_by_their_cells(tmp_path: Path) -> None:
    name = "The report lists what was cancelled after posting"
    claims = [
        {"expected": [["A-1", "Ajio"]], "actual": [["A-1", "seller"]], "holds": False},
        {"expected": "A-1", "actual": "A-1", "holds": True, "cell": [1, 0]},
        {"expected": "Ajio", "actual": "seller", "holds": False, "cell": [1, 1]},
    ]
    page = page_of(tmp_path, with_claims(record(), name, claims))
    table = scenario(page, name).steps[2].table

    assert table is not None
    assert (table.header, [row.mismatch for row in table.rows]) == (("order", "canceller"), [None])
    assert page.failures[0].notes == ("rows: expected Ajio, found seller",)
    assert cells(table.rows[0]) == [("A-1", "passed", None), ("Ajio", "failed", "seller")]


def test_a_row_that_is_lacking_leaves_the_others_as_found(tmp_path: Path) -> None:
    name = "The report lists what was cancelled after posting"
    claims = [{"expected": [["A-1", "Ajio"]], "actual": [], "holds": False}]
    table = scenario(page_of(tmp_path, with_claims(record(), name, claims)), name).steps[2].table

    assert table is not None
    assert [row.mismatch for row in table.rows] == ["missing"]


def test_a_claim_about_a_line_is_painted_on_the_cells_that_differ(tmp_path: Path) -> None:
    name = "The report lists what was cancelled after posting"
    pair = {"facet": "task", "expected": ["may", "credit-note"], "actual": ["must", "credit-note"], "holds": False}
    page = page_of(tmp_path, with_claims(record(), name, [pair | {"cell": [1, 1]}]))
    table = scenario(page, name).steps[2].table

    assert table is not None
    assert [cell[1:] for cell in cells(table.rows[0])] == [("failed", "must"), ("passed", None)]
    assert page.failures[0].notes == (
        "task: expected may make a credit note by hand and keep it in the ERP, found must make a credit note by hand and keep it in the ERP",
    )


def test_the_table_of_an_outline_is_painted_only_where_every_row_passed(tmp_path: Path) -> None:
    text = (SAMPLES / "returns" / "rsi.gherkin").read_text(encoding="utf-8")
    text += """
  Scenario Outline: Both
    Given a unit of <kind>
    Then it is
      | here |

    Examples:
      | kind |
      | one  |
      | two  |
"""
    result = {"status": "failed", "step": 1, "cell": [0, 0], "expected": "here", "actual": "gone", "message": "gone"}
    painted = []
    for results in ({}, {("Both", "two"): result}):
        table = scenario(page_of(tmp_path, record({"returns/rsi.feature": text}, results)), "Both").steps[1].table
        assert table is not None
        painted.append([cell.status for row in table.rows for cell in row.cells])

    assert painted == [[Status.PASSED], [None]]


def test_two_files_may_use_the_same_id(tmp_path: Path) -> None:
    lines = json.loads(json.dumps(record()))
    ids = {line["name"]: line["id"] for line in lines if line["type"] == "scenario"}
    one, other = ids["Too late once packed"], ids["Ajio is too late once packed"]
    renamed = json.loads(json.dumps(lines).replace(one, other))
    status = {view.name: view.status for view in context_of(read_record(write(renamed, tmp_path))).scenarios}

    assert status["Too late once packed"] is Status.FAILED
    assert status["Ajio is too late once packed"] is Status.PASSED


def test_a_step_that_went_wrong_is_shown_even_where_it_is_set_up(tmp_path: Path) -> None:
    view = scenario(page_of(tmp_path, record()), "A binding that breaks")

    assert (view.steps[0].status, view.steps[0].notes) == (Status.FAILED, ("ValueError: units must be positive",))


def test_undefined_and_ambiguous_sentences_have_failed_and_say_why(tmp_path: Path) -> None:
    page = page_of(tmp_path, record())

    for name, words in (("A sentence nobody knows", "the nearest is"), ("A sentence two bindings know", "both match")):
        view = scenario(page, name)
        assert view.status is Status.FAILED
        assert words in view.steps[2].notes[0]


def test_a_run_that_failed_without_a_word_still_fails(tmp_path: Path) -> None:
    lines = json.loads(json.dumps(record(results={})))
    silent = next(line for line in lines if line.get("name") == "Too late once packed")
    end(silent, "broken")
    page = page_of(tmp_path, count(lines))

    assert [(failure.name, failure.notes) for failure in page.failures] == [
        ("Too late once packed", ("the step definition raised an error: the decision cites SC-ERP-FULL-3",)),
    ]
    assert page.band.kind == "bad"


def test_a_step_whose_claim_has_two_values_is_painted_as_failed(tmp_path: Path) -> None:
    lines = json.loads(json.dumps(record(results={})))
    name = "The client credits the e-invoice by hand"
    line = next(line for line in lines if line.get("name") == name)
    next(claim for claim in line["claims"] if claim["cell"] == [1, 0]).update(actual="may", holds=False)
    line["status"] = line["steps"][4]["status"] = "failed"
    view = scenario(page_of(tmp_path, count(lines)), name)

    table = view.steps[4].table
    assert table is not None
    assert [cell[1:] for cell in cells(table.rows[1])] == [("failed", "may"), ("passed", None)]
    assert (view.status, view.steps[4].status) == (Status.FAILED, Status.FAILED)


def test_a_table_is_not_painted_as_passed_where_a_claim_about_all_of_it_does_not_hold(tmp_path: Path) -> None:
    name = "The report lists what was cancelled after posting"
    claims = [{"expected": "one row", "actual": "none", "holds": False}]
    lines = with_claims(record(results={}), name, claims)
    line = next(line for line in lines if line.get("name") == name)
    line["status"] = line["steps"][2]["status"] = "failed"
    view = scenario(page_of(tmp_path, count(lines)), name)

    table = view.steps[2].table
    assert table is not None
    assert {cell.status for row in table.rows for cell in row.cells} == {None}
    assert view.steps[2].status is Status.FAILED
    assert view.failures[0].notes == ("rows: expected one row, found none",)


@pytest.mark.parametrize(
    ("value", "facet", "words"),
    [
        (None, "", "nothing"),
        (None, "tasks", "left open"),
        ([], "", "none"),
        ([], "tasks", "nothing to do"),
        (["A", "B"], "clauses", "A, B"),
        ([["must", "credit-note"], ["need-not", "share-credit-note"]], "tasks", "must make a credit note; need not share the credit note"),
        ([{"modality": "may", "task": "grn", "actor": "seller"}], "tasks", "may make a GRN"),
        ({"stage": "PACKED", "units": 2}, "", "stage: PACKED, units: 2"),
        (False, "", "no"),
        (0, "", "0"),
        ("", "", ""),
    ],
)
def test_values_are_said_in_words(value: object, facet: str, words: str) -> None:
    assert value_text(value, facet) == words
