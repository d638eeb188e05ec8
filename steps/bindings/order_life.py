"""Steps about the events of an order: its earlier events, the next event, and then its stage and open duties."""

from sop_engine import Canceller, Decision, EInvoice, Invoicing, Outcome, Reading, Scope, Source, Stage, TaskKey
from steps.contract.obstacles import NO_SUCH_DUTY
from steps.definitions.decorators import ANY_SENTENCE, given, parameter, then, when
from steps.definitions.tables import FilledTable
from steps.driver.order_life import OrderLife
from steps.driver.protocol import Driver
from steps.support.claims import Check, Claims
from steps.support.idle_facts import idle_units
from steps.support.order_attempts import Refusal, cancel_by_request, cancel_missing_units, refusal_of, request_in, try_to_pack
from steps.support.order_steps import (
    ORDER_STEPS,
    Step,
    advance_to,
    cancel,
    cancel_without_effect,
    check_missing_units,
    check_stage_of_a_life,
    fail_to_pack,
    has_packing_error,
    has_units_left,
    is_cancelled_after_the_error,
    is_in_the_life_cycle,
    is_invoiced_afterwards,
    is_partial,
    is_posted_afterwards,
    is_pushed_afterwards,
    is_under_erp,
    is_under_rms,
    resume_to,
    waits_for_the_error,
)
from steps.support.task_tables import DUTIES
from steps.support.vocabulary import subject_of

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
def _(units: int, invoicing: Invoicing, driver: Driver) -> OrderLife:
    """A new order without reserved stock."""
    return driver.new_order("A1", invoicing, units)


@given("the order has been {progress}", target_fixture="order", follows=["an order of {units}, invoiced through {invoicing}"])
def _(progress: str, order: OrderLife) -> OrderLife:
    """The order has taken its regular steps up to this one."""
    return advance_to(order, progress)


@given(
    "it has since been {step}",
    target_fixture="order",
    follows=[ANY_SENTENCE],
    about={"GAP-17": is_invoiced_afterwards, "GAP-38": "hold", "GAP-55": is_pushed_afterwards},
)
def _(step: Step, order: OrderLife) -> OrderLife:
    """One more step after those of the lines above."""
    return step(order)


@given("its packing has failed", target_fixture="order", follows=[ANY_SENTENCE], about={"AC-ERP-PART-1d": "", "GAP-29": ""})
def _(order: OrderLife) -> OrderLife:
    """An error has stopped the packing, because Ajio had cancelled part of the order (not supported)."""
    return fail_to_pack(order)


@given("the order has gone on until it was {progress}", target_fixture="order", follows=[ANY_SENTENCE])
def _(progress: str, order: OrderLife) -> OrderLife:
    """The order has taken its remaining regular steps up to this one."""
    return resume_to(order, progress)


@given("the customer has cancelled the order", target_fixture="order", follows=[ANY_SENTENCE], about={"GAP-33": ""})
def _(order: OrderLife) -> OrderLife:
    """An earlier cancellation by the customer; the SOP has no clause about it."""
    return order.cancel_by_customer()


@given(
    "{canceller} has cancelled the order",
    target_fixture="order",
    follows=[ANY_SENTENCE],
    about={"GAP-30": is_cancelled_after_the_error},
)
def _(canceller: Canceller, order: OrderLife) -> OrderLife:
    """An earlier cancellation of all remaining units; it took effect."""
    return cancel(order, canceller, Scope.FULL)


@given(
    "{canceller} has cancelled {units} of the order",
    target_fixture="order",
    follows=[ANY_SENTENCE],
    about={"GAP-24": is_partial, "GAP-54": has_units_left},
)
def _(canceller: Canceller, units: int, order: OrderLife) -> OrderLife:
    """An earlier cancellation of so many units; it took effect, at least at Ajio."""
    return cancel(order, canceller, Scope.PARTIAL, units)


