"""Sentences about an order's life: what has happened to it, what happens now, where it then stands, what is then due."""

from collections.abc import Sequence

from sop_engine import Canceller, EInvoice, Invoicing, Outcome, Reading, Scope, Stage, TaskKey
from sop_engine.errors import ImpossibleStepError, UnitsError
from sop_engine.order import Order
from steps.definitions.decorators import given, parameter, then, when
from steps.support.claims import Claims
from steps.support.driver import Driver
from steps.support.obstacles import obstacles
from steps.support.order_steps import ORDER_STEPS, Step, advance_to, refusal_of, resume_to
from steps.support.vocabulary import TASKS, subject_of

parameter(
    name="progress",
    regexp="allocated|posted|e-invoiced|pushed|released|packed|made ready|dispatched",
)
parameter(
    name="step",
    regexp="allocated|posted|e-invoiced|pushed|released|packed|made ready|dispatched|found without stock|put on hold|taken off hold|returned",
    type=ORDER_STEPS,
)


@given("an order of {units}, invoiced through {invoicing}", target_fixture="order")
def _(units: int, invoicing: Invoicing, driver: Driver) -> Order:
    """A new order, with nothing reserved for it yet."""
    return driver.new_order("A1", invoicing, units)


@given("the order has been {progress}", target_fixture="order")
def _(progress: str, order: Order) -> Order:
    """The order has taken the regular way up to this step."""
    return advance_to(order, progress)


@given("it has since been {step}", target_fixture="order")
def _(step: Step, order: Order) -> Order:
    """One more step after what was said before."""
    return step(order)


@given("packing has been tried", target_fixture="order")
def _(order: Order) -> Order:
    """The warehouse has tried to pack the order; whether it is PACKED now is not said."""
    return order.pack()


@given("the order has gone on until it was {progress}", target_fixture="order")
def _(progress: str, order: Order) -> Order:
    """The order has gone on from where it stood, step by step, up to this one."""
    return resume_to(order, progress)


@given("the customer has cancelled the order", target_fixture="order")
def _(order: Order) -> Order:
    """A fact of the flow: the SOP has no sentence about it."""
    return order.cancel_by_customer()


@given("{canceller} has cancelled the order", target_fixture="order")
def _(canceller: Canceller, order: Order) -> Order:
    """An earlier cancellation of everything that was left."""
    return order.cancel(canceller, Scope.FULL)[0]


@given("{canceller} has cancelled {units} of the order", target_fixture="order")
def _(canceller: Canceller, units: int, order: Order) -> Order:
    """An earlier cancellation of a part."""
    return order.cancel(canceller, Scope.PARTIAL, units)[0]


@given("the client has done its duty to {task}", target_fixture="order")
def _(task: TaskKey, order: Order) -> Order:
    """A duty that arose before is done."""
    return order.do(task)


@when("the order is {step}", target_fixture="order")
def _(step: Step, order: Order) -> Order:
    """One step of the order's life."""
    return step(order)


@when("packing is tried", target_fixture="order")
def _(order: Order) -> Order:
    """The warehouse packs the order, and an error may stop it."""
    return order.pack()


@when("packing is to be tried again", target_fixture="refusal")
def _(order: Order) -> Exception | None:
    """The attempt, where it may be impossible."""
    return refusal_of(order.pack)


@when("the customer cancels the order", target_fixture="order")
def _(order: Order) -> Order:
    """A fact of the flow: the SOP has no sentence about it."""
    return order.cancel_by_customer()


@when("the customer is to cancel the order", target_fixture="refusal")
def _(order: Order) -> Exception | None:
    """The attempt, where it may be impossible."""
    return refusal_of(order.cancel_by_customer)


@when("{canceller} cancels the order", target_fixture="order")
def _(canceller: Canceller, order: Order) -> Order:
    """A request to cancel everything that is left, decided as the case of this moment."""
    return order.cancel(canceller, Scope.FULL)[0]


@when("{canceller} cancels {units} of the order", target_fixture="order")
def _(canceller: Canceller, units: int, order: Order) -> Order:
    """A request to cancel a part; as much as is left counts as everything (GAP-39)."""
    return order.cancel(canceller, Scope.PARTIAL, units)[0]


@when("the client does its duty to {task}", target_fixture="order")
def _(task: TaskKey, order: Order) -> Order:
    """A duty is done, and is open no more."""
    return order.do(task)


@when("the order is to be {step}", target_fixture="refusal")
def _(step: Step, order: Order) -> Exception | None:
    """The attempt, where it may be impossible."""
    return refusal_of(lambda: step(order))


@when("{canceller} is to cancel {units} of the order", target_fixture="refusal")
def _(canceller: Canceller, units: int, order: Order) -> Exception | None:
    """The attempt, where the order may not have so many units."""
    return refusal_of(lambda: order.cancel(canceller, Scope.PARTIAL, units))


@when("the client is to do its duty to {task}", target_fixture="refusal")
def _(task: TaskKey, order: Order) -> Exception | None:
    """The attempt, where there may be no such duty."""
    return refusal_of(lambda: order.do(task))


