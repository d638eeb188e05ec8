"""The feature files as their authors wrote them: a list of all, and a page for each."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.content import Group, Tally
from reports.context import Context
from reports.placing import groups_of
from reports.sheets import Page, Sheet
from reports.status import tally
from reports.verdict import Trouble


@dataclass(frozen=True, slots=True)
class FeatureView:
    """A feature file: its own words, its scenarios by Rule, and what is wrong with it."""

    path: str
    href: str
    name: str
    paragraphs: tuple[str, ...]
    groups: tuple[Group, ...]
    tally: Tally
    findings: tuple[Trouble, ...]


def _views(context: Context) -> Iterator[FeatureView]:
    for feature in context.record.features:
        path, document = feature["path"], feature["document"]
        scenarios = [view for view in context.scenarios if view.place.rpartition(":")[0] == path]
        paragraphs = [" ".join(each.split()) for each in document["description"].split("\n\n")] if document else []
        yield FeatureView(
            path,
            context.links.feature(path) or "",
            document["name"] if document else path,
            tuple(filter(None, paragraphs)),
            groups_of(scenarios),
            tally(status for view in scenarios for status in view.statuses),
            tuple(finding for finding in context.document.findings if finding.path == path),
        )


def _sheets(context: Context) -> Iterator[Sheet]:
    views = tuple(_views(context))
    if views:
        yield Sheet("features.html", "Features", "features.html.j2", views)
    for view in views:
        yield Sheet(view.href, view.name, "feature.html.j2", view)


PAGE = Page("Features", 30, _sheets, "the examples as their authors wrote them, every check coloured where it was made")
