"""How a workbench begins and ends: interrupted, terminated, killed, with its terminal closed; nothing stays behind but what was kept."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import pytest

from sop_cli.web.drafts import Drafts
from tests.support.odd_worker import FOR_SERVER
from tests.support.workbench import ROOT, RunningWorkbench, copy_project, running_workbench

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc")]
LONGEST_WAIT_S = 30.0
FEATURE = "features/ajio_cancellation/full_erp.feature"
MARK = "SOP_TEST_PROCESSES"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project, whose workbench has a mark in its environment that its processes inherit."""
    monkeypatch.setenv(MARK, str(tmp_path))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    return copy_project(tmp_path / "project")


def processes(home: Path) -> list[int]:
    """Return the ids of the processes that a workbench in *home* has started, itself included."""
    mark, pids = f"{MARK}={home.parent}\0".encode(), []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
                if state != "Z" and mark in (entry / "environ").read_bytes():
                    pids.append(int(entry.name))
            except OSError:
                continue
    return pids


def wait_until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + LONGEST_WAIT_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def in_a_run(workbench: RunningWorkbench) -> Iterator[None]:
    """While the whole specification runs in a process of the lane `run`; at the end, the page has gone."""
    mark = workbench.home.with_name(f"mark {time.monotonic()}")
    body = json.dumps({"method": "odd.run_all", "params": {"mark": str(mark)}}).encode()
    with socket.create_connection(("127.0.0.1", workbench.port)) as connection:
        head = f"POST /api/call HTTP/1.1\r\nHost: 127.0.0.1:{workbench.port}\r\nX-Sop-Token: {workbench.token}\r\n"
        connection.sendall(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        wait_until(mark.exists)
        wait_until(lambda: int(mark.read_text()) in parents(workbench.home))
        yield


def parents(home: Path) -> set[int]:
    """Return the parents of the processes of a workbench that have not ended meanwhile."""
    ids = set()
    for pid in processes(home):
        with suppress(FileNotFoundError, ProcessLookupError):
            ids.add(int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]))
    return ids


@pytest.fixture
def odd(home: Path) -> list[Path]:
    """A folder for `running_workbench` that gives it odd workers."""
    (home.parent / "hook").mkdir()
    (home.parent / "hook" / "sitecustomize.py").write_text(FOR_SERVER)
    return [home.parent / "hook"]


@pytest.mark.parametrize("is_busy", [False, True], ids=["idle", "in a run"])
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, -signal.SIGHUP), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_it_ends_with_all_its_processes_and_keeps_drafts(
    home: Path, odd: list[Path], number: signal.Signals, status: int, *, is_busy: bool
) -> None:
    with running_workbench(home, search=odd) as workbench, in_a_run(workbench) if is_busy else nullcontext():
        assert workbench.ask("PUT", "/api/draft", {"path": FEATURE, "base": None, "text": "Feature: kept"})[0] == 200
        assert workbench.call("odd.echo", value=1) == {"result": 1}
        os.kill(workbench.process.pid, number)

        assert workbench.process.wait(LONGEST_WAIT_S) == status
        wait_until(lambda: processes(home) == [])
        assert [*(home.parent / "temporary").iterdir()] == []
    errors = home.with_name("project-errors.txt").read_text()
    draft = Drafts(home / "build" / "workbench" / "drafts").get(FEATURE)
    assert errors.strip() == ("error: interrupted" if status > 0 else "")
    assert draft is not None
    assert draft["text"] == "Feature: kept"


def test_two_interrupts_end_it_too(home: Path, odd: list[Path]) -> None:
    with running_workbench(home, search=odd) as workbench, in_a_run(workbench):
        workbench.process.send_signal(signal.SIGINT)
        time.sleep(0.05)
        workbench.process.send_signal(signal.SIGINT)

        assert workbench.process.wait(LONGEST_WAIT_S) == 130
        wait_until(lambda: processes(home) == [])


