"""The page of all cases: compact grids, one per heading, and an explorer of one case at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.document.case_explorer import DATA, FIRST, QUESTIONS, explorer_js
from reports.document.case_grids import CaseGrid, case_grids
from reports.document.certainty import BESIDE, DIFFERS, Certainty
from reports.html.links import CASES_PAGE, SOP_PAGE
from reports.html.reading_switch import MEANINGS, ReadingControl, address, reading_control
from reports.site.context import Context
from reports.site.page import Attachment, HtmlFile, Page
from sop_engine import EVERY_CASE, Reading

OFF = ("⊘", "cannot occur", "cannot occur in practice: no order reaches it by its regular steps; the answer is shown for completeness")


@dataclass(frozen=True, slots=True)
class Cases:
    """The page's data: grids in one reading, meaning of their signs, choices of the explorer, and the case that it shows first."""

    control: ReadingControl
    grids: tuple[CaseGrid, ...]
    certainties: tuple[Certainty, ...]
    signs: tuple[tuple[str, str, str], ...]
    questions: tuple[tuple[str, str, tuple[str, ...]], ...]
    first: Mapping[str, str]
    data: str
    all: int
    sop: str
    off: tuple[str, str, str] = OFF

    @property
    def differing(self) -> int:
        """Number of cases that the other reading answers differently."""
        return sum(grid.differing for grid in self.grids)


def cases_page(context: Context, reading: Reading) -> Cases:
    """The page's data."""
    grids = case_grids(reading, context.links)
    return Cases(
        reading_control(CASES_PAGE, reading),
        grids,
        tuple(Certainty),
        (DIFFERS, BESIDE, OFF),
        QUESTIONS,
        FIRST,
        DATA,
        len(EVERY_CASE),
        address(SOP_PAGE, reading),
    )


def _html_files(context: Context) -> Iterator[HtmlFile | Attachment]:
    if context.cases:
        for reading in MEANINGS:
            page = cases_page(context, reading)
            yield HtmlFile(address(CASES_PAGE, reading), f"Decision tables, {page.control.name}", "cases.html.j2", page, reading)
        yield Attachment(DATA, explorer_js(context.links))


PAGE = Page("Decision tables", _html_files, "the answers to all cases, and how certain they are")
