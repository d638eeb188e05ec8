"""The pieces of a source as one: rows numbered through, rows that repeat one of an earlier piece, and totals over all of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from orders.audit.tables import RowState
from orders.intake.pieces.piece import Piece
from orders.intake.repeats import NO_TWINS, Twins, further_lines
from orders.intake.rows_table import ROW_STATES, documents_repeated, with_further_lines
from orders.intake.source_columns import NO_COLUMNS, SourceColumns
from orders.intake.source_rows import SourceRows
from orders.intake.totals import agreeing, names_of
from orders.intake.values.day_readings import DayReading
from orders.intake.values.moved_cells import Parts
from orders.log.arrays import IntArray, Mask

RowHashes = NDArray[np.uint64]
Keep = Callable[[pa.Table], pa.Table]
"""Keeps a table and returns it, perhaps from a file."""
_SLICES = 16
_SUMMED = (RowState.USED, RowState.SET_ASIDE, RowState.REPEATED)


@dataclass
class Pieces:
    """Collects the pieces of one source.

    Attributes:
        keep: where the tables of a piece are kept.
        has_lines: whether rows can be lines of one document or order.
    """

    keep: Keep = lambda table: table
    has_lines: bool = False
    _rows: list[pa.Table] = field(default_factory=list)
    _canonical: list[pa.Table] = field(default_factory=list)
    _starts: list[int] = field(default_factory=lambda: [0])
    _used: list[IntArray] = field(default_factory=list)
    _hashes: list[RowHashes] = field(default_factory=list)
    _messages: list[RowHashes] = field(default_factory=list)
    _apart: list[Mask] = field(default_factory=list)
    _twins: list[Twins] = field(default_factory=list)
    _breaks: list[IntArray] = field(default_factory=list)
    _values: list[pa.Table] = field(default_factory=list)
    _totals: list[dict[str, Any]] = field(default_factory=list)
    _parts: list[int] = field(default_factory=list)
    _counts: list[dict[RowState, int]] = field(default_factory=list)
    _moved: Parts = field(default_factory=dict)
    _read_columns: list[SourceColumns] = field(default_factory=list)
    _channels: list[dict[str, int] | None] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        """Add the next piece."""
        start = self._starts[-1]
        self._starts.append(start + piece.count)
        self._rows.append(self.keep(_shifted(piece.rows.rows, start)))
        self._canonical.append(self.keep(_shifted(piece.rows.canonical, start)) if piece.rows.canonical.num_columns else pa.table({}))
        self._used.append((piece.used.rows + start).astype(np.int32))
        self._hashes.append(piece.used.hashes)
        self._messages.append(piece.used.messages)
        self._apart.append(piece.used.apart)
        self._twins.append(Twins(piece.twins.rows + start, piece.twins.firsts + start))
        self._breaks.append(piece.breaks + start)
        self._values.append(self.keep(_shifted(piece.values, start)))
        self._totals += [{**total, "row": int(str(total["row"])) + start} for total in piece.rows.totals]
        self._counts.append(piece.rows.counts)
        self._moved |= {row + start: parts for row, parts in piece.rows.moved.items()}
        self._read_columns.append(piece.rows.columns)
        self._channels.append(piece.rows.channels)

    @property
    def count(self) -> int:
        """Return the number of rows so far."""
        return self._starts[-1]

    def begin_part(self) -> None:
        """Say that the next piece begins a part of a folder."""
        self._parts.append(self.count)
        self._breaks.append(np.array([self.count], np.int64))

    def joined(self) -> SourceRows:
        """Return the rows of all pieces as those of one source."""
        repeated, twins = self._repeated()
        counts = {state: sum(counts[state] for counts in self._counts) for state in ROW_STATES}
        counts[RowState.USED] -= len(repeated)
        counts[RowState.REPEATED] += len(repeated)
        for number, start in enumerate(self._starts[:-1]):
            first, last = np.searchsorted(repeated, [start + 1, self._starts[number + 1] + 1])
            if first < last:
                self._mark(number, repeated[first:last])
        documents = documents_repeated(twins, self._canonical)
        for number, rows in enumerate(self._rows):
            completed = with_further_lines(rows, twins, documents)
            self._rows[number] = completed if completed is rows else self.keep(completed)
        canonical = [table for table in self._canonical if table.num_columns]
        return SourceRows(
            pa.concat_tables(self._rows, promote_options="default"),
            pa.concat_tables(canonical) if canonical else pa.table({}),
            counts,
            [self._compared(total) for total in self._totals],
            self._moved,
            _joined_columns(self._read_columns),
            _joined_channels(self._channels),
        )

    def _mark(self, number: int, repeated: IntArray) -> None:
        """Give the rows *repeated* of a piece their state."""
        rows = self._rows[number]
        is_repeated = pc.is_in(rows["row"], pa.array(repeated, pa.int32()))
        state = pc.if_else(is_repeated, str(RowState.REPEATED), rows["state"])
        self._rows[number] = self.keep(rows.set_column(rows.column_names.index("state"), rows.schema.field("state"), state))
        canonical = self._canonical[number]
        if canonical.num_columns:
            self._canonical[number] = self.keep(canonical.filter(pc.invert(pc.is_in(canonical["row"], pa.array(repeated, pa.int32())))))

    def _compared(self, total: dict[str, Any]) -> dict[str, Any]:
        """Return a cell of a total row with the sums of all rows before it; of those of its part, if only they agree."""
        row, names = total["row"], names_of(total["letter"], self._values[0].column_names)
        part = max((start for start in self._parts if start < row), default=0)
        sums = agreeing(total["said"], [self._sums(name, first, row) for first in (0, part) for name in names])
        return {**total, "used": sums[0], "set_aside": sums[1], "repeated": sums[2]}

    def _sums(self, column: str, first: int, last: int) -> tuple[int, ...]:
        """Return the sums of a column over the rows used, set aside and repeated between two rows."""
        sums = np.zeros(len(_SUMMED), np.int64)
        for number, start in enumerate(self._starts[:-1]):
            if start < last and self._starts[number + 1] > first:
                values = self._values[number]
                rows, numbers = np.asarray(values["row"]), np.asarray(values[column])
                states = self._rows[number]["state"].take(pa.array(rows - start - 1)).to_numpy()
                between = (rows > first) & (rows < last)
                sums += [numbers[between & (states == state)].sum() for state in _SUMMED]
        return tuple(sums.tolist())

    def _repeated(self) -> tuple[IntArray, Twins]:
        """Return the numbers of the rows used that repeat one of an earlier piece, in ascending order; and the further lines of documents."""
        of_pieces = Twins(*(np.concatenate(parts) for parts in zip(NO_TWINS, *self._twins, strict=True)))
        breaks = np.concatenate([np.zeros(0, np.int64), *self._breaks])
        if len(self._used) < 2:  # noqa: PLR2004 (a piece has settled its own)
            return np.zeros(0, np.int64), further_lines(of_pieces, breaks)
        used = np.concatenate(self._used)
        later, first = _later(np.concatenate(self._hashes))
        repeated, messages = [used[later]], np.concatenate(self._messages)
        if len(messages):
            given = messages != 0
            repeated.append(used[given][_later(messages[given])[0]])
        return np.unique(np.concatenate(repeated)).astype(np.int64), self._twins_of_all(of_pieces, used, later, first, breaks)

    def _twins_of_all(self, of_pieces: Twins, used: NDArray[Any], later: IntArray, first: IntArray, breaks: IntArray) -> Twins:
        """Return the further lines of documents: the twins *of_pieces*, and the *later* places of *used* that repeat the *first* ones."""
        if not self.has_lines:
            return NO_TWINS
        apart = np.concatenate(self._apart)
        alike = ~apart[later] if len(apart) else np.ones(len(later), bool)
        across = Twins(used[later[alike]].astype(np.int64), used[first[alike]].astype(np.int64))
        order = np.argsort(across.rows)
        rows, firsts = across.rows[order], across.firsts[order]
        at = np.minimum(np.searchsorted(rows, of_pieces.firsts), max(len(rows) - 1, 0))
        earlier = np.where(rows[at] == of_pieces.firsts, firsts[at], of_pieces.firsts) if len(rows) else of_pieces.firsts
        return further_lines(Twins(np.concatenate([of_pieces.rows, rows]), np.concatenate([earlier, firsts])), breaks)


def _shifted(table: pa.Table, start: int) -> pa.Table:
    """Return *table* with *start* added to the numbers of its rows."""
    if not start or not table.num_columns:
        return table
    place = table.column_names.index("row")
    return table.set_column(place, table.schema.field(place), pc.add(table["row"], pa.scalar(start, table.schema.field(place).type)))


def _later(hashes: RowHashes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the hashes that stand earlier too, and where each stands first.

    A share of them is looked at at a time, so that little memory is needed.
    """
    places, firsts = [], []
    of_slice = hashes.view(np.uint8)[:: hashes.itemsize] % _SLICES
    for number in range(_SLICES):
        chosen = np.flatnonzero(of_slice == number)
        order = chosen[np.argsort(hashes[chosen], kind="stable")]
        is_later = hashes[order[1:]] == hashes[order[:-1]]
        later = np.flatnonzero(is_later) + 1
        begins = np.flatnonzero(np.r_[True, ~is_later]) if len(later) else later
        places.append(order[later])
        firsts.append(order[begins[np.searchsorted(begins, later, side="right") - 1]] if len(later) else later)
    return np.concatenate(places), np.concatenate(firsts)


def _joined_channels(channels: list[dict[str, int] | None]) -> dict[str, int] | None:
    """Return the rows of other sales channels of a source, by channel; None without a column of channels."""
    given = [of_piece for of_piece in channels if of_piece is not None]
    names = sorted({name for of_piece in given for name in of_piece})
    return {name: sum(of_piece.get(name, 0) for of_piece in given) for name in names} if given else None


def _joined_columns(columns: list[SourceColumns]) -> SourceColumns:
    """Return the columns of a source: one is empty if it is in every piece."""
    if not columns:
        return NO_COLUMNS
    first = columns[0]
    empty = tuple(name for name in first.empty if all(name in other.empty for other in columns))
    days: dict[str, DayReading] = {}
    for reading in (reading for of_piece in columns for reading in of_piece.days):
        days[reading.target] = reading if reading.target not in days else days[reading.target].joined(reading)
    return SourceColumns(first.read, first.not_read, first.missing, empty, tuple(days[name] for _, name in first.read if name in days))
