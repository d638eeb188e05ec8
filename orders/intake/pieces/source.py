"""Reading one sheet: as a whole, or piece by piece with the pieces kept elsewhere."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from orders.intake.files.folders import FolderSheet
from orders.intake.files.sheet import Sheet
from orders.intake.pieces.joining import Keep, Pieces
from orders.intake.pieces.piece import Piece, SourceJob, pieces_of_part, pieces_of_sheet
from orders.intake.source_rows import SourceRows

FolderParts = list[dict[str, Any]] | None
"""The parts of a folder, as `orders.audit.tables.PART`; None for a file."""
SheetReader = Callable[[SourceJob, Sheet, Callable[[str], None]], tuple[SourceRows, FolderParts]]
"""Reads a sheet, calling a function with what is read next; returns its rows and parts."""
PartReader = Callable[[SourceJob, Iterable[Path]], Iterator[Iterable[Piece]]]
"""Reads the parts of a folder; yields the pieces of each in their order."""


def read_sheet_whole(job: SourceJob, sheet: Sheet, progress: Callable[[str], None]) -> tuple[SourceRows, FolderParts]:
    """Read a sheet at once, a folder part by part, into memory.

    Raises:
        IntakeError: it cannot be read.
        ConservationError: rows were lost.
    """
    if isinstance(sheet, FolderSheet):
        return read_folder(job, sheet, progress, read_parts, lambda table: table)
    return job.reader().read_alone(sheet), None


def read_parts(job: SourceJob, parts: Iterable[Path]) -> Iterator[Iterable[Piece]]:
    """Read the parts of a folder one after another in this process."""
    for part in parts:
        yield pieces_of_part(job, part)


def read_folder(
    job: SourceJob, sheet: FolderSheet, progress: Callable[[str], None], read: PartReader, keep: Keep
) -> tuple[SourceRows, FolderParts]:
    """Read the parts of a folder.

    Raises:
        IntakeError: one of them cannot be read.
        ConservationError: rows were lost.
    """
    pieces, parts = Pieces(keep, job.mapping.has_lines), []
    for number, (part, of_part) in enumerate(zip(sheet.parts, read(job, sheet.parts), strict=True), 1):
        progress(f"{job.name}, part {number:,} of {len(sheet.parts):,}, {pieces.count:,} rows so far")
        pieces.begin_part()
        before = pieces.count
        for piece in of_part:
            pieces.add(piece)
        parts.append({"name": part.name, "rows": pieces.count - before})
    return pieces.joined(), parts


def read_slices(job: SourceJob, sheet: Sheet, progress: Callable[[str], None], keep: Keep) -> tuple[SourceRows, FolderParts]:
    """Read a sheet slice by slice.

    Raises:
        IntakeError: it cannot be read.
        ConservationError: rows were lost.
    """
    pieces = Pieces(keep, job.mapping.has_lines)
    for piece in pieces_of_sheet(job, sheet):
        pieces.add(piece)
        progress(f"{job.name}, {pieces.count:,} rows so far")
    return pieces.joined(), None
