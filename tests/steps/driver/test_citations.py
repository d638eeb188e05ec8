"""A server that knows no clause ids: lines about clauses, gaps and sources are not supported, and all others are judged."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sop_runs.record.schema import ScenarioRecord
from sop_runs.record.status import as_expected, passed_in_part, status_of_steps
from steps.driver.protocol import NotSupportedError
from steps.driver.remote_answers import MissingCitations
from tests.support.driver_runs import message_of, run
from tests.support.hostile_oms import INFO, Call, Respond, hostile_oms, response

CITATIONS = {"outcome_source", "tasks_source", "clauses", "gaps", "notes", "because", "by"}
OFFERS = [capability for capability in INFO["offers"] if capability != "citations"]
PACKED = "Given an order invoiced through the client's ERP\nAnd the order is PACKED\nAnd its e-invoice is pushed\nWhen the seller cancels the full order\n"
CITED = PACKED + "Then the cancellation is refused\nAnd the SOP says so in SC-ERP-FULL-3\nAnd the client has nothing to do\n"
FOLLOWS = PACKED + "Then the cancellation is refused\nAnd it follows that the client has nothing to do\n"
ORDER = (
    "Given an order of 2 units, invoiced through the client's ERP\nAnd the order has been posted\nAnd the seller has cancelled the order\n"
    "When the order is e-invoiced\nThen the duty to make a credit note by hand and keep it in the ERP comes from GAP-17\n"
    "And the order is CANCELLED\n"
)


def uncited(value: object) -> object:
    if isinstance(value, list):
        return [uncited(part) for part in value]
    return {key: uncited(part) for key, part in value.items() if key not in CITATIONS} if isinstance(value, dict) else value


def without_citations(change: Callable[[Any], None] = lambda _: None) -> Respond:
    """Leave out what says on what an answer rests, and *change* the rest."""

    def respond(call: Call) -> bytes:
        if call.path == "/v1":
            return response(INFO | {"offers": OFFERS})
        answer = uncited(copy.deepcopy(call.right))
        change(answer)
        return response(answer)

    return respond


def statuses(steps: str, respond: Respond) -> tuple[str, list[str], str]:
    with hostile_oms(respond) as server:
        result, _ = run(steps, server)
    return result.status, [step.status for step in result.steps if step.status != "passed"], message_of(result)


def decide(**parts: Any) -> Callable[[Any], None]:
    def change(answer: Any) -> None:
        for decision in answer["answers"][0]["decisions"] if "answers" in answer else ():
            decision.update(parts)

    return change


REASON = "not supported by Hostile OMS 6.6: it does not offer `citations`"


@pytest.mark.parametrize(("steps", "lines"), [(CITED, 1), (FOLLOWS, 1), (ORDER, 1)])
def test_lines_that_cite_are_not_supported_and_the_others_are_judged(steps: str, lines: int) -> None:
    assert statuses(steps, without_citations()) == ("not-supported", ["not-supported"] * lines, REASON)


@pytest.mark.parametrize("steps", [CITED, FOLLOWS])
def test_a_line_after_one_that_cites_fails_as_any_other(steps: str) -> None:
    """Also a line that cites besides: what it says of the tasks is judged."""
    due = [{"modality": "must", "task": "credit-note", "actor": "seller", "system": "client's ERP"}]
    status, others, _ = statuses(steps, without_citations(decide(tasks=due)))

    assert status == "failed"
    assert others == (["not-supported", "failed"] if steps is CITED else ["failed"])


def test_what_such_a_server_cites_all_the_same_is_not_read() -> None:
    respond = without_citations(decide(clauses=["SC-ERP-FULL-3"], gaps=[], notes=[], outcome_source="stated", tasks_source="stated"))

    assert statuses(CITED, respond)[0] == "not-supported"


@pytest.mark.parametrize("key", sorted(CITATIONS - {"because", "by"}))
def test_a_server_that_cites_leaves_nothing_out(key: str) -> None:
    def respond(call: Call) -> bytes | None:
        if call.path != "/v1/decisions":
            return None
        answer = copy.deepcopy(call.right)
        del answer["answers"][0]["decisions"][0][key]
        return response(answer)

    status, _, message = statuses(CITED, respond)

    assert status == "broken"
    assert f"answers[0].decisions[0] has no `{key}`, which a server that offers `citations` states" in message


def looks() -> Iterator[Callable[[Any], object]]:
    yield list
    yield len
    yield bool
    yield str
    yield hash
    yield lambda cited: "SC-1" in cited
    yield lambda cited: cited[0]
    yield lambda cited: cited == ()
    yield lambda cited: cited == ()
    yield lambda cited: cited != ["SC-1"]
    yield lambda cited: "stated" in ("decided", cited)
    yield lambda cited: f"{cited}"
    yield ", ".join


@pytest.mark.parametrize("look", list(looks()))
def test_no_step_can_look_at_what_is_not_cited(look: Callable[[Any], object]) -> None:
    """So that an author's own step cannot pass because a list is empty."""
    cited = MissingCitations(REASON)

    assert cited == cited  # noqa: PLR0124 (two answers of one server are compared)
    with pytest.raises(NotSupportedError, match="citations"):
        look(cited)


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([], "not-run"),
        (["passed", "passed"], "passed"),
        (["passed", "not-supported", "passed"], "not-supported"),
        (["passed", "not-supported", "skipped"], "not-supported"),
        (["passed", "not-supported", "failed", "skipped"], "failed"),
        (["not-supported", "not-supported", "broken"], "broken"),
        (["skipped", "broken"], "broken"),
    ],
)
def test_an_example_has_the_status_of_what_is_supported(steps: list[str], status: str) -> None:
    assert status_of_steps(steps) == status


def recorded(*statuses: str, tags: tuple[str, ...] = ()) -> ScenarioRecord:
    from sop_runs.record.schema import Claim, StepRecord  # noqa: PLC0415

    claims = [
        Claim({"kind": "case"}, None, "outcome", 1, 1 if status == "passed" else 2, status == "passed", n, None)
        for n, status in enumerate(statuses)
    ]
    steps = [StepRecord(9, "Then", "so", "then", (), None, None, status, None, [number]) for number, status in enumerate(statuses)]
    kept = [claim for claim, status in zip(claims, statuses, strict=True) if status != "not-supported"]
    return ScenarioRecord("i", "a.feature", None, "S", None, 8, None, tags, status_of_steps(statuses), steps, kept)


def test_a_known_failure_is_expected_only_if_all_of_it_is_supported() -> None:
    """Otherwise a tag would hide what is not supported from the verdict."""
    tags = ("@expected-to-fail",)

    assert as_expected(recorded("failed", tags=tags))
    assert not as_expected(recorded("not-supported", "failed", tags=tags))


def test_an_example_passed_in_part_only_if_a_line_was_judged() -> None:
    assert passed_in_part(recorded("passed", "not-supported", "passed"))
    assert not passed_in_part(recorded("not-supported", "not-supported"))
    assert not passed_in_part(recorded("passed", "not-supported", "skipped"))
    assert not passed_in_part(recorded("passed"))
