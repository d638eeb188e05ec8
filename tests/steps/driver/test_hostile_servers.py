"""A server that fails, lies about its form or answers something else: the scenario fails in words that name server, call and field."""

import copy
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sop_engine import Reading
from sop_runs.record.schema import DriverRecord
from steps.driver import http_calls
from steps.driver.errors import DriverError, DriverOptionError
from steps.driver.http_driver import HttpDriver
from steps.driver.server import ServerUnderTest
from steps.language.document import source_of
from steps.run.executor import Result, execute
from tests.support.feature_runs import NOT_STATED, registry
from tests.support.hostile_oms import INFO, Call, HostileOms, Respond, hostile_oms, response

CASE = "Given an order invoiced through the client's ERP\nAnd the order is PACKED\nAnd its e-invoice is pushed\nWhen the seller cancels the full order\nThen the cancellation is refused\n"
RETURN = (
    "Given a returned unit whose quality check is pass\nWhen the client handles the returned unit\nThen the unit goes to saleable stock\n"
)
ORDER = "Given an order of 3 units, invoiced through the client's ERP\nAnd the order has been allocated\nWhen the seller cancels 1 unit of the order\nThen the request is allowed\nAnd 2 units are left to fulfil\n"
WHOLE = "Given an order of 3 units, invoiced through the client's ERP\nAnd the order has been allocated\nWhen the seller cancels the order\nThen the request is allowed\n"
TWICE = ORDER + "When the seller cancels 2 units of the order\nThen the request is allowed\n"
AGAIN = WHOLE + "When the seller cancels the order\nThen the request is without effect\n"
REFUSAL = "Given an order of 3 units, invoiced through the client's ERP\nWhen someone tries to get the order packed\nThen that is impossible, because it is not released yet\n"
REPORT = (
    "Given these orders, invoiced through the client's ERP\n| order | posted | cancelled | by |\n"
    "| A7 | 2026-05-03 10:00 | 2026-05-03 12:00 | the seller |\n"
    "When the client downloads the report of orders cancelled after posting, from 2026-05-03 to 2026-05-03\n"
    "Then the report lists\n| order |\n| A7 |\n"
)
AGES = (
    "Given these orders, invoiced through the client's ERP\n| order | posted | e-invoiced | cancelled | by |\n"
    "| A7 | 2026-05-03 10:00 | 2026-05-03 11:00 | 2026-05-03 12:00 | the seller |\n"
    "When the client looks at its credit notes on 2026-05-04\nThen the ages of the credit notes are\n| order | days |\n| A7 | 1 |\n"
)
WEEKS = (
    "Given the experiment ordinary week erp\nAnd these settings\n| run.days | 1 |\n| run.warm_up_days | 0 |\n| ajio.orders_per_day | 20 |\n"
    "When the weeks are simulated\nThen every order is either dispatched or cancelled in the end\n"
)
LIMIT_S = 0.4


def run(steps: str, server: HostileOms, limit: float = 5.0) -> tuple[Result, ServerUnderTest]:
    """Run the steps against the server."""
    document = source_of(f"Feature: F\nScenario: S\n{steps}".encode(), "x.feature")[0].document
    assert document is not None
    [example] = document.examples
    tested = ServerUnderTest(server.url, limit)
    try:
        return execute(example, registry(), {"reading": Reading.AS_PRACTISED, **NOT_STATED}.__getitem__, HttpDriver(tested)), tested
    finally:
        tested.close()


def record_of(url: str, before: DriverRecord | None = None) -> DriverRecord:
    """Ask the server what it is."""
    tested = ServerUnderTest(url, record=before)
    try:
        return tested.record
    finally:
        tested.close()


def message_of(result: Result) -> str:
    """Return the message of the step that did not pass."""
    return next(step.error.message for step in result.steps if step.error is not None)


