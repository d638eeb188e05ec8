"""Schemas of the canonical tables of an audit, which the intake fills; those that the audit returns are in `result_tables`.

Conventions of all tables:

- A *source* is one sheet of one file. `source` is its place in `SOURCES`, from 0. `row` is the number of the row as a spreadsheet
  shows it, from 1, with title rows and header counted; for records in other files, the number of the record, from 1.
  In a folder with the parts of one export it goes on from part to part; `orders.row_places` has the file and its own row.
- A *key* of an order or document (`order_key`, `number_key`, ...) is for joining only: outer spaces and one leading apostrophe
  removed, upper case. The column `*_text` next to it has what the file says, without the outer spaces, and is what people see.
- A *time* is two columns, `NAME_start` and `NAME_end`, in milliseconds of UTC since 1970: the event was at or after start and before
  end. A minute is 60,000 long, a day without a time is from midnight to midnight in India. Both are null where the file has no time.
- A *set of words* is a bit mask over the words of the engine, in their order: bit 0 for the first word. All bits mean unknown. It
  is never empty, that is, 0.
- Money is in paise, signed: a credit note is positive here, whatever sign the file gives it.
- A column that no source of the run fills may be left out of a table; it counts as null. Extra columns are not allowed.

A row of a file in a contradictory state never reaches `REQUESTS` or `DOCUMENTS`: the intake sets it aside in `ROWS`.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

import pyarrow as pa

from sop_engine.case import FACT_TYPES, LIFE_STAGES

WORDS: Final[dict[str, tuple[str, ...]]] = {
    **{name: tuple(str(word) for word in words) for name, words in FACT_TYPES.items()},
    "canceller": ("seller", "Ajio", "customer"),
    "stage": tuple(map(str, LIFE_STAGES)),
}
"""The words of the sets, in the order of their bits.

The canceller has one more word than the engine: the customer (GAP-33). A stage is one that an order's events lead to, also if the
rulebook has more.
"""

ALL: Final[dict[str, int]] = {name: (1 << len(words)) - 1 for name, words in WORDS.items()}
"""The set of all words of each fact: unknown."""

TIMES: Final = (
    "created",
    "allocated",
    "posted",
    "invoiced",
    "pushed",
    "released",
    "packed",
    "ready",
    "dispatched",
    "cancelled",
    "packing_failed",
)
"""The events of `REQUESTS` that have a time: placed at Ajio, FULFILLABLE, posted to the ERP, e-invoice generated, e-invoice pushed to
Increff, released to WMS (PROCESSING), PACKED, READY_TO_DISPATCH, dispatched (COMPLETED), cancelled (the request, also if it failed), and
the error at packing, where it has a time of its own."""


class System(StrEnum):
    """Systems that a source can come from; as `orders.log.columns.System`, and two reports."""

    OMS = "Assure OMS"
    AJIO = "Ajio"
    ERP = "client's ERP"
    IRP = "IRP"
    WMS = "WMS"
    VMS = "VMS report"
    RSI = "RSI"


class RowState(StrEnum):
    """States of a row of a file; each row has exactly one."""

    USED = "used"
    REPEATED = "repeated"
    """Identical to an earlier row of the same source, or a message with the same id. It counts once; see `same_as` in `ROWS`."""
    SET_ASIDE = "set aside"
    TOTAL = "total"
    BLANK = "blank"
    """Nothing in it, or a title above the header."""
    HEADER = "header"
    HEADER_AGAIN = "header again"
    """The header below the first rows of data, as where exports were put below one another."""

    @property
    def column(self) -> str:
        """Return the column of `SOURCES` that counts the rows in this state."""
        return self.value.replace(" ", "_")


class Observed(IntEnum):
    """Codes of `REQUESTS.carried_out`: whether the cancellation took effect, as the source says."""

    UNKNOWN = 0
    YES = 1
    NO = 2


class Kind(StrEnum):
    """Kinds of documents."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit note"
    DEBIT_NOTE = "debit note"
    RSI = "RSI"
    """A line of the return sales invoice report."""
    RETURN = "return"
    """A line of a report of returns."""
    PO = "inward PO"
    GRN = "GRN"


class Channel(StrEnum):
    """Status words of the channel today (`REQUESTS.channel_status`); never a stage at the cancellation."""

    PROCESSING = "processing"
    READY = "ready to ship"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class Claim(StrEnum):
    """What a source claims to hold completely (`SOURCES.complete_of`)."""

    ORDERS = "orders"
    """Every order placed in the range; also those without a cancellation."""
    CANCELLATIONS = "cancellations"
    """Every request to cancel in the range."""
    DOCUMENTS = "documents"
    """Every document dated in the range: invoices and credit notes."""
    RETURNS = "returns"


def _time(name: str) -> list[pa.Field]:
    return [pa.field(f"{name}_start", pa.int64()), pa.field(f"{name}_end", pa.int64())]


def required(name: str, kind: pa.DataType) -> pa.Field:
    """Return a column that is never null."""
    return pa.field(name, kind, nullable=False)


NULLS: Final = 1 << 16
"""Nulls of one chunk of an empty column."""


