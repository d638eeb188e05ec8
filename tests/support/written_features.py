"""Feature files written from simulated orders, their findings, and their scenarios that do not pass."""

from collections.abc import Sequence
from functools import cache

from orders.log.columns import EventRow
from orders.log.order_histories import OrderHistory, select_diverse
from simulator.experiment.experiment import Experiment, load
from simulator.study.simulate import simulate
from sop_engine import Reading, load_rulebook
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.generation.feature_writer import feature_text
from steps.language.document import source_of
from steps.language.formatter import formatted
from steps.lint.linter import known_tags_of, lint_text
from steps.run.executor import execute

MIXED = (
    "run.days=2", "run.warm_up_days=0", "ajio.orders_per_day=250", "ajio.customer_cancellation_share=0.1",
    "oms.seller_cancellation_share=0.3", "oms.seller_delay_hours_mean=5", "erp.learns_of_cancellation_share=0.0",
    "erp.invoice_lag_minutes_median=90", "wms.missing_unit_share=0.05",
)  # fmt: skip


@cache
def registry() -> Registry:
    return Registry.from_modules(built_in_modules())


@cache
def mixed() -> tuple[Experiment, tuple[OrderHistory, ...]]:
    """A week in which everything happens, and its most telling orders."""
    experiment = load("partial_cancels", MIXED)
    return experiment, select_diverse(simulate(experiment), 40)


def text_of(lives: Sequence[OrderHistory], experiment: Experiment) -> str:
    return formatted(feature_text(lives, experiment).encode(), "x.feature").decode()


@cache
def written_features() -> str:
    experiment, lives = mixed()
    return text_of(lives, experiment)


def findings(text: str) -> list[str]:
    return [str(finding) for finding in lint_text(text.encode(), "x.feature", registry(), known_tags_of(load_rulebook()))]


def wrong(text: str) -> list[str]:
    """The scenarios of *text* that do not pass."""
    document = source_of(text.encode(), "x.feature")[0].document
    assert document is not None
    results = ((example.name, execute(example, registry(), {"reading": Reading.AS_PRACTISED}.__getitem__)) for example in document.examples)
    return [name for name, result in results if result.status != "passed"]


OF_THE_ERP = {"system": "Ajio", "actor": "customer", "invoicing": "ERP"}
CREATED = EventRow(0, 1, "created", **OF_THE_ERP, stage="CREATED", e_invoice="not posted", units=2)
ASKED = CREATED._replace(event="cancellation", canceller="seller", scope="full", stage="PACKED", e_invoice="pushed", outcome="refused")
SENT = CREATED._replace(event="dispatched", stage="COMPLETED", e_invoice="pushed")
BACK = SENT._replace(event="return received", reason="customer return", units=1)
LATE_INVOICE = CREATED._replace(event="e-invoice generated", stage="CANCELLED", e_invoice="generated", reason="late", because="GAP-17")
