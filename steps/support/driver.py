"""Driver: the interface of the step definitions to the system under test.

Step definitions use only this protocol. `EngineDriver` calls the engine in process; another driver may call a server, and the
same features then test that server.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from orders import vms_reports
from orders.duties import Age, credit_note_ages
from orders.vms_reports import CancelledAfterPosting, ReturnSalesInvoiceLine
from sop_engine import Invoicing, PossibleCase, PossibleDecision, QualityCheck, Reading, ReturnDecision, decide_possible, decide_return
from sop_engine.order import Order


class Driver(Protocol):
    """Interface of the system under test."""

    def decide_possible(self, possible: PossibleCase, reading: Reading) -> PossibleDecision:
        """Return the answer to every case of *possible*; to one case if all its facts are stated."""
        ...

    def decide_return(self, quality_check: QualityCheck, reading: Reading) -> ReturnDecision:
        """Return the answer to one returned unit."""
        ...

    def new_order(self, order_id: str, invoicing: Invoicing, units: int, at: datetime | None = None) -> Order:
        """Create an order without reserved stock."""
        ...

    def cancelled_after_posting(self, orders: Sequence[Order], start: date, end: date) -> Sequence[CancelledAfterPosting]:
        """Return the rows of the VMS report of orders cancelled after posting, from *start* to *end*."""
        ...

    def rsi_report(self, orders: Sequence[Order]) -> Sequence[ReturnSalesInvoiceLine]:
        """Return the rows of the VMS report of return sales invoices, one for each returned unit."""
        ...

    def credit_note_ages(self, orders: Sequence[Order], today: date, annual_returns: Mapping[int, date]) -> Sequence[Age]:
        """Return the ages on *today* of the credit-note duties that *orders* had then."""
        ...


class EngineDriver:
    """Driver of this project's engine, in the same process."""

    def decide_possible(self, possible: PossibleCase, reading: Reading) -> PossibleDecision:
        """Decide with the rulebook."""
        return decide_possible(possible, reading)

    def decide_return(self, quality_check: QualityCheck, reading: Reading) -> ReturnDecision:
        """Decide with the rulebook."""
        return decide_return(quality_check, reading)

    def new_order(self, order_id: str, invoicing: Invoicing, units: int, at: datetime | None = None) -> Order:
        """Create an order in memory."""
        return Order.created(order_id, invoicing, units, at)

    def cancelled_after_posting(self, orders: Sequence[Order], start: date, end: date) -> Sequence[CancelledAfterPosting]:
        """Compute the rows with `orders.vms_reports`."""
        return vms_reports.cancelled_after_posting(orders, start, end)

    def rsi_report(self, orders: Sequence[Order]) -> Sequence[ReturnSalesInvoiceLine]:
        """Compute the rows with `orders.vms_reports`."""
        return vms_reports.rsi_report(orders)

    def credit_note_ages(self, orders: Sequence[Order], today: date, annual_returns: Mapping[int, date]) -> Sequence[Age]:
        """Compute the ages with `orders.duties`."""
        return [age for order in orders for age in credit_note_ages(order, today, annual_returns)]
