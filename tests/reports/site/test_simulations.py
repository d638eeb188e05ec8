"""The index of simulations: the answer of each study, its figures, and a study that is not to be trusted."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from reports.html.page_in_site import BEGINNING, PLACE_OF_SITE
from reports.scenario.report import write_report
from reports.scenario.wording.study_questions import study_title
from reports.site.builder import site_files
from reports.site.context import context_of
from reports.site.pages.simulations import Simulations, simulations_page
from sop_runs.record.reader import read_record
from tests.support.run_samples import record, write
from tests.support.study_samples import study, typed

PAGE = f"{BEGINNING}{PLACE_OF_SITE}<p>the page"
BREACHES = {"SLA breached, %": [(0.0, 0.1), (0.0, 0.1), (2.0, 0.2), (56.0, 3.0)]}


def kept(folder: Path, name: str, content: dict[str, Any] | str, *, page: bool = True) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "study.json").write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    if page:
        (folder / name / "report.html").write_text(PAGE)


@pytest.fixture
def page_data(tmp_path: Path) -> Simulations:
    folder = tmp_path / "studies"
    broken = study("single", {key: values[:1] for key, values in BREACHES.items()})
    broken["checks"] = [
        {"name": "held", "says": "It is so.", "held": 5, "of": 5, "failed": []},
        {"name": "not", "says": "Nothing vanishes.", "held": 3, "of": 5, "failed": []},
    ]
    kept(folder, "alone", broken | {"name": "erp_outage"}, page=False)
    kept(folder, "a swept", study("sweep", BREACHES))
    kept(folder, "torn", "{")
    kept(folder, "odd", {"version": 1})
    kept(folder, "sides", study("paired", {key: values[2:] for key, values in BREACHES.items()}))
    return simulations_page(folder)[0]


def test_what_compares_comes_first_and_what_cannot_be_read_last(page_data: Simulations) -> None:
    assert page_data.count == "5 experiments"
    assert [(group.title, [study.id for study in group.studies]) for group in page_data.groups] == [
        ("Side by side", ["sides"]),
        ("One setting in steps", ["a swept"]),
        ("One setting", ["alone"]),
        ("Not readable", ["odd", "torn"]),
    ]
    assert all(study.problem and not study.headlines for study in page_data.groups[-1].studies)


def test_each_study_has_its_answer_and_its_page(page_data: Simulations) -> None:
    sides, swept, alone, _ = (group.studies[0] for group in page_data.groups)

    assert sides.href == "simulation-sides.html"
    assert swept.href is not None
    assert re.fullmatch("simulation-a-swept-[0-9a-f]{8}.html", swept.href)
    assert alone.href is None
    assert alone.title == "ERP outage"
    assert alone.size == "5 replications of 8 days"
    text = "".join(part.text for part in swept.answer)
    assert text.startswith("From 7 packers to 4 packers")


def test_a_check_that_did_not_hold_is_said(page_data: Simulations, tmp_path: Path) -> None:
    alone = page_data.groups[2].studies[0]
    assert (alone.checks, alone.broken) == (2, ("Nothing vanishes. It passed in 3 of 5.",))

    site = site_files(context_of(read_record(write(record(), tmp_path / "run")), simulations=tmp_path / "studies"))
    html = site["simulations.html"].decode()
    assert "1 of its 2 checks failed" in html
    assert html.index("Side by side") < html.index("One setting in steps") < html.index("Not readable")


@pytest.mark.parametrize(
    ("name", "title"), [("erp_against_rms", "ERP against RMS"), ("sla_squeeze", "SLA squeeze"), ("serpent_week", "Serpent week"), ("", "")]
)
def test_names_are_titles(name: str, title: str) -> None:
    assert study_title(name) == title


def test_without_studies_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    html = site_files(context_of(read_record(write(record(), tmp_path / "run")), simulations=tmp_path / "empty"))[
        "simulations.html"
    ].decode()

    assert "sop simulate --list" in html


def site_with(tmp_path: Path, folder: Path) -> dict[str, bytes]:
    return site_files(context_of(read_record(write(record(), tmp_path / "run")), simulations=folder))


def test_a_report_is_a_file_of_the_site_and_leads_back_to_it(tmp_path: Path) -> None:
    plain = study("paired", {key: values[2:] for key, values in BREACHES.items()})
    kept(tmp_path / "studies", "sides", plain, page=False)
    alone = write_report(typed(plain), (), tmp_path / "studies" / "sides").read_text(encoding="utf-8")
    site = site_with(tmp_path, tmp_path / "studies")
    copied = site["simulation-sides.html"].decode()

    assert re.findall('href="([^#"]+)"', alone) == [], "a report alone has no link to another file"
    assert re.findall('href="([^#"]+)"', copied) == ["index.html", "simulations.html"]
    assert all(name in site for name in re.findall('href="([^#"]+)"', copied))
    assert "href=simulation-sides.html" in site["simulations.html"].decode()
    assert "default-src 'none'; style-src 'sha256-" in copied


def test_no_two_folders_have_one_report(tmp_path: Path) -> None:
    names = ("a_b", "a-b", "a b", "A_B", "ä_b", "_")
    for name in names:
        kept(tmp_path / "studies", name, study("paired", {key: values[2:] for key, values in BREACHES.items()}))
    reports = [name for name in site_with(tmp_path, tmp_path / "studies") if name.startswith("simulation-")]

    assert len(set(reports)) == len(names)
    assert "simulation-a-b.html" in reports
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) for name in reports)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "it is not a regular file"),
        (b"", "it is not a report that this version wrote"),
        (b"\x00\xff" * 99, "it is not a report that this version wrote"),
        (f"{BEGINNING}<p>an old report</p>".encode(), "it is not a report that this version wrote"),
        (f"{PAGE}{PLACE_OF_SITE}".encode(), "it is not a report that this version wrote"),
    ],
)
def test_a_report_that_cannot_be_shown_is_said_beside_its_study(tmp_path: Path, content: bytes | None, reason: str) -> None:
    kept(tmp_path / "studies", "sides", study("paired", {key: values[2:] for key, values in BREACHES.items()}), page=False)
    report = tmp_path / "studies" / "sides" / "report.html"
    if content is None:
        report.mkdir()
    else:
        report.write_bytes(content)
    site = site_with(tmp_path, tmp_path / "studies")
    page = site["simulations.html"].decode()

    assert f"its page is not shown: report.html: {reason}; write it again with" in page
    assert "5 replications of 8 days" in page, "its figures are shown"
    assert not [name for name in site if name.startswith("simulation-")]
