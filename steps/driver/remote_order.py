"""An order that a server keeps: its life so far, which each call sends whole, and the server's answer to it.

The server must agree with itself: what it took before it takes again, and its history only grows. It must answer what was asked: the
decision on a request is about the state that it gave before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sop_engine import Canceller, Decision, EInvoice, Invoicing, QualityCheck, Reading, Scope, Stage, TaskKey
from sop_engine.order import Cancellation, Duty, OrderEvent, ReturnedUnit
from steps.contract import orders as contract
from steps.contract.operations import ORDERS
from steps.driver.order_life import EventRejectedError, LifeStep, OrderLife
from steps.driver.remote_state import attributes_in, check_growth, refusal_in
from steps.driver.server import ServerUnderTest

_EVENTS: dict[str, Callable[..., contract.AnyEvent]] = {
    "allocate": contract.Allocated,
    "mark_unfulfillable": contract.FoundWithoutStock,
    "hold": contract.PutOnHold,
    "unhold": contract.TakenOffHold,
    "release": contract.Released,
    "post": contract.Posted,
    "generate": contract.EInvoiced,
    "push": contract.Pushed,
    "make_credit_note": lambda at: contract.DutyDone(at=at, task=str(TaskKey.CREDIT_NOTE)),
    "pack": contract.PackingTried,
    "ready": contract.MadeReady,
    "dispatch": contract.Dispatched,
    "cancel": contract.CancellationRequested,
    "cancel_by_customer": contract.CancelledByCustomer,
}
"""The event of each step that a life which is replayed can have."""


@dataclass(frozen=True, slots=True)
class RemoteOrder:
    """An order of a server; the attributes are those of `OrderLife`, as the server gave them."""

    order_id: str
    invoicing: Invoicing
    units_ordered: int
    units: int
    units_kept: int
    stage: Stage
    e_invoice: EInvoice
    on_hold: bool
    pending_partial: int
    packing_error: bool
    was_posted: bool
    invoice_number: str | None
    cancellations: tuple[Cancellation, ...]
    duties: tuple[Duty, ...]
    returns: tuple[ReturnedUnit, ...]
    history: tuple[OrderEvent, ...]
    server: ServerUnderTest = field(compare=False, repr=False)
    life: contract.Life = field(compare=False, repr=False)

    @classmethod
    def created(cls, server: ServerUnderTest, life: contract.Life) -> "RemoteOrder":
        """Return the new order of *life*, which has no events."""
        return cls._asked(server, life)

    @classmethod
    def replayed(cls, server: ServerUnderTest, life: contract.Life, steps: Sequence[LifeStep]) -> "RemoteOrder":
        """Return the order of *life* after *steps*.

        Raises:
            EventRejectedError: the order does not take one of them.
        """
        events = [_EVENTS[step.name](**step.arguments) for step in steps]
        return cls._asked(server, _extended(life, *events))

    @property
    def state(self) -> str:
        """Return stage and e-invoice as text, for messages."""
        held = ", on hold" if self.on_hold else ""
        error = ", with a packing error" if self.packing_error else ""
        return f"{self.stage} under {self.invoicing} with its e-invoice {self.e_invoice}{held}{error}"

    def open_duties(self) -> tuple[Duty, ...]:
        """Return the duties that are not done yet."""
        return tuple(duty for duty in self.duties if not duty.done)

    def allocate(self, at: datetime | None = None) -> "RemoteOrder":
        """Reserve stock for every item."""
        return self._after(contract.Allocated(at=at))

    def mark_unfulfillable(self, at: datetime | None = None) -> "RemoteOrder":
        """Mark that an item has no stock."""
        return self._after(contract.FoundWithoutStock(at=at))

    def hold(self, at: datetime | None = None) -> "RemoteOrder":
        """Put the order on hold."""
        return self._after(contract.PutOnHold(at=at))

    def unhold(self, at: datetime | None = None) -> "RemoteOrder":
        """End the hold."""
        return self._after(contract.TakenOffHold(at=at))

    def release(self, at: datetime | None = None) -> "RemoteOrder":
        """Release the order to the warehouse."""
        return self._after(contract.Released(at=at))

    def post(self, at: datetime | None = None) -> "RemoteOrder":
        """Send the order to the client's ERP."""
        return self._after(contract.Posted(at=at))

    def generate(self, at: datetime | None = None, invoice_number: str | None = None) -> "RemoteOrder":
        """Make the e-invoice in the ERP."""
        return self._after(contract.EInvoiced(at=at, invoice_number=invoice_number))

    def push(self, at: datetime | None = None) -> "RemoteOrder":
        """Send the e-invoice from the ERP to Increff."""
        return self._after(contract.Pushed(at=at))

    def make_credit_note(self, at: datetime | None = None) -> "RemoteOrder":
        """Make the credit note."""
        return self.do(TaskKey.CREDIT_NOTE, at)

    def do(self, task: TaskKey, at: datetime | None = None) -> "RemoteOrder":
        """Do a task that is due."""
        return self._after(contract.DutyDone(at=at, task=str(task)))

    def pack(self, at: datetime | None = None) -> "RemoteOrder":
        """Try to pack the order."""
        return self._after(contract.PackingTried(at=at))

    def ready(self, at: datetime | None = None) -> "RemoteOrder":
        """Close the manifest."""
        return self._after(contract.MadeReady(at=at))

    def dispatch(self, at: datetime | None = None) -> "RemoteOrder":
        """Hand the parcel to the carrier."""
        return self._after(contract.Dispatched(at=at))

    def return_unit(self, at: datetime | None = None) -> "RemoteOrder":
        """Record that one unit comes back."""
        return self._after(contract.Returned(at=at))

    def record_quality_check(self, check: QualityCheck, at: datetime | None = None, number: int | None = None) -> "RemoteOrder":
        """Record the quality check of a returned unit."""
        return self._after(contract.QualityCheckRecorded(at=at, quality_check=str(check), unit=number))  # type: ignore[arg-type] # not `not recorded`

    def cancel(
        self, canceller: Canceller, scope: Scope, units: int | None = None, at: datetime | None = None
    ) -> tuple["RemoteOrder", Decision]:
        """Return the order after a request to cancel, and the decision on the request."""
        after = self._after(contract.CancellationRequested(at=at, canceller=canceller, scope=scope, units=units))
        return after, after.cancellations[-1].decision

    def cancel_by_customer(self, at: datetime | None = None) -> "RemoteOrder":
        """Cancel for the customer."""
        return self._after(contract.CancelledByCustomer(at=at))

    def _after(self, event: contract.AnyEvent) -> "RemoteOrder":
        return self._asked(self.server, _extended(self.life, event), self, event)

    @classmethod
    def _asked(
        cls, server: ServerUnderTest, life: contract.Life, before: "RemoteOrder | None" = None, event: contract.AnyEvent | None = None
    ) -> "RemoteOrder":
        """Return the order after *life*, whose last event is *event* if there is an order *before* it.

        Raises:
            EventRejectedError: the order does not take one of the events that are new.
            DriverError: the server gives no answer of the contract, or contradicts itself.
        """

        def converted(answer: contract.OrderAnswer) -> "RemoteOrder | EventRejectedError":
            refusal = refusal_in(answer, life, 0 if before is None else len(before.life.events))
            if refusal is not None:
                return refusal
            after = cls(server=server, life=life, **attributes_in(answer, life, server.missing_citations))
            if before is not None and event is not None:
                check_growth(before, after, event)
            return after

        order = server.ask(ORDERS, life, converted, Reading.AS_PRACTISED)
        if isinstance(order, EventRejectedError):
            raise order
        return order


def lives_of(orders: Sequence[OrderLife]) -> list[contract.Life]:
    """Return the lives of *orders* of a server, to be sent again."""
    return [order.life for order in orders if isinstance(order, RemoteOrder)]


def _extended(life: contract.Life, *events: contract.AnyEvent) -> contract.Life:
    return contract.Life(
        order_id=life.order_id, invoicing=life.invoicing, units=life.units, created_at=life.created_at, events=(*life.events, *events)
    )
