"""Without a fault: the second implementation passes all that it offers, and agrees with this project's engine beyond the examples."""

import json
import random
from contextlib import closing
from datetime import datetime, timedelta, timezone
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sop_engine import Reading
from sop_runs.record.status import NOT_SUPPORTED, PASSED
from steps.contract.answers import answer_table
from steps.contract.answers_of_orders import answer_credit_note_ages, answer_order
from steps.contract.openapi import answers_to_examples
from steps.contract.operations import OPERATIONS, SIMULATIONS, Operation
from steps.contract.orders import CreditNoteAgesRequest, Life
from tests.support.double import Verified, double

INDIA = timezone(timedelta(hours=5, minutes=30))
REGULAR = ["allocated", "posted", "e-invoiced", "pushed", "released", "packing tried", "made ready", "dispatched"]
OTHERS = ["found without stock", "put on hold", "taken off hold", "returned", "cancellation by the customer", *REGULAR]
LIVES, SEED = 400, 20
CITED = {
    "clauses",
    "gaps",
    "source",
    "source of the outcome",
    "source of the tasks",
    "question beside it",
    "because",
    "clauses, as for FULFILLABLE",
}
"""Parts of an answer that say on what it rests."""
NOT_OFFERED = ("simulated_weeks/", "audit/")
NO_AUDITS = "not supported by Double 0.3: the contract has no operation for audits of files"
OWN_WORDS = {"reason", "why", "obstacles"}
"""What each server may say in its own words, and the obstacles, which the contract asks for in part."""


@pytest.fixture(scope="module")
def connection() -> Any:
    with double() as address, closing(HTTPConnection(address.removeprefix("http://"), timeout=10)) as opened:
        yield opened


def called(connection: HTTPConnection, method: str, path: str, body: object = None) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json"} if body is not None else {}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    return answer.status, json.load(answer)


def comparable(value: object) -> object:
    """Return an answer without what a server may word itself, and without what means the same if it is left out."""
    if isinstance(value, dict):
        return {key: comparable(part) for key, part in value.items() if key not in OWN_WORDS and part not in (None, [])}
    return [comparable(part) for part in value] if isinstance(value, list) else value


def lives() -> list[dict[str, Any]]:
    """Return orders' lives: the regular steps up to some point, with other events between them."""
    draw = random.Random(SEED)  # noqa: S311 (no secret)

    def other() -> dict[str, Any]:
        match draw.randrange(6):
            case 0 | 1:
                canceller, scope = draw.choice(["seller", "Ajio"]), draw.choice(["full", "partial"])
                return {"event": "cancellation", "canceller": canceller, "scope": scope, "units": draw.choice([None, 1, 2, 3])}
            case 2:
                return {"event": "duty done", "task": draw.choice(["credit-note", "cancel-in-assure", "ask-ajio-to-cancel"])}
            case 3:
                check, unit = draw.choice(["pass", "fail", "missing"]), draw.choice([None, 1, 2])
                return {"event": "quality check recorded", "quality_check": check, "unit": unit}
            case _:
                return {"event": draw.choice(OTHERS)}

    def life(number: int) -> dict[str, Any]:
        events = [{"event": name} for name in REGULAR[: draw.randrange(9)]]
        for _ in range(draw.randrange(7)):
            events.insert(draw.randrange(len(events) + 1), other())
        at = datetime(2026, 3, 29, tzinfo=INDIA)
        for event in events:
            at += timedelta(hours=draw.randrange(1, 400))
            event["at"] = at.isoformat()
        return {"order_id": f"A{number}", "invoicing": draw.choice(["ERP", "RMS"]), "units": draw.randrange(1, 4), "events": events}

    return [life(number) for number in range(LIVES)]


def test_every_example_that_it_offers_passes(without_fault: Verified) -> None:
    assert without_fault.red == {}
    assert without_fault.result.verdict.counts.passed == len(without_fault.of(PASSED)) > 300


def test_simulated_weeks_and_audits_are_not_supported_and_the_run_is_not_green(without_fault: Verified) -> None:
    unsupported = without_fault.of(NOT_SUPPORTED)

    assert {example.feature.partition("/")[0] for example in unsupported} == {"simulated_weeks", "audit"}
    assert len(unsupported) == len([one for one in without_fault.record.scenarios if one.feature.startswith(NOT_OFFERED)]) > 0
    assert without_fault.errors == {NO_AUDITS, "not supported by Double 0.3: it does not offer `simulations`"}
    assert not without_fault.result.verdict.good


def test_with_recorded_simulations_everything_of_the_contract_passes(with_recordings: Verified) -> None:
    assert with_recordings.red == {}
    assert with_recordings.errors == {NO_AUDITS}
    assert {example.feature.partition("/")[0] for example in with_recordings.of(NOT_SUPPORTED)} == {"audit"}
    assert with_recordings.result.verdict.accepting_unsupported().good


