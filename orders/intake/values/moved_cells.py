"""Orders and documents that a row names in any of its cells, where its cells may have moved to other columns."""

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.intake.values.text_columns import SPACES, TextCells, keys_of

_BETWEEN = re.compile(r"[,;|\"'{}()\[\]:\s]+")
_KEYS = ("order_key", "invoice_key", "number_key", "original_key")

Parts = dict[int, tuple[str, ...]]
"""What may be an id of each row, by the number of the row."""


def parts_of(cells: Iterable[str]) -> tuple[str, ...]:
    """Return what may be an id in *cells*: each cell whole, and what is between its delimiters, quotes and spaces."""
    return tuple(dict.fromkeys(part for cell in cells for part in (cell.strip(SPACES), *_BETWEEN.split(cell)) if part))


def with_named(rows: pa.Table, parts: Mapping[int, Parts], tables: Iterable[pa.Table]) -> pa.Table:
    """Return *rows* with the keys that the rows in *parts* name, in `named`; without the column if there are none.

    Args:
        rows: as `ROWS`.
        parts: by source and row.
        tables: as `REQUESTS` and `DOCUMENTS`; only what one of them has as a key is kept, so that no other cell of a row gets on.
    """
    texts = [part for of_source in parts.values() for of_row in of_source.values() for part in of_row]
    if not texts:
        return rows
    keys = keys_of(TextCells(pa.array(texts, pa.string())))
    keys_there = _keys_among(keys, tables)
    key_of = {text: key for text, key in zip(texts, keys.to_pylist(), strict=True) if key in keys_there}
    sources, numbers = rows.column("source").to_numpy(), rows.column("row").to_numpy()
    named: list[list[str] | None] = [None]
    indices = np.zeros(len(numbers), np.int64)
    for source, of_source in parts.items():
        for place in np.flatnonzero((sources == source) & np.isin(numbers, list(of_source))).tolist():
            names = {key_of[part] for part in of_source[int(numbers[place])] if part in key_of}
            indices[place] = len(named)
            named.append(sorted(names) or None)
    return rows.append_column("named", pa.array(named, pa.list_(pa.string())).take(pa.array(indices)))


def _keys_among(keys: pa.Array, tables: Iterable[pa.Table]) -> set[str]:
    """Return those of *keys* that a key column of *tables* has."""
    keys_there: set[str] = set()
    for table in tables:
        for name in _KEYS:
            if name in table.column_names:
                column = table.column(name)
                keys_there.update(column.filter(pc.is_in(column, value_set=keys, skip_nulls=True)).unique().to_pylist())
    return keys_there
