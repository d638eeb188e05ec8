"""What the server refuses: requests of other pages and programs, requests that can be read in two ways, and names outside the project."""

import json
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from sop_cli.serving.guard import Refusal
from sop_cli.web.serving.guard import WorkbenchGuard
from tests.support.workbench_server import TOKEN, ServedWorkbench, served_workbench

SECRET = "the secret outside of the project"
GOOD = b'{"path": "features/a.feature", "base": null, "text": "Feature: a"}'
LONGEST_HEAD = 65_536
"""Bytes after which a connection ends although the client still sends, so that it may not see the refusal."""
FILE_EVENTS = frozenset(
    {"open", "os.listdir", "os.scandir", "os.rename", "os.remove", "os.mkdir", "os.link", "os.symlink", "shutil.copyfile"}
)
touched: list[str] = []
"""Paths that this process has opened, listed or changed since the list was emptied."""


def note(event: str, arguments: tuple[object, ...]) -> None:
    if event in FILE_EVENTS:
        touched.extend(os.fsdecode(part) for part in arguments if isinstance(part, str | bytes | os.PathLike))


sys.addaudithook(note)


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder beside the project, which no request may touch."""
    folder = tmp_path_factory.mktemp("guard") / "outside"
    (folder / "folder").mkdir(parents=True)
    for file in ("secret.feature", "secret.txt", "folder/inner.feature", "gaps.toml"):
        (folder / file).write_text(SECRET)
    return folder


@pytest.fixture(scope="module")
def served(outside: Path) -> Iterator[ServedWorkbench]:
    home = outside.parent / "project"
    (home / "features" / "part").mkdir(parents=True)
    (home / "features" / "a.feature").write_text("Feature: a\n")
    (home / "features" / "part" / "b.feature").write_text("Feature: b\n")
    (home / "features" / "notes.txt").write_text(SECRET)
    (home / "pyproject.toml").write_text("")
    (home / "build" / "site").mkdir(parents=True)
    (home / "build" / "site" / "index.html").write_text("<p>document")
    (home / "build" / "site" / "link.html").symlink_to(outside / "secret.txt")
    (home / "features" / "link.feature").symlink_to(outside / "secret.feature")
    (home / "features" / "dangling.feature").symlink_to(outside / "new.feature")
    (home / "features" / "linked").symlink_to(outside / "folder")
    (home / "features" / "folder.feature").mkdir()
    os.mkfifo(home / "features" / "pipe.feature")
    (home / "registers").symlink_to(outside)
    with pytest.MonkeyPatch.context() as patch, served_workbench(home) as running:
        patch.setattr("sop_cli.serving.messages.DISCARD_S", 0.1)
        yield running


def contents(folder: Path) -> dict[str, bytes | str]:
    """Return all that is in a folder, without the drafts and the lock of the workbench."""
    entries = {entry.relative_to(folder).as_posix(): entry for entry in folder.rglob("*")}
    return {
        name: str(entry.readlink()) if entry.is_symlink() else entry.read_bytes() if entry.is_file() else ""
        for name, entry in entries.items()
        if not name.startswith(("project/build/workbench", "project/build/.answers"))
    }


def assert_it_goes_on(served: ServedWorkbench, outside: Path, before: dict[str, bytes | str]) -> None:
    assert [path for path in touched if Path(path).is_relative_to(outside)] == []
    assert contents(outside.parent) == before
    assert served.request("GET", "/api/project").status == 200


HEAD = "GET /api/project HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Sop-Token: {token}\r\n"
"""A good request but for its end."""
PUT = "PUT /api/draft HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Sop-Token: {token}\r\n"
JSON = "Content-Type: application/json\r\n"
LENGTH = f"Content-Length: {len(GOOD)}\r\n"
BODY = "\r\n" + GOOD.decode()


def get(host: str = "127.0.0.1:{port}", *headers: str, path: str = "/api/project", token: str = "X-Sop-Token: {token}\r\n") -> str:
    """Return a request that reads; *token* is the line with the token."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{token}" + "".join(f"{header}\r\n" for header in headers) + "\r\n"


