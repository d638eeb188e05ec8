"""The mapping of one source: its file, forms and columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from orders.audit.tables import Claim, System
from orders.day_bounds import DayBounds
from orders.intake.values.masking import PERSONAL
from orders.intake.values.numbers import INDIAN

IST = 330
"""Minutes by which India is before UTC."""
CANCELLATIONS, ORDERS, LINES = "cancellations", "orders", "lines"


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column of a source.

    Attributes:
        names: names of the column in the file; the first that the header has is taken.
        letter: letter of the column, instead of a name.
        value: a value for all rows, instead of a column.
        words: of a column of words, or of numbers as words, the meaning of each.
        formats, zone: of a column of times, if they differ from those of the source; the zone in minutes before UTC.
        is_explicit: whether a person named it; then the header must have it.
    """

    names: tuple[str, ...] = ()
    letter: str | None = None
    value: str | int | None = None
    words: Mapping[str, str | int] | None = None
    formats: tuple[str, ...] | None = None
    zone: int | None = None
    is_explicit: bool = False


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """How to read one source.

    Attributes:
        file: the file; *sheet*: its sheet, None for each sheet that has the header.
        profile, confidence: the shipped profile that it follows, and how sure its facts are.
        system: the system that the file comes from.
        complete_of, complete_from, complete_to: what the file claims to hold completely, and for which days.
        formats, zone: of dates; *zone* in minutes before UTC, None if a time must have its own.
        numbers: form of numbers.
        encoding, delimiter, header: as declared; *header* is the number of the row of the header.
        rows: whether each row is a request to cancel (`CANCELLATIONS`) or is about an order (`ORDERS`),
            or about a line or unit of one (`LINES`).
        empty: texts that stand for an empty cell.
        columns: by their names in `orders.intake.mapping.targets`.
        required: columns in which an empty cell is a mistake.
        totals: for columns of the file, the words that mark a total row.
        personal: patterns of names of columns that are not kept.
        is_confirmed: whether a person has confirmed it.
    """

    file: Path
    system: System
    sheet: str | None = None
    profile: str | None = None
    confidence: str | None = None
    complete_of: Claim | None = None
    complete_from: date | None = None
    complete_to: date | None = None
    formats: tuple[str, ...] = ()
    zone: int | None = None
    numbers: str = INDIAN
    encoding: str | None = None
    delimiter: str | None = None
    header: int | None = None
    rows: str = ORDERS
    empty: tuple[str, ...] = ()
    columns: Mapping[str, MappedColumn] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    totals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    personal: tuple[str, ...] = PERSONAL
    is_confirmed: bool = True

    @property
    def has_documents(self) -> bool:
        """Return whether the source has documents, not orders."""
        return "kind" in self.columns

    @property
    def has_lines(self) -> bool:
        """Return whether several rows can be lines of one document or order, so that equal ones need not be repetitions."""
        return self.has_documents or self.rows == LINES


@dataclass(frozen=True, slots=True)
class AuditMapping:
    """A whole mapping file.

    Attributes:
        sources: the mapping of each source.
        invoicing: how the e-invoice is made where no column says it: ERP, RMS or unknown.
        as_of: the day of the audit; None where the file does not say it.
        stock_in_erp: whether a missing inward PO or GRN is a finding.
        bounds: how many days lie at most between two events of an order.
    """

    sources: tuple[SourceMapping, ...]
    invoicing: MappedColumn = field(default_factory=MappedColumn)
    as_of: date | None = None
    stock_in_erp: bool = False
    bounds: DayBounds = field(default_factory=DayBounds)