@given(
    "the seller has cancelled {units} of the order, because units are missing at packing",
    target_fixture="order",
    follows=[ANY_SENTENCE],
    about={"GAP-24": is_partial, "GAP-40": "", "GAP-54": has_units_left},
)
def _(units: int, order: OrderLife) -> OrderLife:
    """An earlier cancellation of so many units of an order in PROCESSING; it took effect."""
    check_missing_units(order)
    return cancel(order, Canceller.SELLER, Scope.PARTIAL, units)


@given("{canceller} has tried without success to cancel the order", target_fixture="order", follows=[ANY_SENTENCE])
def _(canceller: Canceller, order: OrderLife) -> OrderLife:
    """An earlier request to cancel all remaining units; it was refused, failed on screen or was without effect."""
    return cancel_without_effect(order, canceller, Scope.FULL)


@given("{canceller} has tried without success to cancel {units} of the order", target_fixture="order", follows=[ANY_SENTENCE])
def _(canceller: Canceller, units: int, order: OrderLife) -> OrderLife:
    """An earlier request to cancel so many units; it was refused, failed on screen or was without effect."""
    return cancel_without_effect(order, canceller, Scope.PARTIAL, units)


@given("the client has done its duty to {task}", target_fixture="order", follows=[ANY_SENTENCE])
def _(task: TaskKey, order: OrderLife) -> OrderLife:
    """An earlier duty has been done."""
    return order.do(task)


@when(
    "the order is {step}",
    target_fixture="order",
    about={
        "GAP-15": is_under_rms,
        "GAP-17": is_invoiced_afterwards,
        "GAP-22": is_in_the_life_cycle,
        "GAP-38": "hold",
        "GAP-55": is_pushed_afterwards,
    },
)
def _(step: Step, order: OrderLife, claims: Claims) -> OrderLife:
    """One step of the order."""
    claims.attempt()
    return step(order)


@when(
    "packing is tried",
    target_fixture="order",
    about={"AC-ERP-PART-1c": is_under_erp, "AC-ERP-PART-1d": has_packing_error, "GAP-29": has_packing_error},
)
def _(order: OrderLife, claims: Claims) -> OrderLife:
    """The warehouse packs the order; an error may stop it."""
    return try_to_pack(order, claims)


@when("someone tries to pack the order again", target_fixture="refusal", follows=[ANY_SENTENCE], about={"GAP-29": has_packing_error})
def _(order: OrderLife, claims: Claims) -> Refusal:
    """An attempt to pack, which is impossible."""
    return refusal_of(order, order.pack, claims)


@when("the customer cancels the order", target_fixture="order", about={"GAP-33": ""})
def _(order: OrderLife, claims: Claims) -> OrderLife:
    """A cancellation by the customer; the SOP has no clause about it."""
    claims.attempt()
    return order.cancel_by_customer()


@when("the customer tries to cancel the order", target_fixture="refusal", follows=[ANY_SENTENCE], about={"GAP-33": ""})
def _(order: OrderLife, claims: Claims) -> Refusal:
    """An attempt of the customer to cancel, which is impossible."""
    return refusal_of(order, order.cancel_by_customer, claims)


@when("{canceller} cancels the order", target_fixture="order", about={"GAP-30": is_cancelled_after_the_error})
def _(canceller: Canceller, order: OrderLife, claims: Claims) -> OrderLife:
    """A request to cancel all remaining units, decided by the order's case at this time."""
    return cancel_by_request(order, canceller, Scope.FULL, None, claims)


@when(
    "{canceller} cancels {units} of the order",
    target_fixture="order",
    about={"AC-ERP-PART-1b": waits_for_the_error, "GAP-24": is_partial},
)
def _(canceller: Canceller, units: int, order: OrderLife, claims: Claims) -> OrderLife:
    """A request to cancel so many units; all remaining units count as the full order (GAP-39)."""
    return cancel_by_request(order, canceller, Scope.PARTIAL, units, claims)


