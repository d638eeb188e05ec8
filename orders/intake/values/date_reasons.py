"""Explanations why a text is no time in the declared formats."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from orders.intake.values.date_formats import DateFormat
from orders.intake.values.dates import FIRST_YEAR, LAST_YEAR
from sop_engine.text import MONTHS

_SERIAL = re.compile(r"[2-7]\d{4}(\.\d+)?")
_THREE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?![\d])")
_EPOCH = date(1899, 12, 30)
_FULL = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def explain_time(text: str, formats: Sequence[DateFormat], last_year: int = LAST_YEAR) -> tuple[str, str]:
    """Return the kind of mistake (``date``, ``form``, ``serial``, ``zone`` or ``year``) and what is wrong, after the cell's text in quotes."""
    if _SERIAL.fullmatch(text):
        day = _EPOCH + timedelta(days=int(text[:5]))
        return "serial", f"is the serial number of a date, {_day_text(day)} in the calendar from 1900"
    for form in formats:
        for variant in form.variants:
            parts = _parts_of_text(text, variant.length, variant.parts, variant.signs)
            if parts is not None:
                return _wrong_part(parts, last_year)
    names = " or ".join(f"`{form.text}`" for form in formats)
    for form in formats:
        if form.has_zone and any(
            _parts_of_text(text, variant.parts[-1][1], variant.parts[:-1], variant.signs) is not None for variant in form.variants
        ):
            return "zone", f"has no zone; the declared form is {names}"
    three = _THREE.match(text)
    if three:
        first, second, year = (int(number) for number in three.groups())
        year += 2000 if year < 100 else 0  # noqa: PLR2004 (two digits)
        readings = [
            f"{day} {_FULL[month - 1]}" for day, month in dict.fromkeys(((first, second), (second, first))) if _exists(year, month, day)
        ]
        if readings:
            return "form", f"is not {names}; it could be {' or '.join(readings)} {year}"
    return "date", f"is not {names}"


def explain_year(text: str, last_year: int) -> str:
    """Return what is wrong with the year with which a date begins."""
    return f"is in the year {int(text[:4])}; expected {FIRST_YEAR} to {last_year}"


def explain_swapped(text: str) -> str:
    """Return why it is uncertain which day the date *text* of a cell is; see `orders.intake.mapping.date_order.DayCounts`."""
    year, month, day = text[:4], int(text[5:7]), int(text[8:10])
    return (
        f'"{text}" is a date, and can be {day} {_FULL[month - 1]} or {month} {_FULL[day - 1]} {year}: all dates of the sheet have days up to the 12th, '
        "and all texts later ones, as where a spreadsheet has swapped days and months"
    )


def _parts_of_text(
    text: str, length: int, parts: Sequence[tuple[str, int, int]], signs: Sequence[tuple[int, int]]
) -> dict[str, str] | None:
    """Return the texts of the parts of a format of fixed width; None if *text* has another form."""
    if len(text) != length or not text.isascii() or any(place < length and ord(text[place]) != sign for place, sign in signs):
        return None
    values = {meaning: text[first:end] for meaning, first, end in parts}
    for meaning, value in values.items():
        if meaning == "zone" and not re.fullmatch(r"Z|IST|UTC|GMT|[+-]\d\d:?\d\d", value):
            return None
        if meaning not in ("name", "noon", "zone") and not value.isdecimal():
            return None
        if meaning in ("name", "noon") and not value.isalpha():
            return None
    return values


def _wrong_part(parts: dict[str, str], last_year: int) -> tuple[str, str]:
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)  # noqa: PLR2004 (two digits)
    names = [name.casefold() for name in MONTHS]
    if "name" in parts and parts["name"].casefold() not in names:
        return "date", f"is no date: there is no month `{parts['name']}`"
    month = names.index(parts["name"].casefold()) + 1 if "name" in parts else int(parts["month"])
    day = int(parts["day"])
    if not 1 <= month <= 12:  # noqa: PLR2004 (months)
        return "date", f"is no date: there is no month {month}"
    if not FIRST_YEAR <= year <= last_year:
        return "year", explain_year(str(year), last_year)
    last = monthrange(year, month)[1]
    if day > last:
        return "date", f"is no date: {_FULL[month - 1]} has {last} days"
    if day < 1:
        return "date", "is no date: there is no day 0"
    return "date", "is no time: hours go from 00 to 23, minutes and seconds from 00 to 59"


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]  # noqa: PLR2004 (months)


def _day_text(day: date) -> str:
    return f"{day.day} {_FULL[day.month - 1]} {day.year}"
