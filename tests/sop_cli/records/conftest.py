"""The fixture of the tests of records: copied registers in the place of the project's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sop_cli.answers.places import Places
from sop_cli.records import clause, gap
from sop_engine.versions import CLAUSES, GAPS
from tests.support.register_copies import ROOT, RegisterCopy


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[RegisterCopy]:
    """Copied registers in the place of the project's own; the working directory is a folder of the test."""
    made = RegisterCopy(tmp_path, capsys)
    for module in (clause, gap):
        monkeypatch.setattr(module, "places", lambda: Places(made.folder, ROOT / "features"))
    monkeypatch.chdir(tmp_path)
    yield made
    assert not [file for file in made.folder.iterdir() if file.name not in (CLAUSES, GAPS)]
