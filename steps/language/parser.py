"""Parser: feature text to gherkin's tree, or to its errors. No content of a file raises an exception.

The tree comes from gherkin-official. Its pickle compiler is never called: it puts column headers into a regular
expression (with a header ``(a+)+`` matching does not end). `steps.language.examples` fills placeholders by plain replacement
instead.
"""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from gherkin.ast_builder import AstBuilder
from gherkin.errors import CompositeParserException, ParserError, ParserException, UnexpectedTokenException
from gherkin.parser import Parser, ParserContext
from gherkin.token import Token
from gherkin.token_scanner import TokenScanner

Node = dict[str, Any]
"""A node of gherkin's tree."""

MARKS = {"TagLine": {"@"}, "TableRow": {"|"}, "Comment": {"#"}, "Language": {"#"}, "DocStringSeparator": {'"', "`"}}
"""The kinds of lines that begin with a mark, and their marks."""
KEYWORDS = ("FeatureLine", "RuleLine", "BackgroundLine", "ScenarioLine", "ExamplesLine", "StepLine")
"""The kinds of lines that begin with a keyword, which begins with no mark in any language."""
_NO_KEYWORD = {None, "", *chain.from_iterable(MARKS.values())}


@dataclass(frozen=True, slots=True)
class UnclosedRow:
    """The text of a table row that no ``|`` closes, with its place."""

    line: int
    column: int
    text: str


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
    unclosed_rows: tuple[UnclosedRow, ...]
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
        self.unclosed_rows: list[UnclosedRow] = []

    @property
    def kept(self) -> tuple[tuple[Prose, ...], tuple[UnclosedRow, ...]]:
        """The lines of descriptions and the open ends, which `Parsed` has with and without a tree."""
        return tuple(self.prose), tuple(self.unclosed_rows)

    def build(self, token: Token) -> None:
        matched: Any = token  # the token matcher adds its results as attributes
        if matched.matched_type == "Other" and self.current_node.rule_type == "Description":
            owner = self.stack[-2].rule_type.removesuffix("Header")
            self.prose.append(Prose(token.location["line"], matched.matched_text or "", owner))
        elif matched.matched_type == "TableRow":
            end = unclosed_row(matched.line.get_line_text(0), token.location["line"])
            self.unclosed_rows += [] if end is None else [end]
        super().build(token)


class _QuickParser(Parser):
    """gherkin's parser, without what cannot match and without what cannot fail.

    gherkin makes a table of states for each line, tries every kind, and expects an error of each call of its builder and matcher.
    """

    def read_token(self, context: ParserContext) -> Token:
        """Read a line, and keep its first character, which almost every match looks at: empty in an empty line, None after the last."""
        token: Any = super().read_token(context)
        token.first = token.line.get_line_text()[:1] if token.line else None
        return token  # type: ignore[no-any-return]

    def match_token(self, state: int, token: Token, context: ParserContext) -> int:
        next_state: int = getattr(self, f"match_token_at_{state}")(token, context)
        return next_state

    def match_EOF(self, context: ParserContext, token: Token) -> bool:  # noqa: N802 - as in gherkin
        return not token.line and super().match_EOF(context, token)

    def start_rule(self, context: ParserContext, rule_type: str) -> None:  # noqa: ARG002 - as in gherkin
        self.ast_builder.start_rule(rule_type)

    def end_rule(self, context: ParserContext, rule_type: str) -> None:
        try:
            self.ast_builder.end_rule(rule_type)
        except ParserException as error:  # such as a table with rows of different lengths
            self.add_error(context, error)

    def build(self, context: ParserContext, token: Token) -> None:  # noqa: ARG002 - as in gherkin
        self.ast_builder.build(token)


def _limit_to_marks(kind: str, marks: set[str]) -> None:
    """Let the parser try a line as a *kind* only if it begins with one of *marks*."""
    try_it = getattr(Parser, f"match_{kind}")

    def match(parser: Parser, context: ParserContext, token: Any) -> bool:
        return token.first in marks and try_it(parser, context, token)

    setattr(_QuickParser, f"match_{kind}", match)


def _limit_to_keywords(kind: str) -> None:
    """Let the parser try a line as a *kind* only if it does not begin with a mark; this match has no errors."""
    name = f"match_{kind}"

    def match(_: Parser, context: ParserContext, token: Any) -> bool:
        return token.first not in _NO_KEYWORD and getattr(context.token_matcher, name)(token)

    setattr(_QuickParser, name, match)


for _kind, _marks in MARKS.items():
    _limit_to_marks(_kind, _marks)
for _kind in KEYWORDS:
    _limit_to_keywords(_kind)


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


def cells_of(row: str) -> list[str]:
    """Return the cells of a table row as written, including escapes."""
    return _parts_of(row)[:-1]


def unclosed_row(row: str, line: int) -> UnclosedRow | None:
    """Return the text after the last ``|`` of the table row *row*, which is at *line*; None if there is none."""
    row = row.rstrip()
    if row.endswith("|") and not row.endswith("\\|"):
        return None
    behind = _parts_of(row.lstrip())[-1]
    text = behind.strip()
    return UnclosedRow(line, len(row) - len(behind.lstrip()) + 1, text) if text else None


def _parts_of(row: str) -> list[str]:
    """Return the texts between the ``|`` of a row that begins with one, and the text after the last."""
    parts, part, place = [], "", 1
    while place < len(row):
        if row[place] == "\\" and place + 1 < len(row):
            part += row[place : place + 2]
            place += 2
            continue
        if row[place] == "|":
            parts.append(part.strip(" \t"))
            part = ""
        else:
            part += row[place]
        place += 1
    return [*parts, part]