def test_what_has_no_recording_is_not_answered(recordings: Path) -> None:
    with double(recordings=recordings) as address, closing(HTTPConnection(address.removeprefix("http://"), timeout=10)) as connection:
        status, answer = called(connection, "POST", "/v1/simulations", {"experiment": "sale_days"})

    assert (status, answer["type"]) == (422, "/v1/problems/impossible")


def test_without_citations_only_the_lines_that_cite_are_not_supported(without_fault: Verified, without_citations: Verified) -> None:
    cited, supported = set(), set()
    for example, same in zip(without_citations.record.scenarios, without_fault.record.scenarios, strict=True):
        for step, same_step in zip(example.steps, same.steps, strict=True):
            facets = {same.claims[index].facet for index in same_step.claims}
            if example.feature.startswith(NOT_OFFERED):
                assert step.status in {"not-supported", "skipped", "passed"}
            elif facets & CITED:
                cited.add(step.status)
            else:
                supported.add(step.status)
    reasons = {f"not supported by Double 0.3: it does not offer `{name}`" for name in ("citations", "simulations")} | {NO_AUDITS}

    assert (cited, supported) == ({NOT_SUPPORTED}, {PASSED}), "also the lines after one that cites"
    assert without_citations.red == {}
    assert without_citations.errors == reasons
    assert not without_citations.result.verdict.good


def test_examples_with_citations_are_counted_and_never_green(without_citations: Verified) -> None:
    verdict = without_citations.result.verdict
    unsupported = without_citations.of(NOT_SUPPORTED)
    judged = [example for example in unsupported if any(step.kind == "then" and step.status == PASSED for step in example.steps)]
    [reason] = verdict.reasons

    assert len(without_citations.of(PASSED)) == verdict.counts.passed == verdict.counts.executed > 50
    assert (reason.count, reason.partly) == (len(unsupported), len(judged))
    assert len(judged) > 150
    assert verdict.accepting_unsupported().good


def test_the_record_names_the_system(without_fault: Verified) -> None:
    driver = without_fault.record.head.driver

    assert driver is not None
    assert (driver.title, driver.contract) == ("Double 0.3", "1.0")


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.examples and one is not SIMULATIONS], ids=lambda one: one.id)
def test_it_answers_the_examples_of_the_contract_as_they_are_published(connection: HTTPConnection, operation: Operation) -> None:
    for name, expected in answers_to_examples(operation):
        status, answer = called(connection, "POST", operation.path, operation.examples[name])

        assert (status, comparable(answer)) == (200, comparable(in_json(expected))), name


@pytest.mark.parametrize("reading", list(Reading))
def test_it_answers_all_cases_as_the_engine_does(connection: HTTPConnection, reading: Reading) -> None:
    status, answer = called(connection, "GET", f"/v1/table?reading={reading}")

    assert status == 200
    assert comparable(answer) == comparable(in_json(answer_table(reading)))


def test_orders_live_as_in_the_engine(connection: HTTPConnection) -> None:
    for life in lives():
        _, answer = called(connection, "POST", "/v1/orders", life)

        assert comparable(answer) == comparable(in_json(answer_order(msgspec.convert(life, Life)))), life


def test_credit_notes_age_as_in_the_engine(connection: HTTPConnection) -> None:
    year = {"year_to_march": 2026, "furnished_on": "2026-06-01"}
    body = {"orders": lives(), "on": "2026-07-01", "annual_returns": [year]}

    _, answer = called(connection, "POST", "/v1/reports/credit-note-ages", body)

    assert len(answer["ages"]) > 10
    assert answer == in_json(answer_credit_note_ages(msgspec.convert(body, CreditNoteAgesRequest)))


def in_json(answer: object) -> Any:
    return json.loads(msgspec.json.encode(answer))


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "problem", "place"),
    [
        ("POST", "/v1/simulations", {}, 501, "not-offered", None),
        ("GET", "/v1/orders", None, 405, "wrong-method", None),
        ("GET", "/v2", None, 404, "not-found", None),
        ("GET", "/v1/table?reading=aloud", None, 400, "invalid", "/reading"),
        ("POST", "/v1/returns", {"quality_check": "pass", "mood": "good"}, 400, "invalid", "/mood"),
        (
            "POST",
            "/v1/orders",
            {"order_id": "A", "invoicing": "ERP", "units": 1, "events": [{"event": "eaten"}]},
            400,
            "invalid",
            "/events/0",
        ),
        ("POST", "/v1/reports/rsi", {"orders": "all"}, 400, "invalid", "/orders"),
    ],
)
def test_it_says_why_a_request_has_no_answer(  # noqa: PLR0913 (a call, and what is expected)
    connection: HTTPConnection, method: str, path: str, body: object, status: int, problem: str, place: str | None
) -> None:
    answer = called(connection, method, path, body)

    assert (answer[0], answer[1]["type"], answer[1]["place"]) == (status, f"/v1/problems/{problem}", place)