def nulls(count: int, kind: pa.DataType) -> pa.ChunkedArray:
    """Return a column of *count* nulls; its chunks are the same one, so that a long column takes no more memory than a short one."""
    chunk = pa.nulls(min(count, NULLS), kind)
    whole, rest = divmod(count, NULLS)
    return (
        pa.chunked_array([chunk] * whole + [chunk.slice(0, rest)] * (rest > 0), kind) if count > NULLS else pa.chunked_array([chunk], kind)
    )


REASON = pa.struct(
    [
        required("id", pa.string()),
        pa.field("letter", pa.string()),
        pa.field("column", pa.string()),
        pa.field("text", pa.string()),
        required("message", pa.string()),
        required("remedy", pa.string()),
        pa.field("gap", pa.string()),
    ]
)
"""A reason why a row is set aside: id (ROW-01, ...), the column's letter and name, the cell's text (at most 40 characters, masked if it
can be personal), what is wrong, what to do, and the gap behind a contradictory state."""

ROWS = pa.schema(
    [
        required("source", pa.int16()),
        required("row", pa.int32()),
        required("state", pa.string()),  # a `RowState`; a dictionary of strings is accepted too
        pa.field("order_key", pa.string()),
        pa.field("order_text", pa.string()),
        pa.field("number_key", pa.string()),
        pa.field("original_key", pa.string()),
        pa.field("named", pa.list_(pa.string())),
        pa.field("reasons", pa.list_(REASON)),
        pa.field("same_as", pa.int32()),
    ]
)
"""Every row of every source, in the order of sources and rows.

order_key, number_key, original_key: of a row set aside, the order, the document and the document's original that it names, where they
can be read: a rule calls them uncertain, not missing. A number that cannot be restored (1.23E+15) stays null. May be null in
other states. named: of a row whose cells may have moved to other columns (ROW-13, ROW-14, ROW-16), the keys of orders and documents of
the run that any of its cells has. reasons: of a row set aside, all its reasons; null otherwise.
same_as: of a repeated row that can be a further line of its document, the row that it repeats; it then names what that row names.
"""

REQUESTS = pa.schema(
    [
        required("source", pa.int16()),
        required("row", pa.int32()),
        required("order_key", pa.string()),
        required("order_text", pa.string()),
        pa.field("location", pa.string()),
        pa.field("po_key", pa.string()),
        pa.field("units", pa.int32()),
        pa.field("units_cancelled", pa.int32()),
        pa.field("by_customer", pa.int32()),
        pa.field("by_seller", pa.int32()),
        pa.field("units_shipped", pa.int32()),
        required("is_cancellation", pa.bool_()),
        pa.field("canceller", pa.uint8()),
        pa.field("scope", pa.uint8()),
        pa.field("invoicing", pa.uint8()),
        pa.field("stage", pa.uint8()),
        pa.field("e_invoice", pa.uint8()),
        *(field for name in TIMES for field in _time(name)),
        pa.field("invoice_key", pa.string()),
        pa.field("invoice_text", pa.string()),
        pa.field("carried_out", pa.uint8()),
        pa.field("packing_error", pa.bool_()),
        pa.field("channel_status", pa.string()),
        pa.field("sla_breached", pa.bool_()),
        pa.field("outside", pa.string()),
    ]
)
"""One row for each row of a file about an order, and perhaps about a cancellation of it.

An event log and postings give one row for each request to cancel, with the times of its order, and one for each order without any.
Where an event log has no number of the e-invoice, it is `E-INVOICE OF ` and the order, and its credit note names this as original.

- location: the location code, where the source has one; an order number is unique only within a location
- po_key: the forward purchase order of Ajio
- units: ordered; units_cancelled: taken by this request (event log), in all until now (Ajio's report), or either of them (Assure)
- by_customer, by_seller: of units_cancelled, in Ajio's report; the rest is Ajio's by our reading (the rules infer it, not the intake)
- units_shipped: that have left the warehouse
- is_cancellation: whether the row is about a request to cancel, carried out or not; in a report of orders, whether units_cancelled > 0,
  there is a time of the cancellation and no quantity, or Ajio's status is Cancelled
- canceller: set of `WORDS["canceller"]`, all bits where the source has no such column
- scope: set, only if the source has a word for it (event log); otherwise null: the rules take it from the units
- invoicing: set, from the mapping or the column
- stage: set, **when it was cancelled**, of OMS and WMS status together (from PACKED on the WMS status counts), if the source has the
  status at the cancellation; null if it has not. Today's status is never a stage
- e_invoice: set, when it was cancelled, only if the source has a word for it (event log); otherwise null: the rules take it from
  the times of posting, e-invoice and push, and from `invoice_key`
- times: see `TIMES`; null in a source that has the column (`SOURCES.has`) means that it did not happen, otherwise unknown
- invoice_key, invoice_text: number of the ERP's e-invoice; of Ajio's report, the seller's invoice number that it names
- carried_out: an `Observed`; packing_error: whether the result is the error at packing, null where this is unknown. What a report
  of orders has as cancelled was carried out; a request without a result may have been carried out, turned away, or failed at packing
- channel_status: a `Channel`, or null; sla_breached: whether Ajio's SLA was breached
- outside: why the SOP does not apply (`JIT`), or null
"""

