"""Files sent to workers of a workbench, for the tests of their methods."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sop_cli.web import uploads_folder
from tests.support.sent_files import Sent


@pytest.fixture
def sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sent]:
    (tmp_path / "home").mkdir()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.chdir(tmp_path / "home")
    files = Sent(tmp_path / "home")
    monkeypatch.setenv(uploads_folder.UPLOADS_VARIABLE, str(files.uploads.folder))
    yield files
    files.uploads.close()
