"""Marks of the items of a list, at the beginning of a line: bullets, numbers, letters, arrows, emoji, HTML."""

import re
import unicodedata

_ITEM = re.compile(
    r"[0-9]\ufe0f?\u20e3\s*|[-+\u2022\u2023\u2043\u2010-\u2015\u00b7>\u00bb\u203a*#~]+\s+|[-=~]+>|\(?\d{1,3}(?:\.\d{1,3})*(?:[.:]\s|\s*\))\s*|\d{1,3}\s*\.(?!\d)\s*"
    r"|\(?(?:[a-z]|x{0,3}(?:i[xv]|v?i{1,3}|v))(?:\.\s|\))\s*(?![a-z]\.)|(?:test\s+)?step\s+(?:\d+|one|two|three|four|five|six)\b\s*[-.:)]*\s*"
    r"|[#\u00a7]\s?\d{1,3}\b[.:)]?\s*|\[[ x]?\]\s*|</?(?:li|ul|ol|dl|dt|dd|table|tr|td|th)\b[^<>]*>\s*",
    re.IGNORECASE,
)
"""The mark of an item of a list, in characters of a keyboard or in HTML."""
_ASIDE = re.compile(r"([\u2013\u2014]).*\1[.!?]?", re.DOTALL)
"""A line between two dashes, which is no item of a list."""
_LETTER_OR_SIGNS = re.compile(r"(?:[^\W\d_]\d?|[A-Z]{1,3}\d{1,3}|[^\w\s]{1,3})[.:)]?\s+", re.IGNORECASE)
"""What is the mark of an item only before a step sentence: ``o``, ``x``, ``AC1``, ``::``, ``;``."""
_SIGN_IS_MEANT = re.compile(
    r"\s*(?:(?:is|are|was|were)\s+(?!to\b)(?:not\b|used\b|the\b|an?\b)|means?\b|stands?\s+for\b|says?\b|marks?\b)", re.IGNORECASE
)
"""What follows a sign about which a sentence speaks: *→ means …*."""


def without_marks(text: str) -> str:
    """Return *text* without the marks of an item of a list at its beginning: ``-``, ``a)``, ``→``, ``①``, ``<li>``."""
    if _ASIDE.fullmatch(text):
        return text
    while text:
        item = _ITEM.match(text)
        end = item.end() if item else _length_of_symbol(text)
        if end == 0 or (item is None and _SIGN_IS_MEANT.match(text[end:])):
            break
        text = text[end:].lstrip("\ufe0e\ufe0f\u200d ")
    return text


def _length_of_symbol(text: str) -> int:
    """Return 1 if *text* begins with an arrow, a tick, a bullet, a circled number or an emoji; 0 if it begins otherwise."""
    char = text[0]
    category, name = unicodedata.category(char), unicodedata.name(char, "")
    if char.isascii() or name.split()[-1:] == ["SIGN"]:
        return 0
    if category == "Sm":
        return 0 if text[1:].lstrip()[:1].isdigit() and "ARROW" not in name else 1
    is_number = category in {"No", "Nl"} and any(word in name for word in ("CIRCLED", "PARENTHESIZED", "FULL STOP", "ROMAN NUMERAL"))
    return 1 if category in {"So", "Co"} or is_number or "BULLET" in name else 0


def without_letter_or_signs(text: str) -> str:
    """Return *text* without a letter, a short word such as ``AC1``, or signs at its beginning, which may be a mark."""
    mark = _LETTER_OR_SIGNS.match(text)
    return text[mark.end() :] if mark else text
