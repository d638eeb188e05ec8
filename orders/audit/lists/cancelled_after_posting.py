"""The orders that were cancelled in full after they were posted to the client's ERP, by day of cancellation."""

from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from orders.audit.cancellations import FULL, NO, YES, asked_systems
from orders.audit.facts import ONLY_ERP
from orders.audit.findings import words_of
from orders.audit.lists.joining import day_numbers, days, invoice_texts, ordered, rows_set_aside
from orders.audit.result_tables import CANCELLED_AFTER_POSTING
from orders.audit.rows.columns import ABSENT, NEVER, Numbers, flags_at
from orders.audit.rules.context import Context

SORTED_BY: Final = ("cancelled_on", "order_key")
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
            "posted_on": days(day_numbers(context.times.moments["posted"].start[orders])),
            "cancelled_on": days(np.where(first == last, first, NEVER)),
            **{name: _words(name, getattr(cancellations, name)[places]) for name in ("canceller", "stage", "e_invoice")},
            "units": _units(cancellations.units[places]),
            "invoices": invoice_texts(evidence, orders),
            "left_out": pa.array(_REASONS, pa.string()).take(pa.array(reason)),
            "source": requests["source"][rows],
            "row": requests["row"][rows],
        },
        schema=CANCELLED_AFTER_POSTING,
    )
    systems = asked_systems(evidence)
    known = flags_at(requests["order"][evidence.systems("requests", *systems)], len(evidence.orders))
    aside = rows_set_aside(evidence, evidence.systems("aside", *systems), known, CANCELLED_AFTER_POSTING)
    return ordered(pa.concat_tables([listed, aside]), SORTED_BY)


def _invoicing(context: Context) -> Numbers:
    """Return the set of invoicing models of the order of each cancellation."""
    return context.evidence.requests["invoicing"][context.cancellations.rows]


def _words(name: str, sets: Numbers) -> pa.Array:
    """Return the words of each set of a fact."""
    different, places = np.unique(sets, return_inverse=True)
    return pa.array([words_of(name, int(bits)) for bits in different], pa.string()).take(pa.array(places))


def _units(units: Numbers) -> pa.Array:
    return pa.array(units.astype(np.int32), mask=units == ABSENT)
