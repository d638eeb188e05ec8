"""The simulation in its simplest form: a process for each order, watchdogs that interrupt it, and a log row for each event.

It shares the order draws, the clocks and the engine with `simulator`, and none of the code that moves orders. It is slow on purpose.
"""

from collections.abc import Generator
from typing import Any

import simpy

from orders.log.calendar import MINUTE, NEVER, Daily, Outages
from orders.log.columns import Event, EventRow, System
from orders.log.event_log import Log
from orders.log.stations import STATIONS
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import checkers_of, clerks_of, roster_of
from simulator.model.draws.order_draws import OrderDraws, RequestKind, draw_orders
from simulator.study.log_rows import QUALITY_CHECKS, ROLES, timetable
from sop_engine import Canceller, Case, EInvoice, Invoicing, Modality, Outcome, Scope, Stage, TaskKey, decide
from tests.support.naive_stations import TICK, Manifests, People, Process

REASONS = {
    RequestKind.SELLER: (Canceller.SELLER, "seller", ""),
    RequestKind.SELLER_PARTIAL: (Canceller.SELLER, "seller", ""),
    RequestKind.MISSING: (Canceller.SELLER, "missing units", "GAP-40 "),
    RequestKind.NO_STOCK: (Canceller.SELLER, "no stock", ""),
    RequestKind.STEP_TWO: (Canceller.SELLER, "step two after the packing error", ""),
    RequestKind.AJIO_TECHNICAL: (Canceller.AJIO, "technical issue", ""),
    RequestKind.AJIO_BREACH: (Canceller.AJIO, "SLA breach", ""),
    RequestKind.AJIO_PARTIAL: (Canceller.AJIO, "Ajio by hand", ""),
}


def naive_log(experiment: Experiment, replication: int = 0, draws: OrderDraws | None = None) -> Log:
    """Return the log of a replication."""
    world = World(experiment, draws if draws is not None else draw_orders(experiment, replication))
    world.env.run()
    rows = [
        EventRow(row["time_ms"], 0, str(row["event"]), str(row["system"]), str(row["actor"]), units=row["units"])
        for row in timetable(experiment, world.draws)
    ]
    return Log.from_rows(world.rows + rows)


class World:
    def __init__(self, experiment: Experiment, draws: OrderDraws) -> None:
        self.env = simpy.Environment()
        self.draws = draws
        self.settings = experiment
        wms, erp = experiment.wms, experiment.erp
        self.rows: list[EventRow] = []
        self.pickers, self.packers = (People(self.env, roster_of(experiment, station)) for station in STATIONS)
        self.checkers = People(self.env, checkers_of(wms))
        self.clerks = People(self.env, clerks_of(erp))
        self.manifests = Manifests(self.env, wms)
        self.outages = draws.outages[System.ERP]
        self.to_post: list[Order] = []
        self.not_posted_yet = sum(draws.erp)
        self.orders = [Order(self, number) for number in range(len(draws.created))]
        self.env.process(self.posting())

    def posting(self) -> Process:
        """Post the waiting orders at each interval at which the ERP is up, the longest waiting first."""
        erp = self.settings.erp
        while self.not_posted_yet:
            yield self.env.timeout(erp.post_interval_minutes * MINUTE)
            if self.outages.down(self.env.now):
                continue
            ready = sorted((o for o in self.to_post if o.ready < self.env.now), key=lambda o: (o.ready, o.index))
            for order in ready[: erp.posts_per_interval]:
                self.to_post.remove(order)
                order.posting_done.succeed()


