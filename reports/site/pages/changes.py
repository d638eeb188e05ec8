"""The page of changes: differences from the baseline or from an earlier run or release, and the results of the recent runs."""

from collections.abc import Iterable, Iterator

import msgspec
from markupsafe import Markup

from reports.document.content import Link
from reports.examples.status_marks import Status, status_of_run, worst
from reports.site.answer_regions import ChangedPart, changed_parts, first_facts, readings_text, section_of, situation_text
from reports.site.context import Context
from reports.site.page import CHECK, HtmlFile, Page
from reports.site.run_history import History, PastRun, history
from reports.site.text_diff import Piece, Wording, line_diff, word_diff
from reports.site.trend_chart import trend_chart
from sop_engine import case_from
from sop_engine.comparison import RegionKind
from sop_engine.decision_table import situation_keys
from sop_engine.statement import CASE
from sop_engine.text import counted, slug, visible
from sop_engine.versions import with_version
from sop_runs.change.baseline import approved_folder
from sop_runs.change.change_text import reference_line, summary
from sop_runs.change.example_text import ExampleKey
from sop_runs.change.snapshot_changes import AnswerChange, Changes, ExampleChange
from sop_runs.change.text_changes import ChangeKind, TextChange
from sop_runs.record.reader import COMPLETE
from sop_runs.record.verdict_text import left_out_text

MOST_LINKS, MOST_REGIONS, MOST_EXAMPLES = 6, 200, 100
ANSWERS = len(tuple(situation_keys()))
"""Every situation under every reading."""
ONE_SIDED = {
    RegionKind.NEW: "to cases of a stage that did not exist before",
    RegionKind.GONE: "to cases of a stage that does not exist now",
}
MEANS = {
    ChangeKind.NEWLY_FAILING: "they passed before and do not pass now",
    ChangeKind.GONE: "they existed before and do not now",
    ChangeKind.EDITED: "their wording changed",
    ChangeKind.RENAMED: "the same wording, under another name or Rule",
    ChangeKind.MOVED: "the same wording, in another file",
    ChangeKind.NEWLY_PASSING: "they did not pass before and pass now",
    ChangeKind.NEW: "they did not exist before",
}
NAMES_OF_PARTS = {
    "text": "", "why": "reason", "chosen": "we assume", "cases": "cases that depend on it", "over": "overrides",
    "line": "line of the document", "operative": "can be tested", "nearest": "nearest clauses", "description": "",
    "why_not_operative": "why it cannot be tested", "rules_on": "rules on", "rests_on": "rests on", "leaves_open": "leaves open",
    "watch": "what to watch", "when": "cases", "facts": "cases", "like": "answered like", "resolutions": "what we decide meanwhile",
    "dispositions": "where returned units go", "complete": "why no other task is needed",
    "reading": "number of the reading in force", "alternatives": "what other readings would decide",
    "dated": "date", "follows": "earlier versions", "short": "in few words", "code": "code in the decision tables",
}  # fmt: skip


class Count(msgspec.Struct, frozen=True):
    """Number of differences of one kind, and of how many; None if not compared; ``href`` is a link to them, if there are any."""

    number: int | None
    of: int | None
    label: str
    note: str
    href: str


class RegionView(msgspec.Struct, frozen=True):
    """Situations whose answer changed: which, how many, the changed parts, the cause, and the examples that assert it."""

    situation: str
    href: str | None
    size: str
    readings: str
    parts: tuple[ChangedPart, ...]
    causes: tuple[Link, ...]
    examples: tuple[tuple[Link, int], ...]
    more: int


class ChangedSectionView(msgspec.Struct, frozen=True):
    """The regions under a heading of the SOP."""

    id: str
    title: str
    href: str | None
    count: str
    regions: tuple[RegionView, ...]


class TextView(msgspec.Struct, frozen=True):
    """A clause, gap or description that is new, removed or edited: each part in pieces; ``place`` is that of a description."""

    id: str
    href: str | None
    kind: str
    text: str
    parts: tuple[tuple[str, tuple[Piece, ...]], ...]
    place: str = ""


class ExampleView(msgspec.Struct, frozen=True):
    """Examples of one name with the same kind of change, and their number; place, link, wording and failure are those of the first."""

    name: str
    was: str
    place: str
    link: Link | None
    rows: int
    wording: Wording
    silent: bool
    notes: tuple[str, ...]


class GroupView(msgspec.Struct, frozen=True):
    """All examples of one kind of change; ``more`` is the number that is not listed."""

    kind: str
    id: str
    means: str
    views: tuple[ExampleView, ...]
    more: int


