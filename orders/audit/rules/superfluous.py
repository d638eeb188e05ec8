"""Rule D-4: credit notes that nothing asks for."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from orders.audit.cancellations import FULL, NO, YES
from orders.audit.coverage import DOCUMENT_SYSTEMS, ENTER_ORDER, Proof, unnamed_text
from orders.audit.documents import Document
from orders.audit.findings import Finding, Seen, Strength, order_seen
from orders.audit.ledger import Credit
from orders.audit.rows.columns import ABSENT, Flags, flags_at
from orders.audit.rules.context import ORDER_SYSTEMS, Context, Rule
from orders.audit.rules.invoicing import COMPARE, first_day
from orders.audit.rules.made_notes import WHOLE, if_made, note_finding, numbers_text
from orders.audit.rules.two_systems import absence_of_order
from orders.audit.tables import Channel, Claim, Kind, System

RETURNS_OPEN = "GAP-32"
CANCELLATION_COLUMNS = ("units_cancelled", "cancelled", "channel_status")
"""Columns with which a source says of an order that nothing of it is cancelled."""


def superfluous(context: Context) -> Iterator[Finding]:
    """Yield D-4: a second note for an invoice, a note for an order that is not cancelled, or for one without an e-invoice.

    A note that contradicts itself is R-8.
    """
    of_invoices = [context.ledger.credit(number) for number in context.ledger.by_original]
    beyond = {note.seen: credit for credit in of_invoices for note in (*credit.beyond, *(credit.perhaps if credit.whole else ()))}
    alive, unbilled, back = _not_cancelled(context), _cancelled_without_invoice(context), _came_back(context)
    silent = alive & ~_have_cancellation_columns(context)
    for note in context.ledger.notes:
        order = context.ledger.order_of(note)
        if not note.counts or context.ledger.contradicts(note):
            continue
        if note.seen in beyond:
            yield _second(context, note, beyond[note.seen])
        elif order != ABSENT and (alive[order] or unbilled[order]) and not back[order]:
            aside = context.coverage.aside(System, order)
            could_be = context.evidence.facts.unnamed and unbilled[order] and not aside
            unnamed = context.coverage.unnamed(first_day(context, order)) if could_be else ()
            if unnamed:
                yield _perhaps_of_an_invoice(context, note, order, unnamed)
                continue
            if silent[order] and not aside and not _is_in_no_list(context, order):
                yield _perhaps_cancelled(context, note, order)
                continue
            yield if_made(context, _unfounded(context, note, order, aside, cancelled=bool(unbilled[order])), note)


def _second(context: Context, note: Document, credit: Credit) -> Finding:
    """Return the finding that *note* is for an invoice that others of *credit* already credit; uncertain if one of these may not stand."""
    whose = context.evidence.document_text(note.original)
    first = [used for used in credit.used if used.irn_cancelled or used.open_irn]
    names = (number for number in (note.original, *(used.number for used in credit.used)) if number != ABSENT)
    aside = tuple(sorted({seen for number in names for seen in context.coverage.aside(DOCUMENT_SYSTEMS, number=number)}))
    several = context.ledger.is_of_several_orders(note.original)
    if not (credit.is_shaken or first or aside or several):
        text = f"{note.text} is a second credit note for the invoice {whose}."
        return note_finding(context, "D-4", Strength.MUST, note, text, "Reverse it in the ERP.", (WHOLE,))
    why = f"it is uncertain whether {numbers_text(credit.used)} still stands"
    remedy = "Find out which of the notes stands; if both do, reverse one in the ERP."
    if several:
        why = "rows of it are of different orders or days, so that each note can be for one"
        remedy = "Find out for which order each note is, and enter it."
    text = f"{note.text} is a second credit note for the invoice {whose}, and {why}."
    finding = note_finding(context, "D-4", Strength.ASK, note, text, remedy, (WHOLE,))
    entries = (seen for entry in (*credit.used, *credit.taking_back) for seen in entry.seen)
    return replace(finding, cannot_tell=True, seen=tuple(dict.fromkeys((*finding.seen, *entries, *aside))))


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
    is_near = bool(context.near_invoices(order)) if cancelled else context.is_part_of_known(order)
    remedy = "Ask why it was made, and reverse it if nothing asks for it."
    if aside:
        text = f"It is uncertain whether {note.text} is founded: a row set aside names its order."
        remedy = "Correct the row set aside and audit again."
    elif is_near:
        text = f"It is uncertain whether {note.text} is founded.{context.order_hint(order)}"
        remedy = COMPARE
    rows = tuple(order_seen(context.evidence, row, _row_text(context, row)) for row in context.rows_of(order))
    return Finding(
        rule="D-4",
        strength=Strength.ASK if aside or is_near else Strength.MUST,
        order=order,
        document=note.text or None,
        text=text,
        remedy=remedy,
        clauses=clauses,
        gaps=gaps,
        cannot_tell=bool(aside) or is_near,
        since=note.day,
        seen=(*note.seen, *rows, *aside),
    )


def _perhaps_of_an_invoice(context: Context, note: Document, order: int, unnamed: tuple[Seen, ...]) -> Finding:
    """Return the finding that *note* credits an order without an e-invoice, unless one of those *unnamed* is that of the order."""
    text = (
        f"{note.text or 'A credit note'} credits an order that was cancelled, and of which no e-invoice is named. It is uncertain whether it has "
        f"none: no row connects {unnamed_text(unnamed, context.coverage)} with an order."
    )
    finding = note_finding(context, "D-4", Strength.ASK, note, text, ENTER_ORDER, ("SC-ERP-FULL-1.2.1", "GAP-26", WHOLE), order=order)
    return replace(finding, cannot_tell=True, seen=(*finding.seen, *unnamed))


def _have_cancellation_columns(context: Context) -> Flags:
    """Return for each order whether a row about it is of a source that says what is cancelled."""
    rows = np.logical_or.reduce([context.evidence.has(name) for name in CANCELLATION_COLUMNS])
    return flags_at(context.evidence.requests["order"][rows], len(context.evidence.orders))


def _is_in_no_list(context: Context, order: int) -> bool:
    """Return whether a list that claims to have all cancellations of its days does not have *order*."""
    absence = absence_of_order(context, order, first_day(context, order), ORDER_SYSTEMS, (Claim.CANCELLATIONS,))
    return absence.proof is Proof.MISSING


def _perhaps_cancelled(context: Context, note: Document, order: int) -> Finding:
    """Return the finding that *note* credits an order of which no file says whether something is cancelled."""
    text = f"{note.text or 'A credit note'} credits an order of which no file says whether something is cancelled: it is uncertain whether it is founded."
    remedy = "Bring a list of cancellations that is complete for the days from the order on, or a report that says what is cancelled."
    finding = note_finding(context, "D-4", Strength.ASK, note, text, remedy, (WHOLE, RETURNS_OPEN), order=order)
    rows = (order_seen(context.evidence, row, "not said whether something is cancelled") for row in context.rows_of(order))
    return replace(finding, cannot_tell=True, seen=(*finding.seen, *rows))


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
    return flags_at(
        requests["order"][others & (requests["is_cancellation"] | (requests["units_cancelled"] > 0))], len(context.evidence.orders)
    )


def _cancelled_without_invoice(context: Context) -> Flags:
    """Return for each order whether it was cancelled in full and has no e-invoice."""
    cancellations = context.cancellations
    flags = flags_at(cancellations.order[(cancellations.effect == YES) & (cancellations.scope == FULL)], len(context.evidence.orders))
    return np.asarray(flags & ~context.times.moments["invoiced"].possible)


def _came_back(context: Context) -> Flags:
    """Return for each order whether a document of returns names it, or a report of orders says that it was returned."""
    requests = context.evidence.requests
    documents = context.evidence.documents
    back = np.isin(documents["kind"], [Kind.RETURN, Kind.RSI]) & (documents["order"] != ABSENT)
    returned = requests["order"][requests["channel_status"] == Channel.RETURNED]
    return flags_at(np.concatenate([documents["order"][back], returned]), len(context.evidence.orders))


RULES = (Rule("D-4", "superfluous credit note", (WHOLE, "SC-ERP-FULL-1.2.1", "GAP-26"), Strength.MUST, superfluous),)
