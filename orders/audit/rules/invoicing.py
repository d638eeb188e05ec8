"""Rules R-1 to R-3, R-6 and R-7: e-invoices that are late, missing, without an order, or cancelled in one system only."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache, partial

import numpy as np

from orders.audit.cancellations import YES
from orders.audit.client_duties import Status
from orders.audit.coverage import DOCUMENT_SYSTEMS, ENTER_ORDER, Absence, Proof, absence_text, remedy_of
from orders.audit.documents import Document
from orders.audit.findings import Finding, Strength, order_seen, request_seen
from orders.audit.ledger import Mention
from orders.audit.owed import NOT_INVOICED, POSTED_AFTER_CANCELLATION
from orders.audit.rows.columns import ABSENT, NEVER, Flags, flags_at
from orders.audit.rows.days import day_at, day_or_none
from orders.audit.rules.context import ORDER_SYSTEMS, Context, Rule
from orders.audit.rules.crediting import IRN_CANCELLED, due_finding
from orders.audit.rules.made_notes import SHARE_OUT, WHOLE, if_made
from orders.audit.tables import Channel, Claim, Kind, System
from orders.duties import financial_year
from sop_engine import Decision, EInvoice, Invoicing, Outcome, Stage
from sop_engine.order import LATE_E_INVOICE, reachable_states

ERP_BIT = 1
POSTED_BIT = 1 << EInvoice.POSTED.rank
COMPARE = (
    "Compare the numbers of the orders. If they are of one order, correct them in the file, or format the column as text and export again."
)
MAP_CHANNEL = "Find the order. Map what says the sales channel of each document as `channel`, or say that all are of Ajio."
FIND_E_INVOICE = "Find its e-invoice in the ERP."
WATCH_WITH_REPORT = "Watch for a late e-invoice; the VMS report of orders cancelled after posting lists the order."
LEFT = (Channel.SHIPPED, Channel.DELIVERED, Channel.RETURNED)
"""Words of the channel for an order that was packed."""


def watch(context: Context) -> Iterator[Finding]:
    """Yield R-1, once for each order: posted, also after its cancellation, cancelled in full and not invoiced; nothing to do now."""
    cancellations, times = context.cancellations, context.times
    full = cancellations.scope == 1
    erp = context.evidence.requests["invoicing"][cancellations.rows] == ERP_BIT
    posted = (cancellations.e_invoice == POSTED_BIT) | times.at("posted", cancellations.order).certain
    waiting = posted & ((cancellations.e_invoice | NOT_INVOICED) == NOT_INVOICED) & ~times.at("invoiced", cancellations.order).certain
    wanted = full & erp & waiting & (cancellations.effect == YES) & cancellations.is_outcome(Outcome.ALLOWED)
    packed = flags_at(context.evidence.requests["order"][_packed(context)], len(context.evidence.orders))
    watched: set[int] = set()
    for place in np.flatnonzero(wanted).tolist():
        order = int(cancellations.order[place])
        if order in watched:
            continue
        watched.add(order)
        case = context.answers.decided(int(cancellations.key[place])).decisions
        day = day_or_none(int(cancellations.start[place]))
        absence = context.coverage.absence_of_invoice(day, context.as_of, order, partial(first_day, context, order))
        text = "Posted, cancelled and not e-invoiced: nothing to do now. If the ERP makes the e-invoice later, it is to be credited."
        rows_aside = context.coverage.aside_of_orders(ORDER_SYSTEMS, order) if absence.proof is not Proof.ASIDE else ()
        if rows_aside:
            absence = Absence(Proof.ASIDE, tuple(dict.fromkeys(seen.source for seen in rows_aside)), rows_aside)
        near = context.near_invoices(order)
        is_uncertain = absence.proof in (Proof.ASIDE, Proof.UNNAMED) or bool(near) or bool(packed[order])
        if is_uncertain:
            text = "Posted, cancelled, and no e-invoice of it is known. If it has none, nothing is to be done now; if it has one, that is to be credited."
        if packed[order]:
            text += " It was packed, so there should be one."
        after = cancellations.e_invoice[place] & POSTED_BIT == 0
        if after:
            text += " The order was posted after its cancellation."
        if all((decision.case.invoicing, decision.case.stage, decision.case.e_invoice) not in _regular_states() for decision in case):
            text += " The order was off the regular way: the SOP has it e-invoiced before this stage."
        if absence.proof is not Proof.NO_SOURCE:
            text += " " + absence_text(absence, context.coverage, "late e-invoice")
        text += context.order_hint(order) if near else ""
        yield Finding(
            rule="R-1",
            strength=Strength.INFO,
            order=order,
            text=text,
            remedy=COMPARE if near else FIND_E_INVOICE if packed[order] else _watch_remedy(absence, after=bool(after)),
            cannot_tell=is_uncertain,
            since=day,
            seen=(request_seen(context.evidence, cancellations, place), *absence.rows, *near),
            clauses=tuple(dict.fromkeys(name for decision in case for name in decision.clauses)),
            gaps=tuple(
                dict.fromkeys([*_gaps(case), *((POSTED_AFTER_CANCELLATION, LATE_E_INVOICE) if after else (LATE_E_INVOICE, "GAP-26"))])
            ),
        )


def _watch_remedy(absence: Absence, *, after: bool) -> str:
    """Return what to do about an order that is cancelled and not e-invoiced; *after*: it was posted after its cancellation."""
    if absence.proof in (Proof.ASIDE, Proof.UNNAMED):
        return remedy_of(absence) or ENTER_ORDER
    return "Watch for a late e-invoice." if after else WATCH_WITH_REPORT


@cache
def _regular_states() -> frozenset[tuple[Invoicing, Stage, EInvoice]]:
    return reachable_states()


def _gaps(decisions: Sequence[Decision]) -> list[str]:
    return [gap for decision in decisions for gap in decision.gaps]


def late_e_invoice(context: Context) -> Iterator[Finding]:
    """Yield R-2."""
    for duty in context.credit_notes():
        if duty.arisen.late and duty.arisen.certain and duty.status in (Status.OPEN, Status.UNCERTAIN) and not duty.is_credited:
            yield due_finding(context, duty, "R-2", "The e-invoice was made after the cancellation. ", "is due.")


def without_counterpart(context: Context) -> Iterator[Finding]:
    """Yield R-3: an invoice of an order that no source of orders has, and a packed order without an invoice."""
    documents, coverage = context.evidence.documents, context.coverage
    lists = [
        source["source"]
        for source in context.evidence.sources
        if source["complete_of"] == Claim.ORDERS
        or (source["complete_of"] is None and source["source"] in coverage.sources_of_orders((System.AJIO,)))
    ]
    in_force = (documents["kind"] == Kind.INVOICE) & documents["counts"] & ~documents["cancelled"]
    named = np.flatnonzero(in_force & (documents["order"] != ABSENT)) if lists else np.zeros(0, dtype=np.int64)
    for place in named[~context.known_orders[documents["order"][named]]].tolist():
        order, number = int(documents["order"][place]), context.evidence.document_text(int(documents["number"][place]))
        start = int(documents["dated_start"][place])
        day = day_or_none(start)
        rows = coverage.aside_of_orders(ORDER_SYSTEMS, order)
        first = day and day - timedelta(days=context.options.bounds.days_from_order_to_invoice)
        claiming = coverage.claiming(lists, (Claim.ORDERS,), first, day)
        proof = Proof.ASIDE if rows else Proof.MISSING if claiming else Proof.UNCLAIMED
        absence = Absence(proof, tuple(dict.fromkeys(seen.source for seen in rows)) or claiming or tuple(lists), rows)
        seen = context.ledger.rows.seen(place)
        is_part = proof is Proof.MISSING and context.is_part_of_known(order)
        perhaps_of_another = proof is Proof.MISSING and not documents["of_ajio"][place]
        yield Finding(
            rule="R-3",
            strength=Strength.MUST if proof is Proof.MISSING and not (perhaps_of_another or is_part) else Strength.ASK,
            order=order,
            document=number,
            text=f"The e-invoice {number} is for an order that no report of orders has. {absence_text(absence, coverage, 'row of it')}"
            + (" It can be of another sales channel." if perhaps_of_another and not is_part else "")
            + context.order_hint(order),
            remedy=COMPARE
            if is_part
            else MAP_CHANNEL
            if perhaps_of_another
            else "Find the order, or bring the report of orders of that month.",
            gaps=("GAP-05",),
            basis="ours" if proof is Proof.MISSING else None,
            cannot_tell=absence.cannot_tell or perhaps_of_another or is_part,
            since=day,
            seen=(seen, *rows),
        )
    yield from _packed_without_invoice(context)


def _packed_without_invoice(context: Context) -> Iterator[Finding]:
    """Yield R-3 for orders under ERP that were packed, and for which nothing names an e-invoice."""
    requests, times, coverage = context.evidence.requests, context.times, context.coverage
    if not coverage.sources(DOCUMENT_SYSTEMS):
        return
    invoiced = times.moments["invoiced"].certain
    named = np.zeros(len(invoiced), dtype=bool)
    named[requests["order"][requests["invoice"] != ABSENT]] = True
    packed = _packed(context) & (requests["invoicing"] == ERP_BIT) & ~(invoiced | named)[requests["order"]]
    _, first = np.unique(requests["order"][packed], return_index=True)
    for row in np.flatnonzero(packed)[first].tolist():
        order = int(requests["order"][row])
        start = int(times.moments["packed"].start[order])
        day = day_or_none(start) or first_day(context, order)
        absence = coverage.absence_of_invoice(day, context.as_of, order, partial(first_day, context, order))
        near = context.near_invoices(order)
        yield Finding(
            rule="R-3",
            strength=Strength.MUST if absence.proof is Proof.MISSING and not near else Strength.ASK,
            order=order,
            text=f"The order was packed, and no e-invoice is named. {absence_text(absence, coverage, 'e-invoice of it')}"
            + (context.order_hint(order) if near else ""),
            remedy=COMPARE if near else ENTER_ORDER if absence.proof is Proof.UNNAMED else FIND_E_INVOICE,
            basis="flow",
            cannot_tell=absence.cannot_tell or bool(near),
            since=day,
            seen=(order_seen(context.evidence, row, "packed"), *absence.rows, *near),
        )


def _packed(context: Context) -> Flags:
    """Return for each request whether its order was certainly packed."""
    requests = context.evidence.requests
    packed = context.times.moments["packed"].certain[requests["order"]]
    for word in LEFT:
        packed = packed | (requests["channel_status"] == word)
    return np.asarray(packed)


def first_day(context: Context, order: int) -> date | None:
    """Return the first day that the rows of *order* name, or None."""
    requests = context.evidence.requests
    starts = [
        int(column[row])
        for name, column in requests.items()
        if name.endswith("_start")
        for row in context.rows_of(order)
        if int(column[row]) != NEVER
    ]
    return day_at(min(starts)) if starts else None


def two_states(context: Context) -> Iterator[Finding]:
    """Yield R-6: the ERP says that a document is cancelled and its IRN is valid, or the reverse; also if the state of the IRN is unknown."""
    yield from _void_invoices(context)
    documents = context.evidence.documents
    by_number: dict[int, list[int]] = {}
    given = (documents["irn_cancelled_known"] | documents["cancelled_known"]) & (documents["number"] != ABSENT)
    for place in np.flatnonzero(given).tolist():
        by_number.setdefault(int(documents["number"][place]), []).append(place)
    for number, places in by_number.items():
        portal = {bool(documents["irn_cancelled"][place]) for place in places if documents["irn_cancelled_known"][place]}
        ledger = {bool(documents["cancelled"][place]) for place in places if documents["cancelled_known"][place]}
        if not portal or not ledger or any(portal) == any(ledger):
            continue
        text = "its IRN is cancelled and the ERP has it" if any(portal) else "the ERP has cancelled it and its IRN is valid"
        number_text = context.evidence.document_text(number)
        yield Finding(
            rule="R-6",
            strength=Strength.ASK,
            order=max(int(documents["order"][place]) for place in places),
            document=number_text,
            text=f"{number_text}: {text}.",
            remedy="Ask the tax adviser; after 24 hours an IRN can no longer be cancelled.",
            gaps=(IRN_CANCELLED,),
            basis="law",
            seen=tuple(context.ledger.rows.seen(place) for place in sorted(places)),
        )


def _void_invoices(context: Context) -> Iterator[Finding]:
    """Yield R-6 for e-invoices to be credited that the ERP has as void, and of whose IRN no file has the state."""
    for duty in context.credit_notes():
        if duty.is_void and duty.invoice is not None and duty.status is not Status.DONE:
            yield Finding(
                rule="R-6",
                strength=Strength.ASK,
                order=duty.arisen.order,
                document=duty.invoice.text or None,
                text=f"{duty.invoice.text} is void or cancelled in the ERP, and no file has the state of its IRN. If this is valid, the "
                "e-invoice is to be credited.",
                remedy="Bring the report of e-invoices of the portal.",
                gaps=(IRN_CANCELLED,),
                basis="law",
                cannot_tell=True,
                since=duty.arisen.since,
                seen=(*duty.arisen.seen, *duty.invoice.seen),
            )


def note_without_invoice(context: Context) -> Iterator[Finding]:
    """Yield R-7: a note for an invoice that no file has."""
    ledger, coverage = context.ledger, context.coverage
    yield from (_several_invoices(context, mention) for mention in ledger.mentions if mention.note.counts)
    for number, notes in ledger.by_original.items():
        if number in context.evidence.references or ledger.invoice(number) is not None or ledger.order_of_invoice[number] != ABSENT:
            continue
        for note in (note for note in notes if note.counts):
            absence = coverage.absence(DOCUMENT_SYSTEMS, (Claim.DOCUMENTS,), _earliest_original(context, note), note.day, number=number)
            named = coverage.aside_of_orders(ORDER_SYSTEMS, number=number) if absence.proof is not Proof.ASIDE else ()
            if named:
                absence = Absence(Proof.ASIDE, tuple(dict.fromkeys(seen.source for seen in named)), named)
            original = context.evidence.document_text(number)
            finding = Finding(
                rule="R-7",
                strength=Strength.MUST if absence.proof is Proof.MISSING else Strength.ASK,
                order=note.order,
                document=note.text or None,
                text=f"{note.text} credits {original}, which no file has. {absence_text(absence, coverage, 'such invoice')}"
                + context.document_hint(number),
                remedy="Find the invoice, or correct the number on the note.",
                gaps=(WHOLE,),
                cannot_tell=absence.cannot_tell,
                since=note.day,
                seen=(*note.seen, *absence.rows),
            )
            yield if_made(context, finding, note)


def _earliest_original(context: Context, note: Document) -> date | None:
    """Return from which day on a file has to hold everything to show that there is no invoice for *note*, or None if its day is unknown.

    It is the first day that the rows of its order name. Without one it is 1 April of its financial year, or so many days before the note as the
    audit takes for the most from an invoice to its note, whichever is earlier.
    """
    first = None if note.order == ABSENT else first_day(context, note.order)
    if first is not None or note.day is None:
        return first
    return min(date(financial_year(note.day) - 1, 4, 1), note.day - timedelta(days=context.options.bounds.days_from_invoice_to_note))


def _several_invoices(context: Context, mention: Mention) -> Finding:
    """Return the finding that a note names several e-invoices, or may name one, and closes the duty of none."""
    note, numbers = mention.note, mention.reference.numbers
    names = " and ".join(context.evidence.document_text(number) or "" for number in numbers)
    verb = "names" if mention.reference.is_certain else "may name"
    invoices = [context.ledger.invoice(number) for number in numbers]
    return Finding(
        rule="R-7",
        strength=Strength.ASK,
        order=note.order,
        document=note.text or None,
        text=f"{note.text or 'A credit note'} credits {mention.text}. No file has such an invoice; it {verb} {names}, but {mention.why}.",
        remedy=SHARE_OUT,
        gaps=(WHOLE,),
        cannot_tell=True,
        since=note.day,
        seen=(*note.seen, *(seen for invoice in invoices if invoice is not None for seen in invoice.seen)),
    )


RULES = (
    Rule(
        "R-1",
        "posted, cancelled and not e-invoiced: watch",
        ("SC-ERP-FULL-1.2.1", "AC-ERP-FULL-1.2.1", LATE_E_INVOICE),
        Strength.INFO,
        watch,
    ),
    Rule("R-2", "late e-invoice", (LATE_E_INVOICE,), Strength.MUST, late_e_invoice),
    Rule(
        "R-3",
        "invoice without an order, or packed order without an invoice",
        ("GAP-05", "flow", "ours"),
        Strength.MUST,
        without_counterpart,
    ),
    Rule("R-6", "cancelled in the ERP and valid at the portal, or the reverse", (IRN_CANCELLED, "law"), Strength.ASK, two_states),
    Rule("R-7", "credit note without its invoice", (WHOLE,), Strength.MUST, note_without_invoice),
)
