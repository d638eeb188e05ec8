"""The rows of one sheet: each in exactly one state, with the canonical rows of those that are used."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.tables import RowState
from orders.intake import reasons
from orders.intake.canonical import documents_of, is_of_other_channel, is_other, requests_of
from orders.intake.checks import Checks, bits
from orders.intake.errors import ConservationError
from orders.intake.files.sheet import Batch, Fault, OddRow, Sheet
from orders.intake.files.two_sides import credit_place, with_both_sides
from orders.intake.mapping.headers import Header, plain
from orders.intake.mapping.later_headers import LaterHeaders
from orders.intake.mapping.source_mapping import MappedColumn, SourceMapping
from orders.intake.mapping.targets import CANCELLED, MEANINGS, OF_PERSONAL_COLUMNS, OTHER
from orders.intake.parsing import Parsed, Parser
from orders.intake.reasons import RowErrors
from orders.intake.repeats import NO_TWINS, Repeats, further_lines
from orders.intake.row_kinds import RowKinds
from orders.intake.rows_table import (
    BLANK,
    HEADER,
    HEADER_AGAIN,
    REPEATED,
    ROW_STATES,
    SET_ASIDE,
    TOTAL,
    USED,
    documents_repeated,
    rows_table,
    with_further_lines,
)
from orders.intake.source_columns import NO_COLUMNS, SourceColumns, columns_of
from orders.intake.totals import Totals
from orders.intake.values.ids import damaged_ids, has_two_words
from orders.intake.values.ids_above import IdsAbove
from orders.intake.values.masking import is_personal
from orders.intake.values.moved_cells import Parts, parts_of
from orders.intake.values.other_channels import OtherChannels
from orders.intake.values.text_columns import TextCells, keys_of, trimmed
from orders.intake.values.words import NO_MEANING, Words
from orders.log.arrays import IntArray, Mask, SmallArray
from sop_engine.text import counted

_MAY_HAVE_MOVED = (reasons.WRONG_NUMBER.id, reasons.OTHER_HEADER.id)
_NAMED = {"order_key": "order", "number_key": "number", "original_key": "original"}
_NAMED_BY_REQUESTS = {"order_key": "order", "number_key": "invoice"}


@dataclass(frozen=True, slots=True)
class SourceRows:
    """What one sheet has: rows as `ROWS`, the canonical rows used, counts by state, compared totals, ids in moved cells, columns as read.

    *channels* are the rows of other sales channels, by channel; None without a column of channels.
    """

    rows: pa.Table
    canonical: pa.Table
    counts: dict[RowState, int]
    totals: list[dict[str, object]]
    moved: Parts = field(default_factory=dict)
    columns: SourceColumns = NO_COLUMNS
    channels: dict[str, int] | None = None


class SourceReader:
    """Reads one sheet.

    Args:
        source: number of the source.
        name: of the file, and of the sheet if there is one.
        mapping, header: of the sheet.
        invoicing: the column that says how e-invoices are made, or the value for all rows.
        last_year: later times are errors.
    """

    def __init__(  # noqa: PLR0913 (what, and how)
        self, source: int, name: str, mapping: SourceMapping, header: Header, invoicing: MappedColumn, last_year: int
    ) -> None:
        self.source, self.name, self.mapping, self.header, self.invoicing = source, name, mapping, header, invoicing
        of_words = {header.places[target] for target in OF_PERSONAL_COLUMNS if target in header.places}
        self._named = _NAMED if mapping.has_documents else _NAMED_BY_REQUESTS
        self.kept = [place for place, column in enumerate(header.names) if place in of_words or not is_personal(column, mapping.personal)]
        self._kept = frozenset(self.kept)
        self.errors = RowErrors(header.names, header.places, mapping.columns, mapping.personal)
        self.parser = Parser(mapping, header, self.errors, last_year)
        self.kinds = RowKinds(mapping, header, self.kept)
        self.credit_place = credit_place([plain(name) for name in header.names], header.places)
        self.looked_at = sorted(self._kept | self.kinds.total_places | self.kinds.party_places)
        """Places of the columns that are read: a personal one only for the word of a total or of a cancelled voucher, and not kept."""
        self.later = LaterHeaders(mapping, header, self.kept)
        self.ids_above = IdsAbove()
        self.repeats = Repeats(frozenset(header.places.values()))
        self.totals = Totals(mapping, header, self.kinds, self.credit_place)
        self.channels = self._other_channels()
        self._numbers: list[IntArray] = []
        self._states: list[SmallArray] = []
        self._canonical: list[pa.RecordBatch] = []
        self._keys: dict[int, dict[str, str | None]] = {}
        """Ids of the rows that are set aside."""
        self._moved: Parts = {}
        self.used: Mask = np.zeros(0, bool)
        """For each row from 1 whether it is used, when all are read."""
        self.twins = NO_TWINS
        """Rows of documents that repeat another one, in this export or not, without a number of their own; when all are read."""
        self.breaks: IntArray = np.zeros(0, np.int64)
        """Rows below which another export begins, when all are read."""

    def _other_channels(self) -> OtherChannels | None:
        """Return what counts the rows of other sales channels; None without a column of channels."""
        place, column = self.header.places.get("channel"), self.mapping.columns.get("channel")
        if place is None or column is None:
            return None
        words = column.words or dict.fromkeys(MEANINGS["channel"], OTHER)
        return OtherChannels(words, is_personal=is_personal(self.header.names[place], self.mapping.personal))

    def read(self, sheet: Sheet) -> SourceRows:
        """Read all rows.

        Raises:
            IntakeError: the file cannot be read.
            ConservationError: rows were lost.
        """
        first = self.header.last + 1
        if self.header.last:
            states = np.full(self.header.last, BLANK, np.uint8)
            states[self.header.first - 1 :] = HEADER
            self._numbers.append(np.arange(1, first, dtype=np.int64))
            self._states.append(states)
        for batch in sheet.batches(first, len(self.header.names), self.looked_at):
            self._batch(batch)
        return self._result()

    def _batch(self, batch: Batch) -> None:
        stated = batch.columns
        if self.credit_place is not None:
            batch = with_both_sides(batch, self.header.places["value"], self.credit_place)
        totals, of_parts = self.kinds.totals(batch)
        cancelled = self.kinds.cancelled(batch)
        if not self._kept.issuperset(batch.columns):
            batch = batch.only(self._kept)
        states = np.zeros(len(batch.rows), np.uint8)
        for mask, state in (
            (self.kinds.blanks(batch), BLANK),
            (self.kinds.headers(batch), HEADER_AGAIN),
            (totals, TOTAL),
        ):
            states[mask & (states == USED)] = state
        filled, days = set(self.parser.filled), dict(self.parser.days)
        parsed, canonical, is_data = self._parsed(batch, states == USED, cancelled)
        headers = self.later.among(batch, np.flatnonzero(parsed.wrong & is_data))
        is_changed = bool(headers) or self.later.is_below_other
        headers |= dict.fromkeys(batch.rows[states == HEADER_AGAIN].tolist(), False)
        if is_changed:
            self.errors.forget(batch.rows.tolist())
            self.parser.filled, self.parser.days = filled, days
            states[np.isin(batch.rows, list(headers))] = HEADER_AGAIN
            misread = self.later.above(batch.rows, headers) * ((states != BLANK) & (states != HEADER_AGAIN))
            states[misread > 0] = SET_ASIDE
            parsed, canonical, is_data = self._parsed(batch, states == USED, cancelled)
            self._misread(batch.rows[misread > 0].tolist(), misread[misread > 0].tolist())
        self._odd(batch.odd, headers)
        if not self.mapping.has_documents:
            self._without_facts(batch, parsed, is_data)
        states[parsed.wrong & is_data] = SET_ASIDE
        self._remember(parsed, np.flatnonzero(states == SET_ASIDE))
        self._take_from_above(parsed, states)
        self._look_everywhere(batch, np.flatnonzero(states == SET_ASIDE))
        if self.channels is not None:
            self.channels.add(batch.cells(self.header.places["channel"]), is_of_other_channel(parsed))
        self.totals.add(batch, parsed, states, of_parts, {place: stated[place] for place in batch.columns})
        self.repeats.add(batch, parsed)
        self.later.go_on(headers)
        self._numbers.append(batch.rows)
        self._states.append(states)
        self._canonical.append(canonical)

    def _parsed(self, batch: Batch, is_data: Mask, cancelled: Mask) -> tuple[Parsed, pa.RecordBatch, Mask]:
        """Return the values, the canonical rows, and which rows of *batch* count as data; errors are collected.

        Vouchers that are *cancelled* have that state if no column of the mapping has it.
        """
        parsed = self.parser.parse(batch, is_data)
        if self.kinds.party_places and "status" not in parsed.words:
            parsed.words["status"] = Words(np.where(cancelled, 0, NO_MEANING), (CANCELLED,), np.zeros(len(cancelled), bool))
        invoicing = self._invoicing(parsed)
        checks = Checks(self.parser, parsed, is_data, invoicing)
        if self.mapping.has_documents:
            is_data = self._without_others(parsed, is_data)
            checks.is_data = is_data
            checks.check_documents()
            return parsed, documents_of(parsed, self.source), is_data
        checks.check_requests()
        return parsed, requests_of(parsed, self.mapping, self.source, invoicing, checks.stages()), is_data

    def _without_facts(self, batch: Batch, parsed: Parsed, is_data: Mask) -> None:
        """Mark the rows that have an order and nothing else; a text of several words is then not taken for an order."""
        places = np.flatnonzero(self.kinds.only_ids(batch, is_data & ~parsed.wrong))
        if not len(places):
            return
        parsed.wrong[places] = True
        ids, place = parsed.ids["order"], self.header.places["order"]
        texts = ids.cells.texts_at(places)
        words = '"{}" stands alone in its row, or with numbers only: it is no order, or the other cells of its order are missing'.format
        self.errors.add(parsed.rows[places].tolist(), reasons.ONLY_ID, place, texts, words)
        several = np.zeros(len(ids.given), bool)
        several[places] = [len(text.split()) > 1 for text in texts]
        keys = pc.if_else(pa.array(several), pa.scalar(None, pa.string()), ids.keys)
        parsed.ids["order"] = replace(ids, keys=keys)

    def _misread(self, rows: list[int], headers: list[int]) -> None:
        """Add the reason that *rows* stand below other *headers*, whose numbers are given."""
        for row, header in zip(rows, headers, strict=True):
            words = f"the header in row {header} has not the columns of row {self.later.first_row} in the same places"
            self.errors.add([row], reasons.OTHER_HEADER, None, [""], words.format)

    def _without_others(self, parsed: Parsed, is_data: Mask) -> Mask:
        """Drop the errors of documents that the audit does not need."""
        other = is_other(parsed) & is_data
        for row in parsed.rows[other & parsed.wrong].tolist():
            del self.errors.reasons[row]
        parsed.wrong &= ~other
        return is_data & ~other

    def _invoicing(self, parsed: Parsed) -> IntArray:
        words = parsed.words.get("invoicing")
        if words is None and self.invoicing.value is not None:
            count = len(parsed.rows)
            words = Words(np.zeros(count, np.int64), (str(self.invoicing.value),), np.zeros(count, bool))
        return bits(words, "invoicing", len(parsed.rows))

    def _odd(self, odd: Sequence[OddRow], headers: Mapping[int, bool]) -> None:
        """Give a state to rows that do not fit into the columns; *headers* are those of their batch."""
        if not odd:
            return
        width = len(self.header.names)
        states = np.full(len(odd), SET_ASIDE, np.uint8)
        above = self.later.above(np.array([row.row for row in odd], np.int64), headers).tolist()
        for index, row in enumerate(odd):
            if row.row in headers and not LaterHeaders.is_joined(row.cells):
                states[index] = HEADER_AGAIN
            elif row.row in headers:
                self._set_aside(row, width)
            elif above[index]:
                self._misread([row.row], [above[index]])
                self._keys[row.row], self._moved[row.row] = {}, parts_of(row.cells)
            elif row.fault is Fault.CELLS and self.kinds.is_total(row.cells):
                states[index] = TOTAL
                self.totals.add_odd(row)
            else:
                self._set_aside(row, width)
        self._numbers.append(np.array([row.row for row in odd], np.int64))
        self._states.append(states)

    def _set_aside(self, row: OddRow, width: int) -> None:
        place: int | None = None
        if row.fault is Fault.QUOTES:
            kind, message = reasons.OPEN_QUOTE, "a quote is opened and not closed in this row, or is not at the end of its cell"
            place = next(
                (index for index, cell in enumerate(row.cells) if len(row.cells) < width and index == len(row.cells) - 1 and cell), None
            )
        elif row.fault is Fault.JSON:
            kind, message = reasons.NO_MESSAGE, "the line is no JSON object, or a key stands twice in it"
        else:
            kind = reasons.TOO_FEW_CELLS if len(row.cells) <= width else reasons.WRONG_CELLS
            if len(row.cells) > width and not any(cell.strip() for cell in row.cells[width:]):
                kind = reasons.EMPTY_CELLS_MORE
            message = f"the row has {counted(len(row.cells), 'cell')}, the header has {width:,}"
            if len(row.cells) == width:
                message = f"the row has {counted(width, 'cell')}, most of the first rows have another number"
        self.errors.add([row.row], kind, place, [""], lambda _: message)
        self._keys[row.row] = {}
        self._moved[row.row] = parts_of(row.cells)
        for name, target in self._named.items() if row.fault is not Fault.JSON else ():
            index = self.header.places.get(target, len(row.cells))
            cells = trimmed(TextCells(pa.array([row.cells[index] if self._is_certain(row, index) else ""], pa.string())))
            if not any(mask[0] for mask in (*damaged_ids(cells, None).values(), has_two_words(cells))):
                self._keys[row.row] |= {name: keys_of(cells)[0].as_py(), name.replace("key", "text"): cells.column[0].as_py() or None}

    def _is_certain(self, row: OddRow, index: int) -> bool:
        """Return whether the cell at *index* of a row with another number of cells cannot be one of a personal column."""
        shift = len(row.cells) - len(self.header.names)
        columns = range(max(0, index - max(shift, 0)), index - min(shift, 0) + 1)
        return index < len(row.cells) and all(place in self._kept for place in columns if place < len(self.header.names))

    def _remember(self, parsed: Parsed, places: IntArray) -> None:
        """Keep the ids of the rows at *places*, which are set aside; of texts that can be personal only what other rows name too."""
        chosen = pa.array(places)
        ids_by_name: dict[str, list[str | None]] = {}
        for name, target in self._named.items():
            if target in parsed.ids:
                keys, texts = parsed.ids[target].keys.take(chosen).to_pylist(), parsed.ids[target].cells.texts_at(places)
                column = self.header.places[target]
                kept = [bool(key) and not self.errors.is_masked(column, text) for key, text in zip(keys, texts, strict=True)]
                for row, text, key, keep in zip(parsed.rows[places].tolist(), texts, keys, kept, strict=True):
                    if key and not keep:
                        self._moved[row] = (*self._moved.get(row, ()), *parts_of([text]))
                ids_by_name[name] = [key if keep else None for key, keep in zip(keys, kept, strict=True)]
                ids_by_name[name.replace("key", "text")] = [text if keep else None for text, keep in zip(texts, kept, strict=True)]
        for index, row in enumerate(parsed.rows[places].tolist()):
            self._keys[row] = {name: values[index] for name, values in ids_by_name.items()}

    def _take_from_above(self, parsed: Parsed, states: SmallArray) -> None:
        """Let rows set aside without an id name the one above: they can be further rows of its document or order."""
        mapping = self.mapping
        ids = parsed.ids.get("number" if mapping.has_documents else "order")
        if ids is None:
            return
        is_break = (states == BLANK) | (states == HEADER_AGAIN)
        for place, (key, text) in self.ids_above.of(ids.cells, ids.keys, ids.given, is_break, states == SET_ASIDE).items():
            of_row = {"number_key": key} if mapping.has_documents else {"order_key": key, "order_text": text}
            self._keys[int(parsed.rows[place])].update(of_row)

    def _look_everywhere(self, batch: Batch, places: IntArray) -> None:
        """Keep all cells of the rows at *places* whose cells may have moved, as a number of a document which is none shows."""
        for place in places.tolist():
            row = int(batch.rows[place])
            if any(reason.id in _MAY_HAVE_MOVED for reason in self.errors.reasons[row]):
                self._moved[row] = parts_of(column[place].as_py() or "" for column in batch.columns.values())

    def _result(self) -> SourceRows:
        numbers = np.concatenate([*self._numbers, np.zeros(0, np.int64)])
        states = np.concatenate([*self._states, np.zeros(0, np.uint8)])
        if not _are_ascending(numbers):
            order = np.argsort(numbers, kind="stable")
            numbers, states = numbers[order], states[order]
        if len(numbers) and not (numbers[0] == 1 and numbers[-1] == len(numbers) and _are_ascending(numbers)):
            raise ConservationError(self.name, int(numbers[-1]), len(numbers))
        repeated, twins = self.repeats.find(states == USED)
        states[repeated - 1] = REPEATED
        self.breaks = numbers[states == HEADER_AGAIN]
        self.twins = twins if self.mapping.has_lines else NO_TWINS
        self.used = states == USED
        counts = {state: int(np.count_nonzero(states == code)) for code, state in enumerate(ROW_STATES)}
        if sum(counts.values()) != len(numbers):
            raise ConservationError(self.name, len(numbers), sum(counts.values()))
        columns = columns_of(self.mapping, self.header, self.parser.filled, self.parser.days, self.credit_place)
        totals = self.totals.compared(numbers, states)
        rows, canonical = rows_table(self.source, numbers, states, self._keys, self.errors), self._used(states)
        channels = None if self.channels is None else self.channels.counts()
        return SourceRows(rows, canonical, counts, totals, self._moved, columns, channels)

    def read_alone(self, sheet: Sheet) -> SourceRows:
        """Read all rows of a sheet that is no piece of a larger one, with the rows that can be further lines of their documents.

        Raises:
            IntakeError: the file cannot be read.
            ConservationError: rows were lost.
        """
        result = self.read(sheet)
        twins = further_lines(self.twins, self.breaks)
        return replace(result, rows=with_further_lines(result.rows, twins, documents_repeated(twins, [result.canonical])))

    def _used(self, states: SmallArray) -> pa.Table:
        parts = list(self._filtered(states == USED))
        return pa.Table.from_batches(parts) if parts else pa.table({})

    def _filtered(self, is_used: Mask) -> Iterator[pa.RecordBatch]:
        while self._canonical:  # each batch is given up when it is copied
            batch = self._canonical.pop(0)
            keep = is_used[batch.column("row").to_numpy() - 1]
            if self.mapping.has_documents:
                keep &= np.array([kind in _DOCUMENT_KINDS for kind in batch.column("kind").to_pylist()], bool)
            yield batch if keep.all() else batch.filter(pa.array(keep))


def _are_ascending(numbers: IntArray) -> bool:
    return bool((numbers[1:] > numbers[:-1]).all())


_DOCUMENT_KINDS = frozenset(MEANINGS["kind"]) - {"other"}