class Order:
    def __init__(self, world: World, index: int) -> None:
        self.world, self.env, self.draws, self.index = world, world.env, world.draws, index
        self.erp = self.draws.erp[index]
        self.stage, self.e_invoice = Stage.CREATED, EInvoice.NOT_POSTED
        self.units = self.draws.units[index]
        self.pending = 0
        self.credited = False
        self.awaits_posting = self.erp
        self.ready = NEVER
        self.packing_error = False
        self.posting_done = self.env.event()
        self.flow = self.env.process(self.life())
        for at, asks, units in self.draws.requests.get(index, ()):
            self.env.process(self.watchdog(at, asks, units))
        if self.draws.breach[index] != NEVER:
            self.env.process(self.sla_watch())

    def no_longer_awaits_posting(self) -> None:
        if self.awaits_posting:
            self.awaits_posting = False
            self.world.not_posted_yet -= 1

    # What is written down

    def record(self, event: Event, units: int = 0, reason: str = "", because: str = "", system: str = "") -> None:
        where, actor, _ = ROLES[event]
        self.write(event, system or where, actor, "", "", "", units, reason, because)

    def write(  # noqa: PLR0913 (the cells of a row)
        self, event: str, system: str, actor: str, canceller: str, scope: str, outcome: str, units: int, reason: str, because: str
    ) -> None:
        invoicing = Invoicing.ERP if self.erp else Invoicing.RMS
        order = self.index + 1
        cells = (canceller, scope, invoicing, self.stage, self.e_invoice, outcome)
        self.world.rows.append(EventRow(int(self.env.now), order, event, system, actor, *cells, units, reason, because))

    # The life of the order

    def life(self) -> Process:
        try:
            yield from self.at_assure()
            yield from (self.at_the_erp() if self.erp else self.to_the_warehouse())
            yield from self.at_the_pickers()
            packed = yield from self.at_the_packers()
            if packed:
                yield from self.on_its_way()
        except simpy.Interrupt:
            self.no_longer_awaits_posting()
            if self.posting_done.triggered is False and self in self.world.to_post:
                self.world.to_post.remove(self)

    def at_assure(self) -> Process:
        draws, index = self.draws, self.index
        yield self.env.timeout(draws.created[index] - self.env.now)
        self.record(Event.CREATED, self.units)
        if draws.unfulfillable[index] != NEVER:
            yield self.env.timeout(draws.unfulfillable[index] - self.env.now)
            self.stage = Stage.UNFULFILLABLE
            self.record(Event.UNFULFILLABLE)
        if draws.allocated[index] == NEVER:
            yield self.env.event()  # the seller cancels it
        yield self.env.timeout(draws.allocated[index] - self.env.now)
        self.stage = Stage.FULFILLABLE
        self.record(Event.ALLOCATED)
        yield self.env.timeout(draws.acknowledged[index] - self.env.now)
        self.record(Event.ACKNOWLEDGED)
        yield self.env.timeout(draws.details[index] - self.env.now)

    def at_the_erp(self) -> Process:
        erp, outages = self.world.settings.erp, self.world.outages
        self.ready = self.env.now
        self.world.to_post.append(self)
        yield self.posting_done
        self.no_longer_awaits_posting()
        self.e_invoice = EInvoice.POSTED
        self.record(Event.POSTED)
        self.env.process(self.invoicing())
        self.invoiced = self.env.event()
        yield self.invoiced
        yield from self.wait_for(erp.push_interval_minutes, outages)
        self.e_invoice = EInvoice.PUSHED
        self.record(Event.PUSHED)
        yield from self.to_the_warehouse()

    def invoicing(self) -> Process:
        """Make the e-invoice, also of a cancelled order unless the cancellation reaches the ERP."""
        yield self.env.timeout(self.draws.lag[self.index])
        yield from self.wait_for(self.world.settings.erp.invoice_interval_minutes, self.world.outages, self.draws.outages[System.IRP])
        if self.stage is not Stage.CANCELLED:
            self.e_invoice = EInvoice.GENERATED
            self.record(Event.INVOICED)
            self.invoiced.succeed()
        elif not self.draws.learns[self.index]:
            self.e_invoice = EInvoice.GENERATED
            self.record(Event.INVOICED, reason="late", because="GAP-17")
            self.owe_a_credit_note("GAP-17")

    def wait_for(self, minutes: int, *outages: Outages) -> Process:
        """Return the next interval at which the system is up."""
        interval = minutes * MINUTE
        yield self.env.timeout(interval - self.env.now % interval)
        while any(system.down(self.env.now) for system in outages):
            yield self.env.timeout(interval)

    def to_the_warehouse(self) -> Process:
        yield from self.wait_for(self.world.settings.wms.pull_interval_minutes)
        self.stage = Stage.PROCESSING
        self.record(Event.RELEASED)

    def at_the_pickers(self) -> Process:
        waves = self.world.settings.wms.waves_at_hours
        if waves:
            yield self.env.timeout(Daily.at(waves).after(self.env.now) - self.env.now)
        yield from self.work(self.world.pickers, Event.PICK_STARTED, self.draws.work["pickers"][self.index])
        self.record(Event.PICKED)

    def at_the_packers(self) -> Generator[simpy.Event, Any, bool]:
        outages = () if self.erp else (self.draws.outages[System.RMS], self.draws.outages[System.IRP])
        yield from self.work(self.world.packers, Event.PACK_STARTED, self.draws.work["packers"][self.index], *outages)
        if self.pending:
            self.packing_error = True
            self.record(Event.PACKING_ERROR)
            decision = decide(Case(Canceller.AJIO, Scope.PARTIAL, Invoicing.ERP, self.stage, self.e_invoice))
            self.owe_a_credit_note(" ".join(decision.task_by[TaskKey.CREDIT_NOTE]))
            self.env.process(self.watchdog(self.env.now + self.draws.manual[self.index] + 7, RequestKind.STEP_TWO, 0))
            return False
        missing = self.draws.missing[self.index]
        if missing:
            self.request(RequestKind.MISSING, missing)
            if self.stage is Stage.CANCELLED:
                return False
        if not self.erp:
            self.e_invoice = EInvoice.GENERATED
            self.record(Event.INVOICED, system="RMS")
        self.stage = Stage.PACKED
        self.record(Event.PACKED, self.units)
        return True

    def work(self, people: People, start: Event, takes: int, *outages: Outages) -> Process:
        """Wait for a person and for the work; an interrupted order leaves the queue, or frees the person at the next tick."""
        first_come = self.world.settings.wms.work_order == "first-come"
        turn = people.ask(self.env.now if first_come else self.draws.created[self.index], self.index)
        try:
            yield turn
        except simpy.Interrupt:
            people.leave(turn)
            raise
        self.record(start)
        try:
            yield self.env.timeout(takes)
            while any(system.down(self.env.now) for system in outages):
                yield self.env.timeout(max(system.up_from(self.env.now) for system in outages) - self.env.now)
        except simpy.Interrupt:
            self.env.process(self.let_go(people))
            raise
        people.give_back()

    def let_go(self, people: People) -> Process:
        yield self.env.timeout(-self.env.now % TICK)
        people.give_back()

    def on_its_way(self) -> Process:
        index = self.index
        shipment = self.world.manifests.join(index)
        yield shipment.closed
        self.stage = Stage.READY_TO_DISPATCH
        self.record(Event.READY)
        yield shipment.taken
        self.stage = Stage.COMPLETED
        self.record(Event.DISPATCHED)
        returns = self.draws.returns
        latent = range(returns.first[index], returns.first[index + 1])
        parcels: dict[int, list[int]] = {}
        for unit in latent:
            if returns.unit[unit] < self.units:
                parcels.setdefault(returns.parcel[unit], []).append(unit)
        for parcel in parcels.values():
            self.env.process(self.comes_back(parcel))

    def comes_back(self, parcel: list[int]) -> Process:
        """Receive a parcel in the shift and check it: unit by unit, or at once if it was not delivered."""
        returns, checkers, first = self.draws.returns, self.world.checkers, parcel[0]
        undelivered = returns.undelivered[first]
        kind = "return to origin" if undelivered else "customer return"
        rows = [parcel] if undelivered else [[unit] for unit in parcel]
        arrives = self.env.now + int(returns.arrived_after[first])
        if not undelivered:
            yield self.env.timeout(int(returns.requested_after[first]))
            for _ in parcel:
                self.record(Event.RETURN_REQUESTED, 1)
        yield self.env.timeout(arrives - self.env.now)
        people, until = checkers.roster.staffing(self.env.now)
        while not people:
            yield self.env.timeout(until - self.env.now)
            people, until = checkers.roster.staffing(self.env.now)
        for row in rows:
            self.record(Event.RETURN_RECEIVED, len(row), kind)
        yield self.env.timeout(int(returns.check_ready_after[first]))
        yield checkers.ask(self.env.now, first)
        for row in rows:
            yield self.env.timeout(sum(int(returns.check_takes[unit]) for unit in row))
            self.record(Event.QUALITY_CHECK, len(row), QUALITY_CHECKS[returns.quality[row[0]]])
        checkers.give_back()

    # Who cancels

    def watchdog(self, at: int, asks: RequestKind, units: int) -> Process:
        yield self.env.timeout(at - self.env.now)
        self.request(asks, units)

    def sla_watch(self) -> Process:
        yield self.env.timeout(self.draws.clock[self.index] + 5 - self.env.now)
        if self.stage not in (Stage.CANCELLED, Stage.COMPLETED):
            yield self.env.timeout(self.draws.breach[self.index] - self.env.now)
            self.request(RequestKind.AJIO_BREACH, 0)

    def request(self, asks: RequestKind, units: int) -> None:
        """Carry out the engine's decision on a request."""
        if asks is RequestKind.CUSTOMER:
            if self.stage is not Stage.CANCELLED:
                self.write(Event.CANCELLED_BY_CUSTOMER, "Ajio", "customer", "", "", "", self.units, "fact of the flow", "")
                self.cancel()
            return
        canceller, reason, gap = REASONS[asks]
        sees_the_manifest = canceller is Canceller.SELLER or not self.draws.stale[self.index]
        if self.stage in (Stage.READY_TO_DISPATCH, Stage.COMPLETED) and sees_the_manifest:
            return
        scope, suffix = Scope.FULL, ""
        left = self.units
        ordered = self.draws.units[self.index]
        asked = ordered if self.stage is Stage.CANCELLED else left
        if asks in (RequestKind.SELLER_PARTIAL, RequestKind.AJIO_PARTIAL) or (asks is RequestKind.MISSING and not self.erp):
            asked = min(units, asked)
            scope = Scope.PARTIAL
            if self.stage is not Stage.CANCELLED and asked == left:
                scope, suffix = Scope.FULL, " GAP-39"
        decision = decide(Case(canceller, scope, Invoicing.ERP if self.erp else Invoicing.RMS, self.stage, self.e_invoice))
        because = " ".join(decision.clauses + decision.gaps)
        place = ("Ajio", "Ajio") if canceller is Canceller.AJIO else ("Assure OMS", "seller")
        self.write(Event.CANCELLATION, *place, canceller, scope, decision.outcome, asked, reason, f"{gap}{because}{suffix}")
        if decision.outcome is Outcome.FAILS_AT_PACKING:
            self.pending += asked
        if decision.outcome is not Outcome.ALLOWED:
            return
        if scope is Scope.PARTIAL:
            self.units -= asked
            return
        self.cancel()
        if any(task.task is TaskKey.CREDIT_NOTE and task.modality is Modality.MUST for task in decision.tasks or ()):
            self.owe_a_credit_note(" ".join(decision.task_by[TaskKey.CREDIT_NOTE]))

    def cancel(self) -> None:
        self.stage = Stage.CANCELLED
        if self.flow.is_alive and self.flow is not self.env.active_process:
            self.flow.interrupt()

    # Credit notes

    def owe_a_credit_note(self, because: str) -> None:
        if not self.credited:
            self.credited = True
            self.record(Event.CREDIT_NOTE_DUE, because=because)
            self.env.process(self.credit_note(because))

    def credit_note(self, because: str) -> Process:
        clerks = self.world.clerks
        yield clerks.ask(self.env.now, self.index)
        yield self.env.timeout(self.draws.clerk[self.index])
        clerks.give_back()
        self.record(Event.CREDIT_NOTE_MADE, because=because)
