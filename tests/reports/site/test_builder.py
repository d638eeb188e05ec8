"""Files of the site: same record, same bytes, and no file half-written."""

import errno
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reports.html.errors import ReportError
from reports.site.builder import write_site
from reports.site.newer_run import STATE
from sop_engine import load_rulebook
from sop_runs.output_folder import MARKER
from tests.support.run_samples import record, write
from tests.support.site_pages import ROOT, pages_of

Line = dict[str, Any]


@pytest.mark.slow
def test_the_same_record_gives_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    run = write(record(rulebook=load_rulebook().to_plain()), tmp_path / "run").parent
    code = "import sys; from pathlib import Path; from reports.site.builder import write_site; write_site(*map(Path, sys.argv[1:]))"
    written = []
    for seed in ("0", "4711"):
        out = tmp_path / seed
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, str(run), str(out)], check=True, cwd=ROOT, env=environment)
        written.append({file.name: file.read_bytes() for file in out.iterdir()})

    assert written[0] == written[1]


def test_nothing_of_this_machine_is_in_the_site(tmp_path: Path) -> None:
    run = write(record(rulebook=load_rulebook().to_plain()), tmp_path / "run").parent
    write_site(run, tmp_path / "site")

    for file in (tmp_path / "site").iterdir():
        assert str(tmp_path).encode() not in file.read_bytes(), file.name
        assert str(ROOT).encode() not in file.read_bytes(), file.name


def test_grids_of_another_rulebook_are_left_out(tmp_path: Path) -> None:
    write_site(write(record(), tmp_path / "run").parent, tmp_path / "site")

    assert not (tmp_path / "site" / "decision-tables.html").exists()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_site_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    run = write(record(), tmp_path / "run").parent
    out = tmp_path / "site"
    write_site(run, out)

    def contents(folder: Path) -> dict[str, bytes]:
        return {
            file.name: file.read_bytes() for file in folder.iterdir() if file.name not in {STATE, MARKER}
        }  # which could not be put back

    old = contents(out)
    write(record(results={}), run)
    real, calls = os.fsync, iter(range(100))

    def fail(stream: int) -> None:
        if next(calls) < 3:
            real(stream)
        else:
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ReportError, match=f"the page cannot be written: {os.strerror(code).lower()}"):
        write_site(run, out)

    assert contents(out) == old


def test_pages_of_the_last_time_go_and_other_peoples_files_stay(tmp_path: Path) -> None:
    out = tmp_path / "site"
    write_site(write(record(), tmp_path / "run").parent, out)
    (out / "sub").mkdir()
    for file in (out / "notes.html", out / ".hidden", out / "features.html", tmp_path / "outside.html"):
        file.write_text("mine")
    marker = json.loads((out / MARKER).read_text())
    digest = hashlib.sha256(b"mine").hexdigest()
    (out / MARKER).write_text(
        json.dumps({**marker, "files": {**marker["files"], "../outside.html": [digest], "sub": [digest], ".hidden": [digest]}})
    )
    write_site(write(record()[:1], tmp_path / "short").parent, out)

    assert not (out / "the-sop.html").exists()
    assert (out / "index.html").exists()
    assert [file.exists() for file in (out / "notes.html", tmp_path / "outside.html", out / "sub", out / ".hidden")] == [True] * 4
    assert (out / "features.html").read_text() == "mine", "changed since it was written"


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    run = write(record(), tmp_path / "run").parent

    assert write_site(run, tmp_path / "a" / "b").is_file()


@pytest.mark.parametrize(
    ("state", "words"),
    [("complete", "8 examples failed"), ("interrupted", "This run was interrupted"), (None, "This run did not finish")],
)
def test_a_failed_verdict_is_in_the_title_and_in_the_band_of_every_page(tmp_path: Path, state: str | None, words: str) -> None:
    for html in pages_of(record(state=state, keep=None if state == "complete" else 3), tmp_path).values():
        assert f"<title>{words}" in html
        assert '<aside class="band bad"' in html
        assert "band good" not in html


def test_a_selection_says_so_on_every_page(tmp_path: Path) -> None:
    results = {("A part of a FULFILLABLE order",): {"status": "not-run"}}
    lines = record(results=results, selection={"paths": ["a"], "keyword": None, "tags": None})

    for html in pages_of(lines, tmp_path).values():
        assert '<aside class="band partial"' in html
        assert "selected by paths a" in html
