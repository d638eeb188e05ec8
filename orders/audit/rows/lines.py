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


def join_lines(requests: Columns, of_lines: Flags, aside: Flags, further: Numbers, of_ajio: Numbers) -> None:
    """Add up the rows of *requests* that are lines of orders; the first row of each request then stands for it, and no other one.

    Rows that repeat a line can be further lines. They are, if Ajio has as many units only with them; if it has a number between, the units are
    unknown. Whether an order is cancelled in full is the same with them and without. Adds the columns `of_lines` and `some_repeated`.

    Args:
        requests: columns of `REQUESTS`.
        of_lines: whether each row is a line or unit of its order.
        aside: for each row whether another line of its order is set aside.
        further: for each row the number of rows that repeat it.
        of_ajio: for each row the units of its order that Ajio has, or ABSENT.
    """
    requests["of_lines"], requests["some_repeated"] = of_lines, np.zeros(len(of_lines), dtype=bool)
    rows = np.flatnonzero(of_lines)
    if not len(rows):
        return
    order, _ = _groups(requests, rows, _OF_ORDER)
    request, first = _groups(requests, rows, _OF_REQUEST)
    units, taken = (np.array(requests[name], dtype=np.int64) for name in ("units", "units_cancelled"))
    is_twice, is_unknown = _with_further(order, units[rows], further[rows], of_ajio[rows])
    times = np.where(is_twice, further[rows] + 1, 1)
    requests["some_repeated"][rows] = is_unknown
    unknown = aside[rows] | is_unknown
    units[rows] = _sums(order, np.where(unknown | (units[rows] == ABSENT), ABSENT, units[rows] * times))
    asked = requests["is_cancellation"][rows]
    sums = _sums(request, np.where(unknown | (taken[rows] == ABSENT), ABSENT, taken[rows] * times))
    taken[rows] = np.where(asked, sums, taken[rows])
    requests["units"], requests["units_cancelled"] = units, taken
    is_first = np.zeros(len(rows), dtype=bool)
    is_first[first] = True
    requests["is_cancellation"] = np.array(requests["is_cancellation"])
    requests["is_cancellation"][rows] = asked & is_first


def _with_further(order: Numbers, units: Numbers, further: Numbers, of_ajio: Numbers) -> tuple[Flags, Flags]:
    """Return for each line whether the rows that repeat a line of its order are lines, and whether only some of them can be."""
    if not further.any():
        return np.zeros(len(order), dtype=bool), np.zeros(len(order), dtype=bool)
    least, most = _sums(order, units), _sums(order, np.where(units == ABSENT, ABSENT, units * (further + 1)))
    return (of_ajio == most) & (most != ABSENT), (of_ajio > least) & (of_ajio < most)


def rows_repeating(rows: pa.Table, requests: Columns) -> Numbers:
    """Return for each of *requests* the number of rows that repeat it, and can be a further line of its order."""
    counts = np.zeros(len(requests["row"]), dtype=np.int64)
    for place, repeating in further_lines(rows, requests).items():
        counts[place] = len(repeating)
    return counts


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
    """Return the numbers of the rows that repeat one of *documents*, and can be a further line of it, by its place; or one of requests."""
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
