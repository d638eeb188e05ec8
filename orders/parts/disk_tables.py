"""Tables in files: written piece by piece, and mapped into memory so that the operating system can take the memory back."""

import mmap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa

from orders.log.arrays import IntArray


class TableWriter:
    """Writes a table into an Arrow file, piece by piece; one that is *compressed* is read, not mapped."""

    def __init__(self, file: Path, schema: pa.Schema, *, compressed: bool = False) -> None:
        self._stream = pa.OSFile(str(file), "wb")
        self._writer = pa.ipc.new_file(self._stream, schema, options=pa.ipc.IpcWriteOptions(compression="lz4" if compressed else None))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def write(self, rows: pa.RecordBatch) -> None:
        """Add *rows*."""
        if rows.num_rows:
            self._writer.write_batch(rows)

    def close(self) -> None:
        """Complete the file."""
        self._writer.close()
        self._stream.close()


class MappedTable:
    """A table in an Arrow file; what was read of it stays in memory until `release`."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._map = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        self.table: pa.Table = pa.ipc.open_file(pa.py_buffer(self._map)).read_all()

    def release(self) -> None:
        """Give the memory of the pages back; they are read from the file again when they are needed."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)


def write_by_number(rows: pa.RecordBatch, numbers: IntArray, writers: Sequence[TableWriter]) -> None:
    """Write each of *rows* with the writer of its number; the rows of a writer keep their order."""
    if len(writers) == 1:
        writers[0].write(rows)
        return
    order = np.argsort(numbers, kind="stable")
    ends = np.searchsorted(numbers[order], np.arange(len(writers) + 1))
    ordered = rows.take(pa.array(order))
    for number, writer in enumerate(writers):
        writer.write(ordered.slice(ends[number], ends[number + 1] - ends[number]))


def write_table(file: Path, schema: pa.Schema, rows: Iterable[pa.RecordBatch]) -> None:
    """Write *rows* as an Arrow file with *schema*."""
    with TableWriter(file, schema) as writer:
        for piece in rows:
            writer.write(piece)


def read_table(file: Path, names: Sequence[str] | None = None) -> pa.Table:
    """Read an Arrow file into memory, or only the columns *names* of it."""
    with pa.OSFile(str(file), "rb") as stream:
        options = pa.ipc.IpcReadOptions(included_fields=None if names is None else _field_numbers(file, names))
        return pa.ipc.open_file(stream, options=options).read_all()


def read_batches(file: Path) -> Iterator[pa.Table]:
    """Yield the pieces of an Arrow file as they were written, with one in memory at a time."""
    with pa.OSFile(str(file), "rb") as stream:
        reader = pa.ipc.open_file(stream)
        for number in range(reader.num_record_batches):
            yield pa.Table.from_batches([reader.get_batch(number)])


def _field_numbers(file: Path, names: Sequence[str]) -> list[int]:
    with pa.OSFile(str(file), "rb") as stream:
        schema = pa.ipc.open_file(stream).schema
    return [schema.get_field_index(name) for name in names]
