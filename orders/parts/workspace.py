"""The tables of an audit in parts, kept in files of a folder that the caller removes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pyarrow as pa

from orders.intake.files.folders import FolderSheet
from orders.intake.files.sheet import Sheet
from orders.intake.pieces.piece import SourceJob
from orders.intake.pieces.source import FolderParts, PartReader, read_folder, read_parts, read_slices
from orders.intake.source_rows import SourceRows
from orders.parts.disk_tables import MappedTable, write_table

PAUSE_S = 0.1
"""Seconds after which memory is given back again."""


class Workspace:
    """Keeps tables in files of *folder*; *read_part* reads the parts of a folder of exports."""

    def __init__(self, folder: Path, read_part: PartReader = read_parts) -> None:
        self.folder, self.read_part = folder, read_part
        self._tables: list[MappedTable] = []

    def keep(self, table: pa.Table) -> pa.Table:
        """Write *table* to a file, and return it from there."""
        file = self.folder / f"table-{len(self._tables):06}.arrow"
        write_table(file, table.schema, table.to_batches())
        mapped = MappedTable(file)
        self._tables.append(mapped)
        return mapped.table

    def release(self) -> None:
        """Give back the memory of what was read from the files."""
        for table in tuple(self._tables):
            table.release()

    @contextmanager
    def releasing(self) -> Iterator[None]:
        """Give it back several times a second, also while a library reads a whole table."""
        ended = Event()

        def release_freed_memory() -> None:
            while not ended.wait(PAUSE_S):
                self.release()

        thread = Thread(target=release_freed_memory, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def read_sheet(self, job: SourceJob, sheet: Sheet, progress: Callable[[str], None]) -> tuple[SourceRows, FolderParts]:
        """Read a sheet piece by piece, with the pieces in files; see `orders.intake.pieces.source.SheetReader`.

        Raises:
            IntakeError: it cannot be read.
            ConservationError: rows were lost.
        """
        if isinstance(sheet, FolderSheet):
            rows = read_folder(job, sheet, progress, self.read_part, self.keep)
        else:
            rows = read_slices(job, sheet, progress, self.keep)
        self.release()
        return rows
