"""Where the SOP is silent: every open question, the ways to read it, and the one we take until it is answered."""

from collections.abc import Iterator

from reports.context import Context
from reports.links import QUESTIONS
from reports.sheets import Page, Sheet


def _sheets(context: Context) -> Iterator[Sheet]:
    if context.document.gaps:
        yield Sheet(QUESTIONS, "Where the SOP is silent", "questions.html.j2", context.document)


PAGE = Page("Open questions", 20, _sheets)
