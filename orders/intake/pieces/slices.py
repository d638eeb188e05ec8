"""A sheet in slices of many rows, each a sheet of its own with rows numbered from 1."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from orders.intake.files.sheet import Batch, Sheet
from orders.intake.mapping.headers import Header

SLICE_ROWS: Final = 262_144
"""Rows of a slice, or a few more: as many as are read at a time."""
SLICE_BYTES: Final = 1 << 26
"""Bytes of the columns of a slice with fewer rows, because they are many or long."""


class Slice:
    """Some batches of a sheet, after *before* rows."""

    name: str | None = None
    header_is_row = False
    head: Sequence[Sequence[str]] = ()

    def __init__(self, batches: list[Batch], before: int) -> None:
        self._batches, self._before = batches, before

    def batches(self, first: int, width: int, kept: Sequence[int]) -> Iterator[Batch]:  # noqa: ARG002 (they were chosen already)
        """Yield the batches; see `Sheet.batches`."""
        while self._batches:  # each batch is given up when it is read
            batch = self._batches.pop(0)
            odd = tuple(replace(row, row=row.row - self._before) for row in batch.odd)
            yield replace(batch, rows=batch.rows - self._before, odd=odd)


def slices_of(sheet: Sheet, header: Header, kept: Sequence[int]) -> Iterator[tuple[Slice, Header]]:
    """Yield the slices of *sheet*, each with its header: only the first has rows of a header.

    Raises:
        IntakeError: the sheet cannot be read.
    """
    batches: list[Batch] = []
    before, count, size = 0, header.last, 0
    for batch in sheet.batches(header.last + 1, len(header.names), kept):
        batches.append(batch)
        count += len(batch.rows) + len(batch.odd)
        size += sum(column.nbytes for column in batch.columns.values())
        if count - before >= SLICE_ROWS or size >= SLICE_BYTES:
            yield Slice(batches, before), header if not before else replace(header, first=0, last=0)
            batches, before, size = [], count, 0
    if batches or not before:
        yield Slice(batches, before), header if not before else replace(header, first=0, last=0)
