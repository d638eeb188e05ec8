"""People who take the next waiting order: a pool on SimPy's calendar, with working hours.

Work is handed out at the end of an instant, after everything else of that millisecond, in the order of the keys; so it does
not matter in which order the calendar holds what happens at once. An order that is gone when its turn comes is skipped.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from simpy import Environment, Event
from simpy.events import EventPriority

from orders.log.calendar import Hours

LATE = EventPriority(2)
"""After SimPy's own two priorities."""


class WorkerPool:
    """So many people, their hours, and the orders that wait for them.

    Args:
        begin: starts work on an order and gives the time at which the person is free again, ``None`` when the order is gone.
        finish: told when that time has come.
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
        """The order waits; the lowest *key* is next, and of equal ones the earlier order."""
        heappush(self.waiting, (key, order))
        if self.free and self.woken < self.env.now:
            self._wake_at(int(self.env.now))

    def _wake_at(self, at: int) -> None:
        self.woken = at
        event = Event(self.env)
        event._ok, event._value = True, None  # noqa: SLF001 (an event that has happened, at a priority of ours)
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
        self.finish(event._value)  # noqa: SLF001 (`value` asks first whether there is one)
        if self.waiting and self.woken < self.env.now:
            if self.env.peek() == self.env.now:
                self._wake_at(int(self.env.now))
            else:  # nothing else happens in this instant: it ends here
                self._hand_out(event)
