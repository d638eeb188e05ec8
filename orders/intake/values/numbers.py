"""Columns of numbers: units, and money in paise as whole numbers.

Distinct texts are parsed once each, as a column has few of them; plain amounts are parsed as columns of bytes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orders.intake.values.text_columns import SPACES, TextCells, distinct_lengths
from orders.log.arrays import IntArray, Mask
from orders.log.columns import EMPTY

GROUPINGS = {
    "1,00,000.00": re.compile(r"\d{1,2}(?:,\d\d)*,\d{3}|\d+"),
    "100,000.00": re.compile(r"\d{1,3}(?:,\d{3})*|\d+"),
    "100000.00": re.compile(r"\d+"),
}
"""Forms of numbers that a mapping can declare: commas in the Indian way, in the international way, and none."""
INDIAN = "1,00,000.00"
TEXT_MARK = "'"
"""What spreadsheet users and exports put before a number or time so that it stays a text; it is no part of it."""
_AMOUNT = re.compile(
    r"(?P<sign>[-+]?)(?:₹|Rs\.?|INR)?\s*(?P<minus>-?)(?P<whole>[\d,]+)(?:\.(?P<part>\d*))?\s*(?P<side>Dr|Cr)?\.?", re.IGNORECASE
)
_UNITS_PATTERN = re.compile(r"(\d[\d,]*)(?:\.0*)?")
_LONGEST_AMOUNT = 15
_POINT, _MINUS, _ZERO = ord("."), ord("-"), ord("0")


_EXACT = 1e15
_DIGITS_SHOWN = 15
"""Digits of a number that a spreadsheet program shows; what binary arithmetic has put behind them is none of it."""


def shown_number(number: float) -> str:
    """Return a number as a spreadsheet program shows it: 1400.0000000000002 is 1400, and 8901234567890.0 is 8901234567890."""
    if number.is_integer() and abs(number) < _EXACT * 1e6:
        return str(int(number))
    rounded = float(f"{number:.{_DIGITS_SHOWN}g}")
    return str(int(rounded)) if rounded.is_integer() and abs(rounded) < _EXACT else repr(rounded)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whole numbers of a column, `EMPTY` where there is none; *wrong* marks cells that are no such number."""

    values: IntArray
    wrong: Mask


def parse_units(cells: TextCells, grouping: str, empty: Mask) -> Numbers:
    """Parse a column of whole numbers of units; ``2.0`` is 2."""
    return _by_distinct(cells, empty, lambda text: units_of(text, grouping))


def units_of(text: str, grouping: str) -> int | None:
    """Parse one whole number, not negative; None if *text* is none."""
    match = _UNITS_PATTERN.fullmatch(text.strip(SPACES).removeprefix(TEXT_MARK))
    if match is None or not match[0].isascii() or not GROUPINGS[grouping].fullmatch(match[1]) or len(match[1]) > _LONGEST_AMOUNT:
        return None
    return int(match[1].replace(",", ""))


def parse_money(cells: TextCells, grouping: str, empty: Mask) -> Numbers:
    """Parse a column of amounts of rupees into paise; brackets, a minus sign and ``Cr`` make an amount negative."""
    values, todo = _plain_amounts(cells, empty)
    rest = _by_distinct(cells, ~todo, lambda text: paise_of(text, grouping))
    return Numbers(np.where(todo, rest.values, values), rest.wrong)


def paise_of(text: str, grouping: str) -> int | None:
    """Parse one amount of rupees; None if *text* is none, or has a part of a paisa."""
    text = text.strip(SPACES).removeprefix(TEXT_MARK)
    is_negative = text.startswith("(") and text.endswith(")")
    match = _AMOUNT.fullmatch(text[1:-1].strip(SPACES) if is_negative else text)
    if match is None or not text.replace("₹", "").isascii() or not GROUPINGS[grouping].fullmatch(match["whole"]):
        return None
    part = match["part"] or ""
    signs = (is_negative, match["sign"] == "-", bool(match["minus"]), (match["side"] or "").casefold() == "cr")
    if part[2:].strip("0") or sum(signs) > 1 or len(match["whole"]) > _LONGEST_AMOUNT or (is_negative and (match["sign"] or match["side"])):
        return None
    paise = int(match["whole"].replace(",", "")) * 100 + int(f"{part:0<2}"[:2])
    return -paise if any(signs) else paise


def _plain_amounts(cells: TextCells, empty: Mask) -> tuple[IntArray, Mask]:
    """Return the paise of amounts of digits with two or no decimals, and which cells are neither that nor empty."""
    values = np.full(len(cells), EMPTY, np.int64)
    todo = ~empty
    for length in distinct_lengths(cells.lengths[todo]):
        if not 1 <= length <= _LONGEST_AMOUNT:
            continue
        places, matrix = cells.of_length(length)
        is_minus = matrix[:, 0] == _MINUS
        has_point = matrix[:, -3] == _POINT if length > 3 else np.zeros(len(matrix), bool)  # noqa: PLR2004 (a point and two digits)
        amount = np.zeros(len(matrix), np.int64)
        fits = np.ones(len(matrix), bool)
        for place in range(length):
            digit = matrix[:, place].astype(np.int64) - _ZERO
            is_digit = (digit >= 0) & (digit <= 9)  # noqa: PLR2004 (a digit)
            is_sign = (is_minus & (place == 0) & (length > 1)) | (has_point & (place == length - 3))
            fits &= is_digit | is_sign
            amount = np.where(is_digit, amount * 10 + digit, amount)
        if length > 4:  # noqa: PLR2004 (a minus sign before a point)
            fits &= ~(is_minus & has_point & (matrix[:, 1] == _POINT))
        amount = np.where(has_point, amount, amount * 100) * np.where(is_minus, -1, 1)
        fits &= todo[places]
        values[places[fits]] = amount[fits]
        todo[places[fits]] = False
    return values, todo


def _by_distinct(cells: TextCells, empty: Mask, parse: Callable[[str], int | None]) -> Numbers:
    values = np.full(len(cells), EMPTY, np.int64)
    wrong = np.zeros(len(cells), bool)
    places = np.flatnonzero(~empty)
    if not len(places):
        return Numbers(values, wrong)
    chosen = cells if len(places) == len(cells) else TextCells(cells.column.take(pa.array(places)))
    texts, codes = chosen.distinct()
    parsed = [parse(text) for text in texts]
    table = np.array([EMPTY if value is None else value for value in parsed], np.int64)
    fails = np.array([value is None for value in parsed], bool)
    if len(places) == len(cells):
        return Numbers(table[codes], fails[codes])
    values[places], wrong[places] = table[codes], fails[codes]
    return Numbers(values, wrong)
