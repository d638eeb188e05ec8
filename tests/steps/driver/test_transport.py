"""A server whose transport fails: what HTTP permits is accepted, a broken answer fails at its step, a lost call is sent again."""

import json
import time
from collections.abc import Callable, Iterator

import pytest

from steps.driver import http_calls
from tests.support.driver_runs import CASE, ORDER, lost, message_of, only, raw_of, responding, run
from tests.support.hostile_oms import Call, Respond, hostile_oms, response

LIMIT_S = 0.4


def half(call: Call) -> Iterator[bytes]:
    yield response(call.right)[:-9]
    yield b""


PROBLEM = {
    "type": "/v1/problems/internal",
    "title": "Internal error",
    "status": 500,
    "detail": "\x1b[31mno\nluck" + "x" * 900,
    "place": "/requests/0",
}


def framed(head: str, body: bytes = b"{}", end: bytes = b"") -> Respond:
    """Answer a call for decisions with lines of a head, a body, and what follows."""
    return only(
        "decisions", lambda _: iter([f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{head}\r\n".encode() + body + end, b""])
    )


CHUNKED = "Transfer-Encoding: chunked\r\n"
TRANSPORT: dict[str, tuple[Respond, tuple[str, ...], int]] = {
    "no answer": (only("decisions", lost), ("the connection was lost", "also after 2 retries"), 2),
    "half an answer": (only("decisions", half), ("lost in the middle of the answer", "9 are missing", "also after 2 retries"), 2),
    "no HTTP": (only("decisions", lambda _: b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), ("the answer is not HTTP",), 0),
    "busy for ever": (responding(b"", "503 Service Unavailable", "", Retry_After="0"), ("the status is 503, expected 200", "also after 2 retries"), 2),
    "busy, without a time": (responding(b"", "503 Service Unavailable", ""), ("the status is 503, expected 200, without `Retry-After`",), 0),
    "busy for an hour": (responding(b"", "503 Service Unavailable", "", Retry_After="3600"), ("the status is 503",), 0),
    "an error of the server": (responding(PROBLEM, "500 Internal ServerUnderTest Error", "application/problem+json"), ("the status is 500, expected 200; the server says at `/requests/0`: Internal error: ", r"\x1b[31mno\nluckxxx", "characters)"), 0),
    "an error page": (responding(b"<h1>Oh</h1>", "500 Internal ServerUnderTest Error", "text/html"), ("the status is 500", "the media type is `text/html`, an error has `application/problem+json`"), 0),
    "an operation that is offered and is not there": (responding(b"", "404 Not Found", "text/plain"), ("the status is 404, expected 200",), 0),
    "a redirect": (responding(b"", "307 Temporary Redirect", "", Location="http://elsewhere.example/v1/decisions"), ("the status is 307", "redirects are not followed (to `http://elsewhere.example/v1/decisions`)"), 0),
    "another media type": (responding(b"{}", kind="text/html; charset=utf-8"), ("the media type of the answer is `text/html`, expected `application/json`",), 0),
    "no media type": (responding(b"{}", kind=""), ("the media type of the answer is `none`",), 0),
    "a compressed answer": (responding(b"\x1f\x8b\x08", Content_Encoding="gzip"), ("the answer is encoded as `gzip`, expected none",), 0),
    "two lengths": (framed("Content-Length: 2\r\nContent-Length: 7\r\n"), ("the answer is not HTTP (Content-Length is `2` and `7`, expected one length)",), 0),
    "a negative length": (framed("Content-Length: -5\r\n"), ("not HTTP (Content-Length is `-5`, expected a number of bytes)",), 0),
    "a signed length": (framed("Content-Length: +2\r\n"), ("not HTTP (Content-Length is `+2`, expected a number of bytes)",), 0),
    "a length with too many figures": (framed(f"Content-Length: {'9' * 5000}\r\n"), ("not HTTP (Content-Length is `999",), 0),
    "a length and chunks": (framed(f"Content-Length: 2\r\n{CHUNKED}", b"2\r\n{}\r\n0\r\n\r\n"), ("not HTTP (it has Transfer-Encoding and Content-Length",), 0),
    "another transfer coding": (framed("Transfer-Encoding: gzip, chunked\r\n", b"2\r\n{}\r\n0\r\n\r\n"), ("not HTTP (Transfer-Encoding is `gzip, chunked`, expected `chunked` or none)",), 0),
    "a chunk without a size": (framed(CHUNKED, b"zz\r\n{}\r\n0\r\n\r\n"), (r"not HTTP (the size of a chunk is `zz`, expected a hexadecimal number)",), 0),
    "a chunk of negative size": (framed(CHUNKED, b"-1\r\n{}\r\n0\r\n\r\n"), ("not HTTP (the size of a chunk is `-1`",), 0),
    "chunks without an end": (framed(CHUNKED, b"2\r\n{}\r\n"), ("the connection was lost in the middle of the answer", "also after 2 retries"), 2),
    "a second answer": (only("decisions", lambda call: response(call.right) * 2), ("not HTTP (more bytes follow after the end of the answer)",), 0),
    "a second answer after chunks": (framed(CHUNKED, b"2\r\n{}\r\n0\r\n\r\n", response({})), ("not HTTP (more bytes follow",), 0),
    "a second answer after a large one": (only("decisions", lambda call: response(json.dumps(call.right).encode() + b" " * 200_000) + b"HTTP/1.1 200 OK"), ("not HTTP (more bytes follow",), 0),
    "another charset": (responding(b"{}", kind="application/json; charset=utf-16"), ("the charset of the answer is `utf-16`, expected UTF-8",), 0),
    "two media types": (framed("Content-Type: text/html\r\nContent-Length: 2\r\n"), ("two media types, `application/json` and `text/html`, expected one",), 0),
    "an empty body": (responding(b""), ("the answer is not JSON (0 bytes): it is empty",), 0),
    "half JSON": (responding(b'{"answers": [{"deci'), ("the answer is not JSON (19 bytes): it ends too early", """`{"answers": [{"deci`"""), 0),
    "HTML as JSON": (responding(b"<html>\x1b[2J</html>"), ("the answer is not JSON (17 bytes): invalid character at byte 0, near", r"<html>\x1b[2J</html>"), 0),
    "no number": (raw_of(b'"notes": [', b'"notes": [NaN'), ("invalid character at byte ", '"notes": [NaN'), 0),
    "text after the end": (responding(b'{"answers": [' + b" " * 99 + b']} {"more": 1}'), ("trailing characters at byte ", '{"more": 1}'), 0),
    "a zero byte after the end": (responding(b'{"answers": []}\0'), ("trailing characters at byte ", r'{"answers": []}\x00'), 0),
    "half a character": (raw_of(b'"notes"', b'"\\ud800", "notes"'), ("surrogate pair at byte ", r"\ud800"), 0),
    "another encoding": (raw_of(b'"notes": [', b'"notes": ["caf\xe9"'), ("a byte that is not UTF-8 at byte ", r'"notes": ["caf\xe9'), 0),
    "UTF-16": (responding(json.dumps({"answers": []}).encode("utf-16")), ("a byte that is not UTF-8 at byte 0",), 0),
    "a byte order mark": (responding(json.dumps({"answers": []}).encode("utf-8-sig")), ("invalid character at byte 0", r"\ufeff{"), 0),
    "deep JSON": (responding(b'{"answers": [], "extra": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}"), ("POST /v1/decisions", "the answer is nested too deeply"), 0),
    "a list of lists": (responding(b"[" * 100_000), ("the answer is a list, expected an object",), 0),
    "a key twice": (raw_of(b'"outcome"', b'"outcome": "allowed", "outcome"'), ("the key `outcome` is there twice", "expected each key once in its object"), 0),
    "a key of their own twice": (responding(b'{"answers": [], "extra": {"\\u001b": 1, "\\u001b": 2}}'), (r"the key `\x1b` is there twice",), 0),
    "a huge text": (responding({"answers": [], "extra": {"note": "ab" * 10_001}}), ('a text of the answer has 20,004 bytes, expected at most 20,000: `"abab',), 0),
    "a huge answer": (responding(b"{}", Content_Length="1000000000000"), ("the answer has 1,000,000,000,000 bytes, expected at most",), 0),
}  # fmt: skip


@pytest.mark.parametrize(
    "parts",
    [
        lambda raw: ("Content-Type: Application/JSON; Charset=UTF-8\r\n" + f"Content-Length: {len(raw)}\r\n" * 2, raw),
        lambda raw: ("Content-Type: application/json\r\nTRANSFER-Encoding: Chunked\r\n", b"%X ;a=b\r\n%s\r\n0\r\nTrailer: 1\r\n\r\n" % (len(raw), raw)),
        lambda raw: ("Content-Type: application/json\r\nConnection: close\r\n", raw),
    ],
)  # fmt: skip
def test_an_answer_may_have_every_form_of_http(parts: Callable[[bytes], tuple[str, bytes]]) -> None:
    def respond(call: Call) -> Iterator[bytes]:
        head, body = parts(json.dumps(call.right).encode())
        yield f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body
        if "close" in head:
            yield b""

    with hostile_oms(respond) as server:
        result, tested = run(ORDER, server)

    assert result.status == "passed", message_of(result)
    assert tested.counts == (4, 0)


@pytest.mark.parametrize("name", TRANSPORT)
def test_a_broken_answer_fails_at_its_step(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    respond, words, retries = TRANSPORT[name]
    pauses: list[float] = []
    monkeypatch.setattr(http_calls, "sleep", pauses.append)
    with hostile_oms(respond) as server:
        result, tested = run(CASE, server)

    message = message_of(result)
    assert result.status == "broken"
    assert [word for word in words if word not in message] == [], message
    assert "POST /v1/decisions" in message
    assert message.isprintable()
    assert len(message) < 700
    assert tested.counts == (2, retries)
    assert len(pauses) == retries
    assert max(pauses, default=0) < 1


def test_an_answer_without_an_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_calls, "LARGEST_ANSWER", 200_000)

    def endless(_: Call) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        while True:
            yield b"10000\r\n" + b" " * 65_536 + b"\r\n"

    with hostile_oms(only("decisions", endless)) as server:
        result, _ = run(CASE, server)

    assert result.status == "broken"
    assert "the answer has more than 200,000 bytes" in message_of(result)


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nContent-", response({"answers": []}, Content_Length="5000")])
def test_a_slow_server_is_not_waited_for(first: bytes) -> None:
    """Also if a byte comes again and again."""
    with hostile_oms() as server:

        def slow(call: Call) -> Iterator[bytes] | None:
            if not call.path.endswith("decisions"):
                return None
            return drip()

        def drip() -> Iterator[bytes]:
            if first:
                yield first
            for _ in range(40):
                server.wait(0.05)
                yield b" "
            yield b""  # so that a driver that waits for ever is found out, and the test ends

        server.respond = slow
        began = time.monotonic()
        result, tested = run(CASE, server, LIMIT_S)
        took = time.monotonic() - began

    assert result.status == "broken"
    assert "no whole answer within 0.4 s; make it faster, or give a longer --driver-timeout" in message_of(result)
    assert tested.counts == (2, 0)
    assert took < 100 * LIMIT_S, "it came to an end"


@pytest.mark.parametrize("trouble", [lost, half, lambda _: response(b"", "503 Busy", "", Retry_After="0")])
def test_a_call_that_is_lost_once_is_sent_again_and_counted(trouble: Respond) -> None:
    failed: list[Call] = []

    def once(call: Call) -> bytes | Iterator[bytes] | None:
        if not call.path.endswith("orders") or len(failed) == 2:
            return None
        failed.append(call)
        return trouble(call)

    with hostile_oms(once) as server:
        result, tested = run(ORDER, server)

    assert result.status == "passed", message_of(result)
    assert tested.counts == (4, 2)
    assert [call.body for call in failed] == [server.calls[1].body] * 2, "the same request"


def test_a_connection_that_the_server_closed_meanwhile_is_no_retry() -> None:
    def closing(call: Call) -> Iterator[bytes]:
        yield response(call.right)
        yield b""

    with hostile_oms(closing) as server:
        result, tested = run(ORDER, server)

    assert result.status == "passed"
    assert server.connections == len(server.calls)
    assert tested.counts[1] <= len(server.calls), "a close that has not arrived yet is noticed by the call"
