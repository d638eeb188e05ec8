"""Parsing: feature text in, gherkin's tree or findings out. Nothing that a file says can raise.

The tree comes from gherkin-official. Its pickle compiler is never called: it pastes column headers into a regular
expression (a header ``(a+)+`` does not end). `steps.language.examples` fills placeholders by plain replacement instead.
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
    """A line of a description, and what it describes: Feature, Rule, Background, Scenario or Examples."""

    line: int
    text: str
    owner: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the parser made of a file: the feature (None where there is none), and every line that it took for prose."""

    feature: Node | None
    comments: tuple[Node, ...]
    prose: tuple[Prose, ...]
    errors: tuple[ParserException, ...]

    @property
    def unexpected(self) -> frozenset[int]:
        """The lines that cannot stand where they do."""
        return frozenset(error.location["line"] for error in self.errors if isinstance(error, UnexpectedTokenException))


class _ProseBuilder(AstBuilder):
    """gherkin's builder, remembering on which lines the descriptions stand."""

    def reset(self) -> None:
        super().reset()
        self.prose: list[Prose] = []

    def build(self, token: Token) -> None:
        matched: Any = token  # the token matcher adds what it found as attributes
        if matched.matched_type == "Other" and self.current_node.rule_type == "Description":
            owner = self.stack[-2].rule_type.removesuffix("Header")
            self.prose.append(Prose(token.location["line"], matched.matched_text or "", owner))
        super().build(token)


def parse(text: str) -> Parsed:
    """Parse *text*; errors are returned, with what could be read in spite of them left out."""
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
    """One finding per mistake: an error on the line right after another's is a consequence and left out."""
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
                findings.append(Problem(path, *opened, "syntax", "this doc string has no end", remedy))
            else:
                if too_early:
                    line, column = _last_written(lines)
                findings.append(Problem(path, line, column, "syntax", *_explanation(error, lines[line - 1])))
    return findings


def _last_written(lines: list[str]) -> tuple[int, int]:
    """Where the last line is on which anything stands."""
    number, text = max(((number, text) for number, text in enumerate(lines, start=1) if text.strip()), default=(1, ""))
    return number, len(text) - len(text.lstrip()) + 1


def _open_fence(lines: list[str]) -> tuple[int, int] | None:
    """Where the doc string begins that nothing ends."""
    fence, place = "", None
    for number, line in enumerate(lines, start=1):
        text = line.lstrip()
        if fence and text.startswith(fence):
            fence, place = "", None
        elif not fence and text.startswith(('"""', "```")):
            fence, place = text[:3], (number, len(line) - len(text) + 1)
    return place


def _explanation(error: ParserException, line: str) -> tuple[str, str, str | None]:
    """Message, remedy and suggestion in the analyst's words."""
    if isinstance(error, NoSuchLanguageException):
        name = str(error).rpartition(": ")[2]
        near = get_close_matches(name, DIALECTS, n=1, cutoff=0.5)
        remedy = f"did you mean `# language: {near[0]}`?" if near else "write for example `# language: en`"
        return f"language {quoted(name)} is not known", remedy, f"# language: {near[0]}" if near else None
    text = str(error).partition("): ")[2]
    if "inconsistent cell count" in text:
        return (
            "this table row has more or fewer cells than the first row of its table",
            "give every row the same number of cells (a | inside a cell is written \\|)",
            None,
        )
    if "whitespace" in text:
        return "a tag may not contain a space", "write each tag as one word that begins with @", None
    expected = _EXPECTED.search(text)
    if expected:
        wanted = ", ".join(word for name in expected[1].split(", ") if (word := _TOKEN_NAMES.get(name.removeprefix("#"))))
        return f"{quoted(line.strip())} cannot stand here", f"expected {wanted or 'the end of the file'}", None
    if isinstance(error, UnexpectedEOFException):
        wanted = ", ".join(word for name in _expected_tokens(text) if (word := _TOKEN_NAMES.get(name)))
        return "the file ends too early, after this line", f"expected {wanted or 'more'}", None
    return quoted(text, 200), "mend the line", None


def _expected_tokens(text: str) -> list[str]:
    return [name.removeprefix("#") for name in text.rpartition("expected: ")[2].split(", ")]
