"""Opening a file by its ending: text, spreadsheet, Parquet or messages."""

from collections.abc import Callable, Sequence
from pathlib import Path

from orders.intake.errors import IntakeError
from orders.intake.files.csv_files import open_text
from orders.intake.files.folders import open_folder, require_source
from orders.intake.files.sheet import Sheet
from orders.intake.files.spreadsheets import SPREADSHEET_ENDINGS, open_spreadsheet
from orders.intake.files.tables import MessageSheet, ParquetSheet

_ARCHIVES = (".zip", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz")
_MESSAGES = (".ndjson", ".jsonl")


def open_sheets(
    file: Path, sheet: str | None, encoding: str | None, delimiter: str | None, score: Callable[[Sequence[Sequence[str]]], int]
) -> Sequence[Sheet]:
    """Return the sheets of a file; see `open_text` for *encoding*, *delimiter* and *score*.

    Raises:
        IntakeError: it cannot be read.
    """
    require_source(file)
    if file.is_dir() and sheet is None:
        return [open_folder(file, lambda part: open_sheets(part, None, encoding, delimiter, score))]
    ending = file.suffix.casefold()
    if ending in _ARCHIVES:
        raise IntakeError(file.name, "it is an archive", "unpack it and name the files in it")
    if ending == ".json":
        raise IntakeError(file.name, "a JSON document is not read", "write one JSON object a line, and name it with the ending .ndjson")
    if ending in SPREADSHEET_ENDINGS:
        return open_spreadsheet(file, sheet)
    if sheet is not None:
        raise IntakeError(file.name, f"it has no sheets, but the mapping names `{sheet}`", "remove `sheet` from the mapping")
    if ending == ".parquet":
        return [ParquetSheet(file)]
    if ending in _MESSAGES:
        return [MessageSheet(file, encoding)]
    return [open_text(file, encoding, delimiter, score)]
