"""Tables of an audit, made by hand: the example files of June 2026, with hostile texts where a test asks for them."""

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from orders.audit.keys import NUMBERS
from orders.audit.result_tables import ANSWERS, CANCELLED_AFTER_POSTING, DUTIES, FINDINGS, RETURNED_UNITS
from orders.audit.tables import DOCUMENTS, REQUESTS, ROWS, SOURCES, TIMES, RowState
from reports.audit.material import AuditMaterial
from sop_engine import Reading

AS_OF = date(2026, 7, 15)
STATES = tuple(state.column for state in RowState)


def table(schema: pa.Schema, rows: list[dict[str, Any]]) -> pa.Table:
    """Return *rows* as a table of *schema*; a column that a row leaves out is null."""
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema)


def at(text: str) -> int:
    """Return a time in India as milliseconds of UTC."""
    return int((datetime.fromisoformat(f"{text}:00+05:30")).astimezone(UTC).timestamp() * 1000)


def request(row: int, order: str, cancelled: str, **more: Any) -> dict[str, Any]:
    """Return a request to cancel; *more* are further columns, times by their name alone."""
    times = {"cancelled": cancelled, **{name: more.pop(name) for name in TIMES if name in more}}
    spans = {f"{name}_{end}": at(text) + later for name, text in times.items() for end, later in (("start", 0), ("end", 60_000))}
    return {
        "source": 0, "row": row, "order_key": order.upper(), "order_text": order, "units": 1, "units_cancelled": 1, "is_cancellation": True,
        "canceller": 1, "invoicing": 1, "stage": 4, "carried_out": 1,
    } | spans | more  # fmt: skip


def finding(rule: str, strength: str, order: str, text: str, **more: Any) -> dict[str, Any]:
    """Return a finding about *order*, seen in one row."""
    remedy = more.pop("remedy", "Compare both systems, and correct the one that is wrong.")
    seen = [{"source": more.pop("source", 0), "row": more.pop("row", 2), "text": f"the cell of {order}"}]
    names = {"order_key": order.upper(), "order_text": order, "clauses": [], "gaps": [], "cannot_tell": False, "seen": seen}
    return names | {"rule": rule, "strength": strength, "text": text, "remedy": remedy} | more


def duty(order: str, **more: Any) -> dict[str, Any]:
    """Return a duty of *order*, a credit note unless *more* says otherwise."""
    return {
        "order_key": order.upper(), "order_text": order, "task": "credit-note", "modality": "must", "status": "open", "clauses": [], "gaps": [],
        "seen": [{"source": 0, "row": 3, "text": f"{order} was cancelled"}],
    } | more  # fmt: skip


def reason(*parts: str) -> dict[str, Any]:
    """Return why a row is set aside: id, letter and name of the column, text, message, remedy, and the gap if there is one."""
    return dict(zip(("id", "letter", "column", "text", "message", "remedy", "gap"), (*parts, None), strict=False))


def _source(number: int, name: str, system: str, profile: str, counts: tuple[int, ...], **more: Any) -> dict[str, Any]:
    states = dict(zip(STATES, counts, strict=True))
    return {
        "source": number, "name": name, "sha256": f"{number}" * 64, "system": system, "profile": profile, "confidence": "ours",
        "has": ["order", "cancelled"], "rows": sum(counts),
    } | states | more  # fmt: skip


def _key_of(number: int) -> int:
    """Return a key of the possible case of that *number*."""
    return NUMBERS.tolist().index(number)


