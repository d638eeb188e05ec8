"""Files that the page sends for an audit: kept outside the project, in order, within limits, and removed when the workbench ends."""

import errno
import json
import os
import signal
import socket
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orders.intake.files.encodings import LARGEST as LARGEST_OF_INTAKE
from sop_cli.web import uploads
from sop_cli.web.uploads import MOST_FILES, UploadError, Uploads, uploaded_file
from sop_cli.web.uploads_folder import UPLOADS_NAME, remove_folder
from tests.support.hostile_text import PAYLOADS
from tests.support.workbench import copy_project, running_workbench
from tests.support.workbench_server import Answer, ServedWorkbench, answer, served_workbench

SHORT_S = 0.3
OCTETS = "Content-Type: application/octet-stream"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, of the test alone."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def served(tmp_path: Path, temporary: Path) -> Iterator[ServedWorkbench]:
    assert list(temporary.iterdir()) == []
    home = tmp_path / "project"
    (home / "features").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch, served_workbench(home) as running:
        patch.setattr("sop_cli.serving.messages.DISCARD_S", 0.1)
        patch.setattr("sop_cli.serving.messages.BODY_S", SHORT_S)
        yield running


def begin(served: ServedWorkbench, name: str, size: Any) -> Answer:
    return served.request("POST", "/api/uploads", body=json.dumps({"name": name, "size": size}).encode())


def piece(served: ServedWorkbench, upload: str, offset: object, content: bytes, *headers: str) -> Answer:
    lines = [f"PUT /api/upload/{upload}?offset={offset} HTTP/1.1", f"Host: 127.0.0.1:{served.port}", "X-Sop-Token: test-token"]
    lines += [*(headers or (OCTETS,)), f"Content-Length: {len(content)}"]
    return served.send("\r\n".join([*lines, "", ""]).encode() + content)


def begun(served: ServedWorkbench, name: str, size: int) -> str:
    answered = begin(served, name, size)
    assert answered.status == 200, answered.body
    return str(json.loads(answered.body)["id"])


def detail(answered: Answer) -> str:
    return str(json.loads(answered.body)["detail"])


def kept(temporary: Path) -> list[Path]:
    return [file for file in temporary.rglob("*") if file.is_file()]


def test_a_file_arrives_in_pieces_outside_the_project_and_only_its_user_may_read_it(served: ServedWorkbench, temporary: Path) -> None:
    upload = begun(served, "orders & more.csv", 11)

    assert json.loads(piece(served, upload, 0, b"a,b\n1").body) == {"received": 5}
    assert json.loads(piece(served, upload, 5, b",\x00\xff2\r\n").body) == {"received": 11}

    (file,) = kept(temporary)
    assert file.name == "orders & more.csv"
    assert file.read_bytes() == b"a,b\n1,\x00\xff2\r\n"
    assert file == uploaded_file(upload, served.workbench.uploads.folder)
    assert not file.is_relative_to(served.home)
    assert stat.S_IMODE(served.workbench.uploads.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("offset", "content"),
    [(1, b"abc"), (4, b"abc"), (0, b""), (0, b"abcdefghijk"), (10**11, b"a"), ("x", b"a"), ("-1", b"a"), ("", b"a"), ("%d9%a3", b"a"), ("9" * 5000, b"a")],
)  # fmt: skip
def test_a_piece_that_is_not_the_next_one_is_refused_and_changes_nothing(
    served: ServedWorkbench, temporary: Path, offset: object, content: bytes
) -> None:
    upload = begun(served, "a.csv", 10)
    piece(served, upload, 0, b"abc")

    answered = piece(served, upload, offset, content)

    assert answered.status == 400
    assert "choose it again" in detail(answered) or "reload the page" in detail(answered)
    assert kept(temporary)[0].read_bytes() == b"abc"
    assert piece(served, upload, 3, b"defghij").status == 200


HOSTILE_NAMES = [
    "", ".", "..", "../a.csv", "../../etc/passwd", "/etc/passwd", "a/b.csv", "..\\a.csv", "C:\\a.csv", "a.csv:stream", "a\0b.csv", "\0", "a\nb.csv",
    "\x1b[2J.csv", "\x7f.csv", "\u0085.csv", "\u2028.csv", "a\u202evsc.exe", "\u2066a.csv", " a.csv", "a.csv ", "a" * 201, "\u0939" * 67 + ".csv", "a" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=lambda name: ascii(name[:30]))
