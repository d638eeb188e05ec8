"""Driver: the interface of the step definitions to the system under test.

Step definitions use only this protocol. `EngineDriver` calls the engine in process; `HttpDriver` calls a server that speaks the contract,
and the same features then test that server. What a step claims as actual comes from the driver.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from orders.duties import Age
from orders.vms_reports import CancelledAfterPosting, ReturnSalesInvoiceLine
from sop_engine import Invoicing, PossibleCase, PossibleDecision, QualityCheck, Reading, ReturnDecision, SopError
from steps.driver.order_life import LifeStep, OrderLife

if TYPE_CHECKING:
    from orders.log.event_log import Log


CALL_LIMIT_S, LONGEST_CALL_S = 10.0, 600.0
"""Default and longest time limit of a call to a server, in seconds."""


class NotSupportedError(SopError):
    """A call that needs what the system under test does not offer."""


@dataclass(frozen=True, slots=True)
class AuditAnswer:
    """What an audit of files says, as plain rows.

    Attributes:
        findings, duties: rows with the columns of `orders.audit.result_tables`.
        cancelled_after_posting, returned_units: what the two reports of the VMS should list, rows with the columns named there.
        set_aside: file, row and reasons of each row that was set aside; a reason is a dictionary.
    """

    findings: Sequence[dict[str, Any]]
    duties: Sequence[dict[str, Any]]
    cancelled_after_posting: Sequence[dict[str, Any]]
    returned_units: Sequence[dict[str, Any]]
    set_aside: Sequence[tuple[str, int, Sequence[dict[str, Any]]]]


class Driver(Hashable, Protocol):
    """Interface of the system under test.

    Every call raises NotSupportedError if the system does not offer it. A driver may be the key of a cache of what does not change.
    """

    def decide_possible(self, possible: PossibleCase, reading: Reading) -> PossibleDecision:
        """Return the answer to every case of *possible*; to one case if all its facts are stated."""
        ...

    def decide_return(self, quality_check: QualityCheck, reading: Reading) -> ReturnDecision:
        """Return the answer to one returned unit."""
        ...

    def new_order(self, order_id: str, invoicing: Invoicing, units: int, at: datetime | None = None) -> OrderLife:
        """Create an order without reserved stock."""
        ...

    def replayed(self, order_id: str, invoicing: Invoicing, units: int, at: datetime | None, life: Sequence[LifeStep]) -> OrderLife:
        """Return a new order after all of *life*, in one call.

        Raises:
            ImpossibleStepError, UnitsError, EventRejectedError: the order does not take one of the events.
        """
        ...

    def cancelled_after_posting(self, orders: Sequence[OrderLife], start: date, end: date) -> Sequence[CancelledAfterPosting]:
        """Return the rows of the VMS report of orders cancelled after posting, from *start* to *end*."""
        ...

    def rsi_report(self, orders: Sequence[OrderLife]) -> Sequence[ReturnSalesInvoiceLine]:
        """Return the rows of the VMS report of return sales invoices, one for each returned unit."""
        ...

    def credit_note_ages(self, orders: Sequence[OrderLife], today: date, annual_returns: Mapping[int, date]) -> Sequence[Age]:
        """Return the ages on *today* of the credit-note duties that *orders* had then."""
        ...

    def simulate(self, experiment: str, settings: Sequence[str], *, each_variant: bool) -> Sequence[tuple[str, "Log"]]:
        """Simulate one replication of *experiment* with *settings*, such as ``wms.packers=3``; return names of variants and event logs.

        With *each_variant*, every variant is simulated; otherwise the experiment itself, whose name is empty.
        """
        ...

    def audit(self, mapping: Path, as_of: date, reading: Reading) -> AuditAnswer:
        """Audit the exports that a *mapping* file names, beside it, as of a day.

        The contract has no such operation: an audit reads a client's own files, and an order-management system has only some of them.
        """
        ...
