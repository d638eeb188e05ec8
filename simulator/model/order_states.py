"""Order states: an array of times for each event that happens at most once to an order, and lists for the others.

A time takes 8 bytes and is `NEVER` if the event has not happened. Stage and e-invoice at any moment so far are computed from them.
"""

from array import array
from typing import NamedTuple

from orders.log.calendar import NEVER
from orders.log.columns import Event
from orders.log.stations import STATIONS
from simulator.model.draws.order_draws import OrderDraws
from sop_engine import EInvoice, Stage


class CancellationRow(NamedTuple):
    """A log row of a cancellation, kept whole because they are few; *order* is the place of the order."""

    time_ms: int
    order: int
    event: Event
    canceller: str
    scope: str
    stage: str
    e_invoice: str
    outcome: str
    units: int
    reason: str
    because: str


class OrderStates:
    """State of all orders of a replication.

    Attributes:
        at_stations: times of the events of work at the stations, by event.
        left: number of units that are not cancelled, by order.
        pending: units that Ajio cancelled by hand, for the orders of which packing will stop with an error.
        because: the clauses and gaps that require a credit note, for the orders that need one.
        received, check_begun: times of returned units, by their row in the draws; the second in the row of the first unit of a parcel.
    """

    def __init__(self, draws: OrderDraws) -> None:
        count = len(draws.created)
        self.draws = draws
        self.posted = array("q", [NEVER]) * count
        self.generated = array("q", [NEVER]) * count
        self.pushed = array("q", [NEVER]) * count
        self.released = array("q", [NEVER]) * count
        self.at_stations = {event: array("q", [NEVER]) * count for station in STATIONS for event in station.events}
        self.packed = self.at_stations[Event.PACKED]
        self.ready = array("q", [NEVER]) * count
        self.dispatched = array("q", [NEVER]) * count
        self.cancelled = array("q", [NEVER]) * count
        self.due = array("q", [NEVER]) * count
        self.note_made = array("q", [NEVER]) * count
        self.received = array("q", [NEVER]) * len(draws.returns)
        self.check_begun = array("q", [NEVER]) * len(draws.returns)
        self.left = bytearray(draws.units)
        self.pending: dict[int, int] = {}
        self.cancellation_rows: list[CancellationRow] = []
        self.because: dict[int, str] = {}

    def stage(self, order: int, at: int) -> Stage:
        """Return the stage just before *at*."""
        if self.cancelled[order] < at:
            return Stage.CANCELLED
        if self.released[order] >= at:
            if self.draws.allocated[order] < at:
                return Stage.FULFILLABLE
            return Stage.UNFULFILLABLE if self.draws.unfulfillable[order] < at else Stage.CREATED
        if self.dispatched[order] < at:
            return Stage.COMPLETED
        if self.ready[order] < at:
            return Stage.READY_TO_DISPATCH
        return Stage.PACKED if self.packed[order] < at else Stage.PROCESSING

    def e_invoice(self, order: int, at: int) -> EInvoice:
        """Return the state of the e-invoice just before *at*."""
        if self.pushed[order] < at:
            return EInvoice.PUSHED
        if self.generated[order] < at:
            return EInvoice.GENERATED
        return EInvoice.POSTED if self.posted[order] < at else EInvoice.NOT_POSTED