@pytest.mark.parametrize(
    "steps", [CASE, RETURN, ORDER, WHOLE, TWICE, AGAIN, REFUSAL, REPORT, AGES, pytest.param(WEEKS, marks=pytest.mark.slow)]
)
def test_a_server_that_answers_rightly_passes(steps: str) -> None:
    with hostile_oms() as server:
        result, tested = run(steps, server)

    assert result.status == "passed", message_of(result)
    assert tested.counts == (len(server.calls), 0)
    assert server.connections == 1, "the connection is kept"


def to(path: str, change: Callable[[Any, Call], Any], first: int = 0) -> Respond:
    """Change the right answer to calls of *path*, from the *first* of them on."""
    seen: list[Call] = []

    def respond(call: Call) -> bytes | None:
        if not call.path.endswith(path):
            return None
        seen.append(call)
        if len(seen) <= first:
            return None
        answer = copy.deepcopy(call.right)
        return response(change(answer, call))

    return respond


def put(*place: Any, value: Any) -> Callable[[Any, Call], Any]:
    """Put *value* at a place of the answer."""

    def change(answer: Any, _: Call) -> Any:
        target = answer
        for key in place[:-1]:
            target = target[key]
        target[place[-1]] = value
        return answer

    return change


def drop(*place: Any) -> Callable[[Any, Call], Any]:
    """Delete what is at a place of the answer."""

    def change(answer: Any, _: Call) -> Any:
        target = answer
        for key in place[:-1]:
            target = target[key]
        del target[place[-1]]
        return answer

    return change


def _entry(**parts: Any) -> Callable[[Any, Call], Any]:
    """Change what the order says of its first request to cancel."""

    def change(answer: Any, _: Call) -> Any:
        for request in answer["order"]["cancellations"][:1]:
            request.update(parts)
        return answer

    return change


