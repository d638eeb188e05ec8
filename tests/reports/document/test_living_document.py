"""The summary, the verdict, the grids of all cases, and the whole page as data."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import to_builtins

from reports.document.case_grids import case_grids
from reports.examples.status_marks import Status
from reports.html.links import Links
from sop_engine import Reading
from tests.support.document_pages import FINDING, Line, clause, page_of
from tests.support.run_samples import SAMPLES, record

GOLDEN = SAMPLES / "document.json"
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
    result = page_of(tmp_path, lines).band
    return result.kind, result.title, result.reasons


def test_a_run_in_which_everything_passed_is_good(tmp_path: Path) -> None:
    assert verdict(tmp_path, record(results={})) == ("good", "19 of 19 examples passed", ())


def test_failures_make_a_run_bad(tmp_path: Path) -> None:
    assert verdict(tmp_path, record())[:2] == ("bad", "8 examples failed")


def test_an_interrupted_run_is_bad_even_if_all_passed_so_far(tmp_path: Path) -> None:
    assert verdict(tmp_path, record(results={}, state="interrupted", keep=7)) == (
        "bad",
        "This run was interrupted",
        ("the run was interrupted after 7 of 19 examples",),
    )


def test_a_run_without_an_end_is_bad_even_if_all_passed(tmp_path: Path) -> None:
    kind, title, reasons = verdict(tmp_path, record(results={}, state=None))

    assert (kind, title) == ("bad", "This run did not finish")
    assert reasons[0].startswith("the run did not finish: it was killed or crashed after 19 of 19 examples; examples marked passed")


def test_a_run_stopped_after_its_first_line_is_bad(tmp_path: Path) -> None:
    assert verdict(tmp_path, record()[:1])[:2] == ("bad", "This run did not finish")


def test_a_selection_is_never_good(tmp_path: Path) -> None:
    results = {("A part of a FULFILLABLE order",): {"status": "not-run"}}
    lines = record(results=results, selection={"paths": ["a", "b"], "keyword": None, "tags": "@x"})

    assert verdict(tmp_path, lines) == (
        "partial",
        "Only a selection ran",
        ("selected by paths a, b and tags @x; the other 4 examples did not run",),
    )


def test_findings_make_a_run_bad_and_are_listed_with_their_line(tmp_path: Path) -> None:
    page = page_of(tmp_path, record(results={}, findings=[FINDING]))

    assert page.band.reasons == ("1 finding in 1 feature file, which kept examples from running",)
    assert [(f.place, f.source, f.suggestion) for f in page.findings] == [
        ("returns/rsi.feature:8:5", '"""', "the client may use the report"),
    ]
    assert clause(page, "RT-RSI-1").status is Status.NOT_RUN


def test_an_unreadable_feature_is_a_finding_and_nothing_else(tmp_path: Path) -> None:
    lines = json.loads(json.dumps(record(results={}, findings=[FINDING | {"line": 99}])))
    lines[3]["document"] = None
    lines = [line for line in lines if line.get("feature") != "returns/rsi.feature"]
    page = page_of(tmp_path, lines)

    assert page.band.kind == "bad"
    assert clause(page, "RT-RSI-1").status is Status.NO_EXAMPLE


def test_an_example_that_vanished_from_the_record_makes_a_run_bad(tmp_path: Path) -> None:
    lines = json.loads(json.dumps(record(results={})))
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


def test_a_cell_shows_how_certain_its_answer_is() -> None:
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
