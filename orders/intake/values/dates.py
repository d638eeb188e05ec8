"""Columns of dates and times: parsed strictly by declared formats into intervals in UTC milliseconds.

The bytes of all cells of one length are compared with a format at once: each part has digits only, each sign between them is as
declared, and the day exists in the calendar. So no reader's leniency decides: 31-06 is no date, and ``26`` is no year ``yyyy``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from orders.intake.values.date_formats import LENGTHS, DateFormat, Variant
from orders.intake.values.text_columns import TextCells, words_of_eight_bytes
from orders.log.arrays import IntArray, Mask, SmallArray
from orders.log.columns import EMPTY, Precision
from sop_engine.text import MONTHS

MINUTE = 60_000
DAY_LENGTH = 1440 * MINUTE
_ZERO = ord("0")
Eights = NDArray[np.uint64]
"""Eight bytes of each row as one number, the first byte lowest."""
_TEN, _HUNDRED, _EIGHT, _BYTE = (np.uint64(number) for number in (10, 100, 8, 0xFF))
_NUMBER_OF_MONTH = {name.upper().encode(): number for number, name in enumerate(MONTHS, start=1)}
_CENTURY = 2000
_YEAR = 10_000
"""Numbers of days of a year, such as 1231 for 31 December."""
_MOST = {"hour": 23, "minute": 59, "second": 59, "half": 12}
FIRST_YEAR = 2017
"""GST began in this year; an older order is a mistake."""
LAST_YEAR = 2099


@dataclass(frozen=True, slots=True)
class Times:
    """Times of a column as intervals in UTC milliseconds, `EMPTY` where there is none; *wrong* marks cells that are no time."""

    start: IntArray
    end: IntArray
    wrong: Mask


def parse_times(cells: TextCells, formats: Sequence[DateFormat], offset: int, empty: Mask, last_year: int = LAST_YEAR) -> Times:
    """Parse a column of times.

    Args:
        cells: the texts.
        formats: the declared formats; the first that fits is used.
        offset: minutes by which the zone of a time without one is before UTC, 330 in India.
        empty: cells that are to be taken as empty.
        last_year: times after it, and before `FIRST_YEAR`, are wrong.
    """
    count = len(cells)
    start, end = np.full(count, EMPTY, np.int64), np.full(count, EMPTY, np.int64)
    todo = ~empty
    for form in formats:
        for variant in form.variants:
            if not todo.any():
                break
            places, matrix = cells.of_length(variant.length)
            if not len(places):
                continue
            at, fits = _parse(matrix, variant, offset, last_year)
            fits &= todo[places] if len(places) < count else todo
            if not fits.all():
                places, at = places[fits], at[fits]
            if len(places) == count:
                return Times(at, at + form.milliseconds, np.zeros(count, bool))
            start[places] = at
            end[places] = at + form.milliseconds
            todo[places] = False
    return Times(start, end, todo)


def parse_stored(texts: Sequence[str], offset: int | None, precision: Precision, last_year: int = LAST_YEAR) -> Times:
    """Parse times of cells that a spreadsheet stores as dates, in the form ``2026-06-04T09:00:00``; *precision* is the declared one.

    *offset* is that of the zone, None for times in UTC. A cell without a time of day cannot be distinguished from one at midnight, so it is the whole day.
    """
    moments = np.array([np.datetime64(text[:19], "ms").astype(np.int64) for text in texts], np.int64)
    shortest = LENGTHS[Precision.SECOND] if precision is Precision.DAY else LENGTHS[precision]
    is_day = (moments % DAY_LENGTH == 0) & (offset is not None)
    length: IntArray = np.where(is_day, DAY_LENGTH, shortest)
    years = np.array([int(text[:4]) for text in texts], np.int64)
    start = moments - (offset or 0) * MINUTE
    return Times(start, start + length, (years < FIRST_YEAR) | (years > last_year))


def _parse(matrix: SmallArray, variant: Variant, offset: int, last_year: int) -> tuple[IntArray, Mask]:
    """Return the UTC milliseconds of each row of bytes, and which rows are such a time."""
    faults = np.zeros(len(matrix), np.uint64)
    digits_of_words: list[Eights] = []
    for word, (pattern, six, looked_at, digits) in zip(words_of_eight_bytes(matrix), _patterns(variant), strict=True):
        difference = word ^ pattern
        faults |= ((difference + six) | difference) & looked_at
        digits_of_words.append(difference & digits)
    fits = faults == 0
    pairs = [word * _TEN + (word >> _EIGHT) for word in digits_of_words]
    values: dict[str, IntArray] = {}
    for meaning, first, end in variant.parts:
        is_number = meaning not in _PARSERS
        values[meaning] = (
            _number_of_digits(digits_of_words, pairs, first, end) if is_number else _PARSERS[meaning](matrix[:, first:end], fits)
        )
    year, month, day = values["year"], values.get("month", values.get("name")), values["day"]
    assert month is not None  # noqa: S101 (each format has a month)
    if any(meaning == "year" and end - first == 2 for meaning, first, end in variant.parts):  # noqa: PLR2004 (two digits)
        year = year + _CENTURY
    number = (year * 100 + month) * 100 + (day - FIRST_YEAR * _YEAR)
    minutes = _minutes_of_days().take(number, mode="clip")
    fits &= minutes >= 0
    if last_year < LAST_YEAR:
        fits &= number < (last_year + 1 - FIRST_YEAR) * _YEAR
    milliseconds = (minutes + (_minutes(values, fits) - values.get("zone", offset))) * MINUTE
    for name, length in (("second", 1000), ("millisecond", 1)):
        if name in values:
            milliseconds += values[name] * length
    return milliseconds, fits


def _minutes(values: dict[str, IntArray], fits: Mask) -> IntArray:
    for name in ("hour", "minute", "second", "half"):
        if name in values:
            fits &= values[name] <= _MOST[name]
    hour = values.get("hour", np.zeros(len(fits), np.int64))
    if "half" in values:
        fits &= values["half"] >= 1
        hour = values["half"] % 12 + values.get("noon", np.zeros(len(fits), np.int64))
    return hour * 60 + values.get("minute", np.zeros(len(fits), np.int64))


@cache
def _patterns(variant: Variant) -> tuple[tuple[np.uint64, ...], ...]:
    """Return for each eight bytes of *variant*: its signs and zeros, six for each digit, the bits to look at, and the bits of the digits.

    What differs from signs and zeros is 0 for a sign and 0 to 9 for a digit; six more than such a digit does not reach the upper four bits.
    """
    size = -(-variant.length // 8) * 8
    pattern, six, looked_at, digits = (np.zeros(size, np.uint8) for _ in range(4))
    for place, sign in variant.signs:
        pattern[place], looked_at[place] = sign, 0xFF
    for meaning, first, end in variant.parts:
        if meaning not in _PARSERS:
            pattern[first:end], six[first:end], looked_at[first:end], digits[first:end] = _ZERO, 6, 0xF0, 0x0F
    return tuple(zip(*(lane.view("<u8") for lane in (pattern, six, looked_at, digits)), strict=True))


def _number_of_digits(digits: Sequence[Eights], pairs: Sequence[Eights], first: int, end: int) -> IntArray:
    """Return the number of the digits at *first* to *end* of each row.

    Args:
        digits: for each eight bytes their digits.
        pairs: for each eight bytes, in the place of each digit, the number of two digits that begins with it; none begins with the last.
        first, end: places.
    """
    value: Eights | None = None
    while first < end:
        is_pair = end - first > 1 and first % 8 < 7  # noqa: PLR2004 (the last of eight)
        lanes, base = (pairs, _HUNDRED) if is_pair else (digits, _TEN)
        part = (lanes[first // 8] >> np.uint64(8 * (first % 8))) & _BYTE
        value = part if value is None else value * base + part
        first += 1 + is_pair
    assert value is not None  # noqa: S101 (no part is empty)
    return value.view(np.int64)


def _two_digits(part: SmallArray, fits: Mask) -> IntArray:
    digits = part.astype(np.int64) - _ZERO
    fits &= ((digits >= 0) & (digits <= 9)).all(axis=1)  # noqa: PLR2004 (a digit)
    return digits[:, 0] * 10 + digits[:, 1]


def _month_name(part: SmallArray, fits: Mask) -> IntArray:
    upper = part & 0xDF
    value = np.zeros(len(part), np.int64)
    for name, number in _NUMBER_OF_MONTH.items():
        value[(upper == np.frombuffer(name, np.uint8)).all(axis=1)] = number
    letters = ((part >= ord("A")) & (part <= ord("z"))).all(axis=1)
    fits &= (value > 0) & letters
    return value


def _noon(part: SmallArray, fits: Mask) -> IntArray:
    upper = part & 0xDF
    is_am, is_pm = ((upper == np.frombuffer(word, np.uint8)).all(axis=1) for word in (b"AM", b"PM"))
    fits &= is_am | is_pm
    return np.where(is_pm, 12, 0)


def _zone(part: SmallArray, fits: Mask) -> IntArray:
    if part.shape[1] == 1:
        fits &= part[:, 0] == ord("Z")
        return np.zeros(len(part), np.int64)
    if part.shape[1] == 3:  # noqa: PLR2004 (a name)
        is_indian, *in_utc = ((part == np.frombuffer(name, np.uint8)).all(axis=1) for name in (b"IST", b"UTC", b"GMT"))
        fits &= is_indian | np.logical_or(*in_utc)
        return np.where(is_indian, _INDIA, 0)
    sign: IntArray = np.where(part[:, 0] == ord("-"), -1, 1)
    fits &= (part[:, 0] == ord("-")) | (part[:, 0] == ord("+"))
    if part.shape[1] == 6:  # noqa: PLR2004 (with a colon)
        fits &= part[:, 3] == ord(":")
    hours, minutes = _two_digits(part[:, 1:3], fits), _two_digits(part[:, -2:], fits)
    fits &= (hours <= 14) & (minutes <= _MOST["minute"])  # noqa: PLR2004 (the largest offset on Earth)
    offset: IntArray = sign * (hours * 60 + minutes)
    return offset


_INDIA = 330
"""Minutes by which India is before UTC."""
_PARSERS = {"name": _month_name, "noon": _noon, "zone": _zone}


@cache
def _minutes_of_days() -> NDArray[np.int32]:
    """Return the minutes from 1970 to each day, by its number such as 1231 for 31 December of `FIRST_YEAR`; -1 for a number that is no day."""
    days = np.arange(f"{FIRST_YEAR}-01-01", f"{LAST_YEAR + 1}-01-01", dtype="datetime64[D]")
    months = days.astype("datetime64[M]")
    of_month = months.astype(np.int64)
    number = (of_month // 12 + 1970 - FIRST_YEAR) * _YEAR + (of_month % 12 + 1) * 100 + (days - months).astype(np.int64) + 1
    minutes = np.full((LAST_YEAR + 1 - FIRST_YEAR) * _YEAR, -1, np.int32)
    minutes[number] = days.astype(np.int64) * (DAY_LENGTH // MINUTE)
    return minutes
