"""Results of the Audit screen: the server loads no library of audits, a cancelled audit leaves nothing, and only results are served."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reports.audit.writing import FILES
from sop_cli.web.audit_results import DOWNLOADS, PAGE_FILE, earlier_results, settle_drafts
from sop_cli.web.uploads_folder import FILES as FOLDER_OF_FILES
from sop_runs.output_folder import output_folder
from tests.support.sent_files import SETTINGS, chosen, files_in, many_orders, send_file
from tests.support.workbench import ROOT, RunningWorkbench, copy_project, running_workbench

LIBRARIES = {"pyarrow", "duckdb", "numpy", "xlsxwriter", "python_calamine"}


@pytest.mark.slow
def test_without_the_extra_the_screen_says_how_to_install_it_and_loads_nothing() -> None:
    code = f"""
import sys
class Missing:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in {LIBRARIES!r}:
            raise ModuleNotFoundError(name=name)
sys.meta_path.insert(0, Missing())
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if name in {LIBRARIES!r} else found(name)
from sop_cli.web.screens.audit import overview
print(overview()["missing"])
"""
    ran = subprocess.run([sys.executable, "-P", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ran.stdout == "the package `duckdb` is not installed; it comes with the extra `audit`: pip install 'sop-spec[audit]'\n"


@pytest.mark.slow
def test_the_server_and_the_list_of_methods_load_no_library_of_audits() -> None:
    code = "import sys, sop_cli.web.serving.server, sop_cli.web.context, sop_cli.web.screens.audit; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-P", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert {name.partition(".")[0] for name in ran.stdout.split()} & LIBRARIES == set()
    assert [name for name in ran.stdout.split() if name.startswith(("orders.intake", "orders.audit", "reports.audit"))] == []


def test_the_server_serves_the_files_that_an_audit_writes() -> None:
    assert {PAGE_FILE, *DOWNLOADS} == FILES.keys()


def test_only_drafts_of_processes_that_ended_are_removed_and_an_old_result_comes_back(tmp_path: Path) -> None:
    ended = subprocess.run(["true"], check=True) and 2**22 - 3
    names = (f".july.{ended}.part", f".june.{ended}.old", f".may.{ended}.old", ".may.1.part", ".note", f".x.{ended}.other")
    for name in (*names, "may"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    (tmp_path / f".link.{ended}.part").symlink_to(tmp_path / "may")

    settle_drafts(tmp_path / "none")
    settle_drafts(tmp_path)

    left = sorted(entry.name for entry in tmp_path.iterdir())
    assert left == sorted([".may.1.part", ".note", f".x.{ended}.other", f".link.{ended}.part", "june", "may"])
    assert (tmp_path / "june" / "file").read_text() == f".june.{ended}.old"
    assert (tmp_path / "may" / "file").read_text() == "may"


def test_only_complete_audits_are_results(tmp_path: Path) -> None:
    for name, kind in (("july", "audit"), ("study", "study"), (".hidden", "audit"), ("a b", "audit")):
        with output_folder(tmp_path / name, kind):
            (tmp_path / name / PAGE_FILE).write_text("page")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / PAGE_FILE).write_text("page")
    (tmp_path / "link").symlink_to(tmp_path / "july")

    assert [folder.name for folder in earlier_results(tmp_path)] == ["july"]


def wait_until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def workbench_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    return copy_project(tmp_path / "project")


@contextmanager
def audit_begun(workbench: RunningWorkbench, params: dict[str, Any], until: str) -> Iterator[None]:
    """Ask for an audit, wait until it is at a step, and at the end close the connection, as a page that cancels does."""
    body = json.dumps({"method": "audit.run", "params": params}).encode()
    head = f"POST /api/call HTTP/1.1\r\nHost: 127.0.0.1:{workbench.port}\r\nX-Sop-Token: {workbench.token}\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", workbench.port)) as connection:
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        received = b""
        while until.encode() not in received:
            part = connection.recv(65536)
            assert part, received
            received += part
        assert b'"result"' not in received
        yield


@pytest.mark.slow
@pytest.mark.parametrize("step", ["reading orders.csv", "deciding", "writing audit.html", "writing worklist.xlsx"])
def test_a_cancelled_audit_leaves_nothing_and_the_earlier_result(workbench_home: Path, tmp_path: Path, step: str) -> None:
    with running_workbench(workbench_home) as workbench:
        small = send_file(workbench, many_orders(tmp_path / "small.csv", 3))
        (sheet,) = workbench.call("audit.columns", file=small, encoding=None)["result"]["sheets"]
        settings = {**SETTINGS, "name": "june"}
        done = workbench.call("audit.run", sources=[chosen(small, sheet)], **settings, replace=False)
        assert done["result"]["due"] == 3
        folder = workbench.home / "build" / "audits"
        before = files_in(folder / "june")
        large = send_file(workbench, many_orders(tmp_path / "orders.csv", 20_000))
        params = {"sources": [chosen(large, sheet)], **settings, "replace": True}
        with audit_begun(workbench, params, step):
            assert workbench.call("audit.overview")["result"]["results"]
            assert workbench.call("project.catalogue")["result"]["sentences"]
        wait_until(lambda: [entry.name for entry in folder.iterdir()] == ["june"])
        wait_until(lambda: not list((tmp_path / "temporary").glob("*/sop-audit-*")))

        assert files_in(folder / "june") == before
        assert workbench.call("audit.run", sources=[chosen(small, sheet)], **settings, replace=True)["result"]["due"] == 3
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.slow
def test_a_read_only_workbench_shows_a_result_and_keeps_nothing(workbench_home: Path, tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in workbench_home.rglob("*") if file.is_file()}
    with running_workbench(workbench_home, "--read-only") as workbench:
        upload = send_file(workbench, many_orders(tmp_path / "orders.csv", 3))
        (sheet,) = workbench.call("audit.columns", file=upload, encoding=None)["result"]["sheets"]
        sources = [chosen(upload, sheet)]
        for method, more in (
            ("audit.run", {**SETTINGS, "replace": False}),
            ("audit.save", {"settings": {}, "digest": None}),
        ):
            status, answer = workbench.ask("POST", "/api/call", {"method": method, "params": {"sources": sources, **more}})
            assert status == 403
            assert "read only" in answer["detail"]
        result = workbench.call("audit.show", sources=sources, **SETTINGS)["result"]
        cookie = {"Cookie": f"sop_workbench_{workbench.port}={workbench.token}"}

        status, page = workbench.ask("GET", f"/site/audits/{result['name']}/audit.html", headers=cookie)
        assert status == 200
        assert "FN0000001" in page
    assert {file: file.read_bytes() for file in workbench_home.rglob("*") if file.is_file()} == before
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.slow
def test_only_files_of_audits_are_served_and_only_with_the_token(workbench_home: Path, tmp_path: Path) -> None:
    with running_workbench(workbench_home) as workbench:
        upload = send_file(workbench, many_orders(tmp_path / "orders.csv", 3))
        (sheet,) = workbench.call("audit.columns", file=upload, encoding=None)["result"]["sheets"]
        workbench.call("audit.run", sources=[chosen(upload, sheet)], **{**SETTINGS, "name": "june"}, replace=False)
        cookie = {"Cookie": f"sop_workbench_{workbench.port}={workbench.token}"}
        (workbench.home / "audit.html").write_text("outside")
        (workbench.home / "build/audits/linked").symlink_to(workbench.home)

        for name in ("audit.html", "findings.csv", "audit.json"):
            assert workbench.ask("GET", f"/site/audits/june/{name}", headers=cookie)[0] == 200
            assert workbench.ask("GET", f"/site/audits/june/{name}")[0] == 401
        for path in (
            "june/.sop-folder.json", "june/audit.toml", "june/", "june", "..%2faudit.html", "../../audit.html", "%2e%2e/audit.html", "linked/audit.html",
            "nothing/audit.html", "june/../june/.sop-folder.json", "june/audit.html%00", f"june/..%2f..%2f..%2f{FOLDER_OF_FILES}",
        ):  # fmt: skip
            assert workbench.ask("GET", f"/site/audits/{path}", headers=cookie)[0] == 404, path
