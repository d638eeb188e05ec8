"""Contract of an order's life: the events of an order, its state after them, and the reports over orders.

A life is sent whole in each request. A server with real orders takes the events on a fresh test order.
"""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from orders.duties import Urgency
from sop_engine import Canceller, EInvoice, Invoicing, QualityCheck, Scope, Stage
from sop_engine.order import MOST_UNITS
from steps.contract.cases import BY_CITATIONS, MOST_ENTRIES, AnswerPart, DecisionOfCase, Id, RequestPart, TaskId
from steps.contract.obstacles import Obstruction

MOST_EVENTS, MOST_ORDERS = 1_000, 10_000
"""Events of one life, and orders of one report."""
MOST_ENTRIES_OF_ORDER, MOST_ROWS = 10_000, 200_000
"""Entries of each list of an order after its events, and rows of a report: more than the events that fit into a request can cause."""

Time = Annotated[datetime, Meta(tz=True, description="A time with its offset (RFC 3339).", examples=["2026-04-01T10:00:00+05:30"])]
Units = Annotated[int, Meta(ge=1, le=MOST_UNITS)]
OrderId = Annotated[str, Meta(min_length=1, max_length=100, examples=["A1"])]
InvoiceNumber = Annotated[str, Meta(min_length=1, max_length=100, examples=["INV-1"])]


# Events


class LifeEvent(RequestPart, tag_field="event"):
    """Something that is tried on the order; without a time, the time is unknown."""

    at: Time | None = None


class Allocated(LifeEvent, tag="allocated"):
    """Stock is reserved for every item."""


class FoundWithoutStock(LifeEvent, tag="found without stock"):
    """An item has no stock, before anything is reserved."""


class Posted(LifeEvent, tag="posted"):
    """The order is sent to the client's ERP."""


class EInvoiced(LifeEvent, tag="e-invoiced"):
    """The client's ERP makes the e-invoice."""

    invoice_number: InvoiceNumber | None = None


class Pushed(LifeEvent, tag="pushed"):
    """The e-invoice is sent from the ERP to Increff."""


class Released(LifeEvent, tag="released"):
    """The order is released to the warehouse."""


class PackingTried(LifeEvent, tag="packing tried"):
    """The warehouse packs the order; an error may stop it, which is taken too."""


class MadeReady(LifeEvent, tag="made ready"):
    """The manifest is closed."""


class Dispatched(LifeEvent, tag="dispatched"):
    """The parcel is handed to the carrier."""


class PutOnHold(LifeEvent, tag="put on hold"):
    """The order is put on hold."""


class TakenOffHold(LifeEvent, tag="taken off hold"):
    """The hold ends."""


class Returned(LifeEvent, tag="returned"):
    """One unit comes back."""


class QualityCheckRecorded(LifeEvent, tag="quality check recorded", kw_only=True):
    """The quality check of a returned unit."""

    quality_check: Literal["pass", "fail", "missing"]
    unit: Annotated[Units | None, Meta(description="Number of the returned unit, from 1; null: the first one that is not checked.")] = None


class CancellationRequested(LifeEvent, tag="cancellation", kw_only=True):
    """A request to cancel. It is taken also if it is refused, fails or is without effect: the result has the decision on it."""

    canceller: Canceller
    scope: Scope
    units: Annotated[
        Units | None,
        Meta(
            description="Units to cancel; needed for a part. For the whole order: null, or all that are left. A request on an order that is"
            " cancelled already is taken too, with up to the units ordered."
        ),
    ] = None


class CancelledByCustomer(LifeEvent, tag="cancellation by the customer"):
    """The customer cancels the order at Ajio."""


class DutyDone(LifeEvent, tag="duty done", kw_only=True):
    """The client does a task that is due."""

    task: TaskId


AnyEvent = (
    Allocated
    | FoundWithoutStock
    | Posted
    | EInvoiced
    | Pushed
    | Released
    | PackingTried
    | MadeReady
    | Dispatched
    | PutOnHold
    | TakenOffHold
    | Returned
    | QualityCheckRecorded
    | CancellationRequested
    | CancelledByCustomer
    | DutyDone
)


class Life(RequestPart):
    """An order as it was created, and all its events in their sequence."""

    order_id: OrderId
    invoicing: Invoicing
    units: Annotated[Units, Meta(description="Units ordered.")]
    created_at: Time | None = None
    events: Annotated[tuple[AnyEvent, ...], Meta(max_length=MOST_EVENTS)] = ()


# The order after them


class HistoryEntry(AnswerPart):
    """Something that happened to the order."""

    name: Annotated[
        str,
        Meta(
            description="created, allocated, unfulfillable, on hold, off hold, released, posted, e-invoice generated, e-invoice pushed, packed,"
            " packing error, ready to dispatch, dispatched, unit returned, quality check recorded, part cancelled at Ajio, part cancelled,"
            " cancelled; `TASK done` for a duty; `cancellation OUTCOME` for a request that cancelled nothing.",
            examples=["created", "cancellation refused", "credit-note done"],
        ),
    ]
    at: Time | None = None


class CancellationAnswered(AnswerPart):
    """A request to cancel, with the state of the order at that time and the decision."""

    canceller: Canceller
    scope: Annotated[Scope, Meta(description="The scope that was decided: a partial request for all units left is a full one.")]
    units: Annotated[int, Meta(description="Units that the request names; all that were left, if it names none.")]
    stage: Stage
    e_invoice: EInvoice
    decision: DecisionOfCase
    at: Time | None = None


class DutyOfOrder(AnswerPart, kw_only=True):
    """A task that the client must do, or has done."""

    task: TaskId
    because: (
        Annotated[
            list[Id],
            Meta(description=f"The clauses or gaps from which the duty arose. {BY_CITATIONS}", max_length=MOST_ENTRIES),
        ]
        | UnsetType
    ) = UNSET
    done: bool
    since: Annotated[Time | None, Meta(description="When it arose, if known.")] = None
    done_at: Time | None = None