@when("the seller cancels the order, because units are missing at packing", target_fixture="order", about={"GAP-40": ""})
def _(order: OrderLife, claims: Claims) -> OrderLife:
    """A request to cancel all remaining units of an order in PROCESSING; the SOP does not mention missing units."""
    return cancel_missing_units(order, Scope.FULL, None, claims)


@when(
    "the seller cancels {units} of the order, because units are missing at packing",
    target_fixture="order",
    about={"GAP-24": is_partial, "GAP-40": ""},
)
def _(units: int, order: OrderLife, claims: Claims) -> OrderLife:
    """A request to cancel so many units of an order in PROCESSING; the SOP does not mention missing units."""
    return cancel_missing_units(order, Scope.PARTIAL, units, claims)


@when("the client does its duty to {task}", target_fixture="order")
def _(task: TaskKey, order: OrderLife, claims: Claims) -> OrderLife:
    """The duty is done and is no longer open."""
    claims.attempt()
    return order.do(task)


@when(
    "someone tries to get the order {step}",
    target_fixture="refusal",
    follows=[ANY_SENTENCE],
    about={"GAP-15": is_under_rms, "GAP-22": is_in_the_life_cycle, "GAP-38": "hold", "GAP-46": is_posted_afterwards},
)
def _(step: Step, order: OrderLife, claims: Claims) -> Refusal:
    """An attempt of this step, which is impossible."""
    return refusal_of(order, lambda: step(order), claims)


@when("{canceller} tries to cancel {units} of the order", target_fixture="refusal", follows=[ANY_SENTENCE], about={"GAP-24": ""})
def _(canceller: Canceller, units: int, order: OrderLife, claims: Claims) -> Refusal:
    """An attempt to cancel more units than the order has left."""
    return refusal_of(order, lambda: order.cancel(canceller, Scope.PARTIAL, units), claims)


@when("the client tries to do its duty to {task}", target_fixture="refusal", follows=[ANY_SENTENCE])
def _(task: TaskKey, order: OrderLife, claims: Claims) -> Refusal:
    """An attempt to do a duty that the client does not have."""
    return refusal_of(order, lambda: order.do(task), claims)


@then("that is impossible, because {obstacle}")
def _(obstacle: str, refusal: Refusal, claims: Claims) -> None:
    """The order cannot take the step in its present state."""
    refusal.check_latest(claims)
    claims.check(subject_of_order(refusal.order), "refusal", [obstacle], refusal.reasons, reading=Reading.AS_PRACTISED)


@then("that is impossible, because only {units-are} left")
def _(units: int, refusal: Refusal, claims: Claims) -> None:
    """The request names more units than the order has left."""
    refusal.check_latest(claims)
    claims.check(subject_of_order(refusal.order), "refusal", units, refusal.units_left, reading=Reading.AS_PRACTISED)


@then("that is impossible, because there is no such duty")
def _(refusal: Refusal, claims: Claims) -> None:
    """The duty never arose, or it is already done."""
    refusal.check_latest(claims)
    claims.check(subject_of_order(refusal.order), "refusal", [NO_SUCH_DUTY], refusal.reasons, reading=Reading.AS_PRACTISED)


@then("the request is {outcome}")
def _(outcome: Outcome, order: OrderLife, claims: Claims) -> None:
    """The outcome of the request in the When."""
    decision = request_in(order, claims)
    claims.check(subject_of(decision), "outcome", str(outcome), str(decision.outcome), reading=decision.reading)


@then("the request {failure}")
def _(failure: Outcome, order: OrderLife, claims: Claims) -> None:
    """The request in the When is accepted, and an error appears later."""
    decision = request_in(order, claims)
    claims.check(subject_of(decision), "outcome", str(failure), str(decision.outcome), reading=decision.reading)


@then("the request is answered by {basis} {gaps}")
def _(basis: Source, gaps: list[str], order: OrderLife, claims: Claims) -> None:
    """Exactly the resolutions of these gaps have a part in the answer to the request; we assume it, or the owner of the SOP has decided it."""
    decision = request_in(order, claims)
    checks: list[Check] = [("gaps", gaps, list(decision.gaps)), ("source", str(basis), source_by_gaps(decision))]
    claims.check_all(subject_of_order(order), checks, reading=Reading.AS_PRACTISED)


