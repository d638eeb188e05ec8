"""Lint of prose that looks like steps: above the first step nothing runs, so a list there or *Expect …* checks nothing.

A scenario or Background has no list in its description, and no sentence that a step would say. The descriptions of features and rules
may have lists, but none whose items are steps.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from itertools import chain, groupby

from gherkin.dialect import DIALECTS

from sop_engine.text import quoted
from sop_runs.record.status import KNOWN_FAILURE
from steps.language.parser import Prose
from steps.language.syntax import language_of
from steps.lint.checked_file import MAX_STEP, CheckedFile, Findings
from steps.lint.keywords import LanguageKeywords, runs_on

_ITEM = re.compile(
    r"[0-9]\ufe0f?\u20e3\s*|[-+\u2022\u2023\u2043\u2010-\u2015\u00b7>\u00bb\u203a*#~]+\s+|[-=~]+>|\(?\d{1,3}(?:\.\d{1,3})*(?:[.:]\s|\s*\))\s*|\d{1,3}\s*\.(?!\d)\s*"
    r"|\(?(?:[a-z]|x{0,3}(?:i[xv]|v?i{1,3}|v))(?:\.\s|\))\s*(?![a-z]\.)|(?:test\s+)?step\s+(?:\d+|one|two|three|four|five|six)\b\s*[-.:)]*\s*"
    r"|[#\u00a7]\s?\d{1,3}\b[.:)]?\s*|\[[ x]?\]\s*|</?(?:li|ul|ol|dl|dt|dd|table|tr|td|th)\b[^<>]*>\s*",
    re.IGNORECASE,
)
"""The mark of an item of a list, in characters of a keyboard or in HTML."""
_LETTER_OR_SIGNS = re.compile(r"(?:[^\W\d_]\d?|[A-Z]{1,3}\d{1,3}|[^\w\s]{1,3})[.:)]?\s+", re.IGNORECASE)
"""What is the mark of an item only before a step sentence: ``o``, ``x``, ``AC1``, ``::``, ``;``."""
_SIGN_IS_MEANT = re.compile(
    r"\s*(?:(?:is|are|was|were)\s+(?!to\b)(?:not\b|used\b|the\b|an?\b)|means?\b|stands?\s+for\b|says?\b|marks?\b)", re.IGNORECASE
)
"""What follows a sign about which a sentence speaks: *→ means …*."""
_EMPHASIS = re.compile(r"[*_`]+|</?(?:b|i|u|em|strong|code|p|br|div|span|mark|small|kbd)\b[^<>]*>", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_PART_END = re.compile(r";\s+")
_SECTION_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})+\s+")

_OPENING = r"(?:(?:please|now|also|next|finally|first|here|always|and|so|in\s+the\s+end)\b,?\s+)*"
_SUBJECT = (
    r"(?:(?:i|we|you|let\s+us|let's)(?:'ll)?\s+(?:(?:would|should|can|do|will|also|now|must|then|next|finally|always|again|still|only"
    r"|(?:have|need|want|are\s+going)\s+to)\s+)*)?"
)
_CLAUSE = r"(?=\s+(?:that|the|this|these|its?|an?|no|nothing|all|every|each|there|both|for|if|whether|ajio|increff)\b)"
"""What follows the verb of a claim: its clause or object."""
_CLAIM = re.compile(
    _OPENING
    + r"(?:"
    + _SUBJECT
    + r"(?:expects?(?!\s+(?:few|fewer|many|most|more|some|several|little)\b)|expecting|expectation|assert(?:s|ion)?"
    r"|verif(?:y|ies)|ensures?|validates?\s+that|(?:makes?|be)\s+(?:quite\s+)?(?:sure|certain)|confirms?\s+that|confirm|(?:proves|tests?)\s+that"
    r"|sees?\s+(?:to\s+it\s+)?that|(?:looks?|watch|observes?|demonstrates?|guarantees|requires|establishes)\s+that"
    r"|(?:guarantee|require|prove|establish|ascertain|certify)"
    + _CLAUSE
    + r"|(?:double|cross|re)-?\s?check"
    + _CLAUSE
    + r"|checks?\s+(?:that|if|whether)|check\s+(?:the|it|its|for|all|every|each|no)|assumes?|presumes?"
    r"|(?:expected|asserted)\s+(?:that|to|an?|the|no|it)|(?:verified|ensured|confirmed|checked|proven|established)\s+that)"
    r"|(?:i|we)(?:\s+would|'d)?\s+(?:want|need|like|wish|demand)\s+(?:that|(?:[\w'-]+\s+){1,6}?to\s+(?:be|have))"
    r"|(?:must|should|shall|ought\s+to)\s+(?:not\s+|never\s+)?(?:be|have)|there\s+(?:must|has\s+to|have\s+to|needs?\s+to)\s+(?:not\s+)?be"
    r"|pre-?conditions?|post-?conditions?|expected\s+(?:results?|outcomes?)|acceptance\s+criteri(?:a|on)"
    r"|it(?:\s+is|\s+was|'s|\s+has\s+to\s+be)\s+(?:expected|assumed|asserted|verified|checked|confirmed|ensured|supposed)(?!\s+by\b)"
    r"|it(?:\s+is|'s)\s+(?:required|necessary|essential|mandatory|guaranteed|proven|established|certain)\s+that)\b",
    re.IGNORECASE,
)
"""The beginning of a sentence that says what a step would say."""
_LABEL = re.compile(
    _OPENING
    + r"(?:arrange|act|setup|set-up|action|(?:actual\s+)?results?|outcomes?|should|must|(?:test\s+)?(?:steps|cases?)|tests?|checks?"
    r"|expected|asserted|verified|ensured|confirmed|checked|acceptance|criteri(?:a|on)|requirements?|ac|tc|req)(?:\s*[-#]?\s*\d+)?\s*:",
    re.IGNORECASE,
)
"""The words before a colon that announce a step; without the colon they also begin ordinary sentences."""
_ABOUT_READING = (
    r"(?!\s+(?:not\s+)?(?:be\s+)?(?:read|see|seen|compared?|consult(?:ed)?|confused?|understood|mistake|mistaken|remember(?:ed)?)\b)"
)
_SHOULD = re.compile(
    _OPENING
    + r"(?:it|he|she|they|i|we|you|one|there|nothing|everything|(?:the|this|that|these|those|its|their|an?|no|every|each|all|any|both)"
    r"(?:\s+(?!(?:that|which|who|whose|if|when|where|as|says?|said|states?|asks?|means?|it|they|we|is|are|was|were|not)\b)[\w'-]+){0,4}?)"
    r"\s+(?:(?:should|shall|ought\s+to)\b"
    + _ABOUT_READING
    + r"|(?:must|has\s+to|have\s+to|needs?\s+to|is\s+to|are\s+to|will)\s+(?:not\s+)?be\s+(?-i:[A-Z]{4,})\b)",
    re.IGNORECASE,
)
_REASON = re.compile(r"\b(?:but|yet|although|though|because|until|instead|whereas|however|since)\b", re.IGNORECASE)
"""A sentence with *should* and one of these words compares, as the reason of a known failure does."""
_CONDITION = re.compile(
    _OPENING
    + r"(?:"
    + _SUBJECT
    + r"(?:supposes?|imagine)(?!\s+an?(?:\s+(?!(?:is|was|has)\b)[\w'-]+(?<!s)){1,3}?(?:\s+(?:in|on|of|at|with|without|who|that)\b|[.!]|$))"
    r"|assuming|presuming|supposing|(?:granted|granting|on\s+condition)\s+that"
    r"|provid(?:ed|ing)\s+(?:that|the|an?|its?|there|all|no|each|every|ajio))\b",
    re.IGNORECASE,
)
_MAIN_CLAUSE = re.compile(
    r"[,;]\s+(?:then\s+)?(?:it|he|she|they|we|you|i|one|the|this|that|these|those|its|their|his|her|our|an?|no|nothing|each|every|all|both"
    r"|some|any|only|there|here|what|who|whoever|neither|ajio|increff|rms|assure)\b",
    re.IGNORECASE,
)
"""What follows the condition in an ordinary sentence: *Assuming that …, the order …*."""


def prose_findings(file: CheckedFile) -> Findings:
    """Yield the findings of rule step-like-prose."""
    words = LanguageKeywords.of(language_of(file.source.text))
    reasons = _reasons(file)
    for owner, group in groupby(file.source.prose, key=lambda prose: prose.owner):
        lines = [prose for prose in group if prose.text.strip()]
        looks = (
            partial(_like_a_step, file=file, words=words, reasons=reasons)
            if owner in _ABOVE_STEPS
            else _items_of_a_story(lines, file, words)
        )
        for prose in lines:
            if looks(prose):
                message = f"{quoted(prose.text.strip())} looks like a step, but it is read as plain text, so it does not run"
                remedy = "write it as a step that begins with Given, When or Then, or as an ordinary sentence without a list"
                yield file.finding(file.start_of(prose.line), "step-like-prose", message, remedy)


_ABOVE_STEPS = frozenset({"Scenario", "Background", "Examples"})


def _like_a_step(prose: Prose, file: CheckedFile, words: LanguageKeywords, reasons: frozenset[int]) -> bool:
    """Return whether a line above the first step of a scenario is an item of a list, a table row, a claim or a step sentence."""
    text = html.unescape(prose.text).strip()
    if text.startswith("|") or _without_marks(text) != text:
        return True
    plain = _EMPHASIS.sub("", _SECTION_NUMBER.sub("", text, count=1) if _SECTION_NUMBER.match(text) else text).strip()
    continues = text[:1].islower() and runs_on(prose, file)
    is_reason = prose.line in reasons
    sentences = [sentence for sentence in _SENTENCE_END.split(plain) if sentence][1 if continues else 0 :]
    if not sentences:
        return False
    ends = [*sentences[:-1], " ".join((sentences[-1], *_next_lines(prose, file)))]
    return any(
        _is_claim(sentence, whole, is_reason=is_reason) or any(_is_sentence(part, file, words) for part in _parts(sentence)) or (plain != text and _keyword(sentence, words) is not None)
        or _is_written_as_step(sentence, words)
        for sentence, whole in zip(sentences, ends, strict=True)
    )  # fmt: skip


def _parts(sentence: str) -> Iterator[str]:
    """Yield a sentence, it without a letter or signs in front, and each of its parts between semicolons without its opening words."""
    yield sentence
    mark = _LETTER_OR_SIGNS.match(sentence)
    if mark:
        yield sentence[mark.end() :]
    for part in _PART_END.split(sentence):
        opening = re.match(_OPENING, part, re.IGNORECASE)
        yield part[opening.end() :] if opening else part


def _next_lines(prose: Prose, file: CheckedFile) -> Iterator[str]:
    """Yield the lines in which the last sentence of a line goes on."""
    line = prose.line
    while not file.lines[line - 1].rstrip().endswith((".", "!", "?", ":")) and line + 1 in file.prose_lines and file.lines[line].strip():
        line += 1
        yield file.lines[line - 1].strip()


def _reasons(file: CheckedFile) -> frozenset[int]:
    """Return the lines of the descriptions of known failures, which give the reason."""
    failures = (block.scenario for block in file.blocks if any(tag["name"] == KNOWN_FAILURE for tag in block.scenario["tags"]))
    lines = (range(node["location"]["line"], node["steps"][0]["location"]["line"]) for node in failures if node["steps"])
    return frozenset(chain.from_iterable(lines))


def _is_claim(sentence: str, whole: str, *, is_reason: bool) -> bool:
    """Return whether a sentence says what a step would say; *whole* is the sentence with the lines in which it goes on."""
    whole = _SENTENCE_END.split(whole)[0]
    if _CLAIM.match(sentence) or _LABEL.match(sentence):
        return True
    if _SHOULD.match(sentence):
        return not is_reason and not _REASON.search(whole)
    return bool(_CONDITION.match(sentence)) and not _MAIN_CLAUSE.search(whole)


def _is_written_as_step(text: str, words: LanguageKeywords) -> bool:
    """Return whether *text* begins with a step keyword in capitals, or with one of another language."""
    keyword = _keyword(text, words)
    return (keyword is not None and _is_shouted(text, keyword)) or _foreign_keyword(text, words) is not None


def _is_shouted(text: str, keyword: str) -> bool:
    return len(keyword) > 1 and text[: len(keyword)].isupper() and not text.isupper()


def _items_of_a_story(lines: list[Prose], file: CheckedFile, words: LanguageKeywords) -> Callable[[Prose], bool]:
    """Return a test for the lines that are steps: one is a step sentence, or they include a Then after a When or Given."""
    steps: list[tuple[int, str | None, bool]] = []
    for prose in lines:
        text = html.unescape(prose.text).strip()
        behind = _without_marks(text)
        plain = _EMPHASIS.sub("", behind).strip()
        keyword = _keyword(plain, words)
        foreign = _foreign_keyword(plain, words) if keyword is None else None
        continues = runs_on(prose, file, steps[-1][0] if steps else 0)
        is_bare = keyword is not None and (_is_shouted(plain, keyword) or (plain[:1].islower() and not continues))
        if plain != text or is_bare or foreign is not None:
            steps.append((prose.line, keyword or foreign, _is_sentence(plain, file, words)))
    keywords = {keyword for _, keyword, _ in steps if keyword}
    is_story = len(keywords) > 1 and any("then" in _kinds().get(keyword.casefold(), ()) for keyword in keywords)
    step_lines = {line for line, keyword, is_sentence in steps if is_sentence or (keyword and is_story)}
    return lambda prose: prose.line in step_lines


def _without_marks(text: str) -> str:
    """Return *text* without the marks of an item of a list at its beginning: ``-``, ``a)``, ``→``, ``①``, ``<li>``."""
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


def _keyword(text: str, words: LanguageKeywords) -> str | None:
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


def _foreign_keyword(text: str, words: LanguageKeywords) -> str | None:
    """Return the Given, When or Then of another language with which *text* begins; in a file of another language, that of English."""
    keywords = _other_keywords(english=words.english)
    text = text.replace(":", " ", 1)
    return next(keyword.strip() for keyword in keywords if text.startswith(keyword)) if text.startswith(keywords) else None


@cache
def _kinds() -> Mapping[str, frozenset[str]]:
    """Return the kinds of step of each keyword of any language, in lower case."""
    kinds: dict[str, frozenset[str]] = {}
    for words in DIALECTS.values():
        for kind, keywords in (("given", words["given"]), ("when", words["when"]), ("then", words["then"])):
            for keyword in keywords:
                kinds[keyword.strip().casefold()] = kinds.get(keyword.strip().casefold(), frozenset()) | {kind}
    return kinds


def _is_sentence(text: str, file: CheckedFile, words: LanguageKeywords) -> bool:
    """Return whether *text*, with or without a keyword in front, is a step sentence."""
    return any(len(step) <= MAX_STEP and file.registry.kinds_matching(step) for step in _readings(text.rstrip(" .;:!"), words))


def _readings(text: str, words: LanguageKeywords) -> Iterator[str]:
    keyword = _keyword(text, words)
    for rest in (text, text[len(keyword) :].lstrip(" :,") if keyword else ""):
        if rest:
            yield from (rest, rest[0].lower() + rest[1:])
