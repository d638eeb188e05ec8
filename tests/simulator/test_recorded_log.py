"""A log that is read in blocks, by order or in time, is the log that is read as a whole."""

from dataclasses import asdict, replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from orders.log.calendar import MINUTE, NEVER
from orders.log.columns import Event
from orders.log.event_log import Digest, Log
from orders.log.export.formats import LogFormat, read_log
from simulator.analysis.checks import check
from simulator.analysis.measures import measure
from simulator.experiment.experiment import load, shipped_experiments
from simulator.model.draws import return_draws
from simulator.model.draws.order_draws import draw_orders
from simulator.study import recorded_log as blocks
from simulator.study.event_track import PIECE, EventTrack
from simulator.study.identities import Identities
from simulator.study.log_files import write_log_files
from simulator.study.recorded_log import RecordedLog
from simulator.study.replication import Job, replicate
from simulator.study.simulate import record_replication, run_processes

HUGE = 10**9


def small(name, orders_per_day=40):
    """A shipped experiment with few orders of which much is asked."""
    base = load(name)
    ajio = replace(base.ajio, orders_per_day=orders_per_day, sale_days=(1,) if name == "sale_days" else (), partial_cancellation_share=0.2)
    return replace(base, run=replace(base.run, days=3, warm_up_days=1), ajio=ajio, oms=replace(base.oms, unfulfillable_share=0.2))


@pytest.fixture
def never_whole(monkeypatch):
    """However few orders there are, they are not kept as one log."""
    monkeypatch.setattr(blocks, "ORDERS", 0)


def rows_of(logs):
    return [row for log in logs for row in log.rows()]


