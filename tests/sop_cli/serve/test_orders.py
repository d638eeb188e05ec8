"""Over HTTP an order goes through its events as in process, and the reports over orders are the same."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.duties import credit_note_ages
from orders.vms_reports import cancelled_after_posting, rsi_report
from sop_engine import Canceller, Invoicing, QualityCheck, Scope, SopError, TaskKey, load_rulebook
from sop_engine.errors import ImpossibleStepError, UnitsError
from sop_engine.order import Order
from tests.sop_cli.serve.test_answers import decision_in_words
from tests.support.contract_server import ServedContract

INDIA = timezone(timedelta(hours=5, minutes=30))
TASKS = [task.id for task in load_rulebook().tasks]
SIMPLE: dict[str, str] = {
    "allocated": "allocate",
    "found without stock": "mark_unfulfillable",
    "posted": "post",
    "pushed": "push",
    "released": "release",
    "packing tried": "pack",
    "made ready": "ready",
    "dispatched": "dispatch",
    "put on hold": "hold",
    "taken off hold": "unhold",
    "returned": "return_unit",
    "cancellation by the customer": "cancel_by_customer",
}
"""Events without fields of their own, and the method of an order that each is."""


def event(name: str, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    at = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.sampled_from([UTC, INDIA]))  # noqa: DTZ001 - the bounds have no zone
    return st.fixed_dictionaries({"event": st.just(name), **more}, optional={"at": at})


UNITS = st.integers(1, 4)
EVENTS = st.one_of(
    *(event(name) for name in SIMPLE),
    event("e-invoiced", invoice_number=st.none() | st.sampled_from(["INV-1", "INV-2"])),
    event("quality check recorded", quality_check=st.sampled_from(["pass", "fail", "missing"]), unit=st.none() | UNITS),
    event("cancellation", canceller=st.sampled_from(["seller", "Ajio"]), scope=st.just("full"), units=st.none() | UNITS),
    event("cancellation", canceller=st.sampled_from(["seller", "Ajio"]), scope=st.just("partial"), units=st.none() | UNITS),
    event("duty done", task=st.sampled_from([*TASKS, "unknown-task"])),
)
REGULAR = {
    "ERP": ["allocated", "posted", "e-invoiced", "pushed", "released", "packing tried", "made ready", "dispatched"],
    "RMS": ["allocated", "released", "packing tried", "made ready", "dispatched"],
}


@st.composite
def lives(draw: st.DrawFn) -> dict[str, Any]:
    """Some regular events with any others between them, so that all stages are reached."""
    invoicing = draw(st.sampled_from(["ERP", "RMS"]))
    events: list[dict[str, Any]] = []
    for name in REGULAR[invoicing][: draw(st.integers(0, 8))]:
        events += draw(st.lists(EVENTS, max_size=1))
        events.append(draw(event(name)))
    events += draw(st.lists(EVENTS, max_size=6))
    return {"order_id": draw(st.sampled_from(["A1", "B 2"])), "invoicing": invoicing, "units": draw(UNITS), "events": events}


def step(entry: dict[str, Any]) -> Callable[[Order], Any]:
    """What an event is on an order, written without the server's own table."""
    at = entry.get("at")
    match entry["event"]:
        case "e-invoiced":
            return lambda order: order.generate(at, entry.get("invoice_number"))
        case "quality check recorded":
            return lambda order: order.record_quality_check(QualityCheck(entry["quality_check"]), at, entry["unit"])
        case "cancellation":
            return lambda order: order.cancel(Canceller(entry["canceller"]), Scope(entry["scope"]), entry["units"], at)
        case "duty done":
            return lambda order: order.do(TaskKey(entry["task"]), at)
        case name:
            return lambda order: getattr(order, SIMPLE[name])(at)


def order_after(life: dict[str, Any]) -> tuple[Order, list[Any]]:
    """The order in process, and for each event its decision, None, or the error with which it was refused."""
    order, results = Order.created(life["order_id"], Invoicing(life["invoicing"]), life["units"]), []
    for entry in life["events"]:
        try:
            after = step(entry)(order)
        except (ImpossibleStepError, UnitsError) as error:
            results.append(error)
            continue
        order, decision = after if isinstance(after, tuple) else (after, None)
        results.append(decision)
    return order, results


