"""Lint of prose that looks like steps: above the first step nothing runs, so a list there or *Expect …* checks nothing.

A scenario or Background has no list in its description. The descriptions of features and rules may have lists, but none whose
items are steps.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby

from sop_engine.text import quoted
from steps.language.parser import Prose
from steps.lint.checked_file import MAX_STEP, CheckedFile, Findings
from steps.lint.keywords import LanguageKeywords, language_of, runs_on

_ITEM = re.compile(
    r"(?:[-+\u2022\u2023\u2043\u2013\u2014\u00b7\u25aa\u25cf>*]+\s+|\(?\d{1,3}\s*[.):]\s*|\(?[A-Za-z][.)]\s+|step\s+\d+\s*[-.:)]*\s*|\[[ x]?\]\s*)+",
    re.IGNORECASE,
)
"""The mark of an item of a list."""
_EMPHASIS = re.compile(r"[*_`]+")
_CLAIM = re.compile(
    r"(?:we\s+)?(?:expect(?:s|ed|ing|ation)?|assert(?:s|ed|ion)?|verif(?:y|ies|ied)|ensures?|checks?(?:\s+that)|should|must|assum(?:e|es|ing)"
    r"|supposing|suppose|pre-?conditions?|post-?conditions?|arrange|act|setup|set-up|action|expected\s+results?|results?|outcomes?"
    r"|acceptance\s+criteri(?:a|on))\b(?P<colon>\s*:)?",
    re.IGNORECASE,
)
"""The beginning of a line that says what a step would say."""
_NEEDS_COLON = re.compile(r"(?:arrange|act|setup|set-up|action|results?|outcomes?|should|must)\b", re.IGNORECASE)
"""Words of `_CLAIM` that also begin ordinary sentences; they count only before a colon or a dash."""


def prose_findings(file: CheckedFile) -> Findings:
    """Yield the findings of rule step-like-prose."""
    words = LanguageKeywords.of(language_of(file.source.text))
    for owner, group in groupby(file.source.prose, key=lambda prose: prose.owner):
        lines = [prose for prose in group if prose.text.strip()]
        looks = partial(_like_a_step, file=file, words=words) if owner in _ABOVE_STEPS else _items_of_a_story(lines, file, words)
        for prose in lines:
            if looks(prose):
                message = f"{quoted(prose.text.strip())} looks like a step, but it is read as plain text, so it does not run"
                remedy = "write it as a step that begins with Given, When or Then, or as an ordinary sentence without a list"
                yield file.finding(file.start_of(prose.line), "step-like-prose", message, remedy)


_ABOVE_STEPS = frozenset({"Scenario", "Background", "Examples"})


def _like_a_step(prose: Prose, file: CheckedFile, words: LanguageKeywords) -> bool:
    """Return whether a line above the first step of a scenario is an item of a list, a table row, a claim or a step sentence."""
    text = prose.text.strip()
    if _ITEM.match(text) or text.startswith("|"):
        return True
    if text[:1].islower() and runs_on(prose, file):
        return False
    plain = _EMPHASIS.sub("", text)
    claim = _CLAIM.match(plain)
    if claim is not None and (claim["colon"] or not _NEEDS_COLON.match(plain)):
        return True
    return (plain != text and _keyword(plain, words) is not None) or _is_sentence(plain, file, words)


def _items_of_a_story(lines: list[Prose], file: CheckedFile, words: LanguageKeywords) -> Callable[[Prose], bool]:
    """Return a test for the items of a list that are steps: one is a step sentence, or the items include a Then after a When or Given."""
    steps = []
    for prose in lines:
        text = prose.text.strip()
        item = _ITEM.match(text)
        plain = _EMPHASIS.sub("", text[item.end() :] if item else text)
        if item is not None or plain != text:
            keyword = _keyword(plain, words)
            steps.append((prose.line, keyword, _is_sentence(plain, file, words)))
    keywords = {keyword for _, keyword, _ in steps if keyword}
    is_story = "Then" in keywords and len(keywords) > 1
    step_lines = {line for line, keyword, is_sentence in steps if is_sentence or (keyword and is_story)}
    return lambda prose: prose.line in step_lines


def _keyword(text: str, words: LanguageKeywords) -> str | None:
    """Return the step keyword with which *text* begins, in any case; None if there is none."""
    first = text.partition(" ")[0].strip(":,").casefold()
    return next((word for word in words.steps if word.casefold() == first), None)


def _is_sentence(text: str, file: CheckedFile, words: LanguageKeywords) -> bool:
    """Return whether *text*, with or without a keyword in front, is a step sentence."""
    return any(len(step) <= MAX_STEP and file.registry.kinds_matching(step) for step in _readings(text.rstrip(" .;:!,"), words))


def _readings(text: str, words: LanguageKeywords) -> Iterator[str]:
    keyword = _keyword(text, words)
    for rest in (text, text[len(keyword) :].lstrip(" :,") if keyword else ""):
        if rest:
            yield from (rest, rest[0].lower() + rest[1:])
