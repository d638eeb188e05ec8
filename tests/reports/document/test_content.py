"""The page as data: every status, per clause, per row and per cell, before there is any HTML."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from reports.document.case_grids import case_grids
from reports.document.content import ClauseView, GapView, LivingDocument
from reports.document.placement import Placement
from reports.examples.status_marks import Status
from reports.examples.values import value_text
from reports.examples.views import Part, Row, ScenarioView
from reports.html.links import Links
from reports.site.context import context_of
from sop_engine import Reading
from sop_runs.record.reader import read_record
from tests.support.run_samples import SAMPLES, count, end, record, write

Line = dict[str, Any]
GOLDEN = SAMPLES / "document.json"
FINDING = {
    "path": "returns/rsi.feature",
    "line": 8,
    "column": 5,
    "rule": "undefined-step",
    "message": "no binding knows this sentence",
    "remedy": "use a known sentence",
    "suggestion": "the client may use the report",
}


def page_of(tmp_path: Path, lines: Sequence[Line]) -> LivingDocument:
    return context_of(read_record(write(lines, tmp_path))).document


def clause(page: LivingDocument, identifier: str) -> ClauseView:
    found = [*(c for part in page.parts for c in part.clauses)]
    found += [c for part in page.parts for section in part.sections for c in section.clauses]
    return next(c for c in found if c.id == identifier)


def gap(page: LivingDocument, identifier: str) -> GapView:
    return next(g for g in page.gaps if g.id == identifier)


def scenario(page: LivingDocument, name: str) -> ScenarioView:
    homes = [c for part in page.parts for section in part.sections for c in section.clauses]
    groups = [group for home in (*homes, *page.gaps) for group in home.groups] + list(page.unlinked)
    return next(view for group in groups for view in group.scenarios if view.name == name)


# Clauses and gaps


def test_every_clause_has_the_status_its_examples_earn(tmp_path: Path) -> None:
    page = page_of(tmp_path, record())
    clauses = [c for part in page.parts for c in (*part.clauses, *(c for s in part.sections for c in s.clauses))]

    assert {c.id: (str(c.status), c.summary) for c in clauses} == {
        "DOC-1": ("not operative", ""),
        "SC-ERP-FULL-1a": ("passed", "4 examples passed"),
        "SC-ERP-FULL-1.1.1": ("failed", "1 example failed"),
        "SC-ERP-FULL-1.1.2a": ("failed", "1 example failed"),
        "SC-ERP-FULL-1.1.2c": ("failed", "1 example failed"),
        "SC-ERP-FULL-2a": ("no example", "no example yet"),
        "SC-ERP-FULL-3": ("failed", "1 example failed"),
        "SC-ERP-PART-1.1.1": ("failed", "2 of 4 examples failed, 2 passed"),
        "SC-ERP-PART-1.2.1": ("failed", "2 of 4 examples failed, 2 passed"),
        "SC-ERP-PART-2": ("passed", "1 example passed"),
        "AC-ERP-FULL-1.1.2a": ("failed", "1 example failed"),
        "AC-ERP-FULL-2b": ("failed", "3 of 4 examples failed, 1 passed"),
        "RT-RSI-1": ("not run", "1 example not run"),
    }


def test_a_clause_says_why_it_is_not_operative_and_links_the_gap(tmp_path: Path) -> None:
    view = clause(page_of(tmp_path, record()), "DOC-1")

    assert view.why_not == (("about the page (", None), ("GAP-21", "open-questions.html#GAP-21"), (")", None))
    assert [link.short for link in view.gaps] == ["GAP-21"]


def test_a_gap_is_never_green(tmp_path: Path) -> None:
    page = page_of(tmp_path, record(fates={}))

    assert [(g.id, str(g.status), str(g.result), g.cases) for g in page.gaps] == [
        ("GAP-02", "open question", "passed", 1),
        ("GAP-04", "no example", "no example", 2),
        ("GAP-21", "open question", "no example", None),
    ]


def test_a_gap_whose_reading_fails_is_red(tmp_path: Path) -> None:
    fate = {"status": "failed", "step": 4, "expected": "x", "actual": "y", "message": "no credit note"}
    page = page_of(tmp_path, record(fates={("A pushed e-invoice is credited like a generated one",): fate}))

    assert gap(page, "GAP-02").status is Status.FAILED


def test_only_known_ids_become_links(tmp_path: Path) -> None:
    assert gap(page_of(tmp_path, record()), "GAP-02").nearest == (
        ("SC-ERP-FULL-1a", "the-sop.html#SC-ERP-FULL-1a"),
        (" allows; ", None),
        ("XX-1", None),
        (" is no id.", None),
    )


def test_a_scenario_of_several_clauses_lives_once_and_is_linked_from_the_others(tmp_path: Path) -> None:
    page = page_of(tmp_path, record())
    name = "The client credits the e-invoice by hand"

    assert [view.name for group in clause(page, "SC-ERP-FULL-1.1.1").groups for view in group.scenarios] == [name]
    assert clause(page, "SC-ERP-FULL-1.1.2a").groups == ()
    assert [link.text for link in clause(page, "SC-ERP-FULL-1.1.2a").also_shown_by] == [name]


def view_of(
    name: str, own: tuple[str, ...], feature: tuple[str, ...], cited: tuple[str, ...] = (), status: Status = Status.PASSED
) -> ScenarioView:
    return ScenarioView(
        name, f"#{name}", "Scenario", name, "", "a.feature:1", "", "", (), ((), own, (), feature), status, "", (), (), (status,), (), cited
    )


@pytest.mark.parametrize(
    ("others", "shown"),
    [
        ([view_of("own", ("@SC-1-2",), ("@SC-1",))], ["own"]),
        ([view_of("claims", ("@SC-1-2",), ("@beyond",), cited=("SC-1-2",))], ["claims"]),
        ([view_of("own, at home elsewhere", ("@SC-1-1", "@SC-1-2"), ("@SC-1",))], []),
        ([], ["audit"]),
    ],
)
def test_a_clause_is_shown_by_an_example_about_it_and_not_by_one_that_only_has_its_tag(
    others: list[ScenarioView], shown: list[str]
) -> None:
    """Whatever comes first: the tag of an example may say what it rests on, as in an audit, which is linked."""
    placement = Placement([view_of("audit", ("@SC-1-2",), ("@audit",)), *others], ["SC-1", "SC-1-1", "SC-1-2"])

    assert [view.name for group in placement.groups("SC-1-2") for view in group.scenarios] == shown
    assert ("audit" in [link.text for link in placement.also_shown_by("SC-1-2")]) == (shown != ["audit"])


def test_an_example_that_fails_is_shown_wherever_it_has_its_home() -> None:
    failed = view_of("audit", ("@SC-1-2",), ("@audit",), status=Status.FAILED)
    placement = Placement([failed, view_of("own", ("@SC-1-2",), ("@SC-1",))], ["SC-1", "SC-1-2"])

    assert [view.name for group in placement.groups("SC-1-2") for view in group.scenarios] == ["audit"]


def test_a_claim_that_cites_a_clause_shows_it_where_no_tag_does(tmp_path: Path) -> None:
    lines = json.loads(json.dumps(record(fates={})))
    cited = next(line for line in lines if line.get("name") == "Too late once packed")["claims"][1]
    cited["expected"] = cited["actual"] = ["SC-ERP-FULL-2a", "nonsense"]
    page = page_of(tmp_path, lines)

    view = clause(page, "SC-ERP-FULL-2a")

    assert (view.status, [link.text for link in view.also_shown_by]) == (Status.PASSED, ["Too late once packed"])


def test_a_scenario_that_is_tagged_with_a_clause_and_cites_it_is_linked_once(tmp_path: Path) -> None:
    lines = json.loads(json.dumps(record(fates={})))
    told = next(line for line in lines if line.get("name") == "The client credits the e-invoice by hand")
    told["claims"][0] |= {"facet": "clauses", "expected": ["SC-ERP-FULL-1.1.2a"], "actual": ["SC-ERP-FULL-1.1.2a"]}

    assert len(clause(page_of(tmp_path, lines), "SC-ERP-FULL-1.1.2a").also_shown_by) == 1


def test_a_scenario_without_the_tag_of_a_sentence_is_not_lost(tmp_path: Path) -> None:
    page = page_of(tmp_path, record())

    assert [view.name for group in page.unlinked for view in group.scenarios] == ["An example that belongs to no sentence"]


def test_a_features_own_words_stand_under_its_heading(tmp_path: Path) -> None:
    intro = page_of(tmp_path, record()).parts[1].sections[1].intros[0]

    assert intro.path == "seller_cancellation/full_erp.feature"
    assert "An e-invoice is not posted, then posted, then generated, then pushed." in intro.description


# Steps and cells


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


def test_a_row_whose_cell_tells_what_was_found_needs_no_note(tmp_path: Path) -> None:
    page = page_of(tmp_path, record())
    rows = scenario(page, "A part of a FULFILLABLE order").tables[1].rows

    assert [row.notes for row in rows] == [(), (), ()]
    assert page.failures[-1].notes == ("outcome: expected 3, found 2",)


def test_a_row_that_fails_outside_its_cells_says_why(tmp_path: Path) -> None:
    name = "The e-invoice does not stand in the way"
    fate = {"status": "broken", "step": 4, "message": "KeyError: units"}
    rows = scenario(page_of(tmp_path, record(fates={(name, "posted"): fate})), name).tables[0].rows

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


def with_claims(lines: list[Line], name: str, claims: list[Line]) -> list[Line]:
    """*lines* in which the last step of the scenario *name* made these claims."""
    lines = json.loads(json.dumps(lines))
    told = next(line for line in lines if line.get("name") == name)
    base = {"subject": {}, "reading": "as-practised", "facet": "rows", "cell": None, "step": 2}
    told["claims"] = [base | claim for claim in claims]
    told["steps"][2]["claims"] = list(range(len(claims)))
    return lines


def test_rows_that_differ_only_in_cells_are_told_by_their_cells(tmp_path: Path) -> None:
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
    fate = {"status": "failed", "step": 1, "cell": [0, 0], "expected": "here", "actual": "gone", "message": "gone"}
    painted = []
    for fates in ({}, {("Both", "two"): fate}):
        table = scenario(page_of(tmp_path, record({"returns/rsi.feature": text}, fates)), "Both").steps[1].table
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
    lines = json.loads(json.dumps(record(fates={})))
    silent = next(line for line in lines if line.get("name") == "Too late once packed")
    end(silent, "broken")
    page = page_of(tmp_path, count(lines))

    assert [(failure.name, failure.notes) for failure in page.failures] == [
        ("Too late once packed", ("the step definition raised an error: the decision cites SC-ERP-FULL-3",)),
    ]
    assert page.band.kind == "bad"


def test_a_step_whose_claim_has_two_values_is_painted_as_failed(tmp_path: Path) -> None:
    lines = json.loads(json.dumps(record(fates={})))
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
    lines = with_claims(record(fates={}), name, claims)
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


# Summary and verdict


def test_the_summary_counts_what_is_written_not_what_ran(tmp_path: Path) -> None:
    figures = page_of(tmp_path, record(state="interrupted", keep=4)).figures

    assert [(figure.number, figure.of) for figure in figures] == [(1, 19), (0, 12), (3, None)]


def test_every_failure_is_listed_with_a_place_and_a_link(tmp_path: Path) -> None:
    page = page_of(tmp_path, record())

    assert [(failure.place, failure.values) for failure in page.failures][-2:] == [
        ("seller_cancellation/partial_erp.feature:22", "e-invoice posted, outcome fails on screen, units 3"),
        ("seller_cancellation/partial_erp.feature:24", "e-invoice pushed, outcome fails on screen, units 3"),
    ]
    assert len(page.failures) == 8


def verdict(tmp_path: Path, lines: Sequence[Line]) -> tuple[str, str, tuple[str, ...]]:
    found = page_of(tmp_path, lines).band
    return found.kind, found.title, found.reasons


def test_a_run_in_which_everything_passed_is_good(tmp_path: Path) -> None:
    assert verdict(tmp_path, record(fates={})) == ("good", "19 of 19 examples passed", ())


def test_failures_make_a_run_bad(tmp_path: Path) -> None:
    assert verdict(tmp_path, record())[:2] == ("bad", "8 examples failed")


def test_an_interrupted_run_is_bad_even_if_all_passed_so_far(tmp_path: Path) -> None:
    assert verdict(tmp_path, record(fates={}, state="interrupted", keep=7)) == (
        "bad",
        "This run was interrupted",
        ("the run was interrupted after 7 of 19 examples",),
    )


def test_a_run_without_an_end_is_bad_even_if_all_passed(tmp_path: Path) -> None:
    kind, title, reasons = verdict(tmp_path, record(fates={}, state=None))

    assert (kind, title) == ("bad", "This run did not finish")
    assert reasons[0].startswith("the run did not finish: it was killed or crashed after 19 of 19 examples; examples marked passed")


def test_a_run_stopped_after_its_first_line_is_bad(tmp_path: Path) -> None:
    assert verdict(tmp_path, record()[:1])[:2] == ("bad", "This run did not finish")


def test_a_selection_is_never_good(tmp_path: Path) -> None:
    fates = {("A part of a FULFILLABLE order",): {"status": "not-run"}}
    lines = record(fates=fates, selection={"paths": ["a", "b"], "keyword": None, "tags": "@x"})

    assert verdict(tmp_path, lines) == (
        "partial",
        "Only a selection ran",
        ("selected by paths a, b and tags @x; the other 4 examples did not run",),
    )


def test_findings_make_a_run_bad_and_are_listed_with_their_line(tmp_path: Path) -> None:
    page = page_of(tmp_path, record(fates={}, findings=[FINDING]))

    assert page.band.reasons == ("1 finding in 1 feature file, which kept examples from running",)
    assert [(f.place, f.source, f.suggestion) for f in page.findings] == [
        ("returns/rsi.feature:8:5", '"""', "the client may use the report"),
    ]
    assert clause(page, "RT-RSI-1").status is Status.NOT_RUN


