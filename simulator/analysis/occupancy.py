"""Occupancy: the number in a system over time, counted from arrivals and departures, block by block."""

from collections.abc import Callable

import numpy as np

from orders.log.arrays import IntArray
from orders.log.calendar import NEVER


class Occupancy:
    """Number in a system over time.

    Of events at the same moment, arrivals are counted first, so that one may arrive and depart at once; with *places*, which are
    taken over from others, departures are counted first.

    Moments after *known_until* are kept for the next block, so memory does not grow with the log.

    Attributes:
        entered, inside: number of arrivals, and number inside now.
        most, least: largest and smallest number inside; a negative one means a departure before the arrival.
        area: integral of the number inside over time, in milliseconds.
        beyond: number of arrivals after which more are inside than *limit* allows at that time.
        stays: sum of the completed stays in milliseconds, each from its own arrival and departure.
    """

    def __init__(self, *, places: bool = False, limit: Callable[[IntArray], IntArray] | None = None) -> None:
        self._limit = limit
        self.beyond = 0
        self._coming, self._going = (1, 0) if places else (0, 1)
        self.entered = self.inside = self.most = self.least = self.area = self.stays = 0
        self.first: int | None = None
        self.last = 0
        self._open = np.zeros(0, dtype=np.int64)

    def add(self, arrived: IntArray, departed: IntArray, known_until: int) -> None:
        """Add stays; later calls only add moments after *known_until*. `NEVER` in *departed*: has not left."""
        left = departed < NEVER
        self.entered += len(arrived)
        self.stays += int((departed[left] - arrived[left]).sum())
        moments = np.concatenate([self._open, arrived * 2 + self._coming, departed[left] * 2 + self._going])
        complete = moments < known_until * 2
        self._open = moments[~complete]
        self._sweep(np.sort(moments[complete]))

    def finish(self) -> None:
        """Count the moments kept so far; there are no more blocks."""
        self._sweep(np.sort(self._open))
        self._open = self._open[:0]

    @property
    def span(self) -> int:
        """Milliseconds from the first moment to the last."""
        return self.last - self.first if self.first is not None else 0

    def _sweep(self, moments: IntArray) -> None:
        if not len(moments):
            return
        times, changes = moments >> 1, np.where(moments & 1 == self._coming, 1, -1)
        counts = self.inside + np.cumsum(changes)
        if self._limit is not None:
            self.beyond += int(((changes > 0) & (counts > self._limit(times))).sum())
        if self.first is None:
            self.first = self.last = int(times[0])
        self.area += self.inside * (int(times[0]) - self.last) + int((counts[:-1] * np.diff(times)).sum())
        self.most, self.least = max(self.most, int(counts.max())), min(self.least, int(counts.min()))
        self.inside, self.last = int(counts[-1]), int(times[-1])
