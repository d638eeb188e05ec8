"""Checks of values against each other: units that do not add up, and states that contradict each other."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa

from orders.audit.tables import ALL, WORDS, Kind, System
from orders.intake import reasons
from orders.intake.mapping.source_mapping import CANCELLATIONS
from orders.intake.mapping.targets import NO_STATUS, OTHER, UNKNOWN_MEANING
from orders.intake.parsing import Parsed, Parser
from orders.intake.values.words import NO_MEANING, Words
from orders.log.arrays import IntArray, Mask
from orders.log.columns import EMPTY
from orders.memory import kept_buffer
from sop_engine.case import Stage

_STAGES = WORDS["stage"]
_PACKED, _CANCELLED, _PROCESSING, _FULFILLABLE = (
    _STAGES.index(stage) for stage in (Stage.PACKED, Stage.CANCELLED, Stage.PROCESSING, Stage.FULFILLABLE)
)
_READY = _STAGES.index(Stage.READY_TO_DISPATCH)
ONLY_ERP = 1
_AT_PORTAL = (Kind.INVOICE, Kind.CREDIT_NOTE, Kind.DEBIT_NOTE)


class Checks:
    """Checks of one batch; adds errors to those of the parser."""

    def __init__(self, parser: Parser, parsed: Parsed, is_data: Mask, invoicing: IntArray) -> None:
        self.parser, self.parsed, self.is_data, self.invoicing = parser, parsed, is_data, invoicing

    def check_documents(self) -> None:
        """Check a batch of documents: units are whole numbers from 1, and e-invoices and notes have a number that the portal takes."""
        self._at_least_one("units")
        words = self.parsed.words["kind"]
        of_portal = words.numbers({kind: int(kind in _AT_PORTAL) for kind in words.meanings}, 0) == 1
        self._no_zero_first("number", of_portal)
        self._numbered(words.numbers({kind: int(kind == Kind.INVOICE) for kind in words.meanings}, 0) == 1)
        self._no_zero_first("original", np.ones(len(of_portal), bool))

    def check_requests(self) -> None:
        """Check a batch of orders and cancellations."""
        numbers = self.parsed.numbers
        self._at_least_one("units")
        if self.parser.mapping.rows == CANCELLATIONS:
            self._at_least_one("units_cancelled")
        units, cancelled = numbers.get("units"), numbers.get("units_cancelled")
        if units is not None and cancelled is not None:
            wrong = (cancelled > units) & (units != EMPTY) & self.is_data
            self._add(
                "units_cancelled",
                wrong,
                reasons.TOO_MANY_CANCELLED,
                lambda row: f"{cancelled[row]:,} units cancelled of {units[row]:,} ordered",
            )
        customer, seller = (numbers.get(name) for name in ("by_customer", "by_seller"))
        if cancelled is not None and (customer is not None or seller is not None):
            zeros = np.zeros(len(cancelled), np.int64)
            parts = [zeros if part is None else np.maximum(part, 0) for part in (customer, seller)]
            wrong = (parts[0] + parts[1] > cancelled) & (cancelled != EMPTY) & self.is_data
            self._add(
                "units_cancelled", wrong, reasons.WRONG_PARTS,
                lambda row: f"{parts[0][row]:,} units cancelled by the customer and {parts[1][row]:,} by the seller, but {cancelled[row]:,} in all",
            )  # fmt: skip
        if self.parser.mapping.system == System.AJIO:
            self._shows_whether_it_is_cancelled()
        else:
            self._no_zero_first("invoice", self.is_data)
        self._check_invoice()

    def _shows_whether_it_is_cancelled(self) -> None:
        """Check that a row of Ajio's report has a status or a quantity that was cancelled: one with neither can be a cancellation."""
        numbers, words = self.parsed.numbers, self.parsed.words.get("channel_status")
        quantities = [numbers[name] for name in ("units_cancelled", "by_customer", "by_seller") if name in numbers]
        if words is None or not quantities or self.parser.mapping.rows == CANCELLATIONS:
            return
        without = (words.codes == NO_MEANING) & np.logical_and.reduce([quantity == EMPTY for quantity in quantities])
        self._add(
            "channel_status",
            without & self.is_data & ~self.parsed.wrong,
            reasons.EMPTY_CELL,
            lambda _: "the row has no status and no quantity that was cancelled, so that it can be a cancellation",
        )

    def _check_invoice(self) -> None:
        """Check that the e-invoice fits the posting: under the client's ERP only, as posting and push mean nothing under RMS."""
        times = self.parsed.times
        is_erp = self.is_data & (self.invoicing == ONLY_ERP)
        posted, invoiced, pushed = (times.get(name) for name in ("posted", "invoiced", "pushed"))
        number = self.parsed.ids.get("invoice")
        exists = np.zeros(len(is_erp), bool)
        if number is not None:
            exists |= number.given
        if invoiced is not None:
            exists |= (invoiced.start != EMPTY) | invoiced.wrong
        by = "invoice" if number is not None else "invoiced"
        if posted is not None and (number is not None or invoiced is not None):
            never = is_erp & exists & (posted.start == EMPTY) & ~posted.wrong
            self._add(by, never, reasons.CONTRADICTION, lambda _: "an e-invoice for an order that was never posted (GAP-05)", "GAP-05")
        if posted is not None and invoiced is not None:
            early = is_erp & (invoiced.end <= posted.start) & (invoiced.start != EMPTY) & (posted.start != EMPTY)
            self._add(
                "invoiced", early, reasons.CONTRADICTION, lambda _: "the e-invoice was made before the order was posted (GAP-05)", "GAP-05"
            )
        if pushed is not None and (number is not None or invoiced is not None):
            without = is_erp & (pushed.start != EMPTY) & ~exists
            self._add("pushed", without, reasons.CONTRADICTION, lambda _: "an e-invoice was pushed, but none was made")
        if pushed is not None and invoiced is not None:
            early = is_erp & (pushed.end <= invoiced.start) & (pushed.start != EMPTY) & (invoiced.start != EMPTY)
            self._add("pushed", early, reasons.CONTRADICTION, lambda _: "the e-invoice was pushed before it was made")

    def stages(self) -> IntArray | None:
        """Return the set of stages at the cancellation, from the OMS and the WMS status together; None without such a column."""
        oms, wms = (self._codes(name) for name in ("oms_status", "wms_status"))
        if oms is None and wms is None:
            return None
        count = len(self.parsed.rows)
        unknown = np.full(count, NO_MEANING, np.int64)
        first, last = (unknown if codes is None else codes for codes in (oms, wms))
        is_packed = (last >= _PACKED) & (last != _CANCELLED)
        clash = is_packed & (first >= 0) & (first <= _FULFILLABLE) & self.is_data
        self._contradiction(clash)
        stage = np.where(is_packed & (first < last), last, first)
        sets = np.where(stage == NO_MEANING, ALL["stage"], 1 << np.maximum(stage, 0))
        column = self.parser.mapping.columns.get("oms_status")
        says_packed = column is not None and column.words is not None and Stage.PACKED in column.words.values()
        if wms is None and not says_packed:  # an OMS status stays PROCESSING while the order is packed
            sets = np.where(stage == _PROCESSING, 1 << _PROCESSING | 1 << _PACKED | 1 << _READY, sets)
        return sets

    def _contradiction(self, clash: Mask) -> None:
        if not clash.any():
            return
        units, cancelled = (self.parsed.numbers.get(name) for name in ("units", "units_cancelled"))
        is_part = np.zeros(len(clash), bool)
        if units is not None and cancelled is not None:
            is_part = (cancelled < units) & (cancelled != EMPTY)
        for mask, gap in ((clash & ~is_part, "GAP-01"), (clash & is_part, "GAP-06")):
            self._add("wms_status", mask, reasons.CONTRADICTION, partial(_packed_too_early, gap), gap)

    def _codes(self, target: str) -> IntArray | None:
        words = self.parsed.words.get(target)
        if words is None:
            return None
        values = {meaning: _STAGES.index(meaning) if meaning in _STAGES else NO_MEANING for meaning in words.meanings}
        assert set(words.meanings) <= {*_STAGES, UNKNOWN_MEANING, NO_STATUS, OTHER}  # noqa: S101 (the mapping was checked)
        return words.numbers(values, NO_MEANING)

    def _numbered(self, invoices: Mask) -> None:
        """Check that *invoices* have a number, where the file has a column for it: what is to be credited has a name."""
        ids = self.parsed.ids.get("number")
        if ids is not None:
            without = invoices & ~ids.given & self.is_data & ~self.parsed.wrong
            self._add("number", without, reasons.EMPTY_CELL, lambda _: "the e-invoice has no number")

    def _no_zero_first(self, target: str, among: Mask) -> None:
        """Check that the numbers of documents in *target* do not begin with 0: the portal takes A to Z and 1 to 9 (schema INV-01, DocDtls.No)."""
        ids = self.parsed.ids.get(target)
        if ids is None:
            return
        places = np.flatnonzero((ids.cells.first == ord("0")) & ids.given & among & self.is_data)
        places = places[np.asarray(ids.keys.is_valid())[places]]
        self.parsed.wrong[places] = True
        words = '"{}" begins with 0: the number of an e-invoice or its note begins with a letter or with 1 to 9'.format
        place = self.parser.header.places.get(target)
        self.parser.errors.add(self.parsed.rows[places].tolist(), reasons.WRONG_NUMBER, place, ids.cells.texts_at(places), words)

    def _at_least_one(self, target: str) -> None:
        numbers = self.parsed.numbers.get(target)
        if numbers is not None:
            self._add(
                target, (numbers == 0) & self.is_data, reasons.WRONG_UNITS, lambda _: '"0" is no number of units: expected 1 to 2,500'
            )

    def _add(self, target: str, mask: Mask, kind: reasons.ReasonKind, message: Callable[[int], str], gap: str | None = None) -> None:
        places = np.flatnonzero(mask)
        self.parsed.wrong[places] = True
        place = self.parser.header.places.get(target)
        for index in places.tolist():
            self.parser.errors.add([int(self.parsed.rows[index])], kind, place, [""], lambda _, index=index: message(index), gap)  # type: ignore[misc]


