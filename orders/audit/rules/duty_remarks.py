"""The duties of the client as a table, with what is uncertain about each in words, which the findings about them say too."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from orders.amounts import rupees
from orders.audit.client_duties import ClientDuty, Status
from orders.audit.documents import Document
from orders.audit.findings import Seen, seen_array
from orders.audit.result_tables import DUTIES
from orders.audit.rows.evidence import Evidence
from orders.row_places import RowPlaces
from sop_engine import Modality


def duties_table(duties: Sequence[ClientDuty], evidence: Evidence) -> pa.Table:
    """Return *duties* as a table."""
    orders, places = np.array([duty.arisen.order for duty in duties], dtype=np.int64), RowPlaces(evidence.sources)
    columns = {
        "order_key": evidence.order_keys(orders),
        "order_text": evidence.order_texts(orders),
        "task": [str(duty.arisen.task) for duty in duties],
        "modality": [str(Modality.MUST)] * len(duties),
        "status": [str(duty.status) for duty in duties],
        "urgency": [None if duty.urgency is None else str(duty.urgency) for duty in duties],
        "invoice": [evidence.document_text(duty.number) for duty in duties],
        "value_paise": [None if duty.invoice is None else duty.invoice.value for duty in duties],
        "rest_paise": [None if duty.credit is None else duty.credit.rest for duty in duties],
        "since": [duty.arisen.since for duty in duties],
        "cancelled_on": [duty.cancelled_on for duty in duties],
        "days": [duty.days for duty in duties],
        "reminder_on": [duty.reminder_on for duty in duties],
        "overdue_on": [duty.overdue_on for duty in duties],
        "done_by": [duty.done_by for duty in duties],
        "done_on": [duty.done_on for duty in duties],
        "clauses": [duty.arisen.clauses for duty in duties],
        "gaps": [duty.arisen.gaps for duty in duties],
        "remark": [_remark(duty, places, has_further_lines=bool(evidence.further)) for duty in duties],
        "seen": seen_array([_seen_of(duty) for duty in duties]),
    }
    return pa.table(columns, schema=DUTIES)


def _remark(duty: ClientDuty, places: RowPlaces, *, has_further_lines: bool) -> str | None:
    parts = [f"{note.text} names no invoice and may belong to it" for note in duty.suggested]
    parts += [f"{note.text} names one order, and an invoice of another one" for note in duty.contradictory]
    parts += [f"{note.text} is of an earlier financial year than the e-invoice" for note in duty.of_earlier_year]
    parts += _remarks_on_amounts(duty, has_further_lines=has_further_lines)
    if duty.credit is not None:
        parts += [f"{entry.text or 'an entry without a number'} can take back its credit note" for entry in duty.credit.taking_back]
    parts += mentions_text(duty)
    parts += [state_left_open(note, places) for note in duty.perhaps]
    parts += [irn_left_open(duty, places)] if duty.irn_open else []
    states = (
        (bool(duty.in_doubt), "a row set aside names the credit note or its order, and can take it back"),
        (duty.is_void, "the ERP has the e-invoice as void, and no file has the state of its IRN"),
        (duty.irn_cancelled, "the IRN of the e-invoice was cancelled"),
        (duty.note_irn_cancelled, "the IRN of the credit note was cancelled"),
        (duty.arisen.late, "the e-invoice was made after the cancellation"),
        (duty.arisen.remark is not None, duty.arisen.remark or ""),
    )
    return "; ".join([*parts, *(text for is_so, text in states if is_so)]) or None


def _remarks_on_amounts(duty: ClientDuty, *, has_further_lines: bool) -> list[str]:
    """Return what is not known of the amounts of a duty, as clauses."""
    credit = duty.credit
    if credit is None:
        return []
    if credit.incomparable:
        return [f"it is uncertain whether it is credited in full, as {why_incomparable(duty)}"]
    parts = values_left_open(duty_documents(duty)) if has_further_lines else []
    if credit.used and credit.rest and duty.rest_uncertain and not (duty.mentioned or duty.perhaps):
        parts.append(f"{rupees(credit.rest)} of it is not credited in these files, and it is uncertain whether they hold all credit notes")
    return parts


def values_left_open(documents: Sequence[Document]) -> list[str]:
    """Return for each of *documents* of which a row stands more than once in a file what it can be worth, as a clause."""
    return [
        _value_left_open(document.text or "a document without a number", document.worth.totals)
        for document in documents
        if document.worth.totals
    ]


def _value_left_open(name: str, totals: Sequence[int]) -> str:
    once, *_, most = map(rupees, totals)
    if len(totals) == 2:  # noqa: PLR2004 (one line, or two)
        return (
            f"a row of {name} stands twice in a file: {name} is of {once} if that is one line exported twice, of {most} if it is two lines"
        )
    return f"rows of {name} stand more than once in a file: {name} is of {once} to {most}, depending on how many lines they are"


def duty_documents(duty: ClientDuty) -> list[Document]:
    """Return the e-invoice of a duty and the notes that credit it."""
    return [*([] if duty.invoice is None else [duty.invoice]), *(duty.credit.used if duty.credit is not None else [])]


def mentions_text(duty: ClientDuty) -> list[str]:
    """Return for each note that names the e-invoice of *duty* together with others that it may be for it, as a clause."""
    return [
        f"{mention.note.text or 'a credit note without a number'} names {mention.text} and may be for it, but {mention.why}"
        for mention in duty.mentioned
    ]


def state_left_open(note: Document, places: RowPlaces) -> str:
    """Return where a credit note has no state, so that it can be a draft, as a clause."""
    return f"{rows_text(note.open_rows, places)} has no state of {note.text or 'its credit note'}: is it made?"


def irn_left_open(duty: ClientDuty, places: RowPlaces) -> str:
    """Return where the IRN of a note of *duty* has no state, so that it can be cancelled, as a clause."""
    return f"{rows_text(duty.irn_open, places)} has no state of the IRN of {duty.done_by or 'its credit note'}: was it cancelled?"


def rows_text(rows: Sequence[Seen], places: RowPlaces) -> str:
    """Return the places of *rows* as text."""
    return ", ".join(dict.fromkeys(places.text(seen.source, seen.row) for seen in rows))


def why_incomparable(duty: ClientDuty) -> str:
    """Return why the value of an e-invoice cannot be compared with that of its notes, as a clause."""
    left_open = values_left_open(duty_documents(duty))
    if left_open:
        return "; ".join(left_open)
    for document in duty_documents(duty):
        if len(document.worth.named) > 1:
            return _several_values(document)
        if document.worth.is_aside and document is not duty.invoice:
            return f"a row of {document.text} was set aside"
    if duty.credit is not None and duty.credit.invoice_valued:
        return f"{' and '.join(note.text for note in duty.credit.unvalued)} has no value"
    return "the row of the e-invoice was set aside" if duty.invoice_aside else "no file has the value of the e-invoice"


def _several_values(document: Document) -> str:
    """Return what the files say of the value of *document*, as a clause."""
    amounts, name = [*map(rupees, document.worth.named)], document.text
    if document.worth.contradicts_itself:
        which = "the files give" if len({seen.source for seen in document.seen}) > 1 else "its rows give"
        return f"{which} {name} different values, {' and '.join(amounts)}"
    return f"the rows of {name} leave open whether it is of {' or '.join(amounts)}"


def _seen_of(duty: ClientDuty) -> tuple[Seen, ...]:
    rows = duty.absence.rows if duty.absence is not None and duty.status is Status.UNCERTAIN else ()
    documents = [*duty_documents(duty), *(mention.note for mention in duty.mentioned), *duty.perhaps]
    return (*duty.arisen.seen, *(seen for document in documents for seen in document.seen), *rows)
