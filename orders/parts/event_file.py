"""Write the event log of an audit: sort its events in files, first by order, so that each counts once, then by time."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from orders.audit.tables import Tables
from orders.log.arrays import IntArray
from orders.parts.disk_tables import TableWriter, read_batches, read_table, write_by_number
from orders.parts.distinct_events import ORDER, distinct_events
from orders.parts.event_rows import EVENT_ROWS, EventRows, event_count, events_of_documents, events_of_requests
from orders.parts.log_columns import log_columns, log_schema
from orders.parts.ranges import number_borders, number_ranges, text_borders, text_ranges

EVENT_LOG: Final = "events.parquet"
EVENTS_AT_A_TIME: Final = 200_000
"""Events of a range, about; so many are sorted at a time."""
MOST_RANGES: Final = 100
"""Ranges of orders, and half of the ranges of times at most: each is a file that is open at the same time as the others."""
ROW_GROUP: Final = 65_536
"""Events of a row group of the log, and rows that are read at a time."""
SAMPLED: Final = 200_000
"""Times that are looked at to find ranges of times."""
EventsOf = Callable[[pa.RecordBatch], Iterator[EventRows]]


def write_events(file: Path, tables: Tables) -> None:
    """Write the events of the orders as *file*, a log that `orders.log` reads: each event once, by time.

    *tables* have all columns of their schemas; the same tables give the same bytes. Ranges are sorted in files of a folder beside *file*, which is removed.

    Raises:
        OSError: it cannot be written.
    """
    count = min(MOST_RANGES, 1 + event_count(tables.requests, tables.documents) // EVENTS_AT_A_TIME)
    folder = file.with_suffix(".working")
    folder.mkdir()
    try:
        of_orders, sample = _by_order(tables, folder, count)
        of_times = _by_time(of_orders, folder, number_borders(sample, count) if len(sample) else sample)
        schema, sources = log_schema(tables.sources), tables.sources["name"].combine_chunks()
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for events in in_groups(_sorted(of_times), ROW_GROUP):
                writer.write_table(log_columns(events.combine_chunks(), sources).cast(schema))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _by_order(tables: Tables, folder: Path, count: int) -> tuple[list[Path], IntArray]:
    """Write all events into files by ranges of orders; return the files, and some of the times."""
    step = max(1, event_count(tables.requests, tables.documents) // SAMPLED)
    borders = text_borders((tables.requests["order_key"], tables.documents["order_key"]), count)
    files = [folder / f"orders-{number:03}.arrow" for number in range(len(borders) + 1)]
    sample, seen = [np.zeros(0, np.int64)], 0
    of_tables: tuple[tuple[pa.Table, EventsOf], ...] = (
        (tables.requests, events_of_requests),
        (tables.documents, events_of_documents),
    )
    with _writers(files, EVENT_ROWS) as writers:
        for table, events_of in of_tables:
            for rows in table.to_batches(max_chunksize=ROW_GROUP):
                numbers = text_ranges(rows["order_key"], borders)
                for places, events in events_of(rows):
                    write_by_number(events, numbers[places], writers)
                    sample.append(events["start"].to_numpy()[-seen % step :: step])
                    seen += len(places)
    return files, np.concatenate(sample)


def _by_time(files: Sequence[Path], folder: Path, borders: IntArray) -> list[Path]:
    """Write each event once, with the number of its order, into files by the ranges of times that begin at *borders*.

    *files* have the events by ranges of orders, and are removed. Equal times are in the order of orders in each file.
    """
    of_times = [folder / f"times-{number:03}.arrow" for number in range(len(borders) + 1)]
    first = 1
    with _writers(of_times, EVENT_ROWS.append(pa.field(ORDER, pa.int64()))) as writers:
        for file in files:
            events, first = distinct_events(read_table(file), first)
            file.unlink()
            for piece in events.to_batches(max_chunksize=ROW_GROUP):
                write_by_number(piece, number_ranges(piece["start"].to_numpy(), borders), writers)
    return of_times


@contextmanager
def _writers(files: Sequence[Path], schema: pa.Schema) -> Iterator[list[TableWriter]]:
    with ExitStack() as stack:
        yield [stack.enter_context(TableWriter(file, schema, compressed=True)) for file in files]


def _sorted(files: Iterable[Path]) -> Iterator[pa.Table]:
    """Yield the events of *files* by time, each of them sorted by itself; one whose times are all the same is sorted already."""
    for file in files:
        times = read_table(file, ["start"])["start"].to_numpy()
        if len(times) and times.min() == times.max():
            yield from read_batches(file)
        elif len(times):
            yield read_table(file).take(pa.array(np.argsort(times, kind="stable")))
        file.unlink()


def in_groups(tables: Iterable[pa.Table], rows: int) -> Iterator[pa.Table]:
    """Yield the rows of *tables* in tables of exactly *rows* rows, except the last."""
    waiting: list[pa.Table] = []
    count = 0
    for table in tables:
        waiting.append(table)
        count += table.num_rows
        if count >= rows:
            joined = pa.concat_tables(waiting)
            whole = count - count % rows
            yield from (joined.slice(start, rows) for start in range(0, whole, rows))
            waiting, count = [joined.slice(whole)], count - whole
    if count:
        yield pa.concat_tables(waiting)