def in_json(value: Any) -> Any:
    """Times as text, everything else as it is."""
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case dict():
            return {key: in_json(part) for key, part in value.items()}
        case list() | tuple():
            return [in_json(part) for part in value]
    return value


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=lives())
def test_any_life_is_as_in_process(served: ServedContract, life: dict[str, Any]) -> None:
    order, results = order_after(life)
    status, answer = served.post("/v1/orders", in_json(life))

    assert status == 200, answer
    state = answer["order"]
    for name in ("order_id", "invoicing", "stage", "e_invoice", "units_ordered", "units", "units_kept", "on_hold", "packing_error", "pending_partial", "invoice_number"):  # fmt: skip
        assert state[name] == getattr(order, name), name
    assert state["posted"] == order.was_posted
    assert state["history"] == [{"name": entry.name, "at": in_json(entry.at)} for entry in order.history]
    assert state["duties"] == [
        {
            "task": duty.task,
            "because": list(duty.because),
            "done": duty.done,
            "since": in_json(duty.since),
            "done_at": in_json(duty.done_at),
        }
        for duty in order.duties
    ]
    assert state["returns"] == [
        {"number": unit.number, "quality_check": unit.quality_check, "at": in_json(unit.at), "checked_at": in_json(unit.checked_at)}
        for unit in order.returns
    ]
    assert state["cancellations"] == [
        {
            "canceller": request.canceller,
            "scope": request.scope,
            "units": request.units,
            "stage": request.stage,
            "e_invoice": request.e_invoice,
            "decision": decision_in_words(request.decision),
            "at": in_json(request.at),
        }
        for request in order.cancellations
    ]
    for result, wanted in zip(answer["results"], results, strict=True):
        if isinstance(wanted, SopError):
            assert not result["taken"]
            assert result["decision"] is None
            assert result["reason"]
        else:
            assert result == {
                "taken": True, "decision": None if wanted is None else decision_in_words(wanted), "obstacles": [], "reason": None,
            }  # fmt: skip


@pytest.mark.parametrize(
    ("invoicing", "events", "obstacles"),
    [
        ("ERP", ["allocated", "allocated"], ["its stock is reserved already"]),
        ("ERP", ["allocated", "posted", "posted"], ["it is posted already"]),
        ("ERP", ["allocated", "e-invoiced"], ["it is not posted yet"]),
        ("RMS", ["allocated", "posted"], ["it is e-invoiced by RMS"]),
        ("ERP", ["allocated", "posted", "pushed"], ["its e-invoice is not made yet"]),
        ("ERP", ["allocated", "posted", "e-invoiced", "released"], ["its e-invoice is not pushed yet"]),
        ("RMS", ["allocated", "put on hold", "released"], ["it is on hold"]),
        ("RMS", ["allocated", "packing tried"], ["it is not released yet"]),
        ("RMS", ["allocated", "released", "cancellation by the customer"], ["it is released already"]),
        ("RMS", ["allocated", "released", "made ready"], ["it is not packed yet"]),
        ("RMS", ["allocated", "released", "packing tried", "dispatched"], ["it is not made ready yet"]),
        ("RMS", ["allocated", "released", "packing tried", "returned"], ["it is not dispatched yet"]),
        ("ERP", ["allocated", {"event": "cancellation", "canceller": "seller", "scope": "full"}, "posted"], ["it is cancelled"]),
        ("ERP", ["allocated", {"event": "duty done", "task": "credit-note"}], ["there is no such duty"]),
        ("ERP", ["allocated", {"event": "duty done", "task": "no-task-at-all"}], ["there is no such duty"]),
        ("ERP", [{"event": "cancellation", "canceller": "seller", "scope": "partial", "units": 4}], ["more units than are left"]),
        ("ERP", [{"event": "cancellation", "canceller": "seller", "scope": "full", "units": 2}], []),
        ("ERP", [{"event": "cancellation", "canceller": "seller", "scope": "partial"}], []),
        ("ERP", ["taken off hold"], []),
    ],
)  # fmt: skip
def test_what_is_in_the_way_is_said_in_closed_words(
    served: ServedContract, invoicing: str, events: list[Any], obstacles: list[str]
) -> None:
    sent = [entry if isinstance(entry, dict) else {"event": entry} for entry in events]
    _, answer = served.post("/v1/orders", {"order_id": "A1", "invoicing": invoicing, "units": 3, "events": sent})
    *before, last = answer["results"]

    assert all(result["taken"] for result in before)
    assert not last["taken"]
    assert last["obstacles"] == obstacles