class UnitReturned(AnswerPart):
    """A unit that came back."""

    number: Annotated[int, Meta(description="Counts from 1.", ge=1)]
    quality_check: QualityCheck
    at: Time | None = None
    checked_at: Time | None = None


class OrderState(AnswerPart):
    """The order after all events that were taken."""

    order_id: OrderId
    invoicing: Invoicing
    stage: Stage
    e_invoice: EInvoice
    units_ordered: int
    units: Annotated[int, Meta(description="Units that are not cancelled.")]
    units_kept: Annotated[int, Meta(description="Units that are neither cancelled nor returned.")]
    on_hold: bool
    packing_error: Annotated[bool, Meta(description="Whether an error has stopped the packing, after Ajio cancelled a part.")]
    posted: Annotated[bool, Meta(description="Whether it was ever posted to the client's ERP.")]
    history: Annotated[list[HistoryEntry], Meta(max_length=MOST_ENTRIES_OF_ORDER)]
    cancellations: Annotated[list[CancellationAnswered], Meta(max_length=MOST_ENTRIES_OF_ORDER)]
    duties: Annotated[
        list[DutyOfOrder], Meta(description="In the order in which they arose, done or not.", max_length=MOST_ENTRIES_OF_ORDER)
    ]
    returns: Annotated[list[UnitReturned], Meta(max_length=MOST_ENTRIES_OF_ORDER)]
    pending_partial: Annotated[int, Meta(description="Units that Ajio has cancelled and the warehouse has not noticed yet.", ge=0)] = 0
    invoice_number: InvoiceNumber | None = None


class EventResult(AnswerPart):
    """The result of one event. One that is not taken changes nothing, and later events go on."""

    taken: bool
    decision: Annotated[DecisionOfCase | None, Meta(description="The decision on a request to cancel.")] = None
    obstacles: Annotated[
        tuple[Obstruction, ...],
        Meta(
            description="Why it was not taken, in words of the list: what this event needed and the order has not, or has already. Empty if no words"
            " fit, or if it was taken. The features expect one, and no other beside it."
        ),
    ] = ()
    reason: Annotated[str | None, Meta(description="Why it was not taken, in the server's own words.")] = None


class OrderAnswer(AnswerPart):
    """The order after its events, and the result of each of them."""

    order: OrderState
    results: Annotated[list[EventResult], Meta(description="One for each event, in the same sequence.", max_length=MOST_EVENTS)]


# Reports


class CancelledAfterPostingRequest(RequestPart):
    """Question for the VMS report of the orders cancelled after posting; both days are included, in Asia/Kolkata.

    As in an order's life, an event that is not taken changes nothing; so also in the other reports.
    """

    orders: Annotated[list[Life], Meta(max_length=MOST_ORDERS)]
    start: date = msgspec.field(name="from")
    end: date = msgspec.field(name="to")


class CancelledAfterPostingRow(AnswerPart):
    """One order of the report."""

    channel_order_id: str
    cancelled_at: Time
    cancelled_by: Canceller
    oms_status_at_cancel: Annotated[Stage, Meta(description="Stage of the order when it was cancelled.")]
    quantity: Annotated[int, Meta(description="Units that the cancellation took.")]
    posted_at: Time | None = None
    invoice_number: Annotated[str | None, Meta(description="Null as long as Increff has not received the e-invoice.")] = None
    invoice_pushed_at: Time | None = None


class CancelledAfterPostingAnswer(AnswerPart):
    """The rows of the report, by time of cancellation and then by id."""

    rows: Annotated[list[CancelledAfterPostingRow], Meta(max_length=MOST_ROWS)]


class RsiRequest(RequestPart):
    """Question for the RSI report: the returned units whose quality check is recorded."""

    orders: Annotated[list[Life], Meta(max_length=MOST_ORDERS)]


class RsiRow(AnswerPart):
    """One returned unit of the report."""

    forward_order_code: str
    item_code: Annotated[int, Meta(description="Number of the unit within its order, from 1.")]
    qc_status: QualityCheck
    processed_at: Annotated[Time | None, Meta(description="When the quality check was recorded.")] = None
    forward_invoice_number: str | None = None


class RsiAnswer(AnswerPart):
    """The rows of the report, in the order of the orders and of their units."""

    rows: Annotated[list[RsiRow], Meta(max_length=MOST_ROWS)]


class AnnualReturn(RequestPart):
    """The day on which the annual return of a financial year was furnished."""

    year_to_march: Annotated[int, Meta(description="The year in which the financial year ended.", ge=1, le=9999)]
    furnished_on: date


class CreditNoteAgesRequest(RequestPart):
    """Question for the age of the credit-note duties that the orders had on a day."""

    orders: Annotated[list[Life], Meta(max_length=MOST_ORDERS)]
    on: date
    annual_returns: Annotated[
        tuple[AnnualReturn, ...], Meta(description="Of several for one year the last one counts.", max_length=100)
    ] = ()


class CreditNoteAge(AnswerPart):
    """The age of one duty."""

    order_id: str
    days: Annotated[int, Meta(description="Calendar days in Asia/Kolkata since the cancellation.")]
    urgency: Urgency
    basis: Annotated[Literal["SOP", "our reminder", "law, not SOP"], Meta(description="What the urgency rests on.")]
    reminder_on: date
    overdue_on: date


class CreditNoteAgesAnswer(AnswerPart):
    """The ages, in the order of the orders."""

    ages: Annotated[list[CreditNoteAge], Meta(max_length=MOST_ROWS)]
