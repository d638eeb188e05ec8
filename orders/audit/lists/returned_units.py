"""The returned units whose quality check is recorded, as the RSI report has them."""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.lists.joining import day_numbers, days, invoice_texts, ordered, rows_set_aside
from orders.audit.result_tables import RETURNED_UNITS
from orders.audit.rows.columns import ABSENT, flags_of
from orders.audit.rows.numbering import key_column
from orders.audit.rules.context import Context
from orders.audit.tables import Kind, System

SORTED_BY: Final = ("order_key", "unit")
RECORDED: Final = ("pass", "fail", "missing")
"""Quality checks after which a return counts as processed (GAP-42)."""
_NO_ORDER: Final = "It names no order; enter it."


def returned_units(context: Context) -> pa.Table:
    """Return the list as `RETURNED_UNITS`."""
    evidence, documents, table = context.evidence, context.evidence.documents, context.evidence.texts.documents
    checks = key_column(table, "quality_check")
    is_recorded = flags_of(pc.is_in(checks, pa.array(RECORDED)))
    places = np.flatnonzero((documents["kind"] == Kind.RETURN) & is_recorded)
    orders, units = documents["order"][places], documents["units"][places]
    at = pa.array(places)
    listed = pa.table(
        {
            "order_key": evidence.order_keys(orders),
            "order_text": evidence.order_texts(orders),
            "unit": key_column(table, "unit_key").take(at),
            "units": pa.array(units.astype(np.int32), mask=units == ABSENT),
            "quality_check": checks.take(at),
            "received_on": days(day_numbers(documents["dated_start"][places])),
            "invoices": invoice_texts(evidence, orders),
            "left_out": pa.array([_NO_ORDER], pa.string()).take(pa.array(np.zeros(len(places), np.int64), mask=orders != ABSENT)),
            "source": documents["source"][places],
            "row": documents["row"][places],
        },
        schema=RETURNED_UNITS,
    )
    of_returns = [source["source"] for source in evidence.sources if "quality_check" in source["has"] and source["system"] != System.RSI]
    wanted = np.isin(evidence.aside["source"], of_returns)
    aside = rows_set_aside(evidence, wanted, np.zeros(len(evidence.orders), bool), RETURNED_UNITS)
    return ordered(pa.concat_tables([listed, aside]), SORTED_BY)
