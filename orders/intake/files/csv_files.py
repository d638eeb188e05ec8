"""CSV, TSV and other text files with delimiters, read by pyarrow in blocks, with every column as text."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.intake.errors import ConservationError, IntakeError
from orders.intake.files.encodings import encoding_of, require_no_null, utf8_blocks
from orders.intake.files.quoting import Structure, cells_of, records_of, structure_of
from orders.intake.files.reading_ahead import read_ahead
from orders.intake.files.sheet import FULL_SHEET, HEAD_ROWS, Batch, Fault, OddRow
from orders.intake.values.text_columns import SPACES
from orders.log.arrays import IntArray
from orders.memory import kept_array, pool_for_reading

DELIMITERS = (",", ";", "\t", "|")
_HEAD_BYTES = 1 << 18
MOST_ROW_BYTES = 1 << 23
"""Bytes of a block that pyarrow reads; no row may have more."""
_FEW_LINES = 10_000
"""So many lines are read before a thread has begun."""
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


class CsvSheet:
    """A text file with a *delimiter*; see `Sheet`."""

    name: str | None = None
    header_is_row = True

    def __init__(self, file: Path, encoding: str, mark: int, delimiter: str, head: str) -> None:
        self.file, self.encoding, self.mark, self.delimiter = file, encoding, mark, delimiter
        rows = _first_rows(head, delimiter)
        self.head: Sequence[Sequence[str]] = [cells for cells, _ in rows]
        self._ends = [end for _, end in rows]

    def _blocks(self, skip: int) -> Iterator[bytes]:
        """Yield the bytes in UTF-8 after the first *skip*."""
        for block in utf8_blocks(self.file, self.encoding, self.mark):
            if skip >= len(block):
                skip -= len(block)
            else:
                yield block[skip:]
                skip = 0

    def batches(self, first: int, width: int, kept: Sequence[int]) -> Iterator[Batch]:
        """Yield the rows from number *first* on; see `Sheet.batches`.

        Raises:
            IntakeError: the file is not in its encoding, or is the full sheet of a spreadsheet.
        """
        cells = self._cells_of_row(first, width)
        if cells == width:
            yield from self._rows(first, width, kept)
        else:
            for batch in self._rows(first, cells, range(cells)):
                yield _within(batch, width, cells, kept)

    def _cells_of_row(self, first: int, width: int) -> int:
        """Return how many cells the first rows have: other than the header only by empty last ones, in most of the rows alike."""
        counts = Counter(len(cells) if _last_filled(cells) <= width else width for cells in self.head[first - 1 :] if _last_filled(cells))
        named = max((_last_filled(cells) for cells in self.head[: first - 1]), default=width)
        most = max(counts, key=lambda count: (counts[count], count == width), default=width)
        return most if most >= min(named, width) else width

    def _rows(self, first: int, width: int, kept: Sequence[int]) -> Iterator[Batch]:
        """Yield the rows from number *first* on; those that have not *width* cells are odd."""
        skip = self._ends[first - 2] if first > 1 else 0
        delimiter = self.delimiter.encode()
        structure = structure_of(self._blocks(skip), delimiter)
        faulty: dict[int, str] = {}
        stream: Any
        if structure.is_plain:
            stream = self._stream(skip)
            lines = structure.lines
        else:
            rows = []
            for number, record in enumerate(records_of(b"".join(self._blocks(skip)), delimiter, width), start=first):
                if record.is_faulty:
                    faulty[number] = record.text.decode()
                rows.append(b"" if record.is_faulty else record.text)
            stream = pa.BufferReader(b"\n".join([*rows, b""]))
            lines = len(rows)
        count = 0
        batches = self._read(stream, first, width, kept, faulty, structure) if lines else iter(())
        for batch in read_ahead(batches) if lines > _FEW_LINES else batches:
            count += len(batch.rows) + len(batch.odd)
            yield batch
        if count != lines:
            raise ConservationError(self.file.name, lines, count)
        if first - 1 + count == FULL_SHEET:
            raise full_sheet(self.file.name)

    def _stream(self, skip: int) -> Any:
        """Return the bytes after the first *skip* of the text as a file that pyarrow can read."""
        if self.encoding != "utf-8":
            return pa.PythonFile(_Stream(self._blocks(skip)), mode="r")
        file = pa.OSFile(str(self.file), memory_pool=pool_for_reading())
        file.seek(self.mark + skip)
        return file

    def _read(  # noqa: PLR0913 (what, and how)
        self, stream: Any, first: int, width: int, kept: Sequence[int], faulty: dict[int, str], structure: Structure
    ) -> Iterator[Batch]:
        from pyarrow import csv as arrow_csv  # noqa: PLC0415 (its import takes time that a spreadsheet does not need)

        odd: list[OddRow] = []

        def collect(row: Any) -> str:
            odd.append(OddRow(first - 1 + row.number, cells_of(row.text, self.delimiter), Fault.CELLS))
            return "skip"

        names = [str(place) for place in range(width)]
        try:
            reader = arrow_csv.open_csv(
                stream,
                read_options=arrow_csv.ReadOptions(column_names=names, block_size=MOST_ROW_BYTES, use_threads=False),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.delimiter,
                    quote_char='"' if structure.has_quotes else False,  # without quotes it parses in less time
                    invalid_row_handler=collect,
                    ignore_empty_lines=False,
                    newlines_in_values=not structure.is_plain,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    include_columns=[str(place) for place in kept],
                    null_values=[],
                    strings_can_be_null=False,
                    check_utf8=False,  # the bytes were checked before
                ),
                memory_pool=pool_for_reading(),
            )
            number = first
            for record_batch in reader:
                batch, number = _batch(record_batch, number, odd, kept, faulty, self.delimiter)
                yield batch
        except pa.ArrowInvalid as error:
            reason = (
                f"a row has more than {MOST_ROW_BYTES:,} bytes, or the file changed while it was read ({str(error).splitlines()[0][:80]})"
            )
            raise IntakeError(self.file.name, reason, "check its line ends and quotes, or export it again") from None
        if odd:
            yield Batch(np.zeros(0, np.int64), {place: pa.array([], pa.string()) for place in kept}, tuple(odd))


def full_sheet(name: str) -> IntakeError:
    """Return the error of a sheet with all rows that a spreadsheet can have."""
    return IntakeError(
        name,
        f"it has exactly {FULL_SHEET:,} rows, as many as a sheet can hold, so it was cut off",
        "export shorter ranges of dates, or CSV",
    )


def _batch(  # noqa: PLR0913 (what, and of what)
    record_batch: pa.RecordBatch, number: int, odd: list[OddRow], kept: Sequence[int], faulty: dict[int, str], delimiter: str
) -> tuple[Batch, int]:
    """Return the rows of *record_batch*, the first of which has *number* if no odd row is before it, and the number after the last."""
    count = record_batch.num_rows
    waiting = odd[:]
    before = np.array([row.row for row in waiting], np.int64) - number - np.arange(len(waiting))  # rows of this batch before each
    between = waiting[: int(np.searchsorted(before, count))]
    del odd[: len(between)]
    places = np.arange(count, dtype=np.int64)
    rows: IntArray = kept_array(number + places + np.searchsorted(before, places, side="right"))
    columns = {place: record_batch.column(index) for index, place in enumerate(kept)}
    end = int(rows[-1]) + 1 if count else number
    bad = [row for row in faulty if number <= row < end]
    if bad:
        keep = pa.array(~np.isin(rows, bad))
        columns = {place: column.filter(keep) for place, column in columns.items()}
        rows = rows[keep.to_numpy(zero_copy_only=False)]
        between += [OddRow(row, cells_of(faulty.pop(row), delimiter), Fault.QUOTES) for row in bad]
    return Batch(rows, columns, tuple(sorted(between, key=lambda row: row.row))), end


def _last_filled(cells: Sequence[str]) -> int:
    """Return the number of *cells* up to the last one that is not empty."""
    return next((place for place in range(len(cells), 0, -1) if cells[place - 1].strip(SPACES)), 0)


def _within(batch: Batch, width: int, cells: int, kept: Sequence[int]) -> Batch:
    """Return *batch*, whose rows have a number of *cells*, with the *kept* columns of a header of *width*; more are odd if not empty."""
    columns = {place: batch.columns[place] if place < cells else pa.repeat(pa.scalar(""), len(batch.rows)) for place in kept}
    is_more = np.zeros(len(batch.rows), bool)
    for place in range(width, cells):
        is_more |= pc.not_equal(pc.utf8_trim(batch.columns[place], SPACES), "").to_numpy(zero_copy_only=False)
    if not is_more.any():
        return Batch(batch.rows, columns, batch.odd)
    odd = [
        OddRow(int(batch.rows[row]), tuple(batch.columns[place][row].as_py() for place in range(cells)), Fault.CELLS)
        for row in np.flatnonzero(is_more).tolist()
    ]
    is_within = pa.array(~is_more)
    columns = {place: column.filter(is_within) for place, column in columns.items()}
    return Batch(batch.rows[~is_more], columns, tuple(sorted([*batch.odd, *odd], key=lambda row: row.row)))


class _Stream(io.RawIOBase):
    """Blocks of bytes as a file that pyarrow can read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.blocks, self.rest = blocks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts: list[memoryview] = []
        while size:
            if not self.rest:
                block = next(self.blocks, None)
                if block is None:
                    break
                self.rest = memoryview(block)
            part = self.rest if size < 0 else self.rest[:size]
            self.rest = self.rest[len(part) :]
            size -= len(part) if size > 0 else 0
            parts.append(part)
        return b"".join(parts)


