"""Formatter for feature files: changes the layout and no word.

Blocks are indented by nesting, tables are aligned, one empty line separates blocks. Comments, descriptions and doc strings
keep their words; a file whose content would change is not written.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gherkin.ast_builder import AstBuilder
from gherkin.errors import ParserError
from gherkin.parser import Parser
from gherkin.token import Token
from gherkin.token_scanner import TokenScanner

from sop_engine import SopError
from sop_engine.text import quoted
from steps.language.parser import Parsed, parse
from steps.language.source import decode
from steps.language.table_rows import cells_of, open_end

BOM = b"\xef\xbb\xbf"
BLOCKS = frozenset({"RuleLine", "BackgroundLine", "ScenarioLine", "ExamplesLine"})
STEP = 2


class FormattingError(SopError):
    """A file that cannot be formatted; it is left unchanged."""


@dataclass(slots=True)
class _Line:
    """A line of the file: its kind, its depth, and its text without indentation."""

    kind: str
    depth: int
    text: str
    group: int = 0


@dataclass
class _LineReader(AstBuilder):
    """gherkin's builder, which also keeps every line with its depth."""

    raw: Sequence[str]
    lines: list[_Line] = field(default_factory=list)
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

    def get_result(self) -> list[_Line]:
        return self.lines

    def build(self, token: Token) -> None:
        matched: Any = token
        if matched.matched_type == "EOF":
            return
        raw = self.raw[token.location["line"] - 1]
        kind, text = matched.matched_type, raw.strip()
        if kind == "Other" and "DocString" in self.inside:
            kind, text = "DocString", _without_indent(raw, self.opened)
        elif kind == "DocStringSeparator":
            self.opened = len(raw) - len(raw.lstrip())
        elif kind == "Other":
            kind, text = ("Other", raw.expandtabs().rstrip()) if text else ("Empty", "")
        self.lines.append(_Line(kind, self._depth(kind), text, self.tables if kind == "TableRow" else 0))

    def _depth(self, kind: str) -> int:
        """Return the indentation of a line, in characters: by its block; the content of a block is indented once more."""
        rule = "Rule" in self.inside
        examples = "ExamplesDefinition" in self.inside
        scenario = examples or "ScenarioDefinition" in self.inside or "Background" in self.inside
        block = STEP * (rule + scenario + examples)
        own = kind.endswith("Line") and kind != "StepLine"
        if own:
            return block
        return block + (2 * STEP if kind in ("TableRow", "DocString", "DocStringSeparator") and not examples else STEP)


def _without_indent(raw: str, indent: int) -> str:
    """Return a line of a doc string without the indentation of its opening marks."""
    blank = len(raw) - len(raw.lstrip())
    return raw[min(indent, blank) :]


def format_text(text: str) -> str:
    """Return *text* reformatted, its lines ended by LF.

    Raises:
        FormattingError: *text* is not a feature file.
    """
    raw = text.removesuffix("\n").split("\n") if text else []
    if raw != text.splitlines():
        raise FormattingError("it has line ends that not every program recognises")
    builder = _LineReader(raw)
    try:
        Parser(builder).parse(TokenScanner(text))
    except ParserError as error:
        raise FormattingError(f"it cannot be read: {str(error).splitlines()[-1]}") from None
    _refuse_open_ends(builder.lines)
    lines = _with_placed_comments(_with_common_indent_removed(builder.lines))
    return "\n".join(_formatted_lines(lines)).strip("\n") + "\n" if lines else ""


def _refuse_open_ends(lines: Sequence[_Line]) -> None:
    """Raise FormattingError for a table row with text after its last ``|``: Gherkin does not read it, so it would be lost."""
    for number, line in enumerate(lines, start=1):
        end = open_end(line.text, number) if line.kind == "TableRow" else None
        if end is not None:
            raise FormattingError(f"line {number}: {quoted(end.text)} is after the last `|` of its row and would be lost")


def _with_common_indent_removed(lines: list[_Line]) -> list[_Line]:
    """Remove the common indentation of each description; lines keep their relative indentation, so that a list stays a list."""
    prose: list[_Line] = []
    for line in [*lines, _Line("End", 0, "")]:
        if line.kind == "Other":
            prose.append(line)
        elif line.kind not in ("Empty", "Comment"):
            least = min((len(prose_line.text) - len(prose_line.text.lstrip()) for prose_line in prose), default=0)
            for prose_line in prose:
                prose_line.text = prose_line.text[least:]
            prose = []
    return lines


def _with_placed_comments(lines: list[_Line]) -> list[_Line]:
    """Indent each comment like the next line below it; a comment at the end like the line above it."""
    depth = next((line.depth for line in reversed(lines) if line.kind not in ("Comment", "Empty")), 0)
    for line in reversed(lines):
        if line.kind == "Comment":
            line.depth = depth
        elif line.kind != "Empty":
            depth = line.depth
    return lines


