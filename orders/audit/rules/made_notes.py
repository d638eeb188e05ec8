"""Rules D-3, D-5, D-6, D-7 and D-9: credit notes that are not whole, early, without an invoice, or with a number used twice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from orders.amounts import rupees
from orders.audit.client_duties import ClientDuty, Status
from orders.audit.coverage import absence_text, remedy_of
from orders.audit.documents import Document
from orders.audit.findings import Finding, Strength
from orders.audit.ledger import Credit
from orders.audit.rows.columns import ABSENT, NEVER
from orders.audit.rules.context import Context, Rule
from orders.audit.rules.duty_remarks import duty_documents, mentions_text, state_left_open, values_left_open, why_incomparable
from orders.audit.tables import Kind
from sop_engine.ids import is_gap

WHOLE = "GAP-28"
SHARE_OUT = "Find out for how much of each e-invoice the note is, and enter it with a row for each."
ENTER_STATE = "Find out whether the credit note is made, and enter its state in the file."
WHICH_LINES = (
    "Find out how many lines the document has. If the file has the number of each line, map that column as `line`; a file with the value of "
    "the whole document settles it too."
)


def not_whole(context: Context) -> Iterator[Finding]:
    """Yield D-3: notes that credit less than an invoice that is to be credited, or more than any."""
    for duty in context.credit_notes():
        credit = duty.credit
        if duty.status is Status.UNCERTAIN and credit is not None and credit.incomparable:
            yield _incomparable(context, duty, credit)
        if duty.in_doubt and credit is not None:
            yield _in_doubt(context, duty, credit)
        if duty.status is Status.PARTLY_DONE and credit is not None and credit.rest is not None:
            text = f"{numbers_text(credit.used)} credits {_at_least(credit)} less than the e-invoice; the duty stays open for the rest."
            text += sentences(values_left_open(duty_documents(duty)))
            yield note_finding(context, "D-3", Strength.MUST, credit.used[-1], text, "Credit the rest.", (WHOLE,), order=duty.arisen.order)
        if duty.rest_uncertain and credit is not None:
            yield _rest_uncertain(context, duty, credit)
    yield from _taking_back(context)
    incomparable = {duty.number for duty in context.credit_notes() if duty.credit is not None and duty.credit.incomparable}
    for number in sorted(context.ledger.by_original):
        credit = context.ledger.credit(number)
        if credit.rest is not None and credit.rest < 0:
            text = f"{numbers_text(credit.used)} credits {rupees(-credit.rest)} more than the invoice {context.evidence.document_text(number)}."
            yield note_finding(context, "D-3", Strength.MUST, credit.used[-1], text, "Correct the credit note.", (WHOLE,))
        if credit.excess is not None and number not in incomparable:
            yield _maybe_in_excess(context, number, credit, credit.excess)


def _rest_uncertain(context: Context, duty: ClientDuty, credit: Credit) -> Finding:
    """Return the finding that an e-invoice is credited in part, and that it is uncertain whether the rest is credited."""
    assert duty.absence is not None  # noqa: S101 (of each credit note)
    text = f"{numbers_text(credit.used)} credits {_at_least(credit)} less than the e-invoice.{sentences(values_left_open(duty_documents(duty)))} "
    if duty.mentioned or duty.perhaps:
        text = " ".join([text.rstrip() + sentences(mentions_text(duty)), *state_questions(duty.perhaps, context)])
    else:
        text += absence_text(duty.absence, context.coverage, "credit note for the rest")
    remedy = SHARE_OUT if duty.mentioned else ENTER_STATE if duty.perhaps else remedy_of(duty.absence) or "Credit the rest."
    finding = note_finding(context, "D-3", Strength.ASK, credit.used[-1], text, remedy, (WHOLE,), order=duty.arisen.order)
    perhaps = tuple(seen for note in duty.perhaps for seen in note.seen)
    return replace(finding, cannot_tell=True, seen=(*finding.seen, *perhaps, *duty.absence.rows))


def _at_least(credit: Credit) -> str:
    """Return how much of an e-invoice is left, as text."""
    return f"{'at least ' if credit.short else ''}{rupees(credit.rest or 0)}"


def _in_doubt(context: Context, duty: ClientDuty, credit: Credit) -> Finding:
    """Return the finding that a row set aside can take back the notes of *duty*."""
    text = (
        f"{numbers_text(credit.used)} credits the e-invoice, and a row set aside names it or its order: it is uncertain whether it stands."
    )
    remedy = "Correct the row set aside and audit again."
    finding = note_finding(context, "D-3", Strength.ASK, credit.used[-1], text, remedy, (WHOLE,), order=duty.arisen.order)
    return replace(finding, cannot_tell=True, seen=(*finding.seen, *duty.in_doubt))


def _taking_back(context: Context) -> Iterator[Finding]:
    """Yield D-3 for the entries that can take back a credit note; whether the note still stands is uncertain."""
    for entry in context.ledger.taking_back:
        whose = context.evidence.document_text(entry.original)
        about = f", for {whose}" if whose is not None and entry.original != entry.number else ""
        text = f"{entry.text or 'An entry without a number'} {entry.takes_back}{about}: it can take back a credit note."
        remedy = "Find out whether the credit note still stands; if not, make a new one."
        yield replace(note_finding(context, "D-3", Strength.ASK, entry, text, remedy, (WHOLE,)), cannot_tell=True)


def _incomparable(context: Context, duty: ClientDuty, credit: Credit) -> Finding:
    """Return the finding that it is uncertain whether the e-invoice of *duty* is credited in full, because a value is not there."""
    remedy = "Bring the report of the ERP that has the e-invoice."
    documents = [*([] if duty.invoice is None else [duty.invoice]), *credit.used]
    if any(document.worth.totals for document in documents):
        remedy = WHICH_LINES
    elif any(document.worth.contradicts_itself for document in documents):
        remedy = "Find out which value is right, and correct the other; if each row is a line of the document, map the value of the line."
    elif any(document.worth.named[1:] for document in documents):
        remedy = "Find out which value is right; if each row is a line of the document, map the value of the line."
    elif credit.invoice_valued and not any(note.worth.is_aside for note in credit.used):
        remedy = "Enter the value of the credit note."
    elif duty.invoice_aside or credit.invoice_valued:
        remedy = "Correct the row set aside and audit again."
    text = f"{numbers_text(credit.used)} credits the e-invoice, and it is uncertain whether it is credited in full, as {why_incomparable(duty)}."
    finding = note_finding(context, "D-3", Strength.ASK, credit.used[-1], text, remedy, (WHOLE,), order=duty.arisen.order)
    return replace(finding, cannot_tell=True, seen=(*finding.seen, *duty.invoice_aside))


def _maybe_in_excess(context: Context, number: int, credit: Credit, least: int) -> Finding:
    """Return the finding that notes credit at least so much more than their invoice, of which a row stands more than once; perhaps nothing."""
    invoice, whose = context.ledger.invoice(number), context.evidence.document_text(number)
    open_values = sentences(values_left_open([*([] if invoice is None else [invoice]), *credit.used]))
    if least:
        text = f"{numbers_text(credit.used)} credits at least {rupees(least)} more than the invoice {whose}.{open_values}"
        return note_finding(context, "D-3", Strength.MUST, credit.used[-1], text, "Correct the credit note.", (WHOLE,))
    text = f"It is uncertain whether {numbers_text(credit.used)} credits more than the invoice {whose}.{open_values}"
    return replace(note_finding(context, "D-3", Strength.ASK, credit.used[-1], text, WHICH_LINES, (WHOLE,)), cannot_tell=True)


def sentences(clauses: list[str]) -> str:
    """Return *clauses* as sentences, each with a space before it."""
    return "".join(f" {clause[0].upper()}{clause[1:]}." for clause in clauses)


def state_questions(notes: Iterable[Document], context: Context) -> list[str]:
    """Return for each of *notes* whose state is not given the question whether it is made."""
    return [state_left_open(note, context.coverage.places) for note in notes if note.open_rows]


def early(context: Context) -> Iterator[Finding]:
    """Yield D-5."""
    for duty in context.credit_notes():
        if duty.credit is None:
            continue
        cancelled = int(context.cancellations.start[duty.arisen.place])
        for note in duty.credit.used:
            before = [
                what
                for what, start in (("the cancellation", cancelled), ("the e-invoice", duty.arisen.invoiced))
                if NEVER not in (start, note.ends) and note.ends <= start
            ]
            if before:
                text = f"{note.text} is dated before {' and '.join(before)}."
                remedy = "Check the dates in the ERP."
                if note in duty.of_earlier_year:
                    remedy = "Check the dates in the ERP; the note can be for an e-invoice of its own year with the same number."
                yield note_finding(context, "D-5", Strength.ASK, note, text, remedy, (), basis="ours", order=duty.arisen.order)


def without_invoice(context: Context) -> Iterator[Finding]:
    """Yield D-6: a note that names no invoice; one of its order with the same value is a suggestion, and closes nothing."""
    wanted = {order for order, notes in context.ledger.without_original.items() if order != ABSENT and notes}
    invoices = _invoices_of(context, wanted)
    for order, notes in context.ledger.without_original.items():
        for note in (note for note in notes if note.counts):
            same = [number for number, value in invoices.get(order, ()) if note.value is not None and value == note.value]
            text = f"{note.text or 'A credit note'} names no invoice."
            if len(same) == 1:
                text += (
                    f" {context.evidence.document_text(same[0])} of the same order has the same value: a suggestion, the duty stays open."
                )
            if order != ABSENT and not context.known_orders[order]:
                text += f" No report of orders has its order {context.evidence.order_text(order)}.{context.order_hint(order)}"
            yield note_finding(context, "D-6", Strength.ASK, note, text, "Enter the invoice that it credits.", (WHOLE,))


def _invoices_of(context: Context, orders: set[int]) -> dict[int, list[tuple[int, int | None]]]:
    """Return the numbers and values of the invoices of *orders*."""
    documents = context.evidence.documents
    wanted = np.zeros(len(context.evidence.orders) + 1, dtype=bool)
    wanted[list(orders)] = True
    numbers: dict[int, set[int]] = defaultdict(set)
    for place in np.flatnonzero((documents["kind"] == Kind.INVOICE) & wanted[documents["order"]] & (documents["order"] != ABSENT)).tolist():
        numbers[int(documents["order"][place])].add(int(documents["number"][place]))
    for order in orders:
        if context.times.invoice[order] != ABSENT:
            numbers[order].add(int(context.times.invoice[order]))
    values = {order: [(number, context.ledger.invoice(number)) for number in sorted(of_order)] for order, of_order in numbers.items()}
    return {order: [(number, invoice.value if invoice else None) for number, invoice in pairs] for order, pairs in values.items()}


def number_used_twice(context: Context) -> Iterator[Finding]:
    """Yield D-7."""
    twice: dict[int, list[Document]] = defaultdict(list)
    for note in context.ledger.notes:
        if note.ambiguous:
            twice[note.number].append(note)
    for notes in twice.values():
        orders = {context.ledger.order_of(note) for note in notes}
        open_states = state_questions(notes[:1], context)
        yield Finding(
            rule="D-7",
            strength=Strength.ASK if open_states else Strength.MUST,
            order=orders.pop() if len(orders) == 1 else ABSENT,
            document=notes[0].text,
            text=" ".join(
                [f"The number {notes[0].text} is on {len(notes)} different credit notes; none of them closes a duty.", *open_states]
            ),
            remedy=ENTER_STATE if open_states else "Give each note a number of its own.",
            cannot_tell=bool(open_states),
            basis="law",
            since=min((note.day for note in notes if note.day is not None), default=None),
            seen=tuple(seen for note in notes for seen in note.seen),
        )


def shared_with_ajio(context: Context) -> Iterator[Finding]:
    """Yield D-9."""
    for note in context.ledger.notes:
        if note.shared:
            yield note_finding(
                context,
                "D-9",
                Strength.INFO,
                note,
                f"{note.text} was shared with Ajio; the SOP does not ask for it.",
                "Nothing to do.",
                ("SC-ERP-FULL-1.1.2c", "GAP-27"),
            )


def note_finding(  # noqa: PLR0913 (the parts of a finding)
    context: Context,
    rule: str,
    strength: Strength,
    note: Document,
    text: str,
    remedy: str,
    ids: tuple[str, ...],
    *,
    basis: str | None = None,
    order: int = ABSENT,
) -> Finding:
    """Return a finding about *note*, uncertain if its state is not given; *ids* are the clauses and gaps that it rests on."""
    invoice = context.ledger.invoice(note.original)
    finding = Finding(
        rule=rule,
        strength=strength,
        order=order if order != ABSENT else context.ledger.order_of(note),
        document=note.text or None,
        text=text,
        remedy=remedy,
        basis=basis,
        since=note.day,
        seen=(*note.seen, *(invoice.seen if invoice is not None else ())),
        clauses=tuple(name for name in ids if not is_gap(name)),
        gaps=tuple(name for name in ids if is_gap(name)),
    )
    return if_made(context, finding, note)


def if_made(context: Context, finding: Finding, note: Document) -> Finding:
    """Return *finding* about *note*, as a question if its state is not given."""
    if not note.open_rows:
        return finding
    strength = Strength.ASK if finding.strength is Strength.MUST else finding.strength
    text = " ".join([finding.text, *state_questions([note], context)])
    return replace(finding, strength=strength, text=text, remedy=ENTER_STATE, cannot_tell=True)


def numbers_text(notes: list[Document]) -> str:
    """Return the numbers of *notes* as text."""
    return " and ".join(note.text or "a credit note without a number" for note in notes)


RULES = (
    Rule("D-3", "credit note not whole, or in excess of its invoice", (WHOLE,), Strength.MUST, not_whole),
    Rule("D-5", "credit note before the cancellation or the invoice", ("ours",), Strength.ASK, early),
    Rule("D-6", "credit note names no invoice", (WHOLE,), Strength.ASK, without_invoice),
    Rule("D-7", "number of a credit note used twice", ("law",), Strength.MUST, number_used_twice),
    Rule("D-9", "credit note shared with Ajio", ("SC-ERP-FULL-1.1.2c", "GAP-27"), Strength.INFO, shared_with_ajio),
)
