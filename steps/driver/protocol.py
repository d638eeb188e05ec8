"""Driver: the interface of the step definitions to the system under test.

Step definitions use only this protocol. `EngineDriver` calls the engine in process; another driver may call a server, and the
same features then test that server.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from orders.duties import Age
from orders.vms_reports import CancelledAfterPosting, ReturnSalesInvoiceLine
from sop_engine import Invoicing, PossibleCase, PossibleDecision, QualityCheck, Reading, ReturnDecision
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
