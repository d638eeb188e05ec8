"""Rules C-1, C-2, C-4, C-5, C-7 and C-8: was a cancellation carried out that the SOP refuses, or turned away although it allows it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from orders.audit.cancellations import CUSTOMER, FULL, YES, subjects
from orders.audit.facts import Moments
from orders.audit.findings import Finding, Strength, order_seen
from orders.audit.rows.columns import NEVER
from orders.audit.rows.days import day_or_none
from orders.audit.rules.context import Context, Rule
from orders.audit.rules.request_findings import carried_out, request_finding
from orders.audit.tables import Observed
from sop_engine import Outcome


def carried_out_though_refused(context: Context) -> Iterator[Finding]:
    """Yield C-1."""
    cancellations = context.cancellations
    on_screen = cancellations.is_outcome(Outcome.FAILS_ON_SCREEN)
    for place in np.flatnonzero(carried_out(context) & cancellations.is_forbidden & ~on_screen).tolist():
        yield request_finding(
            context,
            place,
            "C-1",
            Strength.MUST,
            "The cancellation was carried out although the SOP does not allow it.",
            "Find out how it could be carried out, and agree with Ajio what to do with the goods.",
        )


def carried_out_though_it_fails(context: Context) -> Iterator[Finding]:
    """Yield C-2."""
    cancellations = context.cancellations
    for place in np.flatnonzero(carried_out(context) & cancellations.is_outcome(Outcome.FAILS_ON_SCREEN)).tolist():
        yield request_finding(
            context,
            place,
            "C-2",
            Strength.MUST,
            "Part of a posted order was cancelled although the SOP says that this fails on the screen.",
            "Check in Assure OMS which units are left, and compare them with the ERP.",
        )


def turned_away_though_allowed(context: Context) -> Iterator[Finding]:
    """Yield C-4."""
    cancellations, requests = context.cancellations, context.evidence.requests
    turned_away = (requests["carried_out"][cancellations.rows] == Observed.NO) & ~requests["packing_error"][cancellations.rows]
    again = _cancelled_again(context)
    for place in np.flatnonzero(turned_away & cancellations.is_outcome(Outcome.ALLOWED)).tolist():
        if place in again:
            continue
        yield request_finding(
            context,
            place,
            "C-4",
            Strength.MUST,
            "The cancellation was turned away although the SOP allows it.",
            "Cancel again, or ask Increff why it was turned away.",
        )


FIRST_CANCELLATION = (
    "Bring the export that has the first cancellation. If the file has the statuses of its own day, not of the request, leave their columns out: "
    "`oms_status = false`."
)


def repeated_cancellation(context: Context) -> Iterator[Finding]:
    """Yield C-5; if no row has the first cancellation, what that one left to do is uncertain."""
    orphans = context.cancellations.is_orphan
    for place in np.flatnonzero(orphans).tolist():
        text = "The order was already CANCELLED, and no row has that cancellation: what it left to do is uncertain."
        yield request_finding(context, place, "C-5", Strength.ASK, text, FIRST_CANCELLATION, cannot_tell=True)
    for place in np.flatnonzero(context.cancellations.is_outcome(Outcome.WITHOUT_EFFECT) & ~orphans).tolist():
        yield request_finding(
            context,
            place,
            "C-5",
            Strength.INFO,
            "The order was already CANCELLED; a second cancellation has no effect and makes no second duty.",
            "Nothing to do.",
        )
    for place in sorted(_cancelled_again(context)):
        text = "The file has the order cancelled in full before; a second cancellation has no effect and makes no second duty."
        finding = request_finding(context, place, "C-5", Strength.INFO, text, "Nothing to do.")
        yield replace(finding, clauses=(), gaps=("GAP-37",), basis="our reading")


def _cancelled_again(context: Context) -> set[int]:
    """Return the requests that state another stage, of orders that the same file has cancelled in full at an earlier time (GAP-37).

    Rows that differ in their location or their units ordered can be two orders.
    """
    if not context.as_practised:
        return set()
    cancellations, requests = context.cancellations, context.evidence.requests
    same = [requests[name][cancellations.rows] for name in ("source", "place", "units")]
    dated = (cancellations.start != NEVER) & (cancellations.end != NEVER)
    whole = dated & (cancellations.scope == FULL) & cancellations.is_outcome(Outcome.ALLOWED)
    whole &= ~requests["packing_error"][cancellations.rows] & ~cancellations.result_unknown
    again = set()
    for place in np.flatnonzero(whole & (cancellations.ended_before == YES)).tolist():
        first = int(np.searchsorted(cancellations.order, cancellations.order[place]))
        earlier = first + np.flatnonzero(whole[first:place] & (cancellations.effect[first:place] == YES))
        alike = np.logical_and.reduce([column[earlier] == column[place] for column in same])
        if (alike & (cancellations.end[earlier] <= cancellations.start[place])).any():
            again.add(place)
    return again


def outside_the_sop(context: Context) -> Iterator[Finding]:
    """Yield C-7: the customer cancelled, or the order is of a kind that the SOP does not cover."""
    evidence = context.evidence
    requests = evidence.requests
    wanted = subjects(evidence)
    by_customer = wanted & (context.cancellers.sets == CUSTOMER)
    cancelled = Moments(requests["cancelled_start"], requests["cancelled_end"], wanted, wanted)
    posted = context.times.at("posted", requests["order"]).surely_before(cancelled)
    for row in np.flatnonzero(by_customer).tolist():
        text = "The customer cancelled; no clause answers this."
        if posted[row]:
            text += " The order was already posted, which contradicts the flow: a customer can cancel only before."
        yield Finding(
            rule="C-7",
            strength=Strength.INFO,
            order=int(requests["order"][row]),
            text=text,
            remedy="Ask how the customer could cancel." if posted[row] else "Nothing to do by this SOP.",
            gaps=("GAP-33",),
            since=day_or_none(int(requests["cancelled_start"][row])),
            seen=(order_seen(evidence, row, "customer cancels"),),
        )
    for row in np.flatnonzero(wanted & context.outside).tolist():
        others = [other for other in context.rows_of(int(requests["order"][row])) if context.outside[other] and not wanted[other]]
        yield Finding(
            rule="C-7",
            strength=Strength.INFO,
            order=int(requests["order"][row]),
            text="The order is of a kind that this SOP does not cover.",
            remedy="Nothing to do by this SOP.",
            basis="flow",
            seen=tuple(order_seen(evidence, place, "outside the SOP") for place in (row, *others)),
        )


def cancelled_though_refused_with_e_invoice(context: Context) -> Iterator[Finding]:
    """Yield C-8, one for each e-invoice of the order."""
    cancellations = context.cancellations
    exists = context.times.at("invoiced", cancellations.order).certain
    for place in np.flatnonzero(carried_out(context) & cancellations.is_forbidden & exists).tolist():
        for invoice in context.order_invoices.of_request(int(cancellations.order[place]), int(cancellations.rows[place])):
            number = context.evidence.document_text(invoice.number)
            doubt = f" ({invoice.remark})" if invoice.is_unclear else ""
            yield request_finding(
                context,
                place,
                "C-8",
                Strength.ASK,
                f"The e-invoice {number or ''}".rstrip()
                + f" exists{doubt}, and the SOP names no task after a cancellation that it refuses.",
                "Ask the owner of the SOP whether its e-invoice is credited.",
                document=number,
                basis="silent",
            )


RULES = (
    Rule(
        "C-1",
        "carried out though refused",
        ("SC-ERP-FULL-3", "SC-RMS-FULL-2", "SC-RMS-PART-2", "SC-ERP-PART-2", "AC-ERP-FULL-2b", "GAP-14", "GAP-36", "GAP-11"),
        Strength.MUST,
        carried_out_though_refused,
    ),
    Rule(
        "C-2",
        "part taken out by the seller after posting, although it fails on the screen",
        ("SC-ERP-PART-1.1.1", "GAP-08"),
        Strength.MUST,
        carried_out_though_it_fails,
    ),
    Rule(
        "C-4",
        "turned away though allowed",
        ("SC-ERP-FULL-1a", "SC-ERP-FULL-2a", "SC-ERP-PART-1.2.1", "SC-RMS-FULL-1", "AC-ERP-FULL-2a", "AC-RMS-FULL-1", "GAP-07"),
        Strength.MUST,
        turned_away_though_allowed,
    ),
    Rule("C-5", "repeated cancellation", ("GAP-37",), Strength.INFO, repeated_cancellation),
    Rule("C-7", "cancelled by the customer, or outside the SOP", ("GAP-33",), Strength.INFO, outside_the_sop),
    Rule("C-8", "cancelled though refused, and an e-invoice exists", ("silent",), Strength.ASK, cancelled_though_refused_with_e_invoice),
)
