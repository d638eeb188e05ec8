"""Servers that do not speak the contract or do not offer all of it."""

import json

import pytest

from sop_runs.record.schema import DriverRecord
from steps.driver.errors import DriverError
from steps.driver.server import ServerUnderTest
from tests.support.driver_runs import AGES, CASE, ORDER, REPORT, RETURN, WEEKS, message_of, only, run
from tests.support.hostile_oms import INFO, hostile_oms, response


def record_of(url: str, before: DriverRecord | None = None) -> DriverRecord:
    """Ask the server what it is."""
    tested = ServerUnderTest(url, record=before)
    try:
        return tested.record
    finally:
        tested.close()


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
