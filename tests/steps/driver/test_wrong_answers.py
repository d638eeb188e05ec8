"""A server that answers in another form or with other values: the scenario fails in words that name server, call and field."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.driver_runs import AGES, CASE, FIRST, ORDER, REFUSAL, REPORT, RETURN, WEEKS, message_of, put, run, to
from tests.support.hostile_oms import Call, Respond, hostile_oms

WHOLE = "Given an order of 3 units, invoiced through the client's ERP\nAnd the order has been allocated\nWhen the seller cancels the order\nThen the request is allowed\n"
TWICE = ORDER + "When the seller cancels 2 units of the order\nThen the request is allowed\n"
AGAIN = WHOLE + "When the seller cancels the order\nThen the request is without effect\n"


@pytest.mark.parametrize(
    "steps", [CASE, RETURN, ORDER, WHOLE, TWICE, AGAIN, REFUSAL, REPORT, AGES, pytest.param(WEEKS, marks=pytest.mark.slow)]
)
def test_a_server_that_answers_rightly_passes(steps: str) -> None:
    with hostile_oms() as server:
        result, tested = run(steps, server)

    assert result.status == "passed", message_of(result)
    assert tested.counts == (len(server.calls), 0)
    assert server.connections == 1, "the connection is kept"


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
