"""RMS, Increff's invoicing service: orders are not posted; the e-invoice is made when the order is packed (GAP-15, GAP-22)."""

from simulator.model.order_states import OrderStates


class Rms:
    """RMS of a replication; it has each e-invoice registered at the IRP, the government's portal, at once."""

    def __init__(self, states: OrderStates) -> None:
        self.states = states

    def invoice(self, order: int, at: int) -> None:
        """Make the e-invoice, for the packed units."""
        self.states.generated[order] = at
