"""All cases that can be put to the SOP, as compact grids, one per heading."""

from collections.abc import Iterator

from reports.context import Context
from reports.links import CASES
from reports.sheets import Page, Sheet


def _sheets(context: Context) -> Iterator[Sheet]:
    if context.grids:
        yield Sheet(CASES, "All cases at a glance", "cases.html.j2", context.grids)


PAGE = Page("Decision tables", 40, _sheets, "every situation that can be put to the SOP, with its answer and who says so")
