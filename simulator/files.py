"""A log as files, block by block; a file is complete or absent.

A table of rows, CSV or Parquet, is in time, with the orders as a table beside it. The forms for process mining hold both.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import numpy as np

from orders.log.event_log import COLUMNS, NAMES, Log
from orders.log.export import arrow
from simulator.experiment import Experiment
from simulator.happened import Happened
from simulator.people import ORDER_COLUMNS, orders_table
from sop_engine.files import atomic


class Form(StrEnum):
    """How a log is written."""

    CSV = "csv"
    PARQUET = "parquet"
    XES = "xes"
    OCEL_JSON = "ocel-json"
    OCEL_SQLITE = "ocel-sqlite"


WRITERS = {
    Form.XES: ("orders.log.export.xes:write_xes", "xes"),
    Form.OCEL_JSON: ("orders.log.export.ocel_json:write_ocel_json", "ocel.json"),
    Form.OCEL_SQLITE: ("orders.log.export.ocel_sqlite:write_ocel_sqlite", "ocel.sqlite"),
}
"""The function of each form that has its own, imported when it is asked for, and how the names of its files end."""


def write(form: Form, happened: Happened, experiment: Experiment, number: int, folder: Path, stem: str) -> tuple[Path, ...]:  # noqa: PLR0913 (what, of what, where)
    """The files of a replication in *folder*: ``log-STEM``, and for the forms that are tables ``orders-STEM``.

    Raises:
        OSError: a file cannot be written.
    """
    if form in WRITERS:
        writer, ending = WRITERS[form]
        file = folder / f"log-{stem}.{ending}"
        resolve_name(writer)(happened.by_order(), experiment, number, file)
        return (file,)
    log_file, orders_file = (folder / f"{what}-{stem}.{form}" for what in ("log", "orders"))
    write_log(happened.by_time(), log_file, form)
    write_orders(happened.by_order(), experiment.run.seed, number, orders_file, form)
    return log_file, orders_file


def write_log(blocks: Iterable[Log], file: Path, form: Form) -> None:
    """The rows of *blocks*, as they come, as *file*: the columns of the schema, empty cells where it says so."""
    if form is Form.CSV:
        _write_csv(NAMES, (row for log in blocks for row in log.rows()), file)
    else:
        _write_parquet((_log_table(log) for log in blocks), file)


def write_orders(blocks: Iterable[Log], seed: int, number: int, file: Path, form: Form) -> None:
    """The orders of *blocks*, a row each, as *file*."""
    tables = (orders_table(log, seed, number) for log in blocks)
    if form is Form.CSV:
        _write_csv(ORDER_COLUMNS, (row for rows in tables for row in rows), file)
        return
    _write_parquet((_orders_table(rows) for rows in tables), file)


def _log_table(log: Log) -> Any:
    columns = {}
    for name in NAMES:
        words = log.details if name == "detail" else COLUMNS[name]
        column = log.columns[name]
        columns[name] = arrow.numbers(column) if words is None else arrow.words(column, [*map(str, words)])
    return arrow.table(columns)


def _orders_table(rows: Sequence[Sequence[int | str]]) -> Any:
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(ORDER_COLUMNS)
    whole_numbers = ("order", "units")
    return arrow.table(
        {
            name: arrow.numbers(np.array(column, dtype=np.int64)) if name in whole_numbers else arrow.texts(column)
            for name, column in zip(ORDER_COLUMNS, columns, strict=True)
        }
    )


def _write_csv(names: Iterable[str], rows: Iterable[Iterable[object]], file: Path) -> None:
    with atomic(file) as (part,), part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)


def _write_parquet(tables: Iterator[Any], file: Path) -> None:
    """A row group for each table; the first says what the columns are."""
    import pyarrow.parquet as pq  # noqa: PLC0415 (its import takes a while)

    first = next(tables)
    with atomic(file) as (part,), pq.ParquetWriter(part, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        del first
        for table in tables:
            writer.write_table(table)
