"""Couriers: a packed order joins the open manifest, which closes when it is full or at its hour; then a van takes it along."""

from collections.abc import Callable, Sequence

from simpy import Environment, Event

from orders.log.calendar import DAY, MINUTE, Daily, on_tick
from simulator.experiment.schedule import WEEK
from simulator.experiment.settings import Wms
from simulator.model.order_states import OrderStates
from simulator.model.worker_pool import Process, call_at_end_of_instant

Manifest = list[tuple[int, int]]
"""Shipments: the time at which each joined, and its order."""


class Couriers:
    """Manifests and vans of a replication.

    A van comes after each hour of closing. It takes along what the vans before it have left, and then the manifests closed since the
    hour before, as much as it holds.

    Args:
        expect_returns: called with the orders that a van takes along.
    """

    def __init__(self, env: Environment, wms: Wms, states: OrderStates, expect_returns: Callable[[Sequence[int]], None]) -> None:
        self.env, self.wms, self.states, self.expect_returns = env, wms, states, expect_returns
        self.limit = wms.shipments_per_manifest
        self.hours = Daily.at(wms.manifest_closes_at_hours)
        self.cut_off = on_tick(wms.courier_cut_off_minutes * MINUTE)
        self.van_after = on_tick(wms.courier_minutes_after * MINUTE)
        self.cut = 0
        self.manifest: Manifest = []
        self.shipments: Manifest = []
        self.left_over: Manifest = []
        self.vans: dict[int, tuple[Manifest, Manifest]] = {}

    def join(self, order: int) -> None:
        """Put an order that is packed now on the open manifest; after the cut-off that is the one of the next hour."""
        now = self.env.now
        if now >= self.cut:
            hour = self.hours.after(int(now) + self.cut_off)
            self.cut = hour - self.cut_off
            self.manifest, self.shipments = self._expect_van(hour)
        self.manifest.append((int(now), order))
        if len(self.manifest) == self.limit:
            call_at_end_of_instant(self.env, self._close_full_manifests)

    def _expect_van(self, hour: int) -> tuple[Manifest, Manifest]:
        """Return the open manifest of the van after *hour*, and its shipments on full ones."""
        if hour not in self.vans:
            self.vans[hour] = [], []
            self.env.process(self._van(hour, *self.vans[hour]))
        return self.vans[hour]

    def _close_full_manifests(self, _: Event) -> None:
        """Close each full manifest; orders packed at the same moment join by their number."""
        self.manifest.sort()
        while len(self.manifest) >= self.limit:
            full = self.manifest[: self.limit]
            del self.manifest[: self.limit]
            self._close(full)
            self.shipments += full

    def _close(self, manifest: Manifest) -> None:
        ready, now = self.states.ready, int(self.env.now)
        for _, order in manifest:
            ready[order] = now

    def _van(self, hour: int, manifest: Manifest, shipments: Manifest) -> Process:
        """Close the open manifest at its hour; some time later take along shipments, those that were left over first."""
        yield self.env.timeout(max(hour - self.env.now, 0))
        self._close(manifest)
        yield self.env.timeout(hour + self.van_after - self.env.now)
        waiting = [*self.left_over, *shipments, *sorted(manifest)]
        capacity = self.wms.van_capacity(hour // DAY % WEEK)
        dispatched, now = self.states.dispatched, int(self.env.now)
        taken = [order for _, order in waiting[:capacity]]
        for order in taken:
            dispatched[order] = now
        self.expect_returns(taken)
        self.left_over = waiting[capacity:]
        if self.left_over:
            self._expect_van(self.hours.after(hour))
