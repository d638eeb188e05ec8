"""Ajio: the cancellations of its customers, its own business cancellations, and the clock of the SLA.

The times at which orders arrive, are pulled and are acknowledged are in `simulator.model.draws.order_draws`: they depend on outages of Ajio, but
on nothing else in the simulation. Ajio sees a closed manifest, but for the share of orders with a stale status.
"""

from collections.abc import Iterator
from typing import Any

from simpy import Environment

from orders.log.calendar import NEVER
from simulator.model.draws.order_draws import RequestKind
from simulator.model.oms import Assure
from simulator.model.worker_pool import Process


class Ajio:
    """Ajio in a replication."""

    def __init__(self, env: Environment, oms: Assure) -> None:
        self.env, self.oms, self.states = env, oms, oms.states

    def processes(self) -> Iterator[Process]:
        """Yield the processes of Ajio."""
        yield self.oms.requests({RequestKind.CUSTOMER})
        yield self.oms.requests({RequestKind.AJIO_TECHNICAL, RequestKind.AJIO_PARTIAL})
        yield self.sla_clock()

    def sla_clock(self) -> Process:
        """Cancel orders with a breached SLA some time after the breach; an order that is done in time is passed over without an event."""
        env, states, breach = self.env, self.states, self.states.draws.breach
        dispatched, cancelled = states.dispatched, states.cancelled
        for order, clock in enumerate(states.draws.clock):
            if breach[order] == NEVER or dispatched[order] != NEVER or cancelled[order] != NEVER:
                continue
            yield env.timeout(max(clock + RequestKind.AJIO_BREACH - env.now, 0))
            if dispatched[order] == NEVER and cancelled[order] == NEVER:
                env.timeout(breach[order] - env.now, order).callbacks.append(self._business_cancellation)

    def _business_cancellation(self, event: Any) -> None:
        self.oms.request(event.value, RequestKind.AJIO_BREACH)
