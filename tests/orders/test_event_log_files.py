"""What is written as a file of any form is what is read from it, of simulated and of real orders; what is no log is refused in words."""

import csv
import json
import os
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from orders.arrivals import read_arrivals
from orders.log.arrays import NumberedTexts
from orders.log.calendar import NEVER
from orders.log.columns import COLUMN_NAMES, COLUMNS, Actor, CarriedOut, Event, EventRow, Lifecycle, Precision, System
from orders.log.errors import EventLogError
from orders.log.event_log import Log
from orders.log.event_words import EVENT_WORDS, reason_in_words, sentence_of, short_form_of
from orders.log.export import arrow
from orders.log.export.escaping import clean
from orders.log.export.formats import ENDINGS, LARGEST_LOG, LogFile, LogFormat, read_log
from orders.log.export.object_types import EVENTS_WITHOUT_ORDER
from orders.log.export.ocel_json import write_ocel_json
from orders.log.export.ocel_sqlite import write_ocel_sqlite
from orders.log.export.tables import write_log_csv, write_log_parquet, write_orders_csv, write_orders_parquet
from orders.log.export.xes import SHARED_COLUMNS, write_xes
from orders.log.order_blocks import CellTexts, OrderBlock
from orders.log.order_times import OrderTimes
from orders.log.orders_table import OrderRow, OrdersTable
from orders.log.provenance import Provenance
from orders.log.timestamps import START_MS
from simulator.experiment.experiment import load, shipped_experiments
from simulator.study.identities import Identities
from simulator.study.log_files import provenance_of, write_log_files
from simulator.study.simulate import record_replication
from sop_engine import Canceller, EInvoice, Invoicing, Outcome, Scope, Stage
from sop_engine.input_files import UnreadableFileError

ROOT = Path(__file__).parents[2]
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


def agree(form: LogFormat, found: LogFile, block: OrderBlock, provenance: Provenance) -> None:
    assert list(found.log.rows()) == list(block.log.rows())
    assert found.log.digest() == block.log.digest()
    assert list(found.orders.rows()) == list(block.orders.rows())
    assert found.provenance == (None if form is LogFormat.CSV else provenance)


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


def test_a_log_with_more_kinds_of_rows_than_a_number_can_tell_apart_is_written_all_the_same(tmp_path):
    row = EventRow(None, 1, "created", "Ajio", "customer", order_id="A", at=START_MS)
    many = [row._replace(at=START_MS + k, units=k * 2**44, reason=f"r {k}", because=f"GAP-{k}", resource=f"p {k}") for k in range(1, 200)]
    block = OrderBlock(Log.from_rows(many), OrdersTable.from_rows([OrderRow(1, "A", units=1)]))

    assert not CellTexts(SHARED_COLUMNS, block.log, str).fits
    agree(LogFormat.XES, read_log(written(LogFormat.XES, block, Provenance("x"), tmp_path)), block, Provenance("x"))


# Tables of others


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> tuple[Path, OrderBlock, Provenance]:
    experiment = load("partial_cancels", ["run.days=2", "run.warm_up_days=0", "ajio.orders_per_day=40"])
    folder = tmp_path_factory.mktemp("small")
    for form in LogFormat:
        write_log_files(form, record_replication(experiment), experiment, 0, folder, "base-0000")
    recorded = record_replication(experiment)
    return folder, Identities(1, 0, recorded.teams).block(recorded.full_log), provenance_of(experiment, 0)


def file_of(folder: Path, form: LogFormat) -> Path:
    return folder / f"log-base-0000.{ENDINGS[form]}"


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
        found = read_log(tmp_path / name)
        assert list(found.log.rows()) == list(block.log.rows())
        assert (len(found.orders), found.provenance) == (0, None)


