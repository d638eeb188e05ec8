"""An answer that is not of the contract is described, with the call and the place, and no example passes on it."""

import re
from pathlib import Path

import pytest

from sop_runs.record.driver_calls import read_driver_calls
from sop_runs.record.status import BROKEN, NOT_RUN, PASSED
from steps.driver.errors import DriverError
from tests.support.double import double, names_of, verified

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("in_process")]
CASE = "seller_cancellation/full_erp.feature:25"
"""An example with four cases."""
ORDER = "order_life/missing_units.feature:16"
"""An example with the life of an order."""
DECISIONS, ORDERS = "POST /v1/decisions", "POST /v1/orders"
PROBLEM = "the status is {status}, expected 200; the server says"
IN_DECISIONS = {
    "wrong type": r"answers\[0\]\.decisions\[0\]\.clauses is a text, expected a list; got `SC-ERP-FULL-1a`",
    "key left out": r"answers\[0\]\.decisions\[0\] has no `outcome`",
    "key too many": r"answers\[0\]\.decisions\[0\]: .*unknown field `mood`",
    "unknown word": r"answers\[0\]\.decisions\[0\]\.outcome is none of the words .* `allowed`, `refused`, .*; got `perhaps`",
    "another case": r"decisions\[0\]\.case is seller / full / ERP / PACKED / not posted, which was not asked",
    "case twice": r"decisions\[4\]\.case is seller / full / ERP / FULFILLABLE / not posted, which is answered twice",
    "case left out": r"decisions has 3 of 4 cases; there is no decision on seller / full / ERP / FULFILLABLE / pushed",
    "another reading": r"decisions\[0\]\.reading is `as-written`, expected `as-practised`",
    "answer too many": r"`answers` has 2 entries, expected 1",
    "list instead of an object": "the answer is a list, expected an object",
    "half a body": r"the connection was lost in the middle of the answer, .* also after 2 retries",
    "half the text": "the answer is not JSON .*: it ends too early at byte [0-9,]+, near `",
    "no body": r"the answer is not JSON \(0 bytes\): it is empty",
    "a page": "the media type of the answer is `text/html`, expected `application/json`",
    "another content type": "the media type of the answer is `text/plain`, expected `application/json`",
    "redirect": "the status is 302, expected 200; redirects are not followed",
    "internal error": f"{PROBLEM.format(status=500)}: internal: the database is gone",
    "internal error in plain text": "the status is 500, expected 200; the media type is `text/plain`",
    "not offered after all": f"{PROBLEM.format(status=501)}: not-offered",
    "refused request": f"{PROBLEM.format(status=400)}: invalid: not today",
    "hang": "no whole answer within 0.3 s",
    "drip": "no whole answer within 0.3 s",
    "lost connection": "the connection was lost .* also after 2 retries",
    "busy": "the status is 503, expected 200, without `Retry-After`; the server says: busy",
}
IN_ORDERS = {
    "number as text": "order.units is a text, expected a whole number; got `2`",
    "time without offset": r"order\.history\[0\]\.at: .*timezone.*; got `2026-04-01T10:00:00`",
    "result left out": "`results` has 0 entries, expected 1",
    "another order": "order.order_id is `B2`, expected `A1`",
    "units from nowhere": "order.units_ordered is `4`, expected `3`",
    "event without a trace": "order.history has 1 entries after `allocated` was taken, expected 2",
    "taken with an obstacle": r"results\[0\]\.taken is true, but results\[0\]\.obstacles has `it is on hold`",
}
AT_FIRST = {
    "another contract": "`contract` is `2.0`, expected 1.0 or another version 1.N",
    "no version": "the answer has no `version`",
    "unknown offer": r"offers\[8\] is none of the words of the contract; .*`decisions`, .*; got `coffee`",
    "not a list of offers": "offers is a text, expected a list; got `decisions`",
}
RED = {"unknown task": "tasks, task 0.1"}
"""In the form of the contract, so that the example fails at its claim."""
IN_THE_END = ["busy now and then", "connection lost now and then"]
SHORT_S = 0.3


def test_each_fault_is_tried() -> None:
    assert sorted(names_of("FORMS")) == sorted([*IN_DECISIONS, *IN_ORDERS, *AT_FIRST, *RED, *IN_THE_END])


@pytest.mark.parametrize(
    ("fault", "call", "example", "words"),
    [
        *((fault, DECISIONS, CASE, words) for fault, words in IN_DECISIONS.items()),
        *((fault, ORDERS, ORDER, words) for fault, words in IN_ORDERS.items()),
    ],
    ids=[*IN_DECISIONS, *IN_ORDERS],
)
def test_an_answer_that_is_not_of_the_contract_fails_in_words(fault: str, call: str, example: str, words: str, tmp_path: Path) -> None:
    with double(fault) as address:
        run = verified(address, tmp_path, example, limit=SHORT_S if fault in {"hang", "drip"} else 10.0)

    assert len(run.of(BROKEN)) == 1
    [error] = run.errors
    assert error.startswith(f"Double 0.3 ({address.removeprefix('http://')}), {call}: ")
    assert re.search(words, error), error
    assert len(run.of(NOT_RUN)) == len(run.record.scenarios) - 1
    assert not run.result.verdict.good


@pytest.mark.parametrize("fault", RED)
def test_a_word_that_the_contract_leaves_open_fails_at_its_claim(fault: str, tmp_path: Path) -> None:
    with double(fault) as address:
        run = verified(address, tmp_path, "seller_cancellation/full_erp.feature:38")

    assert list(run.red.values()) == [RED[fault]]


@pytest.mark.parametrize("fault", AT_FIRST)
def test_a_server_of_another_contract_is_refused_at_first(fault: str, tmp_path: Path) -> None:
    with double(fault) as address, pytest.raises(DriverError) as refused:
        verified(address, tmp_path, CASE)

    assert re.search(AT_FIRST[fault], str(refused.value))
    assert f"{address.removeprefix('http://')}, GET /v1: " in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", IN_THE_END)
def test_what_succeeds_in_the_end_is_counted(fault: str, tmp_path: Path) -> None:
    with double(fault) as address:
        run = verified(address, tmp_path, "order_life/missing_units.feature")

    calls = read_driver_calls(tmp_path / (tmp_path / "latest").read_text(encoding="utf-8").strip())
    assert run.red == {}
    assert len(run.of(PASSED)) == 3
    assert calls is not None
    assert 0 < calls.retries <= calls.calls
