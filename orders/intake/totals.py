"""Total rows: what they say, compared with the sums of the rows before them."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pyarrow as pa

from orders.intake.files.sheet import Batch, OddRow, column_letter
from orders.intake.mapping.headers import Header
from orders.intake.mapping.source_mapping import SourceMapping
from orders.intake.mapping.targets import TYPES, Type
from orders.intake.parsing import Parsed
from orders.intake.row_kinds import RowKinds
from orders.intake.values.numbers import paise_of, units_of
from orders.intake.values.text_columns import SPACES
from orders.log.arrays import IntArray, Mask, SmallArray
from orders.log.columns import EMPTY
from orders.memory import kept_array

_USED, _REPEATED, _SET_ASIDE, _TOTAL = range(4)


class Totals:
    """Collects the numbers of all rows and the cells of total rows.

    Where values are in two columns, debits and credits (at *credit_place*), a total states its column, or what is left of both.
    """

    def __init__(self, mapping: SourceMapping, header: Header, kinds: RowKinds, credit_place: int | None = None) -> None:
        self.mapping, self.header, self.kinds = mapping, header, kinds
        self.columns = {
            target: place for target, place in header.places.items()
            if TYPES[target] in (Type.UNITS, Type.MONEY) and mapping.columns[target].words is None
        }  # fmt: skip
        self.credit_place = credit_place
        self._rows: list[IntArray] = []
        self._values: dict[str, list[IntArray]] = {target: [] for target in self.columns}
        self._cells_of_totals: dict[int, Mapping[int, str]] = {}

    def add(self, batch: Batch, parsed: Parsed, states: SmallArray, of_parts: Mask, stated: Mapping[int, pa.Array]) -> None:
        """Add a batch with the *states* of its rows; totals *of_parts* of the file are not compared, others by their cells as *stated*."""
        self._rows.append(batch.rows)
        for target, values in self._values.items():
            comparisons = parsed.numbers[target]
            values.append(kept_array(np.where(comparisons == EMPTY, 0, comparisons)))
        for index in np.flatnonzero((states == _TOTAL) & ~of_parts).tolist():
            self._cells_of_totals[int(batch.rows[index])] = {place: column[index].as_py() for place, column in stated.items()}

    def add_odd(self, row: OddRow) -> None:
        """Add a total row that does not fit into the columns."""
        if not self.kinds.is_subtotal(row.cells):
            self._cells_of_totals[row.row] = dict(enumerate(row.cells))

    def values(self) -> pa.Table:
        """Return the numbers of all rows, empty ones as 0: the number of the row, and the columns by their letters.

        What is left of debits and credits has the name `left_in` of the column in which it is positive.
        """
        columns = {"row": np.concatenate([np.zeros(0, np.int64), *self._rows])}
        for target, place in self.columns.items():
            letter, values = column_letter(place), np.concatenate([np.zeros(0, np.int64), *self._values[target]])
            if target == "value" and self.credit_place is not None:
                other = column_letter(self.credit_place)
                columns |= {letter: np.maximum(values, 0), left_in(letter): values}
                columns |= {other: np.maximum(-values, 0), left_in(other): -values}
            else:
                columns[letter] = values
        return pa.table(columns)

    def compared(self, numbers: IntArray, states: SmallArray) -> list[dict[str, object]]:
        """Return each cell of a total row with the sums of the rows before it, as `orders.audit.tables.TOTAL`."""
        comparisons: list[dict[str, object]] = []
        if not self._cells_of_totals:
            return comparisons
        table = self.values()
        columns = {name: table[name].to_numpy() for name in table.column_names}
        rows = columns["row"]
        of_row = states[np.searchsorted(numbers, rows)] if len(rows) else np.zeros(0, np.uint8)
        for row, cells in sorted(self._cells_of_totals.items()):
            for target, place in self._places():
                stated = self._number(target, cells.get(place, "").strip(SPACES))
                if stated is None:
                    continue
                letter = column_letter(place)

                def sums(name: str, before: Mask = rows < row) -> tuple[int, ...]:
                    return tuple(int(columns[name][(of_row == state) & before].sum()) for state in (_USED, _SET_ASIDE, _REPEATED))

                used, set_aside, repeated = agreeing(stated, [sums(name) for name in names_of(letter, columns)])
                comparisons.append(
                    {
                        "row": row,
                        "column": self.header.names[place],
                        "letter": letter,
                        "said": stated,
                        "used": used,
                        "set_aside": set_aside,
                        "repeated": repeated,
                        "paise": TYPES[target] is Type.MONEY,
                    }
                )
        return comparisons

    def _places(self) -> list[tuple[str, int]]:
        """Return the columns that have totals, each with what it is."""
        credit = [] if self.credit_place is None else [("value", self.credit_place)]
        return [*self.columns.items(), *credit]

    def _number(self, target: str, text: str) -> int | None:
        parse = paise_of if TYPES[target] is Type.MONEY else units_of
        return parse(text, self.mapping.numbers) if text else None


def left_in(letter: str) -> str:
    """Return the name of what is left of debits and credits, where it is positive in the column with a *letter*."""
    return f"left in {letter}"


def names_of(letter: str, names: Collection[str]) -> list[str]:
    """Return those of *names* whose sum a total in the column with a *letter* can state, first the column itself."""
    return [name for name in (letter, left_in(letter)) if name in names]


def agreeing(stated: int, sums: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the first of *sums*, each of several parts, that adds up to what is *stated*; otherwise the first of all."""
    return next((parts for parts in sums if sum(parts) == stated), sums[0])
