"""Log rows of a replication: an event track for each kind of event, and the conversion of its entries to rows."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from orders.log.arrays import IntArray, SmallArray
from orders.log.columns import FACT_COLUMNS, NONE, OUTAGE_EVENTS, TEXT_COLUMNS, WORD_CODES, Actor, Event, EventReason, System
from orders.log.stations import STATIONS, stages_after
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import roster_of
from simulator.model.draws.order_draws import OrderDraws
from simulator.model.order_states import OrderStates
from simulator.model.returns import returned_units
from simulator.study.event_track import EventTrack
from sop_engine import EInvoice, Invoicing, QualityCheck, Stage
from sop_engine.order import LATE_E_INVOICE

QUALITY_CHECKS = (QualityCheck.PASS, QualityCheck.FAIL, QualityCheck.MISSING)
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
    **{Event(event): (System.WMS, Actor(person), stage) for event, person, stage in stages_after()},
    Event.READY: (System.WMS, Actor.WAREHOUSE, Stage.READY_TO_DISPATCH),
    Event.DISPATCHED: (System.WMS, Actor.COURIER, Stage.COMPLETED),
    Event.CREDIT_NOTE_DUE: (System.ERP, Actor.CLIENT, None),
    Event.CREDIT_NOTE_MADE: (System.ERP, Actor.CLIENT, None),
    Event.RETURN_REQUESTED: (System.AJIO, Actor.CUSTOMER, Stage.COMPLETED),
    Event.RETURN_RECEIVED: (System.WMS, Actor.COURIER, Stage.COMPLETED),
    Event.QUALITY_CHECK: (System.WMS, Actor.WAREHOUSE, Stage.COMPLETED),
    **{Event(station.presence): (System.WMS, Actor.WAREHOUSE, None) for station in STATIONS},
    **{event: (system, Actor.SYSTEM, None) for system, events in OUTAGE_EVENTS.items() for event in events},
}
"""System, actor and following stage of each event; `None` if the stage depends on the order."""

WORD_COLUMNS = tuple(name for name in FACT_COLUMNS if name in WORD_CODES)
Part = Mapping[str, IntArray]
"""Rows as columns of codes; those of `reason` and `because` are places in `LogRows.words`."""


class LogRows:
    """The event tracks of a replication, and their entries as rows.

    Attributes:
        tracks: events that happen at most once to an order, and returns, by kind.
        cancellations: rows of cancellations, kept whole, by order and time.
        without_order: rows about no order, by time.
        words: the words of the columns `reason` and `because`.
    """

    def __init__(self, experiment: Experiment, states: OrderStates) -> None:
        self.experiment, self.states, self.draws = experiment, states, states.draws
        self.words: dict[str, list[str]] = {"reason": [], "because": []}
        self.places: dict[tuple[str, str], int] = {}
        self.erp = _byte_column(states.draws.erp) > 0
        self.posted, self.generated, self.pushed, self.cancelled = map(
            _int_column, (states.posted, states.generated, states.pushed, states.cancelled)
        )
        self.tracks = [*self._flow(), *self._credit_notes(), *self._returns()]
        self.cancellations = self._cancellations()
        self.without_order = _codes_of_rows(timetable(experiment, self.draws))

    def of(self, track: EventTrack, entries: IntArray) -> Part:
        """Convert entries of a track to rows."""
        orders, at = track.order_places(entries), track.times[entries]
        none = np.full(len(entries), NONE, dtype=np.int64)
        system, actor, stage = ROLES[track.event]
        words = {"event": track.event, "system": system, "actor": actor, "stage": stage}
        part = {name: np.full(len(entries), WORD_CODES[name].get(str(word), NONE), dtype=np.int64) for name, word in words.items()}
        part |= dict.fromkeys(("canceller", "scope", "outcome"), none)
        models = WORD_CODES["invoicing"]
        part |= {
            "time_ms": at,
            "order": orders + 1,
            "invoicing": np.where(self.erp[orders], models[Invoicing.ERP], models[Invoicing.RMS]),
            "e_invoice": self._e_invoice(orders, at),
            "units": _entry_cells(track.units, entries),
            "reason": none if track.reasons is None else track.reasons[entries],
            "because": none if track.because is None else track.because[entries],
        }
        if track.event is Event.INVOICED:
            part |= self._invoiced(orders, at)
        elif stage is None:
            ended = self.cancelled[orders] <= at
            part["stage"] = np.where(ended, WORD_CODES["stage"][Stage.CANCELLED], WORD_CODES["stage"][Stage.PROCESSING])
        return part

    def _e_invoice(self, orders: IntArray, at: IntArray) -> IntArray:
        state = np.zeros(len(orders), dtype=np.int64)
        for column, then in ((self.posted, EInvoice.POSTED), (self.generated, EInvoice.GENERATED), (self.pushed, EInvoice.PUSHED)):
            state = np.where(column[orders] <= at, WORD_CODES["e_invoice"][then], state)
        return state

    def _invoiced(self, orders: IntArray, at: IntArray) -> Part:
        """Return the columns that depend on who makes the e-invoice, and on whether the order was cancelled before."""
        erp, late = self.erp[orders], self.cancelled[orders] < at
        systems, stages = WORD_CODES["system"], WORD_CODES["stage"]
        stage = np.where(erp, stages[Stage.FULFILLABLE], stages[Stage.PROCESSING])
        return {
            "system": np.where(erp, systems[System.ERP], systems[System.RMS]),
            "stage": np.where(late, stages[Stage.CANCELLED], stage),
            "reason": np.where(late, self._code("reason", EventReason.LATE), NONE),
            "because": np.where(late, self._code("because", LATE_E_INVOICE), NONE),
        }

    def _flow(self) -> Iterator[EventTrack]:
        states, draws = self.states, self.draws
        yield EventTrack(Event.CREATED, _int_column(draws.created), before=self.cancelled, units=_byte_column(draws.units))
        for event, column in (
            (Event.UNFULFILLABLE, draws.unfulfillable),
            (Event.ALLOCATED, draws.allocated),
            (Event.ACKNOWLEDGED, draws.acknowledged),
        ):
            yield EventTrack(event, _int_column(column), before=self.cancelled)
        yield EventTrack(Event.POSTED, self.posted)
        yield EventTrack(Event.INVOICED, self.generated)
        yield EventTrack(Event.PUSHED, self.pushed)
        yield EventTrack(Event.RELEASED, _int_column(states.released))
        for word, column in states.at_stations.items():
            yield EventTrack(Event(word), _int_column(column), units=_byte_column(states.left) if word == Event.PACKED else None)
        yield EventTrack(Event.READY, _int_column(states.ready))
        yield EventTrack(Event.DISPATCHED, _int_column(states.dispatched))

    def _credit_notes(self) -> Iterator[EventTrack]:
        orders = np.array(sorted(self.states.because), dtype=np.int64)
        because = np.array([self._code("because", self.states.because[order]) for order in orders.tolist()], dtype=np.int64)
        for event, column in ((Event.CREDIT_NOTE_DUE, self.states.due), (Event.CREDIT_NOTE_MADE, self.states.note_made)):
            times = np.array([column[order] for order in orders.tolist()], dtype=np.int64)
            yield EventTrack(event, times, orders, because=because)

    def _returns(self) -> Iterator[EventTrack]:
        """Yield the tracks of returned parcels and units: request, arrival and quality check."""
        back = returned_units(self.states)
        kinds = [self._code("reason", kind) for kind in (EventReason.CUSTOMER_RETURN, EventReason.RETURN_TO_ORIGIN)]
        findings = [self._code("reason", finding) for finding in QUALITY_CHECKS]
        yield EventTrack(Event.RETURN_REQUESTED, back.requested, back.orders, units=back.units)
        yield EventTrack(
            Event.RETURN_RECEIVED, back.received, back.orders, units=back.units, reasons=np.array(kinds)[back.undelivered.astype(np.uint8)]
        )
        yield EventTrack(Event.QUALITY_CHECK, back.checked, back.orders, units=back.units, reasons=np.array(findings)[back.quality])

    def _cancellations(self) -> Part:
        rows = []
        for row in self.states.cancellation_rows:
            invoicing = Invoicing.ERP if self.draws.erp[row.order] else Invoicing.RMS
            system, actor = system_and_actor(row.event, row.canceller)
            facts = row._asdict() | {"system": system, "actor": actor, "invoicing": invoicing}
            codes = [WORD_CODES[name].get(str(facts[name]), NONE) for name in WORD_COLUMNS]
            words = [self._code(name, facts[name]) for name in self.words]
            rows.append((row.time_ms, row.order + 1, *codes, row.units, *words))
        table = np.array(rows, dtype=np.int64).reshape(len(rows), len(FACT_COLUMNS))
        table = table[np.lexsort([table[:, 0], table[:, 1]])]
        return {name: table[:, k] for k, name in enumerate(FACT_COLUMNS)}

    def _code(self, name: str, word: str) -> int:
        """Return the code of *word* in a column of free text, a new one if needed; `NONE` for an empty text."""
        if not word:
            return NONE
        key = (name, str(word))
        if key not in self.places:
            self.places[key] = len(self.words[name])
            self.words[name].append(str(word))
        return self.places[key]


def select_rows(part: Part, rows: NDArray[np.bool_] | slice) -> Part:
    """Return a selection of the rows of a part."""
    return {name: column[rows] for name, column in part.items()}


def system_and_actor(event: Event, canceller: str) -> tuple[System, Actor]:
    """Return the system and the actor of a cancellation."""
    if event is Event.CANCELLED_BY_CUSTOMER:
        return System.AJIO, Actor.CUSTOMER
    return (System.AJIO, Actor.AJIO) if canceller == "Ajio" else (System.OMS, Actor.SELLER)


def timetable(experiment: Experiment, draws: OrderDraws) -> list[dict[str, object]]:
    """Return the rows about no order: shifts on the days on which orders arrive, and outages."""
    rows: list[tuple[int, Event, int]] = []
    for station in STATIONS:
        rows += [(at, Event(station.presence), people) for at, people in roster_of(experiment, station).steps(experiment.run.days)]
    for system, (down, up) in OUTAGE_EVENTS.items():
        outages = draws.outages[system]
        for start, end in zip(outages.starts, outages.ends, strict=True):
            rows += [(start, down, 0), (end, up, 0)]
    return [
        {"time_ms": at, "order": 0, "event": event, "system": ROLES[event][0], "actor": ROLES[event][1], "units": units}
        for at, event, units in rows
    ]


def _int_column(cells: object) -> IntArray:
    """Return *cells* as a column of whole numbers, without a copy if they are one."""
    return np.asarray(cells, dtype=np.int64)


def _byte_column(cells: bytes | bytearray) -> SmallArray:
    """Return *cells* as a column of small numbers, without a copy."""
    return np.frombuffer(cells, dtype=np.uint8)


def _entry_cells(column: SmallArray | IntArray | None, entries: IntArray) -> IntArray:
    return np.zeros(len(entries), dtype=np.int64) if column is None else column[entries].astype(np.int64, copy=False)


def _codes_of_rows(rows: Sequence[Mapping[str, object]]) -> Part:
    """Convert rows in words to a part."""
    return {
        name: np.array(
            [
                WORD_CODES[name].get(str(row.get(name, "")), NONE) if name in WORD_CODES else row.get(name, _empty_code(name))
                for row in rows
            ],
            np.int64,
        )
        for name in FACT_COLUMNS
    }


def _empty_code(name: str) -> int:
    return NONE if name in TEXT_COLUMNS else 0
