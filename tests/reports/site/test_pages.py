"""What the overview, the SOP beside the reader's copy, and the questions say, as data."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from reports.document.source_text import quotes_by_line
from reports.html.errors import ReportError
from reports.site.builder import site_files
from reports.site.context import Context, context_of
from reports.site.pages.overview import MOST_FAILURES, MOST_ROWS, overview_page
from reports.site.pages.questions import questions_page
from reports.site.pages.sop import sop_view
from sop_runs.record.reader import read_record
from steps.definitions.catalogue import write_catalogue
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from tests.support.run_samples import record, write

Line = dict[str, Any]


def context(tmp_path: Path, lines: list[Line] | None = None, **more: Any) -> Context:
    return context_of(read_record(write(record() if lines is None else lines, tmp_path)), **more)


# Overview


def test_every_clause_is_one_mark_in_the_order_of_the_document(tmp_path: Path) -> None:
    strips = overview_page(context(tmp_path)).strips

    assert [(strip.title, strip.href, len(strip.tiles)) for strip in strips] == [
        ("About the document", "the-sop.html#DOC", 1),
        ("Cancelled by the seller", "the-sop.html#SC", 9),
        ("Cancelled by Ajio", "the-sop.html#AC", 2),
        ("Returns", "the-sop.html#RT", 1),
    ]
    assert [(tile.href, str(tile.status)) for tile in strips[1].tiles][:2] == [
        ("the-sop.html#SC-ERP-FULL-1a", "passed"),
        ("the-sop.html#SC-ERP-FULL-1.1.1", "failed"),
    ]


BROKEN = {"status": "broken", "step": 0, "message": "no"}


def test_failures_beyond_the_first_are_counted(tmp_path: Path) -> None:
    names = [f"S{number}" for number in range(MOST_FAILURES + 3)]
    text = "Feature: Many\n" + "".join(f"\n  Scenario: {name}\n    Then it is so\n" for name in names)
    data = overview_page(context(tmp_path, record({"many.feature": text}, {(name,): BROKEN for name in names})))

    assert ([failing.first.name for failing in data.failures], data.more) == (names[:MOST_FAILURES], 3)


@pytest.mark.parametrize("rows", [1, 2, MOST_ROWS, MOST_ROWS + 3])
def test_failed_rows_of_one_scenario_are_one_entry(tmp_path: Path, rows: int) -> None:
    table = "\n".join(f"      | {number} |" for number in range(rows))
    text = f"Feature: Many\n\n  Scenario Outline: One\n    Then <n>\n\n    Examples:\n      | n |\n{table}\n\n  Scenario: Two\n    Then it is so\n"
    lines = record({"many.feature": text}, {("Two",): BROKEN, **{("One", str(number)): BROKEN for number in range(rows)}})
    one, two = overview_page(context(tmp_path, lines)).failures

    assert (one.first.name, one.first.values) == ("One", "n 0")
    assert [other.values for other in one.others] == [f"n {number}" for number in range(1, min(rows, MOST_ROWS))]
    assert one.more == max(0, rows - MOST_ROWS)
    assert (two.first.name, two.others, two.more) == ("Two", (), 0)


def test_a_run_that_never_began_has_an_overview_all_the_same(tmp_path: Path) -> None:
    data = overview_page(context(tmp_path, record()[:1]))

    assert (data.strips, data.questions, data.failures) == ((), (), ())


def test_the_overview_lists_the_oldest_questions_first_and_their_page_those_of_most_cases(tmp_path: Path) -> None:
    here = context(tmp_path)

    assert [(href, gap.cases) for href, gap in overview_page(here).questions] == [
        ("open-questions.html#GAP-02", 1),
        ("open-questions.html#GAP-04", 2),
    ]
    assert [[gap.id for gap in kind.gaps] for kind in questions_page(here).kinds] == [["GAP-04", "GAP-02"], ["GAP-21"]]


# The reader's copy


def test_lines_are_quoted_by_what_the_register_calls_them() -> None:
    actual = quotes_by_line(["2-3", "5", "about"], ["title", " one", "two ", "", "three", "", "end"])

    assert actual.quotes == {"2-3": ((2, "one"), (3, "two")), "5": ((5, "three"),), "about": ()}
    assert actual.rest == ((1, "title"), (7, "end"))


def test_another_document_is_refused() -> None:
    with pytest.raises(ReportError, match="it has 1 lines, and the rulebook refers to line 9"):
        quotes_by_line(["9"], ["only one"])


def test_the_copy_stands_in_the_site_only_if_it_was_given(tmp_path: Path) -> None:
    words = [f"their line {number}" for number in range(1, 200)]
    without = site_files(context(tmp_path))["the-sop.html"].decode()
    page = site_files(context(tmp_path, source=words))["the-sop.html"].decode()

    assert "their line" not in without
    assert page.count("their line 21<") >= 1
    assert sop_view(context(tmp_path)).quotes is None


def test_hostile_lines_of_the_copy_stay_text(tmp_path: Path) -> None:
    words = ["<script>alert(1)</script>"] * 200
    page = site_files(context(tmp_path, source=words))["the-sop.html"].decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


# Many scenarios under one sentence


@pytest.mark.parametrize(
    ("failed", "names"),
    [([], ["Number 0"]), ([15], ["Number 15"]), ([3, 15], ["Number 3", "Number 15"]), (range(9), [f"Number {each}" for each in range(6)])],
)
def test_of_many_scenarios_one_or_the_failed_are_shown_in_full_and_none_is_lost(
    tmp_path: Path, failed: Sequence[int], names: list[str]
) -> None:
    body = "".join(f"\n  @SC-ERP-FULL-3\n  Scenario: Number {number}\n    Then it is so\n" for number in range(20))
    result = {"status": "broken", "step": 0, "message": "no"}
    lines = record({"many.feature": f"Feature: Many\n{body}"}, {(f"Number {number}",): result for number in failed})
    parts = context(tmp_path, lines).document.parts
    clause = next(c for part in parts for section in part.sections for c in section.clauses if c.id == "SC-ERP-FULL-3")
    full = [view.name for group in clause.groups for view in group.scenarios]

    assert full == names
    assert sorted([*full, *(link.text for link in clause.also_shown_by)]) == sorted(f"Number {number}" for number in range(20))


def test_of_very_many_links_only_the_first_are_listed_and_what_did_not_pass_comes_first(tmp_path: Path) -> None:
    body = "".join(f"\n  @SC-ERP-FULL-3\n  Scenario: Number {number}\n    Then it is so\n" for number in range(30))
    lines = record({"many.feature": f"Feature: Many\n{body}"}, {("Number 29",): {"status": "not-run"}})
    site = context(tmp_path, lines)
    clause = next(c for part in site.document.parts for section in part.sections for c in section.clauses if c.id == "SC-ERP-FULL-3")

    assert [link.text for link in clause.also_shown_by][:2] == ["Number 29", "Number 1"]
    page = site_files(site)["the-sop.html"].decode()
    assert '<a href="features.html#find=%40SC-ERP-FULL-3">17 more in the feature files</a>' in page
    assert "Number 11<" in page
    assert "Number 12<" not in page


# Steps


def test_the_page_of_steps_lists_the_columns_of_a_table_and_the_words_of_its_cells(tmp_path: Path) -> None:
    run = write(record(), tmp_path)
    write_catalogue(Registry.from_modules(built_in_modules()), run.parent)
    page = site_files(context_of(read_record(run), folder=run.parent))["steps.html"]
    text = " ".join(re.sub("<[^>]*>", " ", page.decode()).split())

    assert (
        "Columns: order (text) . Columns that may be left out: posted , e-invoiced , pushed , cancelled , credited (time) , by (canceller)"
        in text
    )
    assert "Columns, without a row of headings: modality , task ." in text  # the kind is not said twice
    assert not re.search(r"`|\*\w", text), "marks of Markdown are rendered"
    assert "a returned unit whose quality check is quality check" in text
    assert "canceller in a table the seller" in text
    assert "time in a table such as 2026-05-03 23:00" in text
