"""Life cycle of an order: its history, the possible steps, and the duties that follow.

An `Order` is immutable; every step returns a new one, and an impossible step raises an error with both states. `decide` determines
whether a cancellation is allowed and which tasks follow. The order of the steps is our reading of GAP-22: under ERP an order is
posted, e-invoiced and pushed before it is released to the warehouse; under RMS the e-invoice is made at packing, and posting and
pushing have no meaning.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sop_engine.case import LIFE_STAGES, Canceller, Case, EInvoice, Invoicing, Scope, Stage
from sop_engine.decision import Decision, Modality, Outcome, Reading, Timing
from sop_engine.engine import decide, decide_return, load_rulebook
from sop_engine.errors import ImpossibleStepError, UnitsError, UnknownValueError
from sop_engine.returns import QualityCheck, ReturnDecision
from sop_engine.tasks import TaskKey

LATE_E_INVOICE = "GAP-17"
PARTIAL_OF_EVERYTHING = "GAP-39"
MOST_UNITS = 2500
BEFORE_RELEASE = (Stage.CREATED, Stage.UNFULFILLABLE, Stage.FULFILLABLE)


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """Something that happened to the order, with its time if known (with time zone)."""

    name: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """A task that the client must do, the time from which it is due, and the clauses or gaps that require it."""

    task: TaskKey
    since: datetime | None
    because: tuple[str, ...]
    done: bool = False
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A request to cancel, with the state of the order and the answer. `units` is the number requested."""

    canceller: Canceller
    scope: Scope
    units: int
    at: datetime | None
    stage: Stage
    e_invoice: EInvoice
    decision: Decision


@dataclass(frozen=True, slots=True)
class ReturnedUnit:
    """One unit that came back after dispatch; `number` counts from 1."""

    number: int
    at: datetime | None
    quality_check: QualityCheck = QualityCheck.NOT_RECORDED
    checked_at: datetime | None = None

    def decision(self, reading: Reading = Reading.AS_PRACTISED) -> ReturnDecision:
        """Return the current answer to the returned unit."""
        return decide_return(self.quality_check, reading)


