"""Sources with a row for each line or unit of an order: its units are the sum of its rows, and so is what one request took.

Where a row of the order is set aside the sums are unknown. Ajio's report has such rows too; see `orders.audit.cancellations`. And rows
that can be further lines of documents.
"""

from typing import Any, Final

import numpy as np
import pyarrow as pa

from orders.audit.rows.columns import ABSENT, Columns, Flags, Numbers
from orders.audit.rows.locations import with_different

_OF_ORDER: Final = ("source", "order", "place")
_OF_REQUEST: Final = (*_OF_ORDER, "is_cancellation", "canceller", "cancelled_start", "carried_out", "packing_error")


def join_lines(requests: Columns, of_lines: Flags, aside: Flags) -> None:
    """Add up the rows of *requests* that are lines of orders; the first row of each request then stands for it, and no other one.

    Adds the column `of_lines`.

    Args:
        requests: columns of `REQUESTS`.
        of_lines: whether each row is a line or unit of its order.
        aside: for each row whether another line of its order is set aside.
    """
    requests["of_lines"] = of_lines
    rows = np.flatnonzero(of_lines)
    if not len(rows):
        return
    order, _ = _groups(requests, rows, _OF_ORDER)
    request, first = _groups(requests, rows, _OF_REQUEST)
    units, taken = (np.array(requests[name], dtype=np.int64) for name in ("units", "units_cancelled"))
    units[rows] = _sums(order, np.where(aside[rows], ABSENT, units[rows]))
    asked = requests["is_cancellation"][rows]
    sums = _sums(request, np.where(aside[rows], ABSENT, taken[rows]))
    taken[rows] = np.where(asked, sums, taken[rows])
    requests["units"], requests["units_cancelled"] = units, taken
    is_first = np.zeros(len(rows), dtype=bool)
    is_first[first] = True
    requests["is_cancellation"] = np.array(requests["is_cancellation"])
    requests["is_cancellation"][rows] = asked & is_first


def units_of_ajio(requests: Columns, of_ajio: Flags, aside: Flags) -> tuple[Numbers, Flags]:
    """Return for each order, up to the size of *aside*, the units ordered in all rows of Ajio's report together; and whether all are known.

    Rows of orders that the SOP does not cover do not count; *aside* are the orders of which a row of the report is set aside.
    """
    size = len(aside)
    rows = np.flatnonzero(of_ajio & ~requests["outside"])
    orders, units = requests["order"][rows], requests["units"][rows]
    sums = np.bincount(orders, weights=np.maximum(units, 0), minlength=size).astype(np.int64)
    is_known = ~aside & (np.bincount(orders, minlength=size) > 0)
    is_known[orders[units == ABSENT]] = False
    return sums, is_known


def listed_by_line(requests: Columns, of_seller: Flags, of_ajio: Flags) -> Flags:
    """Return which rows of the seller's systems are lines of their order.

    Ajio's report has as many units as they have only together, and those that are cancelled were cancelled at one time.
    """
    size = int(requests["order"].max(initial=-1)) + 1
    units, is_known = units_of_ajio(requests, of_ajio, np.zeros(size, dtype=bool))
    lines, rows = np.zeros(len(of_seller), dtype=bool), np.flatnonzero(of_seller)
    orders = requests["order"][rows]
    possible = is_known & (np.bincount(orders, minlength=size) > 1)
    possible[orders[requests["units"][rows] >= units[orders]]] = False
    rows = rows[possible[orders]]
    if len(rows):
        groups, _ = _groups(requests, rows, _OF_ORDER)
        asked = requests["is_cancellation"][rows]
        at_times = with_different(groups[asked], requests["cancelled_start"][rows][asked], int(groups.max()) + 1)
        together = _sums(groups, requests["units"][rows]) == units[requests["order"][rows]]
        lines[rows[together & ~at_times[groups]]] = True
    return lines


def further_lines(rows: pa.Table, documents: Columns) -> dict[int, list[int]]:
    """Return the numbers of the rows that repeat a document, and can be a further line of it, by its place."""
    if "same_as" not in rows.column_names or rows["same_as"].null_count == rows.num_rows:
        return {}
    twins = rows.select(["source", "row", "same_as"]).filter(rows["same_as"].is_valid())
    keys = documents["source"].astype(np.int64) << 32 | documents["row"]
    order = np.argsort(keys)
    wanted = twins["source"].to_numpy().astype(np.int64) << 32 | twins["same_as"].to_numpy()
    at = np.minimum(np.searchsorted(keys[order], wanted), max(len(keys) - 1, 0))
    further: dict[int, list[int]] = {}
    for place, key, row in zip(order[at].tolist() if len(keys) else [], wanted.tolist(), twins["row"].to_pylist(), strict=False):
        if keys[place] == key:
            further.setdefault(place, []).append(row)
    return further


def _groups(requests: Columns, rows: Numbers, names: tuple[str, ...]) -> tuple[Numbers, Any]:
    """Return for each of *rows* the number of its group, of rows that are equal in *names*; and the first place in each group."""
    columns = [np.asarray(requests[name][rows]) for name in names]
    ordered = np.lexsort(columns[::-1])
    differs = np.zeros(len(rows), dtype=bool)
    differs[:1] = True
    for column in columns:
        differs[1:] |= column[ordered][1:] != column[ordered][:-1]
    numbers = np.empty(len(rows), dtype=np.int64)
    numbers[ordered] = np.cumsum(differs) - 1
    return numbers, ordered[differs]


def _sums(groups: Numbers, values: Numbers) -> Numbers:
    """Return for each row the sum of its group; ABSENT if one of its rows has no value."""
    count = int(groups.max()) + 1
    sums = np.bincount(groups, weights=np.maximum(values, 0), minlength=count).astype(np.int64)
    sums[groups[values == ABSENT]] = ABSENT
    return np.asarray(sums[groups])
