"""The page of changes: the earlier runs, the same bytes each time, and its links in a browser."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec

from reports.site.builder import site_files
from reports.site.context import Context, context_of
from reports.site.pages.changes import changes_page
from reports.site.run_history import PastRun, history
from reports.site.trend_chart import trend_chart
from sop_runs.change.snapshot import Snapshot, snapshot_of_run
from sop_runs.record.reader import RunRecord, read_record
from sop_runs.record.schema import SelectionRecord
from sop_runs.record.verdict import judge
from tests.support.browsing import OVERFLOW, PHONE, follow, opened
from tests.support.run_changes import scenarios
from tests.support.run_samples import Line, count, end, write


def test_the_recent_runs_are_listed_oldest_first_and_unreadable_ones_break_nothing(folder: Path, tmp_path: Path) -> None:
    raw = (folder / "run.ndjson").read_bytes()
    for name, content in (("1", raw), ("2", raw[:-300]), ("3", b"rubbish\n"), ("4", b""), ("6", raw), ("9", raw)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.ndjson").write_bytes(content)
    (tmp_path / "5").mkdir()
    chosen = raw.replace(b'"selection":null', b'"selection":{"keyword":"x","paths":null,"tags":null}', 1)
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "run.ndjson").write_bytes(chosen)

    (tmp_path / "20260101T000000Z-000000").mkdir()

    recent = history(tmp_path / "6")
    runs = recent.runs

    assert [(run.run_id, run.state) for run in runs] == [("1", "complete"), ("2", "incomplete"), ("6", "complete")]
    assert recent.unreadable == ("3", "4")
    assert history(None).runs == ()
    drawn = ET.fromstring(trend_chart(runs))  # noqa: S314
    assert len(drawn) == 3
    assert trend_chart(runs[:1]) == ""


def test_the_page_names_the_earlier_runs_that_are_left_out(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "6")
    assert left_out(tmp_path / "6") == []
    for name in ("3", "4"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.ndjson").write_bytes(b"rubbish\n")

        names = ", ".join(file.name for file in sorted(tmp_path.iterdir()) if file.name != "6")
        [note] = left_out(tmp_path / "6")
        assert note.endswith(f"cannot be read: {names}. Delete what you do not need.")


def left_out(run: Path) -> list[str]:
    return [note for note in changes_page(context_of(read_record(run), folder=run)).notes if "left out" in note]


def test_of_the_run_that_is_shown_the_verdict_counts_and_not_its_closing_line(lines: list[Line], tmp_path: Path) -> None:
    write(lines, tmp_path / "1")
    end(scenarios(lines)[0], "failed")
    write(count(lines), tmp_path / "2")
    verdict, total = judge(read_record(tmp_path / "2")), len(scenarios(lines))

    assert [(run.run_id, run.result) for run in history(tmp_path / "2", verdict).runs] == [
        ("1", f"{total} of {total} passed"),
        ("2", f"{total - 1} of {total} passed, 1 failed"),
    ]
    chosen = replace(verdict, selection=SelectionRecord(None, "x", None))
    assert [run.run_id for run in history(tmp_path / "2", chosen).runs] == ["1"]


def test_a_run_is_described_by_its_day_and_by_what_did_not_pass() -> None:
    past = PastRun("20261123T040143Z-cb94b4", "interrupted", 390, 300, 20, 0)

    assert (past.when, past.not_run) == ("23 Nov 2026, 04:01", 70)
    assert past.result == "300 of 390 passed, 20 failed, 70 did not run, interrupted"
    assert msgspec.structs.replace(past, run_id="20261323T040143Z").when == "20261323T040143Z"
    assert msgspec.structs.replace(past, run_id="mine", passed=390, failed=0, state="complete").result == "390 of 390 passed"


def context_with_changes(now: RunRecord, lines: list[Line], older: Snapshot, tmp_path: Path) -> Context:
    """A run with a failure, a reworded and a new scenario, beside an older rulebook and an earlier run."""
    outline = scenarios(lines)[0]
    outline["steps"][0]["text"] += " long ago"
    base = snapshot_of_run(read_record(write(lines, tmp_path)), "v1")
    return context_of(now, base=replace(base, behaviour=older.behaviour, record=None))


def test_the_page_is_the_same_bytes_each_time(now: RunRecord, lines: list[Line], older: Snapshot, tmp_path: Path) -> None:
    context = context_with_changes(now, lines, older, tmp_path)

    assert site_files(context) == site_files(context)


def test_in_a_browser_the_old_stands_beside_the_new_and_links_lead_to_what_asserts_it(
    browser: Any, now: RunRecord, lines: list[Line], older: Snapshot, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    for name, content in site_files(context_with_changes(now, lines, older, tmp_path)).items():
        (site / name).write_bytes(content)

    page = opened(browser, site, "changes.html")

    assert page.inner_text(".lead").startswith("Compared with v1, ")
    assert "answers and 1 scenario changed." in page.inner_text(".lead")
    region = page.locator(".region").first
    assert region.locator("del").all_inner_texts() == ["without effect"]
    assert region.locator("ins").all_inner_texts() == ["refused"]
    assert [text.split() for text in page.locator(".wording del").all_inner_texts()] == [["before:", "long", "ago"]]
    follow(page, region.locator(".because a").last)
    target = page.locator(":target")
    assert target.count() == 1
    assert target.is_visible()
    small = opened(browser, site, "changes.html", viewport=PHONE)
    assert small.evaluate(OVERFLOW) == 0
