"""Columns of ids: which of them a spreadsheet or a program has changed, so that they name nothing any more."""

import re

import numpy as np
import pyarrow.compute as pc

from orders.intake.values.masking import TWO_WORDS, is_written_phone
from orders.intake.values.text_columns import ORDINARY, SPACES, TextCells
from orders.log.arrays import IntArray, Mask

NUMBER, DATE, NO_VALUE, MOMENT = 1, 2, 3, 4
"""Kinds of cells beside text: numbers, dates, formulas whose value the file does not have, and times whose zone the file has, in UTC."""
MOST_DIGITS = 15
"""A spreadsheet keeps this many digits of a number."""
LONGEST_NOTHING = 7
LONGEST_PHONE = 40
_ERRORS = frozenset({"#n/a", "#ref!", "#name?", "#value!", "#div/0!", "#num!", "#null!", "#spill!", "#calc!", "#field!", "#busy!"})
_ERRORS_OF_LIBREOFFICE = frozenset(f"err:{number}" for number in range(501, 541))
_NOTHING = frozenset({"na", "n/a", "n.a.", "nan", "nil", "null", "none", "-", "--"}) | _ERRORS | _ERRORS_OF_LIBREOFFICE
_BEGINNINGS = np.zeros(256, bool)
_BEGINNINGS[list(b"nN-#eE")] = True
_MARKS = np.array([not chr(byte).isalnum() or byte >= 0x80 for byte in range(256)])  # noqa: PLR2004 (part of a character)
"""Bytes that an id without a letter or a digit can begin with."""
_SCIENTIFIC = re.compile(r"[-+]?(?:0|[1-9]\d*)(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_DECIMAL = re.compile(r"\d+[.,]0*")
_DOCUMENT = re.compile(r"(?![A-Za-z]+$)[A-Za-z0-9][A-Za-z0-9/-]{0,15}")
_NOT_IN_DOCUMENTS = bytes(sign for sign in range(256) if sign not in ORDINARY + b"'")


def damaged_ids(cells: TextCells, kinds: IntArray | None) -> dict[str, Mask]:
    """Return which of the trimmed ids *cells* are damaged, by kind of mistake.

    Args:
        cells: the ids.
        kinds: of cells of a spreadsheet, 0 for text, `NUMBER` or `DATE`; None elsewhere.

    Returns:
        For ``scientific``, ``decimal``, ``digits`` (a number of more than 15 digits), ``date``, ``personal``, ``nothing`` (a word such as
        NA for an empty cell) and ``marks`` (no letter and no digit, such as #####) a mask.
    """
    masks = {name: np.zeros(len(cells), bool) for name in ("scientific", "decimal", "digits", "date", "personal", "nothing", "marks")}
    first = cells.first
    masks["personal"] |= cells.with_any(b"@")
    for place in np.flatnonzero(cells.with_any(b" ()+\t") & (cells.lengths <= LONGEST_PHONE)).tolist():
        masks["personal"][place] = is_written_phone(cells.column[place].as_py())
    for place in np.flatnonzero((cells.lengths <= LONGEST_NOTHING) & _BEGINNINGS.take(first) & (cells.lengths > 0)).tolist():
        masks["nothing"][place] = cells.column[place].as_py().casefold() in _NOTHING
    places = np.flatnonzero(_MARKS.take(first) & (cells.lengths > 0) & ~masks["nothing"])
    masks["marks"][places] = [not any(map(str.isalnum, text)) for text in cells.texts_at(places)]
    starts_with_digit = ((first >= ord("0")) & (first <= ord("9"))) | (first == ord("+")) | (first == ord("-"))
    suspect = starts_with_digit
    if suspect.any():
        suspect = suspect & (cells.with_any(b"eE.,") | (cells.lengths > MOST_DIGITS))
    places = np.flatnonzero(suspect)
    for place, text in zip(places.tolist(), cells.texts_at(places), strict=True):
        if _SCIENTIFIC.fullmatch(text):
            masks["scientific"][place] = True
        elif _DECIMAL.fullmatch(text):
            masks["decimal"][place] = True
        elif text.isdecimal() and len(text) > MOST_DIGITS and not text[MOST_DIGITS:].strip("0"):
            masks["digits"][place] = True
    if kinds is not None:
        masks["digits"] |= (kinds == NUMBER) & (cells.lengths > MOST_DIGITS)
        masks["decimal"] |= (kinds == NUMBER) & cells.with_any(b".") & ~masks["scientific"] & ~masks["digits"]
        masks["date"] |= (kinds == DATE) | (kinds == MOMENT)
    return masks


def is_error(text: str) -> bool:
    """Return whether *text* is what a spreadsheet shows for a formula that failed, such as #N/A."""
    return text.strip(SPACES).casefold() in _ERRORS | _ERRORS_OF_LIBREOFFICE


def is_nothing(text: str) -> bool:
    """Return whether *text* is a word for an empty cell, such as NA, or an error of a spreadsheet."""
    return text.strip(SPACES).casefold() in _NOTHING


def has_two_words(cells: TextCells) -> Mask:
    """Return which of the trimmed ids of orders *cells* have two words of letters one after another, as a name of a person has."""
    if cells.is_ascii and not any(sign in cells.extraordinary for sign in b" .\t"):
        return np.zeros(len(cells), bool)
    return np.asarray(pc.fill_null(pc.match_substring_regex(cells.column, TWO_WORDS), False))  # noqa: FBT003 (a function of pyarrow)


def wrong_documents(cells: TextCells) -> Mask:
    """Return which of the trimmed numbers of documents *cells* have a form that no invoice and no credit note may have.

    A document has at most 16 letters, digits, hyphens and slashes, and is a number in a series (CGST rules 46 and 53), so that letters alone,
    such as PENDING, are none. Empty cells are not wrong.
    """
    suspect = cells.with_any(_NOT_IN_DOCUMENTS) | (cells.lengths > 16)  # noqa: PLR2004 (rule 46)
    first = cells.first
    suspect |= (cells.last < ord("0")) | (cells.last > ord("9"))
    suspect |= (first == ord("-")) | (first == ord("/")) | (first == ord("'"))
    places = np.flatnonzero(suspect & ~cells.is_empty)
    texts = cells.texts_at(places)
    wrong = np.zeros(len(cells), bool)
    wrong[
        [place for place, text in zip(places.tolist(), texts, strict=True) if not _DOCUMENT.fullmatch(text.removeprefix("'").strip())]
    ] = True
    return wrong
