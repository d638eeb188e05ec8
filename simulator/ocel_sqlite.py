"""The log as OCEL 2.0 in SQLite: the relational schema of the standard, with its primary and foreign keys.

The same content makes the same file under the same version of SQLite: the page size is fixed, nothing tells the time, and rows
come in the order of the log.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from errno import EIO
from itertools import repeat
from pathlib import Path

import numpy as np

from simulator.dates import FIRST, in_utc
from simulator.experiment import Experiment
from simulator.log import WORDS, Log
from simulator.objects import ATTRIBUTES, EVENT_ATTRIBUTES, VERSION, column_kind
from simulator.ocel import Happenings, Reading, Things
from simulator.plain import cleaned
from simulator.whole import whole

PAGE = 8192
TYPES = {"string": "TEXT", "integer": "INTEGER"}


def table_name(word: str) -> str:
    """The name of a type within the names of tables: ``e-invoice generated`` is ``EInvoiceGenerated``."""
    return "".join(part[0].upper() + part[1:] for part in word.replace("-", " ").split())


def schema() -> str:
    """The statements that make the tables."""
    statements = []
    for kind in ("event", "object"):
        statements += [
            f"CREATE TABLE {kind}_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL) WITHOUT ROWID",
            f"CREATE TABLE {kind} (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL REFERENCES {kind}_map_type (ocel_type)) WITHOUT ROWID",
        ]
    for table, one, other in (("event_object", "event", "object"), ("object_object", "source", "target")):
        ends = [(f"ocel_{one}_id", one if one == "event" else "object"), (f"ocel_{other}_id", "object")]
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
        columns = "".join(f", {one.name} {TYPES[one.kind]}" for one in attributes)
        statements.append(
            f"CREATE TABLE object_{table_name(kind)} (ocel_id TEXT REFERENCES object (ocel_id),"
            f" ocel_time TIMESTAMP NOT NULL, ocel_changed_field TEXT{columns})"
        )
    return ";\n".join([*statements, ""])


def write_ocel_sqlite(blocks: Iterable[Log], experiment: Experiment, replication: int, file: Path) -> None:
    """The log of a replication as *file*; *blocks* hold whole orders, in ascending order, and are read once.

    Raises:
        OSError: *file* cannot be written.
    """
    reading = Reading(experiment.run.seed, replication)
    with whole(file) as (part,), _database(part) as database:
        database.executescript(schema())
        database.execute("BEGIN")
        for kind, words in (("event", EVENT_ATTRIBUTES), ("object", ATTRIBUTES)):
            database.executemany(_insert(f"{kind}_map_type", 2), [(str(word), table_name(word)) for word in words])
        for block in blocks:
            for things, happenings in reading.read(block):
                for some in things:
                    _add_objects(database, some)
                _add_events(database, happenings)
        _add_objects(database, reading.customers())
        database.execute("COMMIT")


@contextmanager
def _database(part: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as database:
            for pragma in (
                f"page_size = {PAGE}",
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
        raise OSError(EIO, str(error), str(part)) from error


def _add_objects(database: sqlite3.Connection, things: Things) -> None:
    if not len(things):
        return
    ids = things.ids.tolist()
    attributes = ATTRIBUTES[things.type]
    table = f"object_{table_name(things.type)}"
    database.executemany(_insert("object", 2), zip(ids, repeat(str(things.type)), strict=False))
    columns = [_cells(things.values[one.name].tolist(), one.kind) for one in attributes]
    database.executemany(_insert(table, 3 + len(columns)), zip(ids, repeat(FIRST), repeat(None), *columns, strict=False))
    for change in things.changes:
        if not len(change.objects):
            continue
        minutes, rest = in_utc(change.times)
        times = map("".join, zip(minutes.tolist(), rest.tolist(), strict=True))
        cells = [
            _cells(change.values.tolist(), one.kind) if one.name == change.name else repeat(None)  # type: ignore[list-item]
            for one in attributes
        ]
        rows = zip(things.ids[change.objects].tolist(), times, repeat(change.name), *cells, strict=False)
        database.executemany(_insert(table, 3 + len(cells)), rows)
    bonds = [
        pair
        for link in things.links
        for pair in zip(things.ids[link.sources].tolist(), link.targets.tolist(), repeat(link.qualifier), strict=False)
    ]
    database.executemany(_insert("object_object", 3), sorted(bonds))


def _add_events(database: sqlite3.Connection, happenings: Happenings) -> None:
    ids = happenings.ids()
    codes = happenings.columns["event"]
    database.executemany(_insert("event", 2), zip(ids, happenings.words("event", slice(None)).tolist(), strict=True))
    minutes, rest = in_utc(happenings.columns["time_ms"])
    names = np.array(ids, dtype=object)
    for event, attributes in EVENT_ATTRIBUTES.items():
        rows = np.flatnonzero(codes == WORDS["event"][event])
        if not len(rows):
            continue
        times = map("".join, zip(minutes[rows].tolist(), rest[rows].tolist(), strict=True))
        columns = [_cells(happenings.words(name, rows).tolist(), column_kind(name)) for name in attributes]
        cells = zip(names[rows].tolist(), times, *columns, strict=True)
        database.executemany(_insert(f"event_{table_name(event)}", 2 + len(columns)), cells)
    links = list(zip(ids, happenings.about.tolist(), repeat(happenings.qualifier), strict=False)) if happenings.qualifier else []
    for link in happenings.links:
        links += zip(names[link.sources].tolist(), link.targets.tolist(), repeat(link.qualifier), strict=False)
    links.sort()
    database.executemany(_insert("event_object", 3), links)


def _insert(table: str, columns: int) -> str:
    """The statement that adds a row to a table of ours."""
    return f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"  # noqa: S608 (names of ours)


def _cells(column: list[object], kind: str) -> list[object]:
    """Values as SQLite takes them: an empty text is none."""
    if kind != "string":
        return column
    return [text or None for text in cleaned(column)]  # type: ignore[arg-type]
