"""Total rows: what they say, compared with the sums of the rows before them."""

from collections.abc import Mapping

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

_USED, _REPEATED, _SET_ASIDE, _TOTAL = range(4)


class Totals:
    """Collects the numbers of all rows and the cells of total rows."""

    def __init__(self, mapping: SourceMapping, header: Header, kinds: RowKinds) -> None:
        self.mapping, self.header, self.kinds = mapping, header, kinds
        self.columns = {
            target: place for target, place in header.places.items()
            if TYPES[target] in (Type.UNITS, Type.MONEY) and mapping.columns[target].words is None
        }  # fmt: skip
        self._rows: list[IntArray] = []
        self._values: dict[str, list[IntArray]] = {target: [] for target in self.columns}
        self._cells_of_totals: dict[int, Mapping[int, str]] = {}

    def add(self, batch: Batch, parsed: Parsed, states: SmallArray, of_parts: Mask) -> None:
        """Add a batch with the *states* of its rows; totals *of_parts* of the file are not compared."""
        self._rows.append(batch.rows)
        for target, values in self._values.items():
            comparisons = parsed.numbers[target]
            values.append(np.where(comparisons == EMPTY, 0, comparisons))
        for index in np.flatnonzero((states == _TOTAL) & ~of_parts).tolist():
            self._cells_of_totals[int(batch.rows[index])] = {place: column[index].as_py() for place, column in batch.columns.items()}

    def add_odd(self, row: OddRow) -> None:
        """Add a total row that does not fit into the columns."""
        if not self.kinds.is_subtotal(row.cells):
            self._cells_of_totals[row.row] = dict(enumerate(row.cells))

    def values(self) -> pa.Table:
        """Return the numbers of all rows, empty ones as 0: the number of the row, and the columns by their letters."""
        columns = {
            column_letter(self.columns[target]): np.concatenate([np.zeros(0, np.int64), *parts]) for target, parts in self._values.items()
        }
        return pa.table({"row": np.concatenate([np.zeros(0, np.int64), *self._rows]), **columns})

    def compared(self, numbers: IntArray, states: SmallArray) -> list[dict[str, object]]:
        """Return each cell of a total row with the sums of the rows before it, as `orders.audit.tables.TOTAL`."""
        comparisons: list[dict[str, object]] = []
        if not self._cells_of_totals:
            return comparisons
        rows = np.concatenate([*self._rows, np.zeros(0, np.int64)])
        of_row = states[np.searchsorted(numbers, rows)] if len(rows) else np.zeros(0, np.uint8)
        for row, cells in sorted(self._cells_of_totals.items()):
            for target, place in self.columns.items():
                stated = self._number(target, cells.get(place, "").strip(SPACES))
                if stated is None:
                    continue
                values = np.concatenate([*self._values[target], np.zeros(0, np.int64)])
                sums = {state: int(values[(of_row == state) & (rows < row)].sum()) for state in (_USED, _SET_ASIDE, _REPEATED)}
                comparisons.append(
                    {
                        "row": row,
                        "column": self.header.names[place],
                        "letter": column_letter(place),
                        "said": stated,
                        "used": sums[_USED],
                        "set_aside": sums[_SET_ASIDE],
                        "repeated": sums[_REPEATED],
                        "paise": TYPES[target] is Type.MONEY,
                    }
                )
        return comparisons

    def _number(self, target: str, text: str) -> int | None:
        parse = paise_of if TYPES[target] is Type.MONEY else units_of
        return parse(text, self.mapping.numbers) if text else None
