"""Lines of a feature file for the formatter: kind, depth, indentation and line end of each; depths of comments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gherkin.ast_builder import AstBuilder
from gherkin.parser import Parser
from gherkin.token import Token
from gherkin.token_scanner import TokenScanner

STEP = 2
"""Indentation of one level, in characters."""
BLOCKS = frozenset({"RuleLine", "BackgroundLine", "ScenarioLine", "ExamplesLine"})
_HEADERS = BLOCKS | {"FeatureLine"}
_BLANKS = " \t"
"""The characters that the formatter may remove at the ends of a line; another space, such as U+00A0, is kept or refused."""


@dataclass(slots=True)
class Line:
    """A line of the file: its kind, its depth, and its text without indentation; *indent* and *end* are as written.

    *depth* is the indentation that it gets, in characters. *group* numbers the tables.
    """

    kind: str
    depth: int
    text: str
    indent: int = 0
    end: str = ""
    group: int = 0


def stripped(text: str) -> str:
    """Return *text* without blanks and tabs at its ends."""
    return text.strip(_BLANKS)


def split_line_ends(text: str) -> tuple[list[str], list[str]]:
    """Return the lines of *text*, and the line end of each: LF or CRLF; a last line without one gets that of the line above."""
    lines = text.split("\n")
    ends = ["\r\n" if line.endswith("\r") else "\n" for line in lines]
    lines = [line.removesuffix("\r") for line in lines[:-1]] + lines[-1:]
    if lines[-1]:
        ends[-1] = ends[-2] if len(ends) > 1 else "\n"
        return lines, ends
    return lines[:-1], ends[:-1]


def read_lines(raw: Sequence[str], ends: Sequence[str]) -> list[Line]:
    """Return the lines of a file that can be parsed; comments do not have their depth yet."""
    reader = _LineReader(raw, ends)
    Parser(reader).parse(TokenScanner("\n".join(raw)))
    return reader.lines


@dataclass
class _LineReader(AstBuilder):
    """gherkin's builder, which keeps every line with its depth instead of a tree."""

    raw: Sequence[str]
    ends: Sequence[str]
    lines: list[Line] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    opened: int = 0
    tables: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def reset(self) -> None:
        self.lines, self.inside = [], []

    def start_rule(self, rule_type: str) -> None:
        self.inside.append(rule_type)
        if rule_type in ("DataTable", "ExamplesTable"):
            self.tables += 1

    def end_rule(self, rule_type: str) -> None:  # noqa: ARG002
        self.inside.pop()

    def get_result(self) -> list[Line]:
        return self.lines

    def build(self, token: Token) -> None:
        matched: Any = token
        if matched.matched_type == "EOF":
            return
        number = token.location["line"] - 1
        raw = self.raw[number]
        kind, text = matched.matched_type, stripped(raw)
        if kind == "Other" and "DocString" in self.inside:
            kind, text = "DocString", _without_indent(raw, self.opened)
        elif kind == "DocStringSeparator":
            self.opened = len(raw) - len(raw.lstrip())
        elif kind == "Other":
            kind, text = ("Other", raw.expandtabs().rstrip(_BLANKS)) if text else ("Empty", "")
        group = self.tables if kind == "TableRow" else 0
        self.lines.append(Line(kind, self._depth(kind), text, _indent_of(raw), self.ends[number], group))

    def _depth(self, kind: str) -> int:
        """Return the indentation of a line, in characters: by its block; the content of a block is indented once more."""
        rule = "Rule" in self.inside
        examples = "ExamplesDefinition" in self.inside
        scenario = examples or "ScenarioDefinition" in self.inside or "Background" in self.inside
        block = STEP * (rule + scenario + examples)
        own = kind == "Language" or (kind.endswith("Line") and kind != "StepLine")
        if own:
            return block
        return block + (2 * STEP if kind in ("TableRow", "DocString", "DocStringSeparator") and not examples else STEP)


def _without_indent(raw: str, indent: int) -> str:
    """Return a line of a doc string without the indentation of its opening marks."""
    blank = len(raw) - len(raw.lstrip())
    return raw[min(indent, blank) :]


def _indent_of(raw: str) -> int:
    text = raw.expandtabs()
    return len(text) - len(text.lstrip(_BLANKS))


def without_common_indent(lines: list[Line]) -> list[Line]:
    """Remove the common indentation of each description; lines keep their relative indentation, so that a list stays a list."""
    prose: list[Line] = []
    for line in [*lines, Line("End", 0, "")]:
        if line.kind == "Other":
            prose.append(line)
        elif line.kind not in ("Empty", "Comment"):
            least = min((_indent_of(prose_line.text) for prose_line in prose), default=0)
            for prose_line in prose:
                prose_line.text = prose_line.text[least:]
            prose = []
    return lines


