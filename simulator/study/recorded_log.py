"""Recorded log: the event log of a replication, read in blocks by order or by time.

The arrays of the order states are kept, and rows are made from them when read, so only one block exists as rows at a time.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

import numpy as np

from orders.log.calendar import MINUTE, NEVER
from orders.log.event_log import Digest, Log
from simulator.experiment.experiment import Experiment
from simulator.model.order_states import OrderStates
from simulator.study.log_rows import LogRows, Part, select_rows
from simulator.study.staff import Team, teams_of

ORDERS = 20_000
ROWS = 1 << 17
GRAIN = 10 * MINUTE
"""Milliseconds in which rows are counted before the log is cut by time."""


class RecordedLog:
    """The log of a replication. Every reading gives the same rows.

    Up to `ORDERS` orders, the rows are made once and kept; above that, they are made again in each reading.

    Attributes:
        orders: number of orders.
    """

    def __init__(self, experiment: Experiment, states: OrderStates) -> None:
        self.orders = len(states.draws.created)
        self._experiment, self._states = experiment, states
        self._rows = LogRows(experiment, states)

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self._counts.sum())

    @cached_property
    def teams(self) -> tuple[Team, ...]:
        """Who worked on each order, by station."""
        return teams_of(self._experiment, self._states)

    @cached_property
    def full_log(self) -> Log:
        """All rows as one log, in time order; kept in memory."""
        return self._between(0, NEVER)

    def by_order(self, orders: int = ORDERS) -> Iterator[Log]:
        """Yield blocks of *orders* whole orders, ascending; rows about no order are in the first block."""
        if self.orders <= min(orders, ORDERS):
            yield self.full_log
            return
        rows, cancellations = self._rows, self._rows.cancellations
        for first in range(0, self.orders, orders):
            last = min(first + orders, self.orders)
            begin, end = np.searchsorted(cancellations["order"], [first + 1, last + 1])
            parts = [rows.of(track, track.of_orders(first, last)) for track in rows.tracks]
            yield self._log([*parts, select_rows(cancellations, slice(int(begin), int(end))), *([rows.without_order] if not first else [])])

    def by_time(self, rows: int = ROWS) -> Iterator[Log]:
        """Yield consecutive parts of the log in time order, of at most *rows* rows."""
        if self.orders <= ORDERS:
            yield from _cut(self.full_log, rows)
            return
        ends = np.cumsum(self._counts)
        cuts = np.searchsorted(ends, np.arange(rows, ends[-1], rows), side="left")
        for start, end in pairwise([0, *np.unique(cuts).tolist(), len(ends)]):
            yield from _cut(self._between(start * GRAIN, end * GRAIN), rows)

    def digest(self) -> str:
        """Compute the digest of all rows, as `Log.digest` does."""
        digest = Digest()
        for log in self.by_time():
            digest.add(log)
        return digest.hexdigest()

    def _between(self, start: int, end: int) -> Log:
        rows = self._rows
        parts = [rows.of(track, track.between(start, end)) for track in rows.tracks]
        stored_parts = (rows.cancellations, rows.without_order)
        return self._log([*parts, *(select_rows(part, (part["time_ms"] >= start) & (part["time_ms"] < end)) for part in stored_parts)])

    def _log(self, parts: list[Part]) -> Log:
        return Log.of(parts, self._rows.words)

    @cached_property
    def _counts(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Number of rows in each `GRAIN` of time."""
        counts_by_part = [track.count(GRAIN) for track in self._rows.tracks]
        counts_by_part += [np.bincount(part["time_ms"] // GRAIN) for part in (self._rows.cancellations, self._rows.without_order)]
        counts = np.zeros(max(map(len, counts_by_part)), dtype=np.int64)
        for part_counts in counts_by_part:
            counts[: len(part_counts)] += part_counts
        return counts


def _cut(log: Log, rows: int) -> Iterator[Log]:
    """Cut the log into pieces of about equal length, none longer than *rows*."""
    pieces = -(-len(log) // rows)
    for start, end in pairwise([len(log) * k // max(pieces, 1) for k in range(pieces + 1)]):
        yield log.take(slice(start, end))
