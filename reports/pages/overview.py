"""The first page: what this is, what the run is worth, what is wrong, and where to go."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.content import Figure
from reports.context import Context
from reports.links import OVERVIEW
from reports.sheets import Page, Sheet
from reports.verdict import Trouble
from reports.views import Failure


@dataclass(frozen=True, slots=True)
class Overview:
    """What a newcomer needs to know first."""

    failures: tuple[Failure, ...]
    findings: tuple[Trouble, ...]
    figures: tuple[Figure, ...]


def _sheets(context: Context) -> Iterator[Sheet]:
    document = context.document
    data = Overview(document.failures, document.findings, document.figures)
    yield Sheet(OVERVIEW, "Overview", "overview.html.j2", data)


PAGE = Page("Overview", 0, _sheets)
