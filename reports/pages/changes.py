"""What is different from an earlier run, and how the runs at hand went."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from reports.changes import Changes, ExampleChange, changes
from reports.content import Link
from reports.context import Context
from reports.history import PastRun, history
from reports.sheets import Page, Sheet

MOST_LINKS = 4
WIDTH, HEIGHT, GAP = 640, 96, 3


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer that changed, with the examples that assert it."""

    about: str
    reading: str
    facet: str
    before: str
    after: str
    examples: tuple[Link, ...]
    more: int


@dataclass(frozen=True, slots=True)
class TextView:
    """A clause or gap that reads otherwise."""

    id: str
    href: str | None
    kind: str
    parts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ExampleView:
    """Examples of one name that came, went, or are others: so many rows; ``href`` leads to the first."""

    name: str
    was: str
    path: str
    href: str | None
    rows: int


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The page's data; ``compared`` is false where there was nothing to compare with."""

    compared: bool
    same: bool
    answers: tuple[AnswerView, ...]
    texts: tuple[TextView, ...]
    examples: tuple[tuple[str, tuple[ExampleView, ...]], ...]
    runs: tuple[PastRun, ...]
    chart: str


def changes_page(context: Context) -> ChangesPage:
    """The page's data."""
    found = changes(context.base, context.record) if context.base is not None else Changes((), (), ())
    names = {(scenario["feature"], scenario["id"]): scenario["name"] for scenario in context.record.scenarios}
    answers = tuple(
        AnswerView(
            each.about, each.reading, each.facet, each.before, each.after,
            tuple(Link(context.links.scenario(*key) or "", names[key]) for key in each.examples[:MOST_LINKS]),
            max(0, len(each.examples) - MOST_LINKS),
        )
        for each in found.answers
    )  # fmt: skip
    texts = tuple(TextView(each.id, context.links.id(each.id), each.kind, each.parts) for each in found.texts)
    kinds = ("broken", "vanished", "reworded", "renamed", "mended", "added")
    groups = tuple(
        (kind, mine) for kind in kinds if (mine := tuple(_views(context, [each for each in found.examples if each.kind == kind])))
    )
    runs = history(context.folder)
    return ChangesPage(context.base is not None, not found, answers, texts, groups, runs, trend(runs))


def _views(context: Context, examples: list[ExampleChange]) -> Iterator[ExampleView]:
    """One for each scenario, however many rows of it changed."""
    alike: dict[tuple[str, str, str], list[ExampleChange]] = {}
    for each in examples:
        alike.setdefault((each.path, each.name, each.was), []).append(each)
    for (path, name, was), mine in alike.items():
        key = mine[0].key
        yield ExampleView(name, was, path, context.links.scenario(*key) if key else None, len(mine))


def trend(runs: tuple[PastRun, ...]) -> Markup:
    """A bar for each run: what passed, above it what did not; nothing for a single run."""
    if len(runs) < 2:  # noqa: PLR2004 (one bar is no trend)
        return Markup("")
    most = max(1, *(run.written for run in runs))
    width = min(40.0, (WIDTH - GAP * (len(runs) - 1)) / len(runs))
    bars = []
    for place, run in enumerate(runs):
        x = place * (width + GAP)
        passed = HEIGHT * run.passed / most
        other = HEIGHT * max(0, run.written - run.passed) / most
        said = escape(f"{run.run_id}: {run.written} written, {run.passed} passed, {run.state}")
        bars.append(
            Markup('<g><title>{}</title><rect class="ran" x="{}" y="{}" width="{}" height="{}"/><rect class="not" x="{}" y="{}" width="{}" height="{}"/></g>').format(
                said, f"{x:.1f}", f"{HEIGHT - passed:.1f}", f"{width:.1f}", f"{passed:.1f}",
                f"{x:.1f}", f"{HEIGHT - passed - other:.1f}", f"{width:.1f}", f"{other:.1f}",
            )
        )  # fmt: skip
    body = Markup("").join(bars)
    return Markup(
        '<svg class="trend" viewBox="0 0 {} {}" role="img" aria-label="Examples of the runs at hand, oldest first; the table below says the same">{}</svg>'
    ).format(WIDTH, HEIGHT, body)


def _sheets(context: Context) -> Iterator[Sheet]:
    page = changes_page(context)
    if page.compared or len(page.runs) > 1:
        yield Sheet("changes.html", "Changes", "changes.html.j2", page)


PAGE = Page("Changes", 60, _sheets, "what is different from an earlier run: answers, sentences, examples")
