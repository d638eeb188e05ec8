"""Reasons why a row is set aside, with their ids, and the errors of the rows of one sheet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from orders.audit.tables import REASON, nulls
from orders.intake.files.sheet import column_letter
from orders.intake.mapping.source_mapping import MappedColumn
from orders.intake.mapping.targets import MEANINGS, TYPES, Type
from orders.intake.values.ids import is_error
from orders.intake.values.masking import WORDS_OF_NUMBERS, WORDS_OF_STATES, WORDS_OF_TIMES, is_personal, masked, visible_part, words_in
from orders.intake.values.text_columns import SPACES
from orders.log.arrays import IntArray

AGAIN = "correct the cell and run again"
EXPORT = "format the column as text and export again"


IDS = (Type.ORDER, Type.DOCUMENT, Type.ID)


class ReasonKind(NamedTuple):
    """A kind of reason: its id, and what to do."""

    id: str
    remedy: str = AGAIN


NO_ORDER = ReasonKind("ROW-01", "add the order's id and run again")
SCIENTIFIC = ReasonKind("ROW-02", EXPORT)
TOO_MANY_DIGITS = ReasonKind("ROW-03", EXPORT)
UNKNOWN_WORD = ReasonKind("ROW-04", "correct the cell, or add the word to the mapping")
NOT_A_DATE = ReasonKind("ROW-05")
OTHER_FORM = ReasonKind("ROW-05", "correct the cell, or, if many cells have this form, add it to `dates` in the mapping, and run again")
SWAPPED = ReasonKind("ROW-05", "export the file again and open it in no other program; or make all its dates texts, or all its texts dates")
SERIAL = ReasonKind("ROW-06", "format the column as a date and export again")
NO_ZONE = ReasonKind("ROW-07", "export with the zone, or declare the zone in the mapping")
WRONG_YEAR = ReasonKind("ROW-08", "correct the cell, or the day of the audit, and run again")
NOT_A_NUMBER = ReasonKind("ROW-09")
WRONG_UNITS = ReasonKind("ROW-10")
TOO_MANY_CANCELLED = ReasonKind("ROW-11", "correct the numbers and run again")
WRONG_PARTS = ReasonKind("ROW-12", "correct the numbers and run again")
WRONG_CELLS = ReasonKind("ROW-13", "put a cell with the delimiter in it into quotes, and run again")
EMPTY_CELLS_MORE = ReasonKind(
    "ROW-13", "put a cell with the delimiter in it into quotes; if there is none, remove the delimiter at the end of the row"
)
TOO_FEW_CELLS = ReasonKind("ROW-13", "add the cells that are missing, also if they are empty, and run again")
OPEN_QUOTE = ReasonKind("ROW-14", "close the quote in this row, or double a quote inside a cell, and run again")
CONTRADICTION = ReasonKind("ROW-15", "find out which of the two is right, correct it, and run again")
WRONG_NUMBER = ReasonKind("ROW-16", "correct the number, or map another column")
EMPTY_CELL = ReasonKind("ROW-17", "fill in the cell and run again")
ONLY_ID = ReasonKind("ROW-17", "take the line out of the file, or fill in the other cells")
MIDDLE = ReasonKind("ROW-18", "export a longer range of dates")
NO_FORMULA_VALUE = ReasonKind("ROW-19", "open the file in a spreadsheet program, save it, and run again")
CHANGED_ID = ReasonKind("ROW-20", EXPORT)
TOO_LONG = ReasonKind("ROW-21", "shorten the cell and run again")
PLACEHOLDER = ReasonKind("ROW-23", 'declare it in the mapping, such as empty = ["NA", "-"], or correct the cell')
FORMULA_ERROR = ReasonKind(
    "ROW-23", 'correct the formula and run again, or, if the cell stands for an empty one, declare it in the mapping: empty = ["#N/A"]'
)
OTHER_HEADER = ReasonKind("ROW-24", "put the rows below it into a file of their own, or their columns into the places of the first header")
NO_MESSAGE = ReasonKind("ROW-22", "write one JSON object a line")

TITLES: Mapping[str, str] = {
    "ROW-01": "no order id",
    "ROW-02": "id in scientific notation",
    "ROW-03": "id of more than 15 digits kept as a number",
    "ROW-04": "unknown word",
    "ROW-05": "no date in the declared form",
    "ROW-06": "serial number where a date is declared",
    "ROW-07": "time without zone",
    "ROW-08": "year out of range",
    "ROW-09": "no number",
    "ROW-10": "impossible number of units",
    "ROW-11": "more units cancelled than ordered",
    "ROW-12": "parts that do not add up",
    "ROW-13": "too few or too many cells",
    "ROW-14": "quote that is not closed",
    "ROW-15": "contradictory state",
    "ROW-16": "document number in no allowed form",
    "ROW-17": "required cell empty",
    "ROW-18": "history that begins in the middle",
    "ROW-19": "formula without a stored value",
    "ROW-20": "id that a program has changed",
    "ROW-21": "cell of more than 32 KiB",
    "ROW-22": "line that is no JSON object",
    "ROW-23": "error of a formula, or undeclared word for an empty cell",
    "ROW-24": "below a header with other columns",
}
"""Each id in words."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: see `orders.audit.tables.REASON`."""

    id: str
    letter: str | None
    column: str | None
    text: str | None
    message: str
    remedy: str
    gap: str | None = None


