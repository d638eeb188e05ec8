"""Rule R-8: one number for two orders, or one document of two orders."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from orders.audit.findings import Finding, Seen, Strength, order_seen
from orders.audit.order_invoices import invoices_named
from orders.audit.rows.columns import ABSENT, Numbers, flags_at
from orders.audit.rows.locations import with_different
from orders.audit.rules.context import SELLER_SYSTEMS, Context, Rule
from orders.audit.tables import Kind, System
from sop_engine.text import counted


def one_id_two_orders(context: Context) -> Iterator[Finding]:
    """Yield R-8: one number for rows that differ in units, PO or invoicing; one number at several locations; one PO for two orders."""
    requests = context.evidence.requests
    place = requests["place"]
    for name, what in (("units", "units ordered"), ("po", "forward PO"), ("invoicing", "invoicing model")):
        given = requests[name] != ABSENT if name != "invoicing" else np.bitwise_count(requests[name]) == 1
        if name == "units":
            given &= ~context.evidence.systems("requests", System.AJIO)
        groups = (requests["source"], requests["order"], place)
        for rows in _differing(np.flatnonzero(given), groups, requests[name]):
            finding = _same_id(context, rows, f"Rows with one order number differ in their {what}: they can be two orders.")
            yield _if_all_read(context, finding) if name == "units" else finding
    for order in np.flatnonzero(context.evidence.units_ordered_differ).tolist():
        yield _if_all_read(context, _units_ordered_differ(context, order))
    several = context.evidence.at_several_places
    several &= flags_at(requests["order"][requests["is_cancellation"]], len(several))
    for order in np.flatnonzero(several).tolist():
        text = "The order number is at several locations: it can be one order or several, and what differs between them is uncertain."
        yield replace(_same_id(context, context.rows_of(order), text), strength=Strength.ASK)
    orders = np.flatnonzero(requests["po"] != ABSENT)
    for rows in _differing(orders, (requests["source"], requests["po"]), requests["order"]):
        yield _same_id(context, rows, "One forward PO is on rows of different orders.")
    yield from documents_of_two_orders(context)


def _units_ordered_differ(context: Context, order: int) -> Finding:
    rows, requests = context.rows_of(order), context.evidence.requests
    of_ajio = context.evidence.systems("requests", System.AJIO)
    ours = next(int(requests["units"][row]) for row in rows if not of_ajio[row] and requests["units"][row] != ABSENT)
    units_of_rows = [int(requests["units"][row]) for row in rows if of_ajio[row]]
    theirs = sum(units_of_rows)
    if len(units_of_rows) > 1 and set(units_of_rows) == {ours}:
        text = (
            f"Ajio's report has {len(units_of_rows)} rows of the order, each with {counted(ours, 'unit')} ordered, as Assure OMS has in all. They can be one row "
            "that stands there again with another cell, or articles of two orders. How much of it was cancelled is uncertain."
        )
        remedy = "Find out which of the rows is right, and remove the others."
        return replace(_same_id(context, rows, text), strength=Strength.ASK, cannot_tell=True, remedy=remedy)
    text = (
        f"Assure OMS has {counted(ours, 'unit')} ordered, Ajio's report {counted(theirs, 'unit')}: they can be two orders, or a file has "
        "rows for a part of the order. How much of it was cancelled is uncertain."
    )
    remedy = 'Find out how many units were ordered; if each row of the file is a line or unit of an order, map it with rows = "lines".'
    return replace(_same_id(context, rows, text), remedy=remedy)


def _if_all_read(context: Context, finding: Finding) -> Finding:
    """Return *finding* of units that differ, uncertain if a row of the order is set aside in the seller's systems: it can be another line."""
    aside = context.coverage.aside_of_orders(SELLER_SYSTEMS, finding.order)
    if not aside:
        return finding
    text = f"{finding.text} This is uncertain: a row set aside names the order, and can be a line of it."
    return replace(
        finding,
        strength=Strength.ASK,
        cannot_tell=True,
        text=text,
        remedy="Correct the row set aside and audit again.",
        seen=tuple(sorted({*finding.seen, *aside})),
    )


def _differing(rows: Numbers, groups: tuple[Numbers, ...], values: Numbers) -> Iterator[list[int]]:
    """Yield the *rows* of each group in which *values* differ."""
    if not len(rows):
        return
    order = np.lexsort((rows, values[rows], *(group[rows] for group in reversed(groups))))
    rows = rows[order]
    same = np.ones(len(rows) - 1, dtype=bool)
    for group in groups:
        same &= group[rows][1:] == group[rows][:-1]
    number = np.concatenate(([0], np.cumsum(~same)))
    differing = np.unique(number[1:][same & (values[rows][1:] != values[rows][:-1])])
    for group in differing.tolist():
        yield rows[np.searchsorted(number, group) : np.searchsorted(number, group + 1)].tolist()


def _same_id(context: Context, rows: list[int], text: str) -> Finding:
    requests = context.evidence.requests
    orders = {int(requests["order"][row]) for row in rows}
    first = min(orders, key=context.evidence.orders.keys.__getitem__)
    return Finding(
        rule="R-8",
        strength=Strength.MUST,
        order=first,
        text=text,
        remedy="Find out which row belongs to which order; a location code can distinguish them.",
        basis="flow",
        seen=tuple(sorted(order_seen(context.evidence, row, context.evidence.order_text(int(requests["order"][row]))) for row in rows)),
    )


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


RULES = (Rule("R-8", "one id and two orders", ("flow",), Strength.MUST, one_id_two_orders),)
