"""RMS, Increff's own invoicing: nothing is posted beforehand; the e-invoice is made when the order is packed (GAP-15, GAP-22)."""

from orders.log.calendar import MINUTE, after
from simulator.experiment.experiment import Experiment
from simulator.model.order_states import OrderStates


def release_time(experiment: Experiment, states: OrderStates, order: int) -> int:
    """When the warehouse pulls an order that needs no e-invoice first: at the next pull after the B2B details are there."""
    return after(states.draws.details[order], experiment.wms.pull_interval_minutes * MINUTE)


def invoice(states: OrderStates, order: int, at: int) -> None:
    """The e-invoice of what was really packed."""
    states.generated[order] = at
