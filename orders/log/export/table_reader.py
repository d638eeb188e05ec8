"""Read a log from tables of rows, CSV or Parquet, from any program; columns and rows may be in any order."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from orders.log.arrays import IntArray
from orders.log.columns import (
    COLUMN_NAMES,
    COLUMNS,
    DEFAULTS,
    EMPTY,
    FACT_COLUMNS,
    NONE,
    OPTIONAL_NUMBERS,
    TEXT_COLUMNS,
    VERSION,
    WORD_CODES,
)
from orders.log.errors import EventLogError, require_version
from orders.log.event_log import Log
from orders.log.event_words import activities_of
from orders.log.export.cells import CORRECT, number_cell, time_cell, word_cell
from orders.log.export.formats import LogFile, LogFormat, require_log_file
from orders.log.export.tables import ACTIVITY, METADATA
from orders.log.orders_table import ORDER_COLUMNS, ORDER_NUMBERS, OrderRow, OrdersTable
from orders.log.provenance import Provenance
from orders.log.timestamps import START_MS
from sop_engine.errors import did_you_mean
from sop_engine.input_files import parse_json
from sop_engine.text import quoted, text_of_cell

ROWS_AT_ONCE = 1 << 17
"""Number of rows of a Parquet file that are read together."""
LONGEST_HEADER = 1 << 16
"""Characters of the first row of a CSV file; longer than all columns together."""
NOT_A_TABLE_OF_A_LOG = "give the file of a log (`log-…`) as this program writes it"


def read_csv(file: Path) -> LogFile:
    """Read the log in a CSV file, and the orders in the file beside it.

    Raises:
        EventLogError: the file is not a log of this version.
        OSError: it cannot be read.
    """
    with _refusing_damage(file, "CSV"):
        log = _log_of_batches(file, _csv_batches(file), text_of_cell)
    return LogFile(log, _orders_beside(file, LogFormat.CSV), None)


def read_parquet(file: Path) -> LogFile:
    """Read the log in a Parquet file, and the orders in the file beside it.

    Raises:
        EventLogError: the file is not a log of this version.
        OSError: it cannot be read.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 (its import takes a while)

    with _refusing_damage(file, "Parquet"), pq.ParquetFile(file) as opened:
        _require_columns(file, opened.schema_arrow.names)
        provenance = _provenance(file, (opened.schema_arrow.metadata or {}).get(METADATA.encode()))
        log = _log_of_batches(file, opened.iter_batches(ROWS_AT_ONCE))
    return LogFile(log, _orders_beside(file, LogFormat.PARQUET), provenance)


@contextmanager
def _refusing_damage(file: Path, form: str) -> Iterator[None]:
    """Refuse *file* where the library that reads it finds it damaged, or of types that it cannot convert.

    Raises:
        EventLogError: it cannot be read as *form*.
    """
    import pyarrow as pa  # noqa: PLC0415

    try:
        yield
    except (pa.ArrowException, csv.Error, ValueError, LookupError, TypeError, OverflowError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # of the system; Arrow's own have no number
            raise
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        remedy = CORRECT if form == "CSV" else NOT_A_TABLE_OF_A_LOG
        raise EventLogError(file, f"is not a {form} file that can be read ({reason})", remedy) from None


def _provenance(file: Path, content: bytes | None) -> Provenance | None:
    if content is None:
        return None
    try:
        about = parse_json(content)
        version = about.pop("version", None) if isinstance(about, dict) else VERSION
        provenance = Provenance.of(about) if version == VERSION else None
    except ValueError as error:
        raise EventLogError(file, f"its metadata `{METADATA}`: {error}", NOT_A_TABLE_OF_A_LOG) from None
    require_version(file, version)
    return provenance


def _require_columns(file: Path, names: Sequence[str]) -> None:
    if "detail" in names and "reason" not in names:
        require_version(file, 1)
    clock = "time_ms" if "time_ms" in names else "at"
    for name in (clock, *FACT_COLUMNS[1:]):
        if name not in names:
            raise EventLogError(file, f"has no column `{name}`", NOT_A_TABLE_OF_A_LOG)
    for name in names:
        if names.count(name) > 1:
            raise EventLogError(file, f"has the column {quoted(name)} twice", "remove one of them")
        if name not in (*COLUMN_NAMES, ACTIVITY):
            raise EventLogError(
                file, f"has the unknown column `{name}`; {did_you_mean(name, COLUMN_NAMES)}", "rename the column or remove it"
            )


def _csv_batches(file: Path) -> Iterator[Any]:
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv as arrow_csv  # noqa: PLC0415

    with file.open(encoding="utf-8-sig", newline="", errors="replace") as stream:
        names = next(csv.reader([stream.readline(LONGEST_HEADER)]), [])
    _require_columns(file, names)
    kinds = dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string()))
    convert = arrow_csv.ConvertOptions(column_types=kinds, strings_can_be_null=False)
    yield from arrow_csv.open_csv(file, parse_options=arrow_csv.ParseOptions(newlines_in_values=True), convert_options=convert)


