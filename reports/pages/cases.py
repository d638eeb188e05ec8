"""All cases that can be put to the SOP: compact grids, one per heading, and an explorer of one case at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.cases import CaseGrid
from reports.context import Context
from reports.explorer import DATA, FIRST, QUESTIONS, explorer_js
from reports.links import CASES
from reports.sheets import Attachment, Page, Sheet

SOURCES = (
    ("stated", "●", "the SOP says it"),
    ("assumed", "◐", "we say it, under an open question"),
    ("silent", "○", "nobody says all of it"),
)
OFF = ("off", "⊘", "off the life cycle: no order's life comes here; the answer is given all the same")


@dataclass(frozen=True, slots=True)
class Cases:
    """The page's data: grids, what their signs mean, what the explorer asks, and which case it shows first."""

    grids: tuple[CaseGrid, ...]
    sources: tuple[tuple[str, str, str], ...]
    off: tuple[str, str, str]
    questions: tuple[tuple[str, str, tuple[str, ...]], ...]
    first: Mapping[str, str]
    data: str

    def sign(self, source: str) -> str:
        """The symbol of *source*."""
        return next(symbol for word, symbol, _ in self.sources if word == source)


def _sheets(context: Context) -> Iterator[Sheet | Attachment]:
    if context.grids:
        yield Sheet(CASES, "All cases at a glance", "cases.html.j2", Cases(context.grids, SOURCES, OFF, QUESTIONS, FIRST, DATA))
        yield Attachment(DATA, explorer_js(context.links))


PAGE = Page("Decision tables", _sheets, "every situation that can be put to the SOP, with its answer and who says so")
