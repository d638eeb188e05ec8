"""The life of an order, as the step definitions see it; it is kept by this project's engine in memory, or by a server."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, runtime_checkable

from sop_engine import Canceller, Decision, EInvoice, Invoicing, QualityCheck, Scope, SopError, Stage, TaskKey
from sop_engine.order import Cancellation, Duty, OrderEvent, ReturnedUnit


class EventRejectedError(SopError):
    """An event that an order under test did not take.

    *obstacles* are words of `steps.driver.obstacles`, none if none of them applies; *reason* is the message without the remedy.
    """

    def __init__(self, reason: str, obstacles: Sequence[str]) -> None:
        super().__init__(f"{reason}; take the steps that lead there first, or leave this step out")
        self.reason = reason
        self.obstacles = tuple(obstacles)


@runtime_checkable
class OrderLife(Protocol):
    """An order and its history; `sop_engine.order.Order` has the meaning of each member.

    It is immutable: each event returns the order after it. An event that the order does not take raises ImpossibleStepError or UnitsError
    if this project's engine keeps it, otherwise EventRejectedError.
    """

    @property
    def order_id(self) -> str:
        """Its id."""
        ...

    @property
    def invoicing(self) -> Invoicing:
        """Where the e-invoice is made."""
        ...

    @property
    def stage(self) -> Stage:
        """Its stage."""
        ...

    @property
    def e_invoice(self) -> EInvoice:
        """How far invoicing has come."""
        ...

    @property
    def units_ordered(self) -> int:
        """Units ordered."""
        ...

    @property
    def units(self) -> int:
        """Units that are not cancelled."""
        ...

    @property
    def units_kept(self) -> int:
        """Units that are neither cancelled nor returned."""
        ...

    @property
    def on_hold(self) -> bool:
        """Whether it is on hold."""
        ...

    @property
    def packing_error(self) -> bool:
        """Whether an error has stopped the packing."""
        ...

    @property
    def pending_partial(self) -> int:
        """Units that Ajio has cancelled and packing has not noticed yet."""
        ...

    @property
    def invoice_number(self) -> str | None:
        """The number of its e-invoice."""
        ...

    @property
    def was_posted(self) -> bool:
        """Whether it was ever posted to the client's ERP."""
        ...

    @property
    def state(self) -> str:
        """Stage and e-invoice as text, for messages."""
        ...

    @property
    def history(self) -> tuple[OrderEvent, ...]:
        """What happened to it."""
        ...

    @property
    def cancellations(self) -> tuple[Cancellation, ...]:
        """The requests to cancel."""
        ...

    @property
    def duties(self) -> tuple[Duty, ...]:
        """The duties, done or not."""
        ...

    @property
    def returns(self) -> tuple[ReturnedUnit, ...]:
        """The returned units."""
        ...

    def open_duties(self) -> tuple[Duty, ...]:
        """Return the duties that are not done yet."""
        ...

    def allocate(self, at: datetime | None = None) -> "OrderLife":
        """Reserve stock for every item."""
        ...

    def mark_unfulfillable(self, at: datetime | None = None) -> "OrderLife":
        """Mark that an item has no stock."""
        ...

    def hold(self, at: datetime | None = None) -> "OrderLife":
        """Put the order on hold."""
        ...

    def unhold(self, at: datetime | None = None) -> "OrderLife":
        """End the hold."""
        ...

    def release(self, at: datetime | None = None) -> "OrderLife":
        """Release the order to the warehouse."""
        ...

    def post(self, at: datetime | None = None) -> "OrderLife":
        """Send the order to the client's ERP."""
        ...

    def generate(self, at: datetime | None = None, invoice_number: str | None = None) -> "OrderLife":
        """Make the e-invoice in the ERP."""
        ...

    def push(self, at: datetime | None = None) -> "OrderLife":
        """Send the e-invoice from the ERP to Increff."""
        ...

    def make_credit_note(self, at: datetime | None = None) -> "OrderLife":
        """Make the credit note."""
        ...

    def do(self, task: TaskKey, at: datetime | None = None) -> "OrderLife":
        """Do a task that is due."""
        ...

    def pack(self, at: datetime | None = None) -> "OrderLife":
        """Try to pack the order; a packing error is taken too."""
        ...

    def ready(self, at: datetime | None = None) -> "OrderLife":
        """Close the manifest."""
        ...

    def dispatch(self, at: datetime | None = None) -> "OrderLife":
        """Hand the parcel to the carrier."""
        ...

    def return_unit(self, at: datetime | None = None) -> "OrderLife":
        """Record that one unit comes back."""
        ...

    def record_quality_check(self, check: QualityCheck, at: datetime | None = None, number: int | None = None) -> "OrderLife":
        """Record the quality check of a returned unit, by default of the first one not checked."""
        ...

    def cancel(
        self, canceller: Canceller, scope: Scope, units: int | None = None, at: datetime | None = None
    ) -> tuple["OrderLife", Decision]:
        """Return the order after a request to cancel, and the decision on the request."""
        ...

    def cancel_by_customer(self, at: datetime | None = None) -> "OrderLife":
        """Cancel for the customer."""
        ...


class LifeStep(NamedTuple):
    """One event of a life that is replayed as a whole: the *name* of a method of `OrderLife`, and its arguments."""

    name: str
    at: datetime
    canceller: Canceller | None = None
    scope: Scope | None = None
    units: int | None = None

    @property
    def arguments(self) -> dict[str, object]:
        """The arguments of the method."""
        request = {} if self.canceller is None else {"canceller": self.canceller, "scope": self.scope, "units": self.units}
        return {"at": self.at, **request}

    def taken(self, order: OrderLife) -> OrderLife:
        """Return *order* after this event."""
        after = getattr(order, self.name)(**self.arguments)
        return after[0] if isinstance(after, tuple) else after  # type: ignore[no-any-return]
