"""The page of open questions: each with its possible readings and the one assumed until it is answered."""

from collections.abc import Iterator, Mapping

import msgspec

from reports.document.content import GapView, Tally
from reports.document.gaps import Role, roles_in_words
from reports.examples.status_marks import tally
from reports.html.links import QUESTIONS_PAGE
from reports.site.context import Context
from reports.site.page import READ, HtmlFile, Page
from reports.site.reading_rows import ReadingRow, reading_rows
from sop_engine.engine import ENGINE


class Questions(msgspec.Struct, frozen=True):
    """The gaps by their effect on the answers, those with most cases first, with their numbers and the results of their examples.

    ``readings`` has what each reading of a gap would change, for gaps that affect answers; nothing if the run had another rulebook.
    """

    kinds: tuple["QuestionGroup", ...]
    numbers: str
    tally: Tally
    readings: Mapping[str, tuple[ReadingRow, ...]]


class QuestionGroup(msgspec.Struct, frozen=True):
    """The gaps of one role, under a heading."""

    anchor: str
    title: str
    opening: str
    gaps: tuple[GapView, ...]


HEADINGS = {
    Role.DECIDES: ("deciding", "Questions that affect answers", "The answer to their cases depends on the reading."),
    Role.BESIDE: (
        "beside",
        "Questions shown beside an answer",
        "They do not change the answer to their cases. Until they are answered, watch what each of them names.",
    ),
    Role.AROUND: (
        "others",
        "Questions without cases",
        "They are about the document, the reports or other procedures. No answer to a case depends on them.",
    ),
}


def questions_page(context: Context) -> Questions:
    """The page's data."""
    gaps = context.document.gaps
    by_reach = sorted(gaps, key=lambda gap: -(gap.cases or 0))
    kinds = (QuestionGroup(*HEADINGS[role], tuple(gap for gap in by_reach if gap.role is role)) for role in Role)
    return Questions(
        tuple(kind for kind in kinds if kind.gaps),
        roles_in_words(gap.role for gap in gaps),
        tally(gap.status for gap in gaps),
        {gap.id: tuple(reading_rows(gap)) for gap in ENGINE.rulebook.gaps if gap.decides and gap.cases} if context.cases else {},
    )


def _html_files(context: Context) -> Iterator[HtmlFile]:
    if context.document.gaps:
        yield HtmlFile(QUESTIONS_PAGE, "Open questions", "questions.html.j2", questions_page(context))


PAGE = Page("Open questions", _html_files, READ)
