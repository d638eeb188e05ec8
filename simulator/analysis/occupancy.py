"""How many are in a place over time, counted from comings and goings alone, block by block."""

import numpy as np

from orders.log.arrays import IntArray
from orders.log.calendar import NEVER


class Occupancy:
    """Those who come and go.

    At one moment, those who come are counted first, so that one may come and go at once; or, where *places* are taken over
    from others, those who go.

    What lies beyond the moment that is known completely waits for the next block, so memory does not grow with the log.

    Attributes:
        entered, inside: how many came, and how many are there now.
        most, least: the extremes of how many were there; less than none means that somebody left before coming.
        area: the sum over time of how many were there, in milliseconds.
        stays: the sum of the stays of those who left, each from its own two moments.
    """

    def __init__(self, *, places: bool = False) -> None:
        self._coming, self._going = (1, 0) if places else (0, 1)
        self.entered = self.inside = self.most = self.least = self.area = self.stays = 0
        self.first: int | None = None
        self.last = 0
        self._open = np.zeros(0, dtype=np.int64)

    def add(self, came: IntArray, went: IntArray, known_until: int) -> None:
        """Stays of others; every later call is about moments after *known_until*. `NEVER` in *went*: has not left."""
        left = went < NEVER
        self.entered += len(came)
        self.stays += int((went[left] - came[left]).sum())
        moments = np.concatenate([self._open, came * 2 + self._coming, went[left] * 2 + self._going])
        complete = moments < known_until * 2
        self._open = moments[~complete]
        self._sweep(np.sort(moments[complete]))

    def finish(self) -> None:
        """Nobody comes or goes any more."""
        self._sweep(np.sort(self._open))
        self._open = self._open[:0]

    @property
    def span(self) -> int:
        """From the first moment to the last."""
        return self.last - self.first if self.first is not None else 0

    def _sweep(self, moments: IntArray) -> None:
        if not len(moments):
            return
        times, changes = moments >> 1, np.where(moments & 1 == self._coming, 1, -1)
        counts = self.inside + np.cumsum(changes)
        if self.first is None:
            self.first = self.last = int(times[0])
        self.area += self.inside * (int(times[0]) - self.last) + int((counts[:-1] * np.diff(times)).sum())
        self.most, self.least = max(self.most, int(counts.max())), min(self.least, int(counts.min()))
        self.inside, self.last = int(counts[-1]), int(times[-1])
