"""What is written as a file of any form is what is read from it, of simulated and of real orders."""

import csv
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from orders.log.columns import COLUMN_NAMES, Actor, CarriedOut, Event, EventRow, Lifecycle, Precision, System
from orders.log.event_log import Log
from orders.log.export.escaping import clean
from orders.log.export.formats import ENDINGS, LogFile, LogFormat, read_log
from orders.log.export.object_types import EVENTS_WITHOUT_ORDER
from orders.log.export.ocel_json import write_ocel_json
from orders.log.export.ocel_sqlite import write_ocel_sqlite
from orders.log.export.tables import write_log_csv, write_log_parquet, write_orders_csv, write_orders_parquet
from orders.log.export.xes import SHARED_COLUMNS, write_xes
from orders.log.order_blocks import CellTexts, OrderBlock
from orders.log.orders_table import OrderRow, OrdersTable
from orders.log.provenance import Provenance
from orders.log.timestamps import START_MS
from simulator.experiment.experiment import load, shipped_experiments
from simulator.study.identities import Identities
from simulator.study.log_files import provenance_of, write_log_files
from simulator.study.simulate import record_replication
from sop_engine import Canceller, EInvoice, Invoicing, Outcome, Scope, Stage
from tests.support.spoilt_logs import file_of

BY_ORDER = {LogFormat.XES: write_xes, LogFormat.OCEL_JSON: write_ocel_json, LogFormat.OCEL_SQLITE: write_ocel_sqlite}


def written(form: LogFormat, block: OrderBlock, provenance: Provenance, folder: Path) -> Path:
    """The log as a file, and for tables the orders beside it."""
    file = folder / f"log-x.{ENDINGS[form]}"
    beside = folder / f"orders-x.{ENDINGS[form]}"
    if form in BY_ORDER:
        BY_ORDER[form]([block], provenance, file)
    elif form is LogFormat.CSV:
        write_log_csv([block.log], file)
        write_orders_csv([block.orders], beside)
    else:
        write_log_parquet([block.log], provenance, file)
        write_orders_parquet([block.orders], beside)
    return file


def agree(form: LogFormat, actual: LogFile, block: OrderBlock, provenance: Provenance) -> None:
    assert list(actual.log.rows()) == list(block.log.rows())
    assert actual.log.digest() == block.log.digest()
    assert list(actual.orders.rows()) == list(block.orders.rows())
    assert actual.provenance == (None if form is LogFormat.CSV else provenance)


# Simulated orders


@pytest.mark.slow
@pytest.mark.parametrize("name", shipped_experiments())
@settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # a smaller seed is no simpler
@given(seed=st.integers(0, 2**63 - 1), replication=st.integers(0, 9999))
def test_a_simulated_log_comes_back_from_every_form(tmp_path_factory, name, seed, replication):
    base = load(name)
    sale = (1,) if name == "sale_days" else ()
    ajio = replace(base.ajio, orders_per_day=25, sale_days=sale, partial_cancellation_share=0.2, customer_cancellation_share=0.1)
    oms = replace(base.oms, unfulfillable_share=0.2, seller_cancellation_share=0.2)
    experiment = replace(base, run=replace(base.run, days=2, warm_up_days=0, seed=seed), ajio=ajio, oms=oms)
    done = record_replication(experiment, replication)
    block = Identities(seed, replication, done.teams).block(done.full_log)
    folder = tmp_path_factory.mktemp("logs")

    assert block.log.digest() == done.digest()
    for form in LogFormat:
        log_file, *_ = write_log_files(form, done, experiment, replication, folder, f"base-{replication:04}")
        agree(form, read_log(log_file), block, provenance_of(experiment, replication))


# Real orders: other clocks, unknown facts, documents, values, sources

TEXT = st.text(max_size=12).map(clean)
NAME = st.text(min_size=1, max_size=12).map(clean).filter(bool)
IDS = st.lists(st.sampled_from(["SC-ERP-FULL-1a", "AC-ERP-PART-1.3", "GAP-14", "GAP-40"]), max_size=3).map(" ".join)
TIME = st.integers(0, 4_102_444_800_000)


def word(kind: type) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *map(str, kind)])


@st.composite
def real_orders(draw: st.DrawFn) -> OrderBlock:
    ids = draw(st.lists(NAME, max_size=4, unique=True))
    orders = [
        OrderRow(
            number,
            f"order {order_id}",
            units=draw(st.integers(0, 9)),
            invoicing=draw(word(Invoicing)),
            seller_gstin=draw(TEXT),
            purchase_order=draw(TEXT),
            invoice_number=draw(TEXT.map(lambda text, number=number: text and f"invoice {number} {text}")),
            credit_note_number=draw(TEXT.map(lambda text, number=number: text and f"note {number} {text}")),
            **(draw(st.sampled_from([{}, {"customer_id": "c 1", "customer": "A. Name", "address": "Somewhere"}]))),
        )
        for number, order_id in enumerate(ids, 1)
    ]
    rows = [draw(real_row(order)) for order in orders for _ in range(draw(st.integers(1, 6)))]
    rows += [draw(real_row(None)) for _ in range(draw(st.integers(0, 3)))]
    return OrderBlock(Log.from_rows(rows), OrdersTable.from_rows(orders))