OWN = "127.0.0.1:{port}"
REQUESTS = {
    # the host and port of this start, and no other name that may resolve to this computer
    "host: own address": (200, get()),
    "host: localhost": (200, get("localhost:{port}")),
    "host: IPv6": (200, get("[::1]:{port}")),
    "host: capital letters": (200, get("LocalHost:{port}")),
    "host: another site": (421, get("evil.example")),
    "host: another site, our port": (421, get("evil.example:{port}")),
    "host: name that contains ours": (421, get("127.0.0.1.evil.example:{port}")),
    "host: name that ends with ours": (421, get("evil-localhost:{port}")),
    "host: name of a rebinding service": (421, get("7f000001.c0a80001.rbndr.us:{port}")),
    "host: our name with a dot": (421, get("localhost.:{port}")),
    "host: no port": (421, get("127.0.0.1")),
    "host: another port": (421, get("127.0.0.1:1")),
    "host: two ports": (421, get("127.0.0.1:{port}:80")),
    "host: port with a zero": (421, get("127.0.0.1:0{port}")),
    "host: port with a space": (421, get("127.0.0.1: {port}")),
    "host: another address of this computer": (421, get("127.0.0.2:{port}")),
    "host: short address": (421, get("127.1:{port}")),
    "host: address as a number": (421, get("2130706433:{port}")),
    "host: all addresses": (421, get("0.0.0.0:{port}")),
    "host: IPv6 without brackets": (421, get("::1:{port}")),
    "host: IPv6, mapped": (421, get("[::ffff:127.0.0.1]:{port}")),
    "host: with a user": (421, get("user@127.0.0.1:{port}")),
    "host: list": (421, get("127.0.0.1:{port}, evil.example")),
    "host: empty": (421, get("")),
    "host: bytes that are no letters": (421, get("127.0.0.1:{port}\xff")),
    "host: none, old HTTP": (421, "GET / HTTP/1.0\r\n\r\n"),
    "host: none": (400, "GET / HTTP/1.1\r\n\r\n"),
    "host: two": (400, "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\n\r\n"),
    "host: two, the same": (400, "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: 127.0.0.1:{port}\r\n\r\n"),
    "host: another one forwarded": (200, get(OWN, "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example")),
    "host: ours forwarded": (421, get("evil.example", "X-Forwarded-Host: 127.0.0.1:{port}")),
    # request lines
    "line: absolute form, another site": (421, get("evil.example", path="http://evil.example/api/project")),
    "line: absolute form, another site, our host": (400, get(path="http://evil.example/api/project")),
    "line: absolute form, ours": (400, get(path="http://127.0.0.1:{port}/api/project")),
    "line: two slashes": (404, get(path="//api/project")),
    "line: other letters": (404, get(path="/API/project")),
    "line: escaped slash, no token": (401, get(path="/api%2Fproject", token="")),
    "line: dots": (404, get(path="/static/../api/project", token="")),
    "line: slash at the end": (404, get(path="/api/project/")),
    "line: backslash": (400, get(path="\\api\\project")),
    "line: no path": (400, get(path="api/project")),
    "line: asterisk": (400, get(path="*")),
    "line: space in the path": (400, get(path="/api/project x")),
    "line: null": (400, get(path="/api/project\0")),
    "line: control character": (400, get(path="/api/\x1b[2J")),
    "line: letters beyond ASCII": (400, get(path="/api/\xe9")),
    "line: half an escape": (404, get(path="/api/%zz%")),
    "line: escapes that are no UTF-8": (404, get(path="/api/%ff%fe")),
    "line: old HTTP": (400, "GET /\r\n\r\n"),
    "line: later HTTP": (200, "GET / HTTP/3.0\r\nHost: 127.0.0.1:{port}\r\n\r\n"),
    "line: HTTP 2": (421, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "line: TLS": (400, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
    "line: not HTTP": (400, "hello\r\n\r\n"),
    "line: very long": (400, get(path="/" + "a" * 1_000_000)),
    "header: very long": (400, get(OWN, "X-Long: " + "a" * 1_000_000)),
    "header: very many": (400, get(OWN, *(f"X-{number}: 1" for number in range(100_000)))),
    "header: without a colon": (400, get(OWN, "X-Sop")),
    "header: continued line": (200, get(OWN, "X-Two: 1\r\n 2")),
    "header: space before the colon": (400, get(OWN, "X-Space : 1")),
    "header: null": (400, get(OWN, "X-Null: \0")),
    # pages of other origins and sites
    "origin: ours": (200, get(OWN, "Origin: http://127.0.0.1:{port}")),
    "origin: another site": (403, get(OWN, "Origin: http://evil.example")),
    "origin: no origin": (403, get(OWN, "Origin: null")),
    "origin: empty": (403, get(OWN, "Origin: ")),
    "origin: another port": (403, get(OWN, "Origin: http://127.0.0.1:1")),
    "origin: no port": (403, get(OWN, "Origin: http://127.0.0.1")),
    "origin: secure": (403, get(OWN, "Origin: https://127.0.0.1:{port}")),
    "origin: another name of ours": (403, get(OWN, "Origin: http://localhost:{port}")),
    "origin: ours and more": (403, get(OWN, "Origin: http://127.0.0.1:{port}.evil.example")),
    "origin: two": (403, get(OWN, "Origin: http://127.0.0.1:{port}", "Origin: http://evil.example")),
    "origin: extension": (403, get(OWN, "Origin: chrome-extension://abcdef")),
    "site: ours": (200, get(OWN, "Sec-Fetch-Site: same-origin")),
    "site: typed by the user": (200, get(OWN, "Sec-Fetch-Site: none")),
    "site: another": (403, get(OWN, "Sec-Fetch-Site: cross-site")),
    "site: another port of this computer": (403, get(OWN, "Sec-Fetch-Site: same-site")),
    "site: unknown word": (403, get(OWN, "Sec-Fetch-Site: nonsense")),
    "site: two": (403, get(OWN, "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site")),
    "site: the page of another site in a frame": (403, get(OWN, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Dest: iframe", path="/")),
    # tokens
    "token: none": (401, get(token="")),
    "token: empty": (401, get(token="X-Sop-Token: \r\n")),
    "token: wrong": (401, get(token="X-Sop-Token: wrong\r\n")),
    "token: a part": (401, get(token="X-Sop-Token: test-toke\r\n")),
    "token: and more": (401, get(token="X-Sop-Token: {token}x\r\n")),
    "token: other letters": (401, get(token="X-Sop-Token: TEST-TOKEN\r\n")),
    "token: twice": (401, get(token="X-Sop-Token: {token}\r\nX-Sop-Token: {token}\r\n")),
    "token: right and wrong": (401, get(token="X-Sop-Token: wrong\r\nX-Sop-Token: {token}\r\n")),
    "token: letters beyond ASCII": (401, get(token="X-Sop-Token: \xe9\xff\r\n")),
    "token: in the query": (401, get(path="/api/project?token={token}", token="")),
    "token: in a cookie": (401, get(token="Cookie: sop_workbench_{port}={token}\r\n")),
    "token: none, unknown address": (401, get(path="/api/none", token="")),
    "token: none, page": (200, get(path="/", token="")),
    "token: none, static file": (200, get(path="/static/app.js", token="")),
    "cookie: none": (401, get(path="/site/index.html", token="")),
    "cookie: right": (200, get(path="/site/index.html", token="Cookie: sop_workbench_{port}={token}\r\n")),
    "cookie: among others": (200, get(path="/site/", token="Cookie: a=b; sop_workbench_{port}={token}; c=d\r\n")),
    "cookie: wrong": (401, get(path="/site/index.html", token="Cookie: sop_workbench_{port}=wrong\r\n")),
    "cookie: of another port": (401, get(path="/site/index.html", token="Cookie: sop_workbench_1={token}\r\n")),
    "cookie: header instead": (401, get(path="/site/index.html")),
    "cookie: not a cookie": (401, get(path="/site/index.html", token='Cookie: \x80;;;=;,"\r\n')),
    # methods
    "method: HEAD": (200, get(OWN, "Connection: close").replace("GET", "HEAD", 1)),
    "method: DELETE": (405, get().replace("GET", "DELETE", 1)),
    "method: OPTIONS": (405, get().replace("GET", "OPTIONS", 1)),
    "method: TRACE": (405, get().replace("GET", "TRACE", 1)),
    "method: CONNECT": (405, get().replace("GET", "CONNECT", 1)),
    "method: PATCH": (405, get().replace("GET", "PATCH", 1)),
    "method: unknown": (405, get().replace("GET", "SAVE", 1)),
    "method: small letters": (405, get().replace("GET", "get", 1)),
    "method: another by a header": (200, get(OWN, "X-HTTP-Method-Override: DELETE")),
    "method: read where only POST writes": (405, get(path="/api/save")),
    "method: write where only GET reads": (405, PUT.replace("/api/draft", "/api/project") + JSON + LENGTH + BODY),
    "method: request to change the protocol": (200, get(OWN, "Connection: Upgrade", "Upgrade: websocket")),
    # bodies
    "body: good": (200, PUT + JSON + LENGTH + BODY),
    "body: type with a character set": (200, PUT + "Content-Type: application/json; charset=utf-8\r\n" + LENGTH + BODY),
    "body: no type": (415, PUT + LENGTH + BODY),
    "body: of a form": (415, PUT + "Content-Type: application/x-www-form-urlencoded\r\n" + LENGTH + BODY),
    "body: of a form with files": (415, PUT + "Content-Type: multipart/form-data; boundary=application/json\r\n" + LENGTH + BODY),
    "body: plain text": (415, PUT + "Content-Type: text/plain; application/json\r\n" + LENGTH + BODY),
    "body: type that begins alike": (415, PUT + "Content-Type: application/json5\r\n" + LENGTH + BODY),
    "body: two types": (415, PUT + JSON + "Content-Type: text/plain\r\n" + LENGTH + BODY),
    "body: no length": (411, PUT + JSON + BODY),
    "body: two lengths": (400, PUT + JSON + LENGTH + "Content-Length: 3\r\n" + BODY),
    "body: negative length": (400, PUT + JSON + "Content-Length: -1\r\n" + BODY),
    "body: length with a sign": (400, PUT + JSON + "Content-Length: +66\r\n" + BODY),
    "body: length that is no number": (400, PUT + JSON + "Content-Length: many\r\n" + BODY),
    "body: huge length": (413, PUT + JSON + "Content-Length: 4000001\r\n\r\n"),
    "body: length without a limit": (400, PUT + JSON + f"Content-Length: {'9' * 30}\r\n\r\n"),
    "body: length of many digits": (413, PUT + JSON + f"Content-Length: {'9' * 18}\r\n\r\n"),
    "body: in chunks": (411, PUT + JSON + "Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n0\r\n\r\n"),
    "body: in chunks, with a length": (411, PUT + JSON + LENGTH + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "body: compressed in transfer": (400, PUT + JSON + "Transfer-Encoding: gzip\r\n\r\n"),
    "body: of a request that reads": (400, HEAD + "Content-Length: 3\r\n\r\nabc"),
    "body: of a request that reads, in chunks": (400, HEAD + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "body: empty, of a request that reads": (200, HEAD + "Content-Length: 0\r\n\r\n"),
    "body: huge, no token": (401, PUT.replace("{token}", "wrong") + JSON + "Content-Length: 9000000\r\n\r\n"),
    "body: announced": (200, PUT + JSON + LENGTH + "Expect: 100-continue\r\n" + BODY),
    "body: not JSON": (400, PUT + JSON + "Content-Length: 3\r\n\r\nabc"),
    "body: empty": (400, PUT + JSON + "Content-Length: 0\r\n\r\n"),
}  # fmt: skip


@pytest.mark.parametrize(("status", "request_text"), REQUESTS.values(), ids=REQUESTS)
def test_a_request_is_served_only_if_it_comes_from_the_page(served: ServedWorkbench, outside: Path, status: int, request_text: str) -> None:
    before = contents(outside.parent)
    touched.clear()

    sent = request_text.replace("{port}", str(served.port)).replace("{token}", TOKEN).replace("{{", "{").encode("latin-1")
    answered = served.send(sent)

    assert answered.status == status or (answered.status == 0 and len(sent) > LONGEST_HEAD), answered.body
    assert SECRET.encode() not in answered.body
    if status in {401, 403, 405, 411, 413, 415, 421} and not sent.startswith(b"HEAD") and b"TTP/1.1" in sent:
        assert answered.header("content-type") == "application/problem+json"
        assert set(json.loads(answered.body)) == {"title", "status", "detail"}
        assert b"Traceback" not in answered.body
    assert_it_goes_on(served, outside, before)


NAMES = [
    "", ".", "..", "/", "features", "features/", "features/.", "features/..", "a.feature", "features/notes.txt", "pyproject.toml",
    "features/link.feature", "features/dangling.feature", "features/linked/inner.feature", "features/folder.feature", "features/pipe.feature",
    "features/../../outside/secret.feature", "../outside/secret.feature", "features/part/../../../outside/secret.feature",
    "features/..%2f..%2foutside%2fsecret.feature", "%2e%2e/outside/secret.feature", "features\\..\\..\\outside\\secret.feature",
    "..\\outside\\secret.feature", "features/../pyproject.toml", "features//a.feature", "./features/a.feature", "features/./a.feature",
    "features/a.feature/", "features/a.feature/.", "features/a.feature\0", "features/a.feature\0.txt", "\0", "features/\0",
    "features/a.feature\n", "features/\x1b[2Ja.feature", "features/a.feature ", " features/a.feature", "features/\uff41.feature",
    "Features/a.feature", "features/A.FEATURE", "features/A.feature", "features/new.FEATURE", "features/New.feature",
    "features/.hidden.feature", "features/.git/x.feature", "features/-rf.feature", "features/_x.feature", "features/conftest.py",
    "features/conftest.py/x.feature", "features/x.py", "features/x.feature.py", "features/x.feature/y.feature/z", "features/x", "features/.feature",
    "features/con.feature", "features/nul.feature", "features/com1.feature", "features/aux/x.feature", "features/a b.feature",
    "features/x:y.feature", "features/x*.feature", "features/x\u202e.feature", "features/é.feature", "features/e\u0301.feature",
    "features/" + "a" * 300 + ".feature", "features/" + "a/" * 6 + "x.feature", "features/" + "a/" * 3000 + "x.feature", "a" * 100_000,
    "/etc/passwd", "/dev/zero", "/dev/stdin", "/proc/self/environ", "features/../../../../../../dev/zero", "file:///etc/passwd", "~/x.feature",
    "registers/gaps.toml", "sop_engine/rulebook/clients_v1/gaps.toml", "approved/behaviour.json", "build/site/index.html", "CON", "features/linked/new.feature",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name[:50]))
def test_only_files_of_the_listing_are_read_or_saved(served: ServedWorkbench, outside: Path, name: str) -> None:
    before = contents(outside.parent)
    touched.clear()

    quoted = "".join(f"%{byte:02x}" for byte in name.encode())
    read = served.request("GET", f"/api/file?path={quoted}") if len(quoted) < 60_000 else None
    saves = [
        served.request("POST", "/api/save", body=json.dumps({"changes": [{"path": name, "digest": digest, "text": SECRET}]}).encode())
        for digest in (None, "0" * 64)
    ]

    assert read is None or read.status == 404, read.body
    assert [answered.status for answered in saves] == [404, 404]
    assert all(SECRET.encode() not in answered.body for answered in (*saves, *([] if read is None else [read])))
    assert_it_goes_on(served, outside, before)


@pytest.mark.parametrize(
    "path",
    [
        "../workbench.py", "..%2fworkbench.py", "%2e%2e/workbench.py", "%2e%2e%2f%2e%2e%2fmain.py", "....//workbench.py", "..\\workbench.py",
        "..%5cworkbench.py", "app.js%00", "%00", "", ".", "..", "screens", "screens/", "/etc/passwd", "%2fetc%2fpasswd", "none.js", "App.js", "app.js/",
        "app.js/x", "screens/../app.js/../../workbench.py", "vendor/../../app.py", "~root/x", "a" * 5000, "a/" * 5000, "%ff", "C:%5cboot.ini", "app.js::$DATA",
    ],
)  # fmt: skip
def test_static_files_are_those_of_the_page(served: ServedWorkbench, outside: Path, path: str) -> None:
    before = contents(outside.parent)
    touched.clear()

    answered = served.request("GET", f"/static/{path}")

    assert (answered.status, answered.header("content-type")) in {(404, "application/problem+json"), (400, "text/plain; charset=utf-8")}
    assert_it_goes_on(served, outside, before)


@pytest.mark.parametrize(
    "path", ["link.html", "../../../outside/secret.txt", "%2e%2e/%2e%2e/pyproject.toml", "..%2f..%2ffeatures/a.feature", "none.html", "%00"]
)
def test_pages_of_the_living_document_are_those_in_its_folder(served: ServedWorkbench, outside: Path, path: str) -> None:
    before = contents(outside.parent)
    touched.clear()

    cookie = f"Cookie: sop_workbench_{served.port}={TOKEN}"

    assert served.request("GET", f"/site/{path}", cookie).status == 404
    assert served.request("GET", "/site/", cookie).status == 200
    assert_it_goes_on(served, outside, before)


@pytest.mark.parametrize(
    ("path", "status"), [("/", 200), ("/static/app.js", 200), ("/api/project", 200), ("/none", 404), ("/api/file", 404)]
)
def test_every_response_has_the_headers_that_keep_other_pages_out(served: ServedWorkbench, path: str, status: int) -> None:
    answered = served.request("GET", path)

    assert answered.status == status
    assert answered.header("x-content-type-options") == "nosniff"
    assert answered.header("x-frame-options") == "DENY"
    assert answered.header("cross-origin-resource-policy") == "same-origin"
    assert answered.header("cross-origin-opener-policy") == "same-origin"
    assert answered.header("cache-control") == "no-store"
    assert answered.header("referrer-policy") == "no-referrer"
    assert answered.header("access-control-allow-origin") is None
    assert answered.header("server") is None


def test_the_page_may_load_and_ask_only_from_here(served: ServedWorkbench) -> None:
    policies = [
        served.request("GET", path, f"Cookie: sop_workbench_{served.port}={TOKEN}").header("content-security-policy") or ""
        for path in ("/", "/site/")
    ]

    for policy in policies:
        parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        sources = {source for values in parts.values() for source in values.split() if not source.startswith("'nonce-")}
        assert parts["default-src"] == "'none'"
        assert parts["script-src"] == "'self'"
        assert parts["frame-ancestors"] == "'none'"
        assert sources <= {"'self'", "'none'", "data:", "'unsafe-inline'"}
    assert "'unsafe-inline'" not in policies[0]
    assert "connect-src" not in policies[1]


def test_each_page_has_another_nonce(served: ServedWorkbench) -> None:
    policies = {served.request("GET", "/").header("content-security-policy") for _ in range(3)}

    assert len(policies) == 3


def test_a_body_that_is_too_large_is_refused_although_the_client_sends_it_first(served: ServedWorkbench) -> None:
    answered = served.request("POST", "/api/save", body=b"x" * 4_000_001)

    assert answered.status == 413


def test_at_the_usual_port_of_the_web_the_host_has_no_port() -> None:
    assert {"localhost", "127.0.0.1", "[::1]"} <= WorkbenchGuard(None, 80, "").hosts
    assert "localhost" not in WorkbenchGuard(None, 8080, "").hosts


PARTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    ":8321",
    ":",
    ".",
    "evil.example",
    "@",
    "http://",
    "/",
    " ",
    "\t",
    ",",
    "8321",
    "0",
    "\xa0",
    "%2e",
    "LOCALHOST",
    "null",
]


def test_of_random_hosts_and_origins_only_those_of_the_workbench_are_accepted() -> None:
    guard, chosen = WorkbenchGuard(None, 8321, TOKEN), random.Random(4)  # noqa: S311 - not for secrets
    own = {f"{name}:8321" for name in ("127.0.0.1", "localhost", "[::1]")}
    accepted = 0
    for _ in range(100_000 if os.environ.get("NIGHTLY") else 10_000):
        host, other = ("".join(chosen.choices(PARTS, k=chosen.randint(0, 4))) for _ in range(2))
        origin = chosen.choice([other, f"http://{host}", f"http://{other}"])
        try:
            guard._check_sender(Headers({"host": host, "origin": origin}))
        except Refusal:
            continue
        accepted += 1
        assert (host.lower() in own, origin.lower()) == (True, f"http://{host.lower()}")

    assert accepted
