"""The warehouse: pickers and packers with working hours, missing units, and the packing error.

An order can be cancelled while it waits or during work on it, as long as the engine allows it (until PACKED). A person who
works on an order that is cancelled is free at the next tick.
"""

from simpy import Environment

from orders.log.calendar import MINUTE, NEVER
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import shift_of
from simulator.model.batches import Batches
from simulator.model.couriers import Couriers
from simulator.model.decisions import CASE_DECISIONS
from simulator.model.oms import Assure
from simulator.model.order_draws import RequestKind
from simulator.model.rms import Rms
from simulator.model.worker_pool import WorkerPool
from sop_engine import Canceller, EInvoice, Invoicing, Scope, Stage

AT_THE_ERROR = CASE_DECISIONS[Canceller.AJIO, Scope.PARTIAL, Invoicing.ERP, Stage.PROCESSING, EInvoice.PUSHED]


class Warehouse:
    """The warehouse of a replication: it pulls released orders at fixed intervals; then they are picked and packed."""

    def __init__(self, env: Environment, experiment: Experiment, oms: Assure) -> None:
        wms = experiment.wms
        self.env, self.oms, self.states = env, oms, oms.states
        self.rms, self.couriers = Rms(oms.states), Couriers(env, wms, oms.states)
        self.pulls = Batches(env, wms.pull_interval_minutes * MINUTE, self._pull)
        self.pickers = WorkerPool(env, wms.pickers, shift_of(wms), self._begin_picking, self._picked)
        self.packers = WorkerPool(env, wms.packers, shift_of(wms), self._begin_packing, self._packed)
        self.first_come = wms.work_order == "first-come"
        oms.stop_work = self.stop_work

    def _pull(self, order: int, now: int) -> None:
        if self.states.cancelled[order] == NEVER:
            self.states.released[order] = now
            self.pickers.enqueue(order, self._turn(order))

    def _turn(self, order: int) -> int:
        """Return the key by which an order that comes to a station now waits for its turn."""
        return int(self.env.now) if self.first_come else self.states.draws.created[order]

    def _begin_picking(self, order: int) -> int | None:
        states = self.states
        if states.cancelled[order] != NEVER:
            return None
        states.pick_started[order] = now = int(self.env.now)
        return now + states.draws.pick[order]

    def _picked(self, order: int) -> None:
        self.states.picked[order] = int(self.env.now)
        self.packers.enqueue(order, self._turn(order))

    def _begin_packing(self, order: int) -> int | None:
        states = self.states
        if states.cancelled[order] != NEVER:
            return None
        states.pack_started[order] = now = int(self.env.now)
        return now + states.draws.pack[order]

    def _packed(self, order: int) -> None:
        """Finish packing, with missing units or the packing error."""
        states, now = self.states, int(self.env.now)
        if order in states.pending:
            self._packing_error(order, now)
            return
        missing = states.draws.missing[order]
        if missing:
            self.oms.ask(order, now, RequestKind.MISSING, missing)
        if states.cancelled[order] == NEVER:
            states.packed[order] = now
            if not states.draws.erp[order]:
                self.rms.invoice(order, now)
            self.couriers.join(order)

    def _packing_error(self, order: int, now: int) -> None:
        """Stop with the packing error: part of the order was cancelled at Ajio by hand, so the order has to be cancelled on both sides."""
        self.states.error[order] = now
        if AT_THE_ERROR.credit_note:
            self.oms.credit_note_due(order, now, AT_THE_ERROR.credit_note)
        delay = self.states.draws.manual[order] + RequestKind.STEP_TWO
        self.env.process(self.oms.request_later(order, RequestKind.STEP_TWO, delay))

    def stop_work(self, order: int) -> None:
        """Stop the work on a cancelled order."""
        self.pickers.interrupt(order)
        self.packers.interrupt(order)
