"""Search over everything that the site says: an index as data for a script, and the page that asks for a query."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.content import Linked
from reports.context import Context
from reports.glossary import glossary
from reports.pages.steps import read_catalogue
from reports.script_data import script_data
from reports.sheets import Attachment, Page, Sheet
from reports.views import ScenarioView

INDEX = "search-data.js"
KINDS = ("sentence of the SOP", "open question", "feature", "scenario", "step", "word")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found: *kind* counts into `KINDS`, *text* is what else is searched, *status* as the pages name it."""

    kind: int
    title: str
    text: str
    href: str
    tags: tuple[str, ...] = ()
    status: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """The page's data."""

    index: str
    count: int
    kinds: tuple[str, ...]


def entries(context: Context) -> Iterator[Entry]:
    """Everything, in the order of the pages."""
    yield from _of_the_sop(context)
    yield from _of_the_features(context)
    yield from _of_the_words(context)


def _of_the_sop(context: Context) -> Iterator[Entry]:
    links = context.links
    for part in context.document.parts:
        for clause in (*part.clauses, *(each for section in part.sections for each in section.clauses)):
            about = f"{clause.modality} {clause.actor} {clause.system}"
            yield Entry(0, f"{clause.id} {clause.text}", about, links.clause(clause.id) or "", (f"@{clause.id}",), str(clause.status))
    for gap in context.document.gaps:
        about = " ".join((gap.kind, _plain(gap.question), _plain(gap.chosen), _plain(gap.why), *gap.readings))
        yield Entry(1, f"{gap.id} {gap.title}", about, links.gap(gap.id) or "", (f"@{gap.id}",), str(gap.status))


def _of_the_features(context: Context) -> Iterator[Entry]:
    for feature in context.record.features:
        told = feature["document"]
        if told:
            href = context.links.feature(feature["path"]) or ""
            yield Entry(2, told["name"], told["description"], href, tuple(told["tags"]), "", feature["path"])
    for scenario in context.scenarios:
        tags = tuple(dict.fromkeys(tag for level in scenario.levels for tag in level))
        yield Entry(3, scenario.name, _said(scenario), scenario.href, tags, str(scenario.status), scenario.place.rpartition(":")[0])


def _of_the_words(context: Context) -> Iterator[Entry]:
    links = context.links
    for sentence in read_catalogue(context.folder):
        href = links.step(sentence["expression"]) or ""
        yield Entry(4, f"{sentence['kind'].capitalize()} {sentence['expression']}", sentence["meaning"], href)
    for word in (word for chapter in glossary() for word in chapter.words):
        text = " ".join(piece for cell in word.cells for piece, _ in cell)
        for term in word.terms:
            yield Entry(5, term, text, links.word(term) or "")


def _plain(pieces: Linked) -> str:
    return "".join(text for text, _ in pieces)


def _said(scenario: ScenarioView) -> str:
    """What a scenario says, each stretch once: its Rule, its steps, its tables."""
    said = [scenario.rule, scenario.description]
    tables = [step.table for step in scenario.steps if step.table] + list(scenario.tables)
    for step in scenario.steps:
        said += ["".join(part.text for part in step.parts if part.kind != "found"), step.docstring or ""]
    for table in tables:
        said += [table.name, *table.header, *(cell.text for row in table.rows for cell in row.cells)]
    return " ".join(dict.fromkeys(" ".join(text.split()) for text in said if text.strip()))


def index_js(found: list[Entry]) -> bytes:
    """The index as a script that sets one global; the text of somebody's file stays text."""
    rows = [[each.kind, each.title, each.text, each.href, list(each.tags), each.status, each.place] for each in found]
    return script_data("sopSearch", rows)


def _sheets(context: Context) -> Iterator[Sheet | Attachment]:
    found = list(entries(context))
    yield Sheet("search.html", "Search", "search.html.j2", Search(INDEX, len(found), KINDS))
    yield Attachment(INDEX, index_js(found))


PAGE = Page("Search", 95, _sheets, "everything that these pages say, by words, tags and results")
