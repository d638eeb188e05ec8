"""Lint of misspelt keywords: the parser reads such a line as prose, and what is below it never runs.

A line is judged by its shape (a small spelling mistake away from a keyword of the file's language) and by evidence (the rest of
the line matches a step sentence, or steps follow). Ordinary words that are one letter from a keyword need evidence.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from gherkin.dialect import DIALECTS

from sop_engine.text import quoted
from sop_runs.problem import Problem
from steps.language.parser import Prose
from steps.language.syntax import SECOND_FEATURE, TITLE_KINDS, is_feature_title, language_line_of, language_of, unread_language
from steps.lint.characters import ascii_look_alike, is_invisible
from steps.lint.checked_file import MAX_STEP, CheckedFile, Findings

LOOK_AHEAD = 10
"""Number of lines that are examined to find whether steps follow."""

_NUMBERED = re.compile(r"\s*[#(]?\d+[).]?")
_STEPS = ("given", "when", "then", "and", "but")
_NEVER_TITLES = frozenset({
    "role", "roles", "rules", "ruled", "rude", "mule", "features", "future", "samples", "sample", "abilities",
    "agility", "backgrounds",
})  # fmt: skip
_NEVER_STEPS = frozenset({
    "a", "ad", "add", "ads", "aid", "all", "am", "an", "ant", "any", "are", "as", "at", "band", "bit", "bat", "be",
    "bet", "boy", "bud", "bug", "bus", "buy", "by", "cut", "end", "ends", "even", "give", "gives", "giver",
    "giving", "hand", "he", "hen", "hint", "hut", "in", "is", "it", "land", "live", "men", "nut", "one", "ones",
    "open", "or", "our", "out", "own", "pen", "put", "sand", "seven", "so", "ten", "than", "that", "the", "thee",
    "their", "them", "themes", "there", "these", "they", "thin", "thing", "think", "this", "those", "to", "wen",
    "were", "what", "where", "whether", "which", "who", "whom", "whose", "why", "women", "zen",
})  # fmt: skip


@dataclass(frozen=True)
class LanguageKeywords:
    """Keywords of one language: those that open a block with a colon, and those that open a step."""

    titles: tuple[str, ...]
    scenario_titles: tuple[str, ...]
    steps: tuple[str, ...]
    english: bool

    @classmethod
    def of(cls, language: str) -> "LanguageKeywords":
        """Return the keywords of a language; of English if it is unknown."""
        words = DIALECTS.get(language, DIALECTS["en"])
        scenario = [word for word in words["scenario"] + words["scenarioOutline"] if word != "Example"]
        return cls(
            tuple(word for kind in TITLE_KINDS for word in words[kind]),  # type: ignore[literal-required]
            tuple(scenario),
            tuple(dict.fromkeys(word.strip() for kind in _STEPS for word in words[kind] if word != "* ")),  # type: ignore[literal-required]
            english=language == "en",
        )


def keyword_findings(file: CheckedFile) -> Findings:
    """Yield the findings of rule misspelt-keyword on the lines of descriptions."""
    words = LanguageKeywords.of(language_of(file.source.text))
    for group in _paragraph_groups(file.source.prose, file.lines):
        swallowed = False
        flagged = 0
        for prose in group:
            text = prose.text.strip()
            if is_feature_title(text):
                swallowed = True
                yield _second_feature(file, prose.line)
                continue
            if ascii_look_alike(text[:1]) in ("@", "|"):
                yield _read_as_prose(file, prose.line)
                continue
            keyword = intended_title(text, words) if text else None
            if keyword is not None and prose.owner != "Examples" and _prose_head(text, keyword, prose, file, flagged):
                keyword = None
            keyword = keyword or _bare_title(prose, words, file) or (None if swallowed else _misplaced_title(prose, words, file))
            if keyword is None and text and not swallowed:
                keyword = _intended_step(prose, words, file, flagged)
            elif keyword is not None:
                swallowed = True
            if keyword is not None and _goes_with_the_line_above(prose, flagged, keyword):
                flagged = prose.line
            elif keyword is not None:
                flagged = prose.line
                yield _misspelt(file, prose.line, keyword, swallowed=swallowed)


def language_findings(file: CheckedFile) -> Findings:
    """Yield the findings of rule misspelt-keyword on comments that name another language than that in which the file is read."""
    language, line_read = language_of(file.source.text), language_line_of(file.lines)
    for number in _comments(file):
        reason = unread_language(file.lines[number - 1], language) if number != line_read else None
        if reason is not None:
            yield file.finding(file.start_of(number), "misspelt-keyword", *reason)


def _comments(file: CheckedFile) -> Iterator[int]:
    """Yield the numbers of the comments; of a file that cannot be parsed, of those above its Feature."""
    if file.source.document is not None:
        yield from (comment.line for comment in file.source.document.recorded.comments)
        return
    head = takewhile(lambda line: line.strip()[:1] in ("", "#", "@"), file.lines)
    yield from (number for number, line in enumerate(head, start=1) if line.lstrip().startswith("#"))


def _goes_with_the_line_above(prose: Prose, flagged: int, keyword: str) -> bool:
    """Return whether the line is a further step without a scenario: only the first of them is reported."""
    return prose.owner not in {"Scenario", "Background"} and not keyword.endswith(":") and flagged == prose.line - 1


def reworded_syntax_findings(file: CheckedFile, findings: Iterable[Problem]) -> Findings:
    """Yield the parser's findings; a line that resembles a keyword is reported as misspelt-keyword instead."""
    words = LanguageKeywords.of(language_of(file.source.text))
    for finding in findings:
        text = file.lines[finding.line - 1].strip() if finding.rule == "syntax" else ""
        keyword = intended_title(text, words, prose=False) or _bare_keyword(text, words) or nearest_step_keyword(text, words)
        if text and keyword is not None and finding.line in file.source.unexpected:
            yield _misspelt(file, finding.line, keyword, swallowed=keyword.endswith(":"))
        else:
            yield finding