def _formatted_lines(lines: list[_Line]) -> Iterator[str]:
    widths = _column_widths(lines)
    pieces = list(_line_blocks(lines))
    for place, piece in enumerate(pieces):
        opens = any(line.kind in BLOCKS for line in piece)
        if place and opens:
            yield ""
        for line in piece:
            yield _formatted_line(line, widths)


def _line_blocks(lines: list[_Line]) -> Iterator[list[_Line]]:
    """Split the file before each block, its tags and its comments; keep single empty lines, remove others."""
    piece: list[_Line] = []
    waiting: list[_Line] = []
    for line in lines:
        if line.kind in ("TagLine", "Comment", "Empty"):
            waiting.append(line)
            continue
        if line.kind in BLOCKS:
            start = _first_of_block(waiting)
            piece += waiting[:start]
            yield _without_surplus_blanks(piece)
            piece, waiting = [waiting_line for waiting_line in waiting[start:] if waiting_line.kind != "Empty"], []
        piece += [*waiting, line]
        waiting = []
    yield _without_surplus_blanks(piece + waiting)


def _first_of_block(waiting: list[_Line]) -> int:
    """Return the index of the first tag or comment that belongs to the block below: after the last empty line above its tags."""
    tags = [place for place, line in enumerate(waiting) if line.kind == "TagLine"]
    last = tags[0] if tags else len(waiting)
    while last and waiting[last - 1].kind == "Comment":
        last -= 1
    return last


def _without_surplus_blanks(piece: list[_Line]) -> list[_Line]:
    """Return *piece* without empty lines at its ends, and with at most one between other lines."""
    lines: list[_Line] = []
    for line in piece:
        if line.kind != "Empty" or (lines and lines[-1].kind != "Empty"):
            lines.append(line)
    while lines and lines[-1].kind == "Empty":
        lines.pop()
    return lines


def _formatted_line(line: _Line, widths: dict[int, list[int]]) -> str:
    if line.kind == "Empty":
        return ""
    if line.kind == "TableRow":
        cells = cells_of(line.text)
        if not cells:
            return " " * line.depth + "|"
        padded = (cell + " " * (width - width_of(cell)) for cell, width in zip(cells, widths[line.group], strict=False))
        return " " * line.depth + "| " + " | ".join(padded) + " |"
    if line.kind == "DocString" and not line.text:
        return ""
    return " " * line.depth + line.text


def _column_widths(lines: list[_Line]) -> dict[int, list[int]]:
    widths: dict[int, list[int]] = {}
    for line in lines:
        if line.kind == "TableRow":
            column_widths = widths.setdefault(line.group, [])
            for place, cell in enumerate(cells_of(line.text)):
                if place == len(column_widths):
                    column_widths.append(0)
                column_widths[place] = max(column_widths[place], width_of(cell))
    return widths


def width_of(text: str) -> int:
    """Return the number of terminal columns that *text* takes."""
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def formatted(data: bytes, name: str) -> bytes:
    """Return the bytes of a feature file reformatted; its byte order mark and line ends are kept.

    Raises:
        FormattingError: the file cannot be read, or its content would change.
    """
    text, fault = decode(data, name)
    if fault is not None:
        raise FormattingError(f"{name}:{fault.line}: {fault.message}; {fault.remedy}")
    crlf = b"\r\n" in data
    text = text.replace("\r\n", "\n")
    try:
        new = format_text(text)
    except FormattingError as error:
        raise FormattingError(f"{name}: {error}; run `sop lint` for details") from None
    before = parse(text)
    if before.errors:
        raise FormattingError(f"{name}: it cannot be read: {str(before.errors[0]).splitlines()[-1]}; run `sop lint` for details")
    if meaning_of(parse(new)) != meaning_of(before):
        raise FormattingError(f"{name}: not reformatted, because its content would change; report this as an internal error")
    return (BOM if data.startswith(BOM) else b"") + (new.replace("\n", "\r\n") if crlf else new).encode()


def meaning(text: str) -> object:
    """Return the content of a file, for comparison: its tree without positions, its comments, its descriptions word by word."""
    return meaning_of(parse(text))


def meaning_of(parsed: Parsed) -> object:
    """Return the content of a parsed file, as `meaning` does."""
    return (
        _meaning_of_node(parsed.feature),
        [comment["text"].strip() for comment in parsed.comments],
        [end.text for end in parsed.open_ends],
        [str(error) for error in parsed.errors],
    )


def _meaning_of_node(node: Any) -> object:
    if isinstance(node, dict):
        return {
            key: value.split() if key == "description" else _meaning_of_node(value)
            for key, value in node.items()
            if key not in ("location", "id")
        }
    return [_meaning_of_node(child) for child in node] if isinstance(node, list) else node