FIRST = ("answers", 0, "decisions", 0)
FORMS: dict[str, tuple[str, Respond, tuple[str, ...]]] = {
    "a number instead of a text": (CASE, to("decisions", put(*FIRST, "clauses", 0, value=7)), ("POST /v1/decisions", "answers[0].decisions[0].clauses[0]", "is a whole number, expected a text; got `7`")),
    "a text instead of a number": (ORDER, to("orders", put("order", "units", value="3")), ("POST /v1/orders", "order.units is a text, expected a whole number", "`3`")),
    "null instead of a list": (CASE, to("decisions", put(*FIRST, "gaps", value=None)), ("answers[0].decisions[0].gaps", "null", "a list")),
    "a word that the contract does not have": (CASE, to("decisions", put(*FIRST, "outcome", value="denied")), ("answers[0].decisions[0].outcome", "`denied`", "`refused`", "`fails on screen`")),
    "a field that is missing": (CASE, to("decisions", drop(*FIRST, "notes")), ("answers[0].decisions[0]", "notes")),
    "a field that the contract does not have": (CASE, to("decisions", put(*FIRST, "certainty", value=1)), ("certainty",)),
    "a time without a zone": (REPORT, to("posting", put("rows", 0, "cancelled_at", value="2026-05-03T12:00:00")), ("rows[0].cancelled_at", "2026-05-03T12:00:00")),
    "another case": (CASE, to("decisions", put(*FIRST, "case", "stage", value="CREATED")), ("answers[0].decisions[0].case is seller / full / ERP / CREATED / pushed, which was not asked",)),
    "a case twice": (CASE, to("decisions", lambda answer, _: {"answers": [{"decisions": answer["answers"][0]["decisions"] * 2}]}), ("answers[0].decisions[1].case", "twice")),
    "a case that is missing": (CASE, to("decisions", put("answers", 0, "decisions", value=[])), ("answers[0].decisions has 0 of 1 cases", "no decision on seller / full / ERP / PACKED / pushed")),
    "another reading": (CASE, to("decisions", put(*FIRST, "reading", value="as-written")), ("answers[0].decisions[0].reading is `as-written`, expected `as-practised`",)),
    "no answer to the request": (CASE, to("decisions", put("answers", value=[])), ("`answers` has 0 entries, expected 1",)),
    "a task that can be none": (RETURN, to("returns", put("tasks", 0, "task", value="Credit Note!")), ("tasks[0].task is `Credit Note!`, expected the key of a task",)),
    "another quality check": (RETURN, to("returns", put("quality_check", value="fail")), ("POST /v1/returns", "quality_check is `fail`, expected `pass`")),
    "a stock that there is not": (RETURN, to("returns", put("stock", value="shop")), ("stock", "`shop`", "is none of the words of the contract; expected one of `quarantine`, `saleable`; got `shop`")),
    "another order": (ORDER, to("orders", put("order", "order_id", value="B2")), ("order.order_id is `B2`, expected `A1`, which was sent",)),
    "another number of units ordered": (ORDER, to("orders", put("order", "units_ordered", value=4)), ("order.units_ordered is `4`, expected `3`",)),
    "a result too few": (ORDER, to("orders", lambda answer, _: answer | {"results": answer["results"][:-1]}, first=1), ("`results` has 0 entries, expected 1",)),
    "an event that was taken before": (ORDER, to("orders", put("results", 0, "taken", value=False), first=2), ("results[0].taken is false, but this event (`allocated`) was taken in the call before",)),
    "a refusal without a reason": (ORDER, to("orders", lambda answer, _: answer | {"results": [{"taken": False}]}, first=1), ("results[0].taken is false, and neither its `obstacles` nor its `reason` says why",)),
    "taken, with an obstacle": (ORDER, to("orders", put("results", 0, "obstacles", value=["it is on hold"]), first=1), ("results[0].taken is true, but results[0].obstacles has `it is on hold`",)),
    "an obstacle that there is not": (REFUSAL, to("orders", put("results", 0, "obstacles", value=["no luck"]), first=1), ("results[0].obstacles[0]", "`no luck`", "`it is on hold`")),
    "a history that lost an entry": (ORDER, to("orders", lambda answer, _: answer | {"order": answer["order"] | {"history": answer["order"]["history"][1:]}}, first=1), ("order.history[0].name is `allocated`, expected `created`, as in the call before",)),
    "a history without the event": (ORDER, to("orders", lambda answer, _: answer | {"order": answer["order"] | {"history": answer["order"]["history"][:1]}}, first=1), ("order.history has 1 entries after `allocated` was taken, expected 2",)),
    "a history with another event": (ORDER, to("orders", put("order", "history", 1, "name", value="posted"), first=1), ("order.history[1].name is `posted`, expected `allocated`",)),
    "a request decided for another stage": (ORDER, to("orders", lambda answer, _: _with_decision(answer, stage="CREATED"), first=2), ("its `stage` should be `FULFILLABLE`",)),
    "a request decided for another scope": (ORDER, to("orders", lambda answer, _: _with_decision(answer, scope="full"), first=2), ("its `scope` should be `partial`",)),
    "a request without a decision": (ORDER, to("orders", put("results", 1, "decision", value=None), first=2), ("results[1].decision is missing",)),
    "a step with a decision": (ORDER, to("orders", lambda answer, _: answer | {"results": [*answer["results"][:-1], {"taken": True, "decision": _decision()}]}, first=1), ("results[0].decision is there; only a request to cancel has one",)),
    "a request that the order has not": (ORDER, to("orders", put("order", "cancellations", value=[]), first=2), ("order.cancellations has 0 entries, expected 1",)),
    "two answers to one request": (ORDER, to("orders", put("order", "cancellations", 0, "decision", "clauses", value=["SC-1"]), first=2), ("order.cancellations[0].decision is another one than in `results`",)),
    "a request of another canceller": (ORDER, to("orders", _entry(canceller="Ajio"), first=2), ("order.cancellations[0].canceller is `Ajio`, expected `seller`, which was asked",)),
    "a request decided for another canceller": (ORDER, to("orders", lambda answer, _: _with_decision(answer, canceller="Ajio"), first=2), ("order.cancellations[0].canceller is `Ajio`, expected `seller`, which was asked",)),
    "a request of another scope": (ORDER, to("orders", _entry(scope="full"), first=2), ("order.cancellations[0].scope is `full`, expected `partial`, as in its decision",)),
    "a request at another stage": (ORDER, to("orders", _entry(stage="CREATED"), first=2), ("order.cancellations[0].stage is `CREATED`, expected `FULFILLABLE`, as in its decision",)),
    "a request with another e-invoice": (ORDER, to("orders", _entry(e_invoice="pushed"), first=2), ("order.cancellations[0].e_invoice is `pushed`, expected `not posted`, as in its decision",)),
    "a request for other units": (ORDER, to("orders", _entry(units=99), first=2), ("order.cancellations[0].units is `99`, expected `1`, which was asked",)),
    "a request without a number for other units": (WHOLE, to("orders", _entry(units=2), first=2), ("order.cancellations[0].units is `2`, expected `3`, all that were left",)),
    "a request at another time": (AGES, to("orders", _entry(at="2020-01-01T00:00:00Z")), ("order.cancellations[0].at is `2020-01-01T00:00:00+00:00`, expected `2026-05-03T12:00:00+05:30`, which was asked",)),
    "a request without its time": (AGES, to("orders", _entry(at=None)), ("order.cancellations[0].at is `null`, expected `2026-05-03T12:00:00+05:30`",)),
    "a whole life with impossible units": (AGES, to("orders", _entry(units=2)), ("order.cancellations[0].units is `2`, expected 1 to 1",)),
    "a request that was another one before": (TWICE, to("orders", _entry(units=2), first=3), ("order.cancellations[0].units is `2`, expected `1`, which was asked",)),
    "a request of another stage before": (TWICE, to("orders", lambda answer, _: _first_at(answer, "CREATED"), first=3), ("order.cancellations[0].stage is `CREATED`, expected `FULFILLABLE`, as in the call before",)),
    "a row about another order": (REPORT, to("posting", put("rows", 0, "channel_order_id", value="B2")), ("POST /v1/reports/cancelled-after-posting", "rows[0].channel_order_id is `B2`, which is none of the orders that were sent")),
    "an age of another order": (AGES, to("ages", put("ages", 0, "order_id", value="B2")), ("POST /v1/reports/credit-note-ages", "ages[0].order_id is `B2`")),
    "a day that there is not": (AGES, to("ages", put("ages", 0, "overdue_on", value="2026-02-30")), ("ages[0].overdue_on", "2026-02-30")),
}  # fmt: skip