@then("the request rests on {clauses}")
def _(clauses: list[str], order: OrderLife, claims: Claims) -> None:
    """Exactly these clauses give the answer to the request in the When."""
    decision = request_in(order, claims)
    claims.check(subject_of(decision), "clauses", clauses, list(decision.clauses), reading=decision.reading)


@then("the order is {stage}")
def _(stage: Stage, order: OrderLife, claims: Claims) -> None:
    """The stage of the order now."""
    check_stage_of_a_life(stage)
    claims.check(subject_of_order(order), "stage", str(stage), str(order.stage), reading=Reading.AS_PRACTISED)


@then("its e-invoice is {e-invoice}")
def _(e_invoice: EInvoice, order: OrderLife, claims: Claims) -> None:
    """How far invoicing has come now."""
    claims.check(subject_of_order(order), "e-invoice", str(e_invoice), str(order.e_invoice), reading=Reading.AS_PRACTISED)


@then("{units-are} left to fulfil", idle=idle_units)
def _(units: int, order: OrderLife, claims: Claims) -> None:
    """The number of units that are neither cancelled nor returned."""
    claims.check(subject_of_order(order), "units", units, order.units_kept, reading=Reading.AS_PRACTISED)


@then("an error stops the packing")
def _(order: OrderLife, claims: Claims) -> None:
    """The packing error after Ajio cancelled part of the order (not supported)."""
    claims.check(subject_of_order(order), "packing error", True, order.packing_error, reading=Reading.AS_PRACTISED)  # noqa: FBT003


@then("no error has stopped the packing")
def _(order: OrderLife, claims: Claims) -> None:
    """There has been no packing error so far."""
    claims.check(subject_of_order(order), "packing error", False, order.packing_error, reading=Reading.AS_PRACTISED)  # noqa: FBT003


@then("the client's duties are to", table=DUTIES)
def _(datatable: FilledTable, order: OrderLife, claims: Claims) -> None:
    """All duties that are open now, in the order in which they are due."""
    expected = [str(row["task"]) for row in datatable.rows]
    claims.check(subject_of_order(order), "duties", expected, open_duties(order), reading=Reading.AS_PRACTISED)


@then("the client has no open duty")
def _(order: OrderLife, claims: Claims) -> None:
    """Every duty that arose is done."""
    claims.check(subject_of_order(order), "duties", [], open_duties(order), reading=Reading.AS_PRACTISED)


@then("the duty to {task} comes from {ids}")
def _(task: TaskKey, ids: list[str], order: OrderLife, claims: Claims) -> None:
    """The clauses and gaps from which the duty arose."""
    because = [list(duty.because) for duty in order.duties if duty.task is task]
    claims.check(subject_of_order(order), "because", [ids], because, reading=Reading.AS_PRACTISED)


def subject_of_order(order: OrderLife) -> dict[str, object]:
    """Return the subject of a claim about *order*: its invoicing, its ordered units and its history."""
    history = ", ".join(event.name for event in order.history)
    return {"kind": "order", "facts": {"invoicing": str(order.invoicing), "units": order.units_ordered, "history": history}}


def source_by_gaps(decision: Decision) -> str:
    """Return the source of the parts of *decision* that gaps decide: decided, if the owner has answered all of these gaps."""
    sources = (decision.outcome_source, decision.tasks_source)
    by_gaps = {source for source in sources if source in {Source.ASSUMED, Source.DECIDED}}
    return str(Source.DECIDED if by_gaps == {Source.DECIDED} else Source.ASSUMED) if by_gaps else " and ".join(sources)


def open_duties(order: OrderLife) -> list[str]:
    """Return the tasks of the open duties, in the order in which they arose."""
    return [str(duty.task) for duty in order.open_duties()]
