"""Driver of this project's engine, in the same process."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from orders import vms_reports
from orders.duties import Age, credit_note_ages
from orders.vms_reports import CancelledAfterPosting, ReturnSalesInvoiceLine
from sop_engine import Invoicing, PossibleCase, PossibleDecision, QualityCheck, Reading, ReturnDecision, decide_possible, decide_return
from sop_engine.order import Order


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
