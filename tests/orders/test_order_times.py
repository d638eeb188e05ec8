"""When and how often each kind of event happened to each order of a block."""

import numpy as np
import pytest

from orders.log.calendar import NEVER
from orders.log.columns import Event, EventRow
from orders.log.event_log import Log
from orders.log.order_times import OrderTimes
from sop_engine import Scope


def event(at: int, order: int, name: str, units: int = 0) -> EventRow:
    return EventRow(at, order, name, "WMS", "picker", units=units)


def request(at: int, order: int, scope: str, outcome: str, units: int) -> EventRow:
    return EventRow(at, order, "cancellation", "Assure OMS", "seller", canceller="seller", scope=scope, outcome=outcome, units=units)


ROWS = [
    EventRow(0, 0, "packers at work", "WMS", "warehouse", units=4),
    event(1, 3, "created", 2), event(2, 5, "created", 1), event(3, 6, "created", 3), event(4, 7, "created", 9),
    event(5, 3, "packed", 2), event(6, 3, "return received", 1), event(7, 3, "return received", 1),
    request(8, 5, "partial", "allowed", 1), request(9, 5, "full", "refused", 2), request(10, 5, "full", "allowed", 2),
    request(11, 5, "full", "without effect", 2), request(12, 6, "full", "allowed", 3), request(13, 6, "full", "allowed", 3),
    event(14, 7, "cancelled by customer", 9), request(15, 7, "full", "allowed", 9),
]  # fmt: skip


@pytest.fixture
def times() -> OrderTimes:
    return OrderTimes(Log.from_rows(ROWS))


def test_the_orders_are_without_gaps_from_the_first_to_the_last(times: OrderTimes) -> None:
    assert times.orders.tolist() == [3, 4, 5, 6, 7]
    assert times.first == 3
    assert times.at(Event.CREATED).tolist() == [1, NEVER, 2, 3, 4]
    assert times.occurred(Event.CREATED).tolist() == [True, False, True, True, True]


def test_an_order_may_have_the_number_one() -> None:
    assert OrderTimes(Log.from_rows([event(1, 1, "created", 2), event(2, 2, "created", 1)])).orders.tolist() == [1, 2]


def test_the_first_of_several_events_counts(times: OrderTimes) -> None:
    assert times.at(Event.RETURN_RECEIVED).tolist() == [6, NEVER, NEVER, NEVER, NEVER]
    assert times.occurrences(Event.RETURN_RECEIVED).tolist() == [2, 0, 0, 0, 0]
    assert times.at(Event.CANCELLATION).tolist() == [NEVER, NEVER, 8, 12, 15]
    assert times.at(Event.CREATED) is times.at(Event.CREATED), "it is computed once"


def test_rows_and_cells_are_those_of_the_event(times: OrderTimes) -> None:
    assert times.cells(Event.RETURN_RECEIVED, "time_ms").tolist() == [6, 7]
    assert times.cells(Event.CREATED, "units").tolist() == [2, 1, 3, 9]
    assert times.cells(Event.CREATED, "units").dtype == np.int64
    assert times.order_places(Event.CREATED).tolist() == [0, 2, 3, 4]
    assert times.cells(Event.PACKERS, "units").tolist() == [4]
    assert times.rows(Event.DISPATCHED).tolist() == []
    assert times.at(Event.DISPATCHED).tolist() == [NEVER] * 5


def test_units_are_added_up_by_order(times: OrderTimes) -> None:
    assert times.units(Event.CANCELLATION).tolist() == [0, 0, 7, 6, 9]
    assert times.units(Event.CANCELLATION, times.allowed(Scope.PARTIAL)).tolist() == [0, 0, 1, 0, 0]
    assert times.units(Event.CANCELLATION, times.allowed(Scope.FULL)).tolist() == [0, 0, 2, 6, 9]
    assert times.units(Event.CANCELLATION).dtype == np.int64


def test_an_order_ended_when_it_was_first_cancelled_in_full_by_anyone(times: OrderTimes) -> None:
    assert times.ended.tolist() == [NEVER, NEVER, 10, 12, 14]


def test_a_log_without_orders_has_none() -> None:
    assert OrderTimes(Log.from_rows(ROWS[:1])).orders.tolist() == []
