"""The state of a server's order and the results of its events, checked against what was sent and against the state before."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sop_engine import Decision, Reading, Scope, Stage
from sop_engine.order import Cancellation, Duty, OrderEvent, ReturnedUnit
from steps.contract import orders as contract
from steps.driver.errors import quote, shortened
from steps.driver.mismatches import MismatchError
from steps.driver.order_life import EventRejectedError, OrderLife
from steps.driver.remote_answers import MissingCitations, case_text, cited_in, decision_in, key_in

_NAMES: dict[type[contract.LifeEvent], tuple[str, ...]] = {
    contract.Allocated: ("allocated",),
    contract.FoundWithoutStock: ("unfulfillable",),
    contract.PutOnHold: ("on hold",),
    contract.TakenOffHold: ("off hold",),
    contract.Released: ("released",),
    contract.Posted: ("posted",),
    contract.EInvoiced: ("e-invoice generated",),
    contract.Pushed: ("e-invoice pushed",),
    contract.PackingTried: ("packed", "packing error"),
    contract.MadeReady: ("ready to dispatch",),
    contract.Dispatched: ("dispatched",),
    contract.Returned: ("unit returned",),
    contract.QualityCheckRecorded: ("quality check recorded",),
    contract.CancelledByCustomer: ("cancelled",),
    contract.CancellationRequested: ("cancelled", "part cancelled", "part cancelled at Ajio"),
}
"""How the history names each event that changed the order."""


def refusal_in(answer: contract.OrderAnswer, life: contract.Life, first_new: int) -> EventRejectedError | None:
    """Return the first event that the order did not take, as an error; None if it took all. Events before *first_new* were taken before.

    Raises:
        MismatchError: the results do not fit the events.
    """
    if len(answer.results) != len(life.events):
        raise MismatchError(f"`results` has {len(answer.results):,} entries, expected {len(life.events):,}, one for each event")
    for number, (event, result) in enumerate(zip(life.events, answer.results, strict=True)):
        place, is_request = f"results[{number}]", isinstance(event, contract.CancellationRequested)
        if result.taken and result.obstacles:
            raise MismatchError(f"{place}.taken is true, but {place}.obstacles has {quote(result.obstacles[0])}")
        if result.taken and (result.decision is not None) != is_request:
            raise MismatchError(
                f"{place}.decision is {'missing; a request to cancel has one' if is_request else 'there; only a request to cancel has one'}"
            )
        if not result.taken and number < first_new:
            raise MismatchError(f"{place}.taken is false, but this event (`{_tag(event)}`) was taken in the call before")
        if not result.taken and not result.obstacles and not (result.reason or "").strip():
            raise MismatchError(f"{place}.taken is false, and neither its `obstacles` nor its `reason` says why")
        if not result.taken:
            reason = ", ".join(result.obstacles) or shortened(result.reason or "")
            return EventRejectedError(f"the order does not take `{_tag(event)}`: {reason}", result.obstacles)
    return None


def attributes_in(answer: contract.OrderAnswer, life: contract.Life, missing_citations: MissingCitations | None) -> dict[str, Any]:
    """Return the attributes of an order.

    Raises:
        MismatchError: it is another order than the one that was sent, or its requests to cancel are not those that were sent, or not those of the results.
    """
    state = answer.order
    sent = {"order_id": life.order_id, "invoicing": life.invoicing, "units_ordered": life.units}
    for name, value in sent.items():
        if getattr(state, name) != value:
            raise MismatchError(f"order.{name} is {quote(getattr(state, name))}, expected {quote(value)}, which was sent")
    for name in ("stage", "e_invoice", "units", "units_kept", "on_hold", "pending_partial", "packing_error", "invoice_number"):
        sent[name] = getattr(state, name)
    return {
        **sent,
        "was_posted": state.posted,
        "cancellations": tuple(_cancellations(answer, life, missing_citations)),
        "duties": tuple(_duty(duty, f"order.duties[{number}]", missing_citations) for number, duty in enumerate(state.duties)),
        "returns": tuple(ReturnedUnit(unit.number, unit.at, unit.quality_check, unit.checked_at) for unit in state.returns),
        "history": tuple(OrderEvent(entry.name, entry.at) for entry in state.history),
    }


def check_growth(before: OrderLife, after: OrderLife, event: contract.AnyEvent) -> None:
    """Check that *after* is *before* with *event* added.

    Raises:
        MismatchError: the history is not that of before with the event, or the request was decided for another case.
    """
    first_new = len(before.history)
    for number, (was, now) in enumerate(zip(before.history, after.history, strict=False)):
        if was.name != now.name:
            raise MismatchError(f"order.history[{number}].name is {quote(now.name)}, expected {quote(was.name)}, as in the call before")
    if len(after.history) <= first_new:
        raise MismatchError(f"order.history has {len(after.history):,} entries after `{_tag(event)}` was taken, expected {first_new + 1:,}")
    if isinstance(event, contract.CancellationRequested):
        _check_case(before, event, after.cancellations[-1].decision)
    _check_requests_before(before, after, event)
    expected = _names_of(event, after)
    if after.history[first_new].name not in expected:
        words = " or ".join(map(quote, expected))
        raise MismatchError(f"order.history[{first_new}].name is {quote(after.history[first_new].name)}, expected {words}")


def _check_case(before: OrderLife, event: contract.CancellationRequested, decision: Decision) -> None:
    takes_all = event.scope is Scope.FULL or (event.units == before.units and before.stage is not Stage.CANCELLED)
    asked = {
        "canceller": event.canceller,
        "scope": Scope.FULL if takes_all else event.scope,
        "invoicing": before.invoicing,
        "stage": before.stage,
        "e_invoice": before.e_invoice,
    }
    for name, value in asked.items():
        if getattr(decision.case, name) != value:
            raise MismatchError(
                f"results[-1].decision.case is {case_text(decision.case)}, but its `{name}` should be {quote(value)}, by the request and the order"
                " before it"
            )


def _names_of(event: contract.AnyEvent, after: OrderLife) -> tuple[str, ...]:
    if isinstance(event, contract.DutyDone):
        return (f"{event.task} done",)
    names = _NAMES[type(event)]
    if isinstance(event, contract.CancellationRequested):
        return (*names, f"cancellation {after.cancellations[-1].decision.outcome}")
    return names


def _cancellations(answer: contract.OrderAnswer, life: contract.Life, missing_citations: MissingCitations | None) -> Iterator[Cancellation]:
    """Yield the requests to cancel; all events of *life* were taken."""
    asked = [event for event in life.events if isinstance(event, contract.CancellationRequested)]
    decided = [result.decision for result in answer.results if result.decision is not None and result.taken]
    requests = answer.order.cancellations
    if len(decided) != len(requests):
        raise MismatchError(
            f"order.cancellations has {len(requests):,} entries, expected {len(decided):,}, one for each request that was taken"
        )
    for number, (event, request, result) in enumerate(zip(asked, requests, decided, strict=True)):
        place = f"order.cancellations[{number}]"
        decision = decision_in(request.decision, Reading.AS_PRACTISED, f"{place}.decision", missing_citations)
        if decision != decision_in(result, Reading.AS_PRACTISED, "results", missing_citations):
            raise MismatchError(f"{place}.decision is another one than in `results`")
        _check_request(request, event, life, place)
        yield Cancellation(request.canceller, request.scope, request.units, request.at, request.stage, request.e_invoice, decision)


def _check_request(request: contract.CancellationAnswered, event: contract.CancellationRequested, life: contract.Life, place: str) -> None:
    """Check an entry on a request to cancel against the *event* that was sent, and against its own decision.

    A partial request for all units left is a full one (GAP-39), so that the scope is that of the decision.
    """
    case = request.decision.case
    sent: dict[str, object] = {"canceller": event.canceller, "units": event.units, "at": event.at}
    if event.scope is Scope.FULL:
        sent["scope"] = event.scope
    for name, value in sent.items():
        if value is not None and getattr(request, name) != value:
            raise MismatchError(f"{place}.{name} is {_quoted(getattr(request, name))}, expected {_quoted(value)}, which was asked")
    for name in ("canceller", "scope", "stage", "e_invoice"):
        if getattr(request, name) != getattr(case, name):
            raise MismatchError(
                f"{place}.{name} is {_quoted(getattr(request, name))}, expected {_quoted(getattr(case, name))}, as in its decision"
            )
    if case.invoicing is not life.invoicing:
        raise MismatchError(
            f"{place}.decision.case.invoicing is {_quoted(case.invoicing)}, expected {_quoted(life.invoicing)}, which was sent"
        )
    fewest = 0 if request.stage is Stage.CANCELLED else 1
    if not fewest <= request.units <= life.units:
        raise MismatchError(f"{place}.units is {_quoted(request.units)}, expected {fewest} to {life.units:,}, the units ordered")


def _check_requests_before(before: OrderLife, after: OrderLife, event: contract.AnyEvent) -> None:
    for number, (was, now) in enumerate(zip(before.cancellations, after.cancellations, strict=False)):
        for name in ("units", "scope", "stage", "e_invoice", "at", "decision"):
            if getattr(was, name) != getattr(now, name):
                place = f"order.cancellations[{number}].{name}"
                values = (
                    "another one than"
                    if name == "decision"
                    else f"{_quoted(getattr(now, name))}, expected {_quoted(getattr(was, name))}, as"
                )
                raise MismatchError(f"{place} is {values} in the call before")
    if isinstance(event, contract.CancellationRequested) and event.units is None and before.stage is not Stage.CANCELLED:
        request = after.cancellations[-1]
        if request.units != before.units:
            place = f"order.cancellations[{len(after.cancellations) - 1}].units"
            raise MismatchError(f"{place} is {_quoted(request.units)}, expected {_quoted(before.units)}, all that were left")


def _quoted(value: object) -> str:
    return quote(value.isoformat() if isinstance(value, datetime) else value)


def _duty(duty: contract.DutyOfOrder, place: str, missing_citations: MissingCitations | None) -> Duty:
    because = cited_in(duty.because, f"{place}.because", missing_citations)
    return Duty(key_in(duty.task, f"{place}.task"), duty.since, because, duty.done, duty.done_at)


def _tag(event: contract.AnyEvent) -> str:
    return str(event.__struct_config__.tag)
