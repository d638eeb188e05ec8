"""Logs and orders as files, CSV or Parquet; a file is complete or absent."""

import csv
import os
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from simulator.experiment import Experiment
from simulator.log import COLUMNS, NAMES, Log
from simulator.people import ORDER_COLUMNS, orders_table


class Form(StrEnum):
    """How a table is written."""

    CSV = "csv"
    PARQUET = "parquet"


def write_replication(log: Log, experiment: Experiment, number: int, out: Path, form: Form) -> tuple[Path, Path]:
    """The log and the orders of a replication, as ``log-0000`` and ``orders-0000`` in *out*."""
    out.mkdir(parents=True, exist_ok=True)
    log_file, orders_file = out / f"log-{number:04}.{form}", out / f"orders-{number:04}.{form}"
    write_log(log, log_file, form)
    rows = orders_table(log, experiment.run.seed, number)
    if form is Form.PARQUET:
        import pyarrow as pa  # noqa: PLC0415 (its import takes a second)

        columns = list(zip(*rows, strict=True)) or [()] * len(ORDER_COLUMNS)
        _write_parquet(pa.table(dict(zip(ORDER_COLUMNS, map(list, columns), strict=True))), orders_file)
    else:
        _write_csv(ORDER_COLUMNS, rows, orders_file)
    return log_file, orders_file


def write_log(log: Log, file: Path, form: Form) -> None:
    """*log* as *file*: the columns of the schema, empty cells where it says so."""
    if form is Form.CSV:
        _write_csv(NAMES, log.rows(), file)
        return
    import pyarrow as pa  # noqa: PLC0415

    arrays = {}
    for name in NAMES:
        words = log.details if name == "detail" else COLUMNS[name]
        column = log.columns[name]
        if words is None:
            arrays[name] = pa.array(column)
        else:
            codes = pa.array(column.astype("int32"), mask=column < 0)
            arrays[name] = pa.DictionaryArray.from_arrays(codes, pa.array([*map(str, words)]))
    _write_parquet(pa.table(arrays), file)


def _write_csv(names: Sequence[str], rows: Any, file: Path) -> None:
    def write(stream: IO[str]) -> None:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)

    def fill(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as stream:
            write(stream)

    _whole(file, fill)


def _write_parquet(table: Any, file: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415

    _whole(file, lambda path: pq.write_table(table, path, compression="zstd"))


def _whole(file: Path, fill: Callable[[Path], object]) -> None:
    """Fill a neighbour of *file* and put it in its place at once."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        fill(part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
