"""The warehouse: pulls of released orders, the stations of `orders.log.stations`, such as pickers and packers, couriers and returns.

An order can be cancelled while it waits or during work on it, as long as the engine allows it (until PACKED). A person who
works on an order that is cancelled is free at the next tick.
"""

from collections.abc import Callable

from simpy import Environment

from orders.log.calendar import MINUTE, NEVER, Daily
from orders.log.columns import Event
from orders.log.stations import STATIONS, Station
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import roster_of
from simulator.model.batches import Batches
from simulator.model.couriers import Couriers
from simulator.model.decisions import CASE_DECISIONS
from simulator.model.draws.order_draws import RequestKind
from simulator.model.oms import Assure
from simulator.model.returns import Returns
from simulator.model.rms import Rms
from simulator.model.worker_pool import Process, WorkerPool
from sop_engine import Canceller, EInvoice, Invoicing, Scope, Stage

AT_THE_ERROR = CASE_DECISIONS[Canceller.AJIO, Scope.PARTIAL, Invoicing.ERP, Stage.PROCESSING, EInvoice.PUSHED]


class Warehouse:
    """The warehouse of a replication: it pulls released orders at fixed intervals; then they pass the stations of the table.

    Work at a station ends with the method `finish_` and the station's activity. It returns the event that ends the work, or a time until
    which the work goes on, or None if the order was cancelled then.
    """

    def __init__(self, env: Environment, experiment: Experiment, oms: Assure) -> None:
        wms = experiment.wms
        self.env, self.oms, self.states = env, oms, oms.states
        self.rms, self.returns = Rms(oms.states), Returns(env, experiment, oms.states)
        self.couriers = Couriers(env, wms, oms.states, self.returns.expect)
        self.pulls = Batches(env, wms.pull_interval_minutes * MINUTE, self._pull)
        self.first_come = wms.work_order == "first-come"
        self.pools: dict[str, WorkerPool] = {}
        go_on: Callable[[int], None] = self.couriers.join
        for station in reversed(STATIONS):
            go_on = self._open(station, experiment, go_on)
        self.begin = go_on
        self.waves = Daily.at(wms.waves_at_hours)
        self.wave: dict[int, list[int]] = {}
        self.arrive = self._wave if wms.waves_at_hours else go_on
        oms.stop_work = self.stop_work

    def _open(self, station: Station, experiment: Experiment, go_on: Callable[[int], None]) -> Callable[[int], None]:
        """Open a station; after it, an order goes on with *go_on*. Return a function that makes an order wait at the station."""
        env, states, times, cancelled = self.env, self.states, self.states.at_stations, self.states.cancelled
        started, done, work = times[station.started], times[station.done], states.draws.work[station.name]
        created, first_come = states.draws.created, self.first_come
        finish: Callable[[int, int], str | int | None] = getattr(self, f"finish_{station.activity}")

        def begin(order: int) -> int | None:
            if cancelled[order] != NEVER:
                return None
            started[order] = now = int(env.now)
            return now + work[order]

        def end(order: int) -> int | None:
            now = int(env.now)
            event = finish(order, now)
            if event == station.done:
                done[order] = now
                go_on(order)
            elif isinstance(event, int):
                return event
            elif event is not None:
                times[event][order] = now
                if event in station.onward_events:
                    go_on(order)
            return None

        pool = WorkerPool(env, roster_of(experiment, station), begin, end)
        self.pools[station.name] = pool
        return lambda order: pool.enqueue(order, int(env.now) if first_come else created[order])

    def _pull(self, order: int, now: int) -> None:
        if self.states.cancelled[order] == NEVER:
            self.states.released[order] = now
            self.arrive(order)

    def _wave(self, order: int) -> None:
        """Make an order wait for the next wave."""
        at = self.waves.after(int(self.env.now))
        if at not in self.wave:
            self.wave[at] = []
            self.env.process(self._hand_over(at))
        self.wave[at].append(order)

    def _hand_over(self, at: int) -> Process:
        """Hand the orders of a wave to the first station."""
        yield self.env.timeout(at - self.env.now)
        for order in self.wave.pop(at):
            self.begin(order)

    def finish_pick(self, order: int, now: int) -> str | None:  # noqa: ARG002 (as every `finish_`)
        """Finish picking."""
        return Event.PICKED

    def finish_pack(self, order: int, now: int) -> str | int | None:
        """Finish packing, with missing units or the packing error; RMS makes its e-invoice then, and the packer waits if it cannot."""
        states, of_rms = self.states, not self.states.draws.erp[order]
        if of_rms and (until := self.rms.up_from(now)) > now:
            return until
        if order in states.pending:
            self._packing_error(order, now)
            return Event.PACKING_ERROR
        missing = states.draws.missing[order]
        if missing:
            self.oms.decide_request(order, now, RequestKind.MISSING, missing)
        if states.cancelled[order] != NEVER:
            return None
        if of_rms:
            self.rms.invoice(order, now)
        return Event.PACKED

    def _packing_error(self, order: int, now: int) -> None:
        """Stop with the packing error: part of the order was cancelled at Ajio by hand, so the order has to be cancelled on both sides."""
        if AT_THE_ERROR.credit_note:
            self.oms.credit_note_due(order, now, AT_THE_ERROR.credit_note)
        delay = self.states.draws.manual[order] + RequestKind.STEP_TWO
        self.env.process(self.oms.request_later(order, RequestKind.STEP_TWO, delay))

    def stop_work(self, order: int) -> None:
        """Stop the work on a cancelled order."""
        for pool in self.pools.values():
            pool.interrupt(order)
