"""Assure OMS: it hears every request to cancel, asks the engine, and does what the engine says.

A latent request is heard when its order's next step is planned: everything asked for before that step is settled first,
in time, on the stage and the e-invoice of its own moment. So nobody has to watch the orders.
"""

from array import array
from bisect import insort

from orders.log.calendar import NEVER
from orders.log.columns import MISSING_UNITS_GAP, Event, EventReason
from simulator.model.decisions import RULINGS
from simulator.model.order_draws import Asks
from simulator.model.order_states import CancellationRow, Life
from sop_engine import Canceller, Invoicing, Outcome, Scope
from sop_engine.order import LATE_E_INVOICE, PARTIAL_OF_EVERYTHING

CANCELLERS = {
    Asks.SELLER: Canceller.SELLER,
    Asks.SELLER_PARTIAL: Canceller.SELLER,
    Asks.MISSING: Canceller.SELLER,
    Asks.STEP_TWO: Canceller.SELLER,
    Asks.AJIO_TECHNICAL: Canceller.AJIO,
    Asks.AJIO_BREACH: Canceller.AJIO,
    Asks.AJIO_PARTIAL: Canceller.AJIO,
}
PARTS = frozenset({Asks.SELLER_PARTIAL, Asks.AJIO_PARTIAL, Asks.MISSING})
REASONS = {
    Asks.SELLER: EventReason.SELLER,
    Asks.SELLER_PARTIAL: EventReason.SELLER,
    Asks.MISSING: EventReason.MISSING_UNITS,
    Asks.STEP_TWO: EventReason.STEP_TWO,
    Asks.AJIO_TECHNICAL: EventReason.TECHNICAL_ISSUE,
    Asks.AJIO_BREACH: EventReason.SLA_BREACH,
    Asks.AJIO_PARTIAL: EventReason.AJIO_BY_HAND,
}


def ids_behind(asks: Asks, because: str, *, everything: bool) -> str:
    """The clauses and gaps behind a cancellation: of who asks for what, of the answer, and of how the request is put."""
    ids = (MISSING_UNITS_GAP if asks is Asks.MISSING else "", because, PARTIAL_OF_EVERYTHING if everything else "")
    return " ".join(filter(None, ids))


class Assure:
    """The OMS of a replication."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.requests = {order: list(wishes) for order, wishes in life.fates.requests.items()}
        self.next = array("q", life.fates.breach)
        """When the next latent request of each order comes."""
        for order, wishes in self.requests.items():
            self.next[order] = min(wishes[0][0], self.next[order])
        self.breach = array("q", life.fates.breach)

    def gone(self, order: int, until: int) -> bool:
        """Whether the order is cancelled, once every request before *until* is settled."""
        if self.next[order] < until:
            self.hear(order, until)
        return self.life.cancelled[order] != NEVER

    def hear(self, order: int, until: int) -> None:
        """Settle every request of the order before *until*; all of them, once it is cancelled."""
        life, fates = self.life, self.life.fates
        while self.next[order] < until:
            at = self.next[order]
            wishes = self.requests.get(order)
            if at == self.breach[order]:
                self.breach[order] = NEVER
                clock = fates.clock[order]
                if life.dispatched[order] > clock and life.cancelled[order] > clock:
                    self.ask(order, at, Asks.AJIO_BREACH, 0)
            elif wishes:
                _, asks, units = wishes.pop(0)
                self.ask(order, at, asks, units)
            self.next[order] = min(self.breach[order], wishes[0][0] if wishes else NEVER)
            if life.cancelled[order] != NEVER:
                until = NEVER

    def add(self, order: int, at: int, asks: Asks) -> None:
        """A request that arises on the way."""
        insort(self.requests.setdefault(order, []), (at, asks, 0))
        self.next[order] = min(self.next[order], at)

    def ask(self, order: int, at: int, asks: Asks, units: int) -> None:
        """One request, put to the engine as the case of this moment."""
        life = self.life
        cancelled = life.cancelled[order] != NEVER
        if asks is Asks.CUSTOMER:
            if not cancelled:
                self._tell(order, at, Event.CANCELLED_BY_CUSTOMER, "", "", "", life.left[order], EventReason.FACT_OF_THE_FLOW, "")
                self._end(order, at)
            return
        erp = life.fates.erp[order]
        part = asks in PARTS and not (asks is Asks.MISSING and erp)
        most = life.fates.units[order] if cancelled else life.left[order]
        asked = min(units, most) if part else most
        everything = part and not cancelled and asked == most
        scope = Scope.PARTIAL if part and not everything else Scope.FULL
        canceller = CANCELLERS[asks]
        invoicing = Invoicing.ERP if erp else Invoicing.RMS
        ruling = RULINGS[canceller, scope, invoicing, life.stage(order, at), life.e_invoice(order, at)]
        because = ids_behind(asks, ruling.because, everything=everything)
        self._tell(order, at, Event.CANCELLATION, canceller, scope, ruling.outcome, asked, REASONS[asks], because)
        if ruling.outcome is Outcome.FAILS_AT_PACKING:
            life.pending[order] = life.pending.get(order, 0) + asked
        elif ruling.outcome is Outcome.ALLOWED and scope is Scope.PARTIAL:
            life.left[order] -= asked
        elif ruling.outcome is Outcome.ALLOWED:
            self._end(order, at)
            if ruling.credit_note:
                self.credit_note_due(order, at, ruling.credit_note)

    def credit_note_due(self, order: int, at: int, because: str) -> None:
        """The client must make a credit note; at most one for an e-invoice."""
        if self.life.due[order] == NEVER:
            self.life.due[order] = at
            self.life.because[order] = because

    def _end(self, order: int, at: int) -> None:
        """The whole order is cancelled: what was planned for it does not happen, unless the ERP never learns of it (GAP-17)."""
        life = self.life
        life.cancelled[order] = at
        if life.released[order] > at:
            life.released[order] = NEVER
        if life.pushed[order] > at:
            life.pushed[order] = NEVER
        if at < life.generated[order] != NEVER:
            if life.fates.learns[order]:
                life.generated[order] = NEVER
            else:
                self.credit_note_due(order, life.generated[order], LATE_E_INVOICE)

    def _tell(  # noqa: PLR0913 (the cells of a row)
        self, order: int, at: int, event: Event, canceller: str, scope: str, outcome: str, units: int, reason: str, because: str
    ) -> None:
        stage, e_invoice = self.life.stage(order, at), self.life.e_invoice(order, at)
        self.life.told.append(CancellationRow(at, order, event, canceller, scope, stage, e_invoice, outcome, units, reason, because))
