"""Rule R-5: orders that the VMS report of orders cancelled after posting lacks, or has and should not."""

from collections.abc import Iterator

import numpy as np

from orders.audit.cancellations import FULL, NO, YES
from orders.audit.coverage import Absence, Proof, absence_text, remedy_of
from orders.audit.findings import Finding, Strength
from orders.audit.rows.columns import NEVER, flags_at
from orders.audit.rows.days import day_at
from orders.audit.rules.context import SELLER_SYSTEMS, Context, Rule
from orders.audit.rules.two_systems import rows_seen
from orders.audit.tables import Claim, System


def vms_report(context: Context) -> Iterator[Finding]:
    """Yield R-5: orders that the VMS report of orders cancelled after posting lacks, or has and should not."""
    coverage, cancellations = context.coverage, context.cancellations
    reports = coverage.sources((System.VMS,))
    if not reports or not coverage.sources_of_orders(SELLER_SYSTEMS):
        return
    size, requests = len(context.evidence.orders), context.evidence.requests
    listed = flags_at(requests["order"][context.evidence.systems("requests", System.VMS)], size)
    posted = context.times.moments["posted"]
    full = (cancellations.effect == YES) & (cancellations.scope == FULL) & (cancellations.start != NEVER)
    was_posted = (cancellations.e_invoice & 1 == 0) | posted.certain[cancellations.order]
    never_posted = cancellations.e_invoice == 1
    for place in np.flatnonzero(full & was_posted & ~listed[cancellations.order]).tolist():
        order, day = int(cancellations.order[place]), day_at(int(cancellations.start[place]))
        absence = coverage.absence((System.VMS,), (Claim.CANCELLATIONS,), day, day, order)
        if absence.proof is not Proof.UNCLAIMED:
            text = f"The order was cancelled after posting. {absence_text(absence, coverage, 'row of it')}{context.order_hint(order)}"
            yield _report_finding(context, order, text, "Ask Increff why the report lacks it.", absence=absence)
    wrong = full & never_posted & listed[cancellations.order]
    for place in np.flatnonzero(wrong).tolist():
        text = "The VMS report lists the order, and it was not posted when it was cancelled."
        yield _report_finding(context, int(cancellations.order[place]), text, "Ask Increff why the report has it.")
    alive = listed & context.known_orders & ~flags_at(cancellations.order[cancellations.effect != NO], size)
    ours = flags_at(requests["order"][context.evidence.systems("requests", *SELLER_SYSTEMS)], size)
    for order in np.flatnonzero(listed & ~ours).tolist():
        yield _only_in_report(context, order)
    alive &= ours & ~flags_at(requests["order"][context.outside], size)
    for order in np.flatnonzero(alive).tolist():
        yield _report_finding(
            context, order, "The VMS report lists the order, and nothing of it was cancelled.", "Ask Increff why the report has it."
        )
    for source in reports:
        yield from _outside_range(context, source)


def _only_in_report(context: Context, order: int) -> Finding:
    """Return the finding that the seller's systems do not have an *order* of the report, so that nothing is decided of it."""
    requests = context.evidence.requests
    reported = [row for row in context.rows_of(order) if context.evidence.sources[int(requests["source"][row])]["system"] == System.VMS]
    days = [day_at(int(requests["cancelled_start"][row])) for row in reported if requests["cancelled_start"][row] != NEVER]
    day = min(days, default=None)
    absence = context.coverage.absence(SELLER_SYSTEMS, (Claim.CANCELLATIONS, Claim.ORDERS), day, day, order)
    where = absence_text(absence, context.coverage, "cancellation of it")
    text = f"The VMS report lists the order. {where} If it was cancelled, a credit note for its e-invoice can be due."
    text += context.order_hint(order)
    return _report_finding(context, order, text, "Find the cancellation, or ask Increff why the report has it.", absence=absence)


def _outside_range(context: Context, report: int) -> Iterator[Finding]:
    """Yield R-5 for rows of a report whose cancellation is outside the report's own range of days."""
    source, requests = context.evidence.sources[report], context.evidence.requests
    first, last = source["complete_from"], source["complete_to"]
    if first is None or last is None:
        return
    for row in np.flatnonzero((requests["source"] == report) & (requests["cancelled_start"] != NEVER)).tolist():
        day = day_at(int(requests["cancelled_start"][row]))
        if not first <= day <= last:
            text = f"The VMS report of {first} to {last} lists a cancellation of {day}."
            yield _report_finding(context, int(requests["order"][row]), text, "Ask Increff which date the range means.")


def _report_finding(context: Context, order: int, text: str, remedy: str, *, absence: Absence | None = None) -> Finding:
    cannot_tell = absence is not None and absence.cannot_tell
    return Finding(
        rule="R-5",
        strength=Strength.ASK if cannot_tell else Strength.MUST,
        order=order,
        text=text,
        remedy=(absence is not None and remedy_of(absence)) or remedy,
        gaps=("GAP-26", "GAP-41"),
        cannot_tell=cannot_tell,
        seen=(*rows_seen(context, context.rows_of(order)), *(absence.rows if absence is not None else ())),
    )


RULES = (Rule("R-5", "VMS report of orders cancelled after posting", ("GAP-26", "GAP-41"), Strength.MUST, vms_report),)
