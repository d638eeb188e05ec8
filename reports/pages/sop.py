"""The SOP in document order: every sentence in our words, what it binds, and the examples below."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.content import LivingDocument, PartView, Tally
from reports.context import Context
from reports.links import SOP
from reports.sheets import Page, Sheet
from reports.source import Beside, beside
from reports.status import tally


@dataclass(frozen=True, slots=True)
class SopView:
    """The parts of the document; ``beside`` is the reader's own copy of it, where there is one."""

    parts: tuple[PartView, ...]
    tally: Tally
    beside: Beside | None


def _places(document: LivingDocument) -> Iterator[str]:
    """What the headings and sentences call their line, in document order."""
    for part in document.parts:
        yield from (clause.line for clause in part.clauses)
        for section in part.sections:
            yield section.line
            yield from (clause.line for clause in section.clauses)


def sop_view(context: Context) -> SopView:
    """The page's data.

    Raises:
        ReportError: the reader's copy is of another document.
    """
    parts = context.document.parts
    clauses = [clause for part in parts for clause in part.all_clauses]
    text = beside(_places(context.document), context.source) if context.source is not None else None
    return SopView(parts, tally(clause.status for clause in clauses), text)


def _sheets(context: Context) -> Iterator[Sheet]:
    if context.document.parts:
        yield Sheet(SOP, "The SOP, sentence by sentence", "sop.html.j2", sop_view(context))


PAGE = Page("The SOP", _sheets, "every sentence in our own words, in the order of the document, with the examples that show it")
