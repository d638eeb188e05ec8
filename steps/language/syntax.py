"""Syntax findings: the parser's errors in words for analysts, with what to do about each."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from gherkin.dialect import DIALECTS
from gherkin.errors import AstBuilderException, NoSuchLanguageException, ParserException, UnexpectedEOFException

from sop_engine.text import quoted
from sop_runs.problem import Problem, sort_key
from steps.language.parser import Parsed, UnclosedRow

_EXPECTED = re.compile(r"expected: (.*?), got '(.*)'$", re.DOTALL)
_TOKEN_NAMES = {
    "FeatureLine": "`Feature:`", "RuleLine": "`Rule:`", "BackgroundLine": "`Background:`", "ScenarioLine": "`Scenario:`",
    "ExamplesLine": "`Examples:`", "StepLine": "a step", "TableRow": "a table row", "TagLine": "a tag",
    "DocStringSeparator": 'the end of the doc string (""" or ```)', "Other": "text",
}  # fmt: skip
_LANGUAGE = re.compile(r"\s*#\s*language\s*:\s*([A-Za-z_-]+)\s*$")
_LIKE_LANGUAGE = re.compile(
    r"\s*#[#\s*-]*([^\s:=\uff1a\u2010-\u2015#*.,;()-]{2,12})"
    r"(\s*[:=\uff1a\u2236\ua789]\s*|\s+[-\u2010-\u2015\u2192>]+\s+|\s*[\u2010-\u2015]\s*|\s+)"
    r"([^\s,.;:=()#*\u2010-\u2015]+)(.*)$"
)
"""A comment that a reader may take for the line of the language: another word, sign or letter case, or text behind the code."""
_WORDS_FOR_LANGUAGE = frozenset(
    [
        "bahasa",
        "dil",
        "hizkuntza",
        "iaith",
        "idioma",
        "jazyk",
        "jezik",
        "język",
        "kalba",
        "keel",
        "kieli",
        "langue",
        "limba",
        "limbă",
        "lingua",
        "lingvo",
        "llengua",
        "língua",
        "nyelv",
        "sprache",
        "språk",
        "sprog",
        "taal",
        "teanga",
        "valoda",
        "γλώσσα",
        "език",
        "мова",
        "язык",
        "језик",
        "भाषा",
        "ভাষা",
        "ਭਾਸ਼ਾ",
        "ભાષા",
        "மொழி",
        "భాష",
        "ಭಾಷೆ",
        "ഭാഷ",
        "زبان",
        "لغة",
        "اللغة",
        "שפה",
        "ภาษา",
        "语言",
        "語言",
        "言語",
        "언어",
    ]
)
"""The word *language* in the languages of Gherkin, where it is one word."""
TITLE_KINDS = ("feature", "rule", "background", "scenario", "scenarioOutline", "examples")
_FEATURE_WORDS = frozenset(word for dialect in DIALECTS.values() for word in dialect["feature"])
_WRONG_CODES = {
    "ar": "ae ara eg", "am": "arm hy hye", "amh": "am-et", "az": "aze", "be": "bel by", "bg": "bul", "bm": "may ms msa my",
    "bs": "bos", "ca": "cat", "cs": "ces cz cze", "cy-GB": "cy cym wel", "da": "dan dk", "de": "at ch deu ger",
    "el": "ell gr gre", "en": "eng gb us usa", "en-au": "au", "eo": "epo", "es": "cl co esp mx pe sp spa ve", "et": "ee est", "fa": "fas ir per",
    "fi": "fin", "fr": "fra fre frr", "ga": "gle ie", "gj": "gu guj", "gl": "glg", "he": "heb il iw", "hi": "hin in हिन्दी", "hr": "hrv",
    "ht": "hat", "hu": "hun", "id": "in-id ind", "is": "ice isl", "it": "ita", "ja": "jp jpn", "jv": "jav jw", "ka": "ge geo kat",
    "kn": "kan", "ko": "kor kr", "lt": "lit", "lu": "lb ltz", "lv": "lav", "mk-Cyrl": "mac mk mkd", "ml": "mal", "mn": "mon",
    "mr": "mar", "ne": "nep np", "nl": "dut nld", "no": "nb nn nor", "pa": "pan pun", "pl": "pol", "pt": "br por",
    "ro": "md ron rum", "ru": "rus", "sk": "slk slo", "sl": "si slv", "sr-Cyrl": "rs sr srp", "sr-Latn": "sr-lat sr-latin", "sv": "se swe", "ta": "tam", "te": "tel",
    "th": "tha", "tr": "tur", "tt": "tat", "uk": "ua ukr", "ur": "pk urd", "uz": "uzb", "vi": "vie vn",
    "zh-CN": "chi chinese cmn cn zh zh-hans zh-sg zho 中文 汉语 普通话", "zh-TW": "hk tw zh-hant zh-hk zh-mo 漢語 繁体中文",
}  # fmt: skip
"""Codes that people write for a language, by Gherkin's code: of its country, of ISO 639 with three letters, or an older one."""
_OTHER_LANGUAGES = frozenset({"ae", "br", "co", "ee", "ie", "my", "se", "si", "tw", "ve"})
"""Codes of languages that Gherkin does not have, and of countries: ``si-LK`` is Sinhala, ``si`` or ``si-SI`` is meant as Slovenian."""
_SIMILAR = 0.74
"""Similarity from which a word is a misspelt *language*."""
_ENGLISH_FEATURES = tuple(f"{keyword}:" for keyword in DIALECTS["en"]["feature"])
_SHORTEST_NAME = 5
"""Number of letters from which a misspelt name of a language is recognised."""
_RIGHT_CODE = {wrong: right for right, codes in _WRONG_CODES.items() for wrong in codes.split()}


def syntax_findings(parsed: Parsed, path: str, lines: list[str]) -> list[Problem]:
    """Return one finding per mistake, without its consequences.

    An error on the line right after another error is one, and so is a wrong number of cells in a table with an open end.
    """
    findings = [unclosed_row_finding(end, path) for end in parsed.unclosed_rows]
    language = language_of("\n".join(lines))
    last = -1
    for error in sorted(parsed.errors, key=lambda error: error.location["line"]):
        if isinstance(error, AstBuilderException) and _is_open_above(error.location["line"], parsed.unclosed_rows, lines):
            continue
        line = min(max(error.location["line"], 1), len(lines))
        consequence = last >= 0 and not any(text.strip() for text in lines[last : line - 1])
        last = line
        if not consequence:
            column = max(error.location.get("column") or 1, 1)
            too_early = isinstance(error, UnexpectedEOFException)
            opened = _open_fence(lines) if too_early and "DocStringSeparator" in _expected_tokens(str(error)) else None
            if opened is not None:
                remedy = 'close it with the same """ or ``` on a line of its own'
                findings.append(Problem(path, *opened, "syntax", "this doc string is not closed", remedy))
            else:
                if too_early:
                    line, column = _last_written(lines)
                findings.append(Problem(path, line, column, "syntax", *_explanation(error, lines[line - 1], language)))
    return sorted(findings, key=sort_key)


