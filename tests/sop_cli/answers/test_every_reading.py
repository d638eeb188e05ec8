"""Each gap that has cases is answered by each of its readings: the features are brought in line, and the gate lists what was announced."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sop_cli.answers.announcement import changes_by
from sop_cli.answers.trial import trial
from sop_engine import load_rulebook
from sop_engine.register.answers import answer_from
from sop_engine.register.new_version import begin_version
from sop_engine.versions import CLAUSES, DEFAULT, GAPS, VARIABLE, shipped
from sop_runs.change.change_text import example_line, text_line
from sop_runs.change.snapshot_changes import Changes
from steps.definitions.settings import binding_modules

ROOT = Path(__file__).parents[3]
RULEBOOK = ROOT / "sop_engine" / "rulebook" / "clients_v1"
BOOK = load_rulebook()
EVERY_READING = [(gap.id, ruling.number) for gap in BOOK.gaps if gap.decides and gap.cases for ruling in gap.rulings]
SAMPLE = [("GAP-04", 2), ("GAP-04", 3), ("GAP-13", 3), ("GAP-32", 2)]
"""The present reading, another one, one that overrides clauses, and one about returned units."""
COMPARED = {"behaviour", "wording", "examples"}
"""The checks of the gate that compare with what is approved."""
MORE_ROWS = re.compile(r"; and [0-9]+ more rows?$")
"""The end of a line of the gate about an outline."""


def sop(folder: Path, rulebook: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, VARIABLE: str(rulebook), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-m", "sop_cli", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the present features, approved."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "features", folder / "features")
    assert sop(folder, RULEBOOK, "verify").returncode == 0
    assert sop(folder, RULEBOOK, "approve", "--yes").returncode == 0
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(("gap_id", "number"), EVERY_READING if os.environ.get("NIGHTLY") else SAMPLE)
def test_the_gate_lists_exactly_what_was_announced(gap_id: str, number: int, approved: Path, tmp_path: Path) -> None:
    features, book = approved / "features", tmp_path / "clients_v1"
    shutil.rmtree(features)
    shutil.copytree(ROOT / "features", features)
    answer = answer_from(BOOK, gap_id, number, "A. Owner", "2026-12-01")

    tried = trial(RULEBOOK, features, {gap_id: answer}, binding_modules(features, ()))
    announced = changes_by(tried, features)
    for path, (_, content) in tried.features.items():
        (features / path).write_bytes(content)
    book.mkdir()
    shutil.copy(RULEBOOK / CLAUSES, book)
    (book / GAPS).write_bytes(tried.register[1])
    require_announced(checks_of(approved, book), announced)


@pytest.fixture(scope="module")
def approved_twice(approved: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The approved folder with clients_v2, a copy of clients_v1, approved too."""
    folder = tmp_path_factory.mktemp("versions")
    shutil.copytree(approved / "approved", folder / "approved")
    shutil.copytree(ROOT / "features", folder / "features")
    second, _ = begin_version("clients_v2", shipped() / DEFAULT, folder / "rulebook")
    shutil.copytree(second, folder / "first" / second.name)
    assert sop(folder, second, "verify", "--no-docs").returncode == 0
    assert sop(folder, second, "approve", "--yes").returncode == 0
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(("gap_id", "number"), EVERY_READING if os.environ.get("NIGHTLY") else [("GAP-13", 3), ("GAP-32", 2)])
def test_the_gate_of_the_first_version_stays_as_it_was(
    gap_id: str, number: int, approved_twice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer in clients_v2: its gate lists what was announced, that of clients_v1 nothing."""
    monkeypatch.chdir(approved_twice)
    features, book = Path("features"), Path("rulebook", "clients_v2")
    for folder, original in ((features, ROOT / features), (book, Path("first", "clients_v2"))):
        shutil.rmtree(folder)
        shutil.copytree(original, folder)
    answer = answer_from(BOOK, gap_id, number, "A. Owner", "2026-12-01")

    tried = trial(book, features, {gap_id: answer}, binding_modules(features, ()))
    announced = changes_by(tried, features)
    for path, (_, content) in tried.features.items():
        (features / path).write_bytes(content)
    (book / GAPS).write_bytes(tried.register[1])

    first = checks_of(approved_twice, RULEBOOK)
    assert [check["code"] for check in first.values() if not check["holds"]] == []
    assert first["behaviour"]["summary"].startswith("0 of ")
    assert first["wording"]["summary"].startswith("0 of ")
    assert first["examples"]["summary"].endswith(" approved, 0 changed")
    require_announced(checks_of(approved_twice, book.absolute()), announced)


def checks_of(folder: Path, rulebook: Path) -> dict[str, Any]:
    """The checks of the gate, by code."""
    return {check["code"]: check for check in json.loads(sop(folder, rulebook, "gate", "--format", "json").stdout)["checks"]}


def require_announced(checks: dict[str, Any], announced: Changes) -> None:
    """Assert that the gate lists what was *announced*, and nothing else."""
    assert {key for key, check in checks.items() if not check["holds"]} <= COMPARED, checks
    assert len(checks["behaviour"]["problems"]) == len(announced.answers)
    wording = {problem["message"] for problem in checks["wording"]["problems"]}
    assert {text_line(change) for change in announced.texts} <= wording
    assert len(wording) == len(announced.texts) + len(announced.references)
    listed = {MORE_ROWS.sub("", problem["message"]) for problem in checks["examples"]["problems"]}
    assert listed == {example_line(change) for change in announced.examples if change.kind != "new"}
    assert bool(announced.answers) == (not checks["behaviour"]["holds"])
