"""A replication: the systems are put on one calendar, and what happened becomes a log."""

import gc

import numpy as np
from simpy import Environment

from simulator.chance import Whole
from simulator.clock import DAY, NEVER
from simulator.erp import ClientErp, make_credit_notes, outages_of
from simulator.experiment import Experiment
from simulator.fate import MOST_UNITS, Fates, draw
from simulator.life import Life
from simulator.log import NAMES, NONE, WORDS, Actor, Event, Log, System
from simulator.oms import Assure
from simulator.rms import release_time
from simulator.wms import Warehouse, shift_of
from sop_engine import EInvoice, Invoicing, QualityCheck, Stage, decide_return

CHECKS = (QualityCheck.PASS, QualityCheck.FAIL, QualityCheck.MISSING)
ROLES = {
    Event.CREATED: (System.AJIO, Actor.CUSTOMER, Stage.CREATED),
    Event.UNFULFILLABLE: (System.OMS, Actor.SYSTEM, Stage.UNFULFILLABLE),
    Event.ALLOCATED: (System.OMS, Actor.SYSTEM, Stage.FULFILLABLE),
    Event.ACKNOWLEDGED: (System.OMS, Actor.SYSTEM, Stage.FULFILLABLE),
    Event.POSTED: (System.OMS, Actor.SYSTEM, Stage.FULFILLABLE),
    Event.CANCELLED_BY_CUSTOMER: (System.AJIO, Actor.CUSTOMER, None),
    Event.INVOICED: (System.ERP, Actor.SYSTEM, Stage.FULFILLABLE),
    Event.PUSHED: (System.ERP, Actor.SYSTEM, Stage.FULFILLABLE),
    Event.RELEASED: (System.WMS, Actor.SYSTEM, Stage.PROCESSING),
    Event.PICK_STARTED: (System.WMS, Actor.PICKER, Stage.PROCESSING),
    Event.PICKED: (System.WMS, Actor.PICKER, Stage.PROCESSING),
    Event.PACK_STARTED: (System.WMS, Actor.PACKER, Stage.PROCESSING),
    Event.PACKING_ERROR: (System.WMS, Actor.PACKER, Stage.PROCESSING),
    Event.PACKED: (System.WMS, Actor.PACKER, Stage.PACKED),
    Event.READY: (System.WMS, Actor.WAREHOUSE, Stage.READY_TO_DISPATCH),
    Event.DISPATCHED: (System.WMS, Actor.COURIER, Stage.COMPLETED),
    Event.CREDIT_NOTE_DUE: (System.ERP, Actor.CLIENT, None),
    Event.CREDIT_NOTE_MADE: (System.ERP, Actor.CLIENT, None),
    Event.RETURN_REQUESTED: (System.AJIO, Actor.CUSTOMER, Stage.COMPLETED),
    Event.RETURN_RECEIVED: (System.WMS, Actor.COURIER, Stage.COMPLETED),
    Event.QUALITY_CHECK: (System.WMS, Actor.WAREHOUSE, Stage.COMPLETED),
    Event.PICKERS: (System.WMS, Actor.WAREHOUSE, None),
    Event.PACKERS: (System.WMS, Actor.WAREHOUSE, None),
    Event.ERP_DOWN: (System.ERP, Actor.SYSTEM, None),
    Event.ERP_UP: (System.ERP, Actor.SYSTEM, None),
}
"""Where each event happens, who does it, and the stage it leads to; `None` where that is the order's own."""


def simulate(experiment: Experiment, replication: int = 0) -> Log:
    """The log of one replication, a pure function of its arguments."""
    fates = draw(experiment, replication)
    return log_of(experiment, move(experiment, fates))


def move(experiment: Experiment, fates: Fates) -> Life:
    """Every order from its arrival to its end."""
    collecting = gc.isenabled()
    gc.disable()  # nothing here is garbage before the end, and looking for it takes a fifth of the time
    try:
        env = Environment()
        life = Life(fates)
        oms = Assure(life)
        warehouse = Warehouse(env, experiment, oms)
        erp = ClientErp(env, experiment, oms, warehouse.release)
        env.process(erp.polls())
        for order, posted in enumerate(fates.erp):
            if not posted:
                life.released[order] = at = release_time(experiment, life, order)
                if not oms.gone(order, at):
                    warehouse.release(order, at)
        env.run()
        make_credit_notes(experiment, oms)
    finally:
        if collecting:
            gc.enable()
    return life