EMPTY_STEP = "this step has no text after its keyword", "write the step sentence, or delete the line"
"""Message and remedy for a step of a keyword alone."""


def unclosed_row_finding(end: UnclosedRow, path: str) -> Problem:
    """Return the finding of rule open-row: Gherkin drops what is after the last ``|`` of a row without a word."""
    message = f"{quoted(end.text)} is after the last `|` of this row, so it would not be read"
    remedy = "write a comment on a line of its own" if end.text.startswith("#") else "end the row with `|`, or delete the text"
    return Problem(path, end.line, end.column, "open-row", message, remedy)


def _is_open_above(line: int, ends: Sequence[UnclosedRow], lines: list[str]) -> bool:
    """Return whether the row at *line*, or one above it in the same table, has an open end."""
    first = line
    while first > 1 and lines[first - 2].strip()[:1] in ("", "|", "#"):
        first -= 1
    return any(first <= end.line <= line for end in ends)


def _last_written(lines: list[str]) -> tuple[int, int]:
    """Return line and column of the last text in the file."""
    number, text = max(((number, text) for number, text in enumerate(lines, start=1) if text.strip()), default=(1, ""))
    return number, len(text) - len(text.lstrip()) + 1


def _open_fence(lines: list[str]) -> tuple[int, int] | None:
    """Return line and column of a doc string that is not closed; None if there is none."""
    fence, place = "", None
    for number, line in enumerate(lines, start=1):
        text = line.lstrip()
        if fence and text.startswith(fence):
            fence, place = "", None
        elif not fence and text.startswith(('"""', "```")):
            fence, place = text[:3], (number, len(line) - len(text) + 1)
    return place


