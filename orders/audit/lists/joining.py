"""What both lists need: the e-invoices of orders, days, rows set aside, and the order of the rows."""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.order_invoices import invoices_named
from orders.audit.rows.columns import ABSENT, NEVER, Flags, Numbers
from orders.audit.rows.days import INDIA_OFFSET, MS_OF_DAY
from orders.audit.rows.evidence import Evidence

ASIDE: Final = "Its row is set aside; correct the row."


def invoice_texts(evidence: Evidence, orders: Numbers) -> pa.Array:
    """Return for each of *orders* the numbers of its e-invoices, in the order of the texts and joined by commas; null for none."""
    named, numbers = invoices_named(evidence)
    texts: dict[int, set[str]] = {}
    wanted = np.isin(named, orders) & (named != ABSENT)
    for order, number in zip(named[wanted].tolist(), numbers[wanted].tolist(), strict=True):
        texts.setdefault(order, set()).add(evidence.document_text(number) or "")
    joined = {order: ", ".join(sorted(of_order)) for order, of_order in texts.items()}
    return pa.array([joined.get(order) for order in orders.tolist()], pa.string())


def day_numbers(milliseconds: Numbers) -> Numbers:
    """Return the days in India of times, as days since 1970; `NEVER` where there is none."""
    return np.where(milliseconds == NEVER, NEVER, (milliseconds + INDIA_OFFSET) // MS_OF_DAY)


def days(numbers: Numbers) -> pa.Array:
    """Return days since 1970 as dates; null for `NEVER`."""
    return pa.array(np.where(numbers == NEVER, 0, numbers).astype(np.int32), mask=numbers == NEVER).cast(pa.date32())


def rows_set_aside(evidence: Evidence, wanted: Flags, known: Flags, schema: pa.Schema) -> pa.Table:
    """Return the rows set aside that a list may lack, with the *schema* of the list: of those *wanted* the first of each order that is not *known*.

    Rows that name no order are all there.
    """
    places = np.flatnonzero(wanted)
    orders = evidence.aside["order"][places]
    unique, firsts = np.unique(orders, return_index=True)
    firsts = firsts[(unique != ABSENT) & ~known[unique]]
    chosen = np.sort(np.concatenate([places[firsts], places[orders == ABSENT]]))
    orders = evidence.aside["order"][chosen]
    columns = {
        "order_key": evidence.order_keys(orders),
        "order_text": pc.if_else(pa.array(orders == ABSENT), "", evidence.order_texts(orders)),
        "left_out": pa.array(np.full(len(chosen), ASIDE, object), pa.string()),
        "source": evidence.aside["source"][chosen],
        "row": evidence.aside["row"][chosen],
    }
    nothing = {field.name: pa.nulls(len(chosen), field.type) for field in schema if field.name not in columns}
    return pa.table(columns | nothing).select(schema.names).cast(schema)


def ordered(table: pa.Table, names: tuple[str, ...]) -> pa.Table:
    """Return the rows of *table* sorted by the columns *names* and by source and row: first those that are placed, then those left out."""
    keys = table.select([*names, "source", "row"]).add_column(0, "is_left_out", pc.is_valid(table["left_out"]))
    return table.take(pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in keys.column_names]))
