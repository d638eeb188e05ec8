"""Declared tables: the columns of the table that a step sentence takes, and the check and conversion of the cells of a step.

The lint, the catalogue, the page of steps and the run use the same declaration::

    SHELVES = Table((Column("shelf", TEXT, unique=True), Column("boxes", Kind("number", int), required=False, nothing="-")))

    @given("these shelves", target_fixture="shelves", table=SHELVES)
    def _(datatable: FilledTable) -> list[Shelf]:
        return [Shelf(row["shelf"], row["boxes"]) for row in datatable.rows]
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from sop_engine import SopError
from sop_engine.text import comparable_text, counted, quoted, quoted_list

WrittenCells = Sequence[Sequence[str]]
"""The texts of a table, row by row, its heading included; messages count rows from 1, without the heading."""


class CellError(SopError):
    """A text that is not of the kind that its place takes; the message has no remedy."""

    def __init__(self, message: str, remedy: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: *read* converts the text of a cell; *words* lists all texts if they can be listed, *sample* is one of the others.

    A value that *cites* is a list of ids of clauses and gaps: the example may have them as tags.
    """

    name: str
    read: Callable[[str], object] = str
    words: tuple[str, ...] = ()
    sample: str = ""
    cites: bool = False

    def value(self, text: str) -> object:
        """Return the value of *text*.

        Raises:
            CellError: *text* is not of this kind.
        """
        if self.words and text not in self.words:
            raise unknown_word(self.name, text, self.words)
        try:
            return self.read(text)
        except CellError:
            raise
        except (SopError, ValueError, ArithmeticError, LookupError) as error:
            raise CellError(f"{quoted(text)} is not a {self.name}: {error}", f"write a {self.name}") from None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and the kind of its values.

    Attributes:
        required: whether every table has the column; the others may be left out.
        nothing: the text of a cell that has no value, such as ``-``; None if every cell has one.
        unique: whether no two rows have the same value.
    """

    name: str
    kind: Kind
    required: bool = True
    nothing: str | None = None
    unique: bool = False


class RowCells(Mapping[str, Any]):
    """The cells of a row by column; the columns that are read are added to *read*, which the rows of a table share."""

    def __init__(self, cells: Mapping[str, Any], read: set[str]) -> None:
        self._cells, self._read = cells, read

    def __getitem__(self, column: str) -> Any:
        """Return the cell in *column*."""
        cell = self._cells[column]
        self._read.add(column)
        return cell

    def __iter__(self) -> Iterator[str]:
        """Return an iterator over the columns."""
        return iter(self._cells)

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self._cells)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: the text and the value of every column of the table. *number* counts from 0 and includes the heading."""

    number: int
    texts: Mapping[str, str]
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        """Return the value in *column*; None if the cell has none, or the table has no such column."""
        return self.values.get(column)


