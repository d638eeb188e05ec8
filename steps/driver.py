"""The driver: how the steps reach the system under test.

The sentences know only this protocol. `EngineDriver` answers in process; another driver may ask a server, and the same
features then describe that server.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from sop_engine import Case, Decision, Invoicing, QualityCheck, Reading, ReturnDecision, decide, decide_return
from sop_engine.order import Order


class Driver(Protocol):
    """What the system under test can be asked."""

    def decide(self, case: Case, reading: Reading) -> Decision:
        """The answer to one case."""
        ...

    def decide_return(self, quality_check: QualityCheck, reading: Reading) -> ReturnDecision:
        """What the SOP says of one returned unit."""
        ...

    def new_order(self, order_id: str, invoicing: Invoicing, units: int, at: datetime | None = None) -> Order:
        """A new order, with nothing reserved yet."""
        ...

    def cancelled_after_posting(self, orders: Iterable[Order], start: date, end: date) -> list[dict[str, object]]:
        """The rows of the VMS report of orders cancelled after posting, from *start* to *end*."""
        ...

    def rsi_report(self, orders: Iterable[Order]) -> list[dict[str, object]]:
        """The rows of the VMS report of return sales invoices, one for each returned unit."""
        ...


class EngineDriver:
    """The engine of this project, in the same process."""

    def decide(self, case: Case, reading: Reading) -> Decision:
        return decide(case, reading)

    def decide_return(self, quality_check: QualityCheck, reading: Reading) -> ReturnDecision:
        return decide_return(quality_check, reading)

    def new_order(self, order_id: str, invoicing: Invoicing, units: int, at: datetime | None = None) -> Order:
        return Order.created(order_id, invoicing, units, at)
