"""Every way a run can end is shown as it was: the words of the pages, held in a file for each; see `tests.support.site_samples`."""

import json
import os
from pathlib import Path

import pytest

from reports.examples.status_marks import Status
from reports.site.builder import site_files
from reports.site.context import context_of
from sop_runs.record.reader import read_record
from tests.support.run_samples import write
from tests.support.site_samples import GOLDEN, golden, runs, texts_of_pages

RUNS = runs()


@pytest.mark.parametrize("name", RUNS)
def test_the_pages_say_what_they_said(tmp_path: Path, name: str) -> None:
    """``RENEW_SAMPLES=1`` writes the words again; look at the difference before you commit it."""
    actual = texts_of_pages(site_files(context_of(read_record(write(RUNS[name], tmp_path)))))
    if os.environ.get("RENEW_SAMPLES") == "1":
        assert os.environ.get("CI") != "true", "CI renews nothing"
        GOLDEN.mkdir(exist_ok=True)
        golden(name).write_text(json.dumps(actual, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    assert actual == json.loads(golden(name).read_text(encoding="utf-8")), "if it is meant to, RENEW_SAMPLES=1 renews tests/samples/site"


def test_every_sample_file_belongs_to_a_sample_run() -> None:
    assert sorted(file.stem for file in GOLDEN.iterdir()) == sorted(RUNS)


def test_there_is_a_sample_of_every_status() -> None:
    words = " ".join(file.read_text(encoding="utf-8") for file in GOLDEN.iterdir())

    assert [status for status in Status if f"{status.symbol} {status}" not in words] == []


@pytest.mark.parametrize("name", RUNS)
def test_no_run_but_a_good_one_says_that_all_passed(name: str) -> None:
    pages = json.loads(golden(name).read_text(encoding="utf-8"))
    good = name in ("passed", "passed-outline", "gap", "known-failure", "other-version")

    for lines in pages.values():
        assert lines[0].startswith("✓" if good else "○" if name == "selection" else "✗")
