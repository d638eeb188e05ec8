"""The log as OCEL 2.0 in SQLite: the relational schema of the standard, with its primary and foreign keys.

The same content makes the same file under the same version of SQLite: the page size is fixed, nothing tells the time, and rows
come in the order of the log.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from errno import EIO
from itertools import chain, islice
from pathlib import Path

import numpy as np

from orders.log.arrays import Texts, texts
from orders.log.event_log import WORDS, Log
from orders.log.export.escaping import cleaned
from orders.log.export.object_tables import Happenings, Links, Things
from orders.log.export.object_types import ATTRIBUTES, EVENT_ATTRIBUTES, VERSION, column_kind
from orders.log.export.ocel import Reading
from orders.log.timestamps import FIRST, in_utc
from simulator.experiment import Experiment
from sop_engine.files import atomic

PAGE = 8192
MOST_MARKS = 900
"""Values in one statement; every SQLite takes 999."""

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
    with atomic(file) as (part,), _database(part, file) as database:
        database.executescript(schema())
        database.execute("BEGIN")
        _add(database, "event_map_type", "??", ((str(event), table_name(event)) for event in EVENT_ATTRIBUTES))
        _add(database, "object_map_type", "??", ((str(kind), table_name(kind)) for kind in ATTRIBUTES))
        for block in blocks:
            for things, happenings in reading.read(block):
                for some in things:
                    _add_objects(database, some)
                _add_events(database, happenings)
        _add_objects(database, reading.customers())
        database.execute("COMMIT")


@contextmanager
def _database(part: Path, file: Path) -> Iterator[sqlite3.Connection]:
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
        raise OSError(EIO, str(error), str(file)) from error


def _add_objects(database: sqlite3.Connection, things: Things) -> None:
    ids = things.ids.tolist()
    attributes = ATTRIBUTES[things.type]
    table = f"object_{table_name(things.type)}"
    _add(database, "object", ("?", f"'{things.type}'"), zip(ids))
    columns = [_cells(things.values[one.name].tolist(), one.kind) for one in attributes]
    _add(database, table, ("?", f"'{FIRST}'", "NULL", *"?" * len(columns)), zip(ids, *columns, strict=True))
    for change in things.changes:
        minutes, rest = in_utc(change.times)
        (kind,) = (one.kind for one in attributes if one.name == change.name)
        times, values = (minutes + rest).tolist(), _cells(change.values.tolist(), kind)
        places = ("?" if one.name == change.name else "NULL" for one in attributes)
        rows = zip(things.ids[change.objects].tolist(), times, values, strict=True)
        _add(database, table, ("?", "?", f"'{change.name}'", *places), rows)
    _add_links(database, "object_object", things.ids, things.links)


def _add_events(database: sqlite3.Connection, happenings: Happenings) -> None:
    names = happenings.about + happenings.marks
    codes = happenings.columns["event"]
    _add(database, "event", ("?", "?"), zip(names.tolist(), happenings.words("event", slice(None)).tolist(), strict=True))
    minutes, rest = in_utc(happenings.columns["time_ms"])
    times = minutes + rest
    for event, attributes in EVENT_ATTRIBUTES.items():
        rows = np.flatnonzero(codes == WORDS["event"][event])
        cells = [_cells(happenings.words(name, rows).tolist(), column_kind(name)) for name in attributes]
        marks = "?" * (2 + len(cells))
        _add(database, f"event_{table_name(event)}", marks, zip(names[rows].tolist(), times[rows].tolist(), *cells, strict=True))
    links = list(happenings.links)
    if happenings.qualifier:
        links.insert(0, Links(happenings.qualifier, np.arange(len(names)), happenings.about))
    _add_links(database, "event_object", names, links)


def _add_links(database: sqlite3.Connection, table: str, names: Texts, links: list[Links]) -> None:
    """Links in the order of their sources, which is nearly that of the table."""
    if links:
        order = np.argsort(np.concatenate([link.sources for link in links]), kind="stable")
        cells = (
            np.concatenate([names[link.sources] for link in links]),
            np.concatenate([link.targets for link in links]),
            texts([link.qualifier for link in links]).repeat([len(link.sources) for link in links]),
        )
        _add(database, table, "???", zip(*(cell[order].tolist() for cell in cells), strict=True))


def _add(database: sqlite3.Connection, table: str, values: Sequence[str], rows: Iterator[tuple[object, ...]]) -> None:
    """*rows* into a table; *values* are the marks of what each row has, and what is the same in all of them. Many in one statement."""
    row = f"({', '.join(values)})"
    many = MOST_MARKS // values.count("?")
    while some := list(islice(rows, many)):
        database.execute(f"INSERT INTO {table} VALUES {', '.join([row] * len(some))}", list(chain.from_iterable(some)))  # noqa: S608 (names of ours)


def _cells(column: list[object], kind: str) -> list[object]:
    """Values as SQLite takes them: an empty text is none."""
    if kind != "string":
        return column
    return [text or None for text in cleaned(column)]  # type: ignore[arg-type]