class _Columns:
    """Converter of the cells of Arrow columns to codes; *text_of* converts a cell of text to its text."""

    def __init__(self, file: Path, text_of: Callable[[str], str]) -> None:
        self.file, self.text_of = file, text_of
        self.texts: dict[str, dict[str, int]] = {name: {} for name in TEXT_COLUMNS}
        self.first = 1
        """The number of the first row of a batch, counted from 1."""

    def part(self, batch: Any) -> dict[str, IntArray]:
        """Convert the columns of a batch; missing ones get their value from `DEFAULTS`."""
        part = {name: np.full(len(batch), cell, dtype=np.int64) for name, cell in DEFAULTS.items() if name not in batch.schema.names}
        part |= {name: self._cells(name, batch.column(name)) for name in batch.schema.names if name != ACTIVITY}
        for name in ("order", "event", "units"):
            if (part[name] < 0).any():
                raise self._empty(name, int((part[name] < 0).argmax()))
        if ACTIVITY in batch.schema.names:
            self._require_activities(batch.column(ACTIVITY).to_pylist(), activities_of(Log(part, {})).tolist())
        self.first += len(batch)
        return part

    def _cells(self, name: str, column: Any) -> IntArray:
        import pyarrow as pa  # noqa: PLC0415

        empty = EMPTY if name in OPTIONAL_NUMBERS else NONE
        if pa.types.is_timestamp(column.type):
            if column.type.tz is None:
                raise EventLogError(self.file, f"column `{name}`: its times have no zone", CORRECT)
            column = column.cast(pa.timestamp("ms", tz="UTC")).cast(pa.int64())
        if pa.types.is_integer(column.type) and COLUMNS[name] is None and name not in TEXT_COLUMNS:
            return np.asarray(column.cast(pa.int64()).fill_null(empty).to_numpy(zero_copy_only=False), dtype=np.int64)
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        places = np.asarray(column.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
        codes = [self._code(name, value, places, place) for place, value in enumerate(column.dictionary.to_pylist())]
        return np.array([*codes, empty], dtype=np.int64)[places]

    def _code(self, name: str, value: object, places: IntArray, place: int) -> int:
        """Return the code of a value of a column; if it is invalid, the error has the place of the first row with it."""

        def where() -> str:
            rows = np.flatnonzero(places == place)
            return f"row {self.first + int(rows[0]):,}" if len(rows) else "a dictionary entry without rows"

        if value in ("", None):
            return EMPTY if name in OPTIONAL_NUMBERS else NONE
        try:
            if name == "at":
                return time_cell(self.file, "", value)
            if name in WORD_CODES:
                return WORD_CODES[name][word_cell(self.file, "", name, value)]
            if name in TEXT_COLUMNS:
                return self.texts[name].setdefault(self.text_of(word_cell(self.file, "", name, value)), len(self.texts[name]))
            return number_cell(self.file, "", name, value)
        except EventLogError as error:
            raise EventLogError(self.file, f"{where()}{error.reason}", error.remedy) from None

    def _require_activities(self, given: Sequence[object], expected: Sequence[str]) -> None:
        """Refuse an activity that is not the one of its event."""
        for row, (activity, own) in enumerate(zip(given, expected, strict=True), self.first):
            if activity != own:
                reason = f"row {row:,}, `{ACTIVITY}`: expected `{own}`, which follows from `event` and `lifecycle`, got {quoted(str(activity), 40)}"
                raise EventLogError(self.file, reason, f"correct it, or remove the column `{ACTIVITY}`")

    def _empty(self, name: str, row: int) -> EventLogError:
        return EventLogError(self.file, f"row {self.first + row:,}, `{name}`: must not be empty", CORRECT)


def _log_of_batches(file: Path, batches: Iterable[Any], text_of: Callable[[str], str] = str) -> Log:
    columns = _Columns(file, text_of)
    parts = [columns.part(batch) for batch in batches] or [{name: np.empty(0, dtype=np.int64) for name in COLUMN_NAMES}]
    stored = _stored_columns(file, {name: np.concatenate([part[name] for part in parts]) for name in COLUMN_NAMES})
    return Log.of([stored], {name: list(words) for name, words in columns.texts.items()})


def _stored_columns(file: Path, columns: dict[str, IntArray]) -> dict[str, IntArray]:
    """Select the columns that a log stores: one clock, the facts, and those that differ from `DEFAULTS`."""
    time_ms, at = columns["time_ms"], columns["at"]
    simulated = time_ms != EMPTY
    if simulated.any() and not simulated.all():
        raise EventLogError(file, f"row {int((~simulated).argmax()) + 1:,}, `time_ms`: empty, though other rows have it", CORRECT)
    if len(at) and simulated.all():
        other = (at != EMPTY) & (at != time_ms + START_MS)
        if other.any():
            raise EventLogError(file, f"row {int(other.argmax()) + 1:,}: `time_ms` and `at` are different times", CORRECT)
    elif (at == EMPTY).any():
        raise EventLogError(file, f"row {int((at == EMPTY).argmax()) + 1:,}, `at`: must not be empty where there is no `time_ms`", CORRECT)
    clock = "time_ms" if simulated.all() else "at"
    return {
        name: column
        for name, column in columns.items()
        if name == clock or (name not in ("time_ms", "at") and (name in FACT_COLUMNS or (column != DEFAULTS[name]).any()))
    }


def _orders_beside(file: Path, format_: LogFormat) -> OrdersTable:
    """Read the table ``orders-STEM`` beside ``log-STEM``; an empty table if there is none."""
    beside = file.with_name(file.name.replace("log-", "orders-", 1))
    if not file.name.startswith("log-") or not beside.exists():
        return OrdersTable.from_rows([])
    require_log_file(beside)
    read, form = (_csv_rows, "CSV") if format_ is LogFormat.CSV else (_parquet_rows, "Parquet")
    with _refusing_damage(beside, form):
        return OrdersTable.from_rows(list(_order_rows(beside, read(beside))))


def _order_rows(beside: Path, rows: Iterable[Mapping[str, Any]]) -> Iterator[OrderRow]:
    for place, cells in enumerate(rows, 1):
        if tuple(cells) != ORDER_COLUMNS:
            if "credit_note_number" not in cells:
                require_version(beside, 1)
            raise EventLogError(
                beside, f"must have the columns {', '.join(ORDER_COLUMNS)}, has {', '.join(map(str, cells))}", NOT_A_TABLE_OF_A_LOG
            )
        checked = {
            name: number_cell(beside, f"row {place:,}", name, value)
            if name in ORDER_NUMBERS
            else word_cell(beside, f"row {place:,}", name, value)
            for name, value in cells.items()
        }
        yield OrderRow(**checked)  # type: ignore[arg-type]


def _csv_rows(file: Path) -> Iterator[Mapping[str, Any]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for cells in csv.DictReader(stream):
            yield {name: text_of_cell(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}


def _parquet_rows(file: Path) -> Iterator[Mapping[str, Any]]:
    import pyarrow.parquet as pq  # noqa: PLC0415

    with pq.ParquetFile(file) as opened:
        for batch in opened.iter_batches(ROWS_AT_ONCE):
            yield from batch.to_pylist()
