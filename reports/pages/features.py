"""The feature files as their authors wrote them: a list of all, and a page for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.anchors import outline_name
from reports.content import Tally
from reports.context import Context
from reports.examples import written_steps
from reports.filters import Filter, filter_of
from reports.pages.search import INDEX
from reports.placing import groups_of
from reports.shapes import Background, Document, Feature
from reports.sheets import Page, Sheet
from reports.status import tally
from reports.verdict import Trouble
from reports.views import ScenarioView, StepView


@dataclass(frozen=True, slots=True)
class BackgroundView:
    """Steps that come before those of every scenario, shown once, where they are written."""

    name: str
    description: str
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """A Rule with its scenarios; without a name the scenarios that stand under none."""

    anchor: str
    name: str
    description: str
    tags: tuple[str, ...]
    background: BackgroundView | None
    scenarios: tuple[ScenarioView, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class FeatureView:
    """A feature file: its own words, its scenarios by Rule, and what is wrong with it."""

    path: str
    href: str
    name: str
    description: str
    tags: tuple[str, ...]
    background: BackgroundView | None
    rules: tuple[RuleView, ...]
    tally: Tally
    findings: tuple[Trouble, ...]
    filter: Filter | None


@dataclass(frozen=True, slots=True)
class FeaturesView:
    """The list of all files; ``index`` is the script that knows their scenarios, ``count`` how many these are."""

    features: tuple[FeatureView, ...]
    index: str
    count: int
    filter: Filter | None


def feature_views(context: Context) -> Iterator[FeatureView]:
    """Every feature file in the order of the run."""
    scenarios: dict[str, list[ScenarioView]] = {}
    for view in context.scenarios:
        scenarios.setdefault(view.place.rpartition(":")[0], []).append(view)
    for feature in context.record.features:
        yield _view(context, feature, scenarios.get(feature["path"], []))


def _view(context: Context, feature: Feature, scenarios: Sequence[ScenarioView]) -> FeatureView:
    path, document = feature["path"], feature["document"]
    return FeatureView(
        path,
        context.links.feature(path) or "",
        document["name"] if document else path,
        document["description"] if document else "",
        tuple(document["tags"]) if document else (),
        _background(document["background"]) if document else None,
        tuple(_rules(context, path, document, scenarios)) if document else (),
        tally(status for view in scenarios for status in view.statuses),
        tuple(finding for finding in context.document.findings if finding.path == path),
        filter_of(scenarios, context.record.rulebook),
    )


def _rules(context: Context, path: str, document: Document, scenarios: Sequence[ScenarioView]) -> Iterator[RuleView]:
    backgrounds = {child["name"]: child["background"] for child in document["children"] if child["kind"] == "rule"}
    for group in groups_of(scenarios):
        _, _, *around = group.scenarios[0].levels
        yield RuleView(
            context.links.anchors.take(f"rule-{outline_name(path, None, group.rule)}", of=path) if group.rule else "",
            group.rule,
            group.description,
            around[0] if group.rule else (),
            _background(backgrounds.get(group.rule)),
            group.scenarios,
            tally(status for view in group.scenarios for status in view.statuses),
        )


def _background(written: Background | None) -> BackgroundView | None:
    return BackgroundView(written["name"], written["description"], written_steps(written["steps"])) if written else None


def _sheets(context: Context) -> Iterator[Sheet]:
    views = tuple(feature_views(context))
    if views:
        every = filter_of(context.scenarios, context.record.rulebook)
        yield Sheet("features.html", "Features", "features.html.j2", FeaturesView(views, INDEX, len(context.scenarios), every))
    for view in views:
        yield Sheet(view.href, view.name, "feature.html.j2", view)


PAGE = Page("Features", 30, _sheets, "the examples as their authors wrote them, every check coloured where it was made")
