"""The notice on pages that a newer run than theirs has begun."""

from contextlib import suppress
from pathlib import Path

import pytest

from reports.site.builder import write_site
from reports.site.newer_run import LATEST, STATE, announce_newer_run, run_announced
from sop_cli.main import main
from sop_engine import SopError
from tests.support.run_samples import record, write

FEATURES = Path(__file__).parents[3] / "features" / "returns"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    write_site(write(record(), tmp_path / "run").parent, tmp_path / "build" / "site")
    return tmp_path / "build" / "site"


def state(site: Path) -> bytes:
    return (site / STATE).read_bytes()


def test_pages_are_written_without_the_notice_and_every_page_has_a_place_for_it(site: Path) -> None:
    assert state(site) == LATEST
    for page in site.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert text.count("<link rel=stylesheet href=state.css>") == text.count("<p class=newer-run role=note>") == 1


def test_the_notice_is_there_before_the_run_and_stays_where_the_run_is_killed(site: Path) -> None:
    with suppress(KeyboardInterrupt), run_announced(site):
        assert b"A newer run began on 20" in state(site)
        raise KeyboardInterrupt
    assert b"has not finished, or was stopped." in state(site)

    write_site(site.parent.parent / "run", site)
    assert state(site) == LATEST


def test_a_run_that_cannot_begin_changes_nothing(site: Path) -> None:
    announce_newer_run(site, "20261129T101112Z-abcdef")
    before = state(site)
    with pytest.raises(SopError), run_announced(site):
        raise SopError("unknown tag")

    assert state(site) == before
    assert b"20261129T101112Z-abcdef" in before


def test_pages_that_are_killed_while_they_are_written_have_the_notice(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At any page; the last file that is replaced is the one that removes the notice."""
    run, pages = site.parent.parent / "run", len(list(site.glob("*.html")))
    rename = Path.replace
    for number in range(1, pages, 5):
        done: list[Path] = []

        def stopped(self: Path, target: Path, done: list[Path] = done, number: int = number) -> Path:
            done += [target] * (target.name != STATE)
            if len(done) > number:
                raise KeyboardInterrupt
            return rename(self, target)

        monkeypatch.setattr(Path, "replace", stopped)
        with suppress(KeyboardInterrupt):
            write_site(run, site)
        monkeypatch.undo()
        assert b"Writing them again began on 20" in state(site)
    write_site(run, site)
    assert state(site) == LATEST


@pytest.mark.parametrize("there", [False, True])
def test_a_folder_that_is_no_site_is_left_alone(there: bool, tmp_path: Path) -> None:  # noqa: FBT001
    if there:
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / STATE).write_text("mine")
    with run_announced(tmp_path / "site"):
        announce_newer_run(tmp_path / "site", "x")

    assert [(file.name, file.read_text()) for file in tmp_path.rglob("*") if file.is_file()] == [(STATE, "mine")] * there


@pytest.mark.usefixtures("in_process")
def test_verify_without_pages_leaves_the_notice_and_docs_removes_it(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.parent.parent)
    assert main(["verify", str(FEATURES), "--no-docs"]) == 0
    run = (site.parent / "runs" / "latest").read_text().strip()
    assert f"There is a newer run, {run}; write its pages with sop docs.".encode() in state(site)
    assert main(["docs"]) == 0
    assert state(site) == LATEST

    assert main(["verify", str(FEATURES)]) == 0
    assert state(site) == LATEST
    assert main(["docs", "--run", f"build/runs/{run}"]) == 0
    assert b"There is a newer run, 20" in state(site)
