"""Write a log as tables, CSV or Parquet: the rows by time, and the orders. A file is complete or absent."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from orders.log.columns import COLUMN_NAMES, COLUMNS, OPTIONAL_NUMBERS, TEXT_COLUMNS, VERSION
from orders.log.event_log import Log
from orders.log.event_words import activities_of
from orders.log.export import arrow
from orders.log.export.escaping import clean_column, csv_column
from orders.log.orders_table import ORDER_COLUMNS, ORDER_NUMBERS, OrdersTable
from orders.log.provenance import Provenance
from orders.log.timestamps import in_utc
from sop_engine.files import atomic

SORTED = ("time_ms", "at")
"""Columns of ascending times, which are small when stored as differences."""
ACTIVITY = "activity"
"""Column of a CSV file beside those of the log: the activity of an event, for programs that pair start and end."""
METADATA = "event_log"
"""Key of the metadata of a Parquet file with version and provenance, as JSON."""


def write_log_csv(logs: Iterable[Log], file: Path) -> None:
    """Write the rows of *logs*, as they come, as *file*.

    Raises:
        OSError: *file* cannot be written.
    """
    _write_csv((*COLUMN_NAMES, ACTIVITY), (row for log in logs for row in zip(*_csv_cells(log), strict=True)), file)


def write_log_parquet(logs: Iterable[Log], provenance: Provenance, file: Path) -> None:
    """Write the rows of *logs*, at least one, as *file*, a row group for each.

    Raises:
        OSError: *file* cannot be written.
    """
    metadata = {METADATA: json.dumps({"version": VERSION, **asdict(provenance)}, ensure_ascii=False)}
    _write_parquet((arrow.table(_columns(log), metadata) for log in logs), file)


def write_orders_csv(tables: Iterable[OrdersTable], file: Path) -> None:
    """Write the orders of *tables*, a row each, as *file*.

    Raises:
        OSError: *file* cannot be written.
    """
    _write_csv(ORDER_COLUMNS, (row for table in tables for row in zip(*_csv_cells_of_orders(table), strict=True)), file)


def write_orders_parquet(tables: Iterable[OrdersTable], file: Path) -> None:
    """Write the orders of *tables*, at least one, as *file*.

    Raises:
        OSError: *file* cannot be written.
    """
    _write_parquet(
        (
            arrow.table(
                {
                    name: arrow.numbers(table.columns[name])
                    if name in ORDER_NUMBERS
                    else arrow.texts(clean_column(table.columns[name].tolist()))
                    for name in ORDER_COLUMNS
                }
            )
            for table in tables
        ),
        file,
    )


def _columns(log: Log) -> dict[str, Any]:
    columns = {}
    for name in COLUMN_NAMES:
        column, words = log.column(name), COLUMNS[name]
        if name == "at":
            columns[name] = arrow.times(column)
        elif name in TEXT_COLUMNS:
            columns[name] = arrow.words(column, clean_column(log.texts.get(name, ())))
        else:
            columns[name] = arrow.numbers(column) if words is None else arrow.words(column, [*map(str, words)])
    return columns


def _csv_cells(log: Log) -> Iterator[Sequence[object]]:
    """Return the columns as they are written, and the activities; null is an empty cell, and no text can act as a formula."""
    log = Log(log.columns, {name: tuple(csv_column(words)) for name, words in log.texts.items()})
    for name in COLUMN_NAMES:
        if name == "at":
            minutes, rest = in_utc(log.column(name))
            yield (minutes + rest).tolist()
        elif name in OPTIONAL_NUMBERS:
            yield log.optional_numbers(name)
        else:
            yield log.words(name).tolist()
    yield activities_of(log).tolist()


def _csv_cells_of_orders(table: OrdersTable) -> Iterator[Sequence[object]]:
    """Return the columns as they are written."""
    for name in ORDER_COLUMNS:
        cells = table.columns[name].tolist()
        yield cells if name in ORDER_NUMBERS else csv_column(cells)


def _write_csv(names: Iterable[str], rows: Iterable[Iterable[object]], file: Path) -> None:
    with atomic(file) as (part,), part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)  # line ends of RFC 4180, so that a lone carriage return in a cell is quoted too
        writer.writerow(names)
        writer.writerows(rows)


def _write_parquet(tables: Iterator[Any], file: Path) -> None:
    """Write a row group for each table; the first table defines the columns."""
    import pyarrow.parquet as pq  # noqa: PLC0415 (its import takes a while)

    first = next(tables)
    settings = {
        "compression": "zstd",
        "use_dictionary": [name for name in first.column_names if name not in SORTED],
        "column_encoding": {name: "DELTA_BINARY_PACKED" for name in first.column_names if name in SORTED},
    }
    with atomic(file) as (part,), pq.ParquetWriter(part, first.schema, **settings) as writer:
        writer.write_table(first)
        del first
        for table in tables:
            writer.write_table(table)
