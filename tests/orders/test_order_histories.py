"""Which orders are shown: those that differ most, the same ones every time, and each with all its rows."""

from collections import Counter
from itertools import pairwise

import pytest

from orders.log.columns import Event
from orders.log.event_log import Log
from orders.log.event_words import CAUSES
from orders.log.order_histories import OrderHistory, histories_of, select_diverse
from simulator.experiment.experiment import load
from simulator.study.simulate import simulate
from sop_engine import Outcome, Stage

MIXED = (
    "run.days=2", "run.warm_up_days=0", "ajio.orders_per_day=600", "ajio.customer_cancellation_share=0.1",
    "oms.seller_cancellation_share=0.3", "oms.seller_delay_hours_mean=5", "erp.learns_of_cancellation_share=0.0",
    "erp.invoice_lag_minutes_median=90",
)  # fmt: skip


@pytest.fixture(scope="module")
def log() -> Log:
    return simulate(load("partial_cancels", MIXED))


def words(lives: tuple[OrderHistory, ...]) -> set[tuple[str, ...]]:
    return {(row.event, row.outcome) for life in lives for row in life.rows}


def test_the_history_of_an_order_has_every_row_about_it(log):
    lives = list(histories_of(log))

    assert [life.number for life in lives] == list(range(1, lives[-1].number + 1))
    assert Counter(row for life in lives for row in life.rows) == Counter(row for row in log.rows() if row.order)
    for life in lives:
        placed, *_ = life.rows
        assert (placed.event, placed.invoicing, placed.units) == (Event.CREATED, life.invoicing, life.units)
        assert list(life.rows) == sorted(life.rows, key=lambda row: row.time_ms)


def test_few_orders_show_most_of_what_happened(log):
    """Every answer that the week knows, a packing error and a late e-invoice, in no more than a dozen orders of 1,200."""
    chosen = select_diverse(log, 12)

    assert {row.outcome for row in log.rows()} == {outcome for _, outcome in words(chosen)} >= set(Outcome) - {Outcome.UNSPECIFIED}
    assert (Event.PACKING_ERROR, "") in words(chosen)
    assert any(row.event == Event.INVOICED and row.stage == Stage.CANCELLED for life in chosen for row in life.rows)
    assert len({life.number for life in chosen}) == len(chosen)


def test_every_cause_of_a_cancellation_is_shown():
    changes = ("wms.missing_unit_share=0.01", "oms.unfulfillable_share=0.02", "ajio.technical_cancellation_share=0.02")
    log = simulate(load("partial_cancels", [*MIXED, *changes]))
    causes = {(row.invoicing, row.reason) for row in log.rows() if row.reason in CAUSES}

    assert {cause for _, cause in causes} >= {"missing units", "no stock", "technical issue", "step two after the packing error"}
    assert {(row.invoicing, row.reason) for life in select_diverse(log, 25) for row in life.rows} >= causes


def test_reasons_in_the_words_of_others_make_no_order_special(log):
    strange = Log.from_rows([row._replace(reason=f"{row.reason} {row.order}") if row.reason == "seller" else row for row in log.rows()])

    assert [life.number for life in select_diverse(strange, 12)] == [life.number for life in select_diverse(log, 12)]


def test_what_costs_the_client_work_comes_first(log):
    first, *_ = select_diverse(log, 5)

    assert Event.PACKING_ERROR in {row.event for row in first.rows}
    assert Event.CREDIT_NOTE_DUE in {row.event for row in first.rows}


def test_a_longer_choice_begins_with_the_shorter(log):
    assert select_diverse(log, 12)[:5] == select_diverse(log, 5)


def test_blocks_of_whole_orders_give_the_same_choice(log):
    """However they are cut."""
    numbers = log.columns["order"]
    cuts = [0, 100, 101, 900, int(numbers.max()) + 1]
    blocks = [log.take((numbers >= a) & (numbers < b)) for a, b in pairwise(cuts)]

    assert select_diverse(blocks, 40) == select_diverse(log, 40)
    assert list(histories_of(blocks)) == list(histories_of(log))


@pytest.mark.parametrize("count", [0, 1, 10_000])
def test_as_many_are_chosen_as_are_asked_for_or_there_are(log, count):
    chosen = select_diverse(log, count)

    assert len(chosen) == len({life.number for life in chosen}) == min(count, int(log.columns["order"].max()))


def test_a_log_without_orders_has_no_lives():
    empty = Log.from_rows([])

    assert select_diverse(empty, 5) == ()
    assert list(histories_of(empty)) == []
