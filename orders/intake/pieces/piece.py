"""One piece of a source, read: its rows numbered from 1, and what settles the whole."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from orders.intake.errors import IntakeError
from orders.intake.files.opening import open_sheets
from orders.intake.files.sheet import Sheet
from orders.intake.mapping.headers import Header, find_header, known_names, plain, score
from orders.intake.mapping.later_headers import LaterHeaders
from orders.intake.mapping.source_mapping import MappedColumn, SourceMapping
from orders.intake.pieces.slices import slices_of
from orders.intake.repeats import Twins, UsedRows
from orders.intake.source_rows import SourceReader, SourceRows
from orders.intake.values.ids_above import IdsAbove
from orders.log.arrays import IntArray


@dataclass(frozen=True)
class SourceJob:
    """A source to be read: its number, name, mapping, header, the column or value of the invoicing model, and the last year."""

    source: int
    name: str
    mapping: SourceMapping
    header: Header
    invoicing: MappedColumn
    last_year: int

    def reader(self) -> SourceReader:
        """Return a reader of the source, or of a piece of it."""
        return SourceReader(self.source, self.name, self.mapping, self.header, self.invoicing, self.last_year)

    def of_part(self, part: Path) -> "SourceJob":
        """Return the same for one file of a folder."""
        return replace(self, name=f"{self.name}/{part.name}", mapping=replace(self.mapping, file=part))


@dataclass(frozen=True)
class Piece:
    """A piece of a source.

    Attributes:
        rows: as for a source of its own, with rows numbered from 1.
        count: rows of the piece.
        used: the rows used, with what shows whether another piece has them too.
        twins: rows that repeat another one of the piece; breaks: rows below which another export begins.
        values: the numbers of all rows, as `orders.intake.totals.Totals.values`.
    """

    rows: SourceRows
    count: int
    used: UsedRows
    twins: Twins
    breaks: IntArray
    values: pa.Table


def _read_piece(reader: SourceReader, sheet: Sheet) -> Piece:
    rows = reader.read(sheet)
    used = reader.repeats.used_rows(reader.used)
    return Piece(rows, sum(rows.counts.values()), used, reader.twins, reader.breaks, reader.totals.values())


def pieces_of_sheet(job: SourceJob, sheet: Sheet) -> Iterator[Piece]:
    """Read a sheet slice by slice.

    Raises:
        IntakeError: it cannot be read.
        ConservationError: rows were lost.
    """
    later: LaterHeaders | None = None
    ids_above: IdsAbove | None = None
    before = 0
    for slice_, header in slices_of(sheet, job.header, job.reader().looked_at):
        reader = replace(job, header=header).reader()
        if later is not None and ids_above is not None:
            reader.later.continue_from(later, before)
            reader.ids_above.continue_from(ids_above)
        piece = _read_piece(reader, slice_)
        before, later, ids_above = before + piece.count, reader.later, reader.ids_above
        del reader  # it has the columns of its rows
        yield piece


def pieces_of_part(job: SourceJob, part: Path) -> Iterator[Piece]:
    """Read one file of a folder slice by slice; *job* is of the folder.

    Raises:
        IntakeError: it cannot be read, or its columns are not those of the first part.
        ConservationError: rows were lost.
    """
    of_part = job.of_part(part)
    mapping = of_part.mapping
    names = known_names(mapping.columns)
    sheet = open_sheets(part, None, mapping.encoding, mapping.delimiter, lambda rows: score(rows, names))[0]
    header = find_header(sheet.head, mapping, of_part.name, is_row=sheet.header_is_row)
    if [plain(name) for name in header.names] != [plain(name) for name in job.header.names]:
        reason = "its columns are not those of the first part of the folder"
        raise IntakeError(of_part.name, reason, "export all parts alike, or audit it as a file of its own")
    yield from pieces_of_sheet(replace(of_part, header=header), sheet)
