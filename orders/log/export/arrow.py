"""Columns in Arrow's memory layout.

`pyarrow.array` would do, but its first call imports pandas where that is installed: a second, and fifty megabytes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from orders.log.arrays import IntArray


def table(columns: Mapping[str, Any]) -> Any:
    """The table of columns made here."""
    import pyarrow as pa  # noqa: PLC0415 (its import takes a while)

    return pa.Table.from_arrays(list(columns.values()), names=list(columns))


def numbers(column: IntArray) -> Any:
    """Whole numbers of 8 bytes."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.Array.from_buffers(pa.int64(), len(column), [None, pa.py_buffer(np.ascontiguousarray(column, dtype="<i8"))])


def words(codes: IntArray, known: Sequence[str]) -> Any:
    """Words by their places in *known*, nothing where a place is negative."""
    import pyarrow as pa  # noqa: PLC0415

    there = pa.py_buffer(np.packbits(codes >= 0, bitorder="little"))
    places = pa.Array.from_buffers(pa.int32(), len(codes), [there, pa.py_buffer(np.maximum(codes, 0).astype("<i4"))])
    return pa.DictionaryArray.from_arrays(places, texts(known))


def texts(column: Sequence[str]) -> Any:
    """Texts, all of them there."""
    import pyarrow as pa  # noqa: PLC0415

    encoded = [text.encode() for text in column]
    ends = np.cumsum([0, *map(len, encoded)]).astype("<i4")
    return pa.Array.from_buffers(pa.string(), len(encoded), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))])