@st.composite
def real_row(draw: st.DrawFn, order: OrderRow | None) -> EventRow:
    event = draw(st.sampled_from([event for event in Event if (event in EVENTS_WITHOUT_ORDER) == (order is None)]))
    asked = event == Event.CANCELLATION
    return EventRow(
        time_ms=None,
        order=order.order if order else 0,
        event=str(event),
        system=draw(word(System)),
        actor=draw(word(Actor)),
        canceller=draw(word(Canceller)) if asked else "",
        scope=draw(word(Scope)) if asked else "",
        invoicing=order.invoicing if order else "",
        stage=draw(word(Stage)) if order else "",
        e_invoice=draw(word(EInvoice)) if order else "",
        outcome=draw(word(Outcome)) if asked else "",
        units=draw(st.integers(0, 9)),
        reason=draw(TEXT),
        because=draw(IDS),
        order_id=order.order_id if order else "",
        at=draw(TIME),
        precision=str(draw(st.sampled_from(Precision))),
        document=draw(TEXT) if order else "",
        value_paise=draw(st.none() | st.integers(-(10**12), 10**12)),
        carried_out=draw(word(CarriedOut)) if asked or event == Event.CANCELLED_BY_CUSTOMER else "",
        message_id=draw(TEXT),
        resource=draw(TEXT),
        lifecycle=str(draw(st.sampled_from(Lifecycle))),
        source=draw(TEXT),
        row=draw(st.none() | st.integers(1, 2**40)),
    )


@pytest.mark.slow
@pytest.mark.parametrize("form", LogFormat)
@settings(max_examples=40, deadline=None)
@given(block=real_orders(), name=NAME)
def test_a_log_of_real_orders_comes_back_from_every_form(tmp_path_factory, form, block, name):
    provenance = Provenance(name, "ab" * 32)

    agree(form, read_log(written(form, block, provenance, tmp_path_factory.mktemp("logs"))), block, provenance)


def test_a_log_with_more_kinds_of_rows_than_a_number_can_hold_is_written_too(tmp_path):
    row = EventRow(None, 1, "created", "Ajio", "customer", order_id="A", at=START_MS)
    many = [row._replace(at=START_MS + k, units=k * 2**44, reason=f"r {k}", because=f"GAP-{k}", resource=f"p {k}") for k in range(1, 200)]
    block = OrderBlock(Log.from_rows(many), OrdersTable.from_rows([OrderRow(1, "A", units=1)]))

    assert not CellTexts(SHARED_COLUMNS, block.log, str).fits
    agree(LogFormat.XES, read_log(written(LogFormat.XES, block, Provenance("x"), tmp_path)), block, Provenance("x"))


# Tables of others


def test_a_table_may_have_its_rows_and_columns_in_any_order_and_leave_out_what_is_empty(small, tmp_path):
    folder, block, _ = small
    table = pq.read_table(file_of(folder, LogFormat.PARQUET)).drop_columns(["source", "row", "message_id", "value_paise", "at"])
    names = sorted(table.column_names)
    shuffled = table.select(names).sort_by([("units", "ascending"), ("order", "descending")])
    plain = pa.table({name: shuffled[name].to_pylist() for name in names})  # no dictionaries, no metadata
    pq.write_table(plain, tmp_path / "log-x.parquet")
    with (tmp_path / "log-y.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(plain.to_pylist())

    for name in ("log-x.parquet", "log-y.csv"):
        log_file = read_log(tmp_path / name)
        assert list(log_file.log.rows()) == list(block.log.rows())
        assert (len(log_file.orders), log_file.provenance) == (0, None)


def test_the_csv_says_the_time_so_that_others_can_read_it(small):
    with file_of(small[0], LogFormat.CSV).open(encoding="utf-8", newline="") as stream:
        first, *_ = csv.DictReader(stream)

    assert list(first) == [*COLUMN_NAMES, "activity"]
    assert first["at"] == "2026-01-04T18:30:00.000Z" or first["at"] > "2026-01-04T18:30"
    assert (first["value_paise"], first["row"], first["precision"]) == ("", "", "ms")


def test_a_log_that_is_read_can_be_measured_as_the_one_that_was_written(small):
    folder, block, _ = small
    for form in LogFormat:
        log = read_log(file_of(folder, form)).log
        assert log.clock == "time_ms"
        assert log.column("at").tolist() == (block.log.columns["time_ms"] + START_MS).tolist()