class RowErrors:
    """The reasons of the rows of one sheet, by row number.

    Attributes:
        names: the names of the columns of the sheet; mapped: places of the mapped columns; ids: of those with ids; documents: of those
            with numbers of documents; vocabularies: the words of those that have no free text.
    """

    def __init__(
        self, names: Iterable[str], places: Mapping[str, int], columns: Mapping[str, MappedColumn], personal: tuple[str, ...]
    ) -> None:
        self.names, self.mapped, self.personal = tuple(names), frozenset(places.values()), personal
        self.ids = frozenset(place for target, place in places.items() if TYPES[target] in IDS)
        self.documents = frozenset(place for target, place in places.items() if TYPES[target] is Type.DOCUMENT)
        self.vocabularies = {place: _vocabulary(target, columns.get(target)) for target, place in places.items()}
        self.reasons: dict[int, list[Reason]] = {}
        self._same: dict[tuple[object, ...], Reason] = {}

    def __contains__(self, row: int) -> bool:
        return row in self.reasons

    def forget(self, rows: Iterable[int]) -> None:
        """Take back the reasons of *rows*."""
        for row in rows:
            self.reasons.pop(row, None)

    def add(  # noqa: PLR0913 (the parts of a reason)
        self,
        rows: Iterable[int],
        kind: ReasonKind,
        place: int | None,
        texts: Iterable[str],
        message: Callable[[str], str],
        gap: str | None = None,
    ) -> None:
        """Add a reason for each of *rows*.

        Args:
            rows: numbers of the rows.
            kind: what is wrong.
            place: of the column; None if it is about the whole row.
            texts: of the cells.
            message: makes what is wrong from what may be shown of the cell.
            gap: of a contradictory state.
        """
        for row, text in zip(rows, texts, strict=True):
            key = (kind, place, text or message(""), gap)
            reason = self._same.get(key)
            if reason is None or place is None:
                visible = self.visible_part(place, text)
                reason = Reason(
                    kind.id,
                    None if place is None else column_letter(place),
                    None if place is None or place >= len(self.names) else self.names[place],
                    visible or None,
                    message(visible if visible != text.strip(SPACES) else text.strip(SPACES)),
                    kind.remedy,
                    gap,
                )
                self._same[key] = reason
            self.reasons.setdefault(row, []).append(reason)

    def visible_part(self, place: int | None, text: str) -> str:
        """Return what may be shown of a cell."""
        if place is None or not text:
            return ""
        name = self.names[place] if place < len(self.names) else ""
        if place in self.mapped and is_error(text):
            return text.strip(SPACES)
        is_word = place in self.documents and text.strip(SPACES).isalpha()  # so it is no number
        return visible_part(
            text.strip(SPACES),
            is_known=place in self.mapped and not is_personal(name, self.personal),
            is_id=place in self.ids,
            vocabulary=WORDS_OF_STATES if is_word else self.vocabularies.get(place),
        )

    def is_masked(self, place: int, text: str) -> bool:
        """Return whether a cell may not be shown, because it can be personal."""
        return bool(text) and self.visible_part(place, text) == masked(text.strip(SPACES))


def _vocabulary(target: str, column: MappedColumn | None) -> frozenset[str] | None:
    """Return the words that a cell of a column can have; None if it has ids or free text."""
    words = tuple((column and column.words) or ())
    match TYPES[target]:
        case Type.TIME:
            return WORDS_OF_TIMES
        case Type.UNITS | Type.MONEY:
            return WORDS_OF_NUMBERS | words_in(words)
        case Type.WORDS:
            return WORDS_OF_STATES | words_in((*words, *map(str, MEANINGS[target])))
    return None


def as_lists(reasons: Sequence[list[Reason]], places: IntArray, count: int) -> pa.Array | pa.ChunkedArray:
    """Return the *reasons* of the rows at *places* as a column of `REASON` with *count* rows; null for the others."""
    flat = [reason for row_reasons in reasons for reason in row_reasons]
    if not flat:
        return nulls(count, pa.list_(REASON))
    lengths = np.zeros(count, np.int32)
    lengths[places] = [len(row_reasons) for row_reasons in reasons]
    offsets = np.concatenate([np.zeros(1, np.int32), np.cumsum(lengths, dtype=np.int32)])
    parts = [pa.array([getattr(reason, part.name) for reason in flat], part.type) for part in REASON]
    values = pa.StructArray.from_arrays(parts, fields=list(REASON))
    return pa.ListArray.from_arrays(pa.array(offsets), values, type=pa.list_(REASON), mask=pa.array(lengths == 0))
