"""Rows that are dated after the day of the audit, and the latest day of a run."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.rows.days import day_at, milliseconds_after
from orders.audit.tables import TIMES, Tables


def without_later(tables: Tables, day: date) -> Tables:
    """Return *tables* without the requests and documents of days after *day*."""
    last = milliseconds_after(day)
    return Tables(
        tables.rows, _before(tables.requests, "cancelled_start", last), _before(tables.documents, "dated_start", last), tables.sources
    )


def later_documents(tables: Tables, day: date) -> pa.Table:
    """Return the documents of *tables* that are dated after *day*."""
    return tables.documents.filter(_is_later(tables.documents, ("dated",), day))


def dated_later(tables: Tables, day: date) -> pa.Table:
    """Return the rows of *tables* with a time after *day*: source, row, and whether the row is left out for it."""
    parts = []
    for table, names, decisive in ((tables.requests, TIMES, "cancelled"), (tables.documents, ("dated",), "dated")):
        later = table.filter(_is_later(table, names, day))
        parts.append(later.select(["source", "row"]).append_column("left_out", _is_later(later, (decisive,), day)))
    return pa.concat_tables(parts, promote_options="default").sort_by([("source", "ascending"), ("row", "ascending")])


def _is_later(table: pa.Table, names: Sequence[str], day: date) -> pa.Array:
    """Return for each row whether one of its times *names* is after *day*."""
    last = milliseconds_after(day)
    later = np.zeros(table.num_rows, dtype=bool)
    for name in names:
        if f"{name}_start" in table.column_names:
            later |= np.asarray(pc.fill_null(pc.greater_equal(table.column(f"{name}_start"), last), False).to_numpy())  # noqa: FBT003
    return pa.array(later)


def latest_day(tables: Tables) -> date | None:
    """Return the latest day of any time in *tables*, or None if they have none."""
    columns = [
        table.column(name) for table in (tables.requests, tables.documents) for name in table.column_names if name.endswith("_start")
    ]
    latest = [value for value in (pc.max(column).as_py() for column in columns) if value is not None]
    return day_at(max(latest)) if latest else None


def _before(table: pa.Table, name: str, last: int) -> pa.Table:
    if name not in table.column_names:
        return table
    keep = pc.fill_null(pc.less(table.column(name), last), True)  # noqa: FBT003 (a value, not a switch)
    return table if pc.all(keep).as_py() else table.filter(keep)  # a filter copies the whole table