class ChangesPage(msgspec.Struct, frozen=True):
    """The page's data; without a comparison ``against`` is empty, and ``system``, ``versions`` or ``problem`` may have the reason.

    ``approved`` is the folder of the baseline of this version, ``versions`` that of the run and the present one, if they differ.
    """

    against: str = ""
    problem: str = ""
    approved: str = ""
    verdict: str = ""
    same: bool = True
    counts: tuple[Count, ...] = ()
    notes: tuple[str, ...] = ()
    sections: tuple[ChangedSectionView, ...] = ()
    more: int = 0
    texts: tuple[TextView, ...] = ()
    examples: tuple[GroupView, ...] = ()
    runs: tuple[PastRun, ...] = ()
    system: str = ""
    versions: tuple[str, str] | None = None
    chart: Markup = Markup("")


def changes_page(context: Context) -> ChangesPage:
    """The page's data."""
    changes, recent = context.changes, history(context.folder, context.verdict)
    if changes is None:
        return ChangesPage(
            system=visible(context.record.head.driver.words) if context.record.head.driver else "",
            versions=(visible(context.other_version), context.version) if context.other_version else None,
            problem=with_version(context.no_comparison),
            approved=approved_folder().as_posix(),
            notes=_unreadable(recent),
            runs=recent.runs,
            chart=trend_chart(recent.runs),
        )
    listed = changes.answers[:MOST_REGIONS]
    return ChangesPage(
        against=changes.before.name,
        verdict=summary(changes),
        same=not changes,
        counts=tuple(_change_counts(changes)),
        notes=(*_notes(context, changes), *_unreadable(recent)),
        sections=tuple(_section_views(context, changes, listed)),
        more=len(changes.answers) - len(listed),
        texts=tuple(_text_view(context, change) for change in changes.texts),
        examples=tuple(_group_views(context, changes)),
        runs=recent.runs,
        chart=trend_chart(recent.runs),
    )


def _change_counts(changes: Changes) -> Iterator[Count]:
    compared = changes.answers_known, changes.texts_known, changes.examples_known
    answers = None if compared[0] is None else changes.situations
    texts = None if compared[1] is None else len(changes.texts)
    yield Count(answers, compared[0], "answers", "changed outcome, tasks or citations", "#answers")
    for kind, note in ONE_SIDED.items():
        if number := changes.situations_of(kind):
            yield Count(number, None, f"answers {kind}", note, "#answers")
    yield Count(texts, compared[1], "clauses and questions", "new, gone or edited", "#texts")
    failed = set(changes.before.failed.values())
    unknown = {ChangeKind.NEWLY_FAILING: not failed, ChangeKind.NEWLY_PASSING: True not in failed}
    for result in (kind for kind in ChangeKind if not unknown.get(kind)):
        number = len({(change.path, change.name) for change in changes.examples if change.kind is result})
        yield Count(None if compared[2] is None else number, None, f"scenarios {result}", MEANS[result], f"#{slug(result)}")


def _notes(context: Context, changes: Changes) -> Iterator[str]:
    """Return the sentences on what the two sides do not contain."""
    if changes.answers_known is None:
        yield "Answers are not compared: the examples of the two runs check no answer in common."
    elif changes.before.record is not None:
        yield f"A run has only the answers that its examples check: {changes.answers_known} of {counted(ANSWERS, 'answer')} are compared."
    elif not context.cases:
        yield "This run had another rulebook than the present one, so only the answers that its examples check are compared."
    yield from (f"{reference_line(reference)}: check that it still holds." for reference in changes.references)
    if changes.texts_known is None:
        yield "Clauses are not compared: the baseline has no wording of them. The next approval saves it."
    if changes.examples_known is None and changes.before.examples is None:
        yield "Scenarios are not compared: a table of answers has none."
    elif changes.examples_known is None:
        yield "Scenarios are not compared: the two sides have no feature file in common."
    record = changes.before.record
    if record is not None and record.state != COMPLETE:
        yield f"The run compared with did not finish ({record.state}); scenarios that it did not reach are not counted as new."
    if context.record.state != COMPLETE:
        yield "This run did not finish; scenarios that it did not reach are not counted as gone."


def _unreadable(recent: History) -> tuple[str, ...]:
    """Return the sentence on the earlier runs that are left out."""
    return (f"{left_out_text(recent.unreadable).replace('`', '')}. Delete what you do not need.",) if recent.unreadable else ()


