"""The table of the rows of a sheet: the state of each, and the ids and reasons of those that are set aside."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.tables import ROWS, RowState, nulls
from orders.intake.reasons import RowErrors, as_lists
from orders.intake.repeats import Twins
from orders.log.arrays import IntArray, SmallArray
from orders.memory import pool_for_reading

ROW_STATES = tuple(RowState)
USED, REPEATED, SET_ASIDE, TOTAL, BLANK, HEADER, HEADER_AGAIN = range(len(ROW_STATES))
"""Codes of the states: their places in `ROW_STATES`."""
_IDS = ("order_key", "order_text", "number_key", "original_key")


def rows_table(
    source: int, numbers: IntArray, states: SmallArray, keys: Mapping[int, Mapping[str, str | None]], errors: RowErrors
) -> pa.Table:
    """Return the rows of a sheet as `ROWS`: their *numbers*, the codes of their *states*, and ids and reasons of those set aside."""
    words = pa.DictionaryArray.from_arrays(pa.array(states.astype(np.int8)), pa.array([str(state) for state in ROW_STATES])).cast(
        pa.string(), memory_pool=pool_for_reading()
    )
    columns: dict[str, object] = {
        "source": pa.array(np.full(len(numbers), source, np.int16)),
        "row": pa.array(numbers.astype(np.int32)),
        "state": words,
    }
    aside = numbers[states == SET_ASIDE].tolist()
    places = np.flatnonzero(states == SET_ASIDE)
    for name in _IDS:
        columns[name] = _scattered([keys[row].get(name) for row in aside], places, len(numbers))
    columns["reasons"] = as_lists([errors.reasons[row] for row in aside], places, len(numbers))
    fields = [field for field in ROWS if field.name in columns]
    return pa.table([columns[field.name] for field in fields], schema=pa.schema(fields))


def documents_repeated(twins: Twins, canonical: Sequence[pa.Table]) -> pa.Table:
    """Return the documents that *twins* repeat, in the order of their rows; *canonical* are those of the sheet, in pieces in that order."""
    wanted = pa.array(np.unique(twins.firsts), pa.int32())
    filled = [table.filter(pc.is_in(table["row"], wanted)) for table in canonical if table.num_columns] if len(wanted) else []
    return pa.concat_tables(filled, promote_options="default") if filled else pa.table({})


def with_further_lines(rows: pa.Table, twins: Twins, documents: pa.Table) -> pa.Table:
    """Return *rows*, a part of those of a sheet, with what the *twins* among them repeat in `same_as`, and the ids that they name.

    *documents* are those that they repeat; see `documents_repeated`.
    """
    first, last = (rows["row"][0].as_py(), rows["row"][-1].as_py()) if rows.num_rows and documents.num_rows else (1, 0)
    chosen = np.flatnonzero((twins.rows >= first) & (twins.rows <= last))
    there = documents["row"].to_numpy() if documents.num_rows else np.zeros(0, np.int32)
    chosen = chosen[np.isin(twins.firsts[chosen], there)]
    if not len(chosen):
        return rows
    chosen = chosen[np.argsort(twins.rows[chosen])]
    of_twin = pa.array(np.searchsorted(there, twins.firsts[chosen]))
    mask = np.zeros(rows.num_rows, bool)
    mask[twins.rows[chosen] - first] = True
    columns = {name: documents[name].combine_chunks().take(of_twin) for name in _IDS if name in documents.column_names}
    for name, values in {**columns, "same_as": pa.array(twins.firsts[chosen], pa.int32())}.items():
        kind = ROWS.field(name).type
        empty = name not in rows.column_names
        before = pa.nulls(rows.num_rows, kind) if empty else rows[name].combine_chunks()
        column = pc.replace_with_mask(before, pa.array(mask), values.cast(kind))
        rows = rows.append_column(name, column) if empty else rows.set_column(rows.column_names.index(name), name, column)
    return rows


def _scattered(values: list[str | None], places: IntArray, count: int) -> pa.Array | pa.ChunkedArray:
    if not any(values):
        return nulls(count, pa.string())
    indices = np.full(count, len(values), np.int64)
    indices[places] = np.arange(len(values))
    return pa.array([*values, None], pa.string()).take(pa.array(indices))
