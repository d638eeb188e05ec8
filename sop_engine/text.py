"""Text for people and for other programs: counted nouns, slugs, quotations, and what cannot be shown or written."""

import re
import unicodedata

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""The same in every locale."""
LONGEST_SLUG = 48
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 forbids or discourages, and halves of surrogate pairs, which UTF-8 cannot hold."""


def counted(number: int, noun: str, many: str = "") -> str:
    """A number with its noun: ``1 example``, ``2 examples``; *many* is a plural of another form."""
    return f"{number:,} {noun if number == 1 else many or f'{noun}s'}"


def slug(text: str, longest: int = LONGEST_SLUG) -> str:
    """Lower-case ASCII letters and digits of *text*, joined by hyphens: good in an address and in the name of a file."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].rstrip("-")


def visible(text: str) -> str:
    r"""*text* with every character that a terminal would obey or hide written out: ``\x1b``, ``\u200b``."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def quoted(text: str, limit: int = 80) -> str:
    """*text* in backticks, shortened to *limit* characters, for a message."""
    escaped = visible(text)
    return f"`{escaped}`" if len(escaped) <= limit else f"`{escaped[: limit - 1]}…`"


def legal(text: object, instead: str = "\ufffd") -> str:
    """*text* with a sign in the place of what no XML or HTML document should hold."""
    return UNWRITABLE.sub(instead, str(text))