@dataclass(frozen=True, slots=True)
class Order:
    """An order and its history.

    Attributes:
        units: units that are not cancelled, of `units_ordered`; a returned unit is one of them.
        on_hold: a flag beside the stage; it prevents the release and changes no answer of the SOP (GAP-38).
        pending_partial: units of an Ajio partial cancellation that is not noticed yet (AC-ERP-PART-1b).
        packing_error: packing found such a cancellation; the order does not become PACKED (GAP-29).
    """

    order_id: str
    invoicing: Invoicing
    units_ordered: int
    units: int
    stage: Stage = Stage.CREATED
    e_invoice: EInvoice = EInvoice.NOT_POSTED
    on_hold: bool = False
    pending_partial: int = 0
    packing_error: bool = False
    invoice_number: str | None = None
    cancellations: tuple[Cancellation, ...] = ()
    duties: tuple[Duty, ...] = ()
    returns: tuple[ReturnedUnit, ...] = ()
    history: tuple[OrderEvent, ...] = ()

    @classmethod
    def created(cls, order_id: str, invoicing: Invoicing, units: int = 1, at: datetime | None = None) -> "Order":
        """Return a new order of *units* units.

        Raises:
            UnitsError: an order has 1 to 2,500 units (the bound of the vendor's public order API).
            UnknownValueError: the invoicing is unknown.
        """
        if isinstance(units, bool) or not isinstance(units, int) or not 1 <= units <= MOST_UNITS:
            raise UnitsError(units, MOST_UNITS)
        if invoicing not in tuple(Invoicing):
            raise UnknownValueError("invoicing", invoicing, [str(word) for word in Invoicing])
        return cls(order_id, Invoicing(invoicing), units, units, history=(OrderEvent("created", at),))

    # State

    @property
    def state(self) -> str:
        """Return stage and e-invoice as text, for messages."""
        held = ", on hold" if self.on_hold else ""
        error = ", with a packing error" if self.packing_error else ""
        return f"{self.stage} under {self.invoicing} with its e-invoice {self.e_invoice}{held}{error}"

    @property
    def units_kept(self) -> int:
        """Return how many units are neither cancelled nor returned."""
        return self.units - len(self.returns)

    @property
    def posted_at(self) -> datetime | None:
        """Return when it was posted to the client's ERP; ``None`` if it never was, or the time is unknown."""
        return self._when("posted")

    @property
    def cancelled_at(self) -> datetime | None:
        """Return when it was cancelled in full; ``None`` if it was not."""
        return self._when("cancelled")

    @property
    def was_posted(self) -> bool:
        """Return whether it was ever posted to the client's ERP."""
        return any(event.name == "posted" for event in self.history)

    def cancellation_case(self, canceller: Canceller, scope: Scope) -> Case:
        """Return the case of a cancellation in the current state."""
        return Case(canceller, scope, self.invoicing, self.stage, self.e_invoice)

    def open_duties(self) -> tuple[Duty, ...]:
        """Return the duties that are not done yet, in the order in which they arose."""
        return tuple(duty for duty in self.duties if not duty.done)

    # Assure OMS

    def allocate(self, at: datetime | None = None) -> "Order":
        """Reserve stock for every item."""
        self._needs("be allocated", self.stage in (Stage.CREATED, Stage.UNFULFILLABLE), "CREATED or UNFULFILLABLE")
        return self._then("allocated", at, stage=Stage.FULFILLABLE)

    def mark_unfulfillable(self, at: datetime | None = None) -> "Order":
        """Mark that an item has no stock, before anything is reserved."""
        self._needs("be marked UNFULFILLABLE", self.stage is Stage.CREATED, "CREATED")
        return self._then("unfulfillable", at, stage=Stage.UNFULFILLABLE)

    def hold(self, at: datetime | None = None) -> "Order":
        """Put the order on hold; it is not released while on hold."""
        waits = not self.on_hold and self.stage in BEFORE_RELEASE
        self._needs("be put on hold", waits, "not on hold and not released yet")
        return self._then("on hold", at, on_hold=True)

    def unhold(self, at: datetime | None = None) -> "Order":
        """End the hold."""
        self._needs("be taken off hold", self.on_hold, "on hold")
        return self._then("off hold", at, on_hold=False)

    def release(self, at: datetime | None = None) -> "Order":
        """Release the order to the warehouse; under ERP only after the e-invoice is pushed."""
        invoiced = self.invoicing is Invoicing.RMS or self.e_invoice is EInvoice.PUSHED
        needed = "FULFILLABLE, not on hold" + (", its e-invoice pushed" if self.invoicing is Invoicing.ERP else "")
        self._needs("be released", self.stage is Stage.FULFILLABLE and invoiced and not self.on_hold, needed)
        return self._then("released", at, stage=Stage.PROCESSING)

    # The client's ERP

    def post(self, at: datetime | None = None) -> "Order":
        """Send the order to the client's ERP so that it can be e-invoiced."""
        fits = self.invoicing is Invoicing.ERP and self.stage is Stage.FULFILLABLE and self.e_invoice is EInvoice.NOT_POSTED
        self._needs("be posted", fits, "FULFILLABLE under ERP and not posted")
        return self._then("posted", at, e_invoice=EInvoice.POSTED)

    def generate(self, at: datetime | None = None, invoice_number: str | None = None) -> "Order":
        """Make the e-invoice in the ERP; a late one, after a full cancellation, creates the credit-note duty (GAP-17)."""
        fits = self.stage in (Stage.FULFILLABLE, Stage.CANCELLED) and self.e_invoice is EInvoice.POSTED
        self._needs("be e-invoiced", fits, "posted, and FULFILLABLE or CANCELLED")
        invoiced = self._then("e-invoice generated", at, e_invoice=EInvoice.GENERATED, invoice_number=invoice_number)
        if self.stage is Stage.CANCELLED:
            return invoiced._with_duties([(TaskKey.CREDIT_NOTE, (LATE_E_INVOICE,))], at)
        return invoiced

    def push(self, at: datetime | None = None) -> "Order":
        """Send the e-invoice from the ERP to Increff."""
        fits = self.invoicing is Invoicing.ERP and self.e_invoice is EInvoice.GENERATED
        self._needs("have its e-invoice pushed", fits, "under ERP with its e-invoice generated")
        return self._then("e-invoice pushed", at, e_invoice=EInvoice.PUSHED)

    def make_credit_note(self, at: datetime | None = None) -> "Order":
        """Make the credit note and keep it in the ERP."""
        return self.do(TaskKey.CREDIT_NOTE, at)

    def do(self, task: TaskKey, at: datetime | None = None) -> "Order":
        """Do a task that is due."""
        due = any(duty.task is task and not duty.done for duty in self.duties)
        self._needs(task.words, due, f"an order with the duty to {task.words}")
        duties = tuple(replace(d, done=True, done_at=at) if d.task is task else d for d in self.duties)
        return replace(self, duties=duties, history=(*self.history, OrderEvent(f"{task} done", at)))

    # WMS

    def pack(self, at: datetime | None = None) -> "Order":
        """Pack the order, or show an unnoticed Ajio partial cancellation as a packing error.

        The tasks that fall due when packing fails then become duties; the credit note only if an e-invoice exists.
        """
        self._needs("be packed", self.stage is Stage.PROCESSING and not self.packing_error, "PROCESSING without a packing error")
        if self.pending_partial:
            decision = decide(self.cancellation_case(Canceller.AJIO, Scope.PARTIAL))
            return self._then("packing error", at, packing_error=True)._with_duties(_due_tasks(decision, Timing.WHEN_PACKING_FAILS), at)
        invoice = EInvoice.GENERATED if self.invoicing is Invoicing.RMS else self.e_invoice
        return self._then("packed", at, stage=Stage.PACKED, e_invoice=invoice)

    def ready(self, at: datetime | None = None) -> "Order":
        """Close the manifest."""
        self._needs("be made ready to dispatch", self.stage is Stage.PACKED, "PACKED")
        return self._then("ready to dispatch", at, stage=Stage.READY_TO_DISPATCH)

    def dispatch(self, at: datetime | None = None) -> "Order":
        """Hand the parcel to the carrier."""
        self._needs("be dispatched", self.stage is Stage.READY_TO_DISPATCH, "READY_TO_DISPATCH")
        return self._then("dispatched", at, stage=Stage.COMPLETED)

    def return_unit(self, at: datetime | None = None) -> "Order":
        """Record that one unit comes back."""
        fits = self.stage is Stage.COMPLETED and len(self.returns) < self.units
        self._needs("have a unit returned", fits, "COMPLETED with a unit that has not come back")
        unit = ReturnedUnit(len(self.returns) + 1, at)
        return replace(self, returns=(*self.returns, unit), history=(*self.history, OrderEvent("unit returned", at)))

    def record_quality_check(self, check: QualityCheck, at: datetime | None = None, number: int | None = None) -> "Order":
        """Record the quality check of a returned unit (by default the first one not checked)."""
        waiting = [unit.number for unit in self.returns if unit.quality_check is QualityCheck.NOT_RECORDED]
        chosen = [number_waiting for number_waiting in waiting if number in (None, number_waiting)][:1]
        self._needs("have a quality check recorded", bool(chosen), "an order with a returned unit not checked yet")
        returns = tuple(replace(unit, quality_check=check, checked_at=at) if unit.number in chosen else unit for unit in self.returns)
        return replace(self, returns=returns, history=(*self.history, OrderEvent("quality check recorded", at)))

    # Cancelling

    def cancel(
        self,
        canceller: Canceller,
        scope: Scope,
        units: int | None = None,
        at: datetime | None = None,
        reading: Reading = Reading.AS_PRACTISED,
    ) -> tuple["Order", Decision]:
        """Return the order after a request to cancel, and the decision on the request.

        A partial request for all units left is a full one (GAP-39). Only an allowed cancellation changes the order; a
        partial one by Ajio under ERP stays unnoticed until packing. A duty is never created twice and never lost.

        Raises:
            UnitsError: *units* is not between 1 and the units left (the units ordered, if CANCELLED).
        """
        units_asked = self._units_asked(scope, units)
        cancels_all = scope is Scope.PARTIAL and units_asked == self.units
        actual_scope = Scope.FULL if cancels_all else scope
        decision = decide(self.cancellation_case(canceller, actual_scope), reading)
        if cancels_all:
            decision = _by_partial_of_everything(decision)
        request = Cancellation(canceller, actual_scope, units_asked, at, self.stage, self.e_invoice, decision)
        noted = replace(self, cancellations=(*self.cancellations, request))
        if decision.outcome is Outcome.FAILS_AT_PACKING:
            pending = min(self.pending_partial + units_asked, self.units)
            return noted._then("part cancelled at Ajio", at, pending_partial=pending), decision
        if decision.outcome is not Outcome.ALLOWED:
            return replace(noted, history=(*noted.history, OrderEvent(f"cancellation {decision.outcome}", at))), decision
        if units_asked < self.units:
            left = self.units - units_asked
            return noted._then("part cancelled", at, units=left, pending_partial=min(self.pending_partial, left)), decision
        ended = noted._then("cancelled", at, units=0, stage=Stage.CANCELLED, on_hold=False, pending_partial=0)
        if self.packing_error:
            return ended._clears_the_packing_error(canceller, at), decision
        return ended._with_duties(_due_tasks(decision, Timing.NOW), at), decision

    def cancel_by_customer(self, at: datetime | None = None) -> "Order":
        """Cancel for the customer at Ajio, before anything is posted or released; this is not a case of the SOP."""
        early = self.stage in BEFORE_RELEASE and self.e_invoice is EInvoice.NOT_POSTED
        self._needs("be cancelled by the customer", early, "neither posted nor released")
        return self._then("cancelled", at, units=0, stage=Stage.CANCELLED, on_hold=False, pending_partial=0)

    # Helpers

    def _units_asked(self, scope: Scope, units: int | None) -> int:
        most = self.units if self.stage is not Stage.CANCELLED else self.units_ordered
        if scope is Scope.FULL and units is None:
            return most
        if isinstance(units, bool) or not isinstance(units, int) or not 1 <= units <= most or (scope is Scope.FULL and units != most):
            raise UnitsError(units, most)
        return units

    def _clears_the_packing_error(self, canceller: Canceller, at: datetime | None) -> "Order":
        """Cancel after a packing error: do a step of the procedure, without a new duty.

        The seller's is step two, before step one or after it. Ajio's is step one; it has reached Assure OMS, so that step two is
        done too (GAP-30).
        """
        steps = [TaskKey.CANCEL_IN_ASSURE]
        if canceller is Canceller.AJIO:
            steps.insert(0, TaskKey.ASK_AJIO_TO_CANCEL)
        order = self
        for step in steps:
            if any(duty.task is step and not duty.done for duty in order.duties):
                order = order.do(step, at)
        return order

    def _with_duties(self, due: Iterable[tuple[TaskKey, tuple[str, ...]]], at: datetime | None) -> "Order":
        tasks_raised = {duty.task for duty in self.duties}
        new = tuple(Duty(task, at, because) for task, because in due if task not in tasks_raised)
        return replace(self, duties=self.duties + new)

    def _needs(self, step: str, fits: bool, needed: str) -> None:  # noqa: FBT001 (the condition, then its words)
        if not fits:
            raise ImpossibleStepError(step, self.state, needed)

    def _then(self, name: str, at: datetime | None, **changes: object) -> "Order":
        return replace(self, history=(*self.history, OrderEvent(name, at)), **changes)  # type: ignore[arg-type]

    def _when(self, name: str) -> datetime | None:
        return next((event.at for event in self.history if event.name == name), None)


