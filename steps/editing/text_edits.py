"""Edits of the text of a feature file, and fixes that consist of them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextEdit:
    """A change of the text from one place to another; lines and columns count from 1, columns in characters, the end is not included."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that remove a finding, and their name."""

    title: str
    edits: tuple[TextEdit, ...]


def edited(text: str, edits: Sequence[TextEdit]) -> str:
    """Return *text* with *edits*, which do not overlap."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for edit in sorted(edits, key=lambda edit: (edit.line, edit.column), reverse=True):
        first = starts[edit.line - 1] + edit.column - 1
        last = min(starts[edit.end_line - 1] + edit.end_column - 1, len(text))
        text = text[:first] + edit.text + text[last:]
    return text


def in_line(line: int, start: int, end: int, text: str) -> TextEdit:
    """Return the edit that replaces the characters from index *start* to before *end* of *line* by *text*."""
    return TextEdit(line, start + 1, line, end + 1, text)


def without_lines(title: str, first: int, last: int = 0) -> Fix:
    """Return the fix that deletes the lines from *first* to *last*, which is *first* by default."""
    return Fix(title, (TextEdit(first, 1, max(first, last) + 1, 1, ""),))


def indent_of(line: str) -> str:
    """Return the blanks at the beginning of *line*."""
    return line[: len(line) - len(line.lstrip())]
