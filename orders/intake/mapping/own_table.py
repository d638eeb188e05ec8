"""A table that no shipped profile fits, for a person who chooses what it has: its columns with masked samples, and forms of dates that fit."""

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
from orders.intake.mapping.source_mapping import CANCELLATIONS, IST, ORDERS, SourceMapping
from orders.intake.mapping.suggestion import SAMPLES, SuggestedSource, Suggestion, state_words, values_of
from orders.intake.values.date_formats import date_formats
from orders.intake.values.dates import parse_times
from orders.intake.values.masking import PERSONAL, is_personal, masked
from orders.intake.values.text_columns import SPACES, TextCells, trimmed

TRIED: Final = 200
"""Values that the forms of dates are tried on."""
SHORTEST_DATE: Final = 6
DIGITS_OF_DATA: Final = 3
"""Digits that a value has and a name of a column has not."""


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
    """

    source: SuggestedSource
    rows: int
    forms: dict[str, tuple[str, ...]]


def own_tables(file: Path, encoding: str | None = None, header: int | None = None) -> list[OwnTable]:
    """Return each sheet of *file* that has a header, which is in row *header*, or in the row with the most names.

    Raises:
        IntakeError: the file cannot be read, or has no such row.
    """
    sheets = open_sheets(file, None, encoding, None, lambda rows: max(map(_names_in, rows), default=0))
    tables = [
        _own_table(sheet, file, encoding, header, is_only=len(sheets) == 1)
        for sheet in sheets
        if any(_names_in(cells) for cells in sheet.head)
    ]
    if not tables:
        raise IntakeError(file.name, "it has no header", "export it with the names of its columns")
    return tables


def _own_table(sheet: Sheet, file: Path, encoding: str | None, header: int | None, *, is_only: bool) -> OwnTable:
    rows = min(len(sheet.head), HEAD_ROWS - 1)
    number = header or 1 + max(range(rows), key=lambda place: (_names_in(sheet.head[place]), -place))
    if not 1 <= number <= rows:
        raise IntakeError(file.name, f"its header cannot be in row {number}", f"choose one of its first {rows} rows")
    if sheet.header_is_row and not _names_in(sheet.head[number - 1]):
        raise IntakeError(file.name, f"row {number} has values and no names of columns", "choose another row, or export it with the names")
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
    )


def _names_in(cells: Sequence[str]) -> int:
    """Return how many different cells can be names of columns; none in a row with an id, a date, a number or an address, which can be personal."""
    if any("@" in cell or sum(map(str.isdigit, cell)) >= DIGITS_OF_DATA for cell in cells):
        return 0
    return len({cell.strip(SPACES) for cell in cells if any(map(str.isalpha, cell))})


def _forms(batch: Batch, place: int) -> tuple[str, ...]:
    """Return the forms of dates that all first values of a column have; none if its values are short or have no digits."""
    texts = values_of(batch, place)[:TRIED]
    if not texts or min(len(text.strip(SPACES)) for text in texts) < SHORTEST_DATE or not any(map(str.isdigit, texts[0])):
        return ()
    cells = trimmed(TextCells(pa.array(texts, pa.string())))
    return tuple(form for form in FORMS if not parse_times(cells, date_formats((form,)), 0, cells.is_empty).wrong.any())