@dataclass(frozen=True, slots=True)
class FilledTable:
    """A table of a step that agrees with its declaration: its columns as written, and its rows without the heading.

    Attributes:
        with_values: the columns with a value in some row.
        read: the columns that a step definition has read so far.
    """

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    with_values: tuple[str, ...] = ()
    read: set[str] = field(default_factory=set, compare=False, repr=False)

    @property
    def unread(self) -> list[str]:
        """The columns with values that no step definition has read."""
        return [column for column in self.with_values if column not in self.read]

    @property
    def texts(self) -> list[list[str]]:
        """The cells of the rows as written."""
        return [list(row.texts.values()) for row in self.rows]


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell; *row* and *place* count from 0, and row 0 is the heading if there is one."""

    row: int
    place: int
    message: str
    remedy: str
    suggestion: str | None = None
    about_columns: bool = False


class TableError(SopError):
    """A table of a step that does not agree with its declaration; `faults` has every fault."""

    def __init__(self, faults: Sequence[CellFault], *, has_heading: bool) -> None:
        first, *others = faults
        more = f" (and {counted(len(others), 'other fault')})" if others else ""
        place = f"row {first.row + (not has_heading)}" if first.row or not has_heading else "heading"
        super().__init__(f"{place}, cell {first.place + 1} of the table: {first.message}; {first.remedy}{more}")
        self.faults = tuple(faults)


RowFaults = Iterable[tuple[str, tuple[str, str]]]
"""The column of each fault, with message and remedy."""
RowCheck = Callable[[TableRow], RowFaults]
"""Returns the faults of a row whose cells are all right one by one."""


def _no_faults(_: TableRow) -> RowFaults:
    return ()


@dataclass(frozen=True, slots=True)
class Table:
    """The declaration of a table.

    Attributes:
        heading: whether the first row names the columns; without it, every row has all *columns* in this order.
        rows_required: whether there is at least one row below the heading.
        check_row: the check of the cells of a row against one another.
    """

    columns: tuple[Column, ...]
    heading: bool = True
    rows_required: bool = True
    check_row: RowCheck = _no_faults

    def faults(self, cells: WrittenCells) -> list[CellFault]:
        """Return what is wrong with *cells*: first their columns, then the rows in order."""
        return self._examined(cells)[1]

    def filled(self, cells: WrittenCells) -> FilledTable:
        """Return *cells* with their values.

        Raises:
            TableError: something is wrong with them.
        """
        table, faults = self._examined(cells)
        if faults:
            raise TableError(faults, has_heading=self.heading)
        return table

    def _examined(self, cells: WrittenCells) -> tuple[FilledTable, list[CellFault]]:
        columns, faults = self._named_columns(cells[0]) if self.heading else self._ordered_columns(cells[0])
        first = 1 if self.heading or any(fault.row == 0 and fault.about_columns for fault in faults) else 0
        if self.heading and len(cells) == 1 and self.rows_required and any(columns):
            faults.append(CellFault(0, 0, "this table has a heading and no row", "add a row below the heading", about_columns=True))
        rows, are_columns_right = [], not faults
        read: set[str] = set()
        for number, texts in enumerate(cells[first:], start=first):
            row, row_faults = _examined_row(number, columns, texts, read)
            if are_columns_right and not row_faults:
                places = {column.name: place for place, column in enumerate(columns) if column is not None}
                row_faults = [CellFault(number, places.get(name, 0), *words) for name, words in self.check_row(row)]
            rows.append(row)
            faults += row_faults
        faults += _repeated_values(columns, rows, first=0 if self.heading else 1)
        names = tuple(column.name for column in columns if column is not None)
        with_values = tuple(name for name in names if any(row[name] is not None for row in rows))
        read.clear()  # what was read for the checks
        return FilledTable(names, tuple(rows), with_values, read), faults

    def _named_columns(self, heading: Sequence[str]) -> tuple[list[Column | None], list[CellFault]]:
        """Return the column of each cell of *heading*, None if it is unknown or repeated, and the faults of the heading."""
        by_name = {column.name: column for column in self.columns}
        if not set(heading) & set(by_name):
            near = nearest(heading[0], by_name) if heading else None
            remedy = f"did you mean `{near}`?" if near else f"begin the table with a row of headings: {', '.join(by_name)}"
            message = "the first row of this table has no heading that the step sentence takes"
            return [None] * len(heading), [CellFault(0, 0, message, remedy, near, about_columns=True)]
        columns: list[Column | None] = []
        faults = []
        for place, name in enumerate(heading):
            column = None if name in heading[:place] else by_name.get(name)
            columns.append(column)
            if name in heading[:place]:
                faults.append(CellFault(0, place, f"there are two columns `{name}`", "delete one of the two", about_columns=True))
            elif not name:
                faults.append(CellFault(0, place, "this column has no heading", "write its heading", about_columns=True))
            elif column is None:
                error = unknown_word("column", name, [candidate for candidate in by_name if candidate not in heading])
                faults.append(CellFault(0, place, str(error), error.remedy, error.suggestion, about_columns=True))
        is_known = set(heading) <= set(by_name)  # otherwise a missing column may be a misspelt one
        missing = [column.name for column in self.columns if is_known and column.required and column.name not in heading]
        faults += [CellFault(0, 0, f"this table has no column `{name}`", "add the column", about_columns=True) for name in missing]
        return columns, faults

    def _ordered_columns(self, row: Sequence[str]) -> tuple[list[Column | None], list[CellFault]]:
        """Return the columns of a table without a heading, none if their number is wrong, and the faults of its first *row*."""
        names = [column.name for column in self.columns]
        if len(row) != len(names):
            takes = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
            message = f"this table has {counted(len(row), 'column')}, the step sentence takes {takes}"
            remedy = f"add {' and '.join(names[len(row) :])}" if len(row) < len(names) else "delete the columns from here on"
            place = max(0, min(len(row) - 1, len(names)))
            return [None] * len(row), [CellFault(0, place, message, remedy, about_columns=True)]
        if [text.casefold() for text in row] == [name.casefold() for name in names]:
            message = f"this is a heading, and the step sentence takes rows of {' and '.join(names)} only"
            return list(self.columns), [CellFault(0, 0, message, "delete this row", about_columns=True)]
        return list(self.columns), []


def _examined_row(number: int, columns: Sequence[Column | None], texts: Sequence[str], read: set[str]) -> tuple[TableRow, list[CellFault]]:
    values: dict[str, object] = {}
    faults = []
    for place, (column, text) in enumerate(zip(columns, texts, strict=False)):
        if column is None:
            continue
        values[column.name] = None
        if text == column.nothing:
            continue
        try:
            values[column.name] = _value_of(column, text)
        except CellError as error:
            faults.append(CellFault(number, place, str(error), error.remedy, error.suggestion))
    written = {column.name: text for column, text in zip(columns, texts, strict=False) if column is not None}
    return TableRow(number, RowCells(written, read), RowCells(values, read)), faults


def _value_of(column: Column, text: str) -> object:
    if not text:
        blank = f", or `{column.nothing}` for none" if column.nothing else ""
        raise CellError(f"the cell of the column `{column.name}` is empty", f"write its value{blank}")
    return column.kind.value(text)


def _repeated_values(columns: Sequence[Column | None], rows: Iterable[TableRow], first: int) -> Iterator[CellFault]:
    """Yield the values of unique columns that an earlier row has, or that look like one; *first* is the number of row 0 in messages."""
    for place, column in enumerate(columns):
        earlier: dict[str, tuple[int, str]] = {}
        for row in rows if column is not None and column.unique else ():
            text = row.texts[column.name] if column is not None else ""
            if text == (column and column.nothing):
                continue
            number, first_text = earlier.setdefault(comparable_text(text), (row.number, text))
            if number != row.number and text == first_text:
                yield CellFault(
                    row.number, place, f"{quoted(text)} is already in row {number + first} of this table", "write every value once"
                )
            elif number != row.number:
                message = f"{quoted(text)} looks like the value in row {number + first} of this table, but has other characters"
                yield CellFault(row.number, place, message, "write both alike, or values that differ to the eye")


def unknown_word(kind: str, word: str, words: Iterable[str]) -> CellError:
    """Return the error for a *word* that is not one of *words*, with the nearest of them."""
    names = list(words)
    near = nearest(word, names)
    remedy = f"did you mean `{near}`?" if near else "write one of " + quoted_list(names)
    return CellError(f"unknown {kind} {quoted(word)}", remedy, near)


def nearest(word: str, names: Iterable[str]) -> str | None:
    """Return the most similar of *names* in any case; None if none is similar."""
    folded = {name.casefold(): name for name in names}
    near = get_close_matches(word.casefold(), folded, n=1)
    return folded[near[0]] if near else None
