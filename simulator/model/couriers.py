"""Couriers: a packed order joins the open manifest, which closes when it is full or at its hour; then a van takes it along."""

from simpy import Environment, Event

from orders.log.calendar import MINUTE, Daily, on_tick
from simulator.experiment.settings import Wms
from simulator.model.order_states import OrderStates
from simulator.model.worker_pool import Process, at_the_end_of_the_instant

Manifest = list[tuple[int, int]]
"""Shipments: the time at which each joined, and its order."""


class Couriers:
    """Manifests and vans of a replication. A van comes after each hour of closing and takes along every manifest closed since the last."""

    def __init__(self, env: Environment, wms: Wms, states: OrderStates) -> None:
        self.env, self.states = env, states
        self.limit = wms.shipments_per_manifest
        self.hours = Daily.at(wms.manifest_closes_at_hours)
        self.van_after = on_tick(wms.courier_minutes_after * MINUTE)
        self.hour = 0
        self.manifest: Manifest = []
        self.shipments: Manifest = []

    def join(self, order: int) -> None:
        """Put an order that is packed now on the open manifest."""
        now = self.env.now
        if now >= self.hour:
            self.hour = self.hours.after(int(now))
            self.manifest, self.shipments = [], []
            self.env.process(self._van(self.hour, self.manifest, self.shipments))
        self.manifest.append((int(now), order))
        if len(self.manifest) == self.limit:
            at_the_end_of_the_instant(self.env, self._close_full_manifests)

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
        """Close the open manifest at its hour; some time later take along the shipments of all manifests closed for this van."""
        yield self.env.timeout(hour - self.env.now)
        self._close(manifest)
        yield self.env.timeout(self.van_after)
        dispatched, now = self.states.dispatched, int(self.env.now)
        for _, order in (*shipments, *manifest):
            dispatched[order] = now