def test_an_unreadable_feature_is_a_finding_and_nothing_else(tmp_path: Path) -> None:
    lines = json.loads(json.dumps(record(fates={}, findings=[FINDING | {"line": 99}])))
    lines[3]["document"] = None
    lines = [line for line in lines if line.get("feature") != "returns/rsi.feature"]
    page = page_of(tmp_path, lines)

    assert page.band.kind == "bad"
    assert clause(page, "RT-RSI-1").status is Status.NO_EXAMPLE


def test_an_example_that_vanished_from_the_record_makes_a_run_bad(tmp_path: Path) -> None:
    lines = json.loads(json.dumps(record(fates={})))
    lines[-1]["counts"] |= {"executed": 18, "passed": 18}
    del lines[10]

    assert verdict(tmp_path, lines)[2] == (
        "18 of 19 examples ran",
        "a recount finds 19 examples, the record has 18",
    )


def test_a_run_of_nothing_is_bad(tmp_path: Path) -> None:
    assert verdict(tmp_path, record(texts={}))[0] == "bad"


# All cases


def test_the_grids_hold_every_case_once() -> None:
    grids = case_grids(Links(None))
    assert sum(cell.span * len(row.stages) for grid in grids for row in grid.rows for cell in row.cells) == 256


def test_how_certain_a_cell_is_is_told_apart() -> None:
    certainties = {
        reading: {cell.answer_in(reading).answer.certainty for grid in case_grids(Links(None)) for row in grid.rows for cell in row.cells}
        for reading in Reading
    }

    assert certainties == {"as-written": {"stated", "follows", "open"}, "as-practised": {"stated", "follows", "assumed", "open"}}


# The whole page


def test_the_page_is_as_it_was(tmp_path: Path) -> None:
    """Set UPDATE_GOLDEN=1 to accept a change, and read the difference."""
    page = _plain(to_builtins(page_of(tmp_path, record())))
    text = json.dumps(page, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")

    assert page == json.loads(GOLDEN.read_text(encoding="utf-8"))


def _plain(value: object) -> object:
    """What is there, without what is empty."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items() if item not in (None, "", (), [])}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
