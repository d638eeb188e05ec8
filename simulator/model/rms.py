"""RMS, Increff's invoicing service: orders are not posted; the e-invoice is made when the order is packed (GAP-15, GAP-22).

RMS has each e-invoice registered at the IRP, the government's portal. While one of the two is down, no order can be packed.
"""

from orders.log.columns import System
from simulator.model.order_states import OrderStates


class Rms:
    """RMS of a replication."""

    def __init__(self, states: OrderStates) -> None:
        self.states = states
        self.outages = states.draws.outages[System.RMS] | states.draws.outages[System.IRP]

    def up_from(self, now: int) -> int:
        """Return *now* if an e-invoice can be made, otherwise the time from which it can."""
        return self.outages.up_from(now)

    def invoice(self, order: int, at: int) -> None:
        """Make the e-invoice, for the packed units."""
        self.states.generated[order] = at
