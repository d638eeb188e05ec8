"""Report tables: data tables of feature files and rows of reports, converted to the same words for comparison."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from orders.log.india import INDIA
from sop_engine import Canceller, SopError
from sop_engine.errors import UnknownValueError
from steps.support.claims import Check
from steps.support.vocabulary import CANCELLERS, Vocabulary

FIELDS_OF_COLUMN = Vocabulary(
    "column",
    {
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
    },
)
"""The fields that each column of a table may show; a row has one of them."""

NOTHING = "-"


class MissingColumnError(SopError):
    """A data table without a column that its step needs."""

    def __init__(self, column: str) -> None:
        super().__init__(f"the table has no column `{column}`; add it")
        self.column = column


def records(table: Sequence[Sequence[str]], required: Sequence[str], optional: Sequence[str] = ()) -> list[dict[str, str]]:
    """Return the rows of a table below its header, as column name to cell.

    Raises:
        MissingColumnError: a column in *required* is missing.
        UnknownValueError: a column is neither in *required* nor in *optional*.
    """
    head, *lines = table
    columns = [*required, *optional]
    for column in head:
        if column not in columns:
            raise UnknownValueError("column", column, columns)
    for column in required:
        if column not in head:
            raise MissingColumnError(column)
    return [dict(zip(head, line, strict=True)) for line in lines]


def rows_in_words(rows: Iterable[object], head: Sequence[str]) -> list[list[str]]:
    """Return the columns of *rows* that *head* names, in the words of a feature file."""
    return [[cell_text(_field_value(row, FIELDS_OF_COLUMN(name))) for name in head] for row in rows]


def row_checks(table: Sequence[Sequence[str]], rows: Iterable[object]) -> list[Check]:
    """Return checks of all rows together and of each cell below the header."""
    head, *expected = [list(line) for line in table]
    actual = rows_in_words(rows, head)
    cells: list[Check] = [
        (head[column], word, actual[line][column], (line + 1, column))
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


def _field_value(row: object, fields: Sequence[str]) -> object:
    return next(getattr(row, field) for field in fields if hasattr(row, field))
