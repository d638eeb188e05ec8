"""Driver of this project's engine, in the same process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from orders import vms_reports
from orders.duties import Age, credit_note_ages
from orders.vms_reports import CancelledAfterPosting, ReturnSalesInvoiceLine
from sop_engine import Invoicing, PossibleCase, PossibleDecision, QualityCheck, Reading, ReturnDecision, decide_possible, decide_return
from sop_engine.order import Order
from steps.driver.audits import audit_files
from steps.driver.order_life import LifeStep, OrderLife
from steps.driver.protocol import AuditAnswer

if TYPE_CHECKING:
    from orders.log.event_log import Log


@dataclass(frozen=True)
class EngineDriver:
    """Driver of this project's engine, in the same process; all of them are equal."""

    def decide_possible(self, possible: PossibleCase, reading: Reading) -> PossibleDecision:
        """Decide with the rulebook."""
        return decide_possible(possible, reading)

    def decide_return(self, quality_check: QualityCheck, reading: Reading) -> ReturnDecision:
        """Decide with the rulebook."""
        return decide_return(quality_check, reading)

    def new_order(self, order_id: str, invoicing: Invoicing, units: int, at: datetime | None = None) -> Order:
        """Create an order in memory."""
        return Order.created(order_id, invoicing, units, at)

    def replayed(self, order_id: str, invoicing: Invoicing, units: int, at: datetime | None, life: Sequence[LifeStep]) -> OrderLife:
        """Create an order in memory and let it take the events one by one."""
        order: OrderLife = Order.created(order_id, invoicing, units, at)
        for step in life:
            order = step.taken(order)
        return order

    def cancelled_after_posting(self, orders: Sequence[OrderLife], start: date, end: date) -> Sequence[CancelledAfterPosting]:
        """Compute the rows with `orders.vms_reports`."""
        return vms_reports.cancelled_after_posting(cast("Sequence[Order]", orders), start, end)

    def rsi_report(self, orders: Sequence[OrderLife]) -> Sequence[ReturnSalesInvoiceLine]:
        """Compute the rows with `orders.vms_reports`."""
        return vms_reports.rsi_report(cast("Sequence[Order]", orders))

    def credit_note_ages(self, orders: Sequence[OrderLife], today: date, annual_returns: Mapping[int, date]) -> Sequence[Age]:
        """Compute the ages with `orders.duties`."""
        return [age for order in cast("Sequence[Order]", orders) for age in credit_note_ages(order, today, annual_returns)]

    def simulate(self, experiment: str, settings: Sequence[str], *, each_variant: bool) -> Sequence[tuple[str, "Log"]]:
        """Simulate with `simulator`, which is imported when this is called, because most features do not need it."""
        simulate = import_module("simulator.study.simulate").simulate
        loaded: Any = import_module("simulator.experiment.experiment").load(experiment, settings)
        variants = [(variation.name, variant) for variation, variant in loaded.variants] if each_variant else [("", loaded)]
        return [(name, simulate(variant)) for name, variant in variants]

    def audit(self, mapping: Path, as_of: date, reading: Reading) -> AuditAnswer:
        """Audit with `orders.intake` and `orders.audit`, which are imported when this is called."""
        return audit_files(mapping, as_of, reading)
