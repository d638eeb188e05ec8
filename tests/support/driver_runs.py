"""Steps that run against a server, and servers with one changed answer."""

import copy
import json
from collections.abc import Callable
from typing import Any

from sop_engine import Reading
from steps.driver.http_driver import HttpDriver
from steps.driver.server import ServerUnderTest
from steps.language.document import source_of
from steps.run.executor import Result, execute
from tests.support.feature_runs import NOT_STATED, registry
from tests.support.hostile_oms import Call, HostileOms, Respond, response

CASE = "Given an order invoiced through the client's ERP\nAnd the order is PACKED\nAnd its e-invoice is pushed\nWhen the seller cancels the full order\nThen the cancellation is refused\n"
RETURN = (
    "Given a returned unit whose quality check is pass\nWhen the client handles the returned unit\nThen the unit goes to saleable stock\n"
)
ORDER = "Given an order of 3 units, invoiced through the client's ERP\nAnd the order has been allocated\nWhen the seller cancels 1 unit of the order\nThen the request is allowed\nAnd 2 units are left to fulfil\n"
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


def message_of(result: Result) -> str:
    """Return the message of the step that did not pass."""
    return next(step.error.message for step in result.steps if step.error is not None)


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


FIRST = ("answers", 0, "decisions", 0)


def lost(_: Call) -> bytes:
    return b""


def only(path: str, respond: Respond) -> Respond:
    """Answer rightly except to calls of *path*."""
    return lambda call: respond(call) if call.path.endswith(path) else None


def responding(body: object, status: str = "200 OK", kind: str = "application/json", **headers: str) -> Respond:
    return only("decisions", lambda _: response(body, status, kind, **headers))


def raw_of(old: bytes, new: bytes) -> Respond:
    """Answer rightly to a call for decisions, with *old* replaced once in the JSON."""
    return only("decisions", lambda call: response(json.dumps(call.right).encode().replace(old, new, 1)))
