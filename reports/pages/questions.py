"""Where the SOP is silent: every open question, the ways to read it, and the one we take until it is answered."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.content import GapView, Tally
from reports.context import Context
from reports.links import QUESTIONS
from reports.sheets import Page, Sheet
from reports.status import tally


@dataclass(frozen=True, slots=True)
class Questions:
    """Those whose answer decides cases, most cases first, and those that decide none."""

    deciding: tuple[GapView, ...]
    others: tuple[GapView, ...]
    tally: Tally


def questions(context: Context) -> Questions:
    """The page's data."""
    gaps = context.document.gaps
    deciding = sorted((gap for gap in gaps if gap.cases), key=lambda gap: -(gap.cases or 0))
    return Questions(tuple(deciding), tuple(gap for gap in gaps if not gap.cases), tally(gap.status for gap in gaps))


def _sheets(context: Context) -> Iterator[Sheet]:
    if context.document.gaps:
        yield Sheet(QUESTIONS, "Where the SOP is silent", "questions.html.j2", questions(context))


PAGE = Page("Open questions", _sheets, "what the SOP leaves open, how it can be read, and what we take it to mean until it is answered")
