"""A second version of the document, to change."""

from pathlib import Path

import pytest

from sop_engine.register.new_version import begin_version
from sop_engine.versions import DEFAULT, shipped


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a second version, a copy of the first."""
    monkeypatch.chdir(tmp_path)
    return begin_version("clients_v2", shipped() / DEFAULT, tmp_path)[0]
