"""Sources with a row for each line or unit of an order: its units are the sum of its rows, and what one request took is too.

Where a row of the order is set aside the sums are unknown. Ajio's report has such rows too; see `orders.audit.cancellations`.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

ABSENT: Final = -1
_OF_ORDER: Final = ("source", "order", "place")
_OF_REQUEST: Final = (*_OF_ORDER, "is_cancellation", "canceller", "cancelled_start", "carried_out", "packing_error")


def join_lines(requests: dict[str, NDArray[Any]], of_lines: NDArray[np.bool_], aside: NDArray[np.bool_]) -> None:
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


def _groups(requests: dict[str, NDArray[Any]], rows: NDArray[np.int64], names: tuple[str, ...]) -> tuple[NDArray[np.int64], Any]:
    """Return for each of *rows* the number of its group, of rows that are equal in *names*; and the first place in each group."""
    columns = np.stack([np.asarray(requests[name][rows], dtype=np.int64) for name in names])
    _, first, numbers = np.unique(columns, axis=1, return_index=True, return_inverse=True)
    return numbers.reshape(-1), first


def _sums(groups: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each row the sum of its group; ABSENT if one of its rows has no value."""
    count = int(groups.max()) + 1
    sums = np.bincount(groups, weights=np.maximum(values, 0), minlength=count).astype(np.int64)
    sums[groups[values == ABSENT]] = ABSENT
    return np.asarray(sums[groups])