def test_the_csv_says_the_time_so_that_others_can_read_it(small):
    with file_of(small[0], LogFormat.CSV).open(encoding="utf-8", newline="") as stream:
        first, *_ = csv.DictReader(stream)

    assert list(first) == [*COLUMN_NAMES, "activity"]
    assert first["at"] == "2026-01-04T18:30:00.000Z" or first["at"] > "2026-01-04T18:30"
    assert (first["value_paise"], first["row"], first["precision"]) == ("", "", "ms")


def test_a_log_that_is_read_can_be_measured_as_the_one_that_was_written(small):
    folder, block, _ = small
    for form in LogFormat:
        found = read_log(file_of(folder, form)).log
        assert found.clock == "time_ms"
        assert found.column("at").tolist() == (block.log.columns["time_ms"] + START_MS).tolist()


# What is no log


def spoil_csv(file: Path, change) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows = change(rows) or rows
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def cell(place: int, **cells: str):
    return lambda rows: rows[place].update(cells)


def without(*names: str):
    return lambda rows: [{name: value for name, value in row.items() if name not in names} for row in rows]


def version_1(rows):
    return [{**{name: row[name] for name in COLUMN_NAMES[:12]}, "detail": ""} for row in rows]


BAD_CSV = {
    "an unknown word": (cell(2, event="packt"), "row 3, `event`: unknown word `packt`; did you mean `packed`?"),
    "no number": (cell(0, units="two"), "row 1, `units`: must be a whole number from 0, got 'two'"),
    "a negative number": (cell(4, units="-1"), "row 5, `units`: must be a whole number from 0, got '-1'"),
    "no event": (cell(3, event=""), "row 4, `event`: must not be empty"),
    "no order": (cell(3, order=""), "row 4, `order`: must not be empty"),
    "a time without zone": (cell(1, at="2026-01-05T03:30:00.000"), "row 2, `at`: must be a time with its zone"),
    "another time": (cell(1, at="2026-01-05T03:30:00.000Z"), "row 2: `time_ms` and `at` are different times"),
    "a missing clock": (cell(6, time_ms=""), "row 7, `time_ms`: empty, though other rows have it"),
    "no time at all": (lambda rows: [row | {"time_ms": "", "at": ""} for row in rows], "row 1, `at`: must not be empty where there is no"),
    "a missing column": (without("stage"), "has no column `stage`; give the file of a log"),
    "an unknown column": (lambda rows: [row | {"reasons": ""} for row in rows], "has the unknown column `reasons`; did you mean `reason`?"),
    "version 1": (version_1, "has version 1 of the event log, which is no longer read; write it again"),
}


@pytest.mark.parametrize("what", BAD_CSV)
def test_what_is_wrong_in_a_table_is_told_with_place_reason_and_remedy(small, tmp_path, what):
    change, expected = BAD_CSV[what]
    file = tmp_path / "log-x.csv"
    file.write_bytes(file_of(small[0], LogFormat.CSV).read_bytes())
    spoil_csv(file, change)

    with pytest.raises(EventLogError) as caught:
        read_log(file)
    assert str(caught.value).startswith(f"{file.as_posix()}: {expected}")
    assert "; " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_table_of_orders_of_version_1_is_refused(small, tmp_path):
    for what in ("log", "orders"):
        (tmp_path / f"{what}-x.csv").write_bytes((small[0] / f"{what}-base-0000.csv").read_bytes())
    spoil_csv(tmp_path / "orders-x.csv", without("customer_id", "credit_note_number"))

    with pytest.raises(EventLogError, match=r"orders-x\.csv: has version 1"):
        read_log(tmp_path / "log-x.csv")


def parquet_of_version(version: int | None):
    def spoil(file: Path) -> None:
        table = pq.read_table(file)
        if version == 1:
            table = table.rename_columns([{"reason": "detail", "because": "x"}.get(name, name) for name in table.column_names])
        about = {} if version is None else {"event_log": json.dumps({"version": version, "name": "x"})}
        pq.write_table(table.replace_schema_metadata(about), file)

    return spoil


