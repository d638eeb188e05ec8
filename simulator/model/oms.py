"""Assure OMS: receives every request to cancel and carries out the engine's decision on it.

A latent request is processed when the next step of its order is planned: all requests before that step are processed first,
in time order, on the stage and the e-invoice at their own moment. So no process has to watch the orders. Once the manifest of an
order is closed, no one requests its cancellation any more, except Ajio where it does not see the manifest.
"""

from array import array
from bisect import insort

import numpy as np

from orders.log.calendar import NEVER
from orders.log.columns import MISSING_UNITS_GAP, Event, EventReason
from simulator.model.decisions import CASE_DECISIONS
from simulator.model.order_draws import RequestKind
from simulator.model.order_states import CancellationRow, OrderStates
from sop_engine import Canceller, Invoicing, Outcome, Scope
from sop_engine.order import LATE_E_INVOICE, PARTIAL_OF_EVERYTHING

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


def ids_behind(kind: RequestKind, because: str, *, cancels_all: bool) -> str:
    """Return the clauses and gaps behind a cancellation: of the kind of request, of the answer, and of a partial cancellation that takes everything."""
    ids = (MISSING_UNITS_GAP if kind is RequestKind.MISSING else "", because, PARTIAL_OF_EVERYTHING if cancels_all else "")
    return " ".join(filter(None, ids))


class Assure:
    """The OMS of a replication."""

    def __init__(self, states: OrderStates) -> None:
        self.states = states
        self.requests = {order: list(requests) for order, requests in states.draws.requests.items()}
        self.next = array("q", states.draws.breach)
        """Time of the next latent request, by order."""
        for order, requests in self.requests.items():
            self.next[order] = min(requests[0][0], self.next[order])
        self.breach = array("q", states.draws.breach)

    def settle_and_check(self, order: int, until: int) -> bool:
        """Process the requests before *until*; return whether the order is cancelled."""
        if self.next[order] < until:
            self.process_requests(order, until)
        return self.states.cancelled[order] != NEVER

    def process_requests(self, order: int, until: int) -> None:
        """Process the requests of the order before *until*; all of them once it is cancelled."""
        states, draws = self.states, self.states.draws
        while self.next[order] < until:
            at = self.next[order]
            requests = self.requests.get(order)
            if at == self.breach[order]:
                self.breach[order] = NEVER
                clock = draws.clock[order]
                breached = states.dispatched[order] > clock and states.cancelled[order] > clock
                if breached and self._is_requested(order, at, RequestKind.AJIO_BREACH):
                    self.ask(order, at, RequestKind.AJIO_BREACH, 0)
            elif requests:
                _, kind, units = requests.pop(0)
                if self._is_requested(order, at, kind):
                    self.ask(order, at, kind, units)
            self.next[order] = min(self.breach[order], requests[0][0] if requests else NEVER)
            if states.cancelled[order] != NEVER:
                until = NEVER

    def _is_requested(self, order: int, at: int, kind: RequestKind) -> bool:
        """Return whether a latent request at *at* is made: before the manifest closes, or by Ajio, which does not see that it has."""
        return self.states.ready[order] > at or (kind in AJIO_REQUESTS and bool(self.states.draws.stale[order]))

    def process_remaining_requests(self) -> None:
        """Process the requests that come after packing; they need the times of manifest and dispatch."""
        for order in np.flatnonzero(np.asarray(self.next) < NEVER).tolist():
            self.process_requests(order, NEVER)

    def add(self, order: int, at: int, kind: RequestKind) -> None:
        """Add a request that arises during the simulation."""
        insort(self.requests.setdefault(order, []), (at, kind, 0))
        self.next[order] = min(self.next[order], at)

    def ask(self, order: int, at: int, kind: RequestKind, units: int) -> None:
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
        because = ids_behind(kind, decision.because, cancels_all=cancels_all)
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

    def _end(self, order: int, at: int) -> None:
        """Cancel the whole order and its planned steps; the e-invoice is still made if the cancellation does not reach the ERP (GAP-17)."""
        states = self.states
        states.cancelled[order] = at
        if states.released[order] > at:
            states.released[order] = NEVER
        if states.pushed[order] > at:
            states.pushed[order] = NEVER
        if at < states.generated[order] != NEVER:
            if states.draws.learns[order]:
                states.generated[order] = NEVER
            else:
                self.credit_note_due(order, states.generated[order], LATE_E_INVOICE)

    def _record(  # noqa: PLR0913 (the cells of a row)
        self, order: int, at: int, event: Event, canceller: str, scope: str, outcome: str, units: int, reason: str, because: str
    ) -> None:
        stage, e_invoice = self.states.stage(order, at), self.states.e_invoice(order, at)
        self.states.cancellation_rows.append(
            CancellationRow(at, order, event, canceller, scope, stage, e_invoice, outcome, units, reason, because)
        )