def with_placed_comments(lines: list[Line]) -> list[Line]:
    """Set the depth of each comment: that of the line below, or, at the end of a block, that of what it follows.

    It is at the end of a block if it is indented more than the line below, or if an empty line is between it and the next
    block. A comment that is aligned with the next block, such as a scenario that is commented out, stays so.
    """
    followed = _followed_depths(lines)
    below, touches = None, False
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        if line.kind == "Empty":
            touches = False
        elif line.kind == "Comment":
            line.depth = followed[place].depth if below is None else _comment_depth(line, followed[place], below, touches=touches)
            touches = touches and below is not None and line.depth == below.depth
        else:
            below, touches = line, True
    return lines


@dataclass(frozen=True, slots=True)
class _Followed:
    """What a comment follows: its depth, and the indentation of the line above the comment."""

    depth: int
    indent: int


def _comment_depth(comment: Line, followed: _Followed, below: Line, *, touches: bool) -> int:
    """Return the depth of a comment between what it *followed* and the line *below*, which it *touches* or not."""
    if comment.indent <= below.indent:
        aligned = comment.indent == below.indent < followed.indent
        if touches or aligned or below.kind not in BLOCKS | {"TagLine"}:
            return below.depth
    return max(followed.depth, below.depth)


def _followed_depths(lines: Sequence[Line]) -> dict[int, _Followed]:
    """Return what each comment follows: the nearest line above that is not indented more; without one, the line above.

    Below a header that is indented less, its depth is that of the content. At the left margin a comment follows the line above, which
    may be a comment too.
    """
    followed: dict[int, _Followed] = {}
    stack: list[tuple[Line, list[int]]] = []  # lines with rising indentation, each with the depths of the lines up to the next one
    last, margin = Line("Comment", 0, ""), 0
    for place, line in enumerate(lines):
        if line.kind == "Comment":
            depth = _depth_on(stack, line.indent)
            margin = depth if depth and line.indent else margin
            followed[place] = _Followed(margin, last.indent)
        elif line.kind not in ("Empty", "DocString"):
            skipped: list[int] = []
            while stack and stack[-1][0].indent >= line.indent:
                above, depths = stack.pop()
                skipped += [min([above.depth, *depths])]
            if stack and skipped:
                stack[-1][1].append(min(skipped))
            stack.append((line, []))
            last, margin = line, line.depth
    return followed


def _depth_on(stack: Sequence[tuple[Line, list[int]]], indent: int) -> int:
    """Return the least depth between the end of *stack* and its last line that is not indented more than *indent*; 0 if there is none."""
    passed: list[int] = []
    for line, depths in reversed(stack):
        if line.indent <= indent:
            content = line.kind in _HEADERS and line.indent < indent
            return min([*passed, *depths, line.depth + STEP * content])
        passed.append(min([line.depth, *depths]))
    return 0


def line_blocks(lines: Iterable[Line]) -> Iterable[list[Line]]:
    """Split the file before each block, its tags and its comments; keep single empty lines, remove others."""
    piece: list[Line] = []
    waiting: list[Line] = []
    for line in lines:
        if line.kind in ("TagLine", "Comment", "Empty"):
            waiting.append(line)
            continue
        if line.kind in BLOCKS:
            start = _first_of_block(waiting, line.depth)
            piece += waiting[:start]
            yield _without_surplus_blanks(piece)
            piece, waiting = [waiting_line for waiting_line in waiting[start:] if waiting_line.kind != "Empty"], []
        piece += [*waiting, line]
        waiting = []
    yield _without_surplus_blanks(piece + waiting)


def _first_of_block(waiting: list[Line], depth: int) -> int:
    """Return the index of the first tag or comment that belongs to the block below, at *depth*: after the last empty line above it."""
    tags = [place for place, line in enumerate(waiting) if line.kind == "TagLine"]
    last = tags[0] if tags else len(waiting)
    while last and waiting[last - 1].kind == "Comment" and waiting[last - 1].depth == depth:
        last -= 1
    return last


def _without_surplus_blanks(piece: list[Line]) -> list[Line]:
    """Return *piece* without empty lines at its ends, and with at most one between other lines."""
    lines: list[Line] = []
    for line in piece:
        if line.kind != "Empty" or (lines and lines[-1].kind != "Empty"):
            lines.append(line)
    while lines and lines[-1].kind == "Empty":
        lines.pop()
    return lines
