"""The page of audits: what each audit found, its page copied with the way back, and audits that cannot be shown."""

import json
import re
from pathlib import Path

import pytest

from reports.audit.writing import write_audit
from reports.site.builder import site_files
from reports.site.context import context_of
from reports.site.pages.audits import audits_page
from sop_runs.record.reader import read_record
from tests.support.audit_samples import material
from tests.support.run_samples import record, write


@pytest.fixture(scope="module")
def audits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two audits of one sample, and a folder of someone else."""
    folder = tmp_path_factory.mktemp("audits")
    for name in ("2026-07-15", "the june files"):
        write_audit(folder / name, material())
    (folder / "theirs").mkdir()
    (folder / "theirs" / "audit.html").write_text("<!DOCTYPE html><!-- site -->")
    return folder


def site_with(tmp_path: Path, folder: Path) -> dict[str, bytes]:
    return site_files(context_of(read_record(write(record(), tmp_path / "run")), audits=folder))


def test_an_audit_has_its_figures_and_its_page_leads_back(audits: Path, tmp_path: Path) -> None:
    site = site_with(tmp_path, audits)
    day = json.loads((audits / "2026-07-15" / "audit.json").read_text())
    page = site["audit-2026-07-15.html"].decode()
    views = audits_page(audits)[0].audits

    assert [view.folder for view in views] == ["the june files", "" if day["as_of"] == "2026-07-15" else "2026-07-15"]
    assert dict(views[1].figures)["Credit notes due"] == str(day["figures"]["credit_notes_due"])
    assert re.findall('href="([^#"]+)"', page) == ["index.html", "audits.html"]
    assert all(name in site for name in re.findall('href="([^#"]+)"', page))
    assert "theirs" not in site["audits.html"].decode()
    assert sum(name.startswith("audit-") for name in site) == len(views)


def test_an_audit_alone_has_no_link_to_another_file(audits: Path) -> None:
    assert re.findall('href="([^#"]+)"', (audits / "2026-07-15" / "audit.html").read_text()) == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("audit.html", "<p>an old page", "it is not a page that this version wrote"),
        ("audit.json", "{}", "audit.json does not begin with the day and the figures of an audit"),
        ("audit.json", '{\n"as_of": "soon",\n"figures": {}\n}', "audit.json does not begin with the day and the figures of an audit"),
    ],
)
def test_an_audit_that_cannot_be_shown_is_said(name: str, content: str, reason: str, tmp_path: Path) -> None:
    write_audit(tmp_path / "audits" / "june", material())
    (tmp_path / "audits" / "june" / name).write_text(content)
    site = site_with(tmp_path, tmp_path / "audits")

    assert f"Not shown: {reason}; write it again with “sop audit”" in site["audits.html"].decode()
    assert "audit-june.html" not in site


def test_without_audits_the_page_says_how_to_make_one_and_without_a_folder_there_is_none(tmp_path: Path) -> None:
    assert "sop audit FILE" in site_with(tmp_path, tmp_path / "none")["audits.html"].decode()
    assert "audits.html" not in site_files(context_of(read_record(write(record(), tmp_path / "run"))))
