"""The pages of the feature files: a list of all, and a page for each, as written."""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice

import msgspec

from reports.document.content import Tally
from reports.document.filters import Filter, filter_of
from reports.document.verdict_band import LocatedFinding
from reports.examples.scenario_views import written_steps
from reports.examples.status_marks import Status, tally
from reports.examples.views import ScenarioView, StepView
from reports.html.anchors import Anchors, outline_name
from reports.site.context import Context
from reports.site.page import CHECK, HtmlFile, Page
from reports.site.pages.search import INDEX
from sop_engine.text import sentence_case, words_of_name
from sop_runs.record.schema import Background, FeatureDocument, FeatureRecord, WrittenRule


class BackgroundView(msgspec.Struct, frozen=True):
    """A Background: steps before those of every scenario, shown once, where they are written."""

    name: str
    description: str
    steps: tuple[StepView, ...]


class RuleView(msgspec.Struct, frozen=True):
    """A Rule with its scenarios; without a name, the scenarios outside any Rule."""

    anchor: str
    name: str
    description: str
    tags: tuple[str, ...]
    background: BackgroundView | None
    scenarios: tuple[ScenarioView, ...]
    tally: Tally


class FeatureView(msgspec.Struct, frozen=True):
    """A feature file: its title and description, its scenarios by Rule, and its findings."""

    path: str
    href: str
    name: str
    description: str
    tags: tuple[str, ...]
    background: BackgroundView | None
    rules: tuple[RuleView, ...]
    tally: Tally
    findings: tuple[LocatedFinding, ...]
    filter: Filter | None

    @property
    def failed(self) -> tuple[ScenarioView, ...]:
        """The scenarios that failed."""
        return tuple(view for rule in self.rules for view in rule.scenarios if view.status is Status.FAILED)


class FolderView(msgspec.Struct, frozen=True):
    """The feature files of one folder, and the results of all of them; ``title`` is the name of the folder in words."""

    path: str
    title: str
    tally: Tally
    features: tuple[FeatureView, ...]


class FeaturesView(msgspec.Struct, frozen=True):
    """The list of all files by folder; ``index`` is the script with their scenarios, ``examples`` the number of examples."""

    folders: tuple[FolderView, ...]
    files: int
    index: str
    scenarios: int
    examples: int
    filter: Filter | None


def feature_views(context: Context) -> Iterator[FeatureView]:
    """Every feature file in the order of the run."""
    scenarios: dict[str, list[ScenarioView]] = {}
    for view in context.scenarios:
        scenarios.setdefault(view.place.rpartition(":")[0], []).append(view)
    for feature in context.record.features:
        yield _feature_view(context, feature, scenarios.get(feature.path, []))


def _folder_views(context: Context, views: Sequence[FeatureView]) -> Iterator[FolderView]:
    """Return *views* by folder, in their order."""
    statuses: dict[str, list[Status]] = {}
    for view in context.scenarios:
        statuses.setdefault(_folder_of(view.place), []).extend(view.statuses)
    for folder, features in groupby(views, lambda view: _folder_of(view.path)):
        yield FolderView(folder, sentence_case(words_of_name(folder)), tally(statuses.get(folder, ())), tuple(features))


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def _feature_view(context: Context, feature: FeatureRecord, scenarios: Sequence[ScenarioView]) -> FeatureView:
    path, document = feature.path, feature.document
    return FeatureView(
        path,
        context.links.feature(path) or "",
        document.name if document else path,
        document.description if document else "",
        tuple(document.tags) if document else (),
        _background(document.background) if document else None,
        tuple(_rule_views(path, document, scenarios)) if document else (),
        tally(status for view in scenarios for status in view.statuses),
        tuple(finding for finding in context.document.findings if finding.path == path),
        filter_of(scenarios, context.record.rulebook),
    )


def _rule_views(path: str, document: FeatureDocument, scenarios: Sequence[ScenarioView]) -> Iterator[RuleView]:
    """Return the Rules in the order of the file with their scenarios; scenarios outside any Rule are one group."""
    anchors = Anchors()
    for view in scenarios:
        for anchor in (view.anchor, *(row.anchor for table in view.tables for row in table.rows)):
            anchors.take(anchor or "")
    left = iter(scenarios)
    for is_rule, children in groupby(document.children, lambda child: isinstance(child, WrittenRule)):
        if not is_rule:
            unruled = tuple(islice(left, sum(1 for _ in children)))
            yield RuleView("", "", "", (), None, unruled, tally(status for view in unruled for status in view.statuses))
            continue
        for child in children:
            if isinstance(child, WrittenRule):
                anchor = anchors.take(f"rule-{outline_name(path, None, child.name)}")
                yield _rule_view(child, anchor, tuple(islice(left, len(child.children))))


def _rule_view(written: WrittenRule, anchor: str, scenarios: tuple[ScenarioView, ...]) -> RuleView:
    counts = tally(status for view in scenarios for status in view.statuses)
    return RuleView(anchor, written.name, written.description, tuple(written.tags), _background(written.background), scenarios, counts)


def _background(written: Background | None) -> BackgroundView | None:
    return BackgroundView(written.name, written.description, written_steps(written.steps)) if written else None


def _html_files(context: Context) -> Iterator[HtmlFile]:
    views = tuple(feature_views(context))
    if views:
        examples = sum(len(view.statuses) for view in context.scenarios)
        every = filter_of(context.scenarios, context.record.rulebook)
        listed = FeaturesView(tuple(_folder_views(context, views)), len(views), INDEX, len(context.scenarios), examples, every)
        yield HtmlFile("features.html", "Features", "features.html.j2", listed)
    for view in views:
        yield HtmlFile(view.href, view.name, "feature.html.j2", view)


PAGE = Page("Features", _html_files, CHECK)
