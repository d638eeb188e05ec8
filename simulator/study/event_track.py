"""Event track: the times of one kind of event of all orders, read by order or by time, a piece at a time."""

from dataclasses import dataclass, field

import numpy as np

from orders.log.arrays import IntArray, SmallArray
from orders.log.calendar import NEVER
from orders.log.columns import Event

PIECE = 1 << 14
"""Entries in a piece, for which the earliest and latest time are kept, so that a span of time is searched only in some pieces."""


@dataclass(slots=True)
class EventTrack:
    """Times of one kind of event.

    Attributes:
        times: one for each entry, `NEVER` if the event does not happen.
        orders: for each entry the place of its order, ascending; `None` if there is an entry for every order.
        before: by order, the time at which it ends; entries at that time or later are left out.
        units, reasons, because: the cells of each entry in these columns of the log.
    """

    event: Event
    times: IntArray
    orders: IntArray | None = None
    before: IntArray | None = None
    units: IntArray | SmallArray | None = None
    reasons: IntArray | None = None
    because: IntArray | None = None
    _span: tuple[IntArray, IntArray] = field(init=False)

    def __post_init__(self) -> None:
        pieces = range(0, len(self.times), PIECE)
        early = [int(self.times[k : k + PIECE].min()) for k in pieces]
        late = [_latest_time(self.times[k : k + PIECE]) for k in pieces]
        self._span = np.array(early, dtype=np.int64), np.array(late, dtype=np.int64)

    @property
    def last(self) -> int:
        """The latest time, -1 if there is none."""
        return int(self._span[1].max(initial=-1))

    def of_orders(self, first: int, last: int) -> IntArray:
        """Return the entries of the orders from place *first* to before *last*."""
        if self.orders is not None:
            first, last = (int(k) for k in np.searchsorted(self.orders, [first, last]))
        return self._real(np.flatnonzero(self.times[first:last] < NEVER) + first)

    def between(self, start: int, end: int) -> IntArray:
        """Return the entries from *start* to before *end*, which is not later than `NEVER`."""
        early, late = self._span
        entries = [np.empty(0, dtype=np.int64)]
        for piece in np.flatnonzero((early < end) & (late >= start)).tolist():
            times = self.times[piece * PIECE : (piece + 1) * PIECE]
            entries.append(np.flatnonzero((times >= start) & (times < end)) + piece * PIECE)
        return self._real(np.concatenate(entries))

    def count(self, width: int) -> IntArray:
        """Count the entries in each interval of *width* milliseconds."""
        counts = np.zeros(self.last // width + 1, dtype=np.int64)
        for k in range(0, len(self.times), PIECE):
            entries = self._real(np.flatnonzero(self.times[k : k + PIECE] < NEVER) + k)
            piece_counts = np.bincount(self.times[entries] // width)
            counts[: len(piece_counts)] += piece_counts
        return counts

    def order_places(self, entries: IntArray) -> IntArray:
        """Return the places of the orders of *entries*."""
        return entries if self.orders is None else self.orders[entries]

    def _real(self, entries: IntArray) -> IntArray:
        return entries if self.before is None else entries[self.times[entries] < self.before[self.order_places(entries)]]


def _latest_time(times: IntArray) -> int:
    occurring = times[times < NEVER]
    return int(occurring.max(initial=-1))
