"""A file that is no log of this version is refused in words, before what is no file is opened."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orders.arrivals import read_arrivals
from orders.log.errors import EventLogError
from orders.log.export.formats import ENDINGS, LARGEST_LOG, LogFormat, read_log
from sop_engine.input_files import UnreadableFileError
from tests.support.spoilt_logs import file_of


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
