"""Formats of event log files: their file endings, and the functions that write and read them."""

import os
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path

from orders.log.errors import EventLogError
from orders.log.event_log import Log
from orders.log.orders_table import OrdersTable
from orders.log.provenance import Provenance
from sop_engine.input_files import require_regular


class LogFormat(StrEnum):
    """File format of a log."""

    CSV = "csv"
    PARQUET = "parquet"
    XES = "xes"
    OCEL_JSON = "ocel-json"
    OCEL_SQLITE = "ocel-sqlite"


ENDINGS = {format_: str(format_).replace("-", ".") for format_ in LogFormat}
"""File endings: a log's file is named ``log-STEM.`` and one of these."""

BY_ORDER = {
    LogFormat.XES: ("orders.log.export.xes", "write_xes"),
    LogFormat.OCEL_JSON: ("orders.log.export.ocel_json", "write_ocel_json"),
    LogFormat.OCEL_SQLITE: ("orders.log.export.ocel_sqlite", "write_ocel_sqlite"),
}
"""Module and function that write each format that groups rows by order; the other formats are tables of rows by time."""

READERS = {
    LogFormat.CSV: ("orders.log.export.table_reader", "read_csv"),
    LogFormat.PARQUET: ("orders.log.export.table_reader", "read_parquet"),
    LogFormat.XES: ("orders.log.export.xes_reader", "read_xes"),
    LogFormat.OCEL_JSON: ("orders.log.export.ocel_reader", "read_ocel_json"),
    LogFormat.OCEL_SQLITE: ("orders.log.export.ocel_reader", "read_ocel_sqlite"),
}
"""Module and function that read each format."""


SQLITE_JOURNALS = ("-journal", "-wal", "-shm")
"""Endings that SQLite adds to the name of a file."""
LARGEST_LOG = 8_000_000_000
"""Largest file of a log or of its orders."""
LARGEST_JSON_LOG = 1_000_000_000
"""Largest JSON file of a log: it is parsed as a whole, in about ten times its size of memory."""


@dataclass(frozen=True, slots=True, eq=False)
class LogFile:
    """Content of a log file.

    Attributes:
        orders: table of the orders; empty if a table of rows has no table of orders beside it.
        provenance: `None` for CSV, which has no place for it.
    """

    log: Log
    orders: OrdersTable
    provenance: Provenance | None


def read_log(file: Path) -> LogFile:
    """Read the log in *file*, in the format of its ending; with a table ``log-STEM``, also the orders in ``orders-STEM`` beside it.

    Raises:
        EventLogError: the file is not a log of this version, or has invalid content.
        UnreadableFileError: it, or the file of the orders, is not a regular file, or too large.
        OSError: *file* cannot be read.
    """
    module, function = READERS[format_of(file)]
    require_log_file(file)
    try:
        read: LogFile = getattr(import_module(module), function)(file)
    except MemoryError:
        raise EventLogError(file, "is too large for the memory of this machine", "give a part of the log, or a CSV file of it") from None
    return read


def require_log_file(file: Path) -> None:
    """Refuse what is not a regular file, or is too large to be a log; every reader of logs calls this before opening a file.

    SQLite also opens its journals beside a log, so the same holds for them.

    Raises:
        UnreadableFileError: the file is of another kind, or too large.
        OSError: there is no such file, or its kind cannot be read.
    """
    is_json = file.name.endswith(f".{ENDINGS[LogFormat.OCEL_JSON]}")
    require_regular(file, "give the file of a log", LARGEST_JSON_LOG if is_json else LARGEST_LOG)
    for ending in SQLITE_JOURNALS:
        journal = file.with_name(f"{file.name}{ending}")
        if os.path.lexists(journal):
            require_regular(journal, "remove it", LARGEST_LOG)


def format_of(file: Path) -> LogFormat:
    """Return the format of a log by the ending of its file's name.

    Raises:
        EventLogError: the name has none of these endings.
    """
    for format_, ending in ENDINGS.items():
        if file.name.endswith(f".{ending}"):
            return format_
    endings = ", ".join(f".{ending}" for ending in ENDINGS.values())
    raise EventLogError(file, "its name does not say which form of the event log it has", f"name it with one of {endings}")
