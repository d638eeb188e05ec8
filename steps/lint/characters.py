"""Lint of characters: invisible ones, words of mixed alphabets, lines that are too long.

``PROCESSING`` with a Cyrillic O is another word; a zero-width space at the end of a value makes *is not cancelled* pass.
"""

import re
import unicodedata
from functools import lru_cache

from sop_engine.text import quoted
from steps.lint.checked_file import CheckedFile, Findings

MAX_LINE = 2_000

_SUSPECT = re.compile("[^\t -~\u00a1-\u00ac\u00ae-\u02ff]")
_WORD = re.compile(r"\w+")
_JOINERS = "\u200c\u200d"
_LOOKALIKE_SCRIPTS = ("CYRILLIC", "GREEK", "LATIN", "ARMENIAN", "CHEROKEE", "COPTIC")
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_VARIATIONS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_NO_CHARACTERS = frozenset(
    map(chr, [*range(0xFDD0, 0xFDF0), *(end + plane for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))])
)
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\U000110bd\U000110cd")
_JOINING_SCRIPTS = (
    "ARABIC", "SYRIAC", "NKO", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL",
    "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "TIBETAN", "MYANMAR", "KHMER",
)  # fmt: skip


def character_findings(file: CheckedFile) -> Findings:
    """Yield the findings of the rules invisible-character, mixed-script and, for lines, too-large."""
    for number, line in enumerate(file.lines, start=1):
        if len(line) > MAX_LINE:
            message = f"the line has {len(line):,} characters, more than {MAX_LINE:,}"
            yield file.finding((number, MAX_LINE + 1), "too-large", message, "break it into several lines")
        if line.isascii() and line.isprintable():
            continue
        yield from _invisible(file, number, line)
        if not line.isascii():
            yield from _mixed(file, number, line)


def _invisible(file: CheckedFile, number: int, line: str) -> Findings:
    reported_chars = set()  # each character is reported once per line
    for match in _SUSPECT.finditer(line):
        char, at = match[0], match.start()
        if char not in reported_chars and is_invisible(char) and not _belongs(line, at):
            reported_chars.add(char)
            name = unicodedata.name(char, "control character").lower()
            message = f"there is an invisible character here, U+{ord(char):04X} ({name})"
            remedy = "type an ordinary space" if unicodedata.category(char) == "Zs" else "delete it"
            yield file.finding((number, at + 1), "invisible-character", message, remedy)


@lru_cache(maxsize=4096)
def is_invisible(char: str) -> bool:
    """Return whether *char* is a control or format character, a space other than U+0020, a blank letter or a noncharacter."""
    category = unicodedata.category(char)
    if category in {"Cc", "Cf", "Zl", "Zp", "Zs"}:
        return char not in " \t" and char not in _VISIBLE_FORMATS
    return char in _BLANK_LETTERS or char in _VARIATIONS or char in _NO_CHARACTERS


def _belongs(line: str, at: int) -> bool:
    """Return whether the invisible character at *at* is legitimate.

    Legitimate are a joiner between letters of a joining script or between symbols (emoji), and a variation selector after a symbol.
    """
    before, after = line[at - 1 : at], line[at + 1 : at + 2]
    if line[at] not in _JOINERS:
        return line[at] in _VARIATIONS and before != "" and not before.isalpha() and not before.isspace()
    if _joins(before):
        return _joins(after) or (line[at] == "\u200d" and not after.isalpha())
    return _is_symbol(before) and _is_symbol(after)


@lru_cache(maxsize=4096)
def _joins(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM" and _script(char) in _JOINING_SCRIPTS if char else False


def _is_symbol(char: str) -> bool:
    return bool(char) and (unicodedata.category(char) in {"So", "Sk", "Sm"} or char == "\ufe0f")


def _mixed(file: CheckedFile, number: int, line: str) -> Findings:
    reported_words = set()
    for word in _WORD.finditer(line):
        if word[0].isascii() or word[0] in reported_words:
            continue
        reported_words.add(word[0])
        scripts = [_script(char) for char in word[0]]
        alike = [script for script in scripts if script in _LOOKALIKE_SCRIPTS]
        if len(set(alike)) > 1:
            rare = min(dict.fromkeys(alike), key=lambda script: (alike.count(script), script == "LATIN"))
            at = scripts.index(rare)
            usual = max((script for script in dict.fromkeys(alike) if script != rare), key=alike.count)
            message = (
                f"the word {quoted(word[0])} mixes alphabets: `{word[0][at]}` is {rare.capitalize()}, the others are {usual.capitalize()}"
            )
            remedy = f"type the word again on a {usual.capitalize()} keyboard"
            yield file.finding((number, word.start() + at + 1), "mixed-script", message, remedy)


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0] if char.isalpha() or not char.isascii() else ""
