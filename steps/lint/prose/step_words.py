"""Step keywords and step sentences in prose."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from gherkin.dialect import DIALECTS

from sop_engine import Stage
from steps.lint.checked_file import MAX_STEP, CheckedFile
from steps.lint.keywords import LanguageKeywords


def keyword_of(text: str, words: LanguageKeywords) -> str | None:
    """Return the step keyword with which *text* begins, in any case; None if there is none."""
    start = text.casefold()
    return next(
        (word for word in words.steps if start.startswith(word.casefold()) and not start[len(word) : len(word) + 1].isalnum()), None
    )


_ENGLISH_WORDS = frozenset({
    "adott", "ak", "als", "ce", "cal", "cand", "dada", "dan", "data", "date", "de", "den", "do", "dun", "ha", "ja", "ko", "kun", "le",
    "logo", "pak", "quan", "se", "stel", "tad", "tada", "tak",
})  # fmt: skip
"""Step keywords of other languages that may begin an English sentence."""


@cache
def _other_keywords(*, english: bool) -> tuple[str, ...]:
    """Return the words for Given, When and Then in all languages but English, or in English; the longest first."""
    languages = [words for language, words in DIALECTS.items() if (language == "en") is not english]
    keywords = {keyword for words in languages for kind in (words["given"], words["when"], words["then"]) for keyword in kind}
    return tuple(sorted((word for word in keywords if word.strip("* ").casefold() not in {"", *_ENGLISH_WORDS}), key=len, reverse=True))


def foreign_keyword(text: str, words: LanguageKeywords) -> str | None:
    """Return the Given, When or Then of another language with which *text* begins; in a file of another language, that of English."""
    keywords = _other_keywords(english=words.english)
    text = text.replace(":", " ", 1)
    return next(keyword.strip() for keyword in keywords if text.startswith(keyword)) if text.startswith(keywords) else None


@cache
def kinds_of_keywords() -> Mapping[str, frozenset[str]]:
    """Return the kinds of step of each keyword of any language, in lower case."""
    kinds: dict[str, frozenset[str]] = {}
    for words in DIALECTS.values():
        for kind, keywords in (("given", words["given"]), ("when", words["when"]), ("then", words["then"])):
            for keyword in keywords:
                kinds[keyword.strip().casefold()] = kinds.get(keyword.strip().casefold(), frozenset()) | {kind}
    return kinds


def is_written_as_step(text: str, words: LanguageKeywords) -> bool:
    """Return whether *text* begins with a step keyword in capitals, or with one of another language."""
    keyword = keyword_of(text, words)
    return (keyword is not None and is_in_capitals(text, keyword)) or foreign_keyword(text, words) is not None


def is_in_capitals(text: str, keyword: str) -> bool:
    """Return whether *keyword*, with which *text* begins, is in capitals and the rest is not."""
    return len(keyword) > 1 and text[: len(keyword)].isupper() and not text.isupper()


_SIGNS = re.compile(
    r"[\[\](){}\u00ab\u00bb\u2039\u203a\u201c\u201d\u201e\u201f\"*`~]+|(?<!\w)[_'\u2013\u2014\u2018\u2019\u201a]+|[_'\u2013\u2014\u2018\u2019\u201a]+(?!\w)"
)
"""Brackets, quotation marks and marks of Markdown, which may be around or in a sentence."""
_ANNOUNCEMENT = re.compile(
    r"(?:[^\W_][\w-]*\s+){0,2}[^\W_][\w.-]*\s*[:,]\s+|(?!(?:why|how|whether|what|who|that|which)\b)[^\W\d_][\w-]*\s+", re.IGNORECASE
)
"""A word before a sentence, or up to three before a comma or colon: *Thus*, *Hence,*, *As a result,*, *Note:*."""
STATES = rf"(?-i:\b(?:{'|'.join(Stage)})\b)"
"""The stages of an order, as the steps write them."""
_EQUATION = re.compile(
    rf"[\w-]+(?:\s+[\w-]+)?\s*(?::|=+>?|-+>|→|⇒)\s*{STATES}\s*[.;!]?\s*$|{STATES}\s*(?:=+>?|-+>|→|⇒)\s*\w", re.IGNORECASE
)
"""A state of an order as a value: *stage: PACKED*, *PACKED -> refused*."""


def is_step_in_words(text: str, file: CheckedFile, words: LanguageKeywords) -> bool:
    """Return whether *text* is a step sentence, or two joined by *and*, perhaps in brackets or quotation marks, or behind other words."""
    plain = " ".join(_SIGNS.sub(" ", text).split()).replace(" .", ".")
    announcement = _ANNOUNCEMENT.match(plain)
    candidates = [plain, plain[announcement.end() :]] if announcement else [plain]
    return bool(_EQUATION.match(plain)) or any(
        is_step_sentence(candidate, file, words)
        or (" and " in candidate and all(is_step_sentence(part, file, words) for part in re.split(r",?\s+and\s+", candidate)))
        for candidate in candidates
    )


def is_step_sentence(text: str, file: CheckedFile, words: LanguageKeywords) -> bool:
    """Return whether *text*, with or without a keyword in front, is a step sentence."""
    return any(len(step) <= MAX_STEP and file.registry.kinds_matching(step) for step in _readings(text.rstrip(" .;:!?"), words))


def _readings(text: str, words: LanguageKeywords) -> Iterator[str]:
    keyword = keyword_of(text, words)
    for rest in (text, text[len(keyword) :].lstrip(" :,") if keyword else ""):
        if rest:
            yield from (rest, rest[0].lower() + rest[1:])
