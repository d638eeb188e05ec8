"""Columns as JSON: the text of each value, made column by column, as `json.dumps` makes it with ``ensure_ascii=False``."""

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_NOT_PLAIN: Final = r'["\\\x{00}-\x{1F}]'
"""Characters that a text in JSON does not have as such."""


def objects(columns: Mapping[str, pa.Array]) -> pa.Array:
    """Return for each row the JSON object of *columns*, by their names."""
    parts: list[Any] = []
    for name, column in columns.items():
        parts += [("{" if not parts else ", ") + f"{json.dumps(name)}: ", values(column)]
    return pc.binary_join_element_wise(*parts, "}", "")


def values(column: pa.Array) -> pa.Array:
    """Return the JSON of each value of a column of texts, flags, whole numbers, days, lists or structures of them; ``null`` for an empty one.

    Raises:
        TypeError: it has other values.
    """
    kind = column.type
    if pa.types.is_null(kind):
        return pa.array(["null"] * len(column), pa.string())
    if pa.types.is_string(kind):
        texts = _texts_quoted(column)
    elif pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        texts = column.cast(pa.string())
    elif pa.types.is_date(kind):
        texts = _texts_quoted(column.cast(pa.string()))
    elif pa.types.is_list(kind):
        texts = _lists_of_values(column)
    elif pa.types.is_struct(kind):
        texts = objects({field.name: pc.struct_field(column, field.name) for field in kind})
    else:
        raise TypeError(f"no JSON for a column of {kind}")
    return pc.if_else(column.is_valid(), texts, "null") if column.null_count else texts


def _texts_quoted(column: pa.Array) -> pa.Array:
    texts = pc.binary_join_element_wise('"', column, '"', "")
    places = np.flatnonzero(pc.fill_null(pc.match_substring_regex(column, _NOT_PLAIN), False).to_numpy(zero_copy_only=False))  # noqa: FBT003
    if not len(places):
        return texts
    mask = np.zeros(len(column), bool)
    mask[places] = True
    escaped = [json.dumps(text, ensure_ascii=False) for text in column.take(pa.array(places)).to_pylist()]
    return pc.replace_with_mask(texts, pa.array(mask), pa.array(escaped, pa.string()))


def _lists_of_values(column: pa.ListArray) -> pa.Array:
    counts = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    ends = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())
    joined = pc.binary_join(pa.ListArray.from_arrays(ends, values(pc.list_flatten(column))), ", ")
    return pc.binary_join_element_wise("[", joined, "]", "")
