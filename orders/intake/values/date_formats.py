"""Formats of dates and times, such as ``dd-mm-yyyy HH:MM``: parsed from their text into variants of fixed width.

Parts: ``d dd`` day, ``m mm`` month, ``MMM`` its English name in three letters, ``yy yyyy`` year, ``H HH`` hour, ``hh`` with ``AM`` for
twelve hours, ``MM`` minute, ``SS`` second, ``fff`` millisecond, ``ZZ`` zone (``Z``, ``+05:30``, ``+0530``, ``IST``, ``UTC`` or ``GMT``). Every other sign stands
for itself. ``iso`` stands for four formats of ISO 8601 with a zone.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import product

from orders.intake.errors import IntakeError
from orders.log.columns import Precision

FORMAT_PARTS: dict[str, tuple[str, tuple[int, ...]]] = {
    "yyyy": ("year", (4,)),
    "fff": ("millisecond", (3,)),
    "MMM": ("name", (3,)),
    "yy": ("year", (2,)),
    "dd": ("day", (2,)),
    "mm": ("month", (2,)),
    "HH": ("hour", (2,)),
    "hh": ("half", (2,)),
    "MM": ("minute", (2,)),
    "SS": ("second", (2,)),
    "ZZ": ("zone", (1, 5, 6, 3)),
    "AM": ("noon", (2,)),
    "d": ("day", (1, 2)),
    "m": ("month", (1, 2)),
    "H": ("hour", (1, 2)),
}
"""Each part with what it means and its possible widths."""
ISO = ("yyyy-mm-ddTHH:MM:SSZZ", "yyyy-mm-ddTHH:MM:SS.fffZZ", "yyyy-mm-dd HH:MM:SSZZ", "yyyy-mm-ddTHH:MMZZ")
LENGTHS = {Precision.DAY: 86_400_000, Precision.MINUTE: 60_000, Precision.SECOND: 1_000, Precision.MILLISECOND: 1}
"""Milliseconds of an interval of each precision."""
_PART = re.compile("|".join(FORMAT_PARTS))


@dataclass(frozen=True, slots=True)
class Variant:
    """A format of fixed width: the places of its parts as (meaning, first, end), and the signs between them as (place, sign)."""

    length: int
    parts: tuple[tuple[str, int, int], ...]
    signs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class DateFormat:
    """A format of dates; *precision* is that of its last part."""

    text: str
    variants: tuple[Variant, ...]
    precision: Precision
    has_zone: bool

    @property
    def milliseconds(self) -> int:
        """Length of the interval that a text in this format stands for."""
        return LENGTHS[self.precision]


@cache
def date_format(text: str) -> DateFormat:
    """Parse one format.

    Raises:
        IntakeError: it has an unknown letter, or lacks a day, month or year.
    """
    pieces, place = [], 0
    for match in _PART.finditer(text):
        pieces += [*text[place : match.start()], match[0]]
        place = match.end()
    pieces += text[place:]
    meanings = [FORMAT_PARTS[piece][0] for piece in pieces if piece in FORMAT_PARTS]
    stray = [piece for piece in pieces if piece not in FORMAT_PARTS and piece.isalpha() and piece != "T"]
    month = "month" in meanings or "name" in meanings
    complete = month and {"day", "year"} <= set(meanings) and ("half" in meanings) == ("noon" in meanings)
    if stray or not complete or len(meanings) != len(set(meanings)) or not text.isascii():
        raise IntakeError(
            f"the format of dates `{text}`",
            f"it has the unknown part `{stray[0]}`" if stray else "it needs a day, a month and a year, each once, and AM with twelve hours",
            "write it like `dd-mm-yyyy HH:MM`, `d-MMM-yy` or `yyyy-mm-dd HH:MM:SS`: small letters for the date, capitals for the time, ZZ for a zone such as +05:30 or IST",
        )
    widths = [FORMAT_PARTS[piece][1] if piece in FORMAT_PARTS else (1,) for piece in pieces]
    variants = tuple(_variant(pieces, chosen) for chosen in product(*widths))
    return DateFormat(text, variants, _precision(meanings), "zone" in meanings)


def date_formats(texts: tuple[str, ...]) -> tuple[DateFormat, ...]:
    """Parse all formats of a column.

    Raises:
        IntakeError: see `date_format`; or two of them read one text as different days.
    """
    formats = tuple(date_format(text) for name in texts for text in (ISO if name == "iso" else (name,)))
    days: dict[tuple[int, tuple[tuple[int, int], ...]], list[tuple[str, int, int]]] = {}
    for variant in (variant for form in formats for variant in form.variants):
        places = [part for part in variant.parts if part[0] in ("year", "month", "day")]
        if days.setdefault((variant.length, variant.signs), places) != places:
            raise IntakeError(
                f"the formats of dates `{'`, `'.join(texts)}`", "two of them read one text as different days", "leave one of them"
            )
    return formats


def _variant(pieces: list[str], widths: tuple[int, ...]) -> Variant:
    parts, signs, place = [], [], 0
    for piece, width in zip(pieces, widths, strict=True):
        if piece in FORMAT_PARTS:
            parts.append((FORMAT_PARTS[piece][0], place, place + width))
        else:
            signs.append((place, ord(piece)))
        place += width
    return Variant(place, tuple(parts), tuple(signs))


def _precision(meanings: list[str]) -> Precision:
    if "millisecond" in meanings:
        return Precision.MILLISECOND
    if "second" in meanings:
        return Precision.SECOND
    return Precision.MINUTE if "minute" in meanings else Precision.DAY
