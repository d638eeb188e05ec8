"""What an error may show of a cell: at most 40 characters, and nothing personal."""

import re
from fnmatch import fnmatchcase
from functools import lru_cache

LONGEST_SHOWN = 40
PERSONAL = (
    "*customer name*", "*buyer name*", "receiver name*", "*consignee*", "shipping *", "billing *", "ship to*", "bill to*", "*address*",
    "*phone*", "*mobile*", "*contact*", "*email*", "*e-mail*", "*pincode*", "*pin code*", "*postal*", "particulars", "party name*",
)  # fmt: skip
"""Patterns of the names of columns that can be personal; a mapping can add to them."""
_PERSONAL_TEXT = re.compile(r"[^\s@]@[^\s@]|(?<![\w-])(?:\+?91[ -]?|0)?[6-9]\d{4}[ -]?\d{5}(?![\w-])")


@lru_cache(maxsize=4096)
def is_personal(name: str, patterns: tuple[str, ...]) -> bool:
    """Return whether a column with this *name* can be personal."""
    return any(fnmatchcase(" ".join(name.casefold().split()), pattern.casefold()) for pattern in patterns)


def masked(text: str) -> str:
    """Return ``A••• (6 characters)`` for a text of six characters that begins with A."""
    return f"{text[:1]}••• ({len(text):,} characters)" if text else ""


def visible_part(text: str, *, is_known: bool, is_id: bool = False) -> str:
    """Return what an error shows of a cell: masked if its column is personal or not *known*, or if it looks like a phone number or e-mail.

    Ids of ten digits look like phone numbers, so that is not asked of a column of ids.
    """
    if not is_known or "@" in text or (not is_id and _PERSONAL_TEXT.search(text)):
        return masked(text)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
