"""The forms of an event log as files: how the names of the files end, and who writes and reads each form."""

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path

from orders.log.errors import EventLogError
from orders.log.event_log import Log
from orders.log.orders_table import OrdersTable
from orders.log.provenance import Provenance


class LogFormat(StrEnum):
    """How a log is written."""

    CSV = "csv"
    PARQUET = "parquet"
    XES = "xes"
    OCEL_JSON = "ocel-json"
    OCEL_SQLITE = "ocel-sqlite"


ENDINGS = {format_: str(format_).replace("-", ".") for format_ in LogFormat}
"""``log-STEM`` and one of these is the name of a log's file."""

BY_ORDER = {
    LogFormat.XES: ("orders.log.export.xes", "write_xes"),
    LogFormat.OCEL_JSON: ("orders.log.export.ocel_json", "write_ocel_json"),
    LogFormat.OCEL_SQLITE: ("orders.log.export.ocel_sqlite", "write_ocel_sqlite"),
}
"""Module and function that write each of the forms that put orders together; the others are tables of rows in time."""
TABLES = (LogFormat.CSV, LogFormat.PARQUET)

READERS = {
    LogFormat.CSV: ("orders.log.export.table_reader", "read_csv"),
    LogFormat.PARQUET: ("orders.log.export.table_reader", "read_parquet"),
    LogFormat.XES: ("orders.log.export.xes_reader", "read_xes"),
    LogFormat.OCEL_JSON: ("orders.log.export.ocel_reader", "read_ocel_json"),
    LogFormat.OCEL_SQLITE: ("orders.log.export.ocel_reader", "read_ocel_sqlite"),
}
"""Module and function that read each form."""


@dataclass(frozen=True, slots=True, eq=False)
class LogFile:
    """What a file of a log holds.

    Attributes:
        orders: what is known of the orders; empty where a table of rows has no table of orders beside it.
        provenance: nothing where the form has no place for it, which is CSV.
    """

    log: Log
    orders: OrdersTable
    provenance: Provenance | None


def read_log(file: Path) -> LogFile:
    """The log in *file*, whose name says its form; of a table ``log-STEM``, also the orders in ``orders-STEM`` beside it.

    Raises:
        EventLogError: the file is not a log of this version, or holds something that no log can.
        OSError: *file* cannot be read.
    """
    module, function = READERS[format_of(file)]
    read: LogFile = getattr(import_module(module), function)(file)
    return read


def format_of(file: Path) -> LogFormat:
    """The form of a log, by the end of its file's name.

    Raises:
        EventLogError: the name ends like none of them.
    """
    for format_, ending in ENDINGS.items():
        if file.name.endswith(f".{ending}"):
            return format_
    endings = ", ".join(f".{ending}" for ending in ENDINGS.values())
    raise EventLogError(file, "its name does not say which form of the event log it has", f"name it with one of {endings}")
