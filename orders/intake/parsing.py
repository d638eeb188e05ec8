"""One batch of rows of a sheet, parsed: the values of each mapped column, and the errors of each cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.intake import reasons
from orders.intake.files.sheet import MOST_CELL_BYTES, Batch, column_letter
from orders.intake.files.spreadsheets import SPREADSHEET_ENDINGS
from orders.intake.mapping.date_order import DayCounts, with_two_days
from orders.intake.mapping.headers import Header
from orders.intake.mapping.source_mapping import MappedColumn, SourceMapping
from orders.intake.mapping.targets import MEANINGS, TYPES, Type
from orders.intake.reasons import RowErrors
from orders.intake.values.date_formats import date_formats
from orders.intake.values.date_reasons import explain_swapped, explain_time, explain_year
from orders.intake.values.dates import Times, parse_stored, parse_times
from orders.intake.values.day_readings import DayReading, Order, form_with_two_orders, have_numbers_only, order_of
from orders.intake.values.ids import DATE, MOMENT, NO_VALUE, damaged_ids, has_two_words, is_error, is_nothing, wrong_documents
from orders.intake.values.masking import is_personal
from orders.intake.values.numbers import TEXT_MARK, parse_money, parse_units
from orders.intake.values.references import collapsed, is_list_of_documents
from orders.intake.values.text_columns import SPACES, TextCells, keys_of, trimmed, with_texts
from orders.intake.values.words import CANCELLED_VOUCHER, NO_MEANING, Words, are_words, cells_like, folded, look_up
from orders.log.arrays import IntArray, Mask
from orders.log.columns import EMPTY
from sop_engine.errors import did_you_mean
from sop_engine.order import MOST_UNITS
from sop_engine.text import counted

_KINDS_OF_DATE = {
    "date": reasons.NOT_A_DATE,
    "form": reasons.OTHER_FORM,
    "serial": reasons.SERIAL,
    "zone": reasons.NO_ZONE,
    "year": reasons.WRONG_YEAR,
}
_SPOILT = {
    "scientific": (reasons.SCIENTIFIC, "was shortened by a spreadsheet and cannot be restored"),
    "decimal": (reasons.CHANGED_ID, "is a number with decimals, so zeros may be lost"),
    "digits": (reasons.TOO_MANY_DIGITS, "was a number of more than 15 digits, of which a spreadsheet keeps 15"),
    "date": (reasons.CHANGED_ID, "was changed into a date by a spreadsheet"),
    "nothing": (reasons.PLACEHOLDER, "is a word for an empty cell that the mapping does not declare"),
    "marks": (reasons.CHANGED_ID, "has no letter and no digit, as a number in a column that is too narrow"),
    "personal": (reasons.CHANGED_ID, "is an e-mail address or a phone number, not an id"),
}


NO_PLACES = np.zeros(0, np.int64)
_OF_VALUES = (reasons.NOT_A_DATE, reasons.OTHER_FORM, reasons.NOT_A_NUMBER, reasons.WRONG_UNITS, reasons.UNKNOWN_WORD)
"""Reasons that a word for an empty cell can have, too."""


@dataclass(frozen=True, slots=True)
class IdColumn:
    """Ids of a column: their texts without outer spaces, and their keys, null where there is none or it is spoilt."""

    cells: TextCells
    keys: pa.Array
    given: Mask
    """Which cells are not empty."""


@dataclass(slots=True)
class Parsed:
    """The values of a batch by column of the mapping: `Ids`, `Times`, `Words`, or whole numbers with `EMPTY`."""

    rows: IntArray
    ids: dict[str, IdColumn]
    times: dict[str, Times]
    words: dict[str, Words[str]]
    numbers: dict[str, IntArray]
    wrong: Mask
    """Rows with an error."""


class Parser:
    """Parses the batches of one sheet.

    Args:
        mapping: of the source.
        header: of the sheet.
        errors: to which the errors of cells are added.
        last_year: later times are errors.
    """

    def __init__(self, mapping: SourceMapping, header: Header, errors: RowErrors, last_year: int) -> None:
        self.mapping, self.header, self.errors, self.last_year = mapping, header, errors, last_year
        self._empty_words = frozenset(folded(word) for word in mapping.empty)
        self._are_days_swapped = False
        """Whether a spreadsheet seems to have swapped days and months of what it has stored as dates."""
        self.filled: set[str] = set()
        """Columns of the mapping that have a value in some row."""
        self.days: dict[str, DayReading] = {}
        """What columns of times show of the order of day and month."""

    def parse(self, batch: Batch, is_data: Mask) -> Parsed:
        """Parse the rows of *batch* that are data, not a total or blank; the cells of others are taken as empty."""
        parsed = Parsed(batch.rows, {}, {}, {}, {}, np.zeros(len(batch.rows), bool))
        self._look_for_swapped_days(batch, is_data)
        for target, column in self.mapping.columns.items():
            if column.value is not None:
                self._fixed(target, column, parsed)
            elif target in self.header.places:
                self._column(target, column, batch, is_data, parsed)
        return parsed

    def _look_for_swapped_days(self, batch: Batch, is_data: Mask) -> None:
        counts = DayCounts()
        for target, column in self.mapping.columns.items():
            place = self.header.places.get(target)
            if TYPES[target] is Type.TIME and place in batch.kinds and (batch.kinds[place] == DATE).any():
                cells = batch.cells(place)
                counts.add(cells, batch.kinds[place] == DATE, column.formats or self.mapping.formats, ~is_data | cells.is_empty)
        self._are_days_swapped |= counts.are_swapped

    def _fixed(self, target: str, column: MappedColumn, parsed: Parsed) -> None:
        count = len(parsed.rows)
        if isinstance(column.value, int):
            parsed.numbers[target] = np.full(count, column.value, np.int64)
        elif target in MEANINGS:
            parsed.words[target] = Words(np.zeros(count, np.int64), (str(column.value),), np.zeros(count, bool))
        else:
            cells = TextCells(pa.array([str(column.value)] * count, pa.string()))
            parsed.ids[target] = IdColumn(cells, keys_of(cells), np.ones(count, bool))

    def _column(self, target: str, column: MappedColumn, batch: Batch, is_data: Mask, parsed: Parsed) -> None:
        place = self.header.places[target]
        cells, kinds = batch.cells(place), batch.kinds.get(place)
        empty = ~is_data | cells.is_empty
        if self._empty_words:
            empty |= are_words(cells, self._empty_words)
        self._mark(
            parsed, target, cells, is_data & (cells.lengths > MOST_CELL_BYTES), reasons.TOO_LONG, "the cell has more than 32 KiB".format
        )
        if kinds is not None:
            self._mark(
                parsed,
                target,
                cells,
                is_data & (kinds == NO_VALUE),
                reasons.NO_FORMULA_VALUE,
                "the cell has a formula without a stored value".format,
            )
        match TYPES[target]:
            case Type.ORDER | Type.DOCUMENT | Type.ID | Type.TEXT:
                empty = self._ids(target, cells, kinds, empty, parsed)
            case Type.TIME:
                empty = self._times(target, column, cells, kinds, empty, parsed)
            case Type.WORDS:
                parsed.words[target], empty = self._words(target, _meanings(target, column), cells, empty, is_data, parsed)
            case Type.UNITS if column.words is not None:
                numbers = {word: str(number) for word, number in column.words.items()}
                values, empty = self._words(target, numbers, cells, empty, is_data, parsed)
                parsed.numbers[target] = values.numbers({meaning: int(meaning) for meaning in values.meanings}, EMPTY)
            case Type.UNITS | Type.MONEY:
                empty = self._numbers(target, cells, empty, parsed)
        if not empty.all():
            self.filled.add(target)
        if self._is_required(target, column):
            kind = reasons.NO_ORDER if target == "order" else reasons.EMPTY_CELL
            has_formula = np.zeros(len(empty), bool) if kinds is None else kinds == NO_VALUE
            words = "the row has no order id" if target == "order" else "the cell is empty, but it is needed"
            self._mark(parsed, target, cells, empty & is_data & ~has_formula, kind, words.format)

    def _is_required(self, target: str, column: MappedColumn) -> bool:
        """Return whether an empty cell of a column is a mistake; it is in a status that says what is cancelled."""
        needed = "kind" if self.mapping.has_documents else "order"
        return target in (*self.mapping.required, needed) or (target == "units_cancelled" and column.words is not None)

    def _ids(self, target: str, cells: TextCells, kinds: IntArray | None, empty: Mask, parsed: Parsed) -> Mask:
        clean = trimmed(cells)
        if (empty & ~clean.is_empty).any():
            clean = TextCells(pc.if_else(pa.array(empty), "", clean.column))
        lists = _lists_of_documents(clean) if target == "original" else NO_PLACES
        if len(lists):
            clean = TextCells(with_texts(clean.column, lists, collapsed))
        given = ~empty & ~clean.is_empty
        nothing = ~given
        for name, mask in damaged_ids(clean, kinds).items():
            if TYPES[target] is not Type.TEXT or name == "personal":
                kind, words = _SPOILT[name]
                self._mark(parsed, target, cells, mask & given, kind, partial(_quoted, words))
                nothing = nothing | mask
        if TYPES[target] in (Type.ORDER, Type.ID):
            mask = has_two_words(clean) & ~nothing
            self._mark(parsed, target, cells, mask, reasons.CHANGED_ID, partial(_quoted, "looks like a name, not an id"))
            nothing = nothing | mask
        keys = keys_of(clean, nothing)
        if TYPES[target] is Type.DOCUMENT:
            wrong = wrong_documents(clean) & given & ~nothing
            wrong[lists] = False
            self._mark(
                parsed,
                target,
                cells,
                wrong,
                reasons.WRONG_NUMBER,
                partial(_quoted, "is no document number: those have at most 16 letters, digits, - and /, and not letters alone"),
            )
        parsed.ids[target] = IdColumn(clean, keys, given)
        return ~given

    def _times(  # noqa: PLR0913 (what, of what, and where to)
        self, target: str, column: MappedColumn, cells: TextCells, kinds: IntArray | None, empty: Mask, parsed: Parsed
    ) -> Mask:
        formats = date_formats(column.formats or self.mapping.formats)
        zone = column.zone if column.zone is not None else self.mapping.zone or 0
        stored = np.flatnonzero(((kinds == DATE) | (kinds == MOMENT)) & ~empty) if kinds is not None else np.zeros(0, np.int64)
        skip = empty
        if len(stored):
            skip = empty.copy()
            skip[stored] = True
        values = parse_times(cells, formats, zone, skip, self.last_year)
        again = np.flatnonzero(values.wrong)
        if len(again):
            clean = trimmed(TextCells(cells.column.take(pa.array(again))))
            if (clean.first == ord(TEXT_MARK)).any():
                clean = TextCells(pc.replace_substring_regex(clean.column, f"^{TEXT_MARK}", ""))
            blank = clean.is_empty
            empty[again[blank]] = True
            retried = parse_times(clean, formats, zone, blank, self.last_year)
            values.start[again], values.end[again], values.wrong[again] = retried.start, retried.end, retried.wrong
        if kinds is not None and len(stored):
            dates = parse_stored(cells.texts_at(stored), None if MOMENT in kinds else zone, formats[0].precision, self.last_year)
            values.start[stored], values.end[stored], values.wrong[stored] = dates.start, dates.end, dates.wrong
            of_other_year = np.isin(np.arange(len(cells)), stored[dates.wrong])
            self._mark(
                parsed, target, cells, of_other_year, reasons.WRONG_YEAR, lambda text: _quoted(explain_year(text, self.last_year), text)
            )
            if self._are_days_swapped:
                self._mark(parsed, target, cells, with_two_days(cells, stored), reasons.SWAPPED, explain_swapped)
        parsed.times[target] = values
        self._look_at_days(target, column, cells, values, stored, zone)
        is_wrong_text = values.wrong.copy()
        is_wrong_text[stored] = False
        places = np.flatnonzero(is_wrong_text)
        by_kind: dict[str, list[tuple[int, str]]] = {}
        for place, text in zip(places.tolist(), cells.texts_at(places), strict=True):
            by_kind.setdefault(explain_time(text.strip(SPACES), formats, self.last_year)[0], []).append((place, text))
        for kind, wrong_cells in by_kind.items():
            wrong, originals = zip(*wrong_cells, strict=True)
            self._add(
                parsed,
                target,
                np.array(wrong),
                originals,
                _KINDS_OF_DATE[kind],
                lambda text: _quoted(explain_time(text, formats, self.last_year)[1], text),
            )
        return empty

    def _look_at_days(  # noqa: PLR0913 (what, of what, and where to)
        self, target: str, column: MappedColumn, cells: TextCells, values: Times, stored: IntArray, zone: int
    ) -> None:
        """Keep what the dates of a column show of the order of day and month, until its texts have shown it."""
        formats = column.formats or self.mapping.formats
        form, earlier = form_with_two_orders(formats), self.days.get(target)
        if form is None or self._are_days_swapped or (earlier is not None and earlier.texts is Order.SHOWN and not len(stored)):
            return
        is_date = (values.start != EMPTY) & ~values.wrong
        is_text = is_date.copy()
        is_text[stored] = False
        if any(form_with_two_orders((other,)) is None for other in formats) and is_text.any():
            is_text &= have_numbers_only(cells)
        is_stored, place = np.zeros(len(is_date), bool), self.header.places[target]
        is_stored[stored] = self.mapping.file.suffix.casefold() in SPREADSHEET_ENDINGS
        of_batch = DayReading(
            target,
            self.header.names[place] or f"column {column_letter(place)}",
            form,
            order_of(values.start, is_text, zone),
            order_of(values.start, is_stored & is_date, zone),
        )
        self.days[target] = of_batch if earlier is None else earlier.joined(of_batch)

    def _words(  # noqa: PLR0913 (what, of what, and where to)
        self, target: str, words: Mapping[str, str], cells: TextCells, empty: Mask, is_data: Mask, parsed: Parsed
    ) -> tuple[Words[str], Mask]:
        """Return the meanings of *cells*, and which of them have none; the word of no letters says what an empty cell means."""
        if target == "channel":
            empty = empty.copy()
            empty[cells_like(cells, CANCELLED_VOUCHER)] = True
        values = look_up(cells, words, empty)
        if values.unknown.any():  # perhaps of spaces only
            blank = values.unknown & (cells.first <= ord(" ")) & trimmed(cells).is_empty
            values = look_up(cells, words, empty | blank) if blank.any() else values
        self._mark(
            parsed,
            target,
            cells,
            values.unknown,
            reasons.UNKNOWN_WORD,
            lambda text: _quoted(f"is an unknown word; {self._known_words(target, text, words)}", text),
        )
        empty = empty | (values.codes == NO_MEANING) & ~values.unknown
        if "" in words:
            values = replace(values, codes=np.where(empty & is_data, values.meanings.index(words[""]), values.codes))
            empty &= ~is_data
        return values, empty

    def _known_words(self, target: str, text: str, words: Mapping[str, str]) -> str:
        """Return which words are known instead of *text*; of a column that can be personal their number only."""
        if is_personal(self.header.names[self.header.places[target]], self.mapping.personal):
            return f"it is none of the {counted(len(words), 'word')} in the mapping"
        return did_you_mean(text, words)

    def _numbers(self, target: str, cells: TextCells, empty: Mask, parsed: Parsed) -> Mask:
        is_money = TYPES[target] is Type.MONEY
        values = (parse_money if is_money else parse_units)(cells, self.mapping.numbers, empty)
        if values.wrong.any():
            blank = values.wrong & (cells.first <= ord(" ")) & trimmed(cells).is_empty
            values.wrong[blank] = False
            empty = empty | blank
        parsed.numbers[target] = values.values
        what = f"is no amount in the form {self.mapping.numbers}" if is_money else "is no whole number of units"
        self._mark(parsed, target, cells, values.wrong, reasons.NOT_A_NUMBER if is_money else reasons.WRONG_UNITS, partial(_quoted, what))
        if not is_money:
            self._mark(
                parsed,
                target,
                cells,
                values.values > MOST_UNITS,
                reasons.WRONG_UNITS,
                partial(_quoted, f"is more than {MOST_UNITS:,} units"),
            )
        return empty

    def _mark(  # noqa: PLR0913 (what, of what, and where to)
        self, parsed: Parsed, target: str, cells: TextCells, mask: Mask, kind: reasons.ReasonKind, message: Callable[[str], str]
    ) -> None:
        """Add an error for each row of *mask*."""
        places = np.flatnonzero(mask)
        if len(places):
            self._add(parsed, target, places, cells.texts_at(places), kind, message)

    def _add(  # noqa: PLR0913 (what, of what, and where to)
        self,
        parsed: Parsed,
        target: str,
        places: IntArray,
        texts: tuple[str, ...] | list[str],
        kind: reasons.ReasonKind,
        message: Callable[[str], str],
    ) -> None:
        parsed.wrong[places] = True
        rows, place = parsed.rows[places].tolist(), self.header.places[target]
        kinds = [_kind_of_value(kind, text) for text in texts]
        for of_kind, words in ({kind: message} | _NO_VALUES).items():
            chosen = [index for index, of_text in enumerate(kinds) if of_text is of_kind]
            self.errors.add([rows[index] for index in chosen], of_kind, place, [texts[index] for index in chosen], words)


def _meanings(target: str, column: MappedColumn) -> dict[str, str]:
    """Return what each word of a column means; without words of its own, each meaning is a word."""
    return {word: str(meaning) for word, meaning in (column.words or {meaning: meaning for meaning in MEANINGS[target]}).items()}


def _lists_of_documents(cells: TextCells) -> IntArray:
    """Return the places of the trimmed *cells* that are several numbers of documents."""
    places = np.flatnonzero(wrong_documents(cells)).tolist()
    texts = cells.texts_at(np.array(places, np.int64))
    return np.array([place for place, text in zip(places, texts, strict=True) if is_list_of_documents(text)], np.int64)


def _kind_of_value(kind: reasons.ReasonKind, text: str) -> reasons.ReasonKind:
    """Return *kind*, or that the cell has an error or a word for an empty cell where that explains it."""
    if kind not in (*_OF_VALUES, reasons.PLACEHOLDER) or not is_nothing(text):
        return kind
    return reasons.FORMULA_ERROR if is_error(text) else reasons.PLACEHOLDER


def _quoted(words: str, text: str) -> str:
    return f'"{text}" {words}'


_NO_VALUES: dict[reasons.ReasonKind, Callable[[str], str]] = {
    reasons.PLACEHOLDER: partial(_quoted, _SPOILT["nothing"][1]),
    reasons.FORMULA_ERROR: partial(_quoted, "is the error of a formula"),
}
"""What is wrong with a cell that has no value but says so."""