def _with_decision(answer: Any, **facts: str) -> Any:
    for decision in (answer["results"][-1]["decision"], answer["order"]["cancellations"][-1]["decision"]):
        decision["case"] |= facts
    entry = answer["order"]["cancellations"][-1]
    entry |= {name: value for name, value in facts.items() if name in entry}
    return answer


def _first_at(answer: Any, stage: str) -> Any:
    """Let the first request, and the decision on it, be at another stage."""
    first = next(result["decision"] for result in answer["results"] if result["decision"])
    for part in (answer["order"]["cancellations"][0], answer["order"]["cancellations"][0]["decision"]["case"], first["case"]):
        part["stage"] = stage
    return answer


def _decision() -> Any:
    facts = {"canceller": "seller", "scope": "full", "invoicing": "ERP", "stage": "FULFILLABLE", "e_invoice": "not posted"}
    parts = {
        "outcome": "allowed",
        "outcome_source": "stated",
        "tasks": [],
        "tasks_source": "stated",
        "clauses": [],
        "gaps": [],
        "notes": [],
    }
    return {"case": facts, "reading": "as-practised", **parts}


@pytest.mark.parametrize("name", FORMS)
def test_an_answer_of_another_form_fails_at_its_step(name: str) -> None:
    steps, respond, words = FORMS[name]
    with hostile_oms(respond) as server:
        result, _ = run(steps, server)

    assert result.status == "broken"
    message = message_of(result)
    assert message.startswith(f"Hostile OMS 6.6 (127.0.0.1:{server.url.rpartition(':')[2]}), POST /v1/")
    assert [word for word in words if word not in message] == [], message


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put("runs", 0, "variant", value="packers 3"), "the variants of `runs` are"),
        (drop("runs", 0, "columns", "event"), "runs[0].columns is no event log: no column event"),
        (put("runs", 0, "rows", value=3), "runs[0].columns is no event log: a column without 3 cells"),
        (lambda answer, _: answer | {"runs": answer["runs"] * 2}, "the variants of `runs` are"),
    ],
)
def test_a_log_that_is_none_fails_at_its_step(change: Callable[[Any, Call], Any], words: str) -> None:
    with hostile_oms(to("simulations", change)) as server:
        result, _ = run(WEEKS, server)

    assert result.status == "broken"
    assert words in message_of(result)