def test_a_page_that_keeps_its_connection_does_not_keep_it_from_ending(home: Path) -> None:
    with running_workbench(home) as workbench, socket.create_connection(("127.0.0.1", workbench.port)) as connection:
        connection.sendall(f"GET /api/project HTTP/1.1\r\nHost: 127.0.0.1:{workbench.port}\r\n".encode())
        workbench.process.send_signal(signal.SIGINT)

        assert workbench.process.wait(LONGEST_WAIT_S) == 130


def test_a_cancelled_call_ends_its_run_and_the_next_one_is_answered(home: Path, odd: list[Path]) -> None:
    with running_workbench(home, search=odd) as workbench:
        workbench.call("odd.echo", value=1)
        with in_a_run(workbench):
            worker = workbench.call("odd.sleep", mark=str(home.parent / "worker"), seconds=0)["result"]
            busy = {*processes(home)} - {workbench.process.pid, worker}
        wait_until(lambda: not busy & {*processes(home)})

        assert workbench.call("odd.echo", value=2) == {"result": 2}
        assert worker in processes(home)
    assert [*(home.parent / "temporary").iterdir()] == []


def started(home: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Start a workbench that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "sop_cli", "workbench", "--no-open", *options], cwd=home, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60,
    )  # fmt: skip


def test_a_port_that_is_taken_is_one_error(home: Path) -> None:
    with running_workbench(home) as workbench:
        second = started(home, "--port", str(workbench.port))

    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr == f"error: port {workbench.port} cannot be used: Address already in use; choose another, or leave out --port\n"


def test_without_features_it_is_one_error(tmp_path: Path) -> None:
    done = started(tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: there is no folder `features` here; change to the folder of the specification\n"


def test_features_behind_a_link_are_one_error(tmp_path: Path, home: Path) -> None:
    (tmp_path / "features").symlink_to(home / "features")

    done = started(tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: `features` is a link; change to the folder that has the features themselves\n"


def test_two_workbenches_in_one_folder_save_safely_and_each_page_is_notified(home: Path) -> None:
    with running_workbench(home) as first, running_workbench(home) as second:
        before = first.ask("GET", f"/api/file?path={FEATURE}")[1]
        since = second.ask("GET", "/api/project")[1]["revision"]
        change = {"path": FEATURE, "digest": before["digest"], "text": before["text"] + "# first\n"}
        assert first.ask("POST", "/api/save", {"changes": [change]})[0] == 200

        wait_until(lambda: second.ask("GET", f"/api/changes?since={since}")[1]["changes"])
        (change_on_disk,) = second.ask("GET", f"/api/changes?since={since}")[1]["changes"]
        status, refused = second.ask("POST", "/api/save", {"changes": [{**change, "text": before["text"] + "# second\n"}]})

        assert (change_on_disk["path"], change_on_disk["by"]) == (FEATURE, None)
        assert (status, refused["conflicts"][0]["text"]) == (409, change["text"])
        assert (home / FEATURE).read_text() == change["text"]


RECORD_CONNECTIONS = """
import os, sys
def note(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        with open(os.environ["SOP_TEST_CONNECTIONS"], "a") as file:
            file.write(f"{event} {arguments}\\n")
sys.addaudithook(note)
"""


def test_neither_server_nor_workers_open_a_connection(home: Path, odd: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    (odd[0] / "sitecustomize.py").write_text(RECORD_CONNECTIONS)
    record = home.parent / "connections.txt"
    monkeypatch.setenv("SOP_TEST_CONNECTIONS", str(record))
    record.write_text("")
    with running_workbench(home, search=odd) as workbench:
        workbench.ask("GET", "/api/project")
        workbench.ask("GET", "/static/app.js")
        workbench.call("project.catalogue")
        subprocess.run(
            [sys.executable, "-P", "-c", "import socket; socket.socket().connect_ex(('127.0.0.1', 1))"],
            env={**os.environ, "PYTHONPATH": str(odd[0])}, check=True,
        )  # fmt: skip

    assert [line for line in record.read_text().splitlines() if "('127.0.0.1', 1)" not in line] == []
    assert "('127.0.0.1', 1)" in record.read_text()
