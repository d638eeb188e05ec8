"""Columns in Arrow's memory layout.

`pyarrow.array` would do, but its first call imports pandas where that is installed: a second, and fifty megabytes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from orders.log.arrays import IntArray, NumberedTexts
from orders.log.columns import EMPTY


def table(columns: Mapping[str, Any], metadata: Mapping[str, str] | None = None) -> Any:
    """Make a table of columns from this module."""
    import pyarrow as pa  # noqa: PLC0415 (its import takes a while)

    result = pa.Table.from_arrays(list(columns.values()), names=list(columns))
    return result if metadata is None else result.replace_schema_metadata(dict(metadata))


def numbers(column: IntArray) -> Any:
    """Make a column of 8-byte whole numbers, null where a cell is `EMPTY`."""
    import pyarrow as pa  # noqa: PLC0415

    present = column != EMPTY
    validity = None if present.all() else pa.py_buffer(np.packbits(present, bitorder="little"))
    return pa.Array.from_buffers(pa.int64(), len(column), [validity, pa.py_buffer(np.ascontiguousarray(column, dtype="<i8"))])


def times(column: IntArray) -> Any:
    """Make a column of times from UTC milliseconds since 1970."""
    import pyarrow as pa  # noqa: PLC0415

    cells = pa.py_buffer(np.ascontiguousarray(column, dtype="<i8"))
    return pa.Array.from_buffers(pa.timestamp("ms", tz="UTC"), len(column), [None, cells])


def words(codes: IntArray, vocabulary: Sequence[str]) -> Any:
    """Make a column of words from their places in *vocabulary*, null where a place is negative."""
    import pyarrow as pa  # noqa: PLC0415

    present = pa.py_buffer(np.packbits(codes >= 0, bitorder="little"))
    places = pa.Array.from_buffers(pa.int32(), len(codes), [present, pa.py_buffer(np.maximum(codes, 0).astype("<i4"))])
    return pa.DictionaryArray.from_arrays(places, texts(vocabulary))


def texts(column: Sequence[str]) -> Any:
    """Make a column of texts without nulls."""
    import pyarrow as pa  # noqa: PLC0415

    if isinstance(column, NumberedTexts) and column.of_one_length:
        table = column.encoded()
        ends = np.arange(len(table) + 1, dtype="<i4") * table.shape[1]
        return pa.Array.from_buffers(pa.string(), len(table), [None, pa.py_buffer(ends.astype("<i4")), pa.py_buffer(table)])
    encoded = [text.encode() for text in column]
    ends = np.cumsum([0, *map(len, encoded)]).astype("<i4")
    return pa.Array.from_buffers(pa.string(), len(encoded), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))])
