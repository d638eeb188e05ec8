"""Batches: work that a system does at fixed intervals, such as polls, posts and pushes."""

from collections.abc import Callable

from simpy import Environment

from orders.log.calendar import Outages
from simulator.model.worker_pool import Process

ALWAYS_UP = Outages()


class Batches:
    """A job that runs every *interval* milliseconds, on all orders that were ready before; during an outage, at the first time after it.

    Args:
        work: called with each order of a batch, and the time.
    """

    def __init__(self, env: Environment, interval: int, work: Callable[[int, int], None], outages: Outages = ALWAYS_UP) -> None:
        self.env, self.interval, self.work, self.outages = env, interval, work, outages
        self.waiting: dict[int, list[int]] = {}

    def add(self, order: int, ready: int) -> None:
        """Add an order that is ready at *ready* to the first batch after that time."""
        at = (ready // self.interval + 1) * self.interval
        if at in self.waiting:
            self.waiting[at].append(order)
        else:
            self.waiting[at] = [order]
            self.env.process(self._batch(at))

    def _batch(self, at: int) -> Process:
        """Wait for the time of the batch and for the end of an outage, then work on its orders."""
        yield self.env.timeout(at - self.env.now)
        while self.outages.down(int(self.env.now)):
            yield self.env.timeout(self.interval)
        now = int(self.env.now)
        for order in self.waiting.pop(at):
            self.work(order, now)
