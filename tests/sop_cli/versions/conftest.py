"""A folder with a second version of the document."""

from pathlib import Path

import pytest

from sop_engine.register.new_version import begin_version
from sop_engine.versions import CLAUSES, DEFAULT, shipped


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("place")
    version, _ = begin_version("clients_v2", shipped() / DEFAULT, folder / "rulebook")
    file = version / CLAUSES
    text = file.read_text(encoding="utf-8")
    record = text.index('id = "AC-ERP-FULL-1.1.1"')
    file.write_text(text[:record] + text[record:].replace('modality = "may"', 'modality = "must"', 1), encoding="utf-8")
    return folder
