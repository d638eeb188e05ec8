"""JSON of columns: for every value the same text as `json.dumps` makes of it."""

import json
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.html.json_columns import objects, values

REASON = pa.struct([pa.field("id", pa.string()), pa.field("text", pa.string()), pa.field("row", pa.int32())])
SCHEMA = pa.schema(
    [
        pa.field("text", pa.string()),
        pa.field('a "name"', pa.bool_()),
        pa.field("number", pa.int64()),
        pa.field("ids", pa.list_(pa.string())),
        pa.field("seen", pa.list_(REASON)),
        pa.field("nothing", pa.null()),
    ]
)
texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
records = st.fixed_dictionaries(
    {
        "text": texts,
        'a "name"': st.none() | st.booleans(),
        "number": st.none() | st.integers(-(2**63), 2**63 - 1),
        "ids": st.none() | st.lists(texts, max_size=3),
        "seen": st.none() | st.lists(st.fixed_dictionaries({"id": texts, "text": texts, "row": st.none() | st.integers(0, 9)}), max_size=3),
        "nothing": st.none(),
    }
)


def ordered(row: dict[str, Any]) -> dict[str, Any]:
    """Return *row* with its names in the order of the columns."""
    seen = row["seen"] and [{part.name: one[part.name] for part in REASON} for one in row["seen"]]
    return {name: row[name] for name in SCHEMA.names} | {"seen": seen}


@settings(deadline=None)
@given(st.lists(records, max_size=5), st.integers(0, 5))
def test_objects_of_columns_are_those_of_the_rows_also_of_a_part_of_a_table(rows: list[dict[str, Any]], start: int) -> None:
    batch = pa.RecordBatch.from_pylist(rows, SCHEMA).slice(start)
    made = objects({name: batch[name] for name in SCHEMA.names}).to_pylist()

    assert made == [json.dumps(ordered(row), ensure_ascii=False) for row in rows[start:]]


def test_days_are_written_as_in_iso_8601_and_other_values_are_refused() -> None:
    assert values(pa.array([date(2026, 6, 4), None])).to_pylist() == ['"2026-06-04"', "null"]
    with pytest.raises(TypeError, match="double"):
        values(pa.array([1.5]))