@pytest.mark.parametrize(
    ("steps", "respond", "expected", "actual"),
    [
        (CASE, to("decisions", put(*FIRST, "outcome", value="allowed")), "refused", "allowed"),
        (RETURN, to("returns", put("stock", value="quarantine")), "saleable", "quarantine"),
        (ORDER, to("orders", put("order", "units_kept", value=3), first=2), 2, 3),
        (AGES, to("ages", put("ages", 0, "days", value=2)), [["A7", "1"]], [["A7", "2"]]),
        (REFUSAL, to("orders", put("results", 0, "obstacles", value=["it is not posted yet"]), first=1), ["it is not released yet"], ["it is not posted yet"]),
    ],
)  # fmt: skip
def test_another_answer_fails_at_its_claim_with_both(steps: str, respond: Respond, expected: object, actual: object) -> None:
    with hostile_oms(respond) as server:
        result, _ = run(steps, server)

    assert result.status == "failed"
    claim = next(claim for claim in result.claims.entries if not claim.holds)
    assert (claim.expected, claim.actual) == (expected, actual)


def lost(_: Call) -> bytes:
    return b""


def half(call: Call) -> Iterator[bytes]:
    yield response(call.right)[:-9]
    yield b""


def only(path: str, respond: Respond) -> Respond:
    """Answer rightly except to calls of *path*."""
    return lambda call: respond(call) if call.path.endswith(path) else None


def told(body: object, status: str = "200 OK", kind: str = "application/json", **headers: str) -> Respond:
    return only("decisions", lambda _: response(body, status, kind, **headers))


