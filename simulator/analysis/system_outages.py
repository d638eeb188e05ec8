"""Outages of the systems in a log, and the steps that happened while a system was down."""

import numpy as np

from orders.log.arrays import IntArray, Mask
from orders.log.calendar import Outages
from orders.log.columns import OUTAGE_EVENTS, Event, System
from orders.log.order_times import OrderTimes
from simulator.analysis.invariants import Violations
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import outages_of

STEPS = {
    System.ERP: ((Event.POSTED, Event.INVOICED, Event.PUSHED), True),
    System.IRP: ((Event.INVOICED,), None),
    System.RMS: ((Event.INVOICED,), False),
    System.AJIO: ((Event.ACKNOWLEDGED,), None),
}
"""Steps that a system takes part in, and whether those of orders of the client's ERP (else of RMS; None: of both)."""


class SystemOutages:
    """Outages of the systems, from the rows about no order in the first block of a log, and from the settings."""

    def __init__(self, experiment: Experiment) -> None:
        self.by_system = dict.fromkeys(OUTAGE_EVENTS, Outages()) | {System.ERP: outages_of(experiment.erp)}

    def add(self, order_times: OrderTimes) -> None:
        """Add the outages in a block."""
        for system, (down, up) in OUTAGE_EVENTS.items():
            starts, ends = (order_times.cells(event, "time_ms").tolist() for event in (down, up))
            self.by_system[system] |= Outages.merged(zip(starts, ends, strict=False))

    def steps_during_outage(self, order_times: OrderTimes) -> Violations:
        """Find steps of a block within an outage of the system that takes them."""
        erp = order_times.occurred(Event.POSTED)
        orders: list[IntArray] = []
        wrong: list[Mask] = []
        for system, (events, of_erp) in STEPS.items():
            outages = self.by_system[system]
            starts, ends = (np.array([-1, *cells], dtype=np.int64) for cells in (outages.starts, outages.ends))
            for event in events:
                steps = order_times.occurred(event) & (True if of_erp is None else erp == of_erp)
                at = order_times.at(event)[steps]
                orders.append(order_times.orders[steps])
                wrong.append(at < ends[np.searchsorted(starts, at, side="right") - 1])
        return np.concatenate(orders), np.concatenate(wrong)