def _second_feature(file: CheckedFile, line: int) -> Problem:
    text = quoted(file.lines[line - 1].strip())
    message = f"{text} is a second feature, and a file has one, so it is read as plain text"
    return file.finding(file.start_of(line), "misspelt-keyword", message, SECOND_FEATURE)


def _read_as_prose(file: CheckedFile, line: int) -> Problem:
    message = f"{quoted(file.lines[line - 1].strip())} looks like tags or a table row, but it is read as plain text"
    return file.finding(file.start_of(line), "misspelt-keyword", message, "begin the line with it")


def _misspelt(file: CheckedFile, line: int, keyword: str, *, swallowed: bool) -> Problem:
    text = file.lines[line - 1]
    column = len(text) - len(text.lstrip()) + 1
    lost = "nothing below it would run" if swallowed else "it would not run"
    head = text.strip()
    if head.startswith(keyword) and keyword.endswith(":"):
        message = f"{quoted(head)} is not allowed here, so it is read as plain text"
        remedy = "move it to where Gherkin allows it: `Background:` above the first scenario, `Examples:` below the steps of its scenario"
    elif head.split(maxsplit=1)[0] == keyword:
        message = f"{quoted(head)} is not read as a step here, so {lost}"
        remedy = f"write `{keyword}`, one space and the step sentence, below a `Scenario:` line"
    else:
        message = f"{quoted(head)} resembles the keyword `{keyword}` but is read as plain text, so {lost}"
        remedy = f"did you mean `{keyword}`?"
    return file.finding((line, column), "misspelt-keyword", message, remedy, None if head.startswith(keyword) else keyword)


def intended_title(text: str, words: LanguageKeywords, *, prose: bool = True) -> str | None:
    """Return ``Scenario:`` for ``Scenaro: …``, ``scenario: …``, ``Scenario : …``, ``Scenario 2: …``; None if it is correct or prose."""
    visible = "".join(":" if ascii_look_alike(char) == ":" else char for char in text if not is_invisible(char))
    head, colon, rest = visible.partition(":")
    name = head.strip()
    if not colon or not name or rest.startswith(":") or text.startswith(tuple(f"{keyword}:" for keyword in words.titles)):
        return None
    if head in words.titles:
        return f"{head}:"
    if prose and (name.casefold() in _NEVER_TITLES or not name[0].isalnum()):
        return None
    for keyword in words.titles:
        if name.casefold() == keyword.casefold() or (name.startswith(keyword) and _NUMBERED.fullmatch(name[len(keyword) :])):
            return f"{keyword}:"
    near = [(edit_distance(name.casefold(), keyword.casefold(), _allowed_slips(keyword)), keyword) for keyword in words.titles]
    best = min(near, key=lambda pair: pair[0] - len(pair[1]) / 100)
    return f"{best[1]}:" if best[0] <= _allowed_slips(best[1]) else None


def _allowed_slips(keyword: str) -> int:
    """Return the maximum edit distance at which a word still means *keyword*."""
    return 2 if len(keyword) >= 8 else 1  # noqa: PLR2004 - found by trying prose: fewer words resemble long ones


def _prose_head(text: str, keyword: str, prose: Prose, file: CheckedFile, flagged: int) -> bool:
    """Return whether the line continues a sentence of the line above, as in "…, by this / rule: the first one counts"."""
    lower = text[:1].islower() and text.partition(":")[0].casefold() == keyword[:-1].casefold()
    return lower and continues_sentence(prose, file, flagged)


def continues_sentence(prose: Prose, file: CheckedFile, flagged: int = 0) -> bool:
    """Return whether the line above, without comments in between, is prose without punctuation at its end."""
    number = prose.line - 1
    while number and file.lines[number - 1].lstrip().startswith("#"):
        number -= 1
    above = file.lines[number - 1].strip() if number else ""
    return number in file.prose_lines and above != "" and above[-1] not in ".:!?;" and flagged != number


