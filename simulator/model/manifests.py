"""Manifests and vans: a packed order joins the open manifest, which closes when it is full or at its hour of closing.

A courier's van comes after each hour of closing and takes every closed manifest along. No step before PACKED depends on this,
so the manifests of all orders are computed at once, after the simulation of the warehouse.
"""

import numpy as np

from orders.log.calendar import DAY, MINUTE, NEVER, Daily, on_tick
from simulator.experiment.settings import Wms
from simulator.model.order_states import OrderStates


def close_manifests(wms: Wms, states: OrderStates) -> None:
    """Compute the time at which the manifest of each packed order closes, and the time of its dispatch."""
    packed = np.asarray(states.packed, dtype=np.int64)
    orders = np.flatnonzero(packed < NEVER)
    orders = orders[np.argsort(packed[orders], kind="stable")]
    if not len(orders):
        return
    joined = packed[orders]
    hours = Daily.at(wms.manifest_closes_at_hours).moments
    day, moment = np.divmod(joined, DAY)
    closes = day * DAY + np.array([*hours, DAY + hours[0]], dtype=np.int64)[np.searchsorted(hours, moment, side="right")]
    first = np.searchsorted(closes, closes, side="left")
    last = first + ((np.arange(len(orders)) - first) // wms.shipments_per_manifest + 1) * wms.shipments_per_manifest - 1
    full = last < np.searchsorted(closes, closes, side="right")
    np.frombuffer(states.ready, dtype=np.int64)[orders] = np.where(full, joined[np.where(full, last, 0)], closes)
    np.frombuffer(states.dispatched, dtype=np.int64)[orders] = closes + on_tick(wms.courier_minutes_after * MINUTE)
