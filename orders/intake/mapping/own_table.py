"""A table that no shipped profile fits, for a person who chooses what it has: its columns with masked samples, and forms of dates that fit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from orders.audit.tables import Claim, Kind, System
from orders.intake.errors import IntakeError
from orders.intake.files.csv_files import CsvSheet
from orders.intake.files.opening import open_sheets
from orders.intake.files.sheet import HEAD_ROWS, MOST_COLUMNS, Batch, Sheet, column_letter
from orders.intake.mapping.date_order import FORMS
from orders.intake.mapping.source_mapping import CANCELLATIONS, IST, LINES, ORDERS, SourceMapping
from orders.intake.mapping.suggestion import SAMPLES, SuggestedSource, Suggestion, state_words, values_of
from orders.intake.values.date_formats import date_formats
from orders.intake.values.dates import parse_times
from orders.intake.values.masking import PERSONAL, is_personal, masked
from orders.intake.values.text_columns import SPACES, TextCells, trimmed

TRIED: Final = 200
"""Values that the forms of dates are tried on."""
SHORTEST_DATE: Final = 6
DIGITS_OF_DATA: Final = 3
"""Digits of a value: a name of a column has as many only if its column is clearly below it."""


@dataclass(frozen=True, slots=True)
class TableKind:
    """A kind of table that a file can have.

    Attributes:
        name: what a row of it is.
        system: the system that such a table usually comes from.
        rows: of a table of orders, whether each row is a request to cancel.
        kind: of a table of documents, what each row is; empty if a column says it.
        claim: what such a table can hold completely.
        required: columns in which an empty cell is a mistake.
    """

    name: str
    system: System
    claim: Claim
    required: tuple[str, ...]
    rows: str = ""
    kind: str | None = None

    @property
    def has_documents(self) -> bool:
        """Return whether a row is a document, or a line of a return."""
        return self.kind is not None


DATED: Final = ("number", "dated")
TABLE_KINDS: Final = (
    TableKind("requests to cancel", System.OMS, Claim.CANCELLATIONS, ("order",), rows=CANCELLATIONS),
    TableKind("requests to cancel, a row for each line or unit", System.OMS, Claim.CANCELLATIONS, ("order",), rows=LINES),
    TableKind("orders, or lines of orders", System.AJIO, Claim.ORDERS, ("order",), rows=ORDERS),
    TableKind("e-invoices and other invoices", System.ERP, Claim.DOCUMENTS, DATED, kind=str(Kind.INVOICE)),
    TableKind("credit notes", System.ERP, Claim.DOCUMENTS, DATED, kind=str(Kind.CREDIT_NOTE)),
    TableKind("debit notes", System.ERP, Claim.DOCUMENTS, DATED, kind=str(Kind.DEBIT_NOTE)),
    TableKind("documents of several kinds, which a column names", System.ERP, Claim.DOCUMENTS, ("kind", *DATED), kind=""),
    TableKind("returns", System.AJIO, Claim.RETURNS, ("number",), kind=str(Kind.RETURN)),
    TableKind("lines of the return sales invoice (RSI) report", System.RSI, Claim.RETURNS, ("number",), kind=str(Kind.RSI)),
    TableKind("inward purchase orders", System.ERP, Claim.DOCUMENTS, DATED, kind=str(Kind.PO)),
    TableKind("goods receipt notes (GRN)", System.ERP, Claim.DOCUMENTS, DATED, kind=str(Kind.GRN)),
)


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A sheet as it stands.

    Attributes:
        source: its columns, none of them taken for anything; its mapping names the row of the header.
        rows: how many rows at the beginning can be the header; 0 if the file has no header row.
        forms: for each column by its letter, the forms of dates that all its first values have.
        doubt: why the row of the header can be one of values; empty if it is clearly above them.
    """

    source: SuggestedSource
    rows: int
    forms: dict[str, tuple[str, ...]]
    doubt: str = ""


def own_tables(file: Path, encoding: str | None = None, header: int | None = None) -> list[OwnTable]:
    """Return each sheet of *file* that has a header, which is in row *header*, or in the row with the most names.

    Raises:
        IntakeError: the file cannot be read, or has no such row.
    """
    sheets = open_sheets(file, None, encoding, None, lambda rows: max(_names_by_row(rows), default=0))
    tables = [_own_table(sheet, file, encoding, header, is_only=len(sheets) == 1) for sheet in sheets if any(_names_by_row(sheet.head))]
    if not tables:
        raise IntakeError(file.name, "it has no header", "export it with the names of its columns")
    return tables


