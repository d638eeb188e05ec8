"""Rules D-1 to D-9: credit notes that are due, and notes that are not whole, superfluous, early or without an invoice."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from orders.audit.cancellations import FULL, NO, YES
from orders.audit.client_duties import ClientDuty, Status, why_incomparable
from orders.audit.columns import ABSENT, NEVER, Flags
from orders.audit.coverage import DOCUMENT_SYSTEMS, absence_text, remedy_of
from orders.audit.findings import Finding, Seen, Strength, order_seen
from orders.audit.notes import Credit, Document, rupees
from orders.audit.rules.context import ORDER_SYSTEMS, Context, Rule
from orders.audit.tables import Kind
from orders.duties import Urgency
from sop_engine.ids import is_gap

WHOLE = "GAP-28"
RETURNS_OPEN = "GAP-32"
IRN_CANCELLED = "GAP-48"
CREDIT_CLAUSES = ("SC-ERP-FULL-1.1.2a", "SC-ERP-FULL-2.1.2a", "AC-ERP-FULL-1.1.2a", "AC-ERP-PART-1.4a")


def due_and_none(context: Context) -> Iterator[Finding]:
    """Yield D-1: a credit note is due and none is there; one after a late e-invoice is R-2, one among the steps after packing C-3."""
    for duty in context.credit_notes():
        if duty.arisen.at_packing and context.steps_open(duty.arisen.order):
            continue
        if duty.arisen.is_unclear and duty.status is Status.UNCERTAIN and not duty.is_credited:
            remedy = "Find out which e-invoices the order has."
            yield replace(due_finding(context, duty, "D-1", "", f"may be due: {duty.arisen.remark}."), remedy=remedy)
        elif duty.contradictory and duty.status is Status.UNCERTAIN and not duty.is_credited:
            after = (
                f"is due, and it is uncertain whether {_numbers([*duty.contradictory])} is for it, as it names an invoice of another order."
            )
            remedy = "Correct the order or the invoice that the credit note names."
            yield replace(due_finding(context, duty, "D-1", "", after), remedy=remedy)
        elif duty.credit is not None and duty.credit.is_shaken and duty.status is Status.UNCERTAIN and not duty.is_credited:
            after = f"is due, and it is uncertain whether {_numbers(duty.credit.taking_back)} is for it, because of its sign."
            yield replace(due_finding(context, duty, "D-1", "", after), remedy="Check the sign of the entry in the ERP.")
        elif duty.status is Status.OPEN and not duty.arisen.late:
            yield due_finding(context, duty, "D-1", "", "is due.")
        elif duty.status is Status.UNCERTAIN and duty.arisen.certain and not duty.arisen.late and not duty.is_credited:
            yield due_finding(context, duty, "D-1", "", "is due, and it is uncertain whether it was made.")
        elif duty.status is Status.QUESTION and not (duty.irn_cancelled or duty.note_irn_cancelled or duty.is_void):
            yield due_finding(context, duty, "D-1", "The SOP, as written, leaves this open. ", "may be due.")


def due_finding(context: Context, duty: ClientDuty, rule: str, before: str, after: str) -> Finding:
    """Return the finding that a credit note is due: *before*, the credit note with its invoice, *after*."""
    arisen, number = duty.arisen, context.evidence.document_text(duty.number)
    parts = [f"{before}A credit note {f'for {number} ' if number is not None else ''}{after}"]
    if duty.days is not None:
        parts.append(f"The cancellation was {duty.days} days ago.")
    if duty.absence is not None:
        parts.append(absence_text(duty.absence, context.coverage, "credit note for it"))
    cannot_tell = duty.status is Status.UNCERTAIN
    certain = duty.status is Status.OPEN
    return Finding(
        rule=rule,
        strength=Strength.MUST if certain else Strength.ASK,
        order=arisen.order,
        document=number,
        text=" ".join(parts),
        remedy=(cannot_tell and duty.absence is not None and remedy_of(duty.absence)) or "Make the credit note and keep it in the ERP.",
        clauses=arisen.clauses,
        gaps=arisen.gaps,
        cannot_tell=cannot_tell,
        since=arisen.since,
        seen=(*arisen.seen, *(duty.invoice.seen if duty.invoice is not None else ()), *(duty.absence.rows if duty.absence else ())),
    )


def overdue(context: Context) -> Iterator[Finding]:
    """Yield D-2: the deadline of the law has passed; the reminder before it is in the duty."""
    for duty in context.credit_notes():
        if duty.is_open and duty.urgency is Urgency.OVERDUE:
            yield Finding(
                rule="D-2",
                strength=Strength.MUST,
                order=duty.arisen.order,
                document=context.evidence.document_text(duty.number),
                text=f"The credit note is overdue by law since {duty.overdue_on}.",
                remedy="Ask the tax adviser: the note can no longer reduce the tax of that year.",
                gaps=("GAP-43", WHOLE),
                basis="law",
                since=duty.overdue_on,
                seen=duty.arisen.seen,
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
            text = f"{_numbers(credit.used)} credits {rupees(credit.rest)} less than the e-invoice; the duty stays open for the rest."
            yield _note_finding(context, "D-3", Strength.MUST, credit.used[-1], text, "Credit the rest.", (WHOLE,), order=duty.arisen.order)
        if duty.rest_uncertain and credit is not None:
            yield _rest_uncertain(context, duty, credit)
    yield from _taking_back(context)
    for number in sorted(context.ledger.by_original):
        credit = context.ledger.credit(number)
        if credit.rest is not None and credit.rest < 0:
            text = f"{_numbers(credit.used)} credits {rupees(-credit.rest)} more than the invoice {context.evidence.document_text(number)}."
            yield _note_finding(context, "D-3", Strength.MUST, credit.used[-1], text, "Correct the credit note.", (WHOLE,))


def _rest_uncertain(context: Context, duty: ClientDuty, credit: Credit) -> Finding:
    """Return the finding that an e-invoice is credited in part, and that it is uncertain whether the rest is credited."""
    assert duty.absence is not None  # noqa: S101 (of each credit note)
    text = f"{_numbers(credit.used)} credits {rupees(credit.rest or 0)} less than the e-invoice. "
    text += absence_text(duty.absence, context.coverage, "credit note for the rest")
    remedy = remedy_of(duty.absence) or "Credit the rest."
    finding = _note_finding(context, "D-3", Strength.ASK, credit.used[-1], text, remedy, (WHOLE,), order=duty.arisen.order)
    return replace(finding, cannot_tell=True, seen=(*finding.seen, *duty.absence.rows))


def _in_doubt(context: Context, duty: ClientDuty, credit: Credit) -> Finding:
    """Return the finding that a row set aside can take back the notes of *duty*."""
    text = f"{_numbers(credit.used)} credits the e-invoice, and a row set aside names it or its order: it is uncertain whether it stands."
    remedy = "Correct the row set aside and audit again."
    finding = _note_finding(context, "D-3", Strength.ASK, credit.used[-1], text, remedy, (WHOLE,), order=duty.arisen.order)
    return replace(finding, cannot_tell=True, seen=(*finding.seen, *duty.in_doubt))


def _taking_back(context: Context) -> Iterator[Finding]:
    """Yield D-3 for the entries that can take back a credit note; whether the note still stands is uncertain."""
    for entry in context.ledger.taking_back:
        whose = context.evidence.document_text(entry.original)
        about = f", for {whose}" if whose is not None and entry.original != entry.number else ""
        text = f"{entry.text or 'An entry without a number'} {entry.takes_back}{about}: it can take back a credit note."
        remedy = "Find out whether the credit note still stands; if not, make a new one."
        yield replace(_note_finding(context, "D-3", Strength.ASK, entry, text, remedy, (WHOLE,)), cannot_tell=True)


def _incomparable(context: Context, duty: ClientDuty, credit: Credit) -> Finding:
    """Return the finding that it is uncertain whether the e-invoice of *duty* is credited in full, because a value is not there."""
    remedy = "Bring the report of the ERP that has the e-invoice."
    documents = [*([] if duty.invoice is None else [duty.invoice]), *credit.used]
    if any(document.worth.named[1:] for document in documents):
        remedy = "Find out which value is right; if each row is a line of the document, map the value of the line."
    elif credit.invoice_valued and not any(note.worth.is_aside for note in credit.used):
        remedy = "Enter the value of the credit note."
    elif duty.invoice_aside or credit.invoice_valued:
        remedy = "Correct the row set aside and audit again."
    text = f"{_numbers(credit.used)} credits the e-invoice, and {why_incomparable(duty)}: it is uncertain whether it is credited in full."
    finding = _note_finding(context, "D-3", Strength.ASK, credit.used[-1], text, remedy, (WHOLE,), order=duty.arisen.order)
    return replace(finding, cannot_tell=True, seen=(*finding.seen, *duty.invoice_aside))


def superfluous(context: Context) -> Iterator[Finding]:
    """Yield D-4: a second note for an invoice, a note for an order that is not cancelled, or for one without an e-invoice.

    A note that contradicts itself is R-8.
    """
    beyond = {note.seen for number in context.ledger.by_original for note in context.ledger.credit(number).beyond}
    alive, unbilled, back = _not_cancelled(context), _cancelled_without_invoice(context), _came_back(context)
    for note in context.ledger.notes:
        order = context.ledger.order_of(note)
        if not note.counts or context.ledger.contradicts(note):
            continue
        if note.seen in beyond:
            text = f"{note.text} is a second credit note for the invoice {context.evidence.document_text(note.original)}."
            yield _note_finding(context, "D-4", Strength.MUST, note, text, "Reverse it in the ERP.", (WHOLE,))
        elif order != ABSENT and (alive[order] or unbilled[order]) and not back[order]:
            aside = context.coverage.aside(ORDER_SYSTEMS, order)
            yield _unfounded(context, note, order, aside, cancelled=bool(unbilled[order]))


def _unfounded(context: Context, note: Document, order: int, aside: tuple[Seen, ...], *, cancelled: bool) -> Finding:
    """Return the finding that nothing asks for *note*."""
    if cancelled:
        text = f"{note.text} credits an order that was cancelled without an e-invoice."
        clauses: tuple[str, ...] = ("SC-ERP-FULL-1.2.1",)
        gaps: tuple[str, ...] = ("GAP-26", WHOLE)
    else:
        text = f"{note.text} credits an order of which nothing is cancelled. If it was returned, the SOP does not ask for a credit note."
        clauses, gaps = (), (WHOLE, RETURNS_OPEN)
    if note.original != ABSENT and context.ledger.invoice(note.original) is None and context.coverage.sources(DOCUMENT_SYSTEMS):
        text += f" No file lists its invoice {context.evidence.document_text(note.original)} as a document."
    if aside:
        text = f"It is uncertain whether {note.text} is founded: a row set aside names its order."
    rows = tuple(order_seen(context.evidence, row, _row_text(context, row)) for row in context.rows_of(order))
    return Finding(
        rule="D-4",
        strength=Strength.ASK if aside else Strength.MUST,
        order=order,
        document=note.text or None,
        text=text,
        remedy="Correct the row set aside and audit again." if aside else "Ask why it was made, and reverse it if nothing asks for it.",
        clauses=clauses,
        gaps=gaps,
        cannot_tell=bool(aside),
        since=note.day,
        seen=(*note.seen, *rows, *aside),
    )


def _row_text(context: Context, row: int) -> str:
    requests = context.evidence.requests
    return "a request to cancel" if requests["is_cancellation"][row] else "nothing is cancelled"


def _not_cancelled(context: Context) -> Flags:
    """Return for each order whether a row is about it, and none is about a cancellation that may have taken units or made a duty."""
    requests, cancellations = context.evidence.requests, context.cancellations
    flags = context.known_orders.copy()
    flags[requests["order"][requests["units_cancelled"] > 0]] = False
    flags[requests["order"][requests["is_cancellation"]]] = False
    turned_away = (cancellations.effect == NO) & ~requests["packing_error"][cancellations.rows]
    only_turned_away = np.zeros(len(flags), dtype=bool)
    only_turned_away[cancellations.order[turned_away]] = True
    only_turned_away[cancellations.order[~turned_away]] = False
    return np.asarray(flags | (only_turned_away & ~_cancelled_elsewhere(context)))


def _cancelled_elsewhere(context: Context) -> Flags:
    """Return for each order whether a row that is not among the requests decided has cancelled units."""
    requests = context.evidence.requests
    others = np.ones(len(requests["row"]), dtype=bool)
    others[context.cancellations.rows] = False
    flags = np.zeros(len(context.evidence.orders), dtype=bool)
    flags[requests["order"][others & (requests["is_cancellation"] | (requests["units_cancelled"] > 0))]] = True
    return flags


def _cancelled_without_invoice(context: Context) -> Flags:
    """Return for each order whether it was cancelled in full and has no e-invoice."""
    cancellations = context.cancellations
    flags = np.zeros(len(context.evidence.orders), dtype=bool)
    flags[cancellations.order[(cancellations.effect == YES) & (cancellations.scope == FULL)]] = True
    return np.asarray(flags & ~context.times.moments["invoiced"].possible)


def _came_back(context: Context) -> Flags:
    """Return for each order whether a document of returns names it."""
    documents = context.evidence.documents
    flags = np.zeros(len(context.evidence.orders), dtype=bool)
    back = np.isin(documents["kind"], [Kind.RETURN, Kind.RSI]) & (documents["order"] != ABSENT)
    flags[documents["order"][back]] = True
    return flags


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
                yield _note_finding(context, "D-5", Strength.ASK, note, text, remedy, (), basis="ours", order=duty.arisen.order)


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
            yield _note_finding(context, "D-6", Strength.ASK, note, text, "Enter the invoice that it credits.", (WHOLE,))


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
        yield Finding(
            rule="D-7",
            strength=Strength.MUST,
            order=orders.pop() if len(orders) == 1 else ABSENT,
            document=notes[0].text,
            text=f"The number {notes[0].text} is on {len(notes)} different credit notes; none of them closes a duty.",
            remedy="Give each note a number of its own.",
            basis="law",
            since=min((note.day for note in notes if note.day is not None), default=None),
            seen=tuple(seen for note in notes for seen in note.seen),
        )


def irn_cancelled(context: Context) -> Iterator[Finding]:
    """Yield D-8."""
    for duty in context.credit_notes():
        of_note = duty.note_irn_cancelled and duty.status is Status.QUESTION
        if of_note or (duty.irn_cancelled and duty.status is not Status.DONE):
            text = "The IRN of the e-invoice was cancelled at the portal; the credit note is neither due nor done."
            if of_note and not duty.irn_cancelled:
                text = f"The IRN of the credit note {duty.done_by} was cancelled at the portal; the credit note is neither due nor done."
            yield Finding(
                rule="D-8",
                strength=Strength.ASK,
                order=duty.arisen.order,
                document=context.evidence.document_text(duty.number),
                text=text,
                remedy="Ask the owner of the SOP before making a credit note.",
                gaps=(IRN_CANCELLED,),
                since=duty.arisen.since,
                seen=(*duty.arisen.seen, *(duty.invoice.seen if duty.invoice is not None else ())),
            )


def shared_with_ajio(context: Context) -> Iterator[Finding]:
    """Yield D-9."""
    for note in context.ledger.notes:
        if note.shared:
            yield _note_finding(
                context,
                "D-9",
                Strength.INFO,
                note,
                f"{note.text} was shared with Ajio; the SOP does not ask for it.",
                "Nothing to do.",
                ("SC-ERP-FULL-1.1.2c", "GAP-27"),
            )


def _note_finding(  # noqa: PLR0913 (the parts of a finding)
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
    invoice = context.ledger.invoice(note.original)
    return Finding(
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


def _numbers(notes: list[Document]) -> str:
    return " and ".join(note.text for note in notes)


RULES = (
    Rule("D-1", "credit note due and none made", (*CREDIT_CLAUSES, "GAP-02", "GAP-04", "GAP-17"), Strength.MUST, due_and_none),
    Rule("D-2", "credit note overdue by law", ("law", WHOLE, "GAP-43"), Strength.MUST, overdue),
    Rule("D-3", "credit note not whole, or in excess of its invoice", (WHOLE,), Strength.MUST, not_whole),
    Rule("D-4", "superfluous credit note", (WHOLE, "SC-ERP-FULL-1.2.1", "GAP-26"), Strength.MUST, superfluous),
    Rule("D-5", "credit note before the cancellation or the invoice", ("ours",), Strength.ASK, early),
    Rule("D-6", "credit note names no invoice", (WHOLE,), Strength.ASK, without_invoice),
    Rule("D-7", "number of a credit note used twice", ("law",), Strength.MUST, number_used_twice),
    Rule("D-8", "IRN cancelled at the portal", (IRN_CANCELLED,), Strength.ASK, irn_cancelled),
    Rule("D-9", "credit note shared with Ajio", ("SC-ERP-FULL-1.1.2c", "GAP-27"), Strength.INFO, shared_with_ajio),
)
