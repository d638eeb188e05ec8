"""Lint of prose that looks like steps: above the first step nothing runs, so a list there or *Expect …* checks nothing.

A scenario or Background has no list in its description, and no sentence that a step would say. The descriptions of features and rules
may have lists, but none whose items are steps or conditions about a state, and tables of Markdown, but no rows of states without its line
of dashes.
"""

import html
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, groupby

from sop_engine.text import quoted
from sop_runs.record.status import KNOWN_FAILURE
from steps.language.parser import Prose
from steps.language.syntax import language_of
from steps.lint.checked_file import CheckedFile, Findings
from steps.lint.keywords import LanguageKeywords, continues_sentence
from steps.lint.prose.claims import OPENING, is_claim
from steps.lint.prose.conditions import is_conditional_step
from steps.lint.prose.list_marks import without_letter_or_signs, without_marks
from steps.lint.prose.step_words import (
    STATES,
    foreign_keyword,
    is_in_capitals,
    is_step_in_words,
    is_step_sentence,
    is_written_as_step,
    keyword_of,
    kinds_of_keywords,
)

_EMPHASIS = re.compile(r"[*_`]+|</?(?:b|i|u|em|strong|code|p|br|div|span|mark|small|kbd)\b[^<>]*>", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_PART_END = re.compile(r";\s+")
_TABLE_RULE = re.compile(r"\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?")
"""The line of dashes below the head of a table of Markdown."""
_ROW_OF_STATE = re.compile(rf"\|(?:.*\|)?\s*[`*_]*{STATES}[`*_]*\s*\|")
_STEPS_FOLLOW = re.compile(r"(?:the\s+)?(?:test\s+)?(?:steps?|scenario|test\s+cases?)\s*:", re.IGNORECASE)
"""A line that announces steps."""
_SECTION_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})+\s+")


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
    if text.startswith("|") or without_marks(text) != text:
        return True
    plain = _EMPHASIS.sub("", _SECTION_NUMBER.sub("", text, count=1) if _SECTION_NUMBER.match(text) else text).strip()
    continues = text[:1].islower() and continues_sentence(prose, file)
    is_reason = prose.line in reasons
    sentences = [sentence for sentence in _SENTENCE_END.split(plain) if sentence][1 if continues else 0 :]
    if not sentences:
        return False
    last = " ".join((sentences[-1], *_next_lines(prose, file)))
    wholes = [*sentences[:-1], _SENTENCE_END.split(last)[0]]
    is_step = partial(is_step_sentence, file=file, words=words)
    return any(
        is_claim(sentence, whole, is_reason=is_reason)
        or is_conditional_step(whole, is_step, is_reason=is_reason)
        or any(is_step_in_words(part, file, words) for part in _parts(sentence))
        or (plain != text and keyword_of(sentence, words) is not None)
        or is_written_as_step(sentence, words)
        for sentence, whole in zip(sentences, wholes, strict=True)
    )


def _parts(sentence: str) -> Iterator[str]:
    """Yield a sentence, it without a letter or signs in front, and each of its parts between semicolons without its opening words."""
    yield sentence
    yield without_letter_or_signs(sentence)
    for part in _PART_END.split(sentence):
        opening = re.match(OPENING, part, re.IGNORECASE)
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


def _items_of_a_story(lines: list[Prose], file: CheckedFile, words: LanguageKeywords) -> Callable[[Prose], bool]:
    """Return a test for the lines that are steps.

    One is a step sentence, a condition about a state or a row with a state, or announces steps; or they include a Then after a When or Given.
    """
    is_step = partial(is_step_sentence, file=file, words=words)
    has_table = any(
        _TABLE_RULE.fullmatch(line) or (line.startswith(words.titles) and line.endswith(":"))
        for line in (prose.text.strip() for prose in lines)
    )
    others: set[int] = set()
    steps: list[tuple[int, str | None, bool]] = []
    for prose in lines:
        text = html.unescape(prose.text).strip()
        behind = without_marks(text)
        plain = _EMPHASIS.sub("", behind).strip()
        is_item = plain != text and is_conditional_step(plain, is_step, is_reason=False)
        if is_item or _STEPS_FOLLOW.fullmatch(plain) or (not has_table and _ROW_OF_STATE.match(text)):
            others.add(prose.line)
        keyword = keyword_of(plain, words)
        foreign = foreign_keyword(plain, words) if keyword is None else None
        continues = continues_sentence(prose, file, steps[-1][0] if steps else 0)
        is_bare = keyword is not None and (is_in_capitals(plain, keyword) or (plain[:1].islower() and not continues))
        if plain != text or is_bare or foreign is not None:
            steps.append((prose.line, keyword or foreign, is_step_sentence(plain, file, words)))
    keywords = {keyword for _, keyword, _ in steps if keyword}
    is_story = len(keywords) > 1 and any("then" in kinds_of_keywords().get(keyword.casefold(), ()) for keyword in keywords)
    step_lines = {line for line, keyword, is_sentence in steps if is_sentence or (keyword and is_story)} | others
    return lambda prose: prose.line in step_lines
