"""The warehouse: pickers and packers with working hours, missing units, the packing error, manifests and vans.

An order can be lost while it waits or while somebody works on it; until it is PACKED, the engine may allow that. Who works on
an order that is cancelled is free at the next tick.
"""

from simpy import Environment

from orders.log.calendar import MINUTE, NEVER, TICK, Daily, on_tick
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import shift_of
from simulator.model.decisions import RULINGS
from simulator.model.oms import Assure
from simulator.model.order_draws import Asks
from simulator.model.rms import invoice
from simulator.model.worker_pool import Pool
from sop_engine import Canceller, EInvoice, Invoicing, Scope, Stage

AT_THE_ERROR = RULINGS[Canceller.AJIO, Scope.PARTIAL, Invoicing.ERP, Stage.PROCESSING, EInvoice.PUSHED]


def free_after(moment: int) -> int:
    """The tick at which somebody is free whose order was cancelled at *moment*."""
    return -(-moment // TICK) * TICK


class Warehouse:
    """The warehouse of a replication."""

    def __init__(self, env: Environment, experiment: Experiment, oms: Assure) -> None:
        wms = experiment.wms
        self.env, self.oms, self.life = env, oms, oms.life
        self.pickers = Pool(env, wms.pickers, shift_of(wms), self.pick, self.picked)
        self.packers = Pool(env, wms.packers, shift_of(wms), self.pack, lambda _: None)
        self.first_come = wms.work_order == "first-come"
        self.manifests = Daily.at(wms.manifest_closes_at_hours)
        self.courier = on_tick(wms.courier_minutes_after * MINUTE)
        self.released: dict[int, list[int]] = {}

    def release(self, order: int, at: int) -> None:
        """The order will be pulled at *at*."""
        if at in self.released:
            self.released[at].append(order)
        else:
            self.released[at] = [order]
            self.env.timeout(at - self.env.now, at).callbacks.append(lambda event: self._pull(event.value))

    def _pull(self, at: int) -> None:
        for order in self.released.pop(at):
            self.pickers.enter(order, at if self.first_come else self.life.fates.created[order])

    def pick(self, order: int) -> int | None:
        """Somebody picks the order, if it is still there."""
        now = int(self.env.now)
        if self.oms.gone(order, now):
            return None
        life = self.life
        life.pick_started[order] = now
        done = now + life.fates.pick[order]
        if self.oms.gone(order, done):
            return free_after(life.cancelled[order])
        life.picked[order] = done
        return done

    def picked(self, order: int) -> None:
        """A picker is free; the order, unless it was lost, waits for a packer."""
        if self.life.picked[order] != NEVER:
            self.packers.enter(order, int(self.env.now) if self.first_come else self.life.fates.created[order])

    def pack(self, order: int) -> int | None:
        """Somebody packs the order, if it is still there; what shows at packing is settled then."""
        now = int(self.env.now)
        if self.oms.gone(order, now):
            return None
        life, fates = self.life, self.life.fates
        life.pack_started[order] = now
        done = now + fates.pack[order]
        if self.oms.gone(order, done):
            return free_after(life.cancelled[order])
        if order in life.pending:
            self._error(order, done)
        else:
            if fates.missing[order]:
                self.oms.ask(order, done, Asks.MISSING, fates.missing[order])
            if life.cancelled[order] == NEVER:
                self._packed(order, done)
        self.oms.hear(order, NEVER)
        return done

    def _error(self, order: int, at: int) -> None:
        """A part was cancelled at Ajio by hand: the order has to be cancelled on both sides."""
        self.life.error[order] = at
        if AT_THE_ERROR.credit_note:
            self.oms.credit_note_due(order, at, AT_THE_ERROR.credit_note)
        self.oms.add(order, at + self.life.fates.manual[order] + Asks.STEP_TWO, Asks.STEP_TWO)

    def _packed(self, order: int, at: int) -> None:
        life = self.life
        life.packed[order] = at
        if not life.fates.erp[order]:
            invoice(life, order, at)
        life.ready[order] = ready = self.manifests.after(at)
        life.dispatched[order] = ready + self.courier