def text(old: str, new: str):
    def spoil(file: Path) -> None:
        content = file.read_text(encoding="utf-8")
        assert old in content
        file.write_text(content.replace(old, new, 1), encoding="utf-8")

    return spoil


def sql(*statements: str):
    def spoil(file: Path) -> None:
        with closing(sqlite3.connect(file)) as database:
            for statement in statements:
                database.execute(statement)
            database.commit()

    return spoil


def json_change(change):
    def spoil(file: Path) -> None:
        plain = json.loads(file.read_text(encoding="utf-8"))
        change(plain)
        file.write_text(json.dumps(plain), encoding="utf-8")

    return spoil


def metadata(content: str | bytes):
    def spoil(file: Path) -> None:
        pq.write_table(pq.read_table(file).replace_schema_metadata({"event_log": content}), file)

    return spoil


def recast(name: str, cells: pa.Array):
    def spoil(file: Path) -> None:
        table = pq.read_table(file)
        column = pa.concat_arrays([cells] * len(table))
        pq.write_table(table.set_column(table.column_names.index(name), name, column), file)

    return spoil


def damaged_pages(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[40:4000] = b"\xff" * 3960
    file.write_bytes(bytes(raw))


def encoding(name: str):
    return text('encoding="UTF-8"', f'encoding="{name}"')


NOT_UTF8 = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe"))
OLD, NEW = "has version 1 of the event log", "has version 3 of the event log, expected version 2"
BAD_FILES = {
    **{
        f"parquet metadata {content[:80]!r}": (LogFormat.PARQUET, metadata(content), reason)
        for content, reason in {
            "{bad": "`event_log`: it is not JSON",
            b"\xff\xfe": "`event_log`: it is not UTF-8 text",
            "": "`event_log`: it is empty",
            "[]": "`event_log`: it is not an object",
            '"x"': "`event_log`: it is not an object",
            "5": "`event_log`: it is not an object",
            "null": "`event_log`: it is not an object",
            "[" * 100_000: "`event_log`: it is nested too deeply",
            '{"version": 2, "name": "x", "more": 1}': "`event_log`: `more` is unknown",
            '{"version": 2}': "`event_log`: `name` is missing",
            '{"version": 2, "name": 5}': "`event_log`: `name` must be text",
            '{"version": 2, "name": "x", "seed": "1"}': "`event_log`: `seed` must be a whole number",
            '{"version": 2, "name": "x", "replication": true}': "`event_log`: `replication` must be a whole number",
            '{"version": "2", "name": "x"}': OLD,
            "{}": OLD,
        }.items()
    },
    "parquet damaged pages": (LogFormat.PARQUET, damaged_pages, "is not a Parquet file that can be read"),
    "parquet lists": (LogFormat.PARQUET, recast("units", pa.array([[1]])), "is not a Parquet file that can be read"),
    "parquet not UTF-8": (LogFormat.PARQUET, recast("actor", NOT_UTF8), "is not a Parquet file that can be read"),
    "parquet late date": (LogFormat.PARQUET, recast("at", pa.array([2**31 - 1], pa.date32())), "is not a Parquet file that can"),
    "csv not UTF-8": (
        LogFormat.CSV,
        lambda file: file.write_bytes(file.read_bytes().replace(b"customer", b"\xff\xfe")),
        "is not a CSV file",
    ),
    "csv long header": (LogFormat.CSV, lambda file: file.write_text("x" * 1_000_000), "has no column `at`"),
    "csv column twice": (LogFormat.CSV, text("time_ms,", "time_ms,units,"), "has the column `units` twice"),
    "xes encoding": (LogFormat.XES, encoding("nonsense"), "is not XML that can be read"),
    "xes codec": (LogFormat.XES, encoding("idna"), "is not XML that can be read"),
    "xes binary codec": (LogFormat.XES, encoding("base64"), "is not XML that can be read"),
    "xes wide codec": (LogFormat.XES, encoding("utf-32"), "is not XML that can be read"),
    "json key twice": (LogFormat.OCEL_JSON, text('"objects":', '"events": [], "objects":'), "an object has the key `events` twice"),
    "json key of an event twice": (LogFormat.OCEL_JSON, text('"id":', '"id":"x","id":'), "an object has the key `id` twice"),
    "json not a number": (LogFormat.OCEL_JSON, text('"objects":', '"more": NaN, "objects":'), "`NaN` is not a number"),
    "json too large a number": (LogFormat.OCEL_JSON, text('"objects":', '"more": 1e999, "objects":'), "the number `1e999` is too large"),
    "json half a character": (LogFormat.OCEL_JSON, text('"objects":', '"more": "\\ud83d", "objects":'), "half a surrogate pair"),
    "json not UTF-8": (LogFormat.OCEL_JSON, lambda file: file.write_bytes(b'{"\xff": 1}'), "it is not UTF-8 text (byte 3)"),
    "json empty": (LogFormat.OCEL_JSON, lambda file: file.write_bytes(b" "), "it is empty"),
    "json 101 lists": (LogFormat.OCEL_JSON, text('"objects":', f'"more": {"[" * 100}{"]" * 100}, "objects":'), "it is nested too deeply"),
    "json object twice": (LogFormat.OCEL_JSON, json_change(lambda plain: plain["objects"].append(plain["objects"][-1])), "is given twice"),
    "json event twice": (LogFormat.OCEL_JSON, json_change(lambda plain: plain["events"].append(plain["events"][-1])), "is given twice"),
    "json deep": (LogFormat.OCEL_JSON, lambda file: file.write_text("[" * 1_000_000), "is not OCEL 2.0 in JSON"),
    "json list as an id": (
        LogFormat.OCEL_JSON,
        json_change(lambda plain: plain["events"][-1]["relationships"][0].update(objectId=["x"])),
        "is not OCEL 2.0 in JSON",
    ),
    "sqlite name not UTF-8": (
        LogFormat.OCEL_SQLITE,
        lambda file: file.write_bytes(file.read_bytes().replace(b"event_map_type", b"event_\xff\xfe_type")),
        "is not OCEL 2.0 in SQLite",
    ),
    "sqlite endless view": (
        LogFormat.OCEL_SQLITE,
        sql(
            "DROP TABLE object_object",
            "CREATE VIEW object_object AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
            " SELECT i AS ocel_source_id, i AS ocel_target_id, i AS ocel_qualifier FROM n",
        ),
        "it has a view",
    ),
    "parquet 1": (LogFormat.PARQUET, parquet_of_version(1), OLD),
    "parquet 3": (LogFormat.PARQUET, parquet_of_version(3), NEW),
    "parquet cut off": (LogFormat.PARQUET, lambda file: file.write_bytes(file.read_bytes()[:-9]), "is not a Parquet file that can be read"),
    "xes 1": (LogFormat.XES, text('key="log_version" value="2"', 'key="log_version" value="1"'), OLD),
    "xes without version": (LogFormat.XES, text('<int key="log_version" value="2"/>', ""), OLD),
    "xes 3": (LogFormat.XES, text('key="log_version" value="2"', 'key="log_version" value="3"'), NEW),
    "xes cut off": (LogFormat.XES, lambda file: file.write_bytes(file.read_bytes()[:-30]), "is not XML that can be read"),
    "another xml": (LogFormat.XES, lambda file: file.write_text("<a/>"), "its root is `a`, expected the `log` of XES"),
    "xes word": (LogFormat.XES, text('key="stage" value="CREATED"', 'key="stage" value="CREATE"'), "unknown word `CREATE`; did you mean"),
    "xes event": (LogFormat.XES, text('key="concept:name" value="created"', 'key="concept:name" value="?"'), "`event`: unknown word `?`"),
    "xes time": (LogFormat.XES, text('"time:timestamp" value="2026', '"time:timestamp" value="20x6'), "must be a time with its zone"),
    "xes attribute": (
        LogFormat.XES,
        text('key="org:role" value="customer"', 'key="org:roll" value="customer"'),
        "unknown attribute `org:roll`",
    ),
    "xes order": (
        LogFormat.XES,
        text('<int key="order" value="1"/>', '<int key="order" value="one"/>'),
        "trace 1, `order`: must be a whole",
    ),
    "json 1": (LogFormat.OCEL_JSON, json_change(lambda plain: plain["objects"].pop()), OLD),
    "json cut off": (LogFormat.OCEL_JSON, lambda file: file.write_bytes(file.read_bytes()[:-9]), "is not OCEL 2.0 in JSON"),
    "another json": (LogFormat.OCEL_JSON, lambda file: file.write_text("[1]"), "is not OCEL 2.0 in JSON"),
    "json bond": (LogFormat.OCEL_JSON, text('"qualifier":"placed by"', '"qualifier":"of"'), "is not a relation in a log"),
    "json type": (LogFormat.OCEL_JSON, json_change(lambda plain: plain["events"][3].update(type="new")), "`event`: unknown word `new`"),
    "json order": (
        LogFormat.OCEL_JSON,
        json_change(lambda plain: plain["events"][-1]["relationships"][0].update(objectId="nobody")),
        "concerns `nobody`, which is not an order",
    ),
    "sqlite 1": (LogFormat.OCEL_SQLITE, sql("PRAGMA user_version = 1"), OLD),
    "sqlite 3": (LogFormat.OCEL_SQLITE, sql("PRAGMA user_version = 3"), NEW),
    "another database": (LogFormat.OCEL_SQLITE, sql("DROP TABLE event_map_type"), "is not OCEL 2.0 in SQLite"),
    "no database": (LogFormat.OCEL_SQLITE, lambda file: file.write_text("hello " * 99), "is not OCEL 2.0 in SQLite"),
    "sqlite word": (LogFormat.OCEL_SQLITE, sql("UPDATE event_Packed SET actor = 'pakker'"), "`actor`: unknown word `pakker`; did you mean"),
    "sqlite number": (LogFormat.OCEL_SQLITE, sql("UPDATE event_Packed SET units = 'x'"), "`units`: must be a whole number from 0"),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_file_that_is_no_log_of_this_version_is_refused_in_words(small, tmp_path, what):
    form, spoil, expected = BAD_FILES[what]
    file = tmp_path / f"log-x.{ENDINGS[form]}"
    file.write_bytes(file_of(small[0], form).read_bytes())
    spoil(file)

    with pytest.raises(EventLogError) as caught:
        read_log(file)
    assert expected in str(caught.value)
    assert str(caught.value).startswith(f"{file.as_posix()}: ")
    assert "; " in str(caught.value)
    assert "\n" not in str(caught.value)


def pipe(file: Path) -> None:
    os.mkfifo(file)


def endless_device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def folder(file: Path) -> None:
    file.mkdir()


def monster(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(LARGEST_LOG + 1)  # without content on the disk


@pytest.mark.parametrize("make", [pipe, endless_device, folder], ids=lambda make: make.__name__)
@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_a_journal_of_sqlite_that_is_no_file_is_refused_before_it_is_opened(small, tmp_path, ending, make):
    log = tmp_path / f"log-x.{ENDINGS[LogFormat.OCEL_SQLITE]}"
    log.write_bytes(file_of(small[0], LogFormat.OCEL_SQLITE).read_bytes())
    make(log.with_name(f"{log.name}{ending}"))

    with pytest.raises(UnreadableFileError, match="is not a regular file; remove it"):
        read_log(log)


@pytest.mark.parametrize("make", [pipe, endless_device, folder, monster], ids=lambda make: make.__name__)
@pytest.mark.parametrize("name", [*(f"log-x.{ending}" for ending in ENDINGS.values()), "orders-x.csv", "orders-x.parquet"])
def test_a_pipe_device_folder_or_monster_is_refused_before_it_is_opened(small, tmp_path, name, make):
    make(tmp_path / name)
    log = tmp_path / name.replace("orders-", "log-")
    if not log.exists():
        log.write_bytes((small[0] / name.replace("orders-x", "log-base-0000")).read_bytes())

    for read in (read_log, read_arrivals):
        with pytest.raises(UnreadableFileError, match="it has more than" if make is monster else "it is not a regular file") as caught:
            read(log)
        assert str(caught.value).startswith(f"{(tmp_path / name).as_posix()}: ")
        assert str(caught.value).endswith("; give the file of a log")


BAD_ORDERS = {
    "orders-x.parquet": (b"PAR1garbage", b"PAR1garbagePAR1", b"", b"\0" * 9),
    "orders-x.csv": (b"\xff\xfe\n1,2\n", b"order,order_id\n1,\xff\n", b"order\n" + b"x" * 200_000 + b"\n", b"order\n1,2,3\n", b'"'),
}


@pytest.mark.parametrize(("name", "content"), [(name, content) for name, contents in BAD_ORDERS.items() for content in contents])
def test_a_damaged_table_of_orders_is_one_error_with_its_name(small, tmp_path, name, content):
    log = tmp_path / name.replace("orders-", "log-")
    log.write_bytes((small[0] / name.replace("orders-x", "log-base-0000")).read_bytes())
    (tmp_path / name).write_bytes(content)

    if content == b'"':  # a header without rows
        assert len(read_log(log).orders) == 0
        return
    with pytest.raises(EventLogError) as caught:
        read_log(log)
    assert str(caught.value).startswith(f"{(tmp_path / name).as_posix()}: ")
    assert "; " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_message_is_short_and_printable(small, tmp_path):
    file = tmp_path / "log-x.csv"
    file.write_bytes(file_of(small[0], LogFormat.CSV).read_bytes())
    spoil_csv(file, cell(2, event="\x1b[31m" + "x" * 10_000))

    with pytest.raises(EventLogError) as caught:
        read_log(file)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1_000


def test_a_log_that_does_not_fit_into_memory_is_refused(small, monkeypatch):
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("orders.log.export.ocel_reader.parse_json", full)
    with pytest.raises(EventLogError, match="is too large for the memory of this machine; give a part of the log"):
        read_log(file_of(small[0], LogFormat.OCEL_JSON))


def test_a_name_that_does_not_say_the_form_is_refused(tmp_path):
    with pytest.raises(EventLogError, match=r"name it with one of \.csv, \.parquet, \.xes, \.ocel\.json, \.ocel\.sqlite"):
        read_log(tmp_path / "log.txt")


@pytest.mark.parametrize("form", LogFormat)
def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path, form):
    with pytest.raises(FileNotFoundError):
        read_log(tmp_path / f"log-x.{ENDINGS[form]}")
    assert list(tmp_path.iterdir()) == []


def test_rows_either_all_have_the_clock_of_a_simulation_or_none_has():
    row = EventRow(0, 1, "created", "Ajio", "customer")

    with pytest.raises(ValueError, match="either all rows of a log have time_ms, or none has"):
        Log.from_rows([row, row._replace(time_ms=None, at=START_MS)])


def test_every_column_is_a_field_of_a_row_and_has_a_place():
    assert EventRow._fields == COLUMN_NAMES == tuple(COLUMNS)


@pytest.mark.parametrize("numbers", [[], [1], [1, 20, 99_999_999], [1, 100_000_000, 366_000_000]])
def test_numbered_texts_are_texts_in_memory_and_in_a_file(tmp_path, numbers):
    names = NumberedTexts("AJ0001", np.array(numbers, dtype=np.int64), 8)
    expected = [f"AJ0001{number:08}" for number in numbers]
    table = arrow.table({"name": arrow.words(np.arange(len(numbers)), names), "plain": arrow.texts(names)})
    pq.write_table(table, tmp_path / "x.parquet")

    assert list(names) == names[:] == [names[place] for place in range(len(names))] == expected
    for column in table.columns + pq.read_table(tmp_path / "x.parquet").columns:
        assert column.to_pylist() == expected


def test_the_times_of_real_orders_are_found_as_those_of_simulated_ones():
    row = EventRow(None, 1, "created", "Ajio", "customer", at=START_MS + 8)
    ended = row._replace(event="cancellation", canceller="seller", scope="full", outcome="allowed", at=START_MS + 20)
    of = OrderTimes(Log.from_rows([ended, row._replace(order=2, at=START_MS), row]))

    assert of.at(Event.CREATED).tolist() == [START_MS + 8, START_MS]
    assert of.ended.tolist() == [START_MS + 20, NEVER]


@pytest.mark.parametrize("package", ["orders", "reports", "simulator", "steps", "sop_cli"])
def test_cells_of_a_row_are_named_and_not_numbered(package):
    """In every module that knows rows of the log."""
    files = [file for file in (ROOT / package).rglob("*.py") if "EventRow" in file.read_text(encoding="utf-8")]
    numbered = [f"{file.name}: {line}" for file in files for line in re.findall(r".*\brow\[-?\d+\].*", file.read_text(encoding="utf-8"))]

    assert numbered == []


# Words


def test_every_event_has_words_and_none_is_told_in_two():
    assert list(EVENT_WORDS) == list(Event)
    for words in EVENT_WORDS.values():
        assert words.sentence
        assert 1 <= len(words.short.split()) <= 3
    assert len({words.sentence for words in EVENT_WORDS.values()}) == len(Event)


def test_a_row_says_its_words_and_an_event_that_is_not_known_is_its_own_name():
    row = EventRow(0, 1, "packed", "WMS", "packer", units=2)

    assert sentence_of(row) == "2 units packed: PACKED"
    assert sentence_of(row._replace(units=1)) == "1 unit packed: PACKED"
    assert short_form_of(row._replace(event="ready to dispatch")) == "manifest closes"
    assert sentence_of(row._replace(event="new")) == short_form_of(row._replace(event="new")) == "new"


@pytest.mark.parametrize(
    ("event", "reason", "words"),
    [
        ("quality check recorded", "pass", "pass: saleable"),
        ("quality check recorded", "fail", "fail: quarantine, offline claim"),
        ("quality check recorded", "missing", "missing: no GRN, offline claim"),
        ("quality check recorded", "torn", "torn"),
        ("return received", "missing", "missing"),
        ("quality check recorded", "", ""),
    ],
)
def test_the_reason_of_a_quality_check_says_what_becomes_of_the_unit(event, reason, words):
    assert reason_in_words(EventRow(0, 1, event, "WMS", "warehouse", reason=reason)) == words


def test_a_row_knows_its_clauses_and_its_gaps():
    row = EventRow(0, 1, "cancellation", "Ajio", "Ajio", because="GAP-40 SC-ERP-FULL-2.1.1 GAP-39 AC-1")

    assert row.ids == ("GAP-40", "SC-ERP-FULL-2.1.1", "GAP-39", "AC-1")
    assert (row.clauses, row.gaps) == (("SC-ERP-FULL-2.1.1", "AC-1"), ("GAP-40", "GAP-39"))
    assert row._replace(because="").ids == ()


def test_the_activity_of_a_csv_file_pairs_start_and_end_and_must_be_that_of_its_event(small, tmp_path):
    source = file_of(small[0], LogFormat.CSV)
    with source.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    pairs = {(row["event"], row["lifecycle"]): row["activity"] for row in rows}
    assert pairs["pick started", "start"] == pairs["picked", "complete"] == "pick"
    assert pairs["dispatched", "complete"] == "dispatched"

    rows[2]["activity"] = "pick"
    file = tmp_path / "log-wrong.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(EventLogError, match=r"row 3, `activity`: expected `.+`, which follows from `event` and `lifecycle`, got `pick`"):
        read_log(file)
