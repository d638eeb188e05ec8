"""The driver: how the steps reach the system under test.

The sentences know only this protocol. `EngineDriver` answers in process; another driver may ask a server, and the same
features then describe that server.
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
    """What the system under test can be asked."""

    def decide_possible(self, possible: PossibleCase, reading: Reading) -> PossibleDecision:
        """The answer to every case that *possible* may be; to one, where every fact of it is known."""
        ...

    def decide_return(self, quality_check: QualityCheck, reading: Reading) -> ReturnDecision:
        """What the SOP says of one returned unit."""
        ...

    def new_order(self, order_id: str, invoicing: Invoicing, units: int, at: datetime | None = None) -> Order:
        """A new order, with nothing reserved yet."""
        ...

    def cancelled_after_posting(self, orders: Sequence[Order], start: date, end: date) -> Sequence[CancelledAfterPosting]:
        """The rows of the VMS report of orders cancelled after posting, from *start* to *end*."""
        ...

    def rsi_report(self, orders: Sequence[Order]) -> Sequence[ReturnSalesInvoiceLine]:
        """The rows of the VMS report of return sales invoices, one for each returned unit."""
        ...

    def credit_note_ages(self, orders: Sequence[Order], today: date, annual_returns: Mapping[int, date]) -> Sequence[Age]:
        """How old the open credit-note duties of *orders* are on *today*."""
        ...


class EngineDriver:
    """The engine of this project, in the same process."""

    def decide_possible(self, possible: PossibleCase, reading: Reading) -> PossibleDecision:
        """As the rulebook decides."""
        return decide_possible(possible, reading)

    def decide_return(self, quality_check: QualityCheck, reading: Reading) -> ReturnDecision:
        """As the rulebook decides."""
        return decide_return(quality_check, reading)

    def new_order(self, order_id: str, invoicing: Invoicing, units: int, at: datetime | None = None) -> Order:
        """An order in memory."""
        return Order.created(order_id, invoicing, units, at)

    def cancelled_after_posting(self, orders: Sequence[Order], start: date, end: date) -> Sequence[CancelledAfterPosting]:
        """As `orders.vms_reports` selects."""
        return vms_reports.cancelled_after_posting(orders, start, end)

    def rsi_report(self, orders: Sequence[Order]) -> Sequence[ReturnSalesInvoiceLine]:
        """As `orders.vms_reports` selects."""
        return vms_reports.rsi_report(orders)

    def credit_note_ages(self, orders: Sequence[Order], today: date, annual_returns: Mapping[int, date]) -> Sequence[Age]:
        """As `orders.duties` counts."""
        return [age for order in orders for age in credit_note_ages(order, today, annual_returns)]
