"""Lint of characters: invisible ones, words of mixed alphabets, lines that are too long.

``PROCESSING`` with a Cyrillic O is another word; a zero-width space at the end of a value makes *is not cancelled* pass.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import groupby

from gherkin.dialect import DIALECTS
from msgspec.structs import replace

from sop_engine.text import quoted
from steps.language.syntax import language_of
from steps.lint.checked_file import CheckedFile, Findings

MAX_LINE = 2_000

_SUSPECT = re.compile("[^\t -~\u00a1-\u00ac\u00ae-\u02ff]")
_LETTERS_AND_DIGITS = re.compile(r"\w+")
_JOINERS = "\u200c\u200d"
_LOOKALIKE_SCRIPTS = ("CYRILLIC", "GREEK", "LATIN", "ARMENIAN", "CHEROKEE", "COPTIC")
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_VARIATIONS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_NO_CHARACTERS = frozenset(
    map(chr, [*range(0xFDD0, 0xFDF0), *(end + plane for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))])
)
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\U000110bd\U000110cd")
_DISTINCT = {
    "GREEK": frozenset("ΓΔΘΛΞΠΣΦΨΩβδζηθλμξπσςφψω"),
    "CYRILLIC": frozenset("БГДЖЗИЙЛПФЦЧШЩЪЫЭЮЯЄЇЉЊЋЂбвгджзийлмнптфцчшщъыэюяєїљњћђ"),
    "LATIN": frozenset("DFGLNRUVZbdfgklmnqrtz"),
}
"""Letters that no reader takes for a letter of another alphabet: a word such as kΩ mixes alphabets on purpose."""
_TWINS = {
    twin: char
    for char, twins in {
        "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u02d7\ufe58\u30fc\u4e00\u3127\u1173\u3161", "'": "\u2018\u2019\u201a\u201b\u2032\u2035\u00b4\u02b9\u02bc\u02bb\u02c8\uff40",
        '"': "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u3003", "...": "\u2026", "|": "\u2502\u2503\u2223\u01c0\u00a6\u23d0",
        "<": "\u2039\u27e8\u2329\u3008", ">": "\u203a\u27e9\u232a\u3009", "/": "\u2044\u2215\u29f8", ";": "\u037e",
        "*": "\u2217\u204e\u2022", "~": "\u223c\u02dc", ",": "\u060c\u3001", ".": "\u3002\u00b7\u2024", "x": "\u00d7",
    }.items()
    for twin in twins
}  # fmt: skip
"""Characters that word processors put for those of the keyboard, or that look like them."""
_TWINS_BY_NAME = {
    "-": re.compile(
        r"\b(HYPHEN|DASH|MINUS SIGN|MAQAF|MACRON|HORIZONTAL LINE EXTENSION|SHORT HORIZONTAL STROKE|BOX DRAWINGS (LIGHT|HEAVY) HORIZONTAL)$"
    ),
    ":": re.compile(r"\b(RATIO|COLON|SOF PASUQ|TWO DOT PUNCTUATION)$|^(ARMENIAN FULL STOP|RUNIC MULTIPLE PUNCTUATION)$"),
    "'": re.compile(
        r"APOSTROPHE|\b(GERESH|SALTILLO|PRIME|LETTER (LEFT|RIGHT) HALF RING|(ACUTE|GRAVE) ACCENT|SHORT-TWIG-SOL S)$|"
        r"^GREEK (TONOS|KORONIS|PSILI|DASIA|OXIA|VARIA)$|SINGLE .*(QUOTATION MARK|COMMA ORNAMENT|TURNED COMMA)"
    ),
    '"': re.compile(r"\bGERSHAYIM$|DOUBLE .*(QUOTATION MARK|COMMA ORNAMENT)"),
    "<": re.compile(r"LEFT(-POINTING)? (.*ANGLE (BRACKET|QUOTATION MARK)|ARROWHEAD)"),
    ">": re.compile(r"RIGHT(-POINTING)? (.*ANGLE (BRACKET|QUOTATION MARK)|ARROWHEAD)"),
}
"""By the words of their names, further signs that look like one of the keyboard."""
_NAMED_CATEGORIES = frozenset({"Ll", "Lm", "Lo", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sk", "Sm", "So"})
_SMALL_CAPITAL = "LATIN LETTER SMALL CAPITAL "
_TWIN_CATEGORIES = frozenset({"Lm", "Lu", "Ll", "Nd", "Nl", "No", "Pc", "Pd", "Pe", "Po", "Ps", "Sc", "Sk", "Sm", "So"})
_LATIN_TWINS = {
    letter: latin
    for letters, latins in (
        ("\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0423\u0425\u051a\u051c\u04ae\u0401\u0407\u0490", "ABCEHIJKMOPSTYXQWYEIG"),
        ("\u0430\u0432\u0441\u0435\u043d\u0456\u0458\u043a\u043c\u043e\u0440\u0455\u0442\u0443\u0445\u0501\u051b\u051d\u04bb\u0475\u0451\u0457\u04cf\u04af", "abcehijkmopstyxdqwhveily"),
        ("\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03f9\u037f", "ABEZHIKMNOPTYXCJ"),
        ("\u03b1\u03b3\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03f2\u03f3", "ayeikvoptuxcj"),
        ("\u0555\u054d\u054f\u0585\u057d\u0570\u0578\u0581\u0584\u056f\u0566", "OUSouhngfkq"),
        ("\u13aa\u13a0\u13a1\u13a2\u13ab\u13ac\u13b3\u13b7\u13bb\u13c0\u13c3\u13da\u13d9\u13de\u13df\u13e2\u13e6\u13f4", "ADRTJEWMHGZSVLCPKB"),
        ("\u2c80\u2c82\u2c88\u2c8e\u2c92\u2c94\u2c98\u2c9a\u2c9e\u2ca2\u2ca4\u2ca6\u2ca8\u2cac\u2c9f\u2ca3\u2ca5", "ABEHIKMNOPCTYXopc"),
    )
    for letter, latin in zip(letters, latins, strict=True)
}  # fmt: skip
"""Letters of other alphabets that look like a Latin letter: Cyrillic, Greek, Armenian, Cherokee, Coptic."""
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


def naming_look_alikes(file: CheckedFile, findings: Findings) -> Findings:
    """Yield *findings*; those of `ABOUT_SPELLING` name, with its code, each character of their line that looks like another."""
    for finding in findings:
        line = file.lines[finding.line - 1]
        written = line.partition(" #")[0] if finding.rule == "undefined-step" else line  # a comment behind a step is its own mistake
        twins = _look_alikes_in(written) | _other_forms(written, finding.remedy) if finding.rule in ABOUT_SPELLING else {}
        twins |= _letters_of_other_alphabets(file, written) if finding.rule in ABOUT_SPELLING else {}
        twins |= {char: bracket for char, bracket in _BRACKETS.items() if char in twins and _GUILLEMETS.search(written)}
        if not twins:
            yield finding
            continue
        names = (f"`{char}` is {_codes(char)}, not {f'`{twin}`' if twin.isascii() else _codes(twin)}" for char, twin in twins.items())
        keys = " and ".join(f"`{twin}`" for twin in dict.fromkeys(twins.values()))
        message, remedy = f"{finding.message}; {', and '.join(names)}", f"type {keys} on the keyboard; {finding.remedy}"
        yield replace(finding, message=message, remedy=remedy)


def _look_alikes_in(line: str) -> dict[str, str]:
    """Return the characters of *line* that look like others, with what they look like; none in Chinese, Japanese or Korean."""
    if line.isascii():
        return {}
    wide = {char for char in set(line) if char.isalpha() and unicodedata.east_asian_width(char) == "W"}
    if any(ascii_look_alike(char) is None for char in wide):
        return {}
    foreign = any(
        _script(char) != "LATIN" for char in set(line) if char.isalpha() and not char.isascii() and ascii_look_alike(char) is None
    )
    return {
        char: twin for char in dict.fromkeys(line) if (twin := ascii_look_alike(char)) is not None and not (foreign and char.isdecimal())
    }


_BRACKETS = {"\u00ab": "<", "\u00bb": ">"}
_GUILLEMETS = re.compile(r"[\u00ab\u2039<][\w-]+[\u00bb\u2039>]")
"""One word in guillemets: a placeholder, of which a keyboard made ``«stage»``."""


def _letters_of_other_alphabets(file: CheckedFile, line: str) -> dict[str, str]:
    """Return the letters of words in another alphabet that look Latin, with the Latin ones.

    None if a letter of the line looks like no Latin one, so that the line is really in the other alphabet. In a file whose language is
    not written in Latin letters, only those of words of the vocabulary.
    """
    if line.isascii():
        return {}
    foreign = {char for char in set(line) if _script(char) in _LOOKALIKE_SCRIPTS and _script(char) != "LATIN" and char.isalpha()}
    foreign -= {char for char in foreign if ascii_look_alike(char) is not None}
    if not foreign:
        return {}
    if _writes_latin(language_of(file.source.text)):
        return {char: _LATIN_TWINS[char] for char in dict.fromkeys(line) if char in foreign} if foreign <= _LATIN_TWINS.keys() else {}
    words = [word for word in _LETTERS_AND_DIGITS.findall(line) if not word.isascii() and _in_latin(word) in file.vocabulary]
    return {char: _LATIN_TWINS[char] for word in words for char in word if char in foreign}


def _in_latin(word: str) -> str:
    """Return *word* with each letter that looks like a Latin one as that letter."""
    return "".join(_LATIN_TWINS.get(char, char) for char in word)


@lru_cache(maxsize=128)
def _writes_latin(language: str) -> bool:
    """Return whether the keywords of *language* are in Latin letters."""
    return _script(DIALECTS.get(language, DIALECTS["en"])["feature"][0][0]) in ("", "LATIN")


def _codes(text: str) -> str:
    """Return the codes and names of the characters of *text*."""
    return " and ".join(f"U+{ord(char):04X} ({unicodedata.name(char, 'no name').lower()})" for char in text)


def _other_forms(line: str, remedy: str) -> dict[str, str]:
    """Return the letters of *line* that the *remedy* has without accent or in another Unicode form, with its letter.

    A letter is one character or several: É may be E with U+0301.
    """
    letters: dict[str, str] = {}
    right = set(_ACCENTED_WORD.findall(remedy))
    for word in set() if line.isascii() else set(_ACCENTED_WORD.findall(line)) - right:
        parts = _ACCENTED_LETTER.findall(word)
        for form in _FORMS:
            others = [form(part) for part in parts]
            if "".join(others) in right:
                letters |= {part: other for part, other in zip(parts, others, strict=True) if part != other}
                break
    return letters


def _without_accent(letter: str) -> str:
    """Return the plain Latin letter that *letter* is with an accent, a stroke or without its dot; *letter* itself if it is none."""
    composed = unicodedata.normalize("NFC", letter)
    match = _LATIN.fullmatch(unicodedata.name(composed[0], ""))
    if match is None:
        return letter
    return match[2] if match[1] == "CAPITAL" else match[2].lower()


_ACCENTED_WORD, _ACCENTED_LETTER = re.compile(r"[\w\u0300-\u036f]+"), re.compile(r".[\u0300-\u036f]*")
_LATIN = re.compile(r"LATIN (CAPITAL|SMALL) LETTER (?:DOTLESS )?([A-Z])(?: WITH .+)?")
_FORMS: tuple[Callable[[str], str], ...] = (partial(unicodedata.normalize, "NFC"), partial(unicodedata.normalize, "NFD"), _without_accent)

ABOUT_SPELLING = frozenset({
    "impossible-value", "misspelt-keyword", "open-row", "regex-header", "syntax", "table-cell", "table-columns", "undefined-step",
    "unknown-placeholder", "unknown-tag", "unused-column",
})  # fmt: skip
"""The rules whose finding a look-alike may explain: what is written there is not what the program expects."""


@lru_cache(maxsize=4096)
def ascii_look_alike(char: str) -> str | None:
    """Return what *char* looks like and an ordinary keyboard has; None if it is ASCII, or looks like nothing of it."""
    if char.isascii():
        return None
    if char in _TWINS:
        return _TWINS[char]
    name, category = unicodedata.name(char, ""), unicodedata.category(char)
    if name.startswith(_SMALL_CAPITAL) and len(name) == len(_SMALL_CAPITAL) + 1:
        return name[-1]
    is_sign = category in _NAMED_CATEGORIES and " WITH " not in name  # a letter with an accent is no accent
    named = next((twin for twin, pattern in _TWINS_BY_NAME.items() if is_sign and pattern.search(name)), None)
    twin = named or unicodedata.normalize("NFKC", char).replace("\u2044", "/")
    if twin in _TWINS:
        return _TWINS[twin]
    if category == "Nd":
        twin = str(unicodedata.decimal(char))
    if category in ("No", "So") and not re.fullmatch(r"[0-9A-Za-z]|\(.\)|[0-9]+(/[0-9]+)?", twin):
        return named
    return twin if twin.isascii() and (named or category in _TWIN_CATEGORIES) else None


def _mixed(file: CheckedFile, number: int, line: str) -> Findings:
    reported_words = set()
    in_latin_letters = _writes_latin(language_of(file.source.text))
    for word in _LETTERS_AND_DIGITS.finditer(line):
        if word[0].isascii() or word[0] in reported_words:
            continue
        reported_words.add(word[0])
        scripts = [_script(char) for char in word[0]]
        at = _look_alike_part(word[0], scripts)
        latin = _in_latin(word[0])
        is_latin = latin.isascii() and "LATIN" in scripts and (latin in file.vocabulary or (at is not None and in_latin_letters))
        if is_latin:
            at = next(number for number, script in enumerate(scripts) if script not in ("LATIN", ""))
        if at is not None:
            alike = [script for script in scripts if script in _LOOKALIKE_SCRIPTS and script != scripts[at]]
            usual = "LATIN" if is_latin else max(dict.fromkeys(alike), key=alike.count)
            more = [char for char in dict.fromkeys(word[0]) if is_latin and _script(char) == scripts[at] and char != word[0][at]]
            also = f", as {'is' if len(more) == 1 else 'are'} {', '.join(f'`{char}` (U+{ord(char):04X})' for char in more)}" if more else ""
            message = (
                f"the word {quoted(word[0])} mixes alphabets: `{word[0][at]}` (U+{ord(word[0][at]):04X}) is "
                f"{scripts[at].capitalize()}{also}, the others are {usual.capitalize()}"
            )
            remedy = f"type the word again on a {usual.capitalize()} keyboard"
            yield file.finding((number, word.start() + at + 1), "mixed-script", message, remedy)


def _look_alike_part(word: str, scripts: Sequence[str]) -> int | None:
    """Return the index of the first letters of *word* that look like letters of its other alphabet; None if there are none.

    These are a part of the alphabet with fewer letters, or all letters of the other, if none of them is in `_DISTINCT`. Latin
    letters count only if they are fewer: in kΩ or Δx the Greek letter is a sign that cannot be mistaken.
    """
    alike = [script for script in scripts if script in _LOOKALIKE_SCRIPTS]
    if len(set(alike)) < 2:  # noqa: PLR2004 - one alphabet is not mixed
        return None
    rare = min(dict.fromkeys(alike), key=lambda script: (alike.count(script), script == "LATIN"))
    at = 0
    for script, letters in groupby(scripts):
        end = at + len(list(letters))
        part = word[at:end] if script == rare else [char for char, other in zip(word, scripts, strict=True) if other == script]
        suspect = script == rare or (script in _LOOKALIKE_SCRIPTS and script != "LATIN")
        if suspect and _DISTINCT.get(script, frozenset()).isdisjoint(part):
            return at
        at = end
    return None


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0] if char.isalpha() or not char.isascii() else ""
