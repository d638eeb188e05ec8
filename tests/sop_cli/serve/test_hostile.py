"""What the server refuses: other sites, other hosts, wrong types and sizes, bodies that are no good JSON, and slow clients."""

import json
import random
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from sop_cli.serve.app import MOST_BYTES, QUICK_BYTES, ContractGuard, application
from sop_engine import Stage
from steps.contract.problems import KINDS, ProblemType
from tests.support.contract_server import ServedContract, served_contract

GOOD = b'{"quality_check": "fail"}'
TYPE = "Content-Type: application/json\r\n"
SHORT_S = 0.2


@pytest.fixture(scope="module")
def served() -> Iterator[ServedContract]:
    with pytest.MonkeyPatch.context() as patch, served_contract() as running:
        patch.setattr("sop_cli.serving.messages.DISCARD_S", 0.1)
        yield running


def get(path: str = "/v1", host: str = "127.0.0.1:{port}", *headers: str, method: str = "GET") -> str:
    return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n" + "".join(f"{header}\r\n" for header in headers) + "\r\n"


def post(*headers: str, path: str = "/v1/returns", length: object = len(GOOD), host: str = "127.0.0.1:{port}", type_: str = TYPE) -> str:
    lines = "".join(f"{header}\r\n" for header in headers) + (f"Content-Length: {length}\r\n" if length is not None else "")
    return f"POST {path} HTTP/1.1\r\nHost: {host}\r\n{type_}{lines}\r\n" + GOOD.decode()


def at(served: ServedContract, text: str) -> bytes:
    """The request *text* with the port of the server."""
    return text.replace("{port}", str(served.port)).encode()


