"""Full-text search: an index as data for a script, and the page with the search field."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import Any

import msgspec

from reports.document.glossary import glossary
from reports.document.placement import plain_text_of
from reports.examples.status_marks import Status
from reports.examples.views import ScenarioView
from reports.html.script_data import script_data
from reports.site.context import Context
from reports.site.page import Attachment, HtmlFile, Page

INDEX = "search-data.js"
ENTRY_KINDS = ("clause of the SOP", "open question", "feature", "scenario", "step sentence", "glossary term")


class SearchEntry(msgspec.Struct, frozen=True):
    """An entry of the index: *kind* is an index into `ENTRY_KINDS`, *texts* are searched besides the title, each once, *status* is as on the pages."""

    kind: int
    title: str
    texts: tuple[str, ...]
    href: str
    tags: tuple[str, ...] = ()
    status: Status | None = None
    place: str = ""


class Search(msgspec.Struct, frozen=True):
    """The page's data."""

    index: str
    count: int
    kinds: tuple[str, ...]


def search_entries(context: Context) -> Iterator[SearchEntry]:
    """Yield all entries, in the order of the pages."""
    yield from _of_the_sop(context)
    yield from _of_the_features(context)
    yield from _of_the_words(context)


def _of_the_sop(context: Context) -> Iterator[SearchEntry]:
    links = context.links
    for part in context.document.parts:
        for clause in (*part.clauses, *(section_clause for section in part.sections for section_clause in section.clauses)):
            about = f"{clause.modality} {clause.actor} {clause.system}"
            yield SearchEntry(0, f"{clause.id} {clause.text}", (about,), links.clause(clause.id) or "", (f"@{clause.id}",), clause.status)
    for gap in context.document.gaps:
        texts = (gap.kind, plain_text_of(gap.question), plain_text_of(gap.chosen), plain_text_of(gap.why), *gap.readings)
        yield SearchEntry(1, f"{gap.id} {gap.title}", tuple(dict.fromkeys(texts)), links.gap(gap.id) or "", (f"@{gap.id}",), gap.status)


def _of_the_features(context: Context) -> Iterator[SearchEntry]:
    for feature in context.record.features:
        document = feature.document
        if document:
            href = context.links.feature(feature.path) or ""
            yield SearchEntry(2, document.name, (_squeezed(document.description),), href, tuple(document.tags), place=feature.path)
    for scenario in context.scenarios:
        tags = tuple(dict.fromkeys(tag for level in scenario.levels for tag in level))
        yield SearchEntry(
            3, scenario.name, _scenario_texts(scenario), scenario.href, tags, scenario.status, scenario.place.rpartition(":")[0]
        )


def _of_the_words(context: Context) -> Iterator[SearchEntry]:
    links = context.links
    for sentence in context.sentences:
        href = links.step(sentence.expression) or ""
        yield SearchEntry(4, f"{sentence.kind.capitalize()} {sentence.expression}", (sentence.meaning,), href)
    for word in (word for chapter in glossary() for word in chapter.words):
        for term in word.terms:
            yield SearchEntry(5, term, (word.text,), links.word(term) or "")


def _scenario_texts(scenario: ScenarioView) -> tuple[str, ...]:
    """Return the texts of a scenario, each once: its Rule, its steps, its tables."""
    texts = [scenario.rule, scenario.description]
    tables = [step.table for step in scenario.steps if step.table] + list(scenario.tables)
    for step in scenario.steps:
        text = step.plain_text
        texts.append("".join([part.text for part in step.parts if part.kind != "found"]) if text is None else text)
        texts.append(step.docstring or "")
    for table in tables:
        texts += [table.name, *table.header, *(cell.text for row in table.rows for cell in row.cells)]
    return tuple(dict.fromkeys([squeezed for text in texts if text and (squeezed := _squeezed(text))]))


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def index_js(entries: Sequence[SearchEntry]) -> bytes:
    """Write the index as a script that sets one global; text from a file stays text.

    Values that many entries share are stored once and referred to by number: ``pages`` (address, place), ``tags``, ``texts``, ``statuses`` (word, symbol). An entry
    stands in the group of its kind and its page as title, texts, place in the page, status, tags; empty ones at the end are left out.
    """
    pages, tags, statuses = _Counted(), _Counted(), _Counted(("", ""))
    often = Counter(chain.from_iterable(entry.texts for entry in entries))
    texts = _Counted()
    groups: list[tuple[int, int, list[list[Any]]]] = []
    for (kind, page, place), same in groupby(entries, lambda entry: (entry.kind, entry.href.partition("#")[0], entry.place)):
        rows = [
            [
                entry.title,
                [texts.number(text) if often[text] > 1 else text for text in entry.texts],
                entry.href.partition("#")[2],
                statuses.number((str(entry.status), entry.status.symbol) if entry.status else ("", "")),
                [tags.number(tag) for tag in entry.tags],
            ]
            for entry in same
        ]
        groups.append((kind, pages.number((page, place)), list(map(_without_tail, rows))))
    return script_data("sopSearch", {"pages": pages.all, "tags": tags.all, "texts": texts.all, "statuses": statuses.all, "groups": groups})


class _Counted:
    """Values numbered in the order of their first use."""

    def __init__(self, *first: Any) -> None:
        self.all = list(first)
        self._numbers = {value: number for number, value in enumerate(first)}

    def number(self, value: Any) -> int:
        """Return the number of *value*; a new value gets the next number."""
        if value not in self._numbers:
            self._numbers[value] = len(self.all)
            self.all.append(value)
        return self._numbers[value]


def _without_tail(row: list[Any]) -> list[Any]:
    row[1] = row[1][0] if len(row[1]) == 1 else row[1] or ""
    while row and not row[-1]:
        row.pop()
    return row


def _html_files(context: Context) -> Iterator[HtmlFile | Attachment]:
    entry_list = list(search_entries(context))
    yield HtmlFile("search.html", "Search", "search.html.j2", Search(INDEX, len(entry_list), ENTRY_KINDS))
    yield Attachment(INDEX, index_js(entry_list))


PAGE = Page("Search", _html_files)
