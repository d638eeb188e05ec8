"""An audit of what a simulated log shows has the answers, duties and makings that the log itself has."""

import os

import pytest

from orders.audit.audit import audit
from orders.audit.rows.days import day_at
from orders.log.columns import Event
from simulator.experiment.experiment import load
from simulator.study.simulate import simulate
from sop_engine import TaskKey
from tests.support.audit_logs import lives, log_tables

EXPERIMENTS = (
    "ordinary_week_erp",
    "ordinary_week_rms",
    "erp_against_rms",
    "erp_outage",
    "partial_cancels",
    "returns_rsi",
    "sale_days",
    "sla_squeeze",
)
NIGHT = os.environ.get("NIGHTLY") == "1"
SEEDS = range(20) if NIGHT else range(1)
RUNS = [(name, seed) for name in (EXPERIMENTS if NIGHT else ("partial_cancels", "erp_outage")) for seed in SEEDS]


def log_of(name, seed):
    return simulate(load(name), replication=seed)


def answered(result):
    """Outcome of each request, by order and place."""
    return {divmod(row["row"], 1000): row["outcome"] for row in result.answers.to_pylist()}


def outcomes(orders):
    """The same from the log."""
    asked = {
        order: [event for event in events if event.event in (Event.CANCELLATION, Event.CANCELLED_BY_CUSTOMER)]
        for order, events in orders.items()
    }
    return {(order, number): event.outcome for order, events in asked.items() for number, event in enumerate(events) if event.outcome}


def duties(orders):
    """Of each order with a credit note due: when, why, and the day on which it was made."""
    due = {}
    for order, events in orders.items():
        for event in events:
            if event.event == Event.CREDIT_NOTE_DUE:
                made = next((day_at(other.at) for other in events if other.event == Event.CREDIT_NOTE_MADE), None)
                assert order not in due
                due[order] = (event.at, set(event.ids), made)
    return due


def found_duties(result):
    credit_notes = [duty for duty in result.context.duties if duty.arisen.task == TaskKey.CREDIT_NOTE]
    keys = result.context.evidence.orders.keys
    return {int(keys[duty.arisen.order]): (duty.arisen.at, set(duty.arisen.ids), duty.done_on) for duty in credit_notes}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seed"), RUNS)
def test_answers_duties_and_makings_are_those_of_the_log(name, seed):
    orders = lives(log_of(name, seed))

    result = audit(log_tables(orders))

    assert answered(result) == outcomes(orders)
    assert found_duties(result) == duties(orders)
    assert {row["rule"] for row in result.findings.to_pylist()} <= {"C-3", "C-5", "C-7", "D-1", "R-1", "R-2"}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seed"), RUNS)
def test_from_times_and_units_alone_every_answer_that_is_certain_is_that_of_the_log(name, seed):
    """Undecided is only what depends on the order of two events of the same millisecond."""
    orders = lives(log_of(name, seed))

    result = audit(log_tables(orders, stated=False))

    actual, expected = answered(result), outcomes(orders)
    assert actual.keys() == expected.keys()
    for (order, number), outcome in actual.items():
        if outcome is None:
            assert in_one_moment(orders[order], number), (order, number)
        else:
            assert outcome == expected[order, number], (order, number)
    certain = {order: duty for order, duty in found_duties(result).items() if order in duties(orders)}
    open_ones = {int(row["order_text"]) for row in result.duties.to_pylist() if row["status"] == "uncertain"}
    assert {order: duty[0] for order, duty in certain.items() if order not in open_ones} == {
        order: duty[0] for order, duty in duties(orders).items() if order not in open_ones
    }


def in_one_moment(events, number):
    """Whether another event of the order is in the millisecond of its request, or of an earlier one."""
    asked = [event for event in events if event.event in (Event.CANCELLATION, Event.CANCELLED_BY_CUSTOMER)][: number + 1]
    return any(event is not request and event.at == request.at for request in asked for event in events)
