"""A server that keeps the driver waiting, and what the driver overlooks: interim answers, a longer address, a newer contract, 3.0."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from steps.contract.cases import DecisionsAnswer
from steps.contract.openapi import answers_to_examples
from steps.contract.operations import DECISIONS
from steps.contract.orders import OrderAnswer
from steps.driver.deadline import MOST_IN_A_ROW
from steps.driver.errors import DriverError
from steps.driver.http_address import address_of
from steps.driver.http_calls import ServerConnection
from steps.driver.mismatches import MismatchError, decoded
from steps.driver.server import ServerUnderTest
from tests.support.hostile_oms import INFO, Call, HostileOms, Respond, hostile_oms, response

BODY = json.dumps(DECISIONS.examples["one case"]).encode()
ORDER = b'{"order_id": "A1", "invoicing": "ERP", "units": 1}'
LIMIT_S, GONE_S = 0.2, 2.0
"""Time limit of a call, and when a server that hangs loses the connection, so that also a test of a driver that waits for ever ends."""


def calls_to(server: HostileOms, limit: float = LIMIT_S) -> ServerConnection:
    return ServerConnection(address_of(server.url), limit)


def error_of(calls: ServerConnection, path: str, body: bytes = BODY) -> str:
    with pytest.raises(DriverError) as raised:
        calls.post(path, body)
    return str(raised.value)


def hanging(*ends: str, server: HostileOms) -> Respond:
    """Answer nothing to calls whose path ends so."""

    def respond(call: Call) -> Iterator[bytes] | None:
        return silence() if call.path.endswith(ends) else None

    def silence() -> Iterator[bytes]:
        server.wait(GONE_S)
        yield b""

    return respond


def paths_of(server: HostileOms) -> list[str]:
    return [call.path for call in server.calls]


def test_an_operation_that_is_never_answered_is_given_up_and_the_others_go_on() -> None:
    with hostile_oms() as server:
        server.respond = hanging("decisions", server=server)
        calls = calls_to(server)
        messages = {error_of(calls, "/decisions") for _ in range(MOST_IN_A_ROW + 4)}
        answer = calls.post("/orders", ORDER)
        calls.close()

    reason = "no whole answer within 0.2 s; make it faster, or give a longer --driver-timeout; after 3 such calls in a row it is not called again"
    assert messages == {f"{calls.title}, POST /v1/decisions: {reason}"}, "the first ones too, so that parallel runs have the same record"
    assert paths_of(server) == ["/v1/decisions"] * MOST_IN_A_ROW + ["/v1", "/v1/orders"], "it is asked once what it is"
    assert json.loads(answer)["order"]["order_id"] == "A1"
    assert calls.unanswered.given_up == ("POST /v1/decisions",)
    assert calls.calls == MOST_IN_A_ROW + 1


def test_a_server_that_does_not_say_what_it_is_either_is_given_up_as_a_whole() -> None:
    with hostile_oms() as server:
        server.respond = hanging("", server=server)
        calls = calls_to(server)
        messages = [error_of(calls, "/decisions") for _ in range(MOST_IN_A_ROW)]
        messages.append(error_of(calls, "/orders", ORDER))
        calls.close()

    assert paths_of(server) == ["/v1/decisions"] * MOST_IN_A_ROW + ["/v1"]
    assert messages[-1] == messages[0].replace("decisions", "orders")


def test_only_calls_in_a_row_count() -> None:
    with hostile_oms() as server:
        silent, calls = hanging("decisions", server=server), calls_to(server)
        for _ in range(3):
            server.respond = silent
            for _ in range(MOST_IN_A_ROW - 1):
                error_of(calls, "/decisions")
            server.respond = lambda _: None
            calls.post("/decisions", BODY)
        server.respond = lambda call: response(b"", "500 Oh", "") if call.path.endswith("decisions") else None
        for _ in range(MOST_IN_A_ROW):
            assert "the status is 500" in error_of(calls, "/decisions")
        calls.close()

    assert calls.unanswered.given_up == ()


@pytest.mark.parametrize(("wait", "sent"), [("1", 3 * MOST_IN_A_ROW + 1), ("0", 3 * (MOST_IN_A_ROW + 1))])
def test_a_server_that_is_always_busy_is_given_up_if_it_makes_the_driver_wait(
    wait: str, sent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("steps.driver.http_calls.sleep", lambda _: None)
    with hostile_oms(lambda call: response(b"", "503 Busy", "", Retry_After=wait) if call.path != "/v1" else None) as server:
        calls = calls_to(server, 5.0)
        messages = {error_of(calls, "/decisions") for _ in range(MOST_IN_A_ROW + 1)}
        calls.close()

    assert len(messages) == 1
    assert "the status is 503" in next(iter(messages))
    assert len(server.calls) == sent


def test_interim_answers_are_skipped() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\nContent-Length: 7\r\n\r\n"

    def respond(call: Call) -> bytes:
        return b"HTTP/1.1 100 Continue\r\n\r\n" + hints * 2 + b"HTTP/1.1 102 Processing\r\n\r\n" + response(call.right)

    with hostile_oms(respond) as server:
        calls = calls_to(server, 5.0)
        answers = [calls.post("/decisions", BODY) for _ in range(2)]
        calls.close()

    assert answers[0] == answers[1] == json.dumps(server.calls[0].right).encode()
    assert server.connections == 1


def test_interim_answers_without_an_end_are_no_answer() -> None:
    def respond(_: Call) -> Iterator[bytes]:
        for _ in range(200):
            server.wait(0.01)
            yield b"HTTP/1.1 103 Early Hints\r\n\r\n"
        yield b""

    server: HostileOms
    with hostile_oms(respond) as server:
        calls = calls_to(server)
        assert "no whole answer within 0.2 s" in error_of(calls, "/decisions")
        calls.close()


def test_another_protocol_is_refused() -> None:
    with hostile_oms(lambda _: b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n") as server:
        calls = calls_to(server, 5.0)
        assert "the status is 101, expected 200" in error_of(calls, "/decisions")
        calls.close()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("http://h:1", ""),
        ("http://h:1/v1", ""),
        ("http://h:1/v1/", ""),
        ("http://h:1/oms/v1", "/oms"),
        ("http://h:1/v1/v1", "/v1"),
        ("http://h:1/oms/v11", "/oms/v11"),
        ("http://h:1/myv1", "/myv1"),
    ],
)
def test_an_address_may_end_with_the_prefix_of_the_contract(url: str, path: str) -> None:
    assert address_of(url).path == path


def test_a_server_is_found_at_the_address_of_what_it_is() -> None:
    with hostile_oms() as server:
        tested = ServerUnderTest(f"{server.url}/v1")
        assert tested.record.name == "Hostile OMS"
        tested.close()


def of(**changes: Any) -> ServerUnderTest:
    """Ask a server that is described so."""
    with hostile_oms(lambda _: response(INFO | changes)) as server:
        tested = ServerUnderTest(server.url)
        try:
            tested.record  # noqa: B018 (asks)
        finally:
            tested.close()
    return tested


def test_a_word_of_a_newer_contract_is_ignored_and_listed() -> None:
    tested = of(contract="1.7", offers=["coffee", "orders", "tea"])

    assert (tested.record.contract, tested.record.offers) == ("1.7", ("orders",))
    assert tested.unknown_offers == ("coffee", "tea")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"contract": "1.0", "offers": ["orders", "coffee"]}, "offers[1] is none of the words of the contract"),
        ({"contract": "1.7", "offers": ["coffee"]}, "`offers` has no word that this program knows, only `coffee`"),
        ({"contract": "1.7", "offers": ["orders", "tea", "tea"]}, "`offers` has `tea` twice"),
        ({"contract": "1.7", "offers": ["orders", 7]}, "offers[1] is a whole number, expected a text"),
        ({"contract": "1.7", "offers": ["orders", "a\n"]}, "offers[1] has the sign U+000A"),
        ({"contract": "1.7", "readings": ["as-sung"]}, "readings[0] is none of the words"),
        ({"contract": "2.0", "offers": ["orders", "coffee"]}, "`contract` is `2.0`, expected 1.0"),
    ],
)
def test_what_is_wrong_by_any_version_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(DriverError) as raised:
        of(**changes)

    assert words in str(raised.value)


RIGHT: dict[str, Any] = dict(answers_to_examples(DECISIONS))["one case"]


def test_a_whole_number_may_have_a_point() -> None:
    with hostile_oms() as server:
        server.respond = lambda call: response(json.dumps(call.right).replace('"units": 3', '"units": 3.0').encode())
        calls = calls_to(server, 5.0)
        raw = calls.post("/orders", b'{"order_id": "A1", "invoicing": "ERP", "units": 3}')
        calls.close()

    assert b'"units": 3.0' in raw
    assert decoded(raw, OrderAnswer).order.units == 3
    assert type(decoded(raw, OrderAnswer).order.units) is int


@pytest.mark.parametrize("number", ["3.5", "1e300", "9007199254740994.0", "1.0e999", "NaN"])
def test_what_is_no_whole_number_is_refused(number: str) -> None:
    with hostile_oms() as server:
        calls = calls_to(server, 5.0)
        raw = calls.post("/orders", ORDER).replace(b'"units": 1', f'"units": {number}'.encode())
        calls.close()

    with pytest.raises(
        MismatchError, match=r"order\.units is a number, expected a whole number|not JSON|order\.units: number out of range"
    ):
        decoded(raw, OrderAnswer)


def test_a_list_that_is_too_long_is_refused_in_words() -> None:
    answer = copy.deepcopy(RIGHT)
    answer["answers"] *= 1_001
    with pytest.raises(MismatchError, match=r"answers has more entries than the contract allows; expected at most 1,000"):
        decoded(json.dumps(answer).encode(), DecisionsAnswer)

    answer = copy.deepcopy(RIGHT)
    answer["answers"][0]["decisions"][0]["clauses"] = ["SC-1"] * 2_000
    with pytest.raises(MismatchError, match=r"answers\[0\]\.decisions\[0\]\.clauses has more entries .* expected at most 1,000"):
        decoded(json.dumps(answer).encode(), DecisionsAnswer)
