"""The SOP in document order: every sentence in our words, what it binds, and the examples below."""

from collections.abc import Iterator

from reports.context import Context
from reports.links import SOP
from reports.sheets import Page, Sheet


def _sheets(context: Context) -> Iterator[Sheet]:
    if context.document.parts:
        yield Sheet(SOP, "The SOP, sentence by sentence", "sop.html.j2", context.document)


PAGE = Page("The SOP", 10, _sheets)
