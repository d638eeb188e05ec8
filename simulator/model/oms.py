"""Assure OMS: holds orders until their B2B details are there, and carries out the engine's decision on every request to cancel.

Once the manifest of an order is closed, no one requests its cancellation any more, except Ajio where it does not see the manifest.
"""

from collections.abc import Callable, Collection, Iterator

from simpy import Environment

from orders.log.calendar import NEVER
from orders.log.columns import MISSING_UNITS_GAP, Event, EventReason
from simulator.model.decisions import CASE_DECISIONS
from simulator.model.draws.order_draws import RequestKind
from simulator.model.order_states import CancellationRow, OrderStates
from simulator.model.worker_pool import Process
from sop_engine import Canceller, Invoicing, Outcome, Scope
from sop_engine.order import PARTIAL_OF_EVERYTHING

CANCELLERS = {
    RequestKind.SELLER: Canceller.SELLER,
    RequestKind.SELLER_PARTIAL: Canceller.SELLER,
    RequestKind.MISSING: Canceller.SELLER,
    RequestKind.STEP_TWO: Canceller.SELLER,
    RequestKind.NO_STOCK: Canceller.SELLER,
    RequestKind.AJIO_TECHNICAL: Canceller.AJIO,
    RequestKind.AJIO_BREACH: Canceller.AJIO,
    RequestKind.AJIO_PARTIAL: Canceller.AJIO,
}
AJIO_REQUESTS = frozenset(kind for kind, canceller in CANCELLERS.items() if canceller is Canceller.AJIO)
PARTIAL_REQUESTS = frozenset({RequestKind.SELLER_PARTIAL, RequestKind.AJIO_PARTIAL, RequestKind.MISSING})
SELLER_REQUESTS = frozenset({RequestKind.SELLER, RequestKind.SELLER_PARTIAL, RequestKind.NO_STOCK})
"""The seller's requests that are drawn beforehand; the others arise in the warehouse."""
REQUEST_REASONS = {
    RequestKind.SELLER: EventReason.SELLER,
    RequestKind.SELLER_PARTIAL: EventReason.SELLER,
    RequestKind.MISSING: EventReason.MISSING_UNITS,
    RequestKind.STEP_TWO: EventReason.STEP_TWO,
    RequestKind.NO_STOCK: EventReason.NO_STOCK,
    RequestKind.AJIO_TECHNICAL: EventReason.TECHNICAL_ISSUE,
    RequestKind.AJIO_BREACH: EventReason.SLA_BREACH,
    RequestKind.AJIO_PARTIAL: EventReason.AJIO_BY_HAND,
}


def ids_of_cancellation(kind: RequestKind, because: str, *, cancels_all: bool) -> str:
    """Return the clauses and gaps behind a cancellation: of the kind of request, of the answer, and of a partial cancellation that takes everything."""
    ids = (MISSING_UNITS_GAP if kind is RequestKind.MISSING else "", because, PARTIAL_OF_EVERYTHING if cancels_all else "")
    return " ".join(filter(None, ids))


class Assure:
    """The OMS of a replication.

    Attributes:
        stop_work: called with an order that is cancelled in full; work on it stops.
        enqueue_credit_note: called with an order for which the client must make a credit note from now on.
    """

    def __init__(self, env: Environment, states: OrderStates) -> None:
        self.env, self.states = env, states
        self.stop_work: Callable[[int], None] = lambda _: None
        self.enqueue_credit_note: Callable[[int], None] = lambda _: None

    def processes(self) -> Iterator[Process]:
        """Yield the processes of the OMS."""
        yield self.requests(SELLER_REQUESTS)

    def hold(self, release: Callable[[int, int], None]) -> None:
        """Release each order that RMS invoices to the warehouse when its details are there; the ERP takes the others itself."""
        draws = self.states.draws
        for order, posted in enumerate(draws.erp):
            if not posted and draws.details[order] != NEVER:
                release(order, draws.details[order])

    def requests(self, kinds: Collection[RequestKind]) -> Process:
        """Process the requests of these *kinds* that were drawn beforehand, each at its time."""
        planned = self.states.draws.requests.items()
        coming = sorted((at, order, kind, units) for order, requests in planned for at, kind, units in requests if kind in kinds)
        for at, order, kind, units in coming:
            yield self.env.timeout(at - self.env.now)
            self.request(order, kind, units)

    def request_later(self, order: int, kind: RequestKind, delay: int) -> Process:
        """Process a request that arises during the simulation, after *delay*."""
        yield self.env.timeout(delay)
        self.request(order, kind)

    def request(self, order: int, kind: RequestKind, units: int = 0) -> None:
        """Process a request that is made now, unless its canceller sees that the manifest is closed."""
        states = self.states
        if states.ready[order] == NEVER or (kind in AJIO_REQUESTS and states.draws.stale[order]):
            self.decide_request(order, int(self.env.now), kind, units)

    def decide_request(self, order: int, at: int, kind: RequestKind, units: int) -> None:
        """Decide one request, on the case of this moment, and carry out the decision."""
        states = self.states
        cancelled = states.cancelled[order] != NEVER
        if kind is RequestKind.CUSTOMER:
            if not cancelled:
                self._record(order, at, Event.CANCELLED_BY_CUSTOMER, "", "", "", states.left[order], EventReason.FACT_OF_THE_FLOW, "")
                self._end(order, at)
            return
        erp = states.draws.erp[order]
        part = kind in PARTIAL_REQUESTS and not (kind is RequestKind.MISSING and erp)
        most = states.draws.units[order] if cancelled else states.left[order]
        units_asked = min(units, most) if part else most
        cancels_all = part and not cancelled and units_asked == most
        scope = Scope.PARTIAL if part and not cancels_all else Scope.FULL
        canceller = CANCELLERS[kind]
        invoicing = Invoicing.ERP if erp else Invoicing.RMS
        decision = CASE_DECISIONS[canceller, scope, invoicing, states.stage(order, at), states.e_invoice(order, at)]
        because = ids_of_cancellation(kind, decision.because, cancels_all=cancels_all)
        self._record(order, at, Event.CANCELLATION, canceller, scope, decision.outcome, units_asked, REQUEST_REASONS[kind], because)
        if decision.outcome is Outcome.FAILS_AT_PACKING:
            states.pending[order] = states.pending.get(order, 0) + units_asked
        elif decision.outcome is Outcome.ALLOWED and scope is Scope.PARTIAL:
            states.left[order] -= units_asked
        elif decision.outcome is Outcome.ALLOWED:
            self._end(order, at)
            if decision.credit_note:
                self.credit_note_due(order, at, decision.credit_note)

    def credit_note_due(self, order: int, at: int, because: str) -> None:
        """Record that the client must make a credit note; at most one for an e-invoice."""
        if self.states.due[order] == NEVER:
            self.states.due[order] = at
            self.states.because[order] = because
            self.enqueue_credit_note(order)

    def _end(self, order: int, at: int) -> None:
        """Cancel the whole order."""
        self.states.cancelled[order] = at
        self.stop_work(order)

    def _record(  # noqa: PLR0913 (the cells of a row)
        self, order: int, at: int, event: Event, canceller: str, scope: str, outcome: str, units: int, reason: str, because: str
    ) -> None:
        stage, e_invoice = self.states.stage(order, at), self.states.e_invoice(order, at)
        self.states.cancellation_rows.append(
            CancellationRow(at, order, event, canceller, scope, stage, e_invoice, outcome, units, reason, because)
        )
