"""What is different from what was approved, or from an earlier run or release, and how the runs at hand went."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from reports.base import BaseExample, Key
from reports.changes import ADDED, BROKEN, KINDS, MENDED, RENAMED, REWORDED, VANISHED, AnswerChange, Changes, ExampleChange, TextChange
from reports.content import Link
from reports.context import Context
from reports.history import PastRun, history
from reports.regions import Part, facts_of_first, parts, readings, section_of, situation
from reports.sheets import Page, Sheet
from reports.since import scenarios, verdict
from reports.status import Status, counted, worst
from reports.trend import trend
from reports.wording import Piece, Wording, compared, lines_of, words
from sop_engine import case_from
from sop_engine.behaviour import every_key
from sop_engine.statement import CASE

MOST_LINKS, MOST_REGIONS, MOST_EXAMPLES = 6, 200, 100
ANSWERS = len(tuple(every_key()))
"""Every situation under every reading."""
MEANS = {
    BROKEN: "they passed before, and do not now",
    VANISHED: "they were there before, and are not now",
    REWORDED: "they say something else under the same name",
    RENAMED: "they say the same under another name, or elsewhere",
    MENDED: "they did not pass before, and do now",
    ADDED: "they were not there before",
}
NAMES_OF_PARTS = {
    "text": "", "why": "why so", "chosen": "we assume", "cases": "cases that depend on it", "over": "goes before",
    "line": "line of the document", "operative": "can be tried", "nearest": "nearest statements",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """How much of one sort is different, of how much; None is not compared; ``href`` leads to it where there is any."""

    number: int | None
    of: int | None
    label: str
    says: str
    href: str


@dataclass(frozen=True, slots=True)
class RegionView:
    """Situations that are answered otherwise: which, how many, what changed, whose doing it is, and who asserts it with how many rows."""

    situation: str
    href: str | None
    size: str
    readings: str
    parts: tuple[Part, ...]
    causes: tuple[Link, ...]
    examples: tuple[tuple[Link, int], ...]
    more: int


@dataclass(frozen=True, slots=True)
class SectionView:
    """The regions under a heading of the SOP."""

    id: str
    title: str
    href: str | None
    count: str
    regions: tuple[RegionView, ...]


@dataclass(frozen=True, slots=True)
class TextView:
    """A clause or gap that is new, gone, or reads otherwise: each part in pieces."""

    id: str
    href: str | None
    kind: str
    text: str
    parts: tuple[tuple[str, tuple[Piece, ...]], ...]


@dataclass(frozen=True, slots=True)
class ExampleView:
    """Examples of one name that came, went, or are others: so many rows; link, wording and what went wrong are those of the first."""

    name: str
    was: str
    path: str
    link: Link | None
    rows: int
    wording: Wording
    silent: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """All examples of one fate; ``more`` are not listed."""

    kind: str
    id: str
    means: str
    views: tuple[ExampleView, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The page's data; ``against`` is empty where there was nothing to compare with, ``trouble`` says why if somebody should know."""

    against: str = ""
    trouble: str = ""
    verdict: str = ""
    same: bool = True
    counts: tuple[Count, ...] = ()
    notes: tuple[str, ...] = ()
    sections: tuple[SectionView, ...] = ()
    more: int = 0
    texts: tuple[TextView, ...] = ()
    examples: tuple[GroupView, ...] = ()
    runs: tuple[PastRun, ...] = ()
    chart: Markup = Markup("")  # noqa: RUF009 (a text)


def changes_page(context: Context) -> ChangesPage:
    """The page's data."""
    found, runs = context.changes, history(context.folder)
    if found is None:
        return ChangesPage(trouble=context.unlike, runs=runs, chart=trend(runs))
    shown = found.answers[:MOST_REGIONS]
    return ChangesPage(
        against=found.base.name,
        verdict=verdict(found),
        same=not found,
        counts=tuple(_counts(found)),
        notes=tuple(_notes(context, found)),
        sections=tuple(_sections(context, found, shown)),
        more=len(found.answers) - len(shown),
        texts=tuple(_text(context, each) for each in found.texts),
        examples=tuple(_groups(context, found)),
        runs=runs,
        chart=trend(runs),
    )


def _counts(found: Changes) -> Iterator[Count]:
    known = found.answers_known, found.texts_known, found.examples_known
    answers = None if known[0] is None else found.situations
    texts = None if known[1] is None else len(found.texts)
    yield Count(answers, known[0], "answers", "another outcome, task or citation", "#answers")
    yield Count(texts, known[1], "sentences and questions", "added, removed, or reading otherwise", "#texts")
    fates = {each.status for each in (found.base.examples or {}).values()}
    untold = {BROKEN: fates <= {None}, MENDED: fates <= {None, Status.PASSED}}
    for kind in (each for each in KINDS if not untold.get(each)):
        number = scenarios(found, (kind,))
        yield Count(None if known[2] is None else number, None, f"scenarios {kind}", MEANS[kind], f"#{_slug(kind)}")


