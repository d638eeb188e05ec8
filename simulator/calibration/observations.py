"""Observations: a log as arrays over its orders, as the estimators need them."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from orders.log.arrays import IntArray, Mask
from orders.log.calendar import A_WEEK, DAY_ZERO, NEVER
from orders.log.columns import NONE, OUTAGE_EVENTS, WORD_CODES, Event, Precision
from orders.log.event_log import Log
from orders.log.order_times import OrderTimes
from orders.log.timestamps import START_MS, in_india
from simulator.errors import CalibrationError
from simulator.experiment.experiment import Experiment
from sop_engine import Invoicing
from sop_engine.text import quoted

LONGEST_NAME = 40


class Observations:
    """The orders of a log that were created in it, in the order of their numbers.

    Times are on the clock of a simulation. For real orders, day 0 is the Monday of the week of the first one, as with own orders.

    Attributes:
        base: the experiment whose other settings are taken as true.
        created, ended, ready: times by order; `NEVER` for what did not happen.
        units: units ordered.
        erp: whether the client's ERP makes the e-invoice.
        end: time of the last event; later than it, nothing can be seen.
        outages: start and end of each outage of a system.
    """

    def __init__(self, log: Log, base: Experiment, confidence: float) -> None:
        _require_times(log)
        self.log = _on_clock(log)
        self.base, self.confidence = base, confidence
        self.order_times = OrderTimes(self.log)
        self.created = self.order_times.at(Event.CREATED)
        self.present: Mask = self.created < NEVER
        self.ready = self.order_times.at(Event.READY)
        self.ended = self.order_times.ended
        self.units = self.order_times.units(Event.CREATED)
        model = np.full(len(self.order_times.orders), NONE, dtype=np.int64)
        model[self.order_times.order_places(Event.CREATED)] = self.order_times.cells(Event.CREATED, "invoicing")
        self.erp: Mask = model == WORD_CODES["invoicing"][Invoicing.ERP]
        self.end = int(self.log.columns["time_ms"].max())
        self.outages = list(self._outages())

    def durations(self, start: Event, end: Event) -> tuple[IntArray, IntArray]:
        """Return the orders in which both events happened, in this order and without an outage, and the times between them."""
        begun, finished = self.order_times.at(start), self.order_times.at(end)
        orders = np.flatnonzero(self.present & (finished < NEVER) & (begun < finished) & self.without_outage(begun, finished))
        return orders, finished[orders] - begun[orders]

    def without_outage(self, start: IntArray, end: IntArray) -> Mask:
        """Return whether no outage of any system was between *start* and *end*."""
        disturbed = np.zeros(len(start), dtype=bool)
        for down, up in self.outages:
            disturbed |= (start < up) & (end > down)
        return ~disturbed

    def _outages(self) -> Iterator[tuple[int, int]]:
        for down, up in OUTAGE_EVENTS.values():
            starts, ends = (np.sort(self.log.where(event).columns["time_ms"]) for event in (down, up))
            for start in starts.tolist():
                later = ends[ends > start]
                yield start, int(later[0]) if len(later) else self.end

    def requests(self, reasons: Sequence[str]) -> Mask:
        """Return a mask of the rows of cancellations with one of *reasons*."""
        codes = [code for code, word in enumerate(self.log.texts.get("reason", ())) if word in reasons]
        return np.isin(self.order_times.cells(Event.CANCELLATION, "reason"), codes)


def _require_times(log: Log) -> None:
    """Refuse a log without orders, or with orders whose time is not given."""
    created = log.where(Event.CREATED)
    if not len(created):
        raise CalibrationError("it has no event `created`, so it has no orders to fit settings to; give a log of orders")
    days = log.column("precision") == WORD_CODES["precision"][Precision.DAY]
    if days.any():
        row = int(days.argmax())
        order_id = log.words("order_id", np.array([row]))[0]
        name = quoted(order_id, LONGEST_NAME) if order_id else f"number {log.columns['order'][row]}"
        event = log.words("event", np.array([row]))[0]
        raise CalibrationError(f"order {name}, `{event}`: only its day is given; give a log with the times of all events")


def monday_of(log: Log) -> date:
    """Return the date of day 0 of a log: for real orders, the Monday of the week of the first one."""
    is_real = log.clock != "time_ms" and len(log.where(Event.CREATED)) > 0
    return in_india(_beginning_of(log)).date() if is_real else DAY_ZERO


def _beginning_of(log: Log) -> int:
    """Return the beginning of the week of the first order, in UTC milliseconds since 1970."""
    first = int(log.where(Event.CREATED).columns["at"].min())
    return START_MS + (first - START_MS) // A_WEEK * A_WEEK


def _on_clock(log: Log) -> Log:
    """Return the log with the clock of a simulation, also for real orders."""
    if log.clock == "time_ms":
        return log
    monday = _beginning_of(log)
    columns = {name: column for name, column in log.columns.items() if name != "at"}
    return Log({**columns, "time_ms": log.columns["at"] - monday}, log.texts)
