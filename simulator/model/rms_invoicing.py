"""RMS, Increff's invoicing service: orders are not posted; the e-invoice is made when the order is packed (GAP-15, GAP-22)."""

from orders.log.calendar import MINUTE, after
from simulator.experiment.experiment import Experiment
from simulator.model.order_states import OrderStates


def release_time(experiment: Experiment, states: OrderStates, order: int) -> int:
    """Return the time at which the warehouse pulls an order under RMS: the next pull after the B2B details."""
    return after(states.draws.details[order], experiment.wms.pull_interval_minutes * MINUTE)


def invoice(states: OrderStates, order: int, at: int) -> None:
    """Make the e-invoice, for the packed units."""
    states.generated[order] = at