def _notes(context: Context, found: Changes) -> Iterator[str]:
    """What the two sides do not tell."""
    if found.answers_known is None:
        yield "Answers are not compared: neither side's examples ask what the other's do."
    elif found.base.record is not None:
        yield f"A run tells only what its examples ask: {counted(found.answers_known, 'answer')} could be compared, of {ANSWERS}."
    elif not context.grids:
        yield "This run was made with another rulebook than the one at hand, so only the answers that its examples ask for are compared."
    if found.texts_known is None:
        yield "Sentences are not compared: their wording was not kept there; it will be with the next approval."
    if found.examples_known is None and found.base.examples is None:
        yield "Scenarios are not compared: a table of answers has none."
    elif found.examples_known is None:
        yield "Scenarios are not compared: the two have no feature file in common."
    record = found.base.record
    if record is not None and record.state != "complete":
        yield f"The run compared with did not come to its end ({record.state}); scenarios that it did not reach are not counted as added."
    if context.record.state != "complete":
        yield "This run did not come to its end; scenarios that it did not reach are not counted as vanished."


def _sections(context: Context, found: Changes, answers: Iterable[AnswerChange]) -> Iterator[SectionView]:
    under: dict[tuple[str, str], list[AnswerChange]] = {}
    for each in answers:
        under.setdefault(section_of(each.region), []).append(each)
    for (identifier, title), mine in under.items():
        count = sum(each.region.size * len(each.readings) for each in mine)
        yield SectionView(
            identifier, title, context.links.id(identifier), counted(count, "answer"), tuple(_region(context, found, each) for each in mine)
        )


def _region(context: Context, found: Changes, change: AnswerChange) -> RegionView:
    region, links = change.region, context.links
    case = region.subject == CASE
    asserting = _by_scenario(context, found, change.examples)
    return RegionView(
        situation(region),
        links.case(case_from(facts_of_first(region))) if case else None,
        counted(region.size, "case" if case else "returned unit"),
        readings(change.readings),
        tuple(parts(region)),
        tuple(Link(links.id(each) or "", found.sentences.get(each, ""), short=each) for each in region.causes),
        asserting[:MOST_LINKS],
        max(0, len(asserting) - MOST_LINKS),
    )


def _by_scenario(context: Context, found: Changes, keys: Iterable[Key]) -> tuple[tuple[Link, int], ...]:
    """A link to the first row of each scenario, with the worst status of its rows, and how many they are."""
    alike: dict[tuple[str, str], list[Key]] = {}
    for key in keys:
        alike.setdefault((key[0], found.now[key].name), []).append(key)
    return tuple(
        (Link(context.links.scenario(*mine[0]) or "", name, worst(found.now[key].status or Status.NOT_RUN for key in mine)), len(mine))
        for (_, name), mine in alike.items()
    )


def _text(context: Context, change: TextChange) -> TextView:
    told = tuple((NAMES_OF_PARTS.get(name, name), words(before, after)) for name, before, after in change.parts)
    return TextView(change.id, context.links.id(change.id), change.kind, change.text, told)


def _groups(context: Context, found: Changes) -> Iterator[GroupView]:
    for kind in KINDS:
        alike: dict[tuple[str, str], list[ExampleChange]] = {}
        for each in found.examples:
            if each.kind == kind:
                alike.setdefault((each.path, each.name), []).append(each)
        if alike:
            views = tuple(_example(context, found, mine) for mine in [*alike.values()][:MOST_EXAMPLES])
            yield GroupView(kind, _slug(kind), MEANS[kind], views, max(0, len(alike) - MOST_EXAMPLES))


def _example(context: Context, found: Changes, mine: list[ExampleChange]) -> ExampleView:
    first = mine[0]
    was = first.was.name if first.was is not None and first.was.name != first.name else ""
    told = _wording(first)
    link = None
    if first.key:
        link = Link(context.links.scenario(*first.key) or "", first.name, found.now[first.key].status)
    wrong = [failure.notes for failure in context.document.failures if link and failure.href == link.href] if first.kind == BROKEN else []
    return ExampleView(first.name, was, first.path, link, len(mine), told or (), told is None, wrong[0] if wrong else ())


def _wording(change: ExampleChange) -> Wording | None:
    """What it said, beside what it says where that is of interest; None where what it said was not kept."""
    old = _lines(change.was)
    if change.kind == REWORDED:
        return None if old is None else compared(old, _lines(change.now) or [])
    if change.kind == VANISHED:
        return None if old is None else compared(old, old)
    return ()


def _lines(example: BaseExample | None) -> list[str] | None:
    if example is None:
        return []
    return None if example.steps is None else lines_of(example.tags, example.steps)


def _slug(kind: str) -> str:
    return kind.replace(" ", "-")


def _sheets(context: Context) -> Iterator[Sheet]:
    yield Sheet("changes.html", "Changes", "changes.html.j2", changes_page(context))


PAGE = Page("Changes", 60, _sheets, "what is different from what was approved, or from an earlier run or release")
