"""Report tables: data tables of feature files and rows of reports, converted to the same words for comparison."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from orders.duties import Urgency
from orders.log.india import INDIA
from sop_engine import Canceller, QualityCheck, Stage
from sop_engine.case import LIFE_STAGES
from sop_engine.errors import UnknownValueError
from steps.definitions.tables import Column, FilledTable, Kind, Table
from steps.support.cell_kinds import DAY, NOTHING, NUMBER, TEXT, TIME
from steps.support.claims import Check
from steps.support.vocabulary import CANCELLERS, words_of

FIELDS_OF_COLUMN: dict[str, tuple[str, ...]] = {
    "order": ("channel_order_id", "forward_order_code", "order_id"),
    "posted": ("posted_at",),
    "cancelled": ("cancelled_at",),
    "by": ("cancelled_by",),
    "stage": ("oms_status_at_cancel",),
    "units": ("quantity",),
    "invoice": ("invoice_number", "forward_invoice_number"),
    "pushed": ("invoice_pushed_at",),
    "unit": ("item_code",),
    "quality check": ("qc_status",),
    "processed": ("processed_at",),
    "days": ("days",),
    "standing": ("urgency",),
    "reminder from": ("reminder_on",),
    "overdue from": ("overdue_on",),
    "basis": ("basis",),
}
"""The fields that each column of a table may show; a row has one of them."""


def _column(name: str, kind: Kind, nothing: str | None = None) -> Column:
    return Column(name, kind, required=False, nothing=nothing)


STANDING = Kind("standing", Urgency, tuple(map(str, Urgency)))
REPORT = Table(
    (
        _column("order", TEXT),
        _column("posted", TIME, NOTHING),
        _column("cancelled", TIME),
        _column("by", words_of(CANCELLERS)),
        _column("stage", Kind("stage", Stage, tuple(map(str, LIFE_STAGES)))),
        _column("units", NUMBER),
        _column("invoice", TEXT, NOTHING),
        _column("pushed", TIME, NOTHING),
        _column("unit", NUMBER),
        _column("quality check", Kind("quality check", QualityCheck, tuple(map(str, QualityCheck)))),
        _column("processed", TIME, NOTHING),
    )
)
"""Rows of a VMS report, with any of its columns."""

AGES = Table(
    (
        _column("order", TEXT),
        _column("days", NUMBER),
        _column("standing", STANDING),
        _column("reminder from", DAY),
        _column("overdue from", DAY),
        _column("basis", Kind("basis", words=tuple(dict.fromkeys(urgency.basis for urgency in Urgency)))),
    )
)
"""Ages of credit-note duties, with any of their columns."""


def rows_in_words(rows: Iterable[object], head: Sequence[str]) -> list[list[str]]:
    """Return the columns of *rows* that *head* names, in the words of a feature file.

    Raises:
        UnknownValueError: the rows have no such column.
    """
    return [[cell_text(_field_value(row, name)) for name in head] for row in rows]


def row_checks(table: FilledTable, rows: Iterable[object]) -> list[Check]:
    """Return checks of all rows together and of each cell below the heading."""
    expected, actual = table.texts, rows_in_words(rows, table.columns)
    cells: list[Check] = [
        (table.columns[column], word, actual[line][column], (line + 1, column))
        for line in range(min(len(expected), len(actual)))
        for column, word in enumerate(expected[line])
    ]
    return [("rows", expected, actual), *cells]


def cell_text(value: object) -> str:
    """Return a value in the words of a feature file: ``-`` for None, times in minutes in India's time zone."""
    match value:
        case None:
            return NOTHING
        case Canceller():
            return next(words for words, meaning in CANCELLERS.meanings.items() if meaning is value)
        case datetime():
            return value.astimezone(INDIA).strftime("%Y-%m-%d %H:%M")
        case _:
            return str(value)


def _field_value(row: object, column: str) -> object:
    field = _field_of(row, column)
    if field is None:
        raise UnknownValueError("column of this report", column, [name for name in FIELDS_OF_COLUMN if _field_of(row, name)])
    return getattr(row, field)


def _field_of(row: object, column: str) -> str | None:
    return next((field for field in FIELDS_OF_COLUMN.get(column, ()) if hasattr(row, field)), None)