def _section_views(context: Context, changes: Changes, answers: Iterable[AnswerChange]) -> Iterator[ChangedSectionView]:
    under: dict[tuple[str, str], list[AnswerChange]] = {}
    for change in answers:
        under.setdefault(section_of(change.region), []).append(change)
    for (identifier, title), section_changes in under.items():
        count = sum(change.region.size * len(change.readings) for change in section_changes)
        yield ChangedSectionView(
            identifier,
            title,
            context.links.id(identifier),
            counted(count, "answer"),
            tuple(_region_view(context, changes, change) for change in section_changes),
        )


def _region_view(context: Context, changes: Changes, change: AnswerChange) -> RegionView:
    region, links = change.region, context.links
    case = region.subject == CASE
    asserting = _by_scenario(context, changes, change.examples)
    return RegionView(
        situation_text(region),
        links.case(case_from(first_facts(region))) if case and region.kind is not RegionKind.GONE else None,
        counted(region.size, "case" if case else "returned unit"),
        readings_text(change.readings),
        tuple(changed_parts(region)),
        tuple(Link(links.id(cause) or "", changes.sentences.get(cause, ""), short=cause) for cause in region.causes),
        asserting[:MOST_LINKS],
        max(0, len(asserting) - MOST_LINKS),
    )


def _by_scenario(context: Context, changes: Changes, keys: Iterable[ExampleKey]) -> tuple[tuple[Link, int], ...]:
    """Return a link to the first row of each scenario, with the worst status and the number of its rows."""
    alike: dict[tuple[str, str], list[ExampleKey]] = {}
    present = changes.after.examples or {}
    for key in keys:
        alike.setdefault((key[0], present[key].name), []).append(key)
    statuses = _statuses(context)
    return tuple(
        (Link(context.links.scenario(*rows[0]) or "", name, worst(statuses[key] for key in rows)), len(rows))
        for (_, name), rows in alike.items()
    )


def _statuses(context: Context) -> dict[ExampleKey, Status]:
    return {scenario.key: status_of_run(scenario) for scenario in context.record.scenarios}


def _text_view(context: Context, change: TextChange) -> TextView:
    parts = tuple((NAMES_OF_PARTS.get(name, name), word_diff(before, after)) for name, before, after in change.parts)
    href = context.links.feature(change.path) if change.path else context.links.id(change.id)
    return TextView(change.id, href, change.kind, change.text, parts, f"{change.path}:{change.line}" if change.path else "")


def _group_views(context: Context, changes: Changes) -> Iterator[GroupView]:
    for kind in ChangeKind:
        alike: dict[tuple[str, str], list[ExampleChange]] = {}
        for change in changes.examples:
            if change.kind is kind:
                alike.setdefault((change.path, change.name), []).append(change)
        if alike:
            views = tuple(_example_view(context, same) for same in [*alike.values()][:MOST_EXAMPLES])
            yield GroupView(kind, slug(kind), MEANS[kind], views, max(0, len(alike) - MOST_EXAMPLES))


def _example_view(context: Context, same: list[ExampleChange]) -> ExampleView:
    first = same[0]
    wording = _wording(first)
    link = None
    if first.key:
        link = Link(context.links.scenario(*first.key) or "", first.name, _statuses(context)[first.key])
    failing = first.kind is ChangeKind.NEWLY_FAILING
    notes = [failure.notes for failure in context.document.failures if link and failure.href == link.href] if failing else []
    place = f"{first.path}:{first.line}"
    return ExampleView(first.name, _before(first), place, link, len(same), wording or (), wording is None, notes[0] if notes else ())


def _before(change: ExampleChange) -> str:
    """Return the name, file or Rule that an example had before, if it changed: ``its Rule was: …``."""
    before, after = change.before, change.after
    if before is None or after is None or change.kind not in (ChangeKind.RENAMED, ChangeKind.MOVED):
        return ""
    parts = ("its name", before.name, after.name), ("its file", before.feature, after.feature), ("its Rule", before.rule, after.rule)
    return next((f"{part} was: {old}" for part, old, new in parts if old != new and old), "")


def _wording(change: ExampleChange) -> Wording | None:
    """Return the old wording, beside the new one if that is shown; None if the old wording was not stored."""
    old = change.before.lines if change.before is not None else []
    if change.kind is ChangeKind.EDITED:
        return None if old is None else line_diff(old, (change.after.lines if change.after is not None else None) or [])
    if change.kind is ChangeKind.GONE:
        return None if old is None else line_diff(old, old)
    return ()


def _html_files(context: Context) -> Iterator[HtmlFile]:
    yield HtmlFile("changes.html", "Changes", "changes.html.j2", changes_page(context))


PAGE = Page("Changes", _html_files, CHECK)
