"""Descriptions in a small and safe part of Markdown.

Paragraphs, lists, quotations, headings, emphasis, code and links; everything else stays the text that it is: HTML, images,
entities, bare addresses. A heading becomes a strong paragraph, because only the page itself has headings.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from textwrap import dedent

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

FORMATTED_CHARACTERS = 20_000
"""Characters of the longest text that is parsed: the parser takes up to 40 microseconds for one."""
_RULES = ("list", "fence", "blockquote", "heading", "lheading", "emphasis", "backticks", "link", "escape", "newline")
_TEXT = ("text", "code_inline", "softbreak")
_KEPT = {"link_open": "href", "ordered_list_open": "start"}
_ABROAD = re.compile(r"https?://[A-Za-z0-9\[][A-Za-z0-9.:\]-]*(?:[/?#][^\\\s]*)?", re.IGNORECASE)
_HERE = re.compile(r"[A-Za-z0-9_#?-][A-Za-z0-9_./?#=&;,+~!$'()*@%-]*")
_ASTRAY = re.compile(r"(?:^|/)\.\.(?:/|$)|//|%(?:00|2e|2f|3a|5c)", re.IGNORECASE)


def safe_address(address: str) -> bool:
    """Return whether *address* may be a link: on the web, or a file at or below the page; no other scheme or machine, no parent folder."""
    if _ABROAD.fullmatch(address):
        return True
    return bool(_HERE.fullmatch(address)) and not _ASTRAY.search(re.split("[?#]", address)[0])


class _Narrow(MarkdownIt):
    """Make a parser with only `_RULES` and *more* enabled; a link with a refused address stays text."""

    def __init__(self, *more: str) -> None:
        super().__init__("zero", {"html": False, "linkify": False, "typographer": False})
        self.enable([*_RULES, *more])

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return safe_address(url)


_PARSER, _WITH_TABLES = _Narrow(), _Narrow("table")


@lru_cache(maxsize=4096)
def markdown(text: str) -> Markup:
    """Convert *text*, which may be indented as in a feature file, to HTML with only the elements named above.

    A text of more than `FORMATTED_CHARACTERS` characters is shown as it is.
    """
    written = dedent(text).strip("\n")
    if not written.strip():
        return Markup()
    if len(written) > FORMATTED_CHARACTERS:
        return Markup("<p>{}</p>").format(written)
    return _html(_PARSER.parse(written))


def blocks(text: str) -> Sequence[SyntaxTreeNode]:
    """Parse the blocks of a document, including tables."""
    return SyntaxTreeNode(_WITH_TABLES.parse(text)).children


def inline_html(block: SyntaxTreeNode) -> Markup:
    """Convert the text of a heading, a paragraph or a cell to HTML."""
    return _html([node.token for node in block.children if node.token])


def plain_text(block: SyntaxTreeNode) -> str:
    """Return the text of a heading, a paragraph, a cell or a part of one, without markup."""
    return "".join(" " if node.type == "softbreak" else node.content for node in block.walk() if node.type in _TEXT)


def _html(tokens: Sequence[Token]) -> Markup:
    _narrow(tokens)
    return Markup(_PARSER.renderer.render(tokens, _PARSER.options, {}).rstrip())  # noqa: S704 - the renderer escapes, the rules are few


def _narrow(tokens: Iterable[Token]) -> None:
    """Remove titles, languages of code and levels of headings, which the renderer would write as attributes."""
    for token in tokens:
        allowed = _KEPT.get(token.type)
        token.attrs = {name: value for name, value in token.attrs.items() if name == allowed}
        token.info = ""
        if token.type in ("heading_open", "heading_close"):
            token.tag = "p"
        if token.type == "heading_open":
            token.attrs = {"class": "heading"}
        _narrow(token.children or ())
