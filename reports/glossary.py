"""The project's glossary, read from its Markdown: headings, paragraphs and tables, and bold, italic and code inside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import takewhile
from pathlib import Path

Pieces = tuple[tuple[str, str], ...]
"""Text in pieces, each with its kind: ``text``, ``strong``, ``em`` or ``code``."""

_INLINE = re.compile(r"\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*]+)\*|`(?P<code>[^`]+)`")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_RULER = re.compile(r"\|[\s:|-]+\|?")
_TOP = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A line of a table: its cells, and the words it explains."""

    terms: tuple[str, ...]
    cells: tuple[Pieces, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading with what stands below it; ``depth`` 1 is a chapter, 2 a part of one."""

    title: str
    depth: int
    paragraphs: tuple[Pieces, ...]
    header: tuple[str, ...]
    words: tuple[Word, ...]


def glossary() -> tuple[Chapter, ...]:
    """The chapters of the glossary; none where it did not come along."""
    packed: Traversable = files("reports").joinpath("glossary.md")
    written = Path(__file__).parents[1] / "docs" / "glossary.md"
    found = next((file for file in (packed, written) if file.is_file()), None)
    return chapters(found.read_text(encoding="utf-8")) if found else ()


def chapters(markdown: str) -> tuple[Chapter, ...]:
    """The headings of *markdown* below its title, each with its paragraphs and its table."""
    return tuple(_chapters(markdown.splitlines()))


def _chapters(lines: list[str]) -> Iterator[Chapter]:
    starts = [index for index, line in enumerate(lines) if (found := _HEADING.fullmatch(line)) and len(found[1]) >= _TOP]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        found = _HEADING.fullmatch(lines[start])
        body = lines[start + 1 : end]
        rows = [_cells(line) for line in body if line.startswith("|") and not _RULER.fullmatch(line)]
        if found:
            title, depth = found[2], len(found[1]) - _TOP + 1
            yield Chapter(title, depth, tuple(_paragraphs(body)), tuple(rows[0]) if rows else (), tuple(map(_word, rows[1:])))


def _paragraphs(lines: list[str]) -> Iterator[Pieces]:
    rest = iter(lines)
    for line in rest:
        if line.strip() and not line.startswith("|"):
            yield pieces(" ".join([line, *takewhile(lambda each: each.strip() != "", rest)]))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _word(cells: list[str]) -> Word:
    bold = "".join(text for kind, text in pieces(cells[0]) if kind == "strong")
    return Word(tuple(term.strip() for term in bold.split(",") if term.strip()), tuple(map(pieces, cells)))


def pieces(text: str) -> Pieces:
    """*text* cut at its marks; a mark without an end is text."""
    found: list[tuple[str, str]] = []
    at = 0
    for match in _INLINE.finditer(text):
        found += [("text", text[at : match.start()]), (match.lastgroup or "text", match[match.lastgroup or 0])]
        at = match.end()
    return tuple((kind, piece) for kind, piece in [*found, ("text", text[at:])] if piece)