def _bare_title(prose: Prose, words: LanguageKeywords, file: CheckedFile) -> str | None:
    """Return the keyword of a title without its colon (``Scenario The client …``), if a step or a table row follows."""
    text = prose.text.strip()
    if not text or text[-1] in ".,;:" or not _structure_follows(prose.line, words, file):
        return None
    keywords = words.titles if prose.owner in {"Feature", "Rule"} else words.scenario_titles
    return next((f"{word}:" for word in sorted(keywords, key=len, reverse=True) if _opens(text, word)), None)


def _bare_keyword(text: str, words: LanguageKeywords) -> str | None:
    return next((f"{word}:" for word in sorted(words.titles, key=len, reverse=True) if _opens(text, word)), None)


def _misplaced_title(prose: Prose, words: LanguageKeywords, file: CheckedFile) -> str | None:
    """Return the keyword of a correct title that Gherkin reads as plain text in its place, if a step or a table row follows."""
    head, colon, _ = prose.text.strip().partition(":")
    return f"{head}:" if colon and head in words.titles and _structure_follows(prose.line, words, file) else None


def _opens(text: str, word: str) -> bool:
    return text == word or text.startswith(f"{word} ")


def _structure_follows(line: int, words: LanguageKeywords, file: CheckedFile) -> bool:
    following = next((text.strip() for text in file.lines[line : line + LOOK_AHEAD] if text.strip()), "")
    return following.startswith("|") or any(following.startswith(f"{word} ") for word in words.steps)


def _intended_step(prose: Prose, words: LanguageKeywords, file: CheckedFile, flagged: int) -> str | None:
    """Return the step keyword that a line of prose was probably meant to begin with; None for real prose."""
    text = prose.text.strip()
    word, _, rest = text.partition(" ")
    evidence = len(rest) <= MAX_STEP and bool(file.registry.kinds_matching(rest.strip()))
    if prose.owner not in {"Scenario", "Background"}:
        return word if word in words.steps and (evidence or _begins_a_story(prose, words, file)) else None
    if text == "*":
        return text
    if text[:1].islower() and continues_sentence(prose, file, flagged):
        return None
    shape = nearest_step_keyword(text, words)
    if shape is None or not (words.english or evidence or word.casefold() == shape.casefold()):
        return None
    return shape if evidence or word.strip(":").casefold() not in _NEVER_STEPS else None


def nearest_step_keyword(text: str, words: LanguageKeywords) -> str | None:
    """Return the step keyword nearest to the first word of *text*: the same, in another case, or slightly misspelt."""
    first = (text.split(maxsplit=1) or [""])[0].strip(":,.")
    exact = [word for word in words.steps if first.casefold() == word.casefold()]
    if exact or len(first) < 2 or not first[0].isalpha():  # noqa: PLR2004 - one letter resembles nothing
        return exact[0] if exact else None
    short = [word for word in words.steps if " " not in word and len(word) > 2]  # noqa: PLR2004 - nor do two
    near = [(edit_distance(first.casefold(), word.casefold(), 2), word) for word in short]
    best = min(near, default=(3, ""))
    return best[1] if best[0] <= (2 if len(best[1]) > 4 and len(first) > 3 else 1) else None  # noqa: PLR2004 - as above


def _begins_a_story(prose: Prose, words: LanguageKeywords, file: CheckedFile) -> bool:
    """Return whether this line and the next ones begin with step keywords and include a Then: such lines are not prose."""
    kinds = []
    for text in map(str.strip, file.lines[prose.line - 1 : prose.line + LOOK_AHEAD]):
        word = text.partition(" ")[0]
        if word not in words.steps:
            break
        kinds.append(word)
    before = file.lines[prose.line - 2].strip().partition(" ")[0] if prose.line > 1 else ""
    return len(set(kinds)) > 1 and "Then" in kinds and before not in words.steps


def _paragraph_groups(prose: Sequence[Prose], lines: list[str]) -> Iterator[list[Prose]]:
    """Yield each description as its prose lines: only blank lines and comments are between them."""
    group: list[Prose] = list(prose[:1])
    for previous, current in pairwise(prose):
        between = (text.strip() for text in lines[previous.line : current.line - 1])
        if previous.owner != current.owner or any(text and not text.startswith("#") for text in between):
            yield group
            group = []
        group.append(current)
    if group:
        yield group


def edit_distance(first: str, second: str, limit: int) -> int:
    """Compute the Damerau-Levenshtein distance of two words (letters added, removed, changed or swapped with a neighbour).

    A distance above *limit* is returned as limit + 1.
    """
    if abs(len(first) - len(second)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, first_letter in enumerate(first, start=1):
        last, row, older = row, [i], before
        for j, second_letter in enumerate(second, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (first_letter != second_letter))
            if i > 1 and j > 1 and first_letter == second[j - 2] and first[i - 2] == second_letter:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        before = last
    return min(row[-1], limit + 1)
