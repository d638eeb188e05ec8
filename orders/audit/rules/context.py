"""What a rule looks at, and a rule itself."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property

import pyarrow as pa

from orders.audit.answers import PossibleAnswers
from orders.audit.cancellations import Cancellations
from orders.audit.cancellers import Cancellers, cancellers
from orders.audit.client_duties import ClientDuty, Status
from orders.audit.coverage import DOCUMENT_SYSTEMS, Coverage
from orders.audit.facts import OrderTimes
from orders.audit.findings import Finding, Seen, Strength
from orders.audit.ledger import Ledger
from orders.audit.order_invoices import OrderInvoices
from orders.audit.rows.columns import ABSENT, Flags, flags_at
from orders.audit.rows.evidence import Evidence
from orders.audit.rows.near_ids import NearIds, hint
from orders.audit.rows.numbering import numbers_in
from orders.audit.tables import Kind, System
from orders.day_bounds import DayBounds
from sop_engine import Reading, TaskKey
from sop_engine.ids import is_gap

ORDER_SYSTEMS = (System.OMS, System.WMS, System.AJIO, System.VMS)
"""The systems whose sources are about orders."""
SELLER_SYSTEMS = (System.OMS, System.WMS)


@dataclass(frozen=True)
class Options:
    """What a client chooses.

    Attributes:
        stock_in_erp: whether a missing inward PO or GRN is a finding; the SOP only says that they can be made.
        annual_returns: the days on which annual returns were furnished, by the year in which their financial year ended.
        bounds: how many days lie at most between two events.
        vms_days: first and last day of cancellation of the list of orders cancelled after posting; None for all.
    """

    stock_in_erp: bool = False
    annual_returns: Mapping[int, date] = field(default_factory=dict)
    bounds: DayBounds = field(default_factory=DayBounds)
    vms_days: tuple[date, date] | None = None


@dataclass(frozen=True)
class Context:
    """The evidence of a run, and what follows from it before any rule."""

    evidence: Evidence
    times: OrderTimes
    cancellations: Cancellations
    ledger: Ledger
    coverage: Coverage
    duties: tuple[ClientDuty, ...]
    as_of: date
    options: Options
    outside: Flags

    @property
    def answers(self) -> PossibleAnswers:
        """Return the answers of the reading."""
        return self.cancellations.answers

    @property
    def as_practised(self) -> bool:
        """Return whether our readings count."""
        return self.answers.reading is Reading.AS_PRACTISED

    @cached_property
    def order_invoices(self) -> OrderInvoices:
        """Return the e-invoices of the orders."""
        return OrderInvoices(self.evidence, self.times)

    @cached_property
    def _near_orders(self) -> NearIds:
        return NearIds(self.evidence.orders.keys.array, are_orders=True)

    @cached_property
    def _near_documents(self) -> NearIds:
        return NearIds(self.evidence.documents_named.keys.array)

    def order_hint(self, order: int) -> str:
        """Return a sentence about other orders whose number looks like that of *order*, with a space before it; empty without any."""
        return hint([] if order == ABSENT else self._near_orders.near(self.evidence.orders.keys[order]))

    def near_invoices(self, order: int) -> tuple[Seen, ...]:
        """Return the e-invoices in force, and rows set aside, of orders whose number looks like that of *order* or stands in one cell with it.

        The e-invoice of an order that the seller's own systems have is that of this order.
        """
        documents, keys = self.evidence.documents, self._near_orders.near(self.evidence.orders.keys[order])
        if not keys:
            return ()
        near = numbers_in(pa.array(keys, pa.string()), self.evidence.orders)
        places = [place for other in near.tolist() if not self._asked_about[other] for place in self.evidence.rows_of("documents", other)]
        in_force = [
            place
            for place in places
            if documents["kind"][place] == Kind.INVOICE and documents["counts"][place] and not documents["cancelled"][place]
        ]
        named = (other for other in near.tolist() if not self._asked_about[other])
        aside = {seen for other in named for seen in self.coverage.aside(DOCUMENT_SYSTEMS, other)}
        return (*(self.ledger.rows.seen(place) for place in sorted(in_force)), *sorted(aside))

    def is_part_of_known(self, order: int) -> bool:
        """Return whether the cell of *order* has the number of an order that a report of orders has, or the reverse."""
        key = self.evidence.orders.keys[order]
        if not self._near_orders.is_part(key):
            return False
        near = numbers_in(pa.array(self._near_orders.near(key), pa.string()), self.evidence.orders)
        return bool((self.known_orders | self.evidence.set_aside(*ORDER_SYSTEMS))[near].any())

    @cached_property
    def _asked_about(self) -> Flags:
        """Return for each order whether a request of the seller's systems names it; without such a source, any request."""
        ours = self.evidence.systems("requests", *SELLER_SYSTEMS)
        return flags_at(self.evidence.requests["order"][ours], len(self.evidence.orders)) if ours.any() else self.known_orders

    def document_hint(self, number: int) -> str:
        """Return the same about documents."""
        return hint([] if number == ABSENT else self._near_documents.near(self.evidence.document_text(number) or ""))

    @cached_property
    def cancellers(self) -> Cancellers:
        """Return who cancelled, for each request."""
        return cancellers(self.evidence, self.answers.reading)

    @cached_property
    def duties_of(self) -> dict[int, list[ClientDuty]]:
        """Return the duties by order."""
        by_order: dict[int, list[ClientDuty]] = defaultdict(list)
        for duty in self.duties:
            by_order[duty.arisen.order].append(duty)
        return by_order

    def credit_notes(self) -> Iterator[ClientDuty]:
        """Yield the duties to make a credit note."""
        return (duty for duty in self.duties if duty.arisen.task == TaskKey.CREDIT_NOTE)

    def steps_open(self, order: int) -> bool:
        """Return whether a step after an error at packing, other than the credit note, is not certainly done for *order*."""
        steps = (duty for duty in self.duties_of.get(order, ()) if duty.arisen.task != TaskKey.CREDIT_NOTE)
        return any(duty.status is not Status.DONE for duty in steps)

    def rows_of(self, order: int) -> list[int]:
        """Return the places of the requests of *order*."""
        return self.evidence.rows_of("requests", order)

    @cached_property
    def known_orders(self) -> Flags:
        """Return for each order whether a request names it."""
        orders = self.evidence.requests["order"]
        return flags_at(orders[orders != ABSENT], len(self.evidence.orders))


@dataclass(frozen=True)
class Rule:
    """A rule.

    Attributes:
        id: such as C-1.
        finds: what it finds, in a few words.
        grounded: the clauses and gaps that it rests on, `law`, `flow` or `ours`.
        strength: of its findings, in general.
        check: the function.
    """

    id: str
    finds: str
    grounded: tuple[str, ...]
    strength: Strength
    check: Callable[[Context], Iterator[Finding]]


@cache
def _gaps_among(ids: tuple[str, ...]) -> frozenset[str]:
    return frozenset(filter(is_gap, ids))


def split(ids: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return *ids* as the fields `clauses` and `gaps` of a finding."""
    gaps = _gaps_among(ids)
    return {"clauses": tuple(name for name in ids if name not in gaps), "gaps": tuple(name for name in ids if name in gaps)}