def _own_table(sheet: Sheet, file: Path, encoding: str | None, header: int | None, *, is_only: bool) -> OwnTable:
    rows = min(len(sheet.head), HEAD_ROWS - 1)
    counts = _names_by_row(sheet.head)
    number = header or 1 + max(range(rows), key=lambda place: (counts[place], -place))
    if not 1 <= number <= rows:
        raise IntakeError(file.name, f"its header cannot be in row {number}", f"choose one of its first {rows} rows")
    if sheet.header_is_row and not counts[number - 1]:
        raise IntakeError(file.name, f"row {number} has values and no names of columns", "choose another row, or export it with the names")
    doubt = _doubt(sheet.head[:rows], number) if sheet.header_is_row else ""
    names = tuple(cell.strip(SPACES) for cell in sheet.head[number - 1 if sheet.header_is_row else 0])
    if len(names) > MOST_COLUMNS:
        raise IntakeError(file.name, f"its header has {len(names):,} columns, more than {MOST_COLUMNS}", "check its delimiter")
    kept = [place for place, name in enumerate(names) if name and not is_personal(name, PERSONAL)]
    batch = next(iter(sheet.batches(number + 1 if sheet.header_is_row else 1, len(names), kept)), None)
    mapping = SourceMapping(
        file,
        System.OMS,
        sheet=None if is_only else sheet.name,
        encoding=encoding,
        delimiter=sheet.delimiter if isinstance(sheet, CsvSheet) else None,
        header=number if sheet.header_is_row else None,
        zone=IST,
        is_confirmed=False,
    )
    values = {place: values_of(batch, place) for place in kept}
    columns = tuple(
        Suggestion(
            "",
            names[place],
            column_letter(place),
            "",
            tuple(map(masked, values[place][:SAMPLES])),
            is_exact=False,
            words=state_words(values[place]),
        )
        for place in kept
    )
    personal = tuple(name for name in names if is_personal(name, PERSONAL))
    return OwnTable(
        SuggestedSource(mapping, (), (), columns, personal),
        rows if sheet.header_is_row else 0,
        {column_letter(place): _forms(batch, place) for place in kept if batch is not None},
        doubt,
    )


def _names_by_row(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return for each row how many different cells of it can be names of columns.

    None can in a row with an id, a date, a number or an address, which can be personal.
    """
    return [_names_in(cells, rows[place + 1 :]) for place, cells in enumerate(rows)]


def _names_in(cells: Sequence[str], below: Sequence[Sequence[str]]) -> int:
    numbered = [place for place, cell in enumerate(cells) if sum(map(str.isdigit, cell)) >= DIGITS_OF_DATA]
    if any("@" in cell for cell in cells) or (numbered and not _is_above(cells, below)):
        return 0
    if not all(_is_of_another_form(cells[place], _values_of_column(below, place)) for place in numbered):
        return 0
    return len({cell.strip(SPACES) for cell in cells if any(map(str.isalpha, cell))})


def _values_of_column(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    """Return the cells of *rows* at *place* that are not empty."""
    return [cell for row in rows for cell in row[place : place + 1] if cell.strip(SPACES)]


def _is_above(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Return whether *cells* have a name without digits for a column in which most values *below* have digits, as ids and dates do."""
    for place, cell in enumerate(cells):
        if any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell)):
            has_digits = [any(map(str.isdigit, value)) for value in _values_of_column(below, place)]
            if 2 * sum(has_digits) > len(has_digits):
                return True
    return False


def _is_of_another_form(cell: str, values: Sequence[str]) -> bool:
    """Return whether *cell* has letters, and the *values* all have one form of letters, digits and marks that it has not."""
    forms = {re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "A", value.strip(SPACES))) for value in (cell, *values)}
    return any(map(str.isalpha, cell)) and len(forms) == 2  # noqa: PLR2004 (its own, and theirs)


def _doubt(rows: Sequence[Sequence[str]], number: int) -> str:
    """Return why the *number*-th of *rows* can be one of values: it looks like those below it, or as full ones are above it."""
    cells = rows[number - 1]
    below = [row for row in rows[number:] if list(row) != list(cells) and any(cell.strip(SPACES) for cell in row)]
    if any(_filled(row) >= _filled(cells) for row in rows[: number - 1]):
        return f"Row {number} can be a row of values: a row above it has as many cells."
    if _is_above(cells, below) or not below:
        return ""
    again = [cell.strip(SPACES) for place, cell in enumerate(cells) if cell.strip(SPACES) and cell in _values_of_column(below, place)]
    if again:
        return f"Row {number} can be a row of values: it has “{again[0]}”, which stands below it in the same column too."
    return f"Row {number} can be a row of values: it has only words, as the rows below it have."


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip(SPACES)) for cell in cells)


def _forms(batch: Batch, place: int) -> tuple[str, ...]:
    """Return the forms of dates that all first values of a column have; none if its values are short or have no digits."""
    texts = values_of(batch, place)[:TRIED]
    if not texts or min(len(text.strip(SPACES)) for text in texts) < SHORTEST_DATE or not any(map(str.isdigit, texts[0])):
        return ()
    cells = trimmed(TextCells(pa.array(texts, pa.string())))
    return tuple(form for form in FORMS if not parse_times(cells, date_formats((form,)), 0, cells.is_empty).wrong.any())
