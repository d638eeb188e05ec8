"""The replay of a day is what a second computation, order by order, counts in the same log."""

import pytest

from orders.log.calendar import DAY, HOUR
from orders.log.columns import Event, EventRow
from orders.log.order_histories import histories_of
from simulator.analysis.daily_flow import VANS
from simulator.analysis.day_replay import BEFORE_RELEASE, PACKED, REFUSED, DayReplay, replay_busiest_day
from simulator.experiment.experiment import Experiment, load
from simulator.study.recorded_log import RecordedLog
from simulator.study.simulate import record_replication
from tests.support.naive_measures import NEVER, at, ended

SMALL = ("run.days=4", "ajio.orders_per_day=150", "wms.packers=1", "wms.pickers=1", "wms.pack_seconds_median=400")
OFTEN = ("oms.seller_cancellation_share=0.2", "ajio.technical_cancellation_share=0.1")


@pytest.fixture(scope="module")
def recorded() -> tuple[Experiment, RecordedLog, DayReplay]:
    experiment = load("partial_cancels", [*SMALL, *OFTEN])
    log = record_replication(experiment)
    return experiment, log, replay_busiest_day(log.by_order(), experiment)


def orders_of(log: RecordedLog) -> list[tuple[EventRow, ...]]:
    return [life.rows for life in histories_of(log.full_log)]


def test_what_waits_is_counted_order_by_order(recorded: tuple[Experiment, RecordedLog, DayReplay]) -> None:
    _, log, replay = recorded
    stays = {BEFORE_RELEASE: [], "pickers": [], "packers": [], PACKED: [], VANS: [], "credit-note clerks": []}
    for rows in orders_of(log):
        over = ended(rows)
        stays[BEFORE_RELEASE].append((at(rows, Event.CREATED), min(at(rows, Event.RELEASED), over)))
        stays["pickers"].append((at(rows, Event.RELEASED), min(at(rows, Event.PICK_STARTED), over)))
        stays["packers"].append((at(rows, Event.PICKED), min(at(rows, Event.PACK_STARTED), over)))
        stays[PACKED].append((at(rows, Event.PACKED), at(rows, Event.READY)))
        stays[VANS].append((at(rows, Event.READY), at(rows, Event.DISPATCHED)))
        stays["credit-note clerks"].append((at(rows, Event.CREDIT_NOTE_DUE), at(rows, Event.CREDIT_NOTE_MADE)))

    moments = [replay.day * DAY + hour * HOUR for hour in range(24)]
    for name, of in stays.items():
        assert replay.waiting[name] == [sum(came <= now < left and came < NEVER for came, left in of) for now in moments], name
    assert max(replay.waiting["packers"]) > 5


def test_the_busiest_measured_day_is_replayed(recorded: tuple[Experiment, RecordedLog, DayReplay]) -> None:
    experiment, log, replay = recorded
    waits = [(min(at(rows, Event.RELEASED), NEVER), min(at(rows, Event.PICK_STARTED), ended(rows))) for rows in orders_of(log)]
    waits += [(at(rows, Event.PICKED), min(at(rows, Event.PACK_STARTED), ended(rows))) for rows in orders_of(log)]
    most = {
        day: max(sum(came <= day * DAY + hour * HOUR < left for came, left in waits) for hour in range(24))
        for day in range(experiment.run.warm_up_days, experiment.run.days)
    }

    assert replay.day == max(most, key=most.__getitem__)


def test_what_happens_in_an_hour_is_counted_in_it(recorded: tuple[Experiment, RecordedLog, DayReplay]) -> None:
    _, log, replay = recorded
    rows = [row for row in log.full_log.rows() if row.time_ms is not None and row.time_ms // DAY == replay.day]

    def by_hour(kind: str, **cells: object) -> list[int]:
        chosen = [row for row in rows if row.event == kind and all(getattr(row, name) in values for name, values in cells.items())]
        return [sum(row.time_ms % DAY // HOUR == hour for row in chosen if row.time_ms is not None) for hour in range(24)]

    assert replay.counts["placed"] == by_hour("created")
    assert replay.counts["dispatched"] == by_hour("dispatched")
    assert replay.counts["cancelled by customers"] == by_hour("cancelled by customer")
    assert replay.counts["cancelled by the seller"] == by_hour("cancellation", canceller=("seller",), outcome=("allowed",))
    assert replay.counts["cancelled by Ajio"] == by_hour("cancellation", canceller=("Ajio",), outcome=("allowed",))
    assert replay.counts[REFUSED] == by_hour("cancellation", outcome=("refused", "fails on screen", "fails at packing", "unspecified"))
    assert sum(replay.counts["cancelled by the seller"]) > 0


def test_people_are_at_work_in_their_hours(recorded: tuple[Experiment, RecordedLog, DayReplay]) -> None:
    _, log, replay = recorded
    packing = [
        (at(rows, Event.PACK_STARTED), min(at(rows, Event.PACKED), at(rows, Event.PACKING_ERROR), ended(rows))) for rows in orders_of(log)
    ]

    assert replay.at_work["packers"] == [int(6 <= hour < 22) for hour in range(24)]
    assert replay.at_work["credit-note clerks"] == [2 * (10 <= hour < 18 and replay.day % 7 < 5) for hour in range(24)]
    for hour, busy in enumerate(replay.busy["packers"]):
        assert busy == sum(begun <= replay.day * DAY + hour * HOUR < done for begun, done in packing)


def test_blocks_of_orders_give_the_replay_of_the_whole(recorded: tuple[Experiment, RecordedLog, DayReplay]) -> None:
    experiment, log, replay = recorded

    assert replay_busiest_day(log.by_order(7), experiment) == replay
