"""The warehouse: pickers and packers with working hours, missing units, and the packing error.

An order can be cancelled while it waits or during work on it, as long as the engine allows it (until PACKED). A person who
works on an order that is cancelled is free at the next tick.
"""

from simpy import Environment

from orders.log.calendar import NEVER, TICK
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import shift_of
from simulator.model.decisions import CASE_DECISIONS
from simulator.model.oms import Assure
from simulator.model.order_draws import RequestKind
from simulator.model.rms_invoicing import invoice
from simulator.model.worker_pool import WorkerPool
from sop_engine import Canceller, EInvoice, Invoicing, Scope, Stage

AT_THE_ERROR = CASE_DECISIONS[Canceller.AJIO, Scope.PARTIAL, Invoicing.ERP, Stage.PROCESSING, EInvoice.PUSHED]


def free_after(moment: int) -> int:
    """Return the tick at which a person is free whose order was cancelled at *moment*."""
    return -(-moment // TICK) * TICK


class Warehouse:
    """The warehouse of a replication."""

    def __init__(self, env: Environment, experiment: Experiment, oms: Assure) -> None:
        wms = experiment.wms
        self.env, self.oms, self.states = env, oms, oms.states
        self.pickers = WorkerPool(env, wms.pickers, shift_of(wms), self.pick, self.picked)
        self.packers = WorkerPool(env, wms.packers, shift_of(wms), self.pack, lambda _: None)
        self.first_come = wms.work_order == "first-come"
        self.released: dict[int, list[int]] = {}

    def release(self, order: int, at: int) -> None:
        """Schedule the pull of the order at *at*."""
        if at in self.released:
            self.released[at].append(order)
        else:
            self.released[at] = [order]
            self.env.timeout(at - self.env.now, at).callbacks.append(lambda event: self._pull(event.value))

    def _pull(self, at: int) -> None:
        for order in self.released.pop(at):
            self.pickers.enqueue(order, at if self.first_come else self.states.draws.created[order])

    def pick(self, order: int) -> int | None:
        """Pick the order unless it is cancelled; return when the picker is free, or `None`."""
        now = int(self.env.now)
        if self.oms.settle_and_check(order, now):
            return None
        states = self.states
        states.pick_started[order] = now
        finished = now + states.draws.pick[order]
        if self.oms.settle_and_check(order, finished):
            return free_after(states.cancelled[order])
        states.picked[order] = finished
        return finished

    def picked(self, order: int) -> None:
        """Finish picking: enqueue the order for a packer unless it was cancelled."""
        if self.states.picked[order] != NEVER:
            self.packers.enqueue(order, int(self.env.now) if self.first_come else self.states.draws.created[order])

    def pack(self, order: int) -> int | None:
        """Pack the order unless it is cancelled, with missing units and the packing error; return when the packer is free, or `None`."""
        now = int(self.env.now)
        if self.oms.settle_and_check(order, now):
            return None
        states, draws = self.states, self.states.draws
        states.pack_started[order] = now
        finished = now + draws.pack[order]
        if self.oms.settle_and_check(order, finished):
            return free_after(states.cancelled[order])
        if order in states.pending:
            self._error(order, finished)
        else:
            if draws.missing[order]:
                self.oms.ask(order, finished, RequestKind.MISSING, draws.missing[order])
            if states.cancelled[order] == NEVER:
                self._packed(order, finished)
                return finished
        self.oms.process_requests(order, NEVER)
        return finished

    def _error(self, order: int, at: int) -> None:
        """Stop with the packing error: part of the order was cancelled at Ajio by hand, so the order has to be cancelled on both sides."""
        self.states.error[order] = at
        if AT_THE_ERROR.credit_note:
            self.oms.credit_note_due(order, at, AT_THE_ERROR.credit_note)
        self.oms.add(order, at + self.states.draws.manual[order] + RequestKind.STEP_TWO, RequestKind.STEP_TWO)

    def _packed(self, order: int, at: int) -> None:
        states = self.states
        states.packed[order] = at
        if not states.draws.erp[order]:
            invoice(states, order, at)
