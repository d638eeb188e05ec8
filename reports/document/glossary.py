"""The project's glossary, read from its Markdown: headings, paragraphs and tables."""

from collections.abc import Iterator
from functools import cache

import msgspec
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from reports.html.markdown import blocks, inline_html, plain_text
from reports.html.resources import glossary_text


class GlossaryEntry(msgspec.Struct, frozen=True):
    """A row of a table: its cells, the same as plain text, and the terms that it explains (bold in the first cell)."""

    terms: tuple[str, ...]
    cells: tuple[Markup, ...]
    text: str


class Chapter(msgspec.Struct):
    """A heading with the text below it; ``depth`` 1 is a chapter, 2 a part of one."""

    title: str
    depth: int
    paragraphs: list[Markup] = []
    header: list[str] = []
    words: list[GlossaryEntry] = []


@cache
def glossary() -> tuple[Chapter, ...]:
    """Return the chapters of the glossary.

    Raises:
        ReportError: it did not come along.
    """
    return chapters(glossary_text())


def chapters(markdown: str) -> tuple[Chapter, ...]:
    """Return the headings of *markdown* below its title, each with its paragraphs and its table."""
    headings: list[Chapter] = []
    for block in blocks(markdown):
        if block.type == "heading" and block.tag != "h1":
            headings.append(Chapter(plain_text(block), int(block.tag[1:]) - 1))
        elif block.type == "paragraph" and headings:
            headings[-1].paragraphs.append(inline_html(block))
        elif block.type == "table" and headings:
            header, *rows = _rows(block)
            headings[-1].header = [plain_text(cell) for cell in header]
            headings[-1].words = [_glossary_entry(cells) for cells in rows]
    return tuple(headings)


def _rows(table: SyntaxTreeNode) -> Iterator[list[SyntaxTreeNode]]:
    for part in table.children:
        yield from (row.children for row in part.children)


def _glossary_entry(cells: list[SyntaxTreeNode]) -> GlossaryEntry:
    bold = "".join(plain_text(node) for node in cells[0].walk() if node.type == "strong")
    terms = tuple(term.strip() for term in bold.split(",") if term.strip())
    return GlossaryEntry(terms, tuple(map(inline_html, cells)), " ".join(map(plain_text, cells)))