def test_packing_that_failed_is_in_the_way(served: ServedContract) -> None:
    events = [{"event": name} for name in REGULAR["ERP"][:5]]
    events += [{"event": "cancellation", "canceller": "Ajio", "scope": "partial", "units": 1}, *[{"event": "packing tried"}] * 2]  # type: ignore[dict-item]
    _, answer = served.post("/v1/orders", {"order_id": "A1", "invoicing": "ERP", "units": 3, "events": events})

    assert [result["taken"] for result in answer["results"]][-2:] == [True, False]
    assert answer["results"][-1]["obstacles"] == ["its packing has failed"]
    assert answer["order"]["packing_error"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=st.lists(lives(), max_size=4), days=st.tuples(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 400)))
def test_reports_are_as_in_process(served: ServedContract, batch: list[dict[str, Any]], days: tuple[date, int]) -> None:
    orders, sent = [order_after(life)[0] for life in batch], in_json(batch)
    start, end = days[0], days[0] + timedelta(days=days[1])

    def rows_of(path: str, body: dict[str, Any], key: str, compute: Callable[[], Any], fields: list[str]) -> None:
        status, answer = served.post(path, body)
        refused = ""
        try:
            wanted = compute()
        except SopError as error:
            refused = str(error)
        if refused:
            assert (status, answer["type"], answer["detail"]) == (422, "/v1/problems/impossible", refused)
            return
        assert status == 200, answer
        assert answer[key] == [
            {name: str(value) if isinstance(value := getattr(row, name), date) and not isinstance(value, datetime) else in_json(value) for name in fields}
            for row in wanted
        ]  # fmt: skip

    rows_of(
        "/v1/reports/cancelled-after-posting", {"orders": sent, "from": str(start), "to": str(end)}, "rows",
        lambda: cancelled_after_posting(orders, start, end),
        ["channel_order_id", "posted_at", "cancelled_at", "cancelled_by", "oms_status_at_cancel", "quantity", "invoice_number", "invoice_pushed_at"],
    )  # fmt: skip
    rows_of(
        "/v1/reports/rsi", {"orders": sent}, "rows", lambda: rsi_report(orders),
        ["forward_order_code", "item_code", "qc_status", "processed_at", "forward_invoice_number"],
    )  # fmt: skip
    rows_of(
        "/v1/reports/credit-note-ages",
        {"orders": sent, "on": str(end), "annual_returns": [{"year_to_march": 2027, "furnished_on": "2027-10-01"}]}, "ages",
        lambda: [age for order in orders for age in credit_note_ages(order, end, {2027: date(2027, 10, 1)})],
        ["order_id", "days", "urgency", "basis", "reminder_on", "overdue_on"],
    )  # fmt: skip


def test_a_range_that_ends_before_it_begins_has_no_report(served: ServedContract) -> None:
    status, problem = served.post("/v1/reports/cancelled-after-posting", {"orders": [], "from": "2026-05-02", "to": "2026-05-01"})

    assert (status, problem["type"], problem["title"]) == (422, "/v1/problems/impossible", "Not possible")
    assert "give the earlier day first" in problem["detail"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_no_internal_error(served: ServedContract, day: str) -> None:
    cancelled = [
        *({"event": name, "at": f"{day}T{hour}"} for name, hour in (("allocated", "00:00:00+14:00"), ("posted", "23:59:59-12:00"))),
        {"event": "e-invoiced", "at": f"{day}T23:59:59-12:00"},
        {"event": "cancellation", "canceller": "seller", "scope": "full", "at": f"{day}T23:59:59-12:00"},
    ]
    life = {"order_id": "A1", "invoicing": "ERP", "units": 1, "events": cancelled}

    for path, body in (
        ("/v1/orders", life),
        ("/v1/reports/cancelled-after-posting", {"orders": [life], "from": day, "to": day}),
        ("/v1/reports/credit-note-ages", {"orders": [life], "on": day}),
    ):
        status, answer = served.post(path, body)
        assert status in (200, 422), answer


def test_words_that_no_register_has_are_not_kept(served: ServedContract) -> None:
    """A key of a task stays for the life of the process, so a server must not make one of each word that is sent."""
    before = len(TaskKey._keys)
    events = [{"event": "duty done", "task": f"task-{number}"} for number in range(500)]
    status, _ = served.post("/v1/orders", {"order_id": "A1", "invoicing": "ERP", "units": 1, "events": events})

    assert status == 200
    assert len(TaskKey._keys) == before