DOCUMENTS = pa.schema(
    [
        required("source", pa.int16()),
        required("row", pa.int32()),
        required("kind", pa.string()),  # a `Kind`; a dictionary of strings is accepted too
        pa.field("number_key", pa.string()),
        pa.field("number_text", pa.string()),
        *_time("dated"),
        pa.field("value_paise", pa.int64()),
        pa.field("negative", pa.bool_()),
        pa.field("original_key", pa.string()),
        pa.field("original_text", pa.string()),
        pa.field("order_key", pa.string()),
        pa.field("order_text", pa.string()),
        pa.field("irn", pa.string()),
        pa.field("irn_cancelled", pa.bool_()),
        pa.field("cancelled", pa.bool_()),
        pa.field("counts", pa.bool_()),
        pa.field("shared_with_ajio", pa.bool_()),
        pa.field("of_ajio", pa.bool_()),
        pa.field("units", pa.int32()),
        pa.field("unit_key", pa.string()),
        pa.field("quality_check", pa.string()),
        pa.field("originals", pa.list_(pa.string())),
        pa.field("originals_certain", pa.bool_()),
    ]
)
"""One row for each document, or line of a report of returns.

- number: of the document; original: of the document that a credit note or RSI line names; order: that it names
- dated: day of the document (for returns, when it was received)
- value_paise: positive, whole document; negative: whether the file gives it with a minus sign, null where this says nothing
- irn_cancelled: IRP's state of the IRN; null where unknown
- cancelled: the ERP's own state; null where unknown
- counts: whether the document has effect: false for a note that is `draft` or `void`, null where unknown. In a source without the
  column (`SOURCES.has`) it counts as made, as nothing else is known; in one with it, null leaves open whether it is
- shared_with_ajio: whether a credit note was shared; null where unknown
- of_ajio: true where the source says that the sales channel is Ajio, otherwise null; those of other channels are no rows here
- originals: of an original that is no invoice of the run, the keys of the invoices that it names, such as those of INV-9/INV-10, or may name;
  originals_certain: whether it certainly names all of them, and nothing else. Null for others
- units: of a line of returns; unit_key: the unit's own number; quality_check: `pass`, `fail`, `missing`, `not recorded`
"""

TOTAL = pa.struct(
    [
        required("row", pa.int32()),
        required("column", pa.string()),
        required("letter", pa.string()),
        required("said", pa.int64()),
        required("used", pa.int64()),
        required("set_aside", pa.int64()),
        required("repeated", pa.int64()),
        required("paise", pa.bool_()),
    ]
)
"""A cell of a total row: what it says, and the sums of the rows used, set aside and repeated, in units or paise with the file's signs.
The file may be cut off if `said` differs from the sum of all three."""

PART = pa.struct([required("name", pa.string()), required("rows", pa.int32())])
"""A part of a source that is a folder: the base name of its file, and the number of its rows."""

CHANNEL = pa.struct([required("name", pa.string()), required("rows", pa.int64())])
"""Another sales channel than Ajio, with the number of its rows; the name is masked where it can be personal."""

SOURCES = pa.schema(
    [
        required("source", pa.int16()),
        required("name", pa.string()),
        pa.field("sheet", pa.string()),
        required("sha256", pa.string()),
        required("system", pa.string()),
        pa.field("profile", pa.string()),
        pa.field("confidence", pa.string()),
        pa.field("complete_from", pa.date32()),
        pa.field("complete_to", pa.date32()),
        pa.field("complete_of", pa.string()),
        required("has", pa.list_(pa.string())),
        required("rows", pa.int64()),
        *(required(state.column, pa.int64()) for state in RowState),
        pa.field("totals", pa.list_(TOTAL)),
        pa.field("parts", pa.list_(PART)),
        pa.field("other_channels", pa.list_(CHANNEL)),
    ]
)
"""One row for each source, in the order of `source`.

- name: base name of the file, without its folder; sheet: null for files without sheets
- system: a `System`
- complete_from, complete_to, complete_of: the range of days in India, both included, in which the source claims to hold everything of
  its kind, a `Claim`; null if it claims nothing, and then absence from it proves nothing
- has: the canonical columns that the mapping fills, such as `posted`, `cancelled`, `stage`; a time by its name in `TIMES`, `dated` too;
  `lines` if each row is a line or unit of its order, so that the units of an order are the sum of its rows
- rows: of the sheet, the sum of the counts of its states after it
- totals: each compared cell of a total row
- parts: of a folder, its files in the order of their names; `row` counts through all of them. Null for a file
- other_channels: rows of other sales channels by channel: they were read, are used or repeated, and are no part of the audit. Null for a
  source without a column of channels
"""


@dataclass(frozen=True)
class Tables:
    """The four canonical tables of a run."""

    rows: pa.Table
    requests: pa.Table
    documents: pa.Table
    sources: pa.Table
