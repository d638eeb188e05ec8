"""An answered gap has its status wherever it is shown, and whatever its texts are, they stay texts."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from sop_engine.register.answers import with_answers
from sop_engine.statement import OwnersAnswer
from sop_engine.versions import CLAUSES, GAPS, VARIABLE

ROOT = Path(__file__).parents[3]
FOLDER = Path(str(files("sop_engine") / "rulebook" / "clients_v1"))
HOSTILE = "A. <b>Owner</b> | =1+1\n\x1b[31m"
STATUS = "decided by A. <b>Owner</b> | =1+1\\n\\x1b[31m on 2026-12-01"
CASE = ["--canceller", "seller", "--scope", "full", "--invoicing", "ERP", "--stage", "PROCESSING", "--e-invoice", "generated"]
FEATURE = """Feature: One

  @GAP-04
  Rule: The SOP does not say what follows; it is decided that there is nothing to do

    Scenario: Nothing to do
      Given an order invoiced through the client's ERP
      And the order is PROCESSING
      And its e-invoice is generated
      When the seller cancels the full order
      Then the client has nothing to do
      And the answer rests on SC-ERP-FULL-2a
      And it is the owner's answer to GAP-04
"""


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clients_v1")
    answer = OwnersAnswer(3, HOSTILE, date(2026, 12, 1), f"<script>{HOSTILE}", '=HYPERLINK("x")')
    (folder / GAPS).write_bytes(with_answers((FOLDER / GAPS).read_bytes(), {"GAP-04": answer}))
    (folder / CLAUSES).write_bytes((FOLDER / CLAUSES).read_bytes())
    return folder


def sop(rulebook: Path, folder: Path, *arguments: str) -> str:
    environment = {**os.environ, VARIABLE: str(rulebook), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "sop_cli", *arguments], cwd=folder, env=environment, capture_output=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr.decode()
    assert b"\x1b" not in done.stdout
    return done.stdout.decode()


@pytest.mark.slow
def test_a_decision_names_who_decided_it(rulebook: Path, tmp_path: Path) -> None:
    text = sop(rulebook, tmp_path, "decide", *CASE, "--why")
    plain = json.loads(sop(rulebook, tmp_path, "decide", *CASE, "--why", "--json"))

    assert "the client has nothing to do  (the owner's answer to GAP-04)" in text
    assert f"{STATUS}: the cancellation is allowed; there is nothing to do" in text
    assert "Open questions that affect the answer" not in text
    assert (plain["tasks"], plain["tasks_source"], plain["tasks_by"]) == ([], "decided", ["GAP-04"])
    assert plain["why"]["open_questions"][0]["basis"] == STATUS
    as_written = json.loads(sop(rulebook, tmp_path, "decide", *CASE, "--reading", "as-written", "--json"))
    assert (as_written["tasks"], as_written["tasks_source"]) == (None, "silent")


@pytest.mark.slow
def test_tables_and_lists_have_the_status(rulebook: Path, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(sop(rulebook, tmp_path, "table", "--format", "csv"))))
    plain = json.loads(sop(rulebook, tmp_path, "table", "--format", "json"))
    lines = [line for line in sop(rulebook, tmp_path, "table", "--format", "markdown").splitlines() if "GAP-04" in line]

    assert [row["decided"] for row in rows if row["decided"]] == [f"GAP-04 {STATUS}"]
    assert [row["decided"] for row in plain if row["decided"]] == [[f"GAP-04 {STATUS}"]]
    assert len(lines) == 1
    assert lines[0].count("|") - lines[0].count("\\|") == 11
    assert "<b>" not in lines[0].replace("\\<b>", "")
    assert f"GAP-04  {STATUS}: Can an order" in sop(rulebook, tmp_path, "questions")
    assert f"status: {STATUS} (evidence: <script>" in sop(rulebook, tmp_path, "answer", "GAP-04")


@pytest.mark.slow
def test_the_pages_show_who_decided_it_and_escape_what_he_wrote(rulebook: Path, tmp_path: Path) -> None:
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "one.feature").write_text(FEATURE, encoding="utf-8")
    assert "1 of 1 example" in sop(rulebook, tmp_path, "verify")
    site = tmp_path / "build" / "site"
    page = (site / "open-questions.html").read_text(encoding="utf-8")
    escaped = "A. &lt;b&gt;Owner&lt;/b&gt; | =1+1\\n\\x1b[31m"

    assert f"Decided by {escaped} on 2026-12-01:</span>" in page
    assert f"Evidence:</span> &lt;script&gt;{escaped}</p>" in page
    for file in site.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert "<b>Owner" not in text, file
        assert "<script>A." not in text, file
    rows = list(csv.DictReader(io.StringIO((site / "questions.csv").read_text(encoding="utf-8-sig"), newline="")))
    (row,) = [row for row in rows if row["id"] == "GAP-04"]
    assert (row["status"], row["answer"], row["remark"]) == (STATUS, "3", '\'=HYPERLINK("x")')