REQUESTS = {
    "good": (200, None, post()),
    "good, localhost": (200, None, post(host="localhost:{port}")),
    "good, type with a character set": (200, None, post(type_="Content-Type: application/json; charset=utf-8\r\n")),
    "good, HEAD": (200, None, get("/v1", "127.0.0.1:{port}", "Connection: close", method="HEAD")),
    "host: another site": (421, "wrong-host", get(host="evil.example")),
    "host: a name of ours without the port": (421, "wrong-host", get(host="localhost")),
    "host: all addresses": (421, "wrong-host", get(host="0.0.0.0:{port}")),
    "host: another site, with a body": (421, "wrong-host", post(host="evil.example:{port}")),
    "host: name of a rebinding service": (421, "wrong-host", post(host="7f000001.c0a80001.rbndr.us:{port}")),
    "origin: ours": (200, None, post("Origin: http://127.0.0.1:{port}")),
    "origin: another site": (403, "wrong-origin", post("Origin: http://evil.example")),
    "origin: none": (403, "wrong-origin", post("Origin: null")),
    "origin: another port of this computer": (403, "wrong-origin", post("Sec-Fetch-Site: same-site")),
    "origin: another site, reading": (403, "wrong-origin", get("/v1/table", "127.0.0.1:{port}", "Sec-Fetch-Site: cross-site")),
    "method: unknown": (405, "wrong-method", get(method="BREW")),
    "method: of another path": (405, "wrong-method", get("/v1/returns")),
    "method: GET only": (405, "wrong-method", post(path="/v1/table")),
    "method: preflight of another site": (403, "wrong-origin", get("/v1/returns", "127.0.0.1:{port}", "Origin: http://evil.example", method="OPTIONS")),
    "path: none such": (404, "not-found", get("/v2")),
    "path: none such, unknown method": (404, "not-found", get("/v2", method="DELETE")),
    "path: slash at the end": (404, "not-found", post(path="/v1/returns/")),
    "path: two slashes": (404, "not-found", post(path="//v1/returns")),
    "path: dots": (404, "not-found", get("/v1/../v1")),
    "path: not one": (400, "invalid", get("v1")),
    "type: none": (415, "not-json", post(type_="")),
    "type: of a form": (415, "not-json", post(type_="Content-Type: text/plain\r\n")),
    "type: two": (415, "not-json", post(type_=TYPE + "Content-Type: text/plain\r\n")),
    "length: none": (411, "no-length", post(length=None)),
    "length: chunks": (411, "no-length", post("Transfer-Encoding: chunked", length=None)),
    "length: far too large": (413, "too-large", post(length=10**11)),
    "length: sixteen digits": (413, "too-large", post(length=10**15)),
    "length: twenty digits": (413, "too-large", post(length="9" * 20)),
    "length: one too large": (413, "too-large", post(length=MOST_BYTES + 1)),
    "length: more digits than HTTP has": (400, "invalid", post(length="9" * 21)),
    "length: negative": (400, "invalid", post(length=-1)),
    "length: not a number": (400, "invalid", post(length="many")),
    "length: two": (400, "invalid", post("Content-Length: 3")),
    "head: no host": (400, "invalid", "GET /v1 HTTP/1.1\r\n\r\n"),
    "head: two hosts": (400, "invalid", get("/v1", "127.0.0.1:{port}", "Host: 127.0.0.1:{port}")),
    "head: too long": (400, "invalid", "GET /v1 HTTP/1.1\r\nX: " + "x" * 300_000),
    "head: a line without a colon": (400, "invalid", get("/v1", "127.0.0.1:{port}", "nothing")),
    "head: not HTTP": (400, "invalid", "\x16\x03\x01\r\n\r\n"),
    "head: another version": (421, "wrong-host", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "chunks: wrong, of a GET request": (400, "invalid", get("/v1", "127.0.0.1:{port}", "Transfer-Encoding: chunked") + "many\r\n"),
    "body of a GET request": (400, "invalid", get("/v1", "127.0.0.1:{port}", "Content-Length: 2")),
    "parameter: unknown": (400, "invalid", get("/v1/table?a=b")),
    "parameter: twice": (400, "invalid", get("/v1/table?reading=as-written&reading=as-practised")),
    "parameter: wrong word": (400, "invalid", get("/v1/table?reading=as-written%00")),
    "parameter: empty": (400, "invalid", get("/v1/table?reading=")),
    "parameter: where there are none": (400, "invalid", get("/v1/questions?reading=as-written")),
    "parameter: of a request with a body": (400, "invalid", post(path="/v1/returns?reading=as-written")),
}  # fmt: skip


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_served_or_refused_as_a_problem(served: ServedContract, name: str) -> None:
    status, kind, text = REQUESTS[name]
    answer = served.raw(at(served, text))

    assert answer.status == status
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("access-control-allow-origin") is None
    if kind is not None:
        problem, problem_type = json.loads(answer.body), ProblemType(f"/v1/problems/{kind}")
        assert answer.header("content-type") == "application/problem+json"
        assert (problem["type"], problem["status"], problem["title"]) == (problem_type, status, KINDS[problem_type].title)
        assert len(problem["detail"]) < 400
    if status == 405:
        assert answer.header("allow") in ("GET, HEAD", "HEAD, GET", "POST")
    assert served.get("/v1")[0] == 200


BODIES: dict[str, tuple[str, str | None, bytes]] = {
    "empty": ("malformed", None, b""),
    "not JSON": ("malformed", None, b"quality_check=fail"),
    "half": ("malformed", None, GOOD[:-3]),
    "two": ("malformed", None, GOOD + GOOD),
    "NaN": ("malformed", None, b'{"quality_check": NaN}'),
    "infinity": ("malformed", None, b'{"quality_check": -Infinity}'),
    "comment": ("malformed", None, b'{"quality_check": "fail" /* */}'),
    "comma at the end": ("malformed", None, b'{"quality_check": "fail",}'),
    "byte order mark": ("malformed", None, b"\xef\xbb\xbf" + GOOD),
    "not UTF-8": ("malformed", None, b'{"quality_check": "\xff"}'),
    "half a surrogate": ("malformed", None, b'{"quality_check": "\\ud800"}'),
    "UTF-16": ("malformed", None, GOOD.decode().encode("utf-16")),
    "control character": ("malformed", None, b'{"quality_check": "fail\n"}'),
    "key twice": ("malformed", None, b'{"quality_check": "fail", "quality_check": "pass"}'),
    "key twice, escaped": ("malformed", None, b'{"quality_check": "fail", "quality\\u005fcheck": "pass"}'),
    "array": ("invalid", "", b"[]"),
    "text": ("invalid", "", b'"fail"'),
    "null": ("invalid", "", b"null"),
    "no key": ("invalid", "/quality_check", b"{}"),
    "key unknown": ("invalid", "/quality", b'{"quality_check": "fail", "quality": 1}'),
    "key with signs": ("invalid", "/a~1b~0c", b'{"quality_check": "fail", "a/b~c": 1}'),
    "key in capitals": ("invalid", "/Quality_check", b'{"Quality_check": "fail"}'),
    "word unknown": ("invalid", "/quality_check", b'{"quality_check": "failed"}'),
    "word in capitals": ("invalid", "/quality_check", b'{"quality_check": "FAIL"}'),
    "number": ("invalid", "/quality_check", b'{"quality_check": 1}'),
    "reading null": ("invalid", "/reading", b'{"quality_check": "fail", "reading": null}'),
    "deep": ("malformed", None, b'{"quality_check": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "deep, unknown key": ("invalid", "/a", b'{"quality_check": "fail", "a": ' + b"[" * 500 + b"]" * 500 + b"}"),
    "very long key": ("invalid", "/" + "k" * 5_000, b'{"' + b"k" * 5_000 + b'": 1}'),
    "very large number": ("invalid", "/quality_check", b'{"quality_check": ' + b"9" * 5_000 + b"}"),
}


def test_the_reason_of_a_bad_head_is_said_in_words(served: ServedContract) -> None:
    def detail(text: str) -> str:
        return str(json.loads(served.raw(at(served, text)).body)["detail"])

    assert detail(REQUESTS["head: no host"][2]) == "the request is not good HTTP/1.1: Missing mandatory Host: header; correct it"
    assert detail(REQUESTS["head: too long"][2]) == "the request is not good HTTP/1.1: its head is longer than 16,384 bytes; correct it"
    assert len(detail(get("/v1", "127.0.0.1:{port}", "nothing" * 1_000))) < 300


def test_a_wrong_chunk_after_a_refusal_has_begun_ends_the_connection_silently(
    served: ServedContract, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(at(served, get("/v1", "127.0.0.1:{port}", "Transfer-Encoding: chunked")))
        assert connection.recv(65_536).startswith(b"HTTP/1.1 400")
        with suppress(ConnectionResetError, BrokenPipeError):
            connection.sendall(b"many\r\n")
            while connection.recv(65_536):
                pass

    assert served.get("/v1")[0] == 200
    assert caplog.records == []


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_refused_with_the_place_of_what_is_wrong(served: ServedContract, name: str) -> None:
    kind, place, body = BODIES[name]
    status, problem = served.post("/v1/returns", body)

    assert status == 400
    if name not in ("deep", "very large number"):
        assert problem["type"] == f"/v1/problems/{kind}"
        assert problem.get("place") == place
    assert len(problem["detail"]) < 500
    assert "\n" not in problem["detail"]


TWO_DAYS = [{"key": "run.days", "value": "2"}]
ORDER: dict[str, Any] = {"order_id": "A1", "invoicing": "ERP", "units": 1, "events": []}


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("/v1/decisions", {"requests": []}, "/requests"),
        ("/v1/decisions", {"requests": [{"possible": {}}] * 1_001}, "/requests"),
        ("/v1/decisions", {"requests": [{"possible": {"stage": ["PACKED", "PACKD"]}}]}, "/requests/0/possible/stage/1"),
        ("/v1/decisions", {"requests": [{"possible": {}}, {"possible": {"stage": []}}]}, "/requests/1/possible/stage"),
        ("/v1/decisions", {"requests": [{"possible": {"stage": "PACKED"}}]}, "/requests/0/possible/stage"),
        ("/v1/decisions", {"requests": [{"possible": {}}], "why": "yes"}, "/why"),
        ("/v1/orders", {**ORDER, "units": 0}, "/units"),
        ("/v1/orders", {**ORDER, "units": 2501}, "/units"),
        ("/v1/orders", {**ORDER, "units": 1.5}, "/units"),
        ("/v1/orders", {**ORDER, "units": True}, "/units"),
        ("/v1/orders", {**ORDER, "order_id": ""}, "/order_id"),
        ("/v1/orders", {**ORDER, "order_id": "x" * 101}, "/order_id"),
        ("/v1/orders", {**ORDER, "created_at": "2026-04-01T10:00:00"}, "/created_at"),
        ("/v1/orders", {**ORDER, "created_at": "2026-04-31T10:00:00Z"}, "/created_at"),
        ("/v1/orders", {**ORDER, "events": [{"event": "allocated"}] * 1_001}, "/events"),
        ("/v1/orders", {**ORDER, "events": [{"event": "allocated"}, {"event": "stolen"}]}, "/events/1/event"),
        ("/v1/orders", {**ORDER, "events": [{"event": "allocated", "task": "credit-note"}]}, "/events/0/task"),
        ("/v1/orders", {**ORDER, "events": [{"event": "duty done"}]}, "/events/0/task"),
        ("/v1/orders", {**ORDER, "events": [{"event": "duty done", "task": "x" * 101}]}, "/events/0/task"),
        ("/v1/orders", {**ORDER, "events": [{"event": "cancellation", "canceller": "customer", "scope": "full"}]}, "/events/0/canceller"),
        ("/v1/reports/rsi", {"orders": [ORDER] * 10_001}, "/orders"),
        ("/v1/reports/cancelled-after-posting", {"orders": [], "from": "2026-04-01"}, "/to"),
        ("/v1/reports/cancelled-after-posting", {"orders": [], "from": "2026-04-01", "to": "01.05.2026"}, "/to"),
        ("/v1/reports/credit-note-ages", {"orders": [{**ORDER, "units": "1"}], "on": "2026-04-01"}, "/orders/0/units"),
        ("/v1/reports/credit-note-ages", {"orders": [], "on": "2026-04-01", "annual_returns": [{"year_to_march": 0, "furnished_on": "2026-04-01"}]}, "/annual_returns/0/year_to_march"),
        ("/v1/simulations", {"experiment": "sale_days", "settings": [{"key": "", "value": "1"}]}, "/settings/0/key"),
    ],
)  # fmt: skip
def test_the_place_is_a_pointer_into_the_body(served: ServedContract, path: str, body: dict[str, Any], place: str) -> None:
    status, problem = served.post(path, body)

    assert (status, problem["type"], problem["place"]) == (400, "/v1/problems/invalid", place)


@pytest.mark.parametrize(
    ("experiment", "settings", "place"),
    [
        ("sale_days", [*TWO_DAYS, {"key": "run.seed", "value": "1"}, *TWO_DAYS], "/settings/2/key"),
        ("sale_days", [*TWO_DAYS, {"key": " run.days ", "value": "3"}], "/settings/1/key"),
        ("no_such", [*TWO_DAYS, {"key": "run.days=3", "value": ""}], "/settings/1/key"),
    ],
)
def test_a_setting_that_is_there_twice_is_not_possible(
    served: ServedContract, experiment: str, settings: list[dict[str, str]], place: str
) -> None:
    """Such a body has the form of the contract."""
    status, problem = served.post("/v1/simulations", {"experiment": experiment, "settings": settings})

    assert (status, problem["type"], problem["place"]) == (422, "/v1/problems/impossible", place)


def test_a_whole_number_may_be_written_with_a_point(served: ServedContract) -> None:
    """JSON Schema counts 3.0 among the integers, and some languages write it so."""
    body = json.dumps({**ORDER, "units": 3, "created_at": "2026-04-01T10:00:00+05:30"}).encode()

    assert served.post("/v1/orders", body.replace(b": 3,", b": 3.0,")) == served.post("/v1/orders", body)
    assert served.post("/v1/orders", body.replace(b": 3,", b": 3.0e0,")) == served.post("/v1/orders", body)
    assert served.post("/v1/orders", body.replace(b": 3,", b": 3.5,"))[0] == 400
    assert served.post("/v1/orders", body.replace(b": 3,", b': 3.0, "units": 3,'))[1]["type"] == "/v1/problems/malformed"
    for number in (b"1e999", b"-1e999"):
        status, problem = served.post("/v1/orders", body.replace(b": 3,", b": %s," % number))
        assert (status, problem["type"]) in ((400, "/v1/problems/invalid"), (400, "/v1/problems/malformed"))


def test_random_damage_is_never_an_internal_error(served: ServedContract) -> None:
    """Good bodies with a few bytes changed, moved or cut: an answer, or a problem that says what is wrong with the request."""
    chosen = random.Random(20)  # noqa: S311 - not for secrets
    good = json.dumps(
        {"orders": [{**ORDER, "units": 2, "events": [{"event": "allocated", "at": "2026-04-01T10:00:00+05:30"}, {"event": "cancellation", "canceller": "seller", "scope": "partial", "units": 1}]}], "on": "2026-05-01"}
    ).encode()  # fmt: skip
    statuses = set()
    for _ in range(1_500):
        data = bytearray(good)
        for _ in range(chosen.randint(1, 3)):
            place = chosen.randrange(len(data))
            match chosen.randrange(4):
                case 0:
                    data[place] = chosen.randrange(256)
                case 1:
                    del data[place : place + chosen.randint(1, 10)]
                case 2:
                    data[place:place] = data[: chosen.randint(1, 20)]
                case _:
                    data[place:place] = chosen.choice([b"[", b"{", b'"', b"\\u0000", b"1e9", b"-", b"null", b"\xc3"])
            data = data or bytearray(b" ")
        status, _ = served.post("/v1/reports/credit-note-ages", bytes(data))
        statuses.add(status)

    assert {200, 400} <= statuses <= {200, 400, 422}


def test_a_slow_body_ends_the_request(monkeypatch: pytest.MonkeyPatch, served: ServedContract) -> None:
    monkeypatch.setattr("sop_cli.serving.messages.BODY_S", SHORT_S)
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(at(served, post(length=100)))
        received = connection.recv(65_536)
        while part := connection.recv(65_536):
            received += part

    assert b"408" in received.splitlines()[0]
    assert b"/v1/problems/too-slow" in received
    assert served.get("/v1")[0] == 200


def test_a_slow_head_ends_the_connection(monkeypatch: pytest.MonkeyPatch, served: ServedContract) -> None:
    monkeypatch.setattr("sop_cli.serving.connections.HEADER_S", SHORT_S)
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(b"GET /v1 HTTP/1.1\r\nHost:")
        assert connection.recv(65_536) == b""

    assert served.get("/v1")[0] == 200


def test_too_many_connections_end_the_oldest_idle_one_and_are_served(served: ServedContract) -> None:
    connections = [socket.create_connection(("127.0.0.1", served.port), timeout=10) for _ in range(230)]
    try:
        connections[-1].sendall(at(served, get()))
        assert connections[-1].recv(65_536).startswith(b"HTTP/1.1 200")
    finally:
        for connection in connections:
            connection.close()


LONG = GOOD + b" " * QUICK_BYTES


def test_more_long_bodies_than_fit_are_refused_until_later(monkeypatch: pytest.MonkeyPatch, served: ServedContract) -> None:
    monkeypatch.setattr("sop_cli.serve.app.MOST_BYTES_AT_ONCE", 3 * QUICK_BYTES)
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as waiting:
        waiting.sendall(at(served, post(length=4 * QUICK_BYTES)) + b" " * 2 * QUICK_BYTES)
        end = time.monotonic() + 10
        while served.post("/v1/returns", LONG)[0] == 200 and time.monotonic() < end:
            pass
        for path in ("/v1/returns", "/v1/simulations"):
            answer = served.raw(at(served, post(path=path, length=len(LONG))) + b" " * QUICK_BYTES)
            assert answer.status == 503
            assert answer.header("retry-after") == "1"
            assert json.loads(answer.body)["type"] == "/v1/problems/busy"
        assert served.post("/v1/returns", GOOD)[0] == 200

    while served.post("/v1/returns", LONG)[0] == 503 and time.monotonic() < end:
        pass
    assert served.post("/v1/returns", LONG)[0] == 200


def test_long_bodies_that_are_only_announced_keep_no_one_out(served: ServedContract) -> None:
    with ExitStack() as connections:
        for _ in range(8):
            waiting = connections.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=10))
            waiting.sendall(at(served, post(length=MOST_BYTES)))
        time.sleep(0.1)

        assert [served.post("/v1/returns", body)[0] for body in (GOOD, LONG, GOOD)] == [200, 200, 200]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.0.0.2"])
def test_the_guard_knows_the_address_at_which_it_listens(address: str) -> None:
    guard = application(8322, address)

    assert isinstance(guard, ContractGuard)
    assert (f"[{address}]:8322" if ":" in address else f"{address}:8322") in guard.hosts
    assert application(None).hosts == set()


def test_the_published_document_is_served(served: ServedContract) -> None:
    status, document = served.get("/v1/openapi.json")

    assert status == 200
    assert document["openapi"] == "3.1.0"
    assert document["components"]["schemas"]["Stage"]["enum"] == list(Stage)
