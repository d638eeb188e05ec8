"""Worker pool: people with working hours who take the next waiting order, on SimPy's calendar.

Work is handed out at the end of an instant, after all other events of that millisecond, by ascending key; so the order of
simultaneous events in the calendar has no effect. An order that was cancelled before its turn is skipped.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from simpy import Environment, Event
from simpy.events import EventPriority

from orders.log.calendar import Hours

LATE = EventPriority(2)
"""Priority after SimPy's own two."""


class WorkerPool:
    """A number of people, their hours, and the orders that wait for them.

    Args:
        begin: starts work on an order; returns the time at which the person is free again, or ``None`` if the order was cancelled.
        finish: called with the order at that time.
    """

    def __init__(
        self, env: Environment, people: int, hours: Hours, begin: Callable[[int], int | None], finish: Callable[[int], None]
    ) -> None:
        self.env = env
        self.free = people
        self.hours = hours
        self.begin = begin
        self.finish = finish
        self.waiting: list[tuple[int, int]] = []
        self.woken = -1

    def enqueue(self, order: int, key: int) -> None:
        """Enqueue an order; the lowest *key* is next, and of equal keys the earlier order."""
        heappush(self.waiting, (key, order))
        if self.free and self.woken < self.env.now:
            self._wake_at(int(self.env.now))

    def _wake_at(self, at: int) -> None:
        self.woken = at
        event = Event(self.env)
        event._ok, event._value = True, None  # noqa: SLF001 (an event that has happened, with the priority `LATE`)
        event.callbacks.append(self._hand_out)
        self.env.schedule(event, LATE, at - self.env.now)

    def _hand_out(self, _: Event) -> None:
        now = int(self.env.now)
        self.woken = -1
        if not self.hours.open_at(now):
            self._wake_at(self.hours.opening_after(now))
            return
        waiting, begin, timeout = self.waiting, self.begin, self.env.timeout
        while self.free and waiting:
            order = heappop(waiting)[1]
            until = begin(order)
            if until is not None:
                self.free -= 1
                timeout(until - now, order).callbacks.append(self._done)

    def _done(self, event: Any) -> None:
        self.free += 1
        self.finish(event._value)  # noqa: SLF001 (`value` checks first whether there is one)
        if self.waiting and self.woken < self.env.now:
            if self.env.peek() == self.env.now:
                self._wake_at(int(self.env.now))
            else:  # no other event at this instant: hand out at once
                self._hand_out(event)