@pytest.mark.slow
@pytest.mark.usefixtures("never_whole")
@pytest.mark.parametrize("name", shipped_experiments())
def test_the_blocks_of_every_experiment_are_its_log(name):
    done = record_replication(small(name))
    rows = list(done.full_log.rows())
    last = max(row.order for row in rows)

    assert len(done) == len(rows)
    assert done.digest() == done.full_log.digest() == replicate(Job("base", small(name), 0)).digest
    assert rows_of(done.by_time(400)) == rows
    for orders in (7, HUGE):
        by_order = list(done.by_order(orders))
        assert len(by_order) == -(-last // orders)
        for k, log in enumerate(by_order):
            numbers = range(k * orders + 1, min((k + 1) * orders, last) + 1)
            assert list(log.rows()) == [row for row in rows if row.order in numbers or (not row.order and not k)]


@pytest.mark.usefixtures("never_whole")
def test_blocks_of_one_row_and_of_one_order():
    done = record_replication(small("partial_cancels", 10))
    rows = list(done.full_log.rows())

    assert [len(log) for log in done.by_time(1)] == [1] * len(rows)
    assert rows_of(done.by_time(1)) == rows_of(done.by_time(7)) == rows_of(done.by_time(HUGE)) == rows
    assert max(map(len, done.by_time(7))) <= 7
    assert [{*log.columns["order"].tolist()} - {0} for log in done.by_order(1)] == [
        {k} for k in range(1, max(row.order for row in rows) + 1)
    ]


def test_a_few_orders_are_made_rows_of_only_once():
    done = record_replication(small("partial_cancels"))

    assert [*done.by_order()] == [*done.by_order()] == [done.full_log]
    assert rows_of(done.by_time(7)) == list(done.full_log.rows())


def test_a_replication_without_orders_has_a_log(monkeypatch):
    experiment = replace(load("ordinary_week_erp", ["run.days=1", "run.warm_up_days=0", "ajio.orders_per_day=1"]))
    number = next(k for k in range(100) if not len(draw_orders(experiment, k).created))
    for orders in (blocks.ORDERS, 0):
        monkeypatch.setattr(blocks, "ORDERS", orders)
        done = record_replication(experiment, number)

        assert len(done) == 4
        assert rows_of(done.by_order()) == rows_of(done.by_time(1)) == list(done.full_log.rows())
        assert measure(done.by_order(), experiment) == {"orders": 0.0}
        assert all(result.holds for result in check(done.by_order(), experiment))


@pytest.mark.slow
@pytest.mark.usefixtures("never_whole")
def test_measures_and_checks_do_not_depend_on_the_blocks():
    experiment = small("partial_cancels")
    done = record_replication(experiment)
    measured, checked = measure([done.full_log], experiment), check([done.full_log], experiment)

    assert len(measured) > 30
    for orders in (1, 7, HUGE):
        assert measure(done.by_order(orders), experiment) == measured
        assert check(done.by_order(orders), experiment) == checked


def test_the_digest_is_of_every_cell_and_not_of_the_words_at_hand():
    done = record_replication(small("partial_cancels"))
    log = done.full_log
    rows = list(log.rows())
    digests = {log.digest()}
    changes = {"time_ms": 1, "order": 999, "event": "packed", "outcome": "refused", "units": 17, "reason": "another", "because": "GAP-1"}
    for name, cell in changes.items():
        digests.add(Log.from_rows([*rows[:3], rows[3]._replace(**{name: cell}), *rows[4:]]).digest())
    reasons = log.columns["reason"]
    wordy = Log(
        {**log.columns, "reason": np.where(reasons >= 0, reasons + 1, reasons)}, {**log.texts, "reason": ("!", *log.texts["reason"])}
    )
    empty = Digest()
    empty.add(log.take(slice(0, 0)))

    assert len(digests) == 8
    assert wordy.digest() == log.digest()
    assert empty.hexdigest() == Digest().hexdigest() != log.digest()


@pytest.mark.slow
@pytest.mark.usefixtures("never_whole")
def test_every_form_is_written_from_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(RecordedLog.by_time, "__defaults__", (500,))
    monkeypatch.setattr(RecordedLog.by_order, "__defaults__", (13,))
    experiment = small("partial_cancels")
    done = record_replication(experiment)
    identities = Identities(experiment.run.seed, 0, done.teams)
    rows, orders = list(identities.with_ids(done.full_log).rows()), list(identities.orders(done.full_log).rows())
    written = {form: write_log_files(form, done, experiment, 0, tmp_path, "base-0000") for form in LogFormat}

    for files in written.values():
        actual = read_log(files[0])
        assert list(actual.log.rows()) == rows
        assert list(actual.orders.rows()) == orders
    assert pq.ParquetFile(written[LogFormat.PARQUET][0]).metadata.num_row_groups == len(list(done.by_time(500))) > 3
    assert {file.name for files in written.values() for file in files} == {file.name for file in tmp_path.iterdir()}


def test_a_file_that_fails_half_way_is_not_there(tmp_path, monkeypatch):
    done = record_replication(small("partial_cancels"))

    def broken(logs):
        yield next(logs)
        raise ValueError("broken")

    by_time = done.by_time
    monkeypatch.setattr(done, "by_time", lambda: broken(by_time(100)))
    for form in (LogFormat.PARQUET, LogFormat.CSV):
        with pytest.raises(ValueError, match="broken"):
            write_log_files(form, done, small("partial_cancels"), 0, tmp_path, "x")

    assert not list(tmp_path.iterdir())


# Tracks


def track(times, **more):
    return EventTrack(Event.PACKED, np.array(times, dtype=np.int64), **more)


def test_a_track_finds_by_order_and_by_time_what_really_happened():
    ended = np.array([NEVER, 5, 100, NEVER], dtype=np.int64)
    every = track([3, 5, NEVER, 9], before=ended)

    assert every.of_orders(0, 4).tolist() == [0, 3]
    assert every.of_orders(1, 3).tolist() == []
    assert every.between(3, 9).tolist() == [0]
    assert every.between(0, NEVER).tolist() == [0, 3]
    assert every.count(5).tolist() == [1, 1]
    assert track([NEVER]).last == -1
    assert track([]).between(0, NEVER).tolist() == []


def test_a_track_of_some_orders_knows_whose_its_entries_are():
    entries = track([8, 2, NEVER, 5], orders=np.array([1, 4, 4, 7]))

    assert entries.of_orders(4, 7).tolist() == [1]
    assert entries.order_places(entries.between(2, 6)).tolist() == [4, 7]


def test_a_track_looks_into_every_piece_that_may_hold_the_time():
    times = np.arange(3 * PIECE + 5, dtype=np.int64) * 2
    times[::3] = NEVER
    many = track(times)
    start, end = PIECE * 2 - 7, PIECE * 4 + 9

    assert many.between(start, end).tolist() == [k for k, at in enumerate(times.tolist()) if start <= at < end]
    assert many.count(MINUTE).sum() == (times < NEVER).sum() == len(many.of_orders(0, len(times)))


def test_returns_are_the_same_whatever_the_pieces_they_are_drawn_in(monkeypatch):
    at_once = record_replication(small("returns_rsi")).digest()
    monkeypatch.setattr(return_draws, "PIECE", 17)

    assert record_replication(small("returns_rsi")).digest() == at_once


def test_a_simulation_changes_none_of_its_random_draws():
    experiment = small("partial_cancels")
    draws, again = draw_orders(experiment, 0), draw_orders(experiment, 0)
    done = RecordedLog(experiment, run_processes(experiment, draws))

    assert len(done)
    np.testing.assert_equal(asdict(draws), asdict(again))
