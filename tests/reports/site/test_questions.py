"""The page of questions says of each reading which answers differ with it, and which reading is in force."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reports.site.builder import site_files
from reports.site.context import context_of
from reports.site.pages.questions import questions_page
from reports.site.reading_rows import reading_rows
from sop_engine import Reading, load_rulebook
from sop_engine.engine import ENGINE
from sop_engine.register.readings import effect_of
from sop_engine.statement import OwnersAnswer
from sop_runs.record.reader import read_record
from tests.support.run_samples import record, write

GAPS = {gap.id: gap for gap in load_rulebook().gaps}
DECIDING = [gap for gap in GAPS.values() if gap.decides and gap.cases]


def test_every_reading_of_every_question_that_affects_answers_is_shown(tmp_path: Path) -> None:
    context = context_of(read_record(write(record(rulebook=load_rulebook().to_plain()), tmp_path)))
    readings = questions_page(context).readings
    page = site_files(context)["open-questions.html"].decode()

    assert set(readings) == {gap.id for gap in DECIDING}
    for gap in DECIDING:
        rows = readings[gap.id]
        assert [row.text for row in rows] == list(gap.readings)
        assert [row.number for row in rows if row.state] == [gap.reading]
        assert page.count(f"Readings of {gap.id}, and the answers") == 1
    assert "must make a credit note" in page


@pytest.mark.parametrize("gap_id", ["GAP-04", "GAP-15", "GAP-42"])
def test_the_number_of_answers_is_that_of_the_proved_rulebook(gap_id: str) -> None:
    for row in reading_rows(GAPS[gap_id]):
        if row.state:
            continue
        regions = [region for region in effect_of(ENGINE, gap_id, row.number) if region.reading is Reading.AS_PRACTISED]
        asked = [region for region in regions if {"outcome", "tasks", "stock", "offline_claim"} & set(region.parts)]
        size = sum(region.size for region in asked)
        assert row.effect.startswith(f"{size} answer")
        assert sum(answer.size for answer in row.answers) == size


def test_a_decided_reading_says_who_decided_and_the_assumed_one_that_it_was_assumed() -> None:
    gap = GAPS["GAP-04"]
    ruling = next(ruling for ruling in gap.rulings if ruling.number == 3)
    decided = replace(gap.with_ruling(ruling), answer=OwnersAnswer(3, "Asha", date(2026, 12, 1)))

    states = {row.number: row.state for row in reading_rows(decided)}
    assert states == {1: "", gap.reading: "assumed before", 3: "decided by Asha on 2026-12-01"}


def test_a_run_of_another_rulebook_has_the_readings_alone(tmp_path: Path) -> None:
    context = context_of(read_record(write(record(), tmp_path)))

    assert questions_page(context).readings == {}
    assert "Credit it." in site_files(context)["open-questions.html"].decode()
