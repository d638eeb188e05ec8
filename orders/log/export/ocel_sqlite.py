"""Write a log as OCEL 2.0 in SQLite: the relational schema of the standard, with its primary and foreign keys.

The same content gives the same file under the same version of SQLite: the page size is fixed, no time of writing is stored, and
rows are in the order of the log.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from errno import EIO
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from orders.log.arrays import IntArray, Texts, texts
from orders.log.columns import DEFAULTS, VERSION, WORD_CODES
from orders.log.event_log import Log
from orders.log.export.escaping import clean_column
from orders.log.export.object_tables import EventTable, ObjectLinks, ObjectTable
from orders.log.export.object_types import ATTRIBUTES, EVENT_ATTRIBUTES, column_kind
from orders.log.export.ocel import ObjectLogBuilder
from orders.log.order_blocks import OrderBlock
from orders.log.provenance import Provenance
from orders.log.timestamps import FIRST, in_utc
from sop_engine.files import atomic

PAGE_SIZE = 8192
MOST_MARKS = 900
"""Most values in one statement; every SQLite accepts 999."""

TYPES = {"string": "TEXT", "integer": "INTEGER"}


def table_name(word: str) -> str:
    """Return the name of a type as part of table names: ``e-invoice generated`` is ``EInvoiceGenerated``."""
    return "".join(part[0].upper() + part[1:] for part in word.replace("-", " ").split())


def schema() -> str:
    """Return the statements that create the tables."""
    statements = []
    for kind in ("event", "object"):
        statements += [
            f"CREATE TABLE {kind}_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL) WITHOUT ROWID",
            f"CREATE TABLE {kind} (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL REFERENCES {kind}_map_type (ocel_type)) WITHOUT ROWID",
        ]
    for table, source, target in (("event_object", "event", "object"), ("object_object", "source", "target")):
        ends = [(f"ocel_{source}_id", source if source == "event" else "object"), (f"ocel_{target}_id", "object")]
        columns = ", ".join(f"{name} TEXT REFERENCES {whose} (ocel_id)" for name, whose in ends)
        key = ", ".join([*(name for name, _ in ends), "ocel_qualifier"])
        statements.append(f"CREATE TABLE {table} ({columns}, ocel_qualifier TEXT, PRIMARY KEY ({key})) WITHOUT ROWID")
    for event, names in EVENT_ATTRIBUTES.items():
        columns = "".join(f", {name} {TYPES[column_kind(name)]}" for name in names)
        statements.append(
            f"CREATE TABLE event_{table_name(event)} (ocel_id TEXT PRIMARY KEY REFERENCES event (ocel_id),"
            f" ocel_time TIMESTAMP NOT NULL{columns}) WITHOUT ROWID"
        )
    for kind, attributes in ATTRIBUTES.items():
        columns = "".join(f", {source.name} {TYPES[source.kind]}" for source in attributes)
        statements.append(
            f"CREATE TABLE object_{table_name(kind)} (ocel_id TEXT REFERENCES object (ocel_id),"
            f" ocel_time TIMESTAMP NOT NULL, ocel_changed_field TEXT{columns})"
        )
    return ";\n".join([*statements, ""])


def write_ocel_sqlite(blocks: Iterable[OrderBlock], provenance: Provenance, file: Path) -> None:
    """Write a log as *file*; *blocks* hold whole orders, in ascending order, and are read once.

    Raises:
        ValueError: the blocks are not of whole orders in order.
        OSError: *file* cannot be written.
    """
    builder = ObjectLogBuilder(provenance)
    with atomic(file) as (part,), _database(part, file) as database:
        database.executescript(schema())
        database.execute("BEGIN")
        _add(database, "event_map_type", "??", ((str(event), table_name(event)) for event in EVENT_ATTRIBUTES))
        _add(database, "object_map_type", "??", ((str(kind), table_name(kind)) for kind in ATTRIBUTES))
        for block in blocks:
            for tables, events in builder.tables(block):
                for table in tables:
                    _add_objects(database, table)
                _add_events(database, events)
        for table in builder.last_objects():
            _add_objects(database, table)
        database.execute("COMMIT")


@contextmanager
def _database(part: Path, file: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as database:
            for pragma in (
                f"page_size = {PAGE_SIZE}",
                "encoding = 'UTF-8'",
                "journal_mode = OFF",
                "synchronous = OFF",
                "locking_mode = EXCLUSIVE",
            ):
                database.execute(f"PRAGMA {pragma}")
            database.execute("PRAGMA cache_size = -65536")
            database.execute(f"PRAGMA user_version = {VERSION}")
            yield database
    except sqlite3.Error as error:
        raise OSError(EIO, str(error), str(file)) from error


def _add_objects(database: sqlite3.Connection, table: ObjectTable) -> None:
    ids = clean_column(table.ids.tolist())
    attributes = ATTRIBUTES[table.type]
    name = f"object_{table_name(table.type)}"
    _add(database, "object", ("?", f"'{table.type}'"), zip(ids))
    columns = [_sqlite_values(table.values[attribute.name].tolist(), attribute.kind) for attribute in attributes]
    _add(database, name, ("?", f"'{FIRST}'", "NULL", *"?" * len(columns)), zip(ids, *columns, strict=True))
    for change in table.changes:
        minutes, rest = in_utc(change.times)
        (kind,) = (attribute.kind for attribute in attributes if attribute.name == change.name)
        times, values = (minutes + rest).tolist(), _sqlite_values(change.values.tolist(), kind)
        places = ("?" if attribute.name == change.name else "NULL" for attribute in attributes)
        rows = zip(clean_column(table.ids[change.objects].tolist()), times, values, strict=True)
        _add(database, name, ("?", "?", f"'{change.name}'", *places), rows)
    _add_links(database, "object_object", table.ids, table.links)


def _add_events(database: sqlite3.Connection, events: EventTable) -> None:
    log, names = events.log, events.about + events.marks
    ids = texts(clean_column(names.tolist()))
    codes = log.columns["event"]
    _add(database, "event", ("?", "?"), zip(ids.tolist(), log.words("event").tolist(), strict=True))
    minutes, rest = in_utc(log.column("at"))
    times = minutes + rest
    for event, attributes in EVENT_ATTRIBUTES.items():
        rows = np.flatnonzero(codes == WORD_CODES["event"][event])
        if not len(rows):
            continue
        stored = [name for name in attributes if name in log.columns and (log.columns[name][rows] != _left_out(name)).any()]
        cells = [_event_column(log, name, rows) for name in stored]
        columns = ", ".join(["ocel_id", "ocel_time", *stored])
        marks = "?" * (2 + len(cells))
        table = f"event_{table_name(event)} ({columns})"
        _add(database, table, marks, zip(ids[rows].tolist(), times[rows].tolist(), *cells, strict=True))
    links = list(events.links)
    if events.qualifier:
        links.insert(0, ObjectLinks(events.qualifier, np.arange(len(names)), events.about))
    _add_links(database, "event_object", names, links)


def _event_column(log: Log, name: str, rows: IntArray) -> list[object]:
    """Return the cells of an attribute, `None` where it is left out."""
    words = _sqlite_values(log.words(name, rows).tolist(), column_kind(name))
    left_out = log.columns[name][rows] == _left_out(name)
    return [None if is_left_out else word for is_left_out, word in zip(left_out.tolist(), words, strict=True)] if left_out.any() else words


def _left_out(name: str) -> int:
    """Return the cell of a column that is not written."""
    return 0 if name == "units" else DEFAULTS[name]


def _add_links(database: sqlite3.Connection, table: str, names: Texts, links: list[ObjectLinks]) -> None:
    """Sort links by source, which is nearly the order of the table."""
    if links:
        order = np.argsort(np.concatenate([link.sources for link in links]), kind="stable")
        cells = (
            clean_column(np.concatenate([names[link.sources] for link in links])[order].tolist()),
            clean_column(np.concatenate([link.targets for link in links])[order].tolist()),
            texts([link.qualifier for link in links]).repeat([len(link.sources) for link in links])[order].tolist(),
        )
        _add(database, table, "???", zip(*cells, strict=True))


def _add(database: sqlite3.Connection, table: str, values: Sequence[str], rows: Iterator[tuple[object, ...]]) -> None:
    """Insert *rows* into a table, many per statement; *values* has placeholders for the cells of a row, and constants."""
    row = f"({', '.join(values)})"
    many = MOST_MARKS // values.count("?")
    while batch := list(islice(rows, many)):
        database.execute(f"INSERT INTO {table} VALUES {', '.join([row] * len(batch))}", list(chain.from_iterable(batch)))  # noqa: S608 (names are constants)


def _sqlite_values(column: list[Any], kind: str) -> list[object]:
    """Return values for SQLite: an empty text becomes NULL."""
    if kind != "string":
        return [None if cell == "" else cell for cell in column]
    return [text or None for text in clean_column(column)]