def _by_partial_of_everything(decision: Decision) -> Decision:
    """Return *decision* on a partial request for all units left: the gap that makes it a full one decides its outcome too."""
    gap = PARTIAL_OF_EVERYTHING
    is_answered = any(entry.id == gap and entry.answer is not None for entry in load_rulebook().gaps)
    return replace(
        decision,
        gaps=tuple(sorted({*decision.gaps, gap})),
        outcome_by=(*decision.outcome_by, *[gap] * (gap not in decision.outcome_by)),
        decided=decision.decided | ({gap} if is_answered else frozenset()),
    )


def _due_tasks(decision: Decision, when: Timing) -> Iterator[tuple[TaskKey, tuple[str, ...]]]:
    """Return the tasks that the client must do and that fall due *when*, each with the clauses or gaps that require it."""
    for task in decision.tasks or ():
        if task.modality is Modality.MUST and task.when is when:
            yield task.task, decision.task_by[task.task]


def reachable_states() -> frozenset[tuple[Invoicing, Stage, EInvoice]]:
    """Return every (invoicing, stage, e-invoice) that an order reaches by its regular steps."""
    states: set[tuple[Invoicing, Stage, EInvoice]] = set()
    waiting = [Order.created("", invoicing) for invoicing in Invoicing]
    while waiting:
        order = waiting.pop()
        state = (order.invoicing, order.stage, order.e_invoice)
        if state in states:
            continue
        states.add(state)
        waiting.extend(_successors(order))
    return frozenset(states)


def cannot_occur(cases: Iterable[Case]) -> frozenset[Case]:
    """Return those of *cases* that no order reaches by its regular steps; a stage that only the register has is not judged."""
    states = reachable_states()
    return frozenset(case for case in cases if case.stage in LIFE_STAGES and (case.invoicing, case.stage, case.e_invoice) not in states)


def _successors(order: Order) -> Iterable[Order]:
    steps = (
        Order.mark_unfulfillable,
        Order.allocate,
        Order.post,
        Order.generate,
        Order.push,
        Order.release,
        Order.pack,
        Order.ready,
        Order.dispatch,
    )
    for step in steps:
        try:
            yield step(order)
        except ImpossibleStepError:
            continue
    yield order.cancel(Canceller.SELLER, Scope.FULL)[0]