@then("that is impossible, because {obstacle}")
def _(obstacle: str, refusal: Exception | None, order: Order, claims: Claims) -> None:
    """The order cannot take the step from where it stands."""
    claims.check(subject_of_order(order), "refusal", [obstacle], obstacles(refusal, order), reading=Reading.AS_PRACTISED)


@then("that is impossible, because only {units} is/are left")
def _(units: int, refusal: Exception | None, order: Order, claims: Claims) -> None:
    """More units are named than the order has left."""
    left = refusal.most if isinstance(refusal, UnitsError) else None
    claims.check(subject_of_order(order), "refusal", units, left, reading=Reading.AS_PRACTISED)


@then("that is impossible, because there is no such duty")
def _(refusal: Exception | None, order: Order, claims: Claims) -> None:
    """The duty never arose, or it is done."""
    refused = isinstance(refusal, ImpossibleStepError)
    claims.check(subject_of_order(order), "refusal", True, refused, reading=Reading.AS_PRACTISED)  # noqa: FBT003


@then("the request is {outcome}")
def _(outcome: Outcome, order: Order, claims: Claims) -> None:
    """What became of the last request to cancel."""
    decision = order.cancellations[-1].decision
    claims.check(subject_of(decision), "outcome", str(outcome), str(decision.outcome), reading=decision.reading)


@then("the request {failure}")
def _(failure: Outcome, order: Order, claims: Claims) -> None:
    """The last request is taken in, and an error shows later."""
    decision = order.cancellations[-1].decision
    claims.check(subject_of(decision), "outcome", str(failure), str(decision.outcome), reading=decision.reading)


@then("the request is answered by our reading of {gaps}")
def _(gaps: list[str], order: Order, claims: Claims) -> None:
    """Exactly these gaps had to be read to answer it."""
    answered_gaps = list(order.cancellations[-1].decision.gaps)
    claims.check(subject_of_order(order), "gaps", gaps, answered_gaps, reading=Reading.AS_PRACTISED)


@then("the request rests on {clauses}")
def _(clauses: list[str], order: Order, claims: Claims) -> None:
    """Exactly these sentences answered it."""
    decision = order.cancellations[-1].decision
    claims.check(subject_of(decision), "clauses", clauses, list(decision.clauses), reading=decision.reading)


@then("the order is {stage}")
def _(stage: Stage, order: Order, claims: Claims) -> None:
    """Where the order stands now."""
    claims.check(subject_of_order(order), "stage", str(stage), str(order.stage), reading=Reading.AS_PRACTISED)


@then("its e-invoice is {e-invoice}")
def _(e_invoice: EInvoice, order: Order, claims: Claims) -> None:
    """How far invoicing has come by now."""
    claims.check(subject_of_order(order), "e-invoice", str(e_invoice), str(order.e_invoice), reading=Reading.AS_PRACTISED)


@then("{units} is/are left to fulfil")
def _(units: int, order: Order, claims: Claims) -> None:
    """The units that are neither cancelled nor returned."""
    claims.check(subject_of_order(order), "units", units, order.units, reading=Reading.AS_PRACTISED)


@then("an error stops the packing")
def _(order: Order, claims: Claims) -> None:
    """The packing error of a part that Ajio cancelled unsupported."""
    claims.check(subject_of_order(order), "packing error", True, order.packing_error, reading=Reading.AS_PRACTISED)  # noqa: FBT003


@then("no error has stopped the packing")
def _(order: Order, claims: Claims) -> None:
    """No such error has shown so far."""
    claims.check(subject_of_order(order), "packing error", False, order.packing_error, reading=Reading.AS_PRACTISED)  # noqa: FBT003


@then("the client's duties are to")
def _(datatable: Sequence[Sequence[str]], order: Order, claims: Claims) -> None:
    """All duties that are open now, in the order in which they are due."""
    expected = [str(TASKS(task)) for [task] in datatable]
    claims.check(subject_of_order(order), "duties", expected, open_duties(order), reading=Reading.AS_PRACTISED)


@then("the client has no open duty")
def _(order: Order, claims: Claims) -> None:
    """Whatever arose is done."""
    claims.check(subject_of_order(order), "duties", [], open_duties(order), reading=Reading.AS_PRACTISED)


@then("the duty to {task} comes from {ids}")
def _(task: TaskKey, ids: list[str], order: Order, claims: Claims) -> None:
    """The sentences and gaps that a duty arose from."""
    because = [list(duty.because) for duty in order.duties if duty.task is task]
    claims.check(subject_of_order(order), "because", [ids], because, reading=Reading.AS_PRACTISED)


def subject_of_order(order: Order) -> dict[str, object]:
    """What a claim about *order* speaks of: how it began, and what has happened to it since."""
    history = ", ".join(event.name for event in order.history)
    return {"kind": "order", "facts": {"invoicing": str(order.invoicing), "units": order.units_ordered, "history": history}}


def open_duties(order: Order) -> list[str]:
    """The tasks that are still due, in the order they arose."""
    return [str(duty.task) for duty in order.open_duties()]