def test_what_is_no_name_of_a_file_is_refused_and_nothing_is_written(served: ServedWorkbench, temporary: Path, name: str) -> None:
    answered = begin(served, name, 1)

    assert answered.status == 400
    assert "rename" in detail(answered)
    assert len(answered.body) < 1000
    assert list(temporary.iterdir()) == []


def test_names_with_markup_are_kept_as_text_or_refused_and_lead_nowhere_else(
    served: ServedWorkbench, tmp_path: Path, temporary: Path
) -> None:
    """200 payloads, as names."""
    names = PAYLOADS[:: len(PAYLOADS) // 200][:200]
    accepted = 0
    for name in names:
        answered = begin(served, name, 1)
        assert answered.status in {200, 400}, answered.body
        if answered.status == 200:
            upload = json.loads(answered.body)["id"]
            accepted += 1
            assert [file.name for file in kept(temporary)] == [name]
            assert served.request("POST", "/api/uploads/discard", body=json.dumps({"files": [upload]}).encode()).status == 200
        assert kept(temporary) == []

    assert len(names) == 200
    assert accepted > 10
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["project", "temporary"]


@pytest.mark.parametrize(
    ("size", "message"),
    [(0, "empty"), (-1, "empty"), ((2 << 30) + 1, "2 GiB"), (2**80, "2 GiB"), (1.5, "reload the page"), ("1", "reload the page")],
)
def test_a_size_outside_the_limits_is_refused(served: ServedWorkbench, temporary: Path, size: Any, message: str) -> None:
    answered = begin(served, "a.csv", size)

    assert answered.status == 400
    assert message in detail(answered)
    assert list(temporary.iterdir()) == []


def test_the_largest_file_is_the_largest_that_can_be_read() -> None:
    assert uploads.LARGEST == LARGEST_OF_INTAKE


def test_there_is_a_limit_to_all_files_together(temporary: Path) -> None:
    files = Uploads()
    ids = [files.begin(f"{number}.csv", 1) for number in range(MOST_FILES)]
    with pytest.raises(UploadError, match="50 files"):
        files.begin("more.csv", 1)
    for upload in ids:
        files.discard(upload)
    assert kept(temporary) == []

    for number in range(2):
        files.begin(f"{number}.csv", 2 << 30)
    with pytest.raises(UploadError, match="4 GiB"):
        files.begin("more.csv", 1)


def test_a_file_that_was_removed_takes_no_piece(served: ServedWorkbench, temporary: Path) -> None:
    upload = begun(served, "a.csv", 3)
    served.request("POST", "/api/uploads/discard", body=json.dumps({"files": [upload, upload, "0" * 16, "../..", ""]}).encode())

    for name in (upload, "0" * 16, "%2e%2e", "x" * 3000):
        assert piece(served, name, 0, b"abc").status == 400
    assert kept(temporary) == []
    assert served.workbench.uploads.folder.exists()


@pytest.mark.parametrize("upload", ["", "..", "../files", "0" * 16, "A" * 16, "*" * 16, "0" * 15 + "/", "\0" * 16])
def test_a_worker_finds_only_files_that_were_sent(temporary: Path, upload: str) -> None:
    files = Uploads()
    files.begin("a.csv", 1)
    assert files.folder.parent == temporary

    with pytest.raises(UploadError, match="choose it again"):
        uploaded_file(upload, files.folder)


def test_a_full_disk_is_one_line_and_what_arrived_before_is_kept(
    served: ServedWorkbench, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begun(served, "a.csv", 6)
    piece(served, upload, 0, b"abc")
    opened = Path.open

    def full(path: Path, *arguments: Any, **named: Any) -> Any:
        if path.name == "a.csv":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return opened(path, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        answered = piece(served, upload, 3, b"def")

    assert answered.status == 500
    assert "No space left on device; check the disk" in detail(answered)
    assert kept(temporary)[0].read_bytes() == b"abc"
    assert piece(served, upload, 3, b"def").status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (("Content-Type: application/json",), 415),
        (("Content-Type: multipart/form-data; boundary=x",), 415),
        (("Content-Type: text/plain",), 415),
        ((OCTETS, "Content-Type: text/plain"), 415),
        (("X-None: 1",), 415),
        ((OCTETS, "Origin: http://evil.example"), 403),
        ((OCTETS, "Origin: null"), 403),
        ((OCTETS, "Sec-Fetch-Site: cross-site"), 403),
        ((OCTETS, "Transfer-Encoding: chunked"), 411),
        ((OCTETS, "X-Sop-Token: test-token"), 401),
        ((f"{OCTETS}; charset=binary",), 200),
    ],
)
def test_a_piece_has_the_checks_of_all_requests(served: ServedWorkbench, temporary: Path, headers: tuple[str, ...], status: int) -> None:
    upload = begun(served, "a.csv", 3)

    assert piece(served, upload, 0, b"abc", *headers).status == status
    assert (kept(temporary)[0].read_bytes() == b"abc") == (status == 200)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (("X-Sop-Token: test-token\r\n", ""), 401),
        (("test-token", "wrong"), 401),
        (("Host: 127.0.0.1", "Host: evil.example"), 421),
        (("PUT /api/upload/", "POST /api/upload/"), 405),
        (("PUT /api/upload/", "PUT /api/uploads/"), 415),
        (("PUT /api/upload/", "PUT /api//upload/"), 415),
        (("Content-Length: 3", "Content-Length: 4000001"), 413),
        (("Content-Length: 3\r\n", ""), 411),
    ],
)
def test_a_piece_of_another_sender_is_refused(served: ServedWorkbench, temporary: Path, change: tuple[str, str], status: int) -> None:
    upload = begun(served, "a.csv", 3)
    head = f"PUT /api/upload/{upload}?offset=0 HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nX-Sop-Token: test-token\r\n{OCTETS}\r\nContent-Length: 3\r\n\r\n"
    assert change[0] in head

    assert served.send(head.replace(*change).encode() + b"abc").status == status
    assert kept(temporary)[0].read_bytes() == b""