def _packed_too_early(gap: str, _: int) -> str:
    return f"the order is packed in WMS and not yet released in Assure OMS ({gap})"


def bits(words: Words[str] | None, fact: str, count: int) -> IntArray:
    """Return the sets of words of a fact; all words where the cell is empty or says that it is unknown."""
    if words is None:
        return np.full(count, ALL[fact], np.int64)
    names = WORDS[fact]
    return words.numbers({meaning: 1 << names.index(meaning) if meaning in names else ALL[fact] for meaning in words.meanings}, ALL[fact])


def as_nullable(values: IntArray, kind: pa.DataType) -> pa.Array:
    """Return whole numbers as a column, null where they are `EMPTY` or too large for it: such a row is set aside for its number."""
    limit = 1 << (kind.bit_width - 1)
    return with_nulls(values, (values < -limit) | (values >= limit) if kind.bit_width < values.itemsize * 8 else values == EMPTY, kind)


def with_nulls(values: IntArray, places: Mask, kind: pa.DataType) -> pa.Array:
    """Return whole numbers as a column with nulls at *places*, in the memory of columns that are kept."""
    stored = kept_buffer(len(values) * kind.bit_width // 8)
    numbers = np.ndarray(len(values), kind.to_pandas_dtype(), stored)
    valid = None
    if places.any():
        valid = pa.py_buffer(np.packbits(~places, bitorder="little"))
        np.multiply(values, ~places, out=numbers, casting="unsafe")
    else:
        numbers[:] = values
    return pa.Array.from_buffers(kind, len(values), [valid, stored])
