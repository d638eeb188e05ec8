"""Each event of some orders once, with the number of its order."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.rows.columns import Flags, flags_of
from orders.log.arrays import IntArray
from orders.log.columns import Event
from orders.parts.event_rows import CODES, EVENT_KINDS

ORDER = "order"
"""The column with the number of the order."""
_INVOICED = CODES[Event.INVOICED]
_ROW_BITS, _EVENT_SLOTS = 32, 1 << len(EVENT_KINDS).bit_length()


def distinct_events(events: pa.Table, first: int) -> tuple[pa.Table, int]:
    """Return *events* of whole orders, each once, with the numbers of their orders from *first* on; and the number after the last.

    They are sorted by the key of the order, the event, and the row. The invoice of an order is left out where a request has its e-invoice, and
    of equal events the first row counts.
    """
    events = events.combine_chunks()
    keys = _ranks(events["order_key"])
    codes, of_document = events["event"].to_numpy().astype(np.int64), flags_of(events["of_document"])
    is_invoice = codes == _INVOICED
    has_own = np.zeros(len(keys) + 1, bool)
    has_own[keys[is_invoice & ~of_document]] = True
    kinds = keys * _EVENT_SLOTS + codes
    rows = (events["source"].to_numpy().astype(np.int64) << _ROW_BITS) + events["row"].to_numpy()
    order = np.lexsort((rows, kinds))
    order = order[~(is_invoice & of_document & has_own[keys])[order]]
    order = order[~_is_repeated(events, kinds, order)]
    of_order = keys[order]
    is_new = np.ones(len(order), bool)
    is_new[1:] = of_order[1:] != of_order[:-1]
    numbers = first - 1 + np.cumsum(is_new)
    return events.take(pa.array(order)).append_column(ORDER, pa.array(numbers, pa.int64())), first + int(np.count_nonzero(is_new))


def _ranks(column: pa.ChunkedArray) -> IntArray:
    """Return for each text its place among the different ones, sorted; an empty cell is after the last."""
    encoded = column.combine_chunks().dictionary_encode()
    size = len(encoded.dictionary)
    ranks = np.empty(size + 1, np.int64)
    ranks[pc.sort_indices(encoded.dictionary).to_numpy()] = np.arange(size)
    ranks[size] = size
    return np.asarray(ranks[pc.fill_null(encoded.indices, size).to_numpy()])


def _is_repeated(events: pa.Table, kinds: IntArray, order: IntArray) -> Flags:
    """Return for each place of *order* whether an event before it is equal: of the same order and kind, time, document and effect."""
    result = np.zeros(len(order), bool)
    again = kinds[order][1:] == kinds[order][:-1]
    members = np.flatnonzero(np.concatenate([again, [False]]) | np.concatenate([[False], again])) if len(order) else order
    if not len(members):
        return result
    rows = events.select(["start", "document", "carried_out"]).take(pa.array(order[members]))
    documents = pc.fill_null(rows["document"].combine_chunks().dictionary_encode().indices, -1).to_numpy()
    columns = (rows["carried_out"].to_numpy(), documents, rows["start"].to_numpy(), kinds[order[members]])
    by_event = np.lexsort(columns)
    equal = np.logical_and.reduce([column[by_event[1:]] == column[by_event[:-1]] for column in columns])
    result[members[by_event[1:][equal]]] = True
    return result