def log_of(experiment: Experiment, life: Life) -> Log:
    """What happened, as a log."""
    return Writer(experiment, life).log()


class Writer:
    """Turns the columns of a life into rows; a cell is looked up once for a whole column."""

    def __init__(self, experiment: Experiment, life: Life) -> None:
        self.experiment, self.life, self.fates = experiment, life, life.fates
        self.details: list[str] = [""]
        self.places = {"": 0}
        self.erp = np.array(life.fates.erp, dtype=bool)
        self.posted, self.generated, self.pushed, self.cancelled = (
            np.array(column, dtype=np.int64) for column in (life.posted, life.generated, life.pushed, life.cancelled)
        )
        self.parts: list[dict[str, Whole]] = []

    def log(self) -> Log:
        """All of it, sorted."""
        self._flow()
        self._credit_notes()
        self._returns()
        self._told()
        self._timetable()
        return Log.of(self.parts, self.details)

    def _flow(self) -> None:
        life, fates = self.life, self.fates
        units, left = np.array(fates.units, dtype=np.int64), np.array(life.left, dtype=np.int64)
        before = ((Event.CREATED, fates.created), (Event.UNFULFILLABLE, fates.unfulfillable), (Event.ALLOCATED, fates.allocated))
        for event, column in (*before, (Event.ACKNOWLEDGED, fates.acknowledged)):
            times = np.array(column, dtype=np.int64)
            self._add(event, np.where(times < self.cancelled, times, NEVER), units if event is Event.CREATED else None)
        for event, column in (
            (Event.POSTED, life.posted),
            (Event.PUSHED, life.pushed),
            (Event.RELEASED, life.released),
            (Event.PICK_STARTED, life.pick_started),
            (Event.PICKED, life.picked),
            (Event.PACK_STARTED, life.pack_started),
            (Event.PACKING_ERROR, life.error),
            (Event.PACKED, life.packed),
            (Event.READY, life.ready),
            (Event.DISPATCHED, life.dispatched),
        ):
            self._add(event, np.array(column, dtype=np.int64), left if event is Event.PACKED else None)
        part = self._add(Event.INVOICED, self.generated, None)
        orders = part["order"] - 1
        part["system"] = np.where(self.erp[orders], WORDS["system"][System.ERP], WORDS["system"][System.RMS])
        late = self.cancelled[orders] < part["time_ms"]
        stage = np.where(self.erp[orders], part["stage"], WORDS["stage"][Stage.PROCESSING])
        part["stage"] = np.where(late, WORDS["stage"][Stage.CANCELLED], stage)
        part["detail"] = np.where(late, self._word("late, GAP-17"), 0)

    def _credit_notes(self) -> None:
        for event, column in ((Event.CREDIT_NOTE_DUE, self.life.due), (Event.CREDIT_NOTE_MADE, self.life.made)):
            part = self._add(event, np.array(column, dtype=np.int64), None)
            ended = self.cancelled[part["order"] - 1] <= part["time_ms"]
            part["stage"] = np.where(ended, WORDS["stage"][Stage.CANCELLED], WORDS["stage"][Stage.PROCESSING])
            words = [self._word(self.life.because[order - 1]) for order in part["order"].tolist()]
            part["detail"] = np.array(words, dtype=np.int64)

    def _returns(self) -> None:
        fates = self.fates
        dispatched = np.array(self.life.dispatched, dtype=np.int64)
        left = np.array(self.life.left, dtype=np.int64)
        gone = dispatched < NEVER
        back = np.where(fates.undelivered & gone, dispatched + fates.undelivered_after, NEVER)
        self._back(back, back + fates.checked_after[:, 0], fates.quality[:, 0], left, "return to origin")
        ones = np.ones_like(left)
        for unit in range(MOST_UNITS):
            returned = fates.returned[:, unit] & gone & (unit < left)
            asked = np.where(returned, dispatched + fates.requested_after[:, unit], NEVER)
            back = np.where(returned, dispatched + fates.received_after[:, unit], NEVER)
            self._add(Event.RETURN_REQUESTED, asked, ones)
            self._back(back, back + fates.checked_after[:, unit], fates.quality[:, unit], ones, "customer return")

    def _back(self, at: Whole, checked: Whole, quality: Whole, units: Whole, kind: str) -> None:
        part = self._add(Event.RETURN_RECEIVED, at, units)
        part["detail"] = np.full(len(part["order"]), self._word(kind), dtype=np.int64)
        part = self._add(Event.QUALITY_CHECK, np.where(at < NEVER, checked, NEVER), units)
        words = np.array([self._word(check_words(check)) for check in CHECKS], dtype=np.int64)
        part["detail"] = words[quality[part["order"] - 1]]

    def _told(self) -> None:
        told = self.life.told
        rows = []
        for at, order, event, canceller, scope, stage, e_invoice, outcome, units, detail in told:
            invoicing = Invoicing.ERP if self.fates.erp[order] else Invoicing.RMS
            system, actor = place_of(event, canceller)
            cells = (event, system, actor, canceller, scope, invoicing, stage, e_invoice, outcome)
            codes = [WORDS[name].get(str(cell), NONE) for name, cell in zip(NAMES[2:11], cells, strict=True)]
            rows.append((at, order + 1, *codes, units, self._word(detail)))
        table = np.array(rows, dtype=np.int64).reshape(len(rows), len(NAMES))
        self.parts.append({name: table[:, k] for k, name in enumerate(NAMES)})

    def _timetable(self) -> None:
        rows = timetable(self.experiment)
        self.parts.append(
            {
                name: np.array(
                    [WORDS[name].get(str(row.get(name, "")), NONE) if name in WORDS else row.get(name, 0) for row in rows], dtype=np.int64
                )
                for name in NAMES
            }
        )

    def _add(self, event: Event, times: Whole, units: Whole | None) -> dict[str, Whole]:
        """The rows of *event* for every order that it happened to, at *times*."""
        orders = np.flatnonzero(times < NEVER)
        at = times[orders]
        system, actor, stage = ROLES[event]
        constant = {"event": event, "system": system, "actor": actor, "stage": stage}
        part = {name: np.full(len(orders), WORDS[name].get(str(word), NONE), dtype=np.int64) for name, word in constant.items()}
        part |= {name: np.full(len(orders), NONE, dtype=np.int64) for name in ("canceller", "scope", "outcome")}
        invoiced = [(self.posted, EInvoice.POSTED), (self.generated, EInvoice.GENERATED), (self.pushed, EInvoice.PUSHED)]
        e_invoice = np.zeros(len(orders), dtype=np.int64)
        for column, state in invoiced:
            e_invoice = np.where(column[orders] <= at, WORDS["e_invoice"][state], e_invoice)
        models = WORDS["invoicing"]
        part |= {
            "time_ms": at,
            "order": orders + 1,
            "invoicing": np.where(self.erp[orders], models[Invoicing.ERP], models[Invoicing.RMS]),
            "e_invoice": e_invoice,
            "units": units[orders] if units is not None else np.zeros(len(orders), dtype=np.int64),
            "detail": np.zeros(len(orders), dtype=np.int64),
        }
        self.parts.append(part)
        return part

    def _word(self, detail: str) -> int:
        if detail not in self.places:
            self.places[detail] = len(self.details)
            self.details.append(detail)
        return self.places[detail]


