"""Kinds of rows that are no data: totals, blank rows, and the header again; another header is in `mapping.later_headers`."""

import re
from collections.abc import Sequence

import numpy as np

from orders.intake.files.sheet import Batch
from orders.intake.mapping.headers import Header, compact, plain
from orders.intake.mapping.source_mapping import CANCELLATIONS, SourceMapping
from orders.intake.mapping.targets import TYPES, Type
from orders.intake.values.text_columns import SPACES, TextCells
from orders.intake.values.words import CANCELLED_VOUCHER, cells_like, folded
from orders.log.arrays import Mask

SUBTOTALS = (
    "sub total", "subtotal", "page total", "page totals", "carried over", "carried forward", "brought over", "brought forward",
    "opening balance", "closing balance",
)  # fmt: skip
"""What stands in a row about a part of the file, or about more than the file."""
_IN_INDIA = ("कुल", "योग", "कुल योग", "महायोग", "કુલ", "કુલ સરવાળો", "સરવાળો")
"""The same word in Hindi and Gujarati."""
TOTAL_WORDS = ("total", "totals", "grand total", "report total", "total result", *_IN_INDIA, *SUBTOTALS)
_OF_GROUP = re.compile(r"\S.* (?:totals?|result|sum|कुल|योग|કુલ|સરવાળો)|(?:sub)?totals? (?:of |for )?\S*\d\S*")
"""The label of a subtotal, which spreadsheet programs write below the rows of one value: *FN0001 Total*."""
_OF_ID = re.compile(r"\S*\d\S* \S+")
_LABELLED = ("order", "number", "kind")
"""Columns of the mapping in which a label cannot be data."""
_PARTY = "particulars"
"""The column of Tally with the party of a voucher."""
FEWEST_COLUMNS = 3
"""Columns of the mapping that a sheet has, if a row with its order and nothing else is no row of data."""


