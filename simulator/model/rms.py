"""RMS, Increff's own invoicing: nothing is posted beforehand; the e-invoice is made when the order is packed (GAP-15, GAP-22)."""

from orders.log.calendar import MINUTE, after
from simulator.experiment.experiment import Experiment
from simulator.model.order_states import Life


def release_time(experiment: Experiment, life: Life, order: int) -> int:
    """When the warehouse pulls an order that needs no e-invoice first: at the next pull after the B2B details are there."""
    return after(life.fates.details[order], experiment.wms.pull_interval_minutes * MINUTE)


def invoice(life: Life, order: int, at: int) -> None:
    """The e-invoice of what was really packed."""
    life.generated[order] = at