def test_bytes_are_taken_for_pieces_only(served: ServedWorkbench) -> None:
    for method, path in (("POST", "/api/uploads"), ("POST", "/api/call"), ("PUT", "/api/draft"), ("POST", "/api/save")):
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nX-Sop-Token: test-token\r\n{OCTETS}\r\nContent-Length: 2\r\n\r\n{{}}"
        assert served.send(head.encode()).status == 415


def test_a_piece_that_does_not_arrive_in_time_is_not_written_and_others_are_served(served: ServedWorkbench, temporary: Path) -> None:
    upload = begun(served, "a.csv", 100)
    head = f"PUT /api/upload/{upload}?offset=0 HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nX-Sop-Token: test-token\r\n{OCTETS}\r\nContent-Length: 100\r\n\r\n"
    with served.connected() as slow:
        slow.sendall(head.encode() + b"abc")
        assert served.request("GET", "/api/project").status == 200
        assert answer(slow).status in {0, 408}
    assert kept(temporary)[0].read_bytes() == b""


def test_all_files_are_removed_at_the_end(tmp_path: Path, temporary: Path) -> None:
    (tmp_path / "project" / "features").mkdir(parents=True)
    with served_workbench(tmp_path / "project", read_only=True) as served:
        upload = begun(served, "a.csv", 3)
        assert piece(served, upload, 0, b"abc").status == 200
        assert kept(temporary)
        files = served.workbench.uploads

    assert list(temporary.iterdir()) == []
    with pytest.raises(UploadError, match="the workbench ends"):
        files.begin("b.csv", 1)


def test_only_the_temporary_folder_is_removed(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / f"{UPLOADS_NAME}link").symlink_to(tmp_path / "other")
    for folder in (tmp_path / "other", tmp_path / f"{UPLOADS_NAME}link", None):
        remove_folder(folder)

    assert (tmp_path / "other").is_dir()


def wait_until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize("end", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_nothing_stays_however_the_workbench_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    with running_workbench(copy_project(tmp_path / "project")) as workbench:
        workbench.call("project.catalogue")
        upload = workbench.ask("POST", "/api/uploads", {"name": "a.csv", "size": 3})[1]["id"]
        with socket.create_connection(("127.0.0.1", workbench.port)) as connection:
            head = f"PUT /api/upload/{upload}?offset=0 HTTP/1.1\r\nHost: 127.0.0.1:{workbench.port}\r\nX-Sop-Token: {workbench.token}\r\n"
            connection.sendall(f"{head}{OCTETS}\r\nContent-Length: 3\r\n\r\nabc".encode())
            assert answer(connection).status == 200
        assert list((tmp_path / "temporary").glob(f"{UPLOADS_NAME}*/files/{upload}/a.csv"))

        workbench.process.send_signal(getattr(signal, end))
        workbench.process.wait(20)

    wait_until(lambda: not list((tmp_path / "temporary").glob("sop-workbench-*")))
