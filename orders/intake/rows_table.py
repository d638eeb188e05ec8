"""The table of the rows of a sheet: the state of each, and the ids and reasons of those that are set aside."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from orders.audit.tables import ROWS, RowState, nulls
from orders.intake.reasons import RowErrors, as_lists
from orders.log.arrays import IntArray, SmallArray

ROW_STATES = tuple(RowState)
USED, REPEATED, SET_ASIDE, TOTAL, BLANK, HEADER, HEADER_AGAIN = range(len(ROW_STATES))
"""Codes of the states: their places in `ROW_STATES`."""


def rows_table(
    source: int, numbers: IntArray, states: SmallArray, keys: Mapping[int, Mapping[str, str | None]], errors: RowErrors
) -> pa.Table:
    """Return the rows of a sheet as `ROWS`: their *numbers*, the codes of their *states*, and ids and reasons of those set aside."""
    words = pa.DictionaryArray.from_arrays(pa.array(states.astype(np.int8)), pa.array([str(state) for state in ROW_STATES])).cast(
        pa.string()
    )
    columns: dict[str, object] = {
        "source": pa.array(np.full(len(numbers), source), pa.int16()),
        "row": pa.array(numbers, pa.int32()),
        "state": words,
    }
    aside = numbers[states == SET_ASIDE].tolist()
    places = np.flatnonzero(states == SET_ASIDE)
    for name in ("order_key", "order_text", "number_key", "original_key"):
        columns[name] = _scattered([keys[row].get(name) for row in aside], places, len(numbers))
    columns["reasons"] = as_lists([errors.reasons[row] for row in aside], places, len(numbers))
    fields = [field for field in ROWS if field.name in columns]
    return pa.table([columns[field.name] for field in fields], schema=pa.schema(fields))


def _scattered(values: list[str | None], places: IntArray, count: int) -> pa.Array | pa.ChunkedArray:
    if not any(values):
        return nulls(count, pa.string())
    indices = np.full(count, len(values), np.int64)
    indices[places] = np.arange(len(values))
    return pa.array([*values, None], pa.string()).take(pa.array(indices))