def raw_of(old: bytes, new: bytes) -> Respond:
    """Answer rightly to a call for decisions, with *old* replaced once in the JSON."""
    return only("decisions", lambda call: response(json.dumps(call.right).encode().replace(old, new, 1)))


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
    "busy for ever": (told(b"", "503 Service Unavailable", "", Retry_After="0"), ("the status is 503, expected 200", "also after 2 retries"), 2),
    "busy, without a time": (told(b"", "503 Service Unavailable", ""), ("the status is 503, expected 200, without `Retry-After`",), 0),
    "busy for an hour": (told(b"", "503 Service Unavailable", "", Retry_After="3600"), ("the status is 503",), 0),
    "an error of the server": (told(PROBLEM, "500 Internal ServerUnderTest Error", "application/problem+json"), ("the status is 500, expected 200; the server says at `/requests/0`: Internal error: ", r"\x1b[31mno\nluckxxx", "characters)"), 0),
    "an error page": (told(b"<h1>Oh</h1>", "500 Internal ServerUnderTest Error", "text/html"), ("the status is 500", "the media type is `text/html`, an error has `application/problem+json`"), 0),
    "an operation that is offered and is not there": (told(b"", "404 Not Found", "text/plain"), ("the status is 404, expected 200",), 0),
    "a redirect": (told(b"", "307 Temporary Redirect", "", Location="http://elsewhere.example/v1/decisions"), ("the status is 307", "redirects are not followed (to `http://elsewhere.example/v1/decisions`)"), 0),
    "another media type": (told(b"{}", kind="text/html; charset=utf-8"), ("the media type of the answer is `text/html`, expected `application/json`",), 0),
    "no media type": (told(b"{}", kind=""), ("the media type of the answer is `none`",), 0),
    "a compressed answer": (told(b"\x1f\x8b\x08", Content_Encoding="gzip"), ("the answer is encoded as `gzip`, expected none",), 0),
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
    "another charset": (told(b"{}", kind="application/json; charset=utf-16"), ("the charset of the answer is `utf-16`, expected UTF-8",), 0),
    "two media types": (framed("Content-Type: text/html\r\nContent-Length: 2\r\n"), ("two media types, `application/json` and `text/html`, expected one",), 0),
    "an empty body": (told(b""), ("the answer is not JSON (0 bytes): it is empty",), 0),
    "half JSON": (told(b'{"answers": [{"deci'), ("the answer is not JSON (19 bytes): it ends too early", """`{"answers": [{"deci`"""), 0),
    "HTML as JSON": (told(b"<html>\x1b[2J</html>"), ("the answer is not JSON (17 bytes): invalid character at byte 0, near", r"<html>\x1b[2J</html>"), 0),
    "no number": (raw_of(b'"notes": [', b'"notes": [NaN'), ("invalid character at byte ", '"notes": [NaN'), 0),
    "text after the end": (told(b'{"answers": [' + b" " * 99 + b']} {"more": 1}'), ("trailing characters at byte ", '{"more": 1}'), 0),
    "a zero byte after the end": (told(b'{"answers": []}\0'), ("trailing characters at byte ", r'{"answers": []}\x00'), 0),
    "half a character": (raw_of(b'"notes"', b'"\\ud800", "notes"'), ("surrogate pair at byte ", r"\ud800"), 0),
    "another encoding": (raw_of(b'"notes": [', b'"notes": ["caf\xe9"'), ("a byte that is not UTF-8 at byte ", r'"notes": ["caf\xe9'), 0),
    "UTF-16": (told(json.dumps({"answers": []}).encode("utf-16")), ("a byte that is not UTF-8 at byte 0",), 0),
    "a byte order mark": (told(json.dumps({"answers": []}).encode("utf-8-sig")), ("invalid character at byte 0", r"\ufeff{"), 0),
    "deep JSON": (told(b'{"answers": [], "extra": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}"), ("POST /v1/decisions", "the answer is nested too deeply"), 0),
    "a list of lists": (told(b"[" * 100_000), ("the answer is a list, expected an object",), 0),
    "a key twice": (raw_of(b'"outcome"', b'"outcome": "allowed", "outcome"'), ("the key `outcome` is there twice", "expected each key once in its object"), 0),
    "a key of their own twice": (told(b'{"answers": [], "extra": {"\\u001b": 1, "\\u001b": 2}}'), (r"the key `\x1b` is there twice",), 0),
    "a huge text": (told({"answers": [], "extra": {"note": "ab" * 10_001}}), ('a text of the answer has 20,004 bytes, expected at most 20,000: `"abab',), 0),
    "a huge answer": (told(b"{}", Content_Length="1000000000000"), ("the answer has 1,000,000,000,000 bytes, expected at most",), 0),
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


SIGNS = [
    "\x1b",
    "\n",
    "\t",
    "\x00",
    "\x7f",
    "\x85",
    "\x9b",
    "\u061c",
    "\u200e",
    "\u200f",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
    "\u2069",
    "\ufeff",
]
"""Control characters, ends of lines, and signs that change the direction of writing or cannot be seen."""


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
@pytest.mark.parametrize("is_escaped", [True, False])
def test_a_text_with_signs_that_steer_a_terminal_or_a_page_is_refused(sign: str, is_escaped: bool) -> None:  # noqa: FBT001
    def respond(call: Call) -> bytes:
        answer = put(*FIRST, "gaps", value=["GAP-01", f"a{sign}::error::b"])(copy.deepcopy(call.right), call)
        escaped = is_escaped or sign < " "
        return response(json.dumps(answer, ensure_ascii=escaped).encode())

    with hostile_oms(only("decisions", respond)) as server:
        result, _ = run(CASE, server)

    assert result.status == "broken"
    message = message_of(result)
    assert "answers[0].decisions[0].gaps[1] has the sign " in message
    assert f"U+{ord(sign):04X}" in message
    assert message.isprintable()


def test_a_key_with_such_a_sign_is_refused_too() -> None:
    with hostile_oms(
        to("simulations", lambda answer, _: answer | {"runs": [run | {"columns": {"a\x1b": []}} for run in answer["runs"]]})
    ) as server:
        result, _ = run(WEEKS, server)

    assert result.status == "broken"
    assert "U+001B" in message_of(result)


def test_what_is_not_shown_may_have_any_text() -> None:
    def change(answer: Any, _: Call) -> Any:
        return answer | {"extra": {"log\n": ["\x1b[31m\r\n"]}}

    with hostile_oms(to("decisions", change)) as server:
        result, _ = run(CASE, server)

    assert result.status == "passed"


def test_a_reason_may_have_lines_and_is_shown_in_one() -> None:
    refused = {"taken": False, "obstacles": [], "reason": "no\n::error::forged\x1b\u202e"}
    with hostile_oms(to("orders", lambda answer, _: answer | {"results": [refused]}, first=1)) as server:
        result, _ = run(REFUSAL, server)

    assert result.status in {"failed", "broken"}
    assert message_of(result).replace("\n", "").isprintable()
    assert not any("\n::error" in line or "\x1b" in line for line in (message_of(result), repr(result.claims)))


SECRET = 'to/ken"\\-%-1'
ECHOES: dict[str, Respond] = {
    "in a problem": told({"title": "debug", "detail": f"Authorization: Bearer {SECRET}"}, "500 Oh", "application/problem+json"),
    "as escapes": raw_of(b'"refused"', b'"' + "".join(f"\\u{ord(sign):04X}" for sign in SECRET).encode() + b'"'),
    "with escaped slashes": raw_of(b'"refused"', json.dumps(SECRET).replace("/", "\\/").encode()),
    "in the name": only("/v1", lambda _: response(INFO | {"name": f"OMS {SECRET}", "version": "7"})),
    "in the media type": told(b"{}", kind=f"text/{SECRET}"),
    "in the encoding": told(b"{}", Content_Encoding=SECRET),
    "in a redirect": told(b"", "302 Found", Location=f"http://elsewhere.example/?{''.join(f'%{ord(sign):02x}' for sign in SECRET)}"),
    "in the status line": only("decisions", lambda _: f"HTTP/1.1 {SECRET}\r\n\r\n".encode()),
    "in what is no JSON": told(f"<p>{SECRET}</p>".encode()),
    "in a word that is none": to("decisions", put(*FIRST, "outcome", value=SECRET)),
}


@pytest.mark.parametrize("name", ECHOES)
def test_a_token_that_comes_back_is_not_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_DRIVER_TOKEN", SECRET)
    with hostile_oms(ECHOES[name]) as server:
        result, tested = run(CASE, server)

    everything = repr((result, tested.record))
    assert f"Bearer {SECRET}" in server.calls[-1].head
    assert "…" in everything
    assert not any(part in everything for part in (SECRET, repr(SECRET)[1:-1], "to/ken", "%74%6f"))


@pytest.mark.parametrize("secret", ["1234567", "with a blank"])
def test_a_token_that_cannot_be_used_is_refused_and_not_shown(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_DRIVER_TOKEN", secret)

    with pytest.raises(DriverOptionError, match="SOP_DRIVER_TOKEN") as raised:
        ServerUnderTest("http://127.0.0.1:8000")

    assert secret not in str(raised.value)


INFOS: dict[str, tuple[object, tuple[str, ...]]] = {
    "another contract": (INFO | {"contract": "2.0"}, ("`contract` is `2.0`, expected 1.0",)),
    "no version": (INFO | {"contract": "latest"}, ("contract", "`latest`")),
    "a version and a line end": (INFO | {"contract": "1.0\n"}, ("contract has the sign U+000A",)),
    "a version in other figures": (INFO | {"contract": "1.\u0660"}, ("contract",)),
    "a capability that there is not": (INFO | {"offers": ["decisions", "magic"]}, ("offers[1]", "`magic`", "`decisions`", "`simulations`")),
    "a capability twice": (INFO | {"offers": ["orders", "decisions", "orders"]}, ("`offers` has `orders` twice",)),
    "no capability": (INFO | {"offers": []}, ("`offers` is empty",)),
    "capabilities as a text": (INFO | {"offers": "decisions"}, ("offers is a text, expected a list",)),
    "no reading": (INFO | {"readings": []}, ("`readings` is empty",)),
    "no name": (INFO | {"name": ""}, ("name",)),
    "a name that is none": (INFO | {"name": "\x1b[2Jx"}, ("name has the sign U+001B", r"\x1b[2Jx")),
    "a name without ink": (INFO | {"name": "x\u200b"}, ("`name` is", r"x\u200b", "printable")),
    "a key too many": (INFO | {"token": "secret"}, ("token",)),
    "a list": ([], ("the answer is a list, expected an object",)),
    "a key twice": (json.dumps(INFO).replace('"offers"', '"offers": ["table"], "offers"').encode(), ("the key `offers` is there twice",)),
    "no JSON": (b"hello", ("the answer is not JSON (5 bytes): invalid character at byte 0, near `hello`",)),
}


@pytest.mark.parametrize("name", INFOS)
def test_a_server_that_is_none_of_the_contract_is_refused_at_the_start(name: str) -> None:
    body, words = INFOS[name]
    with hostile_oms(lambda _: response(body)) as server, pytest.raises(DriverError) as raised:
        record_of(server.url)

    message = str(raised.value)
    assert message.startswith(f"{server.url.removeprefix('http://')}, GET /v1: ")
    assert [word for word in words if word not in message] == [], message


def test_another_server_in_its_place_is_found_out() -> None:
    with hostile_oms() as server:
        first = record_of(server.url)
        server.respond = lambda _: response(INFO | {"version": "6.7"})
        with pytest.raises(DriverError, match=r"another server than at the beginning of the run: `version` is `6.7`, expected `6.6`"):
            record_of(server.url, first)


def test_no_server_at_all_is_said() -> None:
    with hostile_oms() as server:
        pass

    with pytest.raises(
        DriverError, match=r"GET /v1: the server cannot be reached \(connection refused\); start it, or correct the address"
    ):
        record_of(server.url)


@pytest.mark.parametrize(
    ("offers", "readings", "steps", "reason"),
    [
        (["decisions"], ["as-practised"], ORDER, "it does not offer `orders`"),
        (["orders"], ["as-practised"], CASE, "it does not offer `decisions`"),
        (["orders"], ["as-practised"], REPORT, "it does not offer `vms-reports`"),
        (["orders", "vms-reports"], ["as-practised"], AGES, "it does not offer `credit-note-ages`"),
        (["orders"], ["as-practised"], WEEKS, "it does not offer `simulations`"),
        (["orders"], ["as-practised"], RETURN, "it does not offer `returns`"),
        (["decisions"], ["as-practised"], f"Given the SOP is taken as written\n{CASE}", "it does not answer with the reading `as-written`"),
        (["orders"], ["as-written"], ORDER, "it does not answer with the reading `as-practised`"),
    ],
)
def test_what_a_server_does_not_offer_is_not_supported_and_not_asked(
    offers: list[str], readings: list[str], steps: str, reason: str
) -> None:
    respond = only("/v1", lambda _: response(INFO | {"offers": offers, "readings": readings}))
    with hostile_oms(respond) as server:
        result, _ = run(steps, server)

    assert result.status == "not-supported"
    assert message_of(result) == f"not supported by Hostile OMS 6.6: {reason}"
    assert {step.status for step in result.steps} <= {"passed", "not-supported", "skipped"}
    assert not any(call.path.endswith(reason.split("`")[1]) for call in server.calls)
