"""The VMS report of orders cancelled after posting: what it should list, and rule R-5, which compares that with the report."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.cancellations import FULL, NO, YES, asked_systems
from orders.audit.coverage import Absence, Proof, absence_text, remedy_of
from orders.audit.facts import ONLY_ERP
from orders.audit.findings import Finding, Strength, words_of
from orders.audit.order_invoices import invoice_texts
from orders.audit.result_tables import CANCELLED_AFTER_POSTING
from orders.audit.rows.columns import ABSENT, NEVER, Flags, Numbers, flags_at
from orders.audit.rows.days import day_at, day_column, day_numbers
from orders.audit.rows.evidence import Evidence
from orders.audit.rules.context import SELLER_SYSTEMS, Context, Rule
from orders.audit.rules.two_systems import rows_seen
from orders.audit.tables import Claim, System

DAY_AND_ORDER: Final = ("cancelled_on", "order_key")
NOT_POSTED: Final = 1
"""The set of the e-invoice of an order that was not posted."""
_REASONS: Final = (
    None,
    "Its e-invoices may be made by the client's ERP or by RMS, from which nothing is posted; enter which.",
    "It may be posted or not; bring the time of its posting.",
    "It may be cancelled in full or not; bring its stage and its units.",
    "It may be cancelled or not; bring the result of its cancellation.",
    "The time of its cancellation covers several days; bring the day.",
    "It has no time of cancellation; bring it.",
)
"""Why an order is left out; of several reasons the last."""
ASIDE: Final = "Its row is set aside; correct the row."


def cancelled_after_posting(context: Context) -> pa.Table:
    """Return the list as `CANCELLED_AFTER_POSTING`, for the days of cancellation that the options choose, both included (GAP-41)."""
    cancellations, chosen = context.cancellations, context.options.vms_days
    first, last = day_numbers(cancellations.start), day_numbers(np.where(cancellations.end == NEVER, NEVER, cancellations.end - 1))
    wanted = (cancellations.effect != NO) & (cancellations.scope & FULL != 0) & (cancellations.ended_before != YES)
    wanted &= (cancellations.e_invoice != NOT_POSTED) & (_invoicing(context) & ONLY_ERP != 0)
    if chosen is not None:
        begin, end = ((day - date(1970, 1, 1)).days for day in chosen)
        wanted &= (first == NEVER) | ((first <= end) & (last >= begin))
    places = np.flatnonzero(wanted)
    first, last = first[places], last[places]
    left_out = (
        _invoicing(context)[places] != ONLY_ERP,
        cancellations.e_invoice[places] & NOT_POSTED != 0,
        (cancellations.effect[places] != YES) | (cancellations.scope[places] != FULL) | (cancellations.ended_before[places] != NO),
        cancellations.result_unknown[places],
        first != last,
        first == NEVER,
    )
    reason = np.max([number * is_so for number, is_so in enumerate(left_out, 1)], axis=0, initial=0)
    orders, rows = cancellations.order[places], cancellations.rows[places]
    evidence, requests = context.evidence, context.evidence.requests
    listed = pa.table(
        {
            "order_key": evidence.order_keys(orders),
            "order_text": evidence.order_texts(orders),
            "posted_on": day_column(day_numbers(context.times.moments["posted"].start[orders])),
            "cancelled_on": day_column(np.where(first == last, first, NEVER)),
            **{name: _words_column(name, getattr(cancellations, name)[places]) for name in ("canceller", "stage", "e_invoice")},
            "units": _units(cancellations.units[places]),
            "invoices": invoice_texts(evidence, orders),
            "left_out": pa.array(_REASONS, pa.string()).take(pa.array(reason)),
            "source": requests["source"][rows],
            "row": requests["row"][rows],
        },
        schema=CANCELLED_AFTER_POSTING,
    )
    systems = asked_systems(evidence)
    without = ~flags_at(requests["order"][evidence.systems("requests", *systems)], len(evidence.orders))
    aside = _first_of_each_order(evidence, evidence.aside_of_orders(*systems), without)
    return sorted_list(pa.concat_tables([listed, rows_set_aside(evidence, aside, CANCELLED_AFTER_POSTING)]), DAY_AND_ORDER)


def _invoicing(context: Context) -> Numbers:
    """Return the set of invoicing models of the order of each cancellation."""
    return context.evidence.requests["invoicing"][context.cancellations.rows]


def _words_column(name: str, sets: Numbers) -> pa.Array:
    """Return the words of each set of a fact."""
    different, places = np.unique(sets, return_inverse=True)
    return pa.array([words_of(name, int(bits)) for bits in different], pa.string()).take(pa.array(places))


def _units(units: Numbers) -> pa.Array:
    return pa.array(units.astype(np.int32), mask=units == ABSENT)


def rows_set_aside(evidence: Evidence, chosen: Numbers, schema: pa.Schema) -> pa.Table:
    """Return the rows set aside at *chosen*, which a list may lack, with the *schema* of the list."""
    numbers = evidence.aside["order"][chosen]
    columns = {
        "order_key": evidence.order_keys(numbers),
        "order_text": evidence.order_texts(numbers),
        "left_out": pa.array(np.full(len(chosen), ASIDE, object), pa.string()),
        "source": evidence.aside["source"][chosen],
        "row": evidence.aside["row"][chosen],
    }
    nothing = {field.name: pa.nulls(len(chosen), field.type) for field in schema if field.name not in columns}
    return pa.table(columns | nothing).select(schema.names).cast(schema)


def _first_of_each_order(evidence: Evidence, wanted: Flags, orders: Flags) -> Numbers:
    """Return the places of the rows set aside that are *wanted*: the first of each of *orders*, and all that name no order."""
    places = np.flatnonzero(wanted)
    named = evidence.aside["order"][places]
    nameless, places = places[named == ABSENT], places[named != ABSENT]
    places = places[orders[evidence.aside["order"][places]]]
    _, firsts = np.unique(evidence.aside["order"][places], return_index=True)
    return np.sort(np.concatenate([places[firsts], nameless]))


def sorted_list(table: pa.Table, names: tuple[str, ...]) -> pa.Table:
    """Return the rows of *table* sorted by the columns *names* and by source and row: first those that are placed, then those left out."""
    keys = table.select([*names, "source", "row"]).add_column(0, "is_left_out", pc.is_valid(table["left_out"]))
    return table.take(pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in keys.column_names]))


def vms_report(context: Context) -> Iterator[Finding]:
    """Yield R-5: orders that the VMS report of orders cancelled after posting lacks, or has and should not.

    It can lack an order whose e-invoices RMS makes, or may make: the SOP names the report for those of the client's ERP only.
    """
    coverage, cancellations = context.coverage, context.cancellations
    reports = coverage.sources((System.VMS,))
    if not reports or not coverage.sources_of_orders(SELLER_SYSTEMS):
        return
    size, requests = len(context.evidence.orders), context.evidence.requests
    listed = flags_at(requests["order"][context.evidence.systems("requests", System.VMS)], size)
    posted = context.times.moments["posted"]
    full = (cancellations.effect == YES) & (cancellations.scope == FULL) & (cancellations.start != NEVER)
    was_posted = cancellations.e_invoice & 1 == 0
    never_posted = cancellations.e_invoice == NOT_POSTED
    of_erp = _invoicing(context) == ONLY_ERP
    lacking = full & of_erp & ~listed[cancellations.order] & (was_posted | (posted.certain[cancellations.order] & ~never_posted))
    for place in np.flatnonzero(lacking).tolist():
        order, day = int(cancellations.order[place]), day_at(int(cancellations.start[place]))
        absence = coverage.absence((System.VMS,), (Claim.CANCELLATIONS,), day, day, order)
        if absence.proof is not Proof.UNCLAIMED:
            is_sure = bool(was_posted[place])
            text = (
                "The order was cancelled after posting."
                if is_sure
                else "The order was posted and cancelled, and it is uncertain which came first."
            )
            text += f" {absence_text(absence, coverage, 'row of it')}{context.order_hint(order)}"
            remedy = "Ask Increff why the report lacks it." if is_sure else "Bring the time of its posting and that of its cancellation."
            yield _report_finding(context, order, text, remedy, absence=absence, is_sure=is_sure)
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


def _report_finding(  # noqa: PLR0913 (the parts of a finding)
    context: Context, order: int, text: str, remedy: str, *, absence: Absence | None = None, is_sure: bool = True
) -> Finding:
    cannot_tell = not is_sure or (absence is not None and absence.cannot_tell)
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