def material(*, spoil: str = "", **more: Any) -> AuditMaterial:
    """Return the material of the examples; *spoil* is a text that stands in front of every text that a file can contain."""
    order = [f"{spoil}FN{number:04}" for number in range(20)]
    set_aside = {
        11: ("FN0010", reason("ROW-05", "G", "Posted At", "31-06-2026 09:00", "it is no date: June has 30 days", "correct the cell")),
        12: ("FN0011", reason("ROW-17", "E", "OMS Status", "FULFILLABLE", "FULFILLABLE in Assure and PACKED in WMS", "ask", "GAP-01")),
        15: (None, reason("ROW-02", "A", "Channel Order ID", "1.23E+15", "a spreadsheet shortened the number", "export the column as text")),
    }  # fmt: skip
    rows = [
        {"source": 0, "row": row, "state": "header" if row == 1 else "total" if row == 18 else "used"} if row not in set_aside
        else {"source": 0, "row": row, "state": "set aside", "order_key": set_aside[row][0], "order_text": set_aside[row][0],
              "reasons": [set_aside[row][1] | {"text": f"{spoil}{set_aside[row][1]['text']}"}]}
        for row in range(1, 19)
    ] + [{"source": 1, "row": row, "state": "used"} for row in range(1, 5)]  # fmt: skip
    sources = [
        _source(0, "dev1-assure.csv", "Assure OMS", "assure-cancellations", (13, 0, 3, 1, 0, 1, 0), complete_from=date(2026, 6, 1),
                complete_to=date(2026, 6, 30), complete_of="cancellations"),
        _source(1, "dev3-erp-daybook.csv", "client's ERP", "tally-daybook", (4, 0, 0, 0, 0, 0, 0),
                totals=[{"row": 20, "column": "Value", "letter": "G", "said": 1_250_000, "used": 1_040_000, "set_aside": 210_000,
                         "repeated": 0, "paise": True}]),
    ]  # fmt: skip
    requests = [
        request(2, order[1], "2026-06-04T11:00", posted="2026-06-04T09:00", units=2, units_cancelled=2),
        request(3, order[2], "2026-06-04T12:00", posted="2026-06-04T09:00", invoiced="2026-06-04T10:00", invoice_text=f"{spoil}INV-002"),
        request(4, order[3], "2026-06-20T13:00", posted="2026-06-04T09:00", invoiced="2026-06-04T10:00", pushed="2026-06-04T10:05",
                canceller=2, stage=8, invoice_text=f"{spoil}INV-003"),
        request(5, order[4], "2026-06-06T09:30", posted="2026-06-04T09:00", stage=16, invoice_text=f"{spoil}INV-004"),
        request(6, order[5], "2026-06-04T09:40", posted="2026-06-04T09:00", units=3, carried_out=2),
    ]  # fmt: skip
    documents = [
        {"source": 1, "row": 5, "kind": "invoice", "number_key": "INV-002", "number_text": f"{spoil}INV-002", "value_paise": 140_000,
         "order_key": order[2].upper(), "order_text": order[2], "dated_start": at("2026-06-04T00:00"), "dated_end": at("2026-06-05T00:00")},
        {"source": 1, "row": 10, "kind": "credit note", "number_key": "CN-001", "number_text": f"{spoil}CN-001", "value_paise": 140_000,
         "order_key": order[2].upper(), "order_text": order[2], "original_key": "INV-002", "original_text": f"{spoil}INV-002",
         "dated_start": at("2026-07-06T00:00"), "dated_end": at("2026-07-07T00:00")},
    ]  # fmt: skip
    full = ["SC-ERP-FULL-1a", "SC-ERP-FULL-1.1.2a"]
    duties = [
        duty(order[2], status="done", invoice=f"{spoil}INV-002", value_paise=140_000, rest_paise=0, since=date(2026, 6, 4),
             cancelled_on=date(2026, 6, 4), days=41, done_by=f"{spoil}CN-001", done_on=date(2026, 7, 6), clauses=full),
        duty(order[3], invoice=f"{spoil}INV-003", value_paise=70_000, rest_paise=70_000, since=date(2026, 6, 20), days=25, urgency="due",
             cancelled_on=date(2026, 6, 20), reminder_on=date(2026, 7, 20), overdue_on=date(2027, 12, 1),
             clauses=["AC-ERP-FULL-2a", "AC-ERP-FULL-1.1.2a"]),
        duty(order[8], status="partly done", done_by=f"{spoil}CN-004", invoice=f"{spoil}INV-008", value_paise=21_000_000, rest_paise=1_000_000, urgency="reminder",
             since=date(2026, 6, 4), days=41, cancelled_on=date(2026, 6, 4), reminder_on=date(2026, 7, 4), overdue_on=date(2027, 12, 1),
             clauses=full, remark=f"{spoil}CN-004 is 10,000.00 short"),
        duty(order[9], task="ask-ajio-to-cancel", since=date(2026, 6, 5), cancelled_on=date(2026, 6, 5), days=40,
             clauses=["AC-ERP-PART-1.1"]),
        duty(order[10], status="uncertain", remark="row 11 is set aside"),
        duty(order[17], urgency="overdue", since=date(2025, 3, 1), cancelled_on=date(2025, 3, 1), days=501, reminder_on=date(2025, 3, 31),
             overdue_on=date(2025, 12, 1), clauses=full),
    ]  # fmt: skip
    findings = [
        finding("R-1", "info", order[1], "Posted and cancelled without an e-invoice: watch for a late one.", gaps=["GAP-17"]),
        finding("C-1", "must", order[4], "Cancelled after PACKED, which the SOP refuses.", clauses=["SC-ERP-FULL-3"], row=5,
                since=date(2026, 6, 6), document=f"{spoil}INV-004"),
        finding("C-8", "ask", order[4], "The SOP names no task for INV-004.", basis="silent", row=5),
        finding("R-4", "ask", order[10], "Cancelled in Ajio; in Assure its row is set aside.", cannot_tell=True, row=11),
        finding("R-4", "must", order[13], "Cancelled in Assure and not in Ajio.", row=16),
        finding("D-4", "must", order[16], "A second credit note for one invoice.", gaps=["GAP-28"], source=1, row=11),
        finding("T-1", "must", order[17], "A return without an RSI line.", clauses=["RT-RSI-1"]),
        finding("C-5", "info", order[2], "Cancelled again: without effect.", gaps=["GAP-37"], row=14),
    ]  # fmt: skip
    answers = [
        {"request": 1, "source": 0, "row": 3, "order_key": order[2].upper(), "key": _key_of(10), "outcome": "allowed", "credit_note": "due"},
        {"request": 4, "source": 0, "row": 6, "order_key": order[5].upper(), "key": _key_of(20), "outcome": "fails on screen", "credit_note": "not due"},
    ]  # fmt: skip
    cancelled = [
        {"order_key": order[3].upper(), "order_text": order[3], "posted_on": date(2026, 6, 4), "cancelled_on": date(2026, 6, 20), "canceller": "Ajio",
         "stage": "PROCESSING", "e_invoice": "pushed", "units": 1, "invoices": f"{spoil}INV-003", "source": 0, "row": 4},
        {"order_key": order[10].upper(), "order_text": order[10], "left_out": "Its row is set aside; correct the row.", "source": 0, "row": 11},
    ]  # fmt: skip
    returned = [{"order_key": order[17].upper(), "order_text": order[17], "unit": f"{spoil}1", "units": 1, "quality_check": "pass",
                 "received_on": date(2026, 6, 20), "invoices": f"{spoil}INV-017", "source": 1, "row": 3}]  # fmt: skip
    parts: dict[str, Any] = {
        "as_of": AS_OF, "reading": Reading.AS_PRACTISED, "sources": table(SOURCES, sources), "rows": table(ROWS, rows),
        "requests": table(REQUESTS, requests), "documents": table(DOCUMENTS, documents), "answers": table(ANSWERS, answers),
        "findings": table(FINDINGS, findings), "duties": table(DUTIES, duties),
        "cancelled_after_posting": table(CANCELLED_AFTER_POSTING, cancelled), "returned_units": table(RETURNED_UNITS, returned),
    }  # fmt: skip
    return AuditMaterial(**(parts | more))