def open_text(file: Path, encoding: str | None, delimiter: str | None, score: Callable[[Sequence[Sequence[str]]], int]) -> CsvSheet:
    """Open a text file.

    Args:
        file: the file.
        encoding, delimiter: as declared; None to take the byte order mark or UTF-8, and the delimiter of the header.
        score: how many known names the best row of some first rows has; the delimiter with the highest score is taken.

    Raises:
        IntakeError: it is not in its encoding, or two delimiters fit alike.
    """
    name, mark = encoding_of(file, encoding)
    head = b""
    for block in utf8_blocks(file, name, mark):
        head += block[: _HEAD_BYTES - len(head)]
        if len(head) >= _HEAD_BYTES:
            break
    require_no_null(file, head)
    text = head.decode(errors="ignore")
    if not text.strip(SPACES) and len(head) < _HEAD_BYTES:
        raise IntakeError(file.name, "it has only spaces and line ends", "export it again")
    sheets = [CsvSheet(file, name, mark, sign, text) for sign in ((delimiter,) if delimiter else DELIMITERS)]
    scores = [(score(sheet.head), max((len(cells) for cells in sheet.head), default=0)) for sheet in sheets]
    best = max(scores)
    if scores.count(best) > 1 and best[0] > 1:
        raise IntakeError(file.name, "two delimiters fit the header alike", 'set delimiter = "," or another in the mapping')
    return sheets[scores.index(best)]


def _first_rows(head: str, delimiter: str) -> list[tuple[list[str], int]]:
    """Return the first rows of a text, each with the number of its bytes up to its end."""
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        for match in _LINES.finditer(head):
            taken += len(match[0].encode())
            yield match[0]

    rows = []
    try:
        for cells in csv.reader(lines(), delimiter=delimiter):
            rows.append((cells, taken))
            if len(rows) == HEAD_ROWS:
                break
    except csv.Error:
        pass
    return rows
