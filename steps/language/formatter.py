"""Formatter for feature files: changes the layout and no word.

Blocks are indented by nesting, tables are aligned, one empty line separates blocks. Every character but blanks and tabs is kept,
and every line keeps its line end; a file that would lose a character or change its content is not written.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from wcwidth import wcswidth

from sop_engine import SopError
from sop_runs.problem import Problem
from steps.language.examples import written_steps
from steps.language.feature_lines import (
    BLOCKS,
    Line,
    line_blocks,
    read_lines,
    split_line_ends,
    with_placed_comments,
    without_common_indent,
)
from steps.language.parser import Parsed, cells_of, parse
from steps.language.source import decode
from steps.language.syntax import EMPTY_STEP, syntax_findings

BOM = b"\xef\xbb\xbf"
_LAYOUT = re.compile("[ \\t\\r\\n]+")
"""What the formatter may change."""
_CONTROLS = re.compile("[\\x00-\\x1f\\x7f-\\x9f]+")


class FormattingError(SopError):
    """A file that cannot be formatted; it is left unchanged."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem}; the file is left as it is")


def format_text(text: str, name: str = "") -> str:
    """Return *text* reformatted; every line keeps its line end, and a new line gets that of the line above.

    Raises:
        FormattingError: *text* is not a feature file, or its content would change.
    """
    if not text:
        return ""
    raw, ends = split_line_ends(text)
    _refuse_other_line_ends(raw, name)
    before = parse("\n".join(raw))
    findings = syntax_findings(before, name, raw)
    if findings:
        raise FormattingError(findings[0])
    _refuse_empty_steps(before, name)
    new = _formatted_text(raw, ends)
    _refuse_losses(text, new, name)
    if meaning(new.replace("\r\n", "\n")) != meaning_of(before):
        raise FormattingError(Problem(name, 1, 1, "format", "the content of the file would change", "report this as an internal error"))
    return new


def _formatted_text(raw: Sequence[str], ends: Sequence[str]) -> str:
    """Return the lines of a file that can be parsed as the new text."""
    lines = with_placed_comments(without_common_indent(read_lines(raw, ends)))
    return "".join(_formatted_lines(lines)) or ends[0]


def _refuse_other_line_ends(raw: Sequence[str], name: str) -> None:
    """Raise FormattingError for a line end other than LF and CRLF: some programs read it as a line end and some do not."""
    for number, line in enumerate(raw, start=1):
        first = next(iter(line.splitlines(keepends=True)), "")
        if len(first.splitlines()[0] if first else "") < len(first):
            code = ord(first[-1])
            message = f"there is a line end here, U+{code:04X}, that not every program recognises"
            raise FormattingError(Problem(name, number, len(first), "invisible-character", message, "delete it, or press Enter instead"))


def _refuse_empty_steps(parsed: Parsed, name: str) -> None:
    """Raise FormattingError for a step without text whose keyword ends with a blank: without the blank it would be no step."""
    for node, _ in written_steps(parsed.feature) if parsed.feature else ():
        if not node["text"] and node["keyword"].endswith(" "):
            place = node["location"]
            raise FormattingError(Problem(name, place["line"], place["column"], "undefined-step", *EMPTY_STEP))


def _formatted_lines(lines: list[Line]) -> Iterator[str]:
    """Yield the lines of the new file with their line ends."""
    widths = _column_widths(lines)
    end = ""
    pieces = [piece for piece in line_blocks(lines) if piece]
    for place, piece in enumerate(pieces):
        if place and any(line.kind in BLOCKS for line in piece):
            yield end
        for line in piece:
            yield _formatted_line(line, widths)
            yield (end := line.end)


def _formatted_line(line: Line, widths: dict[int, list[int]]) -> str:
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


def _column_widths(lines: list[Line]) -> dict[int, list[int]]:
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
    """Return the number of terminal columns that *text* takes; control characters take none."""
    return sum(wcswidth(part) for part in _CONTROLS.split(text))


def formatted(data: bytes, name: str) -> bytes:
    """Return the bytes of a feature file reformatted; its byte order mark and the end of each line are kept.

    Raises:
        FormattingError: the file cannot be read, or its content would change.
    """
    text, fault = decode(data, name)
    if fault is not None:
        raise FormattingError(fault)
    return (BOM if data.startswith(BOM) else b"") + format_text(text, name).encode()


def _refuse_losses(old: str, new: str, name: str) -> None:
    """Raise FormattingError unless the two texts have the same characters but for blanks, tabs and line ends."""
    if _LAYOUT.sub("", old) == (kept := _LAYOUT.sub("", new)):
        return
    place = 0
    for number, line in enumerate(old.split("\n"), start=1):
        for column, char in enumerate(line, start=1):
            if char in " \t\r":
                continue
            if kept[place : place + 1] != char:
                message = f"the character U+{ord(char):04X} here would be lost"
                raise FormattingError(Problem(name, number, column, "format", message, "delete it, or put it between other characters"))
            place += 1
    raise FormattingError(Problem(name, 1, 1, "format", "the file would get other characters", "report this as an internal error"))


def meaning(text: str) -> object:
    """Return the content of a file, for comparison: its tree without positions, its comments, its descriptions word by word."""
    return meaning_of(parse(text))


def meaning_of(parsed: Parsed) -> object:
    """Return the content of a parsed file, as `meaning` does."""
    return (
        _meaning_of_node(parsed.feature),
        [comment["text"].strip() for comment in parsed.comments],
        [end.text for end in parsed.unclosed_rows],
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
