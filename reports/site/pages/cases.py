"""The page of all cases: compact grids, one per heading, and an explorer of one case at a time."""

from collections.abc import Iterator

import msgspec

from reports.document.answer_marks import code_meanings, meaning_of, slug_of, symbol_of
from reports.document.case_explorer import DATA, Explorer, explorer, explorer_js
from reports.document.case_grids import CaseGrid, case_grids
from reports.document.certainty import BESIDE, DIFFERS, Certainty
from reports.document.life_cycle import further_stages
from reports.html.links import CASES_PAGE
from reports.html.reading_switch import Choice, choices
from reports.site.context import Context
from reports.site.page import READ, Attachment, HtmlFile, Page
from sop_engine import EVERY_CASE, Outcome
from sop_engine.stages import StageWords

OFF = ("⊘", "cannot occur", "no order reaches this case by its regular steps; the answer is shown for completeness")


class Cases(msgspec.Struct, frozen=True):
    """The page's data: the form that looks up a case, the grids in both readings, and the meaning of their signs and colours."""

    form: Explorer
    grids: tuple[CaseGrid, ...]
    certainties: tuple[Certainty, ...]
    signs: tuple[tuple[str, str, str], ...]
    outcomes: tuple[tuple[str, str, str, str], ...]
    codes: tuple[tuple[str, str], ...]
    all: int
    choices: tuple[Choice, ...]
    off: tuple[str, str, str] = OFF
    further_stages: tuple[StageWords, ...] = ()

    @property
    def differing(self) -> int:
        """Number of cases that the other reading answers differently."""
        return sum(grid.differing for grid in self.grids)


def cases_page(context: Context) -> Cases:
    """The page's data."""
    grids = case_grids(context.links)
    present = {answer.answer.outcome for grid in grids for row in grid.rows for cell in row.cells for answer in cell.answers.values()}
    outcomes = [outcome for outcome in Outcome if outcome in present]
    return Cases(
        explorer(),
        grids,
        tuple(Certainty),
        (DIFFERS, BESIDE, OFF),
        tuple((symbol_of(outcome), slug_of(outcome), str(outcome), meaning_of(outcome)) for outcome in outcomes),
        code_meanings(),
        len(EVERY_CASE),
        choices(),
        further_stages=further_stages(),
    )


def _html_files(context: Context) -> Iterator[HtmlFile | Attachment]:
    if context.cases:
        yield HtmlFile(CASES_PAGE, "Decision tables", "cases.html.j2", cases_page(context))
        yield Attachment(DATA, explorer_js(context.links))


PAGE = Page("Decision tables", _html_files, READ)
