"""The canonical tables as NumPy columns."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from orders.audit.tables import ALL, TIMES

ABSENT: Final = -1
"""The number of an order or document that a row does not name, and the value of an empty cell of units or money."""
NEVER: Final = np.iinfo(np.int64).min
"""An empty time."""

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Columns = dict[str, NDArray[Any]]


def request_columns(table: pa.Table) -> Columns:
    """Return the columns of the rows of `REQUESTS`, without keys; a column that is left out counts as null."""
    columns: Columns = {name: column_values(table, name) for name in ("source", "row")}
    for name in ("units", "units_cancelled", "by_customer", "by_seller", "units_shipped"):
        columns[name] = _filled(table, name, ABSENT, np.int32)
    for name in ("canceller", "invoicing"):
        columns[name] = _filled(table, name, ALL[name], np.uint8)
    for name in ("scope", "stage", "e_invoice"):
        columns[name] = _filled(table, name, 0, np.uint8)
    for name in TIMES:
        for end in ("start", "end"):
            columns[f"{name}_{end}"] = _filled(table, f"{name}_{end}", NEVER, np.int64)
    columns["is_cancellation"] = _filled(table, "is_cancellation", value=False, kind=np.bool_)
    columns["carried_out"] = _filled(table, "carried_out", 0, np.uint8)
    columns["channel_status"] = _word_column(table, "channel_status")
    columns["packing_error"] = _filled(table, "packing_error", value=False, kind=np.bool_)
    columns["packing_error_known"] = is_given(table, "packing_error") | (columns["carried_out"] != 0)
    return columns


def document_columns(table: pa.Table) -> Columns:
    """Return the columns of the rows of `DOCUMENTS`, without keys; a column that is left out counts as null."""
    columns: Columns = {name: column_values(table, name) for name in ("source", "row")}
    columns["kind"] = _word_column(table, "kind")
    for name in ("dated_start", "dated_end"):
        columns[name] = _filled(table, name, NEVER, np.int64)
    columns["value_paise"] = _filled(table, "value_paise", ABSENT, np.int64)
    columns["units"] = _filled(table, "units", ABSENT, np.int64)
    columns["counts"] = _filled(table, "counts", value=True, kind=np.bool_)
    for name in ("irn_cancelled", "cancelled", "shared_with_ajio", "of_ajio", "negative"):
        columns[name] = _filled(table, name, value=False, kind=np.bool_)
    for name in ("irn_cancelled", "cancelled", "negative"):
        columns[f"{name}_known"] = is_given(table, name)
    return columns


def column_values(table: pa.Table, name: str) -> NDArray[Any]:
    """Return a column that the table has, without nulls."""
    return np.asarray(table.column(name).to_numpy())


def _filled(table: pa.Table, name: str, value: Any, kind: type[Any]) -> NDArray[Any]:
    """Return a column with *value* in its empty cells, and everywhere if it is left out."""
    if name not in table.column_names:
        return np.broadcast_to(np.array(value, dtype=kind), table.num_rows)
    column = table.column(name)
    return np.asarray((pc.fill_null(column, value) if column.null_count else column).to_numpy(), dtype=kind)


def is_given(table: pa.Table, name: str) -> Flags:
    """Return for each row whether the column has a value."""
    if name not in table.column_names:
        return np.zeros(table.num_rows, dtype=bool)
    return np.asarray(table.column(name).is_valid().to_numpy(), dtype=bool)


def _word_column(table: pa.Table, name: str) -> NDArray[Any]:
    """Return a column of few different words as objects, one for each word; None where it is empty or left out."""
    if name not in table.column_names:
        return np.full(table.num_rows, None, dtype=object)
    encoded = table.column(name).cast(pa.string()).combine_chunks().dictionary_encode()
    words = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    return np.asarray(words[pc.fill_null(encoded.indices, len(words) - 1).to_numpy(zero_copy_only=False)])


def flags_at(orders: Numbers, size: int) -> Flags:
    """Return for each of *size* orders whether *orders* has it."""
    flags = np.zeros(size, dtype=bool)
    flags[orders] = True
    return flags


def flags_of(column: Any) -> Flags:
    """Return a column of flags without empty cells."""
    return np.asarray(column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy(), dtype=bool)
