"""Texts of a server: signs that control a terminal are refused, and a token is never shown."""

import copy
import json
from typing import Any

import pytest

from steps.driver.errors import DriverOptionError
from steps.driver.server import ServerUnderTest
from tests.support.driver_runs import CASE, FIRST, REFUSAL, WEEKS, message_of, only, put, raw_of, responding, run, to
from tests.support.hostile_oms import INFO, Call, Respond, hostile_oms, response

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
    "in a problem": responding({"title": "debug", "detail": f"Authorization: Bearer {SECRET}"}, "500 Oh", "application/problem+json"),
    "as escapes": raw_of(b'"refused"', b'"' + "".join(f"\\u{ord(sign):04X}" for sign in SECRET).encode() + b'"'),
    "with escaped slashes": raw_of(b'"refused"', json.dumps(SECRET).replace("/", "\\/").encode()),
    "in the name": only("/v1", lambda _: response(INFO | {"name": f"OMS {SECRET}", "version": "7"})),
    "in the media type": responding(b"{}", kind=f"text/{SECRET}"),
    "in the encoding": responding(b"{}", Content_Encoding=SECRET),
    "in a redirect": responding(b"", "302 Found", Location=f"http://elsewhere.example/?{''.join(f'%{ord(sign):02x}' for sign in SECRET)}"),
    "in the status line": only("decisions", lambda _: f"HTTP/1.1 {SECRET}\r\n\r\n".encode()),
    "in what is no JSON": responding(f"<p>{SECRET}</p>".encode()),
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
