"""Parser: feature text to gherkin's tree or findings. No content of a file raises an exception.

The tree comes from gherkin-official. Its pickle compiler is never called: it puts column headers into a regular
expression (with a header ``(a+)+`` matching does not end). `steps.language.examples` fills placeholders by plain replacement
instead.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from typing import Any

from gherkin.ast_builder import AstBuilder
from gherkin.dialect import DIALECTS
from gherkin.errors import (
    AstBuilderException,
    CompositeParserException,
    NoSuchLanguageException,
    ParserError,
    ParserException,
    UnexpectedEOFException,
    UnexpectedTokenException,
)
from gherkin.parser import Parser, ParserContext
from gherkin.token import Token
from gherkin.token_scanner import TokenScanner

from sop_engine.text import quoted
from sop_runs.problem import Problem, sort_key
from steps.language.table_rows import OpenEnd, open_end

Node = dict[str, Any]
"""A node of gherkin's tree."""

MARKS = {"TagLine": {"@"}, "TableRow": {"|"}, "Comment": {"#"}, "Language": {"#"}, "DocStringSeparator": {'"', "`"}}
"""The kinds of lines that begin with a mark, and their marks."""
KEYWORDS = ("FeatureLine", "RuleLine", "BackgroundLine", "ScenarioLine", "ExamplesLine", "StepLine")
"""The kinds of lines that begin with a keyword, which begins with no mark in any language."""
_NO_KEYWORD = {"", *chain.from_iterable(MARKS.values())}
_EXPECTED = re.compile(r"expected: (.*?), got '(.*)'$", re.DOTALL)
_TOKEN_NAMES = {
    "FeatureLine": "`Feature:`", "RuleLine": "`Rule:`", "BackgroundLine": "`Background:`", "ScenarioLine": "`Scenario:`",
    "ExamplesLine": "`Examples:`", "StepLine": "a step", "TableRow": "a table row", "TagLine": "a tag",
    "DocStringSeparator": 'the end of the doc string (""" or ```)', "Other": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prose:
    """A line of a description; *owner* is what it describes: Feature, Rule, Background, Scenario or Examples."""

    line: int
    text: str
    owner: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """Result of parsing a file: the feature (None if there is none), comments, lines read as prose, open ends of rows, and errors."""

    feature: Node | None
    comments: tuple[Node, ...]
    prose: tuple[Prose, ...]
    open_ends: tuple[OpenEnd, ...]
    errors: tuple[ParserException, ...]

    @property
    def unexpected(self) -> frozenset[int]:
        """The numbers of the lines that Gherkin does not allow in their place."""
        return frozenset(error.location["line"] for error in self.errors if isinstance(error, UnexpectedTokenException))


class _KeepingBuilder(AstBuilder):
    """gherkin's builder, which also keeps the lines of the descriptions, and the text after the last ``|`` of a table row."""

    def reset(self) -> None:
        super().reset()
        self.prose: list[Prose] = []
        self.open_ends: list[OpenEnd] = []

    @property
    def kept(self) -> tuple[tuple[Prose, ...], tuple[OpenEnd, ...]]:
        """The lines of descriptions and the open ends, which `Parsed` has with and without a tree."""
        return tuple(self.prose), tuple(self.open_ends)

    def build(self, token: Token) -> None:
        matched: Any = token  # the token matcher adds its results as attributes
        if matched.matched_type == "Other" and self.current_node.rule_type == "Description":
            owner = self.stack[-2].rule_type.removesuffix("Header")
            self.prose.append(Prose(token.location["line"], matched.matched_text or "", owner))
        elif matched.matched_type == "TableRow":
            end = open_end(matched.line.get_line_text(0), token.location["line"])
            self.open_ends += [] if end is None else [end]
        super().build(token)


class _QuickParser(Parser):
    """gherkin's parser, without what cannot match; gherkin makes a table of states for each line, and tries every kind."""

    def match_token(self, state: int, token: Token, context: ParserContext) -> int:
        next_state: int = getattr(self, f"match_token_at_{state}")(token, context)
        return next_state


def _limit_to(kind: str, is_possible: Callable[[str], bool]) -> None:
    """Let the parser try a line as a *kind* only if its first character, empty in an empty line, makes that possible."""
    try_it = getattr(Parser, f"match_{kind}")

    def match(parser: Parser, context: ParserContext, token: Token) -> bool:
        return bool(token.line) and is_possible(token.line.get_line_text()[:1]) and try_it(parser, context, token)

    setattr(_QuickParser, f"match_{kind}", match)


for _kind, _marks in MARKS.items():
    _limit_to(_kind, _marks.__contains__)
for _kind in KEYWORDS:
    _limit_to(_kind, lambda first: first not in _NO_KEYWORD)


def parse(text: str) -> Parsed:
    """Parse *text*; errors are returned, not raised, and then without a tree."""
    builder = _KeepingBuilder()
    try:
        tree = _QuickParser(builder).parse(TokenScanner(text))
    except CompositeParserException as error:
        return Parsed(None, (), *builder.kept, tuple(error.errors))
    except ParserException as error:
        return Parsed(None, (), *builder.kept, (error,))
    except ParserError as error:  # pragma: no cover - gherkin gives every error a place today
        return Parsed(None, (), *builder.kept, (ParserException(str(error), {"line": 1, "column": 1}),))
    feature: Any = tree.get("feature")
    comments: Any = tree.get("comments", [])
    return Parsed(feature, tuple(comments), *builder.kept, ())


def syntax_findings(parsed: Parsed, path: str, lines: list[str]) -> list[Problem]:
    """Return one finding per mistake, without its consequences.

    An error on the line right after another error is one, and so is a wrong number of cells in a table with an open end.
    """
    findings = [open_row_finding(end, path) for end in parsed.open_ends]
    last = -1
    for error in sorted(parsed.errors, key=lambda error: error.location["line"]):
        if isinstance(error, AstBuilderException) and _is_open_above(error.location["line"], parsed.open_ends, lines):
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
                findings.append(Problem(path, line, column, "syntax", *_explanation(error, lines[line - 1])))
    return sorted(findings, key=sort_key)


def open_row_finding(end: OpenEnd, path: str) -> Problem:
    """Return the finding of rule open-row: Gherkin drops what is after the last ``|`` of a row without a word."""
    message = f"{quoted(end.text)} is after the last `|` of this row, so it would not be read"
    remedy = "write a comment on a line of its own" if end.text.startswith("#") else "end the row with `|`, or delete the text"
    return Problem(path, end.line, end.column, "open-row", message, remedy)


def _is_open_above(line: int, ends: Sequence[OpenEnd], lines: list[str]) -> bool:
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


def _explanation(error: ParserException, line: str) -> tuple[str, str, str | None]:
    """Return message, remedy and suggestion in words for analysts."""
    if isinstance(error, NoSuchLanguageException):
        name = str(error).rpartition(": ")[2]
        near = get_close_matches(name, DIALECTS, n=1, cutoff=0.5)
        remedy = f"did you mean `# language: {near[0]}`?" if near else "write for example `# language: en`"
        return f"language {quoted(name)} is not known", remedy, f"# language: {near[0]}" if near else None
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
        wanted = ", ".join(word for name in expected[1].split(", ") if (word := _TOKEN_NAMES.get(name.removeprefix("#"))))
        return f"{quoted(line.strip())} is not allowed here", f"expected {wanted or 'the end of the file'}", None
    if isinstance(error, UnexpectedEOFException):
        wanted = ", ".join(word for name in _expected_tokens(text) if (word := _TOKEN_NAMES.get(name)))
        return "the file ends too early, after this line", f"expected {wanted or 'more'}", None
    return quoted(text, 200), "correct the line", None


def _expected_tokens(text: str) -> list[str]:
    return [name.removeprefix("#") for name in text.rpartition("expected: ")[2].split(", ")]