class RowKinds:
    """Finds the rows of a sheet that are no data."""

    def __init__(self, mapping: SourceMapping, header: Header, kept: Sequence[int]) -> None:
        self.header, self.kept = header, kept
        self.is_of_cancellations = mapping.rows == CANCELLATIONS
        mapped = sorted(header.places.values())
        rows = ({place: cells[place] if place < len(cells) else "" for place in mapped} for cells in header.rows)
        self._header_rows = [names for names in rows if any(names.values())]
        self._labelled = {header.places[target] for target in _LABELLED if target in header.places}
        facts = {place for target, place in header.places.items() if TYPES[target] not in (Type.UNITS, Type.MONEY)}
        self._facts = sorted(facts, key=lambda place: place not in self._labelled)
        self.party_places = frozenset(place for place, name in enumerate(header.names) if mapping.has_documents and plain(name) == _PARTY)
        """Places of the columns in which a cancelled voucher is marked."""
        self._totals: dict[int, frozenset[str]] = {}
        by_name = {compact(name): place for place, name in enumerate(header.names)}
        places = {header.places[target] for target in ("order", "number") if target in header.places} | set(kept[:1])
        self._totals = {place: frozenset(TOTAL_WORDS) for place in places}
        for name, words in mapping.totals.items():
            if compact(name) in by_name:
                place = by_name[compact(name)]
                self._totals[place] = self._totals.get(place, frozenset((*SUBTOTALS, *_IN_INDIA))) | {_label(word) for word in words}

    @property
    def total_places(self) -> frozenset[int]:
        """Return the places of the columns in which the word of a total can stand."""
        return frozenset(self._totals)

    def totals(self, batch: Batch) -> tuple[Mask, Mask]:
        """Return which rows are totals, and which of them are about a part of the file."""
        totals, parts = np.zeros((2, len(batch.rows)), bool)
        for place, words in self._totals.items():
            if place in batch.columns:
                cells = batch.cells(place)
                for row in cells_like(cells, words, _label):
                    totals[row] = True
                    parts[row] |= _label(cells.column[row].as_py()) in SUBTOTALS
        of_groups = self._of_groups(batch)
        return totals | of_groups, parts | (of_groups & ~totals)

    def _of_groups(self, batch: Batch) -> Mask:
        """Return which rows are the subtotal of a group: its label, and nothing else but numbers in the columns of the mapping."""
        rows = np.ones(len(batch.rows), bool)
        labelled = np.zeros(len(batch.rows), bool)
        for place in self._facts:
            cells = batch.cells(place)
            labels = _labels(cells, _OF_GROUP, rows) if place in self._labelled else np.zeros(len(cells), bool)
            labelled |= labels
            rows &= cells.is_empty | labels
            if not rows.any():
                return rows
        for place in self._totals:
            if place not in self._facts and place in batch.columns:
                cells = batch.cells(place)
                labelled |= _labels(cells, _OF_GROUP, rows) & _labels(cells, _OF_ID, rows)
        return rows & labelled

    def cancelled(self, batch: Batch) -> Mask:
        """Return which vouchers their program shows as cancelled, in the place of the party."""
        mask = np.zeros(len(batch.rows), bool)
        for place in self.party_places:
            mask[cells_like(batch.cells(place), CANCELLED_VOUCHER)] = True
        return mask

    def is_total(self, cells: Sequence[str]) -> bool:
        """Return whether a row that does not fit into the columns is a total."""
        return any(place < len(cells) and _label(cells[place]) in words for place, words in self._totals.items())

    def is_subtotal(self, cells: Sequence[str]) -> bool:
        """Return whether a total row that does not fit into the columns is about a part of the file."""
        return any(place < len(cells) and _label(cells[place]) in SUBTOTALS for place in self._totals)

    def blanks(self, batch: Batch) -> Mask:
        """Return which rows have nothing in the columns that are kept."""
        mask = np.ones(len(batch.rows), bool)
        for place in self.kept:
            candidates = np.flatnonzero(mask)
            if not len(candidates):
                break
            cells = batch.cells(place)
            kinds = batch.kinds.get(place)
            first = cells.first
            mask &= cells.is_empty | (first <= ord(" ")) | (first >= 0x80)  # noqa: PLR2004 (perhaps a space that is not ASCII)
            if kinds is not None:
                mask &= kinds == 0
            suspects = np.flatnonzero(mask & (cells.lengths > 0))
            for row, text in zip(suspects.tolist(), cells.texts_at(suspects), strict=True):
                mask[row] = not text.strip(SPACES)
        return mask

    def only_ids(self, batch: Batch, among: Mask) -> Mask:
        """Return which rows of *among* have an order and nothing else: a line of a printed page, or an order whose cells are missing.

        In a list of cancellations, numbers of units are nothing else: a summary below the list has words and their counts.
        """
        order = self.header.places.get("order")
        units = {
            self.header.places[name] for name in ("units", "units_cancelled") if self.is_of_cancellations and name in self.header.places
        }
        mask = among.copy() if order is not None and len(self.header.places) >= FEWEST_COLUMNS + len(units) else np.zeros(len(among), bool)
        for place in self.kept:
            if not mask.any():
                break
            if place != order and place not in units:
                mask &= batch.cells(place).is_empty
        return mask & ~batch.cells(order).is_empty if order is not None and mask.any() else mask

    def headers(self, batch: Batch) -> Mask:
        """Return which rows repeat a row of the header."""
        mask = np.zeros(len(batch.rows), bool)
        for names in self._header_rows:
            place = next(place for place, name in names.items() if name)
            for row in cells_like(batch.cells(place), frozenset({names[place]}), plain):
                mask[row] |= all(plain(batch.columns[other][row].as_py()) == name for other, name in names.items())
        return mask


def _label(text: str) -> str:
    """Return *text* for comparing it with a word for a total, without the marks around it."""
    return plain(text) or folded(text)


def _labels(cells: TextCells, pattern: re.Pattern[str], among: Mask) -> Mask:
    """Return which of the *cells* of *among* are a label of the form *pattern*; those without a space are none."""
    mask = np.zeros(len(cells), bool)
    places = np.flatnonzero(among & cells.with_any(b" "))
    mask[places] = [pattern.fullmatch(folded(text)) is not None for text in cells.texts_at(places)]
    return mask
