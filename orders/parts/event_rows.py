"""The events of rows of requests and documents, as rows of a table with one event each."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from orders.audit.rows.columns import flags_of
from orders.audit.tables import Kind
from orders.log.arrays import IntArray
from orders.log.columns import Actor, Event, System

MADE_FROM: Final = {
    "created": (Event.CREATED, System.AJIO, Actor.CUSTOMER),
    "allocated": (Event.ALLOCATED, System.OMS, Actor.SYSTEM),
    "posted": (Event.POSTED, System.OMS, Actor.SYSTEM),
    "invoiced": (Event.INVOICED, System.ERP, Actor.SYSTEM),
    "pushed": (Event.PUSHED, System.ERP, Actor.SYSTEM),
    "released": (Event.RELEASED, System.WMS, Actor.SYSTEM),
    "packed": (Event.PACKED, System.WMS, Actor.PACKER),
    "packing_failed": (Event.PACKING_ERROR, System.WMS, Actor.PACKER),
    "ready": (Event.READY, System.WMS, Actor.WAREHOUSE),
    "dispatched": (Event.DISPATCHED, System.WMS, Actor.COURIER),
}
"""The event of each time of a request, besides the cancellation itself, with its system and actor."""
OF_DOCUMENTS: Final = {
    Kind.CREDIT_NOTE: (Event.CREDIT_NOTE_MADE, System.ERP, Actor.CLIENT),
    Kind.INVOICE: (Event.INVOICED, System.ERP, Actor.SYSTEM),
}
CUSTOMER: Final = 4
"""The canceller of a request of the customer alone, as a set of words."""
EVENT_KINDS: Final = tuple(Event)
"""An event is its place here; events of an order at one time are sorted by it."""
CODES: Final = {event: code for code, event in enumerate(EVENT_KINDS)}

EVENT_ROWS: Final = pa.schema(
    [
        pa.field("order_key", pa.string()),
        pa.field("order_text", pa.string()),
        pa.field("event", pa.uint8()),
        pa.field("start", pa.int64()),
        pa.field("ending", pa.int64()),
        pa.field("units", pa.int64()),
        pa.field("document", pa.string()),
        pa.field("value_paise", pa.int64()),
        pa.field("invoicing", pa.uint8()),
        pa.field("stage", pa.uint8()),
        pa.field("canceller", pa.uint8()),
        pa.field("carried_out", pa.uint8()),
        pa.field("of_document", pa.bool_()),
        pa.field("source", pa.int16()),
        pa.field("row", pa.int32()),
    ]
)
"""One row for each event; sets of words and `carried_out` as in `REQUESTS`, `of_document` whether it is made from a document."""
_SAME: Final = ("order_key", "order_text", "source", "row")
_OF_REQUESTS: Final = ("invoicing", "stage", "canceller", "carried_out")


class EventRows(NamedTuple):
    """Events, and for each the place of its row in the rows that they were made from."""

    places: IntArray
    events: pa.RecordBatch


def event_count(requests: pa.Table, documents: pa.Table) -> int:
    """Return how many events the rows have at most."""
    columns = [*(requests[f"{name}_start"] for name in (*MADE_FROM, "cancelled")), documents["dated_start"]]
    return sum(len(column) - column.null_count for column in columns)


def events_of_requests(requests: pa.RecordBatch) -> Iterator[EventRows]:
    """Yield the events of *requests*, those of each time together."""
    for name, (event, _, _) in MADE_FROM.items():
        document = "invoice_text" if event is Event.INVOICED else None
        chosen = requests[f"{name}_start"].is_valid()
        yield _event_rows(requests, chosen, name, lambda rows, code=CODES[event]: np.full(rows.num_rows, code), "units", document)
    chosen = pc.and_(requests["cancelled_start"].is_valid(), pc.fill_null(requests["is_cancellation"], False))  # noqa: FBT003 (a value)
    yield _event_rows(requests, chosen, "cancelled", _cancellations, "units_cancelled", None)


def events_of_documents(documents: pa.RecordBatch) -> Iterator[EventRows]:
    """Yield the events of *documents* that name an order; a draft or void document was not made, and a note that is cancelled credits nothing."""
    kinds = documents["kind"].cast(pa.string())
    has_order = pc.fill_null(pc.not_equal(documents["order_key"], ""), False)  # noqa: FBT003 (a value)
    dated = pc.and_(documents["dated_start"].is_valid(), has_order)
    is_made = pc.and_(dated, pc.fill_null(documents["counts"], True))  # noqa: FBT003 (a value)
    is_alive = pc.invert(pc.fill_null(documents["cancelled"], False))  # noqa: FBT003 (a value)
    for kind, (event, _, _) in OF_DOCUMENTS.items():
        chosen = pc.and_(is_made, pc.equal(kinds, str(kind)))
        if kind is Kind.CREDIT_NOTE:
            chosen = pc.and_(chosen, is_alive)
        yield _event_rows(documents, chosen, "dated", lambda rows, code=CODES[event]: np.full(rows.num_rows, code), None, "number_text")


def _cancellations(requests: pa.RecordBatch) -> NDArray[np.int64]:
    by_customer = pc.fill_null(pc.equal(requests["canceller"], CUSTOMER), False)  # noqa: FBT003 (a value)
    return np.where(flags_of(by_customer), CODES[Event.CANCELLED_BY_CUSTOMER], CODES[Event.CANCELLATION])


def _event_rows(rows: pa.RecordBatch, chosen: pa.Array, time: str, codes: Any, units: str | None, document: str | None) -> EventRows:  # noqa: PLR0913 (the columns of an event)
    of_document = "value_paise" in rows.schema.names
    names = [*_SAME, f"{time}_start", f"{time}_end", *filter(None, (units, document)), *(() if of_document else _OF_REQUESTS)]
    names += ["value_paise"] if of_document else []
    places = np.flatnonzero(flags_of(chosen))
    rows = rows.select(names).take(pa.array(places))
    given = {name: rows[name] for name in names}
    columns = given | {
        "event": pa.array(codes(rows).astype(np.uint8)),
        "start": rows[f"{time}_start"],
        "ending": rows[f"{time}_end"],
        "units": pa.nulls(rows.num_rows, pa.int64()) if units is None else rows[units].cast(pa.int64()),
        "document": None if document is None else rows[document],
        "of_document": pa.array(np.full(rows.num_rows, of_document)),
    }
    columns["units"] = pc.fill_null(columns["units"], 0)
    for name in _OF_REQUESTS:
        columns[name] = pa.array(np.zeros(rows.num_rows, np.uint8)) if of_document else pc.fill_null(columns[name], 0)
    arrays = [pa.nulls(rows.num_rows, field.type) if columns.get(field.name) is None else columns[field.name] for field in EVENT_ROWS]
    return EventRows(places, pa.RecordBatch.from_arrays(arrays, schema=EVENT_ROWS))