def _explanation(error: ParserException, line: str, language: str) -> tuple[str, str, str | None]:
    """Return message, remedy and suggestion in words for analysts."""
    if isinstance(error, NoSuchLanguageException):
        return _unknown_language(str(error).rpartition(": ")[2])
    text = str(error).partition("): ")[2]
    if "inconsistent cell count" in text:
        return (
            "this table row has more or fewer cells than the first row of its table",
            "give every row the same number of cells (write | inside a cell as \\|)",
            None,
        )
    if "whitespace" in text:
        return "a tag may not contain a space", "write each tag as one word that begins with @", None
    expected = _EXPECTED.search(text)
    if expected:
        return *_unexpected_line(line, expected[1].split(", "), language), None
    if isinstance(error, UnexpectedEOFException):
        return "the file ends too early, after this line", f"expected {_words_for(_expected_tokens(text)) or 'more'}", None
    return quoted(text, 200), "correct the line", None


def _unexpected_line(line: str, expected: Sequence[str], language: str) -> tuple[str, str]:
    """Return message and remedy for a line that Gherkin does not allow in its place."""
    if "#FeatureLine" not in expected and is_feature_title(line):
        return f"{quoted(line.strip())} is a second feature, and a file has one", SECOND_FEATURE
    foreign = _keyword_of_another_language(line, language)
    return foreign or (f"{quoted(line.strip())} is not allowed here", f"expected {_words_for(expected) or 'the end of the file'}")


def _words_for(tokens: Sequence[str]) -> str:
    return ", ".join(word for name in tokens if (word := _TOKEN_NAMES.get(name.removeprefix("#"))))


def is_feature_title(line: str) -> bool:
    """Return whether *line* begins with the keyword of a feature, in any language."""
    keyword, colon, _ = line.strip().partition(":")
    return bool(colon) and keyword in _FEATURE_WORDS


SECOND_FEATURE = "put it, and what is below it, into a file of its own"
"""What to do about a second feature."""


def language_of(text: str) -> str:
    """Return the language of the first ``# language:`` line above the tags and the Feature, as Gherkin does; ``en`` without one."""
    number = language_line_of(text.split("\n"))
    match = _LANGUAGE.match(text.split("\n")[number - 1]) if number else None
    return match[1] if match else "en"


def language_line_of(lines: Sequence[str]) -> int:
    """Return the number of the line from which Gherkin reads the language; 0 if there is none."""
    for number, line in enumerate(lines, start=1):
        if _LANGUAGE.match(line):
            return number
        if line.lstrip().startswith("@") or line.lstrip().startswith(_ENGLISH_FEATURES):
            return 0
    return 0


def unread_language(line: str, language: str) -> tuple[str, str] | None:
    """Return the message and remedy for a comment that names a language, of a file that is read in the other *language*.

    None if the comment names no language, or names that of the file.
    """
    exact, like = _LANGUAGE.match(line), _LIKE_LANGUAGE.match(line)
    code = language_code(exact[1]) if exact else _meant_language(*like.groups()) if like else None
    if (code is None and not exact) or code == language or language not in DIALECTS:
        return None
    message = f"{quoted(line.strip())} is read as a comment, and the file as {_names_of(language)[-1]} (`{language}`)"
    remedy = f"make the first line `# language: {code}`, or delete this line" if code else "delete this line"
    return f"{message}; the language is read from one line like `# language: en` above the tags and the `Feature:`", remedy