def place_of(event: Event, canceller: str) -> tuple[System, Actor]:
    """Where and by whom an order is cancelled."""
    if event is Event.CANCELLED_BY_CUSTOMER:
        return System.AJIO, Actor.CUSTOMER
    return (System.AJIO, Actor.AJIO) if canceller == "Ajio" else (System.OMS, Actor.SELLER)


def check_words(check: QualityCheck) -> str:
    """What becomes of a returned unit, as the engine says."""
    decision = decide_return(check)
    return f"{check}: {decision.stock or 'no GRN'}{', offline claim' if decision.offline_claim else ''}"


def timetable(experiment: Experiment) -> list[dict[str, object]]:
    """People coming and going, and the ERP going down and up, on the days on which orders arrive."""
    shift, wms = shift_of(experiment.wms), experiment.wms
    rows: list[tuple[int, Event, int]] = []
    for day in range(experiment.run.days):
        for event, people in ((Event.PICKERS, wms.pickers), (Event.PACKERS, wms.packers)):
            rows += [(day * DAY + shift.opens, event, people), (day * DAY + shift.closes, event, 0)]
    outages = outages_of(experiment.erp)
    for start in outages.starts:
        rows += [(start, Event.ERP_DOWN, 0), (start + outages.lasting, Event.ERP_UP, 0)]
    return [
        {"time_ms": at, "order": 0, "event": event, "system": ROLES[event][0], "actor": ROLES[event][1], "units": units}
        for at, event, units in rows
    ]
