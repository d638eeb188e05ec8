"""What an error may show of a cell: at most 40 characters, and nothing personal."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache

from sop_engine.text import counted

LONGEST_SHOWN = 40
_LOOKED_AT = 3 * LONGEST_SHOWN
"""Characters in which something personal is searched: more than are shown, so that the end of a number or a name counts too."""
PERSONAL = (
    "*customer name*", "*buyer name*", "receiver name*", "*consignee*", "shipping *", "billing *", "ship to*", "bill to*", "*address*",
    "*phone*", "*mobile*", "*contact*", "*email*", "*e-mail*", "*pincode*", "*pin code*", "*postal*", "particulars", "party name*",
)  # fmt: skip
"""Patterns of the names of columns that can be personal; a mapping can add to them."""
_PHONE = r"(?<!\d)(?:\+?91|0)?[\s().-]*[6-9](?:[\s().-]*\d){9}(?!\d)"
_PHONE_TEXT = re.compile(_PHONE)
_WRITTEN_PHONE = re.compile(rf"(?=.*(?:[\s()]|\+\d)){_PHONE}")
"""A phone number that is written as one: an id can have ten digits too."""
TWO_WORDS = r"[\p{L}\p{M}]{3,}[\s\p{Z}.]+[\p{L}\p{M}]{3,}"
"""For RE2: two words of letters one after another, as names of people are and ids of orders are not."""
_WORD_OF_LETTERS = r"(?:[^\W\d_]|[\u0900-\u0dff]){3,}"  # letters, and the marks of vowels of the scripts of India
_WORD = re.compile(_WORD_OF_LETTERS)
_TWO_WORDS = re.compile(rf"{_WORD_OF_LETTERS}[\s.]+{_WORD_OF_LETTERS}")
_PROSE = re.compile(r"(?=.*\s).*[a-z]{3}")
_PERSONAL_IDS = (_TWO_WORDS, _WRITTEN_PHONE, _PROSE)
"""What an id is that a program did not make: two words, a phone number, or small letters and spaces."""
_ALIKE = 0.75
WORDS_OF_TIMES = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "utc",
        "gmt",
        "ist",
        "nan",
        "null",
        "none",
        "today",
    ]
)
WORDS_OF_NUMBERS = frozenset(["inr", "pcs", "nos", "qty", "units", "unit", "rupees", "lakh", "crore", "nan", "null", "none", "nil"])
WORDS_OF_STATES = frozenset(
    [
        "accepted",
        "admin",
        "allocated",
        "approved",
        "buyer",
        "cancelled",
        "canceled",
        "closed",
        "completed",
        "confirmed",
        "created",
        "customer",
        "delivered",
        "dispatched",
        "draft",
        "error",
        "failed",
        "false",
        "hold",
        "initiated",
        "invoiced",
        "marketplace",
        "new",
        "not",
        "none",
        "null",
        "open",
        "packed",
        "paid",
        "partial",
        "partially",
        "pending",
        "picked",
        "posted",
        "processed",
        "processing",
        "ready",
        "received",
        "refunded",
        "rejected",
        "returned",
        "seller",
        "shipped",
        "success",
        "successful",
        "system",
        "true",
        "unknown",
        "vendor",
        "void",
        "yes",
    ]
)
"""Words that a column of words can have and that are no names."""


@lru_cache(maxsize=4096)
def is_personal(name: str, patterns: tuple[str, ...]) -> bool:
    """Return whether a column with this *name* can be personal."""
    return any(fnmatchcase(" ".join(name.casefold().split()), pattern.casefold()) for pattern in patterns)


def is_written_phone(text: str) -> bool:
    """Return whether *text* is a phone number that is written as one: an id can have ten digits too."""
    return _WRITTEN_PHONE.fullmatch(text.strip()) is not None


def masked(text: str) -> str:
    """Return ``A••• (6 characters)`` for a text of six characters that begins with A."""
    return f"{text[:1]}••• ({counted(len(text), 'character')})" if text else ""


def visible_part(text: str, *, is_known: bool, is_id: bool = False, vocabulary: frozenset[str] | None = None) -> str:
    """Return what an error shows of a cell: masked if its column is personal or not *known*, or if it looks personal.

    Args:
        text: of the cell.
        is_known: whether its column is one of the mapping, and not personal.
        is_id: whether it is a column of ids; ids of ten digits look like phone numbers, so they are shown.
        vocabulary: the words of a column that has no free text; a text with a word that is not alike to one of them can be a name.
    """
    looks_personal = any(kind.search(text[:_LOOKED_AT]) for kind in (_PERSONAL_IDS if is_id else (_PHONE_TEXT,)))
    if not is_known or "@" in text or looks_personal or (vocabulary is not None and not _is_of(text, vocabulary)):
        return masked(text)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


@lru_cache(maxsize=4096)
def _is_of(text: str, vocabulary: frozenset[str]) -> bool:
    """Return whether each word of *text* is one of *vocabulary*, or alike to one."""
    words = {word.casefold() for word in _WORD.findall(text[:LONGEST_SHOWN])} - vocabulary
    return all(get_close_matches(word, vocabulary, 1, _ALIKE) for word in words)


def words_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of *texts*, for comparing."""
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))
