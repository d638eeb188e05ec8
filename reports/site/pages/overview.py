"""The first page: may this order be cancelled? Then the run, what is wrong, what changed, and the open questions."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from reports.document.case_explorer import Explorer, explorer
from reports.document.content import Figure, GapView
from reports.document.gaps import Role
from reports.document.verdict_band import LocatedFinding
from reports.examples.status_marks import Status
from reports.examples.views import FailureView
from reports.html.links import OVERVIEW_PAGE
from reports.site.context import Context
from reports.site.page import HtmlFile, Page
from sop_runs.change.change_text import summary

MOST_FAILURES, MOST_ROWS = 50, 12
"""Most scenarios in the list, and most rows of each."""
MOST_QUESTIONS = 5


class Tile(msgspec.Struct, frozen=True):
    """A clause as one small mark."""

    href: str
    id: str
    status: Status


class Strip(msgspec.Struct, frozen=True):
    """A heading and its clauses."""

    href: str
    title: str
    tiles: tuple[Tile, ...]


class FailedScenario(msgspec.Struct, frozen=True):
    """A failed scenario: its failed rows, and the number of those that are not listed."""

    first: FailureView
    others: tuple[FailureView, ...]
    more: int


class Overview(msgspec.Struct, frozen=True):
    """What a newcomer needs to know first.

    ``more`` counts the scenarios that fail and are not listed, ``unlinked`` scenarios of no sentence; ``comparison`` says what is compared
    with and what changed, both empty where nothing is; ``form`` looks up a case, None if the run had another rulebook.
    """

    failures: tuple[FailedScenario, ...]
    more: int
    findings: tuple[LocatedFinding, ...]
    figures: tuple[Figure, ...]
    strips: tuple[Strip, ...]
    questions: tuple[tuple[str, GapView], ...]
    unlinked: int
    comparison: tuple[str, str] = ("", "")
    form: Explorer | None = None


def overview_page(context: Context) -> Overview:
    """The page's data."""
    document, links = context.document, context.links
    failures = tuple(_failing(document.failures))
    still_open = [gap for gap in document.gaps if gap.role is Role.DECIDES and not gap.answered]
    oldest = sorted(still_open, key=lambda gap: (len(gap.id), gap.id))  # numbers are given in order
    return Overview(
        failures[:MOST_FAILURES],
        max(0, len(failures) - MOST_FAILURES),
        document.findings,
        document.figures,
        tuple(_strips(context)),
        tuple((links.gap(gap.id) or "", gap) for gap in oldest[:MOST_QUESTIONS]),
        sum(len(group.scenarios) for group in document.unlinked),
        (context.changes.before.name, summary(context.changes)) if context.changes is not None else ("", ""),
        explorer(short=True) if context.cases else None,
    )


def _failing(failures: Iterable[FailureView]) -> Iterator[FailedScenario]:
    for _, (first, *others) in groupby(failures, key=lambda failure: (failure.name, failure.place.rpartition(":")[0])):
        yield FailedScenario(first, tuple(others[: MOST_ROWS - 1]), max(0, len(others) + 1 - MOST_ROWS))


def _strips(context: Context) -> Iterator[Strip]:
    """Return a row of marks for every part of the document."""
    href = context.links.id
    for part in context.document.parts:
        yield Strip(
            href(part.id) or "", part.title, tuple(Tile(href(clause.id) or "", clause.id, clause.status) for clause in part.all_clauses)
        )


def _html_files(context: Context) -> Iterator[HtmlFile]:
    yield HtmlFile(OVERVIEW_PAGE, "Overview", "overview.html.j2", overview_page(context))


PAGE = Page("Overview", _html_files)