def _meant_language(word: str, sign: str, name: str, rest: str) -> str | None:
    """Return the language that a comment such as ``# Language = fr (French)`` names; None if it is an ordinary comment."""
    code = language_code(name)
    is_foreign_word = word.casefold() in _WORDS_FOR_LANGUAGE and sign.strip()
    is_word = is_foreign_word or word.casefold() in ("lang", "locale") or get_close_matches(word.casefold(), ["language"], 1, _SIMILAR)
    words = re.sub(r"[\W_]+", " ", rest).split()
    is_remark = len(words) <= 2 and not rest.lstrip()[:1].isalnum()  # noqa: PLR2004 - more words are a sentence
    is_whole = not words or (sign.strip() and (is_remark or language_code(" ".join(words)) == code))
    return code if is_word and is_whole else None


def _unknown_language(code: str) -> tuple[str, str, str | None]:
    """Return message, remedy and suggestion for the code of a language that Gherkin does not have."""
    near = language_code(code)
    if near is None:
        return f"language {quoted(code)} is not known", "write the code of a language that Gherkin has, such as `# language: en`", None
    line = f"# language: {near}"
    return f"language {quoted(code)} is not known", f"did you mean `{line}` ({_names_of(near)[-1]})?", line


def language_code(code: str) -> str | None:
    """Return Gherkin's code for a language that is written as *code*: in capitals, with a region, as a country or as a name."""
    folded = code.casefold().replace("_", "-")
    codes = {name.casefold(): code for code in DIALECTS for name in _names_of(code)} | _RIGHT_CODE
    codes |= {dialect.casefold(): dialect for dialect in DIALECTS}
    main, *parts = folded.split("-")
    if parts and folded not in codes and main in _OTHER_LANGUAGES and parts[-1] != main:
        return None
    for end in range(len(parts), -1, -1):  # sr-Latn-RS, sr-Latn, sr
        spelling = "-".join([main, *parts[:end]])
        if spelling in codes:
            return codes[spelling]
    names = [name for name in codes if len(name) >= _SHORTEST_NAME]
    near = get_close_matches(folded, names, n=1, cutoff=0.8) if len(folded) >= _SHORTEST_NAME else []  # all short codes resemble others
    return codes[near[0]] if near else None


def _keyword_of_another_language(line: str, language: str) -> tuple[str, str] | None:
    """Return message and remedy for a line with a keyword, such as ``Scenario:``, that only other languages have."""
    keyword, colon, _ = line.strip().partition(":")
    own = DIALECTS.get(language)
    if not colon or own is None or any(keyword in words for _, words in _titles_of(language)):
        return None
    for code in sorted(DIALECTS, key=lambda code: (code != "en", len(code), code)):
        kind = next((kind for kind, words in _titles_of(code) if keyword in words), None)
        if kind is not None:
            message = f"`{keyword}:` is {_names_of(code)[-1]}, and the language of this file is {_names_of(language)[-1]} (`{language}`)"
            return message, f"write `{own[kind][0]}:`, or make the first line `# language: {code}`"  # type: ignore[literal-required]
    return None


def _names_of(language: str) -> tuple[str, str]:
    """Return the name of a language in itself and in English; gherkin's types do not have these keys."""
    dialect: Any = DIALECTS[language]
    return dialect["native"], dialect["name"]


def _titles_of(language: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the kinds of blocks with the keywords that *language* has for them."""
    for kind in TITLE_KINDS:
        yield kind, DIALECTS[language][kind]  # type: ignore[literal-required]


def _expected_tokens(text: str) -> list[str]:
    return [name.removeprefix("#") for name in text.rpartition("expected: ")[2].split(", ")]
