"""The part of rule R-8 about documents: an e-invoice of two orders, and a credit note for one order with the e-invoice of another."""

from collections import defaultdict
from collections.abc import Iterator

from orders.audit.findings import Finding, Seen, Strength, order_seen
from orders.audit.order_invoices import invoices_named
from orders.audit.rows.locations import with_different
from orders.audit.rules.context import Context
from orders.audit.tables import Kind


def documents_of_two_orders(context: Context) -> Iterator[Finding]:
    """Yield R-8 for each document that is connected with two orders: which of them it belongs to is a question."""
    orders, numbers = invoices_named(context.evidence)
    shared = with_different(numbers, orders, len(context.evidence.documents_named))
    orders_of: dict[int, set[int]] = defaultdict(set)
    for number, order in zip(numbers[shared[numbers]].tolist(), orders[shared[numbers]].tolist(), strict=True):
        orders_of[number].add(order)
    for number in sorted(orders_of):
        yield _invoice_of_two(context, number, orders_of[number])
    for order, notes in context.ledger.contradictory.items():
        for note in notes:
            original, other = context.evidence.document_text(note.original), int(context.ledger.order_of_invoice[note.original])
            text = context.evidence.order_text
            invoice = context.ledger.invoice(note.original)
            yield Finding(
                rule="R-8",
                strength=Strength.ASK,
                order=order,
                document=note.text or None,
                text=f"{note.text or 'A credit note'} names the order {text(order)}, and credits {original} of the order {text(other)}.",
                remedy="Correct the order or the invoice that the credit note names.",
                basis="flow",
                since=note.day,
                seen=(*note.seen, *(invoice.seen if invoice is not None else ())),
            )


def _invoice_of_two(context: Context, number: int, orders: set[int]) -> Finding:
    evidence = context.evidence
    names = sorted(evidence.order_text(order) for order in orders)
    seen: list[Seen] = []
    for order in sorted(orders):
        rows = (row for row in evidence.rows_of("requests", order) if evidence.requests["invoice"][row] == number)
        seen += [order_seen(evidence, row, f"{evidence.order_text(order)} with {evidence.document_text(number)}") for row in rows]
        seen += [
            context.ledger.rows.seen(place)
            for place in evidence.rows_of("documents", order)
            if evidence.documents["number"][place] == number and evidence.documents["kind"][place] == Kind.INVOICE
        ]
    return Finding(
        rule="R-8",
        strength=Strength.ASK,
        order=min(orders, key=evidence.orders.keys.__getitem__),
        document=evidence.document_text(number),
        text=f"{evidence.document_text(number)} is named for different orders: {', '.join(names)}.",
        remedy="Find out which order the e-invoice belongs to, and the e-invoice of each other order.",
        basis="flow",
        seen=tuple(sorted(seen)),
    )
