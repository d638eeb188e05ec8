"""The page of the glossary: one word for one thing."""

from collections.abc import Iterator

import msgspec
from markupsafe import Markup

from reports.document.glossary import Chapter, glossary
from reports.html.anchors import Anchors
from reports.html.links import GLOSSARY_PAGE, word_anchor
from reports.site.context import Context
from reports.site.page import READ, HtmlFile, Page
from sop_engine.text import slug


class WordRow(msgspec.Struct, frozen=True):
    """A row of a table; ``anchors`` are the addresses of the words that it explains."""

    anchors: tuple[str, ...]
    cells: tuple[Markup, ...]


class ChapterView(msgspec.Struct, frozen=True):
    """A heading with its table."""

    anchor: str
    chapter: Chapter
    rows: tuple[WordRow, ...]


def chapter_views(chapters: tuple[Chapter, ...]) -> tuple[ChapterView, ...]:
    """The page's data; the address of a word that is explained twice is its first place."""
    anchors = Anchors()
    return tuple(
        ChapterView(
            anchors.take(f"chapter-{slug(chapter.title)}"),
            chapter,
            tuple(WordRow(tuple(anchors.take(word_anchor(term)) for term in word.terms), word.cells) for word in chapter.words),
        )
        for chapter in chapters
    )


def _html_files(_: Context) -> Iterator[HtmlFile]:
    yield HtmlFile(GLOSSARY_PAGE, "Glossary", "glossary.html.j2", chapter_views(glossary()))


PAGE = Page("Glossary", _html_files, READ)
