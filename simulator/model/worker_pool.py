"""Worker pool: the people of a roster, who take the next waiting order, on SimPy's calendar.

Work is handed out at the end of an instant, after all other events of that millisecond, by ascending key; so the order of
simultaneous events in the calendar has no effect. An order that was cancelled before its turn is skipped.
"""

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import Any

from simpy import Environment, Event
from simpy.events import EventPriority

from orders.log.calendar import NEVER, TICK
from simulator.experiment.roster import Roster

Process = Generator[Event, None, None]
"""A process on the calendar of SimPy."""

LATE = EventPriority(2)
"""Priority after SimPy's own two."""


def call_at_end_of_instant(env: Environment, call: Callable[[Event], None], delay: int = 0) -> None:
    """Schedule a call *delay* milliseconds from now, after all other events of that millisecond."""
    event = Event(env)
    event._ok, event._value = True, None  # noqa: SLF001 (an event that has happened, with the priority `LATE`)
    event.callbacks.append(call)
    env.schedule(event, LATE, delay)


class WorkerPool:
    """The people of a roster, and the orders that wait for them.

    Args:
        begin: starts work on an order; returns the time at which it is done, or ``None`` if the order was cancelled.
        finish: called with the order when the work is done; returns ``None``, or a time until which the work goes on.
    """

    def __init__(self, env: Environment, roster: Roster, begin: Callable[[int], int | None], finish: Callable[[int], int | None]) -> None:
        self.env = env
        self.roster = roster
        self.begin = begin
        self.finish = finish
        self.waiting: list[tuple[int, int]] = []
        self.at_work: set[int] = set()
        self.free = self.busy = self.until = 0
        self.woken = self.alarm = -1

    def enqueue(self, order: int, key: int) -> None:
        """Enqueue an order; the lowest *key* is next, and of equal keys the earlier order."""
        heappush(self.waiting, (key, order))
        if (self.free > 0 or self.alarm != self.until) and self.woken < self.env.now:
            self._wake()

    def interrupt(self, order: int) -> None:
        """Stop the work on a cancelled order, if someone works on it; that person is free at the next tick."""
        if order in self.at_work:
            self.at_work.remove(order)
            self.env.timeout(-self.env.now % TICK).callbacks.append(self._release)

    def _wake(self) -> None:
        self.woken = int(self.env.now)
        call_at_end_of_instant(self.env, self._hand_out)

    def _hand_out(self, _: Event) -> None:
        now = int(self.env.now)
        self.woken = -1
        if now >= self.until:
            staffed, self.until = self.roster.staffing(now)
            self.free = staffed - self.busy
        waiting, begin, timeout = self.waiting, self.begin, self.env.timeout
        while self.free > 0 and waiting:
            order = heappop(waiting)[1]
            until = begin(order)
            if until is not None:
                self.free -= 1
                self.busy += 1
                self.at_work.add(order)
                timeout(until - now, order).callbacks.append(self._done)
        if waiting and self.alarm != self.until:
            self.alarm = self.until
            if self.until < NEVER:
                call_at_end_of_instant(self.env, self._hand_out, self.until - now)

    def _done(self, event: Any) -> None:
        order = event._value  # noqa: SLF001 (`value` checks first whether there is one)
        if order in self.at_work:
            self.at_work.remove(order)
            until = self.finish(order)
            if until is None:
                self._release(event)
            else:
                self.at_work.add(order)
                self.env.timeout(until - self.env.now, order).callbacks.append(self._done)

    def _release(self, event: Event) -> None:
        """Count one more free person, who takes the next order."""
        self.free += 1
        self.busy -= 1
        if self.waiting and self.woken < self.env.now:
            if self.env.peek() == self.env.now:
                self._wake()
            else:  # no other event at this instant: hand out at once
                self._hand_out(event)
