"""Schemas of the tables that an audit returns: answers, findings, duties, and the two lists of the VMS.

The conventions are those of `tables`.
"""

import pyarrow as pa

from orders.audit.tables import required

SEEN = pa.struct([required("source", pa.int16()), required("row", pa.int32()), required("text", pa.string())])
"""Something that a finding rests on: where it stands, and what it says there."""

ANSWERS = pa.schema(
    [
        required("request", pa.int64()),
        required("source", pa.int16()),
        required("row", pa.int32()),
        required("order_key", pa.string()),
        required("key", pa.uint32()),
        pa.field("outcome", pa.string()),
        pa.field("credit_note", pa.string()),
    ]
)
"""One row for each request of the seller or Ajio that a source of the order's life has.

- request: place of its row in `REQUESTS`
- key: of its possible case; `orders.audit.answers.PossibleAnswers` has the whole answer of each key
- outcome: the answer, null where it is undecided
- credit_note: `due`, `not due`, or null where it is undecided
"""

FINDINGS = pa.schema(
    [
        required("rule", pa.string()),
        required("strength", pa.string()),
        required("order_key", pa.string()),
        required("order_text", pa.string()),
        pa.field("document", pa.string()),
        required("text", pa.string()),
        required("remedy", pa.string()),
        required("clauses", pa.list_(pa.string())),
        required("gaps", pa.list_(pa.string())),
        pa.field("basis", pa.string()),
        required("cannot_tell", pa.bool_()),
        pa.field("since", pa.date32()),
        required("seen", pa.list_(SEEN)),
    ]
)
"""One row for each finding, sorted by order, rule and document.

- rule: its id, such as C-1; strength: `must`, `ask` or `info`
- order_key, order_text: empty where no order is named
- document: the number of the document that it is about, or null
- text, remedy: what was seen, and what to do, as sentences
- clauses, gaps: the ids that it rests on; basis: `law`, `ours`, `our reading`, `flow` or `silent` where not clauses alone
- cannot_tell: whether it says only that a row set aside, or a source that does not claim to be complete, stands in the way
- since: the day in India of the event behind it, or null
"""

DUTIES = pa.schema(
    [
        required("order_key", pa.string()),
        required("order_text", pa.string()),
        required("task", pa.string()),
        required("modality", pa.string()),
        required("status", pa.string()),
        pa.field("urgency", pa.string()),
        pa.field("invoice", pa.string()),
        pa.field("value_paise", pa.int64()),
        pa.field("rest_paise", pa.int64()),
        pa.field("since", pa.date32()),
        pa.field("cancelled_on", pa.date32()),
        pa.field("days", pa.int32()),
        pa.field("reminder_on", pa.date32()),
        pa.field("overdue_on", pa.date32()),
        pa.field("done_by", pa.string()),
        pa.field("done_on", pa.date32()),
        required("clauses", pa.list_(pa.string())),
        required("gaps", pa.list_(pa.string())),
        pa.field("remark", pa.string()),
        required("seen", pa.list_(SEEN)),
    ]
)
"""One row for each duty of an order, sorted by order, task and invoice.

- task: the key of the engine's task, such as `credit-note`; modality: `must`, `may`
- status: `open`, `partly done`, `done`, `uncertain` (the answer or the note), `question` (the SOP does not say)
- urgency: of an open credit note, `due`, `reminder`, `overdue`; null otherwise
- invoice: the number of the e-invoice to be credited; value_paise of it, rest_paise not yet credited; null where unknown
- since: the day on which it arose; days: from the day of the cancellation to the day of the audit
- done_by, done_on: the credit note and its day
- remark: what else to know, such as a note that may belong to it
"""

CANCELLED_AFTER_POSTING = pa.schema(
    [
        required("order_key", pa.string()),
        required("order_text", pa.string()),
        pa.field("posted_on", pa.date32()),
        pa.field("cancelled_on", pa.date32()),
        pa.field("canceller", pa.string()),
        pa.field("stage", pa.string()),
        pa.field("e_invoice", pa.string()),
        pa.field("units", pa.int32()),
        pa.field("invoices", pa.string()),
        pa.field("left_out", pa.string()),
        required("source", pa.int16()),
        required("row", pa.int32()),
    ]
)
"""One row for each order that was cancelled in full after posting, by day of cancellation; then those left out. The columns are our proposal.

- posted_on, cancelled_on: days in India; null where unknown
- canceller, stage, e_invoice: words at the cancellation, joined by *or* where several are possible
- units: that the cancellation took; invoices: the numbers of its e-invoices, joined by commas
- left_out: null for an order of the list; otherwise why it is not known whether it belongs there, with the remedy
"""

RETURNED_UNITS = pa.schema(
    [
        required("order_key", pa.string()),
        required("order_text", pa.string()),
        pa.field("unit", pa.string()),
        pa.field("units", pa.int32()),
        pa.field("quality_check", pa.string()),
        pa.field("received_on", pa.date32()),
        pa.field("invoices", pa.string()),
        pa.field("left_out", pa.string()),
        required("source", pa.int16()),
        required("row", pa.int32()),
    ]
)
"""One row for each returned unit, or several of one row, whose quality check is recorded (GAP-42), by order and unit; then those left out."""
