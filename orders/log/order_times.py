"""Order times: when and how often each kind of event happened to each order of a block, as arrays over its orders."""

import numpy as np

from orders.log.arrays import IntArray, Mask
from orders.log.calendar import NEVER
from orders.log.columns import COLUMNS, WORD_CODES, Event
from orders.log.event_log import Log
from sop_engine import Outcome, Scope

ALLOWED = WORD_CODES["outcome"][Outcome.ALLOWED]


class OrderTimes:
    """The orders of a block, from its first to its last number without gaps; the time of an event that did not happen is `NEVER`.

    Attributes:
        orders: their numbers, ascending.
        ended: when each was cancelled in full, by seller, Ajio or customer.
    """

    def __init__(self, log: Log) -> None:
        numbers = log.columns["order"]
        order_numbers = numbers[numbers > 0]
        first, last = (int(order_numbers.min()), int(order_numbers.max())) if len(order_numbers) else (1, 0)
        self.log = log
        self.first = first
        self.orders = np.arange(first, last + 1, dtype=np.int64)
        kinds = log.columns["event"].astype(np.uint8)
        self._rows = np.argsort(kinds, kind="stable")
        self._ends = np.cumsum(np.bincount(kinds, minlength=len(COLUMNS["event"] or ())))
        self._at: dict[Event, IntArray] = {}
        self.ended = np.minimum(self.at(Event.CANCELLED_BY_CUSTOMER), self._ended_by_request())

    def rows(self, event: Event) -> IntArray:
        """Return the places of the rows of *event* in the log."""
        kind = WORD_CODES["event"][event]
        return self._rows[self._ends[kind - 1] if kind else 0 : self._ends[kind]]

    def cells(self, event: Event, name: str) -> IntArray:
        """Return a column of the rows of *event*."""
        return self.log.columns[name][self.rows(event)].astype(np.int64, copy=False)

    def order_places(self, event: Event) -> IntArray:
        """Return for each row of *event* the place of its order in `orders`."""
        return self.cells(event, "order") - self.first

    def at(self, event: Event) -> IntArray:
        """Return for each order the time of its first *event*."""
        if event not in self._at:
            times = np.full(len(self.orders), NEVER, dtype=np.int64)
            times[self.order_places(event)[::-1]] = self.cells(event, self.log.clock)[::-1]
            self._at[event] = times
        return self._at[event]

    def occurred(self, event: Event) -> Mask:
        """Return for each order whether *event* happened."""
        return self.at(event) < NEVER

    def occurrences(self, event: Event) -> IntArray:
        """Return for each order how often *event* happened."""
        return np.bincount(self.order_places(event), minlength=len(self.orders))

    def units(self, event: Event, among: Mask | None = None) -> IntArray:
        """Return for each order the units of all its rows of *event*, or of those in the mask *among*."""
        whose, units = self.order_places(event), self.cells(event, "units")
        if among is not None:
            whose, units = whose[among], units[among]
        return np.bincount(whose, weights=units, minlength=len(self.orders)).astype(np.int64)

    def allowed(self, scope: Scope) -> Mask:
        """Return a mask of the cancellations by seller or Ajio of that scope that were allowed."""
        outcomes, scopes = (self.cells(Event.CANCELLATION, name) for name in ("outcome", "scope"))
        allowed: Mask = (outcomes == ALLOWED) & (scopes == WORD_CODES["scope"][scope])
        return allowed

    def _ended_by_request(self) -> IntArray:
        ending = self.allowed(Scope.FULL)
        times = np.full(len(self.orders), NEVER, dtype=np.int64)
        times[self.order_places(Event.CANCELLATION)[ending][::-1]] = self.cells(Event.CANCELLATION, self.log.clock)[ending][::-1]
        return times
