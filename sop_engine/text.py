"""Text helpers: counted nouns, slugs, quotations, and characters that cannot be shown or written."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePath

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Names of weekdays and months in English, independent of the locale."""
LONGEST_SLUG = 48
LONGEST_PATH = 200
"""Characters of a path in a message; longer paths are cut in the middle."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\N{MINUS SIGN}")
"""Characters that start a formula in a spreadsheet."""
_BLANK_SIGNS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and a symbol without ink."""
_SEPARATORS = frozenset(",;|")
"""Signs that end a cell where a spreadsheet expects another separator than the comma."""
_WITHOUT_INK = frozenset({"Cc", "Cf", "Cn", "Mn", "Me"})
"""General categories of characters that may be invisible at the beginning of a text."""
_NOT_FOR_PATHS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\udc80-\udcff]")
"""A control character or the end of a line in a file name, or a byte that is not UTF-8, as Python reads it."""
_SPELLED = {word.lower(): word for word in ("Ajio", "ERP", "FULFILLABLE", "PACKED", "RMS", "RSI", "SOP", "VMS", "WMS")}
"""Words with capitals, which names of files write without."""
_DOTTED = re.compile("(?<=[ij])\u0307")
_VARIATION = re.compile("[\ufe00-\ufe0f]")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 forbids or discourages, and halves of surrogate pairs, which UTF-8 cannot encode."""


def counted(number: int, noun: str, many: str = "") -> str:
    """Return a number with its noun: ``1 example``, ``2 examples``; *many* is an irregular plural."""
    return f"{number:,} {noun if number == 1 else many or f'{noun}s'}"


def data_error_text(error: Exception) -> str:
    """Describe in words why parsed data does not have the expected form, from the *error* of the code that reads it."""
    match error:
        case KeyError(args=(str() as name,)):
            return f"{quoted(name)} is missing"
        case RecursionError():
            return "it is nested too deeply"
        case ValueError():
            return str(error)
        case _:
            return "one of its parts has an unexpected type"


def slug(text: str, longest: int = LONGEST_SLUG) -> str:
    """Return the lower-case ASCII letters and digits of *text*, joined by hyphens, for addresses and file names."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].rstrip("-")


def words_of_name(name: str) -> str:
    """Return the name of a file or folder as words: ``beyond the SOP`` for ``beyond_the_sop``, ``late e-invoices`` for ``late_e_invoices``."""
    words = re.sub(r"\be invoice", "e-invoice", name.replace("_", " "))
    return re.sub("[a-z]+", lambda word: _SPELLED.get(word[0], word[0]), words)


def sentence_case(text: str) -> str:
    """Return *text* with a capital first letter; the others stay as they are."""
    return text[:1].upper() + text[1:]


def comparable_text(text: str) -> str:
    """Return *text* so that two texts that look the same are equal: in Unicode form NFKC, without variation selectors.

    In NFKC a decomposed letter, a ligature or a wide letter is the same as the plain letters. An i or j has its dot already.
    """
    return _DOTTED.sub("", _VARIATION.sub("", unicodedata.normalize("NFKC", text)))


def caseless(text: str) -> str:
    """Return *text* in a form for comparing without regard to letter case and Unicode form; ``İ`` and ``i̇`` are equal."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold()).casefold()
    return comparable_text(unicodedata.normalize("NFKC", folded))


def visible(text: str) -> str:
    r"""Return *text* with every control or invisible character escaped: ``\x1b``, ``\u200b``."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def encodable(text: str) -> str:
    """Return the path *text* with control characters, and bytes that are not UTF-8, as ``%0A`` or ``%FF``.

    (pytest reads a backslash in a path as a separator.)
    """
    return _NOT_FOR_PATHS.sub(lambda char: "".join(f"%{byte:02X}" for byte in char[0].encode(errors="surrogateescape")), text)


def quoted(text: str, limit: int = 80) -> str:
    """Return *text* in backticks, shortened to *limit* characters, for a message."""
    escaped = visible(text)
    return f"`{escaped}`" if len(escaped) <= limit else f"`{escaped[: limit - 1]}…`"


def quoted_list(words: Iterable[object]) -> str:
    """Return *words*, each in backticks, with commas between them."""
    return ", ".join(f"`{word}`" for word in words)


def path_shown(path: PurePath | str, limit: int = LONGEST_PATH) -> str:
    """Return *path* with forward slashes for a message: invisible characters escaped, and cut in the middle after *limit* characters."""
    escaped = visible(path.as_posix() if isinstance(path, PurePath) else path)
    half = (limit - 1) // 2
    return escaped if len(escaped) <= limit else f"{escaped[:half]}…{escaped[-half:]}"


def spreadsheet_cell(text: str) -> str:
    """Return *text* as a cell of CSV that no spreadsheet takes for a formula: with an apostrophe before it if it could be one.

    `text_of_cell` is the inverse; so a text that is a formula after apostrophes gets one more.
    """
    return f"'{text}" if _may_be_formula(text.lstrip("'")) else text


def text_of_cell(cell: str) -> str:
    """Return the text that `spreadsheet_cell` made *cell* from; an apostrophe before anything else, as in ``'s``, stays."""
    return cell[1:] if cell[:1] == "'" and _may_be_formula(cell.lstrip("'")) else cell


def _may_be_formula(text: str) -> bool:
    """Return whether a spreadsheet may take *text* for a formula; some skip what looks blank, and know full-width signs."""
    if not text or (text[0].isalnum() and text[0] not in _BLANK_SIGNS):
        return False
    first = next((char for char in text if not _comes_before_a_formula(char)), "")
    return unicodedata.normalize("NFKC", first)[:1] in FORMULA_SIGNS or text[0] in "\t\r\n"


def _comes_before_a_formula(char: str) -> bool:
    return char.isspace() or char in _BLANK_SIGNS or char in _SEPARATORS or unicodedata.category(char) in _WITHOUT_INK


def legal(text: object, instead: str = "\ufffd") -> str:
    """Return *text* with characters that XML and HTML must not contain replaced by a sign."""
    return UNWRITABLE.sub(instead, str(text))
