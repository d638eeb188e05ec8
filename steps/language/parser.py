"""Parser: feature text to gherkin's tree or findings. No content of a file raises an exception.

The tree comes from gherkin-official. Its pickle compiler is never called: it puts column headers into a regular
expression (with a header ``(a+)+`` matching does not end). `steps.language.examples` fills placeholders by plain replacement
instead.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from gherkin.ast_builder import AstBuilder
from gherkin.dialect import DIALECTS
from gherkin.errors import (
    CompositeParserException,
    NoSuchLanguageException,
    ParserError,
    ParserException,
    UnexpectedEOFException,
    UnexpectedTokenException,
)
from gherkin.parser import Parser
from gherkin.token import Token
from gherkin.token_scanner import TokenScanner

from sop_engine.text import quoted
from sop_runs.problem import Problem

Node = dict[str, Any]
"""A node of gherkin's tree."""

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
    """Result of parsing a file: the feature (None if there is none), comments, every line read as prose, and the errors."""

    feature: Node | None
    comments: tuple[Node, ...]
    prose: tuple[Prose, ...]
    errors: tuple[ParserException, ...]

    @property
    def unexpected(self) -> frozenset[int]:
        """The numbers of the lines that Gherkin does not allow in their place."""
        return frozenset(error.location["line"] for error in self.errors if isinstance(error, UnexpectedTokenException))


class _ProseBuilder(AstBuilder):
    """gherkin's builder, which also keeps the lines of the descriptions."""

    def reset(self) -> None:
        super().reset()
        self.prose: list[Prose] = []

    def build(self, token: Token) -> None:
        matched: Any = token  # the token matcher adds its results as attributes
        if matched.matched_type == "Other" and self.current_node.rule_type == "Description":
            owner = self.stack[-2].rule_type.removesuffix("Header")
            self.prose.append(Prose(token.location["line"], matched.matched_text or "", owner))
        super().build(token)


def parse(text: str) -> Parsed:
    """Parse *text*; errors are returned, not raised, and then without a tree."""
    builder = _ProseBuilder()
    try:
        tree = Parser(builder).parse(TokenScanner(text))
    except CompositeParserException as error:
        return Parsed(None, (), tuple(builder.prose), tuple(error.errors))
    except ParserException as error:
        return Parsed(None, (), tuple(builder.prose), (error,))
    except ParserError as error:  # pragma: no cover - gherkin gives every error a place today
        return Parsed(None, (), tuple(builder.prose), (ParserException(str(error), {"line": 1, "column": 1}),))
    feature: Any = tree.get("feature")
    comments: Any = tree.get("comments", [])
    return Parsed(feature, tuple(comments), tuple(builder.prose), ())


def syntax_findings(errors: Iterable[ParserException], path: str, lines: list[str]) -> list[Problem]:
    """Return one finding per mistake: an error on the line right after another error is a consequence and left out."""
    findings: list[Problem] = []
    last = -1
    for error in sorted(errors, key=lambda error: error.location["line"]):
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
    return findings


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
