"""What shows what: nothing is counted twice or left out, and the questions can be taken away without harm."""

import csv
import io
import json
from pathlib import Path

import pytest

from reports.examples.status_marks import Status
from reports.site.context import Context, context_of
from reports.site.pages.traceability import questions_csv, traceability_page
from sop_engine import load_rulebook
from sop_engine.register.question_rows import results_of
from sop_runs.record.reader import read_record
from tests.support.run_samples import count, end, record, write


@pytest.fixture(scope="module")
def whole(specification_run: Path) -> Context:
    """The real specification."""
    return context_of(read_record(specification_run))


def test_every_sentence_has_a_row_and_every_shown_one_a_crossing(whole: Context) -> None:
    traces = [trace for part in traceability_page(whole).parts for trace in part.traces]

    assert sorted(trace.id for trace in traces) == sorted(clause.id for clause in whole.record.rulebook.clauses)  # type: ignore[union-attr]
    for trace in traces:
        assert sum(crossing.count for crossing in trace.crossings if crossing) == sum(len(listed.links) for listed in trace.scenarios)
        assert bool(trace.scenarios) == (trace.status is not Status.NOT_OPERATIVE), trace.id
        assert trace.scenarios or trace.reason


def test_a_part_has_only_the_files_that_show_it(whole: Context) -> None:
    for part in traceability_page(whole).parts:
        used = {place for trace in part.traces for place, crossing in enumerate(trace.crossings) if crossing}
        assert used == set(range(len(part.files)))


def test_all_cases_of_the_named_stages_are_covered(whole: Context) -> None:
    coverage = traceability_page(whole).coverage

    assert len(coverage) == 8
    assert {(row.cases, row.named) for row in coverage} == {(32, 12)}
    assert all(12 <= number <= 32 for row in coverage for _, number in row.asserted)


def test_failed_examples_assert_nothing(tmp_path: Path) -> None:
    lines = [json.loads(json.dumps(line)) for line in record()]
    for line in lines:
        if line["type"] == "scenario":
            line["steps"], line["claims"] = [step | {"claims": []} for step in line["steps"]], []
            end(line, "broken")
            for step in line["steps"][:-1]:
                step["status"] = "skipped"
                step["error"] = None
    context = context_of(read_record(write(count(lines), tmp_path)))

    assert {number for row in traceability_page(context).coverage for _, number in row.asserted} == {0}


def test_the_questions_are_a_table_for_a_spreadsheet(whole: Context) -> None:
    raw = questions_csv(whole)
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))

    assert raw.startswith(b"\xef\xbb\xbf")
    assert [row[0] for row in rows[1:]] == [gap.id for gap in whole.document.gaps]
    assert {len(row) for row in rows} == {17}
    assert {(result.is_blank, result.reason) for result in results_of(rows, load_rulebook())} == {(True, "")}, (
        "`sop questions --in` reads it"
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_of_it_is_a_formula(text: str, tmp_path: Path) -> None:
    lines = [json.loads(json.dumps(line)) for line in record()]
    gaps = next(line for line in lines if line["type"] == "rulebook")["gaps"]
    gaps[0] |= {"title": text, "question": text, "chosen": text, "why": text}
    context = context_of(read_record(write(lines, tmp_path)))

    for row in csv.reader(io.StringIO(questions_csv(context).decode("utf-8-sig"))):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row), row
